//! Orders in the console: what needs a person, one order in full, and the decisions a colleague makes.

mod decide;
mod page;

pub use decide::{amendment, order, refund};

use crate::domain::amendment::AmendmentState;
use crate::domain::id::OrderId;
use crate::domain::order::{Order, OrderState};
use crate::domain::refund::RefundState;
use crate::http::Site;
use crate::http::console::{csrf, form, signed_in};
use crate::http::error::Error;
use crate::http::page::Frames;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use minijinja::{Value, context};
use serde::Deserialize;
use std::sync::Arc;

/// Orders that are looked through.
const ORDERS_MAX: i64 = 1_000;
/// Rows of the list.
const ROWS_MAX: usize = 100;

/// What the list shows.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    filter: Option<String>,
}

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub struct Just {
    #[serde(default)]
    done: Option<String>,
}

/// What is said at the top of the page.
enum Said {
    /// A decision was carried out.
    Done(Option<String>),
    /// It was not, and why.
    Not(String),
}

/// What needs a person, or every order.
pub async fn list(
    State(site): State<Arc<Site>>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    if !signed_in(&site, &headers) {
        return form(&site, None);
    }
    let app = &site.app;
    let mut tx = app.store.read(&app.shop).await?;
    let shop = tx.shop().await?.ok_or(Error::NotFound)?;
    let orders = tx.all_orders(ORDERS_MAX).await?;
    let mut refunds = tx.refunds_in(RefundState::Waiting, ORDERS_MAX).await?;
    refunds.extend(tx.refunds_in(RefundState::Failed, ORDERS_MAX).await?);
    let agreed = tx.amendments_in(AmendmentState::Agreed, ORDERS_MAX).await?;
    let needed = |order: &Order| {
        matches!(order.state, OrderState::Frozen | OrderState::Paid)
            || refunds.iter().any(|r| r.order == order.id && r.state == RefundState::Waiting)
            || agreed.iter().any(|a| a.order == order.id)
            || page::on_its_way(order)
    };
    let all = wanted.filter.as_deref() == Some("all");
    let mut rows: Vec<(u8, Value)> = Vec::new();
    for order in orders.iter().rev().filter(|o| all || needed(o)).take(ROWS_MAX) {
        let contact = tx.contact(&order.contact).await?;
        let its: Vec<_> = refunds.iter().filter(|r| r.order == order.id).collect();
        let returns = agreed.iter().filter(|a| a.order == order.id).count();
        rows.push(page::row(order, contact.and_then(|c| c.name), &its, returns));
    }
    if !all {
        rows.sort_by_key(|(weight, _)| *weight);
    }
    let context = context! {
        shop => context! { name => &shop.name },
        filter => if all { "all" } else { "needed" },
        needed_count => orders.iter().filter(|o| needed(o)).count(),
        orders => rows.into_iter().map(|(_, row)| row).collect::<Vec<_>>(),
    };
    Ok(site.pages.render("console_orders", context, Frames::Never)?)
}

/// One order.
pub async fn show(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    Query(just): Query<Just>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    if !signed_in(&site, &headers) {
        return form(&site, None);
    }
    render(&site, &id, Said::Done(just.done)).await
}

async fn render(site: &Site, id: &str, said: Said) -> Result<Response, Error> {
    let app = &site.app;
    let mut tx = app.store.read(&app.shop).await?;
    let shop = tx.shop().await?.ok_or(Error::NotFound)?;
    let order = tx.order(&OrderId::new(id)).await?.ok_or(Error::NotFound)?;
    let shown = page::order(&mut tx, &order).await?;
    let (done, problem) = match &said {
        Said::Done(word) => (word.as_deref().and_then(decide::done), None),
        Said::Not(why) => (None, Some(why)),
    };
    let context = context! {
        shop => context! { name => &shop.name },
        csrf => csrf(site),
        order => shown,
        done,
        problem,
    };
    Ok(site.pages.render("console_order", context, Frames::Never)?)
}
