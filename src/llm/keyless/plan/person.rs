//! Calling a colleague, with a sentence that saves the shopper from telling it again.

use crate::llm::keyless::desk::{Desk, Stop};
use crate::llm::keyless::draft::{Draft, fill};
use crate::llm::keyless::phrases as ph;
use crate::llm::keyless::results::HandedOff;
use crate::llm::keyless::say;
use crate::llm::keyless::talk::{Earlier, Talk};

/// Characters of a summary's quotation.
const QUOTE_CHARS_MAX: usize = 200;

/// The shopper asked for a person.
pub fn asked_for(desk: &mut Desk) -> Result<Draft, Stop> {
    let summary = summary("Asks for a person", desk.talk);
    call(desk, "asked_for_person", &summary, ph::CALLED)
}

/// We do not know.
pub fn not_known(desk: &mut Desk) -> Result<Draft, Stop> {
    let summary = summary("Asks something the shop's texts do not answer", desk.talk);
    call(desk, "not_known", &summary, ph::CALLED)
}

/// Anger, damage, law, or money that went astray.
pub fn complaint(desk: &mut Desk, reason: &str) -> Result<Draft, Stop> {
    let opening = if reason == "payment" { "Has trouble with a payment" } else { "Complains" };
    let summary = summary(opening, desk.talk);
    call(desk, reason, &summary, ph::SORRY_CALLED)
}

fn call(desk: &mut Desk, reason: &str, summary: &str, phrase: ph::Phrase) -> Result<Draft, Stop> {
    let talk = desk.talk;
    let handed: HandedOff = desk.hand_off(reason, summary)?;
    if !handed.handed_off {
        return Err(Stop::Closed);
    }
    let mut draft = Draft::of(talk.language.pick(phrase));
    let hours = handed.colleagues.as_deref().and_then(|hours| say::sayable(hours, talk, 80));
    if let Some(hours) = hours {
        draft = draft.and(fill(talk.language, ph::COLLEAGUES, &[("[hours]", &hours)]));
    }
    Ok(draft)
}

/// What is wanted, in one sentence: this message, and the one before it when this one says little.
fn summary(opening: &str, talk: &Talk) -> String {
    let said = say::quiet(&talk.said, QUOTE_CHARS_MAX);
    let before = talk.history.iter().rev().find_map(|earlier| match earlier {
        Earlier::Shopper(text) if text.split_whitespace().count() > 2 => Some(say::quiet(text, QUOTE_CHARS_MAX)),
        _ => None,
    });
    let orders: Vec<&str> = talk.state.orders.iter().take(3).map(|order| order.number.as_str()).collect();
    let about =
        talk.state.about.as_ref().and_then(|about| talk.state.shown.iter().find(|shown| &shown.product == about));
    let mut summary = format!("{opening}: “{said}”");
    if let Some(before) = before {
        summary.push_str(&format!("; before that: “{before}”"));
    }
    if let Some(about) = about {
        summary.push_str(&format!("; looking at {}", say::quiet(&about.title, 80)));
    }
    if !orders.is_empty() {
        summary.push_str(&format!("; orders here: {}", orders.join(", ")));
    }
    summary.push('.');
    summary
}
