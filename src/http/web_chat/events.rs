//! Server-sent events: every message from the store by its number, so that nothing is missed, however often the page
//! reconnects; news in memory only wake the reader.

use crate::channel::web::News;
use crate::domain::conversation::Conversation;
use crate::http::error::Error;
use crate::http::web_chat::conversation;
use crate::http::{Site, session, wire};
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use futures_util::stream;
use serde::Deserialize;
use serde_json::json;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// How often the store is read when no news come: another process may have written.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Messages read at once.
const BATCH: i64 = 50;
/// How often an idle connection is kept alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Where a page wants to go on.
#[derive(Debug, Default, Deserialize)]
pub struct From {
    #[serde(default)]
    after: Option<i64>,
}

/// What the shop says, as it says it.
pub async fn events(
    State(site): State<Arc<Site>>,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let alias = session::alias(&headers).ok_or(Error::Forbidden)?;
    let place = Arc::clone(&site.listeners).try_acquire_owned().map_err(|_| Error::Full)?;
    // A browser that reconnects says what it saw last.
    let resumed = headers.get("last-event-id").and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    let after = resumed.or(from.after).unwrap_or(0);
    let news = site.app.web.listen();
    let reader = Reader { site, alias, after, news, with: None, ready: VecDeque::new(), _place: place };
    Ok(Sse::new(reader.stream()).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response())
}

struct Reader {
    site: Arc<Site>,
    alias: String,
    after: i64,
    news: Receiver<News>,
    with: Option<&'static str>,
    ready: VecDeque<Event>,
    _place: tokio::sync::OwnedSemaphorePermit,
}

impl Reader {
    fn stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut reader| async move {
            loop {
                if let Some(event) = reader.ready.pop_front() {
                    return Some((Ok(event), reader));
                }
                // A failure to read is tried again with the next news; the page keeps its connection.
                let mine = reader.look().await.unwrap_or_default();
                if reader.ready.is_empty() {
                    reader.wait(mine).await;
                }
            }
        })
    }

    async fn look(&mut self) -> Result<Option<Conversation>, Error> {
        let Some(conversation) = conversation(&self.site, &self.alias).await? else {
            return Ok(None);
        };
        let app = &self.site.app;
        let messages = app.store.read(&app.shop).await?.messages_after(&conversation.id, self.after, BATCH).await?;
        for message in &messages {
            self.after = message.seq;
            let data = wire::message(message).to_string();
            self.ready.push_back(Event::default().id(message.seq.to_string()).data(data));
        }
        let with = conversation.with.word();
        if self.with != Some(with) {
            self.with = Some(with);
            self.ready.push_back(Event::default().event("state").data(json!({ "with": with }).to_string()));
        }
        Ok(Some(conversation))
    }

    async fn wait(&mut self, mine: Option<Conversation>) {
        let timeout = tokio::time::sleep(LOOK_EVERY);
        tokio::pin!(timeout);
        loop {
            tokio::select! {
                () = &mut timeout => return,
                news = self.news.recv() => match news {
                    Ok(news) if mine.as_ref().is_some_and(|c| &c.id != news.conversation()) => {}
                    Ok(News::Progress { label, .. }) if mine.is_some() => {
                        let data = json!({ "label": label }).to_string();
                        self.ready.push_back(Event::default().event("progress").data(data));
                        return;
                    }
                    // A new message, a conversation that may just have begun, or news missed: the store knows.
                    Ok(_) | Err(RecvError::Lagged(_)) => return,
                    Err(RecvError::Closed) => {
                        timeout.as_mut().await;
                        return;
                    }
                },
            }
        }
    }
}
