//! Being paid: the provider's pages and events behind one trait. The only provider spoken to is Stripe's HTTP API;
//! without a key, the sandbox in this binary answers it.

pub mod choose;
pub mod dispute;
pub mod list;
pub mod refund;
pub mod sandbox;
pub mod stripe;

pub use crate::domain::address::Address as Shipping;
use crate::domain::checkout::{SessionFact, Standing};
use crate::domain::id::{CheckoutId, OrderId};
use crate::domain::money::Money;
use crate::payment::dispute::Dispute;
use crate::payment::list::Page;
use crate::payment::refund::{Refund, RefundRequest};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Bytes of an unreadable answer that are kept.
pub const ANSWER_BYTES_KEPT: usize = 16 * 1024;

/// A provider of payment pages.
#[async_trait::async_trait]
pub trait Payments: Send + Sync {
    /// As shown to operators: `sandbox (no money moves)`, `Stripe, test mode`.
    fn name(&self) -> String;

    /// Opens a page for exactly these lines. The checkout's id is the idempotency key: a repeat gives the same page.
    async fn open(&self, request: &OpenRequest) -> Result<Session, Error>;

    /// How a page stands now.
    async fn session(&self, session: &str) -> Result<Session, Error>;

    /// Closes an open page; answers how it stands then, which may be paid.
    async fn expire(&self, session: &str) -> Result<Session, Error>;

    /// Gives money back. The refund's id is the idempotency key: a repeat within a day gives the same refund.
    async fn refund(&self, request: &RefundRequest) -> Result<Refund, Error>;

    /// Every refund of one payment, ours and those made elsewhere, oldest first.
    async fn refunds(&self, intent: &str) -> Result<Vec<Refund>, Error>;

    /// How a dispute stands now.
    async fn dispute(&self, dispute: &str) -> Result<Dispute, Error>;

    /// Pages opened since then, newest first; `after` is the `next` of the list before.
    async fn sessions_since(&self, since: Timestamp, after: Option<&str>) -> Result<Page<Session>, Error>;

    /// Refunds made since then, newest first.
    async fn refunds_since(&self, since: Timestamp, after: Option<&str>) -> Result<Page<Refund>, Error>;

    /// Disputes opened since then, newest first.
    async fn disputes_since(&self, since: Timestamp, after: Option<&str>) -> Result<Page<Dispute>, Error>;

    /// Events since then, newest first. They need no signature: we asked for them.
    async fn events_since(&self, since: Timestamp, after: Option<&str>) -> Result<Page<Event>, Error>;

    /// Checks the signature of an event over the raw bytes and reads what it names.
    fn verify(&self, body: &[u8], signature: &str, now: Timestamp) -> Result<Event, VerifyError>;
}

/// What a page is opened for. Everything in it was stored before the first try.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenRequest {
    /// The attempt; idempotency key.
    pub checkout: CheckoutId,
    /// The order, as client reference and in the metadata.
    pub order: OrderId,
    /// The order's number, for people.
    pub number: String,
    /// Goods and shipping, from our own prices.
    pub lines: Vec<Line>,
    /// Sum of the lines; compared with what the provider answers.
    pub total: Money,
    /// When the page closes.
    pub expires_at: Timestamp,
    /// Where the shopper comes back to after paying.
    pub success_url: String,
    /// Where the shopper comes back to without paying.
    pub cancel_url: String,
    /// Language of the page.
    pub locale: String,
}

/// One row of a payment page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it says.
    pub name: String,
    /// Price of one.
    pub unit: Money,
    /// How many.
    pub quantity: u32,
}

/// A payment page at the provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// The provider's id.
    pub id: String,
    /// The page, while it is open.
    pub url: Option<String>,
    /// Open, complete or expired.
    pub status: SessionStatus,
    /// Whether the money is there.
    pub paid: bool,
    /// Complete and unpaid, and the slow method failed in the end.
    pub failed: bool,
    /// What the page charges.
    pub total: Money,
    /// Our order's id, as the provider kept it.
    pub reference: Option<String>,
    /// Our attempt's id, from the page's metadata.
    pub checkout: Option<String>,
    /// The payment behind the page, once the shopper began to pay: what refunds and disputes name.
    pub intent: Option<String>,
    /// Where to send the goods, as typed on the page.
    pub shipping: Option<Shipping>,
}

impl Session {
    /// What an order needs to know of it. Money that is there counts whatever else is said.
    pub fn fact(&self) -> SessionFact {
        let standing = match self.status {
            _ if self.paid => Standing::Paid,
            _ if self.failed => Standing::Dead,
            SessionStatus::Open => Standing::Open,
            SessionStatus::Complete => Standing::Processing,
            SessionStatus::Expired => Standing::Dead,
        };
        SessionFact { session: self.id.clone(), reference: self.reference.clone(), standing, amount: self.total }
    }
}

/// Status of a session, as Stripe names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    /// Can be paid.
    Open,
    /// The shopper finished; see `paid`.
    Complete,
    /// Too late.
    Expired,
}

/// An event of the provider: only a reason to look at the thing it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The provider's id, to recognise a repeat.
    pub id: String,
    /// `checkout.session.completed` and so on.
    pub kind: String,
    /// What it is about, when it is about something we look at.
    pub subject: Option<Subject>,
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", content = "id", rename_all = "snake_case")]
pub enum Subject {
    /// A payment page.
    Session(String),
    /// The refunds of a payment; named by the payment, because one refund makes more than one event.
    Refunds(String),
    /// A dispute.
    Dispute(String),
}

/// Why a provider call failed: three kinds, because each means something else for money.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No answer or a server's fault: nothing is known. Ask again with the same key.
    #[error("the payment provider did not answer")]
    Unknown(#[source] BoxError),
    /// The provider said no: final for this request.
    #[error("the payment provider refused: {message}")]
    Refused {
        /// The provider's code.
        code: String,
        /// The provider's sentence.
        message: String,
    },
    /// The provider acted, but the answer cannot be read. Do not repeat; tell a person.
    #[error("the payment provider's answer could not be read (request {request_id})")]
    Unreadable {
        /// For the provider's support.
        request_id: String,
        /// What it answered, cut to [`ANSWER_BYTES_KEPT`]: to be kept for the person who looks.
        answer: String,
        /// What was wrong with it.
        #[source]
        source: BoxError,
    },
}

/// Why an event is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// No or a broken signature header.
    #[error("the signature header is missing or malformed")]
    Header,
    /// Too old or from the future.
    #[error("the signature's time is more than {0} seconds off")]
    Time(i64),
    /// Signed by somebody else, or changed on the way.
    #[error("the signature does not match")]
    Mismatch,
    /// Signed rightly, but of test mode in a live shop, or the other way round.
    #[error("the event is of the other mode: live and test money are kept apart")]
    Mode,
    /// Signed rightly, but not an event.
    #[error("the event could not be read: {0}")]
    Unreadable(String),
}

/// A cause of any kind.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// How to be paid.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Secret or restricted key; empty means the sandbox in this binary.
    #[serde(skip_serializing)]
    pub secret_key: secrecy::SecretString,
    /// Secrets of the webhook endpoint; several while one is being replaced.
    #[serde(skip_serializing)]
    pub webhook_secrets: Vec<secrecy::SecretString>,
    /// Base address of the API.
    pub base_url: String,
    /// Minutes a payment page stays open (Stripe allows 30 to 1440).
    pub page_minutes: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            secret_key: secrecy::SecretString::from(""),
            webhook_secrets: Vec::new(),
            base_url: "https://api.stripe.com".to_owned(),
            page_minutes: 35,
        }
    }
}
