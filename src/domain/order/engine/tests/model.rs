//! A shop of one order in memory: machines, ledger and shelf, driven through long random histories. What is checked is
//! worked out from the facts that were seen, not from the steps the machines took.

use super::*;
use crate::domain::id::RefundId;
use crate::domain::ledger::{Account, Entry, EntryKind};
use crate::domain::order::OutOf;
use crate::domain::refund::{self, AskedBy, Details, Refund, RefundEvent, RefundState, Source, spread};
use crate::domain::reservation::{ReservationEvent, ReservationState};
use std::collections::{BTreeMap, BTreeSet};

const PAGES: usize = 3;
const PIECES: i64 = 2;
const SHELF: i64 = 5;

/// What happens next; numbers choose among what is there.
#[derive(Clone, Debug)]
enum Step {
    ShopperPays(usize, bool),
    MoneyArrives(usize),
    PageDies(usize),
    Look { page: usize, past: usize },
    CancelAsked,
    CallOff,
    Resume,
    Ship,
    Deliver,
    Dispute,
    DisputeWon,
    DisputeLost,
    Odd,
    RefundAsked(i64),
    RefundDecided(usize, bool),
    RefundTold(usize, u8),
    OthersBuy,
    OthersReturn,
}

fn step() -> impl Strategy<Value = Step> {
    let page = 0..PAGES;
    prop_oneof![
        4 => (page.clone(), any::<bool>()).prop_map(|(p, slow)| Step::ShopperPays(p, slow)),
        3 => page.clone().prop_map(Step::MoneyArrives),
        2 => page.clone().prop_map(Step::PageDies),
        10 => (page, 0usize..3).prop_map(|(page, past)| Step::Look { page, past }),
        2 => Just(Step::CancelAsked),
        1 => Just(Step::CallOff),
        2 => Just(Step::Resume),
        2 => Just(Step::Ship),
        1 => Just(Step::Deliver),
        1 => Just(Step::Dispute),
        1 => Just(Step::DisputeWon),
        1 => Just(Step::DisputeLost),
        1 => Just(Step::Odd),
        2 => (1i64..TOTAL).prop_map(Step::RefundAsked),
        2 => (0usize..6, any::<bool>()).prop_map(|(n, yes)| Step::RefundDecided(n, yes)),
        4 => (0usize..6, 0u8..4).prop_map(|(n, what)| Step::RefundTold(n, what)),
        1 => Just(Step::OthersBuy),
        1 => Just(Step::OthersReturn),
    ]
}

struct Model {
    order: Order,
    /// What the provider could have said of each page, oldest first.
    pages: Vec<Vec<Standing>>,
    amounts: Vec<i64>,
    seen_paid: BTreeSet<usize>,
    entries: BTreeMap<(EntryKind, String), Entry>,
    refunds: Vec<Refund>,
    shelf: i64,
    others: i64,
    held: ReservationState,
    returned: bool,
    lost: bool,
}

impl Model {
    fn new(odd: usize) -> Self {
        let amounts = (0..PAGES).map(|n| if n == odd { TOTAL - 1 } else { TOTAL }).collect();
        Self {
            order: order(OrderState::AwaitingPayment),
            pages: vec![vec![Standing::Open]; PAGES],
            amounts,
            seen_paid: BTreeSet::new(),
            entries: BTreeMap::new(),
            refunds: Vec::new(),
            shelf: SHELF - PIECES,
            others: 0,
            held: ReservationState::Held,
            returned: false,
            lost: false,
        }
    }

    fn book(&mut self, kind: EntryKind, name: &str, amount: Money) -> bool {
        let entry = Entry::new(kind, name, &self.order.id, amount);
        self.entries.insert((kind, name.to_owned()), entry).is_none()
    }

    fn balance(&self, of: Account) -> i64 {
        let postings = self.entries.values().flat_map(Entry::postings);
        postings.filter(|(account, _)| *account == of).map(|(_, minor)| minor).sum()
    }

    fn left(&self) -> Money {
        euros(-self.balance(Account::Sales))
    }

    fn captured(&self) -> i64 {
        self.seen_paid.iter().map(|page| self.amounts[*page]).sum()
    }

    fn refunded(&self, which: impl Fn(&Refund) -> bool) -> i64 {
        self.refunds.iter().filter(|r| which(r)).map(|r| r.amount.minor).sum()
    }

    fn there(&self) -> Money {
        euros(self.captured() - self.refunded(|r| r.state.counts()))
    }

    fn happen(&mut self, event: &Event) {
        let Ok(change) = self.order.on(event) else { return };
        self.order = after(&self.order, event);
        for effect in &change.effects {
            self.carry_out(effect);
        }
    }

    fn carry_out(&mut self, effect: &Effect) {
        match effect {
            Effect::Sell => self.held = self.held.on(ReservationEvent::Sell).unwrap_or(self.held),
            Effect::Release => {
                if let Some(next) = self.held.on(ReservationEvent::Release) {
                    (self.held, self.shelf) = (next, self.shelf + PIECES);
                }
            }
            Effect::Restock if !self.returned => (self.returned, self.shelf) = (true, self.shelf + PIECES),
            Effect::BookSale(amount) => {
                self.book(EntryKind::Sale, "ord_1", *amount);
            }
            Effect::GiveBack { amount, of } => self.give_back(*amount, *of, false),
            Effect::OpenPage => {
                // The next page is there from the start in this model.
            }
            Effect::Restock | Effect::ClosePage | Effect::Apply | Effect::Tell(_) => {}
        }
    }

    fn give_back(&mut self, amount: Money, of: OutOf, approval: bool) {
        let left = |page: &usize| {
            let name = format!("pi_{page}");
            let gone = self.refunded(|r| r.state.counts() && r.intent.as_ref() == Some(&name));
            Source { intent: Some(name), left: euros(self.amounts[*page] - gone) }
        };
        let sources: Vec<Source> = self.seen_paid.iter().map(left).collect();
        let there: i64 = sources.iter().map(|s| s.left.minor).sum();
        let capped = euros(amount.minor.min(there));
        assert!(approval || capped == amount, "{amount} should go back, {capped} is there");
        for (intent, amount) in spread(capped, &sources).expect("one currency") {
            let details = Details {
                of,
                why: "a test".into(),
                asked_by: AskedBy::Rule,
                decided_by: None,
                lines: vec![],
                failure: None,
            };
            let refund = Refund {
                id: RefundId::new(format!("ref_{}", self.refunds.len())),
                order: self.order.id.clone(),
                amount,
                state: RefundState::Waiting,
                details,
                intent,
                provider_id: None,
                first_sent: None,
                created: Timestamp::UNIX_EPOCH,
            };
            self.refunds.push(refund);
            if !approval {
                self.refund(self.refunds.len() - 1, &RefundEvent::Approved);
            }
        }
    }

    fn refund(&mut self, n: usize, event: &RefundEvent) {
        let change = self.refunds[n].on(event);
        self.refunds[n].state = change.state;
        let (id, amount) = (self.refunds[n].id.to_string(), self.refunds[n].amount);
        for kind in change.book {
            self.book(kind, &id, amount);
        }
        self.happen(&Event::GivenBack { left: self.left() });
    }

    fn look(&mut self, page: usize, past: usize) {
        let said = &self.pages[page];
        let standing = said[said.len().saturating_sub(1 + past)];
        let amount = euros(self.amounts[page]);
        let news = standing == Standing::Paid && self.book(EntryKind::Capture, &format!("cs_{page}"), amount);
        if news {
            self.seen_paid.insert(page);
        }
        let late = news && self.order.state == OrderState::Expired && amount.minor == TOTAL;
        let again = late && self.shelf >= PIECES;
        if again {
            (self.held, self.shelf) = (ReservationState::Held, self.shelf - PIECES);
        }
        self.happen(&payment(standing, amount.minor, news, again));
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::ShopperPays(page, slow) if self.pages[page].last() == Some(&Standing::Open) => {
                self.pages[page].push(if slow { Standing::Processing } else { Standing::Paid });
            }
            Step::MoneyArrives(page) if self.pages[page].last() == Some(&Standing::Processing) => {
                self.pages[page].push(Standing::Paid);
            }
            Step::PageDies(page) if self.pages[page].last() != Some(&Standing::Paid) => {
                self.pages[page].push(Standing::Dead);
            }
            Step::Look { page, past } => self.look(page, past),
            Step::CancelAsked => self.happen(&Event::CancelAsked { left: self.left() }),
            Step::CallOff => self.happen(&Event::GivenUp { there: self.there(), left: self.left() }),
            Step::Resume => self.happen(&Event::Resumed { there: self.there(), left: self.left() }),
            Step::Ship => self.happen(&Event::Shipped),
            Step::Deliver => self.happen(&Event::Delivered),
            Step::Dispute => self.happen(&Event::Disputed { why: "fraud".into() }),
            Step::DisputeWon => self.happen(&Event::DisputeWon),
            Step::DisputeLost => {
                let before = self.order.state;
                self.happen(&Event::DisputeLost);
                self.lost |= before != self.order.state;
            }
            Step::Odd => self.happen(&Event::DoesNotAddUp { why: "odd".into() }),
            // As `plan::refund` allows it: of a paid order, and no more than is left of its sale.
            Step::RefundAsked(minor)
                if matches!(self.order.state, OrderState::Paid | OrderState::Fulfilled)
                    && minor + self.refunded(|r| r.state == RefundState::Waiting) <= self.left().minor =>
            {
                self.give_back(euros(minor), OutOf::Sale, true);
            }
            Step::RefundDecided(n, yes) if n < self.refunds.len() && self.refunds[n].state == RefundState::Waiting => {
                let covered = self.there().minor >= self.refunds[n].amount.minor
                    && self.left().minor >= self.refunds[n].amount.minor;
                self.refund(n, if yes && covered { &RefundEvent::Approved } else { &RefundEvent::Declined });
            }
            Step::RefundTold(n, what) if n < self.refunds.len() => {
                let first = self.refunds[n].provider_id.is_none();
                let told = |standing| RefundEvent::Told { standing, first };
                let event = match what {
                    0 if first => RefundEvent::Refused,
                    1 => told(refund::Standing::OnItsWay),
                    2 => told(refund::Standing::Done),
                    _ => told(refund::Standing::Failed),
                };
                // The provider knows only refunds that were asked for, and one it refused has no second life here.
                if matches!(self.refunds[n].state, RefundState::Waiting | RefundState::Declined)
                    || (first && self.refunds[n].state == RefundState::Failed)
                {
                    return;
                }
                if event != RefundEvent::Refused {
                    self.refunds[n].provider_id = Some(format!("re_{n}"));
                }
                self.refund(n, &event);
            }
            Step::OthersBuy if self.shelf > 0 => (self.shelf, self.others) = (self.shelf - 1, self.others + 1),
            Step::OthersReturn if self.others > 0 => (self.shelf, self.others) = (self.shelf + 1, self.others - 1),
            _ => {}
        }
    }
}

impl Model {
    fn keeps_its_promises(&self) {
        use OrderState as State;
        let sum: i64 = self.entries.values().flat_map(Entry::postings).map(|(_, minor)| minor).sum();
        assert_eq!(sum, 0, "the ledger does not balance");
        let (state, before) = (self.order.state, self.order.before_freeze);
        let going = self.refunded(|r| r.state.counts());
        assert!(going <= self.captured(), "{going} goes back of {}", self.captured());
        assert!(self.refunds.iter().all(|r| r.amount.minor > 0), "a refund of nothing");
        // What arrived and does not go back is what is left of the sale, but for what a colleague owes or looks at.
        let owed = self.refunded(|r| r.state == RefundState::Failed);
        if state != State::Frozen && !self.lost {
            let loose = self.captured() - going - self.left().minor;
            assert!((0..=owed).contains(&loose), "{state:?}: {loose} belongs to nothing, {owed} failed to go back");
        }
        // The shop has what arrived, less what the provider sent back and kept out.
        let gone = self.refunded(|r| matches!(r.state, RefundState::Sent | RefundState::Done));
        assert_eq!(self.balance(Account::Provider), self.captured() - gone, "what the provider holds");
        let paid = matches!(state, State::Paid | State::Fulfilled);
        assert!(!paid || self.seen_paid.iter().any(|page| self.amounts[*page] == TOTAL), "paid by nothing");
        // Goods: on the shelf, with others, held or sold; each piece once.
        let with_us = match (self.held, self.returned) {
            (ReservationState::Held, _) | (ReservationState::Sold, false) => PIECES,
            _ => 0,
        };
        assert!(self.shelf >= 0, "more was sold than there is");
        assert_eq!(self.shelf + self.others + with_us, SHELF, "pieces were lost or made up");
        let expected = match (state, before) {
            (State::AwaitingPayment | State::PaymentPending, _) => Some(ReservationState::Held),
            (State::Frozen, Some(State::AwaitingPayment | State::PaymentPending)) => Some(ReservationState::Held),
            (State::Paid | State::Fulfilled, _) | (State::Frozen, Some(State::Paid)) => Some(ReservationState::Sold),
            (State::Expired, _) => Some(ReservationState::Released),
            _ => None,
        };
        assert!(expected.is_none_or(|e| e == self.held), "{state:?} (before: {before:?}) with goods {:?}", self.held);
        let in_house = matches!(state, State::Paid | State::Fulfilled);
        assert!(!in_house || !self.returned, "{state:?}, and its goods are on the shelf");
        assert!(state != State::Cancelled || self.held != ReservationState::Held, "a closed order holds goods");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]
    #[test]
    fn long_histories_keep_every_promise(steps in prop::collection::vec(step(), 1..120), odd in 0usize..6) {
        let mut model = Model::new(odd);
        for step in &steps {
            model.take(step);
            model.keeps_its_promises();
        }
    }
}
