//! A fake network: keeps what was sent and can refuse, for tests and evaluations.

use crate::channel::{Channel, Error, Outbound};
use crate::domain::id::ConversationId;
use crate::domain::message::Message;
use std::sync::{Mutex, PoisonError};

/// A network in memory.
#[derive(Debug, Default)]
pub struct Fake {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    sent: Vec<Message>,
    busy_for: u32,
}

impl Fake {
    /// Everything that was sent so far, in order; the same message twice if it was sent twice.
    pub fn sent(&self) -> Vec<Message> {
        self.lock().sent.clone()
    }

    /// Makes the next sends fail as if the network were busy.
    pub fn be_busy(&self, times: u32) {
        self.lock().busy_for = times;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl Channel for Fake {
    fn name(&self) -> &str {
        "fake"
    }

    async fn send(&self, outbound: &Outbound<'_>) -> Result<Option<String>, Error> {
        let mut state = self.lock();
        if state.busy_for > 0 {
            state.busy_for -= 1;
            return Err(Error::Busy("the fake network was told to be busy".into()));
        }
        state.sent.push(outbound.message.clone());
        Ok(Some(format!("fake-{}", state.sent.len())))
    }

    fn progress(&self, _conversation: &ConversationId, _label: &str) {}
}
