//! Finding what looks like a figure or an address in a text: money, percentages, dates, numbers, codes, links.

mod figures;

pub use figures::{amount, amount_of, plain, whole};

use std::ops::Range;

/// What a literal looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A web address.
    Link,
    /// An e-mail address.
    Email,
    /// A figure beside a currency.
    Money,
    /// Anything else with a digit in it.
    Figure,
}

/// A literal and where it stands, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// What it looks like.
    pub kind: Kind,
    /// The word, without punctuation around it.
    pub text: String,
    /// Its place.
    pub place: Range<usize>,
}

const CURRENCY_WORDS: [&str; 16] = [
    "eur", "euro", "euros", "usd", "dollar", "dollars", "gbp", "pound", "pounds", "brl", "reais", "real", "inr",
    "rupees", "yen", "chf",
];
const CURRENCY_SIGNS: [char; 8] = ['€', '$', '£', '¥', '￥', '₹', '₪', '₩'];

/// Numbers as words that amounts end with, in the languages the shop speaks. Written-out amounts cannot be compared, so
/// they are never bound.
const NUMBER_WORDS: [&str; 62] = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "fifteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "hundred",
    "thousand",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "quince",
    "veinte",
    "treinta",
    "cuarenta",
    "cincuenta",
    "sesenta",
    "setenta",
    "ochenta",
    "noventa",
    "cien",
    "mil",
    "dois",
    "quatro",
    "sete",
    "oito",
    "nove",
    "dez",
    "vinte",
    "trinta",
    "quarenta",
    "cinquenta",
    "cem",
    "zwei",
    "drei",
    "fünf",
    "zehn",
    "zwanzig",
    "fünfzig",
    "hundert",
    "thirteen",
    "eighteen",
];
const PERCENT_WORDS: [&str; 4] = ["percent", "per", "prozent", "%"];

fn is_number_word(word: &str) -> bool {
    let lower = word.to_lowercase();
    let last = lower.rsplit('-').next().unwrap_or_default();
    NUMBER_WORDS.contains(&last)
}

fn counts_money(next: &str, after: &str) -> bool {
    is_currency(next) || (PERCENT_WORDS.contains(&next) && (next != "per" || after == "cent"))
}

/// Everything in a text that has to be bound, in order.
pub fn find(text: &str) -> Vec<Literal> {
    let words = words(text);
    let word_at = |n: Option<usize>| n.and_then(|n| words.get(n)).map_or("", |w| w.1);
    let mut found = Vec::new();
    for (n, (start, word)) in words.iter().enumerate() {
        let place = *start..*start + word.len();
        let kind = if is_link(word) {
            Kind::Link
        } else if is_email(word) {
            Kind::Email
        } else if is_number_word(word) && counts_money(word_at(n.checked_add(1)), word_at(n.checked_add(2))) {
            Kind::Money
        } else if !word.chars().any(char::is_numeric) {
            continue;
        } else if has_sign(word) || is_currency(word_at(n.checked_sub(1))) || is_currency(word_at(n.checked_add(1))) {
            Kind::Money
        } else {
            Kind::Figure
        };
        found.push(Literal { kind, text: (*word).to_owned(), place });
    }
    found
}

/// The words of a text without the punctuation around them, and where they start.
pub fn words(text: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut start = None;
    let breaks = |c: char| c.is_whitespace() || "()[]{}\"“”„«»‹›;|–—/".contains(c);
    let mut before = ' ';
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let last = std::mem::replace(&mut before, c);
        match start {
            // "149 900" with a space that does not break is one figure.
            Some(_) if figures::joins(last, c, text.get(at + c.len_utf8()..).unwrap_or_default()) => {}
            // An address is one word, slashes included.
            Some(from) if breaks(c) && !(c == '/' && address_so_far(text.get(from..at).unwrap_or_default())) => {
                push(text, from, at, &mut words);
                start = None;
            }
            None if !breaks(c) => start = Some(at),
            _ => {}
        }
    }
    words
}

fn address_so_far(word: &str) -> bool {
    word.contains(':') || word.contains("//") || is_link(word)
}

fn push<'a>(text: &'a str, from: usize, to: usize, words: &mut Vec<(usize, &'a str)>) {
    let raw = text.get(from..to).unwrap_or_default();
    let edge = |c: char| ".,:!?'’*_~`…·<>،؛؟".contains(c) || figures::is_mark(c);
    let left = raw.trim_start_matches(edge);
    let word = left.trim_end_matches(edge);
    if !word.is_empty() {
        words.push((from + raw.len() - left.len(), word));
    }
}

fn is_link(word: &str) -> bool {
    let lower = word.to_lowercase();
    if lower.contains("://")
        || lower.starts_with("www.")
        || lower.starts_with("javascript:")
        || lower.starts_with("data:")
    {
        return true;
    }
    let host = lower.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let labels: Vec<&str> = host.split('.').collect();
    let last = labels.last().copied().unwrap_or_default();
    labels.len() >= 2
        && !host.contains('@')
        && labels.iter().all(|l| !l.is_empty() && l.chars().all(|c| c.is_alphanumeric() || c == '-'))
        && last.len() >= 2
        && last.chars().all(char::is_alphabetic)
        && labels.iter().any(|l| l.len() > 1 && *l != last)
}

fn is_email(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

fn has_sign(word: &str) -> bool {
    word.contains(CURRENCY_SIGNS)
        || CURRENCY_WORDS
            .iter()
            .any(|c| word.to_lowercase().trim_start_matches(|c: char| c.is_numeric() || c == '.' || c == ',') == *c)
}

fn is_currency(word: &str) -> bool {
    let lower = word.to_lowercase();
    CURRENCY_WORDS.contains(&lower.as_str())
        || figures::names_currency(&lower)
        || (word.chars().count() <= 4 && word.contains(CURRENCY_SIGNS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seen(text: &str) -> Vec<(Kind, String)> {
        find(text).into_iter().map(|l| (l.kind, l.text)).collect()
    }

    #[test]
    fn figures_and_addresses_are_seen_in_many_shapes() {
        let one = |kind: Kind, text: &str| vec![(kind, text.to_owned())];
        for (text, kind, literal) in [
            ("It costs €149.90.", Kind::Money, "€149.90"),
            ("cuesta 149,90 €!", Kind::Money, "149,90"),
            ("EUR 20 only", Kind::Money, "20"),
            ("20euros", Kind::Money, "20euros"),
            ("save 15%", Kind::Figure, "15%"),
            ("order (FJ-1042)", Kind::Figure, "FJ-1042"),
            ("on 18 December", Kind::Figure, "18"),
            ("see https://evil.example/x?y=1", Kind::Link, "https://evil.example/x?y=1"),
            ("go to evil.example now", Kind::Link, "evil.example"),
            ("evil.example/pay", Kind::Link, "evil.example/pay"),
            ("www.x", Kind::Link, "www.x"),
            ("write to a@b.example", Kind::Email, "a@b.example"),
            ("call +4976112345", Kind::Figure, "+4976112345"),
            ("٣ pieces", Kind::Figure, "٣"),
        ] {
            assert_eq!(seen(text), one(kind, literal), "{text}");
        }
        assert_eq!(seen("No figures here, e.g. none. And/or that."), vec![]);
    }

    #[test]
    fn amounts_are_read_in_both_spellings() {
        for (text, minor) in
            [("€149.90", 14_990), ("149,90", 14_990), ("1.299,00", 129_900), ("1,299", 129_900), ("20", 2_000)]
        {
            assert_eq!(amount(text), Some(minor), "{text}");
        }
        assert_eq!(amount("€"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_survived_and_places_are_true(text in ".{0,80}") {
            for literal in find(&text) {
                prop_assert_eq!(text.get(literal.place.clone()), Some(literal.text.as_str()));
            }
        }

        #[test]
        fn a_digit_never_escapes(before in "[a-z ]{0,8}", digits in "[0-9]{1,6}", after in "[a-z .,!]{0,8}") {
            let text = format!("{before}{digits}{after}");
            prop_assert!(!find(&text).is_empty(), "{}", text);
        }
    }
}
