//! What the sandbox remembers: its objects in memory, changed only by rows that are also written down.

pub mod answer;
pub mod dispute;
pub mod endpoint;
pub mod event;
pub mod movement;
pub mod payment;
pub mod refund;
pub mod session;

use crate::payment::sandbox::state::answer::Answer;
use crate::payment::sandbox::state::dispute::Dispute;
use crate::payment::sandbox::state::endpoint::Endpoint;
use crate::payment::sandbox::state::event::{Happening, Sending};
use crate::payment::sandbox::state::movement::Movement;
use crate::payment::sandbox::state::payment::Payment;
use crate::payment::sandbox::state::refund::Refund;
use crate::payment::sandbox::state::session::Kept;
use crate::payment::sandbox::table::{Kind, Named, Table};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// Most pages that are remembered; the oldest finished one goes first, with all that came of it.
pub const SESSIONS_KEPT: usize = 1000;
/// Most events that are remembered.
pub const EVENTS_KEPT: usize = 5000;
/// Most answers that are remembered for a repeat with the same key.
pub const ANSWERS_KEPT: usize = 2000;
/// Most refunds that are remembered.
pub const REFUNDS_KEPT: usize = 5000;
/// Most webhook endpoints, as at Stripe.
pub const ENDPOINTS_MAX: usize = 16;

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

/// One change: the object as it is from now on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "row", content = "is", rename_all = "snake_case")]
pub enum Row {
    /// What events are signed with.
    Secret(String),
    /// A page.
    Session(Kept),
    /// A payment.
    Payment(Payment),
    /// Money given back.
    Refund(Refund),
    /// A dispute.
    Dispute(Dispute),
    /// A movement of the balance.
    Movement(Movement),
    /// An event.
    Event(Happening),
    /// How far an event got: small, because it is written often.
    Sent(String, Vec<Sending>),
    /// A kept answer.
    Answer(Answer),
    /// A webhook endpoint.
    Endpoint(Endpoint),
    /// Something is forgotten.
    Gone(Kind, String),
}

/// Everything the sandbox remembers.
#[derive(Debug, Default)]
pub struct State {
    webhook_secret: String,
    /// Pages.
    pub sessions: Table<Kept>,
    /// Payments.
    pub payments: Table<Payment>,
    /// Money given back.
    pub refunds: Table<Refund>,
    /// Disputes.
    pub disputes: Table<Dispute>,
    /// Movements of the balance.
    pub movements: Table<Movement>,
    /// Events.
    pub events: Table<Happening>,
    /// Answers to calls with a key.
    pub answers: Table<Answer>,
    /// Webhook endpoints besides the shop's own.
    pub endpoints: Table<Endpoint>,
    /// The call that is being carried out, for the events it causes.
    pub origin: Origin,
    unwritten: Vec<Row>,
}

/// Which call causes an event.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// `req_…`.
    pub request: Option<String>,
    /// Its idempotency key.
    pub key: Option<String>,
}

impl State {
    /// Changes something, to be written down.
    pub fn put(&mut self, row: Row) {
        self.unwritten.push(row.clone());
        self.apply(row);
    }

    /// Changes something that is written down already.
    pub fn apply(&mut self, row: Row) {
        match row {
            Row::Secret(secret) => self.webhook_secret = secret,
            Row::Session(it) => self.sessions.put(it),
            Row::Payment(it) => self.payments.put(it),
            Row::Refund(it) => self.refunds.put(it),
            Row::Dispute(it) => self.disputes.put(it),
            Row::Movement(it) => self.movements.put(it),
            Row::Event(it) => self.events.put(it),
            Row::Sent(event, sendings) => {
                if let Some(event) = self.events.get_mut(&event) {
                    event.sendings = sendings;
                }
            }
            Row::Answer(it) => self.answers.put(it),
            Row::Endpoint(it) => self.endpoints.put(it),
            Row::Gone(kind, id) => match kind {
                Kind::Session => self.sessions.remove(&id),
                Kind::Payment => self.payments.remove(&id),
                Kind::Refund => self.refunds.remove(&id),
                Kind::Dispute => self.disputes.remove(&id),
                Kind::Movement => self.movements.remove(&id),
                Kind::Event => self.events.remove(&id),
                Kind::Answer => self.answers.remove(&id),
                Kind::Endpoint => self.endpoints.remove(&id),
            },
        }
    }

    /// What was changed since the last time.
    pub fn take_unwritten(&mut self) -> Vec<Row> {
        std::mem::take(&mut self.unwritten)
    }

    /// Whether anything was changed since the last time.
    pub fn is_changed(&self) -> bool {
        !self.unwritten.is_empty()
    }

    /// Everything, as rows that make it anew.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        std::iter::once(Row::Secret(self.webhook_secret.clone()))
            .chain(self.sessions.iter().cloned().map(Row::Session))
            .chain(self.payments.iter().cloned().map(Row::Payment))
            .chain(self.refunds.iter().cloned().map(Row::Refund))
            .chain(self.disputes.iter().cloned().map(Row::Dispute))
            .chain(self.movements.iter().cloned().map(Row::Movement))
            .chain(self.events.iter().cloned().map(Row::Event))
            .chain(self.answers.iter().cloned().map(Row::Answer))
            .chain(self.endpoints.iter().cloned().map(Row::Endpoint))
    }

    /// What events to the shop's own endpoint are signed with. Of no worth: nobody pays real money here.
    pub fn secret(&self) -> SecretString {
        SecretString::from(self.webhook_secret.as_str())
    }

    /// Whether it was ever given a secret.
    pub fn is_founded(&self) -> bool {
        !self.webhook_secret.is_empty()
    }

    /// The payment of a charge.
    pub fn payment_of_charge(&self, charge: &str) -> Option<&Payment> {
        self.payments.iter().rev().find(|p| p.charge == charge)
    }

    /// The refunds of a payment, oldest first.
    pub fn refunds_of<'a>(&'a self, payment: &'a str) -> impl DoubleEndedIterator<Item = &'a Refund> {
        self.refunds.iter().filter(move |r| r.payment == payment)
    }

    /// How much of a payment was given back, in its smallest coin.
    pub fn refunded(&self, payment: &str) -> i64 {
        self.refunds_of(payment).filter(|r| r.counts()).fold(0, |sum, r| sum.saturating_add(r.amount.minor))
    }

    /// The dispute of a payment.
    pub fn dispute_of(&self, payment: &str) -> Option<&Dispute> {
        self.disputes.iter().rev().find(|d| d.payment == payment)
    }

    /// Forgets what is too old or too much.
    pub fn prune(&mut self, now: Timestamp) {
        while self.sessions.len() > SESSIONS_KEPT {
            let finished = |s: &&Kept| matches!(s.stage, Stage::Paid | Stage::Failed | Stage::Expired);
            let gone = self.sessions.iter().find(finished).or_else(|| self.sessions.iter().next());
            let Some(gone) = gone.cloned() else { break };
            self.forget(&gone);
        }
        let over = |table: usize, kept: usize| table.saturating_sub(kept);
        let old: Vec<_> = (self.events.iter().take(over(self.events.len(), EVENTS_KEPT)))
            .map(|e| (Kind::Event, e.id.clone()))
            .chain(
                self.refunds.iter().take(over(self.refunds.len(), REFUNDS_KEPT)).map(|r| (Kind::Refund, r.id.clone())),
            )
            .chain(
                self.answers.iter().take(over(self.answers.len(), ANSWERS_KEPT)).map(|a| (Kind::Answer, a.key.clone())),
            )
            .chain(self.answers.iter().take_while(|a| !a.counts(now)).map(|a| (Kind::Answer, a.key.clone())))
            .collect();
        for (kind, id) in old {
            self.put(Row::Gone(kind, id));
        }
    }

    /// Forgets a page and all that came of it.
    fn forget(&mut self, page: &Kept) {
        let payment = page.intent.as_deref().unwrap_or_default();
        fn ids<'a, T: Named + 'a>(kind: Kind, of: impl Iterator<Item = &'a T>) -> impl Iterator<Item = (Kind, String)> {
            of.map(move |it| (kind, it.id().to_owned()))
        }
        let mut gone = vec![(Kind::Session, page.id.clone())];
        gone.extend(ids(Kind::Payment, self.payments.get(payment).into_iter()));
        gone.extend(ids(Kind::Refund, self.refunds_of(payment)));
        gone.extend(ids(Kind::Dispute, self.disputes.iter().filter(|d| d.payment == payment)));
        gone.extend(ids(Kind::Movement, self.movements.iter().filter(|m| m.payment == payment)));
        gone.extend(ids(Kind::Event, self.events.iter().filter(|e| e.session == page.id)));
        for (kind, id) in gone {
            self.put(Row::Gone(kind, id));
        }
    }
}
