//! How much of what shoppers demand is read, and how much of what is read they demanded: nine languages, and two halves of
//! which only one was looked at while the reader was written.

use super::vocabulary;
use crate::catalog::understand::lexicon;
use crate::catalog::understand::measure::{Dimension, Op};
use crate::catalog::understand::token::fold;
use crate::catalog::understand::{By, Constraint, Note, Shown, Sort, Wish, understand, understand_after};
use crate::domain::id::ProductId;
use crate::domain::money::{Currency, Money};
use std::collections::{BTreeMap, BTreeSet};

/// What the sentences lean on.
fn shown() -> [Shown; 2] {
    let one = |id: &str, minor, mass| Shown {
        id: ProductId::new(id),
        price: Some(Money::new(minor, Currency::EUR)),
        mass: Some(mass),
        volume: None,
        length: None,
    };
    [one("1", 12_000, 500.0), one("2", 9_000, 400.0)]
}

/// A wish in the words of the labels.
fn told(wish: &Wish) -> BTreeSet<String> {
    let mut told = BTreeSet::new();
    let price = |m: Money| m.decimal().trim_end_matches('0').trim_end_matches('.').to_owned();
    told.extend(wish.at_least.map(|m| format!("≥{}", price(m))));
    told.extend(wish.at_most.map(|m| format!("≤{}", price(m))));
    for (name, values) in wish.options.iter().chain(&wish.attributes) {
        let values: BTreeSet<&str> = values.iter().map(String::as_str).collect();
        told.insert(format!("{name}={}", values.into_iter().collect::<Vec<_>>().join("+")));
    }
    // An excluded colour is written down in the shopper's word and in the shop's.
    told.extend(wish.not.iter().map(|word| format!("!{}", lexicon::colour(word).unwrap_or(word))));
    told.extend(wish.in_stock.then(|| "stock".to_owned()));
    told.extend(wish.sort.map(|sort| if sort == Sort::CheapestFirst { "cheap" } else { "dear" }.to_owned()));
    told.extend(wish.by.map(|by| format!("by={by:?}")));
    told.extend(wish.quantity.map(|n| format!("x{n}")));
    told.extend(wish.codes.iter().map(|code| format!("code={code}")));
    told.extend(wish.brands.iter().map(|brand| format!("brand={brand}")));
    told.extend(wish.like.iter().map(|id| format!("like={id}")));
    told.extend(wish.notes.iter().any(|n| matches!(n, Note::OtherCurrency(_))).then(|| "other-currency".to_owned()));
    for measure in &wish.measures {
        let sign = match measure.op {
            Op::Most => '≤',
            Op::Least => '≥',
            Op::Exact => '=',
        };
        let key = measure.key.as_ref().map(|key| format!("({key})")).unwrap_or_default();
        told.insert(format!("{:?}{key}{sign}{}", measure.dimension, measure.value.round()));
    }
    told
}

/// Found and demanded, only found, only demanded.
#[derive(Clone, Copy, Default)]
struct Count {
    both: u32,
    invented: u32,
    missed: u32,
}

impl Count {
    fn precision(self) -> f64 {
        f64::from(self.both) / f64::from((self.both + self.invented).max(1))
    }

    fn recall(self) -> f64 {
        f64::from(self.both) / f64::from((self.both + self.missed).max(1))
    }
}

#[test]
fn constraints_are_read_in_nine_languages() {
    let (vocabulary, shown) = (vocabulary(), shown());
    let table = include_str!("../../../../evals/labels/constraints.tsv");
    let mut halves = [Count::default(); 2];
    let mut languages: BTreeMap<&str, Count> = BTreeMap::new();
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    for (at, line) in rows.enumerate() {
        let mut cells = line.split('\t');
        let (language, text) = (cells.next().unwrap(), cells.next().unwrap());
        let cell = cells.next().unwrap_or_default().replace("Volume=0.6 L", "Volume=0.6_L");
        let cell = cell.replace("28 L", "28_L").replace("2 person", "2_person");
        let sorted = |token: &str| match token.split_once('=') {
            None if token.starts_with('!') => fold(token),
            Some((name, values)) => {
                let values: BTreeSet<&str> = values.split('+').collect();
                format!("{name}={}", values.into_iter().collect::<Vec<_>>().join("+"))
            }
            None => token.to_owned(),
        };
        let wanted: BTreeSet<String> = cell.split_whitespace().map(|t| sorted(&t.replace('_', " "))).collect();
        let found = told(&understand_after(text, Currency::EUR, &vocabulary, &shown));
        let half = at % 2;
        for count in [&mut halves[half], languages.entry(language).or_default()] {
            count.both += wanted.intersection(&found).count() as u32;
            count.invented += found.difference(&wanted).count() as u32;
            count.missed += wanted.difference(&found).count() as u32;
        }
        if half == 0 && wanted != found {
            println!("{text}\n  wanted {wanted:?}\n  found  {found:?}");
        }
    }
    let say = |name: &str, c: &Count| println!("{name:<8} precision {:.3} recall {:.3}", c.precision(), c.recall());
    languages.iter().for_each(|(name, count)| say(name, count));
    let [tuned, other] = halves;
    say("tuned", &tuned);
    say("unseen", &other);
    assert!(tuned.precision() >= 0.95 && tuned.recall() >= 0.95, "the half that was looked at is read worse");
    assert!(other.precision() >= 0.8 && other.recall() >= 0.8, "the half that was not looked at is read worse");
}

#[test]
fn a_wish_can_go_without_each_of_its_constraints() {
    let text = "not leather, waterproof boots in blue size 42 for women under 100, at least 2 kg, in stock";
    let wish = understand(text, Currency::EUR, &vocabulary());
    let all = wish.constraints();
    assert_eq!(all.len(), 8, "{all:?}");
    let names: Vec<String> = all.iter().map(|c| wish.named(c, "es")).collect();
    assert_eq!(
        names,
        [
            "Colour Blue",
            "Size 42",
            "women/unisex",
            "waterproof",
            "≥ 2 kg",
            "el límite de precio",
            "en stock",
            "sin leather"
        ]
    );
    for constraint in &all {
        let rest = wish.without(constraint).constraints();
        assert!(!rest.contains(constraint) && rest.len() == all.len() - 1, "{constraint:?}");
    }
    let none = all.iter().fold(wish, |wish, constraint| wish.without(constraint));
    assert_eq!(none.constraints(), Vec::<Constraint>::new());
}

#[test]
fn what_was_shown_is_compared_with() {
    let (vocabulary, shown) = (vocabulary(), shown());
    let read = |text: &str, shown: &[Shown]| understand_after(text, Currency::EUR, &vocabulary, shown);
    let cheaper = read("cheaper ones", &shown);
    assert_eq!((cheaper.at_most.map(|m| m.minor), cheaper.words.as_str()), (Some(8_999), ""));
    let last = read("less than the last one", &shown);
    assert_eq!(last.at_most.map(|m| m.minor), Some(8_999));
    assert_eq!(read("more expensive", &shown).at_least.map(|m| m.minor), Some(12_001));
    let lighter = read("a lighter tent", &shown);
    assert_eq!(lighter.measures.first().map(|m| (m.dimension, m.op)), Some((Dimension::Mass, Op::Most)));
    // Without anything shown they are words and orders, as ever.
    let alone = read("cheaper jackets", &[]);
    assert_eq!((alone.at_most, alone.sort, alone.words.as_str()), (None, Some(Sort::CheapestFirst), "jackets"));
    assert_eq!(read("a lighter tent", &[]).by, Some(By::Lightest));
    assert_eq!(read("cheaper than that", &[]).notes, [Note::NothingToCompare]);
    assert_eq!(read("the third in M", &shown).like, None);
}
