//! Counting which words how many products have, on all cores. A shop says the same of its goods again and again, so that
//! what an attribute's value is made of is found out once.

use crate::catalog::understand::known::ends_name;
use crate::cores;
use crate::domain::product::Product;
use crate::search::analyse;
use crate::search::analyse::language;
use std::collections::{BTreeMap, HashMap};

/// Products whose language is looked at; above, one in so many.
const SAMPLE: usize = 500;
const SAMPLE_EVERY: usize = 16;
/// Fewer products are not worth a thread of their own.
const PART_MIN: usize = 500;
/// Values of attributes whose words are remembered while counting.
const VALUES_MAX: usize = 100_000;

/// What was counted.
#[derive(Debug, Default)]
pub struct Counted {
    /// Word → number of products that have it.
    pub words: HashMap<String, u32>,
    /// Word → titles that have it, and titles in which it names the thing.
    pub titled: HashMap<String, (u32, u32)>,
    /// Language → number of products, of those looked at, that are described in it.
    pub told: BTreeMap<&'static str, u32>,
}

/// Counts the words of products.
pub fn count(products: &[&Product]) -> Counted {
    let parts = cores::in_parts(products, PART_MIN, |first, part| {
        let mut counter = Counter::default();
        for (place, product) in (first + 1..).zip(part) {
            counter.add(place, product);
        }
        counter.finish()
    });
    let mut all = Counted::default();
    for part in parts {
        if all.words.is_empty() {
            (all.words, all.titled) = (part.words, part.titled);
        } else {
            for (word, (titles, named)) in part.titled {
                let sum = all.titled.entry(word).or_default();
                *sum = (sum.0 + titles, sum.1 + named);
            }
            part.words.into_iter().for_each(|(word, count)| *all.words.entry(word).or_default() += count);
        }
        part.told.into_iter().for_each(|(code, count)| *all.told.entry(code).or_default() += count);
    }
    all
}

/// Counts on one core. Words have numbers, in the order in which they were met.
#[derive(Default)]
struct Counter<'p> {
    numbers: HashMap<String, usize>,
    /// By number: how many products have the word, and the place of the last of them.
    having: Vec<(u32, usize)>,
    /// By number: how many titles have the word, in how many it names the thing, and the places of the last of both.
    titled: HashMap<usize, [usize; 4]>,
    values: HashMap<&'p str, Vec<usize>>,
    told: BTreeMap<&'static str, u32>,
}

impl<'p> Counter<'p> {
    fn add(&mut self, place: usize, product: &'p Product) {
        let title = analyse::document(&product.title);
        for (at, word) in title.iter().enumerate() {
            let number = self.number(word.clone());
            self.mark(number, place);
            self.mark_title(number, place, ends_name(title.get(at + 1)));
        }
        for number in self.numbers(&format!("{} {}", product.category, product.description)) {
            self.mark(number, place);
        }
        for (key, value) in &product.attributes {
            let said = if value == "yes" { key } else { value };
            let known = self.values.remove(said.as_str());
            let numbers = known.unwrap_or_else(|| self.numbers(said));
            numbers.iter().for_each(|number| self.mark(*number, place));
            if self.values.len() < VALUES_MAX {
                self.values.insert(said, numbers);
            }
        }
        if (place <= SAMPLE || place.is_multiple_of(SAMPLE_EVERY))
            && let Some(code) = language::detect(&format!("{}. {}", product.title, product.description))
        {
            *self.told.entry(code).or_default() += 1;
        }
    }

    fn numbers(&mut self, text: &str) -> Vec<usize> {
        analyse::document(text).into_iter().map(|word| self.number(word)).collect()
    }

    fn number(&mut self, word: String) -> usize {
        let next = self.having.len();
        let number = *self.numbers.entry(word).or_insert(next);
        if number == next {
            self.having.push((0, 0));
        }
        number
    }

    fn mark_title(&mut self, number: usize, place: usize, names: bool) {
        let [titles, named, last, last_named] = self.titled.entry(number).or_default();
        if *last != place {
            (*titles, *last) = (*titles + 1, place);
        }
        if names && *last_named != place {
            (*named, *last_named) = (*named + 1, place);
        }
    }

    fn mark(&mut self, number: usize, place: usize) {
        if let Some((count, last)) = self.having.get_mut(number).filter(|(_, last)| *last != place) {
            *count = count.saturating_add(1);
            *last = place;
        }
    }

    fn finish(self) -> Counted {
        let Self { numbers, having, titled, told, .. } = self;
        let count = |number: usize| having.get(number).map_or(0, |(count, _)| *count);
        let small = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let of_title = |(word, number): (&String, &usize)| {
            let [titles, named, ..] = titled.get(number)?;
            Some((word.clone(), (small(*titles), small(*named))))
        };
        let titled = numbers.iter().filter_map(of_title).collect();
        Counted { words: numbers.into_iter().map(|(word, number)| (word, count(number))).collect(), titled, told }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::ProductId;

    fn product(n: usize) -> Product {
        let colour = if n.is_multiple_of(2) { "midnight blue" } else { "red" };
        let attributes = [("colour", colour), ("waterproof", "yes"), ("also", "red")];
        Product {
            id: ProductId::new(format!("p{n}")),
            title: format!("Tent tent {}", n % 10),
            brand: String::new(),
            category: "tents".into(),
            description: "Dieses leichte Zelt hält dich bei jedem Wetter trocken und warm.".into(),
            attributes: attributes.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
            picture: None,
            more_pictures: Vec::new(),
            url: None,
            variants: Vec::new(),
        }
    }

    #[test]
    fn a_word_counts_once_for_each_product_on_however_many_cores() {
        let products: Vec<Product> = (0..PART_MIN * 3).map(product).collect();
        let all: Vec<&Product> = products.iter().collect();
        let counted = count(&all);
        let many = all.len() as u32;
        for (word, expected) in
            [("tent", many), ("waterproof", many), ("red", many), ("midnight", many / 2), ("7", many / 10)]
        {
            assert_eq!(counted.words.get(word), Some(&expected), "{word}");
        }
        assert_eq!(counted.words.get("yes"), None);
        assert_eq!(counted.titled.get("tent"), Some(&(many, many)), "the second tent of each title ends it");
        assert_eq!(counted.titled.get("red"), None);
        let looked_at = (1..=all.len()).filter(|place| *place <= SAMPLE || place.is_multiple_of(SAMPLE_EVERY)).count();
        assert_eq!(counted.told, BTreeMap::from([("deu", looked_at as u32)]));
    }
}
