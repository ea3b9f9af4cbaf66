//! Random histories of feeds, orders and undone runs beside a model of what has to come of them.

use crate::catalog::{Deed, feed, order, selling, shelf};
use crate::shop::dying::Dice;
use souk::app::App;
use souk::catalog::undo;
use std::collections::{BTreeMap, BTreeSet};

const SEEDS: u64 = 12;
const STEPS: u64 = 40;
const PRODUCTS: u64 = 5;
const SKUS: u64 = 8;

/// A variant's row as it has to be, whoever lists it.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    owner: u64,
    told: Option<i64>,
    stock: Option<i64>,
    price: u64,
}

#[derive(Clone, Debug, Default)]
struct Model {
    rows: BTreeMap<u64, Row>,
    /// Handle → what its feed said last: title and its SKUs with price and figure, while it is listed.
    listed: BTreeMap<u64, Said>,
    /// Pieces held and sold, by SKU.
    held: BTreeMap<u64, i64>,
    sold: BTreeMap<u64, i64>,
    /// Products that were ever listed: those that are not any more keep their rows.
    known: BTreeSet<u64>,
}

type Said = (u64, BTreeMap<u64, (u64, Option<i64>)>);

impl Model {
    fn takes(&self, sku: u64) -> i64 {
        self.held.get(&sku).unwrap_or(&0) + self.sold.get(&sku).unwrap_or(&0)
    }

    fn feed(&mut self, feed: &BTreeMap<u64, Said>) {
        let before = std::mem::take(&mut self.listed);
        // A SKU that moves takes its row along.
        let changed: BTreeMap<&u64, &Said> = feed.iter().filter(|(id, said)| before.get(id) != Some(said)).collect();
        let stays = |sku: &u64| changed.values().any(|said| said.1.contains_key(sku));
        self.rows.retain(|sku, row| !changed.contains_key(&row.owner) || stays(sku));
        for (product, said) in feed.iter().filter(|(product, said)| before.get(product) != Some(said)) {
            for (sku, (price, figure)) in &said.1 {
                let fresh = figure.map(|n| (n - self.held.get(sku).unwrap_or(&0)).max(0));
                let stock = match self.rows.get(sku) {
                    Some(row) if row.told == *figure => row.stock,
                    _ => fresh,
                };
                self.rows.insert(*sku, Row { owner: *product, told: *figure, stock, price: *price });
            }
        }
        self.listed = feed.clone();
        self.known.extend(feed.keys());
    }

    /// The way back: as it was, less what was taken since.
    fn undo(&mut self, before: &Model) {
        let mut rows = before.rows.clone();
        for (sku, row) in &mut rows {
            let since = self.takes(*sku) - before.takes(*sku);
            row.stock = row.stock.map(|n| (n - since).max(0));
        }
        self.rows.retain(|sku, row| !before.rows.contains_key(sku) && !before.known.contains(&row.owner));
        self.rows.append(&mut rows);
        self.listed.clone_from(&before.listed);
    }

    fn shelf(&self) -> BTreeMap<String, (u64, Option<i64>)> {
        let listed = self.rows.iter().filter(|(_, row)| self.listed.contains_key(&row.owner));
        listed.map(|(sku, row)| (format!("s{sku}"), (row.price, row.stock))).collect()
    }
}

fn random(dice: &mut Dice) -> BTreeMap<u64, Said> {
    let mut feed: BTreeMap<u64, Said> = BTreeMap::new();
    for sku in 0..SKUS {
        if dice.below(4) > 0 {
            let owner = if dice.below(5) == 0 { dice.below(PRODUCTS) } else { sku % PRODUCTS };
            let figure = (dice.below(6) > 0).then(|| 3 + dice.below(3) as i64);
            let said = feed.entry(owner).or_insert_with(|| (dice.below(2), BTreeMap::new()));
            said.1.insert(sku, (1 + dice.below(3), figure));
        }
    }
    feed
}

fn text(feed: &BTreeMap<u64, Said>) -> String {
    let mut text = String::new();
    for (product, (title, skus)) in feed {
        for (sku, (price, figure)) in skus {
            let figure = figure.map_or(String::new(), |n| n.to_string());
            text.push_str(&format!("p{product},Product {product} v{title},s{sku},{price},{figure}\n"));
        }
    }
    text
}

async fn seen(app: &App) -> BTreeMap<String, (u64, Option<i64>)> {
    let all = super::listed(app).await.into_iter().flat_map(|p| p.variants);
    all.map(|v| (v.id.to_string(), (v.price.minor.unsigned_abs() / 100, v.stock))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_catalogue_is_the_last_feed_less_what_was_sold() {
    let (mut fed, mut undone, mut ordered) = (0, 0, 0);
    for seed in 0..SEEDS {
        let mut dice = Dice(seed);
        let shop = selling("keep,Keep,K,1,1\n").await;
        let app = &shop.app;
        let mut model = Model::default();
        let mut last: Option<Model> = None;
        let mut open: Vec<(String, u64, i64)> = Vec::new();
        for step in 0..STEPS {
            match dice.below(6) {
                0 | 1 => {
                    let next = random(&mut dice);
                    if next.is_empty() {
                        continue;
                    }
                    let before = model.clone();
                    if feed(app, &text(&next)).await.unwrap().changes_anything() {
                        last = Some(before);
                    }
                    model.feed(&next);
                    fed += 1;
                }
                2 => {
                    if let Some(before) = last.take().filter(|before| !before.listed.is_empty()) {
                        undo::undo(app, &app.shop, None).await.unwrap();
                        model.undo(&before);
                        undone += 1;
                    }
                }
                3 | 4 => {
                    let (sku, n) = (dice.below(SKUS), 1 + dice.below(2));
                    let name = format!("o{step}");
                    if shelf(app).await.contains_key(&format!("s{sku}"))
                        && order(app, &name, &format!("s{sku}"), Deed::Hold(n as u32)).await
                    {
                        *model.held.entry(sku).or_default() += n as i64;
                        let row = model.rows.get_mut(&sku).unwrap();
                        row.stock = row.stock.map(|stock| stock - n as i64);
                        open.push((name, sku, n as i64));
                        ordered += 1;
                    }
                }
                _ => {
                    if let Some((name, sku, n)) = open.pop() {
                        *model.held.entry(sku).or_default() -= n;
                        if dice.below(2) == 0 {
                            order(app, &name, "", Deed::Sell).await;
                            *model.sold.entry(sku).or_default() += n;
                        } else {
                            order(app, &name, "", Deed::Release).await;
                            if let Some(row) = model.rows.get_mut(&sku) {
                                row.stock = row.stock.map(|stock| stock + n);
                            }
                        }
                    }
                }
            }
            if !model.listed.is_empty() {
                assert_eq!(seen(app).await, model.shelf(), "seed {seed}, step {step}");
            }
        }
        shop.over();
    }
    println!("{fed} feeds, {undone} undone, {ordered} orders");
    assert!(fed > 100 && undone > 20 && ordered > 50);
}
