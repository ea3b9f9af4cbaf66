//! How much of everything a language model sees: history, results and the situation have budgets of their own, in tokens by
//! our count corrected by what the endpoint says it read. What does not fit shrinks; facts stay in the ledger.

use crate::agent::tool::Output;
use crate::app::App;
use crate::llm::Message;
use crate::llm::correction::{EVEN, corrected};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Things a shortened result names.
const NAMES_MAX: usize = 20;
/// Characters of such a name.
const NAME_CHARS_MAX: usize = 60;
/// Lines of a cart that stay when the situation is too long.
const CART_LINES_MAX: usize = 10;
/// Parts of the situation that are left out when it is too long, the least needed first.
const SPARE: [&str; 6] = ["last_search", "known", "orders", "earlier", "shown", "about"];

/// The budgets of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Tokens of earlier messages.
    pub history: usize,
    /// Tokens of results.
    pub results: usize,
    /// Tokens of the situation.
    pub state: usize,
    /// Thousandths by which a count of ours is multiplied.
    pub per_mille: u32,
}

impl Room {
    /// The budgets in force. Counting costs memory for a vocabulary; a planner without a window does not need it.
    pub fn of(app: &App) -> Option<Self> {
        let set = &app.config.agent;
        app.model.is_language_model().then(|| Self {
            history: set.history_tokens as usize,
            results: set.results_tokens as usize,
            state: set.state_tokens as usize,
            per_mille: app.corrections.per_mille(),
        })
    }

    /// The budgets of a turn that was taken when only the history had one.
    pub fn of_history(history: usize) -> Self {
        Self { history, results: usize::MAX, state: usize::MAX, per_mille: EVEN }
    }

    /// The newest messages that fit, oldest first, each with its number.
    pub fn newest(&self, messages: Vec<(i64, Message)>) -> Vec<(i64, Message)> {
        let mut left = self.history;
        let mut kept: Vec<(i64, Message)> = Vec::new();
        for (seq, message) in messages.into_iter().rev() {
            let (Message::Shopper { text } | Message::Agent { text }) = &message else { continue };
            let Some(rest) = left.checked_sub(corrected(text, self.per_mille)) else { break };
            left = rest;
            kept.push((seq, message));
        }
        kept.reverse();
        kept
    }

    /// The situation, without what is needed least while it is too long.
    pub fn situation(&self, mut state: Value) -> Value {
        let fits = |state: &Value| corrected(&state.to_string(), self.per_mille) <= self.state;
        if fits(&state) {
            return state;
        }
        if let Some(lines) = state.pointer_mut("/cart/lines").and_then(Value::as_array_mut) {
            lines.truncate(CART_LINES_MAX);
        }
        for key in SPARE {
            if fits(&state) {
                break;
            }
            if let Some(fields) = state.as_object_mut() {
                fields.shift_remove(key);
            }
        }
        state
    }

    /// Shrinks results the model has read already, oldest first, until all of them fit. What came last stays whole.
    pub fn shrink(&self, messages: &mut [Message], lines: &[(usize, String)]) {
        let newest = messages.iter().rposition(|message| matches!(message, Message::Calls { .. })).unwrap_or(0);
        let size = |message: &Message| match message {
            Message::Result { content, .. } => corrected(content, self.per_mille),
            _ => 0,
        };
        let mut total: usize = messages.iter().map(size).sum();
        for (at, message) in messages.iter_mut().enumerate().take(newest) {
            if total <= self.results {
                return;
            }
            let before = size(message);
            if let Message::Result { content, .. } = message
                && let Some((_, line)) = lines.iter().find(|(of, line)| *of == at && line.len() < content.len())
            {
                content.clone_from(line);
                total = total.saturating_sub(before.saturating_sub(corrected(line, self.per_mille)));
            }
        }
    }
}

/// A result in one line: the things it named, whose facts a reply may still use.
pub fn line(output: &Output) -> String {
    let mut named: Vec<String> = Vec::new();
    for fact in output.facts.iter().filter(|fact| !fact.entity.is_empty()) {
        let called = fact.called.first().map(String::as_str).unwrap_or_default();
        let name: String = format!("{} {called}", fact.entity).trim().chars().take(NAME_CHARS_MAX).collect();
        if named.len() < NAMES_MAX && !named.iter().any(|known| known.split(' ').next() == name.split(' ').next()) {
            named.push(name);
        }
    }
    json!({"shortened": named, "note": "read before; call the tool again to see it whole", "written_by_others": ["shortened"]})
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Room = Room { history: 20, results: 100, state: 40, per_mille: 1_000 };

    fn said(seq: i64, text: &str) -> (i64, Message) {
        (seq, Message::Shopper { text: text.to_owned() })
    }

    #[test]
    fn the_newest_words_stay_when_the_window_is_small() {
        let talk = vec![said(1, &"old words ".repeat(50)), said(2, "a boot"), said(3, "in 42")];
        assert_eq!(ROOM.newest(talk.clone()), vec![said(2, "a boot"), said(3, "in 42")]);
        assert_eq!(Room { history: 10_000, ..ROOM }.newest(talk.clone()).len(), 3);
        assert_eq!(Room { history: 0, ..ROOM }.newest(talk.clone()), vec![]);
        let narrow = Room { history: 8, ..ROOM };
        assert_eq!(narrow.newest(talk.clone()).len(), 2);
        assert_eq!(Room { per_mille: 2_000, ..narrow }.newest(talk).len(), 1, "an endpoint that counts more sees less");
    }

    #[test]
    fn the_situation_loses_what_is_needed_least() {
        let state =
            json!({"language": "en", "last_search": "words ".repeat(60), "shown": [{"n": 1}], "cart": {"lines": []}});
        let short = ROOM.situation(state.clone());
        assert!(short.get("last_search").is_none() && short.get("shown").is_some(), "{short}");
        assert_eq!(Room { state: 1_000, ..ROOM }.situation(state.clone()), state);
        assert!(Room { state: 0, ..ROOM }.situation(state).get("language").is_some());
    }

    #[test]
    fn results_shrink_with_age_and_the_newest_never() {
        let calls = |id: &str| Message::Calls {
            calls: vec![crate::llm::Call { id: id.into(), tool: "cart_view".into(), arguments: "{}".into() }],
        };
        let result =
            |id: &str| Message::Result { call: id.into(), tool: "cart_view".into(), content: "many words ".repeat(40) };
        let whole = vec![calls("a"), result("a"), calls("b"), result("b"), calls("c"), result("c")];
        let lines: Vec<(usize, String)> = [1, 3, 5].map(|at| (at, format!("line {at}"))).into();
        let content = |messages: &[Message], at: usize| match &messages[at] {
            Message::Result { content, .. } => content.len() > 20,
            _ => panic!("no result"),
        };
        for (results, kept) in [(10_000, [true, true, true]), (250, [false, true, true]), (0, [false, false, true])] {
            let mut messages = whole.clone();
            Room { results, ..ROOM }.shrink(&mut messages, &lines);
            assert_eq!([1, 3, 5].map(|at| content(&messages, at)), kept, "{results}");
        }
    }
}
