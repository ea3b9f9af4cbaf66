-- What feeds say beyond the first picture, what is not in the search index yet, and what was taken in when.
ALTER TABLE products ADD COLUMN more_pictures TEXT NOT NULL DEFAULT '[]';
ALTER TABLE products ADD COLUMN url TEXT;
ALTER TABLE variants ADD COLUMN mpn TEXT;
CREATE TABLE sales (
    shop_id TEXT NOT NULL,
    variant_id TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shop_id, variant_id)
);
CREATE TABLE unindexed (
    shop_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    marked_at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, product_id)
);
CREATE TABLE runs (
    shop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    at BIGINT NOT NULL,
    report TEXT NOT NULL,
    PRIMARY KEY (shop_id, id)
);
