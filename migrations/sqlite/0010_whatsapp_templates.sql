-- The forms a network has approved for an account, as it listed them last.
CREATE TABLE templates (
    shop_id TEXT NOT NULL,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shop_id, account, name, language)
);
