//! What a restricted key must be allowed to do, and trying it without doing anything.

use crate::payment::stripe::connect::Finding;
use crate::payment::stripe::connect::call::{Door, Fault};

/// A payment that exists nowhere: whoever may refund is told so, whoever may not is told that first.
const NOWHERE_INTENT: &str = "pi_souk_probe_of_permissions";
/// A page that exists nowhere.
const NOWHERE_PAGE: &str = "/v1/checkout/sessions/cs_souk_probe_of_permissions/expire";

/// A permission of a restricted key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Its name in the Dashboard.
    pub name: &'static str,
    /// `Read` or `Write`.
    pub right: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    read: &'static str,
    form: &'static [(&'static str, &'static str)],
    write: Option<&'static str>,
}

/// Everything the shop itself needs. `souk stripe connect` needs `Webhook Endpoints: Write` besides.
pub const SCOPES: [Scope; 5] = [
    Scope {
        name: "Checkout Sessions",
        right: "Write",
        purpose: "open, read and close payment pages",
        read: "/v1/checkout/sessions",
        form: &[("limit", "1")],
        write: Some(NOWHERE_PAGE),
    },
    Scope {
        name: "PaymentIntents",
        right: "Read",
        purpose: "see whether a slow payment failed",
        read: "/v1/payment_intents/pi_souk_probe_of_permissions",
        form: &[],
        write: None,
    },
    Scope {
        name: "Charges and Refunds",
        right: "Write",
        purpose: "give money back",
        read: "/v1/refunds",
        form: &[("limit", "1")],
        write: Some("/v1/refunds"),
    },
    Scope {
        name: "Disputes",
        right: "Read",
        purpose: "see disputes",
        read: "/v1/disputes",
        form: &[("limit", "1")],
        write: None,
    },
    Scope {
        name: "Events",
        right: "Read",
        purpose: "catch up on missed events",
        read: "/v1/events",
        form: &[("limit", "1")],
        write: None,
    },
];

/// Tries every permission; one finding for what is there, one for each that is missing. A right to write can only be
/// tried by writing: it is, where `write` allows it and the key is restricted, on things that exist nowhere.
pub async fn check(door: &Door<'_>, restricted: bool, write: bool) -> Vec<Finding> {
    const WHAT: &str = "Stripe permissions";
    let mut findings = Vec::new();
    let mut allowed = Vec::new();
    for scope in SCOPES {
        match attempt(door, scope, restricted && write).await {
            Ok(()) => allowed.push(scope.name),
            Err(fault) => findings.push(missing(WHAT, scope, &fault)),
        }
    }
    if findings.is_empty() {
        let tried = if restricted && !write { " (reading only; `souk stripe connect` tries writing)" } else { "" };
        findings.push(Finding::ok(WHAT, format!("{}{tried}", allowed.join(", "))));
    }
    if !restricted {
        findings.push(Finding::warn(
            "Stripe key",
            "a secret key may do everything the account can",
            "a restricted key (rk_…) with the permissions in the README does less harm when it is lost",
        ));
    }
    findings
}

async fn attempt(door: &Door<'_>, scope: Scope, write: bool) -> Result<(), Fault> {
    is_allowed(door.read(scope.read, scope.form).await.map(drop))?;
    match scope.write {
        Some(path) if write => {
            let form: &[(&str, &str)] = match path {
                NOWHERE_PAGE => &[],
                _ => &[("payment_intent", NOWHERE_INTENT), ("amount", "1")],
            };
            is_allowed(door.change(path, form, "probe").await.map(drop))
        }
        _ => Ok(()),
    }
}

/// That a thing does not exist is only said to those who may see it.
fn is_allowed(answer: Result<(), Fault>) -> Result<(), Fault> {
    match answer {
        Err(Fault::Refused { code, .. }) if code != "url_invalid" => Ok(()),
        other => other,
    }
}

fn missing(what: &'static str, scope: Scope, fault: &Fault) -> Finding {
    let Scope { name, right, purpose, .. } = scope;
    match fault {
        Fault::Forbidden { .. } => Finding::fail(
            what,
            format!("{name}: {right} is missing, to {purpose}; {fault}"),
            format!("Dashboard → Developers → API keys → edit the key → {name}: {right}"),
        ),
        Fault::Refused { .. } => Finding::warn(what, format!("{name}: {fault}"), "this server does not offer it"),
        _ => Finding::fail(what, format!("{name}: {fault}"), "try again"),
    }
}
