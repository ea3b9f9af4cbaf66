//! Asking for money, whatever the network: a link everywhere, and the network's own order message where the market has
//! one. Either way the amounts are the order's own, and whether it is paid is asked of the provider alone.

use crate::domain::cart::Quote;
use crate::domain::id::CheckoutId;
use crate::domain::message::PaymentRequest;
use crate::domain::money::Money;
use jiff::Timestamp;

/// A way in which a network shows an order that is to be paid.
pub trait AskToPay: Send + Sync {
    /// What is handed to the network, without the envelope that names the receiver.
    fn ask(&self, asking: &Asking<'_>) -> Result<serde_json::Value, Error>;
}

/// What is asked for: the page that was opened, and the order behind it.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// The attempt to be paid; networks know the payment by it.
    pub checkout: &'a CheckoutId,
    /// Which message about this attempt, from 1: networks want each to have a name of its own.
    pub message: u32,
    /// The words above it.
    pub text: &'a str,
    /// The page, its button and its end.
    pub request: &'a PaymentRequest,
    /// Lines and totals as confirmed.
    pub quote: &'a Quote,
    /// Now.
    pub now: Timestamp,
}

/// Why an order cannot be shown in this way. Nothing was sent, and a link still can be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The parts do not make the total, or a part is below nothing.
    #[error("the order does not add up to {0}")]
    DoesNotAddUp(Money),
    /// The market has no order messages in this currency.
    #[error("this market has no order messages in {0}")]
    Currency(String),
    /// More than the network takes.
    #[error("{what} has {count}, and {max} are the limit")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        max: usize,
    },
    /// A text that the network would refuse.
    #[error("{what} is not in the form that is asked for")]
    Malformed {
        /// Which.
        what: &'static str,
    },
    /// The instrument would charge something else than is shown.
    #[error("{what} is over {found}, but {total} is shown")]
    OtherAmount {
        /// The instrument.
        what: &'static str,
        /// What it says.
        found: String,
        /// What the order says.
        total: Money,
    },
    /// The page ends before the network would let the message end.
    #[error("the page closes too soon for an order message")]
    ClosesTooSoon,
}

/// A button that opens the page: works everywhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct LinkButton;

/// Characters on a link button.
const LABEL_CHARS_MAX: usize = 20;
/// Characters of the text above it.
const TEXT_CHARS_MAX: usize = 1_024;

impl AskToPay for LinkButton {
    fn ask(&self, asking: &Asking<'_>) -> Result<serde_json::Value, Error> {
        if !asking.request.url.starts_with("http") {
            return Err(Error::Malformed { what: "the address of the page" });
        }
        Ok(serde_json::json!({
            "type": "cta_url",
            "body": { "text": cut(asking.text, TEXT_CHARS_MAX) },
            "action": { "name": "cta_url", "parameters": {
                "display_text": cut(&asking.request.label, LABEL_CHARS_MAX),
                "url": asking.request.url,
            } },
        }))
    }
}

/// Asks in the market's own way where it has one, and with a link where it has none or the order does not fit it: an
/// order that cannot be shown beautifully must still be payable.
pub fn ask(native: Option<&dyn AskToPay>, asking: &Asking<'_>) -> Result<serde_json::Value, Error> {
    let Some(native) = native else { return LinkButton.ask(asking) };
    match native.ask(asking) {
        Ok(message) => Ok(message),
        Err(why) => {
            tracing::warn!(checkout = %asking.checkout, %why, "the order message was replaced by a link");
            LinkButton.ask(asking)
        }
    }
}

/// The beginning of a text, with a sign that it went on.
pub fn cut(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    kept.push('…');
    kept
}
