//! Questions that the shop's texts answer, and those that nothing answers.

use super::{ASKED_BACK_MAX, ask, person};
use crate::llm::keyless::desk::{Desk, Stop};
use crate::llm::keyless::draft::{Draft, Outcome};
use crate::llm::keyless::intent::content;
use crate::llm::keyless::phrases as ph;
use crate::llm::keyless::point::pointing;
use crate::llm::keyless::results::{Found, LookedUp};
use crate::llm::keyless::say;
use crate::llm::keyless::words::Words;

/// Words a discount is spoken of with; a text without any of them does not answer.
const DISCOUNT: &[&str] =
    &["discount", "coupon", "voucher", "promo", "sale", "descuento", "cupon", "desconto", "cupom", "code", "rebate"];

/// A question about the rules; one about a product too, when the rules are silent.
pub fn policy(desk: &mut Desk, question: &str, words: &Words) -> Result<Draft, Stop> {
    if let Some(draft) = from_texts(desk, question, false)? {
        return Ok(draft);
    }
    if pointing(words, false).any() && (desk.talk.state.about.is_some() || !desk.talk.state.shown.is_empty()) {
        return ask::question(desk, words, question);
    }
    unknown(desk)
}

/// A question that names neither a rule nor a product shown: the texts first, then the catalogue.
pub fn question(desk: &mut Desk, question: &str, words: &Words) -> Result<Draft, Stop> {
    let talk = desk.talk;
    // A short question in front of one product is about that product; it goes on to the texts by itself.
    if talk.state.about.is_some() && content(words).len() <= 3 {
        if !pointing(words, false).any()
            && let Some(draft) = from_texts(desk, question, true)?
        {
            return Ok(draft);
        }
        return ask::question(desk, words, question);
    }
    if let Some(draft) = from_texts(desk, question, false)? {
        return Ok(draft);
    }
    let found: Found = desk.search(question, "relevance", None, 3)?;
    if found.relevant && !found.items.is_empty() {
        return Ok(say::goods::found(&found, talk));
    }
    unknown(desk)
}

/// What the texts say, when they say it surely enough.
pub fn from_texts(desk: &mut Desk, question: &str, only_strong: bool) -> Result<Option<Draft>, Stop> {
    let looked: LookedUp = desk.look_up(question)?;
    let mut usable = say::text::usable(&looked.passages, desk.talk);
    if only_strong {
        usable.retain(|passage| passage.strength == "strong");
    }
    let draft = say::text::quote(question, &usable, desk.talk);
    Ok(draft.parts.iter().any(|part| !part.is_empty()).then_some(draft))
}

/// Prices are as listed; a text about discounts is quoted, when the shop has one.
pub fn haggle(desk: &mut Desk, question: &str) -> Result<Draft, Stop> {
    let talk = desk.talk;
    let listed = Draft::of(talk.language.pick(ph::AS_LISTED))
        .choices([talk.language.pick(ph::TAP_CHEAPER).to_owned()])
        .outcome(Outcome::Refuse);
    let looked: LookedUp = match desk.look_up(question) {
        Ok(looked) => looked,
        Err(Stop::Closed) => return Ok(listed),
        Err(call) => return Err(call),
    };
    let mut usable = say::text::usable(&looked.passages, talk);
    usable.retain(|passage| {
        passage.strength == "strong" && Words::read(&format!("{} {}", passage.heading, passage.text)).has(DISCOUNT)
    });
    let quote = say::text::quote(question, &usable, talk);
    if quote.parts.is_empty() { Ok(listed) } else { Ok(quote.outcome(Outcome::Refuse)) }
}

/// A colleague is offered; after we have asked back often enough, called.
fn unknown(desk: &mut Desk) -> Result<Draft, Stop> {
    if desk.talk.state.asked_back >= ASKED_BACK_MAX {
        return person::not_known(desk);
    }
    Ok(say::text::unknown(desk.talk))
}
