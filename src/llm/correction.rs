//! How far our count of tokens is from an endpoint's own: learned from what it says it read, kept while the process lives.

use crate::llm::tokens;
use crate::llm::{Answer, Message, Request};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Thousandths that mean our count is right.
pub const EVEN: u32 = 1_000;
/// An endpoint that says it read less than half or more than twice of what we count is not believed further.
const BOUNDS: (u64, u64) = (500, 2_000);
/// Weight of a new answer, of this many parts.
const PARTS: u64 = 4;
/// Endpoints and models that are told apart.
const KEPT_MAX: usize = 32;

/// What was learned.
#[derive(Debug, Default)]
pub struct Corrections(Mutex<Learned>);

#[derive(Debug, Default)]
struct Learned {
    per_mille: BTreeMap<(String, String), u32>,
    last: Option<(String, String)>,
}

impl Corrections {
    /// Takes in what an answer says was read for a request.
    pub fn learn(&self, request: &Request, answer: &Answer) {
        if answer.usage.input == 0 || answer.endpoint.is_empty() {
            return;
        }
        let counted = u64::try_from(count(request)).unwrap_or(u64::MAX).max(1);
        let seen = (answer.usage.input.saturating_mul(u64::from(EVEN)) / counted).clamp(BOUNDS.0, BOUNDS.1);
        let key = (answer.endpoint.clone(), answer.model.clone());
        let mut learned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = learned.per_mille.get(&key).copied();
        if known.is_none() && learned.per_mille.len() >= KEPT_MAX {
            return;
        }
        // One odd answer moves it a little, and several of a kind settle it.
        let next = known.map_or(seen, |known| (u64::from(known) * (PARTS - 1) + seen) / PARTS);
        learned.per_mille.insert(key.clone(), u32::try_from(next).unwrap_or(EVEN));
        learned.last = Some(key);
    }

    /// Thousandths by which a count of ours is to be multiplied, for the endpoint that answered last: it is the likeliest
    /// to answer next.
    pub fn per_mille(&self) -> u32 {
        let learned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        learned.last.as_ref().and_then(|key| learned.per_mille.get(key)).copied().unwrap_or(EVEN)
    }
}

/// Tokens of a text by our count, corrected.
pub fn corrected(text: &str, per_mille: u32) -> usize {
    let counted = u64::try_from(tokens::estimate(text)).unwrap_or(u64::MAX);
    usize::try_from(counted.saturating_mul(u64::from(per_mille)).div_ceil(u64::from(EVEN))).unwrap_or(usize::MAX)
}

/// Tokens of a whole request by our count.
fn count(request: &Request) -> usize {
    let said: usize = request.messages.iter().map(spoken).sum();
    let tools = request.tools.iter().map(|tool| {
        tokens::estimate(&tool.name)
            + tokens::estimate(&tool.description)
            + tokens::estimate(&tool.parameters.to_string())
    });
    tokens::estimate(&request.system) + said + tools.sum::<usize>()
}

/// Tokens a picture is taken for before the endpoint has told.
const PICTURE_TOKENS: usize = 800;

fn spoken(message: &Message) -> usize {
    match message {
        Message::Shopper { text } | Message::Agent { text } | Message::Remark { text } => tokens::estimate(text),
        // What a picture costs is the endpoint's own secret; the correction learns it.
        Message::Picture { .. } => PICTURE_TOKENS,
        Message::State { state } => tokens::estimate(&state.to_string()),
        Message::Calls { calls } => {
            calls.iter().map(|call| tokens::estimate(&call.tool) + tokens::estimate(&call.arguments)).sum()
        }
        Message::Result { content, .. } => tokens::estimate(content),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::Usage;

    fn request() -> Request {
        let messages = vec![Message::Shopper { text: "a tent for two ".repeat(100) }];
        Request { system: String::new(), messages, tools: Vec::new(), may_call: true, only: Vec::new() }
    }

    fn answer(endpoint: &str, input: usize) -> Answer {
        let usage = Usage { input: input as u64, ..Usage::default() };
        Answer { endpoint: endpoint.into(), model: "m".into(), usage, ..Answer::default() }
    }

    #[test]
    fn a_count_is_corrected_by_what_the_endpoint_read_within_bounds() {
        let (request, corrections) = (request(), Corrections::default());
        let counted = count(&request);
        assert_eq!(corrections.per_mille(), EVEN);
        corrections.learn(&request, &Answer::default());
        assert_eq!(corrections.per_mille(), EVEN, "who tells nothing teaches nothing");
        corrections.learn(&request, &answer("a", counted * 3 / 2));
        assert_eq!(corrections.per_mille(), 1_500);
        corrections.learn(&request, &answer("a", counted));
        assert_eq!(corrections.per_mille(), 1_375, "it moves a quarter of the way");
        corrections.learn(&request, &answer("b", counted * 50));
        assert_eq!(
            corrections.per_mille(),
            2_000,
            "each endpoint has its own, and nobody is believed beyond the bounds"
        );
        corrections.learn(&request, &answer("c", 1));
        assert_eq!(corrections.per_mille(), 500);
        assert_eq!(corrected("Hello world", 1_000), 3);
        assert_eq!((corrected("Hello world", 500), corrected("Hello world", 2_000)), (2, 6));
    }
}
