//! Stories at the door: the real router on a port of its own, asked by a real client.

mod catalog;
mod chat;
mod console;
mod orders;
mod pages;
mod safety;
pub mod whatsapp;

use crate::world::TestShop;
use reqwest::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use souk::app::App;
use souk::checkout::order_link;
use souk::domain::order::Order;
use souk::http::{self, Site};
use souk::worker;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Opens the console in these stories.
pub const TOKEN: &str = "console-token-of-the-tests";

/// A shop with its door open and its worker at work.
pub struct Door {
    /// The shop behind it.
    pub shop: TestShop,
    /// `http://127.0.0.1:…`.
    pub url: String,
    /// A client that follows nothing.
    pub client: reqwest::Client,
    stop: watch::Sender<bool>,
}

impl Door {
    /// Opens the demo shop's door.
    pub async fn open() -> Self {
        // The clock stands still here, so nothing may have to wait for it.
        let shop = TestShop::demo_with(souk::llm::keyless::Keyless, |c| c.conversation.debounce_ms = 0).await;
        let app = Arc::clone(&shop.app);
        Self::serve(shop, app).await
    }

    /// Serves this program.
    pub async fn serve(shop: TestShop, app: Arc<App>) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = watch::channel(false);
        let router = http::router(Arc::new(Site::new(Arc::clone(&app), TOKEN.to_owned())));
        tokio::spawn(async move { axum::serve(listener, router).await });
        tokio::spawn(worker::run(app, stopped));
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(20))
            .build()
            .unwrap();
        Self { shop, url, client, stop }
    }

    /// A GET.
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.url))
    }

    /// A POST.
    pub fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.url))
    }

    /// A POST of a form.
    pub async fn form(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Response {
        self.post(path).header(COOKIE, cookie).form(fields).send().await.unwrap()
    }

    /// Status and text of a page.
    pub async fn page(&self, path: &str, cookie: &str) -> (u16, String) {
        let response = self.get(path).header(COOKIE, cookie).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// A new browser's cookie.
    pub async fn visitor(&self) -> String {
        let response = self.get("/chat").send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        cookie(&response).expect("the page gives a session")
    }

    /// The console's cookie.
    pub async fn colleague(&self) -> String {
        cookie(&self.form("/console/login", "", &[("token", TOKEN)]).await).expect("signed in")
    }

    /// Writes something; answers the status.
    pub async fn writes(&self, cookie: &str, body: &Value) -> u16 {
        let body = body.to_string();
        let request = self.post("/chat/messages").header(COOKIE, cookie).header(CONTENT_TYPE, "application/json");
        request.body(body).send().await.unwrap().status().as_u16()
    }

    /// The history as the page reads it.
    pub async fn history(&self, cookie: &str) -> Value {
        let (status, text) = self.page("/chat/messages", cookie).await;
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Waits until the history holds so many messages.
    pub async fn messages(&self, cookie: &str, count: usize) -> Vec<Value> {
        for _ in 0..400 {
            let history = self.history(cookie).await;
            let messages = history["messages"].as_array().unwrap().clone();
            if messages.len() >= count {
                return messages;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{count} messages never came: {}", self.history(cookie).await);
    }

    /// Goes through to the payment page; answers the address of the page and the order's number.
    pub async fn orders(&self, cookie: &str) -> (String, String) {
        assert_eq!(self.writes(cookie, &json!({"tap": "add:NV-BOW100"})).await, 202);
        self.messages(cookie, 2).await;
        assert_eq!(self.writes(cookie, &json!({"tap": "checkout:start"})).await, 202);
        let messages = self.messages(cookie, 4).await;
        let confirm = messages[3]["summary"]["choices"][0]["id"].clone();
        assert_eq!(self.writes(cookie, &json!({ "tap": confirm })).await, 202);
        let messages = self.messages(cookie, 6).await;
        let payment = &messages[5]["payment"];
        let path = payment["url"].as_str().unwrap().split_once("/pay/").unwrap().1;
        (format!("/pay/{path}"), payment["order"].as_str().unwrap().to_owned())
    }

    /// The path of an order's page, signed now.
    pub fn order_page(&self, order: &Order) -> String {
        let url = order_link::url(&self.shop.app, order).unwrap();
        url.strip_prefix(crate::world::URL).unwrap().to_owned()
    }

    /// Closes the door; `shop.finish` is the story's own.
    pub fn close(self) -> TestShop {
        let _ = self.stop.send(true);
        self.shop
    }
}

/// The first cookie a response gives, as it is sent back.
pub fn cookie(response: &Response) -> Option<String> {
    let header = response.headers().get(SET_COOKIE)?.to_str().ok()?;
    header.split(';').next().map(str::to_owned)
}

/// The form of a payment page with this card.
pub fn payment(card: &str) -> Vec<(&'static str, String)> {
    [
        ("email", "maya@example.org"),
        ("name", "Maya <b>Lindqvist</b>"),
        ("line1", "Birkenweg 4"),
        ("postal_code", "79100"),
        ("city", "Freiburg"),
        ("country", "DE"),
        ("number", card),
        ("expiry", "12/30"),
        ("cvc", "123"),
    ]
    .into_iter()
    .map(|(name, value)| (name, value.to_owned()))
    .collect()
}
