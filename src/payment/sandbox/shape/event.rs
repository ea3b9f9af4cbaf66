//! An `event`.

use crate::payment::sandbox::state::event::Happening;
use crate::payment::stripe::transport::API_VERSION;
use serde_json::{Value, json};

/// An `event`, with its object as it stood then.
pub fn object(happening: &Happening) -> Value {
    let object: Value = serde_json::from_str(&happening.object).unwrap_or_default();
    json!({
        "id": happening.id,
        "object": "event",
        "api_version": API_VERSION,
        "created": happening.created.as_second(),
        "data": { "object": object },
        "livemode": false,
        "pending_webhooks": happening.pending(),
        "request": { "id": happening.request, "idempotency_key": happening.key },
        "type": happening.kind,
    })
}
