//! A `webhook_endpoint`.

use crate::payment::sandbox::state::endpoint::{Endpoint, OWN, OWN_EVENTS};
use crate::payment::stripe::transport::API_VERSION;
use serde_json::{Value, json};

/// A `webhook_endpoint`; its secret is shown only when it is made.
pub fn object(endpoint: &Endpoint, with_secret: bool) -> Value {
    let mut object = json!({
        "id": endpoint.id,
        "object": "webhook_endpoint",
        "api_version": API_VERSION,
        "application": null,
        "created": endpoint.created.as_second(),
        "description": endpoint.description,
        "enabled_events": endpoint.events,
        "livemode": false,
        "metadata": endpoint.metadata,
        "status": if endpoint.disabled { "disabled" } else { "enabled" },
        "url": endpoint.url,
    });
    if let Some(fields) = object.as_object_mut().filter(|_| with_secret) {
        fields.insert("secret".to_owned(), json!(endpoint.secret));
    }
    object
}

/// The shop's own endpoint, which cannot be changed.
pub fn own(public_url: &str) -> Value {
    json!({
        "id": OWN,
        "object": "webhook_endpoint",
        "api_version": API_VERSION,
        "application": null,
        "created": 0,
        "description": "The shop's own",
        "enabled_events": OWN_EVENTS,
        "livemode": false,
        "metadata": {},
        "status": "enabled",
        "url": format!("{public_url}/webhooks/stripe"),
    })
}
