//! Setting an account up: whether the key may do what is asked of it, what the account is, and the webhook endpoint.
//!
//! The calls here are written as plain forms. async-stripe's crate for webhook endpoints brings some sixty other objects
//! that nothing else needs, and no money depends on these calls.

pub mod call;
pub mod endpoint;
pub mod scope;

#[cfg(test)]
mod tests;

pub use crate::domain::setup::{Finding, Level};

use crate::payment::stripe::connect::call::{Door, Fault};
use crate::payment::stripe::connect::endpoint::Endpoint;
use crate::payment::stripe::transport::{Mode, Transport};
use secrecy::SecretString;
use serde_json::Value;

/// Where the webhook is, behind the shop's own address.
pub const WEBHOOK_PATH: &str = "/webhooks/stripe";

/// What an account is examined for.
pub struct Setup<'a> {
    /// The way to the API.
    pub transport: &'a dyn Transport,
    /// Whether the key moves real money.
    pub mode: Mode,
    /// Whether it is a restricted key, of which more can be missing.
    pub restricted: bool,
    /// Whether the API is Stripe's own, which can only call public addresses.
    pub real: bool,
    /// The shop's own address.
    pub public_url: String,
    /// Whether a secret of the webhook is set already.
    pub has_secret: bool,
}

/// What may be changed on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing: only reads are sent.
    Nothing,
    /// A missing endpoint is made; one that is there is left as it is.
    Missing,
    /// A missing endpoint is made, and one that is wrong is put right.
    Everything,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Report {
    /// Everything that was looked at.
    pub findings: Vec<Finding>,
    /// What was changed, or would be.
    pub changes: Vec<String>,
    /// The secret of a new endpoint: it is told once and never again.
    pub secret: Option<SecretString>,
}

impl Report {
    /// Whether nothing is broken.
    pub fn is_good(&self) -> bool {
        self.findings.iter().all(|finding| finding.level != Level::Fail)
    }
}

impl Setup<'_> {
    /// Only looks: reads, and nothing else.
    pub async fn inspect(&self) -> Report {
        self.run(Change::Nothing, "").await
    }

    /// Looks, and says what [`Setup::connect`] would change.
    pub async fn rehearse(&self, change: Change) -> Report {
        let mut report = self.inspect().await;
        if self.address().level != Level::Fail
            && let Ok(known) = Endpoint::all(&Door::new(self.transport, "")).await
        {
            report.changes = endpoint::plan(&known, &self.url(), change);
        }
        report
    }

    /// Looks and sets up what is missing. `run` makes the idempotency keys of this run.
    pub async fn connect(&self, change: Change, run: &str) -> Report {
        self.run(change, run).await
    }

    async fn run(&self, change: Change, run: &str) -> Report {
        let door = Door::new(self.transport, run);
        let mut report = Report::default();
        match self.account(&door).await {
            Ok(finding) => report.findings.push(finding),
            Err(fault) => {
                // Nothing else will be answered either; one sentence is enough.
                report.findings.push(self.no_account(&fault));
                return report;
            }
        }
        report.findings.extend(scope::check(&door, self.restricted, change != Change::Nothing).await);
        let address = self.address();
        let reachable = address.level != Level::Fail;
        report.findings.push(address);
        let change = if reachable { change } else { Change::Nothing };
        endpoint::settle(&door, &self.url(), change, self.has_secret, &mut report).await;
        report
    }

    fn url(&self) -> String {
        format!("{}{WEBHOOK_PATH}", self.public_url.trim_end_matches('/'))
    }

    fn no_account(&self, fault: &Fault) -> Finding {
        const WHAT: &str = "Stripe key";
        let remedy = match fault {
            Fault::Key => "copy the key again: Dashboard → Developers → API keys",
            _ => "check stripe.base_url and the network, then try again",
        };
        Finding::fail(WHAT, fault.to_string(), remedy)
    }

    /// Whose key it is. A restricted key need not be allowed to read that.
    async fn account(&self, door: &Door<'_>) -> Result<Finding, Fault> {
        const WHAT: &str = "Stripe account";
        let mode = if self.mode == Mode::Live { "live" } else { "test mode" };
        let account = match door.read("/v1/account", &[]).await {
            Ok(account) => account,
            Err(Fault::Forbidden { .. }) => {
                return Ok(Finding::ok(
                    WHAT,
                    format!("{mode}; its details are not readable with this key, nor needed"),
                ));
            }
            Err(Fault::Refused { status: 404, .. }) => {
                return Ok(Finding::ok(WHAT, format!("{mode}; this server tells nothing about it")));
            }
            Err(fault) => return Err(fault),
        };
        let text = |field: &str| account.get(field).and_then(Value::as_str).unwrap_or("?").to_owned();
        let currency = text("default_currency").to_ascii_uppercase();
        let found = format!("{}, {mode}, {}, {currency}", text("id"), text("country"));
        let charges = account.get("charges_enabled").and_then(Value::as_bool);
        Ok(match (charges, self.mode) {
            (Some(false), Mode::Live) => Finding::fail(
                WHAT,
                format!("{found}: it cannot take payments yet"),
                "finish the account's activation in the Dashboard",
            ),
            (Some(false), Mode::Test) => Finding::warn(
                WHAT,
                format!("{found}: live payments are not possible yet"),
                "finish the account's activation in the Dashboard before going live",
            ),
            _ => Finding::ok(WHAT, found),
        })
    }

    fn address(&self) -> Finding {
        const WHAT: &str = "webhook address";
        let url = self.url();
        let local = ["//localhost", "//127.", "//[::1]", "//0.0.0.0"].iter().any(|host| url.contains(host));
        if self.real && local {
            return Finding::fail(
                WHAT,
                format!("{url} is of this machine only; Stripe cannot call it"),
                format!("set http.public_url; to try it here: stripe listen --forward-to {url}"),
            );
        }
        if self.mode == Mode::Live && !url.starts_with("https://") {
            return Finding::fail(WHAT, format!("{url} is not https"), "set http.public_url to https://…");
        }
        Finding::ok(WHAT, url)
    }
}
