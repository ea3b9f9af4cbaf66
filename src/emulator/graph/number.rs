//! A number of the business: sending, files, its fields, profile, commerce and people it blocks.

use crate::emulator::graph::{Call, MANAGEMENT, MESSAGING, authorize, unknown, upload};
use crate::emulator::look::{Checked, Json, Part};
use crate::emulator::refusal::Refusal;
use crate::emulator::state::State;
use axum::http::Method;
use serde_json::{Value, json};

/// What a number shows when no fields are asked for.
pub const DEFAULT: [&str; 5] =
    ["id", "verified_name", "display_phone_number", "quality_rating", "code_verification_status"];
/// The business profile's texts and their lengths; of two printed limits the smaller.
const PROFILE: [(&str, usize); 4] = [("about", 139), ("address", 256), ("description", 256), ("email", 128)];
/// What a business can be.
const VERTICALS: [&str; 22] = [
    "ALCOHOL",
    "APPAREL",
    "AUTO",
    "BEAUTY",
    "EDU",
    "ENTERTAIN",
    "EVENT_PLAN",
    "FINANCE",
    "GOVT",
    "GROCERY",
    "HEALTH",
    "HOTEL",
    "NONPROFIT",
    "ONLINE_GAMBLING",
    "OTC_DRUGS",
    "OTHER",
    "PHYSICAL_GAMBLING",
    "PROF_SERVICES",
    "RESTAURANT",
    "RETAIL",
    "TRAVEL",
    "UNDEFINED",
];

/// Anything under a number.
pub fn route(state: &mut State, call: &Call, id: &str, edge: &str) -> Checked<Value> {
    let scope = if matches!(edge, "messages" | "media") { MESSAGING } else { MANAGEMENT };
    authorize(state, &call.token, scope)?;
    match (&call.method, edge) {
        (&Method::POST, "messages") => state.send(id, &call.body()?),
        (&Method::POST, "media") => upload(state, call, id),
        (&Method::GET, "") => choose(&fields_of(state, id), call.asked("fields"), &DEFAULT),
        (&Method::POST, "register" | "deregister") => register(state, id, edge, &call.body()?),
        (&Method::GET, "whatsapp_business_profile") => {
            let mut all = line(state, id, |l| Value::Object(l.profile.clone()));
            *all.slot("messaging_product") = json!("whatsapp");
            Ok(json!({"data": [crate::emulator::template::pick(&all, call.asked("fields"))]}))
        }
        (&Method::POST, "whatsapp_business_profile") => profile(state, id, &call.body()?),
        (&Method::GET, "whatsapp_commerce_settings") => {
            let mut all = line(state, id, |l| Value::Object(l.commerce.clone()));
            *all.slot("id") = json!(id);
            Ok(json!({"data": [all]}))
        }
        (&Method::POST, "whatsapp_commerce_settings") => commerce(state, id, call),
        (&Method::POST, "conversational_automation") => automation(state, id, &call.body()?),
        (&Method::GET, "block_users") => {
            let blocked = line(state, id, |l| l.blocked.clone());
            let of = |key: &String| state.person(key).and_then(|p| state.shown_wa_id(p));
            let list: Vec<Value> = blocked.iter().filter_map(of).map(|w| json!({"wa_id": w})).collect();
            Ok(json!({"data": list}))
        }
        (&Method::POST | &Method::DELETE, "block_users") => {
            block(state, id, &call.body()?, call.method == Method::POST)
        }
        _ => Err(unknown(call)),
    }
}

fn line<T>(state: &State, id: &str, look: impl FnOnce(&crate::emulator::state::Line) -> T) -> T
where
    T: Default,
{
    state.line(id).map(look).unwrap_or_default()
}

/// The fields that were asked for. One that does not exist is refused, as Graph does.
pub fn choose(all: &Value, fields: Option<&str>, default: &[&str]) -> Checked<Value> {
    let asked: Vec<&str> =
        fields.map_or(default.to_vec(), |f| f.split(',').map(str::trim).filter(|f| !f.is_empty()).collect());
    let mut chosen = json!({});
    for field in asked {
        let name = field.split(['{', '(', '.']).next().unwrap_or(field).trim_end_matches('}');
        match all.get(name) {
            Some(value) => *chosen.slot(name) = value.clone(),
            None => return Err(Refusal::param(format!("Tried accessing nonexisting field ({name})."))),
        }
    }
    *chosen.slot("id") = all.of("id").clone();
    Ok(chosen)
}

/// Every field of a number.
pub fn fields_of(state: &State, id: &str) -> Value {
    let Some(line) = state.line(id) else { return Value::Null };
    let can = if line.registered { "AVAILABLE" } else { "BLOCKED" };
    let entity = json!({"entity_type": "PHONE_NUMBER", "id": id, "can_send_message": can});
    let digits = &line.number.phone;
    json!({
        "id": id,
        "verified_name": line.number.name,
        "name_status": "APPROVED",
        "new_name_status": "NONE",
        "display_phone_number": format!("+{digits}"),
        "quality_rating": line.quality,
        "quality_score": {"score": line.quality},
        "code_verification_status": "VERIFIED",
        "platform_type": "CLOUD_API",
        "account_mode": if state.settings.allow_list.is_some() { "SANDBOX" } else { "LIVE" },
        "status": if line.registered { "CONNECTED" } else { "DISCONNECTED" },
        "throughput": {"level": if state.settings.per_second > 80 { "HIGH" } else { "STANDARD" }},
        "health_status": {"can_send_message": can, "entities": [entity]},
        "is_official_business_account": false,
        "is_pin_enabled": line.registered,
        "is_on_biz_app": line.number.coexistence,
        "whatsapp_business_manager_messaging_limit": "TIER_250",
        "messaging_limit_tier": "TIER_250",
        "webhook_configuration": {
            "phone_number": state.hooks.numbers.get(id),
            "whatsapp_business_account": state.hooks.waba,
            "application": state.hooks.app,
        },
        "conversational_automation": line.automation,
    })
}

fn register(state: &mut State, id: &str, edge: &str, body: &Value) -> Checked<Value> {
    let registers = edge == "register";
    if registers {
        let root = Part::root(body);
        if root.text("messaging_product", 20)? != "whatsapp" {
            return Err(Refusal::param("messaging_product must be whatsapp."));
        }
        let pin = root.text("pin", 20)?;
        if pin.len() != 6 || !pin.chars().all(|c| c.is_ascii_digit()) {
            return Err(Refusal::param("pin must have 6 digits."));
        }
    }
    if let Some(line) = state.line_mut(id) {
        line.registered = registers;
    }
    Ok(json!({"success": true}))
}

fn profile(state: &mut State, id: &str, body: &Value) -> Checked<Value> {
    let root = Part::root(body);
    if root.text("messaging_product", 20)? != "whatsapp" {
        return Err(Refusal::param("messaging_product must be whatsapp."));
    }
    let names: Vec<&str> = PROFILE.iter().map(|(name, _)| *name).collect();
    root.only(&[&names[..], &["messaging_product", "websites", "vertical", "profile_picture_handle"]].concat())?;
    for (name, most) in PROFILE {
        // An empty text clears all but `about`.
        if root.at(name).value != "" || name == "about" {
            root.maybe(name, most)?;
        }
    }
    if root.at("websites").is_there() {
        for site in root.list("websites", 0, 2)? {
            let text = site.value.as_str().unwrap_or_default();
            crate::emulator::look::address(text, &site.path)?;
            if crate::emulator::look::length(text) > 256 {
                return Err(Refusal::value(format!("{} is longer than 256 characters.", site.path)));
            }
        }
    }
    if root.maybe("vertical", 40)?.is_some_and(|v| !VERTICALS.contains(&v)) {
        return Err(Refusal::param("vertical is not one of Meta's."));
    }
    let fields = body.as_object().cloned().unwrap_or_default();
    if let Some(line) = state.line_mut(id) {
        line.profile.extend(fields.into_iter().filter(|(k, _)| k != "messaging_product"));
    }
    Ok(json!({"success": true}))
}

fn commerce(state: &mut State, id: &str, call: &Call) -> Checked<Value> {
    let body = call.body()?;
    for key in ["is_cart_enabled", "is_catalog_visible"] {
        let asked = body.get(key).map(|v| v.as_bool().or_else(|| v.as_str().and_then(|t| t.parse().ok())));
        let asked = asked.or_else(|| call.asked(key).map(|t| t.parse().ok()));
        let Some(value) = asked else { continue };
        let value = value.ok_or_else(|| Refusal::param(format!("{key} must be true or false.")))?;
        if let Some(line) = state.line_mut(id) {
            line.commerce.insert(key.into(), value.into());
        }
    }
    Ok(json!({"success": true}))
}

fn automation(state: &mut State, id: &str, body: &Value) -> Checked<Value> {
    let root = Part::root(body);
    root.only(&["enable_welcome_message", "commands", "prompts"])?;
    if root.at("prompts").is_there() {
        for prompt in root.list("prompts", 0, 4)? {
            let text = prompt.value.as_str().filter(|t| !t.is_empty());
            let text = text.ok_or_else(|| Refusal::param(format!("{} must be a text.", prompt.path)))?;
            let plain = text.chars().all(|c| u32::from(c) < 0x2190);
            if !plain || crate::emulator::look::length(text) > 80 {
                return Err(Refusal::value(format!("{}: at most 80 characters, no emoji.", prompt.path)));
            }
        }
    }
    if root.at("commands").is_there() {
        for command in root.list("commands", 0, 30)? {
            command.text("command_name", 32)?;
            command.text("command_description", 256)?;
        }
    }
    if let (Some(line), Some(fields)) = (state.line_mut(id), body.as_object()) {
        line.automation.extend(fields.clone());
    }
    Ok(json!({"success": true}))
}

/// Only who wrote in the last 24 hours can be blocked.
fn block(state: &mut State, id: &str, body: &Value, blocks: bool) -> Checked<Value> {
    let root = Part::root(body);
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for user in root.list("block_users", 1, 1_000)? {
        let input = user.text("user", 200)?;
        let digits = crate::emulator::shopper::digits(input);
        let person = state.by_phone(&digits).or_else(|| state.people.iter().find(|p| p.user_id == input));
        let found = person.map(|p| (p.key.clone(), state.shown_wa_id(p)));
        match found.filter(|(key, _)| !blocks || state.window_open(id, key)) {
            Some((key, wa_id)) => {
                done.push(json!({"input": input, "wa_id": wa_id}));
                if let Some(line) = state.line_mut(id) {
                    line.blocked.retain(|k| *k != key);
                    line.blocked.extend(blocks.then_some(key));
                }
            }
            None => failed.push(json!({"input": input, "errors": [Refusal::new(139100, "Did not write in the last 24 hours.").in_webhook()]})),
        }
    }
    if done.is_empty() {
        return Err(Refusal::new(139100, "None of the users wrote in the last 24 hours."));
    }
    let list = if blocks { "added_users" } else { "removed_users" };
    let mut answer = json!({"messaging_product": "whatsapp", "block_users": {list: done}});
    if !failed.is_empty() {
        *answer.slot("block_users").slot("failed_users") = json!(failed);
    }
    Ok(answer)
}
