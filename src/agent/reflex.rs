//! What needs no model: tapped buttons, yes and no to an open proposal, order numbers, "a person please", STOP.

mod act;
mod memory;
mod paid;
mod say;
mod sent;
mod words;

pub use words::is_stop;

use crate::agent::decide::trigger;
use crate::agent::journal::{Journal, Note};
use crate::agent::turn::Ending;
use crate::agent::wording::language;
use crate::agent::{Error, HandOffAsked, Outcome, Thread, wording};
use crate::app::App;
use crate::domain::conversation::HandOffReason;
use crate::domain::id::ProposalId;
use crate::domain::message::{Body, Reply, Said};
use crate::domain::proposal::{Act, Proposal};

/// A button, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Tap<'a> {
    Show(&'a str),
    Pick(&'a str),
    Add(&'a str),
    Cart,
    Checkout,
    Confirm(&'a str),
    Cancel(&'a str),
    Order(&'a str),
    Person,
    Known,
    Forget,
    /// What waits for the shopper may come.
    Read,
}

impl Tap<'_> {
    /// As a trace names it.
    fn word(&self) -> &'static str {
        match self {
            Self::Show(_) => "show",
            Self::Pick(_) => "pick",
            Self::Add(_) => "add",
            Self::Cart => "cart",
            Self::Checkout => "checkout",
            Self::Confirm(_) => "confirm",
            Self::Cancel(_) => "cancel",
            Self::Order(_) => "order",
            Self::Person => "person",
            Self::Known => "known",
            Self::Forget => "forget",
            Self::Read => "read",
        }
    }
}

/// Answers without a model when the last message allows it.
pub async fn react(app: &App, thread: &Thread, journal: &mut Journal<'_>) -> Result<Option<Outcome>, Error> {
    let Some(Body::Heard(said)) = thread.asked.last().map(|m| &m.body) else {
        return Ok(None);
    };
    // STOP counts wherever it stands in a burst.
    if thread.asked.iter().any(|m| words::is_stop(m.body.words())) {
        journal.note(Note::Reflex("stop".to_owned()));
        return act::stop(app, thread, journal).await.map(Some);
    }
    match said {
        Said::Tap { id, .. } => match tap(id) {
            Some(tap) => tapped(app, thread, journal, tap).await.map(Some),
            // A choice offered as words is the words.
            None => Ok(None),
        },
        Said::Text(text) => spoken(app, thread, journal, text).await,
        Said::Sent(sent) => match sent::react(app, thread, journal, sent).await? {
            Some(outcome) => Ok(Some(outcome)),
            None => spoken(app, thread, journal, &sent.text).await,
        },
    }
}

fn tap(id: &str) -> Option<Tap<'_>> {
    let whole = match id {
        "cart:view" => Some(Tap::Cart),
        "checkout:start" => Some(Tap::Checkout),
        "person" => Some(Tap::Person),
        memory::FORGET => Some(Tap::Forget),
        "waiting:read" => Some(Tap::Read),
        _ => None,
    };
    if whole.is_some() {
        return whole;
    }
    let (kind, rest) = id.split_once(':')?;
    Some(match kind {
        "show" => Tap::Show(rest),
        "pick" => Tap::Pick(rest),
        "add" => Tap::Add(rest),
        "confirm" => Tap::Confirm(rest),
        "cancel" => Tap::Cancel(rest),
        "order" => Tap::Order(rest),
        _ => return None,
    })
}

async fn tapped(app: &App, thread: &Thread, journal: &mut Journal<'_>, tap: Tap<'_>) -> Result<Outcome, Error> {
    journal.note(Note::Reflex(tap.word().to_owned()));
    match tap {
        Tap::Show(id) => say::product(app, thread, journal, id).await,
        Tap::Pick(path) => say::options(app, thread, journal, path).await,
        Tap::Add(variant) => act::add(thread, journal, variant).await,
        Tap::Cart => say::cart(app, thread, journal).await,
        Tap::Checkout => act::checkout(app, thread, journal).await,
        Tap::Confirm(id) => act::confirm(app, thread, journal, id).await,
        Tap::Cancel(id) => act::cancel(app, thread, journal, id).await,
        Tap::Order(number) => say::order(app, thread, journal, number).await,
        Tap::Person => Ok(person(thread, HandOffReason::AskedForPerson)),
        Tap::Known => memory::show(app, thread, journal).await,
        Tap::Forget => memory::forget(app, thread, journal).await,
        // What waited for the shopper leaves because they tapped: there is nothing to add.
        Tap::Read => Ok(say::outcome(thread, Reply::default())),
    }
}

async fn spoken(app: &App, thread: &Thread, journal: &mut Journal<'_>, text: &str) -> Result<Option<Outcome>, Error> {
    let reflex = |word: &str, journal: &mut Journal<'_>| journal.note(Note::Reflex(word.to_owned()));
    if let Some(tap) = memory::wanted(text) {
        return tapped(app, thread, journal, tap).await.map(Some);
    }
    if words::wants_person(text) {
        reflex("person", journal);
        return Ok(Some(person(thread, HandOffReason::AskedForPerson)));
    }
    if let Some(reason) = trigger::of(thread) {
        reflex("trigger", journal);
        return Ok(Some(person(thread, reason)));
    }
    if words::says_paid(text) {
        let outcome = paid::look(app, thread, journal).await?;
        if outcome.is_some() {
            reflex("paid", journal);
        }
        return Ok(outcome);
    }
    if let Some(answer) = words::answer(text) {
        // A yes means something only while exactly one proposal is waiting. A turn that is resumed finds the one it had
        // already closed in its journal.
        let open = journal.look("open proposal", open_proposal(app, thread)).await?;
        match (answer, open) {
            // A yes answers what was said last. After another question it may be meant for that one, and nothing is
            // ordered by mistake; the button always works.
            (words::Answer::Yes, Some(p)) if shown_last(thread) == Some(&p.id) => {
                reflex("yes", journal);
                return act::confirm(app, thread, journal, p.id.as_str()).await.map(Some);
            }
            (words::Answer::Yes, Some(_)) => {}
            // "Cancel it" under "Cancel order FJ-1042?" may mean either: it is shown once more, and the buttons say which.
            (words::Answer::No, Some(p)) if matches!(p.act, Act::Cancel { .. }) && words::says_cancel(text) => {
                reflex("which", journal);
                return act::shown(app, thread, journal, &p.id, &language(thread).pick(wording::order::CHECK_THIS))
                    .await
                    .map(Some);
            }
            (words::Answer::No, Some(p)) => {
                reflex("no", journal);
                return act::cancel(app, thread, journal, p.id.as_str()).await.map(Some);
            }
            (_, None) => return act::resumed(app, thread, journal).await,
        }
    }
    if let Some(number) = words::order_number(text, &thread.shop.order_prefix)
        && words::only_about_an_order(text)
    {
        let outcome = say::known_order(app, thread, journal, &number).await?;
        if outcome.is_some() {
            reflex("order", journal);
        }
        return Ok(outcome);
    }
    Ok(None)
}

async fn open_proposal(app: &App, thread: &Thread) -> Result<Option<Proposal>, Error> {
    Ok(app.store.read(&thread.shop.id).await?.open_proposal(&thread.conversation.id).await?)
}

/// The proposal whose summary was the last thing the shopper was told.
fn shown_last(thread: &Thread) -> Option<&ProposalId> {
    let told = thread.history.iter().rev().find_map(|message| match &message.body {
        Body::Reply(reply) => Some(reply),
        Body::Heard(_) => None,
    });
    told?.summary.as_ref().map(|summary| &summary.proposal)
}

fn person(thread: &Thread, reason: HandOffReason) -> Outcome {
    let hand_off = HandOffAsked::of(reason, thread).complete(thread, &Ending::default());
    let words = if reason == HandOffReason::AskedForPerson { wording::PERSON } else { wording::HANDING_OVER };
    Outcome { hand_off: Some(hand_off), ..say::outcome(thread, Reply::text(wording::language(thread).pick(words))) }
}
