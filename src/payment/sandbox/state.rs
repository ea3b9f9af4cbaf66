//! What the sandbox remembers: its pages, events and answers, in memory and in one file.

use crate::domain::money::{Currency, Money};
use crate::payment::{BoxError, Line, Shipping};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Most pages that are remembered; the oldest finished one goes first.
pub const SESSIONS_KEPT: usize = 1000;
/// Most events that are remembered.
pub const EVENTS_KEPT: usize = 2000;
/// Most answers that are remembered for a repeat with the same key.
pub const ANSWERS_KEPT: usize = 1000;
/// A key older than this counts as new, as at Stripe.
const ANSWER_SECONDS: i64 = 24 * 60 * 60;
/// Largest file that is read.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Everything the sandbox remembers.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct State {
    /// What events are signed with, made once. Of no worth: nobody pays real money here.
    pub webhook_secret: String,
    /// Pages, oldest first.
    #[serde(default)]
    pub sessions: Vec<Kept>,
    /// Events, oldest first.
    #[serde(default)]
    pub events: Vec<Happening>,
    /// Answers to calls with a key, oldest first.
    #[serde(default)]
    pub answers: Vec<Answer>,
    /// Whether the file is behind.
    #[serde(skip)]
    pub changed: bool,
}

/// A page, as remembered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// `cs_test_…`.
    pub id: String,
    /// When it was opened.
    pub created: Timestamp,
    /// When it closes.
    pub expires_at: Timestamp,
    /// What it charges for.
    pub lines: Vec<Line>,
    /// Sum of the lines.
    pub total: Money,
    /// The caller's reference.
    pub reference: Option<String>,
    /// The caller's notes on the session.
    pub metadata: BTreeMap<String, String>,
    /// The caller's notes on the payment.
    pub intent_metadata: BTreeMap<String, String>,
    /// Where the shopper goes after paying.
    pub success_url: String,
    /// Where the shopper goes without paying.
    pub cancel_url: Option<String>,
    /// Language of the page.
    pub locale: Option<String>,
    /// Countries that can be typed; empty asks for no address.
    pub countries: Vec<String>,
    /// Ways to pay, as asked for.
    pub methods: Vec<String>,
    /// Where it stands.
    pub stage: Stage,
    /// `pi_…`, once the shopper paid.
    pub intent: Option<String>,
    /// Where the goods go, once the shopper paid.
    pub shipping: Option<Shipping>,
}

/// Where a page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Can be paid.
    Open,
    /// Paid.
    Paid,
    /// Finished by the shopper, the money is on its way.
    Pending,
    /// It never came.
    Failed,
    /// Too late.
    Expired,
}

/// An event, as remembered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Happening {
    /// `evt_…`.
    pub id: String,
    /// `checkout.session.completed` and so on.
    pub kind: String,
    /// When it happened.
    pub created: Timestamp,
    /// The page it is about.
    pub session: String,
    /// Where the page stood then.
    pub stage: Stage,
    /// When to deliver it next; none when that is over.
    pub due: Option<Timestamp>,
    /// How often it was handed out.
    pub tries: u32,
    /// How many copies go out at once (more than one is misbehaviour).
    pub copies: u32,
}

/// The answer to a call with a key. Only calls that acted are kept, as at Stripe.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The key.
    pub key: String,
    /// Digest of method, path and parameters.
    pub digest: String,
    /// When.
    pub at: Timestamp,
    /// The page the answer was about.
    pub session: String,
    /// Where it stood then.
    pub stage: Stage,
}

/// Why the sandbox's file is of no use.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk or the rights on it.
    #[error("the sandbox's file {path} could not be used: {source}")]
    Disk {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl State {
    /// The page with this id.
    pub fn find(&self, id: &str) -> Option<&Kept> {
        self.sessions.iter().find(|s| s.id == id)
    }

    /// The page with this id, to be changed.
    pub fn find_mut(&mut self, id: &str) -> Option<&mut Kept> {
        self.sessions.iter_mut().find(|s| s.id == id)
    }

    /// Forgets what is too old or too much.
    pub fn prune(&mut self, now: Timestamp) {
        while self.sessions.len() > SESSIONS_KEPT {
            let finished =
                self.sessions.iter().position(|s| matches!(s.stage, Stage::Paid | Stage::Failed | Stage::Expired));
            let gone = self.sessions.remove(finished.unwrap_or(0));
            self.events.retain(|e| e.session != gone.id);
            self.answers.retain(|a| a.session != gone.id);
        }
        drop_oldest(&mut self.events, EVENTS_KEPT);
        self.answers.retain(|a| a.counts(now));
        drop_oldest(&mut self.answers, ANSWERS_KEPT);
    }

    /// Reads the file. A file that is not ours any more is moved aside, and the sentence says where to.
    pub fn load(path: &Path, now: Timestamp) -> Result<(Option<Self>, Option<String>), Error> {
        let disk = |source| Error::Disk { path: path.to_owned(), source };
        let reason: BoxError = match std::fs::metadata(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok((None, None)),
            Err(error) => return Err(disk(error)),
            Ok(meta) if meta.len() > FILE_BYTES_MAX => format!("{} bytes are too many", meta.len()).into(),
            Ok(_) => match serde_json::from_slice::<Self>(&std::fs::read(path).map_err(disk)?) {
                Ok(state) if !state.webhook_secret.is_empty() => return Ok((Some(state), None)),
                Ok(_) => "it has no webhook secret".into(),
                Err(error) => error.into(),
            },
        };
        let aside = sibling(path, &format!("broken-{}", now.as_second()));
        std::fs::rename(path, &aside).map_err(disk)?;
        let notice = format!(
            "the sandbox's file {} could not be read ({reason}); it was moved to {} and the sandbox starts empty",
            path.display(),
            aside.display()
        );
        Ok((None, Some(notice)))
    }

    /// Writes the file: a new one first, then the name, so that a crash leaves the old or the new one, never half.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        let disk = |source| Error::Disk { path: path.to_owned(), source };
        let text = serde_json::to_vec(self).map_err(|e| disk(e.into()))?;
        let beside = sibling(path, "new");
        let write = || {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            private(&beside)?.write_all(&text)?;
            std::fs::rename(&beside, path)
        };
        write().map_err(disk)
    }

    /// What events are signed with.
    pub fn secret(&self) -> SecretString {
        SecretString::from(self.webhook_secret.as_str())
    }
}

impl Answer {
    /// Whether a repeat still gets it.
    pub fn counts(&self, now: Timestamp) -> bool {
        now.as_second().saturating_sub(self.at.as_second()) < ANSWER_SECONDS
    }
}

impl Kept {
    /// What it is priced in.
    pub fn currency(&self) -> Currency {
        self.total.currency
    }
}

fn drop_oldest<T>(list: &mut Vec<T>, kept: usize) {
    let surplus = list.len().saturating_sub(kept);
    list.drain(..surplus);
}

fn sibling(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}

/// A file only its owner reads: addresses are in it.
fn private(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
