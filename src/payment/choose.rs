//! Choosing the provider: Stripe when there is a key, the sandbox when there is none. Nothing else asks which it is.

use crate::clock::{Clock, Ids};
use crate::payment::sandbox::journal::Error as SandboxError;
use crate::payment::sandbox::{self, Sandbox};
use crate::payment::stripe::Stripe;
use crate::payment::stripe::transport::{Error as StripeError, Http, Mode, key_mode};
use crate::payment::{Payments, Settings};
use secrecy::{ExposeSecret, SecretString};
use std::path::PathBuf;
use std::sync::Arc;

/// The one address real money goes through.
const LIVE_BASE_URL: &str = "https://api.stripe.com";

/// The provider of this shop.
#[derive(Clone)]
pub struct Chosen {
    /// What everybody talks to.
    pub payments: Arc<dyn Payments>,
    /// The sandbox behind it, for its pages and its deliveries; none with a key.
    pub sandbox: Option<Arc<Sandbox>>,
}

/// Where the sandbox lives, should it be needed.
pub struct Place {
    /// What it remembers in; none forgets with the process.
    pub file: Option<PathBuf>,
    /// The shop's own address, in front of `/pay/…`.
    pub public_url: String,
    /// Its time.
    pub clock: Arc<dyn Clock>,
    /// Its ids.
    pub ids: Arc<dyn Ids>,
}

/// Why there is no provider.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting of Stripe's is wrong.
    #[error(transparent)]
    Stripe(#[from] StripeError),
    /// The sandbox cannot keep its file.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// A live key would be sent to somebody who is not Stripe, or to a fake.
    #[error(
        "a live Stripe key is only ever sent to {LIVE_BASE_URL}, but payment base_url is {0}; use a test key there"
    )]
    LiveKeyElsewhere(String),
    /// Meant to be real, but it would be the sandbox.
    #[error(
        "there are webhook secrets but no Stripe key, so orders would be \"paid\" in the sandbox; \
         set STRIPE_SECRET_KEY, or remove STRIPE_WEBHOOK_SECRET to use the sandbox"
    )]
    SecretsWithoutKey,
}

/// The way to Stripe.
pub struct Way {
    /// Over HTTP, with the key.
    pub http: Http,
    /// Whether the key moves real money.
    pub mode: Mode,
    /// Whether it leads to Stripe itself, and not to something that answers like it.
    pub real: bool,
}

/// The way to Stripe; none without a key.
pub fn way(settings: &Settings) -> Result<Option<Way>, Error> {
    if !filled(&settings.secret_key) {
        return Ok(None);
    }
    let base_url = settings.base_url.trim().trim_end_matches('/');
    let mode = key_mode(&settings.secret_key)?;
    let real = base_url == LIVE_BASE_URL;
    if mode == Mode::Live && !real {
        return Err(Error::LiveKeyElsewhere(base_url.to_owned()));
    }
    Ok(Some(Way { http: Http::new(base_url, &settings.secret_key)?, mode, real }))
}

fn filled(secret: &SecretString) -> bool {
    !secret.expose_secret().trim().is_empty()
}

/// The provider these settings ask for.
pub fn provider(settings: &Settings, place: Place) -> Result<Chosen, Error> {
    let Some(way) = way(settings)? else {
        if settings.webhook_secrets.iter().any(filled) {
            return Err(Error::SecretsWithoutKey);
        }
        let sandbox = Arc::new(Sandbox::open(place.file, &place.public_url, place.clock, place.ids)?);
        let stripe = Stripe::over(sandbox.clone(), vec![sandbox.webhook_secret()], sandbox::NAME);
        return Ok(Chosen { payments: Arc::new(stripe), sandbox: Some(sandbox) });
    };
    let name = match way.mode {
        Mode::Live => "Stripe, live",
        Mode::Test => "Stripe, test mode",
    };
    let stripe = Stripe::over(Arc::new(way.http), settings.webhook_secrets.clone(), name).in_mode(way.mode);
    Ok(Chosen { payments: Arc::new(stripe), sandbox: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{CountedIds, SystemClock};

    fn choose(key: &str, webhook_secrets: &[&str], base_url: &str) -> Result<(String, bool), String> {
        let settings = Settings {
            secret_key: SecretString::from(key),
            webhook_secrets: webhook_secrets.iter().map(|s| SecretString::from(*s)).collect(),
            base_url: base_url.to_owned(),
            ..Settings::default()
        };
        let place = Place {
            file: None,
            public_url: "http://shop.example".to_owned(),
            clock: Arc::new(SystemClock),
            ids: Arc::new(CountedIds::default()),
        };
        provider(&settings, place).map(|c| (c.payments.name(), c.sandbox.is_some())).map_err(|e| e.to_string())
    }

    #[test]
    fn the_key_decides() {
        assert_eq!(choose("", &[], LIVE_BASE_URL), Ok(("sandbox (no money moves)".to_owned(), true)));
        assert_eq!(choose(" \n", &[""], LIVE_BASE_URL), Ok(("sandbox (no money moves)".to_owned(), true)));
        assert_eq!(choose("sk_test_1\n", &[], LIVE_BASE_URL), Ok(("Stripe, test mode".to_owned(), false)));
        assert_eq!(
            choose("rk_live_1", &["whsec_1"], "https://api.stripe.com/"),
            Ok(("Stripe, live".to_owned(), false))
        );
        assert_eq!(choose("sk_test_1", &[], "http://127.0.0.1:1"), Ok(("Stripe, test mode".to_owned(), false)));
    }

    #[test]
    fn a_live_key_never_meets_a_fake_and_half_a_setting_is_no_setting() {
        for (key, secrets, base_url, says) in [
            ("sk_live_1", &[][..], "http://127.0.0.1:1", "a live Stripe key"),
            ("rk_live_1", &[], "https://api.stripe.com.example.org", "a live Stripe key"),
            ("", &["whsec_1"], LIVE_BASE_URL, "no Stripe key"),
            ("pk_live_1", &[], LIVE_BASE_URL, "must start with sk_test_"),
            ("sk_test_1", &[], "ftp://x", "must start with https://"),
        ] {
            let error = choose(key, secrets, base_url).expect_err(key);
            assert!(error.contains(says), "{error}");
            assert!(key.is_empty() || !error.contains(key), "the key is in the error");
        }
    }
}
