//! Orders in words.

use crate::llm::keyless::draft::{Draft, fill};
use crate::llm::keyless::phrases as ph;
use crate::llm::keyless::results::Order;
use crate::llm::keyless::talk::Talk;

/// One order: where it is, and when it moved.
pub fn one(order: &Order, talk: &Talk) -> Draft {
    let language = talk.language;
    let blanks = [("[o]", order.name.as_str())];
    let mut draft = Draft::of(fill(language, ph::ORDER_IS, &blanks));
    let has = |field: &Option<String>| field.as_deref().is_some_and(|text| !text.is_empty());
    if has(&order.delivered) {
        return draft.and(fill(language, ph::ORDER_ARRIVED, &blanks));
    }
    if has(&order.tracking) && has(&order.carrier) {
        draft = draft.and(fill(language, ph::ORDER_TRACKING, &blanks));
    }
    if has(&order.shipped) {
        draft.and(fill(language, ph::ORDER_SHIPPED, &blanks))
    } else if has(&order.placed) {
        draft.and(fill(language, ph::ORDER_PLACED, &blanks))
    } else {
        draft
    }
}

/// Several orders to choose from.
pub fn several(orders: &[Order], talk: &Talk) -> Draft {
    let mut draft = Draft::of(talk.language.pick(ph::ORDERS_ARE));
    for order in orders.iter().take(3) {
        // In one breath with the number, so that the date stands beside its own order.
        let placed = if order.placed.is_some() { format!(" · {{{{{}.placed}}}}", order.name) } else { String::new() };
        draft = draft.and(format!("• {{{{{0}.number}}}}{placed}: {{{{{0}.status}}}}", order.name));
    }
    draft.choices(orders.iter().take(6).map(|order| order.number.clone()))
}

/// None is seen here.
pub fn none(talk: &Talk, phrase: ph::Phrase) -> Draft {
    Draft::of(talk.language.pick(phrase)).choices([talk.language.pick(ph::TAP_COLLEAGUE).to_owned()])
}
