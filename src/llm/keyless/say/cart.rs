//! The cart in words.

use super::{is_echo, quiet};
use crate::llm::keyless::draft::{Draft, Outcome, fill};
use crate::llm::keyless::phrases as ph;
use crate::llm::keyless::results::{Cart, Choose, Line};
use crate::llm::keyless::talk::Talk;

/// Characters of one title with its options.
const GOODS_CHARS_MAX: usize = 120;
/// Lines of the cart that are named.
const LINES_MAX: usize = 8;

/// What was done, and what the cart comes to.
pub fn changed(cart: &Cart, phrase: ph::Phrase, talk: &Talk) -> Draft {
    let language = talk.language;
    let goods: Vec<String> =
        cart.done.iter().take(4).map(|done| goods(done, talk)).filter(|goods| !goods.is_empty()).collect();
    let mut draft = Draft::default();
    if goods.is_empty() {
        draft = draft.and(language.pick(ph::ALL_RIGHT));
    } else {
        draft = draft.and(fill(language, phrase, &[("[what]", &goods.join(", "))]));
    }
    if cart.lines.is_empty() {
        return draft;
    }
    draft
        .and(language.pick(ph::CART_TOTAL))
        .choices([language.pick(ph::TAP_CHECKOUT).to_owned(), language.pick(ph::TAP_CART).to_owned()])
}

/// `2 × Fjell (M / Blue)`; the count only when the shopper said the same number, since figures must be bound.
fn goods(done: &str, talk: &Talk) -> String {
    let whole = quiet(done, GOODS_CHARS_MAX);
    let whole = whole.strip_prefix("removed ").map(str::to_owned).unwrap_or(whole);
    match whole.split_once(" × ") {
        Some((count, rest)) if !count.chars().all(|c| c.is_ascii_digit()) || count == "1" || !is_echo(count, talk) => {
            rest.to_owned()
        }
        _ => whole,
    }
}

/// What lies in the cart.
pub fn view(cart: &Cart, talk: &Talk) -> Draft {
    let language = talk.language;
    if cart.lines.is_empty() {
        return Draft::of(language.pick(ph::CART_EMPTY));
    }
    let mut draft = Draft::of(language.pick(ph::CART_HOLDS));
    for line in cart.lines.iter().take(LINES_MAX) {
        draft = draft.and(format!("• {}", line_words(line)));
    }
    draft
        .and(format!("\n{}", language.pick(ph::CART_TOTAL)))
        .choices([ph::TAP_CHECKOUT, ph::TAP_EMPTY].map(|tap| language.pick(tap).to_owned()))
}

fn line_words(line: &Line) -> String {
    let options = quiet(&line.options, GOODS_CHARS_MAX);
    let options = if options.is_empty() { options } else { format!(" ({options})") };
    match &line.name {
        Some(name) => format!("{{{{{name}.quantity}}}} × {{{{{name}.title}}}}{options}"),
        None => format!("{}{options}", quiet(&line.title, GOODS_CHARS_MAX)),
    }
}

/// A size or colour has to be chosen first.
pub fn choose(choose: &Choose, talk: &Talk) -> Draft {
    let blanks = [("[title]", quiet(&choose.title, GOODS_CHARS_MAX)), ("[option]", quiet(&choose.option, 40))];
    let blanks: Vec<(&str, &str)> = blanks.iter().map(|(blank, with)| (*blank, with.as_str())).collect();
    Draft::of(fill(talk.language, ph::CHOOSE, &blanks)).choices(choose.values.iter().cloned()).outcome(Outcome::AskBack)
}

/// It was refused, and why.
pub fn refused(why: &str, talk: &Talk) -> Draft {
    let language = talk.language;
    if why.contains("empty") {
        return Draft::of(language.pick(ph::CART_EMPTY)).and(language.pick(ph::SEARCH_FIRST));
    }
    // The reason is a fact of its own: figures and all.
    Draft::of(fill(language, ph::NOT_DONE, &[("[why]", "{{cart.refused}}")]))
        .choices([language.pick(ph::TAP_COLLEAGUE).to_owned()])
}
