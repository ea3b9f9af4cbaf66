//! What the last answer lets one tap, and what a typed line means then.

use souk::domain::message::{Body, Button, Message, Said};

/// Marks a line as a tap by id.
const TAP: &str = "tap:";
/// A choice that stands for words.
const SAY: &str = "say:";

/// What can be tapped.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    /// In the order of their numbers: each card's first button, then every other button.
    pub numbered: Vec<Button>,
    all: Vec<Button>,
}

impl Offer {
    /// Of the messages that came last.
    pub fn of(messages: &[Message]) -> Self {
        let mut offer = Self::default();
        for message in messages {
            let Body::Reply(reply) = &message.body else { continue };
            for card in &reply.cards {
                offer.all.extend(card.choices.iter().cloned());
                if let Some(first) = card.choices.first() {
                    offer.numbered.push(Button::new(first.id.clone(), card.title.clone()));
                }
            }
            let buttons = reply.summary.iter().flat_map(|s| &s.choices).chain(&reply.choices);
            offer.numbered.extend(buttons.cloned());
        }
        offer
    }

    /// What a line says: a tap by id, number or label, or words.
    pub fn said(&self, line: &str, numbers: bool) -> Said {
        let line = line.trim();
        if let Some(id) = line.strip_prefix(TAP) {
            let known = self.numbered.iter().chain(&self.all).find(|b| b.id == id);
            return tap(&Button::new(id, known.map_or(id, |b| b.label.as_str())));
        }
        let number = line.parse::<usize>().ok().filter(|_| numbers).and_then(|n| n.checked_sub(1));
        let named = || self.numbered.iter().find(|b| b.label.eq_ignore_ascii_case(line));
        match number.and_then(|n| self.numbered.get(n)).or_else(named) {
            Some(button) => tap(button),
            None => Said::Text(line.to_owned()),
        }
    }
}

fn tap(button: &Button) -> Said {
    // A choice offered as words is the words, whatever stands on it.
    let label = button.id.strip_prefix(SAY).unwrap_or(&button.label);
    Said::Tap { id: button.id.clone(), label: label.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_tap_only_when_a_button_says_so() {
        let offer = Offer {
            numbered: vec![Button::new("confirm:1", "Confirm order"), Button::new("say:Show tents", "Tents")],
            all: vec![Button::new("add:X", "Add to cart")],
        };
        let id = |line: &str, numbers| match offer.said(line, numbers) {
            Said::Tap { id, label } => format!("{id} {label}"),
            Said::Text(text) => text,
            Said::Sent(sent) => sent.text,
        };
        assert_eq!(id("1", true), "confirm:1 Confirm order");
        assert_eq!(id("1", false), "1");
        assert_eq!(id("confirm ORDER", false), "confirm:1 Confirm order");
        assert_eq!(id("2", true), "say:Show tents Show tents");
        assert_eq!(id("3", true), "3");
        assert_eq!(id("tap:add:X", false), "add:X Add to cart");
        assert_eq!(id("tap:other", false), "other other");
        assert_eq!(id(" hello ", true), "hello");
    }
}
