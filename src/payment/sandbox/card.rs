//! Test cards, and the form of the pay page: every field checked, with a sentence a shopper understands.

use crate::payment::Shipping;
use crate::payment::sandbox::state::Stage;
use crate::payment::sandbox::state::payment::Fate;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

/// The numbers the sandbox knows, with what they do. They are Stripe's own test numbers. At Stripe no card pays slowly
/// (that takes a bank debit or a voucher), so 7726 borrows the number with which Stripe makes a *refund* slow.
pub const TEST_CARDS: &[(&str, &str)] = &[
    ("4242 4242 4242 4242", "pays"),
    ("4000 0000 0000 0002", "is declined"),
    ("4000 0000 0000 9995", "has insufficient funds"),
    ("4000 0000 0000 0069", "is expired"),
    ("4000 0000 0000 0127", "has a wrong security code"),
    ("4000 0000 0000 7726", "pays slowly (pending)"),
    ("4000 0000 0000 0259", "pays, and is disputed later"),
    ("4000 0000 0000 5126", "pays, and its refund fails later"),
];

/// Longest text of a field; longer is refused before anything else is looked at.
const FIELD_CHARS_MAX: usize = 200;
/// Longest postal code.
const POSTAL_CODE_CHARS_MAX: usize = 12;
/// How far ahead a card can expire, in years.
const EXPIRY_YEARS_MAX: i16 = 50;

/// What the shopper typed. It has no `Debug`: a card number must never reach a log, not even a wrong one.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct PayForm {
    /// For the receipt.
    pub email: String,
    /// The receiver.
    pub name: String,
    /// Street and number.
    pub line1: String,
    /// Postal code.
    pub postal_code: String,
    /// Town.
    pub city: String,
    /// Two letters.
    pub country: String,
    /// Card number.
    pub number: String,
    /// `MM/YY`.
    pub expiry: String,
    /// Security code.
    pub cvc: String,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FieldError {
    /// Its name in the form; `page` when it is about the page as a whole.
    pub field: &'static str,
    /// What to do about it, for the shopper.
    pub message: String,
}

/// What a good card leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Whether the money takes its time.
    pub is_slow: bool,
    /// What comes later.
    pub fate: Fate,
    /// All that is kept of the number.
    pub last4: String,
}

impl Charge {
    /// Where the page stands after it.
    pub fn stage(&self) -> Stage {
        if self.is_slow { Stage::Pending } else { Stage::Paid }
    }
}

/// Checks the form against the countries of the page; then asks the card.
pub fn charge(form: &PayForm, countries: &[String], now: Timestamp) -> Result<(Charge, Shipping), FieldError> {
    let to = address(form, countries)?;
    let number: String = form.number.chars().filter(|c| !matches!(c, ' ' | '-')).take(FIELD_CHARS_MAX).collect();
    let known = TEST_CARDS.iter().position(|(card, _)| card.chars().filter(char::is_ascii_digit).eq(number.chars()));
    if number.is_empty() {
        return Err(wrong("number", "Enter a card number."));
    }
    let Some(known) = known else {
        return Err(wrong(
            "number",
            "Test cards only: this shop takes no real money, so never enter a real card here.",
        ));
    };
    check_expiry(&form.expiry, now)?;
    if !(3..=4).contains(&form.cvc.trim().len()) || !form.cvc.trim().bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong("cvc", "Enter the three digits on the back of the card."));
    }
    match known {
        1 => Err(wrong("number", "Your card was declined. Try another one.")),
        2 => Err(wrong("number", "Your card has insufficient funds. Try another one.")),
        3 => Err(wrong("expiry", "Your card has expired. Try another one.")),
        4 => Err(wrong("cvc", "The security code is wrong.")),
        nth => Ok((good(nth, &number), to)),
    }
}

fn good(nth: usize, number: &str) -> Charge {
    let fate = match nth {
        6 => Fate::Disputed,
        7 => Fate::RefundFails,
        _ => Fate::Good,
    };
    let last4 = number.chars().skip(number.len().saturating_sub(4)).collect();
    Charge { is_slow: nth == 5, fate, last4 }
}

fn address(form: &PayForm, countries: &[String]) -> Result<Shipping, FieldError> {
    let text = |field, value: &str, ask: &str| match value.trim() {
        "" => Err(wrong(field, ask)),
        long if long.chars().count() > FIELD_CHARS_MAX => Err(wrong(field, "This is too long.")),
        odd if odd.chars().any(char::is_control) => Err(wrong(field, "This has characters that cannot be printed.")),
        good => Ok(good.to_owned()),
    };
    let email = text("email", &form.email, "Enter your e-mail address.")?;
    let parts = email.split_once('@');
    let believable = parts.is_some_and(|(who, host)| !who.is_empty() && host.contains('.') && !host.starts_with('.'));
    if !believable || email.matches('@').count() != 1 || email.contains(char::is_whitespace) || email.ends_with('.') {
        return Err(wrong("email", "This is not an e-mail address. Write it like ada@example.com."));
    }
    let name = text("name", &form.name, "Enter the receiver's name.")?;
    if countries.is_empty() {
        return Ok(Shipping { name, email, ..Shipping::default() });
    }
    let to = Shipping {
        region: String::new(),
        name,
        line1: text("line1", &form.line1, "Enter street and number.")?,
        postal_code: text("postal_code", &form.postal_code, "Enter the postal code.")?,
        city: text("city", &form.city, "Enter the town.")?,
        country: text("country", &form.country, "Choose the country.")?.to_uppercase(),
        email,
    };
    if to.postal_code.chars().count() > POSTAL_CODE_CHARS_MAX {
        return Err(wrong("postal_code", "This is too long for a postal code."));
    }
    if !countries.contains(&to.country) {
        return Err(wrong("country", "We do not ship to this country."));
    }
    Ok(to)
}

fn check_expiry(text: &str, now: Timestamp) -> Result<(), FieldError> {
    let ask = || wrong("expiry", "Enter month and year, like 12/34.");
    let digits = |t: &str| t.len() == 2 && t.bytes().all(|b| b.is_ascii_digit());
    let (month, year) = text.trim().split_once('/').ok_or_else(ask)?;
    let (month, year) = (month.trim(), year.trim());
    if !digits(month) || !digits(year) {
        return Err(ask());
    }
    let month: i8 = month.parse().ok().filter(|m| (1..=12).contains(m)).ok_or_else(ask)?;
    let year: i16 = 2000 + year.parse::<i16>().map_err(|_| ask())?;
    let today = now.to_zoned(TimeZone::UTC).date();
    if (year, month) < (today.year(), today.month()) {
        return Err(wrong("expiry", "This date is in the past."));
    }
    if year > today.year() + EXPIRY_YEARS_MAX {
        return Err(wrong("expiry", "This date is too far away."));
    }
    Ok(())
}

pub(super) fn wrong(field: &'static str, message: &str) -> FieldError {
    FieldError { field, message: message.to_owned() }
}
