//! The words a catalogue is written in, and how many products have each: what is rare tells more, and what is unknown may
//! be mistyped, joined, split or another form of a word.

mod count;
mod near;

use crate::catalog::understand::known::count::Counted;
use crate::catalog::understand::known::near::Near;
use crate::catalog::understand::{is_colour, is_gender};
use crate::domain::product::Product;
use crate::search::analyse;
use crate::search::analyse::language;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::OnceLock;

/// Words that are remembered, the most frequent first.
const WORDS_MAX: usize = 12_000;
/// Letters a word needs before a typing error in it is forgiven.
const FORGIVING_LETTERS: usize = 4;
/// Letters of each half of a word that lost its blank.
const HALF_LETTERS_MIN: usize = 3;
/// Products that have each half: a rare one is more likely chance than a lost blank.
const HALF_COUNT_MIN: u32 = 3;
/// The least a word counts, however many products have it.
const WEIGHT_MIN: f32 = 0.2;
/// Share of the products a language needs to be one of the shop's, in percent.
const LANGUAGE_PERCENT_MIN: u32 = 15;
/// Titles a word needs before it is told whether it names things.
const TITLES_MIN: u32 = 20;
/// Share of the titles with a word in which it has to name the thing, in percent.
const NAMES_PERCENT_MIN: u32 = 35;
/// Other forms of one word that are looked for.
const FORMS_MAX: usize = 6;

/// Whether the name of a thing ends before a word of its title: at the end, at a figure, at a colour, at whom it is for.
pub fn ends_name(next: Option<&String>) -> bool {
    next.is_none_or(|next| next.chars().any(|c| c.is_ascii_digit()) || is_gender(next) || is_colour(next))
}

/// Word → number of products that have it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    products: u32,
    words: HashMap<String, u32>,
    /// Word → titles that have it, and titles in which it names the thing: "sleeve", not "laptop", in "laptop sleeve".
    titled: HashMap<String, (u32, u32)>,
    /// Languages other than English that the products are described in, the most frequent first.
    languages: Vec<String>,
    #[serde(skip)]
    near: OnceLock<Near>,
    #[serde(skip)]
    forms: OnceLock<HashMap<String, Vec<String>>>,
}

impl Known {
    /// Counts the words of a catalogue, and forgets the rarest beyond the limit.
    pub fn of(products: &[&Product]) -> Self {
        let Counted { mut words, mut titled, told } = count::count(products);
        if words.len() > WORDS_MAX {
            let mut all: Vec<(String, u32)> = words.drain().collect();
            all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            words = all.into_iter().take(WORDS_MAX).collect();
        }
        titled.retain(|word, (titles, _)| *titles >= TITLES_MIN && words.contains_key(word));
        let total: u32 = told.values().sum();
        let often = |count: u32| count * 100 >= total * LANGUAGE_PERCENT_MIN;
        let mut told: Vec<(&str, u32)> = told.into_iter().collect();
        told.retain(|(code, count)| *code != language::ENGLISH && often(*count));
        told.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        let languages = told.into_iter().map(|(code, _)| code.to_owned()).collect();
        Self {
            products: u32::try_from(products.len()).unwrap_or(u32::MAX),
            words,
            titled,
            languages,
            ..Self::default()
        }
    }

    /// The languages other than English that the products are described in, by their three letters.
    pub fn languages(&self) -> &[String] {
        &self.languages
    }

    /// How many products have a word.
    pub fn count(&self, word: &str) -> u32 {
        self.words.get(word).copied().unwrap_or(0)
    }

    /// Whether a word of many titles hardly ever names the thing itself: a shop full of laptop sleeves sells no laptops by
    /// that name.
    pub fn is_modifier(&self, word: &str) -> bool {
        self.titled.get(word).is_some_and(|(titles, named)| named * 100 < titles * NAMES_PERCENT_MIN)
    }

    /// Whether a word of many titles often names the thing itself.
    pub fn names_things(&self, word: &str) -> bool {
        self.titled.get(word).is_some_and(|(titles, named)| named * 100 >= titles * NAMES_PERCENT_MIN)
    }

    /// What a word of so many products counts; 1 where nothing is known.
    pub fn weight(&self, count: u32) -> f32 {
        if self.products < 2 {
            return 1.0;
        }
        let all = self.products as f32;
        ((all / (count.max(1) as f32)).ln() / all.ln()).clamp(WEIGHT_MIN, 1.0)
    }

    /// What an unknown word may have been meant to be: one of ours with a typing error, or two of ours without a blank.
    pub fn meant(&self, word: &str) -> Option<Vec<String>> {
        let letters = word.chars().count();
        if self.count(word) > 0 || letters < FORGIVING_LETTERS || !word.chars().all(char::is_alphabetic) {
            return None;
        }
        self.halves(word).or_else(|| self.near().to(word).map(|near| vec![near.to_owned()]))
    }

    /// Two words that are one of ours: "head set".
    pub fn joined(&self, first: &str, second: &str) -> Option<String> {
        let plain = |word: &str| word.chars().count() > 1 && word.chars().all(char::is_alphabetic);
        if !plain(first) || !plain(second) {
            return None;
        }
        analyse::document(&format!("{first}{second}")).into_iter().next().filter(|joined| self.count(joined) > 0)
    }

    /// Other forms of a word that the shop's texts have, in its own languages: "Jacken" where it says "Jacke". English
    /// plurals are folded in every token already.
    pub fn forms(&self, word: &str) -> Vec<String> {
        if self.languages.is_empty() {
            return Vec::new();
        }
        let forms = self.forms.get_or_init(|| {
            let mut by_stem: HashMap<String, Vec<String>> = HashMap::new();
            let mut words: Vec<&String> = self.words.keys().collect();
            words.sort_by_key(|word| (std::cmp::Reverse(self.count(word)), word.as_str()));
            for word in words {
                for key in self.stems(word) {
                    by_stem.entry(key).or_default().push(word.clone());
                }
            }
            by_stem.retain(|_, words| words.len() > 1 || words.iter().any(|word| word.chars().count() > 3));
            by_stem
        });
        let mut found: Vec<String> = Vec::new();
        for form in self.stems(word).iter().filter_map(|key| forms.get(key)).flatten() {
            if form != word && !found.contains(form) && found.len() < FORMS_MAX {
                found.push(form.clone());
            }
        }
        found
    }

    /// A word's stems in the shop's languages, each kept apart by its language.
    fn stems(&self, word: &str) -> Vec<String> {
        let stems = self.languages.iter().filter_map(|code| {
            let stem = language::Stems::of(code)?.stem(word)?;
            Some(format!("{code} {stem}"))
        });
        stems.collect()
    }

    fn near(&self) -> &Near {
        self.near.get_or_init(|| Near::of(&self.words))
    }

    fn halves(&self, word: &str) -> Option<Vec<String>> {
        let cuts = word.char_indices().map(|(at, _)| at).filter_map(|at| word.split_at_checked(at));
        cuts.filter(|(a, b)| a.len() >= HALF_LETTERS_MIN && b.len() >= HALF_LETTERS_MIN)
            .filter(|(a, b)| self.count(a).min(self.count(b)) >= HALF_COUNT_MIN)
            .max_by_key(|(a, b)| self.count(a).min(self.count(b)))
            .map(|(a, b)| vec![a.to_owned(), b.to_owned()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(words: &[(&str, u32)]) -> Known {
        Known { products: 100, words: words.iter().map(|(w, n)| ((*w).to_owned(), *n)).collect(), ..Known::default() }
    }

    #[test]
    fn unknown_words_are_mended_and_known_ones_left_alone() {
        let known = known(&[
            ("sleeping", 7),
            ("bag", 9),
            ("headlamp", 3),
            ("hiking", 20),
            ("boot", 9),
            ("tent", 9),
            ("gold", 5),
            ("jacket", 8),
            ("waterproof", 4),
            ("headphone", 6),
            ("laptop", 9),
        ]);
        for (typed, meant) in [
            ("sleepingbag", Some(vec!["sleeping", "bag"])),
            ("hedlamp", Some(vec!["headlamp"])),
            ("haedphone", Some(vec!["headphone"])),
            ("ehadphone", Some(vec!["headphone"])),
            ("jaket", Some(vec!["jacket"])),
            ("jscket", Some(vec!["jacket"])),
            ("watreprof", Some(vec!["waterproof"])),
            ("laptpo", Some(vec!["laptop"])),
            ("tetn", Some(vec!["tent"])),
            ("kaptop", Some(vec!["laptop"])),
            ("hiking", None),
            ("guitar", None),
            ("golf", None),
            ("boat", None),
            ("rent", None),
            ("abc", None),
        ] {
            let meant = meant.map(|words| words.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(known.meant(typed), meant, "{typed}");
        }
        assert!(known.weight(1) > known.weight(20));
    }

    #[test]
    fn split_words_are_joined_where_the_shop_has_them_joined() {
        let known = known(&[("headset", 3), ("smartwatch", 2), ("microsd", 1), ("tent", 4)]);
        assert_eq!(known.joined("head", "sets").as_deref(), Some("headset"));
        assert_eq!(known.joined("micro", "sd").as_deref(), Some("microsd"));
        assert_eq!(known.joined("red", "tent"), None);
        assert_eq!(known.joined("ps", "4"), None);
    }

    #[test]
    fn forms_are_looked_for_in_the_shops_own_languages_only() {
        let mut known = known(&[("jacke", 3), ("schuh", 2), ("rucksack", 1)]);
        assert_eq!(known.forms("jacken"), Vec::<String>::new());
        known.languages = vec!["deu".to_owned()];
        known.forms = OnceLock::new();
        assert_eq!(known.forms("jacken"), ["jacke"]);
        assert_eq!(known.forms("schuhe"), ["schuh"]);
        assert_eq!(known.forms("jacke"), Vec::<String>::new());
        assert_eq!(known.forms("zelt"), Vec::<String>::new());
    }
}
