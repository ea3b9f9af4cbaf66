//! The webhook endpoint at Stripe: found, made, compared with what it should be, put right.

use crate::payment::stripe::answer::is_id;
use crate::payment::stripe::connect::call::{Door, Fault};
use crate::payment::stripe::connect::{Change, Finding, Level, Report};
use crate::payment::stripe::transport::API_VERSION;
use crate::payment::stripe::wire::EVENTS;
use secrecy::SecretString;
use serde_json::Value;

const WHAT: &str = "webhook endpoint";
const ENDPOINTS: &str = "/v1/webhook_endpoints";
/// Shown to people in the Dashboard.
const DESCRIPTION: &str = "Souk: payments, refunds and disputes";
/// Stripe's word for every event there is.
const EVERYTHING: &str = "*";

/// An endpoint as Stripe has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Stripe's id.
    pub id: String,
    /// What it calls.
    pub url: String,
    /// Whether it is called at all.
    pub enabled: bool,
    /// The events it is called for.
    pub events: Vec<String>,
    /// The version of the events; none means the account's own.
    pub version: Option<String>,
}

impl Endpoint {
    /// Every endpoint of the account, in the mode of the key. Stripe allows sixteen, so one page has them all.
    pub async fn all(door: &Door<'_>) -> Result<Vec<Self>, Fault> {
        let list = door.read(ENDPOINTS, &[("limit", "100")]).await?;
        let entries = list.get("data").and_then(Value::as_array).ok_or(Fault::Unreadable)?;
        entries.iter().map(Self::read).collect()
    }

    fn read(value: &Value) -> Result<Self, Fault> {
        let text = |field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
        let events = value.get("enabled_events").and_then(Value::as_array).ok_or(Fault::Unreadable)?;
        Ok(Self {
            id: text("id").filter(|id| is_id(id)).ok_or(Fault::Unreadable)?,
            url: text("url").ok_or(Fault::Unreadable)?,
            enabled: text("status").as_deref() == Some("enabled"),
            events: events.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            version: text("api_version"),
        })
    }

    fn missing(&self) -> Vec<&'static str> {
        let has = |event: &str| self.events.iter().any(|e| e == event || e == EVERYTHING);
        EVENTS.into_iter().filter(|event| !has(event)).collect()
    }

    fn needless(&self) -> usize {
        self.events.iter().filter(|event| !EVENTS.contains(&event.as_str())).count()
    }

    fn is_ours(&self) -> bool {
        self.version.as_deref() == Some(API_VERSION)
    }

    /// What is wrong with it, worst first; whether it then misses events; nothing when it is as it should be.
    fn wrong(&self) -> (Vec<String>, bool) {
        let mut wrong = Vec::new();
        if !self.enabled {
            wrong.push("it is disabled".to_owned());
        }
        let missing = self.missing();
        if !missing.is_empty() {
            wrong.push(format!("it is not called for {}", missing.join(", ")));
        }
        let broken = !wrong.is_empty();
        if self.needless() > 0 {
            wrong.push(format!("it is called for {} kinds of event that nobody reads", self.needless()));
        }
        if !self.is_ours() {
            let version = self.version.as_deref().unwrap_or("the account's default");
            wrong.push(format!("its events are of version {version}, not {API_VERSION}"));
        }
        (wrong, broken)
    }
}

/// The endpoint to talk about: the one that works best, of those that call this address.
fn best<'a>(known: &'a [Endpoint], url: &str) -> Option<&'a Endpoint> {
    let same = known.iter().filter(|e| e.url.trim_end_matches('/') == url);
    same.max_by_key(|e| (e.enabled, e.missing().is_empty(), e.is_ours()))
}

/// What would be changed, in words.
pub fn plan(known: &[Endpoint], url: &str, change: Change) -> Vec<String> {
    match (best(known, url), change) {
        (_, Change::Nothing) => Vec::new(),
        (None, _) => vec![format!("make an endpoint for {url} with {} kinds of event, {API_VERSION}", EVENTS.len())],
        (Some(found), Change::Everything) if !found.wrong().0.is_empty() => vec![match found.is_ours() {
            true => format!("put {} right: enabled, {} kinds of event", found.id, EVENTS.len()),
            false => format!("replace {} by one of {API_VERSION} (with a new secret), then disable it", found.id),
        }],
        _ => Vec::new(),
    }
}

/// Looks at the endpoint and does what the change allows.
pub async fn settle(door: &Door<'_>, url: &str, change: Change, has_secret: bool, report: &mut Report) {
    let known = match Endpoint::all(door).await {
        Ok(known) => known,
        Err(fault) => return report.findings.push(not_listed(&fault, change)),
    };
    let same = known.iter().filter(|e| e.enabled && e.url.trim_end_matches('/') == url).count();
    if same > 1 {
        let remedy = "delete all but one in the Dashboard, and keep the secret of the one that stays";
        report.findings.push(Finding::warn(
            WHAT,
            format!("{same} endpoints call {url}: every event comes {same} times"),
            remedy,
        ));
    }
    let found = best(&known, url);
    match (found, change) {
        (None, Change::Nothing) => report.findings.push(Finding::fail(
            WHAT,
            format!("none calls {url}: payments are seen late, by asking"),
            "`souk stripe connect` makes it",
        )),
        (None, _) => make(door, url, has_secret, None, report).await,
        (Some(found), change) => {
            let (wrong, broken) = found.wrong();
            match (wrong.is_empty(), change, found.is_ours()) {
                (true, ..) => report.findings.push(good(found, has_secret)),
                (false, Change::Everything, true) => repair(door, found, has_secret, report).await,
                (false, Change::Everything, false) => make(door, url, has_secret, Some(found), report).await,
                (false, ..) => {
                    let text = format!("{}: {}", found.id, wrong.join("; "));
                    let remedy = "`souk stripe connect --fix` puts it right";
                    let level = if broken { Level::Fail } else { Level::Warn };
                    report.findings.push(Finding { level, ..Finding::warn(WHAT, text, remedy) });
                    if !has_secret {
                        report.findings.push(no_secret(found));
                    }
                }
            }
        }
    }
}

fn not_listed(fault: &Fault, change: Change) -> Finding {
    match fault {
        // The running shop does not need this right; only setting up does.
        Fault::Forbidden { .. } if change == Change::Nothing => Finding::warn(
            WHAT,
            "this key may not read webhook endpoints, so it is not checked",
            "allow Webhook Endpoints: Read, or look in the Dashboard",
        ),
        Fault::Forbidden { .. } => Finding::fail(
            WHAT,
            format!("Webhook Endpoints: Write is missing; {fault}"),
            "Dashboard → Developers → API keys → edit the key → Webhook Endpoints: Write; take it away again afterwards",
        ),
        _ => Finding::fail(WHAT, fault.to_string(), "try again"),
    }
}

fn good(found: &Endpoint, has_secret: bool) -> Finding {
    if !has_secret {
        return no_secret(found);
    }
    Finding::ok(WHAT, format!("{}, enabled, {} kinds of event, {API_VERSION}", found.id, EVENTS.len()))
}

fn no_secret(found: &Endpoint) -> Finding {
    Finding::fail(
        WHAT,
        format!("{} is there, but its secret is not set here, so no event is believed", found.id),
        format!("Dashboard → Developers → Webhooks → {} → Signing secret; set it as STRIPE_WEBHOOK_SECRET", found.id),
    )
}

fn wanted<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    EVENTS.iter().map(|event| ("enabled_events[]", *event)).chain(more.iter().copied()).collect()
}

async fn make(door: &Door<'_>, url: &str, has_secret: bool, old: Option<&Endpoint>, report: &mut Report) {
    let form = wanted(&[("url", url), ("api_version", API_VERSION), ("description", DESCRIPTION)]);
    let made = door.change(ENDPOINTS, &form, "endpoint").await;
    let made = made.and_then(|value| {
        let secret = value.get("secret").and_then(Value::as_str).map(SecretString::from).ok_or(Fault::Unreadable)?;
        Ok((Endpoint::read(&value)?, secret))
    });
    let (endpoint, new) = match made {
        Ok(made) => made,
        Err(fault) => {
            let remedy = "run it again: an endpoint that was made after all is found then";
            return report.findings.push(Finding::fail(WHAT, format!("it could not be made: {fault}"), remedy));
        }
    };
    report.secret = Some(new);
    report.changes.push(format!("made {} for {url}, {} kinds of event, {API_VERSION}", endpoint.id, EVENTS.len()));
    let keep = if has_secret { ", beside the one that is there" } else { "" };
    report.findings.push(Finding::warn(
        WHAT,
        format!("{} is new; its secret is shown once, here", endpoint.id),
        format!("set it as STRIPE_WEBHOOK_SECRET{keep}, and start souk again"),
    ));
    let Some(old) = old else { return };
    // Its version cannot be changed. What it would still have delivered is fetched by asking for events.
    match door.change(&format!("{ENDPOINTS}/{}", old.id), &[("disabled", "true")], "disable").await {
        Ok(_) => report.changes.push(format!("disabled {}", old.id)),
        Err(fault) => report.findings.push(Finding::warn(
            WHAT,
            format!("the old one, {}, is still there: {fault}", old.id),
            "disable it in the Dashboard",
        )),
    }
}

async fn repair(door: &Door<'_>, found: &Endpoint, has_secret: bool, report: &mut Report) {
    let form = wanted(&[("disabled", "false")]);
    let fixed = door.change(&format!("{ENDPOINTS}/{}", found.id), &form, "repair").await;
    match fixed.and_then(|value| Endpoint::read(&value)) {
        Ok(now) if now.wrong().0.is_empty() => {
            report.changes.push(format!("put {} right: enabled, {} kinds of event", now.id, EVENTS.len()));
            report.findings.push(good(&now, has_secret));
        }
        Ok(now) => {
            let text = format!("{}: still wrong: {}", now.id, now.wrong().0.join("; "));
            report.findings.push(Finding::fail(WHAT, text, "look at it in the Dashboard"));
        }
        Err(fault) => {
            let text = format!("{} could not be put right: {fault}", found.id);
            report.findings.push(Finding::fail(WHAT, text, "run it again, or correct it in the Dashboard"));
        }
    }
}
