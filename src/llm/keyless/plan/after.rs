//! Wishes about an order that stands: which order, what of it, and then the server's own proposal.

mod address;

use super::{order, person};
use crate::llm::keyless::desk::{Desk, Stop};
use crate::llm::keyless::draft::{Draft, Outcome, fill};
use crate::llm::keyless::intent::{After, content};
use crate::llm::keyless::lexicon::after as lex;
use crate::llm::keyless::phrases as ph;
use crate::llm::keyless::point::{order_number, quantity};
use crate::llm::keyless::results::{Order, Orders, ProposedChange};
use crate::llm::keyless::say;
use crate::llm::keyless::words::Words;
use serde_json::{Value, json};

/// Characters of the words for one thing.
const ITEM_CHARS_MAX: usize = 120;
/// Characters of a title in a question.
const TITLE_CHARS_MAX: usize = 120;

/// Does what is wanted as far as it can be proposed; otherwise asks, or says why not.
pub fn wished(desk: &mut Desk, after: After, words: &Words) -> Result<Draft, Stop> {
    let talk = desk.talk;
    let angry = Words::read(&talk.said).has(lex::ANGRY);
    if after == After::Broken && angry {
        return person::complaint(desk, "complaint");
    }
    let found = match order_number(words) {
        Some(number) => named(desk, &number)?,
        None => chosen(desk, after, words)?,
    };
    match found {
        Found::Order(found) => propose(desk, after, words, &found),
        Found::Said(draft) => Ok(draft),
        Found::Nothing if after == After::Broken => person::complaint(desk, "complaint"),
        Found::Nothing => Ok(say::order::none(talk, ph::NO_ORDERS)),
    }
}

enum Found {
    Order(Order),
    Said(Draft),
    Nothing,
}

fn named(desk: &mut Desk, number: &str) -> Result<Found, Stop> {
    let number = order::full_number(desk, number);
    let found: Order = desk.ask("order_get", &json!({ "number": number }))?;
    Ok(if found.refused.is_some() || found.name.is_empty() {
        Found::Said(say::order::none(desk.talk, ph::NO_SUCH_ORDER))
    } else {
        Found::Order(found)
    })
}

/// The order that is meant when none is named: the newest when it is called so, the only one that fits, or a question.
fn chosen(desk: &mut Desk, after: After, words: &Words) -> Result<Found, Stop> {
    let orders: Orders = desk.ask("order_list", &json!({}))?;
    let Some(newest) = orders.orders.first() else { return Ok(Found::Nothing) };
    if words.has(lex::NEWEST) {
        return Ok(Found::Order(newest.clone()));
    }
    let fitting: Vec<&Order> = orders.orders.iter().filter(|o| fits(after, &o.status)).collect();
    Ok(match fitting.as_slice() {
        [only] => Found::Order((*only).clone()),
        // None fits: the newest is asked about all the same, so that the shopper hears why not.
        [] if after == After::Broken => Found::Nothing,
        [] => Found::Order(newest.clone()),
        several => {
            let language = desk.talk.language;
            let tap = |order: &&Order| fill(language, tap_of(after), &[("[number]", &order.number)]);
            let draft = Draft::of(language.pick(ph::WHICH_ORDER)).outcome(Outcome::AskBack);
            Found::Said(draft.choices(several.iter().map(tap)))
        }
    })
}

fn fits(after: After, status: &str) -> bool {
    let waits = status.starts_with("waiting") || status.starts_with("payment");
    let paid = status.starts_with("paid");
    let arrived = status.starts_with("delivered");
    match after {
        After::Cancel | After::Address => waits || paid,
        After::Return | After::Broken => arrived,
        After::Exchange | After::Refund => paid || arrived,
    }
}

fn tap_of(after: After) -> ph::Phrase {
    match after {
        After::Cancel => ph::TAP_CANCEL,
        After::Return => ph::TAP_RETURN,
        After::Exchange => ph::TAP_EXCHANGE,
        After::Address => ph::TAP_ADDRESS,
        After::Refund => ph::TAP_REFUND,
        After::Broken => ph::TAP_BROKEN,
    }
}

fn propose(desk: &mut Desk, after: After, words: &Words, order: &Order) -> Result<Draft, Stop> {
    let talk = desk.talk;
    let language = talk.language;
    let item = named_item(words, after == After::Exchange);
    let arrived = order.status.starts_with("delivered");
    let (act, item) = match after {
        After::Cancel => ("cancel", None),
        After::Address => ("change_address", None),
        After::Return => ("return", item),
        After::Broken => ("refund", item),
        After::Exchange if arrived || order.status.starts_with("on its way") => ("exchange", item),
        After::Exchange => ("change_items", item),
        // Money for what has not left yet is a cancellation; for what arrived, the goods come back first, unless they
        // are to be kept.
        After::Refund if item.is_none() && !arrived => ("cancel", None),
        After::Refund if words.has(lex::KEEPS) || !arrived => ("refund", item),
        After::Refund => ("return", item),
    };
    let address = match after {
        After::Address => match address::read(&talk.said) {
            Some(address) => address,
            None => return Ok(Draft::of(language.pick(ph::WRITE_ADDRESS)).outcome(Outcome::AskBack)),
        },
        _ => Value::Null,
    };
    let items = item.map(|item| vec![item]);
    let arguments = json!({ "number": order.number, "act": act, "items": items, "address": address });
    let answer: ProposedChange = desk.ask("order_propose", &arguments)?;
    if answer.proposed {
        let sorry = (after == After::Broken).then(|| language.pick(ph::SORRY_BROKEN));
        return Ok(Draft::of(sorry.unwrap_or_default()).and(language.pick(ph::HERE_IS_CHANGE)));
    }
    Ok(refused(desk, &answer))
}

fn refused(desk: &Desk, answer: &ProposedChange) -> Draft {
    let language = desk.talk.language;
    let Some(choose) = answer.choose.as_ref().filter(|choose| !choose.values.is_empty()) else {
        return Draft::of(fill(language, ph::NOT_DONE, &[("[why]", "{{order.refused}}")]))
            .choices([language.pick(ph::TAP_COLLEAGUE).to_owned()]);
    };
    let title = say::quiet(&choose.title, TITLE_CHARS_MAX);
    let question = if title.is_empty() {
        language.pick(ph::WHICH).to_owned()
    } else {
        fill(language, ph::CHOOSE, &[("[title]", title.as_str()), ("[option]", language.pick(ph::WHICH_VERSION))])
    };
    Draft::of(question).choices(choose.values.iter().cloned()).outcome(Outcome::AskBack)
}

/// The thing the words name, what is wanted in its place, and how many of it.
fn named_item(words: &Words, swaps: bool) -> Option<Value> {
    let number = order_number(words).unwrap_or_default();
    let mut rest = words.clone();
    // "#1042" is written without its sign, and numbers are compared in capitals.
    rest.list.retain(|word| word.plain.to_ascii_uppercase() != number);
    for table in [lex::ADDRESS, lex::EXCHANGE, lex::CANCEL, lex::MONEY, lex::RETURN, lex::BROKEN, lex::NEWEST] {
        rest = rest.without(table);
    }
    if rest.has_exactly(lex::EVERYTHING) {
        return Some(json!({"item": "all", "to": null, "quantity": null}));
    }
    rest = rest.without(lex::OPENINGS);
    let connector = rest.list.iter().rposition(|word| lex::INSTEAD.contains(&word.plain.as_str())).filter(|_| swaps);
    let (before, after) = match connector {
        Some(at) => {
            let (before, after) = rest.list.split_at(at);
            (Words { list: before.to_vec() }, Words { list: after.iter().skip(1).cloned().collect() })
        }
        None => (rest, Words::default()),
    };
    // A count stands before its thing: "2 of the socks". The 450 behind a headlamp's name is part of the name.
    let counted = before.without_exactly(lex::BESIDE).without_exactly(lex::ARTICLES);
    let many = quantity(&before)
        .filter(|(_, written)| counted.list.first().is_some_and(|first| &first.written == written))
        .map(|(many, _)| many);
    let short = |words: &Words| {
        let words = content(words).without_exactly(lex::BESIDE);
        words.written().chars().take(ITEM_CHARS_MAX).collect::<String>()
    };
    let item = short(&before);
    // A size such as M or 42 is no word of weight elsewhere, and the one thing that counts here.
    let to = after.without_exactly(lex::ARTICLES);
    let to: String = to.written().chars().take(ITEM_CHARS_MAX).collect();
    if item.is_empty() && to.is_empty() {
        return None;
    }
    Some(json!({"item": item, "to": (!to.is_empty()).then_some(to), "quantity": many}))
}
