//! One message as a colleague reads it: words, what came with them, signs put to it, and how far it got.

use crate::domain::enclosed::MediaKind;
use crate::domain::id::{ConversationId, MediaId, MessageId};
use crate::domain::message::{Author, Body, Message, Said};
use crate::http::Site;
use crate::http::console::signed_in;
use crate::http::error::Error;
use crate::store::sends::Ticks;
use crate::store::{self, Tx};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use minijinja::context;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Signs on one page.
const SIGNS_MAX: i64 = 500;
/// Types that a browser shows without running anything; whatever else is handed over as a file.
const SHOWN: [&str; 12] = [
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "audio/ogg",
    "audio/mpeg",
    "audio/mp4",
    "audio/m4a",
    "audio/aac",
    "audio/amr",
    "video/mp4",
    "video/3gpp",
];

/// What belongs to the messages of a page, read once.
pub(super) struct Beside {
    ticks: Vec<Ticks>,
    signs: Vec<(Option<MessageId>, String)>,
    files: BTreeMap<MediaId, String>,
}

impl Beside {
    /// Reads it for these messages.
    pub(super) async fn of(tx: &mut Tx, id: &ConversationId, messages: &[Message]) -> Result<Self, store::Error> {
        let ticks = tx.ticks(id, messages.first().map_or(0, |m| m.seq - 1)).await?;
        let signs = tx.reactions(id, SIGNS_MAX).await?.into_iter().map(|(_, ours, sign)| (ours, sign)).collect();
        let mut files = BTreeMap::new();
        for message in messages.iter().filter(|m| has_files(m)) {
            files.extend(tx.media_of(&message.id).await?);
        }
        Ok(Self { ticks, signs, files })
    }

    /// One of them.
    pub(super) fn spoken(&self, message: &Message) -> minijinja::Value {
        let author = match &message.author {
            Author::Colleague { name } => Some(name.as_str()),
            _ => None,
        };
        let extras = match &message.body {
            Body::Heard(said) => said.extras(),
            Body::Reply(reply) => reply.extras(),
        };
        let ticks = self.ticks.iter().find(|ticks| ticks.message == message.id).map(|ticks| {
            let problem = ticks.problem.as_ref().map(|problem| format!("{} ({})", problem.text, problem.code));
            context! { state => ticks.state.word(), problem }
        });
        let signs = self.signs.iter().filter(|(ours, _)| ours.as_ref() == Some(&message.id));
        context! {
            ticks, from => message.author.word(), author, text => message.body.words(), at => message.at.to_string(),
            extras, signs => signs.map(|(_, sign)| sign.as_str()).collect::<String>(), files => self.files_of(message),
        }
    }

    fn files_of(&self, message: &Message) -> Vec<minijinja::Value> {
        let Body::Heard(Said::Sent(sent)) = &message.body else { return Vec::new() };
        let file = |media: &crate::domain::enclosed::Media| {
            let state = self.files.get(&media.id).map_or("wanted", String::as_str);
            context! {
                id => media.id.as_str(), word => media.what.word(), kept => state == "kept", state,
                picture => matches!(media.what, MediaKind::Image | MediaKind::Sticker),
            }
        };
        sent.media().map(file).collect()
    }
}

fn has_files(message: &Message) -> bool {
    matches!(&message.body, Body::Heard(Said::Sent(sent)) if sent.media().next().is_some())
}

/// A file a shopper sent, for a colleague. It came from outside: nothing in it is ever run.
pub async fn file(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    if !signed_in(&site, &headers) {
        return Err(Error::NotFound);
    }
    let (app, id) = (&site.app, MediaId::new(id));
    app.store.read(&app.shop).await?.kept_media(&id).await?.ok_or(Error::NotFound)?;
    let bytes = tokio::fs::read(app.media_file(&app.shop, &id)).await.map_err(|_| Error::NotFound)?;
    let found = infer::get(&bytes).map(|kind| kind.mime_type());
    let (kind, way) = match found.filter(|found| SHOWN.contains(found)) {
        Some(kind) => (kind, "inline"),
        None => ("application/octet-stream", "attachment"),
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, way),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox; frame-ancestors 'none'"),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, bytes).into_response())
}
