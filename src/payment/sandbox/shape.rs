//! The sandbox's objects in the shapes of Stripe's API. Checked against the required fields of Stripe's OpenAPI file.

use crate::payment::Line;
use crate::payment::sandbox::state::{Happening, Kept, Stage, State};
use crate::payment::stripe::transport::API_VERSION;
use serde_json::{Value, json};

/// A refusal: status and error envelope.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// HTTP status.
    pub status: u16,
    /// `{"error": …}`.
    pub body: Value,
}

/// An `invalid_request_error` with a code.
pub fn fault(code: &str, param: Option<&str>, message: &str) -> Fault {
    other_fault(400, "invalid_request_error", Some(code), param, message)
}

/// A refusal of any kind.
pub fn other_fault(status: u16, kind: &str, code: Option<&str>, param: Option<&str>, message: &str) -> Fault {
    let mut error = json!({ "type": kind, "message": message });
    for (field, text) in [("code", code), ("param", param)] {
        if let (Some(text), Some(error)) = (text, error.as_object_mut()) {
            error.insert(field.to_owned(), json!(text));
        }
    }
    Fault { status, body: json!({ "error": error }) }
}

/// The answer to an id nobody knows.
pub fn no_such(what: &str, id: &str) -> Fault {
    let id: String = id.chars().take(100).collect();
    other_fault(404, "invalid_request_error", Some("resource_missing"), Some("id"), &format!("No such {what}: '{id}'"))
}

/// A `checkout.session`, as it stood at a stage of its life.
pub fn session(kept: &Kept, stage: Stage, public_url: &str) -> Value {
    let open = stage == Stage::Open;
    let address = kept.shipping.as_ref().filter(|_| !open && stage != Stage::Expired);
    let countries = (!kept.countries.is_empty()).then(|| json!({ "allowed_countries": kept.countries }));
    json!({
        "id": kept.id,
        "object": "checkout.session",
        "adaptive_pricing": { "enabled": false },
        "allow_promotion_codes": null,
        "amount_subtotal": kept.total.minor,
        "amount_total": kept.total.minor,
        "automatic_tax": { "enabled": false, "liability": null, "provider": null, "status": null },
        "cancel_url": kept.cancel_url,
        "client_reference_id": kept.reference,
        "collected_information": address.map(|to| json!({
            "business_name": null,
            "individual_name": null,
            "shipping_details": { "name": to.name, "address": street(to) },
        })),
        "created": kept.created.as_second(),
        "currency": kept.currency().code().to_ascii_lowercase(),
        "custom_fields": [],
        "custom_text": { "after_submit": null, "shipping_address": null, "submit": null, "terms_of_service_acceptance": null },
        "customer": null,
        "customer_details": address.map(|to| json!({
            "address": street(to), "email": to.email, "name": to.name, "phone": null, "tax_exempt": "none", "tax_ids": [],
        })),
        "customer_email": null,
        "expires_at": kept.expires_at.as_second(),
        "livemode": false,
        "locale": kept.locale,
        "metadata": kept.metadata,
        "mode": "payment",
        "payment_intent": kept.intent.as_ref().filter(|_| !open),
        "payment_link": null,
        "payment_method_types": if kept.methods.is_empty() { vec!["card".to_owned()] } else { kept.methods.clone() },
        "payment_status": if stage == Stage::Paid { "paid" } else { "unpaid" },
        "shipping_address_collection": countries,
        "shipping_options": [],
        "status": status(stage),
        "success_url": kept.success_url,
        "total_details": { "amount_discount": 0, "amount_shipping": 0, "amount_tax": 0 },
        "ui_mode": "hosted_page",
        "url": open.then(|| format!("{public_url}/pay/{}", kept.id)),
    })
}

/// Stripe's word for where a session stands.
pub fn status(stage: Stage) -> &'static str {
    match stage {
        Stage::Open => "open",
        Stage::Paid | Stage::Pending | Stage::Failed => "complete",
        Stage::Expired => "expired",
    }
}

/// The `payment_intent` of a session that the shopper finished.
pub fn intent(kept: &Kept) -> Value {
    let status = match kept.stage {
        Stage::Paid => "succeeded",
        Stage::Pending => "processing",
        Stage::Open | Stage::Failed => "requires_payment_method",
        Stage::Expired => "canceled",
    };
    let failed = (kept.stage == Stage::Failed).then(|| {
        json!({ "type": "card_error", "code": "payment_intent_payment_attempt_failed", "message": "The payment failed." })
    });
    json!({
        "id": kept.intent,
        "object": "payment_intent",
        "amount": kept.total.minor,
        "amount_received": if kept.stage == Stage::Paid { kept.total.minor } else { 0 },
        "capture_method": "automatic",
        "confirmation_method": "automatic",
        "created": kept.created.as_second(),
        "currency": kept.currency().code().to_ascii_lowercase(),
        "last_payment_error": failed,
        "livemode": false,
        "metadata": kept.intent_metadata,
        "payment_method_types": ["card"],
        "status": status,
    })
}

/// One row of a page.
pub fn line_item(kept: &Kept, n: usize, line: &Line) -> Value {
    let amount = line.unit.times(line.quantity).map_or(0, |m| m.minor);
    let currency = line.unit.currency.code().to_ascii_lowercase();
    json!({
        "id": format!("li_{}_{n}", kept.id.trim_start_matches("cs_test_")),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": currency,
        "description": line.name,
        "price": {
            "id": format!("price_{}_{n}", kept.id.trim_start_matches("cs_test_")),
            "object": "price",
            "active": false,
            "billing_scheme": "per_unit",
            "created": kept.created.as_second(),
            "currency": currency,
            "livemode": false,
            "metadata": {},
            "product": format!("prod_{}_{n}", kept.id.trim_start_matches("cs_test_")),
            "type": "one_time",
            "unit_amount": line.unit.minor,
            "unit_amount_decimal": line.unit.minor.to_string(),
        },
        "quantity": line.quantity,
    })
}

/// An `event`; none when its page is forgotten.
pub fn event(happening: &Happening, state: &State, public_url: &str) -> Option<Value> {
    let kept = state.find(&happening.session)?;
    Some(json!({
        "id": happening.id,
        "object": "event",
        "api_version": API_VERSION,
        "created": happening.created.as_second(),
        "data": { "object": session(kept, happening.stage, public_url) },
        "livemode": false,
        "pending_webhooks": u8::from(happening.due.is_some()),
        "request": { "id": null, "idempotency_key": null },
        "type": happening.kind,
    }))
}

/// A page of a list.
pub fn list(url: &str, data: Vec<Value>, has_more: bool) -> Value {
    json!({ "object": "list", "data": data, "has_more": has_more, "url": url })
}

fn street(to: &crate::payment::Shipping) -> Value {
    json!({
        "city": to.city, "country": to.country, "line1": to.line1, "line2": null, "postal_code": to.postal_code, "state": null,
    })
}
