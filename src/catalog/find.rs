//! Finding products: constraints become filters, words and meaning are fused, and what is shown is read from the store.

mod asked;
mod brand;
mod code;
mod fitting;
mod held;
mod leaning;
mod look;
mod ranking;
mod relevance;
mod warmth;

pub use crate::catalog::find::code::Pin;
pub use crate::catalog::find::fitting::Fitting;
pub use crate::catalog::find::look::Candidate;
pub use crate::catalog::find::ranking::Ranking;

use crate::app::App;
use crate::catalog::Error;
use crate::catalog::find::leaning::Leaning;
use crate::catalog::find::look::{Look, Shown, price};
use crate::catalog::understand::{self, Constraint, Wish, colour};
use crate::domain::id::{ProductId, VariantId};
use crate::domain::money::Money;
use crate::domain::product::{Product, Variant};
use crate::domain::shop::Shop;
use serde::{Deserialize, Serialize};

/// The language of a language model that writes the answer: it tells what it reads in the shopper's own.
pub const TOLD_IN: &str = "en";
/// Constraints that are dropped one by one before they are dropped together.
const ALONE_MAX: usize = 3;

/// A wish.
#[derive(Clone, Debug)]
pub struct Search {
    /// In the shopper's words, constraints included.
    pub query: String,
    /// Only what costs less than this product.
    pub cheaper_than: Option<ProductId>,
    /// The products before the shopper's eyes, in their order: "cheaper ones" and "the second, but in M" lean on them.
    pub shown: Vec<ProductId>,
    /// In which order.
    pub sort: Sort,
    /// How many.
    pub limit: usize,
    /// The language in which what had to be left out is told.
    pub told_in: String,
}

impl Search {
    /// What fits a wish best, where nothing was shown before.
    pub fn of(query: &str, limit: usize) -> Self {
        let (query, told_in) = (query.to_owned(), TOLD_IN.to_owned());
        Self { query, cheaper_than: None, shown: Vec::new(), sort: Sort::Relevance, limit, told_in }
    }
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
    /// The wish in words that need nothing shown before, to be asked again later.
    pub stands: String,
}

/// Finds products. When nothing meets every constraint, they are dropped one kind after the other, and said.
pub async fn find(app: &App, shop: &Shop, search: &Search) -> Result<Found, Error> {
    find_by(app, shop, search, &Ranking::default()).await
}

/// Finds products by a ranking of one's own; for measuring.
pub async fn find_by(app: &App, shop: &Shop, search: &Search, ranking: &Ranking) -> Result<Found, Error> {
    let (look, leaning) = begin(app, shop, search, ranking).await?;
    let mut found = staged(&look, search, &leaning).await?;
    let met = |look: &Look<'_>, found: &Found| {
        found.relevant && found.items.first().is_some_and(|item| look.is_kind(&item.product))
    };
    let unmet = found.as_ref().is_none_or(|found| !met(&look, found));
    if let Some(wish) = brand::without(&leaning.wish).filter(|_| unmet) {
        // The brand has nothing of the kind; perhaps somebody else has.
        let (look, leaning) = (look.anew(&wish).await?, Leaning { wish, ..leaning.clone() });
        let others = staged(&look, search, &leaning).await?.filter(|found| met(&look, found));
        found = others.or(found);
    }
    if let Some(words) = leaning.kin.clone().filter(|_| found.as_ref().is_none_or(|found| !found.relevant)) {
        // Nothing at that price goes by the same words; perhaps something of the same kind does.
        let wish = Wish { words, ..leaning.wish.clone() };
        let (look, leaning) = (look.anew(&wish).await?, Leaning { wish, ..leaning.clone() });
        let kin = staged(&look, search, &leaning).await?.filter(|found| found.relevant);
        found = kin.or(found);
    }
    let Leaning { wish, stands, .. } = leaning;
    let none = Found { items: Vec::new(), total: 0, wish, relaxed: Vec::new(), relevant: false, stands };
    Ok(found.unwrap_or(none))
}

/// What meets a wish, or else what meets all but some of it.
async fn staged(look: &Look<'_>, search: &Search, leaning: &Leaning) -> Result<Option<Found>, Error> {
    let Leaning { wish, itself, priced, stands, .. } = leaning;
    let mut nearest: Option<Found> = None;
    let budget = wish.at_most;
    let stages = relaxations(wish, search.cheaper_than.is_some() || *priced, &search.told_in);
    for (at, (wish, relaxed)) in stages.iter().enumerate() {
        let stands = stands.clone();
        if let Some(product) = itself {
            let matching = matching(product, wish);
            if !matching.is_empty() {
                let items = vec![Item { product: product.clone(), matching }];
                let (wish, relaxed) = (wish.clone(), relaxed.clone());
                return Ok(Some(Found { items, total: 1, wish, relaxed, relevant: true, stands }));
            }
            continue;
        }
        let Shown { items, relevant } = look.shown(wish).await?;
        if items.is_empty() {
            continue;
        }
        // A constraint is not dropped for what meets it: among others a thing may be an answer that alone did not seem to be one.
        let stricter = stages.iter().take(at).filter(|_| relevant);
        let mut met = stricter.map(|(wish, relaxed)| (meeting(&items, wish), wish, relaxed));
        let met = met.find(|(items, ..)| !items.is_empty());
        let (mut items, wish, relaxed) = met.unwrap_or((items, wish, relaxed));
        let (wish, mut relaxed) = (wish.clone(), relaxed.clone());
        if budget.is_some() && wish.at_most.is_none() {
            // Nothing is within the budget: the nearest to it comes first.
            items.sort_by_key(price);
        }
        relaxed.extend(brand::first(&mut items, &wish).filter(|_| relevant));
        let total = items.len();
        items.truncate(search.limit);
        let found = Found { items, total, wish, relaxed, relevant, stands };
        if relevant {
            return Ok(Some(found));
        }
        nearest.get_or_insert(found);
    }
    Ok(nearest)
}

/// Those that meet a wish, with the variants that do.
fn meeting(items: &[Item], wish: &Wish) -> Vec<Item> {
    let met = |item: &Item| Item { product: item.product.clone(), matching: matching(&item.product, wish) };
    items.iter().map(met).filter(|item| !item.matching.is_empty()).collect()
}

/// Everything that comes into question for a wish as it stands, best first: more than anybody is shown, to measure by.
pub async fn candidates(app: &App, shop: &Shop, search: &Search, ranking: &Ranking) -> Result<Vec<Candidate>, Error> {
    let (look, Leaning { wish, .. }) = begin(app, shop, search, ranking).await?;
    let ranked = look.rank(&wish).await?;
    Ok(ranked.scored.into_iter().map(|(candidate, _)| candidate).chain(ranked.rest).collect())
}

/// Reads a wish and looks up what all its stages share.
async fn begin<'a>(
    app: &'a App,
    shop: &'a Shop,
    search: &'a Search,
    ranking: &'a Ranking,
) -> Result<(Look<'a>, Leaning), Error> {
    let mut tx = app.store.read(&shop.id).await?;
    let vocabulary = held::vocabulary(&shop.id, tx.vocabulary().await?);
    // Who names the product to be compared with leaves nothing to lean on the others.
    let lean_on = if search.cheaper_than.is_none() { search.shown.as_slice() } else { &[] };
    let shown = if lean_on.is_empty() { Vec::new() } else { tx.products(lean_on).await? };
    let mut leaning = leaning::read(&search.query, shop.currency, &vocabulary, &shown);
    if let Some(id) = &search.cheaper_than
        && let Some(product) = tx.product(id).await?
        && let Some((low, _)) = product.price_range()
    {
        leaning.wish.at_most = Some(Money::new((low.minor - 1).max(0), low.currency));
        leaning.kin = Some(leaning::kind(&product));
    }
    drop(tx);
    let look = Look::begin(app, shop, search, ranking, vocabulary, &leaning.wish).await?;
    // Cheaper than a power bank is no compass, though both are electronics.
    leaning.kin = leaning.kin.filter(|kind| look.asks_for(kind));
    Ok((look, leaning))
}

/// The wish as it is, then without one of its constraints, then without more and more. Who asks for something cheaper is
/// not shown what is dearer.
fn relaxations(wish: &Wish, cheaper: bool, told_in: &str) -> Vec<(Wish, Vec<String>)> {
    let mut stages = vec![(wish.clone(), Vec::new())];
    let mut current = wish.clone();
    let mut dropped: Vec<String> = Vec::new();
    // One alone, colours before sizes: a jacket in another colour is nearer to the wish than one that does not fit.
    let alone = |constraint: Constraint| (wish.without(&constraint), vec![wish.named(&constraint, told_in)]);
    let several = wish.options.len() + wish.attributes.len() > 1;
    for name in wish.options.keys().filter(|_| several).take(ALONE_MAX) {
        stages.push(alone(Constraint::Option(name.clone())));
    }
    for key in wish.attributes.keys().filter(|_| wish.attributes.len() > 1).take(ALONE_MAX) {
        stages.push(alone(Constraint::Attribute(key.clone())));
    }
    let several = wish.options.len() + wish.attributes.len() + wish.measures.len() > 1;
    for measure in wish.measures.iter().filter(|_| several).take(ALONE_MAX) {
        stages.push(alone(Constraint::Measure(measure.clone())));
    }
    let kinds: [fn(&Constraint) -> bool; 3] = [
        |c| matches!(c, Constraint::Option(_)),
        |c| matches!(c, Constraint::Attribute(_)),
        |c| matches!(c, Constraint::Measure(_)),
    ];
    for kind in kinds {
        let of_kind: Vec<Constraint> = current.constraints().into_iter().filter(kind).collect();
        if !of_kind.is_empty() {
            dropped.extend(of_kind.iter().map(|constraint| wish.named(constraint, told_in)));
            current = of_kind.iter().fold(current, |wish, constraint| wish.without(constraint));
            stages.push((current.clone(), dropped.clone()));
        }
    }
    if !cheaper && (wish.at_most.is_some() || wish.at_least.is_some()) {
        let price = wish.named(&Constraint::Price, told_in);
        let without = wish.without(&Constraint::Price);
        if !dropped.is_empty() {
            stages.push((without, vec![price.clone()]));
        }
        dropped.push(price);
        (current.at_most, current.at_least) = (None, None);
        stages.push((current, dropped));
    }
    stages
}

/// The variants that meet price, options and stock together, as they are now. The index may be a moment behind.
pub fn matching(product: &Product, wish: &Wish) -> Vec<VariantId> {
    let has = |key: &String, values: &[String]| {
        product.attributes.get(key).is_some_and(|own| values.iter().any(|value| value.eq_ignore_ascii_case(own)))
    };
    if !wish.attributes.iter().all(|(key, values)| has(key, values)) || understand::is_unwanted(product, &wish.not) {
        return Vec::new();
    }
    let meets = |v: &&Variant| {
        wish.at_most.is_none_or(|m| v.price.minor <= m.minor)
            && wish.at_least.is_none_or(|m| v.price.minor >= m.minor)
            && (!wish.in_stock || v.in_stock())
            // What a product does not tell is no reason to hide it.
            && wish.measures.iter().all(|measure| understand::variant_meets(product, v, measure) != Some(false))
            && !v.options.iter().any(|c| wish.not.contains(&c.value.to_lowercase()))
            && wish.options.iter().all(|(name, values)| colour::has(product, v, name, values))
    };
    product.variants.iter().filter(meets).map(|v| v.id.clone()).collect()
}

#[cfg(test)]
mod tests;
