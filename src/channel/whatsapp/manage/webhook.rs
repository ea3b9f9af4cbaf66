//! Whether Meta sends what shoppers write to this shop: the app's webhook, its fields, and the account's subscription.

use crate::channel::whatsapp::client::Failure;
use crate::channel::whatsapp::manage::finding::{Finding, list, remedy, word};
use crate::channel::whatsapp::settings::Account;
use serde_json::Value;
use std::collections::BTreeSet;

/// What Meta calls webhooks of WhatsApp.
pub const OBJECT: &str = "whatsapp_business_account";
/// Where they come in, before the account's name.
pub const PATH: &str = "/webhooks/whatsapp";
/// The finding about the account's subscription.
pub const SUBSCRIPTION: &str = "subscription";
/// What is listened to. Without the first nothing works at all.
pub const FIELDS: [&str; 16] = [
    "messages",
    "message_template_status_update",
    "message_template_quality_update",
    "message_template_components_update",
    "template_category_update",
    "phone_number_quality_update",
    "phone_number_name_update",
    "account_update",
    "account_review_update",
    "account_alerts",
    "business_capability_update",
    "user_preferences",
    "user_id_update",
    "payment_configuration_update",
    "smb_message_echoes",
    "security",
];

/// Where an account's webhooks come in.
pub fn callback(public_url: &str, name: &str) -> String {
    format!("{}{PATH}/{name}", public_url.trim_end_matches('/'))
}

/// Whether Meta can reach that address. A server of one's own may be reached anywhere.
pub fn address(url: &str, real: bool) -> Finding {
    const WHAT: &str = "webhook address";
    let host = url.split("://").nth(1).unwrap_or_default();
    let local = ["localhost", "127.", "[::1]", "0.0.0.0", "10.", "192.168."].iter().any(|own| host.starts_with(own));
    if real && local {
        let advice =
            "set http.public_url to the https address of this shop; to try it without one: souk whatsapp emulate";
        return Finding::fail(WHAT, format!("{url} is of this machine or network only; Meta cannot call it"), advice);
    }
    if real && !url.starts_with("https://") {
        let advice = "put a certificate of a public authority in front and set http.public_url to https://…";
        return Finding::fail(WHAT, format!("{url} is not https"), advice);
    }
    Finding::ok(WHAT, url)
}

/// Whether the account's news go to the app; true beside it when the app has to be subscribed.
pub fn subscribed(answer: &Value, account: &Account, callback: &str) -> (Vec<Finding>, bool) {
    let apps: Vec<(String, String, String)> = list(answer)
        .iter()
        .map(|app| {
            let data = app.get("whatsapp_business_api_data").unwrap_or(app);
            (word(data, "id"), word(data, "name"), word(app, "override_callback_uri"))
        })
        .collect();
    let own = apps.iter().find(|(id, _, _)| account.app_id.is_empty() || *id == account.app_id);
    let Some((id, name, elsewhere)) = own else {
        let others: Vec<String> = apps.iter().map(|(id, name, _)| format!("{name} ({id})")).collect();
        let found = match others.is_empty() {
            true => "no app hears of this business account: no message will ever arrive".to_owned(),
            false => format!("this app does not hear of this business account; {} does", others.join(", ")),
        };
        return (
            vec![Finding::fail(SUBSCRIPTION, found, "souk whatsapp connect --fix, or souk whatsapp subscribe")],
            true,
        );
    };
    let mut found = vec![Finding::ok(SUBSCRIPTION, format!("{name} ({id}) hears of this account"))];
    if !elsewhere.is_empty() && elsewhere != callback {
        let what = format!("the account sends messages to {elsewhere} instead of {callback}");
        let advice = "take the other address away: souk whatsapp unsubscribe, then souk whatsapp subscribe";
        found.push(Finding::fail("webhook override", what, advice));
    }
    (found, false)
}

/// Where the app's webhook goes and what it hears. The fields to set, when something has to be.
pub fn app(answer: &Value, callback: &str) -> (Vec<Finding>, Option<Vec<String>>) {
    const FIX: &str = "souk whatsapp connect --fix sets it, while the shop answers at that address";
    let own = list(answer).iter().find(|one| word(one, "object") == OBJECT);
    let wanted = || FIELDS.iter().map(|field| (*field).to_owned());
    let Some(own) = own else {
        return (vec![Finding::fail("webhook", "the app has none for WhatsApp", FIX)], Some(wanted().collect()));
    };
    let heard: BTreeSet<String> = own
        .get("fields")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|field| field.as_str().map_or_else(|| word(field, "name"), str::to_owned))
        .collect();
    let (url, active) = (word(own, "callback_url"), own.get("active").and_then(Value::as_bool).unwrap_or(true));
    let mut found = Vec::new();
    if url != callback {
        found.push(Finding::fail("webhook", format!("it goes to {url} and not to {callback}"), FIX));
    } else if !active {
        found.push(Finding::fail("webhook", format!("{url} is switched off"), FIX));
    } else {
        found.push(Finding::ok("webhook", &url));
    }
    let missing: Vec<&str> = FIELDS.into_iter().filter(|field| !heard.contains(*field)).collect();
    if missing.contains(&"messages") {
        found.push(Finding::fail("webhook fields", "messages is missing: nothing shoppers write arrives", FIX));
    } else if missing.is_empty() {
        found.push(Finding::ok("webhook fields", format!("all {} that are listened to", FIELDS.len())));
    } else {
        found.push(Finding::warn("webhook fields", format!("missing: {}", missing.join(", ")), FIX));
    }
    let whole = url == callback && active && missing.is_empty();
    // Setting them replaces what was set: what others added stays.
    let union: BTreeSet<String> = heard.into_iter().filter(|field| !field.is_empty()).chain(wanted()).collect();
    (found, (!whole).then(|| union.into_iter().collect()))
}

/// The webhook could not be set.
pub fn not_set(url: &str, failure: &Failure) -> Finding {
    let advice = match failure {
        // Meta visits the address before it takes it.
        Failure::Refused(refusal) if refusal.problem.code == 2_200 || refusal.problem.code == 100 => {
            "Meta visits the address at once: start the shop, see that it is reached from outside and that verify_token \
             is the one it was started with"
        }
        _ => remedy(failure),
    };
    Finding::fail("setting the webhook", format!("{url}: {failure}"), advice)
}
