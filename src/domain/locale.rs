//! How a shopper's language and region write money, numbers and days, from the Unicode consortium's tables.

use crate::domain::money::Money;
use fmt::Write as _;
use icu_calendar::Gregorian;
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::{YMD, YMDT};
use icu_datetime::input::{Date as Day, DateTime as Moment, Time};
use icu_datetime::options::TimePrecision;
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_experimental::dimension::currency::CurrencyType;
use icu_experimental::dimension::currency::formatter::CurrencyFormatter;
use icu_experimental::dimension::percent::formatter::PercentFormatter;
use icu_locale::{LanguageIdentifier, Locale as Tag, LocaleDirectionality, langid};
use jiff::civil::{Date, DateTime};
use std::fmt;

#[cfg(test)]
pub(crate) mod tests;

/// Characters of a tag.
const TAG_CHARS_MAX: usize = 35;
/// Where the digits of the scripts that shoppers write amounts in begin: Arabic, Persian, Devanagari, Bengali, Thai, full
/// width.
const ZEROS: [char; 7] = ['0', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}', '\u{ff10}'];

/// A language, perhaps with a script and a region: `en`, `pt-BR`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Locale(LanguageIdentifier);

impl Locale {
    /// Plain English.
    pub const ENGLISH: Self = Self(langid!("en"));

    /// Reads a tag such as `de`, `de-AT` or `pt_BR`. Only language, script and region count: what else a tag can ask for
    /// (other digits, another calendar) is for nobody outside to choose.
    pub fn parse(tag: &str) -> Option<Self> {
        let tag = tag.trim();
        if tag.len() > TAG_CHARS_MAX {
            return None;
        }
        let mut read: LanguageIdentifier = tag.replace('_', "-").parse::<Tag>().ok()?.id;
        read.variants = Default::default();
        (!read.language.is_unknown()).then_some(Self(read))
    }

    /// Reads a tag; English when it is none.
    pub fn of(tag: &str) -> Self {
        Self::parse(tag).unwrap_or(Self::ENGLISH)
    }

    /// The language alone: `pt`.
    pub fn language(&self) -> &str {
        self.0.language.as_str()
    }

    /// The same language with the region of another locale, unless it names one of its own.
    pub fn in_region_of(mut self, other: &Self) -> Self {
        self.0.region = self.0.region.or(other.0.region);
        self
    }

    /// Whether it is written from right to left.
    pub fn is_rtl(&self) -> bool {
        LocaleDirectionality::new_common().is_right_to_left(&self.0)
    }

    /// `rtl` or `ltr`, as pages say it.
    pub fn direction(&self) -> &'static str {
        if self.is_rtl() { "rtl" } else { "ltr" }
    }

    /// An amount: `€149.90`, `149,90 €`. Every minor unit shows.
    pub fn money(&self, money: Money) -> String {
        let amount = decimal(money.minor, money.currency.exponent());
        let written = self.with_sign(&amount, money);
        // Some currencies have fewer decimals in the tables than where they are charged; what is charged is shown.
        written.filter(|text| digits(text) == digits(&money.decimal())).unwrap_or_else(|| {
            let number = self.decimal(&amount).unwrap_or_else(|| money.decimal());
            format!("{}\u{a0}{number}", money.currency)
        })
    }

    fn with_sign(&self, amount: &Decimal, money: Money) -> Option<String> {
        let currency: CurrencyType = money.currency.code().parse().ok()?;
        let tag = Tag::from(self.0.clone());
        let formatter = CurrencyFormatter::try_new_symbol((&tag).into(), currency, Default::default()).ok()?;
        Some(formatter.format_fixed_decimal(amount).to_string())
    }

    /// A whole number: `1,299`, `1.299`.
    pub fn number(&self, number: i64) -> String {
        self.decimal(&Decimal::from(number)).unwrap_or_else(|| number.to_string())
    }

    fn decimal(&self, number: &Decimal) -> Option<String> {
        let tag = Tag::from(self.0.clone());
        let formatter = DecimalFormatter::try_new((&tag).into(), Default::default()).ok()?;
        Some(formatter.format(number).to_string())
    }

    /// A percentage, given in hundredths of a percent: 1900 is `19%`, 1950 is `19.5%`.
    pub fn percent(&self, hundredths: i64) -> String {
        let mut number = decimal(hundredths, 2);
        number.absolute.trim_end();
        let tag = Tag::from(self.0.clone());
        match PercentFormatter::try_new((&tag).into(), Default::default()) {
            Ok(formatter) => formatter.format(&number).to_string(),
            Err(_) => format!("{number}%"),
        }
    }

    /// The sign before the decimals: `.`, `,` or `٫`.
    pub fn decimal_sign(&self) -> char {
        let written = self.decimal(&decimal(15, 1)).unwrap_or_default();
        written.chars().find(|c| !c.is_numeric() && !c.is_alphabetic()).unwrap_or('.')
    }

    /// A day: `18 December 2026`, `18. Dezember 2026`.
    pub fn date(&self, date: Date) -> String {
        self.long_date(date).unwrap_or_else(|| date.to_string())
    }

    fn long_date(&self, date: Date) -> Option<String> {
        let formatter =
            FixedCalendarDateTimeFormatter::<Gregorian, YMD>::try_new((&self.for_dates()).into(), YMD::long()).ok()?;
        Some(formatter.format(&day(date)?).to_string())
    }

    /// A day and a time of day: `18 December 2026 at 17:05`.
    pub fn date_time(&self, at: DateTime) -> String {
        self.long_date_time(at).unwrap_or_else(|| {
            let mut text = at.date().to_string();
            // Writing to a string cannot fail.
            let _ = write!(text, " {:02}:{:02}", at.hour(), at.minute());
            text
        })
    }

    fn long_date_time(&self, at: DateTime) -> Option<String> {
        let fields = YMDT::long().with_time_precision(TimePrecision::Minute);
        let tag = self.for_dates();
        let formatter = FixedCalendarDateTimeFormatter::<Gregorian, YMDT>::try_new((&tag).into(), fields).ok()?;
        let (hour, minute) = (u8::try_from(at.hour()).ok()?, u8::try_from(at.minute()).ok()?);
        let moment = Moment { date: day(at.date())?, time: Time::try_new(hour, minute, 0, 0).ok()? };
        Some(formatter.format(&moment).to_string())
    }

    /// English without a region is the world's: day, month, year, and twenty-four hours.
    fn for_dates(&self) -> Tag {
        let plain = self.0 == Self::ENGLISH.0;
        Tag::from(if plain { langid!("en-GB") } else { self.0.clone() })
    }
}

fn decimal(minor: i64, exponent: u32) -> Decimal {
    let mut number = Decimal::from(minor);
    number.multiply_pow10(i16::try_from(exponent).map_or(0, |exponent| -exponent));
    number
}

fn day(date: Date) -> Option<Day<Gregorian>> {
    Day::try_new_gregorian(date.year().into(), u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?).ok()
}

/// The value of a digit of any script amounts are written in.
pub fn digit(c: char) -> Option<char> {
    let zero = ZEROS.iter().rev().find(|zero| **zero <= c)?;
    char::from_digit((c as u32).checked_sub(*zero as u32).filter(|value| *value < 10)?, 10)
}

fn digits(text: &str) -> String {
    text.chars().filter_map(digit).collect()
}

impl Default for Locale {
    fn default() -> Self {
        Self::ENGLISH
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
