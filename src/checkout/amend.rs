//! Changes to an order that stands: agreed by the shopper's yes, paid where they cost more, done when the goods are back.

use crate::app::App;
use crate::checkout::attempt::{attempt, hold_end, page_end};
use crate::checkout::place::hold_all;
use crate::checkout::{Error, effects, refund};
use crate::domain::amendment::{Amendment, AmendmentEvent, AmendmentKind, AmendmentState, Terms};
use crate::domain::id::{AmendmentId, ShopId};
use crate::domain::job::Job;
use crate::domain::ledger::{Entry, EntryKind};
use crate::domain::order::engine::Event;
use crate::domain::order::{Effect, Happening, Order, OutOf};
use crate::domain::refund::{AskedBy, Details};
use crate::domain::reservation::Holder;
use crate::domain::shop::Shop;
use crate::store::{self, Tx};
use jiff::Span;

/// Days goods are kept aside for an exchange whose other half is on its way back.
const EXCHANGE_HOLD_DAYS: i64 = 60;

/// Writes down what the shopper confirmed: holds what goes out, and asks for the difference where there is one.
pub async fn agree(
    app: &App,
    tx: &mut Tx,
    shop: &Shop,
    order: &Order,
    kind: AmendmentKind,
    terms: &Terms,
) -> Result<Amendment, Error> {
    let amendment = Amendment {
        id: app.new_id(),
        order: order.id.clone(),
        kind,
        state: AmendmentState::AwaitingPayment,
        terms: terms.clone(),
        created: app.now(),
    };
    tx.insert_amendment(&amendment).await?;
    let variants = terms.back.iter().chain(&terms.out).map(|l| l.variant.clone()).collect();
    tx.lock_stock(&variants).await?;
    let pays = terms.difference.minor > 0;
    let end = page_end(app);
    let until = if pays { hold_end(end) } else { app.after(Span::new().hours(24 * EXCHANGE_HOLD_DAYS)) };
    if !hold_all(app, tx, &Holder::Amendment(amendment.id.clone()), order, &terms.out, until).await? {
        return Err(store::Error::Conflict { what: format!("the stock for order {}", order.number) }.into());
    }
    if pays {
        attempt(app, tx, shop, order, Some((&amendment.id, terms.difference)), end).await?;
    }
    happen(app, tx, order.clone(), amendment, &AmendmentEvent::Confirmed).await
}

/// A colleague has the goods that came back, or does not accept them.
pub async fn decide(app: &App, shop: &ShopId, id: &AmendmentId, received: bool) -> Result<Amendment, Error> {
    let mut tx = app.store.begin(shop).await?;
    let amendment = tx.amendment(id).await?.ok_or_else(|| Error::Missing(format!("amendment {id}")))?;
    let order = tx.lock_order(&amendment.order).await?;
    let order = order.ok_or_else(|| Error::Missing(format!("order {}", amendment.order)))?;
    let event = if received { AmendmentEvent::Received } else { AmendmentEvent::Refused };
    let amendment = happen(app, &mut tx, order, amendment, &event).await?;
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(amendment)
}

/// Lets an event happen to an amendment, with everything that follows.
pub async fn happen(
    app: &App,
    tx: &mut Tx,
    order: Order,
    amendment: Amendment,
    event: &AmendmentEvent,
) -> Result<Amendment, Error> {
    let change = amendment.on(event);
    let moved = Amendment { state: change.state, ..amendment.clone() };
    if moved.state != amendment.state && !tx.move_amendment(&amendment.id, amendment.state, moved.state).await? {
        return Err(store::Error::Conflict { what: format!("amendment {}", amendment.id) }.into());
    }
    let mut order = order;
    for effect in &change.effects {
        order = carry_out(app, tx, order, &moved, effect).await?;
    }
    if let Some(why) = change.frozen {
        // What freezes an order is never refused.
        let _ = effects::happen(app, tx, order.clone(), &Event::DoesNotAddUp { why }).await?;
    }
    let confirmed = *event == AmendmentEvent::Confirmed && moved.state != AmendmentState::AwaitingPayment;
    if moved.state != amendment.state || confirmed {
        let what = Happening::Amended(moved.id.clone(), moved.state);
        app.enqueue(tx, &Job::Notify { order: order.id.clone(), what }).await?;
    }
    Ok(moved)
}

async fn carry_out(
    app: &App,
    tx: &mut Tx,
    order: Order,
    amendment: &Amendment,
    effect: &Effect,
) -> Result<Order, Error> {
    let holder = Holder::Amendment(amendment.id.clone());
    match effect {
        Effect::Sell => tx.sell_stock(&holder).await?,
        Effect::Release => {
            tx.release_stock(&holder).await?;
            effects::index(app, tx, &amendment.terms.out).await?;
        }
        Effect::Restock => {
            effects::restock(app, tx, &Holder::Back(amendment.id.clone()), &order, &amendment.terms.back).await?;
        }
        Effect::BookSale(amount) => {
            tx.book(&Entry::new(EntryKind::Sale, amendment.id.as_str(), &order.id, *amount), app.now()).await?;
        }
        Effect::GiveBack { amount, of } => {
            let details = Details::new(*of, why(amendment, *of), AskedBy::Rule);
            refund::give_back(app, tx, &order, *amount, details, false).await?;
        }
        Effect::Apply => {
            // Other amendments may have come between: the lines are worked out from the order as it stands.
            let terms = &amendment.terms;
            let quote = Terms::new(&order.quote, terms.back.clone(), terms.out.clone())?.quote;
            let applied = Order { quote, ..order };
            effects::save(tx, &applied, applied.state).await?;
            return Ok(applied);
        }
        Effect::Tell(what) => {
            app.enqueue(tx, &Job::Notify { order: order.id.clone(), what: what.clone() }).await?;
        }
        // Pages are the orders' business.
        Effect::ClosePage | Effect::OpenPage => {}
    }
    Ok(order)
}

fn why(amendment: &Amendment, of: OutOf) -> &'static str {
    match (amendment.kind, of) {
        (_, OutOf::Surplus) => "paid for a change that did not need it any more",
        (AmendmentKind::Change, _) => "the changed goods cost less",
        (AmendmentKind::Return, _) => "goods were returned",
        (AmendmentKind::Exchange, _) => "the exchanged goods cost less",
    }
}
