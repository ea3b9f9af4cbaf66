//! "Which one is lighter?" and "something lighter": a verdict where a figure decides.

use super::{ask, find};
use crate::llm::keyless::desk::{Desk, Stop};
use crate::llm::keyless::draft::{Draft, fill};
use crate::llm::keyless::intent::{comparatives, content, query};
use crate::llm::keyless::measure::{Candidate, superlative};
use crate::llm::keyless::phrases as ph;
use crate::llm::keyless::results::{Found, Got, Product};
use crate::llm::keyless::say;
use crate::llm::keyless::words::Words;

/// Products one call reads.
const READ_AT_ONCE: usize = 4;
/// Words that say nothing of what is wished.
const VAGUE: &[&str] = &["something", "anything", "algo", "ones", "one", "show", "find"];
/// Products a search is ordered among.
const SEARCHED: u32 = 10;

/// The one of those shown that has most or least of it.
pub fn of_shown(desk: &mut Desk, words: &Words) -> Result<Draft, Stop> {
    let shown: Vec<String> = desk.talk.state.shown.iter().map(|shown| shown.product.clone()).collect();
    let mut products: Vec<Product> = Vec::new();
    for some in shown.chunks(READ_AT_ONCE).take(2) {
        let got: Got = desk.get(some)?;
        products.extend(got.products);
    }
    let candidates: Vec<Candidate<'_>> = products
        .iter()
        .map(|p| Candidate { attributes: &p.attributes, price: p.price.as_deref().unwrap_or_default() })
        .collect();
    let Some((key, order)) = superlative(words).and_then(|s| s.rank(&candidates)) else {
        return ask::compare(desk, words);
    };
    let named: Vec<(&str, &str)> =
        order.iter().filter_map(|at| products.get(*at)).map(|p| (p.name.as_str(), p.product.as_str())).collect();
    Ok(verdict(desk, &key, &named))
}

/// The last search, in the order of what was asked for.
pub fn of_search(desk: &mut Desk, words: &Words) -> Result<Draft, Stop> {
    let talk = desk.talk;
    if superlative(words).is_some_and(|wanted| wanted.is_bounded()) {
        // The server holds it against what was shown, and leaves out what is no lighter.
        let said = Words::read(&query(words)).without_exactly(VAGUE).written();
        let found: Found = desk.search(&find::on_from_last(desk, &said), "relevance", None, SEARCHED)?;
        if found.relevant && found.relaxed.is_empty() && !found.items.is_empty() {
            return Ok(in_order(desk, words, &found).unwrap_or_else(|| say::goods::found(&found, talk)));
        }
    }
    let query = find::on_from_last(desk, "");
    if query.is_empty() {
        return Ok(find::search_first(desk));
    }
    let found: Found = desk.search(&query, "relevance", None, SEARCHED)?;
    match in_order(desk, words, &found) {
        Some(draft) => Ok(draft),
        None if found.items.len() > 1 => {
            let wish = comparatives(words).unwrap_or_else(|| words.clone());
            find::refine(desk, &content(&wish).without_exactly(VAGUE).written())
        }
        None => {
            Ok(Draft::of(talk.language.pick(ph::NO_MORE)).show(found.items.iter().map(|item| item.product.clone())))
        }
    }
}

/// What was found, in the order of a figure, where one decides.
fn in_order(desk: &Desk, words: &Words, found: &Found) -> Option<Draft> {
    let candidates: Vec<Candidate<'_>> =
        found.items.iter().map(|item| Candidate { attributes: &item.attributes, price: &item.price }).collect();
    let (key, order) = superlative(words)?.rank(&candidates)?;
    let items = order.iter().filter_map(|at| found.items.get(*at));
    let named: Vec<(&str, &str)> = items.map(|i| (i.name.as_str(), i.product.as_str())).collect();
    let shown: Vec<String> = named.iter().map(|(_, product)| (*product).to_owned()).collect();
    Some(verdict(desk, &key, &named).show(shown))
}

/// The winner and the runner-up with their figures.
fn verdict(desk: &Desk, key: &str, order: &[(&str, &str)]) -> Draft {
    let language = desk.talk.language;
    let Some((first, product)) = order.first() else { return Draft::default() };
    let field = if key == "price" { key.to_owned() } else { format!("attributes.{key}") };
    let spoken = say::quiet(key, 40);
    let second = order.get(1).map_or(*first, |(second, _)| *second);
    let phrase = if key == "price" { ph::MOST_BY_PRICE } else { ph::MOST };
    let blanks = [("[a]", *first), ("[b]", second), ("[field]", field.as_str()), ("[key]", spoken.as_str())];
    Draft::of(fill(language, phrase, &blanks))
        .show([(*product).to_owned()])
        .choices([language.pick(ph::TAP_ADD).to_owned()])
}
