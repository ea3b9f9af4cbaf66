//! One look for goods: both sides of the index, what is not in it yet, and the order of what came.

use crate::app::App;
use crate::catalog::Error;
use crate::catalog::find::asked::Asked;
use crate::catalog::find::fitting::{Fitting, fitting};
use crate::catalog::find::{Item, Ranking, Search, Sort, matching, warmth};
use crate::catalog::understand::{self, Vocabulary, Wish};
use crate::domain::id::{ProductId, VariantId};
use crate::domain::product::Product;
use crate::domain::shop::Shop;
use crate::search::fuse::{self, Both};
use crate::search::{Filter, Hit, Kind};
use serde::Serialize;
use std::collections::HashMap;

/// Extra for meeting a temperature that was named.
const WARM_ENOUGH_BONUS: f32 = 0.3;
/// What cannot be bought comes after what can.
const OUT_OF_STOCK: f32 = 2.0;
/// Similarity of meaning from which something is near whatever its words.
const NEAR_MEANING: f32 = 0.5;

/// One search under way.
pub(super) struct Look<'a> {
    app: &'a App,
    shop: &'a Shop,
    search: &'a Search,
    ranking: &'a Ranking,
    vocabulary: Vocabulary,
    asked: Asked,
    tokens: Vec<String>,
    vector: Vec<f32>,
}

/// Something that came into question, and why it stands where it does.
#[derive(Clone, Debug, Serialize)]
pub struct Candidate {
    /// Which product.
    pub id: ProductId,
    /// What it is ranked by; those that were not read have none.
    pub score: Option<f32>,
    /// By words alone, if they found it.
    pub lexical: Option<f32>,
    /// By meaning alone, if it is among the nearest.
    pub dense: Option<f32>,
    /// Both sides as one.
    pub fused: f32,
    /// How it fits, if it was read.
    pub fitting: Option<Fitting>,
}

/// What came, best first.
pub(super) struct Ranked {
    /// Read from the store and checked.
    pub scored: Vec<(Candidate, Item)>,
    /// What only the index knows of.
    pub rest: Vec<Candidate>,
    /// Similarity of the nearest by meaning.
    meaning: f32,
}

/// What a shopper is shown.
pub(super) struct Shown {
    pub items: Vec<Item>,
    pub relevant: bool,
}

impl<'a> Look<'a> {
    /// Takes a wish apart and makes its vector.
    pub async fn begin(
        app: &'a App,
        shop: &'a Shop,
        search: &'a Search,
        ranking: &'a Ranking,
        vocabulary: Vocabulary,
        wish: &Wish,
    ) -> Result<Self, Error> {
        let asked = Asked::read(&search.query, wish, &vocabulary);
        let vector = app.embedder.embed_query(&asked.spoken).await?;
        Ok(Self { app, shop, search, ranking, tokens: asked.tokens(&search.query, wish), vector, vocabulary, asked })
    }

    /// Everything that comes into question, best first.
    pub async fn rank(&self, wish: &Wish) -> Result<Ranked, Error> {
        let (app, shop) = (self.app, self.shop);
        let weight = self.ranking.weight.or(app.config.embed.weight).unwrap_or_else(|| app.embedder.weight());
        let (index, filter) = (app.index.as_ref(), filter(wish));
        let both = fuse::both(index, &shop.id, &self.tokens, &self.vector, &filter, weight).await?;
        let meaning = both.dense.first().map_or(0.0, |hit| hit.score);
        let mut rest = merged(&both);
        let read = rest.split_off(self.ranking.read.min(rest.len()));
        let (read, rest) = (rest, read);
        let ids: Vec<ProductId> = read.iter().map(|candidate| candidate.id.clone()).collect();
        let products = app.store.read(&shop.id).await?.products(&ids).await?;
        let mut candidates: HashMap<ProductId, Candidate> = read.into_iter().map(|c| (c.id.clone(), c)).collect();
        let mut scored: Vec<(Candidate, Item)> = Vec::new();
        for product in products {
            let matching = matching(&product, wish);
            let Some(mut candidate) = candidates.remove(&product.id).filter(|_| !matching.is_empty()) else { continue };
            let fitting = fitting(&product, &self.asked, &self.vocabulary);
            candidate.score = Some(self.score(&product, candidate.fused, &fitting, &matching));
            candidate.fitting = Some(fitting);
            scored.push((candidate, Item { product, matching }));
        }
        let by = |c: &Candidate| c.score.unwrap_or(0.0);
        scored.sort_by(|(a, _), (b, _)| by(b).total_cmp(&by(a)).then_with(|| a.id.cmp(&b.id)));
        Ok(Ranked { scored, rest, meaning })
    }

    /// What of it is an answer.
    pub async fn shown(&self, wish: &Wish) -> Result<Shown, Error> {
        let Ranked { mut scored, meaning, .. } = self.rank(wish).await?;
        let fits = |c: &Candidate| c.fitting.unwrap_or_default();
        let relevant = scored.iter().any(|(c, _)| fits(c).relevant);
        let best = scored.iter().map(|(c, _)| fits(c).share).fold(0.0, f32::max);
        if !self.asked.constraints_only && best > 0.0 {
            // Where there is the kind of thing asked for, nothing of another kind is an answer.
            let of_kind = relevant && scored.iter().any(|(c, _)| fits(c).relevant && fits(c).is_kind);
            scored.retain(|(c, _)| fits(c).share >= best * self.ranking.tail && (fits(c).is_kind || !of_kind));
        }
        // A sock is not the nearest thing to a surfboard: without a word in common, only a close meaning is near.
        if !relevant && meaning < NEAR_MEANING {
            scored.retain(|(c, _)| fits(c).near);
        }
        let mut items: Vec<Item> = scored.into_iter().map(|(_, item)| item).collect();
        self.sort(&mut items, wish);
        Ok(Shown { items, relevant })
    }

    fn score(&self, product: &Product, fused: f32, fitting: &Fitting, matching: &[VariantId]) -> f32 {
        let Ranking { place, share, category, .. } = self.ranking;
        let stocked = product.variants.iter().any(|v| matching.contains(&v.id) && v.in_stock());
        let warm = if warmth::suffices(product, &self.search.query) { WARM_ENOUGH_BONUS } else { 0.0 };
        let score = place * fused + share * fitting.share + category * fitting.category + warm;
        if stocked { score } else { score - OUT_OF_STOCK }
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

/// The lowest price of the variants that meet a wish.
pub(super) fn price(item: &Item) -> i64 {
    let of = |v: &&crate::domain::product::Variant| item.matching.contains(&v.id);
    item.product.variants.iter().filter(of).map(|v| v.price.minor).min().unwrap_or(i64::MAX)
}

/// Each hit with what either side says of it, in the order of both.
fn merged(both: &Both) -> Vec<Candidate> {
    let by_id = |hits: &[Hit]| -> HashMap<String, f32> { hits.iter().map(|h| (h.id.clone(), h.score)).collect() };
    let (lexical, dense) = (by_id(&both.lexical), by_id(&both.dense));
    let candidate = |hit: &Hit| Candidate {
        id: ProductId::new(hit.id.clone()),
        score: None,
        lexical: lexical.get(&hit.id).copied(),
        dense: dense.get(&hit.id).copied(),
        fused: hit.score,
        fitting: None,
    };
    both.fused.iter().map(candidate).collect()
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
