//! Checks of what is outside this process: model, embeddings, payment, the address shoppers use.

use crate::cli::chain;
use crate::cli::doctor::check::{Check, Level};
use crate::cli::stripe;
use souk::channel::whatsapp::manage::shape;
use souk::config::{Config, Loaded};
use souk::embed;
use souk::llm::openai::OpenAi;
use souk::payment::stripe::connect::Level as Found;
use souk::payment::stripe::transport::Mode;
use std::net::SocketAddr;

/// Looks at everything outside.
pub async fn all(loaded: &Loaded, checks: &mut Vec<Check>) {
    let config = &loaded.config;
    checks.push(model(config).await);
    checks.push(embedder(config).await);
    if !config.search.qdrant_url.is_empty() {
        checks.push(Check::ok("qdrant", format!("in use at {}", config.search.qdrant_url)));
    }
    payment(config, checks).await;
    whatsapp(config, checks);
    checks.push(address(config));
}

async fn model(config: &Config) -> Check {
    const NAME: &str = "model";
    if !config.has_model() {
        return Check::ok(NAME, "the built-in keyless planner answers; set OPENAI_API_KEY or llm.base_url for a model");
    }
    // Of a process of its own: the program may not have been assembled.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let settings = config.llm.addressed();
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
    let settings = &config.embed;
    let _ = rustls::crypto::ring::default_provider().install_default();
    let asked = async {
        let embedder = embed::choose(settings)?;
        embedder.embed_query("a warm jacket").await?;
        Ok::<_, embed::Error>(embedder)
    };
    let shipped = settings.is_shipped();
    match asked.await {
        Ok(embedder) if shipped => Check::ok(NAME, format!("{}, no network needed", embedder.name())),
        Ok(embedder) => Check::ok(NAME, format!("{} answers with {} numbers", embedder.name(), embedder.dims())),
        Err(error) if shipped => {
            Check::fail(NAME, chain(&error), "this is a fault of the program; set embed.model = \"static\"")
        }
        Err(error) => {
            let remedy = format!(
                "check embed.base_url ({}), embed.dims and embed.model; shipped are \"minilm\" and \"static\"",
                settings.base_url
            );
            Check::fail(NAME, chain(&error), remedy)
        }
    }
}

/// Without a key the sandbox; with one, what `souk stripe connect` looks at, by reading only.
async fn payment(config: &Config, checks: &mut Vec<Check>) {
    const NAME: &str = "payment";
    let way = match stripe::way(config) {
        Ok(Some(way)) => way,
        Ok(None) => {
            let text = "sandbox: the pages look real and no money moves; set STRIPE_SECRET_KEY to be paid";
            return checks.push(Check::ok(NAME, text));
        }
        Err(error) => {
            return checks.push(Check::fail(NAME, chain(error.as_ref()), "correct the settings of [stripe]"));
        }
    };
    let setup = stripe::setup(config, &way, config.public_url());
    let mode = if way.mode == Mode::Live { "live" } else { "test mode" };
    checks.push(if setup.has_secret {
        Check::ok(NAME, format!("Stripe, {mode}, webhook secret set"))
    } else {
        let finding = format!("Stripe, {mode}, but no webhook secret: orders stay unpaid until they are asked for");
        Check::fail(NAME, finding, "`souk stripe connect` makes the endpoint and shows its secret")
    });
    for finding in setup.inspect().await.findings {
        let level = match finding.level {
            Found::Ok => Level::Ok,
            Found::Warn => Level::Warn,
            Found::Fail => Level::Fail,
        };
        checks.push(Check { name: finding.what, level, finding: finding.found, remedy: finding.remedy });
    }
}

/// One line for each WhatsApp account: its settings only. `--probe` and `souk whatsapp connect` ask Meta.
fn whatsapp(config: &Config, checks: &mut Vec<Check>) {
    const NAME: &str = "whatsapp";
    for (name, account) in &config.whatsapp.accounts {
        let found = shape::check(account);
        let worst = found.iter().filter(|one| one.remedy.is_some()).max_by_key(|one| one.is_bad());
        checks.push(match worst {
            None => Check::ok(NAME, format!("{name}: settings complete; souk whatsapp connect asks Meta")),
            Some(one) => {
                let finding = format!("{name}: {} {}", one.what, one.found);
                let level = if one.is_bad() { Level::Fail } else { Level::Warn };
                Check { name: NAME, level, finding, remedy: one.remedy.clone() }
            }
        });
    }
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
