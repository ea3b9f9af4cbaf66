//! When a shop may write to a shopper on a network that closes after a while, and what then leaves without a price.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long after the shopper's last message anything may be written: the platform's customer service window.
const SERVICE: SignedDuration = SignedDuration::from_hours(24);
/// How long an answered click on an advertisement stays free of charge: the platform's free entry point.
const ENTRY: SignedDuration = SignedDuration::from_hours(72);
/// How soon a click has to be answered for that.
const ENTRY_ANSWERED_WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// Left unused at the end: our clock, the network's and the way there are not the same.
const MARGIN: SignedDuration = SignedDuration::from_mins(5);

/// What is known of the times of one conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The network's time of the shopper's newest message.
    pub heard_at: Option<Timestamp>,
    /// When the shopper last came by an advertisement or the page's button.
    pub entered_at: Option<Timestamp>,
    /// When that was first answered.
    pub entry_answered_at: Option<Timestamp>,
    /// Set when the network said that the window is closed, whatever we count: until the shopper writes again.
    pub shut: bool,
}

impl Window {
    /// Whether anything may be written now, and not only an approved template.
    pub fn is_open(&self, now: Timestamp) -> bool {
        !self.shut && self.heard_at.is_some_and(|at| now.duration_since(at) < SERVICE - MARGIN)
    }

    /// Until when anything may be written.
    pub fn open_until(&self) -> Option<Timestamp> {
        self.heard_at.filter(|_| !self.shut).and_then(|at| at.checked_add(SERVICE - MARGIN).ok())
    }

    /// Whether what leaves now costs nothing because the shopper came by an advertisement.
    pub fn is_free(&self, now: Timestamp) -> bool {
        let (Some(entered), answered) = (self.entered_at, self.entry_answered_at) else {
            return false;
        };
        match answered {
            // The first answer itself opens the free time.
            None => now.duration_since(entered) < ENTRY_ANSWERED_WITHIN,
            Some(answered) => {
                answered.duration_since(entered) < ENTRY_ANSWERED_WITHIN && now.duration_since(answered) < ENTRY
            }
        }
    }

    /// The shopper wrote. An older message that comes late changes nothing.
    pub fn hear(&mut self, at: Timestamp) {
        if self.heard_at.is_none_or(|before| at > before) {
            self.heard_at = Some(at);
            self.shut = false;
        }
    }

    /// The shopper came by an advertisement or the page's button.
    pub fn enter(&mut self, at: Timestamp) {
        if self.entered_at.is_none_or(|before| at > before) {
            self.entered_at = Some(at);
            self.entry_answered_at = None;
        }
    }

    /// Something was sent.
    pub fn answer(&mut self, at: Timestamp) {
        if self.entered_at.is_some() && self.entry_answered_at.is_none() {
            self.entry_answered_at = Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH.checked_add(SignedDuration::from_hours(hours)).unwrap()
    }

    #[test]
    fn the_window_closes_a_little_before_a_day_has_passed() {
        let mut window = Window::default();
        assert!(!window.is_open(at(0)), "nobody wrote");
        window.hear(at(10));
        assert!(window.is_open(at(33)));
        assert!(!window.is_open(at(34).checked_sub(SignedDuration::from_mins(4)).unwrap()));
        window.hear(at(1));
        assert_eq!(window.heard_at, Some(at(10)), "a late message does not turn the clock back");
        window.shut = true;
        assert!(!window.is_open(at(11)));
        window.hear(at(12));
        assert!(window.is_open(at(13)), "the shopper wrote again");
    }

    #[test]
    fn an_answered_click_is_free_for_three_days_from_the_answer() {
        let mut window = Window::default();
        window.enter(at(0));
        assert!(window.is_free(at(23)) && !window.is_free(at(25)), "not answered in time");
        window.answer(at(20));
        assert!(window.is_free(at(91)) && !window.is_free(at(93)));
        window.answer(at(90));
        assert!(!window.is_free(at(93)), "only the first answer counts");
        window.enter(at(100));
        assert!(window.is_free(at(101)));
    }
}
