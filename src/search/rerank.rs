//! A second opinion on the order of what was found, from any server that speaks `/v1/rerank`. Off unless it is set; when it is
//! slow, away or talks nonsense, the order stays as it was.

use crate::search::{BoxError, Settings};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::time::Duration;

/// Texts sent at once; what stands behind them keeps its place.
pub const TEXTS_MAX: usize = 30;
/// Characters of one text.
const TEXT_CHARS_MAX: usize = 1_000;
/// Characters of the question.
const QUERY_CHARS_MAX: usize = 500;
/// Time to reach the server.
const CONNECT: Duration = Duration::from_millis(500);
/// Time for everything: a shopper waits for it.
const TOTAL: Duration = Duration::from_millis(1_500);
/// Bytes of one answer; some servers send the texts back.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// Why the order stays.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not reachable, too slow, refused.
    #[error("the reranker at search.rerank_url did not answer; check the address, the key and the server")]
    Unavailable(#[source] BoxError),
    /// An answer without an order.
    #[error(
        "the reranker at search.rerank_url answered with something else than results with index and relevance_score"
    )]
    Unreadable(#[source] BoxError),
}

/// A server that orders texts by a question.
pub struct Reranker {
    http: reqwest::Client,
    address: String,
    model: String,
    key: SecretString,
}

/// Cohere, Jina, vLLM and llama.cpp wrap the list, text-embeddings-inference does not.
#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Wrapped { results: Vec<Judged> },
    Bare(Vec<Judged>),
}

#[derive(Deserialize)]
struct Judged {
    index: usize,
    #[serde(alias = "score")]
    relevance_score: f64,
}

impl Reranker {
    /// The server of the settings, if one is set.
    pub fn of(settings: &Settings) -> Result<Option<Self>, Error> {
        if settings.rerank_url.is_empty() {
            return Ok(None);
        }
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            // A redirect would carry the texts, and maybe the key, to an address nobody configured.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| Error::Unavailable(error.into()))?;
        Ok(Some(Self {
            http,
            address: settings.rerank_url.clone(),
            model: settings.rerank_model.clone(),
            key: settings.rerank_api_key.clone(),
        }))
    }

    /// The places of the texts in their new order, each once. Those the server said nothing of come last, as they stood.
    pub async fn order(&self, query: &str, texts: &[String]) -> Result<Vec<usize>, Error> {
        let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
        let sent: Vec<String> = texts.iter().take(TEXTS_MAX).map(|text| cut(text, TEXT_CHARS_MAX)).collect();
        if sent.len() < 2 {
            return Ok((0..texts.len()).collect());
        }
        let mut body = serde_json::json!({
            "query": cut(query, QUERY_CHARS_MAX), "documents": sent, "top_n": sent.len(), "return_documents": false,
        });
        if let Some(body) = body.as_object_mut().filter(|_| !self.model.is_empty()) {
            body.insert("model".to_owned(), self.model.clone().into());
        }
        let mut request = self.http.post(&self.address).json(&body);
        if !self.key.expose_secret().is_empty() {
            request = request.bearer_auth(self.key.expose_secret());
        }
        let unavailable = |error: reqwest::Error| Error::Unavailable(error.without_url().into());
        let mut response = request.send().await.map_err(unavailable)?;
        if !response.status().is_success() {
            return Err(Error::Unavailable(format!("status {}", response.status().as_u16()).into()));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unavailable)? {
            if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(Error::Unreadable("the answer is too long".into()));
            }
            bytes.extend_from_slice(&chunk);
        }
        let answer: Answer = serde_json::from_slice(&bytes).map_err(|error| Error::Unreadable(error.into()))?;
        let (Answer::Wrapped { results } | Answer::Bare(results)) = answer;
        ordered(results, sent.len(), texts.len())
    }
}

/// Lists come sorted or not, cut or whole: only the scores count.
fn ordered(mut judged: Vec<Judged>, sent: usize, all: usize) -> Result<Vec<usize>, Error> {
    let mut known = vec![false; sent];
    judged.retain(|one| {
        let first = known.get_mut(one.index).is_some_and(|known| !std::mem::replace(known, true));
        first && one.relevance_score.is_finite()
    });
    if judged.is_empty() {
        return Err(Error::Unreadable("no text has a score".into()));
    }
    judged.sort_by(|a, b| b.relevance_score.total_cmp(&a.relevance_score).then_with(|| a.index.cmp(&b.index)));
    let mut order: Vec<usize> = judged.into_iter().map(|one| one.index).collect();
    let left: Vec<usize> = (0..all).filter(|at| !order.contains(at)).collect();
    order.extend(left);
    Ok(order)
}

#[cfg(test)]
mod tests;
