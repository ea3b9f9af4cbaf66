//! One run: what every part of a comparison needs, and how findings are kept and cleared.

use crate::app::App;
use crate::checkout::reconcile::report::Report;
use crate::checkout::{Error, effects};
use crate::domain::finding::{Finding, FindingKind};
use crate::domain::id::{OrderId, ShopId};
use crate::domain::job::Job;
use crate::domain::order::Happening;
use crate::domain::order::engine::Event;
use crate::payment;
use crate::store;
use std::collections::HashSet;

/// Calls without an answer after which a run stops asking.
const SILENCE_MAX: u32 = 3;
/// Pages of the provider's lists that one run reads, and rounds of a hundred rows.
const PAGES_MAX: u32 = 30;

/// One run of a comparison.
pub struct Run<'a> {
    /// The program.
    pub app: &'a App,
    /// The shop.
    pub shop: &'a ShopId,
    /// Whether nothing is changed.
    pub dry: bool,
    /// What it did.
    pub report: Report,
    /// The provider's things that this run looked at.
    pub seen: HashSet<String>,
    silence: u32,
    pages: u32,
}

/// A difference about one thing.
pub struct Difference {
    /// Which kind.
    pub kind: FindingKind,
    /// Whose.
    pub order: Option<OrderId>,
    /// What a colleague has to know.
    pub text: String,
    /// Whether the order must not go on.
    pub freezes: bool,
}

impl<'a> Run<'a> {
    /// A run that has done nothing yet.
    pub fn new(app: &'a App, shop: &'a ShopId, dry: bool) -> Self {
        Self { app, shop, dry, report: Report::default(), seen: HashSet::new(), silence: 0, pages: 0 }
    }

    /// Whether the provider does not answer.
    pub fn is_tired(&self) -> bool {
        self.silence >= SILENCE_MAX
    }

    /// Takes one page's worth of work; answers false when this run has done its share.
    pub fn may_go_on(&mut self) -> bool {
        self.pages += 1;
        self.pages <= PAGES_MAX && !self.is_tired()
    }

    /// Lets a run on demand do another share.
    pub fn refresh(&mut self) {
        self.pages = 0;
    }

    /// What came of one thing. One that fails hides no other: it is noted, and asked for again next time.
    pub fn survive<T>(&mut self, about: &str, result: Result<T, Error>) -> Result<Option<T>, Error> {
        match result {
            Ok(value) => {
                self.silence = 0;
                return Ok(Some(value));
            }
            Err(Error::Payment(payment::Error::Unknown(cause))) => {
                self.silence += 1;
                self.report.fail(format!("{about}: no answer ({cause})"));
            }
            Err(Error::Payment(error)) => self.report.fail(format!("{about}: {error}")),
            Err(Error::Store(error @ store::Error::Conflict { .. })) => self.report.fail(format!("{about}: {error}")),
            Err(error @ (Error::Missing(_) | Error::Money(_))) => self.report.fail(format!("{about}: {error}")),
            Err(error) => return Err(error),
        }
        Ok(None)
    }

    /// Says what is true of one thing: its differences are kept, and what was said of it before is cleared.
    pub async fn say(&mut self, kinds: &[FindingKind], about: &str, differences: Vec<Difference>) -> Result<(), Error> {
        if !self.dry {
            let mut tx = self.app.store.read(self.shop).await?;
            let open = tx.findings_about(about).await?;
            drop(tx);
            for kind in open.into_iter().filter(|kind| kinds.contains(kind)) {
                if !differences.iter().any(|d| d.kind == kind) {
                    let mut tx = self.app.store.begin(self.shop).await?;
                    tx.clear_finding(kind, about, self.app.now()).await?;
                    tx.commit().await?;
                }
            }
        }
        for difference in differences {
            self.note(about, difference).await?;
        }
        Ok(())
    }

    /// Keeps a difference; the first time it is logged, and a colleague hears of it.
    pub async fn note(&mut self, about: &str, difference: Difference) -> Result<(), Error> {
        let Difference { kind, order, text, freezes } = difference;
        let now = self.app.now();
        let finding = Finding { id: self.app.new_id(), kind, about: about.to_owned(), order, text, first_seen: now };
        if self.dry {
            self.report.found.push(finding);
            return Ok(());
        }
        let mut tx = self.app.store.begin(self.shop).await?;
        let order = match &finding.order {
            Some(id) => tx.lock_order(id).await?,
            None => None,
        };
        if tx.note_finding(&finding, now).await? {
            let (kind, text) = (finding.kind.word(), &finding.text);
            tracing::error!(kind, about, order = finding.order.as_ref().map(OrderId::as_str), text, "a finding");
            if let Some(order) = order {
                let what = Happening::Found(finding.id.clone());
                let id = order.id.clone();
                if freezes {
                    // What freezes an order is never refused.
                    let event = Event::DoesNotAddUp { why: finding.text.clone() };
                    let _ = effects::happen(self.app, &mut tx, order, &event).await?;
                }
                self.app.enqueue(&mut tx, &Job::Notify { order: id, what }).await?;
            }
            self.report.found.push(finding);
        }
        tx.commit().await?;
        Ok(())
    }
}
