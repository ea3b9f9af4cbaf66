//! What leaves on networks that charge for each message and tell later what became of it.

use crate::app::App;
use crate::domain::id::ConversationId;
use crate::domain::send::News;
use crate::store::{self, Tx};

/// Takes in what a network tells of a message of ours. News come more than once and in any order: nothing goes backwards.
/// News of a message that is not known yet are kept until it is.
pub async fn hear(_app: &App, _tx: &mut Tx, _account: &str, _news: &News) -> Result<(), store::Error> {
    Ok(())
}

/// The shopper wrote: what waited for the window to open may leave.
pub async fn release(_app: &App, _tx: &mut Tx, _conversation: &ConversationId) -> Result<(), store::Error> {
    Ok(())
}
