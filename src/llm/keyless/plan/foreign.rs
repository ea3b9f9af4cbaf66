//! For shoppers whose language the planner does not read: products are found by their names, and the rest is said to be
//! beyond it, in the shopper's own language.

use crate::llm::keyless::draft::{Draft, Outcome};
use crate::llm::keyless::intent::Intent;
use crate::llm::keyless::language::Language;
use crate::llm::keyless::plan::Wish;
use crate::llm::keyless::results::Found;
use crate::llm::keyless::say::sayable;
use crate::llm::keyless::talk::Talk;
use crate::llm::keyless::words::Words;
use crate::wording::Voice;
use crate::wording::phrases as p;

/// Wishes that nothing met and that are named, and characters of one.
const WISHES_MAX: usize = 4;
const WISH_CHARS_MAX: usize = 60;
/// Tools that answer words which may have been misread; the others are only called for what was understood.
const SEARCHES: [&str; 3] = ["catalog_search", "catalog_get", "knowledge_search"];

/// How to speak to a shopper whose language the planner does not read; `None` for everybody else.
pub fn voice(talk: &Talk) -> Option<Voice> {
    let tag = talk.state.language.as_deref().filter(|tag| !Language::knows(tag))?;
    Some(Voice::of_tag(tag))
}

/// What was not understood is looked for among the products' names.
pub fn wishes(talk: &Talk, read: Vec<Wish>) -> Vec<Wish> {
    let guess = |intent: &Intent| {
        matches!(
            intent,
            Intent::Unclear
                | Intent::Question(_)
                | Intent::Policy(_)
                | Intent::OffTopic
                | Intent::Abilities
                | Intent::Refine(_)
        )
    };
    if read.iter().all(|wish| guess(&wish.intent)) {
        return vec![Wish { intent: Intent::Find(talk.said.clone()), words: Words::read(&talk.said) }];
    }
    read
}

/// What nothing met of the last search, as far as it may be said; the server names it in the shopper's language.
fn left_out(talk: &Talk) -> String {
    let searched = talk.answered.iter().rev().find(|answered| answered.tool == "catalog_search");
    let found: Option<Found> = searched.and_then(|answered| serde_json::from_str(&answered.content).ok());
    let relaxed = found.map(|found| found.relaxed).unwrap_or_default();
    let said: Vec<String> =
        relaxed.iter().filter_map(|wish| sayable(wish, talk, WISH_CHARS_MAX)).take(WISHES_MAX).collect();
    said.join(", ")
}

/// The reply, honest about what was understood.
pub fn reply(voice: &Voice, talk: &Talk, draft: Draft) -> Draft {
    let called = |tool: &str| talk.answered.iter().any(|answered| answered.tool == tool);
    if called("hand_off") {
        return Draft::of(voice.pick(p::HANDING_OVER));
    }
    if talk.answered.iter().any(|answered| !SEARCHES.contains(&answered.tool.as_str())) {
        return draft;
    }
    if !draft.show.is_empty() {
        let left_out = left_out(talk);
        let told = (!left_out.is_empty()).then(|| voice.say(p::LIMITED_RELAXED, &[("what", &left_out)]));
        return Draft::default().and(told.unwrap_or_default()).and(voice.pick(p::LIMITED_FOUND)).show(draft.show);
    }
    Draft::of(voice.pick(p::LIMITED)).choices([voice.pick(p::order::TAP_PERSON)]).outcome(Outcome::AskBack)
}
