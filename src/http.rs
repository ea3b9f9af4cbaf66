//! The door: addresses, limits, headers. What happens behind it is the use cases' business.

pub mod assets;
pub mod console;
pub mod error;
pub mod health;
pub mod orders;
pub mod page;
pub mod pay_page;
pub mod sandbox;
pub mod session;
pub mod stripe;
pub mod web_chat;
pub mod whatsapp;
pub mod wire;

use crate::app::App;
use crate::conversation::whatsapp::intake::{Intake, TOGETHER};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, header};
use axum::routing::{get, post};
use session::Pace;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// Bytes of a form or of a chat message's JSON.
const BODY_BYTES_MAX: usize = 64 * 1024;
/// Bytes of a provider's event.
const EVENT_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of what WhatsApp sends at once; its own limit.
const WHATSAPP_BYTES_MAX: usize = 3 * 1024 * 1024;
/// Pages that may listen for news at the same time.
const LISTENERS_MAX: usize = 2_000;

/// What every handler has at hand.
pub struct Site {
    /// The program.
    pub app: Arc<App>,
    /// The pages.
    pub pages: page::Pages,
    /// Opens the console.
    pub console_token: String,
    /// Who wrote how often.
    pub pace: Pace,
    /// Room for listening pages.
    pub listeners: Arc<tokio::sync::Semaphore>,
    /// Takes in what WhatsApp sends.
    pub intake: Arc<Intake>,
}

impl Site {
    /// A site over a program.
    pub fn new(app: Arc<App>, console_token: String) -> Self {
        let pace = Pace::new(app.config.http.messages_per_minute);
        let listeners = Arc::new(tokio::sync::Semaphore::new(LISTENERS_MAX));
        // PostgreSQL's writers work side by side and share its flushes by themselves: one after the other they were slower.
        let together = if app.store.has_one_writer() { TOGETHER } else { 1 };
        let intake = Intake::new(Arc::clone(&app), together);
        Self { app, pages: page::Pages::new(), console_token, pace, listeners, intake }
    }
}

/// Every address of the program.
pub fn router(site: Arc<Site>) -> Router {
    let chat = Router::new()
        .route("/", get(web_chat::home))
        .route("/chat", get(web_chat::page))
        .route("/chat/messages", get(web_chat::history).post(web_chat::write))
        .route("/chat/events", get(web_chat::events))
        .route("/widget.js", get(assets::widget))
        .route("/widget-demo", get(assets::widget_demo))
        .route("/assets/{file}", get(assets::asset))
        .route("/pictures/{file}", get(assets::picture));
    let money = Router::new()
        .route("/pay/{session}", get(pay_page::show).post(pay_page::pay))
        .route("/pay/{session}/settle", post(pay_page::settle))
        .route("/pay/{session}/fail", post(pay_page::fail))
        .route("/orders/{link}", get(orders::show))
        .route("/orders/{link}/receipt", get(orders::receipt))
        .route("/orders/{link}/receipt.pdf", get(orders::receipt_pdf));
    let console = Router::new()
        .route("/console", get(console::list))
        .route("/console/login", post(console::login))
        .route("/console/conversations/{id}", get(console::conversation))
        .route("/console/conversations/{id}/reply", post(console::reply))
        .route("/console/conversations/{id}/take", post(console::take))
        .route("/console/conversations/{id}/return", post(console::give_back))
        .route("/console/conversations/{id}/forget", post(console::memory::forget))
        .route("/console/conversations/{id}/trace", get(console::trace::show))
        .route("/console/media/{id}", get(console::said::file))
        .route("/console/usage", get(console::usage::show))
        .route("/console/catalog", get(console::catalog::list))
        .route(
            "/console/catalog/upload",
            post(console::catalog::keep).layer(DefaultBodyLimit::max(console::catalog::UPLOAD_BYTES_MAX)),
        )
        .route("/console/catalog/uploads/{id}", get(console::catalog::uploaded))
        .route("/console/catalog/uploads/{id}/take", post(console::catalog::take))
        .route("/console/catalog/{id}", get(console::catalog::show))
        .route("/console/catalog/{id}/undo", post(console::catalog::take_back))
        .route("/console/orders", get(console::orders::list))
        .route("/console/orders/{id}", get(console::orders::show))
        .route("/console/orders/{id}/{word}", post(console::orders::order))
        .route("/console/orders/{id}/refunds/{refund}/{word}", post(console::orders::refund))
        .route("/console/orders/{id}/amendments/{amendment}/{word}", post(console::orders::amendment));
    let outside = Router::new()
        .route("/webhooks/stripe", post(stripe::receive).layer(DefaultBodyLimit::max(EVENT_BYTES_MAX)))
        .route(
            "/webhooks/whatsapp/{account}",
            get(whatsapp::handshake).post(whatsapp::receive).layer(DefaultBodyLimit::max(WHATSAPP_BYTES_MAX)),
        )
        .route("/sandbox/v1/{*path}", get(sandbox::api).post(sandbox::api).delete(sandbox::api))
        .route("/sandbox/control", post(sandbox::control));
    let health = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics));
    Router::new()
        .merge(chat)
        .merge(money)
        .merge(console)
        .merge(outside)
        .merge(health)
        .fallback(error::not_found)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(CatchPanicLayer::new())
        .layer(set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(set(header::REFERRER_POLICY, "same-origin"))
        .layer(set(HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"))
        .with_state(site)
}

fn set(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
