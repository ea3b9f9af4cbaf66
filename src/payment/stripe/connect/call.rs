//! Plain calls for setting up, and why one failed. No answer is kept: one of them carries a secret.

use crate::payment::BoxError;
use crate::payment::stripe::answer::bounded;
use crate::payment::stripe::transport::{Call, Method, Raw, Transport};
use serde_json::Value;

/// Longest sentence of Stripe's that is shown.
const SENTENCE_CHARS_MAX: usize = 300;

/// Why a call did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Nobody answered, or the server is not well.
    #[error("Stripe did not answer: {0}")]
    Silent(BoxError),
    /// Not a key of this account.
    #[error("Stripe does not know this key")]
    Key,
    /// The key is not allowed to.
    #[error("the key is not allowed to{}", .permission.as_deref().map_or_else(String::new, |p| format!(" ({p})")))]
    Forbidden {
        /// Stripe's own name of what is missing, when it says so.
        permission: Option<String>,
    },
    /// Any other refusal.
    #[error("Stripe refused ({status} {code}): {sentence}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Stripe's code.
        code: String,
        /// Stripe's sentence.
        sentence: String,
    },
    /// Not what was asked for.
    #[error("the answer could not be read")]
    Unreadable,
}

/// The way in, for one run.
pub struct Door<'a> {
    transport: &'a dyn Transport,
    run: &'a str,
}

impl<'a> Door<'a> {
    /// Calls of one run share the beginning of their idempotency keys.
    pub fn new(transport: &'a dyn Transport, run: &'a str) -> Self {
        Self { transport, run }
    }

    /// Reads.
    pub async fn read(&self, path: &str, form: &[(&str, &str)]) -> Result<Value, Fault> {
        self.send(Method::Get, path, form, None).await
    }

    /// Changes. The purpose tells this call from the others of the run.
    pub async fn change(&self, path: &str, form: &[(&str, &str)], purpose: &str) -> Result<Value, Fault> {
        self.send(Method::Post, path, form, Some(format!("{}_{purpose}", self.run))).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        form: &[(&str, &str)],
        idempotency_key: Option<String>,
    ) -> Result<Value, Fault> {
        let form = form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let call = Call { method, path: path.to_owned(), form, idempotency_key };
        let raw = self.transport.send(call).await.map_err(Fault::Silent)?;
        let value = serde_json::from_slice::<Value>(&raw.body);
        match raw.status {
            200..=299 => value.map_err(|_| Fault::Unreadable),
            401 => Err(Fault::Key),
            status @ (429 | 500..) => Err(Fault::Silent(format!("it answered {status}").into())),
            _ => Err(refusal(&raw, &value.unwrap_or_default())),
        }
    }
}

fn refusal(raw: &Raw, value: &Value) -> Fault {
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let sentence = text("/error/message");
    if raw.status == 403 {
        // "… Having the 'rak_dispute_read' permission would allow this request to continue."
        let mut words = sentence.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let permission = words.find(|word| word.starts_with("rak_")).map(|word| bounded(word, SENTENCE_CHARS_MAX));
        return Fault::Forbidden { permission };
    }
    let code = if text("/error/code").is_empty() { text("/error/type") } else { text("/error/code") };
    Fault::Refused {
        status: raw.status,
        code: bounded(code, SENTENCE_CHARS_MAX),
        sentence: bounded(sentence, SENTENCE_CHARS_MAX),
    }
}
