//! The web chat and the terminal: a message is delivered once it is stored, listeners are only woken.

use crate::channel::{Channel, Error, Outbound};
use crate::domain::id::ConversationId;
use tokio::sync::broadcast;

/// News kept for a listener that is slow; one that misses more reads the store again.
const NEWS_KEPT: usize = 1_024;

/// A channel whose shoppers read the store through this program's own pages.
#[derive(Clone, Debug)]
pub struct Web {
    name: &'static str,
    news: broadcast::Sender<News>,
}

/// Something a listening page wants to know at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// There is a new message to read.
    Message {
        /// Where.
        conversation: ConversationId,
    },
    /// What is being done for the shopper right now.
    Progress {
        /// Where.
        conversation: ConversationId,
        /// In words.
        label: String,
    },
}

impl Web {
    /// A channel of this name.
    pub fn new(name: &'static str) -> Self {
        Self { name, news: broadcast::Sender::new(NEWS_KEPT) }
    }

    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }

    /// Wakes the listeners of a conversation, also for the shopper's own message.
    pub fn wake(&self, conversation: &ConversationId) {
        // Nobody listening is no error: the message is in the store.
        let _ = self.news.send(News::Message { conversation: conversation.clone() });
    }
}

#[async_trait::async_trait]
impl Channel for Web {
    fn name(&self) -> &str {
        self.name
    }

    async fn send(&self, outbound: &Outbound<'_>) -> Result<Option<String>, Error> {
        self.wake(&outbound.message.conversation);
        Ok(None)
    }

    fn progress(&self, conversation: &ConversationId, label: &str) {
        let _ = self.news.send(News::Progress { conversation: conversation.clone(), label: label.to_owned() });
    }
}

impl News {
    /// The conversation it is about.
    pub fn conversation(&self) -> &ConversationId {
        match self {
            Self::Message { conversation } | Self::Progress { conversation, .. } => conversation,
        }
    }
}
