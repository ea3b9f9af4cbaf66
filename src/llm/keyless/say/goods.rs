//! Products in words: what was found, one in detail, several against each other.

use super::{has_figures, quiet, sayable, sentences};
use crate::llm::keyless::draft::{Draft, Outcome, SHOW_MAX, fill};
use crate::llm::keyless::phrases as ph;
use crate::llm::keyless::results::{Found, Item, Product};
use crate::llm::keyless::talk::Talk;
use crate::llm::keyless::words::fold;
use serde_json::Value;

/// Characters of a description that are quoted.
const DESCRIPTION_CHARS_MAX: usize = 240;
/// Characters of an attribute's value.
const VALUE_CHARS_MAX: usize = 60;
/// Attributes a comparison puts side by side.
const ATTRIBUTES_MAX: usize = 4;

/// What a search found. It has items.
pub fn found(found: &Found, talk: &Talk) -> Draft {
    let [one, other, third] = ph::FITS_BEST;
    let phrase = match (found.items.len(), talk.history.len() / 2 % 3) {
        (1, _) => ph::FITS_ONE,
        (_, 0) => one,
        (_, 1) => other,
        _ => third,
    };
    found_first(found, phrase, talk)
}

/// The same, the first item being spoken of in a phrase of its own.
pub fn found_first(found: &Found, phrase: ph::Phrase, talk: &Talk) -> Draft {
    let language = talk.language;
    let mut draft = Draft::default();
    if !found.relaxed.is_empty() {
        draft = draft.and(fill(language, ph::RELAXED, &[("[what]", &relaxed(found, talk))]));
    }
    let Some(best) = found.items.first() else { return draft };
    let phrase = if found.relaxed.is_empty() { phrase } else { ph::NEAREST };
    let shown = || found.items.iter().take(SHOW_MAX);
    let cheapest = shown().filter(|item| amount(&item.price).is_some()).min_by_key(|item| amount(&item.price));
    // "The lowest price" has to be true, whatever the order of the answer.
    let best = cheapest.filter(|_| phrase == ph::LEAST).unwrap_or(best);
    draft = draft.and(fill(language, phrase, &[("[a]", &best.name)]));
    let mut taps = Vec::new();
    if found.items.len() > 1 {
        taps.push(ph::TAP_COMPARE);
        taps.push(ph::TAP_CHEAPER);
    }
    if found.total > found.items.len().min(SHOW_MAX) as u64 {
        taps.push(ph::TAP_MORE);
    }
    draft
        .show(shown().map(|item| item.product.clone()))
        .choices(taps.into_iter().map(|tap| language.pick(tap).to_owned()))
}

/// The items alone, under a sentence of their own.
pub fn items(sentence: String, items: &[Item]) -> Draft {
    Draft::of(sentence).show(items.iter().take(SHOW_MAX).map(|item| item.product.clone()))
}

/// Nothing of the kind; the nearest, when there is something.
pub fn not_carried(found: &Found, talk: &Talk) -> Draft {
    let draft = Draft::of(talk.language.pick(ph::NOT_CARRIED));
    match found.items.first() {
        Some(nearest) => draft
            .and(fill(talk.language, ph::NEAREST, &[("[a]", &nearest.name)]))
            .show(found.items.iter().take(2).map(|item| item.product.clone())),
        None => draft,
    }
    .choices([talk.language.pick(ph::TAP_COLLEAGUE).to_owned()])
}

fn relaxed(found: &Found, talk: &Talk) -> String {
    let spoken: Vec<String> = found
        .relaxed
        .iter()
        .take(4)
        .map(|wish| {
            let is_limit = wish.contains(['€', '$', '£']) || fold(wish).contains("price");
            let instead = if is_limit { ph::THE_LIMIT } else { ph::A_WISH };
            sayable(wish, talk, VALUE_CHARS_MAX).unwrap_or_else(|| talk.language.pick(instead).to_owned())
        })
        .collect();
    spoken.join(", ")
}

/// One product in detail.
pub fn details(product: &Product, talk: &Talk) -> Draft {
    let language = talk.language;
    let mut draft = Draft::of(price_sentence(product, talk));
    let description = product.description.as_deref().unwrap_or_default();
    let mut room = DESCRIPTION_CHARS_MAX;
    for sentence in
        sentences(description).iter().filter_map(|sentence| sayable(sentence, talk, DESCRIPTION_CHARS_MAX)).take(3)
    {
        let chars = sentence.chars().count();
        if chars <= room {
            room -= chars;
            draft = draft.and(sentence);
        }
    }
    draft.show([product.product.clone()]).choices([language.pick(ph::TAP_ADD).to_owned()])
}

/// "Fjell costs €149.90."
pub fn price_sentence(product: &Product, talk: &Talk) -> String {
    let phrase = match (&product.compare_at, product.price_from) {
        (Some(_), _) => ph::REDUCED,
        (None, true) => ph::PRICE_FROM,
        (None, false) => ph::PRICE_IS,
    };
    fill(talk.language, phrase, &[("[a]", &product.name)])
}

/// "Fjell – waterproof: yes."
pub fn attribute_sentence(product: &Product, key: &str, value: &Value, talk: &Talk) -> Option<String> {
    let key_spoken = sayable(&key.replace('_', " "), talk, VALUE_CHARS_MAX)?;
    let value = attribute_value(product, key, value)?;
    let phrase = match value.as_str() {
        "yes" => Some(ph::YES_IT_IS),
        "no" => Some(ph::NO_IT_IS_NOT),
        _ => None,
    };
    if let Some(phrase) = phrase {
        return Some(fill(talk.language, phrase, &[("[a]", &product.name), ("[key]", &key_spoken)]));
    }
    Some(fill(talk.language, ph::SAYS, &[("[a]", &product.name), ("[key]", &key_spoken), ("[value]", &value)]))
}

/// Words are said, figures are pointed at.
fn attribute_value(product: &Product, key: &str, value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(list) => list.iter().filter_map(Value::as_str).take(6).collect::<Vec<_>>().join(", "),
        _ => return None,
    };
    let text = quiet(&text, VALUE_CHARS_MAX);
    if has_figures(&text) {
        let plain = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ' ' | '-'));
        return plain.then(|| format!("{{{{{}.attributes.{key}}}}}", product.name));
    }
    (!text.is_empty()).then_some(text)
}

/// Several products against each other: a line each, with what differs.
pub fn comparison(products: &[Product], talk: &Talk) -> Draft {
    let mut keys: Vec<&String> = products.iter().flat_map(|product| product.attributes.keys()).collect();
    keys.sort();
    keys.dedup();
    keys.retain(|key| {
        let mut values = products.iter().map(|product| product.attributes.get(*key));
        let first = values.next();
        !has_figures(key) && values.any(|value| Some(value) != first)
    });
    let mut draft = Draft::default();
    for product in products {
        let mut line = format!("• {{{{{0}.title}}}}: {{{{{0}.price}}}}", product.name);
        for key in keys.iter().take(ATTRIBUTES_MAX) {
            let value = product.attributes.get(*key).and_then(|value| attribute_value(product, key, value));
            line.push_str(&format!(
                "; {} {}",
                quiet(&key.replace('_', " "), VALUE_CHARS_MAX),
                value.unwrap_or_else(|| "–".to_owned())
            ));
        }
        draft = draft.and(line);
    }
    if keys.is_empty() {
        draft = draft.and(talk.language.pick(ph::ALIKE));
    }
    draft.show(products.iter().map(|product| product.product.clone()))
}

/// "Which one do you mean?", with the titles to tap.
pub fn which(talk: &Talk, phrase: ph::Phrase) -> Draft {
    Draft::of(talk.language.pick(phrase))
        .choices(talk.state.shown.iter().map(|shown| shown.title.clone()))
        .outcome(Outcome::AskBack)
}

/// A price as a number of its own digits, only to see which is less.
fn amount(price: &str) -> Option<u64> {
    let digits: String = price.chars().filter(char::is_ascii_digit).take(15).collect();
    digits.parse().ok()
}
