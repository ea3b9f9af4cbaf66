//! Products as a run makes them and as they were before it: staged in small steps, kept for a while to be undone.

use crate::domain::id::{ProductId, RunId, ShopId, VariantId};
use crate::domain::product::{Product, Variant};
use crate::domain::sale::Sale;
use crate::store::catalog::Stored;
use crate::store::{Error, Inner, Store, Tx, at, ms, on_engine, to_json};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Rows written by one statement at most.
const ROWS_AT_ONCE: usize = 100;
/// How a feed that does not count the pieces is remembered; `NULL` means that no feed said anything.
pub(super) const NOT_COUNTED: i64 = -1;

/// What a run does to one product.
#[derive(Clone, Debug, PartialEq)]
pub enum Staged<'a> {
    /// Adds it, or puts it in the place of what was there.
    Put {
        /// The product as the feed says, with the prices of the present moment.
        product: &'a Product,
        /// Its fingerprints.
        stored: &'a Stored,
        /// Its variants' reductions, each with the next moment at which the price turns.
        sales: BTreeMap<&'a VariantId, (&'a Sale, Option<Timestamp>)>,
    },
    /// Takes it out of the shop.
    Retire(&'a ProductId),
    /// Leaves it as it is, but for variants that move to other products.
    Touch(&'a ProductId),
}

/// A variant of a product that is put.
struct Placed<'a> {
    product: &'a ProductId,
    place: i64,
    variant: &'a Variant,
    sale: Option<(&'a Sale, Option<Timestamp>)>,
}

impl<'a> Staged<'a> {
    /// The product, and the word for what is done to it.
    fn named(&self) -> (&'a ProductId, &'static str) {
        match self {
            Self::Put { product, .. } => (&product.id, "put"),
            Self::Retire(id) => (*id, "retire"),
            Self::Touch(id) => (*id, "touch"),
        }
    }

    fn placed(&self) -> Vec<Placed<'a>> {
        let Self::Put { product, sales, .. } = self else { return Vec::new() };
        let placed = (0i64..).zip(&product.variants);
        let row = |(place, variant): (i64, &'a Variant)| {
            let sale = sales.get(&variant.id).copied();
            Placed { product: &product.id, place, variant, sale }
        };
        placed.map(row).collect()
    }
}

/// Rows that belong to a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staging {
    /// Whose.
    pub run: RunId,
    /// Since when.
    pub begun_at: Timestamp,
    /// The catalogue's version after the switch; `None` while it is only staged.
    pub version: Option<i64>,
}

/// Which of a run's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// As it was.
    Before,
    /// As the run makes it.
    After,
}

impl Side {
    fn word(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }
}

impl Tx {
    /// How often the catalogue was switched.
    pub async fn catalog_version(&mut self) -> Result<i64, Error> {
        const SQL: &str = "SELECT version FROM catalogs WHERE shop_id = $1";
        let shop = self.shop.to_string();
        let row: Option<(i64,)> = on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).fetch_optional(conn).await?);
        Ok(row.map_or(0, |(version,)| version))
    }

    /// Begins a run; what is staged under it is seen by nobody.
    pub async fn begin_staging(&mut self, run: &RunId, now: Timestamp) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO catalog_runs (shop_id, run_id, begun_at) VALUES ($1, $2, $3)";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(run.as_str())
            .bind(ms(now))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Stages what a run does to products, by a few statements for all of them.
    pub async fn stage(&mut self, run: &RunId, staged: &[Staged<'_>]) -> Result<(), Error> {
        const PRODUCTS: &str =
            "INSERT INTO product_versions (shop_id, run_id, side, id, change, was_there, title, brand,
                category, description, attributes, picture, more_pictures, url, fingerprint, text_fingerprint) ";
        const VARIANTS: &str = "INSERT INTO variant_versions (shop_id, run_id, side, id, product_id, place, options,
                price_minor, compare_at_minor, currency, stock, told_stock, barcode, mpn, sale, next_turn) ";
        let shop = self.shop.to_string();
        for some in staged.chunks(ROWS_AT_ONCE) {
            on_engine!(self, |conn| {
                let mut query = sqlx::QueryBuilder::new(PRODUCTS);
                query.push_values(some, |mut row, staged| {
                    let (id, change) = staged.named();
                    row.push_bind(&shop)
                        .push_bind(run.as_str())
                        .push("'after'")
                        .push_bind(id.as_str())
                        .push_bind(change);
                    let Staged::Put { product, stored, .. } = staged else {
                        row.push("1, '', '', '', '', '{}', NULL, '[]', NULL, '', ''");
                        return;
                    };
                    row.push("0")
                        .push_bind(&product.title)
                        .push_bind(&product.brand)
                        .push_bind(&product.category)
                        .push_bind(&product.description)
                        .push_bind(to_json(&product.attributes))
                        .push_bind(product.picture.as_deref())
                        .push_bind(to_json(&product.more_pictures))
                        .push_bind(product.url.as_deref())
                        .push_bind(&stored.whole)
                        .push_bind(&stored.text);
                });
                query.build().execute(conn).await.map(|_| ())
            })?;
        }
        let variants: Vec<Placed<'_>> = staged.iter().flat_map(Staged::placed).collect();
        for some in variants.chunks(ROWS_AT_ONCE) {
            on_engine!(self, |conn| {
                let mut query = sqlx::QueryBuilder::new(VARIANTS);
                query.push_values(some, |mut row, Placed { product, place, variant: v, sale }| {
                    row.push_bind(&shop)
                        .push_bind(run.as_str())
                        .push("'after'")
                        .push_bind(v.id.as_str())
                        .push_bind(product.as_str())
                        .push_bind(*place)
                        .push_bind(to_json(&v.options))
                        .push_bind(v.price.minor)
                        .push_bind(v.compare_at.map(|m| m.minor))
                        .push_bind(v.price.currency.code())
                        .push_bind(v.stock)
                        .push_bind(v.stock.unwrap_or(NOT_COUNTED))
                        .push_bind(v.barcode.as_deref())
                        .push_bind(v.mpn.as_deref())
                        .push_bind(sale.map(|(sale, _)| to_json(sale)))
                        .push_bind(sale.and_then(|(_, turn)| turn.map(ms)));
                });
                query.build().execute(conn).await.map(|_| ())
            })?;
        }
        Ok(())
    }

    /// Keeps at most so many products of what a run changes, as they are now, with their variants; those of the smallest ids
    /// first, so that the next call need not look at them again. Answers how many; none is left when it is none. Stock and
    /// what orders took of it are kept together: their sum stays the same whatever is sold meanwhile.
    pub async fn keep_before(&mut self, run: &RunId, most: i64) -> Result<u64, Error> {
        const VARIANTS: &str = "INSERT INTO variant_versions (shop_id, run_id, side, id, product_id, place, options,
                price_minor, compare_at_minor, currency, stock, told_stock, taken, barcode, mpn, sale)
            SELECT a.shop_id, a.run_id, 'before', v.id, v.product_id, v.place, v.options, v.price_minor,
                v.compare_at_minor, v.currency, v.stock, v.told_stock, COALESCE((
                    SELECT SUM(CASE r.state WHEN 'held' THEN r.quantity WHEN 'sold' THEN r.quantity
                        WHEN 'returned' THEN -r.quantity ELSE 0 END)
                    FROM reservations r WHERE r.shop_id = v.shop_id AND r.variant_id = v.id), 0),
                v.barcode, v.mpn, s.body
            FROM (SELECT n.shop_id, n.run_id, n.id FROM product_versions n
                WHERE n.shop_id = $1 AND n.run_id = $2 AND n.side = 'after' AND n.id > COALESCE((
                    SELECT MAX(b.id) FROM product_versions b
                    WHERE b.shop_id = $1 AND b.run_id = $2 AND b.side = 'before'), '')
                ORDER BY n.id LIMIT $3) a
            JOIN variants v ON v.shop_id = a.shop_id AND v.product_id = a.id
            LEFT JOIN sales s ON s.shop_id = v.shop_id AND s.variant_id = v.id
            WHERE a.shop_id = $1
            ON CONFLICT (shop_id, run_id, side, id) DO NOTHING";
        const PRODUCTS: &str = "INSERT INTO product_versions (shop_id, run_id, side, id, change, was_there, title, brand,
                category, description, attributes, picture, more_pictures, url, fingerprint, text_fingerprint, retired_at)
            SELECT a.shop_id, a.run_id, 'before', a.id, a.change, CASE WHEN p.id IS NULL THEN 0 ELSE 1 END,
                COALESCE(p.title, ''), COALESCE(p.brand, ''), COALESCE(p.category, ''), COALESCE(p.description, ''),
                COALESCE(p.attributes, '{}'), p.picture, COALESCE(p.more_pictures, '[]'), p.url,
                COALESCE(p.fingerprint, ''), COALESCE(p.text_fingerprint, ''), p.retired_at
            FROM product_versions a LEFT JOIN products p ON p.shop_id = a.shop_id AND p.id = a.id
            WHERE a.shop_id = $1 AND a.run_id = $2 AND a.side = 'after' AND a.id > COALESCE((
                SELECT MAX(b.id) FROM product_versions b
                WHERE b.shop_id = $1 AND b.run_id = $2 AND b.side = 'before'), '')
            ORDER BY a.id LIMIT $3";
        let shop = self.shop.to_string();
        let mut kept = 0;
        // Products last: how far they are kept is where the next call begins.
        for sql in [VARIANTS, PRODUCTS] {
            kept = on_engine!(self, |conn| sqlx::query(sql)
                .bind(&shop)
                .bind(run.as_str())
                .bind(most)
                .execute(conn)
                .await?
                .rows_affected());
        }
        Ok(kept)
    }

    /// Stages the way back to what was there before a run. Stock sold since stays sold, and prices that had a time are
    /// turned anew.
    pub async fn stage_undo(&mut self, of: &RunId, run: &RunId) -> Result<(), Error> {
        const PRODUCTS: &str = "INSERT INTO product_versions (shop_id, run_id, side, id, change, was_there, title, brand,
                category, description, attributes, picture, more_pictures, url, fingerprint, text_fingerprint, retired_at)
            SELECT shop_id, $3, 'after', id, CASE WHEN was_there = 1 THEN 'put' ELSE 'retire' END, 1, title, brand,
                category, description, attributes, picture, more_pictures, url, fingerprint, text_fingerprint, retired_at
            FROM product_versions WHERE shop_id = $1 AND run_id = $2 AND side = 'before'";
        const VARIANTS: &str = "INSERT INTO variant_versions (shop_id, run_id, side, id, product_id, place, options,
                price_minor, compare_at_minor, currency, stock, told_stock, taken, barcode, mpn, sale, next_turn)
            SELECT shop_id, $3, 'after', id, product_id, place, options, price_minor, compare_at_minor, currency, stock,
                told_stock, taken, barcode, mpn, sale, CASE WHEN sale IS NULL THEN NULL ELSE 0 END
            FROM variant_versions WHERE shop_id = $1 AND run_id = $2 AND side = 'before'";
        let shop = self.shop.to_string();
        for sql in [PRODUCTS, VARIANTS] {
            on_engine!(self, |conn| sqlx::query(sql)
                .bind(&shop)
                .bind(of.as_str())
                .bind(run.as_str())
                .execute(conn)
                .await
                .map(|_| ()))?;
        }
        Ok(())
    }

    /// Products of a run that a later one touched, or that now own a variant of it: with them it cannot be undone.
    pub async fn touched_since(&mut self, run: &RunId, most: i64) -> Result<Vec<ProductId>, Error> {
        const SQL: &str = "SELECT mine.id FROM product_versions mine
            JOIN catalog_runs me ON me.shop_id = mine.shop_id AND me.run_id = mine.run_id
            WHERE mine.shop_id = $1 AND mine.run_id = $2 AND mine.side = 'before' AND EXISTS (
                SELECT 1 FROM product_versions other JOIN catalog_runs later
                ON later.shop_id = other.shop_id AND later.run_id = other.run_id
                WHERE other.shop_id = mine.shop_id AND other.id = mine.id AND later.version > me.version)
            UNION SELECT v.product_id FROM variant_versions mine
            JOIN variants v ON v.shop_id = mine.shop_id AND v.id = mine.id
            WHERE mine.shop_id = $1 AND mine.run_id = $2 AND mine.side = 'before' AND NOT EXISTS (
                SELECT 1 FROM product_versions p WHERE p.shop_id = mine.shop_id AND p.run_id = mine.run_id
                AND p.side = 'before' AND p.id = v.product_id)
            ORDER BY 1 LIMIT $3";
        let shop = self.shop.to_string();
        let rows: Vec<(String,)> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(run.as_str())
            .bind(most)
            .fetch_all(conn)
            .await?);
        Ok(rows.into_iter().map(|(id,)| ProductId::new(id)).collect())
    }

    /// Runs that have rows, the newest switch first, then what is only staged.
    pub async fn stagings(&mut self) -> Result<Vec<Staging>, Error> {
        const SQL: &str = "SELECT run_id, begun_at, version FROM catalog_runs WHERE shop_id = $1
            ORDER BY COALESCE(version, 0) DESC, run_id DESC";
        let shop = self.shop.to_string();
        let rows: Vec<(String, i64, Option<i64>)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).fetch_all(conn).await?);
        rows.into_iter()
            .map(|(run, begun, version)| {
                Ok(Staging { run: RunId::new(run), begun_at: at(begun, "catalog_runs")?, version })
            })
            .collect()
    }

    /// Drops at most so many of a run's rows on one side; answers how many went.
    pub async fn drop_versions(&mut self, run: &RunId, side: Side, most: i64) -> Result<u64, Error> {
        const VARIANTS: &str = "DELETE FROM variant_versions WHERE shop_id = $1 AND run_id = $2 AND side = $3
            AND id IN (SELECT v.id FROM variant_versions v WHERE v.shop_id = $1 AND v.run_id = $2 AND v.side = $3 LIMIT $4)";
        const PRODUCTS: &str = "DELETE FROM product_versions WHERE shop_id = $1 AND run_id = $2 AND side = $3
            AND id IN (SELECT p.id FROM product_versions p WHERE p.shop_id = $1 AND p.run_id = $2 AND p.side = $3 LIMIT $4)";
        // Written out as an array: of rows nobody counted yet, PostgreSQL expects one, and would read all of them for each.
        const VARIANTS_PG: &str =
            "DELETE FROM variant_versions WHERE shop_id = $1 AND run_id = $2 AND side = $3 AND id = ANY (ARRAY(
            SELECT v.id FROM variant_versions v WHERE v.shop_id = $1 AND v.run_id = $2 AND v.side = $3 LIMIT $4))";
        const PRODUCTS_PG: &str =
            "DELETE FROM product_versions WHERE shop_id = $1 AND run_id = $2 AND side = $3 AND id = ANY (ARRAY(
            SELECT p.id FROM product_versions p WHERE p.shop_id = $1 AND p.run_id = $2 AND p.side = $3 LIMIT $4))";
        let sqlite = matches!(self.inner, Inner::Sqlite(_));
        let shop = self.shop.to_string();
        let mut gone = 0;
        for sql in if sqlite { [VARIANTS, PRODUCTS] } else { [VARIANTS_PG, PRODUCTS_PG] } {
            gone += on_engine!(self, |conn| sqlx::query(sql)
                .bind(&shop)
                .bind(run.as_str())
                .bind(side.word())
                .bind(most)
                .execute(conn)
                .await?
                .rows_affected());
        }
        Ok(gone)
    }

    /// Forgets that a run had rows; it cannot be undone any more.
    pub async fn forget_staging(&mut self, run: &RunId) -> Result<(), Error> {
        const SQL: &str = "DELETE FROM catalog_runs WHERE shop_id = $1 AND run_id = $2";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL).bind(shop).bind(run.as_str()).execute(conn).await.map(|_| ()))?;
        Ok(())
    }
}

impl Store {
    /// Runs of any shop that were staged before a moment and never switched to.
    pub async fn left_stagings(&self, before: Timestamp, most: i64) -> Result<Vec<(ShopId, RunId)>, Error> {
        const SQL: &str = "SELECT shop_id, run_id FROM catalog_runs WHERE version IS NULL AND begun_at < $1 LIMIT $2";
        let mut tx = self.read(&ShopId::new("")).await?;
        let rows: Vec<(String, String)> =
            on_engine!(tx, |conn| sqlx::query_as(SQL).bind(ms(before)).bind(most).fetch_all(conn).await?);
        Ok(rows.into_iter().map(|(shop, run)| (ShopId::new(shop), RunId::new(run))).collect())
    }
}
