//! Delivering events: signed, at least once, with growing gaps, and given up in the end. The caller posts them.

use crate::payment::sandbox::state::endpoint::OWN;
use crate::payment::sandbox::state::event::{Happening, Sending};
use crate::payment::sandbox::state::{Row, State};
use crate::payment::sandbox::{Sandbox, after, shape};
use crate::payment::stripe::verify::sign;
use jiff::Timestamp;
use secrecy::SecretString;

/// Most deliveries handed out at once.
pub const DELIVERIES_MAX: usize = 20;
/// Seconds until the next try, after the first, second … one. After the last the event only stays listed.
pub const GAP_SECONDS: [i64; 6] = [5, 30, 120, 600, 3600, 14_400];

/// An event to be posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// To report back with.
    pub event_id: String,
    /// To report back with, when it does not go to the shop's own endpoint.
    pub endpoint: String,
    /// Where to; none is the shop's own webhook address.
    pub url: Option<String>,
    /// The body, as signed.
    pub body: Vec<u8>,
    /// Value of the `Stripe-Signature` header.
    pub signature_header: String,
}

impl Sandbox {
    /// Events to be posted to the shop's own endpoint now. Each is handed out again after a gap unless
    /// [`Sandbox::delivered`] says it arrived, so that a crash in between costs time, not the event.
    pub fn due_deliveries(&self, now: Timestamp) -> Vec<Delivery> {
        self.hand_out(now, |endpoint| endpoint == OWN)
    }

    /// Events to be posted to endpoints that were made over the API.
    pub fn due_elsewhere(&self, now: Timestamp) -> Vec<Delivery> {
        self.hand_out(now, |endpoint| endpoint != OWN)
    }

    fn hand_out(&self, now: Timestamp, mine: impl Fn(&str) -> bool) -> Vec<Delivery> {
        let backwards = self.mischief().webhooks.is_backwards();
        self.with(|state, _| {
            let is_due = |s: &Sending| mine(&s.endpoint) && s.due.is_some_and(|due| due <= now);
            let due = |e: &&Happening| e.sendings.iter().any(is_due);
            let chosen: Vec<Happening> = match backwards {
                true => state.events.iter().rev().filter(due).take(DELIVERIES_MAX).cloned().collect(),
                false => state.events.iter().filter(due).take(DELIVERIES_MAX).cloned().collect(),
            };
            let mut deliveries = Vec::new();
            for mut event in chosen {
                let told = shape::event::object(&event).to_string().into_bytes();
                let copies = event.copies as usize;
                let id = event.id.clone();
                for sending in event.sendings.iter_mut().filter(|s| is_due(s)) {
                    let gap = GAP_SECONDS.get(sending.tries as usize).copied();
                    sending.tries = sending.tries.saturating_add(1);
                    sending.due = gap.and_then(|seconds| after(now, seconds));
                    let Some((url, secret)) = address(state, &sending.endpoint) else {
                        sending.due = None;
                        continue;
                    };
                    let delivery = Delivery {
                        event_id: id.clone(),
                        endpoint: sending.endpoint.clone(),
                        url,
                        body: told.clone(),
                        signature_header: sign(&told, &secret, now),
                    };
                    deliveries.extend(std::iter::repeat_n(delivery, copies));
                }
                state.put(Row::Sent(event.id, event.sendings));
            }
            deliveries
        })
    }

    /// Says whether an event arrived (was answered with 2xx) at the shop's own endpoint. If not, it comes again after
    /// its gap.
    pub fn delivered(&self, event_id: &str, ok: bool) {
        self.delivered_to(event_id, OWN, ok);
    }

    /// Says whether an event arrived at an endpoint.
    pub fn delivered_to(&self, event_id: &str, endpoint: &str, ok: bool) {
        if !ok {
            return;
        }
        self.with(|state, _| {
            let Some(mut event) = state.events.get(event_id).cloned() else { return };
            for sending in event.sendings.iter_mut().filter(|s| s.endpoint == endpoint) {
                sending.due = None;
                sending.arrived = true;
            }
            state.put(Row::Sent(event.id, event.sendings));
        });
    }
}

/// Where an endpoint is and what it is signed with; none if it is gone or hears nothing any more.
fn address(state: &State, endpoint: &str) -> Option<(Option<String>, SecretString)> {
    if endpoint == OWN {
        return Some((None, state.secret()));
    }
    let it = state.endpoints.get(endpoint).filter(|e| !e.disabled)?;
    Some((Some(it.url.clone()), SecretString::from(it.secret.as_str())))
}
