//! What is asked of Stripe: async-stripe's typed requests, filled from ours.

use crate::domain::id::OrderId;
use crate::payment::OpenRequest;
use crate::payment::refund::RefundRequest;
use crate::payment::stripe::answer::bounded;
use crate::payment::stripe::exchange;
use crate::payment::stripe::refunds::REFUND_NOTE;
use crate::payment::stripe::session::CHECKOUT_NOTE;
use jiff::Timestamp;
use std::collections::HashMap;
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionAdaptivePricing, CreateCheckoutSessionAllowedPaymentMethodTypes,
    CreateCheckoutSessionAutomaticTax, CreateCheckoutSessionLineItems,
    CreateCheckoutSessionLineItemsAdjustableQuantity, CreateCheckoutSessionLineItemsPriceData,
    CreateCheckoutSessionPaymentIntentData, CreateCheckoutSessionShippingAddressCollection, ListCheckoutSession,
    ProductData,
};
use stripe_core::dispute::ListDispute;
use stripe_core::event::ListEvent;
use stripe_core::refund::{CreateRefund, ListRefund};
use stripe_shared::{CheckoutSessionLocale, CheckoutSessionMode};
use stripe_types::RangeQueryTs;

/// Most lines on one page; Stripe's own limit.
pub const LINES_MAX: usize = 100;
/// Entries of one page of a list; Stripe's own limit.
pub const PAGE_ENTRIES: i64 = 100;
/// Disputes of one page of a list: each may carry its evidence, a hundred thousand characters of it.
pub const PAGE_DISPUTES: i64 = 20;
/// Longest name of a line that is sent.
const LINE_CHARS_MAX: usize = 250;

/// Ways to pay that a page offers: only those that are paid, or not, within the page's life.
const METHODS: [CreateCheckoutSessionAllowedPaymentMethodTypes; 2] =
    [CreateCheckoutSessionAllowedPaymentMethodTypes::Card, CreateCheckoutSessionAllowedPaymentMethodTypes::Link];

/// The events that are acted on: what the webhook endpoint is set up for, and what is asked for when some were missed.
pub const EVENTS: [&str; 12] = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "charge.dispute.closed",
];

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

/// The request that opens a page. The same order always gives the same request, or a repeat would be a conflict.
pub fn open_request(request: &OpenRequest) -> CreateCheckoutSession {
    let mut notes = order_note(&request.order);
    notes.insert("order_number".to_owned(), request.number.clone());
    notes.insert(CHECKOUT_NOTE.to_owned(), request.checkout.to_string());
    let mut payment = CreateCheckoutSessionPaymentIntentData::new();
    // Stripe does not copy a session's metadata to the payment, and people look at the payment.
    payment.metadata = Some(notes.clone());
    // With a converted price the shopper would be charged another amount than the one we quoted. It is on by default
    // where an account has it on, so it is said; the other switches that move a total are said too, whatever their default.
    let mut adaptive = CreateCheckoutSessionAdaptivePricing::new();
    adaptive.enabled = Some(false);
    let countries = COUNTRIES.iter().map(|code| known(code)).collect::<Vec<_>>();
    CreateCheckoutSession::new()
        .mode(CheckoutSessionMode::Payment)
        .line_items(lines(request))
        .expires_at(request.expires_at.as_second())
        .client_reference_id(request.order.as_str())
        .metadata(notes)
        .payment_intent_data(payment)
        .success_url(request.success_url.as_str())
        .cancel_url(request.cancel_url.as_str())
        .locale(known::<CheckoutSessionLocale>(locale(&request.locale)))
        .adaptive_pricing(adaptive)
        .allow_promotion_codes(false)
        .automatic_tax(CreateCheckoutSessionAutomaticTax::new(false))
        .allowed_payment_method_types(METHODS.to_vec())
        .shipping_address_collection(CreateCheckoutSessionShippingAddressCollection::new(countries))
}

/// The form that opens a page, as it goes over the wire.
pub fn open_form(request: &OpenRequest) -> Vec<(String, String)> {
    exchange::form(&open_request(request))
}

fn lines(request: &OpenRequest) -> Vec<CreateCheckoutSessionLineItems> {
    let line = |line: &crate::payment::Line| {
        let code = line.unit.currency.code().to_ascii_lowercase();
        let mut price = CreateCheckoutSessionLineItemsPriceData::new(known::<stripe_types::Currency>(&code));
        price.unit_amount = Some(line.unit.minor);
        price.product_data = Some(ProductData::new(bounded(&line.name, LINE_CHARS_MAX)));
        let mut item = CreateCheckoutSessionLineItems::new();
        item.adjustable_quantity = Some(CreateCheckoutSessionLineItemsAdjustableQuantity::new(false));
        item.price_data = Some(price);
        item.quantity = Some(u64::from(line.quantity));
        item
    };
    request.lines.iter().map(line).collect()
}

/// The request that gives money back.
pub fn refund_request(request: &RefundRequest) -> CreateRefund {
    let mut notes = order_note(&request.order);
    notes.insert(REFUND_NOTE.to_owned(), request.refund.to_string());
    CreateRefund::new().payment_intent(request.intent.as_str()).amount(request.amount.minor).metadata(notes)
}

/// A page of one payment's refunds.
pub fn refunds_of(intent: &str, after: Option<&str>) -> ListRefund {
    let list = ListRefund::new().payment_intent(intent).limit(PAGE_ENTRIES);
    match after {
        Some(id) => list.starting_after(id),
        None => list,
    }
}

/// A page of the payment pages opened since then.
pub fn sessions_since(since: Timestamp, after: Option<&str>) -> ListCheckoutSession {
    let list = ListCheckoutSession::new().created(from(since)).limit(PAGE_ENTRIES);
    match after {
        Some(id) => list.starting_after(id),
        None => list,
    }
}

/// A page of the refunds made since then.
pub fn refunds_since(since: Timestamp, after: Option<&str>) -> ListRefund {
    let list = ListRefund::new().created(from(since)).limit(PAGE_ENTRIES);
    match after {
        Some(id) => list.starting_after(id),
        None => list,
    }
}

/// A page of the disputes opened since then.
pub fn disputes_since(since: Timestamp, after: Option<&str>) -> ListDispute {
    let list = ListDispute::new().created(from(since)).limit(PAGE_DISPUTES);
    match after {
        Some(id) => list.starting_after(id),
        None => list,
    }
}

/// A page of the events since then, of the kinds that are acted on.
pub fn events_since(since: Timestamp, after: Option<&str>) -> ListEvent {
    let kinds = EVENTS.map(str::to_owned).to_vec();
    let list = ListEvent::new().created(from(since)).types(kinds).limit(PAGE_ENTRIES);
    match after {
        Some(id) => list.starting_after(id),
        None => list,
    }
}

fn from(since: Timestamp) -> RangeQueryTs {
    RangeQueryTs::gte(since.as_second())
}

fn order_note(order: &OrderId) -> HashMap<String, String> {
    HashMap::from([("order_id".to_owned(), order.to_string())])
}

/// One of async-stripe's words; one that it does not know yet goes out as it is.
fn known<T: std::str::FromStr<Err = std::convert::Infallible>>(word: &str) -> T {
    match word.parse() {
        Ok(word) => word,
        Err(never) => match never {},
    }
}

fn locale(wanted: &str) -> &'static str {
    let find = |text: &str| LOCALES.iter().copied().find(|known| known.eq_ignore_ascii_case(text));
    let wanted = wanted.trim().replace('_', "-");
    find(&wanted).or_else(|| find(wanted.split('-').next().unwrap_or_default())).unwrap_or("auto")
}
