//! Real goods and orders to make true replies from: the files of the shared data, read as the shop reads them.

use crate::catalog::feed;
use crate::domain::money::Currency;
use crate::domain::order::Order;
use crate::domain::product::Product;
use crate::eval::mutation::Error;
use crate::eval::tau_retail::data::Database;
use crate::eval::tau_retail::load;
use flate2::read::GzDecoder;
use jiff::Timestamp;
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
    let parsed =
        feed::parse("products.jsonl", &bytes, Currency::EUR, NOW, &limits, &mut |_, _| {}).map_err(Error::Feed)?;
    let products = parsed.items.into_iter().map(|item| item.product);
    Ok(products.filter(|p| p.variants.iter().all(|v| v.price.minor > 0)).collect())
}

/// A shop's export as Shopify writes it.
fn shopify(path: &Path) -> Result<Vec<Product>, Error> {
    let mut bytes = Vec::new();
    let unreadable = |source| Error::Unreadable { path: path.to_owned(), source };
    read(path)?.take(FEED_BYTES_MAX).read_to_end(&mut bytes).map_err(unreadable)?;
    let limits = feed::Limits { bytes: FEED_BYTES_MAX, rows: PRODUCTS_MAX as u64 };
    let parsed =
        feed::parse("shopify.csv", &bytes, Currency::EUR, NOW, &limits, &mut |_, _| {}).map_err(Error::Feed)?;
    Ok(parsed.items.into_iter().map(|item| item.product).collect())
}
