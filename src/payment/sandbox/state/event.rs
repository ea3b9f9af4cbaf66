//! An event, as remembered, and where it still has to go.

use crate::payment::sandbox::table::Named;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An event, as remembered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Happening {
    /// `evt_…`.
    pub id: String,
    /// `checkout.session.completed` and so on.
    pub kind: String,
    /// When it happened.
    pub created: Timestamp,
    /// The page it goes back to, so that both are forgotten together.
    pub session: String,
    /// The object as it stood then, as JSON.
    pub object: String,
    /// The call that caused it, if one did.
    pub request: Option<String>,
    /// The key of that call.
    pub key: Option<String>,
    /// How many copies go out at once (more than one is misbehaviour).
    pub copies: u32,
    /// Where it goes.
    pub sendings: Vec<Sending>,
}

/// An event on its way to one endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sending {
    /// `we_…`.
    pub endpoint: String,
    /// When to deliver it next; none when that is over.
    pub due: Option<Timestamp>,
    /// How often it was handed out.
    pub tries: u32,
    /// Whether it was answered with 2xx.
    pub arrived: bool,
}

impl Happening {
    /// Whether every endpoint has it.
    pub fn arrived(&self) -> bool {
        self.sendings.iter().all(|s| s.arrived)
    }

    /// How many endpoints still wait for it.
    pub fn pending(&self) -> usize {
        self.sendings.iter().filter(|s| s.due.is_some()).count()
    }
}

impl Named for Happening {
    fn id(&self) -> &str {
        &self.id
    }
}
