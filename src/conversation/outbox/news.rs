//! News of what was sent: told at least once, in any order, sometimes before the answer to the call itself.

use crate::app::App;
use crate::conversation::outbox::{hand, later, mishap};
use crate::domain::id::SendId;
use crate::domain::send::{Event, News, Send, SendState};
use crate::store::{self, Tx};

/// Tries to write down what somebody else is changing at the same moment.
const TRIES_MAX: usize = 5;

/// Takes news in.
pub async fn hear(app: &App, tx: &mut Tx, account: &str, news: &News) -> Result<(), store::Error> {
    let ours = match &news.ours {
        Some(ours) => tx.send(&SendId::new(ours.clone())).await?.filter(|send| send.account == account),
        None => None,
    };
    let found = match ours {
        Some(send) => Some(send),
        None => tx.send_by_outside(account, &news.outside_id).await?,
    };
    match found {
        Some(send) => apply(app, tx, &send.id, news).await,
        None => tx.keep_orphan(account, news, app.now()).await,
    }
}

/// Applies news to a send that is there.
pub async fn apply(app: &App, tx: &mut Tx, id: &SendId, news: &News) -> Result<(), store::Error> {
    for _ in 0..TRIES_MAX {
        let Some(before) = tx.send(id).await? else {
            return Ok(());
        };
        let Some(told) = told(&before, news) else {
            return Ok(());
        };
        if tx.move_send(&told, (before.state, before.tries), app.now()).await? {
            return follow(app, tx, &before, told).await;
        }
    }
    Err(store::Error::Conflict { what: format!("send {id}") })
}

/// The send after the news; nothing if it says nothing new.
fn told(before: &Send, news: &News) -> Option<Send> {
    let mut send = before.clone();
    let event = Event::of(&news.what);
    // An earlier try did not arrive, and a later one is on its way: that one decides.
    let of_another_try = send.outside_id.as_ref().is_some_and(|outside| *outside != news.outside_id);
    if event == Some(Event::Failed) && of_another_try {
        return None;
    }
    if let Some(event) = event {
        send.state = send.state.on(event);
    }
    if send.state != before.state {
        send.due_at = None;
        send.problem = if send.state == SendState::Failed { news.problem.clone() } else { None };
    }
    if send.outside_id.is_none() {
        send.outside_id = Some(news.outside_id.clone());
    }
    send.pricing = news.pricing.clone().or(send.pricing);
    (send != *before).then_some(send)
}

async fn follow(app: &App, tx: &mut Tx, before: &Send, send: Send) -> Result<(), store::Error> {
    if send.state.is_taken() && !before.state.is_taken() {
        hand::is_out(app, tx, &send).await?;
    }
    if send.state != before.state && matches!(before.state, SendState::Queued | SendState::Unknown) {
        // Others may have waited for it.
        later(app, tx, &send.conversation, &send.message, app.now()).await?;
    }
    if send.state == SendState::Failed && before.state != SendState::Failed {
        mishap::failed_late(app, tx, send).await?;
    }
    Ok(())
}
