//! The server's own words: one table a language, and a voice that speaks it with the amounts and days of a region.

pub mod phrases;
mod reason;
#[cfg(test)]
mod tests;

use crate::domain::fact::{Status, Unit, Value};
use crate::domain::locale::Locale;
use crate::domain::money::Money;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::civil::Date;
use phrases as p;
use std::borrow::Borrow;
use std::sync::LazyLock;

/// The name of a phrase in the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase(&'static str);

/// A language the server has words in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// English.
    En,
    /// Spanish.
    Es,
    /// Portuguese.
    Pt,
    /// German.
    De,
    /// French.
    Fr,
    /// Italian.
    It,
    /// Arabic.
    Ar,
}

/// How one shopper is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voice {
    language: Language,
    locale: Locale,
}

type Bundle = FluentBundle<FluentResource>;

static TABLES: LazyLock<[Bundle; 7]> =
    LazyLock::new(|| Language::ALL.map(|language| bundle(language, language.table())));

fn bundle(language: Language, table: &str) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(vec![language.tag().parse().unwrap_or_default()]);
    // Isolation marks keep a number or a name in place inside a sentence that runs the other way. Between letters that all
    // run one way they would only be in the way of whoever copies a number.
    bundle.set_use_isolating(language == Language::Ar);
    let resource = FluentResource::try_new(table.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

impl Language {
    /// Every one.
    pub const ALL: [Self; 7] = [Self::En, Self::Es, Self::Pt, Self::De, Self::Fr, Self::It, Self::Ar];

    /// From a tag such as `es` or `pt-BR`, if there are words in it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let wanted = Locale::parse(tag)?;
        Self::ALL.into_iter().find(|language| language.tag() == wanted.language())
    }

    /// Its tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
            Self::Pt => "pt",
            Self::De => "de",
            Self::Fr => "fr",
            Self::It => "it",
            Self::Ar => "ar",
        }
    }

    fn table(self) -> &'static str {
        match self {
            Self::En => include_str!("wording/tables/en.ftl"),
            Self::Es => include_str!("wording/tables/es.ftl"),
            Self::Pt => include_str!("wording/tables/pt.ftl"),
            Self::De => include_str!("wording/tables/de.ftl"),
            Self::Fr => include_str!("wording/tables/fr.ftl"),
            Self::It => include_str!("wording/tables/it.ftl"),
            Self::Ar => include_str!("wording/tables/ar.ftl"),
        }
    }

    fn format(self, phrase: &str, args: &FluentArgs<'_>) -> Option<String> {
        let bundle = TABLES.get(self as usize)?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(bundle.get_message(phrase)?.value()?, Some(args), &mut errors).into_owned();
        debug_assert!(errors.is_empty(), "{phrase} lacks something: {errors:?}");
        Some(text)
    }

    /// A phrase with its blanks filled in.
    pub fn say(self, phrase: Phrase, args: &FluentArgs<'_>) -> String {
        let said = self.format(phrase.0, args).or_else(|| Self::En.format(phrase.0, args));
        debug_assert!(said.is_some(), "no table has {}", phrase.0);
        said.unwrap_or_default()
    }
}

impl Default for Voice {
    /// Plain English, as colleagues read it.
    fn default() -> Self {
        Self { language: Language::En, locale: Locale::ENGLISH }
    }
}

impl Voice {
    /// The voice for a locale. Where the server has no words it speaks English, and writes figures as English does, too:
    /// a sentence has one hand.
    pub fn of(locale: Locale) -> Self {
        match Language::from_tag(locale.language()) {
            Some(language) => Self { language, locale },
            None => Self::default(),
        }
    }

    /// The voice for a stored tag.
    pub fn of_tag(tag: &str) -> Self {
        Self::of(Locale::of(tag))
    }

    /// Its language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// How it writes figures and days.
    pub fn locale(&self) -> &Locale {
        &self.locale
    }

    /// A phrase without blanks.
    pub fn pick(&self, phrase: Phrase) -> String {
        self.language.say(phrase, &FluentArgs::new())
    }

    /// A phrase with its blanks filled in: `("number", "FJ-1042")`.
    pub fn say(&self, phrase: Phrase, blanks: &[(&str, &str)]) -> String {
        self.language.say(phrase, &filled(blanks))
    }

    /// A phrase about so many.
    pub fn count(&self, phrase: Phrase, blank: &str, count: i64) -> String {
        let mut args = FluentArgs::new();
        args.set(blank.to_owned(), FluentValue::from(count));
        self.language.say(phrase, &args)
    }

    /// An amount.
    pub fn money(&self, money: Money) -> String {
        self.locale.money(money)
    }

    /// A day.
    pub fn date(&self, date: Date) -> String {
        self.locale.date(date)
    }

    /// What delivery costs.
    pub fn fee(&self, fee: Money) -> String {
        if fee.minor == 0 { self.pick(p::FREE) } else { self.money(fee) }
    }

    /// Where something stands.
    pub fn status(&self, status: Status) -> String {
        self.pick(match status {
            Status::WaitingForPayment => p::STATUS_AWAITING,
            Status::PaymentPending => p::STATUS_PENDING,
            Status::Paid => p::STATUS_PAID,
            Status::OnItsWay => p::STATUS_SENT,
            Status::Delivered => p::STATUS_DELIVERED,
            Status::Expired => p::STATUS_EXPIRED,
            Status::Cancelled => p::STATUS_CANCELLED,
            Status::Refunded => p::STATUS_REFUNDED,
            Status::BeingChecked => p::STATUS_FROZEN,
            Status::InStock => p::CARD_IN,
            Status::SoldOut => p::CARD_OUT,
        })
    }

    /// A fact's value as a reply shows it.
    pub fn value(&self, value: &Value) -> String {
        match value {
            Value::Money(money) => self.money(*money),
            Value::Count(count) => self.locale.number(*count),
            Value::Percent(hundredths) => self.locale.percent(*hundredths),
            Value::Date(date) => self.date(*date),
            Value::Status(status) => self.status(*status),
            Value::Quantity { amount, unit: Unit::Left } => self.count(p::CARD_LEFT, "count", *amount),
            Value::Quantity { amount, unit: Unit::Days } => self.count(p::DAYS, "count", *amount),
            // Reasons of the house are written in English where no shopper is known.
            Value::Text(text) => self.sentence(text),
            Value::Name(_) | Value::Link(_) => value.show(),
        }
    }

    /// A sentence or a reason of the house; whatever else stays as it is.
    pub fn sentence(&self, text: &str) -> String {
        reason::told(self.language, text).unwrap_or_else(|| text.to_owned())
    }
}

/// A phrase by its name, as a page's template asks for it; the name itself when there is none, so that a slip shows.
pub fn named(voice: &Voice, name: &str, args: &FluentArgs<'_>) -> String {
    let said = voice.language.format(name, args);
    debug_assert!(said.is_some(), "no table has {name}");
    said.unwrap_or_else(|| name.to_owned())
}

fn filled<'a>(blanks: &[(&'a str, &'a str)]) -> FluentArgs<'a> {
    let mut args = FluentArgs::with_capacity(blanks.len());
    for (blank, with) in blanks {
        args.set(*blank, *with);
    }
    args
}

/// A phrase with its blanks filled in.
pub fn say(voice: impl Borrow<Voice>, phrase: Phrase, blanks: &[(&str, &str)]) -> String {
    voice.borrow().say(phrase, blanks)
}
