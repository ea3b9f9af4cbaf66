//! A payment page as Stripe has it, in the fields that we rely on.

use crate::payment::stripe::answer::{ID_CHARS_MAX, Object, bounded, id_in, is_id, money, note, text};
use crate::payment::{Session, SessionStatus, Shipping};
use serde_json::Value;
use stripe_shared::CheckoutSession;

/// Where our attempt's id is kept.
pub const CHECKOUT_NOTE: &str = "checkout_id";

/// Longest field of an address that is kept.
const ADDRESS_CHARS_MAX: usize = 200;
/// Longest link to a page that is handed out; Stripe's have about 400 characters.
const URL_CHARS_MAX: usize = 2000;

impl Object for Session {
    type Whole = CheckoutSession;
    const NAME: &'static str = "checkout.session";

    fn of_whole(whole: CheckoutSession) -> Result<Self, &'static str> {
        let intent = whole.payment_intent.as_ref();
        Seen {
            id: Some(whole.id.as_str().to_owned()),
            url: whole.url,
            status: whole.status.map(|s| s.as_str().to_owned()),
            payment_status: Some(whole.payment_status.as_str().to_owned()),
            total: whole.amount_total,
            currency: whole.currency.map(|c| c.to_string()),
            reference: whole.client_reference_id,
            checkout: whole.metadata.and_then(|mut notes| notes.remove(CHECKOUT_NOTE)),
            intent: intent.map(|i| i.id().as_str().to_owned()),
            intent_status: intent.and_then(|i| Some(i.as_object()?.status.as_str().to_owned())),
            shipping: whole.collected_information.and_then(|info| info.shipping_details).map(|details| {
                let email = whole.customer_details.and_then(|c| c.email);
                let to = details.address;
                address([Some(details.name), to.line1, to.line2, to.postal_code, to.city, to.state, to.country, email])
            }),
        }
        .session()
    }

    fn of_fields(value: &Value) -> Result<Self, &'static str> {
        Seen {
            id: text(value, "id"),
            url: text(value, "url"),
            status: text(value, "status"),
            payment_status: text(value, "payment_status"),
            total: value.get("amount_total").and_then(Value::as_i64),
            currency: text(value, "currency"),
            reference: text(value, "client_reference_id"),
            checkout: note(value, CHECKOUT_NOTE),
            intent: id_in(value, "payment_intent"),
            intent_status: value.get("payment_intent").and_then(|intent| text(intent, "status")),
            shipping: value.pointer("/collected_information/shipping_details").and_then(|details| {
                let to = details.get("address")?;
                let email = value.get("customer_details").and_then(|c| text(c, "email"));
                let part = |field| text(to, field);
                Some(address([
                    text(details, "name"),
                    part("line1"),
                    part("line2"),
                    part("postal_code"),
                    part("city"),
                    part("state"),
                    part("country"),
                    email,
                ]))
            }),
        }
        .session()
    }

    // Every page of ours carries our attempt's id from its first moment.
    fn is_anothers(value: &Value) -> bool {
        match value.get("metadata") {
            Some(Value::Object(notes)) => !notes.contains_key(CHECKOUT_NOTE),
            Some(Value::Null) => true,
            _ => false,
        }
    }
}

struct Seen {
    id: Option<String>,
    url: Option<String>,
    status: Option<String>,
    payment_status: Option<String>,
    total: Option<i64>,
    currency: Option<String>,
    reference: Option<String>,
    checkout: Option<String>,
    intent: Option<String>,
    intent_status: Option<String>,
    shipping: Option<Shipping>,
}

impl Seen {
    fn session(self) -> Result<Session, &'static str> {
        let status = match self.status.as_deref() {
            Some("open") => SessionStatus::Open,
            Some("complete") => SessionStatus::Complete,
            Some("expired") => SessionStatus::Expired,
            _ => return Err("the session has no status that we know"),
        };
        let paid = match self.payment_status.as_deref() {
            Some("paid") => true,
            Some("unpaid") => false,
            // We never open a page over nothing, so a page that takes nothing is for a person to look at.
            Some("no_payment_required") => return Err("the session wants no payment"),
            _ => return Err("the session has no payment status that we know"),
        };
        // A slow payment that failed leaves the session complete and unpaid; only the payment itself says it is over.
        let over = matches!(self.intent_status.as_deref(), Some("requires_payment_method" | "canceled"));
        Ok(Session {
            id: self.id.filter(|id| is_id(id)).ok_or("the session has no id")?,
            url: self.url.filter(|url| is_link(url)),
            status,
            paid,
            failed: status == SessionStatus::Complete && !paid && over,
            total: money(self.total, self.currency.as_deref())?,
            reference: self.reference.map(|id| bounded(&id, ID_CHARS_MAX)),
            checkout: self.checkout.map(|id| bounded(&id, ID_CHARS_MAX)),
            intent: self.intent.filter(|id| is_id(id)),
            shipping: self.shipping,
        })
    }
}

/// An address from its name, two lines, postal code, town, region, country and e-mail. It may be odd: that hides no payment.
fn address(parts: [Option<String>; 8]) -> Shipping {
    let part = |text: Option<String>| bounded(text.unwrap_or_default().trim(), ADDRESS_CHARS_MAX);
    let [name, line1, line2, postal_code, city, region, country, email] = parts.map(part);
    Shipping {
        name,
        line1: if line2.is_empty() { line1 } else { format!("{line1}, {line2}") },
        postal_code,
        city,
        region,
        country,
        email,
    }
}

fn is_link(url: &str) -> bool {
    url.len() <= URL_CHARS_MAX
        && (url.starts_with("https://") || url.starts_with("http://"))
        && url.bytes().all(|b| b.is_ascii_graphic())
}
