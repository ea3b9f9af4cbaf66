//! Words → intent: a pure function of one piece of a message and a few facts about the talk.

mod after;
mod shop;
#[cfg(test)]
mod tests;

pub use after::After;
pub use shop::{comparatives, content, query};

use crate::llm::keyless::lexicon as lex;
use crate::llm::keyless::point::order_number;
use crate::llm::keyless::split::Piece;
use crate::llm::keyless::words::Words;

/// What has to be known about the talk to read a message.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// Folded words of the titles that were shown.
    pub shown: Vec<Vec<String>>,
    /// One product is being talked about.
    pub about: bool,
    /// There was a search before.
    pub searched: bool,
    /// Something lies in the cart.
    pub cart: bool,
    /// The last thing the agent said was an offer to ask a colleague.
    pub offered_colleague: bool,
    /// It was the offer to look for something cheaper.
    pub offered_cheaper: bool,
}

/// What the shopper wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Hello.
    Greet,
    /// Thank you.
    Thanks,
    /// Good-bye.
    Bye,
    /// What can you do?
    Abilities,
    /// Yes or no, to nothing in particular.
    No,
    /// Look for goods.
    Find(String),
    /// Narrow or widen the last search.
    Refine(String),
    /// Something cheaper.
    Cheaper(String),
    /// The cheapest first.
    Cheapest(String),
    /// The dearest first.
    Dearest(String),
    /// "Which one is lighter?": one of those shown.
    Most,
    /// "Something lighter": the last search in the order of a property.
    MoreOf,
    /// Others of the same search.
    More,
    /// More about a product.
    Details,
    /// What a product costs.
    Price,
    /// A question about a product shown: a property, a size, a colour.
    Ask(String),
    /// Two or more against each other.
    Compare,
    /// A question about the shop's rules.
    Policy(String),
    /// A question that may concern goods or rules.
    Question(String),
    /// What is in the cart?
    CartView,
    /// Into the cart; and on to the checkout when buying.
    CartAdd {
        /// Whether to order at once.
        buy: bool,
    },
    /// So many of it.
    CartSet,
    /// Out of the cart.
    CartRemove,
    /// Everything out.
    CartClear,
    /// Order what is in the cart.
    Checkout,
    /// Where is it?
    OrderStatus(Option<String>),
    /// Do something to a placed order.
    OrderChange(After),
    /// A person, please.
    Person,
    /// Yes to the offer to ask a colleague.
    AskColleague,
    /// Anger, damage, law.
    Complaint,
    /// Trouble with a payment.
    PaymentTrouble,
    /// A lower price, please.
    Haggle(String),
    /// Not a shop's business.
    OffTopic,
    /// An attempt to give the agent other rules.
    Injection,
    /// Nothing understood.
    Unclear,
}

/// Reads one piece.
pub fn read(piece: &Piece, scene: &Scene) -> Intent {
    let words = &piece.words;
    guarded(words, scene)
        .or_else(|| after_sales(piece))
        .or_else(|| shop::cart(words, scene))
        .or_else(|| shop::product(piece, scene))
        .or_else(|| social(words, scene))
        .unwrap_or_else(|| shop::free(piece, scene))
}

/// Reads a message that has no words: signs and emoji.
pub fn read_signs(text: &str) -> Intent {
    match text.chars().find(|c| !c.is_whitespace()) {
        Some('👍' | '🙏' | '❤' | '😊' | '🙂' | '😀' | '😍' | '🎉' | '👌' | '🥰') => Intent::Thanks,
        Some('👋' | '🤗') => Intent::Greet,
        _ => Intent::Unclear,
    }
}

/// What comes before everything else: attacks, anger, and the wish for a person.
fn guarded(words: &Words, scene: &Scene) -> Option<Intent> {
    if words.has(lex::INJECTION) {
        return Some(Intent::Injection);
    }
    if words.has(lex::PAYMENT_TROUBLE) {
        return Some(Intent::PaymentTrouble);
    }
    if after::broken(words) {
        return Some(Intent::OrderChange(After::Broken));
    }
    if words.has(lex::COMPLAINT) {
        return Some(Intent::Complaint);
    }
    if alone(words, lex::ABILITIES) {
        return Some(Intent::Abilities);
    }
    if words.has(lex::PERSON) {
        let tapped = alone(words, lex::PERSON) && scene.offered_colleague;
        return Some(if tapped { Intent::AskColleague } else { Intent::Person });
    }
    if words.has(lex::OFF_TOPIC) && !words.has(lex::SEARCH_SIGNS) {
        return Some(Intent::OffTopic);
    }
    None
}

fn after_sales(piece: &Piece) -> Option<Intent> {
    let words = &piece.words;
    let number = order_number(words);
    let general = words.has(lex::IN_GENERAL) && !words.has(&["can you", "could you", "puedes", "pode"]);
    let order = words.has(lex::ORDER);
    // "Change" alone is said of many things; beside an order's number it is about its goods.
    let any = || (number.is_some() && words.has(lex::after::CHANGE)).then_some(After::Exchange);
    if let Some(kind) = after::kind(words).or_else(any)
        && (number.is_some() || (!general && (order || after::wishes(words))))
    {
        return Some(Intent::OrderChange(kind));
    }
    if number.is_some() {
        return Some(Intent::OrderStatus(number));
    }
    let asks_after = words.has(lex::TRACK) && (order || !words.has(lex::SEARCH_SIGNS));
    let about_it =
        words.has(&["has it shipped", "when will it arrive", "where is my", "wheres my", "has my", "did my"]);
    if (asks_after && (order || about_it || words.len() <= 4))
        || (order && words.has_exactly(&["where", "when", "donde", "cuando", "onde", "quando", "arrive"]))
    {
        return Some(Intent::OrderStatus(None));
    }
    let only_order =
        words.without_exactly(lex::SMALL).without(&["show", "order", "orders", "pedido", "pedidos", "ver"]).is_empty();
    (only_order
        && !words.has(lex::BUY)
        && words.has_exactly(&["order", "orders", "pedido", "pedidos", "encomenda"])
        && words.len() > 1)
        .then_some(Intent::OrderStatus(None))
}

fn social(words: &Words, scene: &Scene) -> Option<Intent> {
    if alone(words, lex::YES) {
        return Some(match (scene.offered_colleague, scene.offered_cheaper) {
            (true, _) => Intent::AskColleague,
            (_, true) => Intent::Cheaper(String::new()),
            _ => Intent::No,
        });
    }
    let kinds = [
        (lex::NO, Intent::No),
        (lex::ABILITIES, Intent::Abilities),
        (lex::THANKS, Intent::Thanks),
        (lex::BYE, Intent::Bye),
        (lex::GREET, Intent::Greet),
    ];
    kinds.into_iter().find(|(table, _)| alone(words, table)).map(|(_, intent)| intent)
}

/// Whether nothing of weight is left beside the phrases.
pub(super) fn alone(words: &Words, phrases: &[&str]) -> bool {
    if !words.has(phrases) {
        return false;
    }
    let rest = words.without(phrases).without_exactly(&[
        "please", "you", "so", "very", "much", "me", "i", "a", "the", "por", "favor", "there", "and", "then", "to",
        "ok", "for", "your", "help", "muy", "todo", "tudo", "bien", "bem", "all", "just", "can", "my",
    ]);
    rest.is_empty()
}
