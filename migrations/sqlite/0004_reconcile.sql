-- How far work that goes through long lists has come, so that the next run goes on from there.
CREATE TABLE progress (
    shop_id TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shop_id, name)
);
