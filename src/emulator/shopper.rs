//! The shopper's side: everything a person can do with a phone, as Meta would tell the business.

pub mod say;

#[cfg(test)]
mod tests;

use crate::emulator::hook::Update;
use crate::emulator::look::Json;
use crate::emulator::shopper::say::{Heard, SAID_MAX, Saying};
use crate::emulator::state::{Bubble, PEOPLE_MAX, Person, State};
use crate::emulator::wire;
use serde_json::{Value, json};

/// Why a shopper cannot do that.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unable {
    /// The name is not one of the emulator's.
    #[error("there is no {0}; make it first")]
    Nobody(String),
    /// What the act needs is not there.
    #[error("{0}")]
    Cannot(String),
}

/// A person to be made.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewPerson {
    /// Digits, with or without plus. Without one a username is needed.
    pub phone: Option<String>,
    /// Chosen by themselves.
    pub username: Option<String>,
    /// Chosen by themselves.
    pub name: String,
}

impl State {
    /// Makes somebody with WhatsApp, or finds who has that phone or username. Answers the emulator's name for them.
    pub fn make_person(&mut self, new: &NewPerson) -> Result<String, Unable> {
        let digits = new.phone.as_deref().map(digits).filter(|d| !d.is_empty());
        let known = digits.as_deref().and_then(|d| self.by_phone(d));
        let by_name = || self.people.iter().find(|p| p.username.is_some() && p.username == new.username);
        if let Some(known) = known.or_else(by_name) {
            return Ok(known.key.clone());
        }
        if digits.is_none() && new.username.is_none() {
            return Err(Unable::Cannot("a person needs a phone or a username".into()));
        }
        if self.people.len() >= PEOPLE_MAX {
            return Err(Unable::Cannot(format!("there are {PEOPLE_MAX} people already")));
        }
        let key = format!("p{}", self.people.len() + 1);
        let seed = format!("{}:{key}:{digits:?}:{:?}", self.settings.business_id, new.username);
        self.people.push(Person {
            user_id: user_id(digits.as_deref(), &seed),
            shows_phone: digits.is_some() && new.username.is_none(),
            phone: digits,
            name: new.name.clone(),
            username: new.username.clone(),
            key: key.clone(),
            reads: true,
            receipts: true,
            reachable: true,
            blocks: false,
            stopped: false,
            typing_until: None,
        });
        self.revision += 1;
        Ok(key)
    }

    /// Lets a person do something in the chat with a number. Answers the message's id.
    pub fn says(&mut self, key: &str, number: &str, saying: &Saying) -> Result<String, Unable> {
        let person = self.person(key).cloned().ok_or_else(|| Unable::Nobody(key.into()))?;
        if self.line(number).is_none() {
            return Err(Unable::Nobody(number.into()));
        }
        let heard = self.heard(&person, number, saying)?;
        if heard.body.to_string().len() + heard.more.to_string().len() > SAID_MAX {
            return Err(Unable::Cannot(format!("that is longer than {SAID_MAX} bytes")));
        }
        let id = self.wamid();
        self.remember(&person, number, &id, &heard);
        let blocked = self.line(number).is_some_and(|l| l.blocked.contains(&person.key));
        if !blocked {
            let now = self.now();
            let rate = self.settings.per_second;
            // What comes in uses up throughput too, but is never turned away.
            let _ = self.throttle.number(number, rate, now);
            self.tell_heard(&person, number, &id, heard);
        }
        Ok(id)
    }

    fn remember(&mut self, person: &Person, number: &str, id: &str, heard: &Heard) {
        let now = self.now();
        if heard.opens {
            let window = self.windows.entry((number.to_owned(), person.key.clone())).or_default();
            window.wrote = Some(now);
            if heard.more.get("referral").is_some() {
                window.came_by_ad = Some(now);
            }
        }
        // Whoever writes has the chat open.
        let read: Vec<String> = self
            .bubbles
            .iter()
            .filter(|b| {
                b.ours && b.person == person.key && b.number == number && b.status == "delivered" && !person.reads
            })
            .map(|b| b.id.clone())
            .collect();
        for id in read {
            self.plan(now, 0, crate::emulator::happen::Happening::Status(id, "read"));
        }
        if heard.kind == "system" {
            return;
        }
        self.add(Bubble {
            id: id.to_owned(),
            number: number.to_owned(),
            person: person.key.clone(),
            ours: false,
            at: now,
            kind: heard.kind.clone(),
            body: heard.body.clone(),
            quotes: heard.more.of("context").of("id").as_str().map(str::to_owned),
            status: "received".into(),
            error: None,
            opaque: None,
            pricing: None,
            revoked: false,
        });
    }

    fn tell_heard(&mut self, person: &Person, number: &str, id: &str, heard: Heard) {
        let mut message = json!({});
        if let Some(wa_id) = self.shown_wa_id(person) {
            *message.slot("from") = json!(wa_id);
        }
        *message.slot("from_user_id") = json!(person.user_id);
        *message.slot("id") = json!(id);
        *message.slot("timestamp") = json!(self.now().as_second().to_string());
        *message.slot("type") = json!(heard.kind);
        if !heard.body.is_null() {
            *message.slot(heard.kind.as_str()) = heard.body;
        }
        if let (Some(message), Value::Object(more)) = (message.as_object_mut(), heard.more) {
            message.extend(more);
        }
        let mut parts = json!({});
        if heard.kind != "system" {
            *parts.slot("contacts") = json!([self.contact(person, true)]);
        }
        *parts.slot("messages") = json!([message]);
        self.tell_message(number, parts);
    }

    /// A person stops or resumes marketing, in the app and not in words.
    pub fn prefers(&mut self, key: &str, number: &str, stop: bool) -> Result<(), Unable> {
        let person = self.person_mut(key).ok_or_else(|| Unable::Nobody(key.into()))?;
        person.stopped = stop;
        let person = person.clone();
        let mut preference = json!({
            "user_id": person.user_id,
            "detail": if stop { "User requested to stop marketing messages" } else { "User requested to resume marketing messages" },
            "category": "marketing_messages",
            "value": if stop { "stop" } else { "resume" },
            "timestamp": self.now().as_second(),
        });
        if let Some(wa_id) = self.shown_wa_id(&person) {
            *preference.slot("wa_id") = json!(wa_id);
        }
        let value = json!({
            "messaging_product": "whatsapp",
            "metadata": self.metadata(number),
            "contacts": [self.contact(&person, true)],
            "user_preferences": [preference],
        });
        self.tell(Update { field: "user_preferences".into(), number: Some(number.into()), value });
        Ok(())
    }

    /// A person gets a new business-scoped id, with a new phone if one is given. Tells it in both of Meta's ways.
    pub fn moves(&mut self, key: &str, number: &str, phone: Option<&str>) -> Result<(), Unable> {
        let before = self.person(key).cloned().ok_or_else(|| Unable::Nobody(key.into()))?;
        let new_phone = phone.map(digits).filter(|d| !d.is_empty());
        if new_phone.as_deref().is_some_and(|d| self.by_phone(d).is_some()) {
            return Err(Unable::Cannot("somebody else has that number".into()));
        }
        let seed = format!("{}:{}", before.user_id, self.serial());
        let own = new_phone.clone().or(before.phone.clone());
        let next = user_id(own.as_deref(), &seed);
        let body = if new_phone.is_some() {
            json!({"type": "user_changed_number", "body": "User changed to a new number", "user_id": next,
                "wa_id": own.as_deref().map(|d| self.wa_id(d))})
        } else {
            json!({"type": "user_changed_user_id", "body": "User id changed", "user_id": next})
        };
        let heard = Heard { kind: "system".into(), body, more: json!({}), opens: false };
        let id = self.wamid();
        self.tell_heard(&before, number, &id, heard);
        if let Some(person) = self.person_mut(key) {
            (person.user_id, person.phone) = (next.clone(), own);
        }
        let mut update = json!({
            "detail": "changed",
            "user_id": {"previous": before.user_id, "current": next},
            "timestamp": self.now().as_second().to_string(),
        });
        if let Some(wa_id) = self.person(key).and_then(|p| self.shown_wa_id(p)) {
            *update.slot("wa_id") = json!(wa_id);
        }
        let value =
            json!({"messaging_product": "whatsapp", "metadata": self.metadata(number), "user_id_update": [update]});
        self.tell(Update { field: "user_id_update".into(), number: Some(number.into()), value });
        Ok(())
    }

    /// A person opens the chat: what was delivered is read.
    pub fn opens_chat(&mut self, key: &str, number: &str) {
        let now = self.now();
        let chat = self.bubbles.iter().filter(|b| b.ours && b.person == key && b.number == number);
        let ids: Vec<String> = chat.filter(|b| b.status == "delivered").map(|b| b.id.clone()).collect();
        for id in ids {
            self.plan(now, 0, crate::emulator::happen::Happening::Status(id, "read"));
        }
    }
}

/// Only the digits of a phone number.
pub fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).take(20).collect()
}

/// A business-scoped id: a country and letters that say nothing.
fn user_id(phone: Option<&str>, seed: &str) -> String {
    let countries = [("55", "BR"), ("52", "MX"), ("54", "AR"), ("49", "DE"), ("91", "IN"), ("1", "US")];
    let country = phone.and_then(|p| countries.iter().find(|(code, _)| p.starts_with(code))).map_or("PT", |(_, c)| c);
    let hex: String = wire::hex(&wire::digest(seed.as_bytes())).chars().take(20).collect();
    format!("{country}.{hex}")
}
