//! The forms this program brings along, for the news of an order, in every language the server has words in.

use crate::channel::whatsapp::template::gaps::gaps;
use crate::channel::whatsapp::template::{ButtonText, Definition};
use crate::domain::template::Category;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Language → text.
type Texts = BTreeMap<String, String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    samples: BTreeMap<String, String>,
    buttons: BTreeMap<String, Texts>,
    templates: BTreeMap<String, Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    button: String,
    #[serde(flatten)]
    bodies: Texts,
}

// A test reads it: a slip shows there, and never in front of a merchant.
static BOOK: LazyLock<Option<Book>> =
    LazyLock::new(|| toml::from_str(include_str!("../../../../assets/whatsapp/templates.toml")).ok());

/// Every form in every language, with buttons that open pages of a server at this public address. Without one
/// (`https://…`), forms that need a page do without their button.
pub fn shipped(public_url: &str) -> Vec<Definition> {
    let Some(book) = BOOK.as_ref() else { return Vec::new() };
    let mut definitions = Vec::new();
    for (name, entry) in &book.templates {
        for (language, body) in &entry.bodies {
            let label = book.buttons.get(&entry.button).and_then(|labels| labels.get(language));
            definitions.push(Definition {
                name: name.clone(),
                language: language.clone(),
                category: Category::Utility,
                header: None,
                body: body.clone(),
                footer: None,
                buttons: label.and_then(|label| button(book, &entry.button, label, public_url)).into_iter().collect(),
                samples: samples(book, body),
            });
        }
    }
    definitions
}

fn button(book: &Book, kind: &str, label: &str, public_url: &str) -> Option<ButtonText> {
    let text = label.to_owned();
    if kind == "read" {
        return Some(ButtonText::QuickReply { text });
    }
    let base = public_url.trim_end_matches('/');
    let sample = book.samples.get("url").cloned().unwrap_or_default();
    base.starts_with("https://").then(|| ButtonText::Url { text, url: format!("{base}/orders/{{{{1}}}}"), sample })
}

fn samples(book: &Book, body: &str) -> BTreeMap<String, String> {
    let named = gaps(body).into_iter().filter_map(|gap| Some((gap.name.clone(), book.samples.get(&gap.name)?.clone())));
    named.collect()
}
