//! A fake payment provider for the stories of reconciliation: it holds what a story puts into it and lies as told.

use jiff::Timestamp;
use souk::payment::dispute::Dispute;
use souk::payment::list::Page;
use souk::payment::refund::{Refund, RefundRequest, RefundStatus};
use souk::payment::{Error, Event, OpenRequest, Payments, Session, SessionStatus, VerifyError};
use std::sync::Mutex;

/// Entries of one page of a list: few, so that stories turn pages.
const PAGE: usize = 2;

/// A fake provider.
#[derive(Default)]
pub struct FakeProvider {
    /// Its payment pages.
    pub sessions: Mutex<Vec<Session>>,
    /// Its refunds.
    pub refunds: Mutex<Vec<Refund>>,
    /// Its disputes.
    pub disputes: Mutex<Vec<Dispute>>,
    /// Its events.
    pub events: Mutex<Vec<Event>>,
    /// Entries of its list of payment pages that cannot be read.
    pub unreadable: Mutex<Vec<String>>,
    /// Whether it does not answer at all.
    pub is_silent: Mutex<bool>,
}

fn missing() -> Error {
    Error::Refused { code: "resource_missing".into(), message: "No such thing".into() }
}

fn page<T: Clone>(all: &[T], after: Option<&str>, unreadable: Vec<String>) -> Page<T> {
    let from = after.map_or(0, |n| n.parse().unwrap());
    let until = (from + PAGE).min(all.len());
    let next = (until < all.len()).then(|| until.to_string());
    Page { items: all[from..until].to_vec(), unreadable, next }
}

impl FakeProvider {
    fn answers(&self) -> Result<(), Error> {
        if *self.is_silent.lock().unwrap() { Err(Error::Unknown("silence".into())) } else { Ok(()) }
    }

    /// Changes a payment page.
    pub fn change(&self, id: &str, change: impl FnOnce(&mut Session)) {
        change(self.sessions.lock().unwrap().iter_mut().find(|s| s.id == id).unwrap());
    }

    /// A shopper pays a page.
    pub fn pay(&self, id: &str) {
        self.change(id, |s| {
            (s.paid, s.status, s.url, s.intent) = (true, SessionStatus::Complete, None, Some(format!("pi_{id}")));
        });
    }
}

#[async_trait::async_trait]
impl Payments for FakeProvider {
    fn name(&self) -> String {
        "fake provider".into()
    }

    async fn open(&self, request: &OpenRequest) -> Result<Session, Error> {
        self.answers()?;
        let mut all = self.sessions.lock().unwrap();
        if let Some(known) = all.iter().find(|s| s.checkout.as_deref() == Some(request.checkout.as_str())) {
            return Ok(known.clone());
        }
        let session = Session {
            id: format!("cs_{}", request.checkout),
            url: Some("https://pay.example/1".into()),
            status: SessionStatus::Open,
            paid: false,
            failed: false,
            total: request.total,
            reference: Some(request.order.to_string()),
            checkout: Some(request.checkout.to_string()),
            intent: None,
            shipping: None,
        };
        all.push(session.clone());
        Ok(session)
    }

    async fn session(&self, session: &str) -> Result<Session, Error> {
        self.answers()?;
        self.sessions.lock().unwrap().iter().find(|s| s.id == session).cloned().ok_or_else(missing)
    }

    async fn expire(&self, session: &str) -> Result<Session, Error> {
        self.answers()?;
        self.change(session, |s| {
            if s.status == SessionStatus::Open {
                s.status = SessionStatus::Expired;
            }
        });
        self.session(session).await
    }

    async fn refund(&self, request: &RefundRequest) -> Result<Refund, Error> {
        self.answers()?;
        let refund = Refund {
            id: format!("re_{}", request.refund),
            intent: Some(request.intent.clone()),
            amount: request.amount,
            status: RefundStatus::Succeeded,
            ours: Some(request.refund.clone()),
            failure: None,
            created: Timestamp::UNIX_EPOCH,
        };
        self.refunds.lock().unwrap().push(refund.clone());
        Ok(refund)
    }

    async fn refunds(&self, intent: &str) -> Result<Vec<Refund>, Error> {
        self.answers()?;
        let all = self.refunds.lock().unwrap();
        Ok(all.iter().filter(|r| r.intent.as_deref() == Some(intent)).cloned().collect())
    }

    async fn dispute(&self, dispute: &str) -> Result<Dispute, Error> {
        self.answers()?;
        self.disputes.lock().unwrap().iter().find(|d| d.id == dispute).cloned().ok_or_else(missing)
    }

    async fn sessions_since(&self, _: Timestamp, after: Option<&str>) -> Result<Page<Session>, Error> {
        self.answers()?;
        let unreadable = if after.is_none() { self.unreadable.lock().unwrap().clone() } else { Vec::new() };
        Ok(page(&self.sessions.lock().unwrap(), after, unreadable))
    }

    async fn refunds_since(&self, _: Timestamp, after: Option<&str>) -> Result<Page<Refund>, Error> {
        self.answers()?;
        Ok(page(&self.refunds.lock().unwrap(), after, Vec::new()))
    }

    async fn disputes_since(&self, _: Timestamp, after: Option<&str>) -> Result<Page<Dispute>, Error> {
        self.answers()?;
        Ok(page(&self.disputes.lock().unwrap(), after, Vec::new()))
    }

    async fn events_since(&self, _: Timestamp, after: Option<&str>) -> Result<Page<Event>, Error> {
        self.answers()?;
        Ok(page(&self.events.lock().unwrap(), after, Vec::new()))
    }

    fn verify(&self, _: &[u8], _: &str, _: Timestamp) -> Result<Event, VerifyError> {
        Err(VerifyError::Header)
    }
}
