//! Where something stands: one closed set of words, so that a reply's "delivered" can be compared and not only searched for.

use serde::{Deserialize, Serialize};

/// Where an order or a product's stock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// An order nobody has paid for.
    WaitingForPayment,
    /// An order whose payment is under way.
    PaymentPending,
    /// A paid order that is being packed.
    Paid,
    /// A sent order.
    OnItsWay,
    /// An order that arrived.
    Delivered,
    /// An order that was not paid in time.
    Expired,
    /// An order that was called off.
    Cancelled,
    /// An order whose money went back.
    Refunded,
    /// An order a colleague looks into.
    BeingChecked,
    /// A product that can be bought.
    InStock,
    /// A product that cannot.
    SoldOut,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 11] = [
        Self::WaitingForPayment,
        Self::PaymentPending,
        Self::Paid,
        Self::OnItsWay,
        Self::Delivered,
        Self::Expired,
        Self::Cancelled,
        Self::Refunded,
        Self::BeingChecked,
        Self::InStock,
        Self::SoldOut,
    ];

    /// Its words, as an order tells them.
    pub fn word(self) -> &'static str {
        match self {
            Self::WaitingForPayment => "waiting for payment",
            Self::PaymentPending => "payment being processed",
            Self::Paid => "paid, being packed",
            Self::OnItsWay => "on its way",
            Self::Delivered => "delivered",
            Self::Expired => "expired, not paid in time",
            Self::Cancelled => "cancelled",
            Self::Refunded => "refunded",
            Self::BeingChecked => "being checked by a colleague",
            Self::InStock => "in stock",
            Self::SoldOut => "sold out",
        }
    }

    /// The status with these words.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }

    /// Whether it is about a product's stock and not about an order.
    pub fn is_stock(self) -> bool {
        matches!(self, Self::InStock | Self::SoldOut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_read_back_from_its_words() {
        for status in Status::ALL {
            assert_eq!(Status::parse(status.word()), Some(status));
        }
        assert_eq!(Status::parse("lost"), None);
    }
}
