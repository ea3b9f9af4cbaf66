//! Vectors from any server that speaks OpenAI's `/v1/embeddings`.
//!
//! Plain `reqwest` instead of a client crate: the request is three fields, the answers of other servers differ in
//! everything but two, and only this way are the time-outs and the size of the answer ours.

use crate::embed::Embedder;
use crate::embed::Error;
use crate::embed::NEAR;
use crate::embed::Settings;
use reqwest::StatusCode;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use serde::Deserialize;
use std::time::Duration;

/// Time to reach the server.
const CONNECT: Duration = Duration::from_secs(3);

/// Time for one batch, answer included.
const TOTAL: Duration = Duration::from_secs(30);

/// Texts of one request.
const BATCH: usize = 64;

/// Characters sent of one text; embedding models read a few hundred words.
const TEXT_CHARS_MAX: usize = 8_000;

/// Bytes of one answer: 64 vectors of 4,096 numbers in decimal, and room.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Characters of a refusal that are kept for the log.
const REFUSAL_CHARS_MAX: usize = 300;

/// How much the dense side counts: what a small transformer measured best with; see reference/retrieval.
const WEIGHT: f32 = 0.6;

/// An embeddings endpoint.
pub struct OpenAi {
    http: reqwest::Client,
    address: String,
    key: SecretString,
    documents: Marked,
    questions: Marked,
    dims: usize,
    weight: f32,
    near: f32,
}

/// How one kind of text is sent: many models are trained with a word before each, by which they tell question and answer.
struct Marked {
    model: String,
    prefix: String,
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Item>,
}

/// Some servers leave the index out; then the order stands for it.
#[derive(Deserialize)]
struct Item {
    embedding: Vec<f32>,
    index: Option<usize>,
}

impl OpenAi {
    /// The endpoint the settings name. `base_url` ends in `/v1` or what the server has instead.
    pub fn new(settings: &Settings) -> Result<Self, Error> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            // A redirect would carry the texts, and maybe the key, to an address nobody configured.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| Error::Load(error.into()))?;
        Ok(Self {
            http,
            address: format!("{}/embeddings", settings.base_url.trim_end_matches('/')),
            key: settings.api_key.clone(),
            documents: Marked { model: settings.model.clone(), prefix: settings.document_prefix.clone() },
            questions: Marked {
                model: Some(&settings.query_model).filter(|name| !name.is_empty()).unwrap_or(&settings.model).clone(),
                prefix: settings.query_prefix.clone(),
            },
            dims: settings.dims,
            weight: settings.weight.unwrap_or(WEIGHT),
            near: settings.near.unwrap_or(NEAR),
        })
    }

    async fn batch(&self, texts: &[String], marked: &Marked) -> Result<Vec<Vec<f32>>, Error> {
        // Most servers refuse an empty text; it has no direction anyway.
        let asked: Vec<(usize, String)> = texts
            .iter()
            .enumerate()
            .filter(|(_, text)| !text.trim().is_empty())
            .map(|(at, text)| (at, marked.prefix.chars().chain(text.chars()).take(TEXT_CHARS_MAX).collect()))
            .collect();
        let mut vectors = vec![vec![0.0; self.dims]; texts.len()];
        if asked.is_empty() {
            return Ok(vectors);
        }
        let input: Vec<&str> = asked.iter().map(|(_, text)| text.as_str()).collect();
        let answered = self.ask(&input, &marked.model).await?;
        for ((at, _), vector) in asked.iter().zip(answered) {
            if let Some(slot) = vectors.get_mut(*at) {
                *slot = vector;
            }
        }
        Ok(vectors)
    }

    async fn ask(&self, input: &[&str], model: &str) -> Result<Vec<Vec<f32>>, Error> {
        let body = serde_json::json!({ "model": model, "input": input, "encoding_format": "float" });
        let mut request = self.http.post(&self.address).json(&body);
        if !self.key.expose_secret().is_empty() {
            request = request.bearer_auth(self.key.expose_secret());
        }
        let response = request.send().await.map_err(|error| Error::Busy(error.without_url().into()))?;
        let status = response.status();
        let bytes = read(response).await?;
        if !status.is_success() {
            return Err(refused(status, &bytes));
        }
        let answer: Answer = serde_json::from_slice(&bytes).map_err(|error| Error::Unreadable(error.into()))?;
        self.in_order(answer.data, input.len())
    }

    fn in_order(&self, items: Vec<Item>, expected: usize) -> Result<Vec<Vec<f32>>, Error> {
        if items.len() != expected {
            return Err(unreadable(format!("{} vectors for {expected} texts", items.len())));
        }
        let mut ordered: Vec<Option<Vec<f32>>> = vec![None; expected];
        for (place, item) in items.into_iter().enumerate() {
            if item.embedding.len() != self.dims {
                let found = item.embedding.len();
                return Err(unreadable(format!("a vector of {found} numbers where {} are set", self.dims)));
            }
            let mut vector = item.embedding;
            crate::embed::normalise(&mut vector);
            match ordered.get_mut(item.index.unwrap_or(place)) {
                Some(slot @ None) => *slot = Some(vector),
                _ => return Err(unreadable("an index twice or out of range".to_owned())),
            }
        }
        Ok(ordered.into_iter().flatten().collect())
    }
}

#[async_trait::async_trait]
impl Embedder for OpenAi {
    fn stamp(&self) -> String {
        // A question's mark is not in it: it moves no document.
        let Marked { model, prefix } = &self.documents;
        let mark = if prefix.is_empty() { String::new() } else { format!(":{prefix}") };
        format!("openai:{model}:{}{mark}", self.dims)
    }

    fn name(&self) -> String {
        format!("{} at {}", self.documents.model, self.address)
    }

    fn dims(&self) -> usize {
        self.dims
    }

    fn weight(&self) -> f32 {
        self.weight
    }

    fn near(&self) -> f32 {
        self.near
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, Error> {
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(BATCH) {
            vectors.extend(self.batch(batch, &self.documents).await?);
        }
        Ok(vectors)
    }

    async fn embed_query(&self, text: &str) -> Result<Vec<f32>, Error> {
        let vectors = self.batch(&[text.to_owned()], &self.questions).await?;
        Ok(vectors.into_iter().next().unwrap_or_else(|| vec![0.0; self.dims]))
    }
}

async fn read(mut response: reqwest::Response) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Error::Busy(error.without_url().into()))? {
        if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(unreadable(format!("an answer of more than {ANSWER_BYTES_MAX} bytes")));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// What may pass by itself is busy; a wrong key or model stays wrong.
fn refused(status: StatusCode, bytes: &[u8]) -> Error {
    let said: String = String::from_utf8_lossy(bytes).chars().take(REFUSAL_CHARS_MAX).collect();
    let cause = format!("status {}: {said}", status.as_u16());
    let passes = status.is_server_error() || matches!(status.as_u16(), 408 | 409 | 425 | 429);
    if passes { Error::Busy(cause.into()) } else { Error::Unreadable(cause.into()) }
}

fn unreadable(cause: String) -> Error {
    Error::Unreadable(cause.into())
}

#[cfg(test)]
mod tests;
