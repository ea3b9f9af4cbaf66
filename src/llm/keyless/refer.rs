//! From "the second one" to a product: by place, by title, or because it is the one being talked about.

use crate::llm::keyless::intent::content;
use crate::llm::keyless::point::Pointing;
use crate::llm::keyless::results::Line;
use crate::llm::keyless::talk::State;
use crate::llm::keyless::words::Words;

/// What was found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// These products, in the order named.
    These(Vec<String>),
    /// One of the products shown; not clear which.
    Unclear,
    /// Nothing that was shown.
    Nothing,
}

/// The products a message means.
pub fn products(words: &Words, pointed: &Pointing, state: &State) -> Reference {
    let shown = &state.shown;
    let mut found: Vec<String> = Vec::new();
    for place in &pointed.places {
        let at = shown.iter().find(|shown| shown.n == *place);
        found.extend(at.map(|shown| shown.product.clone()));
    }
    if pointed.last {
        found.extend(shown.last().map(|shown| shown.product.clone()));
    }
    if found.is_empty() && pointed.all {
        found.extend(shown.iter().map(|shown| shown.product.clone()));
    }
    if found.is_empty() && pointed.places.is_empty() {
        found.extend(by_title(words, state));
    }
    found.retain(|product| !product.is_empty());
    let mut seen = Vec::new();
    found.retain(|product| {
        let new = !seen.contains(product);
        seen.push(product.clone());
        new
    });
    if !found.is_empty() {
        return Reference::These(found);
    }
    if pointed.places.is_empty()
        && let Some(about) = state.about.clone().filter(|about| !about.is_empty())
    {
        return Reference::These(vec![about]);
    }
    match shown.as_slice() {
        [] => Reference::Nothing,
        [only] if pointed.places.is_empty() => Reference::These(vec![only.product.clone()]),
        _ => Reference::Unclear,
    }
}

/// Products whose titles share the most words with the message, when not all of them do alike.
fn by_title(words: &Words, state: &State) -> Vec<String> {
    let said = content(words);
    let score = |title: &str| {
        let title = Words::read(title);
        said.plains()
            .filter(|plain| plain.chars().count() > 1 && title.plains().any(|word| stem(word) == stem(plain)))
            .count()
    };
    let scores: Vec<usize> = state.shown.iter().map(|shown| score(&shown.title)).collect();
    let best = scores.iter().copied().max().unwrap_or(0);
    let leaders: Vec<String> = state
        .shown
        .iter()
        .zip(&scores)
        .filter(|(_, score)| **score == best)
        .map(|(shown, _)| shown.product.clone())
        .collect();
    let tells = best > 0 && (leaders.len() == 1 || leaders.len() < state.shown.len() && leaders.len() <= 2);
    if tells { leaders } else { Vec::new() }
}

/// Lines of the cart a message means.
pub fn lines<'a>(words: &Words, pointed: &Pointing, state: &'a State) -> Vec<&'a Line> {
    let cart = &state.cart.lines;
    let said = content(words);
    let score = |line: &Line| {
        let named = Words::read(&format!("{} {}", line.title, line.options));
        said.plains().filter(|plain| named.plains().any(|word| stem(word) == stem(plain))).count()
    };
    let best = cart.iter().map(score).max().unwrap_or(0);
    if best > 0 {
        return cart.iter().filter(|line| score(line) == best).collect();
    }
    let placed: Vec<&Line> =
        pointed.places.iter().filter_map(|place| cart.get(usize::try_from(*place).ok()?.checked_sub(1)?)).collect();
    if !placed.is_empty() {
        return placed;
    }
    if pointed.last {
        return cart.last().into_iter().collect();
    }
    // "Remove it" and "make it 3" speak of the only line there is; with several, somebody has to say which.
    if said.is_empty() { cart.iter().collect() } else { Vec::new() }
}

/// Singular and plural count as one word.
pub fn stem(word: &str) -> &str {
    let bare = word.strip_suffix('s').unwrap_or(word);
    let stem = bare.strip_suffix('e').unwrap_or(bare);
    if stem.len() > 2 { stem } else { word }
}
