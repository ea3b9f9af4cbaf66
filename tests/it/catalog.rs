//! Stories of the catalogue: feeds that come and go, what was sold meanwhile, and the way back.

mod dying;
mod history;
mod inputs;
mod measure;
mod prices;
mod runs;
mod sources;

use crate::world::TestShop;
use souk::app::App;
use souk::catalog::Error;
use souk::catalog::ingest::{self, Missing, Report};
use souk::domain::id::VariantId;
use souk::domain::product::Product;
use souk::domain::reservation::Holder;
use std::collections::BTreeMap;

/// The columns of the feeds below.
const HEADER: &str = "handle,title,sku,price,stock\n";

/// A shop that sells what these rows say, and nothing else.
async fn selling(rows: &str) -> TestShop {
    let shop = TestShop::demo().await;
    feed(&shop.app, rows).await.unwrap();
    shop
}

/// Takes rows in as the whole of what the shop sells.
async fn feed(app: &App, rows: &str) -> Result<Report, Error> {
    take_in(app, rows, Missing::Retire).await
}

async fn take_in(app: &App, rows: &str, missing: Missing) -> Result<Report, Error> {
    ingest::ingest(app, &app.shop, "t.csv", format!("{HEADER}{rows}").as_bytes(), missing, &mut |_, _| {}).await
}

/// Everything a shopper can see of the catalogue.
async fn listed(app: &App) -> Vec<Product> {
    let mut tx = app.store.read(&app.shop).await.unwrap();
    let ids = tx.product_ids_after("", 10_000).await.unwrap();
    tx.products(&ids).await.unwrap()
}

/// Pieces on the shelf, by SKU.
async fn shelf(app: &App) -> BTreeMap<String, Option<i64>> {
    listed(app).await.into_iter().flat_map(|p| p.variants).map(|v| (v.id.to_string(), v.stock)).collect()
}

async fn pieces(app: &App, sku: &str) -> i64 {
    shelf(app).await[sku].unwrap()
}

/// What an order does to the shelf. `name` stands for the order; the rows hang on one that is there.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Hold(u32),
    Sell,
    Release,
}

async fn order(app: &App, name: &str, sku: &str, deed: Deed) -> bool {
    let mut tx = app.store.begin(&app.shop).await.unwrap();
    let order = tx.all_orders(1).await.unwrap().remove(0).id;
    let holder = Holder::Order(souk::domain::id::OrderId::new(name));
    let done = match deed {
        Deed::Hold(n) => tx.hold_stock(&holder, &order, &VariantId::new(sku), n, app.now()).await.unwrap(),
        Deed::Sell => tx.sell_stock(&holder).await.is_ok(),
        Deed::Release => !tx.release_stock(&holder).await.unwrap().is_empty(),
    };
    tx.commit().await.unwrap();
    done
}
