//! The WhatsApp accounts of a shop, as the settings name them.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// Where Meta answers.
pub const GRAPH_URL: &str = "https://graph.facebook.com";
/// The version of the Graph API that is spoken.
pub const GRAPH_VERSION: &str = "v23.0";
/// Messages a second that Meta takes from a number; 1,000 once it has raised the limit.
const MESSAGES_PER_SECOND: u32 = 80;

/// Everything about WhatsApp.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// By a name of the merchant's choice, which stands in the webhook's address.
    pub accounts: BTreeMap<String, Account>,
    /// A folder with Meta's rate cards, relative to the data folder; empty means that nothing is priced.
    pub rate_cards: String,
    /// Service messages a number may send in a month without being charged.
    pub free_service_messages: u32,
    /// What messages may cost in a day, as a decimal in the rate card's currency; empty means no limit.
    pub day_cost: String,
    /// Seconds after which a message whose fate is unknown is sent again, if it bears being doubled.
    pub unknown_seconds: u32,
}

/// One business phone number.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Account {
    /// Signs what Meta sends; several while one is being replaced.
    #[serde(deserialize_with = "one_or_several", serialize_with = "secrets")]
    pub app_secret: Vec<SecretString>,
    /// The word Meta shows when it tries the webhook's address.
    #[serde(serialize_with = "secret")]
    pub verify_token: SecretString,
    /// Opens the Graph API.
    #[serde(serialize_with = "secret")]
    pub access_token: SecretString,
    /// Meta's id of the number, not the number itself.
    pub phone_number_id: String,
    /// Meta's id of the business account.
    pub waba_id: String,
    /// Meta's id of the app, for setting the webhook up.
    pub app_id: String,
    /// Meta's id of the catalogue, if the products are in it under our own numbers; empty sends pictures and lists.
    pub catalog_id: String,
    /// Any server that answers like Meta's.
    pub graph_url: String,
    /// Messages a second.
    pub messages_per_second: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            accounts: BTreeMap::new(),
            rate_cards: String::new(),
            free_service_messages: 0,
            day_cost: String::new(),
            unknown_seconds: 60,
        }
    }
}

impl Default for Account {
    fn default() -> Self {
        Self {
            app_secret: Vec::new(),
            verify_token: String::new().into(),
            access_token: String::new().into(),
            phone_number_id: String::new(),
            waba_id: String::new(),
            app_id: String::new(),
            catalog_id: String::new(),
            graph_url: GRAPH_URL.to_owned(),
            messages_per_second: MESSAGES_PER_SECOND,
        }
    }
}

impl Settings {
    /// What is wrong, as setting and advice.
    pub fn check(&self) -> Result<(), (String, String)> {
        let wrong = |key: String, advice: &str| Err((key, advice.to_owned()));
        let mut numbers = BTreeMap::new();
        for (name, account) in &self.accounts {
            let key = |field: &str| format!("whatsapp.accounts.{name}.{field}");
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
                return wrong(format!("whatsapp.accounts.{name}"), "an account's name is made of a-z, 0-9 and -");
            }
            if account.app_secret.iter().all(|s| s.expose_secret().trim().is_empty()) {
                return wrong(key("app_secret"), "copy it from the app's basic settings; nothing is taken in unsigned");
            }
            for (field, text) in [("phone_number_id", &account.phone_number_id), ("waba_id", &account.waba_id)] {
                if text.is_empty() || !text.chars().all(|c| c.is_ascii_digit()) {
                    return wrong(key(field), "digits only: copy it from the app's WhatsApp page");
                }
            }
            if !account.graph_url.starts_with("http") {
                return wrong(key("graph_url"), "write it with https:// in front");
            }
            if !(1..=1_000).contains(&account.messages_per_second) {
                return wrong(key("messages_per_second"), "choose 1 to 1000; Meta's limit is 80 unless it was raised");
            }
            if let Some(other) = numbers.insert(&account.phone_number_id, name) {
                return wrong(key("phone_number_id"), &format!("account {other} has the same number"));
            }
        }
        if !(5..=3_600).contains(&self.unknown_seconds) {
            return wrong("whatsapp.unknown_seconds".to_owned(), "choose 5 to 3600");
        }
        Ok(())
    }
}

fn one_or_several<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<SecretString>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        One(SecretString),
        Several(Vec<SecretString>),
    }
    Ok(match Given::deserialize(from)? {
        Given::One(one) => vec![one],
        Given::Several(several) => several,
    })
}

// Settings are written out only to be layered and shown; what shows them masks them by name.
fn secret<S: Serializer>(secret: &SecretString, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(secret.expose_secret())
}

fn secrets<S: Serializer>(secrets: &[SecretString], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(secrets.iter().map(ExposeSecret::expose_secret))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    const GOOD: &str = "[accounts.main]\napp_secret = \"s3cret\"\nphone_number_id = \"42\"\nwaba_id = \"31\"\n";

    #[test]
    fn a_secret_may_stand_alone_or_in_a_list() {
        let one: Settings = toml::from_str(GOOD).unwrap();
        one.check().unwrap();
        let two: Settings = toml::from_str(&GOOD.replace("\"s3cret\"", "[\"new\", \"old\"]")).unwrap();
        two.check().unwrap();
        assert_eq!(two.accounts.get("main").unwrap().app_secret.len(), 2);
    }

    #[test]
    fn what_cannot_work_is_named() {
        for (bad, key) in [
            (GOOD.replace("s3cret", ""), "app_secret"),
            (GOOD.replace("\"42\"", "\"+49 42\""), "phone_number_id"),
            (GOOD.replace("main", "Haupt"), "Haupt"),
            (format!("{GOOD}messages_per_second = 0\n"), "messages_per_second"),
            (format!("{GOOD}graph_url = \"graph.example\"\n"), "graph_url"),
        ] {
            let settings: Settings = toml::from_str(&bad).unwrap();
            let (said, _) = settings.check().unwrap_err();
            assert!(said.contains(key), "{bad}: {said}");
        }
    }
}
