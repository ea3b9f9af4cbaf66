//! Names of things: text with a prefix that says what it is, so that any log line explains itself.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A typed identifier made of text.
pub trait Id: Sized {
    /// The letters in front of a generated id.
    const PREFIX: &'static str;
    /// Wraps existing text.
    fn from_text(text: String) -> Self;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps existing text, for instance a row's column.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text of the id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Id for $name {
            const PREFIX: &'static str = $prefix;
            fn from_text(text: String) -> Self {
                Self(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// A merchant's account.
    ShopId = "shp";
    /// A stored shopper.
    ContactId = "con";
    /// One contact on one channel account.
    ConversationId = "cnv";
    /// One message in a conversation.
    MessageId = "msg";
    /// One reply in the making.
    TurnId = "trn";
    /// A product, named by the merchant's own handle.
    ProductId = "prd";
    /// A variant of a product, named by the merchant's own SKU.
    VariantId = "var";
    /// A piece of a knowledge text.
    PassageId = "psg";
    /// One taking-in of a feed or of texts.
    RunId = "run";
    /// A feed or a site that is fetched again and again.
    SourceId = "src";
    /// An act waiting for the shopper's yes.
    ProposalId = "prp";
    /// An order.
    OrderId = "ord";
    /// One attempt to be paid for an order: a payment page.
    CheckoutId = "chk";
    /// Money given back, or asked to be.
    RefundId = "rfd";
    /// A change to an order that stands: other goods, a return, an exchange.
    AmendmentId = "amd";
    /// Something about the money that a person has to look at.
    FindingId = "fnd";
    /// A piece of work for the worker.
    JobId = "job";
    /// A file that came with a message.
    MediaId = "med";
    /// One thing handed to a network that charges for each: a bubble of a message.
    SendId = "snd";
}
