//! Finding products: constraints become filters, words and meaning are fused, and what is shown is read from the store.

use crate::app::App;
use crate::catalog::Error;
use crate::catalog::understand::{self, Vocabulary, Wish};
use crate::domain::id::{ProductId, VariantId};
use crate::domain::money::Money;
use crate::domain::product::{Product, Variant};
use crate::domain::shop::Shop;
use crate::search::{Filter, HITS_MAX, Hit, Kind, analyse, fuse};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Products read and checked for one wish.
const CANDIDATES: usize = 60;
/// What a hit's place in the fused list counts beside its words.
const FUSED_WEIGHT: f32 = 0.6;
/// Extra for a wish's word in the category: who asks for a tent does not want pegs first.
const CATEGORY_BONUS: f32 = 0.35;
/// Extra for a wish's word in the title.
const TITLE_BONUS: f32 = 0.2;
/// Share of the wish's words a product has to have for the wish to count as met.
const RELEVANT_SHARE: f32 = 0.5;
/// Similarity of meaning that counts as met, whatever the words.
const RELEVANT_MEANING: f32 = 0.55;
/// Products with less than this share of the best one's words are left out.
const TAIL_SHARE: f32 = 0.6;

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
    if let Some(id) = &search.cheaper_than {
        if let Some((low, _)) = tx.product(id).await?.and_then(|p| p.price_range()) {
            wish.at_most = Some(Money::new((low.minor - 1).max(0), low.currency));
        }
    }
    drop(tx);
    // A wish of constraints only ("something under 50") is ranked by all its words.
    let words = if wish.words.trim().is_empty() { &search.query } else { &wish.words };
    let asked = Asked { tokens: analyse::query(words), constraints_only: wish.words.trim().is_empty() };
    let vectors = app.embedder.embed(&[words.clone()]).await?;
    let vector = vectors.first().map_or(&[][..], Vec::as_slice);
    for (wish, relaxed) in relaxations(&wish) {
        let ranked = rank(app, shop, &asked, vector, &wish, search).await?;
        if !ranked.items.is_empty() {
            let total = ranked.items.len();
            let items = ranked.items.into_iter().take(search.limit).collect();
            return Ok(Found { items, total, wish, relaxed, relevant: ranked.relevant });
        }
    }
    Ok(Found { items: Vec::new(), total: 0, wish, relaxed: Vec::new(), relevant: false })
}

struct Asked {
    tokens: Vec<String>,
    constraints_only: bool,
}

struct Ranked {
    items: Vec<Item>,
    relevant: bool,
}

/// The wish as it is, then without properties, then without options, then without its price.
fn relaxations(wish: &Wish) -> Vec<(Wish, Vec<String>)> {
    let mut stages = vec![(wish.clone(), Vec::new())];
    let mut current = wish.clone();
    let mut dropped: Vec<String> = Vec::new();
    if !current.attributes.is_empty() {
        dropped.extend(current.attributes.iter().map(|(key, values)| property(key, values)));
        current.attributes.clear();
        stages.push((current.clone(), dropped.clone()));
    }
    if !current.options.is_empty() {
        dropped.extend(current.options.iter().map(|(name, values)| format!("{name} {}", values.join("/"))));
        current.options.clear();
        stages.push((current.clone(), dropped.clone()));
    }
    if current.at_most.is_some() || current.at_least.is_some() {
        dropped.push("the price limit".to_owned());
        (current.at_most, current.at_least) = (None, None);
        stages.push((current, dropped));
    }
    stages
}

fn property(key: &str, values: &[String]) -> String {
    if values == ["yes"] { key.to_owned() } else { values.join("/") }
}

async fn rank(
    app: &App,
    shop: &Shop,
    asked: &Asked,
    vector: &[f32],
    wish: &Wish,
    search: &Search,
) -> Result<Ranked, Error> {
    let filter = filter(wish);
    let lexical = app.index.lexical(&shop.id, &asked.tokens, &filter, HITS_MAX).await?;
    let dense = if vector.iter().all(|x| *x == 0.0) {
        Vec::new()
    } else {
        app.index.dense(&shop.id, vector, &filter, HITS_MAX).await?
    };
    let weight = app.config.embed.weight.unwrap_or_else(|| app.embedder.weight());
    let fused = fuse::fuse(&lexical, &dense, weight);
    let ids: Vec<ProductId> = fused.iter().take(CANDIDATES).map(|hit| ProductId::new(hit.id.clone())).collect();
    let products = app.store.read(&shop.id).await?.products(&ids).await?;
    let mut scored: Vec<(f32, f32, Item)> = products
        .into_iter()
        .filter_map(|product| {
            let matching = matching(&product, wish);
            (!matching.is_empty()).then(|| {
                let (score, share) = score(&product, &fused, &asked.tokens, &matching);
                (score, share, Item { product, matching })
            })
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.2.product.id.cmp(&b.2.product.id)));
    let best = scored.iter().map(|s| s.1).fold(0.0, f32::max);
    let meaning = dense.first().map_or(0.0, |hit| hit.score);
    let relevant = asked.constraints_only || best >= RELEVANT_SHARE || meaning >= RELEVANT_MEANING;
    if !asked.constraints_only && best > 0.0 {
        scored.retain(|(_, share, _)| *share >= best * TAIL_SHARE);
    }
    let mut items: Vec<Item> = scored.into_iter().map(|(_, _, item)| item).collect();
    match (search.sort, wish.sort) {
        (Sort::PriceLow, _) | (Sort::Relevance, Some(understand::Sort::CheapestFirst)) => {
            items.sort_by_key(|i| price(i))
        }
        (Sort::PriceHigh, _) | (Sort::Relevance, Some(understand::Sort::DearestFirst)) => {
            items.sort_by_key(|i| std::cmp::Reverse(price(i)));
        }
        (Sort::Relevance, None) => {}
    }
    Ok(Ranked { items, relevant })
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
            && wish.options.iter().all(|(name, values)| {
                // A colour may be an option of the variant or a property of the product.
                let own = v.option(name).or_else(|| product.attributes.get(&name.to_lowercase()).map(String::as_str));
                own.is_some_and(|own| values.iter().any(|value| value.eq_ignore_ascii_case(own)))
            })
    };
    product.variants.iter().filter(meets).map(|v| v.id.clone()).collect()
}

fn names_unwanted(product: &Product, not: &[String]) -> bool {
    if not.is_empty() {
        return false;
    }
    let text = words_of(product);
    not.iter().flat_map(|word| analyse::query(word)).any(|token| text.contains(&token))
}

/// A product's score, and the share of the wish's words it has.
fn score(product: &Product, fused: &[Hit], tokens: &[String], matching: &[VariantId]) -> (f32, f32) {
    let place = fused.iter().find(|hit| hit.id == product.id.as_str()).map_or(0.0, |hit| hit.score);
    let has = |text: &str| -> BTreeSet<String> { analyse::document(text).into_iter().collect() };
    let share = |words: &BTreeSet<String>| {
        if tokens.is_empty() {
            return 0.0;
        }
        tokens.iter().filter(|t| words.contains(*t)).count() as f32 / tokens.len() as f32
    };
    let all = words_of(product);
    let share_all = share(&all);
    let stocked = product.variants.iter().any(|v| matching.contains(&v.id) && v.in_stock());
    let score = FUSED_WEIGHT * place
        + share_all
        + CATEGORY_BONUS * share(&has(&product.category))
        + TITLE_BONUS * share(&has(&product.title));
    // What cannot be bought comes after what can.
    (if stocked { score } else { score - 2.0 }, share_all)
}

fn words_of(product: &Product) -> BTreeSet<String> {
    let mut text = format!("{} {} {} {}", product.title, product.brand, product.category, product.description);
    for (key, value) in &product.attributes {
        text.push(' ');
        text.push_str(if value == "yes" { key } else { value });
    }
    for choice in product.variants.iter().flat_map(|v| &v.options) {
        text.push(' ');
        text.push_str(&choice.value);
    }
    for variant in &product.variants {
        text.push(' ');
        text.push_str(variant.id.as_str());
    }
    analyse::document(&text).into_iter().collect()
}

fn price(item: &Item) -> i64 {
    let of = |v: &&Variant| item.matching.contains(&v.id);
    item.product.variants.iter().filter(of).map(|v| v.price.minor).min().unwrap_or(i64::MAX)
}
