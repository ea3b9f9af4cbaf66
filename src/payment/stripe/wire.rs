//! What goes over the wire: the form that opens a page, and the few fields of an answer that we rely on.

use crate::domain::money::{Currency, Money};
use crate::payment::stripe::transport::Raw;
use crate::payment::{ANSWER_BYTES_KEPT, BoxError, Error, OpenRequest, Session, SessionStatus, Shipping};
use serde_json::Value;

/// Most lines on one page; Stripe's own limit.
pub const LINES_MAX: usize = 100;
/// Longest field of an address that is kept.
const ADDRESS_CHARS_MAX: usize = 200;
/// Longest link to a page that is handed out; Stripe's have about 400 characters.
const URL_CHARS_MAX: usize = 2000;
/// Longest id that is believed to be one.
const ID_CHARS_MAX: usize = 255;
/// Longest sentence of the provider that is passed on.
const MESSAGE_CHARS_MAX: usize = 500;
/// Longest name of a line that is sent.
const LINE_CHARS_MAX: usize = 250;

/// Ways to pay that a page offers: only those that are paid, or not, within the page's life.
const METHODS: [&str; 2] = ["card", "link"];

/// Countries a page lets the shopper type.
pub const COUNTRIES: [&str; 44] = [
    "AE", "AT", "AU", "BE", "BG", "BR", "CA", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR",
    "HU", "IE", "IN", "IS", "IT", "JP", "LI", "LT", "LU", "LV", "MT", "MX", "NL", "NO", "NZ", "PL", "PT", "RO", "SE",
    "SG", "SI", "SK", "TR", "US", "ZA",
];

/// Languages the page speaks.
pub const LOCALES: [&str; 41] = [
    "auto", "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA", "hr", "hu",
    "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sv",
    "th", "tr", "vi", "zh", "zh-HK", "zh-TW",
];

/// The form that opens a page. The same request always gives the same form, or a repeat would be a conflict.
pub fn open_form(request: &OpenRequest) -> Vec<(String, String)> {
    let mut form = Vec::new();
    let mut put = |name: String, value: String| form.push((name, value));
    put("mode".to_owned(), "payment".to_owned());
    for (n, line) in request.lines.iter().enumerate() {
        let price = format!("line_items[{n}][price_data]");
        put(format!("{price}[currency]"), line.unit.currency.code().to_ascii_lowercase());
        put(format!("{price}[unit_amount]"), line.unit.minor.to_string());
        put(format!("{price}[product_data][name]"), bounded(&line.name, LINE_CHARS_MAX));
        put(format!("line_items[{n}][quantity]"), line.quantity.to_string());
    }
    put("expires_at".to_owned(), request.expires_at.as_second().to_string());
    put("client_reference_id".to_owned(), request.order.to_string());
    // Stripe does not copy a session's metadata to the payment, and people look at the payment.
    for place in ["metadata", "payment_intent_data[metadata]"] {
        put(format!("{place}[order_id]"), request.order.to_string());
        put(format!("{place}[order_number]"), request.number.clone());
        put(format!("{place}[checkout_id]"), request.checkout.to_string());
    }
    put("success_url".to_owned(), request.success_url.clone());
    put("cancel_url".to_owned(), request.cancel_url.clone());
    put("locale".to_owned(), locale(&request.locale).to_owned());
    // With a converted price the shopper would be charged another amount than the one we quoted.
    put("adaptive_pricing[enabled]".to_owned(), "false".to_owned());
    for (n, method) in METHODS.iter().enumerate() {
        put(format!("allowed_payment_method_types[{n}]"), (*method).to_owned());
    }
    for (n, country) in COUNTRIES.iter().enumerate() {
        put(format!("shipping_address_collection[allowed_countries][{n}]"), (*country).to_owned());
    }
    form
}

/// Reads a session, or why there is none.
pub fn session(raw: &Raw) -> Result<Session, Error> {
    match raw.status {
        200..=299 => {}
        409 | 424 | 429 | 500.. => return Err(Error::Unknown(format!("it answered {}", raw.status).into())),
        _ => return Err(refusal(raw)),
    }
    let value = json(raw)?;
    read_session(&value).map_err(|missing| unreadable(raw, missing.into()))
}

/// An answer that cannot be used, with the request's id for the provider's support.
pub fn unreadable(raw: &Raw, source: BoxError) -> Error {
    let kept = raw.body.get(..ANSWER_BYTES_KEPT).unwrap_or(&raw.body);
    let answer = String::from_utf8_lossy(kept).into_owned();
    Error::Unreadable { request_id: raw.request_id.clone(), answer, source }
}

/// Whether a text can be a session's id, and nothing that leads to another address.
pub fn is_session_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= ID_CHARS_MAX && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn json(raw: &Raw) -> Result<Value, Error> {
    serde_json::from_slice(&raw.body).map_err(|e| unreadable(raw, format!("status {}: {e}", raw.status).into()))
}

fn refusal(raw: &Raw) -> Error {
    let value = match json(raw) {
        Ok(value) => value,
        Err(error) => return error,
    };
    let text = |field: &str| value.pointer(field).and_then(Value::as_str);
    match (text("/error/code").or(text("/error/type")), text("/error/message")) {
        (Some(code), message) => Error::Refused {
            code: bounded(code, ID_CHARS_MAX),
            message: bounded(message.unwrap_or("no reason given"), MESSAGE_CHARS_MAX),
        },
        (None, _) => unreadable(raw, format!("status {} without an error envelope", raw.status).into()),
    }
}

fn read_session(value: &Value) -> Result<Session, &'static str> {
    let text = |field: &str| value.get(field).and_then(Value::as_str);
    let status = match text("status") {
        Some("open") => SessionStatus::Open,
        Some("complete") => SessionStatus::Complete,
        Some("expired") => SessionStatus::Expired,
        _ => return Err("the session has no status that we know"),
    };
    let paid = match text("payment_status") {
        Some("paid") => true,
        Some("unpaid") => false,
        // We never open a page over nothing, so a page that takes nothing is for a person to look at.
        Some("no_payment_required") => return Err("the session wants no payment"),
        _ => return Err("the session has no payment status that we know"),
    };
    let currency = text("currency").and_then(|code| Currency::parse(code).ok()).ok_or("the session has no currency")?;
    let minor = value.get("amount_total").and_then(Value::as_i64).ok_or("the session has no total")?;
    // A slow payment that failed leaves the session complete and unpaid; only the payment itself says that it is over.
    let intent = value.pointer("/payment_intent/status").and_then(Value::as_str);
    let over = matches!(intent, Some("requires_payment_method" | "canceled"));
    Ok(Session {
        id: text("id").filter(|id| is_session_id(id)).ok_or("the session has no id")?.to_owned(),
        url: text("url").filter(|url| is_link(url)).map(str::to_owned),
        status,
        paid,
        failed: status == SessionStatus::Complete && !paid && over,
        total: Money::new(minor, currency),
        reference: text("client_reference_id").map(|id| bounded(id, ID_CHARS_MAX)),
        checkout: value.pointer("/metadata/checkout_id").and_then(Value::as_str).map(|id| bounded(id, ID_CHARS_MAX)),
        intent: intent_id(value),
        shipping: shipping(value),
    })
}

/// The payment's id, whether it came whole or as a name.
fn intent_id(value: &Value) -> Option<String> {
    let intent = value.get("payment_intent")?;
    intent.as_str().or_else(|| intent.get("id")?.as_str()).filter(|id| is_session_id(id)).map(str::to_owned)
}

fn shipping(value: &Value) -> Option<Shipping> {
    let details = value.pointer("/collected_information/shipping_details")?;
    let address = details.get("address")?;
    let text = |from: &Value, field: &str| {
        from.get(field).and_then(Value::as_str).map_or_else(String::new, |t| bounded(t.trim(), ADDRESS_CHARS_MAX))
    };
    let second = text(address, "line2");
    let line1 = text(address, "line1");
    Some(Shipping {
        region: text(address, "state"),
        name: text(details, "name"),
        line1: if second.is_empty() { line1 } else { format!("{line1}, {second}") },
        postal_code: text(address, "postal_code"),
        city: text(address, "city"),
        country: text(address, "country"),
        email: value.get("customer_details").map_or_else(String::new, |c| text(c, "email")),
    })
}

fn is_link(url: &str) -> bool {
    url.len() <= URL_CHARS_MAX
        && (url.starts_with("https://") || url.starts_with("http://"))
        && url.bytes().all(|b| b.is_ascii_graphic())
}

fn locale(wanted: &str) -> &'static str {
    let find = |text: &str| LOCALES.iter().copied().find(|known| known.eq_ignore_ascii_case(text));
    let wanted = wanted.trim().replace('_', "-");
    find(&wanted).or_else(|| find(wanted.split('-').next().unwrap_or_default())).unwrap_or("auto")
}

fn bounded(text: &str, chars_max: usize) -> String {
    text.chars().take(chars_max).collect()
}
