//! A message of the business: from the call to its fate.

use crate::emulator::check::{self, Fit};
use crate::emulator::happen::Happening;
use crate::emulator::look::{Checked, Json, Part};
use crate::emulator::refusal::Refusal;
use crate::emulator::state::{Bubble, FREE_ENTRY_HOURS, State, WINDOW_HOURS};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Days a message can be quoted, marked as read or reacted to.
const OLD_DAYS: i64 = 30;
/// Seconds a typing sign is shown.
const TYPING_SECONDS: i64 = 25;

/// Who a message goes to.
struct To {
    input: String,
    /// The emulator's own name for them, or the digits that were dialled in vain.
    key: String,
    wa_id: Option<String>,
    user_id: Option<String>,
    /// Addressed by the business-scoped id only.
    scoped: bool,
}

impl State {
    /// `POST /{number}/messages`.
    pub fn send(&mut self, number: &str, body: &Value) -> Checked<Value> {
        let line = self.line(number).ok_or_else(|| Refusal::new(33, format!("Object {number} does not exist.")))?;
        if !line.registered {
            return Err(Refusal::new(133010, "The number is not registered."));
        }
        if body.of("status").is_string() {
            return self.mark_read(number, body);
        }
        if let Some(code) = self.mischief.refuse.take() {
            return Err(Refusal::new(code, "The emulator was told to refuse this call."));
        }
        if !self.throttle.number(number, self.settings.per_second, self.now()) {
            return Err(Refusal::new(130429, "Message failed to send because there were too many messages."));
        }
        let mut fit = check::message(self, number, body)?;
        let to = self.recipient(number, body)?;
        self.refused_at_once(number, &to, &fit)?;
        let now = self.now();
        if !self.throttle.pair(number, &to.key, self.settings.pair, now) {
            return Err(Refusal::new(131056, "Too many messages from this number to the same recipient."));
        }
        let fails = self.fate(number, &to, &mut fit);
        if fails.as_ref().is_some_and(|why| why.code == 131047) && !self.settings.late_window {
            return Err(fails.unwrap_or_else(|| Refusal::new(131047, "")));
        }
        let id = self.accept(number, &to, &fit, fails);
        let mut contact = json!({"input": to.input});
        for (key, value) in [("wa_id", &to.wa_id), ("user_id", &to.user_id)] {
            if let Some(value) = value {
                *contact.slot(key) = json!(value);
            }
        }
        let mut message = json!({"id": id});
        if fit.kind == "template" {
            *message.slot("message_status") = json!("accepted");
        }
        Ok(json!({"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]}))
    }

    fn recipient(&self, number: &str, body: &Value) -> Checked<To> {
        let root = Part::root(body);
        if let Some(input) = root.maybe("to", 60)? {
            return self.by_input(number, input);
        }
        let Some(user_id) = root.maybe("recipient", 200)? else { return Err(Refusal::missing("to")) };
        let scoped = user_id.split_once('.').is_some_and(|(country, rest)| {
            country.len() == 2
                && country.chars().all(|c| c.is_ascii_uppercase())
                && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
                && !rest.is_empty()
        });
        if !scoped {
            return Err(Refusal::param("recipient must be a business-scoped user id."));
        }
        let person = self.people.iter().find(|p| p.user_id == user_id);
        let wa_id = person.and_then(|p| self.shown_wa_id(p));
        let key = person.map_or(user_id.to_owned(), |p| p.key.clone());
        Ok(To { input: user_id.into(), key, wa_id, user_id: Some(user_id.into()), scoped: true })
    }

    /// Without a plus Meta puts the country code of the business in front.
    fn by_input(&self, number: &str, input: &str) -> Checked<To> {
        let digits: String = input.chars().filter(char::is_ascii_digit).collect();
        let strange = input.chars().any(|c| !c.is_ascii_digit() && !"+-(). ".contains(c));
        if strange || digits.len() < 5 || digits.len() > 20 {
            return Err(Refusal::param("to must be a phone number."));
        }
        let code = self.line(number).map_or("", |l| l.number.country_code.as_str());
        let digits = if input.trim_start().starts_with('+') { digits } else { format!("{code}{digits}") };
        let person = self.by_phone(&digits);
        Ok(To {
            input: input.into(),
            key: person.map_or(digits.clone(), |p| p.key.clone()),
            wa_id: Some(self.wa_id(&digits)),
            user_id: person.map(|p| p.user_id.clone()),
            scoped: false,
        })
    }

    fn refused_at_once(&self, number: &str, to: &To, fit: &Fit) -> Checked<()> {
        let own = self.line(number).map(|l| self.wa_id(&l.number.phone));
        if to.wa_id.is_some() && to.wa_id == own {
            return Err(Refusal::new(131021, "Sender and recipient phone number is the same."));
        }
        if let Some(allowed) = &self.settings.allow_list {
            let listed = to.wa_id.as_ref().is_some_and(|wa_id| allowed.iter().any(|a| self.wa_id(a) == *wa_id));
            if !listed {
                return Err(Refusal::new(131030, "The recipient is not on the allow list of this test number."));
            }
        }
        if to.scoped && fit.category.as_deref() == Some("authentication") {
            return Err(Refusal::new(131062, "Authentication templates need a phone number."));
        }
        Ok(())
    }

    /// How an accepted message will fail, if it will.
    fn fate(&mut self, number: &str, to: &To, fit: &mut Fit) -> Option<Refusal> {
        if let Some(code) = self.mischief.fail.take() {
            return Some(Refusal::new(code, "The emulator was told to let this message fail."));
        }
        let Some(person) = self.person(&to.key) else {
            return Some(Refusal::new(131026, "The recipient is not on WhatsApp."));
        };
        if person.blocks {
            return Some(Refusal::new(131026, "The message cannot be delivered."));
        }
        if fit.category.as_deref() == Some("marketing") {
            if person.stopped {
                return Some(Refusal::new(131050, "The user has stopped marketing messages of this business."));
            }
            let american = to.wa_id.as_deref().is_some_and(|w| w.starts_with('1') && w.len() == 11);
            if self.mischief.marketing_cap || american {
                return Some(Refusal::new(131049, "Not delivered, to keep engagement healthy."));
            }
        }
        if fit.category.is_none() && !self.window_open(number, &to.key) {
            let details = format!("More than {WINDOW_HOURS} hours have passed since the customer last wrote.");
            return Some(Refusal::new(131047, details));
        }
        if fit.kind == "reaction" {
            return self.reaction_fails(number, &to.key, fit);
        }
        fit.fails.take()
    }

    fn reaction_fails(&self, number: &str, person: &str, fit: &Fit) -> Option<Refusal> {
        let why = |details: &str| Some(Refusal::value(format!("reaction.message_id: {details}")));
        let target = fit.body.of("message_id").as_str().and_then(|id| self.bubble(id));
        let Some(target) = target.filter(|b| b.person == person && b.number == number) else {
            return why("this chat has no such message.");
        };
        if target.ours || target.kind == "reaction" {
            return why("only a message of the user takes a reaction.");
        }
        let old = self.now().duration_since(target.at) > SignedDuration::from_hours(OLD_DAYS * 24);
        if old { why("the message is older than 30 days.") } else { None }
    }

    fn accept(&mut self, number: &str, to: &To, fit: &Fit, fails: Option<Refusal>) -> String {
        let (id, now) = (self.wamid(), self.now());
        let pricing = if fails.is_none() && fit.kind != "reaction" {
            self.open_free_entry(number, &to.key);
            Some(self.pricing(number, &to.key, fit.category.as_deref()))
        } else {
            None
        };
        // A quote that is gone shows as no quote, and neither does a template's.
        let young = |b: &&Bubble| now.duration_since(b.at) < SignedDuration::from_hours(OLD_DAYS * 24);
        let quoted = fit.quotes.as_deref().filter(|_| fit.kind != "template").and_then(|id| self.bubble(id));
        let quotes = quoted.filter(young).map(|b| b.id.clone());
        self.add(Bubble {
            id: id.clone(),
            number: number.to_owned(),
            person: to.key.clone(),
            ours: true,
            at: now,
            kind: fit.kind.clone(),
            body: fit.body.clone(),
            quotes,
            status: "accepted".into(),
            error: None,
            opaque: fit.opaque.clone(),
            pricing,
            revoked: false,
        });
        if let Some(person) = self.person_mut(&to.key) {
            person.typing_until = None;
        }
        let happens = match fails {
            Some(why) => Happening::Fails(id.clone(), why),
            None => Happening::Status(id.clone(), "sent"),
        };
        self.plan(now, self.settings.delays.sent, happens);
        id
    }

    /// An answer within 24 h to somebody who came by an ad makes everything free for a while.
    fn open_free_entry(&mut self, number: &str, person: &str) {
        let now = self.now();
        let day = SignedDuration::from_hours(WINDOW_HOURS);
        let Some(window) = self.windows.get_mut(&(number.to_owned(), person.to_owned())) else { return };
        if window.came_by_ad.take().is_some_and(|came| now.duration_since(came) < day) {
            window.free_until = now.checked_add(SignedDuration::from_hours(FREE_ENTRY_HOURS)).ok();
        }
    }

    /// Marks a message of the shopper and those before it as read, and shows a typing sign if asked.
    fn mark_read(&mut self, number: &str, body: &Value) -> Checked<Value> {
        let root = Part::root(body);
        root.only(&["messaging_product", "status", "message_id", "typing_indicator"])?;
        if root.text("messaging_product", 20)? != "whatsapp" || root.text("status", 20)? != "read" {
            return Err(Refusal::param("messaging_product must be whatsapp and status must be read."));
        }
        let id = root.text("message_id", 500)?;
        let types = root.at("typing_indicator").is_there();
        if types && root.object("typing_indicator")?.text("type", 20)? != "text" {
            return Err(Refusal::value("typing_indicator.type must be text."));
        }
        let now = self.now();
        let young = |b: &&Bubble| now.duration_since(b.at) < SignedDuration::from_hours(OLD_DAYS * 24);
        let target = self.bubble(id).filter(|b| !b.ours && b.number == number).filter(young);
        let target =
            target.ok_or_else(|| Refusal::param("message_id is no message of a user to this number."))?.clone();
        let chat = self.bubbles.iter_mut().filter(|b| !b.ours && b.person == target.person && b.number == number);
        chat.filter(|b| b.at <= target.at).for_each(|b| b.status = "read".into());
        if let Some(person) = self.person_mut(&target.person).filter(|_| types) {
            person.typing_until = now.checked_add(SignedDuration::from_secs(TYPING_SECONDS)).ok();
        }
        self.revision += 1;
        Ok(json!({"success": true}))
    }
}
