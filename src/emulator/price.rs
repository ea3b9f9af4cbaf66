//! What a message costs, as far as a webhook tells: category and type, no rates.

use crate::emulator::state::State;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};

impl State {
    /// The `pricing` object of a message that is sent now. `category`: of the template or Direct Send; `None`: a reply.
    pub fn pricing(&mut self, number: &str, person: &str, category: Option<&str>) -> Value {
        let now = self.now();
        let kind = self.price_type(number, person, category, now);
        json!({
            "billable": kind == "regular",
            "pricing_model": "PMP",
            "type": kind,
            "category": category.unwrap_or("service"),
        })
    }

    fn price_type(&mut self, number: &str, person: &str, category: Option<&str>, now: Timestamp) -> &'static str {
        let window = self.window(number, person);
        if window.free_until.is_some_and(|until| now < until) {
            return "free_entry_point";
        }
        let utc = now.to_zoned(TimeZone::UTC);
        // From 1 October 2026 on replies are priced, and so are utility templates inside the window.
        let priced = (utc.year(), utc.month()) >= (2026, 10);
        match category {
            None if !priced => "free_customer_service",
            None => {
                let month = format!("{}-{}", utc.year(), utc.month());
                let most = self.settings.free_service;
                let used = self.free_used.entry((number.to_owned(), month)).or_default();
                let free = *used < most;
                *used = used.saturating_add(1);
                if free { "free_customer_service" } else { "regular" }
            }
            Some("utility") if !priced && self.window_open(number, person) => "free_customer_service",
            Some(_) => "regular",
        }
    }
}
