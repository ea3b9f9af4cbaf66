//! Everything that can go wrong in a request, as a status and a sentence. The one file with status codes for failures, and
//! the one place where a request's failure is logged.

use crate::catalog;
use crate::checkout;
use crate::checkout::receipt::pdf;
use crate::checkout::receive;
use crate::conversation;
use crate::conversation::whatsapp::intake;
use crate::http::Site;
use crate::onboard;
use crate::store;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::Arc;

/// Why a request was not answered as asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request makes no sense.
    #[error("{0}")]
    Bad(&'static str),
    /// Somebody writes too fast.
    #[error("too many messages; wait a moment")]
    TooFast,
    /// Not signed in, or the form is not ours.
    #[error("not allowed")]
    Forbidden,
    /// There is no such thing, or it is not theirs.
    #[error("there is nothing here")]
    NotFound,
    /// An event that is not believed.
    #[error("the event is not believed")]
    Event(#[from] receive::Error),
    /// Something that is not signed as it should be.
    #[error("the signature is not right")]
    NotSigned,
    /// What a network sent was not kept.
    #[error("what came in was not kept")]
    Intake(#[from] intake::Error),
    /// The rows.
    #[error("the store failed")]
    Store(#[from] store::Error),
    /// A conversation's use case.
    #[error("the conversation failed")]
    Conversation(#[from] conversation::Error),
    /// A step of a purchase, or what is known of one.
    #[error("the order failed")]
    Checkout(#[from] checkout::Error),
    /// A receipt.
    #[error("the receipt failed")]
    Receipt(#[from] pdf::Error),
    /// The goods, or how they stand in the index.
    #[error("the catalogue failed")]
    Catalog(#[from] catalog::Error),
    /// A shop's folder.
    #[error("the shop failed")]
    Onboard(#[from] onboard::Error),
    /// A page of ours.
    #[error("a page does not render")]
    Page(#[from] minijinja::Error),
    /// Too many listeners.
    #[error("too many open pages")]
    Full,
}

impl Error {
    fn told(&self) -> (StatusCode, &'static str, &'static str) {
        const SORRY: &str = "Something went wrong on our side. Please try again in a moment.";
        match self {
            Self::Bad(message) => (StatusCode::BAD_REQUEST, "bad_request", message),
            Self::TooFast => (
                StatusCode::TOO_MANY_REQUESTS,
                "too_fast",
                "That was a lot at once. Please wait a moment and try again.",
            ),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "You are not signed in, or the page is too old."),
            Self::NotFound | Self::Conversation(conversation::Error::Missing(_)) => {
                (StatusCode::NOT_FOUND, "not_found", "There is nothing here.")
            }
            Self::Event(receive::Error::Verify(_)) => {
                (StatusCode::BAD_REQUEST, "event_not_believed", "The signature or the event could not be verified.")
            }
            Self::NotSigned => (StatusCode::UNAUTHORIZED, "not_signed", "The signature is not right."),
            // Whatever the cause, the network has to send it again.
            Self::Intake(_) => (StatusCode::SERVICE_UNAVAILABLE, "busy", SORRY),
            Self::Store(store::Error::Full(_)) => {
                (StatusCode::INSUFFICIENT_STORAGE, "disk_full", "The shop cannot store anything right now.")
            }
            Self::Store(store::Error::Unavailable(_)) | Self::Full => (StatusCode::SERVICE_UNAVAILABLE, "busy", SORRY),
            Self::Event(_)
            | Self::Store(_)
            | Self::Conversation(_)
            | Self::Checkout(_)
            | Self::Receipt(_)
            | Self::Onboard(_)
            | Self::Catalog(_)
            | Self::Page(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal", SORRY),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, code, message) = self.told();
        if status.is_server_error() {
            tracing::error!(error = &self as &dyn std::error::Error, "a request failed");
        }
        (status, Json(json!({ "code": code, "message": message }))).into_response()
    }
}

/// The page for addresses that do not exist.
pub async fn not_found(State(site): State<Arc<Site>>) -> Response {
    let page = site.pages.message(
        "Nothing here",
        "This page does not exist, or it is no longer there.",
        "/chat",
        "To the shop",
    );
    (StatusCode::NOT_FOUND, page).into_response()
}
