//! Which voice a shopper hears, and a reply's buttons in it.

pub use crate::wording::phrases::*;
pub use crate::wording::{Phrase, Voice, say};

use crate::agent::Thread;
use crate::agent::language;
use crate::domain::locale::Locale;
use crate::domain::message::{Button, Message, Reply};

/// Buttons of the server: what their id begins with, what stands on them in English, and in every language.
const BUTTONS: [(&str, &str, Phrase); 15] = [
    ("show:", "Details", BUTTON_DETAILS),
    ("add:", "Add to cart", BUTTON_ADD),
    ("pick:", "Choose & add", BUTTON_CHOOSE),
    ("checkout:", "Checkout", BUTTON_CHECKOUT),
    ("cart:", "View cart", BUTTON_VIEW_CART),
    ("confirm:", "Confirm order", BUTTON_CONFIRM_ORDER),
    ("confirm:", "Cancel the order", BUTTON_CANCEL_ORDER),
    ("confirm:", "Confirm the change", BUTTON_CONFIRM_CHANGE),
    ("confirm:", "Use this address", BUTTON_USE_ADDRESS),
    ("confirm:", "Confirm the return", BUTTON_CONFIRM_RETURN),
    ("confirm:", "Confirm the exchange", BUTTON_CONFIRM_EXCHANGE),
    ("confirm:", "Ask for the refund", BUTTON_ASK_REFUND),
    ("confirm:", "Keep this address", BUTTON_KEEP_ADDRESS),
    ("cancel:", "Cancel", BUTTON_CANCEL),
    ("cancel:", "Keep the order", BUTTON_KEEP_ORDER),
];

/// The voice of a turn: of what was written last, or of what is known of the shopper.
pub fn language(thread: &Thread) -> Voice {
    let said = thread.asked.iter().rev().chain(thread.history.iter().rev());
    spoken(said, &thread.contact.locale, &thread.shop.locale)
}

/// The voice of a talk, given its messages from the newest on, and what the contact and the shop speak.
pub fn spoken<'a>(newest_first: impl Iterator<Item = &'a Message>, contact: &str, shop: &str) -> Voice {
    Voice::of(language::settled(newest_first, &Locale::of(contact), &Locale::of(shop)))
}

/// The server's buttons of a reply in a language; what a model or a merchant wrote stays.
pub fn translate(reply: &mut Reply, voice: &Voice) {
    let ours = |button: &mut Button| {
        let known = BUTTONS.iter().find(|(prefix, label, _)| button.id.starts_with(prefix) && button.label == *label);
        if let Some((_, _, phrase)) = known {
            button.label = voice.pick(*phrase);
        }
    };
    reply.choices.iter_mut().for_each(ours);
    for card in &mut reply.cards {
        card.choices.iter_mut().for_each(ours);
    }
    if let Some(shown) = &mut reply.summary {
        shown.choices.iter_mut().for_each(ours);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_speak_the_shoppers_language_and_choices_stay() {
        let labels = |tag: &str| {
            let choices = vec![Button::new("checkout:start", "Checkout"), Button::new("say:Blue", "Blue")];
            let mut reply = Reply { choices, ..Reply::text("") };
            translate(&mut reply, &Voice::of_tag(tag));
            reply.choices.into_iter().map(|b| b.label).collect::<Vec<_>>()
        };
        assert_eq!(labels("es"), ["Finalizar compra", "Blue"]);
        assert_eq!(labels("en"), ["Checkout", "Blue"]);
        assert_eq!(say(Voice::of_tag("pt"), SORRY, &[("why", "x")]), "Sinto muito: x.");
    }

    #[test]
    fn what_stands_on_a_button_in_english_is_its_phrase_in_the_english_table() {
        for (_, label, phrase) in BUTTONS {
            assert_eq!(Voice::of_tag("en").pick(phrase), label);
        }
    }
}
