//! Intents about goods, the cart and the rules of the shop.

use super::{Intent, Scene, alone};
use crate::llm::keyless::lexicon as lex;
use crate::llm::keyless::measure;
use crate::llm::keyless::point::{Pointing, pointing, quantity, without_pointing};
use crate::llm::keyless::split::Piece;
use crate::llm::keyless::words::{Words, fold};

/// Letters that follow each other on a keyboard; nobody is looking for them.
const KEYBOARD_RUNS: &[&str] =
    &["asdf", "sdfg", "dfgh", "fghj", "ghjk", "hjkl", "qwer", "wert", "zxcv", "xcvb", "cvbn"];
/// Words before the one that something is compared with.
const THAN: &[&str] = &["than", "que"];
/// Words that ask whether it is so, and for nothing else.
const IS: &[&str] = &["is", "are", "es", "son", "e", "sao", "how"];
/// Words of the longest question that is about one property.
const MEASURING_WORDS_MAX: usize = 9;
/// Words that point at one thing rather than narrow a search.
const POINTING: &[&str] = &["it", "this", "that", "one", "them"];
/// Words that end a search phrase without saying anything.
const TRAILING: &[&str] = &["please", "thanks", "thank", "you", "gracias", "obrigado"];

/// The cart and the way to the till.
pub fn cart(words: &Words, scene: &Scene) -> Option<Intent> {
    let names_cart = words.has(lex::CART);
    if words.has(lex::CART_CLEAR) {
        return Some(Intent::CartClear);
    }
    if words.has(lex::CHECKOUT) || alone(words, lex::CHECKOUT_ALONE) && scene.cart {
        return Some(Intent::Checkout);
    }
    if words.starts(lex::REMOVE) || (scene.cart && words.starts(lex::UNWANT)) || (words.has(lex::REMOVE) && names_cart)
    {
        return Some(Intent::CartRemove);
    }
    let asks_to_add = words.starts(lex::ADD)
        || words.has(&["can you add", "please add", "could you add", "lets add"])
        || (words.has(lex::ADD) && names_cart);
    if asks_to_add {
        return Some(Intent::CartAdd { buy: false });
    }
    if words.starts(lex::SET) && quantity(words).is_some() {
        return Some(Intent::CartSet);
    }
    if names_cart && (words.has(lex::CART_VIEW) || words.len() <= 3) {
        return Some(Intent::CartView);
    }
    if alone(words, lex::TOTAL) {
        return Some(Intent::CartView);
    }
    if alone(&words.without(lex::THANKS), lex::DONE) {
        return Some(if scene.cart { Intent::Checkout } else { Intent::No });
    }
    takes(words, scene).or_else(|| alone(words, lex::CHECKOUT_ALONE).then_some(Intent::Checkout))
}

/// "I'll take it", "two of the first one", "I want the blue Fjell".
fn takes(words: &Words, scene: &Scene) -> Option<Intent> {
    let buys = words.has(lex::BUY);
    let counts = quantity(words).is_some() && (words.has_exactly(&["of"]) || words.starts(lex::WANT));
    let wants = words.starts(lex::WANT) || counts;
    // "Two pairs", "three of them" with one thing on the table.
    let pieces = words.has_exactly(&["pair", "pairs", "pieces", "pares", "piezas", "unidades", "pecas"]);
    if quantity(words).is_some() && pieces && words.len() <= 4 && (scene.about || scene.shown.len() == 1) {
        return Some(Intent::CartAdd { buy: false });
    }
    if !buys && !wants {
        return words.has(lex::ADD_WITH_IT).then_some(Intent::CartAdd { buy: false });
    }
    let pointed = pointing(words, false);
    let known = scene.about || !scene.shown.is_empty();
    let rest = content(&words.without(lex::BUY).without(lex::WANT));
    let these = words.has_exactly(&["these", "them", "those", "one", "of"]) && known;
    let points = (pointed.any() || these) && known && !words.has(&["to know", "to see", "to ask"]);
    if points || (known && names_shown(&rest, scene)) {
        return Some(Intent::CartAdd { buy: buys });
    }
    if buys && rest.is_empty() {
        return Some(if scene.about { Intent::CartAdd { buy: true } } else { Intent::Checkout });
    }
    None
}

/// Questions about things already shown, and the next step of a search.
pub fn product(piece: &Piece, scene: &Scene) -> Option<Intent> {
    let words = &piece.words;
    let known = scene.about || !scene.shown.is_empty();
    if let Some(intent) = superlative(words, scene) {
        return Some(intent);
    }
    let ones = words.len() > 1 && words.len() <= 3 && words.plain(words.len() - 1) == "ones";
    if scene.searched && ones && !words.starts(lex::WHICH_OF) {
        // Behind a "for" it stays a quality: the last search names the goods.
        return Some(Intent::Refine(format!("for {}", query(&words.without_exactly(&["ones"])))));
    }
    if scene.searched && is_narrower(words) {
        return Some(Intent::Refine(query(words)));
    }
    if known && words.starts(lex::WHICH_OF) && !words.has(lex::POLICY) {
        return Some(Intent::Compare);
    }
    if words.has(lex::COMPARE) {
        return Some(if known { Intent::Compare } else { Intent::Find(query(&words.without(lex::COMPARE))) });
    }
    if words.has(lex::HAGGLE) {
        return Some(Intent::Haggle(words.written()));
    }
    if let Some(sorted) = sorted(words, scene) {
        return Some(sorted);
    }
    if alone(words, lex::MORE) && scene.searched {
        return Some(Intent::More);
    }
    let pointed = pointing(words, false);
    let rest = content(&words.without(lex::DETAILS).without(lex::PRICE));
    let named = known && names_shown(&rest, scene);
    let points = known && (pointed.any() || named || describes_one(words));
    if words.has(lex::PRICE) && (points || rest.is_empty() && known) && !words.has(lex::POLICY) {
        return Some(Intent::Price);
    }
    let asks_options = known && words.has(lex::OPTIONS);
    let measures = known && words.len() <= MEASURING_WORDS_MAX && measure::asks(words) && !words.has(lex::ORDER);
    if measures && (pointed.any() || scene.about || scene.shown.len() == 1) {
        return Some(Intent::Ask(words.written()));
    }
    if measures && scene.shown.len() > 1 && words.starts(lex::QUESTION) && words.len() <= 4 {
        return Some(Intent::Compare);
    }
    if words.has(lex::POLICY) && !asks_options && !words.starts(&["show me"]) {
        return Some(Intent::Policy(words.written()));
    }
    if points && words.has(lex::STOCK) || asks_options {
        return Some(Intent::Ask(words.written()));
    }
    let tells_more = words.has(lex::DETAILS) && (points || alone(words, lex::DETAILS) && known);
    if tells_more && (pointed.is_exact() || rest.is_empty() || named) {
        return Some(Intent::Details);
    }
    if points && !words.has(&["something", "anything"]) {
        let mut asked = content(&words.without(lex::DETAILS));
        asked.list.retain(|word| !is_name_or_figure(&word.plain, &pointed, scene));
        return Some(if asked.is_empty() { Intent::Details } else { Intent::Ask(words.written()) });
    }
    None
}

/// Part of a title shown, or the figure of a place.
fn is_name_or_figure(plain: &str, pointed: &Pointing, scene: &Scene) -> bool {
    let figure = pointed.is_exact() && plain.chars().all(|c| c.is_ascii_digit());
    figure || scene.shown.iter().any(|title| title.iter().any(|word| word == plain))
}

/// "Which is lighter?", "the lightest one" of several shown, or "something lighter".
fn superlative(words: &Words, scene: &Scene) -> Option<Intent> {
    let found = measure::superlative(words)?;
    let vague = words.has_exactly(&[
        "something",
        "anything",
        "algo",
        "show",
        "find",
        "ones",
        "have",
        "about",
        "tienen",
        "tienes",
        "tem",
    ]);
    let asks = words.has_exactly(&["which", "whats", "cual", "cuales", "qual", "quais"]);
    let article = words.len() <= 4 && words.has_exactly(&["the", "one", "el", "la", "a", "o", "lo"]);
    let only = words.len() <= 2 && !found.is_price();
    let pointed = pointing(words, false);
    let one = !scene.shown.is_empty() && pointed.places.len() + usize::from(pointed.last) == 1;
    if one && !found.is_price() && !asks && words.has_exactly(THAN) && !words.starts(IS) {
        return Some(Intent::MoreOf);
    }
    let of_those = scene.shown.len() > 1 && (asks || (article && !found.is_price()) || only) && !vague;
    if of_those && words.len() <= MEASURING_WORDS_MAX {
        return Some(Intent::Most);
    }
    (scene.searched && vague && !found.is_price() && words.len() <= 6).then_some(Intent::MoreOf)
}

/// "And for women?", "in blue", "for my son": said of the last search, although a title shown may have the same word.
fn is_narrower(words: &Words) -> bool {
    let bare = words.after(lex::SEARCH);
    let leads = bare.starts(&["for", "para", "in", "en", "em", "without", "sin", "sem", "not in", "under", "with"]);
    leads && bare.len() <= 5 && bare.len() > 1 && bare.plains().all(is_narrowing) && !words.has_exactly(POINTING)
}

fn sorted(words: &Words, scene: &Scene) -> Option<Intent> {
    let rest = |table| {
        let rest =
            words.without(table).without_exactly(&["one", "ones", "that", "is", "something", "anything", "algo", "a"]);
        let says_more = !content(&rest.without(lex::SEARCH_SIGNS)).without_exactly(lex::QUESTION).is_empty();
        if says_more { query(&rest) } else { String::new() }
    };
    // "Cheaper than 100" is a limit of the search, not a comparison with what was shown.
    let limited = words.has(&["cheaper than", "less than", "mas barato que", "mais barato que"]);
    if limited && words.plains().any(|plain| plain.chars().any(|c| c.is_ascii_digit())) {
        return None;
    }
    if words.has(lex::CHEAPEST) {
        return Some(Intent::Cheapest(rest(lex::CHEAPEST)));
    }
    if words.has(lex::CHEAPER) && (scene.searched || scene.about || !scene.shown.is_empty()) {
        return Some(Intent::Cheaper(rest(lex::CHEAPER)));
    }
    words.has(lex::DEAREST).then(|| Intent::Dearest(rest(lex::DEAREST)))
}

/// A search, a narrowing of the last one, or a question about anything.
pub fn free(piece: &Piece, scene: &Scene) -> Intent {
    let words = &piece.words;
    if words.plains().all(is_gibberish) {
        return Intent::Unclear;
    }
    let translated = comparatives(words);
    let bare = words.after(lex::SEARCH);
    let quality = bare.starts(lex::NARROWING_FRONT) && bare.len() <= 4 && !words.starts(lex::QUESTION);
    let narrows = !bare.is_empty() && (bare.plains().all(is_narrowing) || quality);
    if scene.searched && (translated.is_some() || narrows) {
        let words = translated.unwrap_or(bare);
        return Intent::Refine(query(&words.without_exactly(&[
            "something",
            "anything",
            "ones",
            "one",
            "it",
            "instead",
            "algo",
        ])));
    }
    let wish = query(words);
    let asks = piece.question || words.starts(lex::QUESTION);
    if asks && !words.has(lex::SEARCH_SIGNS) {
        return Intent::Question(words.written());
    }
    if content(words).is_empty() { Intent::Unclear } else { Intent::Find(wish) }
}

/// The wish behind "do you have", "I am looking for" and the like.
pub fn query(words: &Words) -> String {
    let mut rest = words.after(lex::SEARCH);
    while rest.list.last().is_some_and(|word| TRAILING.contains(&word.plain.as_str())) {
        rest.list.pop();
    }
    // How many is understood best as a figure: "two jackets".
    if let (Some((many, word)), Some(first)) = (quantity(&rest), rest.list.first_mut())
        && first.written == word
        && word.chars().all(char::is_alphabetic)
        && first.plain != "couple"
    {
        first.written = many.to_string();
    }
    rest.written()
}

/// Whether the words name something of a title shown and nothing else.
fn names_shown(rest: &Words, scene: &Scene) -> bool {
    let hit = |plain: &str| scene.shown.iter().any(|title| title.iter().any(|word| word == plain));
    let hits = rest.plains().filter(|plain| hit(plain)).count();
    // One word of a title is a name only when it stands nearly alone: "jackets" after a list of jackets is a new search.
    let generic = rest.plains().all(|plain| scene.shown.iter().all(|title| title.iter().any(|word| word == plain)));
    hits > 0 && hits * 2 >= rest.len() && (scene.shown.len() == 1 || (!generic && tells_apart(rest, scene)))
}

/// Whether the words fit one or two of the titles shown better than the others: "sleeping bag -10" after a list of sleeping bags
/// means none of them.
fn tells_apart(rest: &Words, scene: &Scene) -> bool {
    let hits = |title: &Vec<String>| rest.plains().filter(|plain| title.iter().any(|word| word == plain)).count();
    let scores: Vec<usize> = scene.shown.iter().map(hits).collect();
    let best = scores.iter().copied().max().unwrap_or(0);
    let leaders = scores.iter().filter(|score| **score == best).count();
    leaders == 1 || (leaders < scores.len() && leaders <= 2)
}

/// "The red one", "el rojo", "o azul".
fn describes_one(words: &Words) -> bool {
    let one = (1..words.len())
        .any(|at| matches!(words.plain(at), "one") && !matches!(words.plain(at - 1), "any" | "a" | "no" | "which"));
    let article = words.len() == 2
        && matches!(words.plain(0), "el" | "la" | "o" | "a" | "the")
        && lex::NARROWING.contains(&words.plain(1))
        && words.plain(1).chars().count() > 3;
    (one && words.len() <= 8) || article
}

/// The words of weight: without small words, pointing and counting.
pub fn content(words: &Words) -> Words {
    without_pointing(words).without_exactly(lex::SMALL)
}

/// "Something warmer" as a search understands it: "something warm".
pub fn comparatives(words: &Words) -> Option<Words> {
    let mut list = words.list.clone();
    let mut any = false;
    for word in &mut list {
        if let Some((_, plain)) = lex::COMPARATIVES.iter().find(|(comparative, _)| *comparative == word.plain) {
            word.written = (*plain).to_owned();
            word.plain = fold(plain);
            any = true;
        }
    }
    let vague = words.has_exactly(&["something", "anything", "algo", "one", "ones"]) || words.len() <= 2;
    (any && vague).then_some(Words { list })
}

fn is_narrowing(plain: &str) -> bool {
    lex::NARROWING.contains(&plain) || plain.chars().any(|c| c.is_ascii_digit())
}

fn is_gibberish(plain: &str) -> bool {
    let letters = plain.chars().filter(|c| c.is_alphabetic()).count();
    let vowels = plain.chars().filter(|c| "aeiouy".contains(*c)).count();
    let latin = plain.is_ascii();
    KEYBOARD_RUNS.iter().any(|run| plain.contains(run))
        || (latin && letters >= 5 && vowels == 0)
        || (letters == 0 && plain.len() > 5)
}
