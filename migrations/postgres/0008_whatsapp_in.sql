-- What shoppers allowed or forbade; nothing is ever changed here, the newest counts.
CREATE TABLE consents (
    shop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('granted', 'refused')),
    source TEXT NOT NULL,
    text TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, contact_id) REFERENCES contacts (shop_id, id)
);
CREATE INDEX consents_by_contact ON consents (shop_id, contact_id, purpose, at);

-- What a network told that is no message or that nobody here knows, as it came; its id is its hash, so that a repeat is one.
CREATE TABLE channel_events (
    shop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    account TEXT NOT NULL,
    field TEXT NOT NULL,
    kind TEXT NOT NULL,
    raw TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX channel_events_by_time ON channel_events (shop_id, received_at);

-- Signs put to messages: one a person and message; an empty one was taken off.
CREATE TABLE reactions (
    shop_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    outside_id TEXT NOT NULL,
    who TEXT NOT NULL,
    message_id TEXT,
    emoji TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, conversation_id, outside_id, who),
    FOREIGN KEY (shop_id, conversation_id) REFERENCES conversations (shop_id, id)
);

-- Files that came with messages: where they can be fetched, and what became of that.
CREATE TABLE media (
    shop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    account TEXT NOT NULL,
    outside_id TEXT NOT NULL,
    url TEXT,
    what TEXT NOT NULL,
    mime TEXT NOT NULL,
    name TEXT,
    sha256 TEXT,
    bytes BIGINT,
    file TEXT,
    state TEXT NOT NULL CHECK (state IN ('wanted', 'kept', 'refused', 'failed')),
    problem TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, conversation_id) REFERENCES conversations (shop_id, id)
);
CREATE INDEX media_by_message ON media (shop_id, message_id);

-- A network names messages by its own ids; old first sights are forgotten after a while.
CREATE INDEX messages_by_outside ON messages (shop_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX seen_by_time ON seen (shop_id, source, seen_at);
CREATE INDEX conversations_by_contact ON conversations (shop_id, contact_id);
CREATE INDEX proposals_by_contact ON proposals (shop_id, contact_id);
