//! What shoppers see of the business, within Meta's limits.

use crate::channel::whatsapp::client::Failure;
use crate::channel::whatsapp::limits::units;
use crate::channel::whatsapp::manage::Desk;
use crate::channel::whatsapp::manage::finding::{Finding, list, word};
use serde_json::{Map, Value, json};

/// What is asked for.
const FIELDS: &str = "about,address,description,email,websites,vertical,profile_picture_url";
/// Texts and how long they may be.
pub const TEXTS: [(&str, usize); 4] = [("about", 139), ("address", 256), ("description", 512), ("email", 128)];
/// Addresses of pages.
pub const WEBSITES_MAX: usize = 2;
/// Units of one of them.
pub const WEBSITE_MAX: usize = 256;
/// What a business can be.
pub const VERTICALS: [&str; 23] = [
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
    "NOT_A_BIZ",
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

/// What is to be changed: texts by name, pages, kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// `about`, `address`, `description`, `email`.
    pub texts: Vec<(&'static str, String)>,
    /// Pages; none leaves them.
    pub websites: Vec<String>,
    /// What kind of business; none leaves it.
    pub vertical: Option<String>,
}

impl Wish {
    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.websites.is_empty() && self.vertical.is_none()
    }

    /// As it is sent, or everything that Meta would refuse.
    pub fn to_wire(&self) -> Result<Value, Vec<String>> {
        let (mut body, mut flaws) = (Map::new(), Vec::new());
        body.insert("messaging_product".to_owned(), json!("whatsapp"));
        for (name, text) in &self.texts {
            let most = TEXTS.iter().find(|(known, _)| known == name).map_or(0, |(_, most)| *most);
            if units(text) > most {
                flaws.push(format!("{name} is {} long, and {most} are the limit", units(text)));
            }
            // All others are cleared by an empty text.
            if *name == "about" && text.trim().is_empty() {
                flaws.push("about cannot be empty".to_owned());
            }
            if *name == "email" && !text.is_empty() && !looks_like_mail(text) {
                flaws.push("email is not an address of mail".to_owned());
            }
            body.insert((*name).to_owned(), json!(text));
        }
        if self.websites.len() > WEBSITES_MAX {
            flaws.push(format!("there are {} websites, and {WEBSITES_MAX} are the limit", self.websites.len()));
        }
        for site in &self.websites {
            let starts = site.starts_with("https://") || site.starts_with("http://");
            if !starts || units(site) > WEBSITE_MAX || site.chars().any(char::is_whitespace) {
                flaws.push(format!("a website begins with https:// and is at most {WEBSITE_MAX} long: {site}"));
            }
        }
        if !self.websites.is_empty() {
            body.insert("websites".to_owned(), json!(self.websites));
        }
        if let Some(vertical) = &self.vertical {
            let word = vertical.trim().to_ascii_uppercase();
            if !VERTICALS.contains(&word.as_str()) {
                flaws.push(format!("vertical must be one of {}", VERTICALS.join(", ")));
            }
            body.insert("vertical".to_owned(), json!(word));
        }
        if flaws.is_empty() { Ok(Value::Object(body)) } else { Err(flaws) }
    }
}

fn looks_like_mail(text: &str) -> bool {
    text.split_once('@').is_some_and(|(who, host)| !who.is_empty() && host.contains('.') && !text.contains(' '))
}

/// Whether people find a way to somebody: Meta's policy wants contacts that are up to date.
pub fn check(profile: &Value) -> Finding {
    const WHAT: &str = "profile";
    let pages = profile.get("websites").and_then(Value::as_array).map_or(0, Vec::len);
    let has = [("e-mail", !word(profile, "email").is_empty()), ("website", pages > 0)];
    let there: Vec<&str> = has.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect();
    if there.is_empty() {
        let found = "no e-mail and no website: Meta's policy wants a way to support in the profile";
        return Finding::warn(WHAT, found, "souk whatsapp profile --email help@your.shop --website https://your.shop");
    }
    Finding::ok(WHAT, format!("with {}", there.join(" and ")))
}

impl Desk<'_> {
    /// The profile as it is.
    pub async fn profile(&self) -> Result<Value, Failure> {
        let path = format!("{}/whatsapp_business_profile", self.account.phone_number_id);
        let answer = self.client.get(&path, &[("fields", FIELDS)]).await?;
        Ok(list(&answer).first().cloned().unwrap_or_else(|| json!({})))
    }

    /// Changes it.
    pub async fn set_profile(&self, body: &Value) -> Result<(), Failure> {
        let path = format!("{}/whatsapp_business_profile", self.account.phone_number_id);
        self.client.post(&path, body).await.map(|_| ())
    }
}
