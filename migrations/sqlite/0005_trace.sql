-- Long texts that many turns share, such as the instructions of the model: kept once, by their hash.
CREATE TABLE texts (
    shop_id TEXT NOT NULL REFERENCES shops (shop_id),
    hash TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shop_id, hash)
);

CREATE INDEX turns_by_conversation ON turns (shop_id, conversation_id, upto_seq);

-- What answers of models cost: one row an answer, written in the transaction that journals it.
CREATE TABLE usage (
    shop_id TEXT NOT NULL,
    turn_id TEXT NOT NULL,
    step BIGINT NOT NULL,
    conversation_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    model TEXT NOT NULL,
    input BIGINT NOT NULL,
    cached BIGINT NOT NULL,
    output BIGINT NOT NULL,
    -- Millionths of the currency; nothing when no price is known.
    cost_millionths BIGINT,
    currency TEXT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, turn_id, step),
    FOREIGN KEY (shop_id, turn_id) REFERENCES turns (shop_id, id)
);
CREATE INDEX usage_by_time ON usage (shop_id, used_at);
CREATE INDEX usage_by_contact ON usage (shop_id, contact_id, used_at);
