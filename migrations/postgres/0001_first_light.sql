-- Times are epoch milliseconds, money is integer minor units, what is never queried is JSON text.
-- Every row belongs to a shop.

CREATE TABLE shops (
    shop_id TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    next_order BIGINT NOT NULL DEFAULT 1042
);

CREATE TABLE contacts (
    shop_id TEXT NOT NULL REFERENCES shops (shop_id),
    id TEXT NOT NULL,
    name TEXT,
    locale TEXT NOT NULL,
    stopped BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, id)
);

CREATE TABLE aliases (
    shop_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    alias TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    PRIMARY KEY (shop_id, channel, alias),
    FOREIGN KEY (shop_id, contact_id) REFERENCES contacts (shop_id, id)
);

CREATE TABLE conversations (
    shop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    alias TEXT NOT NULL,
    with_whom TEXT NOT NULL,
    hand_off TEXT,
    memory TEXT NOT NULL,
    last_seq BIGINT NOT NULL DEFAULT 0,
    answered_seq BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, channel, alias),
    FOREIGN KEY (shop_id, contact_id) REFERENCES contacts (shop_id, id)
);
CREATE INDEX conversations_by_whom ON conversations (shop_id, with_whom, changed_at);

CREATE TABLE messages (
    shop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    author TEXT NOT NULL,
    body TEXT NOT NULL,
    external_id TEXT,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, conversation_id, seq),
    FOREIGN KEY (shop_id, conversation_id) REFERENCES conversations (shop_id, id)
);

-- What came in from outside and was already taken: message ids of channels, event ids of providers.
CREATE TABLE seen (
    shop_id TEXT NOT NULL,
    source TEXT NOT NULL,
    outside_id TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, source, outside_id)
);

CREATE TABLE turns (
    shop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    upto_seq BIGINT NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, conversation_id) REFERENCES conversations (shop_id, id)
);
CREATE UNIQUE INDEX turns_one_open ON turns (shop_id, conversation_id) WHERE state = 'open';

CREATE TABLE journal (
    shop_id TEXT NOT NULL,
    turn_id TEXT NOT NULL,
    step BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shop_id, turn_id, step),
    FOREIGN KEY (shop_id, turn_id) REFERENCES turns (shop_id, id)
);

CREATE TABLE products (
    shop_id TEXT NOT NULL REFERENCES shops (shop_id),
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    brand TEXT NOT NULL,
    category TEXT NOT NULL,
    description TEXT NOT NULL,
    attributes TEXT NOT NULL,
    picture TEXT,
    fingerprint TEXT NOT NULL,
    text_fingerprint TEXT NOT NULL,
    retired_at BIGINT,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, id)
);

CREATE TABLE variants (
    shop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    place BIGINT NOT NULL,
    options TEXT NOT NULL,
    price_minor BIGINT NOT NULL CHECK (price_minor >= 0),
    compare_at_minor BIGINT,
    currency TEXT NOT NULL,
    stock BIGINT CHECK (stock >= 0),
    barcode TEXT,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, product_id) REFERENCES products (shop_id, id)
);
CREATE INDEX variants_by_product ON variants (shop_id, product_id, place);

CREATE TABLE passages (
    shop_id TEXT NOT NULL REFERENCES shops (shop_id),
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    place BIGINT NOT NULL,
    title TEXT NOT NULL,
    heading TEXT NOT NULL,
    text TEXT NOT NULL,
    valid_from TEXT,
    valid_until TEXT,
    PRIMARY KEY (shop_id, id)
);

CREATE TABLE carts (
    shop_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    lines TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, contact_id),
    FOREIGN KEY (shop_id, contact_id) REFERENCES contacts (shop_id, id)
);

CREATE TABLE proposals (
    shop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    act TEXT NOT NULL,
    state TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, conversation_id) REFERENCES conversations (shop_id, id)
);
CREATE UNIQUE INDEX proposals_one_open ON proposals (shop_id, conversation_id) WHERE state = 'open';

CREATE TABLE orders (
    shop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    number TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    conversation_id TEXT,
    state TEXT NOT NULL,
    quote TEXT NOT NULL,
    times TEXT NOT NULL,
    tracking TEXT,
    note TEXT,
    token TEXT NOT NULL,
    ship_to TEXT,
    placed_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, number),
    UNIQUE (shop_id, token),
    FOREIGN KEY (shop_id, contact_id) REFERENCES contacts (shop_id, id)
);
CREATE INDEX orders_by_contact ON orders (shop_id, contact_id, placed_at);

-- Stock held for an order: taken off variants.stock when held, put back when released.
CREATE TABLE reservations (
    shop_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    variant_id TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    state TEXT NOT NULL CHECK (state IN ('held', 'sold', 'released')),
    PRIMARY KEY (shop_id, order_id, variant_id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);

CREATE TABLE checkouts (
    shop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    state TEXT NOT NULL,
    session TEXT,
    url TEXT,
    request TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
CREATE UNIQUE INDEX checkouts_by_session ON checkouts (shop_id, session);
CREATE INDEX checkouts_by_order ON checkouts (shop_id, order_id);

-- Money that really moved; nothing is ever changed here.
CREATE TABLE ledger (
    shop_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    outside_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    booked_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, kind, outside_id)
);

CREATE TABLE payment_events (
    shop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    session TEXT,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, id)
);

CREATE TABLE jobs (
    shop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    lane TEXT NOT NULL,
    once_key TEXT,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'parked')),
    due_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    lease_owner TEXT,
    lease_until BIGINT NOT NULL DEFAULT 0,
    last_error TEXT,
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX jobs_due ON jobs (due_at, id) WHERE state = 'waiting';
-- One worker per lane at a time, also when two of them look at the same moment.
CREATE UNIQUE INDEX jobs_one_running ON jobs (shop_id, lane) WHERE state = 'running';
CREATE UNIQUE INDEX jobs_once ON jobs (shop_id, once_key) WHERE state = 'waiting' AND once_key IS NOT NULL;

-- The words a shop's products use for sizes, colours and properties, so that wishes can be understood.
CREATE TABLE vocabularies (
    shop_id TEXT NOT NULL PRIMARY KEY REFERENCES shops (shop_id),
    body TEXT NOT NULL
);

-- Ids of passages the search index was last given, so that those gone since can be taken out.
CREATE TABLE indexed_passages (
    shop_id TEXT NOT NULL PRIMARY KEY REFERENCES shops (shop_id),
    ids TEXT NOT NULL
);
