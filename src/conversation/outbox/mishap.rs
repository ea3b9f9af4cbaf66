//! What follows when something was not taken or did not arrive: another try, another form, or a colleague who is told.

use crate::app::App;
use crate::channel::whatsapp::refusal::{self, Class, NO_MARKETING, Refusal};
use crate::conversation::outbox::hand::{OVERTAKEN_AFTER, step};
use crate::conversation::outbox::{after, another, consent, jittered, later, plan};
use crate::domain::conversation::{Conversation, HandOff, HandOffReason, With};
use crate::domain::finding::{Finding, FindingKind};
use crate::domain::id::ConversationId;
use crate::domain::job::Job;
use crate::domain::send::{Event, HELD, Problem, Send, SendState};
use crate::domain::template::Category;
use crate::store::{self, Tx};
use jiff::SignedDuration;

/// Tries for what passes by itself.
const TRIES_MAX: u32 = 6;
/// Tries against the limit of one shopper: four to the power of five seconds are a quarter of an hour in all.
const PAIR_TRIES_MAX: u32 = 10;
/// The last power of four that is waited.
const PAIR_POWER_MAX: u32 = 4;
/// Tries while an account does not work: somebody has to notice.
const OPERATOR_TRIES_MAX: u32 = 20;
/// Tries of what may leave only after hours.
const WAIT_TRIES_MAX: u32 = 3;
/// The first wait while an account does not work, and when it cannot be reached.
const AWAY: SignedDuration = SignedDuration::from_secs(5);
/// Longest wait that keeps newer messages waiting, too.
const BACK_OFF_MAX: SignedDuration = SignedDuration::from_mins(5);
/// Lines about failures that a hand-off keeps.
const TRIED_MAX: usize = 10;

/// What is to be done with something that did not go through.
enum Follows {
    /// The same again after a while.
    Again(SignedDuration),
    /// Nothing more by itself.
    Over,
    /// Only an approved template may leave.
    Closed,
    /// The message is to be put in another form.
    Anew,
}

/// The network refused a send at once.
pub async fn refused(
    app: &App,
    tx: &mut Tx,
    c: &Conversation,
    send: Send,
    refusal: &Refusal,
) -> Result<(), store::Error> {
    let problem = refusal.problem.clone();
    match follows(app, tx, &send, refusal.class, problem.code, refusal.retry_after).await? {
        Follows::Again(wait) => again(app, tx, send, wait, problem).await,
        Follows::Over => finish(app, tx, c, send, Event::Refused, problem).await,
        Follows::Closed | Follows::Anew => {
            let refused = step(app, tx, send, Event::Refused, |send| send.problem = Some(problem.clone()));
            match refused.await? {
                Some(send) => hold(app, tx, c, send).await,
                None => Ok(()),
            }
        }
    }
}

/// The network was not there: nothing was sent.
pub async fn not_reached(app: &App, tx: &mut Tx, c: &Conversation, send: Send) -> Result<(), store::Error> {
    let problem = Problem { code: 0, text: "the network could not be reached".to_owned() };
    if send.tries < OPERATOR_TRIES_MAX {
        let wait = jittered(app, doubled(AWAY, send.tries, BACK_OFF_MAX));
        return again(app, tx, send, wait, problem).await;
    }
    finish(app, tx, c, send, Event::Refused, problem).await
}

async fn again(app: &App, tx: &mut Tx, send: Send, wait: SignedDuration, problem: Problem) -> Result<(), store::Error> {
    let due = after(app, wait);
    let waits = step(app, tx, send, Event::Later, |send| {
        send.due_at = Some(due);
        send.problem = Some(problem.clone());
    });
    match waits.await? {
        // A nearer one is seen to when the next send is looked for; told twice, a waiting job would come too early.
        Some(send) if due > after(app, OVERTAKEN_AFTER) => later(app, tx, &send.conversation, &send.message, due).await,
        _ => Ok(()),
    }
}

/// What the network took did not arrive. Another try is another send, with another id of the network's.
pub async fn failed_late(app: &App, tx: &mut Tx, send: Send) -> Result<(), store::Error> {
    let Some(c) = tx.conversation(&send.conversation).await? else {
        return Ok(());
    };
    let problem = send.problem.clone().unwrap_or(Problem { code: 0, text: "no reason was given".to_owned() });
    tracing::warn!(send = %send.id, code = problem.code, "a message did not arrive");
    let class = refusal::class(problem.code, None);
    match follows(app, tx, &send, class, problem.code, None).await? {
        Follows::Again(wait) => {
            let rows = tx.sends_of(&send.message).await?;
            let due = after(app, wait);
            let fresh = another(app, &rows, &c, (&send.message, send.seq), &send.account);
            let fresh = Send {
                kind: send.kind.clone(),
                category: send.category,
                body: send.body.clone(),
                doubles: send.doubles,
                tries: send.tries,
                due_at: Some(due),
                estimate: send.estimate,
                currency: send.currency.clone(),
                free_why: send.free_why.clone(),
                ..fresh
            };
            tx.insert_send(&fresh).await?;
            later(app, tx, &send.conversation, &send.message, due).await?;
            let from = (send.state, send.tries);
            tx.move_send(&Send { superseded: true, ..send }, from, app.now()).await.map(|_| ())
        }
        Follows::Over => told_unless_marketing(app, tx, &send, &problem).await,
        Follows::Closed | Follows::Anew => hold(app, tx, &c, send).await,
    }
}

/// Ends a send for good, and has somebody know.
pub async fn finish(
    app: &App,
    tx: &mut Tx,
    _c: &Conversation,
    send: Send,
    event: Event,
    problem: Problem,
) -> Result<(), store::Error> {
    let ended = step(app, tx, send, event, |send| {
        send.due_at = None;
        send.problem = Some(problem.clone());
    });
    match ended.await? {
        Some(send) => told_unless_marketing(app, tx, &send, &problem).await,
        None => Ok(()),
    }
}

async fn told_unless_marketing(app: &App, tx: &mut Tx, send: &Send, problem: &Problem) -> Result<(), store::Error> {
    if send.category == Category::Marketing {
        // It stands with the send; nobody waits for it.
        tracing::info!(send = %send.id, code = problem.code, "a promotion did not arrive");
        return Ok(());
    }
    let what = format!("A message did not reach the shopper: {} ({}).", problem.text, problem.code);
    tell(app, tx, &send.conversation, &what).await
}

async fn follows(
    app: &App,
    tx: &mut Tx,
    send: &Send,
    class: Class,
    code: i64,
    retry_after: Option<SignedDuration>,
) -> Result<Follows, store::Error> {
    let at_least =
        |wait: SignedDuration| Follows::Again(jittered(app, retry_after.map_or(wait, |asked| asked.max(wait))));
    let bounded = |most: u32, wait: SignedDuration| if send.tries < most { at_least(wait) } else { Follows::Over };
    Ok(match class {
        Class::Transient { wait } => bounded(TRIES_MAX, doubled(wait, send.tries, BACK_OFF_MAX)),
        Class::Pair => {
            let times = tx.pair_wait(&send.conversation).await?.map_or(0, |(times, _)| times);
            let wait = SignedDuration::from_secs(4i64.pow(times.min(PAIR_POWER_MAX)));
            let follows = bounded(PAIR_TRIES_MAX, wait);
            if let Follows::Again(wait) = &follows {
                let until = after(app, *wait);
                tx.set_pair_wait(&send.conversation, Some((times.saturating_add(1), until))).await?;
            }
            follows
        }
        Class::Operator => {
            tracing::error!(account = %send.account, code, "WhatsApp refuses what this account sends");
            let finding = Finding {
                id: app.new_id(),
                kind: FindingKind::MessagesRefused,
                about: send.account.clone(),
                order: None,
                text: format!(
                    "WhatsApp refuses what the account {} sends ({code}): its token, its bill or its standing needs a look.",
                    send.account
                ),
                first_seen: app.now(),
            };
            tx.note_finding(&finding, app.now()).await?;
            bounded(OPERATOR_TRIES_MAX, doubled(AWAY, send.tries, BACK_OFF_MAX))
        }
        Class::Wait { wait } => {
            let follows = bounded(WAIT_TRIES_MAX, doubled(wait, send.tries, SignedDuration::MAX));
            if matches!(follows, Follows::Again(_)) && send.category != Category::Marketing {
                let what = format!("A message to the shopper waits for hours: WhatsApp limits this number ({code}).");
                tell(app, tx, &send.conversation, &what).await?;
            }
            follows
        }
        // The catalogue lags behind the shop, or was never filled: the same goods go in our own words.
        Class::Fix if plan::is_of_catalogue(&send.body) => Follows::Anew,
        Class::Never | Class::Fix | Class::OtherTemplate => {
            if code == NO_MARKETING
                && let Some(c) = tx.conversation(&send.conversation).await?
            {
                consent::withdraw(app, tx, &c.channel, &c.contact).await?;
            }
            Follows::Over
        }
        Class::WindowClosed => {
            let (mut window, _) = tx.window(&send.conversation).await?;
            window.shut = true;
            tx.set_window(&send.conversation, &window, None).await?;
            // An approved template may leave at any time: that this one may not is no matter of the window.
            if send.kind == "template" || send.category != Category::Service { Follows::Over } else { Follows::Closed }
        }
    })
}

/// A wait that doubles with every try after the first.
fn doubled(wait: SignedDuration, tries: u32, most: SignedDuration) -> SignedDuration {
    wait.saturating_mul(1 << tries.saturating_sub(1).min(12)).min(most)
}

/// Puts a message back that found the window closed: what of it has not left is dropped, and it is planned anew as a whole.
pub async fn hold(app: &App, tx: &mut Tx, c: &Conversation, send: Send) -> Result<(), store::Error> {
    let rows = tx.sends_of(&send.message).await?;
    for row in &rows {
        let is_this = row.id == send.id;
        if !is_this && row.state != SendState::Queued {
            continue;
        }
        let from = (row.state, row.tries);
        let gone = Send { state: row.state.on(Event::Drop), due_at: None, superseded: true, ..row.clone() };
        tx.move_send(&gone, from, app.now()).await?;
    }
    if rows.iter().all(|row| row.state != SendState::Held) {
        let held = another(app, &rows, c, (&send.message, send.seq), &send.account);
        tx.insert_send(&Send { kind: HELD.to_owned(), state: SendState::Held, due_at: None, ..held }).await?;
    }
    app.enqueue(tx, &Job::Deliver { conversation: c.id.clone(), message: send.message }).await
}

/// Has a colleague know that something did not reach the shopper. The shopper is told nothing: that would not arrive, either.
pub async fn tell(app: &App, tx: &mut Tx, c: &ConversationId, what: &str) -> Result<(), store::Error> {
    let Some(conversation) = tx.conversation(c).await? else {
        return Ok(());
    };
    tracing::warn!(conversation = %c, "a message did not reach its shopper; a colleague is told");
    let hand_off = match conversation.with {
        With::Agent => HandOff {
            reason: HandOffReason::NotDelivered,
            summary: what.to_owned(),
            tried: Vec::new(),
            wanted: "To be reached: what was to be said stands in the conversation.".to_owned(),
            at: app.now(),
        },
        With::Colleague { mut hand_off } => {
            if hand_off.summary == what || hand_off.tried.iter().any(|line| line == what) {
                return Ok(());
            }
            if hand_off.tried.len() >= TRIED_MAX {
                return Ok(());
            }
            hand_off.tried.push(what.to_owned());
            hand_off
        }
    };
    tx.set_with(c, &With::Colleague { hand_off }, app.now()).await
}
