//! Stripe: pages opened, asked for and closed over its API, money given back, lists read; events believed by their
//! signature. Requests and objects are async-stripe's, the transport is ours.

pub mod answer;
pub mod connect;
pub mod disputes;
pub mod exchange;
pub mod list;
pub mod refunds;
pub mod session;
pub mod transport;
pub mod verify;
pub mod wire;

#[cfg(test)]
mod tests;

use crate::payment::dispute::Dispute;
use crate::payment::list::Page;
use crate::payment::refund::{Refund, RefundRequest};
use crate::payment::stripe::answer::{is_id, one, refused, unreadable};
use crate::payment::stripe::exchange::{Fault, ask};
use crate::payment::stripe::transport::{Mode, Raw, Transport};
use crate::payment::{Error, Event, OpenRequest, Payments, Session, SessionStatus, VerifyError};
use jiff::Timestamp;
use secrecy::SecretString;
use std::sync::Arc;
use stripe_checkout::checkout_session::{ExpireCheckoutSession, RetrieveCheckoutSession};
use stripe_core::dispute::RetrieveDispute;

/// Most pages of one payment's refunds that are followed: two thousand refunds, where a shop makes three.
const REFUND_PAGES_MAX: usize = 20;

/// A client of Stripe's API, over any way of reaching one.
pub struct Stripe {
    transport: Arc<dyn Transport>,
    webhook_secrets: Vec<SecretString>,
    name: String,
    mode: Mode,
}

impl Stripe {
    /// A client that calls through `transport`, believes events signed with any of the secrets, and is shown as `name`.
    /// It is of test mode until it is told otherwise.
    pub fn over(transport: Arc<dyn Transport>, webhook_secrets: Vec<SecretString>, name: impl Into<String>) -> Self {
        Self { transport, webhook_secrets, name: name.into(), mode: Mode::Test }
    }

    /// Says whether the key moves real money: events of the other mode are refused.
    #[must_use]
    pub fn in_mode(self, mode: Mode) -> Self {
        Self { mode, ..self }
    }

    fn door(&self) -> &dyn Transport {
        self.transport.as_ref()
    }
}

#[async_trait::async_trait]
impl Payments for Stripe {
    fn name(&self) -> String {
        self.name.clone()
    }

    async fn open(&self, request: &OpenRequest) -> Result<Session, Error> {
        check_request(request)?;
        let answer = ask(self.door(), &wire::open_request(request), Some(request.checkout.as_str())).await?;
        let (session, raw) = one::<Session>(answer)?;
        if session.total != request.total {
            let sentence = format!("asked for {}, but the page charges {}", request.total, session.total);
            return Err(unreadable(&raw, sentence.into()));
        }
        if session.reference.as_deref() != Some(request.order.as_str()) {
            return Err(unreadable(&raw, "the page is for another order".into()));
        }
        if session.status == SessionStatus::Open && session.url.is_none() {
            return Err(unreadable(&raw, "the page has no address".into()));
        }
        Ok(session)
    }

    async fn session(&self, session: &str) -> Result<Session, Error> {
        check_id(session, "bad_session_id")?;
        let request = RetrieveCheckoutSession::new(session).expand(["payment_intent".to_owned()]);
        let (found, raw) = one::<Session>(ask(self.door(), &request, None).await?)?;
        same(session, found, &raw)
    }

    async fn expire(&self, session: &str) -> Result<Session, Error> {
        check_id(session, "bad_session_id")?;
        // One key for ever: that a page is closed stays true, so a repeated answer is right. A repeated *fault* would not
        // be, and it stays for a day; so whatever did not close the page is followed by a look at how it stands.
        let key = format!("expire_{session}");
        let closed = ask(self.door(), &ExpireCheckoutSession::new(session), Some(&key)).await;
        let closed = closed.and_then(one::<Session>).and_then(|(found, raw)| same(session, found, &raw));
        match closed {
            Err(error) if worth_a_look(&error) => match self.session(session).await {
                Ok(now) if now.status != SessionStatus::Open => Ok(now),
                Err(another) if matches!(error, Error::Refused { .. }) => Err(another),
                _ => Err(error),
            },
            answer => answer,
        }
    }

    async fn refund(&self, request: &RefundRequest) -> Result<Refund, Error> {
        check_id(&request.intent, "bad_payment_id")?;
        if request.amount.minor <= 0 {
            return Err(refused("amount_too_small", "a refund gives something back"));
        }
        let answer = ask(self.door(), &wire::refund_request(request), Some(request.refund.as_str())).await?;
        let (refund, raw) = one::<Refund>(answer)?;
        if refund.amount != request.amount {
            let sentence = format!("asked for {}, but {} went back", request.amount, refund.amount);
            return Err(unreadable(&raw, sentence.into()));
        }
        if refund.intent.as_deref() != Some(request.intent.as_str()) {
            return Err(unreadable(&raw, "the refund is of another payment".into()));
        }
        if refund.ours.as_ref() != Some(&request.refund) {
            return Err(unreadable(&raw, "the refund does not carry our id".into()));
        }
        Ok(refund)
    }

    async fn refunds(&self, intent: &str) -> Result<Vec<Refund>, Error> {
        check_id(intent, "bad_payment_id")?;
        let mut all = Vec::new();
        let mut after: Option<String> = None;
        for _ in 0..REFUND_PAGES_MAX {
            let answer = ask(self.door(), &wire::refunds_of(intent, after.as_deref()), None).await?;
            let raw = answer.raw.clone();
            let page = list::page::<Refund>(answer)?;
            // What is not seen here is given back a second time, so a list with a gap is no list.
            if let Some(id) = page.unreadable.first() {
                return Err(unreadable(&raw, format!("the refund {id} cannot be read").into()));
            }
            if page.items.iter().any(|refund| refund.intent.as_deref() != Some(intent)) {
                return Err(unreadable(&raw, "there is a refund of another payment".into()));
            }
            all.extend(page.items);
            after = page.next;
            if after.is_none() {
                all.reverse();
                return Ok(all);
            }
        }
        Err(refused("too_many_refunds", "this payment has more refunds than are ever read"))
    }

    async fn dispute(&self, dispute: &str) -> Result<Dispute, Error> {
        check_id(dispute, "bad_dispute_id")?;
        let (found, raw) = one::<Dispute>(ask(self.door(), &RetrieveDispute::new(dispute), None).await?)?;
        if found.id != dispute {
            return Err(unreadable(&raw, "the answer is about another dispute".into()));
        }
        Ok(found)
    }

    async fn sessions_since(&self, since: Timestamp, after: Option<&str>) -> Result<Page<Session>, Error> {
        check_place(after)?;
        list::page(ask(self.door(), &wire::sessions_since(since, after), None).await?)
    }

    async fn refunds_since(&self, since: Timestamp, after: Option<&str>) -> Result<Page<Refund>, Error> {
        check_place(after)?;
        list::page(ask(self.door(), &wire::refunds_since(since, after), None).await?)
    }

    async fn disputes_since(&self, since: Timestamp, after: Option<&str>) -> Result<Page<Dispute>, Error> {
        check_place(after)?;
        list::page(ask(self.door(), &wire::disputes_since(since, after), None).await?)
    }

    async fn events_since(&self, since: Timestamp, after: Option<&str>) -> Result<Page<Event>, Error> {
        check_place(after)?;
        list::events(&ask(self.door(), &wire::events_since(since, after), None).await?.raw)
    }

    fn verify(&self, body: &[u8], signature: &str, now: Timestamp) -> Result<Event, VerifyError> {
        verify::verify(body, signature, &self.webhook_secrets, self.mode, now)
    }
}

fn same(session: &str, found: Session, raw: &Raw) -> Result<Session, Error> {
    if found.id == session {
        return Ok(found);
    }
    Err(unreadable(raw, "the answer is about another session".into()))
}

/// A refusal (the page is not open) or a server's fault, which may be an old one repeated.
fn worth_a_look(error: &Error) -> bool {
    match error {
        Error::Refused { .. } => true,
        Error::Unknown(cause) => cause.downcast_ref::<Fault>().is_some_and(|fault| fault.0 >= 500),
        Error::Unreadable { .. } => false,
    }
}

fn check_id(id: &str, code: &str) -> Result<(), Error> {
    if is_id(id) {
        return Ok(());
    }
    Err(refused(code, "this is not an id of the payment provider"))
}

fn check_place(after: Option<&str>) -> Result<(), Error> {
    after.map_or(Ok(()), |id| check_id(id, "bad_cursor"))
}

/// Stops what Stripe would refuse, or worse accept, before anything is sent.
fn check_request(request: &OpenRequest) -> Result<(), Error> {
    if request.lines.is_empty() || request.lines.len() > wire::LINES_MAX {
        return Err(refused("line_count", "a payment page has 1 to 100 lines"));
    }
    let amounts = request.lines.iter().map(|line| line.unit.times(line.quantity));
    let sum = amounts.collect::<Result<Vec<_>, _>>().and_then(|a| crate::domain::money::sum(a, request.total.currency));
    match sum {
        Ok(sum) if sum == request.total && sum.minor > 0 => Ok(()),
        Ok(_) => Err(refused("total_mismatch", "the lines do not add up to the total")),
        Err(error) => Err(refused("total_mismatch", &error.to_string())),
    }
}
