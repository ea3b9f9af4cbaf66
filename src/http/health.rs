//! Whether the program lives, whether it can work, and its few figures.

use crate::agent::budget;
use crate::app::App;
use crate::catalog;
use crate::conversation::whatsapp::intake::Counts;
use crate::domain::finding::FindingKind;
use crate::domain::usage::{Spent, amount};
use crate::http::Site;
use crate::http::error::Error;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// Rows and index can be read.
pub async fn ready(State(site): State<Arc<Site>>) -> Response {
    let app = &site.app;
    let store = app.store.count_jobs().await.is_ok();
    let search = app.index.count(&app.shop, crate::search::Kind::Product).await.is_ok();
    let status = if store && search { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "store": store, "search": search }))).into_response()
}

/// Figures in Prometheus' text form.
pub async fn metrics(State(site): State<Arc<Site>>) -> Result<Response, Error> {
    let app = &site.app;
    let jobs = app.store.count_jobs().await?;
    let (products, variants) = app.store.read(&app.shop).await?.catalog_size().await?;
    let findings = app.store.read(&app.shop).await?.count_findings().await?;
    let mut text = format!(
        "# TYPE souk_jobs gauge\nsouk_jobs{{state=\"waiting\"}} {}\nsouk_jobs{{state=\"running\"}} {}\n\
         souk_jobs{{state=\"parked\"}} {}\n# TYPE souk_products gauge\nsouk_products {products}\n\
         # TYPE souk_variants gauge\nsouk_variants {variants}\n",
        jobs.waiting, jobs.running, jobs.parked
    );
    text.push_str("# TYPE souk_findings gauge\n");
    for kind in FindingKind::ALL {
        let open = findings.iter().find(|(word, _)| word == kind.word()).map_or(0, |(_, count)| *count);
        text.push_str(&format!("souk_findings{{kind=\"{}\"}} {open}\n", kind.word()));
    }
    let index = catalog::index::standing(app, &app.shop).await?;
    text.push_str(&format!(
        "# TYPE souk_search_documents gauge\nsouk_search_documents {}\n# TYPE souk_search_vectors_missing gauge\n\
         souk_search_vectors_missing {}\n# TYPE souk_search_changes_waiting gauge\nsouk_search_changes_waiting {}\n",
        index.documents, index.lacking, index.unindexed
    ));
    text.push_str(&format!(
        "# TYPE souk_search_without_vector_total counter\nsouk_search_without_vector_total {}\n",
        app.outage.questions()
    ));
    text.push_str(&whatsapp(&site.intake.counts));
    text.push_str(&usage(app).await?);
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}

/// What WhatsApp sent since the program started.
fn whatsapp(counts: &Counts) -> String {
    let figure = |count: &AtomicU64| count.load(Ordering::Relaxed);
    format!(
        "# TYPE souk_whatsapp_bodies_total counter\nsouk_whatsapp_bodies_total{{outcome=\"accepted\"}} {}\n\
         souk_whatsapp_bodies_total{{outcome=\"rejected\"}} {}\nsouk_whatsapp_bodies_total{{outcome=\"failed\"}} {}\n\
         # TYPE souk_whatsapp_events_total counter\nsouk_whatsapp_events_total{{seen=\"new\"}} {}\n\
         souk_whatsapp_events_total{{seen=\"repeated\"}} {}\n\
         # TYPE souk_whatsapp_shared_commits_total counter\nsouk_whatsapp_shared_commits_total {}\n",
        figure(&counts.accepted),
        figure(&counts.rejected),
        figure(&counts.failed),
        figure(&counts.new),
        figure(&counts.repeated),
        figure(&counts.shared)
    )
}

/// What answers of models used and cost today, and whether the shop's budget is spent.
async fn usage(app: &App) -> Result<String, Error> {
    let mut tx = app.store.read(&app.shop).await?;
    let Some(shop) = tx.shop().await? else { return Ok(String::new()) };
    let now = app.now();
    let today = tx.usage_since(budget::beginning(shop.day(now), &shop), None).await?;
    let reached = budget::shop_reached(&mut tx, &app.config.budget, &shop, now).await?;
    let sum = |count: fn(&Spent) -> u64| today.iter().map(count).sum::<u64>();
    let mut text = format!(
        "# TYPE souk_model_turns_today gauge\nsouk_model_turns_today {}\n\
         # TYPE souk_model_tokens_today gauge\nsouk_model_tokens_today{{kind=\"read\"}} {}\n\
         souk_model_tokens_today{{kind=\"cached\"}} {}\nsouk_model_tokens_today{{kind=\"written\"}} {}\n\
         # TYPE souk_budget_spent gauge\nsouk_budget_spent {}\n# TYPE souk_model_cost_today gauge\n",
        sum(|s| s.turns),
        sum(|s| s.used.input),
        sum(|s| s.used.cached),
        sum(|s| s.used.output),
        u8::from(reached.is_some())
    );
    for spent in &today {
        if let (Some(cost), Some(currency)) = (spent.used.cost, spent.used.currency) {
            text.push_str(&format!("souk_model_cost_today{{currency=\"{currency}\"}} {}\n", amount(cost)));
        }
    }
    Ok(text)
}
