//! Delivering events: signed, at least once, with growing gaps, and given up in the end. The caller posts them.

use crate::payment::sandbox::{Sandbox, later, shape};
use crate::payment::stripe::verify::sign;

/// Most deliveries handed out at once.
pub const DELIVERIES_MAX: usize = 20;
/// Seconds until the next try, after the first, second … one. After the last the event only stays listed.
pub const GAP_SECONDS: [i64; 6] = [5, 30, 120, 600, 3600, 14_400];

/// An event to be posted to the shop's webhook address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// To report back with.
    pub event_id: String,
    /// The body, as signed.
    pub body: Vec<u8>,
    /// Value of the `Stripe-Signature` header.
    pub signature_header: String,
}

impl Sandbox {
    /// Events to be posted now. Each is handed out again after a gap unless [`Sandbox::delivered`] says it arrived, so
    /// that a crash in between costs time, not the event.
    pub fn due_deliveries(&self, now: jiff::Timestamp) -> Vec<Delivery> {
        self.with(|state, _| {
            let mut chosen = Vec::new();
            for event in state.events.iter_mut().filter(|e| e.due.is_some_and(|due| due <= now)).take(DELIVERIES_MAX) {
                let gap = GAP_SECONDS.get(event.tries as usize).copied();
                event.tries = event.tries.saturating_add(1);
                event.due = gap.and_then(|seconds| later(now, seconds));
                chosen.push(event.clone());
                state.changed = true;
            }
            let secret = state.secret();
            let mut deliveries = Vec::new();
            for event in &chosen {
                let Some(value) = shape::event(event, state, &self.public_url) else { continue };
                let body = value.to_string().into_bytes();
                let signature_header = sign(&body, &secret, now);
                let delivery = Delivery { event_id: event.id.clone(), body, signature_header };
                deliveries.extend(std::iter::repeat_n(delivery, event.copies as usize));
            }
            deliveries
        })
    }

    /// Says whether an event arrived (was answered with 2xx). If not, it comes again after its gap.
    pub fn delivered(&self, event_id: &str, ok: bool) {
        if !ok {
            return;
        }
        self.with(|state, _| {
            if let Some(event) = state.events.iter_mut().find(|e| e.id == event_id) {
                event.due = None;
                state.changed = true;
            }
        });
    }
}
