//! What leaves on networks that charge for each message and tell later what became of it.
//!
//! A message is planned once: rendered, priced, written down as sends. Then the oldest unfinished send of the
//! conversation is handed over, one at a time: "sending" is committed, the network asked, its answer committed. Who dies in
//! between leaves a send of which nobody knows; news of it or time decides what follows.

pub mod address;
pub mod consent;
mod hand;
mod leave;
mod mishap;
mod news;
mod plan;
mod price;

use crate::app::App;
use crate::channel::whatsapp::account_of;
use crate::conversation::Error;
use crate::domain::conversation::Conversation;
use crate::domain::id::{ConversationId, MessageId, ShopId};
use crate::domain::job::Job;
use crate::domain::send::{News, Send, SendState};
use crate::domain::template::Category;
use crate::store::{self, Tx};
use hand::Next;
use jiff::{SignedDuration, Timestamp};

/// Sends that one job hands over before it lets others have their turn.
const HANDED_MAX: usize = 20;
/// Longest wait for the number's own pace that is waited out at once.
const NAP_MAX: SignedDuration = SignedDuration::from_secs(2);
/// Such waits in a row.
const NAPS_MAX: usize = 3;

/// Takes in what a network tells of a message of ours. News come more than once and in any order: nothing goes backwards.
/// News of a message that is not known yet are kept until it is.
pub async fn hear(app: &App, tx: &mut Tx, account: &str, news: &News) -> Result<(), store::Error> {
    news::hear(app, tx, account, news).await
}

/// The shopper wrote: what waited for the window to open may leave.
pub async fn release(app: &App, tx: &mut Tx, conversation: &ConversationId) -> Result<(), store::Error> {
    for message in tx.held_messages(conversation).await? {
        app.enqueue(tx, &Job::Deliver { conversation: conversation.clone(), message }).await?;
    }
    Ok(())
}

/// A turn begins: the shopper sees that their message was read. May be lost, and keeps nobody waiting.
pub async fn begin_turn(app: &App, tx: &mut Tx, conversation: &Conversation) -> Result<(), store::Error> {
    let line = account_of(&conversation.channel).and_then(|account| app.whatsapp.get(account));
    if let Some(line) = line
        && let (_, Some(heard)) = tx.window(&conversation.id).await?
    {
        line.begin(&conversation.id, &heard);
    }
    Ok(())
}

/// Sees to it that a message leaves, and whatever of its conversation waits before it.
pub async fn deliver(app: &App, shop: &ShopId, conversation: &Conversation, message: &MessageId) -> Result<(), Error> {
    let line = account_of(&conversation.channel).and_then(|account| app.whatsapp.get(account));
    let line = line.ok_or_else(|| Error::Missing(format!("account of {}", conversation.channel)))?;
    let mut tx = app.store.begin(shop).await?;
    plan::plan(app, &mut tx, line, conversation, message).await?;
    let mut next = hand::next(app, &mut tx, line, conversation).await?;
    tx.commit().await?;
    let (mut handed, mut naps) = (0, 0);
    loop {
        match next {
            Next::Nothing => break,
            Next::Hand(handing) => {
                let answer = line.client.send(handing.body.clone()).await;
                let mut tx = app.store.begin(shop).await?;
                hand::record(app, &mut tx, conversation, &handing, answer).await?;
                handed += 1;
                next = if handed < HANDED_MAX {
                    hand::next(app, &mut tx, line, conversation).await?
                } else {
                    let job = Job::Deliver { conversation: conversation.id.clone(), message: message.clone() };
                    app.enqueue(&mut tx, &job).await?;
                    Next::Nothing
                };
                tx.commit().await?;
            }
            Next::Nap { wait, .. } if wait <= NAP_MAX && naps < NAPS_MAX => {
                naps += 1;
                tokio::time::sleep(wait.unsigned_abs()).await;
                let mut tx = app.store.begin(shop).await?;
                next = hand::next(app, &mut tx, line, conversation).await?;
                tx.commit().await?;
            }
            Next::Nap { wait, message } => {
                let mut tx = app.store.begin(shop).await?;
                later(app, &mut tx, &conversation.id, &message, after(app, wait)).await?;
                tx.commit().await?;
                break;
            }
        }
    }
    if handed > 0 {
        app.work.notify_waiters();
    }
    Ok(())
}

/// Has a conversation looked at again at a moment.
async fn later(
    app: &App,
    tx: &mut Tx,
    conversation: &ConversationId,
    message: &MessageId,
    due: Timestamp,
) -> Result<(), store::Error> {
    let job = Job::Deliver { conversation: conversation.clone(), message: message.clone() };
    app.enqueue_at(tx, &job, due).await
}

/// A moment from now.
fn after(app: &App, wait: SignedDuration) -> Timestamp {
    app.now().checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// A wait made up to a quarter longer, so that what failed together is not tried together.
fn jittered(app: &App, wait: SignedDuration) -> SignedDuration {
    let random = app.ids.secret().bytes().fold(0u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let thousandths = i32::try_from(random % 250).unwrap_or_default();
    wait.saturating_add(wait.checked_mul(thousandths).map_or(SignedDuration::ZERO, |more| more / 1_000))
}

/// Another send of the same message, after all it has.
fn another(app: &App, of: &[Send], conversation: &Conversation, message: (&MessageId, i64), account: &str) -> Send {
    Send {
        id: app.new_id(),
        conversation: conversation.id.clone(),
        message: message.0.clone(),
        seq: message.1,
        part: of.iter().map(|send| send.part + 1).max().unwrap_or_default(),
        account: account.to_owned(),
        kind: String::new(),
        category: Category::Service,
        state: SendState::Queued,
        body: serde_json::Value::Null,
        outside_id: None,
        doubles: true,
        tries: 0,
        due_at: Some(app.now()),
        estimate: None,
        currency: String::new(),
        free_why: String::new(),
        pricing: None,
        problem: None,
        superseded: false,
        created_at: app.now(),
    }
}
