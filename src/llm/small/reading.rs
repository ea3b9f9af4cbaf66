//! A reading as the model wrote it, checked; and how it travels from step to step of one turn.

use crate::llm::keyless::{Reading, WANTS};
use crate::llm::{Answer, Message, Request};
use serde::Deserialize;
use serde_json::Value;

/// Characters of a request in other words.
const REQUEST_CHARS_MAX: usize = 300;
/// Characters of a message that are read.
const SAID_CHARS_MAX: usize = 1_000;
/// Between the id of a call and the reading it carries.
const CARRIES: char = '~';

#[derive(Deserialize)]
struct Written {
    wants: String,
    #[serde(default)]
    request: String,
}

/// Reads what the model wrote. A wish nobody named is none. Other words are taken only when every figure in them was said
/// or shown before: a small model copies figures from its examples.
pub(super) fn parse(written: &str, request: &Request) -> Option<Reading> {
    let object = written.get(written.find('{')?..=written.rfind('}')?)?;
    let read: Written = serde_json::from_str(object).ok()?;
    let wants = WANTS.into_iter().find(|known| *known == read.wants.trim())?;
    let words: String = read.request.trim().chars().take(REQUEST_CHARS_MAX).collect();
    let said = said(request);
    let honest = !words.is_empty() && figures(&words).all(|figure| known(request, &said, figure));
    Some(Reading { wants: wants.to_owned(), request: if honest { words } else { said } })
}

fn figures(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().any(|c| c.is_ascii_digit()))
}

fn known(request: &Request, said: &str, figure: &str) -> bool {
    let has = |text: &str| figures(text).any(|other| other.eq_ignore_ascii_case(figure));
    has(said)
        || request.messages.iter().any(|message| match message {
            Message::Shopper { text } | Message::Agent { text } => has(text),
            Message::State { state } => has(&state.to_string()),
            _ => false,
        })
}

/// The shopper's words of this turn.
pub(super) fn said(request: &Request) -> String {
    let turn = request.messages.iter().rposition(|m| matches!(m, Message::State { .. }));
    let until = request.messages.get(..turn.unwrap_or(request.messages.len())).unwrap_or_default();
    let mut words: Vec<&str> = until
        .iter()
        .rev()
        .map_while(|m| if let Message::Shopper { text } = m { Some(text.as_str()) } else { None })
        .collect();
    words.reverse();
    words.join("\n").chars().take(SAID_CHARS_MAX).collect()
}

/// What our side said last.
pub(super) fn last_agent(request: &Request, chars_max: usize) -> String {
    let last = request.messages.iter().rev().find_map(|m| match m {
        Message::Agent { text } => Some(text.as_str()),
        _ => None,
    });
    last.unwrap_or_default().chars().take(chars_max).collect()
}

/// Titles shown before, in order.
pub(super) fn shown(request: &Request, max: usize) -> Vec<String> {
    let shown = state(request).and_then(|s| s.get("shown")).and_then(Value::as_array);
    let titles = shown.into_iter().flatten().filter_map(|item| item.get("title").and_then(Value::as_str));
    titles.take(max).map(|title| title.chars().take(60).collect()).collect()
}

/// Whether nothing lies in the cart.
pub(super) fn cart_is_empty(request: &Request) -> bool {
    state(request).and_then(|s| s.pointer("/cart/pieces")).and_then(Value::as_u64).unwrap_or(0) == 0
}

fn state(request: &Request) -> Option<&Value> {
    request.messages.iter().rev().find_map(|m| match m {
        Message::State { state } => Some(state),
        _ => None,
    })
}

/// Lets a call carry the reading.
pub(super) fn carry(answer: &mut Answer, reading: &Reading) {
    let written = serde_json::to_string(reading).unwrap_or_default();
    for call in &mut answer.calls {
        call.id = format!("{}{CARRIES}{written}", call.id);
    }
}

/// The reading that the calls of this turn carry.
pub(super) fn carried(request: &Request) -> Option<Reading> {
    request.messages.iter().find_map(|message| match message {
        Message::Calls { calls } => {
            calls.iter().find_map(|call| serde_json::from_str(call.id.split_once(CARRIES)?.1).ok())
        }
        _ => None,
    })
}
