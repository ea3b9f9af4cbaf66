//! `shop.toml`: a merchant's account in a file one can write by hand.

use crate::domain::id::ShopId;
use crate::domain::money::{Currency, Money};
use crate::domain::shop::{self, AfterSales, Shop};
use crate::onboard::Error;
use crate::wording::{Voice, phrases};
use serde::Deserialize;

/// Lines of the shop's address that receipts have room for.
const ADDRESS_LINES_MAX: usize = 6;

/// What the file says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    id: String,
    name: String,
    currency: String,
    #[serde(default = "english")]
    locale: String,
    #[serde(default = "utc")]
    time_zone: String,
    /// Without one the shop says hello in its own language.
    #[serde(default)]
    greeting: Option<String>,
    #[serde(default)]
    starters: Vec<String>,
    #[serde(default = "soon")]
    colleagues: String,
    #[serde(default)]
    order_prefix: Option<String>,
    #[serde(default)]
    shipping: Shipping,
    #[serde(default)]
    address: Vec<String>,
    #[serde(default)]
    tax: Option<Tax>,
    #[serde(default)]
    returns: Option<Returns>,
    /// Past customers a visitor may try the shop as.
    #[serde(default)]
    pub personas: Vec<Persona>,
}

/// A past customer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Persona {
    /// `maya`.
    pub id: String,
    /// `Maya Lindqvist`.
    pub name: String,
    /// `en`.
    #[serde(default = "english")]
    pub locale: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shipping {
    #[serde(default)]
    standard: String,
    #[serde(default)]
    free_from: String,
    #[serde(default)]
    label: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tax {
    label: String,
    percent: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Returns {
    days: u32,
    /// Refunds up to this amount need no colleague.
    #[serde(default)]
    refund_without_asking: String,
}

fn english() -> String {
    "en".to_owned()
}

fn utc() -> String {
    "UTC".to_owned()
}

fn soon() -> String {
    "as soon as they can".to_owned()
}

/// Reads the file.
pub fn parse(text: &str) -> Result<Profile, Error> {
    toml::from_str(text).map_err(|e| Error::File { file: "shop.toml".to_owned(), problem: e.to_string() })
}

impl Profile {
    /// The shop the file describes.
    pub fn shop(&self, demo: bool) -> Result<Shop, Error> {
        let problem = |what: &str, e: &dyn std::fmt::Display| Error::File {
            file: "shop.toml".to_owned(),
            problem: format!("{what}: {e}"),
        };
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || self.id.len() > 40 || !self.id.chars().all(plain) {
            return Err(problem("id", &"use 1 to 40 lower-case letters, digits and dashes"));
        }
        let currency = Currency::parse(&self.currency).map_err(|e| problem("currency", &e))?;
        let amount = |what: &str, text: &str| Money::parse(text, currency).map_err(|e| problem(what, &e));
        let fee = if self.shipping.standard.is_empty() {
            Money::zero(currency)
        } else {
            amount("shipping.standard", &self.shipping.standard)?
        };
        let free_from = match self.shipping.free_from.as_str() {
            "" => None,
            text => Some(amount("shipping.free_from", text)?),
        };
        if jiff::tz::TimeZone::get(&self.time_zone).is_err() {
            return Err(problem("time_zone", &"use a name such as Europe/Berlin"));
        }
        let label = if self.shipping.label.is_empty() { "Shipping" } else { &self.shipping.label };
        let prefix = self.order_prefix.clone().unwrap_or_else(|| initials(&self.name));
        Ok(Shop {
            id: ShopId::new(self.id.clone()),
            name: self.name.clone(),
            currency,
            locale: self.locale.clone(),
            time_zone: self.time_zone.clone(),
            greeting: self.greeting.clone().unwrap_or_else(|| Voice::of_tag(&self.locale).pick(phrases::GREETING)),
            starters: self.starters.clone(),
            colleagues: self.colleagues.clone(),
            shipping: shop::Shipping { label: label.to_owned(), fee, free_from },
            order_prefix: prefix,
            address: self.address.iter().take(ADDRESS_LINES_MAX).cloned().collect(),
            tax: self.tax.as_ref().map(Tax::read).transpose().map_err(|e| problem("tax.percent", &e))?,
            after_sales: self.after_sales(currency)?,
            demo,
        })
    }
}

impl Tax {
    fn read(&self) -> Result<shop::Tax, &'static str> {
        const ASK: &str = "write 0 to 100 with at most two decimals, such as \"19\" or \"8.1\"";
        let (whole, part) = self.percent.trim().split_once('.').unwrap_or((self.percent.trim(), "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(part) || whole.len() > 3 || part.len() > 2 {
            return Err(ASK);
        }
        let hundredths: u32 = format!("{whole}{part:0<2}").parse().map_err(|_| ASK)?;
        if hundredths > 10_000 {
            return Err(ASK);
        }
        Ok(shop::Tax { label: self.label.clone(), rate: hundredths })
    }
}

impl Profile {
    fn after_sales(&self, currency: Currency) -> Result<AfterSales, Error> {
        let usual = AfterSales::default();
        let Some(rules) = &self.returns else {
            return Ok(usual);
        };
        let unasked = match rules.refund_without_asking.as_str() {
            "" => Money::zero(currency),
            text => Money::parse(text, currency).map_err(|e| Error::File {
                file: "shop.toml".to_owned(),
                problem: format!("returns.refund_without_asking: {e}"),
            })?,
        };
        Ok(AfterSales { return_days: rules.days, refund_unasked_minor: unasked.minor, ..usual })
    }
}

fn initials(name: &str) -> String {
    let letters: String = name.chars().filter(char::is_ascii_alphabetic).take(2).collect();
    if letters.len() == 2 { letters.to_uppercase() } else { "NO".to_owned() }
}
