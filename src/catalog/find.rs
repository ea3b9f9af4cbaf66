//! Finding products: constraints become filters, words and meaning are fused, and what is shown is read from the store.

mod asked;
mod fitting;
mod warmth;

use crate::app::App;
use crate::catalog::Error;
use crate::catalog::find::asked::Asked;
use crate::catalog::find::fitting::{Fitting, fitting};
use crate::catalog::understand::{self, Vocabulary, Wish};
use crate::domain::id::{ProductId, VariantId};
use crate::domain::money::Money;
use crate::domain::product::{Product, Variant};
use crate::domain::shop::Shop;
use crate::search::fuse::{self, Both};
use crate::search::{Filter, Hit, Kind, analyse};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Products read and checked for one wish.
const CANDIDATES: usize = 80;
/// What a hit's place in the fused list counts beside its words.
const FUSED_WEIGHT: f32 = 0.4;
/// Extra for what the category names: who asks for a tent does not want pegs first.
const CATEGORY_BONUS: f32 = 0.3;
/// Extra for meeting a temperature that was named.
const WARM_ENOUGH_BONUS: f32 = 0.3;
/// Similarity of meaning from which something is near whatever its words.
const NEAR_MEANING: f32 = 0.5;
/// Constraints that are dropped one by one before they are dropped together.
const ALONE_MAX: usize = 3;
/// Products with less than this share of what the best one has are left out.
const TAIL_SHARE: f32 = 0.7;

/// A wish.
#[derive(Clone, Debug)]
pub struct Search {
    /// In the shopper's words, constraints included.
    pub query: String,
    /// Only what costs less than this product.
    pub cheaper_than: Option<ProductId>,
    /// In which order.
    pub sort: Sort,
    /// How many.
    pub limit: usize,
}

/// An order of results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// The best fit first.
    #[default]
    Relevance,
    /// The cheapest first.
    PriceLow,
    /// The dearest first.
    PriceHigh,
}

/// A product and those of its variants that meet the wish.
#[derive(Clone, Debug)]
pub struct Item {
    /// As it is in the store now.
    pub product: Product,
    /// Variants that meet the constraints.
    pub matching: Vec<VariantId>,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Best first.
    pub items: Vec<Item>,
    /// How many meet the wish, shown or not, among those looked at.
    pub total: usize,
    /// How the wish was understood.
    pub wish: Wish,
    /// Constraints that were dropped because nothing met them all, in words.
    pub relaxed: Vec<String>,
    /// Whether what was found is what was asked for, or only the nearest there is.
    pub relevant: bool,
}

/// Finds products. When nothing meets every constraint, they are dropped one kind after the other, and said.
pub async fn find(app: &App, shop: &Shop, search: &Search) -> Result<Found, Error> {
    let mut tx = app.store.read(&shop.id).await?;
    let vocabulary: Vocabulary =
        tx.vocabulary().await?.and_then(|body| serde_json::from_str(&body).ok()).unwrap_or_default();
    let mut wish = understand::understand(&search.query, shop.currency, &vocabulary);
    if let Some(id) = &search.cheaper_than
        && let Some((low, _)) = tx.product(id).await?.and_then(|p| p.price_range())
    {
        wish.at_most = Some(Money::new((low.minor - 1).max(0), low.currency));
    }
    drop(tx);
    let asked = Asked::read(&search.query, &wish, &vocabulary);
    let vector = app.embedder.embed_query(&asked.spoken).await?;
    let look =
        Look { app, shop, search, vocabulary: &vocabulary, tokens: asked.tokens(&search.query, &wish), vector, asked };
    let mut nearest: Option<Found> = None;
    let budget = wish.at_most;
    for (wish, relaxed) in relaxations(&wish, search.cheaper_than.is_some()) {
        let mut ranked = look.rank(&wish).await?;
        if ranked.items.is_empty() {
            continue;
        }
        if budget.is_some() && wish.at_most.is_none() {
            // Nothing is within the budget: the nearest to it comes first.
            ranked.items.sort_by_key(price);
        }
        let total = ranked.items.len();
        let items = ranked.items.into_iter().take(search.limit).collect();
        let found = Found { items, total, wish, relaxed, relevant: ranked.relevant };
        if found.relevant {
            return Ok(found);
        }
        nearest.get_or_insert(found);
    }
    Ok(nearest.unwrap_or(Found { items: Vec::new(), total: 0, wish, relaxed: Vec::new(), relevant: false }))
}

/// One search under way.
struct Look<'a> {
    app: &'a App,
    shop: &'a Shop,
    search: &'a Search,
    vocabulary: &'a Vocabulary,
    asked: Asked,
    tokens: Vec<String>,
    vector: Vec<f32>,
}

struct Ranked {
    items: Vec<Item>,
    relevant: bool,
}

/// The wish as it is, then without one of its constraints, then without more and more. Who asks for something cheaper is
/// not shown what is dearer.
fn relaxations(wish: &Wish, cheaper: bool) -> Vec<(Wish, Vec<String>)> {
    let mut stages = vec![(wish.clone(), Vec::new())];
    let mut current = wish.clone();
    let mut dropped: Vec<String> = Vec::new();
    // One alone, colours before sizes: a jacket in another colour is nearer to the wish than one that does not fit.
    for (name, values) in wish.options.iter().filter(|_| wish.options.len() + wish.attributes.len() > 1).take(ALONE_MAX)
    {
        let mut without = wish.clone();
        without.options.remove(name);
        stages.push((without, vec![option(name, values)]));
    }
    for (key, values) in wish.attributes.iter().filter(|_| wish.attributes.len() > 1).take(ALONE_MAX) {
        let mut without = wish.clone();
        without.attributes.remove(key);
        stages.push((without, vec![property(key, values)]));
    }
    if !current.options.is_empty() {
        dropped.extend(current.options.iter().map(|(name, values)| option(name, values)));
        current.options.clear();
        stages.push((current.clone(), dropped.clone()));
    }
    if !current.attributes.is_empty() {
        dropped.extend(current.attributes.iter().map(|(key, values)| property(key, values)));
        current.attributes.clear();
        stages.push((current.clone(), dropped.clone()));
    }
    if !cheaper && (wish.at_most.is_some() || wish.at_least.is_some()) {
        let price = "the price limit".to_owned();
        let mut without = wish.clone();
        (without.at_most, without.at_least) = (None, None);
        if !dropped.is_empty() {
            stages.push((without, vec![price.clone()]));
        }
        dropped.push(price);
        (current.at_most, current.at_least) = (None, None);
        stages.push((current, dropped));
    }
    stages
}

fn option(name: &str, values: &[String]) -> String {
    format!("{name} {}", values.join("/"))
}

fn property(key: &str, values: &[String]) -> String {
    if values == ["yes"] { key.to_owned() } else { values.join("/") }
}

impl Look<'_> {
    async fn rank(&self, wish: &Wish) -> Result<Ranked, Error> {
        let (app, shop, asked) = (self.app, self.shop, &self.asked);
        let weight = app.config.embed.weight.unwrap_or_else(|| app.embedder.weight());
        let (index, filter) = (app.index.as_ref(), filter(wish));
        let Both { dense, fused } = fuse::both(index, &shop.id, &self.tokens, &self.vector, &filter, weight).await?;
        let ids: Vec<ProductId> = fused.iter().take(CANDIDATES).map(|hit| ProductId::new(hit.id.clone())).collect();
        let products = app.store.read(&shop.id).await?.products(&ids).await?;
        let mut scored: Vec<(f32, Fitting, Item)> = Vec::new();
        for product in products {
            let matching = matching(&product, wish);
            if !matching.is_empty() {
                let fitting = fitting(&product, asked, self.vocabulary);
                scored.push((
                    score(&product, &fused, &fitting, &matching, &self.search.query),
                    fitting,
                    Item { product, matching },
                ));
            }
        }
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.2.product.id.cmp(&b.2.product.id)));
        let relevant = scored.iter().any(|(_, fitting, _)| fitting.relevant);
        let best = scored.iter().map(|(_, fitting, _)| fitting.share).fold(0.0, f32::max);
        if !asked.constraints_only && best > 0.0 {
            // Where there is the kind of thing asked for, nothing of another kind is an answer.
            let of_kind = relevant && scored.iter().any(|(_, fitting, _)| fitting.relevant && fitting.is_kind);
            scored.retain(|(_, f, _)| f.share >= best * TAIL_SHARE && (f.is_kind || !of_kind));
        }
        // A sock is not the nearest thing to a surfboard: without a word in common, only a close meaning is near.
        let meaning = dense.first().map_or(0.0, |hit| hit.score);
        if !relevant && meaning < NEAR_MEANING {
            scored.retain(|(_, fitting, _)| fitting.near);
        }
        let mut items: Vec<Item> = scored.into_iter().map(|(_, _, item)| item).collect();
        self.sort(&mut items, wish);
        Ok(Ranked { items, relevant })
    }

    fn sort(&self, items: &mut [Item], wish: &Wish) {
        match (self.search.sort, wish.sort) {
            (Sort::PriceLow, _) | (Sort::Relevance, Some(understand::Sort::CheapestFirst)) => items.sort_by_key(price),
            (Sort::PriceHigh, _) | (Sort::Relevance, Some(understand::Sort::DearestFirst)) => {
                items.sort_by_key(|i| std::cmp::Reverse(price(i)));
            }
            (Sort::Relevance, None) => {}
        }
    }
}

fn filter(wish: &Wish) -> Filter {
    let lower = |text: &String| text.to_lowercase();
    let options = wish.options.iter().map(|(name, values)| (lower(name), values.iter().map(lower).collect()));
    let attributes = wish.attributes.iter().map(|(key, value)| (lower(key), value.iter().map(lower).collect()));
    Filter {
        kind: Some(Kind::Product),
        price_at_least: wish.at_least.map(|m| m.minor),
        price_at_most: wish.at_most.map(|m| m.minor),
        in_stock: wish.in_stock,
        attributes: options.chain(attributes).collect(),
    }
}

/// The variants that meet price, options and stock together, as they are now. The index may be a moment behind.
pub fn matching(product: &Product, wish: &Wish) -> Vec<VariantId> {
    let has = |key: &String, values: &[String]| {
        product.attributes.get(key).is_some_and(|own| values.iter().any(|value| value.eq_ignore_ascii_case(own)))
    };
    if !wish.attributes.iter().all(|(key, values)| has(key, values)) || names_unwanted(product, &wish.not) {
        return Vec::new();
    }
    let meets = |v: &&Variant| {
        wish.at_most.is_none_or(|m| v.price.minor <= m.minor)
            && wish.at_least.is_none_or(|m| v.price.minor >= m.minor)
            && (!wish.in_stock || v.in_stock())
            && !v.options.iter().any(|c| wish.not.contains(&c.value.to_lowercase()))
            && wish.options.iter().all(|(name, values)| {
                // A colour may be an option of the variant or a property of the product.
                let own = v.option(name).or_else(|| product.attributes.get(&name.to_lowercase()).map(String::as_str));
                own.is_some_and(|own| values.iter().any(|value| value.eq_ignore_ascii_case(own)))
            })
    };
    product.variants.iter().filter(meets).map(|v| v.id.clone()).collect()
}

/// What a product is ranked by.
fn score(product: &Product, fused: &[Hit], fitting: &Fitting, matching: &[VariantId], query: &str) -> f32 {
    let place = fused.iter().find(|hit| hit.id == product.id.as_str()).map_or(0.0, |hit| hit.score);
    let stocked = product.variants.iter().any(|v| matching.contains(&v.id) && v.in_stock());
    let warm = if warmth::suffices(product, query) { WARM_ENOUGH_BONUS } else { 0.0 };
    let score = FUSED_WEIGHT * place + fitting.share + CATEGORY_BONUS * fitting.category + warm;
    // What cannot be bought comes after what can.
    if stocked { score } else { score - 2.0 }
}

/// Whether a product is, or is made of, what somebody does not want. What its text tells may be "without leather", and
/// what its variants come in is looked at one by one.
fn names_unwanted(product: &Product, not: &[String]) -> bool {
    if not.is_empty() {
        return false;
    }
    let mut text = format!("{} {}", product.title, product.category);
    for (key, value) in product.attributes.iter().filter(|(_, value)| *value != "no") {
        text.push(' ');
        text.push_str(if value == "yes" { key } else { value });
    }
    let words: BTreeSet<String> = analyse::document(&text).into_iter().collect();
    not.iter().flat_map(|word| analyse::query(word)).any(|token| words.contains(&token))
}

fn price(item: &Item) -> i64 {
    let of = |v: &&Variant| item.matching.contains(&v.id);
    item.product.variants.iter().filter(of).map(|v| v.price.minor).min().unwrap_or(i64::MAX)
}
