//! The pay page's side of the sandbox: what it shows, and what the shopper does on it.

use crate::domain::money::Money;
use crate::payment::Line;
use crate::payment::sandbox::card::{self, Charge, FieldError, PayForm};
use crate::payment::sandbox::later::LATER_SECONDS;
use crate::payment::sandbox::state::payment::{Fate, Payment};
use crate::payment::sandbox::state::session::Kept;
use crate::payment::sandbox::state::{Row, Stage};
use crate::payment::sandbox::{Sandbox, after};
use jiff::Timestamp;

/// Where a page stands, for the one who looks at it.
pub type PageState = Stage;

/// What a pay page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// What is paid for.
    pub lines: Vec<Line>,
    /// What is charged.
    pub total: Money,
    /// Where it stands.
    pub state: PageState,
    /// Whole minutes until it closes, rounded up.
    pub minutes_left: u32,
    /// The order's number, for people.
    pub number: Option<String>,
    /// Where to go after paying, with the session's id filled in.
    pub success_url: String,
    /// Where to go without paying.
    pub cancel_url: Option<String>,
    /// Countries to choose from; empty means that no address is asked.
    pub countries: Vec<String>,
    /// Language, if one was asked for.
    pub locale: Option<String>,
}

impl Sandbox {
    /// The page of a session; none if there is no such session.
    pub fn page(&self, session: &str) -> Option<Page> {
        self.with(|state, now| {
            let kept = state.sessions.get(session)?;
            let seconds = kept.expires_at.as_second().saturating_sub(now.as_second()).max(0);
            Some(Page {
                lines: kept.lines.clone(),
                total: kept.total,
                state: kept.stage,
                minutes_left: u32::try_from(seconds.saturating_add(59) / 60).unwrap_or(u32::MAX),
                number: kept.metadata.get("order_number").cloned(),
                success_url: kept.success_url.replace("{CHECKOUT_SESSION_ID}", &kept.id),
                cancel_url: kept.cancel_url.clone(),
                countries: kept.countries.clone(),
                locale: kept.locale.clone(),
            })
        })
    }

    /// The shopper presses Pay. On a page that is finished or closed nothing happens; the answer says how it stands.
    pub fn pay(&self, session: &str, form: &PayForm) -> Result<PageState, FieldError> {
        self.with(|state, now| {
            let kept = state.sessions.get(session).cloned();
            let mut kept = kept.ok_or_else(|| card::wrong("page", "This payment page does not exist."))?;
            if kept.stage != Stage::Open {
                return Ok(kept.stage);
            }
            let (charge, shipping) = card::charge(form, &kept.countries, now)?;
            kept.total.minor = kept.total.minor.saturating_sub(std::mem::take(&mut self.mischief().short)).max(0);
            kept.stage = charge.stage();
            kept.shipping = Some(shipping);
            let mut payment = self.payment(&kept, &charge, now);
            kept.intent = Some(payment.id.clone());
            if kept.stage == Stage::Paid {
                payment.movement = Some(self.move_in(state, now, &payment));
            }
            let id = payment.id.clone();
            state.put(Row::Payment(payment));
            state.put(Row::Session(kept.clone()));
            let (of_charge, of_intent) = match kept.stage {
                Stage::Paid => ("charge.succeeded", "payment_intent.succeeded"),
                _ => ("charge.pending", "payment_intent.processing"),
            };
            self.tell_charge(state, now, &id, of_charge);
            self.tell_intent(state, now, &id, of_intent);
            self.tell_session(state, now, &kept, "checkout.session.completed");
            Ok(kept.stage)
        })
    }

    fn payment(&self, page: &Kept, charge: &Charge, now: Timestamp) -> Payment {
        Payment {
            id: self.id("pi", now),
            charge: self.id("ch", now),
            session: page.id.clone(),
            created: now,
            amount: page.total,
            stage: page.stage,
            metadata: page.intent_metadata.clone(),
            shipping: page.shipping.clone(),
            last4: charge.last4.clone(),
            movement: None,
            fate: charge.fate,
            disputed_at: (charge.fate == Fate::Disputed).then(|| after(now, LATER_SECONDS)).flatten(),
        }
    }

    /// A slow payment arrives. Answers how the page stands then; none if there is no such session.
    pub fn settle(&self, session: &str) -> Option<PageState> {
        self.finish(session, Stage::Paid)
    }

    /// A slow payment fails. Answers how the page stands then; none if there is no such session.
    pub fn fail(&self, session: &str) -> Option<PageState> {
        self.finish(session, Stage::Failed)
    }

    /// The page closes before its time. Answers how it stands then; none if there is no such session.
    pub fn expire_now(&self, session: &str) -> Option<PageState> {
        self.with(|state, now| {
            let page = state.sessions.get(session).cloned()?;
            if page.stage != Stage::Open {
                return Some(page.stage);
            }
            self.close(state, now, page);
            Some(Stage::Expired)
        })
    }

    fn finish(&self, session: &str, stage: Stage) -> Option<PageState> {
        self.with(|state, now| {
            let mut page = state.sessions.get(session).cloned()?;
            if page.stage != Stage::Pending {
                return Some(page.stage);
            }
            page.stage = stage;
            state.put(Row::Session(page.clone()));
            let payment = page.intent.as_ref().and_then(|id| state.payments.get(id)).cloned();
            let [of_charge, of_intent, of_page] = match stage {
                Stage::Paid => {
                    ["charge.succeeded", "payment_intent.succeeded", "checkout.session.async_payment_succeeded"]
                }
                _ => ["charge.failed", "payment_intent.payment_failed", "checkout.session.async_payment_failed"],
            };
            if let Some(mut payment) = payment {
                payment.stage = stage;
                if stage == Stage::Paid {
                    payment.movement = Some(self.move_in(state, now, &payment));
                }
                let id = payment.id.clone();
                state.put(Row::Payment(payment));
                self.tell_charge(state, now, &id, of_charge);
                self.tell_intent(state, now, &id, of_intent);
            }
            self.tell_session(state, now, &page, of_page);
            Some(stage)
        })
    }
}
