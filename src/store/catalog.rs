//! Products and variants.

use crate::domain::id::{ProductId, VariantId};
use crate::domain::money::{Currency, Money};
use crate::domain::product::{Choice, Product, Variant};
use crate::store::versions::NOT_COUNTED;
use crate::store::{Error, Tx, from_json, ms, on_engine, to_json, unreadable};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Products one query reads at once.
const READ_BATCH: usize = 500;

type ProductRow = (String, String, String, String, String, String, Option<String>, String, Option<String>);
type VariantRow = (String, String, String, i64, Option<i64>, String, Option<i64>, Option<String>, Option<String>);

/// What is remembered of a stored product to see whether a feed changed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Over everything.
    pub whole: String,
    /// Over what is embedded.
    pub text: String,
}

impl Tx {
    /// Fingerprints of every product that is not retired.
    pub async fn fingerprints(&mut self) -> Result<BTreeMap<ProductId, Stored>, Error> {
        const SQL: &str =
            "SELECT id, fingerprint, text_fingerprint FROM products WHERE shop_id = $1 AND retired_at IS NULL";
        let shop = self.shop.to_string();
        let rows: Vec<(String, String, String)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).fetch_all(conn).await?);
        Ok(rows.into_iter().map(|(id, whole, text)| (ProductId::new(id), Stored { whole, text })).collect())
    }

    /// Adds a product or replaces it with all its variants.
    pub async fn save_product(&mut self, product: &Product, stored: &Stored, now: Timestamp) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO products (shop_id, id, title, brand, category, description, attributes, picture,
                fingerprint, text_fingerprint, changed_at, more_pictures, url)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            ON CONFLICT (shop_id, id) DO UPDATE SET title = excluded.title, brand = excluded.brand,
                category = excluded.category, description = excluded.description, attributes = excluded.attributes,
                picture = excluded.picture, fingerprint = excluded.fingerprint,
                text_fingerprint = excluded.text_fingerprint, changed_at = excluded.changed_at,
                more_pictures = excluded.more_pictures, url = excluded.url, retired_at = NULL";
        const GONE: &str = "DELETE FROM variants WHERE shop_id = $1 AND product_id = $2";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(&shop)
            .bind(product.id.as_str())
            .bind(&product.title)
            .bind(&product.brand)
            .bind(&product.category)
            .bind(&product.description)
            .bind(to_json(&product.attributes))
            .bind(product.picture.as_deref())
            .bind(&stored.whole)
            .bind(&stored.text)
            .bind(ms(now))
            .bind(to_json(&product.more_pictures))
            .bind(product.url.as_deref())
            .execute(conn)
            .await
            .map(|_| ()))?;
        on_engine!(self, |conn| sqlx::query(GONE)
            .bind(&shop)
            .bind(product.id.as_str())
            .execute(conn)
            .await
            .map(|_| ()))?;
        for (place, variant) in (0i64..).zip(&product.variants) {
            self.insert_variant(product, variant, place).await?;
        }
        Ok(())
    }

    async fn insert_variant(&mut self, product: &Product, v: &Variant, place: i64) -> Result<(), Error> {
        // A SKU that moved from one product to another moves; the feed's reader refuses two within one feed.
        const SQL: &str =
            "INSERT INTO variants (shop_id, id, product_id, place, options, price_minor, compare_at_minor,
                currency, stock, told_stock, barcode, mpn)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, COALESCE($9, -1), $10, $11)
            ON CONFLICT (shop_id, id) DO UPDATE SET product_id = excluded.product_id, place = excluded.place,
                options = excluded.options, price_minor = excluded.price_minor,
                compare_at_minor = excluded.compare_at_minor, currency = excluded.currency, stock = excluded.stock,
                told_stock = excluded.told_stock, barcode = excluded.barcode, mpn = excluded.mpn";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(v.id.as_str())
            .bind(product.id.as_str())
            .bind(place)
            .bind(to_json(&v.options))
            .bind(v.price.minor)
            .bind(v.compare_at.map(|m| m.minor))
            .bind(v.price.currency.code())
            .bind(v.stock)
            .bind(v.barcode.as_deref())
            .bind(v.mpn.as_deref())
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Takes a product out of the shop; old orders still name it.
    pub async fn retire_product(&mut self, id: &ProductId, now: Timestamp) -> Result<bool, Error> {
        const SQL: &str = "UPDATE products SET retired_at = $3 WHERE shop_id = $1 AND id = $2 AND retired_at IS NULL";
        let shop = self.shop.to_string();
        let changed = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(id.as_str())
            .bind(ms(now))
            .execute(conn)
            .await?
            .rows_affected());
        Ok(changed == 1)
    }

    /// Products by id, in the order asked for; retired and unknown ones are left out.
    pub async fn products(&mut self, ids: &[ProductId]) -> Result<Vec<Product>, Error> {
        const PRODUCTS: &str =
            "SELECT id, title, brand, category, description, attributes, picture, more_pictures, url FROM products
            WHERE shop_id = $1 AND retired_at IS NULL AND id IN (SELECT value FROM json_each($2))";
        const VARIANTS: &str =
            "SELECT id, product_id, options, price_minor, compare_at_minor, currency, stock, barcode, mpn
            FROM variants WHERE shop_id = $1 AND product_id IN (SELECT value FROM json_each($2))
            ORDER BY product_id, place";
        // The one place where the engines differ: how a list is bound.
        const PRODUCTS_PG: &str =
            "SELECT id, title, brand, category, description, attributes, picture, more_pictures, url FROM products
            WHERE shop_id = $1 AND retired_at IS NULL AND id = ANY (ARRAY(SELECT jsonb_array_elements_text(CAST($2 AS jsonb))))";
        const VARIANTS_PG: &str =
            "SELECT id, product_id, options, price_minor, compare_at_minor, currency, stock, barcode, mpn
            FROM variants WHERE shop_id = $1 AND product_id = ANY (ARRAY(SELECT jsonb_array_elements_text(CAST($2 AS jsonb))))
            ORDER BY product_id, place";
        let shop = self.shop.to_string();
        let sqlite = matches!(self.inner, crate::store::Inner::Sqlite(_));
        let (products_sql, variants_sql) = if sqlite { (PRODUCTS, VARIANTS) } else { (PRODUCTS_PG, VARIANTS_PG) };
        let mut found: BTreeMap<ProductId, Product> = BTreeMap::new();
        for batch in ids.chunks(READ_BATCH) {
            let list = to_json(&batch);
            let rows: Vec<ProductRow> =
                on_engine!(self, |conn| sqlx::query_as(products_sql).bind(&shop).bind(&list).fetch_all(conn).await?);
            for row in rows {
                let product = product(row)?;
                found.insert(product.id.clone(), product);
            }
            let rows: Vec<VariantRow> =
                on_engine!(self, |conn| sqlx::query_as(variants_sql).bind(&shop).bind(&list).fetch_all(conn).await?);
            for row in rows {
                let owner = ProductId::new(row.1.clone());
                if let Some(product) = found.get_mut(&owner) {
                    product.variants.push(variant(row)?);
                }
            }
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// One product.
    pub async fn product(&mut self, id: &ProductId) -> Result<Option<Product>, Error> {
        Ok(self.products(std::slice::from_ref(id)).await?.pop())
    }

    /// The product a variant belongs to; `None` when the SKU is unknown or its product is retired.
    pub async fn product_of(&mut self, variant: &VariantId) -> Result<Option<Product>, Error> {
        const SQL: &str = "SELECT product_id FROM variants WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let row: Option<(String,)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(variant.as_str()).fetch_optional(conn).await?);
        match row {
            Some((id,)) => self.product(&ProductId::new(id)).await,
            None => Ok(None),
        }
    }

    /// Which products own these variants, retired ones included; unknown variants are left out.
    pub async fn owners(&mut self, variants: &[VariantId]) -> Result<BTreeMap<VariantId, ProductId>, Error> {
        const SQL: &str = "SELECT id, product_id FROM variants
            WHERE shop_id = $1 AND id IN (SELECT value FROM json_each($2))";
        const SQL_PG: &str = "SELECT id, product_id FROM variants
            WHERE shop_id = $1 AND id = ANY (ARRAY(SELECT jsonb_array_elements_text(CAST($2 AS jsonb))))";
        let shop = self.shop.to_string();
        let sqlite = matches!(self.inner, crate::store::Inner::Sqlite(_));
        let sql = if sqlite { SQL } else { SQL_PG };
        let mut found = BTreeMap::new();
        for batch in variants.chunks(READ_BATCH) {
            let list = to_json(&batch);
            let rows: Vec<(String, String)> =
                on_engine!(self, |conn| sqlx::query_as(sql).bind(&shop).bind(&list).fetch_all(conn).await?);
            found.extend(rows.into_iter().map(|(id, owner)| (VariantId::new(id), ProductId::new(owner))));
        }
        Ok(found)
    }

    /// What the last feed said of the stock of products' variants: `None` for one whose pieces it does not count.
    /// Variants of which no feed said anything are left out.
    pub async fn told_stock(&mut self, products: &[ProductId]) -> Result<BTreeMap<VariantId, Option<i64>>, Error> {
        const SQL: &str = "SELECT id, told_stock FROM variants
            WHERE shop_id = $1 AND told_stock IS NOT NULL AND product_id IN (SELECT value FROM json_each($2))";
        const SQL_PG: &str = "SELECT id, told_stock FROM variants WHERE shop_id = $1 AND told_stock IS NOT NULL
            AND product_id = ANY (ARRAY(SELECT jsonb_array_elements_text(CAST($2 AS jsonb))))";
        let shop = self.shop.to_string();
        let sql = if matches!(self.inner, crate::store::Inner::Sqlite(_)) { SQL } else { SQL_PG };
        let rows: Vec<(String, i64)> =
            on_engine!(self, |conn| sqlx::query_as(sql).bind(shop).bind(to_json(&products)).fetch_all(conn).await?);
        Ok(rows.into_iter().map(|(id, told)| (VariantId::new(id), Some(told).filter(|n| *n != NOT_COUNTED))).collect())
    }

    /// Ids of products that are not retired, after a given one, in order.
    pub async fn product_ids_after(&mut self, after: &str, limit: i64) -> Result<Vec<ProductId>, Error> {
        const SQL: &str =
            "SELECT id FROM products WHERE shop_id = $1 AND retired_at IS NULL AND id > $2 ORDER BY id LIMIT $3";
        let shop = self.shop.to_string();
        let rows: Vec<(String,)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(after).bind(limit).fetch_all(conn).await?);
        Ok(rows.into_iter().map(|(id,)| ProductId::new(id)).collect())
    }

    /// How many products and variants can be bought or looked at.
    pub async fn catalog_size(&mut self) -> Result<(i64, i64), Error> {
        const SQL: &str = "SELECT COUNT(DISTINCT p.id), COUNT(v.id) FROM products p
            JOIN variants v ON v.shop_id = p.shop_id AND v.product_id = p.id
            WHERE p.shop_id = $1 AND p.retired_at IS NULL";
        let shop = self.shop.to_string();
        Ok(on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).fetch_one(conn).await?))
    }

    /// The words the shop's products use (JSON), if they were collected.
    pub async fn vocabulary(&mut self) -> Result<Option<String>, Error> {
        const SQL: &str = "SELECT body FROM vocabularies WHERE shop_id = $1";
        let shop = self.shop.to_string();
        let row: Option<(String,)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).fetch_optional(conn).await?);
        Ok(row.map(|(body,)| body))
    }

    /// Keeps the words the shop's products use (JSON).
    pub async fn save_vocabulary(&mut self, body: &str) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO vocabularies (shop_id, body) VALUES ($1, $2)
            ON CONFLICT (shop_id) DO UPDATE SET body = excluded.body";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL).bind(shop).bind(body).execute(conn).await.map(|_| ()))?;
        Ok(())
    }
}

fn product(row: ProductRow) -> Result<Product, Error> {
    let (id, title, brand, category, description, attributes, picture, more_pictures, url) = row;
    let what = format!("product {id}");
    let (attributes, more_pictures) = (from_json(&attributes, &what)?, from_json(&more_pictures, &what)?);
    let id = ProductId::new(id);
    let variants = Vec::new();
    Ok(Product { id, title, brand, category, description, attributes, picture, more_pictures, url, variants })
}

fn variant(row: VariantRow) -> Result<Variant, Error> {
    let (id, _, options, price, compare_at, currency, stock, barcode, mpn) = row;
    let what = format!("variant {id}");
    let currency = Currency::parse(&currency).map_err(|_| unreadable(&what))?;
    Ok(Variant {
        options: from_json::<Vec<Choice>>(&options, &what)?,
        price: Money::new(price, currency),
        compare_at: compare_at.map(|minor| Money::new(minor, currency)),
        stock,
        barcode,
        mpn,
        id: VariantId::new(id),
    })
}
