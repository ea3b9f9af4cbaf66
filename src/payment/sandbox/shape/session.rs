//! A `checkout.session` and its lines.

use crate::payment::Line;
use crate::payment::sandbox::shape::{code, list, street, with_nulls};
use crate::payment::sandbox::state::Stage;
use crate::payment::sandbox::state::session::Kept;
use serde_json::{Value, json};

/// Fields of a session that say nothing here.
const NULLS: [&str; 21] = [
    "allow_promotion_codes",
    "after_expiration",
    "billing_address_collection",
    "client_secret",
    "consent",
    "consent_collection",
    "currency_conversion",
    "customer",
    "customer_account",
    "customer_email",
    "invoice",
    "invoice_creation",
    "payment_link",
    "payment_method_configuration_details",
    "permissions",
    "recovered_from",
    "saved_payment_method_options",
    "setup_intent",
    "shipping_cost",
    "submit_type",
    "subscription",
];

/// A `checkout.session`, as it stood at a stage of its life.
pub fn object(kept: &Kept, stage: Stage, public_url: &str) -> Value {
    let open = stage == Stage::Open;
    let address = kept.shipping.as_ref().filter(|_| !open && stage != Stage::Expired);
    let countries = (!kept.countries.is_empty()).then(|| json!({ "allowed_countries": kept.countries }));
    let object = json!({
        "id": kept.id,
        "object": "checkout.session",
        "adaptive_pricing": { "enabled": false },
        "amount_subtotal": kept.total.minor,
        "amount_total": kept.total.minor,
        "automatic_tax": { "enabled": false, "liability": null, "provider": null, "status": null },
        "cancel_url": kept.cancel_url,
        "client_reference_id": kept.reference,
        "collected_information": address.map(|to| json!({
            "business_name": null,
            "individual_name": null,
            "shipping_details": (!to.line1.is_empty()).then(|| json!({ "name": to.name, "address": street(to) })),
        })),
        "created": kept.created.as_second(),
        "currency": code(kept.currency()),
        "custom_fields": [],
        "custom_text": { "after_submit": null, "shipping_address": null, "submit": null, "terms_of_service_acceptance": null },
        "customer_creation": "if_required",
        "customer_details": address.map(|to| json!({
            "address": street(to), "email": to.email, "name": to.name, "phone": null, "tax_exempt": "none", "tax_ids": [],
        })),
        "discounts": [],
        "expires_at": kept.expires_at.as_second(),
        "livemode": false,
        "locale": kept.locale,
        "metadata": kept.metadata,
        "mode": "payment",
        "payment_intent": kept.intent.as_ref().filter(|_| !open),
        "payment_method_collection": "if_required",
        "payment_method_options": {},
        "payment_method_types": if kept.methods.is_empty() { vec!["card".to_owned()] } else { kept.methods.clone() },
        "payment_status": if stage == Stage::Paid { "paid" } else { "unpaid" },
        "phone_number_collection": { "enabled": false },
        "shipping_address_collection": countries,
        "shipping_options": [],
        "status": status(stage),
        "success_url": kept.success_url,
        "total_details": { "amount_discount": 0, "amount_shipping": 0, "amount_tax": 0 },
        "ui_mode": "hosted_page",
        "url": open.then(|| format!("{public_url}/pay/{}", kept.id)),
    });
    with_nulls(object, &NULLS)
}

/// Stripe's word for where a session stands.
pub fn status(stage: Stage) -> &'static str {
    match stage {
        Stage::Open => "open",
        Stage::Paid | Stage::Pending | Stage::Failed => "complete",
        Stage::Expired => "expired",
    }
}

/// One row of a page.
pub fn line_item(kept: &Kept, n: usize, line: &Line) -> Value {
    let amount = line.unit.times(line.quantity).map_or(0, |m| m.minor);
    let currency = code(line.unit.currency);
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
            "custom_unit_amount": null,
            "livemode": false,
            "lookup_key": null,
            "metadata": {},
            "nickname": null,
            "product": format!("prod_{}_{n}", kept.id.trim_start_matches("cs_test_")),
            "recurring": null,
            "tax_behavior": "unspecified",
            "tiers_mode": null,
            "transform_quantity": null,
            "type": "one_time",
            "unit_amount": line.unit.minor,
            "unit_amount_decimal": line.unit.minor.to_string(),
        },
        "quantity": line.quantity,
    })
}

/// The rows of a page, with their ids.
pub fn line_items(kept: &Kept) -> Vec<Value> {
    kept.lines.iter().enumerate().map(|(n, line)| line_item(kept, n, line)).collect()
}

/// The rows as the session shows them when they are expanded.
pub fn line_list(kept: &Kept) -> Value {
    list(&format!("/v1/checkout/sessions/{}/line_items", kept.id), line_items(kept), false)
}
