//! `order_status`: how the order behind an order message stands now.

use crate::channel::ask_to_pay::cut;
use crate::channel::whatsapp::order_message::Market;
use crate::channel::whatsapp::order_message::details::BODY_CHARS_MAX;
use crate::channel::whatsapp::order_message::reference::Reference;
use crate::domain::order::{Order, OrderState};
use serde_json::{Value, json};

/// Characters of the line under a status.
pub const DESCRIPTION_CHARS_MAX: usize = 120;

/// How WhatsApp lets an order stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// To be paid.
    Pending,
    /// Being packed.
    Processing,
    /// Some of it left.
    PartiallyShipped,
    /// It left.
    Shipped,
    /// Nothing more is to come.
    Completed,
    /// Called off, and never paid: WhatsApp refuses to cancel what is paid.
    Canceled,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 6] =
        [Self::Pending, Self::Processing, Self::PartiallyShipped, Self::Shipped, Self::Completed, Self::Canceled];

    /// As WhatsApp writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::PartiallyShipped => "partially_shipped",
            Self::Shipped => "shipped",
            Self::Completed => "completed",
            Self::Canceled => "canceled",
        }
    }

    /// Where an order of ours stands in WhatsApp's words; `None` while a person has to look at it, because none of them
    /// would be true.
    pub fn of(order: &Order) -> Option<Self> {
        let paid = order.times.paid.is_some();
        match order.state {
            OrderState::AwaitingPayment | OrderState::PaymentPending => Some(Self::Pending),
            OrderState::Paid => Some(Self::Processing),
            OrderState::Fulfilled if order.times.delivered.is_some() => Some(Self::Completed),
            OrderState::Fulfilled => Some(Self::Shipped),
            // Paid and over: nothing more is to come, and the words say why.
            OrderState::Refunded => Some(Self::Completed),
            OrderState::Expired | OrderState::Cancelled if paid => Some(Self::Completed),
            OrderState::Expired | OrderState::Cancelled => Some(Self::Canceled),
            OrderState::Frozen => None,
        }
    }

    /// Whether WhatsApp takes this after that. A step it would refuse is better said in words.
    pub fn may_follow(self, before: Self) -> bool {
        let moving = |status| matches!(status, Self::Processing | Self::PartiallyShipped | Self::Shipped);
        match before {
            Self::Pending => self != Self::Pending,
            Self::Processing | Self::PartiallyShipped | Self::Shipped => {
                self != before && (moving(self) || self == Self::Completed)
            }
            Self::Completed | Self::Canceled => false,
        }
    }
}

/// The message that moves the order behind `reference`; `None` when WhatsApp already shows it so, or would refuse.
pub fn message(order: &Order, before: Status, reference: &Reference, text: &str, market: Market) -> Option<Value> {
    let status = Status::of(order).filter(|status| status.may_follow(before))?;
    let mut parameters = json!({
        "reference_id": reference.to_string(),
        "order": { "status": status.word(), "description": cut(order.status(), DESCRIPTION_CHARS_MAX) },
    });
    // Brazil's WhatsApp knows of no payment by itself: it shows what it is told.
    if let (Market::Brazil, Some(paid), Some(fields)) = (market, order.times.paid, parameters.as_object_mut()) {
        fields.insert("payment".to_owned(), json!({ "status": "captured", "timestamp": paid.as_second() }));
    }
    Some(json!({
        "type": "order_status",
        "body": { "text": cut(text, BODY_CHARS_MAX) },
        "action": { "name": "review_order", "parameters": parameters },
    }))
}
