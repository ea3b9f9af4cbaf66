//! The WhatsApp Business Account: its fields, numbers, templates and subscriptions; and what a token may do.

use crate::emulator::graph::number::{choose, fields_of};
use crate::emulator::graph::{Call, MANAGEMENT, authorize, unknown};
use crate::emulator::look::{Checked, Json};
use crate::emulator::state::State;
use axum::http::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

/// Anything under the account or the portfolio.
pub fn route(state: &mut State, call: &Call, id: &str, edge: &str) -> Checked<Value> {
    authorize(state, &call.token, MANAGEMENT)?;
    let account = id == state.settings.waba_id;
    match (&call.method, edge) {
        (&Method::GET, "") if account => choose(&waba(state), call.asked("fields"), &["id", "name", "currency"]),
        (&Method::GET, "") => {
            let all = json!({"id": id, "name": name(state), "whatsapp_business_manager_messaging_limit": "TIER_250"});
            choose(&all, call.asked("fields"), &["id", "name"])
        }
        (&Method::GET, "phone_numbers") if account => {
            let numbers: Vec<String> = state.numbers.iter().map(|l| l.number.id.clone()).collect();
            let default = crate::emulator::graph::number::DEFAULT;
            let list: Checked<Vec<Value>> =
                numbers.iter().map(|n| choose(&fields_of(state, n), call.asked("fields"), &default)).collect();
            Ok(json!({"data": list?}))
        }
        (&Method::GET, "message_templates") if account => state.list_templates(&call.query),
        (&Method::POST, "message_templates") if account => state.create_template(&call.body()?),
        (&Method::DELETE, "message_templates") if account => {
            let body = call.body()?;
            let name = call.given(&body, "name");
            state.delete_template(name.as_deref(), call.given(&body, "hsm_id").as_deref())
        }
        (&Method::GET, "subscribed_apps") if account => {
            let app = json!({"whatsapp_business_api_data": {"id": state.settings.app_id, "name": "Emulated app"}});
            let mut app = app;
            if let Some(url) = &state.hooks.waba {
                *app.slot("override_callback_uri") = json!(url);
            }
            Ok(json!({"data": if state.hooks.subscribed { vec![app] } else { Vec::new() }}))
        }
        (&Method::DELETE, "subscribed_apps") if account => {
            (state.hooks.subscribed, state.hooks.waba) = (false, None);
            Ok(json!({"success": true}))
        }
        _ => Err(unknown(call)),
    }
}

fn name(state: &State) -> String {
    state.numbers.first().map(|l| l.number.name.clone()).unwrap_or_default()
}

fn waba(state: &State) -> Value {
    let health = json!({"can_send_message": "AVAILABLE", "entities": []});
    json!({
        "id": state.settings.waba_id,
        "name": name(state),
        "currency": "USD",
        "timezone_id": "1",
        "country": "BR",
        "message_template_namespace": "emulator",
        "account_review_status": "APPROVED",
        "business_verification_status": "not_verified",
        "ownership_type": "SELF",
        "status": "ACTIVE",
        "health_status": health,
        "whatsapp_business_manager_messaging_limit": "TIER_250",
    })
}

/// `GET /debug_token?input_token=…`.
pub fn debug_token(state: &State, call: &Call) -> Checked<Value> {
    let own = format!("{}|{}", state.settings.app_id, state.settings.app_secret.expose_secret());
    let tokens = &state.settings.tokens;
    if call.token != own && !tokens.iter().any(|t| t.text.expose_secret() == call.token && !t.expired) {
        return Err(crate::emulator::refusal::Refusal::new(190, "Invalid OAuth access token."));
    }
    let input = call.asked("input_token").unwrap_or_default();
    let Some(token) = tokens.iter().find(|t| t.text.expose_secret() == input) else {
        let error = json!({"code": 190, "message": "Malformed access token"});
        return Ok(json!({"data": {"is_valid": false, "scopes": [], "error": error}}));
    };
    let granular: Vec<Value> =
        token.scopes.iter().map(|s| json!({"scope": s, "target_ids": [state.settings.waba_id]})).collect();
    Ok(json!({"data": {
        "app_id": state.settings.app_id,
        "type": "SYSTEM_USER",
        "application": "Emulated app",
        "expires_at": 0,
        "is_valid": !token.expired,
        "scopes": token.scopes,
        "granular_scopes": granular,
    }}))
}

/// `GET /{app}/subscriptions`, with the app's own token.
pub fn subscriptions(state: &State, call: &Call) -> Checked<Value> {
    let own = format!("{}|{}", state.settings.app_id, state.settings.app_secret.expose_secret());
    if call.token != own {
        let said = "This method must be called with an app access token.";
        return Err(crate::emulator::refusal::Refusal::new(190, said));
    }
    let fields: Vec<Value> = state.hooks.fields.iter().map(|f| json!({"name": f, "version": "v23.0"})).collect();
    let hook = |url: &String| json!({"object": "whatsapp_business_account", "callback_url": url, "active": true, "fields": fields});
    Ok(json!({"data": state.hooks.app.iter().map(hook).collect::<Vec<_>>()}))
}
