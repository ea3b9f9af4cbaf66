//! What WhatsApp tells, one thing at a time.

use crate::domain::enclosed::MediaKind;
use crate::domain::identity::Ids;
use crate::domain::message::Said;
use crate::domain::send::News;
use jiff::Timestamp;

/// One thing out of a webhook's body.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// What happened.
    pub event: Event,
    /// Which kind of change it came in: `messages`, `account_update`.
    pub field: String,
    /// Meta's id of the number it is about, if it is about one.
    pub number: Option<String>,
    /// It as it came.
    pub raw: String,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A shopper wrote.
    Message(Box<Heard>),
    /// What became of a message of ours.
    Status(News),
    /// A colleague wrote from the phone's own app.
    Echo(Box<Echo>),
    /// A shopper, or a colleague on the phone, changed a message.
    Edit(Box<Edit>),
    /// The same, taken back.
    Revoke(Revoke),
    /// A sign put to a message.
    Reaction(Reaction),
    /// A shopper's number or id on the network changed.
    Moved(Moved),
    /// Whether a shopper wants advertising.
    Preference(Preference),
    /// Something happened to a template.
    Template(TemplateNews),
    /// Something happened to the account or a number.
    Account(AccountNews),
    /// A payment inside the chat moved: the whole change has to be looked at.
    Payment,
    /// Something went wrong on the network's side.
    Errors {
        /// The network's numbers of it.
        codes: Vec<i64>,
    },
    /// Anything else.
    Other {
        /// What it is, as far as it says.
        kind: String,
    },
}

/// Who is behind a message, as the network names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    /// Their ids.
    pub ids: Ids,
    /// The name they chose. Untrusted.
    pub name: Option<String>,
    /// The user name they chose. Untrusted, and never an identity: it changes at will.
    pub username: Option<String>,
}

/// A shopper's message.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// The network's id of it.
    pub id: String,
    /// Who wrote.
    pub sender: Sender,
    /// By the network's clock.
    pub at: Option<Timestamp>,
    /// What was said. Ids of files are the network's until rows of ours exist.
    pub said: Said,
    /// The files of `said`, in its order.
    pub files: Vec<File>,
    /// The network's id of the message it answers, quotes or taps on.
    pub answers: Option<String>,
    /// Whether it came by an advertisement or the page's button.
    pub entered: bool,
    /// Numbers that the shopper shared as their own when asked.
    pub phones: Vec<String>,
}

/// A file that can be fetched from the network for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The network's id of it.
    pub outside_id: String,
    /// Where it lies, if that was told; for minutes only.
    pub url: Option<String>,
    /// What kind.
    pub what: MediaKind,
    /// Its type as the network tells.
    pub mime: String,
    /// The sender's name of it.
    pub name: Option<String>,
    /// Its hash as the network tells.
    pub sha256: Option<String>,
}

/// A message that a colleague wrote from the phone's own app.
#[derive(Clone, Debug, PartialEq)]
pub struct Echo {
    /// The network's id of it.
    pub id: String,
    /// To whom.
    pub receiver: Sender,
    /// By the network's clock.
    pub at: Option<Timestamp>,
    /// The words.
    pub text: String,
    /// What came with them, one line each.
    pub extras: Vec<String>,
}

/// A message that was changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The network's id of the message that was changed.
    pub original: String,
    /// What it says now, with the id of the change.
    pub now: Heard,
    /// Whether a colleague on the phone changed it.
    pub by_colleague: bool,
}

/// A message that was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoke {
    /// The network's id of the taking back.
    pub id: String,
    /// The network's id of the message that was taken back.
    pub original: String,
    /// Who, or to whom a colleague on the phone had written.
    pub sender: Sender,
    /// Whether a colleague on the phone took it back.
    pub by_colleague: bool,
}

/// A sign put to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// The network's id of the reaction.
    pub id: String,
    /// Who.
    pub sender: Sender,
    /// The network's id of the message.
    pub to: String,
    /// The sign; nothing when it was taken off again.
    pub emoji: Option<String>,
    /// By the network's clock.
    pub at: Option<Timestamp>,
}

/// A shopper's number or id on the network changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The network's id of the notice, if it has one.
    pub id: Option<String>,
    /// The ids before, as far as they are told.
    pub before: Ids,
    /// The ids from now on, as far as they are told.
    pub now: Ids,
    /// By the network's clock.
    pub at: Option<Timestamp>,
}

/// Whether a shopper wants advertising.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preference {
    /// Who.
    pub sender: Sender,
    /// About what: `marketing_messages`.
    pub category: String,
    /// `stop`, `resume`, `signup`.
    pub value: String,
    /// In the network's words.
    pub detail: String,
    /// By the network's clock.
    pub at: Option<Timestamp>,
}

/// Something happened to a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateNews {
    /// The network's id of it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its language, as the network writes it.
    pub language: String,
    /// What happened.
    pub what: TemplateChange,
}

/// What happened to a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateChange {
    /// Approved, rejected, paused…
    Status {
        /// The network's word: `APPROVED`.
        event: String,
        /// Its category, if told.
        category: Option<String>,
        /// Why, as far as it is told.
        reason: Option<String>,
    },
    /// How much shoppers like it.
    Quality {
        /// The network's word before.
        before: Option<String>,
        /// The network's word now: `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
        now: String,
    },
    /// What the network takes it for.
    Category {
        /// Before.
        before: Option<String>,
        /// Now; nothing while it is only announced.
        now: Option<String>,
        /// What it will become.
        announced: Option<String>,
    },
    /// Its texts or buttons.
    Components,
}

/// Something happened to the account or a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountNews {
    /// Which kind: the field it came in.
    pub kind: String,
    /// The network's word for what happened.
    pub event: String,
    /// How many shoppers may be written to unasked, if told: `TIER_1K`, a number.
    pub limit: Option<String>,
    /// Whether somebody has to look at it.
    pub grave: bool,
}
