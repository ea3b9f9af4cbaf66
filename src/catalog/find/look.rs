//! One look for goods: both sides of the index, what is not in it yet, and the order of what came.

use crate::app::App;
use crate::app::meaning::Meaning;
use crate::catalog::Error;
use crate::catalog::find::asked::Asked;
use crate::catalog::find::code::{self, Pin, Typed};
use crate::catalog::find::fitting::{Fitting, fitting};
use crate::catalog::find::relevance::Relevance;
use crate::catalog::find::{Item, Ranking, Search, Sort, held, matching, warmth};
use crate::catalog::understand::{self, Vocabulary, Wish, colour};
use crate::cores;
use crate::domain::id::{ProductId, VariantId};
use crate::domain::product::Product;
use crate::domain::shop::Shop;
use crate::search::fuse::{self, Both};
use crate::search::{Filter, HITS_MAX, Hit, Kind, analyse};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Extra for meeting a temperature that was named.
const WARM_ENOUGH_BONUS: f32 = 0.3;
/// What is not made for it comes after what does not tell, where nothing is made for it.
const TOO_COLD: f32 = 1.5;
/// What cannot be bought comes after what can.
const OUT_OF_STOCK: f32 = 2.0;
/// What a product gains whose code was typed: it stands first.
const PINNED: f32 = 10.0;
/// Products looked up for codes that were typed.
const PINNED_MAX: usize = 8;
/// Products that a core looks through, at least; fewer are not worth waking one.
const FITTED_AT_ONCE: usize = 16;
/// Products read although the index does not show their change yet.
const UNINDEXED_MAX: i64 = 200;

/// One search under way.
pub(super) struct Look<'a> {
    app: &'a App,
    shop: &'a Shop,
    search: &'a Search,
    ranking: &'a Ranking,
    vocabulary: Arc<Vocabulary>,
    asked: Asked,
    typed: Typed,
    tokens: Vec<String>,
    meaning: Meaning,
    /// What the words find among all that meets the whole wish.
    by_words: (Filter, Vec<Hit>),
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
    /// By meaning, from 0 to 1 among the nearest.
    pub near: f32,
    /// Both sides as one.
    pub fused: f32,
    /// How it fits, if it was read.
    pub fitting: Option<Fitting>,
    /// Whether one of its codes was typed, alone or among other words.
    pub pinned: Option<Pin>,
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
        vocabulary: Arc<Vocabulary>,
        wish: &Wish,
    ) -> Result<Self, Error> {
        let asked = Asked::read(&search.query, wish, &vocabulary);
        let weight = ranking.weight.or(app.config.embed.weight).unwrap_or_else(|| app.embedder.weight());
        let tokens = tokens(&asked, search, wish, &vocabulary, ranking.usual);
        let first = filter(wish);
        // What words find needs no vector, so it is looked for while that is made.
        let (meaning, by_words) = tokio::try_join!(
            Meaning::of(app, shop, Kind::Product, &asked.spoken, weight),
            app.index.lexical(&shop.id, &tokens, &first, HITS_MAX)
        )?;
        let typed = Typed::read(&search.query);
        Ok(Self { app, shop, search, ranking, vocabulary, asked, typed, tokens, meaning, by_words: (first, by_words) })
    }

    /// The same search for other words.
    pub async fn anew(&self, wish: &Wish) -> Result<Self, Error> {
        Self::begin(self.app, self.shop, self.search, self.ranking, Arc::clone(&self.vocabulary), wish).await
    }

    /// Whether the words that are asked for say a kind of thing.
    pub fn asks_for(&self, kind: &str) -> bool {
        let words = analyse::document(kind);
        !words.is_empty() && words.iter().all(|word| self.tokens.contains(word))
    }

    /// Whether a product is of the kind that is named; no where none is.
    pub fn is_kind(&self, product: &Product) -> bool {
        !self.asked.constraints_only && fitting(&held::texts(product), &self.asked, &self.vocabulary).is_kind
    }

    /// Everything that comes into question, best first.
    pub async fn rank(&self, wish: &Wish) -> Result<Ranked, Error> {
        let (app, shop) = (self.app, self.shop);
        let (index, filter) = (app.index.as_ref(), filter(wish));
        let Meaning { vector, weight, .. } = &self.meaning;
        let lexical = match &self.by_words {
            (asked, found) if *asked == filter => found.clone(),
            _ => index.lexical(&shop.id, &self.tokens, &filter, HITS_MAX).await?,
        };
        let mut both = fuse::beside(index, &shop.id, lexical, vector, &filter, *weight).await?;
        self.meaning.even(&mut both);
        let meaning = both.dense.first().map_or(0.0, |hit| hit.score);
        let mut read = merged(&both, &self.meaning);
        let mut rest = read.split_off(self.ranking.read.min(read.len()));
        let mut tx = app.store.read(&shop.id).await?;
        let changed = tx.unindexed(UNINDEXED_MAX).await?.into_iter().map(|(id, _)| id);
        let also: Vec<ProductId> = self.coded().await?.into_iter().chain(changed).collect();
        let known: HashSet<ProductId> = read.iter().map(|candidate| candidate.id.clone()).collect();
        for id in also.into_iter().filter(|id| !known.contains(id)) {
            let listed = rest.iter().position(|candidate| candidate.id == id).map(|at| rest.remove(at));
            read.push(listed.unwrap_or_else(|| Candidate::of(id)));
        }
        let ids: Vec<ProductId> = read.iter().map(|candidate| candidate.id.clone()).collect();
        let products = tx.products(&ids).await?;
        drop(tx);
        let mut candidates: HashMap<ProductId, Candidate> = read.into_iter().map(|c| (c.id.clone(), c)).collect();
        let fit = |product: &Product| fitting(&held::texts(product), &self.asked, &self.vocabulary);
        let fittings = cores::in_parts(&products, FITTED_AT_ONCE, |_, part| part.iter().map(fit).collect::<Vec<_>>());
        let mut scored: Vec<(Candidate, Item)> = Vec::new();
        for (product, fitting) in products.into_iter().zip(fittings.into_iter().flatten()) {
            let Some(candidate) = candidates.remove(&product.id) else { continue };
            scored.extend(self.weigh(candidate, product, fitting, wish));
        }
        let by = |c: &Candidate| c.score.unwrap_or(0.0);
        scored.sort_by(|(a, _), (b, _)| by(b).total_cmp(&by(a)).then_with(|| a.id.cmp(&b.id)));
        Ok(Ranked { scored, rest, meaning })
    }

    /// Products whose code may have been typed, whatever else was understood.
    async fn coded(&self) -> Result<Vec<ProductId>, Error> {
        let tokens = self.typed.tokens();
        if tokens.is_empty() {
            return Ok(Vec::new());
        }
        let filter = Filter { kind: Some(Kind::Product), ..Filter::default() };
        let hits = self.app.index.lexical(&self.shop.id, &tokens, &filter, PINNED_MAX).await?;
        Ok(hits.into_iter().map(|hit| ProductId::new(hit.id)).collect())
    }

    /// What a product is ranked by; nothing when it does not meet the wish.
    fn weigh(
        &self,
        mut candidate: Candidate,
        product: Product,
        fitting: Fitting,
        wish: &Wish,
    ) -> Option<(Candidate, Item)> {
        let pinned = self.typed.pin(&product);
        let mut matching = matching(&product, wish);
        if matching.is_empty() && pinned == Some(Pin::Whole) {
            // Digits of a code may have been read as a size or a price.
            matching = product.variants.iter().map(|v| v.id.clone()).collect();
        }
        if matching.is_empty() {
            return None;
        }
        if candidate.unlisted() {
            // The index does not know it as it is now: its words alone stand for a place.
            candidate.fused = fitting.share;
            if !fitting.near && !self.asked.constraints_only && pinned.is_none() {
                return None;
            }
        }
        let place = candidate.fused + self.ranking.meaning * candidate.near;
        let pin = if pinned.is_some() { PINNED } else { 0.0 };
        candidate.score = Some(self.score(&product, place, &fitting, &matching) + pin);
        candidate.fitting = Some(fitting);
        candidate.pinned = pinned;
        Some((candidate, Item { product, matching }))
    }

    /// What of it is an answer.
    pub async fn shown(&self, wish: &Wish) -> Result<Shown, Error> {
        let Ranked { mut scored, meaning, .. } = self.rank(wish).await?;
        if scored.iter().any(|(c, _)| c.pinned == Some(Pin::Whole)) {
            scored.retain(|(c, _)| c.pinned == Some(Pin::Whole));
            return Ok(Shown { items: scored.into_iter().map(|(_, item)| item).collect(), relevant: true });
        }
        let fits = |c: &Candidate| c.fitting.unwrap_or_default();
        let best = scored.iter().map(|(c, _)| fits(c).share).fold(0.0, f32::max);
        let named = scored.iter().any(|(c, _)| fits(c).relevant);
        // A code that was typed names the thing itself, unless something else is asked for, as in "toner for" it.
        let named_by_code = |product: &Product| {
            let noun =
                self.asked.noun.and_then(|at| self.asked.terms.get(at)).and_then(|(term, _)| term.tokens().next());
            noun.is_none_or(|word| code::codes(product).iter().any(|code| code.contains(word.as_str())))
        };
        let coded = scored.iter().any(|(c, i)| c.pinned.is_some() && (fits(c).is_kind || named_by_code(&i.product)));
        // Where nothing is known of what it means, words say alone whether it is that.
        let silent = self.meaning.is_unknown()
            || scored.iter().any(|(c, _)| fits(c).share >= best && self.meaning.lacks(c.id.as_str()));
        let relevant = !scored.is_empty()
            && (coded || self.asked.constraints_only || self.carries(best, meaning, named) || (named && silent));
        if !self.asked.constraints_only && best > 0.0 {
            // Where there is the kind of thing asked for, nothing of another kind is an answer.
            let of_kind = relevant && scored.iter().any(|(c, _)| fits(c).relevant && fits(c).is_kind);
            let enough = best * self.ranking.tail;
            scored.retain(|(c, _)| c.pinned.is_some() || (fits(c).share >= enough && (fits(c).is_kind || !of_kind)));
        }
        let warm = |item: &Item| warmth::suffices(&item.product, &self.search.query);
        if scored.iter().any(|(_, item)| warm(item) == Some(true)) {
            scored.retain(|(_, item)| warm(item) != Some(false));
        }
        // A sock is not the nearest thing to a surfboard: without a word in common, only a close meaning is near.
        if !relevant && meaning < self.app.embedder.near() {
            scored.retain(|(c, _)| fits(c).near);
        }
        let mut items: Vec<Item> = scored.into_iter().map(|(_, item)| item).collect();
        if relevant {
            items = self.reranked(items).await;
        }
        self.sort(&mut items, wish);
        Ok(Shown { items, relevant })
    }

    /// In the order of the second opinion, where there is one.
    async fn reranked(&self, items: Vec<Item>) -> Vec<Item> {
        let Some(reranker) = &self.app.reranker else { return items };
        let text =
            |item: &Item| format!("{}. {}. {}", item.product.title, item.product.category, item.product.description);
        let texts: Vec<String> = items.iter().map(text).collect();
        match reranker.order(&self.asked.spoken, &texts).await {
            Ok(order) => {
                let mut left: Vec<Option<Item>> = items.into_iter().map(Some).collect();
                order.into_iter().filter_map(|at| left.get_mut(at)?.take()).collect()
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the order of what was found stays");
                items
            }
        }
    }

    /// Whether what was found is what was asked for.
    fn carries(&self, share: f32, meaning: f32, named: bool) -> bool {
        Relevance::of(&self.app.embedder.stamp()).map_or(named, |fitted| fitted.carries(share, meaning, named))
    }

    fn score(&self, product: &Product, placed: f32, fitting: &Fitting, matching: &[VariantId]) -> f32 {
        let Ranking { place, share, category, .. } = self.ranking;
        let stocked = product.variants.iter().any(|v| matching.contains(&v.id) && v.in_stock());
        let warm = match warmth::suffices(product, &self.search.query) {
            Some(true) => WARM_ENOUGH_BONUS,
            Some(false) => -TOO_COLD,
            None => 0.0,
        };
        let score = place * placed + share * fitting.share + category * fitting.category + warm;
        if stocked { score } else { score - OUT_OF_STOCK }
    }

    fn sort(&self, items: &mut [Item], wish: &Wish) {
        match (self.search.sort, wish.sort) {
            (Sort::PriceLow, _) | (Sort::Relevance, Some(understand::Sort::CheapestFirst)) => items.sort_by_key(price),
            (Sort::PriceHigh, _) | (Sort::Relevance, Some(understand::Sort::DearestFirst)) => {
                items.sort_by_key(|i| std::cmp::Reverse(price(i)));
            }
            (Sort::Relevance, None) => {
                // What does not tell its measures stays, behind what does.
                let silent = |i: &Item| wish.measures.iter().any(|m| understand::meets(&i.product, m).is_none());
                items.sort_by_cached_key(silent);
                if !wish.not.is_empty() {
                    items.sort_by_cached_key(|i| understand::is_doubtful(&i.product, &wish.not));
                }
                if let Some(by) = wish.by {
                    let key = |i: &Item| understand::by(&i.product, by).unwrap_or(f64::INFINITY);
                    items.sort_by(|a, b| key(a).total_cmp(&key(b)));
                }
            }
        }
    }
}

impl Candidate {
    /// Something the index did not name.
    fn of(id: ProductId) -> Self {
        Self { id, score: None, lexical: None, dense: None, near: 0.0, fused: 0.0, fitting: None, pinned: None }
    }

    fn unlisted(&self) -> bool {
        self.lexical.is_none() && self.dense.is_none()
    }
}

/// What the index is asked for. Other words for a word that many products have would only drown it.
fn tokens(asked: &Asked, search: &Search, wish: &Wish, vocabulary: &Vocabulary, usual: u32) -> Vec<String> {
    let mut needless: HashSet<&String> = HashSet::new();
    let mut wanted: HashSet<&String> = HashSet::new();
    for (term, _) in &asked.terms {
        let Some((written, others)) = term.ways.split_first() else { continue };
        wanted.extend(written);
        let is_usual = !written.is_empty() && written.iter().all(|t| vocabulary.known().count(t) >= usual);
        if is_usual { needless.extend(others.iter().flatten()) } else { wanted.extend(others.iter().flatten()) }
    }
    let written = analyse::query(if asked.constraints_only { &search.query } else { &wish.words });
    let mut tokens = asked.tokens(&search.query, wish);
    tokens.retain(|token| !needless.contains(token) || wanted.contains(token) || written.contains(token));
    tokens
}

/// The lowest price of the variants that meet a wish.
pub(super) fn price(item: &Item) -> i64 {
    let of = |v: &&crate::domain::product::Variant| item.matching.contains(&v.id);
    item.product.variants.iter().filter(of).map(|v| v.price.minor).min().unwrap_or(i64::MAX)
}

/// Each hit with what either side says of it, in the order of both.
fn merged(both: &Both, meaning: &Meaning) -> Vec<Candidate> {
    let by_id = |hits: &[Hit]| -> HashMap<String, f32> { hits.iter().map(|h| (h.id.clone(), h.score)).collect() };
    let (lexical, dense, near) = (by_id(&both.lexical), by_id(&both.dense), fuse::scale(&both.dense));
    let candidate = |hit: &Hit| Candidate {
        id: ProductId::new(hit.id.clone()),
        score: None,
        lexical: lexical.get(&hit.id).copied(),
        dense: dense.get(&hit.id).copied(),
        near: if meaning.lacks(&hit.id) { hit.score } else { near.get(hit.id.as_str()).copied().unwrap_or(0.0) },
        fused: hit.score,
        fitting: None,
        pinned: None,
    };
    both.fused.iter().map(candidate).collect()
}

fn filter(wish: &Wish) -> Filter {
    let lower = |text: &String| text.to_lowercase();
    let options =
        wish.options.iter().map(|(name, values)| (colour::property(name), values.iter().map(lower).collect()));
    let attributes = wish.attributes.iter().map(|(key, value)| (lower(key), value.iter().map(lower).collect()));
    Filter {
        kind: Some(Kind::Product),
        price_at_least: wish.at_least.map(|m| m.minor),
        price_at_most: wish.at_most.map(|m| m.minor),
        in_stock: wish.in_stock,
        attributes: options.chain(attributes).collect(),
    }
}
