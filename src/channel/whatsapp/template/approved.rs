//! The forms an account has, as the network lists them: read leniently, since a merchant may make them elsewhere and in
//! kinds nobody here knows.

use crate::channel::whatsapp::template::Error;
use crate::domain::template::{Category, Template};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Forms of one account that are read; the network allows 6,000.
pub const APPROVED_MAX: usize = 6_000;
/// Buttons of one form that are read.
const BUTTONS_READ_MAX: usize = 20;
/// Characters of a text of a form that are read.
const TEXT_CHARS_MAX: usize = 33_000;

/// One form in one language, as the network has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// The network's id of it.
    pub outside_id: String,
    /// Its name.
    pub name: String,
    /// Its language, as the network spells it: `pt_BR`.
    pub language: String,
    /// As what it is charged; none if the network's word is not known.
    pub category: Option<Category>,
    /// Whether it may leave.
    pub status: Status,
    /// What shoppers think of it.
    pub quality: Quality,
    /// What stands above.
    pub header: HeaderShape,
    /// The words with their gaps.
    pub body: String,
    /// The buttons in order.
    pub buttons: Vec<ButtonShape>,
    /// Kinds of components that are not known here.
    #[serde(default)]
    pub others: Vec<String>,
}

/// Whether a form may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It may.
    Approved,
    /// It is looked at.
    Pending,
    /// It was refused.
    Rejected,
    /// It rests, because shoppers disliked it.
    Paused,
    /// It is over, because they went on disliking it.
    Disabled,
    /// Somewhere else: in appeal, being deleted, or a word nobody here knows.
    Other,
}

/// What shoppers think of a form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Not known yet.
    #[default]
    Unknown,
    /// Good.
    Green,
    /// Middling.
    Yellow,
    /// Bad: it will rest soon.
    Red,
}

/// What stands above a form's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeaderShape {
    /// Nothing.
    #[default]
    None,
    /// Words, maybe with a gap.
    Text(String),
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A file.
    Document,
    /// A kind that cannot be filled here.
    Other(String),
}

/// A button of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ButtonShape {
    /// Comes back with a payload.
    QuickReply {
        /// What stands on it.
        text: String,
    },
    /// Opens a page; its address may end in a gap.
    Url {
        /// What stands on it.
        text: String,
        /// The address.
        url: String,
    },
    /// Needs nothing from us: calls a number, for example.
    Fixed {
        /// Its kind.
        kind: String,
    },
    /// Wants something that cannot be filled here.
    Other {
        /// Its kind.
        kind: String,
    },
}

impl Status {
    /// Of the network's word in any case.
    pub fn of_word(word: &str) -> Self {
        match word.to_ascii_uppercase().as_str() {
            "APPROVED" | "REINSTATED" | "UNPAUSED" => Self::Approved,
            "PENDING" | "IN_REVIEW" => Self::Pending,
            "REJECTED" => Self::Rejected,
            "PAUSED" | "FLAGGED" => Self::Paused,
            "DISABLED" | "DELETED" | "ARCHIVED" => Self::Disabled,
            _ => Self::Other,
        }
    }

    /// `approved`, `pending`…
    pub fn word(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Pending => "pending",
            Self::Rejected => "rejected",
            Self::Paused => "paused",
            Self::Disabled => "disabled",
            Self::Other => "other",
        }
    }
}

impl Quality {
    /// Of the network's word in any case.
    pub fn of_word(word: &str) -> Self {
        match word.to_ascii_uppercase().as_str() {
            "GREEN" | "HIGH" => Self::Green,
            "YELLOW" | "MEDIUM" => Self::Yellow,
            "RED" | "LOW" => Self::Red,
            _ => Self::Unknown,
        }
    }

    /// `unknown`, `green`…
    pub fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
        }
    }
}

/// The forms of an answer to the listing of an account's forms, and where its next page is. An entry without a name or a
/// language is left out.
pub fn parse(answer: &Value) -> (Vec<Approved>, Option<String>) {
    let entries = answer.get("data").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let forms = entries.iter().take(APPROVED_MAX).filter_map(Approved::read).collect();
    let after = answer.pointer("/paging/cursors/after").and_then(Value::as_str);
    // The last page has a cursor, too, but no address of a next page.
    let next = answer.pointer("/paging/next").and(after).map(str::to_owned);
    (forms, next)
}

fn text(value: &Value, key: &str) -> String {
    match value.get(key) {
        Some(Value::String(text)) => text.chars().take(TEXT_CHARS_MAX).collect(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

impl Approved {
    /// One entry of the listing.
    pub fn read(entry: &Value) -> Option<Self> {
        let quality = match entry.get("quality_score") {
            Some(Value::String(word)) => word.clone(),
            Some(score) => text(score, "score"),
            None => String::new(),
        };
        let mut form = Self {
            outside_id: text(entry, "id"),
            name: text(entry, "name"),
            language: text(entry, "language"),
            category: Category::of_word(&text(entry, "category")),
            status: Status::of_word(&text(entry, "status")),
            quality: Quality::of_word(&quality),
            header: HeaderShape::None,
            body: String::new(),
            buttons: Vec::new(),
            others: Vec::new(),
        };
        if form.name.is_empty() || form.language.is_empty() {
            return None;
        }
        for component in entry.get("components").and_then(Value::as_array).into_iter().flatten().take(BUTTONS_READ_MAX)
        {
            form.component(component);
        }
        Some(form)
    }

    fn component(&mut self, component: &Value) {
        let kind = text(component, "type").to_ascii_uppercase();
        match kind.as_str() {
            "HEADER" => {
                self.header = match text(component, "format").to_ascii_uppercase().as_str() {
                    "TEXT" | "" => HeaderShape::Text(text(component, "text")),
                    "IMAGE" => HeaderShape::Image,
                    "VIDEO" => HeaderShape::Video,
                    "DOCUMENT" => HeaderShape::Document,
                    other => HeaderShape::Other(other.to_owned()),
                }
            }
            "BODY" => self.body = text(component, "text"),
            "FOOTER" => {}
            "BUTTONS" => {
                let buttons = component.get("buttons").and_then(Value::as_array).into_iter().flatten();
                self.buttons = buttons.take(BUTTONS_READ_MAX).map(button).collect();
            }
            _ => self.others.push(kind),
        }
    }
}

fn button(button: &Value) -> ButtonShape {
    let kind = text(button, "type").to_ascii_uppercase();
    match kind.as_str() {
        "QUICK_REPLY" => ButtonShape::QuickReply { text: text(button, "text") },
        "URL" => ButtonShape::Url { text: text(button, "text"), url: text(button, "url") },
        "PHONE_NUMBER" | "VOICE_CALL" => ButtonShape::Fixed { kind },
        _ => ButtonShape::Other { kind },
    }
}

/// The language and the region of a tag in either spelling.
fn tag(tag: &str) -> (String, String) {
    let lower = tag.replace('_', "-").to_lowercase();
    let (language, region) = lower.split_once('-').unwrap_or((&lower, ""));
    (language.to_owned(), region.to_owned())
}

/// The form that is meant, if it may leave: in the language wished for, else in another region's, else in English.
pub fn choose<'a>(list: &'a [Approved], wanted: &Template) -> Option<&'a Approved> {
    choose_for(list, wanted, "en")
}

/// The same, with the shop's own language before English.
pub fn choose_for<'a>(list: &'a [Approved], wanted: &Template, shop: &str) -> Option<&'a Approved> {
    let (language, region) = tag(&wanted.language);
    let shop = tag(shop);
    let nearness = |form: &Approved| {
        let own = tag(&form.language);
        if own == (language.clone(), region.clone()) {
            0
        } else if own.0 == language {
            // Without a region it is for everybody; else any region's will do.
            if own.1.is_empty() { 1 } else { 2 }
        } else if own == shop {
            3
        } else if own.0 == shop.0 {
            4
        } else if own.0 == "en" {
            5
        } else {
            6
        }
    };
    let fits = list.iter().filter(|form| form.name == wanted.name && form.status == Status::Approved);
    fits.filter(|form| nearness(form) < 6).min_by_key(|form| (nearness(form), form.language.clone()))
}

impl Approved {
    /// That it may not leave, if it may not.
    pub fn may_leave(&self) -> Result<(), Error> {
        match self.status {
            Status::Approved => Ok(()),
            _ => Err(Error::NotApproved { template: self.name.clone() }),
        }
    }
}
