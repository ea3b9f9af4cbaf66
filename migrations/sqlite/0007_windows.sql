-- When a shop may write on networks that close after a while; the network's id of the shopper's newest message.
CREATE TABLE windows (
    shop_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    body TEXT NOT NULL,
    heard_id TEXT,
    PRIMARY KEY (shop_id, conversation_id),
    FOREIGN KEY (shop_id, conversation_id) REFERENCES conversations (shop_id, id)
);

-- All ids of a contact.
CREATE INDEX aliases_by_contact ON aliases (shop_id, contact_id);
