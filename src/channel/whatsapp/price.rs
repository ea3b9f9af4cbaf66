//! What a message costs: Meta's rate cards, read from a folder of the merchant's, and what is free. Nothing is shipped as
//! a price: without a card nothing is priced, and everything else works.
//!
//! The country of a number is found by its calling code (`assets/whatsapp/calling_codes.csv`). The crates for phone
//! numbers were looked at and not taken: they carry all of the world's numbering plans and a regular expression for each,
//! to validate and format numbers, while a price needs the country alone.

mod card;
mod country;
#[cfg(test)]
mod tests;

pub use card::{RateCards, Warning, read};
pub use country::{country_of, market_of};

use crate::domain::template::Category;
use jiff::civil::{Date, date};
use std::path::PathBuf;

/// The first day on which answers, and news inside an open window, are charged.
pub const ALL_CHARGED_FROM: Date = date(2026, 10, 1);

/// What is to be priced.
#[derive(Clone, Copy, Debug)]
pub struct Priced<'a> {
    /// A number, or the network's own id of a shopper, which begins with the country.
    pub to: &'a str,
    /// As what it is charged.
    pub category: Category,
    /// The day on which it is delivered.
    pub on: Date,
    /// Whether the shopper wrote within the last day.
    pub window_open: bool,
    /// Whether the shopper came by an advertisement, so that all is free for a while.
    pub entry_free: bool,
    /// Free answers left to this number in this month.
    pub free_left: u32,
}

/// What a message costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// The card's currency, three letters.
    pub currency: String,
    /// Millionths of it.
    pub micros: i64,
    /// Why it costs nothing, if so.
    pub free: Option<Free>,
}

/// Why a message costs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Free {
    /// The shopper came by an advertisement or the page's button.
    EntryPoint,
    /// News inside an open window, before [`ALL_CHARGED_FROM`].
    UtilityInWindow,
    /// Answers, before [`ALL_CHARGED_FROM`].
    Service,
    /// One of the month's free answers.
    Allowance,
}

/// Why rate cards cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder or a file cannot be read.
    #[error("{path} cannot be read")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// More than is read.
    #[error("{path} has more than {max} {what}")]
    TooMuch {
        /// Where.
        path: PathBuf,
        /// Of what.
        what: &'static str,
        /// The limit.
        max: usize,
    },
    /// No row names the columns.
    #[error("{path} has no row with the columns Market and Marketing, Utility, Authentication or Service")]
    NoHeader {
        /// Where.
        path: PathBuf,
    },
    /// Something in it is not what it must be.
    #[error("{path}, line {line}, column {column}: {what}")]
    Cell {
        /// Which file.
        path: PathBuf,
        /// From 1.
        line: u64,
        /// The column's name.
        column: String,
        /// What is wrong, and what to do.
        what: String,
    },
    /// Cards in several currencies: what was spent could not be summed.
    #[error("the rate cards are in {0} and {1}: keep those in the currency you are billed in")]
    Currencies(String, String),
}

/// What a message costs by these cards; none if no card says so.
pub fn price(cards: &RateCards, what: &Priced<'_>) -> Option<Price> {
    let currency = cards.currency()?.to_owned();
    if let Some(free) = free(what) {
        return Some(Price { currency, micros: 0, free: Some(free) });
    }
    let country = country_of(what.to)?;
    let micros = cards.rate(country, what.category, what.on)?;
    Some(Price { currency, micros, free: None })
}

fn free(what: &Priced<'_>) -> Option<Free> {
    let before = what.on < ALL_CHARGED_FROM;
    match what.category {
        _ if what.entry_free => Some(Free::EntryPoint),
        Category::Utility if before && what.window_open => Some(Free::UtilityInWindow),
        Category::Service if before => Some(Free::Service),
        Category::Service if what.free_left > 0 => Some(Free::Allowance),
        _ => None,
    }
}
