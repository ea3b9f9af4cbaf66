//! What happens by itself in time: a message is sent, delivered, read or fails; a template is reviewed.

use crate::emulator::hook::after;
use crate::emulator::look::Json;
use crate::emulator::refusal::Refusal;
use crate::emulator::state::{Bubble, LATER_MAX, State};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Something that will happen.
#[derive(Clone, Debug)]
pub struct Later {
    /// When.
    pub due: Timestamp,
    /// Keeps the order of what is due at once.
    pub seq: u64,
    /// What.
    pub what: Happening,
}

/// What can happen by itself.
#[derive(Clone, Debug)]
pub enum Happening {
    /// A message reaches the next state.
    Status(String, &'static str),
    /// A message fails.
    Fails(String, Refusal),
    /// A template is approved.
    Approved(String),
}

impl State {
    /// Lets something happen after a while.
    pub fn plan(&mut self, from: Timestamp, ms: i64, what: Happening) {
        let seq = self.serial();
        self.later.push(Later { due: after(from, ms), seq, what });
        if self.later.len() > LATER_MAX {
            self.later.remove(0);
        }
    }

    /// Lets happen what is due, in order.
    pub fn tick(&mut self) {
        let now = self.now();
        while let Some(at) = self.next_due(now) {
            let later = self.later.remove(at);
            match later.what {
                Happening::Status(id, status) => self.reaches(&id, status, later.due),
                Happening::Fails(id, why) => self.fails(&id, &why, later.due),
                Happening::Approved(id) => self.review(&id),
            }
        }
    }

    fn next_due(&self, now: Timestamp) -> Option<usize> {
        let due = self.later.iter().enumerate().filter(|(_, l)| l.due <= now);
        due.min_by_key(|(_, l)| (l.due, l.seq)).map(|(at, _)| at)
    }

    fn reaches(&mut self, id: &str, status: &'static str, at: Timestamp) {
        let Some(bubble) = self.bubble_mut(id) else { return };
        bubble.status = status.to_owned();
        let bubble = bubble.clone();
        // Of a reaction only `sent` is ever told.
        let reaction = bubble.kind == "reaction";
        let Some(person) = self.person(&bubble.person).cloned() else { return };
        let delays = self.settings.delays;
        match status {
            "sent" if !reaction && person.reachable => {
                self.plan(at, delays.delivered, Happening::Status(id.into(), "delivered"));
            }
            "delivered" if person.reads => self.plan(at, delays.read, Happening::Status(id.into(), "read")),
            _ => {}
        }
        if status != "read" || person.receipts {
            self.tell_status(&bubble, status, at, None);
        }
    }

    fn fails(&mut self, id: &str, why: &Refusal, at: Timestamp) {
        let Some(bubble) = self.bubble_mut(id) else { return };
        bubble.status = "failed".to_owned();
        bubble.error = Some(why.in_webhook());
        let bubble = bubble.clone();
        self.tell_status(&bubble, "failed", at, Some(why));
    }

    fn tell_status(&mut self, bubble: &Bubble, status: &str, at: Timestamp, why: Option<&Refusal>) {
        let mut told = json!({"id": bubble.id, "status": status, "timestamp": at.as_second().to_string()});
        let person = self.person(&bubble.person).cloned();
        let mut contacts = Value::Null;
        match &person {
            Some(person) => {
                let wa_id = self.shown_wa_id(person);
                if let Some(wa_id) = &wa_id {
                    *told.slot("recipient_id") = json!(wa_id);
                }
                *told.slot("recipient_user_id") = json!(person.user_id);
                if why.is_none() {
                    contacts = json!([self.contact(person, status != "sent")]);
                }
            }
            // Nobody has this number: the key is the digits that were dialled.
            None => *told.slot("recipient_id") = json!(bubble.person),
        }
        if let Some(opaque) = &bubble.opaque {
            *told.slot("biz_opaque_callback_data") = json!(opaque);
        }
        let charged = matches!(status, "sent" | "delivered");
        if let Some(pricing) = bubble.pricing.as_ref().filter(|_| charged) {
            *told.slot("pricing") = pricing.clone();
            let free = self.window(&bubble.number, &bubble.person).free_until;
            if pricing.of("type") == "free_entry_point" && status == "sent" {
                let until = free.map(|t| t.as_second().to_string());
                let origin = json!({"type": "referral_conversion"});
                *told.slot("conversation") =
                    json!({"id": format!("conv{}", bubble.person), "expiration_timestamp": until, "origin": origin});
            }
        }
        if let Some(why) = why {
            *told.slot("errors") = json!([why.in_webhook()]);
        }
        let mut parts = json!({"statuses": [told]});
        if !contacts.is_null() {
            *parts.slot("contacts") = contacts;
        }
        self.tell_message(&bubble.number, parts);
    }

    /// An element of `contacts[]` as the business may see it.
    pub fn contact(&self, person: &crate::emulator::state::Person, with_username: bool) -> Value {
        let mut contact = json!({"profile": {"name": person.name}});
        if let Some(username) = person.username.as_ref().filter(|_| with_username) {
            *contact.slot("profile").slot("username") = json!(username);
        }
        if let Some(wa_id) = self.shown_wa_id(person) {
            *contact.slot("wa_id") = json!(wa_id);
        }
        *contact.slot("user_id") = json!(person.user_id);
        contact
    }
}
