//! What becomes of a checked reply: an answer, a question back, a refusal, or a colleague.

use crate::agent::HandOffAsked;
use crate::agent::turn::{Draft, Ending};
use crate::agent::wording::{HERE_IS, Voice};
use crate::domain::conversation::{HandOffReason, Memory};

/// Questions back in a row; instead of one more, a colleague is asked.
pub const ASK_BACK_MAX: u32 = 2;

/// Whether a colleague is needed after all. Counts questions back in `memory`.
pub fn hand_off(ending: &Ending, memory: &mut Memory, summary: &str) -> Option<HandOffAsked> {
    if let Some(asked) = &ending.hand_off {
        return Some(asked.clone());
    }
    let asks_back = ending.draft.as_ref().is_some_and(|draft| draft.outcome == "ask_back");
    memory.asked_back = if asks_back { memory.asked_back + 1 } else { 0 };
    if memory.asked_back > ASK_BACK_MAX {
        memory.asked_back = 0;
        return Some(HandOffAsked {
            reason: HandOffReason::NotKnown,
            summary: summary.to_owned(),
            tried: vec![format!("Asked back {ASK_BACK_MAX} times without getting further.")],
        });
    }
    None
}

/// The server's own words when nothing the model wrote could be sent.
pub fn safe_draft(found_products: bool, voice: &Voice) -> Option<Draft> {
    found_products.then(|| Draft { text: voice.pick(HERE_IS), outcome: "answer".to_owned(), ..Draft::default() })
}
