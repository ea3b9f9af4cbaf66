//! What can be done with an order as it stands, to be tapped in the shopper's language.

use crate::agent::wording::order as w;
use crate::agent::wording::{Phrase, Voice};
use crate::domain::message::Button;
use crate::domain::order::{Order, OrderState};
use crate::llm::keyless::language::Language;

/// A button that says its own words. A planner that does not know the shopper's language is told the English ones: a tap
/// must work whatever answers it.
pub fn saying(voice: &Voice, phrase: Phrase, number: &str) -> Button {
    let label = voice.say(phrase, &[("number", number)]);
    let understood = Language::knows(voice.language().tag());
    let said = if understood { label.clone() } else { Voice::of_tag("en").say(phrase, &[("number", number)]) };
    Button::new(format!("say:{said}"), label)
}

/// What can be done with an order as it stands: the words on a button are what it says.
pub fn offers(voice: &Voice, order: &Order) -> Vec<Button> {
    let say = |phrase: Phrase| saying(voice, phrase, &order.number);
    match (order.state, order.times.delivered) {
        (OrderState::AwaitingPayment, _) if order.times.cancel_asked.is_none() => {
            vec![say(w::TAP_PAID), say(w::TAP_CANCEL)]
        }
        (OrderState::Paid, _) => vec![say(w::TAP_CANCEL), say(w::TAP_ADDRESS)],
        (OrderState::Fulfilled, Some(_)) => vec![say(w::TAP_RETURN), say(w::TAP_EXCHANGE)],
        (OrderState::Frozen, _) => vec![Button::new("person", voice.pick(w::TAP_PERSON))],
        _ => vec![],
    }
}
