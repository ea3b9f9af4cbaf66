-- One row for each thing handed to a network that charges for it and tells later what became of it.
CREATE TABLE sends (
    shop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    part BIGINT NOT NULL,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    category TEXT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    outside_id TEXT,
    doubles BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    due_at BIGINT,
    estimate_millionths BIGINT,
    currency TEXT NOT NULL,
    free_why TEXT NOT NULL,
    pricing TEXT,
    problem TEXT,
    superseded BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, message_id, part),
    FOREIGN KEY (shop_id, conversation_id) REFERENCES conversations (shop_id, id),
    FOREIGN KEY (shop_id, message_id) REFERENCES messages (shop_id, id)
);
CREATE INDEX sends_outside ON sends (shop_id, account, outside_id) WHERE outside_id IS NOT NULL;
CREATE INDEX sends_open ON sends (shop_id, conversation_id, seq, part)
    WHERE state IN ('queued', 'sending', 'unknown', 'held');
CREATE INDEX sends_of_conversation ON sends (shop_id, conversation_id, state);
CREATE INDEX sends_by_day ON sends (shop_id, created_at);

-- News of messages that are not known yet: a network may tell of one before it has answered that it took it.
CREATE TABLE news_orphans (
    shop_id TEXT NOT NULL,
    account TEXT NOT NULL,
    outside_id TEXT NOT NULL,
    what TEXT NOT NULL,
    body TEXT NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, account, outside_id, what)
);
CREATE INDEX news_orphans_by_age ON news_orphans (shop_id, kept_at);

-- Conversations to which the network takes nothing for a while, because it was too much at once.
CREATE TABLE pair_waits (
    shop_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    times BIGINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (shop_id, conversation_id),
    FOREIGN KEY (shop_id, conversation_id) REFERENCES conversations (shop_id, id)
);
