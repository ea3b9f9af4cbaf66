//! Work to be done later, as plain data. The worker is the one place that knows who does it.

use crate::domain::id::{CheckoutId, ConversationId, MediaId, MessageId, OrderId, RefundId, SourceId};
use crate::domain::order::Happening;
use serde::{Deserialize, Serialize};

/// A piece of work. Each bears repeating: a crash between any two steps repeats it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// Answer what the shopper wrote.
    Respond {
        /// Where.
        conversation: ConversationId,
    },
    /// Read an account's list of templates anew.
    SyncTemplates {
        /// Its name in the settings.
        account: String,
    },
    /// Fetch a file that came with a message, before the message is answered.
    FetchMedia {
        /// Where.
        conversation: ConversationId,
        /// Which.
        media: MediaId,
    },
    /// Hand a message to its channel.
    Deliver {
        /// Where.
        conversation: ConversationId,
        /// Which.
        message: MessageId,
    },
    /// Ask the payment provider for a page.
    OpenCheckout {
        /// The attempt.
        checkout: CheckoutId,
    },
    /// Ask the provider how a page stands: after an event, on return, when its time is over.
    SettleCheckout {
        /// The attempt.
        checkout: CheckoutId,
    },
    /// Ask the provider to give money back.
    SendRefund {
        /// Which.
        refund: RefundId,
    },
    /// Read a stored provider event.
    ReadPaymentEvent {
        /// The provider's id of it.
        event: String,
    },
    /// Compare our rows with the provider's lists; writes itself down again.
    Reconcile,
    /// Tell the shopper what happened to an order.
    Notify {
        /// Which order.
        order: OrderId,
        /// What happened.
        what: Happening,
    },
    /// Put the words, prices and stock of products on the list of what is not indexed yet into the search index.
    IndexChanges,
    /// Collect the words the shop's products use, unless that was done since they changed.
    CollectWords,
    /// Give articles the price that a reduction says for now.
    TurnPrices,
    /// Fetch a feed or a site, and take in what is new.
    FetchSource {
        /// Which.
        source: SourceId,
    },
    /// Put the words of passages that changed into the search index.
    IndexPassages,
    /// Make some of the vectors that are missing in the search index; writes itself down again for the rest.
    EmbedDocuments,
    /// Rebuild the whole index of the shop.
    IndexShop,
}

impl Job {
    /// Jobs of one lane run one after the other.
    pub fn lane(&self) -> String {
        match self {
            Self::Respond { conversation }
            | Self::FetchMedia { conversation, .. }
            | Self::Deliver { conversation, .. } => conversation.to_string(),
            Self::OpenCheckout { checkout } | Self::SettleCheckout { checkout } => checkout.to_string(),
            Self::SendRefund { refund } => refund.to_string(),
            Self::ReadPaymentEvent { event } => event.clone(),
            Self::Reconcile => "reconcile".to_owned(),
            Self::SyncTemplates { account } => format!("templates:{account}"),
            Self::Notify { order, .. } => order.to_string(),
            Self::IndexChanges | Self::IndexPassages | Self::IndexShop => "index".to_owned(),
            // Vectors take their time; words never wait for them.
            Self::EmbedDocuments => "embed".to_owned(),
            Self::TurnPrices => "prices".to_owned(),
            // One feed at a time, and beside the index, which may take long.
            Self::FetchSource { .. } | Self::CollectWords => "catalog".to_owned(),
        }
    }

    /// Two waiting jobs with the same key are one. `None` means that each counts.
    pub fn once(&self) -> Option<String> {
        match self {
            Self::Respond { conversation } => Some(format!("respond:{conversation}")),
            Self::SyncTemplates { account } => Some(format!("templates:{account}")),
            Self::FetchMedia { media, .. } => Some(format!("fetch:{media}")),
            Self::Deliver { message, .. } => Some(format!("deliver:{message}")),
            Self::OpenCheckout { checkout } => Some(format!("open:{checkout}")),
            Self::SendRefund { refund } => Some(format!("refund:{refund}")),
            Self::ReadPaymentEvent { event } => Some(format!("event:{event}")),
            Self::Reconcile => Some("reconcile".to_owned()),
            Self::IndexChanges => Some("index:changes".to_owned()),
            Self::CollectWords => Some("words".to_owned()),
            Self::TurnPrices => Some("prices".to_owned()),
            Self::FetchSource { source } => Some(format!("source:{source}")),
            Self::IndexPassages => Some("index:passages".to_owned()),
            Self::EmbedDocuments => Some("index:vectors".to_owned()),
            Self::IndexShop => Some("index:shop".to_owned()),
            Self::SettleCheckout { .. } | Self::Notify { .. } => None,
        }
    }
}
