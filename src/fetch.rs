//! Files and pages from outside: bounded, and never from an address inside the merchant's own network.

mod address;
mod body;

#[cfg(test)]
mod tests;

pub use body::gunzip;

use crate::fetch::address::{Guard, Inside};
use crate::fetch::body::Body;
use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::{Client, Response, StatusCode, Url, redirect};
use serde::{Deserialize, Serialize};
use std::error::Error as _;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Redirects that are followed.
const REDIRECTS_MAX: usize = 5;
/// Characters of an address.
const URL_CHARS_MAX: usize = 2_000;
/// Characters of a tag or date that is sent back.
const KNOWN_CHARS_MAX: usize = 500;
/// Until the other side takes the call.
const CONNECT: Duration = Duration::from_secs(10);
/// Until the next bytes must come.
const SILENCE: Duration = Duration::from_secs(30);
/// What we call ourselves; `robots.txt` files know us by the part before the slash.
pub const USER_AGENT: &str =
    concat!("Souk/", env!("CARGO_PKG_VERSION"), " (+reads the feeds and texts of its own shop)");

/// What may be fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Hosts (`name` or `name:port`) that may lie inside one's own network and be asked without TLS.
    pub trusted_hosts: Vec<String>,
    /// Seconds until a file must be here, whatever its size.
    pub timeout_seconds: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { trusted_hosts: Vec::new(), timeout_seconds: 300 }
    }
}

/// What is known of a file from the last time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The server's tag of it.
    pub etag: Option<String>,
    /// The server's date of it.
    pub last_modified: Option<String>,
}

/// A file that came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// Where it lay in the end, after redirects.
    pub url: String,
    /// Its content, unpacked.
    pub bytes: Vec<u8>,
    /// What kind of file the server says it is, in lower case without parameters; empty when it says nothing.
    pub content_type: String,
    /// The character set the server names, in lower case; empty when it names none.
    pub charset: String,
    /// For the next time.
    pub known: Known,
}

/// Why nothing came. No message holds the part of an address after `?`, where keys stand.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No address, or one that is not asked.
    #[error("{url}: {problem}")]
    Refused {
        /// The address.
        url: String,
        /// Why, and what to do.
        problem: String,
    },
    /// The server says there is no such file.
    #[error("{url}: {problem}")]
    Gone {
        /// The address.
        url: String,
        /// What it answered, and what to do.
        problem: String,
    },
    /// The other side failed or did not answer.
    #[error("{url}: {problem}")]
    Failed {
        /// The address.
        url: String,
        /// What happened.
        problem: String,
    },
}

/// Fetches. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Fetcher {
    settings: Settings,
    clients: Arc<OnceLock<Option<Clients>>>,
}

/// One that connects to public addresses over TLS only, and one for hosts the merchant trusts.
#[derive(Debug)]
struct Clients {
    guarded: Client,
    trusting: Client,
}

impl Fetcher {
    /// A fetcher with these settings.
    pub fn new(settings: &Settings) -> Self {
        Self { settings: settings.clone(), clients: Arc::default() }
    }

    /// Fetches a file of at most `most` bytes; `None` when it is as it was known.
    pub async fn get(&self, url: &str, most: u64, known: Option<&Known>) -> Result<Option<Fetched>, Error> {
        let deadline = Duration::from_secs(u64::from(self.settings.timeout_seconds.max(1)));
        match tokio::time::timeout(deadline, self.follow(url, most, known)).await {
            Ok(answer) => answer,
            Err(_) => Err(failed(
                url,
                format!(
                    "was not here after {} seconds; try again later, or raise fetch.timeout_seconds",
                    self.settings.timeout_seconds
                ),
            )),
        }
    }

    async fn follow(&self, asked: &str, most: u64, known: Option<&Known>) -> Result<Option<Fetched>, Error> {
        let unusable = || failed(asked, "the system's certificates cannot be used for TLS; install them".to_owned());
        let clients = self.clients.get_or_init(clients).as_ref().ok_or_else(unusable)?;
        let mut url = self.checked(asked)?;
        for _ in 0..=REDIRECTS_MAX {
            let client = if self.trusts(&url) { &clients.trusting } else { &clients.guarded };
            let request = client.get(url.clone()).headers(conditions(known));
            let response = request.send().await.map_err(|e| went_wrong(url.as_str(), &e))?;
            let status = response.status();
            if status == StatusCode::NOT_MODIFIED && known.is_some() {
                return Ok(None);
            }
            if status.is_redirection() {
                url = self.next(&url, &response)?;
            } else if status == StatusCode::OK {
                return received(&url, response, most).await.map(Some);
            } else {
                return Err(refusal(url.as_str(), status));
            }
        }
        Err(failed(asked, format!("leads from page to page more than {REDIRECTS_MAX} times; give the last address")))
    }

    /// Where a redirect leads, held to the same rules as a first address.
    fn next(&self, from: &Url, response: &Response) -> Result<Url, Error> {
        let lost = || failed(from.as_str(), "leads elsewhere without saying where; give the final address".to_owned());
        let to = word(response.headers(), &header::LOCATION).ok_or_else(lost)?;
        let to = from.join(&to).map_err(|_| lost())?;
        if from.scheme() == "https" && to.scheme() != "https" {
            return Err(refused(
                from.as_str(),
                "leads to an address without encryption, which is not followed; give the final https address"
                    .to_owned(),
            ));
        }
        self.checked(to.as_str())
    }

    /// An address that may be asked, as far as its text tells.
    fn checked(&self, text: &str) -> Result<Url, Error> {
        let no = |problem: &str| Err(refused(text, problem.to_owned()));
        if text.len() > URL_CHARS_MAX {
            return no("is too long for an address; shorten it");
        }
        let Ok(url) = Url::parse(text.trim()) else {
            return no("is no address; write it as https://shop.example/feed.csv");
        };
        let Some(host) = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https")) else {
            return no("is no web address; write it as https://shop.example/feed.csv");
        };
        if !url.username().is_empty() || url.password().is_some() {
            return no("holds a user name or password, which would end up in logs; give an address that needs none");
        }
        if self.trusts(&url) {
            return Ok(url);
        }
        if url.scheme() != "https" {
            return no("is not encrypted; use https, or name the host in fetch.trusted_hosts if it is your own");
        }
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        if literal.is_ok_and(|ip| !address::is_public(ip)) {
            return no(&Inside.to_string());
        }
        Ok(url)
    }

    fn trusts(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let with_port = format!("{host}:{}", url.port_or_known_default().unwrap_or_default());
        self.settings.trusted_hosts.iter().any(|trusted| {
            let trusted = trusted.trim();
            trusted.eq_ignore_ascii_case(host) || trusted.eq_ignore_ascii_case(&with_port)
        })
    }
}

/// No proxy of the environment is used: a proxy looks names up by itself, out of reach of our check.
fn clients() -> Option<Clients> {
    // Fails only when one is chosen already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = || {
        Client::builder()
            .user_agent(USER_AGENT)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
    };
    let guarded = client().https_only(true).dns_resolver(Arc::new(Guard)).build().ok()?;
    Some(Clients { guarded, trusting: client().build().ok()? })
}

fn conditions(known: Option<&Known>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT_ENCODING, header::HeaderValue::from_static("gzip"));
    let tag = known.and_then(|k| k.etag.as_deref()).map(|tag| (header::IF_NONE_MATCH, tag));
    let date = known.and_then(|k| k.last_modified.as_deref()).map(|date| (header::IF_MODIFIED_SINCE, date));
    for (name, value) in tag.into_iter().chain(date) {
        if let Ok(value) = value.parse() {
            headers.insert(name, value);
        }
    }
    headers
}

async fn received(url: &Url, mut response: Response, most: u64) -> Result<Fetched, Error> {
    let too_long = || {
        let size = if most >= 1_000_000 { format!("{} MB", most / 1_000_000) } else { format!("{most} bytes") };
        failed(url.as_str(), format!("is longer than {size} (unpacked); give a smaller file"))
    };
    let packed = word(response.headers(), &header::CONTENT_ENCODING).unwrap_or_default().to_lowercase();
    if response.content_length().is_some_and(|length| length > most) {
        return Err(too_long());
    }
    let Some(mut body) = Body::new(&packed, most) else {
        return Err(failed(
            url.as_str(),
            "comes packed in a way we did not ask for; turn that off at its server".to_owned(),
        ));
    };
    let broken = || failed(url.as_str(), "breaks off or is packed wrongly; try again later".to_owned());
    while let Some(chunk) = response.chunk().await.map_err(|e| went_wrong(url.as_str(), &e))? {
        match body.take(&chunk) {
            Ok(()) => {}
            Err(body::Problem::TooLong) => return Err(too_long()),
            Err(body::Problem::Broken) => return Err(broken()),
        }
    }
    let headers = response.headers();
    let kind = word(headers, &header::CONTENT_TYPE).unwrap_or_default().to_lowercase();
    let (content_type, parameters) = kind.split_once(';').unwrap_or((&kind, ""));
    let charset = parameters.split(';').find_map(|p| p.trim().strip_prefix("charset=")).unwrap_or_default();
    let known = |name: HeaderName| word(headers, &name).filter(|value| value.len() <= KNOWN_CHARS_MAX);
    Ok(Fetched {
        url: url.to_string(),
        bytes: body.done().map_err(|_| broken())?,
        content_type: content_type.trim().to_owned(),
        charset: charset.trim().trim_matches(['"', '\'']).to_owned(),
        known: Known { etag: known(header::ETAG), last_modified: known(header::LAST_MODIFIED) },
    })
}

fn word(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

fn refusal(url: &str, status: StatusCode) -> Error {
    let code = status.as_u16();
    match code {
        404 | 410 => Error::Gone { url: shown(url), problem: format!("nothing is there ({code}); check the address") },
        401 | 403 | 407 => failed(url, format!("asks for a login ({code}); give an address that opens without one")),
        429 => failed(url, format!("asks us to come less often ({code}); try again later")),
        500..=599 => failed(url, format!("its server fails ({code}); try again later")),
        _ => failed(url, format!("its server answers {code} instead of a file; open the address in a browser")),
    }
}

/// What went wrong on the way, in our words: those of the layers below may tell what an inner host answered.
fn went_wrong(url: &str, error: &reqwest::Error) -> Error {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.is::<Inside>() {
            return refused(url, Inside.to_string());
        }
        cause = inner.source();
    }
    let problem = if error.is_timeout() {
        "does not answer in time; try again later"
    } else if error.is_connect() {
        "cannot be reached; check the address, and that its certificate is valid"
    } else {
        "breaks off; try again later"
    };
    failed(url, problem.to_owned())
}

fn refused(url: &str, problem: String) -> Error {
    Error::Refused { url: shown(url), problem }
}

fn failed(url: &str, problem: String) -> Error {
    Error::Failed { url: shown(url), problem }
}

/// An address as it may be told: without user, password and what stands after `?`, and not endless.
fn shown(url: &str) -> String {
    let before = url.split(['?', '#']).next().unwrap_or(url);
    let open = match before.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').map_or((rest, None), |(host, path)| (host, Some(path)));
            let host = host.rsplit('@').next().unwrap_or(host);
            format!("{scheme}://{host}{}", path.map(|p| format!("/{p}")).unwrap_or_default())
        }
        None => before.to_owned(),
    };
    open.chars().filter(|c| !c.is_control()).take(200).collect()
}
