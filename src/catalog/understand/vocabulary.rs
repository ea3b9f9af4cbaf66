//! The words a shop itself uses for its options and attributes, so that a size is a size because the shop has it.

use crate::catalog::understand::known::Known;
use crate::catalog::understand::lexicon;
use crate::catalog::understand::token::{Kind, Token, fold, phrase, tokens};
use crate::domain::product::Product;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Distinct option values that are remembered.
const VALUES_MAX: usize = 20_000;
/// Tokens of an option value that can be recognised.
const VALUE_TOKENS_MAX: usize = 6;
/// Brands that are remembered.
const BRANDS_MAX: usize = 10_000;
/// Products that must say yes or no before a property becomes a filter: fewer, and the others only leave it out.
const YES_NO_PRODUCTS_MIN: usize = 5;
/// Share of the catalogue that must say so, in percent: "HDMI cable" is no wish for things with an HDMI socket.
const YES_NO_PERCENT_MIN: usize = 25;

/// One value of one option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// The option's name as the shop writes it.
    pub name: String,
    /// The value as the shop writes it.
    pub value: String,
    /// How many variants have it.
    pub count: usize,
}

/// What a shop calls things.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Vocabulary {
    /// Canonical tokens of a value → its options.
    values: HashMap<String, Vec<Entry>>,
    /// Canonical colour → the shop's values for it.
    colours: BTreeMap<String, Vec<Entry>>,
    names: BTreeSet<String>,
    /// Property → the phrase it is recognised by.
    yes_no: BTreeMap<String, String>,
    genders: BTreeSet<String>,
    persons: BTreeSet<String>,
    brands: Vec<String>,
    kept: HashSet<String>,
    known: Known,
}

impl Vocabulary {
    /// Collects the words of a catalogue.
    pub fn from_products<'a>(products: impl IntoIterator<Item = &'a Product>) -> Self {
        let mut made = Self::default();
        let mut counted: BTreeMap<(String, String), (String, String, usize)> = BTreeMap::new();
        let mut flags: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        let mut brands = BTreeSet::new();
        let mut count = |name: &str, value: &str| {
            let key = (fold(name), fold(value));
            if counted.len() < VALUES_MAX || counted.contains_key(&key) {
                counted.entry(key).or_insert_with(|| (name.to_owned(), value.to_owned(), 0)).2 += 1;
            }
        };
        let mut total = 0;
        for product in products {
            total += 1;
            made.known.add(product);
            for choice in product.variants.iter().flat_map(|v| &v.options) {
                count(&choice.name, &choice.value);
            }
            for (key, value) in &product.attributes {
                match key.as_str() {
                    "gender" => drop(made.genders.insert(fold(value))),
                    "persons" => drop(made.persons.insert(value.clone())),
                    name if lexicon::COLOUR_NAMES.contains(&fold(name).as_str()) && !is_flag(value) => {
                        count(key, value);
                    }
                    _ => {}
                }
                *flags.entry(key).or_default().entry(value).or_default() += 1;
            }
            if brands.len() < BRANDS_MAX {
                brands.insert(fold(&product.brand));
            }
            // A brand of several words is frozen as a whole; its single words may mean anything else.
            let brand = tokens(&product.brand);
            let brand = brand.into_iter().filter(|_| !product.brand.trim().contains(' '));
            let words = brand.chain(tokens(&product.category)).filter(|t| t.kind == Kind::Word);
            made.kept.extend(words.map(|t| t.low));
        }
        made.known.finish();
        let said = flags.into_iter().filter(|(_, values)| is_yes_no(values, total));
        made.yes_no = said.map(|(key, _)| (key.to_owned(), spaced(&fold(key)))).collect();
        made.brands = brands.into_iter().map(|brand| spaced(&brand)).filter(|brand| !brand.is_empty()).collect();
        for (name, value, count) in canonical_names(counted) {
            made.add(name, value, count);
        }
        made
    }

    /// The words the catalogue is written in.
    pub fn known(&self) -> &Known {
        &self.known
    }

    fn add(&mut self, name: String, value: String, count: usize) {
        let folded = fold(&name);
        let cut = tokens(&value);
        if lexicon::COLOUR_NAMES.contains(&folded.as_str()) {
            let exact = cut.iter().map(|t| t.low.as_str()).collect::<Vec<_>>().join(" ");
            // "Dark Blue" is a blue where the shop has no plain one; it is found by its own name as well.
            let colour = lexicon::colour(&exact).or_else(|| cut.iter().rev().find_map(|t| lexicon::colour(&t.low)));
            if let Some(colour) = colour {
                let entry = Entry { name: name.clone(), value: value.clone(), count };
                self.colours.entry(colour.to_owned()).or_default().push(entry);
            }
        }
        self.names.insert(folded);
        if !cut.is_empty() && cut.len() <= VALUE_TOKENS_MAX {
            self.values.entry(canonical(&cut)).or_default().push(Entry { name, value, count });
        }
    }

    /// The option value that begins at a token: the longest one, of the most frequent option.
    pub(super) fn value_at(&self, tokens: &[Token], at: usize) -> Option<(usize, String, Entry)> {
        (1..=VALUE_TOKENS_MAX).rev().find_map(|length| {
            let cut = tokens.get(at..at + length)?;
            let ends = [cut.first()?, cut.last()?];
            if cut.iter().any(|t| t.frozen) || ends.iter().any(|t| t.kind == Kind::Symbol) {
                return None;
            }
            let key = canonical(cut);
            let entry = self.value(&key)?;
            Some((length, key, entry.clone()))
        })
    }

    /// The most frequent option with this value.
    pub(super) fn value(&self, key: &str) -> Option<&Entry> {
        self.values.get(key)?.iter().max_by_key(|entry| entry.count)
    }

    /// The shop's values for a colour: those of exactly that name, or else its shades.
    pub(super) fn colour(&self, colour: &str) -> Vec<&Entry> {
        let entries: Vec<&Entry> = self.colours.get(colour).into_iter().flatten().collect();
        let exact: Vec<&Entry> =
            entries.iter().copied().filter(|e| lexicon::colour(&fold(&e.value)) == Some(colour)).collect();
        if exact.is_empty() { entries } else { exact }
    }

    pub(super) fn is_name(&self, low: &str) -> bool {
        self.names.contains(low)
    }

    pub(super) fn has_gender(&self, gender: &str) -> bool {
        self.genders.contains(gender)
    }

    pub(super) fn has_persons(&self, persons: &str) -> bool {
        self.persons.contains(persons)
    }

    /// The yes-or-no property named at a token.
    pub(super) fn yes_no_at(&self, tokens: &[Token], at: usize) -> Option<(usize, String)> {
        let own = self.yes_no.iter().filter_map(|(key, words)| Some((phrase(tokens, at, words)?, key.clone())));
        let foreign = lexicon::PROPERTIES.iter().filter(|(_, key)| self.yes_no.contains_key(*key));
        let foreign = foreign.filter_map(|(words, key)| Some((phrase(tokens, at, words)?, (*key).to_owned())));
        own.chain(foreign).max_by_key(|(length, _)| *length)
    }

    /// Whether the search needs a word even when it became a constraint.
    pub(super) fn keeps(&self, low: &str) -> bool {
        low.len() > 2 && self.kept.contains(low)
    }

    /// Nothing is read into a brand: "Black Diamond" is no colour.
    pub(super) fn freeze_brands(&self, tokens: &mut [Token]) {
        for brand in self.brands.iter().filter(|brand| brand.contains(' ') || lexicon::colour(brand).is_some()) {
            for at in 0..tokens.len() {
                if let Some(length) = phrase(tokens, at, brand) {
                    tokens.iter_mut().skip(at).take(length).for_each(|t| t.frozen = true);
                }
            }
        }
    }
}

fn is_yes_no(values: &BTreeMap<&str, usize>, products: usize) -> bool {
    let said: usize = values.values().sum();
    values.len() == 2
        && values.keys().all(|value| is_flag(value))
        && said >= YES_NO_PRODUCTS_MIN
        && said * 100 >= products * YES_NO_PERCENT_MIN
}

fn is_flag(value: &str) -> bool {
    matches!(value, "yes" | "no")
}

/// The same option under one spelling of its name: an option `Colour` and an attribute `colour` are one.
fn canonical_names(
    counted: BTreeMap<(String, String), (String, String, usize)>,
) -> impl Iterator<Item = (String, String, usize)> {
    let mut spelled: HashMap<String, (String, usize)> = HashMap::new();
    for ((folded, _), (name, _, count)) in &counted {
        let best = spelled.entry(folded.clone()).or_insert_with(|| (name.clone(), *count));
        if *count > best.1 {
            *best = (name.clone(), *count);
        }
    }
    counted.into_iter().map(move |((folded, _), (name, value, count))| {
        let name = spelled.get(&folded).map_or(name, |(spelling, _)| spelling.clone());
        (name, value, count)
    })
}

/// Words with single spaces, as phrases are compared.
fn spaced(text: &str) -> String {
    tokens(text).into_iter().filter(|t| t.low != "-").map(|t| t.low).collect::<Vec<_>>().join(" ")
}

/// Tokens as one key: `two-person`, `2 persons`, `2P` → `2 person`; `28 litres` → `28 l`; `XXL` → `2 xl`.
pub(super) fn canonical(cut: &[Token]) -> String {
    let words: Vec<&str> =
        cut.iter().filter(|t| t.low != "-" && t.low != "–").map(|t| lexicon::canonical(&t.low)).collect();
    words.join(" ")
}
