//! Days as people write them, in the languages the shop speaks: `12. Dezember`, `Dec 12th, 2026`, `12/12/2026`, `١١ ديسمبر`.

use crate::domain::locale::digit;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

/// Months, each row one language, beginning with January; shorter forms are found by [`SHORT`] letters.
const MONTHS: [&str; 12] = [
    "en january february march april may june july august september october november december",
    "es enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "pt janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "de januar februar märz april mai juni juli august september oktober november dezember",
    "fr janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl januari februari maart april mei juni juli augustus september oktober november december",
    "ar يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "hi जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    "ru января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "pl stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "tr ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
];
/// Letters of a shortened month: `Dec`, `dez`, `sept`.
const SHORT: Range<usize> = 3..5;
/// Rows whose months are shortened.
const SHORTENED: usize = 7;
/// Shortened months that are other words more often.
const NO_MONTHS: [&str; 4] = ["set", "ago", "out", "mag"];
/// Words between a day and its month or a month and its year.
const JOINTS: [&str; 5] = ["of", "de", "del", "do", "the"];
/// What follows a day's number.
const ORDINALS: [&str; 8] = ["st", "nd", "rd", "th", "er", "º", "ª", "o"];
/// Words after which `24/12` is a day and not a fraction.
const BEFORE_DAY: [&str; 19] = [
    "on", "by", "until", "before", "am", "bis", "vom", "zum", "el", "hasta", "dia", "día", "em", "até", "le", "au",
    "du", "since", "from",
];

/// A day, as far as it is written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// The year.
    pub year: Option<i16>,
    /// The month.
    pub month: i8,
    /// The day of the month.
    pub day: Option<i8>,
}

/// A written day: where it stands, and what it may mean (`3/4` is two days).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its place.
    pub place: Range<usize>,
    /// Its meanings.
    pub days: Vec<Day>,
}

impl Day {
    /// Whether both may be the same day: what is written out on both sides is equal.
    pub fn is(self, other: Self) -> bool {
        let same = |a: Option<i16>, b: Option<i16>| a.is_none() || b.is_none() || a == b;
        self.month == other.month
            && same(self.year, other.year)
            && same(self.day.map(i16::from), other.day.map(i16::from))
    }
}

#[derive(Debug)]
struct Token {
    place: Range<usize>,
    text: String,
    number: Option<i16>,
    month: Option<i8>,
}

/// Every day a text writes out, in order.
pub fn find(text: &str) -> Vec<Written> {
    let tokens = tokens(text);
    let mut found: Vec<Written> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let rest = tokens.get(at..).unwrap_or_default();
        // The word before the blank before it.
        let before = at.checked_sub(2).and_then(|n| tokens.get(n));
        let told = before.is_some_and(|t| BEFORE_DAY.contains(&t.text.to_lowercase().as_str()));
        let read = numeric(rest, told).or_else(|| day_month(rest)).or_else(|| month_day(rest));
        match read.filter(|(taken, days)| *taken > 0 && !days.is_empty()) {
            Some((taken, days)) => {
                let (first, last) = (rest.first(), rest.get(taken - 1));
                if let (Some(first), Some(last)) = (first, last) {
                    found.push(Written { place: first.place.start..last.place.end, days });
                }
                at += taken;
            }
            None => at += 1,
        }
    }
    found
}

/// The month a word names, shortened or not.
pub fn month(word: &str) -> Option<i8> {
    if !word.starts_with(char::is_alphabetic) {
        return None;
    }
    NAMES.get(word.to_lowercase().as_str()).copied()
}

/// Every name a month goes by.
static NAMES: LazyLock<BTreeMap<String, i8>> = LazyLock::new(|| {
    let mut names = BTreeMap::new();
    let months = || MONTHS.iter().flat_map(|row| row.split(' ').skip(1).zip(1i8..));
    for (name, n) in months() {
        names.insert(name.to_owned(), n);
    }
    // Only the first languages shorten their months as we know it; "Sie" is no sierpień.
    let shortened = MONTHS.iter().take(SHORTENED).flat_map(|row| row.split(' ').skip(1).zip(1i8..));
    for (name, n) in shortened {
        for short in SHORT.filter_map(|letters| name.get(..letters)).filter(|s| !NO_MONTHS.contains(s)) {
            names.entry(short.to_owned()).or_insert(n);
        }
    }
    names
});

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut kind_before = 0;
    for (at, c) in text.char_indices() {
        let kind = match c {
            _ if digit(c).is_some() => 1,
            _ if c.is_alphabetic() || matches!(c, '\u{901}'..='\u{963}') => 2,
            _ => 3,
        };
        let end = at + c.len_utf8();
        match tokens.last_mut() {
            Some(last) if kind == kind_before && kind < 3 => {
                last.place.end = end;
                last.text.push(digit(c).unwrap_or(c));
            }
            _ => {
                let text = digit(c).unwrap_or(c).to_string();
                tokens.push(Token { place: at..end, text, number: None, month: None });
            }
        }
        kind_before = kind;
    }
    for token in &mut tokens {
        token.number = (token.text.len() <= 4).then(|| token.text.parse().ok()).flatten();
        token.month = month(&token.text);
    }
    tokens
}

fn number_at(tokens: &[Token], at: usize) -> Option<(i16, usize)> {
    tokens.get(at).and_then(|t| t.number.map(|n| (n, t.text.len())))
}

fn is(tokens: &[Token], at: usize, text: &str) -> bool {
    tokens.get(at).is_some_and(|t| t.text == text)
}

fn full_year((number, digits): (i16, usize)) -> Option<i16> {
    match digits {
        4 if (1900..2200).contains(&number) => Some(number),
        2 => number.checked_add(2000),
        _ => None,
    }
}

fn a_day(day: i16, month: i16, year: Option<i16>) -> Option<Day> {
    let fits = (1..=31).contains(&day) && (1..=12).contains(&month);
    fits.then_some(Day { year, month: i8::try_from(month).ok()?, day: Some(i8::try_from(day).ok()?) })
}

fn numeric(tokens: &[Token], told: bool) -> Option<(usize, Vec<Day>)> {
    let first = number_at(tokens, 0)?;
    // 2026年12月11日, 12月11日
    if is(tokens, 1, "年") || is(tokens, 1, "月") {
        let with_year = is(tokens, 1, "年");
        let at = if with_year { 2 } else { 0 };
        let (month, day) = (number_at(tokens, at)?, number_at(tokens, at + 2)?);
        let year = if with_year { full_year(first) } else { None };
        return Some((at + 4, a_day(day.0, month.0, year).into_iter().collect()));
    }
    let sign = tokens.get(1).map(|t| t.text.as_str()).filter(|t| ["/", ".", "-"].contains(t))?;
    let second = number_at(tokens, 2)?;
    if is(tokens, 3, sign)
        && let Some(third) = number_at(tokens, 4)
    {
        if first.1 == 4 {
            let year = Some(full_year(first)?);
            return Some((5, a_day(third.0, second.0, year).into_iter().collect()));
        }
        let year = Some(full_year(third)?);
        let mut days: Vec<Day> = a_day(first.0, second.0, year).into_iter().collect();
        // Only with slashes does anybody write the month first.
        days.extend(a_day(second.0, first.0, year).filter(|d| sign == "/" && !days.contains(d)));
        return (!days.is_empty()).then_some((5, days));
    }
    if sign == "." && is(tokens, 3, ".") && first.1 <= 2 && second.1 <= 2 {
        return Some((4, a_day(first.0, second.0, None).into_iter().collect()));
    }
    let short = told && sign == "/" && first.1 <= 2 && second.1 <= 2;
    let days = [a_day(first.0, second.0, None), a_day(second.0, first.0, None)];
    short.then(|| (3, days.into_iter().flatten().collect()))
}

/// `12 December 2026`, `12. Dezember`, `12 de diciembre de 2026`, `12th of December`.
fn day_month(tokens: &[Token]) -> Option<(usize, Vec<Day>)> {
    let (day, digits) = number_at(tokens, 0)?;
    if digits > 2 {
        return None;
    }
    let mut at = 1;
    while tokens.get(at).is_some_and(|t| {
        t.text == "."
            || t.text.trim().is_empty()
            || t.text == "-"
            || ORDINALS.contains(&t.text.as_str())
            || JOINTS.contains(&t.text.as_str())
    }) && at < 8
    {
        at += 1;
    }
    let month = tokens.get(at)?.month?;
    let (taken, year) = year_after(tokens, at + 1);
    Some((taken, a_day(day, i16::from(month), year).into_iter().collect()))
}

/// `December 12, 2026`, `December 2026`.
fn month_day(tokens: &[Token]) -> Option<(usize, Vec<Day>)> {
    let first = tokens.first()?;
    let month = first.month?;
    let gap = tokens.get(1).filter(|t| t.text.trim().is_empty() || t.text == "." || t.text == "-");
    let at = match gap {
        Some(_) if tokens.get(2).is_some_and(|t| t.text.trim().is_empty() || JOINTS.contains(&t.text.as_str())) => 3,
        Some(_) => 2,
        None => return None,
    };
    let at = if tokens.get(at).is_some_and(|t| t.text.trim().is_empty()) { at + 1 } else { at };
    let (number, digits) = number_at(tokens, at)?;
    if digits == 4 {
        let year = full_year((number, digits))?;
        return Some((at + 1, vec![Day { year: Some(year), month, day: None }]));
    }
    let ordinal = tokens.get(at + 1).is_some_and(|t| ORDINALS.contains(&t.text.as_str()));
    let (taken, year) = year_after(tokens, at + 1 + usize::from(ordinal));
    Some((taken, a_day(number, i16::from(month), year).into_iter().collect()))
}

/// A year that follows, and how many tokens are taken with it.
fn year_after(tokens: &[Token], from: usize) -> (usize, Option<i16>) {
    let mut at = from;
    while tokens.get(at).is_some_and(|t| {
        t.text == "," || t.text == "." || t.text.trim().is_empty() || JOINTS.contains(&t.text.as_str())
    }) && at < from + 5
    {
        at += 1;
    }
    match number_at(tokens, at).filter(|n| n.1 == 4).and_then(full_year) {
        Some(year) => (at + 1, Some(year)),
        None => (from, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_many_spellings() {
        let day = |year, month, day| Day { year, month, day: Some(day) };
        for (text, days) in [
            ("11 December 2026", vec![day(Some(2026), 12, 11)]),
            ("on Dec 11th, 2026.", vec![day(Some(2026), 12, 11)]),
            ("am 11. Dezember", vec![day(None, 12, 11)]),
            ("el 11 de diciembre de 2026", vec![day(Some(2026), 12, 11)]),
            ("le 1er août", vec![day(None, 8, 1)]),
            ("2026-12-11", vec![day(Some(2026), 12, 11)]),
            ("11.12.2026", vec![day(Some(2026), 12, 11)]),
            ("11/12/2026", vec![day(Some(2026), 12, 11), day(Some(2026), 11, 12)]),
            ("24/12/26", vec![day(Some(2026), 12, 24)]),
            ("١١ ديسمبر ٢٠٢٦", vec![day(Some(2026), 12, 11)]),
            ("2026年12月11日", vec![day(Some(2026), 12, 11)]),
            ("December 2026", vec![Day { year: Some(2026), month: 12, day: None }]),
        ] {
            assert_eq!(find(text).first().map(|w| w.days.clone()), Some(days), "{text}");
        }
        for text in ["24/7", "1/2", "size 42", "may I help you?", "€1.234,50", "3 marches", "10.5.3"] {
            assert_eq!(find(text), vec![], "{text}");
        }
    }
}
