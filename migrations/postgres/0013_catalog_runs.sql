-- A feed is staged, then switched to at once; what was there before is kept so that it can be undone.

-- What the last feed said of the stock, apart from what was sold since: NULL when none said anything, -1 when it does
-- not count the pieces. For rows from before this column it is worked out from what orders took.
ALTER TABLE variants ADD COLUMN told_stock BIGINT;
CREATE INDEX reservations_by_variant ON reservations (shop_id, variant_id);
UPDATE variants SET told_stock = CASE WHEN stock IS NULL THEN -1 ELSE stock + COALESCE((
    SELECT SUM(CASE r.state WHEN 'held' THEN r.quantity WHEN 'sold' THEN r.quantity WHEN 'returned' THEN -r.quantity ELSE 0 END)
    FROM reservations r WHERE r.shop_id = variants.shop_id AND r.variant_id = variants.id), 0) END;

-- When the price turns next, so that what is due is found without reading every sale.
ALTER TABLE sales ADD COLUMN next_turn BIGINT;
CREATE INDEX sales_by_turn ON sales (next_turn);

-- Counts the switches, so that a feed that was compared with an older catalogue is compared again.
CREATE TABLE catalogs (
    shop_id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);

-- Runs with rows below. The version is the catalogue's after the switch; without one the run is only staged.
CREATE TABLE catalog_runs (
    shop_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    version BIGINT,
    PRIMARY KEY (shop_id, run_id)
);
CREATE INDEX catalog_runs_staged ON catalog_runs (begun_at) WHERE version IS NULL;

-- Products as a run makes them ('after') and as they were ('before'). `was_there` is 0 for what a run adds.
CREATE TABLE product_versions (
    shop_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('before', 'after')),
    id TEXT NOT NULL,
    change TEXT NOT NULL CHECK (change IN ('put', 'retire', 'touch')),
    was_there BIGINT NOT NULL,
    title TEXT NOT NULL,
    brand TEXT NOT NULL,
    category TEXT NOT NULL,
    description TEXT NOT NULL,
    attributes TEXT NOT NULL,
    picture TEXT,
    more_pictures TEXT NOT NULL,
    url TEXT,
    fingerprint TEXT NOT NULL,
    text_fingerprint TEXT NOT NULL,
    retired_at BIGINT,
    PRIMARY KEY (shop_id, run_id, side, id)
);
CREATE INDEX product_versions_by_product ON product_versions (shop_id, id);

-- `taken` is what orders had taken of the pieces when the row was written; NULL on rows that come from a feed.
CREATE TABLE variant_versions (
    shop_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('before', 'after')),
    id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    place BIGINT NOT NULL,
    options TEXT NOT NULL,
    price_minor BIGINT NOT NULL,
    compare_at_minor BIGINT,
    currency TEXT NOT NULL,
    stock BIGINT,
    told_stock BIGINT,
    taken BIGINT,
    barcode TEXT,
    mpn TEXT,
    sale TEXT,
    next_turn BIGINT,
    PRIMARY KEY (shop_id, run_id, side, id)
);

-- Where feeds and texts come from by themselves.
CREATE TABLE sources (
    shop_id TEXT NOT NULL REFERENCES shops (shop_id),
    id TEXT NOT NULL,
    url TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('products', 'texts')),
    every_minutes BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    fetched_at BIGINT,
    changed_at BIGINT,
    etag TEXT,
    last_modified TEXT,
    failures BIGINT NOT NULL DEFAULT 0,
    problem TEXT,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, url)
);
CREATE INDEX sources_by_time ON sources (next_at);
