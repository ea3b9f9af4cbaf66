//! Reading figures as the world writes them: digits of several scripts, groups of two or three, and every separator.

use crate::domain::locale::{Locale, digit};
use crate::domain::money::Currency;

/// Digits of an amount.
const DIGITS_MAX: usize = 14;
/// Marks that say which way text runs; nobody sees them.
const DIRECTION_MARKS: [char; 9] =
    ['\u{200e}', '\u{200f}', '\u{61c}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}', '\u{202a}', '\u{202c}'];
/// Spaces that stand between the groups of one figure.
const GROUP_SPACES: [char; 4] = ['\u{a0}', '\u{202f}', '\u{2009}', '\u{2007}'];
/// Currencies by code or name, beside the few that everybody writes.
const CURRENCIES: [&str; 44] = [
    "aed",
    "ars",
    "aud",
    "bhd",
    "cad",
    "clp",
    "cny",
    "cop",
    "czk",
    "dkk",
    "egp",
    "hkd",
    "huf",
    "ils",
    "isk",
    "jod",
    "jpy",
    "krw",
    "kwd",
    "mxn",
    "nok",
    "nzd",
    "omr",
    "pen",
    "pln",
    "qar",
    "ron",
    "sar",
    "sek",
    "sgd",
    "thb",
    "tnd",
    "try",
    "ugx",
    "zar",
    "يورو",
    "دولار",
    "درهم",
    "دينار",
    "ريال",
    "جنيه",
    "franken",
    "francs",
    "franchi",
];
/// Currencies as Arabic abbreviates them; full stops at the end are punctuation by then.
const ABBREVIATED: [&str; 8] = ["د.ك", "د.إ", "ر.س", "ج.م", "د.أ", "د.ب", "ر.ع", "ر.ق"];

/// A mark that nobody sees.
pub(super) fn is_mark(c: char) -> bool {
    DIRECTION_MARKS.contains(&c)
}

/// Whether a space belongs to the figure around it.
pub(super) fn joins(before: char, space: char, after: &str) -> bool {
    let group = || after.chars().take_while(|c| digit(*c).is_some()).count();
    GROUP_SPACES.contains(&space) && digit(before).is_some() && group() == 3
}

/// Whether a word, in small letters, names a currency.
pub(super) fn names_currency(lower: &str) -> bool {
    let bare = lower.trim_matches(is_mark).trim_end_matches('.');
    CURRENCIES.contains(&bare) || ABBREVIATED.contains(&bare)
}

/// A figure in plain digits, `.` and `,`, without what nobody sees: two ways of writing the same compare as the same.
pub fn plain(text: &str) -> String {
    let seen = text.chars().filter(|c| !is_mark(*c) && !GROUP_SPACES.contains(c));
    seen.map(|c| match c {
        '٫' => '.',
        '٬' => ',',
        '٪' => '%',
        c => digit(c).unwrap_or(c),
    })
    .collect()
}

/// The digits of a figure and how many of them stand behind the point.
fn read(text: &str, point: impl Fn(&str, usize, char) -> bool) -> Option<(String, usize)> {
    // An Arabic sign is never mistaken: one is always the point, the other never.
    let arabic = text.contains('٫').then_some('٫');
    let figure: String = text
        .chars()
        .filter(|c| !is_mark(*c))
        .map(|c| if Some(c) == arabic { '.' } else { c })
        .filter_map(|c| digit(c).or(matches!(c, '.' | ',').then_some(c)).filter(|c| arabic.is_none() || *c != ','))
        .collect();
    let figure = figure.trim_matches(['.', ',']);
    let (whole, part) = match figure.rfind(['.', ',']) {
        Some(at) => {
            let (whole, rest) = (figure.get(..at)?, figure.get(at..)?);
            let sign = rest.chars().next()?;
            let part = rest.get(sign.len_utf8()..)?;
            if point(whole, part.len(), sign) { (whole, part) } else { (figure, "") }
        }
        None => (figure, ""),
    };
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    if whole.is_empty() || whole.len() + part.len() > DIGITS_MAX {
        return None;
    }
    Some((format!("{whole}{part}"), part.len()))
}

/// The amount in a money literal as minor units of two digits, whichever sign separates them; `None` when unclear.
pub fn amount(text: &str) -> Option<i64> {
    let (digits, decimals) = read(text, |_, decimals, _| decimals <= 2)?;
    format!("{digits}{:0<1$}", "", 2_usize.checked_sub(decimals)?).parse().ok()
}

/// The amount in a money literal as minor units of a currency. Where three digits behind one sign may be a group or, in a
/// currency of thousandths, decimals, the locale of the reader tells.
pub fn amount_of(text: &str, currency: Currency, locale: &Locale) -> Option<i64> {
    let exponent = currency.exponent() as usize;
    let sign = locale.decimal_sign();
    let point = |whole: &str, decimals: usize, seen: char| match decimals {
        3 if exponent == 3 => {
            let groups = whole.contains(['.', ',']) && whole.contains(seen);
            !groups && (seen == sign || sign == '٫' || whole.contains(['.', ',']))
        }
        3 => false,
        few => few < 3,
    };
    let (digits, decimals) = read(text, point)?;
    let minor: i64 = match exponent.checked_sub(decimals) {
        Some(missing) => format!("{digits}{:0<missing$}", "").parse().ok()?,
        // Decimals that the currency does not have are fine as long as they are noughts.
        None => {
            let (kept, beyond) = digits.split_at_checked(digits.len().checked_sub(decimals - exponent)?)?;
            beyond.bytes().all(|b| b == b'0').then_some(kept)?.parse().ok()?
        }
    };
    let negative = text.trim_start_matches(is_mark).starts_with(['-', '−']);
    Some(if negative { -minor } else { minor })
}

/// A whole number, its groups read away.
pub fn whole(text: &str) -> Option<i64> {
    let plain = plain(text);
    let groups: Vec<&str> = plain.split(['.', ',', '\'', '’']).collect();
    let (first, others) = groups.split_first()?;
    let (last, between) = others.split_last().map_or((None, others), |(last, between)| (Some(last), between));
    let grouped =
        !first.is_empty() && last.is_none_or(|l| l.len() == 3) && between.iter().all(|g| matches!(g.len(), 2 | 3));
    if grouped { groups.concat().parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::literal::{Kind, find};
    use crate::domain::fact::{Fact, Value};
    use crate::domain::locale::tests::TRIED;
    use crate::domain::money::Money;
    use crate::wording::Voice;
    use jiff::civil::{Date, date};
    use proptest::prelude::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    #[test]
    fn amounts_are_read_however_they_are_written() {
        for (text, code, tag, minor) in [
            ("€149.90", "EUR", "en", 14_990),
            ("149,90\u{a0}€", "EUR", "de", 14_990),
            ("1\u{202f}299,00", "EUR", "fr", 129_900),
            ("₹1,49,900", "INR", "en-IN", 14_990_000),
            ("CHF\u{a0}1'299.00", "CHF", "de-CH", 129_900),
            ("CHF 1’299.00", "CHF", "de-CH", 129_900),
            ("\u{200f}١٬٢٩٩٫٥٠\u{a0}€", "EUR", "ar-EG", 129_950),
            ("1.234", "KWD", "en", 1_234),
            ("1.234", "KWD", "de", 1_234_000),
            ("1,234", "KWD", "de", 1_234),
            ("¥1500", "JPY", "en", 1_500),
            ("¥1500.00", "JPY", "en", 1_500),
            ("1,299", "EUR", "en", 129_900),
            ("1,299", "EUR", "de", 129_900),
        ] {
            assert_eq!(amount_of(text, currency(code), &Locale::of(tag)), Some(minor), "{text} {tag}");
        }
        assert_eq!(amount_of("¥1500.50", currency("JPY"), &Locale::of("en")), None);
        assert_eq!(
            (whole("1,299"), whole("1.299"), whole("١٢"), whole("1.5"), whole("12a")),
            (Some(1_299), Some(1_299), Some(12), None, None)
        );
    }

    proptest! {
        /// What the server writes, the check reads back as the same: in every locale, for every currency.
        #[test]
        fn what_is_written_is_found_and_read_back(
            minor in 0_i64..1_000_000_000_000,
            code in prop::sample::select(vec!["EUR", "USD", "GBP", "INR", "BRL", "JPY", "KWD", "CHF", "ISK", "MXN", "AED"]),
            tag in prop::sample::select(TRIED.to_vec()),
        ) {
            let (money, locale) = (Money::new(minor, currency(code)), Locale::of(tag));
            let text = format!("Fjell: {}.", locale.money(money));
            let found = find(&text);
            let amounts: Vec<_> = found.iter().filter(|l| l.text.chars().any(|c| digit(c).is_some())).collect();
            prop_assert_eq!(amounts.len(), 1, "{} {:?}", text, found);
            prop_assert_eq!(amounts[0].kind, Kind::Money, "{}", text);
            prop_assert_eq!(amount_of(&amounts[0].text, money.currency, &locale), Some(minor), "{}", text);
        }

        /// An amount that is off by anything is not taken for the true one.
        #[test]
        fn another_amount_is_read_as_another(
            minor in 0_i64..10_000_000, other in 0_i64..10_000_000, tag in prop::sample::select(TRIED.to_vec()),
            code in prop::sample::select(vec!["EUR", "JPY", "KWD"]),
        ) {
            prop_assume!(minor != other);
            let locale = Locale::of(tag);
            let written = locale.money(Money::new(minor, currency(code)));
            prop_assert_ne!(amount_of(&written, currency(code), &locale), Some(other));
        }

        #[test]
        fn days_are_found_and_agree_with_themselves(days in 0_i32..40_000, tag in prop::sample::select(TRIED.to_vec())) {
            let day: Date = date(1990, 1, 1).saturating_add(jiff::Span::new().days(i64::from(days)));
            let voice = Voice::of(Locale::of(tag));
            let fact = Fact { entity: "o1".into(), field: "placed".into(), called: vec![], value: Value::Date(day) };
            for literal in find(&voice.value(&fact.value)) {
                prop_assert!(crate::agent::bind::agrees(&literal, &fact, &voice), "{} {:?}", voice.value(&fact.value), literal);
            }
        }
    }
}
