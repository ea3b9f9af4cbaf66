//! Filling the cart, changing it, and going to the till.

use super::variants::own_name;
use crate::llm::keyless::desk::{Change, Desk, Stop};
use crate::llm::keyless::draft::{Draft, Outcome, fill};
use crate::llm::keyless::intent::content;
use crate::llm::keyless::lexicon as lex;
use crate::llm::keyless::phrases as ph;
use crate::llm::keyless::point::{PIECES_MAX, pointing, quantity};
use crate::llm::keyless::refer::{Reference, lines, products, stem};
use crate::llm::keyless::results::{Cart, Found, Line, Proposed};
use crate::llm::keyless::say;
use crate::llm::keyless::words::{Words, fold};
use serde_json::json;

/// Options one product may leave open: size, colour, length.
const OPTIONS_OPEN_MAX: usize = 2;
/// Characters of the words for options.
const OPTIONS_CHARS_MAX: usize = 120;

/// What lies in it.
pub fn view(desk: &mut Desk) -> Result<Draft, Stop> {
    let cart: Cart = desk.ask("cart_view", &json!({}))?;
    Ok(say::cart::view(&cart, desk.talk))
}

/// Into the cart, and on to the till when bought.
pub fn add(desk: &mut Desk, words: &Words, buy: bool) -> Result<Draft, Stop> {
    let talk = desk.talk;
    let bare = bare(words);
    let pointed = pointing(words, false);
    let named = match by_question(desk) {
        Some(product) => Reference::These(vec![product]),
        None => products(&bare, &pointed, &talk.state),
    };
    let these = match named {
        // A name that is in no title shown is looked for, unless "it" or a place was said too.
        Reference::These(these) if pointed.any() || named_here(&bare, &these, desk) => these,
        Reference::Unclear if pointed.any() => return Ok(say::goods::which(talk, ph::WHICH)),
        _ => match by_search(desk, &bare)? {
            Ok(product) => vec![product],
            Err(draft) => return Ok(draft),
        },
    };
    if these.len() > 1 && !pointed.is_exact() {
        return Ok(say::goods::which(talk, ph::WHICH));
    }
    let Some(product) = these.first() else { return Ok(say::goods::which(talk, ph::WHICH)) };
    let asked = desk.talk.asked_about().filter(|asked| asked.option);
    // Behind our own question a number is a size and no count: "43".
    let (options, quantity) = match &asked {
        Some(asked) => {
            let wish = Words::read(&asked.wish);
            let first = options(&self::bare(&wish), product, desk).unwrap_or_default();
            let answers = content_of_answers(&asked.answers);
            (Some(format!("{first} {answers}").trim().to_owned()), quantity(&wish))
        }
        None => (options(&bare, product, desk), quantity(words)),
    };
    let options = options.map(|options| in_english(&options));
    let quantity = quantity.map(|(many, _)| many).or_else(|| searched_many(product, desk)).unwrap_or(1);
    let change =
        Change { act: "add", product: Some(product.clone()), variant: None, options, quantity: Some(quantity) };
    let mut cart: Cart = desk.edit(&change)?;
    let mut change = change;
    for _ in 0..OPTIONS_OPEN_MAX {
        // A size named in the search need not be named again.
        let Some(known) = cart.choose.as_ref().and_then(|choose| searched_for(&choose.values, desk)) else { break };
        let options = change.options.take().unwrap_or_default();
        change.options = Some(format!("{options} {known}").trim().to_owned());
        cart = desk.edit(&change)?;
    }
    if let Some(draft) = refusal(&cart, desk) {
        return Ok(draft.show([product.clone()]));
    }
    let done = say::cart::changed(&cart, ph::ADDED, talk);
    if !buy {
        return Ok(done);
    }
    match checkout(desk) {
        Ok(mut draft) if draft.outcome == Outcome::Answer => {
            draft.choices.clear();
            Ok(draft)
        }
        Ok(_) | Err(Stop::Closed) => Ok(done),
        Err(call) => Err(call),
    }
}

/// The words of an addition without the command.
fn bare(words: &Words) -> Words {
    words.without(lex::BUY).without(lex::ADD_WITH_IT).without(lex::ADD).without(lex::WANT).without(lex::FILLER)
}

/// The product our own question was about, found again by its title.
fn by_question(desk: &Desk) -> Option<String> {
    let asked = desk.talk.asked_about().filter(|asked| asked.option)?;
    let state = &desk.talk.state;
    let named = state.shown.iter().filter(|shown| !shown.title.is_empty() && asked.question.contains(&shown.title));
    named.max_by_key(|shown| shown.title.len()).map(|shown| shown.product.clone()).or_else(|| state.about.clone())
}

/// Whether the words left beside options are of the product's own title, or there are none.
fn named_here(bare: &Words, these: &[String], desk: &Desk) -> bool {
    let rest = content(bare).without_exactly(lex::NARROWING);
    let title = |product: &String| {
        desk.talk.state.shown.iter().find(|shown| &shown.product == product).map(|shown| Words::read(&shown.title))
    };
    rest.is_empty()
        || desk.talk.asked_about().is_some()
        || these
            .iter()
            .filter_map(title)
            .any(|title| rest.plains().any(|plain| title.plains().any(|word| stem(word) == stem(plain))))
}

/// Options are what is left when command, count, place and title are taken away.
fn options(bare: &Words, product: &str, desk: &Desk) -> Option<String> {
    let title = desk
        .talk
        .state
        .shown
        .iter()
        .find(|shown| shown.product == product)
        .map(|shown| Words::read(&shown.title))
        .unwrap_or_default();
    let mut rest = content(bare);
    rest.list.retain(|word| title.plains().all(|own| stem(own) != stem(&word.plain)));
    let written: String = rest.written().chars().take(OPTIONS_CHARS_MAX).collect();
    (!written.is_empty()).then_some(written)
}

/// What was answered to our questions, without the small words around it.
fn content_of_answers(answers: &[String]) -> String {
    let answers = Words::read(&answers.join(" "));
    let said = answers.without_exactly(lex::SMALL).written();
    if said.is_empty() { answers.written() } else { said }.chars().take(OPTIONS_CHARS_MAX).collect()
}

/// Sizes and colours under the name they have in most shops: "azul" is asked for as "blue".
fn in_english(options: &str) -> String {
    let words = Words::read(options);
    let named = words.list.iter().map(|word| match own_name(&word.plain) {
        name if name == word.plain => word.written.clone(),
        name => name,
    });
    named.collect::<Vec<_>>().join(" ")
}

/// The value among those to choose from that the last search named.
fn searched_for(values: &[String], desk: &Desk) -> Option<String> {
    let query = Words::read(&desk.talk.state.last_search.as_ref()?.query);
    let excluded = |at: usize| at.checked_sub(1).is_some_and(|b| lex::EXCLUDING.contains(&query.plain(b)));
    let named = |value: &String| {
        let value = fold(value);
        query.plains().enumerate().any(|(at, plain)| own_name(plain) == value && !excluded(at))
    };
    let mut found = values.iter().filter(|value| named(value));
    let first = found.next()?;
    found.next().is_none().then(|| first.clone())
}

/// How many were looked for, until something of what was found is in the cart: "2 jackets", and then "the first one".
fn searched_many(product: &str, desk: &Desk) -> Option<u32> {
    let state = &desk.talk.state;
    let in_cart = |title: &str| state.cart.lines.iter().any(|line| line.title == title);
    let found = state.shown.iter().any(|shown| shown.product == product);
    let begun = state.shown.iter().any(|shown| in_cart(&shown.title));
    state.last_search.as_ref()?.quantity.filter(|many| found && !begun && (1..=PIECES_MAX).contains(many))
}

/// "Add wool socks", with no socks in sight: added when only one product can be meant, asked otherwise.
fn by_search(desk: &mut Desk, bare: &Words) -> Result<Result<String, Draft>, Stop> {
    let talk = desk.talk;
    let query = content(bare).written();
    if query.is_empty() {
        return Ok(Err(Draft::of(talk.language.pick(ph::SEARCH_FIRST)).outcome(Outcome::AskBack)));
    }
    let found: Found = desk.search(&query, "relevance", None, 3)?;
    if !found.relevant || found.items.is_empty() {
        return Ok(Err(say::goods::not_carried(&found, talk)));
    }
    match found.items.as_slice() {
        [only] if found.relaxed.is_empty() => Ok(Ok(only.product.clone())),
        items => {
            Ok(Err(say::goods::items(talk.language.pick(ph::ADD_WHICH).to_owned(), items).outcome(Outcome::AskBack)))
        }
    }
}

/// So many of it.
pub fn set(desk: &mut Desk, words: &Words) -> Result<Draft, Stop> {
    let many = quantity(words).map_or(1, |(many, _)| many);
    let rest = words.without(lex::SET).without(lex::FILLER);
    change_line(desk, &rest, "set", Some(many), ph::CHANGED)
}

/// Out with it.
pub fn remove(desk: &mut Desk, words: &Words) -> Result<Draft, Stop> {
    let rest = words.without(lex::REMOVE).without(lex::FILLER);
    change_line(desk, &rest, "remove", None, ph::REMOVED)
}

fn change_line(
    desk: &mut Desk,
    words: &Words,
    act: &'static str,
    quantity: Option<u32>,
    phrase: ph::Phrase,
) -> Result<Draft, Stop> {
    let talk = desk.talk;
    if talk.state.cart.lines.is_empty() {
        return Ok(Draft::of(talk.language.pick(ph::CART_EMPTY)));
    }
    let line = match lines(words, &pointing(words, false), &talk.state).as_slice() {
        [] => return Ok(which_line(desk, ph::NOT_IN_CART)),
        [only] => only.variant.clone(),
        _ => return Ok(which_line(desk, ph::WHICH)),
    };
    let change = Change { act, variant: Some(line), quantity, ..Change::default() };
    let cart: Cart = desk.edit(&change)?;
    match refusal(&cart, desk) {
        Some(draft) => Ok(draft),
        None => Ok(say::cart::changed(&cart, phrase, talk)),
    }
}

fn which_line(desk: &Desk, phrase: ph::Phrase) -> Draft {
    let named = |line: &Line| {
        let named = format!("{} {}", line.title, line.options);
        // A title alone would say nothing when it is tapped.
        let removes = phrase == ph::NOT_IN_CART;
        if removes { fill(desk.talk.language, ph::TAP_REMOVE, &[("[what]", named.trim())]) } else { named }
    };
    Draft::of(desk.talk.language.pick(phrase))
        .choices(desk.talk.state.cart.lines.iter().map(named))
        .outcome(Outcome::AskBack)
}

/// Everything out.
pub fn clear(desk: &mut Desk) -> Result<Draft, Stop> {
    let cart: Cart = desk.edit(&Change { act: "clear", ..Change::default() })?;
    match refusal(&cart, desk) {
        Some(draft) => Ok(draft),
        None => Ok(Draft::of(desk.talk.language.pick(ph::CLEARED))),
    }
}

fn refusal(cart: &Cart, desk: &Desk) -> Option<Draft> {
    if let Some(choose) = cart.choose.as_ref().filter(|choose| !choose.values.is_empty()) {
        let question = say::cart::choose(choose, desk.talk);
        let impossible = cart.refused.as_deref().is_some_and(|why| why.contains("not made in"));
        let mut why = if impossible { say::cart::refused("", desk.talk) } else { Draft::default() };
        why.choices.clear();
        return Some(why.join_line(question));
    }
    cart.refused.as_deref().map(|why| say::cart::refused(why, desk.talk))
}

/// The order is put before the shopper; the server writes its figures and its buttons.
pub fn checkout(desk: &mut Desk) -> Result<Draft, Stop> {
    let proposed: Proposed = desk.ask("checkout_propose", &json!({}))?;
    if proposed.proposed {
        return Ok(Draft::of(fill(desk.talk.language, ph::HERE_IS_ORDER, &[])));
    }
    Ok(say::cart::refused(proposed.refused.as_deref().unwrap_or(""), desk.talk).outcome(Outcome::AskBack))
}
