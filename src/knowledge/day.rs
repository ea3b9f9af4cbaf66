//! Days as people write them in texts, and until when such a text says that something holds. Only forms that can be read one
//! way: a day that is misread hides a text, or keeps one that is over.

use jiff::civil::Date;

/// The months in English, German, Spanish and French, each year's first one first.
#[rustfmt::skip]
const MONTHS: [[&str; 12]; 4] = [
    [
        "january", "february", "march", "april", "may", "june",
        "july", "august", "september", "october", "november", "december",
    ],
    [
        "januar", "februar", "märz", "april", "mai", "juni",
        "juli", "august", "september", "oktober", "november", "dezember",
    ],
    [
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ],
    [
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ],
];
/// What stands before the last day something holds.
const UNTIL: [&str; 12] = [
    "valid until",
    "valid through",
    "gültig bis zum",
    "gültig bis",
    "válido hasta el",
    "válida hasta el",
    "válidos hasta el",
    "válidas hasta el",
    "válido hasta",
    "válida hasta",
    "valable jusqu'au",
    "valables jusqu'au",
];
/// Words that turn it round.
const NOT: [&str; 6] = ["not", "nicht", "no", "pas", "longer", "mehr"];
/// Words a day is written in at most: `31 de diciembre de 2026`.
const WORDS_MAX: usize = 5;

/// The last day something is said to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Until {
    /// That day.
    pub day: Date,
    /// Whether the text says nothing else.
    pub alone: bool,
}

/// The first "valid until 31 December 2026" of a text.
pub fn until(text: &str) -> Option<Until> {
    let low = text.to_lowercase().replace('\u{2019}', "'");
    let found = UNTIL.iter().flat_map(|phrase| low.match_indices(phrase)).filter_map(|(at, phrase)| {
        let before = low.get(..at)?;
        let word = before.split_whitespace().next_back().unwrap_or_default();
        let inside = before.ends_with(char::is_alphanumeric);
        let after = low.get(at + phrase.len()..)?.trim_start_matches([':', '*']);
        let (day, words) = first_day(after)?;
        let alone = before.trim_matches(['*', ' ', '(']).is_empty() && after.split_whitespace().count() == words;
        (!inside && !NOT.contains(&word)).then_some((at, Until { day, alone }))
    });
    found.min_by_key(|(at, _)| *at).map(|(_, until)| until)
}

/// The day a text begins with, and of how many words it is made.
fn first_day(text: &str) -> Option<(Date, usize)> {
    let words: Vec<&str> = text.split_whitespace().take(WORDS_MAX).collect();
    (1..=words.len()).rev().find_map(|count| Some((day(&words.get(..count)?.join(" "))?, count)))
}

/// A day that can only be read one way.
pub fn day(text: &str) -> Option<Date> {
    let text = text.trim().trim_end_matches(['.', ',', ';', '!', ')', '*']);
    text.parse::<Date>().ok().or_else(|| of_numbers(text)).or_else(|| of_words(text))
}

fn of_numbers(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split(['.', '/']).collect();
    let [first, second, year] = parts.as_slice() else { return None };
    let (first, second, year) = (first.parse::<i8>().ok()?, second.parse::<i8>().ok()?, whole_year(year)?);
    // With points the day comes first everywhere; with strokes only the numbers can tell.
    match (text.contains('.'), first > 12, second > 12) {
        (true, ..) | (false, true, false) => Date::new(year, second, first).ok(),
        (false, false, true) => Date::new(year, first, second).ok(),
        _ if first == second => Date::new(year, first, second).ok(),
        _ => None,
    }
}

/// `31 December 2026`, `December 31st, 2026`, `31. Dezember 2026`, `31 de diciembre de 2026`, `1er janvier 2027`.
fn of_words(text: &str) -> Option<Date> {
    let low = text.to_lowercase().replace(',', " ");
    let words: Vec<&str> = low.split_whitespace().filter(|word| !matches!(*word, "de" | "of")).collect();
    let [first, second, year] = words.as_slice() else { return None };
    let month = |word: &str| {
        let place = MONTHS.iter().find_map(|names| names.iter().position(|name| *name == word))?;
        i8::try_from(place + 1).ok()
    };
    let number = |word: &str| {
        let digits = ["st", "nd", "rd", "th", "er", "."].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
        digits.parse::<i8>().ok()
    };
    let (month, day) = match month(second) {
        Some(month) => (month, number(first)?),
        None => (month(first)?, number(second)?),
    };
    Date::new(whole_year(year)?, month, day).ok()
}

/// Two digits may be any century.
fn whole_year(text: &str) -> Option<i16> {
    (text.len() == 4).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::until;

    #[test]
    fn the_last_day_is_read_in_four_languages_and_nothing_else_is() {
        for (text, alone) in [
            ("Valid until 31 December 2026", true),
            ("Valid until: 2026-12-31", true),
            ("(Valid through December 31st, 2026)", true),
            ("**Gültig bis zum 31.12.2026**", true),
            ("Válido hasta el 31 de diciembre de 2026.", true),
            ("Valable jusqu\u{2019}au 31 décembre 2026", true),
            ("This offer is valid until 31 December 2026, while stocks last.", false),
            ("Das Angebot ist gültig bis 31. Dezember 2026 und nur online.", false),
            ("Oferta válida hasta el 31/12/2026 en la tienda.", false),
            ("Un bon valable jusqu'au 31 décembre 2026 vaut 5 €.", false),
        ] {
            let found = until(text).map(|until| (until.day.to_string(), until.alone));
            assert_eq!(found, Some(("2026-12-31".to_owned(), alone)), "{text}");
        }
        for text in [
            "Valid until further notice",
            "Valid until 03/04/2026",
            "Valid until 31 December",
            "Valid until 31.12.26",
            "Valid until 31 February 2026",
            "Codes are not valid until 31 December 2026.",
            "Your old card is invalid until 31 December 2026.",
            "Call us until 31 December 2026.",
        ] {
            assert_eq!(until(text), None, "{text}");
        }
    }
}
