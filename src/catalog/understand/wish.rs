//! What somebody wants, as values: limits, choices, measures, exclusions, and how to go without one of them.

use crate::catalog::understand::measure::Measure;
use crate::domain::id::ProductId;
use crate::domain::money::Money;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What somebody wants, as far as it can be told without a model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wish {
    /// The words that remain for the search, as written.
    pub words: String,
    /// The highest price.
    pub at_most: Option<Money>,
    /// The lowest price.
    pub at_least: Option<Money>,
    /// The shop's option → its values, any of which will do: Size → M, Colour → Blue. A colour may also be an attribute.
    pub options: BTreeMap<String, Vec<String>>,
    /// Attribute → values, any of which will do: gender → women or unisex, waterproof → yes.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// Lengths, weights, capacities and the like, to be held against what the shop says of a product.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Measure>,
    /// Brands of the shop that were named, in its spelling. The search keeps the words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub brands: Vec<String>,
    /// Codes that were typed and can hardly be anything else, by their letters and digits alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<String>,
    /// How many pieces are wanted, where it was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u32>,
    /// What it must not be, in lower case: leather.
    pub not: Vec<String>,
    /// Only what can be bought now.
    pub in_stock: bool,
    /// How to order what is found by price.
    pub sort: Option<Sort>,
    /// How to order what is found by something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
    /// The product shown before that was pointed at: "the second, but in M".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub like: Option<ProductId>,
    /// Words that leaned on what was shown, as bytes of the sentence: beside other products they would mean something else.
    #[serde(skip)]
    pub leans: Vec<(usize, usize)>,
    /// What was said and cannot be used, which an answer has to tell.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// An order by price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Lowest price first.
    CheapestFirst,
    /// Highest price first.
    DearestFirst,
}

/// An order by something else than the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Lowest weight first.
    Lightest,
    /// Highest weight first.
    Heaviest,
    /// Largest volume, screen or length first.
    Biggest,
    /// The other way round.
    Smallest,
    /// Longest first.
    Longest,
    /// Shortest first.
    Shortest,
    /// By a date the shop does not keep.
    Newest,
    /// By ratings the shop does not keep.
    BestRated,
    /// By sales nobody may see.
    MostPopular,
}

/// Something that was said and cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// An amount in a currency the shop does not sell in; it was not converted.
    OtherCurrency(String),
    /// The shop keeps nothing by which to order so.
    CannotOrder(By),
    /// "Cheaper", and nothing was shown to be cheaper than.
    NothingToCompare,
}

impl Note {
    /// In words for whoever writes the answer.
    pub fn text(&self) -> String {
        match self {
            Self::OtherCurrency(amount) => {
                format!("The amount of {amount} is not in the shop's currency and was not converted.")
            }
            Self::CannotOrder(By::Newest) => "The shop has no dates to order by the newest.".to_owned(),
            Self::CannotOrder(By::BestRated) => "The shop has no ratings to order by.".to_owned(),
            Self::CannotOrder(By::MostPopular) => "The shop has no sales figures to order by.".to_owned(),
            Self::CannotOrder(_) => "The shop says nothing to order by.".to_owned(),
            Self::NothingToCompare => "Nothing was shown before that it could be compared with.".to_owned(),
        }
    }
}

/// One thing a wish demands and a search can go without.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Constraint {
    /// An option by its name.
    Option(String),
    /// An attribute by its key.
    Attribute(String),
    /// A measure.
    Measure(Measure),
    /// The limits of the price.
    Price,
    /// That it can be bought now.
    InStock,
    /// What it must not be.
    Not,
}

impl Wish {
    /// What is demanded, in the order in which a search does best without: colours before sizes, properties, measures, the
    /// price, what is in stock, and last what somebody does not want.
    pub fn constraints(&self) -> Vec<Constraint> {
        let mut all: Vec<Constraint> = self.options.keys().cloned().map(Constraint::Option).collect();
        all.extend(self.attributes.keys().cloned().map(Constraint::Attribute));
        all.extend(self.measures.iter().cloned().map(Constraint::Measure));
        all.extend((self.at_most.is_some() || self.at_least.is_some()).then_some(Constraint::Price));
        all.extend(self.in_stock.then_some(Constraint::InStock));
        all.extend((!self.not.is_empty()).then_some(Constraint::Not));
        all
    }

    /// The same wish without one of its constraints.
    pub fn without(&self, constraint: &Constraint) -> Self {
        let mut wish = self.clone();
        match constraint {
            Constraint::Option(name) => drop(wish.options.remove(name)),
            Constraint::Attribute(key) => drop(wish.attributes.remove(key)),
            Constraint::Measure(measure) => wish.measures.retain(|other| other != measure),
            Constraint::Price => (wish.at_most, wish.at_least) = (None, None),
            Constraint::InStock => wish.in_stock = false,
            Constraint::Not => wish.not.clear(),
        }
        wish
    }

    /// A constraint in plain words, in the language of a tag such as `es`, with the shop's own values; English where we
    /// have no words. What the shop calls its options is not translated.
    pub fn named(&self, constraint: &Constraint, language: &str) -> String {
        let [price, stock, without] = words(language);
        let of = |values: Option<&Vec<String>>| values.map(|values| values.join("/")).unwrap_or_default();
        match constraint {
            Constraint::Option(name) => format!("{name} {}", of(self.options.get(name))),
            Constraint::Attribute(key) => match of(self.attributes.get(key)).as_str() {
                "yes" => key.clone(),
                values => values.to_owned(),
            },
            Constraint::Measure(measure) => measure.to_string(),
            Constraint::Price => price.to_owned(),
            Constraint::InStock => stock.to_owned(),
            Constraint::Not => format!("{without} {}", self.not.join(", ")),
        }
    }
}

/// The price limit, in stock, without.
fn words(language: &str) -> [&'static str; 3] {
    match language.split('-').next().unwrap_or_default() {
        "es" => ["el límite de precio", "en stock", "sin"],
        "pt" => ["o limite de preço", "em estoque", "sem"],
        "de" => ["die Preisgrenze", "auf Lager", "ohne"],
        "fr" => ["la limite de prix", "en stock", "sans"],
        "it" => ["il limite di prezzo", "disponibile", "senza"],
        "ar" => ["حد السعر", "متوفر", "بدون"],
        _ => ["the price limit", "in stock", "without"],
    }
}
