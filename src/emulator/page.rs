//! The page with a phone on it, compiled in. Nothing of the world is written into its HTML: its script fetches that,
//! and puts it on the page as text only.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

const INDEX: &str = include_str!("../../web/emulator/index.html");
/// Name, type, contents.
const ASSETS: [(&str, &str, &str); 6] = [
    ("phone.css", "text/css; charset=utf-8", include_str!("../../web/emulator/phone.css")),
    ("bubble.css", "text/css; charset=utf-8", include_str!("../../web/emulator/bubble.css")),
    ("phone.js", "text/javascript; charset=utf-8", include_str!("../../web/emulator/phone.js")),
    ("bubble.js", "text/javascript; charset=utf-8", include_str!("../../web/emulator/bubble.js")),
    ("tools.js", "text/javascript; charset=utf-8", include_str!("../../web/emulator/tools.js")),
    ("dom.js", "text/javascript; charset=utf-8", include_str!("../../web/dom.js")),
];
/// Only its own scripts and styles; pictures may come from a shop.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self'; \
    img-src 'self' data: https: http://127.0.0.1:* http://localhost:*; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// `GET /`
pub async fn index() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, INDEX).into_response()
}

/// `GET /emulator/assets/{file}`
pub async fn asset(Path(file): Path<String>) -> Response {
    match ASSETS.iter().find(|(name, ..)| *name == file) {
        Some((_, kind, text)) => {
            let headers = [
                (header::CONTENT_TYPE, *kind),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (headers, *text).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
