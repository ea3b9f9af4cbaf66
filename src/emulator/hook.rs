//! Webhooks: where they go, how updates are put into an envelope, and which are due.

use crate::emulator::look::Json;
use crate::emulator::settings::Settings;
use crate::emulator::state::State;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Webhooks that may wait; the oldest are dropped.
pub const QUEUE_MAX: usize = 10_000;
/// Updates in one POST at most, as Meta's page says.
pub const BATCH_MAX: usize = 1_000;
/// Days a webhook is tried again.
const RETRY_DAYS: i64 = 7;
/// The longest pause between two tries, in seconds.
const RETRY_PAUSE_MAX: i64 = 3_600;

/// Where webhooks go.
#[derive(Clone, Debug, Default)]
pub struct Hooks {
    /// The app's own callback.
    pub app: Option<String>,
    /// Fields the app asked for; empty: all.
    pub fields: Vec<String>,
    /// The app is subscribed to the account.
    pub subscribed: bool,
    /// The account's override.
    pub waba: Option<String>,
    /// The numbers' overrides.
    pub numbers: BTreeMap<String, String>,
}

/// One thing to tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Update {
    /// `messages`, `account_update`…
    pub field: String,
    /// The number it is about.
    pub number: Option<String>,
    /// The whole value.
    pub value: Value,
}

/// An update on its way.
#[derive(Clone, Debug)]
pub struct Pending {
    /// What to tell.
    pub update: Update,
    /// When to try.
    pub due: Timestamp,
    /// Keeps the order of what is due at once.
    pub seq: u64,
    /// How often it was tried.
    pub tries: u32,
    /// When it was tried first.
    pub since: Timestamp,
}

impl Hooks {
    /// As the settings say.
    pub fn new(settings: &Settings) -> Self {
        Self { app: settings.callback_url.clone(), subscribed: settings.subscribed, ..Self::default() }
    }

    /// Where an update goes: the number's own address, then the account's, then the app's. Only `messages` follows an
    /// override.
    pub fn target(&self, update: &Update) -> Option<&str> {
        let asked = self.fields.is_empty() || self.fields.contains(&update.field);
        if !self.subscribed || !asked {
            return None;
        }
        let own = update.number.as_ref().and_then(|n| self.numbers.get(n)).or(self.waba.as_ref());
        own.filter(|_| update.field == "messages").or(self.app.as_ref()).map(String::as_str)
    }
}

impl State {
    /// Puts an update on its way, if anybody wants it.
    pub fn tell(&mut self, update: Update) {
        self.revision += 1;
        if self.hooks.target(&update).is_none() {
            return;
        }
        let (now, seq) = (self.now(), self.serial());
        let due = after(now, self.mischief.delay_ms);
        self.queue.push(Pending { update, due, seq, tries: 0, since: now });
        if self.queue.len() > QUEUE_MAX {
            self.queue.remove(0);
        }
    }

    /// Tells something in the value of field `messages`.
    pub fn tell_message(&mut self, number: &str, parts: Value) {
        let mut value = json!({"messaging_product": "whatsapp", "metadata": self.metadata(number)});
        if let (Some(value), Value::Object(parts)) = (value.as_object_mut(), parts) {
            value.extend(parts);
        }
        self.tell(Update { field: "messages".into(), number: Some(number.to_owned()), value });
    }

    /// `metadata` of a number.
    pub fn metadata(&self, number: &str) -> Value {
        let phone = self.line(number).map_or("", |l| l.number.phone.as_str());
        json!({"display_phone_number": phone, "phone_number_id": number})
    }

    /// Takes what shares the next POST, and where it goes; only what was told before `upto`. `None`: nothing is due.
    pub fn take_due(&mut self, upto: u64) -> Option<(String, Vec<Pending>)> {
        let now = self.now();
        let (mut due, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.queue).into_iter().partition(|p| p.due <= now && p.seq <= upto);
        self.queue = rest;
        due.sort_by_key(|pending| (pending.due, pending.seq));
        if self.mischief.reorder {
            self.dice.shuffle(&mut due);
        }
        let most = self.mischief.batch.clamp(1, BATCH_MAX);
        let mut taken: Option<(String, Vec<Pending>)> = None;
        for pending in due {
            let Some(target) = self.hooks.target(&pending.update).map(str::to_owned) else { continue };
            match &mut taken {
                None => taken = Some((target, vec![pending])),
                Some((same, batch)) if *same == target && batch.len() < most => batch.push(pending),
                Some(_) => self.queue.push(pending),
            }
        }
        taken
    }

    /// Puts back what was not taken with 200: later each time, and not for ever.
    pub fn try_again(&mut self, batch: Vec<Pending>) {
        let now = self.now();
        let first = i64::try_from(self.settings.retry_first.as_millis()).unwrap_or(i64::MAX);
        for mut pending in batch {
            if now.duration_since(pending.since) > SignedDuration::from_hours(RETRY_DAYS * 24) {
                continue;
            }
            let pause = first.saturating_mul(1_i64 << pending.tries.min(20)).min(RETRY_PAUSE_MAX * 1_000);
            pending.tries += 1;
            pending.due = after(now, pause);
            self.queue.push(pending);
        }
    }

    /// The body of a POST. Updates that share it are spread over messages, changes and entries by chance.
    pub fn envelope(&mut self, batch: &[Pending]) -> Value {
        let mut entries: Vec<Value> = Vec::new();
        for pending in batch {
            let update = &pending.update;
            let place = if batch.len() > 1 { self.dice.below(3) } else { 0 };
            let open = entries.last_mut().filter(|_| place > 0).and_then(|e| e.slot("changes").as_array_mut());
            let change = json!({"value": update.value, "field": update.field});
            match open {
                Some(changes) if place == 1 => changes.push(change),
                Some(changes) => {
                    let joined = changes.last_mut().is_some_and(|last| join(last, &change));
                    if !joined {
                        changes.push(change);
                    }
                }
                None => entries.push(self.entry(update, change)),
            }
        }
        json!({"object": "whatsapp_business_account", "entry": entries})
    }

    fn entry(&self, update: &Update, change: Value) -> Value {
        let mut entry = json!({"id": self.settings.waba_id});
        if update.field != "messages" {
            *entry.slot("time") = self.now().as_second().into();
        }
        *entry.slot("changes") = json!([change]);
        entry
    }
}

/// Adds a change's messages or statuses to another's, when both are of the same number.
fn join(to: &mut Value, from: &Value) -> bool {
    let same = to.of("field") == "messages" && from.of("field") == "messages";
    if !same || to.of("value").of("metadata") != from.of("value").of("metadata") {
        return false;
    }
    for list in ["contacts", "messages", "statuses", "errors"] {
        let Some(more) = from.of("value").of(list).as_array() else { continue };
        match to.slot("value").slot(list).as_array_mut() {
            Some(have) => {
                let fresh: Vec<Value> = more.iter().filter(|m| !have.contains(m)).cloned().collect();
                have.extend(fresh);
            }
            None => *to.slot("value").slot(list) = json!(more),
        }
    }
    true
}

/// A moment some milliseconds later.
pub fn after(now: Timestamp, ms: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_millis(ms.max(0))).unwrap_or(now)
}
