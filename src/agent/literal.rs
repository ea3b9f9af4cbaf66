//! Finding what looks like a figure or an address in a text: money, percentages, dates, numbers, codes, links.

pub mod date;
mod figures;
pub mod number;
pub mod unit;

pub use figures::amount;

use crate::domain::locale::digit;
use crate::domain::money::Money;
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
    /// A share.
    Percent,
    /// A day.
    Date,
    /// Anything else with a digit in it, and numbers in words beside a unit.
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
    /// The currencies its sign or word may mean; empty when it has none.
    pub currencies: &'static str,
    /// What it counts.
    pub unit: Option<unit::Class>,
}

/// Signs and words of money, and the codes they may stand for. Longer signs first.
const CURRENCIES: [(&str, &str); 31] = [
    ("US$", "USD"),
    ("R$", "BRL"),
    ("€", "EUR"),
    ("$", "USD CAD AUD NZD MXN ARS CLP COP SGD HKD"),
    ("£", "GBP"),
    ("¥", "JPY CNY"),
    ("₹", "INR"),
    ("zł", "PLN"),
    ("eur", "EUR"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("يورو", "EUR"),
    ("евро", "EUR"),
    ("usd", "USD"),
    ("dollar", "USD CAD AUD NZD SGD HKD"),
    ("dollars", "USD CAD AUD NZD SGD HKD"),
    ("bucks", "USD"),
    ("dólares", "USD"),
    ("cents", "EUR USD"),
    ("gbp", "GBP"),
    ("pound", "GBP"),
    ("pounds", "GBP"),
    ("brl", "BRL"),
    ("reais", "BRL"),
    ("real", "BRL"),
    ("inr", "INR"),
    ("rupees", "INR"),
    ("yen", "JPY"),
    ("jpy", "JPY"),
    ("chf", "CHF"),
    ("franken", "CHF"),
];
/// How many of them are signs that may be glued to a figure.
const SIGNS: usize = 8;
const PERCENT_WORDS: [&str; 6] = ["percent", "prozent", "procent", "%", "porcento", "بالمئة"];
const PERCENT_PAIRS: [(&str, &str); 6] =
    [("per", "cent"), ("por", "ciento"), ("por", "cento"), ("pour", "cent"), ("por", "100"), ("per", "cento")];

fn is_percent(next: &str, after: &str) -> bool {
    let (next, after) = (next.to_lowercase(), after.to_lowercase());
    PERCENT_WORDS.contains(&next.as_str()) || PERCENT_PAIRS.contains(&(next.as_str(), after.as_str()))
}

/// Everything in a text that has to be bound, in order.
pub fn find(text: &str) -> Vec<Literal> {
    let words = words(text);
    let days = date::find(text);
    let word_at = |n: Option<usize>| n.and_then(|n| words.get(n)).map_or("", |w| w.1);
    let mut found: Vec<Literal> = days
        .iter()
        .map(|day| Literal {
            kind: Kind::Date,
            text: text.get(day.place.clone()).unwrap_or_default().to_owned(),
            place: day.place.clone(),
            currencies: "",
            unit: None,
        })
        .collect();
    for (n, (start, word)) in words.iter().enumerate() {
        let mut place = *start..*start + word.len();
        if days.iter().any(|d| d.place.start < place.end && place.start < d.place.end) {
            continue;
        }
        let (before, next, after) = (word_at(n.checked_sub(1)), word_at(n.checked_add(1)), word_at(n.checked_add(2)));
        let numeric = word.chars().any(char::is_numeric);
        let unit = unit::after(&words, n, text);
        let money =
            glued(word).or_else(|| currency(next)).or_else(|| currency(before).filter(|_| currency(next).is_none()));
        let in_words = !numeric && number::word(word).is_some();
        let kind = if is_link(word) {
            Kind::Link
        } else if is_email(word) {
            Kind::Email
        } else if in_words && is_percent(next, after) {
            Kind::Percent
        } else if in_words && currency(next).is_some() {
            Kind::Money
        } else if in_words && unit.is_some() {
            Kind::Figure
        } else if !numeric {
            continue;
        } else if word.ends_with(['%', '٪', '％']) || is_percent(next, after) {
            Kind::Percent
        } else if money.is_some() {
            Kind::Money
        } else {
            Kind::Figure
        };
        if kind == Kind::Money
            && let Some(thousands) = thousands(text, &words, n)
        {
            // "1 234,50 €" is one figure.
            place.start = thousands;
            found.retain(|l| l.place.end <= thousands || l.kind == Kind::Date);
        }
        let text = text.get(place.clone()).unwrap_or_default().to_owned();
        found.push(Literal { kind, text, place, currencies: money.unwrap_or_default(), unit });
    }
    found.sort_by_key(|l| l.place.start);
    found
}

/// Where a figure begins that is grouped by a blank and ends in this word.
fn thousands(text: &str, words: &[(usize, &str)], n: usize) -> Option<usize> {
    let (start, word) = words.get(n)?;
    let (before, whole) = words.get(n.checked_sub(1)?)?;
    let digits = |w: &str| w.chars().take_while(|c| digit(*c).is_some()).count();
    let short = (1..=3).contains(&whole.chars().count()) && digits(whole) == whole.chars().count();
    (short
        && digits(word) == 3
        && before + whole.len() + 1 == *start
        && text.get(before + whole.len()..*start) == Some(" "))
    .then_some(*before)
}

impl Literal {
    /// What the number may mean, in thousandths.
    pub fn readings(&self) -> Vec<i64> {
        number::readings(&self.text)
    }

    /// What the day may mean.
    pub fn days(&self) -> Vec<date::Day> {
        date::find(&self.text).into_iter().flat_map(|written| written.days).collect()
    }

    /// Whether the literal may be this amount: its number and, where it names one, its currency.
    pub fn may_be(&self, money: Money) -> bool {
        let scale = match money.currency.exponent() {
            0 => 1_000,
            2 => 10,
            3 => 1,
            _ => return false,
        };
        let named = self.currencies.is_empty() || self.currencies.split(' ').any(|code| code == money.currency.code());
        named
            && money
                .minor
                .unsigned_abs()
                .checked_mul(scale)
                .is_some_and(|t| self.readings().iter().any(|r| r.unsigned_abs() == t))
    }
}

/// The words of a text without the punctuation around them, and where they start.
pub fn words(text: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut start = None;
    let breaks = |c: char| c.is_whitespace() || "()[]{}\"“”„«»‹›;|–—/".contains(c);
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match start {
            // An address is one word, slashes included.
            Some(from)
                if breaks(c)
                    && !(c == '/' && address_so_far(text.get(from..at).unwrap_or_default()))
                    && !groups(text, at, c) =>
            {
                push(text, from, at, &mut words);
                start = None;
            }
            None if !breaks(c) => start = Some(at),
            _ => {}
        }
    }
    words
}

/// Whether a hard or thin blank groups thousands: `1 234,50`.
fn groups(text: &str, at: usize, c: char) -> bool {
    let digits = |t: &str| t.chars().take_while(|c| digit(*c).is_some()).count();
    matches!(c, '\u{a0}' | '\u{202f}' | '\u{2009}')
        && text.get(..at).is_some_and(|t| t.chars().next_back().and_then(digit).is_some())
        && text.get(at + c.len_utf8()..).is_some_and(|t| digits(t) == 3)
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

/// Abbreviations that look like a host.
const ABBREVIATED: [&str; 2] = ["p.ej", "z.bsp"];

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
        && !ABBREVIATED.contains(&host)
}

fn is_email(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

/// The currencies a sign glued to a figure stands for: `€149`, `20euros`.
fn glued(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    let tail = lower.trim_start_matches(|c: char| c.is_numeric() || ".,'".contains(c));
    let sign = CURRENCIES.iter().take(SIGNS).find(|(sign, _)| word.contains(sign));
    let whole = || CURRENCIES.iter().find(|(name, _)| *name == tail && tail.len() < lower.len());
    sign.or_else(whole).map(|(_, codes)| *codes)
}

/// The currencies a word of its own stands for.
fn currency(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    let exact = CURRENCIES.iter().find(|(name, _)| *name == lower || *name == word);
    let sign = || CURRENCIES.iter().take(SIGNS).find(|(sign, _)| word.chars().count() <= 3 && word.contains(sign));
    exact.or_else(sign).filter(|_| !word.chars().any(char::is_numeric)).map(|(_, codes)| *codes)
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
            ("save 15%", Kind::Percent, "15%"),
            ("guardas 15 por ciento", Kind::Percent, "15"),
            ("1 234,50 € now", Kind::Money, "1 234,50"),
            ("nur ١٢٣ €", Kind::Money, "١٢٣"),
            ("fourteen days", Kind::Figure, "fourteen"),
            ("R$ 149", Kind::Money, "149"),
            ("order (FJ-1042)", Kind::Figure, "FJ-1042"),
            ("on 18 December", Kind::Date, "18 December"),
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
