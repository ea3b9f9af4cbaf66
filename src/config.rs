//! The sum of every module's settings: defaults, file and environment, and where each value came from.

pub mod agent;
pub mod budget;
pub mod catalog;
pub mod orders;

use crate::channel::whatsapp;
use crate::config::agent::Agent;
use crate::config::catalog::Catalog;
use crate::config::orders::{Orders, SECRET_CHARS_MIN};
use crate::embed;
use crate::fetch;
use crate::llm;
use crate::payment;
use crate::search;
use crate::store;
use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use figment::value::{Dict, Value};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Every setting with its default and what it is for; it is the documentation and the first layer at once.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

/// Everything that can be set.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Which shop.
    pub shop: Shop,
    /// The pages.
    pub http: Http,
    /// The rows.
    pub database: store::Settings,
    /// The index.
    pub search: search::Settings,
    /// What may be fetched from outside.
    pub fetch: fetch::Settings,
    /// Taking feeds in.
    pub catalog: Catalog,
    /// The vectors.
    pub embed: embed::Settings,
    /// The model.
    pub llm: llm::Settings,
    /// Limits of a turn.
    pub agent: Agent,
    /// What the model may cost.
    pub budget: budget::Budget,
    /// Pace of the talk.
    pub conversation: Conversation,
    /// Pages of orders.
    pub orders: Orders,
    /// Being paid.
    pub stripe: payment::Settings,
    /// The accounts on WhatsApp.
    pub whatsapp: whatsapp::Settings,
    /// Work in the background.
    pub worker: Worker,
}

/// Which shop the pages show.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Shop {
    /// Its id; empty means the only one there is.
    pub id: String,
    /// Load the demo shop into a new data folder.
    pub demo: bool,
    /// Let visitors try the demo shop as one of its past customers.
    pub personas: bool,
}

/// Where the pages are served.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Address and port.
    pub bind: String,
    /// The address shoppers use; empty means `http://` and `bind`.
    pub public_url: String,
    /// Other sites that may embed the chat.
    pub embed_on: Vec<String>,
    /// Messages one web session may send in a minute.
    pub messages_per_minute: u32,
}

/// Pace of the talk.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Conversation {
    /// Milliseconds to wait for more before answering.
    pub debounce_ms: u32,
}

/// Work in the background.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Worker {
    /// Jobs done at the same time.
    pub lanes: u32,
}

impl Default for Shop {
    fn default() -> Self {
        Self { id: String::new(), demo: true, personas: true }
    }
}

impl Default for Http {
    fn default() -> Self {
        Self {
            bind: "127.0.0.1:8080".to_owned(),
            public_url: String::new(),
            embed_on: Vec::new(),
            messages_per_minute: 30,
        }
    }
}

impl Default for Conversation {
    fn default() -> Self {
        Self { debounce_ms: 250 }
    }
}

impl Default for Worker {
    fn default() -> Self {
        Self { lanes: 4 }
    }
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A value of the wrong kind, an unknown name, a broken file.
    #[error("the settings cannot be read: {0}")]
    Unreadable(String),
    /// A value that cannot work.
    #[error("{key}: {problem}")]
    Invalid {
        /// Which setting.
        key: String,
        /// What is wrong and what to do.
        problem: String,
    },
}

/// Settings together with where each came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What is in force.
    pub config: Config,
    /// The data folder.
    pub data: PathBuf,
    figment: Figment,
}

/// One setting as `souk doctor` prints it.
#[derive(Clone, Debug, Serialize)]
pub struct Effective {
    /// `http.bind`.
    pub key: String,
    /// Its value; secrets are masked.
    pub value: String,
    /// `default`, a file or an environment variable.
    pub origin: String,
}

/// Reads defaults, the file (`config.toml` in the data folder unless named) and the given environment.
pub fn load(
    data: &Path,
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Loaded, Error> {
    let in_data = data.join("config.toml");
    let file = file.unwrap_or(&in_data);
    if file != in_data && !file.exists() {
        return Err(Error::Unreadable(format!("{} does not exist", file.display())));
    }
    let mut figment = Figment::from(Toml::string(DEFAULTS)).merge(Toml::file(file));
    let mut environment: Vec<(String, String)> = environment.into_iter().collect();
    environment.sort();
    // The names of other programs first, so that our own name wins.
    for (ours, name, value) in environment.iter().filter_map(|(n, v)| Some((ecosystem(n)?, n, v))) {
        figment = figment.merge(variable(ours, name, value));
    }
    for (name, value) in &environment {
        if let Some(key) = name.strip_prefix("SOUK_").filter(|rest| rest.contains("__")) {
            figment = figment.merge(variable(&key.to_lowercase().replace("__", "."), name, value));
        }
    }
    let config: Config = figment.extract().map_err(|e| Error::Unreadable(e.to_string()))?;
    config.check()?;
    Ok(Loaded { config, data: data.to_owned(), figment })
}

fn ecosystem(name: &str) -> Option<&'static str> {
    Some(match name {
        "DATABASE_URL" => "database.url",
        "QDRANT_URL" => "search.qdrant_url",
        "OPENAI_API_KEY" => "llm.api_key",
        "OPENAI_BASE_URL" => "llm.base_url",
        "STRIPE_SECRET_KEY" => "stripe.secret_key",
        "STRIPE_WEBHOOK_SECRET" => "stripe.webhook_secrets",
        _ => return None,
    })
}

// Only what is a number, a flag or a list by nature is read as one: a secret made of digits stays text.
fn variable(key: &str, name: &str, text: &str) -> Named {
    let text = text.trim();
    let value = match key {
        _ if is_list(key) => {
            Value::from(text.split(',').map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect::<Vec<_>>())
        }
        _ if text == "true" || text == "false" => Value::from(text == "true"),
        _ if is_text(key) => Value::from(text),
        _ => text
            .parse::<i64>()
            .map(Value::from)
            .or_else(|_| text.parse::<f64>().map(Value::from))
            .unwrap_or_else(|_| text.into()),
    };
    Named { name: name.to_owned(), inner: Serialized::global(key, value) }
}

fn is_list(key: &str) -> bool {
    ["webhook_secrets", "link_secrets", "embed_on", ".app_secret"].iter().any(|end| key.ends_with(end))
}

fn is_text(key: &str) -> bool {
    ["_key", "_cost", "url", ".model", ".bind", ".id", "_id", "_token", "_field", "_price", "_model", "collection"]
        .iter()
        .any(|end| key.ends_with(end))
}

/// A value whose origin is a named variable.
struct Named {
    name: String,
    inner: Serialized<Value>,
}

impl figment::Provider for Named {
    fn metadata(&self) -> figment::Metadata {
        figment::Metadata::named(format!("environment variable {}", self.name))
    }

    fn data(&self) -> Result<figment::value::Map<figment::Profile, Dict>, figment::Error> {
        self.inner.data()
    }
}

impl Config {
    fn check(&self) -> Result<(), Error> {
        let invalid =
            |key: &str, problem: &str| Err(Error::Invalid { key: key.to_owned(), problem: problem.to_owned() });
        if self.http.bind.parse::<std::net::SocketAddr>().is_err() {
            return invalid("http.bind", "write an address and a port, such as 127.0.0.1:8080");
        }
        if !self.http.public_url.is_empty() && !self.http.public_url.starts_with("http") {
            return invalid("http.public_url", "write it with https:// in front");
        }
        if !(30..=1440).contains(&self.stripe.page_minutes) {
            return invalid(
                "stripe.page_minutes",
                "choose 30 to 1440: a payment page cannot be open shorter or longer",
            );
        }
        let stripe = &self.stripe;
        if !(1..=60).contains(&stripe.reconcile_minutes) || !(1..=30).contains(&stripe.reconcile_days) {
            return invalid("stripe.reconcile_minutes, reconcile_days", "choose 1 to 60 minutes and 1 to 30 days");
        }
        if !(1..=366).contains(&self.orders.link_days) {
            return invalid("orders.link_days", "choose 1 to 366");
        }
        if self.orders.link_secrets.iter().any(|s| s.expose_secret().len() < SECRET_CHARS_MIN) {
            return invalid("orders.link_secrets", "a secret needs 20 characters or more");
        }
        if self.agent.model_calls_max == 0 || self.agent.tool_calls_max == 0 || self.worker.lanes == 0 {
            return invalid("agent, worker", "limits of zero would answer nobody");
        }
        if !self.embed.is_shipped() && self.embed.base_url.is_empty() {
            let problem = "a model other than \"minilm\" and \"static\" needs the address of its endpoint";
            return invalid("embed.base_url", problem);
        }
        self.whatsapp.check().map_err(|(key, problem)| Error::Invalid { key, problem })?;
        budget::is_cost("whatsapp.day_cost", &self.whatsapp.day_cost)?;
        self.catalog.check()?;
        self.budget.check()
    }

    /// Whether a language model endpoint is set.
    pub fn has_model(&self) -> bool {
        self.llm.has_endpoint()
    }

    /// The address shoppers use, without a slash at the end.
    pub fn public_url(&self) -> String {
        let url = if self.http.public_url.is_empty() {
            format!("http://{}", self.http.bind)
        } else {
            self.http.public_url.clone()
        };
        url.trim_end_matches('/').to_owned()
    }
}

impl Loaded {
    /// Every setting in force and where it came from, secrets masked.
    pub fn effective(&self) -> Vec<Effective> {
        let mut found = Vec::new();
        if let Ok(all) = self.figment.extract::<Dict>() {
            collect("", &Value::from(all), &self.figment, &mut found);
        }
        found
    }
}

fn collect(path: &str, value: &Value, figment: &Figment, found: &mut Vec<Effective>) {
    if let Some(dict) = value.as_dict() {
        for (key, inner) in dict {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            collect(&path, inner, figment, found);
        }
        return;
    }
    let text = match value {
        Value::String(_, text) => text.clone(),
        other => serde_json::to_string(other).unwrap_or_default(),
    };
    let secret =
        ["_key", "_token", "_secret", "secrets"].iter().any(|end| path.ends_with(end)) || path == "database.url";
    let value = if secret && !text.is_empty() && text != "[]" { "••••••".to_owned() } else { text };
    let origin = figment.find_metadata(path).map_or_else(String::new, |m| {
        let from = m.source.as_ref().map(ToString::to_string);
        match from {
            Some(source) => source,
            None if m.name.starts_with("environment") => m.name.to_string(),
            None => "default".to_owned(),
        }
    });
    found.push(Effective { key: path.to_owned(), value, origin });
}

#[cfg(test)]
mod tests;
