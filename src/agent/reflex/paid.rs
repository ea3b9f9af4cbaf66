//! "I have paid": the one function that decides what is paid is asked, and the shopper hears what the provider says.

use crate::agent::journal::Journal;
use crate::agent::reflex::say::{Seen, outcome, status, with_link};
use crate::agent::wording::{self as w, language, say};
use crate::agent::{Error, Outcome, Thread};
use crate::app::App;
use crate::checkout::settle::settle;
use crate::domain::checkout::CheckoutState;
use crate::domain::message::{PaymentRequest, Reply};
use crate::domain::money::Money;
use crate::llm::keyless::language::Language;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Orders that are looked through for one that waits.
const ORDERS_MAX: i64 = 5;
/// How long the shopper waits for the provider's word.
const SETTLE_WAIT: Duration = Duration::from_secs(8);

/// How it stands with what the shopper says is paid.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Standing {
    /// There is no order.
    Nothing,
    /// The provider could not be asked.
    NotReached,
    /// A message about what happened follows by itself.
    Moved,
    /// The page waits.
    Open { number: String, amount: Money, url: Option<String>, expires_at: Timestamp },
    /// Where the order stands is the answer.
    Stands(Box<Seen>),
}

/// Asks the provider about the newest page that is still open. `None` when the shopper has no order at all.
pub(super) async fn look(app: &App, thread: &Thread, journal: &mut Journal<'_>) -> Result<Option<Outcome>, Error> {
    let tongue = language(thread);
    let reply = match journal.look("payment", Box::pin(standing(app, thread))).await? {
        Standing::Nothing => return Ok(None),
        Standing::NotReached => Reply::text(tongue.pick(w::order::NOT_REACHED)),
        Standing::Moved => Reply::default(),
        Standing::Open { number, amount, url, expires_at } => still_open(tongue, &number, amount, url, expires_at),
        Standing::Stands(seen) => status(thread, &seen),
    };
    Ok(Some(outcome(thread, reply)))
}

async fn standing(app: &App, thread: &Thread) -> Result<Standing, Error> {
    let mut tx = app.store.read(&thread.shop.id).await?;
    let orders = tx.orders_of(&thread.contact.id, ORDERS_MAX).await?;
    let Some(newest) = orders.first().cloned() else {
        return Ok(Standing::Nothing);
    };
    let stands = |order| Ok(Standing::Stands(Box::new(with_link(app, order))));
    let mut waiting = None;
    for order in &orders {
        let alive = tx.checkouts_of(&order.id).await?.into_iter().rev().find(|c| c.state.is_alive());
        if let Some(checkout) = alive {
            waiting = Some((order.clone(), checkout));
            break;
        }
    }
    drop(tx);
    let Some((before, attempt)) = waiting else {
        return stands(newest);
    };
    let asked = tokio::time::timeout(SETTLE_WAIT, settle(app, &thread.shop.id, &attempt.id)).await;
    if !matches!(asked, Ok(Ok(()))) {
        tracing::warn!(order = %before.id, "the payment could not be checked when the shopper said so");
        return Ok(Standing::NotReached);
    }
    let mut tx = app.store.read(&thread.shop.id).await?;
    let (order, now) = (tx.order(&before.id).await?, tx.checkout(&attempt.id).await?);
    let (Some(order), Some(now)) = (order, now) else {
        return Ok(Standing::Nothing);
    };
    Ok(match now.state {
        _ if order.state != before.state || now.state != attempt.state => Standing::Moved,
        CheckoutState::Open => {
            Standing::Open { number: order.number, amount: now.amount, url: now.url, expires_at: now.expires_at }
        }
        _ => return stands(order),
    })
}

fn still_open(language: Language, number: &str, amount: Money, url: Option<String>, expires_at: Timestamp) -> Reply {
    let text = say(language, w::order::NOT_PAID_YET, &[("[number]", number)]);
    let amount = amount.to_string();
    let payment = url.map(|url| PaymentRequest {
        order: number.to_owned(),
        total: amount.clone(),
        url,
        label: say(language, w::order::PAY, &[("[amount]", &amount)]),
        expires_at,
    });
    Reply { payment, ..Reply::text(text) }
}
