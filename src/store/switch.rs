//! The switch: what a run staged becomes the catalogue, by a few statements over whole sets.

use crate::domain::id::RunId;
use crate::store::{Engine, Error, Inner, Store, Tx, ms, on_engine};
use jiff::Timestamp;

/// What a run must have staged; anything else means that somebody tidied it away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Products, whatever is done to them.
    pub products: i64,
    /// Variants of products that are put.
    pub variants: i64,
}

/// The steps, in order, and whether one takes the present moment besides shop and run.
const STEPS: [(bool, &str); 8] = [
    // Products first: variants hang on them.
    (
        true,
        "INSERT INTO products (shop_id, id, title, brand, category, description, attributes, picture, more_pictures,
                url, fingerprint, text_fingerprint, changed_at, retired_at)
            SELECT shop_id, id, title, brand, category, description, attributes, picture, more_pictures, url,
                fingerprint, text_fingerprint, $3, retired_at
            FROM product_versions WHERE shop_id = $1 AND run_id = $2 AND side = 'after' AND change = 'put'
            ON CONFLICT (shop_id, id) DO UPDATE SET title = excluded.title, brand = excluded.brand,
                category = excluded.category, description = excluded.description, attributes = excluded.attributes,
                picture = excluded.picture, more_pictures = excluded.more_pictures, url = excluded.url,
                fingerprint = excluded.fingerprint, text_fingerprint = excluded.text_fingerprint,
                changed_at = excluded.changed_at, retired_at = excluded.retired_at",
    ),
    // Variants a product no longer has.
    (
        false,
        "DELETE FROM variants WHERE shop_id = $1 AND product_id IN (
                SELECT p.id FROM product_versions p
                WHERE p.shop_id = $1 AND p.run_id = $2 AND p.side = 'after' AND p.change = 'put')
            AND NOT EXISTS (SELECT 1 FROM variant_versions v
                WHERE v.shop_id = $1 AND v.run_id = $2 AND v.side = 'after' AND v.id = variants.id)",
    ),
    // A feed's figure counts when it differs from what the last feed said, less what orders hold that are not paid yet:
    // those pieces still lie on the merchant's shelf. On the way back (`taken` is known) the sum of stock and what orders
    // took counts, so that what was sold since stays sold.
    (
        false,
        "INSERT INTO variants (shop_id, id, product_id, place, options, price_minor, compare_at_minor, currency, stock,
                told_stock, barcode, mpn)
            SELECT a.shop_id, a.id, a.product_id, a.place, a.options, a.price_minor, a.compare_at_minor, a.currency,
                CASE WHEN a.stock IS NULL THEN NULL WHEN a.stock > a.gone THEN a.stock - a.gone ELSE 0 END,
                a.told_stock, a.barcode, a.mpn
            FROM (SELECT w.shop_id, w.id, w.product_id, w.place, w.options, w.price_minor, w.compare_at_minor,
                    w.currency, w.stock, w.told_stock, w.barcode, w.mpn,
                    CAST(COALESCE((SELECT SUM(CASE WHEN r.state = 'held' THEN r.quantity WHEN w.taken IS NULL THEN 0
                            WHEN r.state = 'sold' THEN r.quantity WHEN r.state = 'returned' THEN -r.quantity ELSE 0 END)
                        FROM reservations r WHERE r.shop_id = w.shop_id AND r.variant_id = w.id), 0)
                        - COALESCE(w.taken, 0) AS BIGINT) AS gone
                FROM variant_versions w WHERE w.shop_id = $1 AND w.run_id = $2 AND w.side = 'after') a
            WHERE a.shop_id = $1
            ON CONFLICT (shop_id, id) DO UPDATE SET product_id = excluded.product_id, place = excluded.place,
                options = excluded.options, price_minor = excluded.price_minor,
                compare_at_minor = excluded.compare_at_minor, currency = excluded.currency,
                stock = CASE WHEN variants.told_stock = excluded.told_stock THEN variants.stock ELSE excluded.stock END,
                told_stock = excluded.told_stock, barcode = excluded.barcode, mpn = excluded.mpn",
    ),
    (
        false,
        "DELETE FROM sales WHERE shop_id = $1 AND (
                EXISTS (SELECT 1 FROM variant_versions a
                    WHERE a.shop_id = $1 AND a.run_id = $2 AND a.side = 'after' AND a.id = sales.variant_id)
                OR NOT EXISTS (SELECT 1 FROM variants v WHERE v.shop_id = $1 AND v.id = sales.variant_id))",
    ),
    (
        false,
        "INSERT INTO sales (shop_id, variant_id, body, next_turn)
            SELECT shop_id, id, sale, next_turn FROM variant_versions
            WHERE shop_id = $1 AND run_id = $2 AND side = 'after' AND sale IS NOT NULL",
    ),
    (
        true,
        "UPDATE products SET retired_at = $3 WHERE shop_id = $1 AND retired_at IS NULL AND id IN (
            SELECT p.id FROM product_versions p
            WHERE p.shop_id = $1 AND p.run_id = $2 AND p.side = 'after' AND p.change = 'retire')",
    ),
    // A later change moves the mark, even one of the same moment: who indexed the earlier one must not take this one off.
    (
        true,
        "INSERT INTO unindexed (shop_id, product_id, marked_at)
            SELECT shop_id, id, $3 FROM product_versions WHERE shop_id = $1 AND run_id = $2 AND side = 'after'
            ON CONFLICT (shop_id, product_id) DO UPDATE SET marked_at = CASE
                WHEN excluded.marked_at > unindexed.marked_at THEN excluded.marked_at ELSE unindexed.marked_at + 1 END",
    ),
    (
        false,
        "UPDATE catalog_runs SET version = (SELECT c.version FROM catalogs c WHERE c.shop_id = $1)
            WHERE shop_id = $1 AND run_id = $2",
    ),
];

impl Tx {
    /// Makes what a run staged the catalogue, if the catalogue is still the one it was compared with.
    pub async fn switch_to(&mut self, run: &RunId, seen: i64, count: Count, now: Timestamp) -> Result<(), Error> {
        self.next_version(seen).await?;
        if self.staged(run).await? != count {
            return Err(Error::Conflict { what: format!("what was staged for {run}") });
        }
        self.hold_shelves(run).await?;
        let shop = self.shop.to_string();
        for (timed, sql) in STEPS {
            on_engine!(self, |conn| {
                let step = sqlx::query(sql).bind(&shop).bind(run.as_str());
                let step = if timed { step.bind(ms(now)) } else { step };
                step.execute(conn).await.map(|_| ())
            })?;
        }
        Ok(())
    }

    async fn next_version(&mut self, seen: i64) -> Result<(), Error> {
        const FIRST: &str = "INSERT INTO catalogs (shop_id, version) VALUES ($1, 0) ON CONFLICT (shop_id) DO NOTHING";
        const SQL: &str = "UPDATE catalogs SET version = version + 1 WHERE shop_id = $1 AND version = $2";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(FIRST).bind(&shop).execute(conn).await.map(|_| ()))?;
        let moved =
            on_engine!(self, |conn| sqlx::query(SQL).bind(shop).bind(seen).execute(conn).await?.rows_affected());
        if moved == 1 { Ok(()) } else { Err(Error::Conflict { what: "the catalogue".to_owned() }) }
    }

    /// What a run has staged.
    pub async fn staged(&mut self, run: &RunId) -> Result<Count, Error> {
        const PRODUCTS: &str =
            "SELECT COUNT(*) FROM product_versions WHERE shop_id = $1 AND run_id = $2 AND side = 'after'";
        const VARIANTS: &str =
            "SELECT COUNT(*) FROM variant_versions WHERE shop_id = $1 AND run_id = $2 AND side = 'after'";
        let shop = self.shop.to_string();
        let mut counts = [0; 2];
        for (sql, count) in [PRODUCTS, VARIANTS].into_iter().zip(&mut counts) {
            let row: (i64,) =
                on_engine!(self, |conn| sqlx::query_as(sql).bind(&shop).bind(run.as_str()).fetch_one(conn).await?);
            *count = row.0;
        }
        let [products, variants] = counts;
        Ok(Count { products, variants })
    }

    // PostgreSQL lets orders take pieces while a statement runs, and a figure computed beside that would be too high.
    // SQLite has one writer, and this is it.
    async fn hold_shelves(&mut self, run: &RunId) -> Result<(), Error> {
        const SQL: &str = "SELECT v.id FROM variants v WHERE v.shop_id = $1 AND v.id IN (
            SELECT a.id FROM variant_versions a WHERE a.shop_id = $1 AND a.run_id = $2 AND a.side = 'after')
            ORDER BY v.id FOR UPDATE";
        let shop = self.shop.to_string();
        if let Inner::Postgres(conn) = &mut self.inner {
            sqlx::query(SQL).bind(shop).bind(run.as_str()).execute(&mut **conn).await?;
        }
        Ok(())
    }
}

impl Store {
    /// Has PostgreSQL count the catalogue's rows: what was just staged it takes for a handful, and would look through all of
    /// it for each of them until it counts by itself, a minute later.
    pub async fn count_catalogue(&self) -> Result<(), Error> {
        if let Engine::Postgres(pool) = &self.engine {
            sqlx::query("ANALYZE products, variants, product_versions, variant_versions").execute(pool).await?;
        }
        Ok(())
    }
}
