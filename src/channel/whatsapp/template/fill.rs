//! A form with its gaps filled, as a message.
//!
//! Values are found by the names of the gaps. What stands outside the words has names of its own: `header` (the gap of the
//! header, or the address of its picture, film or file; `header_name` is the file's name), `url` (what a page's address
//! ends in; `url_2` of a second one), `payload` (what a quick reply brings back; `payload_2`…).

use crate::channel::whatsapp::limits::{BODY_MAX, HEADER_MAX, PAYLOAD_MAX, URL_MAX, breaks_a_line, is_blank, units};
use crate::channel::whatsapp::render::fit::clean;
use crate::channel::whatsapp::render::{Bubble, is_public};
use crate::channel::whatsapp::template::gaps::{filled, gaps};
use crate::channel::whatsapp::template::{Approved, ButtonShape, Error, HeaderShape};
use crate::domain::template::{Category, Template};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Units of a form's words when they are all it has; forms with more keep to [`BODY_MAX`].
const BODY_ALONE_MAX: usize = 32_768;

/// A form with its gaps filled. Every gap needs a value and every value a gap.
pub fn fill(wanted: &Template, approved: &Approved) -> Result<Bubble, Error> {
    approved.may_leave()?;
    if let Some(part) = approved.others.first() {
        return Err(Error::Unknown { template: approved.name.clone(), part: part.clone() });
    }
    let mut filling = Filling { wanted, approved, used: BTreeSet::new() };
    let mut components = Vec::new();
    components.extend(filling.header()?);
    components.extend(filling.body()?);
    components.extend(filling.buttons()?);
    filling.nothing_left()?;
    let mut template = json!({ "name": approved.name, "language": { "code": approved.language } });
    if let (false, Some(template)) = (components.is_empty(), template.as_object_mut()) {
        template.insert("components".to_owned(), components.into());
    }
    let category = approved.category.unwrap_or(wanted.category);
    let doubles = matches!(category, Category::Utility | Category::Service);
    Ok(Bubble { category, doubles, ..Bubble::of("template", template) })
}

struct Filling<'a> {
    wanted: &'a Template,
    approved: &'a Approved,
    used: BTreeSet<&'a str>,
}

impl<'a> Filling<'a> {
    fn template(&self) -> String {
        self.approved.name.clone()
    }

    fn value(&mut self, gap: &str) -> Result<String, Error> {
        let Some((name, value)) = self.wanted.values.get_key_value(gap) else {
            return Err(Error::Lacks { template: self.template(), gap: gap.to_owned() });
        };
        self.used.insert(name);
        // The network takes no value that breaks a line, and one that was bent to fit would say something else.
        if is_blank(value) || breaks_a_line(value) {
            return Err(Error::Unfit { template: self.template(), gap: gap.to_owned() });
        }
        Ok(clean(value))
    }

    fn long(&self, part: &'static str, text: &str, max: usize) -> Result<(), Error> {
        let found = units(text);
        if found > max { Err(Error::Long { template: self.template(), part, found, max }) } else { Ok(()) }
    }

    /// The values of a text's gaps, each once and by its name if it has one, and the text with them in it.
    fn text(&mut self, text: &str, rename: Option<&str>) -> Result<(Vec<Value>, String), Error> {
        let (mut parameters, mut seen) = (Vec::new(), Vec::new());
        for gap in gaps(text) {
            if seen.iter().any(|(name, _)| *name == gap.name) {
                continue;
            }
            let value = match rename {
                Some(other) if !self.wanted.values.contains_key(&gap.name) || is_position(&gap.name) => {
                    self.value(other)?
                }
                _ => self.value(&gap.name)?,
            };
            seen.push((gap.name, value));
        }
        // Positions are told by their order alone.
        seen.sort_by_key(|(name, _)| name.parse::<u32>().unwrap_or(u32::MAX));
        for (name, value) in &seen {
            parameters.push(if is_position(name) {
                json!({ "type": "text", "text": value })
            } else {
                json!({ "type": "text", "parameter_name": name, "text": value })
            });
        }
        let whole = filled(text, |gap| {
            seen.iter().find(|(name, _)| name == gap).map(|(_, value)| value.clone()).unwrap_or_default()
        });
        Ok((parameters, whole))
    }

    fn header(&mut self) -> Result<Option<Value>, Error> {
        let kind = match &self.approved.header {
            HeaderShape::None => return Ok(None),
            HeaderShape::Text(text) => {
                let (parameters, whole) = self.text(text, Some("header"))?;
                self.long("header", &whole, HEADER_MAX)?;
                let header = json!({ "type": "header", "parameters": parameters });
                return Ok(Some(header).filter(|_| !parameters.is_empty()));
            }
            HeaderShape::Image => "image",
            HeaderShape::Video => "video",
            HeaderShape::Document => "document",
            HeaderShape::Other(kind) => {
                let part = format!("a header of kind {kind}");
                return Err(Error::Unknown { template: self.template(), part });
            }
        };
        let link = self.value("header")?;
        if !is_public(&link) {
            return Err(Error::Unfit { template: self.template(), gap: "header".to_owned() });
        }
        let mut object = json!({ "link": link });
        if kind == "document"
            && self.wanted.values.contains_key("header_name")
            && let Some(object) = object.as_object_mut()
        {
            object.insert("filename".to_owned(), self.value("header_name")?.into());
        }
        let mut parameter = serde_json::Map::new();
        parameter.insert("type".to_owned(), kind.into());
        parameter.insert(kind.to_owned(), object);
        Ok(Some(json!({ "type": "header", "parameters": [parameter] })))
    }

    fn body(&mut self) -> Result<Option<Value>, Error> {
        let approved = self.approved;
        let (parameters, whole) = self.text(&approved.body, None)?;
        let alone = approved.header == HeaderShape::None && approved.buttons.is_empty();
        self.long("body", &whole, if alone { BODY_ALONE_MAX } else { BODY_MAX })?;
        Ok((!parameters.is_empty()).then(|| json!({ "type": "body", "parameters": parameters })))
    }

    fn buttons(&mut self) -> Result<Vec<Value>, Error> {
        let (mut components, mut urls, mut payloads) = (Vec::new(), 0, 0);
        for (index, button) in self.approved.buttons.iter().enumerate() {
            let (kind, parameter) = match button {
                ButtonShape::Url { url, .. } => {
                    if gaps(url).is_empty() {
                        continue;
                    }
                    urls += 1;
                    let suffix = self.value(&numbered("url", urls))?;
                    self.long("page's address", &filled(url, |_| suffix.clone()), URL_MAX)?;
                    ("url", json!({ "type": "text", "text": suffix }))
                }
                ButtonShape::QuickReply { .. } => {
                    payloads += 1;
                    let name = numbered("payload", payloads);
                    // Without one the network brings back what stands on the button.
                    if !self.wanted.values.contains_key(&name) {
                        continue;
                    }
                    let payload = self.value(&name)?;
                    self.long("payload", &payload, PAYLOAD_MAX)?;
                    ("quick_reply", json!({ "type": "payload", "payload": payload }))
                }
                ButtonShape::Fixed { .. } => continue,
                ButtonShape::Other { kind } => {
                    let part = format!("a button of kind {kind}");
                    return Err(Error::Unknown { template: self.template(), part });
                }
            };
            let index = index.to_string();
            components.push(json!({ "type": "button", "sub_type": kind, "index": index, "parameters": [parameter] }));
        }
        Ok(components)
    }

    fn nothing_left(&self) -> Result<(), Error> {
        match self.wanted.values.keys().find(|name| !self.used.contains(name.as_str())) {
            Some(gap) => Err(Error::Surplus { template: self.template(), gap: gap.clone() }),
            None => Ok(()),
        }
    }
}

/// `url`, `url_2`, `url_3`.
fn numbered(name: &str, number: u32) -> String {
    if number == 1 { name.to_owned() } else { format!("{name}_{number}") }
}

fn is_position(gap: &str) -> bool {
    !gap.is_empty() && gap.bytes().all(|b| b.is_ascii_digit())
}
