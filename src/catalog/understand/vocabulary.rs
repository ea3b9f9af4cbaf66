//! The words a shop itself uses for its options and attributes, so that a size is a size because the shop has it.

use crate::catalog::understand::known::Known;
use crate::catalog::understand::token::{Kind, Token, fold, phrase, spelled, tokens};
use crate::catalog::understand::{colour, lexicon};
use crate::domain::product::Product;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

/// Distinct option values that are remembered.
const VALUES_MAX: usize = 20_000;
/// Tokens of an option value that can be recognised.
const VALUE_TOKENS_MAX: usize = 6;
/// Brands that are remembered.
const BRANDS_MAX: usize = 10_000;
/// Brands of one wish.
const BRANDS_OF_A_WISH_MAX: usize = 4;
/// Values of a property that are told apart while it may be a yes or no.
const FLAG_VALUES_MAX: usize = 3;
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

/// What a shop calls things. What is looked up by it is prepared at the first question, so it should be kept, not read
/// anew for each.
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
    /// As they are spelled.
    brands: Vec<String>,
    kept: HashSet<String>,
    category_words: HashSet<String>,
    known: Known,
    #[serde(skip)]
    prepared: OnceLock<Prepared>,
}

/// Phrases by their first words.
#[derive(Clone, Debug, Default)]
struct Prepared {
    /// First word → the brand's words, the brand as it is spelled.
    brands: HashMap<String, Vec<(String, String)>>,
    /// First word → the property's words, its key.
    yes_no: HashMap<String, Vec<(String, String)>>,
    /// First words of option values.
    values: HashSet<String>,
}

impl Vocabulary {
    /// Collects the words of a catalogue.
    pub fn from_products<'a>(products: impl IntoIterator<Item = &'a Product>) -> Self {
        let products: Vec<&Product> = products.into_iter().collect();
        let mut collector = Collector::default();
        products.iter().for_each(|product| collector.add(product));
        Self { known: Known::of(&products), ..collector.finish() }
    }

    fn prepared(&self) -> &Prepared {
        self.prepared.get_or_init(|| {
            let mut prepared = Prepared::default();
            let first = |words: &str| words.split(' ').next().unwrap_or_default().to_owned();
            for brand in &self.brands {
                let words = spaced(brand);
                prepared.brands.entry(first(&words)).or_default().push((words, brand.clone()));
            }
            for (key, words) in &self.yes_no {
                prepared.yes_no.entry(first(words)).or_default().push((words.clone(), key.clone()));
            }
            prepared.values = self.values.keys().map(|key| first(key)).collect();
            prepared
        })
    }

    /// The words the catalogue is written in.
    pub fn known(&self) -> &Known {
        &self.known
    }

    fn add(&mut self, name: String, value: String, count: usize) {
        let folded = fold(&name);
        let cut = tokens(&value);
        if colour::is_name(&name) {
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
        let first = lexicon::canonical(&tokens.get(at)?.low);
        if !self.prepared().values.contains(first.split(' ').next().unwrap_or_default()) {
            return None;
        }
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
        let own = longest(&self.prepared().yes_no, tokens, at, true).map(|(length, key)| (length, key.to_owned()));
        let foreign = lexicon::PROPERTIES.longest(tokens, at).filter(|(_, key)| self.yes_no.contains_key(*key));
        let foreign = foreign.map(|(length, key)| (length, key.to_owned()));
        own.into_iter().chain(foreign).max_by_key(|(length, _)| *length)
    }

    /// The brand named at a token: its tokens, and as the shop spells it.
    pub(super) fn brand_at(&self, tokens: &[Token], at: usize) -> Option<(usize, &str)> {
        longest(&self.prepared().brands, tokens, at, false)
    }

    /// The brands a sentence names, also with a typing error in a word nobody knows. A brand that is a colour or a word of a
    /// category is none by itself.
    pub(super) fn brands_in(&self, tokens: &[Token]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut at = 0;
        while at < tokens.len() && found.len() < BRANDS_OF_A_WISH_MAX {
            let own = self.brand_at(tokens, at).filter(|(length, brand)| {
                *length > 1 || !(lexicon::colour(&fold(brand)).is_some() || self.is_category_word(&fold(brand)))
            });
            let brand = own.or_else(|| Some((1, self.brand_like(tokens.get(at)?)?)));
            if let Some(brand) = brand.filter(|(_, brand)| !found.iter().any(|known| known == brand)) {
                found.push(brand.1.to_owned());
            }
            at += brand.map_or(1, |(length, _)| length);
        }
        found
    }

    fn brand_like(&self, token: &Token) -> Option<&str> {
        if token.kind != Kind::Word || token.frozen || self.known.count(&token.low) > 0 {
            return None;
        }
        let meant = self.known.meant(&token.low)?;
        let [meant] = meant.as_slice() else { return None };
        let rows = self.prepared().brands.get(meant)?;
        rows.iter().find(|(words, _)| words == meant).map(|(_, brand)| brand.as_str())
    }

    fn is_category_word(&self, low: &str) -> bool {
        self.kept.contains(low) && self.category_words.contains(low)
    }

    /// Whether the search needs a word even when it became a constraint.
    pub(super) fn keeps(&self, low: &str) -> bool {
        low.len() > 2 && self.kept.contains(low)
    }

    /// Nothing is read into a brand: "Black Diamond" is no colour.
    pub(super) fn freeze_brands(&self, tokens: &mut [Token]) {
        for at in 0..tokens.len() {
            let named = self
                .brand_at(tokens, at)
                .filter(|(length, brand)| *length > 1 || lexicon::colour(&fold(brand)).is_some());
            let length = named.map_or(0, |(length, _)| length);
            tokens.iter_mut().skip(at).take(length).for_each(|t| t.frozen = true);
        }
    }
}

/// Collects the words of a catalogue, one product after the other.
#[derive(Default)]
struct Collector {
    made: Vocabulary,
    counted: BTreeMap<(String, String), (String, String, usize)>,
    flags: BTreeMap<String, BTreeMap<String, usize>>,
    brands: BTreeMap<String, String>,
    /// Colours told by titles only, and how often.
    titled: BTreeMap<String, usize>,
    total: usize,
}

impl Collector {
    /// Takes a product's words.
    fn add(&mut self, product: &Product) {
        self.total += 1;
        for choice in product.variants.iter().flat_map(|v| &v.options) {
            self.count(&choice.name, &choice.value);
        }
        for (key, value) in &product.attributes {
            match key.as_str() {
                "gender" => drop(self.made.genders.insert(fold(value))),
                "persons" => drop(self.made.persons.insert(value.clone())),
                name if colour::is_name(name) && !is_flag(value) => {
                    self.count(key, value);
                }
                _ => {}
            }
            let values = self.flags.entry(key.clone()).or_default();
            // A property with many values is no yes or no; three are enough to know.
            if values.len() < FLAG_VALUES_MAX || values.contains_key(value) {
                *values.entry(value.clone()).or_default() += 1;
            }
        }
        for word in colour::titled(product) {
            *self.titled.entry(word).or_default() += 1;
        }
        if self.brands.len() < BRANDS_MAX && !product.brand.trim().is_empty() {
            self.brands.entry(fold(&product.brand)).or_insert_with(|| product.brand.trim().to_owned());
        }
        // A brand of several words is frozen as a whole; its single words may mean anything else.
        let brand = tokens(&product.brand);
        let brand = brand.into_iter().filter(|_| !product.brand.trim().contains(' '));
        let category: Vec<Token> = tokens(&product.category).into_iter().filter(|t| t.kind == Kind::Word).collect();
        self.made.category_words.extend(category.iter().map(|t| t.low.clone()));
        let words = brand.filter(|t| t.kind == Kind::Word).chain(category);
        self.made.kept.extend(words.map(|t| t.low));
    }

    fn count(&mut self, name: &str, value: &str) {
        let key = (colour::property(&fold(name)), fold(value));
        if self.counted.len() < VALUES_MAX || self.counted.contains_key(&key) {
            self.counted.entry(key).or_insert_with(|| (name.to_owned(), value.to_owned(), 0)).2 += 1;
        }
    }

    /// What was collected.
    fn finish(mut self) -> Vocabulary {
        // Where some goods have their colours in a property, those of the others are in their titles; where none has, colours
        // are words like others.
        let name = self.counted.values().map(|(name, ..)| name).find(|name| colour::is_name(name)).cloned();
        for (value, count) in std::mem::take(&mut self.titled) {
            let Some(name) = name.clone() else { break };
            self.counted.entry((colour::property(&name), value.clone())).or_insert((name, value, 0)).2 += count;
        }
        let mut made = self.made;
        let said = self.flags.into_iter().filter(|(_, values)| is_yes_no(values, self.total));
        made.yes_no = said.map(|(key, _)| (key.clone(), spaced(&fold(&key)))).collect();
        made.brands = self.brands.into_values().filter(|brand| !spaced(brand).is_empty()).collect();
        for (name, value, count) in canonical_names(self.counted) {
            made.add(name, value, count);
        }
        made
    }
}

/// The longest of the phrases that stands at a token.
fn longest<'a>(
    rows: &'a HashMap<String, Vec<(String, String)>>,
    tokens: &[Token],
    at: usize,
    thawed: bool,
) -> Option<(usize, &'a str)> {
    let rows = rows.get(tokens.get(at)?.low.as_str())?;
    let standing = |words: &str| if thawed { phrase(tokens, at, words) } else { spelled(tokens, at, words) };
    let found = rows.iter().filter_map(|(words, meaning)| Some((standing(words)?, meaning.as_str())));
    found.max_by_key(|(length, _)| *length)
}

fn is_yes_no(values: &BTreeMap<String, usize>, products: usize) -> bool {
    let said: usize = values.values().sum();
    values.len() == 2
        && values.keys().all(|value| is_flag(value.as_str()))
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
