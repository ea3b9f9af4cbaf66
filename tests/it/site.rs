//! A small web site in this process: pages by their path, each with a tag.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What lies under a path.
#[derive(Clone)]
enum Held {
    Page(Vec<u8>),
    Status(u16),
    Redirect(String),
}

#[derive(Default)]
struct Pages {
    held: BTreeMap<String, Held>,
    /// Paths that were asked, and the status each got.
    asked: Vec<(String, u16)>,
}

/// A running site.
#[derive(Clone)]
pub struct Site {
    pages: Arc<Mutex<Pages>>,
    /// `127.0.0.1:PORT`.
    pub host: String,
}

impl Site {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let pages: Arc<Mutex<Pages>> = Arc::default();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&pages));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { pages, host }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host)
    }

    /// Puts a page there, or another one in its place.
    pub fn put(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        self.hold(path, Held::Page(content.as_ref().to_vec()))
    }

    pub fn fail(&self, path: &str, status: u16) -> &Self {
        self.hold(path, Held::Status(status))
    }

    pub fn redirect(&self, path: &str, to: &str) -> &Self {
        self.hold(path, Held::Redirect(to.to_owned()))
    }

    /// A map of these pages.
    pub fn map(&self, path: &str, pages: &[&str]) -> &Self {
        let pages: String = pages.iter().map(|page| format!("<url><loc>{}</loc></url>", self.url(page))).collect();
        self.put(path, format!("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{pages}</urlset>"))
    }

    /// What was asked since the last time, with the status each path got.
    pub fn asked(&self) -> Vec<(String, u16)> {
        std::mem::take(&mut self.pages.lock().unwrap().asked)
    }

    /// A fetcher that may ask this site although it lies inside.
    pub fn fetcher(&self) -> souk::fetch::Fetcher {
        let settings = souk::fetch::Settings { trusted_hosts: vec![self.host.clone()], ..Default::default() };
        souk::fetch::Fetcher::new(&settings)
    }

    fn hold(&self, path: &str, held: Held) -> &Self {
        self.pages.lock().unwrap().held.insert(path.to_owned(), held);
        self
    }
}

async fn answer(State(pages): State<Arc<Mutex<Pages>>>, uri: Uri, headers: HeaderMap) -> Response {
    let mut pages = pages.lock().unwrap();
    let held = pages.held.get(uri.path()).cloned().unwrap_or(Held::Status(404));
    let answer = match held {
        Held::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Held::Redirect(to) => axum::response::Redirect::temporary(&to).into_response(),
        Held::Page(bytes) => {
            let sum = bytes.iter().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte)));
            let tag = format!("\"{sum}\"");
            if headers.get("if-none-match").is_some_and(|asked| asked == tag.as_str()) {
                StatusCode::NOT_MODIFIED.into_response()
            } else {
                let kind = if uri.path().ends_with(".xml") { "text/xml" } else { "text/html; charset=utf-8" };
                ([("etag", tag.as_str()), ("content-type", kind)], bytes).into_response()
            }
        }
    };
    pages.asked.push((uri.path().to_owned(), answer.status().as_u16()));
    answer
}
