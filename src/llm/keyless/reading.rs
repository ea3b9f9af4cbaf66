//! A reading by somebody else: a model says what is wanted, the plans do it.

use crate::llm::Request;
use crate::llm::keyless::intent::{After, Intent};
use crate::llm::keyless::language::Language;
use crate::llm::keyless::lexicon as lex;
use crate::llm::keyless::plan::{self, Wish};
use crate::llm::keyless::point::order_number;
use crate::llm::keyless::talk::Talk;
use crate::llm::keyless::words::Words;
use serde::{Deserialize, Serialize};

/// Every wish a reader may name.
pub const WANTS: [&str; 32] = [
    "find",
    "cheaper",
    "details",
    "price",
    "about_product",
    "compare",
    "shop",
    "discount",
    "cart_add",
    "buy",
    "cart_view",
    "cart_set",
    "cart_remove",
    "cart_clear",
    "checkout",
    "order_status",
    "cancel_order",
    "return_order",
    "exchange_order",
    "change_address",
    "refund_order",
    "broken",
    "payment_trouble",
    "complaint",
    "person",
    "greet",
    "thanks",
    "bye",
    "no",
    "other_business",
    "new_rules",
    "unclear",
];

/// Words of a message so short that its language does not tell; a label that was tapped is one.
const SHORT_WORDS: usize = 3;

/// What a message says, as somebody else read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// One of [`WANTS`].
    pub wants: String,
    /// The wish in short English words.
    pub request: String,
}

/// Whether a wish makes sense now: nothing can be compared before anything was shown.
fn is_possible(wants: &str, talk: &Talk) -> bool {
    let shown = !talk.state.shown.is_empty() || talk.state.about.is_some();
    let cart = !talk.state.cart.lines.is_empty();
    match wants {
        "details" | "compare" | "about_product" => shown,
        "cheaper" => shown || talk.state.last_search.is_some(),
        "cart_set" | "cart_remove" | "cart_clear" => cart,
        _ => true,
    }
}

/// The wish a reading stands for; `None` when it makes no sense now.
pub(super) fn wish(reading: &Reading, talk: &Talk) -> Option<Wish> {
    if !is_possible(&reading.wants, talk) {
        return None;
    }
    let words = Words::read(&reading.request);
    let request = reading.request.clone();
    let intent = match reading.wants.as_str() {
        "find" if talk.state.last_search.is_some() && words.len() <= 4 => Intent::Refine(request),
        "find" => Intent::Find(request),
        "cheaper" => Intent::Cheaper(request),
        "details" => Intent::Details,
        "price" => Intent::Price,
        "about_product" => Intent::Ask(request),
        "compare" => Intent::Compare,
        "shop" => Intent::Policy(request),
        "discount" => Intent::Haggle(request),
        "cart_add" => Intent::CartAdd { buy: false },
        "buy" => Intent::CartAdd { buy: true },
        "cart_view" => Intent::CartView,
        "cart_set" => Intent::CartSet,
        "cart_remove" => Intent::CartRemove,
        "cart_clear" => Intent::CartClear,
        "checkout" => Intent::Checkout,
        "order_status" => Intent::OrderStatus(order_number(&words)),
        "cancel_order" => Intent::OrderChange(After::Cancel),
        "return_order" => Intent::OrderChange(After::Return),
        "exchange_order" => Intent::OrderChange(After::Exchange),
        "change_address" => Intent::OrderChange(After::Address),
        "refund_order" => Intent::OrderChange(After::Refund),
        "broken" => Intent::OrderChange(After::Broken),
        "payment_trouble" => Intent::PaymentTrouble,
        "complaint" => Intent::Complaint,
        "person" => Intent::Person,
        "greet" => Intent::Greet,
        "thanks" => Intent::Thanks,
        "bye" => Intent::Bye,
        "no" => Intent::No,
        "other_business" => Intent::OffTopic,
        "new_rules" => Intent::Injection,
        _ => Intent::Unclear,
    };
    Some(Wish { intent, words })
}

/// Whether the planner understands a message so well that nobody else need read it: its language is known, and each wish
/// was recognised by words of its own rather than by what was left over.
pub fn is_sure(request: &Request) -> bool {
    let talk = Talk::read(request);
    let left_over = |intent: &Intent| {
        matches!(
            intent,
            Intent::Find(_)
                | Intent::Refine(_)
                | Intent::Question(_)
                | Intent::Ask(_)
                | Intent::Unclear
                | Intent::OffTopic
                | Intent::Most
                | Intent::MoreOf
                | Intent::Details
        )
    };
    let wishes = plan::wishes(&talk);
    // An answer to our own question is read with the question in mind, which the planner has.
    let answers = talk.asked_about().is_some();
    let guarded = |intent: &Intent| {
        matches!(intent, Intent::Injection | Intent::PaymentTrouble | Intent::Complaint | Intent::Person)
    };
    let spoken = Language::of(&talk.said).is_some();
    // "Show me a compass" is a search by its first words, "compass" only because nothing else fits. Where the planner
    // knows the language, it searches better with the shopper's own words than with a small model's.
    let sought = |wish: &Wish| {
        matches!(wish.intent, Intent::Find(_) | Intent::Refine(_)) && (spoken || wish.words.starts(lex::SEEKING))
    };
    let known = spoken || talk.said.split_whitespace().count() <= SHORT_WORDS;
    let understood = known && wishes.iter().all(|wish| !left_over(&wish.intent) || sought(wish));
    answers || understood || wishes.iter().any(|wish| guarded(&wish.intent))
}
