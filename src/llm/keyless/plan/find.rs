//! Searching, and searching on from there.

use super::{piece, policy};
use crate::llm::keyless::desk::{Desk, Stop};
use crate::llm::keyless::draft::{Draft, Outcome, fill};
use crate::llm::keyless::intent::{Intent, content, read};
use crate::llm::keyless::phrases as ph;
use crate::llm::keyless::point::pointing;
use crate::llm::keyless::refer::{Reference, products};
use crate::llm::keyless::results::Found;
use crate::llm::keyless::say;
use crate::llm::keyless::words::Words;

/// Products asked for at once.
const LIMIT: u32 = 5;
/// Products asked for when some of them were seen already.
const LIMIT_FOR_MORE: u32 = 10;
/// Words between a comparison and the one it points at.
const POINTING: &[&str] = &["than", "que", "do", "one"];

/// Goods; when there are none of the kind, the shop's texts may know.
pub fn find(desk: &mut Desk, query: &str, words: &Words) -> Result<Draft, Stop> {
    let talk = desk.talk;
    let found: Found = desk.search(query, "relevance", None, LIMIT)?;
    if found.relevant && !found.items.is_empty() {
        return Ok(say::goods::found(&found, talk));
    }
    match policy::from_texts(desk, &words.written(), true) {
        Ok(Some(draft)) => Ok(draft),
        Ok(None) | Err(Stop::Closed) => Ok(say::goods::not_carried(&found, talk)),
        Err(call) => Err(call),
    }
}

/// The last search with more words; the server lets the last mention of a limit win.
pub fn refine(desk: &mut Desk, more: &str) -> Result<Draft, Stop> {
    let query = on_from_last(desk, more);
    find(desk, &query, &Words::read(more))
}

/// Below the price of the product talked about, or of the first shown.
pub fn cheaper(desk: &mut Desk, more: &str, words: &Words) -> Result<Draft, Stop> {
    let talk = desk.talk;
    if is_fresh(desk, more) {
        return sorted(desk, more, "price_low");
    }
    let pointed = match products(words, &pointing(words, false), &talk.state) {
        Reference::These(these) => these.into_iter().next(),
        _ => talk.state.shown.first().map(|shown| shown.product.clone()),
    };
    // What points at one of those shown is no word to search for.
    let place = pointing(words, false).is_exact();
    let narrower =
        if place { content(&Words::read(more)).without_exactly(POINTING).written() } else { more.to_owned() };
    let mut query = on_from_last(desk, &narrower);
    if query.is_empty() {
        let title = talk.state.shown.iter().find(|shown| Some(&shown.product) == pointed.as_ref());
        query = title.map(|shown| shown.title.clone()).unwrap_or_default();
    }
    if query.is_empty() {
        return Ok(search_first(desk));
    }
    let found: Found = desk.search(&query, "price_low", pointed.as_deref(), LIMIT)?;
    if found.relevant && !found.items.is_empty() && found.relaxed.is_empty() {
        return Ok(say::goods::found_first(&found, ph::LEAST, talk));
    }
    let fitting: Found = desk.search(&query, "price_low", None, LIMIT)?;
    match fitting.items.first() {
        Some(least) => {
            Ok(Draft::of(fill(talk.language, ph::NOTHING_CHEAPER, &[("[a]", &least.name)]))
                .show([least.product.clone()]))
        }
        None => Ok(say::goods::not_carried(&fitting, talk)),
    }
}

/// The cheapest or dearest first.
pub fn sorted(desk: &mut Desk, more: &str, sort: &str) -> Result<Draft, Stop> {
    let talk = desk.talk;
    let query = if is_fresh(desk, more) { more.to_owned() } else { on_from_last(desk, more) };
    if query.is_empty() {
        return Ok(search_first(desk));
    }
    let found: Found = desk.search(&query, sort, None, LIMIT)?;
    if !found.relevant || found.items.is_empty() {
        return Ok(say::goods::not_carried(&found, talk));
    }
    let phrase = if sort == "price_low" { ph::LEAST } else { ph::PRICE_IS };
    Ok(say::goods::found_first(&found, phrase, talk))
}

/// The same search again, without what was shown.
pub fn more(desk: &mut Desk) -> Result<Draft, Stop> {
    let talk = desk.talk;
    let query = on_from_last(desk, "");
    if query.is_empty() {
        return Ok(search_first(desk));
    }
    let mut found: Found = desk.search(&query, "relevance", None, LIMIT_FOR_MORE)?;
    found.items.retain(|item| talk.state.shown.iter().all(|shown| shown.product != item.product));
    if found.items.is_empty() || !found.relevant {
        return Ok(Draft::of(talk.language.pick(ph::NO_MORE)).choices([talk.language.pick(ph::TAP_CHEAPER).to_owned()]));
    }
    Ok(say::goods::items(talk.language.pick(ph::MORE_OF_IT).to_owned(), &found.items))
}

pub(super) fn on_from_last(desk: &Desk, more: &str) -> String {
    let last = desk.talk.state.last_search.as_ref().map_or("", |search| search.query.as_str());
    // A long chain of refinements keeps its beginning, which names the goods, and its end, which counts.
    let last: String = last.chars().take(200).collect();
    format!("{last} {more}").trim().to_owned()
}

/// Whether the words name goods of their own, and do not only narrow the last search.
fn is_fresh(desk: &Desk, more: &str) -> bool {
    matches!(read(&piece(&Words::read(more)), &desk.talk.scene()), Intent::Find(_))
}

pub(super) fn search_first(desk: &Desk) -> Draft {
    Draft::of(desk.talk.language.pick(ph::SEARCH_FIRST)).outcome(Outcome::AskBack)
}
