//! What answers of models used and cost, for colleagues: sums, and a small plot drawn here.

use crate::agent::budget;
use crate::domain::usage::{Spent, amount};
use crate::http::Site;
use crate::http::console::{form, signed_in};
use crate::http::error::Error;
use crate::http::page::Frames;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Span;
use jiff::civil::Date;
use minijinja::{Value, context};
use std::sync::Arc;

/// Days of the plot.
const DAYS: i64 = 30;
/// Conversations listed.
const CONVERSATIONS_MAX: i64 = 20;
/// Width of the plot in its own units.
const WIDTH: u64 = 640;
/// Height of the highest bar, and where the bars stand.
const HIGHEST: u64 = 105;
const GROUND: u64 = 125;

/// The last days.
pub async fn show(State(site): State<Arc<Site>>, headers: HeaderMap) -> Result<Response, Error> {
    if !signed_in(&site, &headers) {
        return form(&site, None);
    }
    let app = &site.app;
    let mut tx = app.store.read(&app.shop).await?;
    let shop = tx.shop().await?.ok_or(Error::NotFound)?;
    let first = shop.day(app.now()).saturating_sub(Span::new().days(DAYS - 1));
    let from = budget::beginning(first, &shop);
    let by_day = tx.usage_by_day(from, budget::offset_ms(&shop, app.now())).await?;
    let by_talk = tx.usage_by_conversation(from, CONVERSATIONS_MAX).await?;
    let total = tx.usage_since(from, None).await?;
    let reached = budget::shop_reached(&mut tx, &app.config.budget, &shop, app.now()).await?;
    // Amounts of two currencies share no axis; the plot shows the one most is spent in.
    let most = total.iter().max_by_key(|spent| spent.used.cost);
    let currency = most.and_then(|spent| spent.used.currency);
    let cost = currency.map(|currency| {
        let of = |spent: &&Spent| spent.used.currency == Some(currency);
        let sums = sums(first, &by_day, |spent| if of(&spent) { spent.used.cost.unwrap_or(0) } else { 0 });
        context! { unit => currency.code(), ..bars(&sums, amount) }
    });
    let turns = bars(&sums(first, &by_day, |spent| spent.turns), |count| count.to_string());
    let context = context! {
        shop => context! { name => &shop.name },
        days => DAYS,
        reached,
        cost,
        turns,
        total => rows(&total, false),
        by_day => rows(&by_day, false),
        by_talk => rows(&by_talk, true),
    };
    Ok(site.pages.render("console_usage", context, Frames::Never)?)
}

fn rows(spent: &[Spent], link: bool) -> Vec<Value> {
    let row = |row: &Spent| {
        let used = &row.used;
        let cost = match (used.cost, used.currency) {
            (Some(cost), Some(currency)) => format!("{} {currency}", amount(cost)),
            _ => "–".to_owned(),
        };
        context! {
            what => &row.what, link, turns => row.turns, input => used.input, cached => used.cached_percent(),
            output => used.output, cost,
        }
    };
    spent.iter().map(row).collect()
}

/// A value for every day, also for those without any.
fn sums(first: Date, by_day: &[Spent], value: impl Fn(&Spent) -> u64) -> Vec<(String, u64)> {
    let days = (0..DAYS).filter_map(|n| first.checked_add(Span::new().days(n)).ok());
    days.map(|day| {
        let day = day.to_string();
        let sum = by_day.iter().filter(|spent| spent.what == day).map(&value).sum();
        (day, sum)
    })
    .collect()
}

fn bars(sums: &[(String, u64)], show: impl Fn(u64) -> String) -> Value {
    let most = sums.iter().map(|(_, sum)| *sum).max().unwrap_or(0);
    let step = WIDTH / sums.len().max(1) as u64;
    let bar = |(n, (day, sum)): (u64, &(String, u64))| {
        // Whatever is not nothing can be seen.
        let height = sum.saturating_mul(HIGHEST).checked_div(most).unwrap_or(0).max(u64::from(*sum > 0));
        context! { x => n * step, y => GROUND - height, width => step.saturating_sub(4), height, day, value => show(*sum) }
    };
    context! {
        bars => (0..).zip(sums).map(bar).collect::<Vec<_>>(),
        most => show(most),
        first => sums.first().map(|(day, _)| day),
        last => sums.last().map(|(day, _)| day),
    }
}
