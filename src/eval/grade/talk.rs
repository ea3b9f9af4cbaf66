//! What was heard against what was expected to be heard.

use crate::domain::id::VariantId;
use crate::domain::message::{Card, Reply};
use crate::domain::product::Product;
use crate::eval::grade::{Failures, amount, quote};
use crate::eval::scenario::expect::{CardIs, Cards, Expect};
use crate::eval::shopper::{Heard, Played, button_list};

pub(super) fn grade(expect: &Expect, heard: &Heard, played: &Played, failures: &mut Failures) {
    let said = || quote(heard);
    let replies: Vec<&Reply> = heard.spoken.iter().map(|s| &s.reply).collect();
    let text = replies.iter().map(|r| r.text.to_lowercase()).collect::<Vec<_>>().join("\n");
    let has = |words: &String| text.contains(&words.to_lowercase());
    if let Some(count) = expect.messages {
        failures.unless(replies.len() == count, || format!("{count} messages"), said);
    }
    for words in &expect.text_has {
        failures.unless(has(words), || format!("the text has \"{words}\""), said);
    }
    if !expect.text_has_any.is_empty() {
        let any = &expect.text_has_any;
        failures.unless(any.iter().any(has), || format!("the text has one of {any:?}"), said);
    }
    for words in &expect.text_lacks {
        failures.unless(!has(words), || format!("the text lacks \"{words}\""), said);
    }
    if let Some(wanted) = &expect.cards {
        let cards: Vec<&Card> = replies.iter().flat_map(|r| &r.cards).collect();
        grade_cards(wanted, &cards, heard, played, failures);
    }
    if let Some(title) = &expect.source {
        let named = replies.iter().flat_map(|r| &r.sources).any(|s| s.title.contains(title.as_str()));
        let sources = || {
            let all: Vec<String> = replies.iter().flat_map(|r| &r.sources).map(|s| s.title.clone()).collect();
            format!("sources {all:?}; {}", quote(heard))
        };
        failures.unless(named, || format!("the source {title}"), sources);
    }
    amounts(expect, &replies, heard, failures);
    for name in &expect.buttons {
        let lower = name.to_lowercase();
        let shown =
            replies.iter().flat_map(|r| button_list(r)).any(|b| &b.id == name || b.label.to_lowercase() == lower);
        failures.unless(shown, || format!("the button [{name}]"), said);
    }
    if let Some(wanted) = expect.hands_off {
        let notice = Some(crate::domain::message::Notice::HandOff);
        let announced = replies.iter().any(|r| r.notice == notice);
        failures.unless(announced == wanted, || format!("a colleague announced: {wanted}"), said);
    }
    if let Some(words) = &expect.page_has {
        let page = heard.page.clone().unwrap_or_default();
        failures.unless(
            page.to_lowercase().contains(&words.to_lowercase()),
            || format!("the page has \"{words}\""),
            || page.clone(),
        );
    }
}

fn amounts(expect: &Expect, replies: &[&Reply], heard: &Heard, failures: &mut Failures) {
    let said = || quote(heard);
    let summary = replies.iter().rev().find_map(|r| r.summary.as_ref());
    let payment = replies.iter().rev().find_map(|r| r.payment.as_ref());
    if let Some(wanted) = expect.summary {
        failures.unless(summary.is_some() == wanted, || format!("an order summary: {wanted}"), said);
    }
    if let Some(wanted) = expect.payment {
        failures.unless(payment.is_some() == wanted, || format!("a payment page: {wanted}"), said);
    }
    if let Some(total) = &expect.summary_total {
        let shown = summary.and_then(|s| s.totals.iter().find(|t| t.strong)).and_then(|t| amount(&t.amount));
        failures.unless(shown.is_some() && shown == amount(total), || format!("a summary of {total}"), said);
    }
    if let Some(total) = &expect.payment_total {
        let shown = payment.and_then(|p| amount(&p.total));
        failures.unless(shown.is_some() && shown == amount(total), || format!("a payment of {total}"), said);
    }
}

fn grade_cards(wanted: &Cards, cards: &[&Card], heard: &Heard, played: &Played, failures: &mut Failures) {
    let said = || quote(heard);
    if let Some(min) = wanted.min {
        failures.unless(cards.len() >= min, || format!("at least {min} cards"), said);
    }
    if let Some(max) = wanted.max {
        failures.unless(cards.len() <= max, || format!("at most {max} cards"), said);
    }
    for id in &wanted.includes {
        failures.unless(cards.iter().any(|c| &c.product == id), || format!("a card of {id}"), said);
    }
    for id in &wanted.excludes {
        failures.unless(!cards.iter().any(|c| &c.product == id), || format!("no card of {id}"), said);
    }
    if let Some(id) = &wanted.first {
        failures.unless(cards.first().is_some_and(|c| &c.product == id), || format!("{id} first"), said);
    }
    let wrong = |card: &Card, is: &CardIs| match played.after.products.get(&card.product) {
        Some(product) => why_not(is, card, product),
        None => Some("a product of this shop".to_owned()),
    };
    for card in cards {
        let why = wrong(card, &wanted.all);
        failures.unless(
            why.is_none(),
            || format!("every card: {}", why.clone().unwrap_or_default()),
            || format!("{} {} {}", card.title, card.price, card.stock),
        );
    }
    if let Some(any) = &wanted.any {
        let found = cards.iter().any(|card| wrong(card, any).is_none());
        failures.unless(found, || format!("some card: {any:?}"), said);
    }
}

/// What a card is not, though it should be.
fn why_not(is: &CardIs, card: &Card, product: &Product) -> Option<String> {
    let price = amount(&card.price).map(|m| m.minor);
    let limit = |text: &Option<String>| text.as_ref().and_then(|t| amount(t)).map(|m| m.minor);
    if let Some(most) = limit(&is.price_at_most)
        && price.is_none_or(|p| p > most)
    {
        return Some(format!("at most {}", is.price_at_most.clone().unwrap_or_default()));
    }
    if let Some(least) = limit(&is.price_at_least)
        && price.is_none_or(|p| p < least)
    {
        return Some(format!("at least {}", is.price_at_least.clone().unwrap_or_default()));
    }
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    if !is.options.is_empty() {
        let fits = |v: &crate::domain::product::Variant| {
            v.in_stock() && is.options.iter().all(|(name, value)| v.option(name).is_some_and(|o| same(o, value)))
        };
        if !product.variants.iter().any(fits) {
            return Some(format!("{:?} in stock", is.options));
        }
    }
    if !is.category.is_empty() && !is.category.iter().any(|c| same(c, &product.category)) {
        return Some(format!("one of {:?}", is.category));
    }
    for (key, value) in &is.attributes {
        let has = product.attributes.get(key).is_some_and(|v| v.to_lowercase().contains(&value.to_lowercase()));
        if !has {
            return Some(format!("{key}: {value}"));
        }
    }
    if is.stock.as_ref().is_some_and(|stock| !same(stock, &card.stock)) {
        return Some(format!("{:?}", is.stock));
    }
    let titled = |words: &String| product.title.to_lowercase().contains(&words.to_lowercase());
    if !is.title_has.as_ref().is_none_or(titled) {
        return Some(format!("title with {:?}", is.title_has));
    }
    None
}

/// Whether a price on a card is the price of one of the product's variants.
pub(super) fn is_a_price_of(card: &Card, product: &Product) -> bool {
    let shown = amount(&card.price);
    product.variants.iter().any(|v| Some(v.price) == shown)
}

/// The SKU a button puts into the cart, if it is such a button.
pub(super) fn added_by(id: &str) -> Option<VariantId> {
    id.strip_prefix("add:").map(VariantId::new)
}
