//! What must hold at any moment, whatever happened: read from the rows, and worked out the other way round than the program
//! does. Each failure says which promise, of which order, and by how much.

use crate::world::{TestShop, stock};
use souk::domain::amendment::{Amendment, AmendmentState};
use souk::domain::checkout::{Checkout, CheckoutState};
use souk::domain::id::{AmendmentId, VariantId};
use souk::domain::order::{Order, OrderState, OutOf};
use souk::domain::refund::{AskedBy, Refund, RefundState};
use sqlx::{Connection, SqliteConnection};
use std::collections::BTreeMap;

/// One order with everything that belongs to it.
struct Case {
    order: Order,
    checkouts: Vec<Checkout>,
    amendments: Vec<Amendment>,
    refunds: Vec<Refund>,
    /// By the provider's session, in minor units.
    captures: Vec<(String, i64)>,
    /// Sold, less what was taken back.
    left: i64,
    /// Held for the shop by the provider.
    provider: i64,
}

impl TestShop {
    /// What must hold at any moment.
    pub async fn keeps_its_promises(&self) {
        let mut out = BTreeMap::new();
        for case in self.cases().await {
            case.charges_what_was_agreed();
            case.gives_back_no_more_than_it_got();
            case.stands_where_its_money_stands();
            case.has_one_page_at_a_time();
            case.goods_out(&mut out);
        }
        self.ledger_balances().await;
        self.keeps_every_piece(&out).await;
        assert_eq!(self.app.store.count_jobs().await.unwrap().parked, 0, "a job was given up on");
    }

    async fn cases(&self) -> Vec<Case> {
        let mut cases = Vec::new();
        for order in self.orders().await {
            let mut tx = self.app.store.read(&self.app.shop).await.unwrap();
            cases.push(Case {
                checkouts: tx.checkouts_of(&order.id).await.unwrap(),
                amendments: tx.amendments_of(&order.id).await.unwrap(),
                refunds: tx.refunds_of(&order.id).await.unwrap(),
                captures: tx.captures_of(&order.id).await.unwrap(),
                left: -tx.balance(&order.id, souk::domain::ledger::Account::Sales).await.unwrap(),
                provider: tx.balance(&order.id, souk::domain::ledger::Account::Provider).await.unwrap(),
                order,
            });
        }
        cases
    }

    /// Every entry adds up to nothing, and so does every currency.
    async fn ledger_balances(&self) {
        const ODD: &str = "SELECT kind, outside_id, SUM(amount_minor), COUNT(*) FROM postings
            GROUP BY shop_id, kind, outside_id, currency HAVING SUM(amount_minor) <> 0 OR COUNT(*) <> 2";
        let file = format!("sqlite://{}?mode=ro", self.app.data.join("souk.db").display());
        let mut rows = SqliteConnection::connect(&file).await.unwrap();
        let odd: Vec<(String, String, i64, i64)> = sqlx::query_as(ODD).fetch_all(&mut rows).await.unwrap();
        assert_eq!(odd, [], "entries of the ledger that do not add up to nothing");
        rows.close().await.unwrap();
        let mut tx = self.app.store.read(&self.app.shop).await.unwrap();
        let mut sums: BTreeMap<String, i64> = BTreeMap::new();
        for (currency, _, minor) in tx.trial_balance().await.unwrap() {
            *sums.entry(currency).or_default() += minor;
        }
        assert!(sums.values().all(|sum| *sum == 0), "the ledger does not balance: {sums:?}");
    }

    /// Each piece is on the shelf or out once: by the reservations, and by the orders.
    async fn keeps_every_piece(&self, out: &BTreeMap<VariantId, i64>) {
        let mut tx = self.app.store.read(&self.app.shop).await.unwrap();
        let reserved = tx.reserved().await.unwrap();
        drop(tx);
        let shelf = stock(&self.app).await;
        let without = |by: &dyn Fn(&VariantId) -> i64| -> BTreeMap<VariantId, i64> {
            self.stock.iter().map(|(variant, pieces)| (variant.clone(), pieces - by(variant))).collect()
        };
        let rows = without(&|variant| {
            let of = |states: &[&str]| -> i64 {
                let rows = reserved.iter().filter(|(v, state, _)| v == variant && states.contains(&state.as_str()));
                rows.map(|(_, _, pieces)| pieces).sum()
            };
            of(&["held", "sold"]) - of(&["returned"])
        });
        assert_eq!(shelf, rows, "the shelf is not what was there less what is reserved (left: shelf)");
        let orders = without(&|variant| out.get(variant).copied().unwrap_or(0));
        assert_eq!(shelf, orders, "pieces were lost, made up or oversold (left: shelf, right: by the orders)");
        assert!(shelf.values().all(|pieces| *pieces >= 0), "more was sold than there is: {shelf:?}");
    }

    /// What the provider says it gave back of a payment; answers it was told to spoil are asked for again.
    async fn given_back(&self, intent: &str) -> Vec<souk::payment::refund::Refund> {
        for _ in 0..100 {
            if let Ok(list) = self.app.payments.refunds(intent).await {
                return list;
            }
        }
        panic!("the provider never says what it gave back of {intent}");
    }

    /// What must hold once nothing is under way any more: nobody waits for ever, and nothing closed holds goods.
    pub async fn is_at_rest(&self) {
        for case in self.cases().await {
            let Order { number, state, .. } = &case.order;
            let waits = matches!(state, OrderState::AwaitingPayment | OrderState::PaymentPending);
            assert!(!waits, "{number} is {state:?} for ever");
            let queued = case.refunds.iter().find(|r| r.state == RefundState::Queued);
            assert!(queued.is_none(), "{number}: a refund was never sent: {queued:?}");
            let open = case.amendments.iter().find(|a| a.state == AmendmentState::AwaitingPayment);
            assert!(open.is_none() || *state == OrderState::Frozen, "{number}: a change waits for ever: {open:?}");
            let alive = case.checkouts.iter().find(|c| c.state.is_alive());
            assert!(alive.is_none(), "{number}: a page was never closed: {alive:?}");
            for intent in case.checkouts.iter().filter_map(|c| c.intent.as_ref()) {
                for back in self.given_back(intent).await {
                    let rows = case.refunds.iter().filter(|r| Some(&r.id) == back.ours.as_ref());
                    let amounts: Vec<_> = rows.map(|r| r.amount).collect();
                    assert_eq!(amounts, [back.amount], "{number}: {} at the provider is no refund of ours", back.id);
                }
            }
            for refund in case.refunds.iter().filter(|r| r.state.counts() && r.provider_id.is_some()) {
                let there = self.given_back(refund.intent.as_ref().unwrap()).await;
                let twins = there.iter().filter(|r| r.ours.as_ref() == Some(&refund.id)).count();
                assert_eq!(twins, 1, "{number}: {} was given back {twins} times", refund.id);
            }
        }
    }
}

impl Case {
    fn sum(&self, which: impl Fn(&Refund) -> bool) -> i64 {
        self.refunds.iter().filter(|r| which(r)).map(|r| r.amount.minor).sum()
    }

    fn captured(&self) -> i64 {
        self.captures.iter().map(|(_, minor)| minor).sum()
    }

    fn name(&self) -> String {
        format!("{} ({:?}, before: {:?})", self.order.number, self.order.state, self.order.before_freeze)
    }

    /// What a page charged is what it was opened for, and it is booked under that page.
    fn charges_what_was_agreed(&self) {
        let name = self.name();
        assert!(self.order.quote.adds_up(), "{name}: its lines do not add up");
        for (session, minor) in &self.captures {
            let page = self.checkouts.iter().find(|c| c.session.as_ref() == Some(session));
            let page = page.unwrap_or_else(|| panic!("{name}: {session} is booked, but no page of it"));
            assert_eq!(page.state, CheckoutState::Paid, "{name}: {session} is booked, its page is not paid");
            // Anything else is for a person, or on its way back.
            let stops = self.order.state == OrderState::Frozen;
            let back = self.sum(|r| r.details.of == OutOf::Surplus) >= *minor;
            assert!(stops || back || page.amount.minor == *minor, "{name}: {minor} charged, {} agreed", page.amount);
        }
        for page in self.checkouts.iter().filter(|c| c.state == CheckoutState::Paid) {
            let booked = self.captures.iter().filter(|(session, _)| page.session.as_ref() == Some(session)).count();
            assert_eq!(booked, 1, "{name}: {} is paid and booked {booked} times", page.id);
        }
    }

    fn gives_back_no_more_than_it_got(&self) {
        let (name, captured) = (self.name(), self.captured());
        let going = self.sum(|r| r.state.counts());
        assert!(going <= captured, "{name}: {going} goes back of {captured}");
        assert!(self.refunds.iter().all(|r| r.amount.minor > 0), "{name}: a refund of nothing");
        for page in self.checkouts.iter().filter(|c| c.intent.is_some()) {
            let gone = self.sum(|r| r.state.counts() && r.intent == page.intent);
            let came = self.captures.iter().filter(|(session, _)| page.session.as_ref() == Some(session));
            assert!(
                gone <= came.map(|(_, minor)| minor).sum::<i64>(),
                "{name}: {gone} taken from a payment of {}",
                page.amount
            );
        }
        // What was paid for the order, or for a change that stands, is never taken for a second payment.
        let came = |pages: &dyn Fn(&&Checkout) -> bool| -> i64 {
            let sessions: Vec<_> = self.checkouts.iter().filter(pages).filter_map(|c| c.session.as_ref()).collect();
            self.captures.iter().filter(|(session, _)| sessions.contains(&session)).map(|(_, minor)| minor).sum()
        };
        let own = came(&|c| c.amendment.is_none());
        let price = self.checkouts.iter().find(|c| c.amendment.is_none()).map_or(0, |c| c.amount.minor);
        let over = if self.order.times.paid.is_some() { own - price } else { own };
        let twice = self.sum(|r| r.details.why == "paid for an order that did not need it any more");
        assert!(twice <= over, "{name}: {twice} goes back as paid too often or too late, {over} was");
        let void = |id: &AmendmentId| self.amendments.iter().any(|a| &a.id == id && a.state == AmendmentState::Void);
        let over = came(&|c| c.amendment.as_ref().is_some_and(&void));
        let twice = self.sum(|r| r.details.why == "paid for a change that did not need it any more");
        assert!(twice <= over, "{name}: {twice} goes back as paid for no change, {over} was");
        let gone = self.sum(|r| matches!(r.state, RefundState::Sent | RefundState::Done));
        assert_eq!(self.provider, captured - gone, "{name}: what the provider holds");
    }

    /// Every cent that arrived is a sale, or has a refund with its name on it; and the sale is what the order says.
    fn stands_where_its_money_stands(&self) {
        let name = self.name();
        if self.order.state == OrderState::Frozen {
            assert!(self.order.note.is_some(), "{name}: frozen without a reason");
            return;
        }
        let credited = |r: &Refund| {
            r.details.of == OutOf::Sale && !matches!(r.state, RefundState::Waiting | RefundState::Declined)
        };
        let told = || format!("{name}: captured {}, refunds {:#?}", self.captured(), self.refunds);
        let loose = self.captured() - self.sum(|r| r.state.counts()) - self.left;
        // What failed to go back, or what nobody agreed to give back though it was paid for nothing, is still here.
        let here =
            self.sum(|r| r.state == RefundState::Failed || (r.details.of == OutOf::Surplus && !r.state.counts()));
        assert!((0..=here).contains(&loose), "{loose} belongs to nothing, {here} is owed: {}", told());
        // Money for goods that are kept takes nothing out of the order; everything else does.
        let kept = self.sum(|r| credited(r) && r.details.asked_by == AskedBy::Shopper);
        let ahead = |a: &&Amendment| a.state == AmendmentState::Agreed && a.terms.difference.minor > 0;
        let ahead: i64 = self.amendments.iter().filter(ahead).map(|a| a.terms.difference.minor).sum();
        let sold = match self.order.state {
            OrderState::Paid | OrderState::Fulfilled => self.order.quote.total.minor - kept + ahead,
            _ => 0,
        };
        assert_eq!(self.left, sold, "{}: what is left of its sale is not what it says ({ahead} ahead)", told());
    }

    fn has_one_page_at_a_time(&self) {
        let alive = self.checkouts.iter().filter(|c| c.state.is_alive()).count();
        assert!(alive <= 1, "{}: {alive} pages can be paid", self.name());
        let places: Vec<i64> = self.checkouts.iter().map(|c| c.place).collect();
        let counted: Vec<i64> = (1..=places.len() as i64).collect();
        assert_eq!(places, counted, "{}: its attempts", self.name());
    }

    /// Adds the pieces that are not on the shelf because of this order.
    fn goods_out(&self, out: &mut BTreeMap<VariantId, i64>) {
        let back = match self.order.state {
            OrderState::Expired | OrderState::Cancelled => true,
            OrderState::Refunded => self.order.times.shipped.is_none(),
            _ => false,
        };
        let own = if back { &[][..] } else { &self.order.quote.lines };
        let alive = |a: &&Amendment| matches!(a.state, AmendmentState::AwaitingPayment | AmendmentState::Agreed);
        let coming = self.amendments.iter().filter(alive).flat_map(|a| &a.terms.out);
        for line in own.iter().chain(coming) {
            *out.entry(line.variant.clone()).or_default() += i64::from(line.quantity);
        }
    }
}
