//! Handing over: which send is next, what is committed before the network is asked, and what after.

use crate::app::App;
use crate::channel::whatsapp::NETWORK;
use crate::channel::whatsapp::client::{Failure, Taken};
use crate::channel::whatsapp::limits;
use crate::channel::whatsapp::line::Line;
use crate::channel::whatsapp::pace::Wait;
use crate::channel::whatsapp::refusal::is_fault;
use crate::conversation::outbox::{address, after, later, mishap, news};
use crate::domain::conversation::Conversation;
use crate::domain::finding::FindingKind;
use crate::domain::id::MessageId;
use crate::domain::send::{Event, Problem, Send, SendState, WAITING};
use crate::domain::template::Category;
use crate::store::{self, Tx};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Tries after which a fault of the network's is a refusal, also for what must not be doubled.
const FAULTS_MAX: u32 = 3;
/// What waits longer than this lets newer messages pass: no other wait is as long.
pub const OVERTAKEN_AFTER: SignedDuration = SignedDuration::from_mins(10);
/// Sends that are looked at for the next one.
const LOOKED_AT_MAX: usize = 50;
/// Times that somebody else may change a send while it is being changed.
const RACES_MAX: usize = 5;

/// What is to be done for a conversation now.
pub enum Next {
    /// Nothing; whatever waits has its job written down.
    Nothing,
    /// Ask the network; that it is asked is written down in this transaction.
    Hand(Box<Handing>),
    /// Wait for the number's pace.
    Nap {
        /// How long.
        wait: SignedDuration,
        /// For what.
        message: MessageId,
    },
}

/// A send that the network is asked to take.
pub struct Handing {
    /// As it was written down.
    pub send: Send,
    /// The whole request.
    pub body: Value,
}

/// Finds the next send of a conversation and writes down that it is being sent.
pub async fn next(app: &App, tx: &mut Tx, line: &Line, c: &Conversation) -> Result<Next, store::Error> {
    for _ in 0..LOOKED_AT_MAX {
        let Some(send) = tx.next_send(&c.id, after(app, OVERTAKEN_AFTER)).await? else {
            return Ok(Next::Nothing);
        };
        let due = send.due_at.unwrap_or(app.now());
        match send.state {
            SendState::Sending => {
                // Whoever asked has died, or is thought dead: this conversation's jobs run one at a time.
                let wait = SignedDuration::from_secs(i64::from(app.config.whatsapp.unknown_seconds));
                step(app, tx, send, Event::Lost, |send| send.due_at = Some(after(app, wait))).await?;
            }
            SendState::Unknown if due <= app.now() => given_up_waiting(app, tx, c, send).await?,
            _ if due > app.now() => {
                later(app, tx, &c.id, &send.message, due).await?;
                return Ok(Next::Nothing);
            }
            _ => {
                if let Some(next) = begin(app, tx, line, c, send).await? {
                    return Ok(next);
                }
            }
        }
    }
    Ok(Next::Nothing)
}

/// No news came of a send whose answer was lost.
async fn given_up_waiting(app: &App, tx: &mut Tx, c: &Conversation, send: Send) -> Result<(), store::Error> {
    // An error was answered, and no news came in all this time: it was not taken.
    let was_refused = send.problem.as_ref().is_some_and(|problem| is_fault(problem.code));
    if send.doubles || was_refused {
        tracing::warn!(send = %send.id, "no news of a message whose answer was lost; it is sent again");
        return step(app, tx, send, Event::Again, |send| send.due_at = Some(app.now())).await.map(|_| ());
    }
    let what = "It is not known whether a message about money reached the shopper; it was not sent twice.";
    mishap::tell(app, tx, &c.id, what).await?;
    // It stays unknown; late news may still decide it.
    let from = (send.state, send.tries);
    tx.move_send(&Send { due_at: None, ..send }, from, app.now()).await.map(|_| ())
}

async fn begin(
    app: &App,
    tx: &mut Tx,
    line: &Line,
    c: &Conversation,
    send: Send,
) -> Result<Option<Next>, store::Error> {
    if let Some((_, until)) = tx.pair_wait(&c.id).await?
        && until > app.now()
    {
        later(app, tx, &c.id, &send.message, until).await?;
        return Ok(Some(Next::Nothing));
    }
    let (window, _) = tx.window(&c.id).await?;
    if send.category == Category::Service && !window.is_open(app.now()) {
        // It closed while this was waiting.
        mishap::hold(app, tx, c, send).await?;
        return Ok(None);
    }
    let Some((field, receiver)) = address::of(tx, &c.contact).await? else {
        let problem = Problem { code: 0, text: "the shopper has no id on this network".to_owned() };
        mishap::finish(app, tx, c, send, Event::Drop, problem).await?;
        return Ok(None);
    };
    let mut body = send.body.clone();
    if let Some(body) = body.as_object_mut() {
        body.insert("recipient_type".to_owned(), json!("individual"));
        body.insert(field.to_owned(), json!(receiver));
        body.insert("biz_opaque_callback_data".to_owned(), json!(send.id.as_str()));
    }
    if let Err(breach) = limits::check(&body) {
        let problem = Problem { code: 0, text: format!("it does not keep the network's limits: {breach}") };
        mishap::finish(app, tx, c, send, Event::Drop, problem).await?;
        return Ok(None);
    }
    match line.pace.ask(c.id.as_str(), app.now()) {
        Some(Wait::Number(wait)) => return Ok(Some(Next::Nap { wait, message: send.message })),
        Some(Wait::Shopper(wait)) => {
            later(app, tx, &c.id, &send.message, after(app, wait)).await?;
            return Ok(Some(Next::Nothing));
        }
        None => {}
    }
    let begun = step(app, tx, send, Event::Begin, |send| {
        send.tries = send.tries.saturating_add(1);
        send.due_at = None;
    });
    Ok(begun.await?.map(|send| Next::Hand(Box::new(Handing { send, body }))))
}

/// Moves a send by an event; nothing when nothing follows from it any more, because somebody was quicker.
pub async fn step(
    app: &App,
    tx: &mut Tx,
    mut send: Send,
    event: Event,
    change: impl Fn(&mut Send),
) -> Result<Option<Send>, store::Error> {
    for _ in 0..RACES_MAX {
        let from = (send.state, send.tries);
        send.state = send.state.on(event);
        // An answer counts for more than its state: it brings the network's id.
        if send.state == from.0 && event != Event::Took {
            return Ok(None);
        }
        change(&mut send);
        if tx.move_send(&send, from, app.now()).await? {
            return Ok(Some(send));
        }
        match tx.send(&send.id).await? {
            Some(now) if now.tries == from.1 => send = now,
            _ => return Ok(None),
        }
    }
    Err(store::Error::Conflict { what: format!("send {}", send.id) })
}

/// Writes down what the network answered, and what follows.
pub async fn record(
    app: &App,
    tx: &mut Tx,
    c: &Conversation,
    handing: &Handing,
    answer: Result<Taken, Failure>,
) -> Result<(), store::Error> {
    // News may have been quicker than the answer, and another worker may have taken over.
    let Some(send) = tx.send(&handing.send.id).await? else {
        return Ok(());
    };
    if send.tries != handing.send.tries {
        tracing::warn!(send = %send.id, "an answer came after the message was sent again");
        return Ok(());
    }
    match answer {
        Ok(took) => taken(app, tx, c, send, took).await,
        // Something broke over there, perhaps after it was taken: what must not be doubled waits for news first.
        Err(Failure::Refused(refusal))
            if !send.doubles && is_fault(refusal.problem.code) && send.tries < FAULTS_MAX =>
        {
            let wait = SignedDuration::from_secs(i64::from(app.config.whatsapp.unknown_seconds));
            let problem = refusal.problem.clone();
            let waits = step(app, tx, send, Event::Lost, |send| {
                send.due_at = Some(after(app, wait));
                send.problem = Some(problem.clone());
            });
            waits.await.map(|_| ())
        }
        Err(Failure::Refused(refusal)) => mishap::refused(app, tx, c, send, &refusal).await,
        Err(failure @ (Failure::NotReached(_) | Failure::File(_))) => {
            tracing::warn!(send = %send.id, error = &failure as &dyn std::error::Error, "a message could not be sent");
            mishap::not_reached(app, tx, c, send).await
        }
        Err(failure @ Failure::Lost(_)) => {
            tracing::warn!(send = %send.id, error = &failure as &dyn std::error::Error, "an answer was lost");
            let wait = SignedDuration::from_secs(i64::from(app.config.whatsapp.unknown_seconds));
            step(app, tx, send, Event::Lost, |send| send.due_at = Some(after(app, wait))).await.map(|_| ())
        }
    }
}

async fn taken(app: &App, tx: &mut Tx, c: &Conversation, send: Send, took: Taken) -> Result<(), store::Error> {
    let account = send.account.clone();
    if send.problem.is_some() {
        tx.clear_finding(FindingKind::MessagesRefused, &account, app.now()).await?;
    }
    let outside = took.id.clone();
    let moved = step(app, tx, send, Event::Took, |send| {
        send.outside_id = Some(outside.clone());
        send.due_at = None;
        if send.state.is_taken() {
            send.problem = None;
        }
    });
    let Some(send) = moved.await? else {
        return Ok(());
    };
    is_out(app, tx, &send).await?;
    if tx.pair_wait(&c.id).await?.is_some() {
        tx.set_pair_wait(&c.id, None).await?;
    }
    // What the network calls the receiver is what it will call the sender of an answer.
    for (kind, id) in [("wa", took.wa_id), ("user", took.user_id)] {
        if let Some(id) = id.filter(|id| id.len() <= 200) {
            tx.add_alias(&c.contact, NETWORK, &format!("{kind}:{id}")).await?;
        }
    }
    for early in tx.take_orphans(&account, &outside).await? {
        news::apply(app, tx, &send.id, &early).await?;
    }
    Ok(())
}

/// A send is out: so is its message, and an answer to a click on an advertisement was given.
pub async fn is_out(app: &App, tx: &mut Tx, send: &Send) -> Result<(), store::Error> {
    if send.kind != WAITING {
        tx.mark_sent(&send.message, send.outside_id.as_deref(), app.now()).await?;
    }
    let (before, _) = tx.window(&send.conversation).await?;
    let mut window = before;
    window.answer(app.now());
    if window != before {
        tx.set_window(&send.conversation, &window, None).await?;
    }
    Ok(())
}
