//! The pay page's side of the sandbox: what it shows, and what the shopper does on it.

use crate::domain::money::Money;
use crate::payment::Line;
use crate::payment::sandbox::Sandbox;
use crate::payment::sandbox::card::{self, Charge, FieldError, PayForm};
use crate::payment::sandbox::state::Stage;

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
            let kept = state.find(session)?;
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
            let kept =
                state.find_mut(session).ok_or_else(|| card::wrong("page", "This payment page does not exist."))?;
            if kept.stage != Stage::Open {
                return Ok(kept.stage);
            }
            let (charge, shipping) = card::charge(form, &kept.countries, now)?;
            let stage = match charge {
                Charge::Paid => Stage::Paid,
                Charge::Pending => Stage::Pending,
            };
            kept.stage = stage;
            kept.shipping = Some(shipping);
            kept.intent = Some(format!("pi_{}", self.ids.sortable(now)));
            self.emit(state, now, session, "checkout.session.completed", stage);
            Ok(stage)
        })
    }

    /// A slow payment arrives. Answers how the page stands then; none if there is no such session.
    pub fn settle(&self, session: &str) -> Option<PageState> {
        self.finish(session, Stage::Paid, "checkout.session.async_payment_succeeded")
    }

    /// A slow payment fails. Answers how the page stands then; none if there is no such session.
    pub fn fail(&self, session: &str) -> Option<PageState> {
        self.finish(session, Stage::Failed, "checkout.session.async_payment_failed")
    }

    fn finish(&self, session: &str, stage: Stage, kind: &str) -> Option<PageState> {
        self.with(|state, now| {
            let kept = state.find_mut(session)?;
            if kept.stage != Stage::Pending {
                return Some(kept.stage);
            }
            kept.stage = stage;
            self.emit(state, now, session, kind, stage);
            Some(stage)
        })
    }
}
