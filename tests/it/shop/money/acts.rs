//! What shoppers do in these worlds: they wish for something, see a summary, and say yes to it, once or twice.

use crate::shop::dying::Mortal;
use crate::world::TestShop;
use souk::checkout::commit::{Committed, commit};
use souk::checkout::propose::{Proposed, propose};
use souk::checkout::summary::summary;
use souk::domain::conversation::Conversation;
use souk::domain::message::Said;
use souk::domain::order::Order;
use souk::domain::proposal::{Proposal, Wish};
use std::collections::BTreeMap;

/// What became of a wish.
#[derive(Clone, Debug)]
pub enum Did {
    /// Shown, and done after the yes.
    Done(Box<Proposal>, Option<Box<Order>>),
    /// Refused before or after the yes, or shown again because something had changed.
    No(String),
}

/// A shopper has been here before.
pub async fn meets(shop: &mut TestShop, mortal: &mut Mortal, who: &str) {
    shop.writes(who, &format!("hello from {who}"), Said::Text("hello".into())).await;
    mortal.settles(shop).await;
}

/// Wishes for something and sees the summary.
pub async fn wishes(shop: &TestShop, of: &Conversation, wish: &Wish) -> Result<Proposal, String> {
    let app = &shop.app;
    let mut tx = app.store.begin(&app.shop).await.unwrap();
    let rules = tx.shop().await.unwrap().unwrap();
    let made = propose(app, &mut tx, &rules, &of.id, &of.contact, wish).await.unwrap();
    tx.commit().await.unwrap();
    match made {
        Proposed::Made(proposal) => Ok(*proposal),
        Proposed::Refused(why) => Err(why),
    }
}

/// Says yes to a proposal.
pub async fn agrees(shop: &TestShop, of: &Conversation, proposal: &Proposal) -> Committed {
    let app = &shop.app;
    let mut tx = app.store.begin(&app.shop).await.unwrap();
    let rules = tx.shop().await.unwrap().unwrap();
    let done = commit(app, &mut tx, &rules, &of.contact, &proposal.id).await.unwrap();
    tx.commit().await.unwrap();
    app.work.notify_waiters();
    done
}

/// The strong rows of a summary: what is charged or given back, as the shopper reads it.
pub fn shown(proposal: &Proposal) -> Vec<String> {
    summary(proposal, &souk::wording::Voice::default())
        .totals
        .into_iter()
        .filter(|row| row.strong)
        .map(|row| row.amount)
        .collect()
}

/// Wishes, sees, agrees; a second yes finds it done.
pub async fn does(
    shop: &TestShop,
    of: &Conversation,
    wish: &Wish,
    twice: bool,
    seen: &mut BTreeMap<String, u32>,
) -> Did {
    let proposal = match wishes(shop, of, wish).await {
        Ok(proposal) => proposal,
        Err(why) => return Did::No(why),
    };
    let done = agrees(shop, of, &proposal).await;
    if twice {
        let again = agrees(shop, of, &proposal).await;
        assert!(matches!(again, Committed::Refused(_)), "a second yes did something: {again:?}");
        *seen.entry("second yes".into()).or_default() += 1;
    }
    match done {
        Committed::Done(done) => Did::Done(Box::new(proposal), done.order.map(Box::new)),
        Committed::Again { why, .. } | Committed::Refused(why) => Did::No(why),
    }
}
