"""Stripe's official Python SDK as a client of the sandbox, and as judge of the signatures on its events.

    pip install stripe==16.1.0 && python tools/oracles/python_sdk.py
"""

import http.server
import threading
import time

import stripe

from world import KEY, TOTAL, Checks, Souk

HEARD = []


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        HEARD.append((body, self.headers["stripe-signature"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def refused(kind, act):
    try:
        return None, act()
    except kind as error:
        return error, None
    except stripe.StripeError as error:
        return None, error


def until(holds, seconds=20):
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.1)
    return holds()


def main():
    check = Checks()
    hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    with Souk() as souk:
        client = stripe.StripeClient(KEY, base_addresses={"api": souk.api}, max_network_retries=0)
        v1 = client.v1
        endpoint = v1.webhook_endpoints.create(
            params={"url": f"http://127.0.0.1:{hook.server_port}/hook", "enabled_events": ["*"]}
        )
        check("an endpoint is made and tells its secret", endpoint.secret.startswith("whsec_"))

        line = {"quantity": 2, "price_data": {
            "currency": "eur", "unit_amount": TOTAL // 2, "product_data": {"name": "Socks & more"}}}
        wish = {
            "mode": "payment", "line_items": [line], "success_url": "https://shop.example/{CHECKOUT_SESSION_ID}",
            "client_reference_id": "ord_1", "metadata": {"order_id": "ord_1"},
            "payment_intent_data": {"metadata": {"order_id": "ord_1"}},
            "shipping_address_collection": {"allowed_countries": ["DE"]},
        }
        session = v1.checkout.sessions.create(params=wish, options={"idempotency_key": "open"})
        again = v1.checkout.sessions.create(params=wish, options={"idempotency_key": "open"})
        check("one key, one session", session.id == again.id and session.status == "open")
        check("the repeat is marked", again.last_response.headers.get("idempotent-replayed") == "true")
        check("there is a request id", session.last_response.request_id.startswith("req_"))
        other = wish | {"client_reference_id": "ord_2"}
        error, seen = refused(stripe.IdempotencyError, lambda: v1.checkout.sessions.create(
            params=other, options={"idempotency_key": "open"}))
        check("a key with other parameters is an IdempotencyError", error, seen)
        error, seen = refused(stripe.InvalidRequestError, lambda: v1.checkout.sessions.create(
            params=wish | {"colour": "red"}))
        check("an unknown parameter is refused", error and error.code == "parameter_unknown", seen)

        check("a declined card does not pay", souk.pay(session.id, "4000000000000002") == 422)
        check("the page takes a good one", souk.pay(session.id) == 303)
        paid = v1.checkout.sessions.retrieve(
            session.id, params={"expand": ["payment_intent.latest_charge.balance_transaction", "line_items"]})
        intent = paid.payment_intent
        check("the session is paid", paid.payment_status == "paid" and paid.amount_total == TOTAL, paid)
        check("the intent succeeded", intent.status == "succeeded" and intent.metadata["order_id"] == "ord_1", intent)
        check("the charge has a fee", intent.latest_charge.balance_transaction.fee > 0)
        check("the lines are there", paid.line_items.data[0].description == "Socks & more")

        one = v1.refunds.create(
            params={"payment_intent": intent.id, "amount": 500, "metadata": {"refund_id": "rfd_1"}},
            options={"idempotency_key": "rfd_1"})
        check("a part is refunded", one.status == "succeeded" and one.metadata["refund_id"] == "rfd_1", one)
        error, seen = refused(stripe.InvalidRequestError, lambda: v1.refunds.create(
            params={"payment_intent": intent.id, "amount": TOTAL - 499}))
        check("a cent too much is an InvalidRequestError on amount", error and error.param == "amount", seen)
        v1.refunds.create(params={"charge": intent.latest_charge.id, "reason": "requested_by_customer"})
        error, seen = refused(stripe.InvalidRequestError, lambda: v1.refunds.create(
            params={"payment_intent": intent.id}))
        check("nothing is left", error and error.code == "charge_already_refunded", seen)
        charge = v1.charges.retrieve(intent.latest_charge.id)
        check("the charge says so", charge.refunded and charge.amount_refunded == TOTAL, charge)
        error, seen = refused(stripe.InvalidRequestError, lambda: v1.refunds.retrieve("re_nobody"))
        check("an unknown id is 404", error and error.http_status == 404, seen)

        late = v1.checkout.sessions.create(params=wish)
        check("a session expires", v1.checkout.sessions.expire(late.id).status == "expired")
        error, seen = refused(stripe.InvalidRequestError, lambda: v1.checkout.sessions.expire(late.id))
        check("but only once", error, seen)

        bad = v1.checkout.sessions.create(params=wish)
        souk.pay(bad.id)
        disputed = v1.checkout.sessions.retrieve(bad.id).payment_intent
        dispute = v1.disputes.retrieve(souk.control(dispute=disputed))
        check("a dispute takes the money", dispute.balance_transactions[0].amount == -TOTAL, dispute)
        won = v1.disputes.update(dispute.id, params={"evidence": {"uncategorized_text": "winning_evidence"}})
        check("and gives it back when it is won", sum(t.amount for t in won.balance_transactions) == 0, won)

        events = list(v1.events.list(params={"limit": 3}).auto_paging_iter())
        kinds = [event.type for event in events]
        check("events page by themselves", len({e.id for e in events}) == len(events) > 12, kinds)
        check("each thing has its event", {
            "checkout.session.completed", "checkout.session.expired", "payment_intent.succeeded", "charge.succeeded",
            "refund.created", "charge.refunded", "charge.dispute.created", "charge.dispute.closed"} <= set(kinds), kinds)
        narrow = v1.events.list(params={"types": ["refund.created"], "created": {"gte": 1}, "limit": 100}).data
        check("events can be narrowed", len(narrow) == 2, narrow)
        check("movements add up", sum(
            t.amount for t in v1.balance_transactions.list(params={"limit": 2}).auto_paging_iter()) == TOTAL)
        check("the account answers", v1.accounts.retrieve_current().id.startswith("acct_"))
        check("and so does the balance", v1.balance.retrieve().pending[0].currency == "eur")

        until(lambda: len(HEARD) >= len(events))
        check("every event was delivered", len(HEARD) >= len(events), len(HEARD))
        told = [stripe.Webhook.construct_event(body, header, endpoint.secret) for body, header in HEARD]
        check("Webhook.construct_event believes them all", {e.id for e in events} <= {e.id for e in told})
        body, header = HEARD[0]
        error, seen = refused(stripe.SignatureVerificationError, lambda: stripe.Webhook.construct_event(
            body.replace(b"livemode", b"livemodE", 1), header, endpoint.secret))
        check("but not a changed one", error, seen)

        for order, kind in [("too_many", stripe.RateLimitError), ("server_error", stripe.APIError),
                            ("garble", stripe.APIError), ("lose", stripe.APIConnectionError)]:
            souk.control(call=order)
            error, seen = refused(kind, lambda: v1.charges.retrieve(charge.id))
            check(f"{order} is a {kind.__name__}", error, seen)
        souk.kill()
        souk.start()
        check("killed and started again, the money is still there",
              v1.charges.retrieve(charge.id).to_dict() == charge.to_dict())
    check.end()


main()
