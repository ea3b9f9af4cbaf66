-- An event is kept whole, and may be about more than a payment page.
ALTER TABLE payment_events ADD COLUMN subject TEXT;
ALTER TABLE payment_events ADD COLUMN raw TEXT NOT NULL DEFAULT '';
UPDATE payment_events SET subject = '{"about":"session","id":"' || session || '"}' WHERE session IS NOT NULL;
ALTER TABLE payment_events DROP COLUMN session;

-- Double entry: the postings of one entry (kind, outside_id) add up to nothing. Nothing is ever changed here.
CREATE TABLE postings (
    shop_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    outside_id TEXT NOT NULL,
    account TEXT NOT NULL,
    order_id TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    booked_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, kind, outside_id, account)
);
CREATE INDEX postings_by_order ON postings (shop_id, order_id);
INSERT INTO postings SELECT shop_id, 'capture', outside_id, 'provider', order_id, amount_minor, currency, booked_at FROM ledger;
INSERT INTO postings SELECT shop_id, 'capture', outside_id, 'customer', order_id, -amount_minor, currency, booked_at FROM ledger;
INSERT INTO postings SELECT shop_id, 'sale', order_id, 'customer', order_id, amount_minor, currency, booked_at FROM ledger
    WHERE order_id IN (SELECT id FROM orders WHERE state IN ('paid', 'fulfilled', 'refunded'));
INSERT INTO postings SELECT shop_id, 'sale', order_id, 'sales', order_id, -amount_minor, currency, booked_at FROM ledger
    WHERE order_id IN (SELECT id FROM orders WHERE state IN ('paid', 'fulfilled', 'refunded'));
DROP TABLE ledger;

-- Stock is held by an order, or by an amendment of one, until a moment.
CREATE TABLE holds (
    shop_id TEXT NOT NULL,
    holder TEXT NOT NULL,
    order_id TEXT NOT NULL,
    variant_id TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    state TEXT NOT NULL CHECK (state IN ('held', 'sold', 'released', 'returned')),
    hold_until BIGINT NOT NULL,
    PRIMARY KEY (shop_id, holder, variant_id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
CREATE INDEX holds_by_order ON holds (shop_id, order_id);
INSERT INTO holds SELECT shop_id, order_id, order_id, variant_id, quantity, state, 0 FROM reservations;
DROP TABLE reservations;
ALTER TABLE holds RENAME TO reservations;

-- Attempts are numbered; each is for the order itself or for what an amendment costs more; one is alive at a time.
ALTER TABLE checkouts ADD COLUMN amendment_id TEXT;
ALTER TABLE checkouts ADD COLUMN place BIGINT NOT NULL DEFAULT 1;
ALTER TABLE checkouts ADD COLUMN amount_minor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE checkouts ADD COLUMN currency TEXT NOT NULL DEFAULT 'EUR';
ALTER TABLE checkouts ADD COLUMN intent TEXT;
ALTER TABLE checkouts ADD COLUMN answer TEXT;
ALTER TABLE checkouts ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX checkouts_one_alive ON checkouts (shop_id, order_id) WHERE state IN ('requested', 'open', 'pending');
CREATE UNIQUE INDEX checkouts_by_intent ON checkouts (shop_id, intent);

ALTER TABLE contacts ADD COLUMN address TEXT;

-- What went before a freeze, so that it can be taken up again; what the bank or a colleague said.
ALTER TABLE orders ADD COLUMN before_freeze TEXT;

CREATE TABLE refunds (
    shop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    state TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    currency TEXT NOT NULL,
    body TEXT NOT NULL,
    intent TEXT,
    provider_id TEXT,
    first_sent_at BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
CREATE UNIQUE INDEX refunds_by_provider ON refunds (shop_id, provider_id);
CREATE INDEX refunds_by_order ON refunds (shop_id, order_id);
CREATE INDEX refunds_by_state ON refunds (shop_id, state, created_at);

CREATE TABLE disputes (
    shop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    status TEXT NOT NULL,
    body TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
CREATE INDEX disputes_by_order ON disputes (shop_id, order_id);

-- Changes to an order that stands: other goods before it ships, returns and exchanges after.
CREATE TABLE amendments (
    shop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
CREATE INDEX amendments_by_order ON amendments (shop_id, order_id);
CREATE UNIQUE INDEX amendments_one_unpaid ON amendments (shop_id, order_id) WHERE state = 'awaiting_payment';

-- What reconciliation found that a person has to look at; cleared when it is true no longer, or by a person.
CREATE TABLE findings (
    shop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    body TEXT NOT NULL,
    first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    cleared_at BIGINT,
    PRIMARY KEY (shop_id, id)
);
CREATE UNIQUE INDEX findings_once ON findings (shop_id, kind, about) WHERE cleared_at IS NULL;
