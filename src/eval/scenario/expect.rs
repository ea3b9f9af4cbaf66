//! What can be expected: typed matchers that outlive a change of wording.

use crate::domain::amendment::{AmendmentKind, AmendmentState};
use crate::domain::conversation::HandOffReason;
use crate::domain::id::{ProductId, VariantId};
use crate::domain::order::OrderState;
use crate::domain::refund::RefundState;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What the shopper has to hear in one step. Words are compared without case.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Expect {
    /// How many messages.
    pub messages: Option<usize>,
    /// All of these.
    pub text_has: Vec<String>,
    /// At least one of these.
    pub text_has_any: Vec<String>,
    /// None of these.
    pub text_lacks: Vec<String>,
    /// The products shown.
    pub cards: Option<Cards>,
    /// Title of a text the answer rests on.
    pub source: Option<String>,
    /// Whether an order summary with buttons is shown.
    pub summary: Option<bool>,
    /// Total of the order summary, as a plain decimal.
    pub summary_total: Option<String>,
    /// Whether a payment page is offered.
    pub payment: Option<bool>,
    /// Total of the payment request, as a plain decimal.
    pub payment_total: Option<String>,
    /// Ids or labels that can be tapped.
    pub buttons: Vec<String>,
    /// Whether a colleague is announced.
    pub hands_off: Option<bool>,
    /// What the payment page says after `pays`.
    pub page_has: Option<String>,
}

/// The products of one step, over all its messages.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cards {
    /// At least so many.
    pub min: Option<usize>,
    /// At most so many.
    pub max: Option<usize>,
    /// True of every card.
    pub all: CardIs,
    /// True of at least one card.
    pub any: Option<CardIs>,
    /// Among the cards.
    pub includes: Vec<ProductId>,
    /// Not among the cards.
    pub excludes: Vec<ProductId>,
    /// The first card.
    pub first: Option<ProductId>,
}

/// What is true of a card, judged by the product in the store and not by the words on the card.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CardIs {
    /// The price on the card.
    pub price_at_most: Option<String>,
    /// The price on the card.
    pub price_at_least: Option<String>,
    /// Some variant in stock has all these options.
    pub options: BTreeMap<String, String>,
    /// The product's category is one of these.
    pub category: Vec<String>,
    /// The product's attribute contains this.
    pub attributes: BTreeMap<String, String>,
    /// Stock as the card says it, such as `in stock`.
    pub stock: Option<String>,
    /// The product's title contains this.
    pub title_has: Option<String>,
}

/// What has to be true of the shop's rows.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// The orders of this story, in the order they were placed.
    pub orders: Option<Vec<OrderIs>>,
    /// The whole cart.
    pub cart: Option<BTreeMap<VariantId, u32>>,
    /// Pieces that can still be sold.
    pub stock: BTreeMap<VariantId, i64>,
    /// Who answers.
    pub with: Option<Whom>,
    /// How the colleague came in.
    pub hand_off: Option<HandOffIs>,
    /// Whether the shopper said STOP.
    pub stopped: Option<bool>,
    /// No order, an empty cart, the stock as it was, and the agent still answers.
    pub unchanged: bool,
}

/// An order.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderIs {
    /// Where it stands.
    pub state: OrderState,
    /// As a plain decimal.
    #[serde(default)]
    pub total: Option<String>,
    /// SKU and pieces.
    #[serde(default)]
    pub lines: Option<BTreeMap<VariantId, u32>>,
    /// Money given back, in order.
    #[serde(default)]
    pub refunds: Option<Vec<RefundIs>>,
    /// Changes, in order.
    #[serde(default)]
    pub amendments: Option<Vec<AmendmentIs>>,
    /// Part of the address it goes to.
    #[serde(default)]
    pub goes_to: Option<String>,
}

/// Money given back.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundIs {
    /// As a plain decimal.
    pub amount: String,
    /// One of these.
    pub state: Vec<RefundState>,
}

/// A change to an order.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmendmentIs {
    /// What sort.
    pub kind: AmendmentKind,
    /// Where it stands.
    pub state: AmendmentState,
}

/// A hand-off.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HandOffIs {
    /// One of these reasons; any when empty.
    pub reason: Vec<HandOffReason>,
    /// At this step (from 1) or before.
    pub by_step: Option<usize>,
    /// Not before this step (from 1).
    pub not_before_step: Option<usize>,
}

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// The agent.
    Agent,
    /// A colleague.
    Colleague,
}

/// Something that may be forbidden for a whole story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// An order summary.
    Summary,
    /// A payment page.
    PaymentLink,
    /// An order.
    Order,
    /// A colleague is called.
    HandOff,
    /// A product is shown.
    Card,
}

/// A regular expression.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern(pub regex::Regex);

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        regex::Regex::new(&text).map(Self).map_err(|e| format!("\"{text}\" is no regular expression: {e}"))
    }
}

impl State {
    /// Whether nothing is expected, so that the rows need not be read.
    pub fn is_empty(&self) -> bool {
        self.orders.is_none()
            && self.cart.is_none()
            && self.stock.is_empty()
            && self.with.is_none()
            && self.hand_off.is_none()
            && self.stopped.is_none()
            && !self.unchanged
    }
}
