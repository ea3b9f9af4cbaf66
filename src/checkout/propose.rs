//! Making a proposal: the act is worked out and stored, and nothing happens until the shopper says yes.

use crate::app::App;
use crate::checkout::Error;
use crate::checkout::plan::{Planned, plan};
use crate::domain::id::{ContactId, ConversationId};
use crate::domain::proposal::{Proposal, ProposalState, Wish};
use crate::domain::shop::Shop;
use crate::store::Tx;
use jiff::Span;

/// Minutes a proposal can be confirmed.
pub const PROPOSAL_MINUTES: i64 = 15;

/// What became of a wish.
#[derive(Clone, Debug, PartialEq)]
pub enum Proposed {
    /// Stored, to be shown.
    Made(Box<Proposal>),
    /// Not possible, in words for the shopper.
    Refused(String),
}

/// Stores a proposal to do what the contact wishes; one that was open in the conversation is superseded.
pub async fn propose(
    app: &App,
    tx: &mut Tx,
    shop: &Shop,
    conversation: &ConversationId,
    contact: &ContactId,
    wish: &Wish,
) -> Result<Proposed, Error> {
    let act = match plan(app, tx, shop, contact, wish).await? {
        Planned::Act(act) => *act,
        Planned::Refused(why) => return Ok(Proposed::Refused(why)),
    };
    let proposal = Proposal {
        id: app.new_id(),
        conversation: conversation.clone(),
        contact: contact.clone(),
        act,
        state: ProposalState::Open,
        expires_at: app.after(Span::new().minutes(PROPOSAL_MINUTES)),
    };
    tx.propose(&proposal, app.now()).await?;
    Ok(Proposed::Made(Box::new(proposal)))
}
