//! The shopper's yes: everything is worked out again, and only what was shown is done, once.

use crate::app::App;
use crate::checkout::plan::{Planned, plan};
use crate::checkout::propose::{Proposed, propose};
use crate::checkout::{Error, amend, effects, place, refund};
use crate::domain::amendment::AmendmentKind;
use crate::domain::id::{ContactId, OrderId, ProposalId};
use crate::domain::money::Money;
use crate::domain::order::engine::Event;
use crate::domain::order::{Order, OutOf};
use crate::domain::proposal::{Act, Proposal, ProposalState};
use crate::domain::refund::{AskedBy, Details};
use crate::domain::shop::Shop;
use crate::store::Tx;

/// What became of a yes.
#[derive(Clone, Debug, PartialEq)]
pub enum Committed {
    /// It is done.
    Done(Box<Done>),
    /// Something changed since the summary was shown: why, and the new proposal.
    Again {
        /// In words for the shopper.
        why: String,
        /// To be shown.
        proposal: Box<Proposal>,
    },
    /// Not possible, in words for the shopper.
    Refused(String),
}

/// What was done.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// `checkout`, `cancel`…
    pub what: &'static str,
    /// The order it was done to, as it stands now.
    pub order: Option<Order>,
    /// What the shopper is told at once; `None` when a message about the order follows by itself.
    pub text: Option<String>,
}

/// Commits a proposal because this contact said yes. Only a proposal that is still open, in time and unchanged is
/// committed, and only once: a second yes finds it closed.
pub async fn commit(
    app: &App,
    tx: &mut Tx,
    shop: &Shop,
    contact: &ContactId,
    id: &ProposalId,
) -> Result<Committed, Error> {
    let refused = |why: &str| Ok(Committed::Refused(why.to_owned()));
    let Some(proposal) = tx.proposal(id).await?.filter(|p| &p.contact == contact) else {
        return refused("I can't find that summary any more.");
    };
    match proposal.state {
        ProposalState::Open => {}
        ProposalState::Committed if proposal.act.order().is_none() => return refused("That order is already placed."),
        ProposalState::Committed => return refused("That is done already."),
        ProposalState::Cancelled => return refused("That was called off. Just ask again if you still want it."),
        ProposalState::Superseded => return refused("There is a newer summary of this."),
        ProposalState::Expired => return refused("That summary has expired. Just ask again for a new one."),
    }
    if proposal.expires_at <= app.now() {
        tx.close_proposal(id, ProposalState::Expired).await?;
        return again(app, tx, shop, &proposal, "The summary had expired, so here is a fresh one.").await;
    }
    match plan(app, tx, shop, contact, &proposal.act.wish()).await? {
        Planned::Act(act) if *act == proposal.act => {}
        Planned::Act(act) => return again(app, tx, shop, &proposal, changed(&proposal.act, &act)).await,
        Planned::Refused(why) => {
            tx.close_proposal(id, ProposalState::Superseded).await?;
            return refused(&format!("I'm sorry, {why}."));
        }
    }
    if !tx.close_proposal(id, ProposalState::Committed).await? {
        return refused("That is done already.");
    }
    perform(app, tx, shop, &proposal).await
}

async fn perform(app: &App, tx: &mut Tx, shop: &Shop, proposal: &Proposal) -> Result<Committed, Error> {
    let done = |what, order, text: Option<String>| Ok(Committed::Done(Box::new(Done { what, order, text })));
    match &proposal.act {
        Act::Checkout { quote, cart_version } => {
            let order = place::place(app, tx, shop, proposal, quote, *cart_version).await?;
            done("checkout", Some(order), None)
        }
        Act::Cancel { order, .. } => {
            let order = own(tx, order, proposal).await?;
            let left = crate::checkout::plan::left(tx, &order).await?;
            match effects::happen(app, tx, order, &Event::CancelAsked { left }).await? {
                Ok(order) => done("cancel", Some(order), None),
                Err(refusal) => Ok(Committed::Refused(format!("I'm sorry, {refusal}."))),
            }
        }
        Act::ChangeItems { order, terms, .. } => {
            let order = own(tx, order, proposal).await?;
            amend::agree(app, tx, shop, &order, AmendmentKind::Change, terms).await?;
            done("change_items", Some(own(tx, &order.id, proposal).await?), None)
        }
        Act::Return { order, terms, .. } => {
            let order = own(tx, order, proposal).await?;
            amend::agree(app, tx, shop, &order, AmendmentKind::Return, terms).await?;
            done("return", Some(order), None)
        }
        Act::Exchange { order, terms, .. } => {
            let order = own(tx, order, proposal).await?;
            amend::agree(app, tx, shop, &order, AmendmentKind::Exchange, terms).await?;
            done("exchange", Some(order), None)
        }
        Act::ChangeAddress { order, number, address } => {
            let mut order = own(tx, order, proposal).await?;
            order.ship_to = Some(address.clone());
            effects::save(tx, &order, order.state).await?;
            let text = format!("Order {number} now goes to {}.", address.line());
            done("change_address", Some(order), Some(text))
        }
        Act::Refund { order, lines, amount, approval, .. } => {
            let order = own(tx, order, proposal).await?;
            let details = Details {
                lines: lines.clone(),
                ..Details::new(OutOf::Sale, "the shopper asked for it", AskedBy::Shopper)
            };
            refund::give_back(app, tx, &order, *amount, details, *approval).await?;
            let text = refund_words(&order, *amount, *approval);
            done("refund", Some(order), Some(text))
        }
        Act::KeepAddress { address } => {
            let contact = tx.contact(&proposal.contact).await?;
            let mut contact = contact.ok_or_else(|| Error::Missing(format!("contact {}", proposal.contact)))?;
            contact.address = Some(address.clone());
            tx.save_contact(&contact, app.now()).await?;
            done("keep_address", None, Some(format!("I'll remember this address: {}.", address.line())))
        }
    }
}

fn refund_words(order: &Order, amount: Money, approval: bool) -> String {
    let number = &order.number;
    if approval {
        format!("I've asked a colleague to agree to paying back {amount} for order {number}. You'll hear from us here.")
    } else {
        format!("{amount} for order {number} is on its way back to the card you paid with.")
    }
}

/// The order an act is about. From here on the shopper hears of it where they spoke of it last.
async fn own(tx: &mut Tx, id: &OrderId, proposal: &Proposal) -> Result<Order, Error> {
    let mut order = tx.order(id).await?.ok_or_else(|| Error::Missing(format!("order {id}")))?;
    if order.conversation.as_ref() != Some(&proposal.conversation) {
        order.conversation = Some(proposal.conversation.clone());
        effects::save(tx, &order, order.state).await?;
    }
    Ok(order)
}

/// What changed between what was shown and what would be done now, in words for the shopper.
fn changed(shown: &Act, now: &Act) -> &'static str {
    match (shown, now) {
        (Act::Checkout { cart_version: shown, .. }, Act::Checkout { cart_version: now, .. }) if shown != now => {
            "Your cart has changed since. Please check again:"
        }
        (Act::Cancel { .. } | Act::ChangeAddress { .. }, _) => "The order has changed since. Please check again:",
        _ => "A price has changed since. Please check again:",
    }
}

async fn again(app: &App, tx: &mut Tx, shop: &Shop, old: &Proposal, why: &str) -> Result<Committed, Error> {
    tx.close_proposal(&old.id, ProposalState::Superseded).await?;
    let wish = old.act.wish();
    Ok(match propose(app, tx, shop, &old.conversation, &old.contact, &wish).await? {
        Proposed::Made(proposal) => Committed::Again { why: why.to_owned(), proposal },
        Proposed::Refused(why) => Committed::Refused(format!("I'm sorry, {why}.")),
    })
}
