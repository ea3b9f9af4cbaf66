//! Questions about products that were shown.

use super::policy;
use super::variants::{self, own_name};
use crate::llm::keyless::desk::{Desk, Stop};
use crate::llm::keyless::draft::{Draft, Outcome, fill};
use crate::llm::keyless::intent::content;
use crate::llm::keyless::lexicon as lex;
use crate::llm::keyless::measure;
use crate::llm::keyless::phrases as ph;
use crate::llm::keyless::point::{Pointing, pointing};
use crate::llm::keyless::refer::{Reference, products, stem};
use crate::llm::keyless::results::{Got, Product};
use crate::llm::keyless::say;
use crate::llm::keyless::words::Words;

/// Products compared at most.
const COMPARED_MAX: usize = 4;

/// More about one or two.
pub fn details(desk: &mut Desk, words: &Words) -> Result<Draft, Stop> {
    let got = match meant(desk, words, false)? {
        Ok(got) => got,
        Err(draft) => return Ok(draft),
    };
    let drafts = got.iter().take(2).map(|product| say::goods::details(product, desk.talk));
    Ok(drafts.reduce(Draft::join).unwrap_or_default())
}

/// What they cost.
pub fn price(desk: &mut Desk, words: &Words) -> Result<Draft, Stop> {
    let got = match meant(desk, words, false)? {
        Ok(got) => got,
        Err(draft) => return Ok(draft),
    };
    let talk = desk.talk;
    let draft =
        got.iter().fold(Draft::default(), |draft, product| draft.and(say::goods::price_sentence(product, talk)));
    Ok(draft
        .show(got.iter().map(|product| product.product.clone()))
        .choices([talk.language.pick(ph::TAP_ADD).to_owned()]))
}

/// Two or more against each other.
pub fn compare(desk: &mut Desk, words: &Words) -> Result<Draft, Stop> {
    let talk = desk.talk;
    let pointed = pointing(words, true);
    let shown: Vec<String> = talk.state.shown.iter().map(|shown| shown.product.clone()).collect();
    let mut these = match products(words, &pointed, &talk.state) {
        Reference::These(these) => these,
        _ => shown.clone(),
    };
    if these.len() < 2 {
        // "Compare it with the second" names one place and means the one talked about as the other.
        these.extend(talk.state.about.iter().filter(|about| !these.contains(about)).cloned().collect::<Vec<_>>());
    }
    if these.len() < 2 && !pointed.is_exact() {
        these = shown;
    }
    these.truncate(if pointed.is_exact() { COMPARED_MAX } else { 2.max(these.len().min(3)) });
    if these.len() < 2 {
        return Ok(say::goods::which(talk, ph::NEED_TWO));
    }
    let got: Got = desk.get(&these)?;
    if got.products.len() < 2 {
        return Err(Stop::Closed);
    }
    Ok(say::goods::comparison(&got.products, talk))
}

/// A property, a size, a colour.
pub fn question(desk: &mut Desk, words: &Words, asked: &str) -> Result<Draft, Stop> {
    let got = match meant(desk, words, true)? {
        Ok(got) => got,
        Err(draft) => return Ok(draft),
    };
    let Some(product) = got.first() else { return Err(Stop::Closed) };
    if let Some(draft) = variants::answer(product, words, desk).or_else(|| about_properties(product, words, desk)) {
        // Taps name sizes in figures without naming the product; it is their source.
        return Ok(draft.show([product.product.clone()]).sources([product.name.clone()]));
    }
    let only_named = content(&content_beside(words, product)).is_empty();
    if only_named {
        return Ok(say::goods::details(product, desk.talk));
    }
    // A text about washing is no answer to "is it waterproof?".
    if pointing(words, false).any() && !words.has(lex::POLICY) {
        return Ok(does_not_say(product, desk));
    }
    match policy::from_texts(desk, asked, true) {
        Ok(Some(draft)) => Ok(draft),
        Ok(None) | Err(Stop::Closed) => Ok(does_not_say(product, desk)),
        Err(call) => Err(call),
    }
}

fn does_not_say(product: &Product, desk: &Desk) -> Draft {
    let language = desk.talk.language;
    Draft::of(fill(language, ph::DOES_NOT_SAY, &[("[a]", &product.name)]))
        .show([product.product.clone()])
        .choices([language.pick(ph::TAP_COLLEAGUE).to_owned()])
        .outcome(Outcome::AskBack)
}

/// The products meant, in full; or the question which one.
fn meant(desk: &mut Desk, words: &Words, by_properties: bool) -> Result<Result<Vec<Product>, Draft>, Stop> {
    let talk = desk.talk;
    let pointed = pointing(words, false);
    let described = describes(words, &pointed) && by_properties && talk.state.shown.len() > 1;
    let these = match products(words, &pointed, &talk.state) {
        Reference::These(these)
            if !(described
                && these.len() == 1
                && Some(&these[..]) == talk.state.about.as_ref().map(std::slice::from_ref)) =>
        {
            these
        }
        Reference::Nothing => {
            return Ok(Err(Draft::of(talk.language.pick(ph::SEARCH_FIRST)).outcome(Outcome::AskBack)));
        }
        Reference::Unclear if by_properties && variants::names_option(words) && !described => {
            return super::find::refine(desk, &variants::options_said(words)).map(Err);
        }
        Reference::Unclear if !described => return Ok(Err(say::goods::which(talk, ph::WHICH))),
        _ => return by_description(desk, words),
    };
    let got: Got = desk.get(&these)?;
    if got.products.is_empty() { Err(Stop::Closed) } else { Ok(Ok(got.products)) }
}

/// "The red one" is looked for in what the shown products are made of.
fn by_description(desk: &mut Desk, words: &Words) -> Result<Result<Vec<Product>, Draft>, Stop> {
    let talk = desk.talk;
    let shown: Vec<String> = talk.state.shown.iter().map(|shown| shown.product.clone()).collect();
    let got: Got = desk.get(&shown)?;
    let said = content(words);
    let score = |product: &Product| {
        let all = Words::read(&text_of(product).chars().take(1_000).collect::<String>());
        said.plains().filter(|plain| all.plains().any(|word| stem(&own_name(word)) == stem(&own_name(plain)))).count()
    };
    let best = got.products.iter().map(score).max().unwrap_or(0);
    let mut leaders: Vec<Product> = got.products.iter().filter(|product| score(product) == best).cloned().collect();
    if best == 0 || leaders.len() != 1 {
        return Ok(Err(say::goods::which(talk, ph::WHICH)));
    }
    leaders.truncate(1);
    Ok(Ok(leaders))
}

fn describes(words: &Words, pointed: &Pointing) -> bool {
    !pointed.is_exact() && !pointed.it && !words.has(lex::OPTIONS) && (words.has_exactly(&["one"]) || words.len() == 2)
}

fn text_of(product: &Product) -> String {
    let variants: Vec<&str> = product.variants.iter().take(60).map(|variant| variant.options.as_str()).collect();
    format!(
        "{} {} {}",
        product.title,
        variants.join(" "),
        product.attributes.values().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    )
}

/// What the attributes say, or else the description.
fn about_properties(product: &Product, words: &Words, desk: &Desk) -> Option<Draft> {
    let talk = desk.talk;
    let said = content_beside(words, product);
    let speaks = |text: &str| {
        let words = Words::read(&text.replace('_', " "));
        said.plains().filter(|plain| words.plains().any(|word| stem(word) == stem(plain))).count()
    };
    let measured = measure::answering(words, &product.attributes);
    let measured: Vec<String> = measured
        .into_iter()
        .filter_map(|(key, value)| say::goods::attribute_sentence(product, key, value, talk))
        .take(2)
        .collect();
    if !measured.is_empty() {
        let tap = talk.language.pick(ph::TAP_ADD).to_owned();
        return Some(measured.into_iter().fold(Draft::default(), Draft::and).choices([tap]));
    }
    let by_key = product.attributes.iter().filter(|(key, _)| speaks(key) > 0);
    let by_value = product.attributes.iter().filter(|(_, value)| value.as_str().is_some_and(|value| speaks(value) > 0));
    let facts: Vec<String> = by_key
        .chain(by_value)
        .filter_map(|(key, value)| say::goods::attribute_sentence(product, key, value, talk))
        .take(2)
        .collect();
    let tap = talk.language.pick(ph::TAP_ADD).to_owned();
    if !facts.is_empty() {
        return Some(facts.into_iter().fold(Draft::default(), Draft::and).choices([tap]));
    }
    let told = say::sentences(product.description.as_deref().unwrap_or_default());
    let best = told
        .iter()
        .filter(|sentence| speaks(sentence) > 0)
        .filter_map(|sentence| say::sayable(sentence, talk, 300))
        .max_by_key(|s| speaks(s))?;
    Some(Draft::of(format!("{{{{{}.title}}}}: {best}", product.name)).choices([tap]))
}

/// The words of weight that are not the product's own name.
fn content_beside(words: &Words, product: &Product) -> Words {
    let title = Words::read(&product.title);
    let names: Vec<&str> = title.plains().collect();
    content(words).without_exactly(&names)
}
