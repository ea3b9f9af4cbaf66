"""Somebody who pays: a running `souk serve` for the oracles, its pages, and its drawer. Standard library only."""

import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEY = "sk_test_oracle"
START_SECONDS = 120
TOTAL = 2000


class Http(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(Http)


def call(method, url, form=(), key=None, auth=KEY):
    """Status, JSON (or text) and headers of one call."""
    data = urllib.parse.urlencode(list(form)).encode()
    headers = {"authorization": f"Bearer {auth}"} if auth else {}
    if key:
        headers["idempotency-key"] = key
    if method == "GET" and form:
        url = f"{url}?{data.decode()}"
    body = data if method == "POST" else None
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    try:
        answer = OPENER.open(request, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    text = answer.read().decode()
    try:
        text = json.loads(text)
    except ValueError:
        pass
    return answer.status, text, {k.lower(): v for k, v in answer.headers.items()}


class Souk:
    """A shop in a folder of its own, on a port of its own, with its sandbox."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.api = f"{self.url}/sandbox"
        self.start()
        return self

    def start(self):
        binary = os.environ.get("SOUK_BIN", str(ROOT / "target/debug/souk"))
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("SOUK_", "STRIPE_"))}
        port = self.url.rsplit(":", 1)[1]
        environment["SOUK_HTTP__BIND"] = f"127.0.0.1:{port}"
        self.log = open(pathlib.Path(self.folder.name) / "oracle.log", "ab")
        self.process = subprocess.Popen(
            [binary, "serve", "--data", f"{self.folder.name}/data"], cwd=self.folder.name, env=environment, stdout=self.log, stderr=self.log
        )
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise SystemExit(pathlib.Path(self.log.name).read_text())
            try:
                if call("GET", f"{self.url}/healthz", auth=None)[0] == 200:
                    return
            except OSError:
                time.sleep(0.2)
        raise SystemExit("souk serve did not start")

    def kill(self):
        """As a crash does."""
        self.process.kill()
        self.process.wait()

    def __exit__(self, *_):
        self.kill()
        self.folder.cleanup()

    def session_form(self, amount=TOTAL, **more):
        form = {
            "mode": "payment",
            "success_url": "https://shop.example/thanks",
            "line_items[0][price_data][currency]": "eur",
            "line_items[0][price_data][unit_amount]": str(amount),
            "line_items[0][price_data][product_data][name]": "Socks",
            "line_items[0][quantity]": "1",
            "metadata[order_id]": "ord_1",
            "payment_intent_data[metadata][order_id]": "ord_1",
            "shipping_address_collection[allowed_countries][0]": "DE",
        }
        return list((form | more).items())

    def pay(self, session, number="4242424242424242"):
        """What a shopper does on the page; answers its status."""
        form = {
            "email": "ada@example.com", "name": "Ada Lovelace", "line1": "Ring 1", "postal_code": "79098",
            "city": "Freiburg", "country": "DE", "number": number, "expiry": "12/34", "cvc": "123",
        }
        return call("POST", f"{self.url}/pay/{session}", form.items(), auth=None)[0]

    def control(self, **orders):
        status, done, _ = call("POST", f"{self.url}/sandbox/control", orders.items())
        assert status == 200, done
        return done["done"][0]["led_to"]


class Checks:
    """Says what held and what did not."""

    def __init__(self, known=()):
        self.bad, self.known = 0, known

    def __call__(self, what, holds, seen=""):
        known = not holds and what in self.known
        self.bad += not holds and not known
        mark = "ok    " if holds else "known " if known else "WRONG "
        print(mark + what + ("" if holds else f": {str(seen)[:400]}"))

    def end(self):
        raise SystemExit(f"{self.bad} wrong" if self.bad else 0)
