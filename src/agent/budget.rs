//! What the model may still cost. Beyond it the keyless planner answers: less able, and just as true.

use crate::agent::{Error, Thread};
use crate::app::App;
use crate::config::budget::Budget;
use crate::domain::id::ContactId;
use crate::domain::shop::Shop;
use crate::domain::usage::{Spent, amount};
use crate::store::{self, Tx};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The limit that is reached, in a sentence for colleagues; nothing while there is room.
pub async fn reached(app: &App, thread: &Thread) -> Result<Option<String>, Error> {
    if !app.model.is_language_model() {
        return Ok(None);
    }
    let mut tx = app.store.read(&thread.shop.id).await?;
    let budget = &app.config.budget;
    let why = match shop_reached(&mut tx, budget, &thread.shop, app.now()).await? {
        Some(why) => Some(why),
        None => contact_reached(&mut tx, budget, &thread.shop, &thread.contact.id, app.now()).await?,
    };
    if let Some(why) = &why {
        tracing::warn!(conversation = %thread.conversation.id, limit = why, "the keyless planner answers");
    }
    Ok(why)
}

/// The shop's budget that is spent, in a sentence.
pub async fn shop_reached(
    tx: &mut Tx,
    budget: &Budget,
    shop: &Shop,
    now: Timestamp,
) -> Result<Option<String>, store::Error> {
    let today = shop.day(now);
    for (limit, from, name) in [
        (&budget.shop_day_cost, today, "The day's budget for the model"),
        (&budget.shop_month_cost, today.first_of_month(), "The month's budget for the model"),
    ] {
        if let Some(limit) = Budget::limit(limit) {
            let spent = tx.usage_since(beginning(from, shop), None).await?;
            if let Some(cost) = most(&spent).filter(|cost| *cost >= limit) {
                return Ok(Some(format!("{name} is spent: {} of {}.", amount(cost), amount(limit))));
            }
        }
    }
    Ok(None)
}

async fn contact_reached(
    tx: &mut Tx,
    budget: &Budget,
    shop: &Shop,
    contact: &ContactId,
    now: Timestamp,
) -> Result<Option<String>, store::Error> {
    let cost = Budget::limit(&budget.contact_day_cost);
    if cost.is_none() && budget.contact_day_turns == 0 && budget.contact_day_tokens == 0 {
        return Ok(None);
    }
    let spent = tx.usage_since(beginning(shop.day(now), shop), Some(contact)).await?;
    let turns: u64 = spent.iter().map(|s| s.turns).sum();
    let tokens: u64 = spent.iter().map(|s| s.used.input + s.used.output).sum();
    let over = |used: u64, limit: u64| limit > 0 && used >= limit;
    Ok(if over(turns, u64::from(budget.contact_day_turns)) {
        Some(format!("This contact had {turns} turns with the model today."))
    } else if over(tokens, budget.contact_day_tokens) {
        Some(format!("This contact used {tokens} tokens today."))
    } else {
        let cost = cost.and_then(|limit| most(&spent).filter(|cost| *cost >= limit));
        cost.map(|cost| format!("Answers for this contact cost {} today.", amount(cost)))
    })
}

/// The largest sum of one currency; amounts of two currencies cannot be added.
fn most(spent: &[Spent]) -> Option<u64> {
    spent.iter().filter_map(|s| s.used.cost).max()
}

/// When a day begins where the shop is.
pub fn beginning(day: Date, shop: &Shop) -> Timestamp {
    let zone = TimeZone::get(&shop.time_zone).unwrap_or(TimeZone::UTC);
    day.to_zoned(zone).map_or(Timestamp::MIN, |zoned| zoned.timestamp())
}

/// How far the shop's clock is ahead of UTC's, in milliseconds. Days far back may have had another summer time; their
/// sums move by an hour then.
pub fn offset_ms(shop: &Shop, now: Timestamp) -> i64 {
    let zone = TimeZone::get(&shop.time_zone).unwrap_or(TimeZone::UTC);
    i64::from(now.to_zoned(zone).offset().seconds()) * 1_000
}
