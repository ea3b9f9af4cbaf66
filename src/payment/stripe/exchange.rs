//! One call of the API: async-stripe's typed request carried over our own transport. Its own client would lose the raw
//! answer, the request id and, without a feature, the idempotency key; money needs all three.

use crate::payment::stripe::answer;
use crate::payment::stripe::transport::{Call, Method, Raw, Transport};
use crate::payment::{BoxError, Error};
use bytes::Bytes;
use std::fmt::Display;
use std::sync::{Mutex, PoisonError};
use stripe_client_core::{
    CustomizedStripeRequest, IdempotencyKey, RequestBuilder, RequestStrategy, StripeClient, StripeClientErr,
    StripeMethod, StripeRequest,
};

/// What came back from a call that was carried out.
pub struct Answer<T> {
    /// The typed object; none when the answer does not fit it as a whole.
    pub whole: Option<T>,
    /// The answer as it came.
    pub raw: Raw,
}

/// The status of an answer that says nothing about what was done.
#[derive(Debug, thiserror::Error)]
#[error("it answered {0}")]
pub struct Fault(pub u16);

/// Sends a typed request once. Every request that changes something has a key.
pub async fn ask<R>(transport: &dyn Transport, request: &R, key: Option<&str>) -> Result<Answer<R::Output>, Error>
where
    R: StripeRequest + Sync,
    R::Output: miniserde::Deserialize + Send,
{
    let strategy = match key {
        None => RequestStrategy::Once,
        Some(key) => RequestStrategy::Idempotent(
            IdempotencyKey::new(key).map_err(|e| answer::refused("bad_idempotency_key", &e.to_string()))?,
        ),
    };
    let exchange = Exchange { transport, kept: Mutex::default() };
    let sent = request.customize().request_strategy(strategy).send(&exchange).await;
    let raw = exchange.kept.into_inner().unwrap_or_else(PoisonError::into_inner);
    match (sent, raw) {
        (Ok(whole), Some(raw)) => Ok(Answer { whole: Some(whole), raw }),
        (Err(Failure::Decoding), Some(raw)) => Ok(Answer { whole: None, raw }),
        (Err(Failure::Call(error)), _) => Err(error),
        (_, None) => Err(Error::Unknown("the call was not made".into())),
    }
}

/// The form of a request, in an order that never changes.
pub fn form<R: StripeRequest>(request: &R) -> Vec<(String, String)> {
    read(&request.build()).unwrap_or_default()
}

struct Exchange<'a> {
    transport: &'a dyn Transport,
    kept: Mutex<Option<Raw>>,
}

enum Failure {
    Call(Error),
    Decoding,
}

impl StripeClientErr for Failure {
    // The message is the same for every object; the answer itself is kept and says more.
    fn deserialize_err(_: impl Display) -> Self {
        Self::Decoding
    }
}

impl StripeClient for Exchange<'_> {
    type Err = Failure;

    async fn execute(&self, request: CustomizedStripeRequest) -> Result<Bytes, Failure> {
        let call = call(request).map_err(|e| Failure::Call(answer::refused("bad_request", &e.to_string())))?;
        let raw = self.transport.send(call).await.map_err(|e| Failure::Call(Error::Unknown(e)))?;
        answer::accepted(&raw).map_err(Failure::Call)?;
        let body = Bytes::copy_from_slice(&raw.body);
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(raw);
        Ok(body)
    }
}

fn call(request: CustomizedStripeRequest) -> Result<Call, BoxError> {
    let (request, settings) = request.into_pieces();
    let method = match request.method {
        StripeMethod::Get => Method::Get,
        StripeMethod::Post => Method::Post,
        StripeMethod::Delete => return Err("nothing is ever deleted at Stripe".into()),
    };
    let key = settings.request_strategy.and_then(|strategy| strategy.get_key());
    if method == Method::Post && key.is_none() {
        return Err("a request that changes something needs an idempotency key".into());
    }
    Ok(Call {
        method,
        path: format!("/v1{}", request.path),
        form: read(&request)?,
        idempotency_key: key.map(IdempotencyKey::into_inner),
    })
}

fn read(request: &RequestBuilder) -> Result<Vec<(String, String)>, BoxError> {
    let text = request.body.as_deref().or(request.query.as_deref()).unwrap_or_default();
    let mut form: Vec<(String, String)> = serde_urlencoded::from_str(text)?;
    // Metadata is a hash map in async-stripe, in another order each time. A repeat must be the same to the last byte,
    // or the provider takes it for another request under the same key.
    for run in form.chunk_by_mut(|a, b| metadata(&a.0).is_some() && metadata(&a.0) == metadata(&b.0)) {
        run.sort();
    }
    Ok(form)
}

/// The part of a parameter's name before its key, when it is an entry of some metadata.
fn metadata(name: &str) -> Option<&str> {
    let (place, _) = name.rsplit_once('[')?;
    (place.ends_with("metadata") || place.ends_with("metadata]")).then_some(place)
}
