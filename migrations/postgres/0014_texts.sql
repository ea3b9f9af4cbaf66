-- Which texts there are, where each came from and how it was, so that only what changed is read and written again.
CREATE TABLE known_texts (
    shop_id TEXT NOT NULL REFERENCES shops (shop_id),
    source TEXT NOT NULL,
    origin TEXT NOT NULL,
    hash TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    PRIMARY KEY (shop_id, source)
);
ALTER TABLE passages ADD COLUMN language TEXT;
