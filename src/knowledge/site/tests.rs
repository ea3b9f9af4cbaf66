//! A small site that keeps state and can misbehave.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail by panicking")]

use super::*;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use std::sync::{Arc, Mutex};

/// What the site holds: content by path; a page's tag is its content's length.
#[derive(Default)]
struct Site {
    pages: BTreeMap<String, (u16, String)>,
    asked: Vec<String>,
}

type Shared = Arc<Mutex<Site>>;

async fn answer(State(site): State<Shared>, uri: Uri, headers: HeaderMap) -> Response {
    let mut site = site.lock().unwrap();
    site.asked.push(uri.path().to_owned());
    let Some((status, body)) = site.pages.get(uri.path()).cloned() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = format!("\"{}\"", body.len());
    if headers.get("if-none-match").is_some_and(|asked| asked == tag.as_str()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let kind = if uri.path().ends_with(".xml") { "text/xml" } else { "text/html; charset=utf-8" };
    (StatusCode::from_u16(status).unwrap(), [("etag", tag.as_str()), ("content-type", kind)], body).into_response()
}

async fn site() -> (Shared, String, Fetcher) {
    let site = Shared::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let router = Router::new().fallback(answer).with_state(Arc::clone(&site));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let settings = fetch::Settings { trusted_hosts: vec![host.clone()], ..Default::default() };
    (site, format!("http://{host}"), Fetcher::new(&settings))
}

fn put(site: &Shared, path: &str, status: u16, body: &str) {
    site.lock().unwrap().pages.insert(path.to_owned(), (status, body.to_owned()));
}

fn html(title: &str, head: &str) -> String {
    format!(
        "<html><head><title>{title}</title>{head}</head><body><main><h1>{title}</h1><p>About {title}.</p></main></body></html>"
    )
}

fn map_of(pages: &[&str]) -> String {
    let pages: String = pages.iter().map(|p| format!("<url><loc>{p}</loc></url>")).collect();
    format!("<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{pages}</urlset>")
}

async fn read(fetcher: &Fetcher, known: &BTreeMap<String, Known>, url: &str) -> Loaded {
    crawl(fetcher, known, url, Duration::ZERO, &mut |_, _| ()).await.unwrap()
}

#[tokio::test]
async fn a_site_is_read_by_its_map_and_only_what_changed_is_read_again() {
    let (site, url, fetcher) = site().await;
    put(&site, "/robots.txt", 200, &format!("User-agent: *\nDisallow: /private\nSitemap: {url}/maps.xml\n"));
    put(
        &site,
        "/maps.xml",
        200,
        &format!("<sitemapindex><sitemap><loc>{url}/pages.xml</loc></sitemap></sitemapindex>"),
    );
    put(
        &site,
        "/pages.xml",
        200,
        &map_of(&["/returns", "/twin", "/private/x", "/hidden", "/gone", "/down", "/login", "https://other.example/x"]),
    );
    put(&site, "/returns", 200, &html("Returns", ""));
    put(&site, "/twin", 200, &html("Returns", "<link rel=canonical href=/returns>"));
    put(&site, "/private/x", 200, &html("Private", ""));
    put(&site, "/hidden", 200, &html("Hidden", "<meta name=robots content=noindex>"));
    put(&site, "/down", 503, "down");
    put(&site, "/login", 200, "<html><form><input type=password>Log in");
    let loaded = read(&fetcher, &BTreeMap::new(), &url).await;
    assert_eq!(loaded.texts.iter().map(|t| t.source.as_str()).collect::<Vec<_>>(), [format!("{url}/returns")]);
    let told: String = loaded.rejects.iter().map(|r| format!("{} [{}] {}\n", r.source, r.place, r.reason)).collect();
    insta::assert_snapshot!(told.replace(&url, ""), @r#"
        / [map] 1 addresses in its map belong to other hosts and are left out
        /private/x [page] is closed to robots by the site's robots.txt; open it to "souk"
        /hidden [page] asks not to be taken in (noindex)
        /gone [page] nothing is there (404); check the address
        /down [] its server fails (503); try again later
        /login [] is a page that asks for a password; save the page itself, after logging in
        "#);
    assert!(!loaded.partial);
    assert!(!site.lock().unwrap().asked.contains(&"/private/x".to_owned()));

    let known: BTreeMap<String, Known> = loaded.texts.iter().map(|t| (t.source.clone(), t.known.clone())).collect();
    put(&site, "/new", 200, &html("New", ""));
    put(&site, "/pages.xml", 200, &map_of(&["/returns", "/new"]));
    let again = read(&fetcher, &known, &format!("{url}/pages.xml")).await;
    assert_eq!(again.unchanged, [format!("{url}/returns")]);
    assert_eq!(again.texts.iter().map(|t| t.source.as_str()).collect::<Vec<_>>(), [format!("{url}/new")]);
}

#[tokio::test]
async fn a_map_that_breaks_off_or_fails_removes_nothing() {
    let (site, url, fetcher) = site().await;
    put(&site, "/a", 200, &html("A", ""));
    put(&site, "/sitemap.xml", 200, "<urlset><url><loc>/a</loc></url><url><loc>/b</wrong>");
    let torn = read(&fetcher, &BTreeMap::new(), &url).await;
    assert!(torn.partial && torn.texts.len() == 1, "{torn:?}");
    put(&site, "/sitemap.xml", 200, "<html>not a map</html>");
    assert!(read(&fetcher, &BTreeMap::new(), &url).await.partial);
    put(&site, "/sitemap.xml", 500, "");
    assert!(crawl(&fetcher, &BTreeMap::new(), &url, Duration::ZERO, &mut |_, _| ()).await.is_err());
    put(&site, "/robots.txt", 500, "");
    put(&site, "/sitemap.xml", 200, &map_of(&["/a"]));
    assert!(
        crawl(&fetcher, &BTreeMap::new(), &url, Duration::ZERO, &mut |_, _| ()).await.is_err(),
        "its rules are unknown"
    );
}
