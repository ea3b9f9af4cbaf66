//! What a message points at: "the second", "number 3", "both", "that one", "two of them", an order number.

use crate::llm::keyless::words::Words;

/// Places in a list that are understood.
pub const PLACE_MAX: u32 = 10;
/// Pieces one message may ask for.
pub const PIECES_MAX: u32 = 999;

/// What the words point at, before anything is known about the talk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pointing {
    /// Places named, in order, from 1.
    pub places: Vec<u32>,
    /// "The last one".
    pub last: bool,
    /// "It", "this", "that one".
    pub it: bool,
    /// "Both", "all of them".
    pub all: bool,
}

const ORDINALS: &[(u32, &[&str])] = &[
    (1, &["first", "1st", "primero", "primera", "primer", "primeiro", "primeira"]),
    (2, &["second", "2nd", "segundo", "segunda"]),
    (3, &["third", "3rd", "tercero", "tercera", "terceiro", "terceira"]),
    (4, &["fourth", "4th", "cuarto", "cuarta", "quarto", "quarta"]),
    (5, &["fifth", "5th", "quinto", "quinta"]),
];
const NUMBERS: &[(u32, &[&str])] = &[
    (2, &["two", "couple", "dos", "dois", "duas"]),
    (3, &["three", "tres"]),
    (4, &["four", "cuatro", "quatro"]),
    (5, &["five", "cinco"]),
    (6, &["six", "seis"]),
    (7, &["seven", "siete", "sete"]),
    (8, &["eight", "ocho", "oito"]),
    (9, &["nine", "nueve", "nove"]),
    (10, &["ten", "diez", "dez"]),
    (12, &["twelve", "dozen", "doce", "doze"]),
];
const LAST: &[&str] = &["last", "ultimo", "ultima"];
const BEFORE_A_PLACE: &[&str] = &["number", "no", "nr", "option", "item", "numero", "opcion", "opcao"];
const NO_QUANTITY_AFTER: &[&str] = &[
    "size", "talla", "tamanho", "under", "below", "than", "over", "max", "in", "en", "em", "number", "no", "nr",
    "option", "item", "numero", "up", "hasta", "ate", "opcion", "order", "pedido", "opcao", "first", "last", "top",
];
const IT: &[&str] = &[
    "it", "this", "that", "eso", "esto", "ese", "este", "isso", "isto", "esse", "deste", "desse", "lo", "anadelo",
    "agregalo", "ponlo", "ele", "ela", "these", "its", "cambialo", "essa", "esa",
];
const ALL: &[&str] = &["both", "ambos", "ambas"];
const ALL_PHRASES: &[&str] = &[
    "all of them",
    "all of these",
    "all three",
    "los dos",
    "las dos",
    "os dois",
    "as duas",
    "the two",
    "todos",
    "them all",
];

/// Reads what the words point at. Numbers count as places everywhere when two things are compared.
pub fn pointing(words: &Words, comparing: bool) -> Pointing {
    let mut found = Pointing::default();
    let plains: Vec<&str> = words.plains().collect();
    for (at, plain) in plains.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|b| plains.get(b)).copied().unwrap_or("");
        let after = plains.get(at + 1).copied().unwrap_or("");
        if let Some((place, _)) = ORDINALS.iter().find(|(_, names)| names.contains(plain)) {
            let many = number(after).or_else(|| number(before)).filter(|many| *many <= PLACE_MAX);
            match many {
                Some(many) if *place == 1 => found.places.extend(1..=many),
                _ => found.places.push(*place),
            }
        } else if let Some((place, true)) = ORDINALS
            .iter()
            .find(|(_, names)| names.iter().any(|name| plain.strip_suffix('s') == Some(name)))
            .map(|(place, _)| (*place, *place == 1))
        {
            let many = number(before).or_else(|| number(after)).unwrap_or(2).min(PLACE_MAX);
            found.places.extend(place..=many);
        } else if let Some(place) = digits(plain).filter(|n| (1..=PLACE_MAX).contains(n)) {
            let hashed = words.list.get(at).is_some_and(|word| word.written.starts_with('#'));
            if comparing || hashed || plains.len() == 1 || BEFORE_A_PLACE.contains(&before) {
                found.places.push(place);
            }
        }
    }
    // "How long does the battery last" points at nothing.
    let article =
        |at: usize| at.checked_sub(1).is_none_or(|b| ["the", "el", "la", "o", "a", "my"].contains(&words.plain(b)));
    found.last = plains.iter().enumerate().any(|(at, plain)| LAST.contains(plain) && article(at));
    found.all = words.has_exactly(ALL) || words.has(ALL_PHRASES);
    found.it = words.has_exactly(IT);
    found.places.dedup();
    found.places.truncate(usize::try_from(PLACE_MAX).unwrap_or(10));
    found
}

impl Pointing {
    /// Whether anything is pointed at.
    pub fn any(&self) -> bool {
        self.it || self.all || self.last || !self.places.is_empty()
    }

    /// Whether more than "it" is said.
    pub fn is_exact(&self) -> bool {
        self.all || self.last || !self.places.is_empty()
    }
}

/// How many pieces are asked for, and the word that said so.
pub fn quantity(words: &Words) -> Option<(u32, String)> {
    let plains: Vec<&str> = words.plains().collect();
    plains.iter().enumerate().find_map(|(at, plain)| {
        let before = at.checked_sub(1).and_then(|b| plains.get(b)).copied().unwrap_or("");
        let after = plains.get(at + 1).copied().unwrap_or("");
        let written = words.list.get(at).map_or("", |word| word.written.as_str());
        let is_ordinal = ORDINALS.iter().any(|(_, names)| names.contains(&before) || names.contains(&after));
        if NO_QUANTITY_AFTER.contains(&before) || is_ordinal || written.contains(['€', '$', '£', '#', '%']) {
            return None;
        }
        let bare = plain.strip_prefix('x').or_else(|| plain.strip_suffix('x')).unwrap_or(plain);
        let many =
            digits(bare).or_else(|| number(plain)).or_else(|| (*plain == "one" && after == "of").then_some(1))?;
        let is_money = matches!(after, "euro" | "euros" | "eur" | "dollars" | "usd");
        ((1..=PIECES_MAX).contains(&many) && !is_money).then(|| (many, written.to_owned()))
    })
}

/// The words without those that point and count.
pub fn without_pointing(words: &Words) -> Words {
    let counted = quantity(words).map(|(_, word)| word);
    let list = words
        .list
        .iter()
        .filter(|word| {
            let plain = word.plain.as_str();
            let singular = plain.strip_suffix('s').unwrap_or(plain);
            let points = ORDINALS.iter().any(|(_, names)| names.contains(&plain) || names.contains(&singular))
                || LAST.contains(&plain)
                || ALL.contains(&plain)
                || IT.contains(&plain)
                || word.written.starts_with('#');
            !points && counted.as_deref() != Some(word.written.as_str())
        })
        .cloned()
        .collect();
    Words { list }
}

/// An order number such as `FJ-1001`, or `#1001`, in capitals and without the sign.
pub fn order_number(words: &Words) -> Option<String> {
    words.list.iter().enumerate().find_map(|(at, word)| {
        let plain = word.plain.as_str();
        let named = plain.split_once('-').is_some_and(|(letters, figures)| {
            (1..=6).contains(&letters.len())
                && letters.chars().all(|c| c.is_ascii_alphabetic())
                && (2..=12).contains(&figures.len())
                && figures.chars().all(|c| c.is_ascii_digit())
        });
        let before = at.checked_sub(1).map_or("", |b| words.plain(b));
        let bare = (3..=12).contains(&plain.len())
            && plain.chars().all(|c| c.is_ascii_digit())
            && (word.written.starts_with('#') || matches!(before, "order" | "pedido" | "number" | "numero" | "orden"));
        (named || bare).then(|| plain.to_ascii_uppercase())
    })
}

fn number(plain: &str) -> Option<u32> {
    NUMBERS
        .iter()
        .find(|(_, names)| names.contains(&plain))
        .map(|(number, _)| *number)
        .or_else(|| digits(plain).filter(|n| (2..=PLACE_MAX).contains(n)))
}

fn digits(plain: &str) -> Option<u32> {
    (plain.len() <= 4 && plain.chars().all(|c| c.is_ascii_digit())).then(|| plain.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_in_three_languages() {
        for (text, places) in [
            ("the first one", vec![1]),
            ("compare the first two", vec![1, 2]),
            ("difference between 1 and 3", vec![1, 3]),
            ("number 3", vec![3]),
            ("#2 please", vec![2]),
            ("2", vec![2]),
            ("el primero", vec![1]),
            ("o segundo", vec![2]),
            ("compara los dos primeros", vec![1, 2]),
            ("compare the first and the third", vec![1, 3]),
            ("size 4", vec![]),
        ] {
            let words = Words::read(text);
            assert_eq!(pointing(&words, text.contains("compar") || text.contains("diff")).places, places, "{text}");
        }
    }

    #[test]
    fn quantities_are_not_sizes_prices_or_places() {
        for (text, many) in [
            ("two of the first one", Some(2)),
            ("make it 3", Some(3)),
            ("add 4 of them", Some(4)),
            ("2x the socks", Some(2)),
            ("add it in size 42", None),
            ("the first two", None),
            ("under €50", None),
            ("ponme dos", Some(2)),
            ("number 3", None),
            ("50 euros", None),
        ] {
            assert_eq!(quantity(&Words::read(text)).map(|(n, _)| n), many, "{text}");
        }
    }

    #[test]
    fn order_numbers_are_recognised() {
        for (text, number) in [
            ("where is fj-1001?", Some("FJ-1001")),
            ("order 1001", Some("1001")),
            ("#1001", Some("1001")),
            ("a t-shirt", None),
            ("1001 nights", None),
        ] {
            assert_eq!(order_number(&Words::read(text)).as_deref(), number, "{text}");
        }
    }
}
