//! How well a product fits a wish: what it is called counts most, what it is made of less, what is said of it least.

use crate::catalog::find::asked::Asked;
use crate::catalog::find::code;
use crate::catalog::understand::{Vocabulary, known};
use crate::domain::product::Product;
use crate::search::analyse::widen::Term;
use crate::search::analyse::{self, Sieve};
use serde::Serialize;
use std::collections::{BTreeSet, HashSet};
use std::sync::OnceLock;

/// What a term counts where it stands.
const IN_CATEGORY: f32 = 1.0;
const IN_TITLE: f32 = 0.95;
/// The boot in "boot wax": it only says what the wax is for.
const AS_MODIFIER: f32 = 0.6;
const IN_ATTRIBUTES: f32 = 0.6;
const IN_DESCRIPTION: f32 = 0.4;
/// A word that so few products have is a name: it counts fully wherever it stands in a title.
const NAME_COUNT_MAX: u32 = 4;
/// From here a term says what the product is.
const NAMES_IT: f32 = 0.9;
/// Share of the wish from which it counts as met.
const RELEVANT_SHARE: f32 = 0.48;
/// Share from which it counts as met although the noun is not the product's.
const RELEVANT_WITHOUT_NOUN: f32 = 0.82;
/// Share from which something is near enough to be offered instead.
const NEAR_SHARE: f32 = 0.18;

/// How a product fits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Fitting {
    /// Share of the wish's weight that it has, by where.
    pub share: f32,
    /// Share of the wish's terms its category names.
    pub category: f32,
    /// Whether it is the kind of thing asked for, when the wish names one.
    pub is_kind: bool,
    /// Whether it meets the wish.
    pub relevant: bool,
    /// Whether it may be offered as the nearest there is.
    pub near: bool,
}

/// Weighs a product, cut into words, against a wish.
pub fn fitting(text: &Texts, asked: &Asked, vocabulary: &Vocabulary) -> Fitting {
    let values: Vec<f32> = asked
        .terms
        .iter()
        .enumerate()
        .map(|(at, (term, _))| text.value(term, asked.noun == Some(at), vocabulary))
        .collect();
    let total: f32 = asked.terms.iter().map(|(_, weight)| weight).sum();
    if total == 0.0 {
        return Fitting { relevant: asked.constraints_only, is_kind: true, near: true, ..Fitting::default() };
    }
    let sum = |of: &dyn Fn(usize) -> f32| -> f32 {
        asked.terms.iter().enumerate().map(|(at, (_, weight))| weight * of(at)).sum::<f32>() / total
    };
    let share = sum(&|at| values.get(at).copied().unwrap_or(0.0));
    let in_category = |at: usize| asked.terms.get(at).is_some_and(|(t, _)| t.is_in(|w| text.category.contains(w)));
    let category = sum(&|at| f32::from(u8::from(in_category(at))));
    let names = |at: usize| values.get(at).is_some_and(|value| *value >= NAMES_IT);
    let telling = |at: &usize| asked.terms.get(*at).is_some_and(|(term, _)| !term.light);
    let any = (0..values.len()).filter(telling).any(names);
    let is_kind = asked.noun.map_or(any, names);
    let met = if is_kind { RELEVANT_SHARE } else { RELEVANT_WITHOUT_NOUN };
    let relevant = asked.constraints_only || (any && share >= met);
    Fitting { share, category, is_kind, relevant, near: any && share >= NEAR_SHARE }
}

/// A product cut into words.
#[derive(Debug)]
pub struct Texts {
    category: BTreeSet<String>,
    brand: BTreeSet<String>,
    title: Vec<String>,
    properties: Late,
    description: Late,
    codes: BTreeSet<String>,
}

impl Texts {
    /// Cuts a product into words.
    pub fn of(product: &Product) -> Self {
        let words = |text: &str| -> BTreeSet<String> { analyse::document(text).into_iter().collect() };
        let mut properties = String::new();
        for (key, value) in &product.attributes {
            properties.push_str(if value == "yes" { key } else { value });
            properties.push(' ');
        }
        for choice in product.variants.iter().flat_map(|v| &v.options) {
            properties.push_str(&choice.value);
            properties.push(' ');
        }
        Self {
            category: words(&product.category),
            brand: words(&product.brand),
            title: analyse::document(&product.title),
            properties: Late::of(properties),
            description: Late::of(product.description.clone()),
            codes: code::codes(product).into_iter().collect(),
        }
    }

    fn value(&self, term: &Term, is_noun: bool, vocabulary: &Vocabulary) -> f32 {
        let ways = term.ways.iter().map(|way| {
            let of = |token: &String| self.token(token, is_noun && way.last() == Some(token), vocabulary);
            way.iter().map(of).fold(1.0, f32::min)
        });
        ways.fold(0.0, f32::max)
    }

    fn token(&self, token: &str, is_noun: bool, vocabulary: &Vocabulary) -> f32 {
        if self.category.contains(token) || self.brand.contains(token) || self.codes.contains(token) {
            return IN_CATEGORY;
        }
        let titled = self.title.iter().enumerate().filter(|(_, word)| *word == token);
        let place = |at: usize| {
            let ends = known::ends_name(self.title.get(at + 1));
            let name = vocabulary.known().count(token) <= NAME_COUNT_MAX;
            if !is_noun || ends || name { IN_TITLE } else { AS_MODIFIER }
        };
        let title = titled.map(|(at, _)| place(at)).fold(0.0, f32::max);
        let properties = if title == 0.0 && self.properties.has(token) { IN_ATTRIBUTES } else { 0.0 };
        let description =
            if title == 0.0 && properties == 0.0 && self.description.has(token) { IN_DESCRIPTION } else { 0.0 };
        title.max(properties).max(description)
    }
}

/// A text that is cut into words once somebody asks for one that it may have.
#[derive(Debug)]
struct Late {
    text: String,
    sieve: Sieve,
    words: OnceLock<HashSet<String>>,
}

impl Late {
    fn of(text: String) -> Self {
        Self { sieve: Sieve::of(&text), text, words: OnceLock::new() }
    }

    fn has(&self, token: &str) -> bool {
        let words = || self.words.get_or_init(|| analyse::document(&self.text).into_iter().collect());
        self.sieve.may_hold(token) && words().contains(token)
    }
}
