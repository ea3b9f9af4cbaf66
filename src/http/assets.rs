//! Files of the pages and pictures of the products, compiled in or from the data folder.

use crate::http::Site;
use crate::http::error::Error;
use crate::onboard::demo;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use include_dir::{Dir, include_dir};
use std::sync::Arc;

static WEB: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/web");

/// How long a browser keeps a file.
const CACHE: &str = "public, max-age=3600";
/// Bytes of a picture in the data folder.
const PICTURE_BYTES_MAX: u64 = 5 * 1024 * 1024;

/// A style sheet or script.
pub async fn asset(Path(file): Path<String>) -> Result<Response, Error> {
    let kind = match file.rsplit_once('.').map(|(_, end)| end) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => return Err(Error::NotFound),
    };
    let contents = WEB.get_file(&file).ok_or(Error::NotFound)?.contents();
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, CACHE)], contents).into_response())
}

/// The script a merchant puts on a page.
pub async fn widget() -> Result<Response, Error> {
    asset(Path("widget.js".to_owned())).await
}

/// A page of some other site with the widget on it.
pub async fn widget_demo() -> Result<Response, Error> {
    let page = WEB.get_file("widget-demo.html").ok_or(Error::NotFound)?.contents();
    let policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; frame-src 'self'";
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, policy)];
    Ok((headers, page).into_response())
}

/// A product's picture: the merchant's own from `pictures` in the data folder, else the demo shop's.
pub async fn picture(State(site): State<Arc<Site>>, Path(file): Path<String>) -> Result<Response, Error> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if file.len() > 200 || file.starts_with('.') || !file.chars().all(plain) {
        return Err(Error::NotFound);
    }
    let kind = match file.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).as_deref() {
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        _ => return Err(Error::NotFound),
    };
    let own = site.app.data.join("pictures").join(&file);
    let contents = match tokio::fs::metadata(&own).await {
        Ok(meta) if meta.len() <= PICTURE_BYTES_MAX => tokio::fs::read(&own).await.map_err(|_| Error::NotFound)?,
        _ => demo::picture(&file).ok_or(Error::NotFound)?.to_vec(),
    };
    // A picture may be a merchant's SVG: it must never run as a page.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
    let headers =
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, CACHE), (header::CONTENT_SECURITY_POLICY, policy)];
    Ok((headers, contents).into_response())
}
