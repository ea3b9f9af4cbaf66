//! Amounts and days as five languages and a few habits write them: what a model may write, not what our pages show.

use crate::domain::money::Money;
use jiff::civil::Date;

/// English, Spanish, Portuguese, German, French.
pub const LANGUAGES: usize = 5;

const MONTHS: [&str; LANGUAGES] = [
    "January February March April May June July August September October November December",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
];

/// An amount in a language; `habit` picks among its spellings.
pub fn money(money: Money, language: usize, habit: usize) -> String {
    let decimal = money.decimal();
    let (whole, part) = decimal.split_once('.').unwrap_or((&decimal, ""));
    let grouped = |sign: &str| {
        let digits: Vec<char> = whole.chars().collect();
        let groups: Vec<String> = digits.rchunks(3).rev().map(|g| g.iter().collect()).collect();
        groups.join(sign)
    };
    let sign = match money.currency.code() {
        "EUR" => "€",
        "USD" => "$",
        other => return format!("{other} {decimal}"),
    };
    match (language, habit % 3) {
        (0, 0) => format!("{sign}{}.{part}", grouped(",")),
        (0, 1) => format!("{decimal} {}", money.currency.code()),
        (0, _) => format!("{sign}{decimal}"),
        (4, 0) => format!("{},{part}\u{a0}{sign}", grouped("\u{202f}")),
        (4, _) => format!("{},{part} {sign}", grouped(" ")),
        (3, 1) => format!("{} {},{part}", money.currency.code(), grouped(".")),
        (_, 2) => format!("{whole},{part} {sign}"),
        (_, _) => format!("{},{part} {sign}", grouped(".")),
    }
}

/// A day in a language; `habit` picks among its spellings.
pub fn date(date: Date, language: usize, habit: usize) -> String {
    let (day, month, year) = (date.day(), date.month(), date.year());
    let names = MONTHS.get(language).copied().unwrap_or_default();
    let name = names.split(' ').nth(usize::try_from(month - 1).unwrap_or_default()).unwrap_or_default();
    match (language, habit % 3) {
        (_, 1) => date.to_string(),
        (0, 0) => format!("{day} {name} {year}"),
        (0, _) => format!("{} {day}, {year}", name.get(..3).unwrap_or(name)),
        (1 | 2, 0) => format!("{day} de {name} de {year}"),
        (3, 0) => format!("{day}. {name} {year}"),
        (3, _) => format!("{day:02}.{month:02}.{year}"),
        (4, 0) => format!("{day} {name} {year}"),
        (_, _) => format!("{day:02}/{month:02}/{year}"),
    }
}
