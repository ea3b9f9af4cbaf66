//! Numbers as people spell them: `1.234,50`, `1,234.50`, `1'234.50`, `١٬٢٣٤٫٥`, "twenty-five". A spelling that can be read
//! in two ways has two readings.

use crate::domain::locale::digit;

/// Digits a number may have; a longer one is an id and is compared as text.
const DIGITS_MAX: usize = 14;

/// Numbers as words in the languages the shop speaks. Those that are also other words ("one", "six" in French) are read
/// only beside a unit or a currency, so they do no harm here.
const WORDS: [(&str, i64); 133] = [
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("hundred", 100),
    ("thousand", 1000),
    ("dos", 2),
    ("tres", 3),
    ("cuatro", 4),
    ("cinco", 5),
    ("seis", 6),
    ("siete", 7),
    ("ocho", 8),
    ("nueve", 9),
    ("diez", 10),
    ("once", 11),
    ("doce", 12),
    ("trece", 13),
    ("catorce", 14),
    ("quince", 15),
    ("veinte", 20),
    ("treinta", 30),
    ("cuarenta", 40),
    ("cincuenta", 50),
    ("sesenta", 60),
    ("setenta", 70),
    ("ochenta", 80),
    ("noventa", 90),
    ("cien", 100),
    ("mil", 1000),
    ("dois", 2),
    ("duas", 2),
    ("quatro", 4),
    ("sete", 7),
    ("oito", 8),
    ("nove", 9),
    ("dez", 10),
    ("onze", 11),
    ("doze", 12),
    ("treze", 13),
    ("quatorze", 14),
    ("quinze", 15),
    ("vinte", 20),
    ("trinta", 30),
    ("quarenta", 40),
    ("cinquenta", 50),
    ("sessenta", 60),
    ("oitenta", 80),
    ("cem", 100),
    ("zwei", 2),
    ("drei", 3),
    ("vier", 4),
    ("fünf", 5),
    ("sechs", 6),
    ("sieben", 7),
    ("acht", 8),
    ("neun", 9),
    ("zehn", 10),
    ("elf", 11),
    ("zwölf", 12),
    ("dreizehn", 13),
    ("vierzehn", 14),
    ("fünfzehn", 15),
    ("sechzehn", 16),
    ("siebzehn", 17),
    ("achtzehn", 18),
    ("neunzehn", 19),
    ("zwanzig", 20),
    ("dreißig", 30),
    ("vierzig", 40),
    ("fünfzig", 50),
    ("sechzig", 60),
    ("siebzig", 70),
    ("achtzig", 80),
    ("neunzig", 90),
    ("hundert", 100),
    ("tausend", 1000),
    ("deux", 2),
    ("trois", 3),
    ("quatre", 4),
    ("cinq", 5),
    ("sept", 7),
    ("huit", 8),
    ("neuf", 9),
    ("dix", 10),
    ("douze", 12),
    ("treize", 13),
    ("quatorze", 14),
    ("seize", 16),
    ("vingt", 20),
    ("trente", 30),
    ("quarante", 40),
    ("cinquante", 50),
    ("soixante", 60),
    ("cent", 100),
    ("mille", 1000),
    ("due", 2),
    ("tre", 3),
    ("quattro", 4),
    ("cinque", 5),
    ("sei", 6),
    ("sette", 7),
    ("otto", 8),
    ("dieci", 10),
    ("quindici", 15),
    ("venti", 20),
    ("trenta", 30),
    ("quaranta", 40),
    ("cento", 100),
    ("dozen", 12),
    ("docena", 12),
];

/// A text with its digits and number signs as ASCII has them.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '٫' => '.',
            '٬' => ',',
            '٪' | '％' => '%',
            '\u{2212}' => '-',
            _ => digit(c).unwrap_or(c),
        })
        .collect()
}

/// A number word's value; a compound such as "twenty-five" is the sum of its parts.
pub fn word(word: &str) -> Option<i64> {
    let lower = word.to_lowercase();
    let one = |part: &str| WORDS.iter().find(|(known, _)| *known == part).map(|(_, value)| *value);
    if let Some(value) = one(&lower) {
        return Some(value);
    }
    let (tens, ones) = lower.split_once('-')?;
    one(tens)?.checked_add(if ones == "one" { 1 } else { one(ones)? })
}

/// What the number in a word may mean, in thousandths. Empty when there is none, or more than one number.
pub fn readings(text: &str) -> Vec<i64> {
    let text = plain(text);
    let from = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let to = text.rfind(|c: char| c.is_ascii_digit()).map_or(from, |at| at + 1);
    let figure = text.get(from..to).unwrap_or_default();
    let fits =
        |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}');
    if figure.is_empty() || !figure.chars().all(fits) {
        return word(&text).and_then(|v| v.checked_mul(1_000)).into_iter().collect();
    }
    let groups: Vec<&str> = figure.split(|c: char| !c.is_ascii_digit()).collect();
    let signs: Vec<char> = figure.chars().filter(|c| !c.is_ascii_digit()).collect();
    let grouped = groups.len() > 1
        && groups.iter().skip(1).all(|g| g.len() == 3)
        && groups.first().is_some_and(|g| (1..=3).contains(&g.len()));
    let same = signs.windows(2).all(|two| matches!(two, [a, b] if a == b));
    let mut readings = Vec::new();
    // 1.234.567, or 1.234 as a thousand.
    if signs.is_empty() || (grouped && same) {
        readings.extend(thousandths(&groups.concat(), ""));
    }
    // 1.234,50, or 1.234 as one and a bit: the last sign separates, the others group.
    if let (Some((part, whole)), Some(('.' | ',', before))) =
        (groups.split_last(), signs.split_last().map(|(l, b)| (*l, b)))
    {
        let others = before.iter().all(|s| Some(s) == before.first()) && before.first() != signs.last();
        let grouped = whole.len() < 2 || whole.iter().skip(1).all(|g| g.len() == 3);
        if (before.is_empty() || others) && grouped {
            readings.extend(thousandths(&whole.concat(), part));
        }
    }
    readings.dedup();
    readings
}

/// Digits behind the point, when the number is written with some.
pub fn decimals(text: &str) -> usize {
    let text = plain(text);
    let figure = text.trim_matches(|c: char| !c.is_ascii_digit());
    figure.rfind(['.', ',']).map_or(0, |at| figure.len() - at - 1)
}

fn thousandths(whole: &str, part: &str) -> Option<i64> {
    let part = if part.len() > 3 { part.trim_end_matches('0') } else { part };
    if whole.is_empty() || whole.len() > DIGITS_MAX || part.len() > 3 {
        return None;
    }
    format!("{whole}{part:0<3}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_spell_them() {
        for (text, wanted) in [
            ("1.234,50", vec![1_234_500]),
            ("1,234.50", vec![1_234_500]),
            ("1'234.50", vec![1_234_500]),
            ("1 234,50", vec![1_234_500]),
            ("1.234", vec![1_234_000, 1_234]),
            ("149,90", vec![149_900]),
            ("€149.90", vec![149_900]),
            ("1,23,456", vec![]),
            ("١٢٣٫٥٠", vec![123_500]),
            ("２１８", vec![218_000]),
            ("twenty-five", vec![25_000]),
            ("14-day", vec![14_000]),
            ("FJ-1001", vec![1_001_000]),
            ("2026-12-11", vec![]),
            ("99999999999999999999", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(readings(text), wanted, "{text}");
        }
        assert_eq!((decimals("219,90 €"), decimals("1.234"), decimals("5")), (2, 3, 0));
    }
}
