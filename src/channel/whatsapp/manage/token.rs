//! What `debug_token` says of a token: whether it is good, whose, for what and for how long.

use crate::channel::whatsapp::manage::finding::{Finding, list, word};
use crate::channel::whatsapp::settings::Account;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// What a token must be allowed, and what does not work without it.
pub const SCOPES: [(&str, &str); 2] = [
    ("whatsapp_business_messaging", "nothing can be sent and no file fetched"),
    ("whatsapp_business_management", "templates, profile and webhook cannot be read or set"),
];
/// A token that ends sooner than this is worth a word.
const SOON: SignedDuration = SignedDuration::from_hours(14 * 24);

const NEW_TOKEN: &str =
    "make one that never expires: Business settings → System users → Generate token, expiration never";

/// Whether it opens anything.
pub fn is_valid(answer: &Value) -> bool {
    answer.pointer("/data/is_valid").and_then(Value::as_bool).unwrap_or(false)
}

/// The app's own id and secret were refused, so the token could not be looked at.
pub fn wrong_app(said: &str) -> Finding {
    Finding::fail(
        "app_id and app_secret",
        format!("Meta does not know this pair: {said}"),
        "copy both again: App settings → Basic; webhooks signed with another secret are turned away",
    )
}

/// Everything there is to say of it.
pub fn read(answer: &Value, account: &Account, now: Timestamp) -> Vec<Finding> {
    let data = answer.get("data").unwrap_or(answer);
    if !is_valid(answer) {
        let said = data.get("error").map(|error| word(error, "message")).unwrap_or_default();
        let said = if said.is_empty() { "Meta calls it invalid".to_owned() } else { said };
        return vec![Finding::fail("token", said, NEW_TOKEN)];
    }
    let mut found = vec![whose(data, account), expiry(data, now)];
    found.extend(scopes(data, account));
    found
}

fn whose(data: &Value, account: &Account) -> Finding {
    let (app, id) = (word(data, "application"), word(data, "app_id"));
    let kind = word(data, "type").to_lowercase().replace('_', " ");
    let text = format!("of {app} ({id}), {}", if kind.is_empty() { "unknown kind" } else { &kind });
    if !account.app_id.is_empty() && !id.is_empty() && id != account.app_id {
        return Finding::fail(
            "token",
            format!("{text}; app_id is {}", account.app_id),
            "make the token for the app whose id and secret are set, or set those of this app",
        );
    }
    Finding::ok("token", text)
}

fn expiry(data: &Value, now: Timestamp) -> Finding {
    let seconds = |key: &str| data.get(key).and_then(Value::as_i64).filter(|seconds| *seconds > 0);
    let ends = [seconds("expires_at"), seconds("data_access_expires_at")].into_iter().flatten().min();
    let Some(end) = ends.and_then(|seconds| Timestamp::from_second(seconds).ok()) else {
        return Finding::ok("token expiry", "never");
    };
    let left = end.duration_since(now);
    if left <= SignedDuration::ZERO {
        Finding::fail("token expiry", format!("it ended at {end}"), NEW_TOKEN)
    } else if left < SOON {
        Finding::warn("token expiry", format!("it ends at {end}, in {} hours", left.as_hours()), NEW_TOKEN)
    } else {
        Finding::ok("token expiry", format!("{end}"))
    }
}

fn scopes(data: &Value, account: &Account) -> Vec<Finding> {
    let given: Vec<&str> =
        data.get("scopes").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let granular = data.get("granular_scopes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut found: Vec<Finding> = Vec::new();
    for (scope, without) in SCOPES {
        let narrow = granular.iter().find(|one| one.get("scope").and_then(Value::as_str) == Some(scope));
        if !given.contains(&scope) && narrow.is_none() {
            let remedy = format!("generate the token again and tick {scope}");
            found.push(Finding::fail("token scope", format!("{scope} is missing: {without}"), remedy));
            continue;
        }
        let targets = narrow.and_then(|one| one.get("target_ids")).and_then(Value::as_array);
        let ids = |target: &Value| target.as_str().map(str::to_owned).unwrap_or_else(|| target.to_string());
        // Without targets a scope is good for everything the user may see.
        if targets.is_some_and(|targets| !targets.is_empty() && !targets.iter().any(|t| ids(t) == account.waba_id)) {
            let what = format!("{scope} is not given for the business account {}", account.waba_id);
            let remedy =
                "Business settings → WhatsApp accounts → assign the system user; then generate the token again";
            found.push(Finding::fail("token scope", what, remedy));
        }
    }
    if found.is_empty() {
        found.push(Finding::ok("token scope", "messaging and management"));
    }
    found
}

/// The ids of what an answer lists.
pub fn ids(answer: &Value) -> Vec<String> {
    list(answer).iter().map(|one| word(one, "id")).filter(|id| !id.is_empty()).collect()
}
