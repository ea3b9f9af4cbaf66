//! Checks of what is outside this process: model, embeddings, payment, the address shoppers use.

use crate::cli::chain;
use crate::cli::doctor::check::Check;
use secrecy::ExposeSecret;
use souk::config::{Config, Loaded};
use souk::embed::{self, Embedder};
use souk::llm::openai::OpenAi;
use std::net::SocketAddr;

/// Where an OpenAI key goes when no address is set.
const OPENAI_BASE_URL: &str = "https://api.openai.com/v1";

/// Looks at everything outside.
pub async fn all(loaded: &Loaded, checks: &mut Vec<Check>) {
    let config = &loaded.config;
    checks.push(model(config).await);
    checks.push(embedder(config).await);
    if !config.search.qdrant_url.is_empty() {
        checks.push(Check::ok("qdrant", format!("in use at {}", config.search.qdrant_url)));
    }
    checks.push(payment(config));
    checks.push(address(config));
}

async fn model(config: &Config) -> Check {
    const NAME: &str = "model";
    if !config.has_model() {
        return Check::ok(NAME, "the built-in keyless planner answers; set OPENAI_API_KEY or llm.base_url for a model");
    }
    // Of a process of its own: the program may not have been assembled.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut settings = config.llm.clone();
    if settings.base_url.is_empty() {
        settings.base_url = OPENAI_BASE_URL.to_owned();
    }
    let endpoint = match OpenAi::new(&settings) {
        Ok(endpoint) => endpoint,
        Err(error) => return Check::fail(NAME, chain(&error), "correct llm.base_url and llm.api_key"),
    };
    match endpoint.probe().await {
        Ok(found) if found.contains("not among") => {
            Check::warn(NAME, found, "correct llm.model (some lists are incomplete)")
        }
        Ok(found) => Check::ok(NAME, found),
        Err(error) => Check::fail(
            NAME,
            chain(&error),
            format!("check llm.base_url ({}), llm.api_key and the network", settings.base_url),
        ),
    }
}

async fn embedder(config: &Config) -> Check {
    const NAME: &str = "embeddings";
    if config.embed.model == "static" {
        return Check::ok(NAME, "the shipped model, no network needed");
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let asked = async { embed::openai::OpenAi::new(&config.embed)?.embed(&["a warm jacket".to_owned()]).await };
    match asked.await {
        Ok(_) => Check::ok(NAME, format!("{} answers with {} numbers", config.embed.model, config.embed.dims)),
        Err(error) => {
            let remedy = format!("check embed.base_url ({}), embed.model, embed.dims", config.embed.base_url);
            Check::fail(NAME, chain(&error), remedy)
        }
    }
}

fn payment(config: &Config) -> Check {
    const NAME: &str = "payment";
    let key = config.stripe.secret_key.expose_secret();
    let signed = config.stripe.webhook_secrets.iter().any(|s| !s.expose_secret().is_empty());
    if key.is_empty() {
        return Check::ok(NAME, "sandbox: the pages look real and no money moves; set STRIPE_SECRET_KEY to be paid");
    }
    let mode = if key.contains("_live_") { "live" } else { "test mode" };
    if !signed {
        let finding = format!("Stripe, {mode}, but no webhook secret: orders would stay unpaid until their page ends");
        return Check::fail(NAME, finding, "set STRIPE_WEBHOOK_SECRET to the secret of the endpoint …/webhooks/stripe");
    }
    if mode == "live" && !config.public_url().starts_with("https://") {
        return Check::fail(
            NAME,
            "Stripe, live, but shoppers come over plain http",
            "set http.public_url to https://…",
        );
    }
    Check::ok(NAME, format!("Stripe, {mode}, webhook secret set"))
}

/// Whether anybody but this machine can reach the pages.
pub fn is_public(config: &Config) -> bool {
    let local = config.http.bind.parse::<SocketAddr>().is_ok_and(|a| a.ip().is_loopback());
    let host = ["//localhost", "//127.", "//[::1]"].iter().any(|h| config.public_url().contains(h));
    !(local && (config.http.public_url.is_empty() || host))
}

fn address(config: &Config) -> Check {
    const NAME: &str = "address";
    let (bind, url) = (&config.http.bind, config.public_url());
    let finding = format!("served on {bind}, shoppers use {url}");
    if !is_public(config) {
        return Check::ok(NAME, format!("{finding} (this machine only)"));
    }
    if config.http.public_url.is_empty() {
        return Check::warn(NAME, finding, "set http.public_url to the address shoppers type, or links will not open");
    }
    if !url.starts_with("https://") {
        return Check::warn(NAME, finding, "put https in front: cookies and payment pages need it for real use");
    }
    Check::ok(NAME, finding)
}
