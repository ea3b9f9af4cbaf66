//! Telling Meta where webhooks go: for the app, the account or a number, each with a real handshake.

use crate::emulator::graph::{Call, MANAGEMENT, authorize, unknown};
use crate::emulator::look::{Checked, Json, Part, address};
use crate::emulator::refusal::Refusal;
use crate::emulator::state::State;
use crate::emulator::world::World;
use axum::http::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

/// Units of an address of its own.
const URL_MAX: usize = 200;

/// Whose webhooks.
enum Whose {
    App(Vec<String>),
    Account,
    Number(String),
}

/// True for the calls this file answers.
pub fn asked(call: &Call) -> bool {
    let edge = call.path.get(1).map_or("", String::as_str);
    let alone = call.path.len() == 1 && call.path.first().is_some_and(|p| p != "debug_token");
    let edges = matches!(edge, "subscriptions" | "subscribed_apps") && call.path.len() == 2;
    call.method == Method::POST && (alone || edges)
}

/// Takes an address after its handshake.
pub async fn subscribe(world: &World, call: &Call) -> Checked<Value> {
    let body = call.body()?;
    let (whose, url, verify_token) = match world.with(|s| wish(s, call, &body))? {
        Wish::Done(answer) => return Ok(answer),
        Wish::Ask(whose, url, token) => (whose, url, token),
    };
    address(&url, "callback_url")?;
    world.handshake(&url, &verify_token).await?;
    world.with(|s| match whose {
        Whose::App(fields) => {
            s.hooks.app = Some(url);
            s.hooks.fields = fields;
        }
        Whose::Account => {
            s.hooks.subscribed = true;
            s.hooks.waba = Some(url);
        }
        Whose::Number(number) => {
            s.hooks.numbers.insert(number, url);
        }
    });
    Ok(json!({"success": true}))
}

enum Wish {
    Done(Value),
    Ask(Whose, String, String),
}

fn wish(state: &mut State, call: &Call, body: &Value) -> Checked<Wish> {
    let [id, rest @ ..] = call.path.as_slice() else { return Err(unknown(call)) };
    match rest.first().map_or("", String::as_str) {
        "subscriptions" if *id == state.settings.app_id => app(state, call, body),
        "subscribed_apps" if *id == state.settings.waba_id => {
            authorize(state, &call.token, MANAGEMENT)?;
            match call.given(body, "override_callback_uri") {
                Some(url) => {
                    let root = Part::root(body);
                    root.maybe("override_callback_uri", URL_MAX)?;
                    let token = call.given(body, "verify_token").ok_or_else(|| Refusal::missing("verify_token"))?;
                    Ok(Wish::Ask(Whose::Account, url, token))
                }
                None => {
                    (state.hooks.subscribed, state.hooks.waba) = (true, None);
                    Ok(Wish::Done(json!({"success": true})))
                }
            }
        }
        "" if state.line(id).is_some() => {
            authorize(state, &call.token, MANAGEMENT)?;
            let root = Part::root(body);
            let own = root.object("webhook_configuration")?;
            if own.value.of("override_callback_uri") == "" {
                state.hooks.numbers.remove(id);
                return Ok(Wish::Done(json!({"success": true})));
            }
            let url = own.text("override_callback_uri", URL_MAX)?.to_owned();
            Ok(Wish::Ask(Whose::Number(id.clone()), url, own.text("verify_token", 200)?.to_owned()))
        }
        _ => {
            authorize(state, &call.token, MANAGEMENT)?;
            Err(unknown(call))
        }
    }
}

/// `POST /{app}/subscriptions`, with the app's own token.
fn app(state: &State, call: &Call, body: &Value) -> Checked<Wish> {
    let own = format!("{}|{}", state.settings.app_id, state.settings.app_secret.expose_secret());
    if call.token != own && call.given(body, "access_token").as_deref() != Some(&own) {
        return Err(Refusal::new(190, "This method must be called with an app access token."));
    }
    if call.given(body, "object").as_deref() != Some("whatsapp_business_account") {
        return Err(Refusal::param("object must be whatsapp_business_account."));
    }
    let url = call.given(body, "callback_url").ok_or_else(|| Refusal::param("callback_url is required."))?;
    let token = call.given(body, "verify_token").ok_or_else(|| Refusal::param("verify_token is required."))?;
    let fields = match body.of("fields") {
        Value::Array(list) => {
            list.iter().filter_map(|f| f.as_str().or(f.of("name").as_str())).map(str::to_owned).collect()
        }
        _ => call
            .given(body, "fields")
            .unwrap_or_default()
            .split(',')
            .filter(|f| !f.is_empty())
            .map(str::to_owned)
            .collect(),
    };
    Ok(Wish::Ask(Whose::App(fields), url, token))
}
