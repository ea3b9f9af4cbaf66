//! Reading the form that opens a page, as strictly as Stripe reads it.

use crate::domain::money::{Currency, Money, sum};
use crate::payment::Line;
use crate::payment::sandbox::shape::{Fault, fault};
use crate::payment::stripe::wire::{LINES_MAX, LOCALES};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Most parameters of one call: a hundred lines of four, every country, metadata twice.
pub const FIELDS_MAX: usize = 1000;
/// Shortest life of a page.
pub const EXPIRY_SECONDS_MIN: i64 = 30 * 60;
/// Longest life of a page, and the one it has when none is asked for.
pub const EXPIRY_SECONDS_MAX: i64 = 24 * 60 * 60;
/// Largest total: eight digits.
const TOTAL_MINOR_MAX: i64 = 99_999_999;
/// Most entries of one metadata.
const METADATA_KEYS_MAX: usize = 50;
/// Longest name of a metadata entry.
const METADATA_NAME_CHARS_MAX: usize = 40;
/// Longest value of a metadata entry.
const METADATA_VALUE_CHARS_MAX: usize = 500;
/// Longest client reference.
const REFERENCE_CHARS_MAX: usize = 200;
/// Longest text of any other kind.
const TEXT_CHARS_MAX: usize = 5000;

/// A page asked for, complete and within the limits.
#[derive(Debug)]
pub struct Wish {
    /// What it charges for.
    pub lines: Vec<Line>,
    /// Sum of the lines.
    pub total: Money,
    /// When it closes.
    pub expires_at: Timestamp,
    /// The caller's reference.
    pub reference: Option<String>,
    /// The caller's notes on the session.
    pub metadata: BTreeMap<String, String>,
    /// The caller's notes on the payment.
    pub intent_metadata: BTreeMap<String, String>,
    /// Where the shopper goes after paying.
    pub success_url: String,
    /// Where the shopper goes without paying.
    pub cancel_url: Option<String>,
    /// Language of the page.
    pub locale: Option<String>,
    /// Countries that can be typed.
    pub countries: Vec<String>,
    /// Ways to pay.
    pub methods: Vec<String>,
}

impl Wish {
    fn empty() -> Self {
        Self {
            lines: Vec::new(),
            total: Money::zero(Currency::EUR),
            expires_at: Timestamp::UNIX_EPOCH,
            reference: None,
            metadata: BTreeMap::new(),
            intent_metadata: BTreeMap::new(),
            success_url: String::new(),
            cancel_url: None,
            locale: None,
            countries: Vec::new(),
            methods: Vec::new(),
        }
    }
}

#[derive(Default)]
struct Row {
    name: Option<String>,
    currency: Option<Currency>,
    unit: Option<i64>,
    quantity: Option<u32>,
}

/// Reads the form of `POST /v1/checkout/sessions`.
pub fn read(form: &[(String, String)], now: Timestamp) -> Result<Wish, Fault> {
    let mut wish = Wish::empty();
    let mut rows: BTreeMap<usize, Row> = BTreeMap::new();
    let (mut mode, mut expires) = (None, None);
    if form.len() > FIELDS_MAX {
        return Err(fault("parameters_too_many", None, "There are too many parameters."));
    }
    for (name, value) in form {
        if value.chars().count() > TEXT_CHARS_MAX {
            return Err(fault("parameter_invalid_string_too_long", Some(name), "The text is too long."));
        }
        match segments(name).as_slice() {
            ["mode"] => mode = Some(value.as_str()),
            ["expires_at"] => expires = Some(number(name, value)?),
            ["success_url"] => wish.success_url = link(name, value)?,
            ["cancel_url"] => wish.cancel_url = Some(link(name, value)?),
            ["locale"] => wish.locale = Some(one_of(name, value, &LOCALES)?),
            ["client_reference_id"] => wish.reference = Some(short(name, value, REFERENCE_CHARS_MAX)?),
            ["adaptive_pricing" | "automatic_tax", "enabled"] | ["allow_promotion_codes"] => {
                drop(one_of(name, value, &["false"])?);
            }
            ["allowed_payment_method_types", _] => wish.methods.push(one_of(name, value, &["card", "link"])?),
            ["payment_method_types", ..] => {
                let message = "payment_method_types is gone in this version; use allowed_payment_method_types.";
                return Err(fault("payment_method_types_no_longer_supported", Some("payment_method_types"), message));
            }
            ["shipping_address_collection", "allowed_countries", _] => wish.countries.push(country(name, value)?),
            ["metadata", key] => note(&mut wish.metadata, name, key, value)?,
            ["payment_intent_data", "metadata", key] => note(&mut wish.intent_metadata, name, key, value)?,
            ["line_items", at, rest @ ..] => {
                let at = at.parse().map_err(|_| unknown(name))?;
                row(rows.entry(at).or_default(), rest, name, value)?;
            }
            _ => return Err(unknown(name)),
        }
    }
    match mode {
        Some("payment") => {}
        Some(_) => return Err(fault("parameter_invalid", Some("mode"), "The sandbox knows only mode=payment.")),
        None => return Err(missing("mode")),
    }
    if wish.success_url.is_empty() {
        return Err(missing("success_url"));
    }
    wish.expires_at = expiry(expires, now)?;
    wish.lines = lines(rows)?;
    wish.total = total(&wish.lines)?;
    Ok(wish)
}

/// The answer to a parameter nobody knows.
pub fn unknown(name: &str) -> Fault {
    fault("parameter_unknown", Some(name), &format!("Received unknown parameter: {name}"))
}

pub(super) fn missing(name: &str) -> Fault {
    fault("parameter_missing", Some(name), &format!("Missing required param: {name}."))
}

/// `a[b][c]` in its three parts; a name that is built otherwise is one part, which nothing knows.
pub(super) fn segments(name: &str) -> Vec<&str> {
    let Some((head, rest)) = name.split_once('[') else { return vec![name] };
    let Some(rest) = rest.strip_suffix(']') else { return vec![name] };
    std::iter::once(head).chain(rest.split("][")).collect()
}

fn row(row: &mut Row, rest: &[&str], name: &str, value: &str) -> Result<(), Fault> {
    match rest {
        ["quantity"] => {
            let quantity = u32::try_from(number(name, value)?).ok().filter(|q| *q > 0);
            row.quantity = Some(quantity.ok_or_else(|| invalid(name, "The quantity must be a positive integer."))?);
        }
        ["adjustable_quantity", "enabled"] => drop(one_of(name, value, &["false"])?),
        ["price_data", "unit_amount"] => {
            let unit = Some(number(name, value)?).filter(|n| *n >= 0);
            row.unit = Some(unit.ok_or_else(|| invalid(name, "The amount must not be negative."))?);
        }
        ["price_data", "currency"] => {
            row.currency = Some(Currency::parse(value).map_err(|_| invalid(name, "Invalid currency."))?);
        }
        ["price_data", "product_data", "name"] if value.trim().is_empty() => {
            return Err(fault("parameter_invalid_empty", Some(name), "The name must not be empty."));
        }
        ["price_data", "product_data", "name"] => row.name = Some(value.to_owned()),
        _ => return Err(unknown(name)),
    }
    Ok(())
}

fn lines(rows: BTreeMap<usize, Row>) -> Result<Vec<Line>, Fault> {
    if rows.is_empty() {
        return Err(missing("line_items"));
    }
    if rows.len() > LINES_MAX {
        return Err(invalid("line_items", "A session has at most 100 line items."));
    }
    let line = |(at, row): (usize, Row)| {
        let lacks = |what: &str| missing(&format!("line_items[{at}]{what}"));
        let currency = row.currency.ok_or_else(|| lacks("[price_data][currency]"))?;
        Ok(Line {
            name: row.name.ok_or_else(|| lacks("[price_data][product_data][name]"))?,
            unit: Money::new(row.unit.ok_or_else(|| lacks("[price_data][unit_amount]"))?, currency),
            quantity: row.quantity.ok_or_else(|| lacks("[quantity]"))?,
        })
    };
    rows.into_iter().map(line).collect()
}

fn total(lines: &[Line]) -> Result<Money, Fault> {
    let currency = lines.first().map_or(Currency::EUR, |line| line.unit.currency);
    let amounts: Result<Vec<_>, _> = lines.iter().map(|line| line.unit.times(line.quantity)).collect();
    let total =
        amounts.and_then(|amounts| sum(amounts, currency)).map_err(|e| invalid("line_items", &e.to_string()))?;
    // Half a unit of money, and fifty where the smallest coin is the unit.
    let least = if currency.exponent() == 3 { 500 } else { 50 };
    if total.minor < least {
        let message = format!("The total must be at least {}.", Money::new(least, currency));
        return Err(fault("amount_too_small", Some("line_items"), &message));
    }
    if total.minor > TOTAL_MINOR_MAX {
        let message = format!("The total must be at most {}.", Money::new(TOTAL_MINOR_MAX, currency));
        return Err(fault("amount_too_large", Some("line_items"), &message));
    }
    Ok(total)
}

fn expiry(asked: Option<i64>, now: Timestamp) -> Result<Timestamp, Fault> {
    let seconds = asked.unwrap_or(now.as_second().saturating_add(EXPIRY_SECONDS_MAX));
    let life = seconds.saturating_sub(now.as_second());
    if !(EXPIRY_SECONDS_MIN..=EXPIRY_SECONDS_MAX).contains(&life) {
        return Err(invalid("expires_at", "expires_at must be between 30 minutes and 24 hours from now."));
    }
    Timestamp::from_second(seconds).map_err(|_| invalid("expires_at", "expires_at is not a time."))
}

fn invalid(name: &str, message: &str) -> Fault {
    fault("parameter_invalid", Some(name), message)
}

fn number(name: &str, value: &str) -> Result<i64, Fault> {
    value.parse().map_err(|_| fault("parameter_invalid_integer", Some(name), "Invalid integer."))
}

fn one_of(name: &str, value: &str, known: &[&str]) -> Result<String, Fault> {
    if known.contains(&value) {
        return Ok(value.to_owned());
    }
    Err(invalid(name, &format!("It must be one of {}.", known.join(", "))))
}

pub(super) fn link(name: &str, value: &str) -> Result<String, Fault> {
    let host = value.strip_prefix("https://").or(value.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !value.contains(char::is_whitespace) => Ok(value.to_owned()),
        _ => Err(fault("url_invalid", Some(name), "Not a valid URL.")),
    }
}

/// A text of any kind, within Stripe's limit.
pub(super) fn text(name: &str, value: &str) -> Result<String, Fault> {
    if value.chars().count() > TEXT_CHARS_MAX {
        return Err(fault("parameter_invalid_string_too_long", Some(name), "The text is too long."));
    }
    Ok(value.to_owned())
}

fn short(name: &str, value: &str, chars_max: usize) -> Result<String, Fault> {
    if value.is_empty() || value.chars().count() > chars_max {
        return Err(invalid(name, &format!("It must have 1 to {chars_max} characters.")));
    }
    Ok(value.to_owned())
}

fn country(name: &str, value: &str) -> Result<String, Fault> {
    if value.len() == 2 && value.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok(value.to_owned());
    }
    Err(invalid(name, "A country is two capital letters."))
}

pub(super) fn note(notes: &mut BTreeMap<String, String>, name: &str, key: &str, value: &str) -> Result<(), Fault> {
    short(name, key, METADATA_NAME_CHARS_MAX)?;
    short(name, value, METADATA_VALUE_CHARS_MAX)?;
    notes.insert(key.to_owned(), value.to_owned());
    if notes.len() > METADATA_KEYS_MAX {
        return Err(invalid(name, "Metadata has at most 50 entries."));
    }
    Ok(())
}
