//! Stock set aside. Taken off the shelf when it is held; then sold, or put back, once.

use crate::domain::id::{AmendmentId, OrderId, VariantId};
use jiff::Timestamp;

/// Goods set aside for an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// Who holds them.
    pub holder: Holder,
    /// Which variant.
    pub variant: VariantId,
    /// How many.
    pub quantity: u32,
    /// Where they are.
    pub state: ReservationState,
    /// From then on somebody asks whether they are still wanted. Time alone never releases them: the page may be paid.
    pub until: Timestamp,
}

/// Who holds goods: with the variant, the name under which they are held once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// An order, for its own lines.
    Order(OrderId),
    /// An amendment, for what it puts into its order.
    Amendment(AmendmentId),
    /// An amendment, for what it takes out: put back on the shelf.
    Back(AmendmentId),
    /// An order that is called off after it was paid: put back on the shelf.
    CalledOff(OrderId),
}

/// Where goods are that were set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReservationState {
    /// Off the shelf, not sold yet.
    Held,
    /// Sold.
    Sold,
    /// On the shelf again, never sold.
    Released,
    /// On the shelf again after they were sold.
    Returned,
}

/// What happens to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReservationEvent {
    /// They are paid for.
    Sell,
    /// They will not be.
    Release,
}

impl ReservationState {
    /// Where an event takes them; `None` when it comes too late to do anything.
    pub fn on(self, event: ReservationEvent) -> Option<Self> {
        match (self, event) {
            (Self::Held, ReservationEvent::Sell) => Some(Self::Sold),
            (Self::Held, ReservationEvent::Release) => Some(Self::Released),
            (Self::Sold | Self::Released | Self::Returned, _) => None,
        }
    }

    /// The stored word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Sold => "sold",
            Self::Released => "released",
            Self::Returned => "returned",
        }
    }
}

impl ReservationEvent {
    /// The state it leads to from the only one it can start from.
    pub fn target(self) -> ReservationState {
        match self {
            Self::Sell => ReservationState::Sold,
            Self::Release => ReservationState::Released,
        }
    }
}

impl Holder {
    /// As it is stored.
    pub fn word(&self) -> String {
        match self {
            Self::Order(id) => id.to_string(),
            Self::Amendment(id) => id.to_string(),
            Self::Back(id) => format!("{id}:back"),
            Self::CalledOff(id) => format!("{id}:off"),
        }
    }
}
