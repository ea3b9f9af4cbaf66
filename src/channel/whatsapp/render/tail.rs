//! What a bubble has beside its words, and how much room it leaves for them.

use crate::channel::whatsapp::limits::{
    BODY_MAX, BUTTON_ID_MAX, BUTTON_TITLE_MAX, BUTTONS_MAX, CAPTION_MAX, FILENAME_MAX, HEADER_MAX, LINK_LABEL_MAX,
    LIST_BUTTON_MAX, RETAILER_ID_MAX, ROW_DESCRIPTION_MAX, ROW_ID_MAX, ROW_TITLE_MAX, SECTION_TITLE_MAX, TEXT_MAX,
    URL_MAX, is_blank, units,
};
use crate::channel::whatsapp::render::fit;
use crate::channel::whatsapp::render::spoken::Choice;
use crate::channel::whatsapp::render::{Bubble, Situation};
use crate::domain::message::{Document, Share};
use crate::wording::phrases::{CHOOSE, LIST_MORE, LIST_PRODUCTS, PLEASE_CHOOSE, SHARE_LOCATION, SHARE_PHONE};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::net::IpAddr;

/// What a bubble has beside its words.
#[derive(Clone, Debug, PartialEq)]
pub enum Tail {
    /// Nothing.
    Words,
    /// Something to choose, with a picture or a file above.
    Choices(Vec<Choice>, Option<Head>),
    /// A page to open.
    Page {
        /// What stands on the button.
        label: String,
        /// The page.
        url: String,
        /// What stands above.
        head: Option<Head>,
    },
    /// Something to share.
    Share(Share),
    /// Products of the catalogue.
    Products {
        /// The catalogue.
        catalog: String,
        /// Their numbers.
        ids: Vec<String>,
    },
    /// A picture or a file by itself.
    File(Head),
}

/// What stands above the words.
#[derive(Clone, Debug, PartialEq)]
pub enum Head {
    /// A picture's address.
    Picture(String),
    /// A file.
    File(Document),
}

impl Head {
    fn kind(&self) -> &'static str {
        match self {
            Self::Picture(_) => "image",
            Self::File(_) => "document",
        }
    }

    fn object(&self) -> Value {
        match self {
            Self::Picture(url) => json!({ "link": url }),
            Self::File(file) => json!({ "link": file.url, "filename": filename(&file.name) }),
        }
    }

    fn header(&self) -> Value {
        let mut header = serde_json::Map::new();
        header.insert("type".to_owned(), self.kind().into());
        header.insert(self.kind().to_owned(), self.object());
        Value::Object(header)
    }
}

/// Whether the network can fetch from an address: encrypted, by a name, without a password in it.
pub fn is_public(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.split(':').next().unwrap_or_default();
    let named = host.contains('.') && !host.starts_with('.') && host.parse::<IpAddr>().is_err();
    let inside = [".local", ".localhost", ".internal", ".lan"].iter().any(|end| host.ends_with(end));
    named && !inside && !authority.contains(['@', '[']) && is_address(url)
}

/// Whether an address can stand on a button.
pub fn is_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && !url.chars().any(|c| c.is_whitespace() || c.is_control())
        && units(url) <= URL_MAX
}

/// A file's name, shortened before its ending.
fn filename(name: &str) -> String {
    let name = fit::line(name).replace(['/', '\\'], "-");
    let name = if is_blank(&name) { "file".to_owned() } else { name };
    match name.rsplit_once('.') {
        Some((stem, ending)) if units(&name) > FILENAME_MAX && units(ending) < 10 => {
            format!("{}.{ending}", fit::cut(stem, FILENAME_MAX - units(ending) - 1))
        }
        _ => fit::cut(&name, FILENAME_MAX),
    }
}

/// Whether choices are shown as buttons; else as a list, which has room for long labels and second lines.
pub fn as_buttons(choices: &[Choice], headed: bool) -> bool {
    let short = |choice: &Choice| {
        let decides = choice.id.starts_with("confirm:") || choice.id.starts_with("cancel:");
        decides || headed || (units(&choice.label) <= BUTTON_TITLE_MAX && choice.hint.is_empty())
    };
    choices.len() <= BUTTONS_MAX && choices.iter().all(short) && !choices.iter().any(|choice| choice.product)
}

impl Tail {
    /// Units of words beside it.
    pub fn room(&self) -> usize {
        match self {
            Self::Words => TEXT_MAX,
            Self::File(_) => CAPTION_MAX,
            _ => BODY_MAX,
        }
    }

    /// Whether a file or a picture can stand above.
    pub fn head(&mut self) -> Option<&mut Option<Head>> {
        match self {
            Self::Choices(choices, head) if as_buttons(choices, false) => Some(head),
            Self::Page { head, .. } => Some(head),
            _ => None,
        }
    }

    /// The bubble with these words, which fit.
    pub fn bubble(&self, words: &str, situation: &Situation<'_>) -> Bubble {
        let voice = situation.voice;
        let body = |otherwise: String| {
            let words = if is_blank(words) { otherwise } else { words.to_owned() };
            json!({ "text": words })
        };
        match self {
            Self::Words => Bubble::text(words),
            Self::File(head) => {
                let mut object = head.object();
                if let (false, Some(object)) = (is_blank(words), object.as_object_mut()) {
                    object.insert("caption".to_owned(), words.into());
                }
                Bubble::of(head.kind(), object)
            }
            Self::Choices(choices, head) if as_buttons(choices, head.is_some()) => {
                let action = json!({ "buttons": buttons(choices) });
                interactive("button", head.as_ref().map(Head::header), body(voice.pick(PLEASE_CHOOSE)), action)
            }
            Self::Choices(choices, _) => {
                let button = fit::label(&voice.pick(CHOOSE), LIST_BUTTON_MAX);
                let action = json!({ "button": button, "sections": sections(choices, situation) });
                interactive("list", None, body(voice.pick(PLEASE_CHOOSE)), action)
            }
            Self::Page { label, url, head } => {
                let parameters = json!({ "display_text": fit::label(label, LINK_LABEL_MAX), "url": url });
                let action = json!({ "name": "cta_url", "parameters": parameters });
                let otherwise = fit::label(label, BODY_MAX);
                interactive("cta_url", head.as_ref().map(Head::header), body(otherwise), action)
            }
            Self::Share(Share::Location) => {
                let action = json!({ "name": "send_location" });
                interactive("location_request_message", None, body(voice.pick(SHARE_LOCATION)), action)
            }
            Self::Share(Share::Phone) => {
                let action = json!({ "name": "request_contact_info" });
                interactive("request_contact_info", None, body(voice.pick(SHARE_PHONE)), action)
            }
            Self::Products { catalog, ids } => match ids.as_slice() {
                [only] => {
                    let action = json!({ "catalog_id": catalog, "product_retailer_id": only });
                    interactive("product", None, body(voice.pick(LIST_PRODUCTS)), action)
                }
                _ => {
                    let title = fit::label(&voice.pick(LIST_PRODUCTS), SECTION_TITLE_MAX);
                    let items: Vec<Value> = ids.iter().map(|id| json!({ "product_retailer_id": id })).collect();
                    let header = json!({ "type": "text", "text": fit::label(&title, HEADER_MAX) });
                    let sections = json!([{ "title": title, "product_items": items }]);
                    let action = json!({ "catalog_id": catalog, "sections": sections });
                    interactive("product_list", Some(header), body(voice.pick(PLEASE_CHOOSE)), action)
                }
            },
        }
    }
}

/// Whether a product's number can stand in a message about the catalogue.
pub fn is_retailer_id(id: &str) -> bool {
    !is_blank(id) && units(id) <= RETAILER_ID_MAX
}

fn interactive(kind: &'static str, header: Option<Value>, body: Value, action: Value) -> Bubble {
    let mut object = serde_json::Map::new();
    object.insert("type".to_owned(), kind.into());
    if let Some(header) = header {
        object.insert("header".to_owned(), header);
    }
    object.insert("body".to_owned(), body);
    object.insert("action".to_owned(), action);
    Bubble::interactive(kind, Value::Object(object))
}

/// An id that is too long cannot come back: the button says its words instead.
fn id(taken: &mut BTreeSet<String>, choice: &Choice, max: usize) -> String {
    if units(&choice.id) <= max && !is_blank(&choice.id) && taken.insert(choice.id.clone()) {
        return choice.id.clone();
    }
    fit::distinct(taken, &format!("say:{}", choice.label), max)
}

fn buttons(choices: &[Choice]) -> Vec<Value> {
    let (mut titles, mut ids) = (BTreeSet::new(), BTreeSet::new());
    let button = |choice: &Choice| {
        let title = fit::distinct(&mut titles, &choice.label, BUTTON_TITLE_MAX);
        json!({ "type": "reply", "reply": { "id": id(&mut ids, choice, BUTTON_ID_MAX), "title": title } })
    };
    choices.iter().map(button).collect()
}

/// Products by themselves, and what else can be chosen under a heading of its own.
fn sections(choices: &[Choice], situation: &Situation<'_>) -> Vec<Value> {
    let (mut titles, mut ids) = (BTreeSet::new(), BTreeSet::new());
    let (products, others): (Vec<&Choice>, Vec<&Choice>) = choices.iter().partition(|choice| choice.product);
    let both = !products.is_empty() && !others.is_empty();
    let mut sections = Vec::new();
    for (phrase, choices) in [(LIST_PRODUCTS, products), (LIST_MORE, others)] {
        let mut rows = Vec::new();
        for choice in choices {
            let title = fit::distinct(&mut titles, &choice.label, ROW_TITLE_MAX);
            let mut row = json!({ "id": id(&mut ids, choice, ROW_ID_MAX), "title": title });
            // A label that had to be cut stands in full below.
            let whole =
                if units(&choice.label) > ROW_TITLE_MAX && !choice.product { choice.label.as_str() } else { "" };
            let both = [whole, choice.hint.as_str()].into_iter().filter(|part| !is_blank(part));
            let below = both.collect::<Vec<_>>().join(" · ");
            if let (false, Some(row)) = (below.is_empty(), row.as_object_mut()) {
                row.insert("description".to_owned(), fit::cut(&below, ROW_DESCRIPTION_MAX).into());
            }
            rows.push(row);
        }
        if !rows.is_empty() {
            let mut section = serde_json::Map::new();
            if both {
                let title = fit::label(&situation.voice.pick(phrase), SECTION_TITLE_MAX);
                section.insert("title".to_owned(), title.into());
            }
            section.insert("rows".to_owned(), rows.into());
            sections.push(Value::Object(section));
        }
    }
    sections
}
