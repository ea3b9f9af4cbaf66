//! An order's page: opened by a token nobody can guess, also where the shopper lands after paying.

use crate::agent::tool::order_get::date;
use crate::checkout::settle;
use crate::checkout::summary::totals;
use crate::domain::order::{Order, OrderState};
use crate::domain::shop::Shop;
use crate::http::Site;
use crate::http::error::Error;
use crate::http::page::Frames;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use minijinja::context;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

/// How long the page waits for the provider before it shows what is known.
const SETTLE_WAIT: Duration = Duration::from_secs(5);

/// How the shopper came here.
#[derive(Debug, Default, Deserialize)]
pub struct Came {
    #[serde(default)]
    paid: Option<String>,
}

/// Shows the order. Coming back from the payment page asks the provider how the payment stands, as the webhook does.
pub async fn show(
    State(site): State<Arc<Site>>,
    Path(token): Path<String>,
    Query(came): Query<Came>,
) -> Result<Response, Error> {
    let app = &site.app;
    let mut tx = app.store.read(&app.shop).await?;
    let mut order = tx.order_by_token(&token).await?.ok_or(Error::NotFound)?;
    let shop = tx.shop().await?.ok_or(Error::NotFound)?;
    let checkouts = tx.checkouts_of(&order.id).await?;
    drop(tx);
    if came.paid.is_some() && order.state.holds_stock() {
        for checkout in checkouts {
            let settled = tokio::time::timeout(SETTLE_WAIT, settle::settle(app, &app.shop, &checkout.id)).await;
            if !matches!(settled, Ok(Ok(()))) {
                tracing::warn!(order = %order.id, "the payment could not be checked on return; the webhook will do it");
            }
        }
        app.work.notify_waiters();
        order = app.store.read(&app.shop).await?.order_by_token(&token).await?.ok_or(Error::NotFound)?;
    }
    render(&site, &shop, &order)
}

fn render(site: &Site, shop: &Shop, order: &Order) -> Result<Response, Error> {
    let line = |l: &crate::domain::cart::QuoteLine| {
        context! {
            title => &l.title, options => &l.options, quantity => l.quantity,
            unit => l.unit.to_string(), total => l.total.to_string(),
        }
    };
    let times = &order.times;
    let mut steps = vec![("Placed", Some(times.placed))];
    match order.state {
        OrderState::Cancelled | OrderState::Expired | OrderState::Refunded => {
            steps.extend(times.paid.map(|at| ("Paid", Some(at))));
            steps.push((closed(order.state), times.closed));
        }
        _ => steps.extend([("Paid", times.paid), ("Shipped", times.shipped), ("Delivered", times.delivered)]),
    }
    let steps: Vec<_> = steps
        .into_iter()
        .map(|(label, at)| context! { label, at => at.map(|at| date(at, shop).to_string()), done => at.is_some() })
        .collect();
    let status = order.status();
    let context = context! {
        shop => context! { name => &shop.name },
        order => context! {
            number => &order.number,
            state => order.state.word(),
            state_label => capital(status),
            placed_at => date(times.placed, shop).to_string(),
            lines => order.quote.lines.iter().map(line).collect::<Vec<_>>(),
            totals => totals(&order.quote, |label, amount, strong| context! { label, amount, strong }),
            steps,
            tracking => order.tracking.as_ref().map(|t| context! { carrier => &t.carrier, number => &t.number }),
        },
        chat_url => "/chat",
    };
    Ok(site.pages.render("order", context, Frames::Never)?)
}

fn closed(state: OrderState) -> &'static str {
    match state {
        OrderState::Refunded => "Refunded",
        OrderState::Expired => "Expired",
        _ => "Cancelled",
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
