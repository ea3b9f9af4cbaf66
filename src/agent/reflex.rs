//! What needs no model: tapped buttons, yes and no to an open proposal, order numbers, "a person please", STOP.

mod act;
mod paid;
mod say;
mod words;

use crate::agent::journal::Journal;
use crate::agent::wording::language;
use crate::agent::{Error, HandOffAsked, Outcome, Thread, summary_of, wording};
use crate::app::App;
use crate::domain::conversation::HandOffReason;
use crate::domain::id::ProposalId;
use crate::domain::message::{Body, Reply, Said};
use crate::domain::proposal::Act;

/// Characters of an earlier message in a hand-off summary.
const BEFORE_CHARS_MAX: usize = 300;

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
}

/// Answers without a model when the last message allows it.
pub async fn react(app: &App, thread: &Thread, journal: &mut Journal<'_>) -> Result<Option<Outcome>, Error> {
    let Some(Body::Heard(said)) = thread.asked.last().map(|m| &m.body) else {
        return Ok(None);
    };
    // STOP counts wherever it stands in a burst.
    if thread.asked.iter().any(|m| words::is_stop(m.body.words())) {
        return act::stop(app, thread, journal).await.map(Some);
    }
    match said {
        Said::Tap { id, .. } => match tap(id) {
            Some(tap) => tapped(app, thread, journal, tap).await.map(Some),
            // A choice offered as words is the words.
            None => Ok(None),
        },
        Said::Text(text) => spoken(app, thread, journal, text).await,
    }
}

fn tap(id: &str) -> Option<Tap<'_>> {
    if let Some(tap) = [("cart:view", Tap::Cart), ("checkout:start", Tap::Checkout), ("person", Tap::Person)]
        .into_iter()
        .find(|(known, _)| *known == id)
        .map(|(_, tap)| tap)
    {
        return Some(tap);
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
    match tap {
        Tap::Show(id) => say::product(app, thread, id).await,
        Tap::Pick(path) => say::options(app, thread, path).await,
        Tap::Add(variant) => act::add(thread, journal, variant).await,
        Tap::Cart => say::cart(app, thread).await,
        Tap::Checkout => act::checkout(app, thread, journal).await,
        Tap::Confirm(id) => act::confirm(app, thread, journal, id).await,
        Tap::Cancel(id) => act::cancel(app, thread, journal, id).await,
        Tap::Order(number) => say::order(app, thread, number).await,
        Tap::Person => Ok(person(thread)),
    }
}

async fn spoken(app: &App, thread: &Thread, journal: &mut Journal<'_>, text: &str) -> Result<Option<Outcome>, Error> {
    if words::wants_person(text) {
        return Ok(Some(person(thread)));
    }
    if words::says_paid(text) {
        return paid::look(app, thread).await;
    }
    if let Some(answer) = words::answer(text) {
        // A yes means something only while exactly one proposal is waiting. A turn that is resumed finds the one it had
        // already closed in its journal.
        let open = app.store.read(&thread.shop.id).await?.open_proposal(&thread.conversation.id).await?;
        match (answer, open) {
            // A yes answers what was said last. After another question it may be meant for that one, and nothing is
            // ordered by mistake; the button always works.
            (words::Answer::Yes, Some(p)) if shown_last(thread) == Some(&p.id) => {
                return act::confirm(app, thread, journal, p.id.as_str()).await.map(Some);
            }
            (words::Answer::Yes, Some(_)) => {}
            // "Cancel it" under "Cancel order FJ-1042?" may mean either: it is shown once more, and the buttons say which.
            (words::Answer::No, Some(p)) if matches!(p.act, Act::Cancel { .. }) && words::says_cancel(text) => {
                return act::shown(app, thread, &p.id, &language(thread).pick(wording::order::CHECK_THIS))
                    .await
                    .map(Some);
            }
            (words::Answer::No, Some(p)) => return act::cancel(app, thread, journal, p.id.as_str()).await.map(Some),
            (_, None) => return act::resumed(app, thread, journal).await,
        }
    }
    if let Some(number) = words::order_number(text, &thread.shop.order_prefix)
        && words::only_about_an_order(text)
    {
        return say::known_order(app, thread, &number).await;
    }
    Ok(None)
}

/// The proposal whose summary was the last thing the shopper was told.
fn shown_last(thread: &Thread) -> Option<&ProposalId> {
    let told = thread.history.iter().rev().find_map(|message| match &message.body {
        Body::Reply(reply) => Some(reply),
        Body::Heard(_) => None,
    });
    told?.summary.as_ref().map(|summary| &summary.proposal)
}

fn person(thread: &Thread) -> Outcome {
    let mut summary = summary_of(&thread.asked);
    // "A person please" says nothing of the matter; what was said before it does.
    let before = thread.history.iter().rev().find_map(|message| match &message.body {
        Body::Heard(said) if said.words().split_whitespace().count() > 2 => Some(said.words()),
        _ => None,
    });
    if let Some(before) = before {
        let before: String = before.chars().take(BEFORE_CHARS_MAX).collect();
        summary.push_str(&format!(". Before that: {before}"));
    }
    let hand_off = HandOffAsked { reason: HandOffReason::AskedForPerson, summary, tried: Vec::new() };
    Outcome {
        reply: Reply::text(wording::language(thread).pick(wording::PERSON)),
        hand_off: Some(hand_off),
        memory: thread.conversation.memory.clone(),
        problems: Vec::new(),
    }
}
