//! A form as it is handed in for approval, and everything that is known to have it refused.

use crate::channel::whatsapp::limits::{
    BODY_MAX, FOOTER_MAX, HEADER_MAX, TEMPLATE_NAME_MAX, URL_MAX, breaks_a_line, is_blank, is_name, units,
};
use crate::channel::whatsapp::template::gaps::{Gap, gaps};
use crate::domain::template::Category;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Buttons of one form.
pub const BUTTONS_MAX: usize = 10;
/// Buttons that open a page.
pub const PAGES_MAX: usize = 2;
/// Units of a button's label.
pub const LABEL_MAX: usize = 25;

/// A form to be approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// `order_paid`.
    pub name: String,
    /// As the network spells it: `pt_BR`.
    pub language: String,
    /// What it is for.
    pub category: Category,
    /// Words above, with one gap at most.
    pub header: Option<String>,
    /// The words, with gaps such as `{{number}}`.
    pub body: String,
    /// Words below, without gaps.
    pub footer: Option<String>,
    /// The buttons in order.
    pub buttons: Vec<ButtonText>,
    /// Gap → an example, which the reviewer wants to see.
    pub samples: BTreeMap<String, String>,
}

/// A button of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ButtonText {
    /// Comes back with a payload.
    QuickReply {
        /// What stands on it.
        text: String,
    },
    /// Opens a page.
    Url {
        /// What stands on it.
        text: String,
        /// The address; it may end in a gap.
        url: String,
        /// What the gap may hold.
        sample: String,
    },
}

/// Why a form would be refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// The name.
    #[error("the name must have 1 to {TEMPLATE_NAME_MAX} of a-z, 0-9 and _")]
    Name,
    /// The language.
    #[error("the language must look like en or pt_BR")]
    Language,
    /// Service is no category of forms, and codes have forms of their own.
    #[error("the category must be utility or marketing")]
    Category,
    /// Nothing where something must be.
    #[error("the {0} is empty")]
    Empty(&'static str),
    /// Too long.
    #[error("the {part} is {found} long, and {max} are the limit")]
    Long {
        /// Which part.
        part: &'static str,
        /// How long it is.
        found: usize,
        /// How long it may be.
        max: usize,
    },
    /// A gap begins or ends the text, or two have no word between them.
    #[error("the gap {0} stands first, last or beside another one")]
    Place(String),
    /// A gap's name, or braces that are no gap.
    #[error("the gap {0} is not well made: use {{{{1}}}}, {{{{2}}}}… or names of a-z, 0-9 and _, not both")]
    Gap(String),
    /// A part that may not have that many gaps.
    #[error("the {0} has too many gaps")]
    Gaps(&'static str),
    /// A gap without an example.
    #[error("the gap {0} has no example that could stand in it")]
    Sample(String),
    /// A header or a label over several lines.
    #[error("the {0} has a line break")]
    Line(&'static str),
    /// Too many buttons of a kind.
    #[error("there are more than {max} {what}")]
    Buttons {
        /// Of which kind.
        what: &'static str,
        /// How many there may be.
        max: usize,
    },
    /// Two buttons with the same label.
    #[error("two buttons are called {0}")]
    Twice(String),
    /// Quick replies with something between them.
    #[error("quick replies must stand together")]
    Apart,
    /// A page's address.
    #[error("the address of the button {0} must begin with https:// and may have one gap, at its end")]
    Address(String),
}

impl Definition {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Flaw>> {
        let mut flaws = Vec::new();
        if !is_name(&self.name) || units(&self.name) > TEMPLATE_NAME_MAX {
            flaws.push(Flaw::Name);
        }
        if !is_language(&self.language) {
            flaws.push(Flaw::Language);
        }
        if !matches!(self.category, Category::Utility | Category::Marketing) {
            flaws.push(Flaw::Category);
        }
        if let Some(header) = &self.header {
            self.text("header", header, HEADER_MAX, 1, &mut flaws);
            if header.contains('\n') {
                flaws.push(Flaw::Line("header"));
            }
        }
        self.text("body", &self.body, BODY_MAX, usize::MAX, &mut flaws);
        if let Some(footer) = &self.footer {
            self.text("footer", footer, FOOTER_MAX, 0, &mut flaws);
        }
        self.check_buttons(&mut flaws);
        if flaws.is_empty() { Ok(()) } else { Err(flaws) }
    }

    fn text(&self, part: &'static str, text: &str, max: usize, gaps_max: usize, flaws: &mut Vec<Flaw>) {
        if is_blank(text) {
            flaws.push(Flaw::Empty(part));
        }
        if units(text) > max {
            flaws.push(Flaw::Long { part, found: units(text), max });
        }
        let gaps = gaps(text);
        if gaps.len() > gaps_max {
            flaws.push(Flaw::Gaps(part));
        }
        // A header is often nothing but a few words with a number at their end; the rule is about bodies.
        if part == "body" {
            flaws.extend(misplaced(text, &gaps).map(|gap| Flaw::Place(gap.name.clone())));
        }
        flaws.extend(malformed(text, &gaps));
        for gap in &gaps {
            let sample = self.samples.get(&gap.name);
            if sample.is_none_or(|sample| is_blank(sample) || breaks_a_line(sample)) {
                flaws.push(Flaw::Sample(gap.name.clone()));
            }
        }
    }

    fn check_buttons(&self, flaws: &mut Vec<Flaw>) {
        if self.buttons.len() > BUTTONS_MAX {
            flaws.push(Flaw::Buttons { what: "buttons", max: BUTTONS_MAX });
        }
        let is_page = |button: &&ButtonText| matches!(button, ButtonText::Url { .. });
        if self.buttons.iter().filter(is_page).count() > PAGES_MAX {
            flaws.push(Flaw::Buttons { what: "buttons that open a page", max: PAGES_MAX });
        }
        let kinds: Vec<bool> = self.buttons.iter().map(|button| is_page(&button)).collect();
        let mut runs = kinds.clone();
        runs.dedup();
        if runs.iter().filter(|page| !**page).count() > 1 {
            flaws.push(Flaw::Apart);
        }
        let mut labels = BTreeSet::new();
        for button in &self.buttons {
            let text = match button {
                ButtonText::QuickReply { text } | ButtonText::Url { text, .. } => text,
            };
            if is_blank(text) {
                flaws.push(Flaw::Empty("label of a button"));
            }
            if units(text) > LABEL_MAX {
                flaws.push(Flaw::Long { part: "label of a button", found: units(text), max: LABEL_MAX });
            }
            if text.contains('\n') {
                flaws.push(Flaw::Line("label of a button"));
            }
            if !gaps(text).is_empty() {
                flaws.push(Flaw::Gaps("label of a button"));
            }
            if !labels.insert(text) {
                flaws.push(Flaw::Twice(text.clone()));
            }
            if let ButtonText::Url { url, sample, .. } = button {
                let gaps = gaps(url);
                let at_end = gaps.first().is_none_or(|gap| gap.range.end == url.len() && gap.name == "1");
                let sampled = gaps.is_empty() || !is_blank(sample);
                let address = url.starts_with("https://") && !url.contains(char::is_whitespace);
                if !address || gaps.len() > 1 || !at_end || !sampled || units(url) > URL_MAX {
                    flaws.push(Flaw::Address(text.clone()));
                }
            }
        }
    }

    /// As it is handed in.
    pub fn to_wire(&self) -> Value {
        let named = gaps(&self.body).first().is_some_and(|gap| !is_position(&gap.name));
        let mut components = Vec::new();
        if let Some(header) = &self.header {
            let mut part = json!({ "type": "HEADER", "format": "TEXT", "text": header });
            self.add_example(&mut part, "header_text", header);
            components.push(part);
        }
        let mut body = json!({ "type": "BODY", "text": self.body });
        self.add_example(&mut body, "body_text", &self.body);
        components.push(body);
        if let Some(footer) = &self.footer {
            components.push(json!({ "type": "FOOTER", "text": footer }));
        }
        if !self.buttons.is_empty() {
            let buttons: Vec<Value> = self.buttons.iter().map(ButtonText::to_wire).collect();
            components.push(json!({ "type": "BUTTONS", "buttons": buttons }));
        }
        json!({
            "name": self.name,
            "language": self.language,
            "category": self.category.word().to_uppercase(),
            "parameter_format": if named { "named" } else { "positional" },
            "components": components,
        })
    }

    fn add_example(&self, part: &mut Value, key: &str, text: &str) {
        let mut seen = BTreeSet::new();
        let gaps: Vec<Gap> = gaps(text).into_iter().filter(|gap| seen.insert(gap.name.clone())).collect();
        let sample = |gap: &Gap| self.samples.get(&gap.name).cloned().unwrap_or_default();
        let Some(first) = gaps.first() else { return };
        let mut example = serde_json::Map::new();
        if is_position(&first.name) {
            let samples: Vec<String> = gaps.iter().map(sample).collect();
            let value = if key == "body_text" { json!([samples]) } else { json!(samples) };
            example.insert(key.to_owned(), value);
        } else {
            let samples: Vec<Value> =
                gaps.iter().map(|gap| json!({ "param_name": gap.name, "example": sample(gap) })).collect();
            example.insert(format!("{key}_named_params"), samples.into());
        }
        if let Some(part) = part.as_object_mut() {
            part.insert("example".to_owned(), Value::Object(example));
        }
    }
}

impl ButtonText {
    fn to_wire(&self) -> Value {
        match self {
            Self::QuickReply { text } => json!({ "type": "QUICK_REPLY", "text": text }),
            Self::Url { text, url, .. } if gaps(url).is_empty() => json!({ "type": "URL", "text": text, "url": url }),
            Self::Url { text, url, sample } => {
                let whole = crate::channel::whatsapp::template::gaps::filled(url, |_| sample.clone());
                json!({ "type": "URL", "text": text, "url": url, "example": [whole] })
            }
        }
    }
}

fn is_position(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit())
}

/// `en`, `fil`, `pt_BR`.
fn is_language(code: &str) -> bool {
    let (language, region) = code.split_once('_').unwrap_or((code, "XX"));
    (2..=3).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_lowercase())
        && region.len() == 2
        && region.bytes().all(|b| b.is_ascii_uppercase())
}

/// Gaps that stand first or last, or right after another one.
fn misplaced<'a>(text: &'a str, gaps: &'a [Gap]) -> impl Iterator<Item = &'a Gap> {
    gaps.iter()
        .enumerate()
        .filter(move |(at, gap)| {
            let from = at.checked_sub(1).and_then(|before| gaps.get(before)).map_or(0, |before| before.range.end);
            let words = |text: Option<&str>| text.is_some_and(|text| text.chars().any(char::is_alphanumeric));
            let last = gaps.len() == at + 1;
            let before = text.get(from..gap.range.start);
            let stuck = if *at == 0 { !words(before) } else { before.is_none_or(|between| between.trim().is_empty()) };
            stuck || (last && text.get(gap.range.end..).is_none_or(|rest| rest.trim().is_empty()))
        })
        .map(|(_, gap)| gap)
}

/// Names that cannot be, positions with a hole between them, and braces that are no gap.
fn malformed(text: &str, gaps: &[Gap]) -> Option<Flaw> {
    let positions: BTreeSet<usize> = gaps.iter().filter_map(|gap| gap.name.parse().ok()).collect();
    let names = gaps.iter().filter(|gap| !is_position(&gap.name)).count();
    let bad = gaps.iter().find(|gap| !is_name(&gap.name) || (names > 0 && is_position(&gap.name)));
    let hole = positions.iter().enumerate().find(|(at, position)| at + 1 != **position);
    let left = crate::channel::whatsapp::template::gaps::filled(text, |_| String::new());
    if let Some(gap) = bad {
        Some(Flaw::Gap(gap.name.clone()))
    } else if let Some((_, position)) = hole {
        Some(Flaw::Gap(position.to_string()))
    } else if left.contains("{{") || left.contains("}}") {
        Some(Flaw::Gap("{{".to_owned()))
    } else {
        None
    }
}
