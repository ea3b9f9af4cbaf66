//! What a shopper can say or do in a chat, and how Meta writes it down.

use crate::emulator::look::Json;
use crate::emulator::shopper::Unable;
use crate::emulator::state::{Bubble, Person, State};
use crate::emulator::wire;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

/// Bytes of what a shopper says, besides files.
pub const SAID_MAX: usize = 256 * 1024;
/// Bytes of a file a shopper sends.
const FILE_MAX: usize = 16 * 1024 * 1024;

/// Something a shopper says or does.
#[expect(missing_docs, reason = "the names of the fields say it")]
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Saying {
    /// Words, perhaps quoting a message.
    Text {
        body: String,
        #[serde(default)]
        quotes: Option<String>,
    },
    /// A tap on what a message really offers: the id of a reply button or row, or a quick reply's payload.
    Tap { message: String, id: String },
    /// A filled form, or an address.
    Form { message: String, response_json: String },
    /// A file, as base64. `file` is image, video, audio, voice, document or sticker.
    File {
        file: String,
        mime: String,
        base64: String,
        #[serde(default)]
        caption: Option<String>,
        #[serde(default)]
        filename: Option<String>,
    },
    /// A place; `answers` names the message that asked.
    Location {
        latitude: f64,
        longitude: f64,
        #[serde(default)]
        name: Option<String>,
        #[serde(default)]
        address: Option<String>,
        #[serde(default)]
        answers: Option<String>,
    },
    /// A contact. With `answers` it is the shopper's own phone, asked for by that message.
    Contact {
        name: String,
        phone: String,
        #[serde(default)]
        answers: Option<String>,
    },
    /// A cart.
    Order {
        items: Vec<OrderItem>,
        #[serde(default)]
        text: Option<String>,
    },
    /// A question from a product's page.
    AskProduct { sku: String, body: String },
    /// The first words of somebody who came by an ad.
    Ad {
        body: String,
        headline: String,
        #[serde(default)]
        clid: Option<String>,
    },
    /// A reaction; an empty emoji takes it back.
    Reaction { message: String, emoji: String },
    /// New words for an own message (numbers shared with the Business app).
    Edit { message: String, body: String },
    /// Takes an own message back (numbers shared with the Business app).
    Revoke { message: String },
    /// Opens the chat for the first time, without a word.
    Welcome,
    /// Something the API does not carry, like a poll.
    Unsupported { what: String },
    /// A file that could not be fetched.
    BrokenFile { file: String },
    /// Anything else: a type, its object and what stands beside it, as they are.
    Raw {
        name: String,
        object: Value,
        #[serde(default)]
        more: Option<Value>,
    },
}

/// A line of a cart.
#[derive(Clone, Debug, Deserialize, serde::Serialize)]
pub struct OrderItem {
    /// The product.
    pub sku: String,
    /// How many.
    pub quantity: u32,
    /// What the client believes one costs, in major units; the catalogue's price if left out.
    #[serde(default)]
    pub price: Option<f64>,
    /// ISO 4217; the catalogue's if left out.
    #[serde(default)]
    pub currency: Option<String>,
}

/// A saying as it stands in a webhook.
#[derive(Clone, Debug)]
pub struct Heard {
    /// `type`
    pub kind: String,
    /// The object of that name.
    pub body: Value,
    /// What stands beside it: context, referral, errors.
    pub more: Value,
    /// It opens the service window.
    pub opens: bool,
}

impl Heard {
    fn new(kind: &str, body: Value) -> Self {
        Self { kind: kind.to_owned(), body, more: json!({}), opens: true }
    }

    fn with(mut self, key: &str, value: Value) -> Self {
        *self.more.slot(key) = value;
        self
    }
}

impl Saying {
    /// Words.
    pub fn text(body: impl Into<String>) -> Self {
        Self::Text { body: body.into(), quotes: None }
    }

    /// A file of real bytes.
    pub fn file(file: &str, mime: &str, bytes: &[u8]) -> Self {
        let base64 = STANDARD.encode(bytes);
        Self::File { file: file.into(), mime: mime.into(), base64, caption: None, filename: None }
    }
}

impl State {
    /// How Meta writes down what a person says.
    pub fn heard(&mut self, person: &Person, number: &str, saying: &Saying) -> Result<Heard, Unable> {
        Ok(match saying {
            Saying::Text { body, quotes } => {
                let heard = Heard::new("text", json!({"body": body}));
                match quotes {
                    Some(id) => heard.with("context", self.context(person, number, id)?),
                    None => heard,
                }
            }
            Saying::Tap { message, id } => self.tap(person, number, message, id)?,
            Saying::Form { message, response_json } => {
                let context = self.context(person, number, message)?;
                let reply = json!({"name": "flow", "body": "Sent", "response_json": response_json});
                Heard::new("interactive", json!({"type": "nfm_reply", "nfm_reply": reply})).with("context", context)
            }
            Saying::File { file, mime, base64, caption, filename } => {
                self.file(number, file, mime, base64, caption.as_deref(), filename.as_deref())?
            }
            Saying::Location { latitude, longitude, name, address, answers } => {
                let mut place = json!({"latitude": latitude, "longitude": longitude});
                for (key, value) in [("name", name), ("address", address)] {
                    if let Some(value) = value {
                        *place.slot(key) = json!(value);
                    }
                }
                self.answering(Heard::new("location", place), person, number, answers.as_deref())?
            }
            Saying::Contact { name, phone, answers } => self.card(person, number, name, phone, answers.as_deref())?,
            Saying::Order { items, text } => self.cart(items, text.as_deref()),
            Saying::AskProduct { sku, body } => {
                let from = self.line(number).map(|l| l.number.phone.clone());
                let product = json!({"catalog_id": self.settings.catalog_id, "product_retailer_id": sku});
                let context = json!({"from": from, "id": self.wamid(), "referred_product": product});
                Heard::new("text", json!({"body": body})).with("context", context)
            }
            Saying::Ad { body, headline, clid } => {
                let mut referral = json!({
                    "source_url": "https://fb.example/ad", "source_id": "9001", "source_type": "ad", "headline": headline,
                    "body": body, "media_type": "image", "image_url": "https://img.example/ad.jpg",
                });
                if let Some(clid) = clid {
                    *referral.slot("ctwa_clid") = json!(clid);
                }
                Heard::new("text", json!({"body": body})).with("referral", referral)
            }
            Saying::Reaction { message, emoji } => {
                self.mine(person, number, message)?;
                let mut reaction = json!({"message_id": message});
                // A reaction that is taken back comes without emoji.
                if !emoji.is_empty() {
                    *reaction.slot("emoji") = json!(emoji);
                }
                Heard::new("reaction", reaction)
            }
            Saying::Edit { message, body } => {
                self.own_shared(person, number, message)?;
                if let Some(bubble) = self.bubble_mut(message) {
                    bubble.body = json!({"body": body});
                }
                let new = json!({"type": "text", "text": {"body": body}});
                let edit = json!({"original_message_id": message, "message": new});
                Heard { opens: false, ..Heard::new("edit", edit) }
            }
            Saying::Revoke { message } => {
                self.own_shared(person, number, message)?;
                if let Some(bubble) = self.bubble_mut(message) {
                    bubble.revoked = true;
                }
                Heard { opens: false, ..Heard::new("revoke", json!({"original_message_id": message})) }
            }
            Saying::Welcome => Heard::new("request_welcome", Value::Null),
            Saying::Unsupported { what } => {
                let title = "Message type unknown";
                let details = json!({"details": "Message type is currently not supported."});
                let error = json!({"code": 131051, "title": title, "message": title, "error_data": details});
                Heard::new("unsupported", json!({"type": what})).with("errors", json!([error]))
            }
            Saying::BrokenFile { file } => {
                let title = "Media download error";
                let error = json!({"code": 131052, "title": title, "message": title,
                    "error_data": {"details": "The file could not be fetched."}});
                Heard::new(file, Value::Null).with("errors", json!([error]))
            }
            Saying::Raw { name, object, more } => {
                let more = more.clone().filter(Value::is_object).unwrap_or_else(|| json!({}));
                Heard { more, ..Heard::new(name, object.clone()) }
            }
        })
    }

    /// A message of the chat.
    fn mine(&self, person: &Person, number: &str, id: &str) -> Result<&Bubble, Unable> {
        let found = self.bubble(id).filter(|b| b.person == person.key && b.number == number);
        found.ok_or_else(|| Unable::Cannot(format!("{id} is no message of this chat")))
    }

    fn own_shared(&self, person: &Person, number: &str, id: &str) -> Result<(), Unable> {
        let shared = self.line(number).is_some_and(|l| l.number.coexistence);
        if !shared {
            return Err(Unable::Cannot(
                "edits and deletions are told only of numbers shared with the Business app".into(),
            ));
        }
        match self.mine(person, number, id)?.ours {
            true => Err(Unable::Cannot("only an own message can be changed".into())),
            false => Ok(()),
        }
    }

    fn context(&self, person: &Person, number: &str, id: &str) -> Result<Value, Unable> {
        let bubble = self.mine(person, number, id)?;
        let from =
            if bubble.ours { self.line(number).map(|l| l.number.phone.clone()) } else { self.shown_wa_id(person) };
        let mut context = json!({"id": id});
        if let Some(from) = from {
            *context.slot("from") = json!(from);
        }
        Ok(context)
    }

    fn answering(&self, heard: Heard, person: &Person, number: &str, id: Option<&str>) -> Result<Heard, Unable> {
        match id {
            Some(id) => Ok(heard.with("context", self.context(person, number, id)?)),
            None => Ok(heard),
        }
    }

    fn tap(&self, person: &Person, number: &str, message: &str, id: &str) -> Result<Heard, Unable> {
        let bubble = self.mine(person, number, message)?;
        if !bubble.ours || !matches!(bubble.status.as_str(), "delivered" | "read") {
            return Err(Unable::Cannot(format!("{message} has not arrived")));
        }
        let context = self.context(person, number, message)?;
        let action = bubble.body.of("action");
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let reply = list(action.of("buttons")).into_iter().map(|b| b.of("reply").clone()).find(|r| r.of("id") == id);
        if let Some(reply) = reply {
            let body = json!({"type": "button_reply", "button_reply": reply});
            return Ok(Heard::new("interactive", body).with("context", context));
        }
        let rows = list(action.of("sections")).into_iter().flat_map(|s| list(s.of("rows")));
        if let Some(row) = rows.into_iter().find(|r| r.of("id") == id) {
            let body = json!({"type": "list_reply", "list_reply": row});
            return Ok(Heard::new("interactive", body).with("context", context));
        }
        let quick = list(bubble.body.of("shown").of("buttons"));
        if let Some(button) = quick.into_iter().find(|b| b.of("type") == "quick_reply" && b.of("payload") == id) {
            let body = json!({"text": button.of("text"), "payload": button.of("payload")});
            return Ok(Heard::new("button", body).with("context", context));
        }
        let cards = list(action.of("cards")).into_iter().flat_map(|c| list(c.of("action").of("buttons")));
        if let Some(reply) = cards.into_iter().map(|b| b.of("quick_reply").clone()).find(|r| r.of("id") == id) {
            let body = json!({"type": "button_reply", "button_reply": reply});
            return Ok(Heard::new("interactive", body).with("context", context));
        }
        Err(Unable::Cannot(format!("{message} offers no {id}")))
    }

    fn file(
        &mut self,
        number: &str,
        file: &str,
        mime: &str,
        base64: &str,
        caption: Option<&str>,
        filename: Option<&str>,
    ) -> Result<Heard, Unable> {
        let (kind, voice) = if file == "voice" { ("audio", true) } else { (file, false) };
        if !["image", "video", "audio", "document", "sticker"].contains(&kind) {
            return Err(Unable::Cannot(format!("{file} is no kind of file")));
        }
        let bytes = STANDARD.decode(base64).map_err(|_| Unable::Cannot("the bytes are not base64".into()))?;
        if bytes.is_empty() || bytes.len() > FILE_MAX {
            return Err(Unable::Cannot(format!("a file has 1 to {FILE_MAX} bytes")));
        }
        let sha256 = STANDARD.encode(wire::digest(&bytes));
        let id = self.keep_inbound(number, mime, bytes.into());
        let url = self.address(&id);
        let mut body = json!({"mime_type": mime, "sha256": sha256, "id": id, "url": url});
        if kind == "audio" {
            *body.slot("voice") = json!(voice);
        }
        if kind == "sticker" {
            *body.slot("animated") = json!(false);
        }
        for (key, value) in [("caption", caption), ("filename", filename)] {
            if let Some(value) = value.filter(|_| kind != "audio" && kind != "sticker") {
                *body.slot(key) = json!(value);
            }
        }
        Ok(Heard::new(kind, body))
    }

    fn card(&self, person: &Person, number: &str, name: &str, phone: &str, id: Option<&str>) -> Result<Heard, Unable> {
        let digits = super::digits(phone);
        let mut contact = json!({
            "name": {"formatted_name": name, "first_name": name},
            "phones": [{"phone": format!("+{digits}"), "wa_id": self.wa_id(&digits), "type": "CELL"}],
        });
        *contact.slot("origin") = json!(if id.is_some() { "contact_request" } else { "other" });
        self.answering(Heard::new("contacts", json!([contact])), person, number, id)
    }

    fn cart(&self, items: &[OrderItem], text: Option<&str>) -> Heard {
        let line = |item: &OrderItem| {
            let known = self.settings.catalogue.iter().find(|i| i.sku == item.sku);
            let price = item.price.or_else(|| known.and_then(|k| k.price.parse().ok())).unwrap_or(0.0);
            let currency = item.currency.clone().or_else(|| known.map(|k| k.currency.clone()));
            json!({
                "product_retailer_id": item.sku,
                "quantity": item.quantity,
                "item_price": price,
                "currency": currency.unwrap_or_else(|| "BRL".into()),
            })
        };
        let lines: Vec<Value> = items.iter().map(line).collect();
        let mut order = json!({"catalog_id": self.settings.catalog_id, "product_items": lines});
        if let Some(text) = text.filter(|t| !t.is_empty()) {
            *order.slot("text") = json!(text);
        }
        Heard::new("order", order)
    }
}
