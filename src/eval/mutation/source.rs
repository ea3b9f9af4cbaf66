//! Real goods and orders to make true replies from: the files of the shared data, read as the shop reads them.

use crate::catalog::feed;
use crate::domain::id::{ProductId, VariantId};
use crate::domain::money::{Currency, Money};
use crate::domain::order::Order;
use crate::domain::product::{Choice, Product, Variant};
use crate::eval::mutation::Error;
use crate::eval::tau_retail::data::Database;
use crate::eval::tau_retail::load;
use flate2::read::GzDecoder;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes of an unpacked feed that are read.
const FEED_BYTES_MAX: u64 = 1024 * 1024;
/// Products taken from one feed.
const PRODUCTS_MAX: usize = 600;

/// When the orders are told about; any day would do.
const NOW: Timestamp = Timestamp::constant(1_795_000_000, 0);

/// What replies are about.
#[derive(Debug, Default)]
pub struct Goods {
    /// Products of several shops, those of one shop together.
    pub shelves: Vec<Vec<Product>>,
    /// Orders of many customers.
    pub orders: Vec<Order>,
}

/// Reads the folders `tau-retail`, `chorus` and `feeds` below a folder.
pub fn load(folder: &Path) -> Result<Goods, Error> {
    let database = Database::load(&folder.join("tau-retail")).map_err(Error::Tau)?;
    let mut goods = Goods::default();
    goods.shelves.push(database.products.values().map(load::listed).collect());
    for (n, order) in database.orders.values().enumerate() {
        goods.orders.push(load::order(order, NOW, format!("token{n}")).map_err(|_| Error::Order)?);
    }
    goods.shelves.push(chorus(&folder.join("chorus/products.jsonl.gz"))?);
    goods.shelves.push(shopify(&folder.join("feeds/shopify-apparel.csv"))?);
    goods.shelves.retain(|shelf| shelf.len() > 3);
    Ok(goods)
}

fn read(path: &Path) -> Result<Box<dyn Read>, Error> {
    let file = File::open(path).map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
    Ok(if path.extension().is_some_and(|e| e == "gz") { Box::new(GzDecoder::new(file)) } else { Box::new(file) })
}

/// The first products of the electronics shop.
fn chorus(path: &Path) -> Result<Vec<Product>, Error> {
    let mut bytes = Vec::new();
    let unreadable = |source| Error::Unreadable { path: path.to_owned(), source };
    read(path)?.take(FEED_BYTES_MAX).read_to_end(&mut bytes).map_err(unreadable)?;
    // The last line may be cut.
    bytes.truncate(bytes.iter().rposition(|b| *b == b'\n').unwrap_or(bytes.len()));
    let limits = feed::Limits { bytes: FEED_BYTES_MAX, rows: PRODUCTS_MAX as u64 };
    let parsed = feed::parse("products.jsonl", &bytes, Currency::EUR, NOW, &limits, &mut |_, _| {}).map_err(Error::Feed)?;
    let products = parsed.items.into_iter().map(|item| item.product);
    Ok(products.filter(|p| p.variants.iter().all(|v| v.price.minor > 0)).collect())
}

/// Shopify's own export: rows of one handle make a product.
fn shopify(path: &Path) -> Result<Vec<Product>, Error> {
    let mut rows = csv::Reader::from_reader(read(path)?.take(FEED_BYTES_MAX));
    let mut products: Vec<Product> = Vec::new();
    for (n, row) in rows.deserialize::<BTreeMap<String, String>>().take(PRODUCTS_MAX).enumerate() {
        let row = row.map_err(Error::Export)?;
        let cell = |name: &str| row.get(name).map(|c| c.trim()).unwrap_or_default();
        let Ok(price) = Money::parse(cell("Variant Price"), Currency::EUR) else { continue };
        let choice = |k: u32| {
            let value = cell(&format!("Option{k} Value")).to_owned();
            let name = cell(&format!("Option{k} Name")).to_owned();
            (!value.is_empty() && value != "Default Title").then_some(Choice { name, value })
        };
        let variant = Variant {
            id: VariantId::new(format!("shopify-{n}")),
            options: (1..=3).filter_map(choice).collect(),
            price,
            compare_at: Money::parse(cell("Variant Compare At Price"), Currency::EUR).ok(),
            stock: cell("Variant Inventory Qty").parse().ok(),
            barcode: None,
            mpn: None,
        };
        match products.last_mut().filter(|p| p.id.as_str() == cell("Handle")) {
            Some(product) => product.variants.push(variant),
            None => products.push(Product {
                id: ProductId::new(cell("Handle")),
                title: cell("Title").to_owned(),
                brand: cell("Vendor").to_owned(),
                category: cell("Type").to_owned(),
                description: cell("Body (HTML)").to_owned(),
                attributes: BTreeMap::new(),
                picture: None,
                more_pictures: Vec::new(),
                url: None,
                variants: vec![variant],
            }),
        }
    }
    Ok(products)
}
