//! One world: what it sells, who comes, and what happens next.

use crate::shop::dying::{Dice, Mortal};
use crate::shop::money::acts::{Did, does, meets, shown};
use crate::world::{TestShop, form};
use jiff::Span;
use souk::checkout::colleague::{self, Decision};
use souk::checkout::{amend, refund};
use souk::domain::amendment::AmendmentState;
use souk::domain::conversation::Conversation;
use souk::domain::id::{OrderId, VariantId};
use souk::domain::order::{Order, OrderState, Tracking};
use souk::domain::proposal::{Act, Pieces, Swap, Wish};
use souk::domain::refund::{RefundEvent, RefundState};
use souk::knowledge::load::{Loaded, Text};
use souk::onboard::{Folder, profile};
use souk::payment::sandbox::mischief::{Misbehaviour, Refunds, Webhooks};
use souk::payment::sandbox::page::PageState;
use std::collections::BTreeMap;

const SHOPPERS: [&str; 2] = ["Maya", "Jonas"];
/// Variants by product: within one, they can be exchanged.
const VARIANTS: [&str; 5] = ["TENT-1", "TENT-2", "LAMP-1", "LAMP-2", "MUG-1"];
const CARDS: [&str; 6] = [
    "4000 0000 0000 5126",
    "4242 4242 4242 4242",
    "4242 4242 4242 4242",
    "4242 4242 4242 4242",
    "4000 0000 0000 7726",
    "4000 0000 0000 0002",
];

fn small_shop() -> Folder {
    let profile = "id = \"small\"\nname = \"Small Shop\"\ncurrency = \"EUR\"\ngreeting = \"Hi\"\n\
        [shipping]\nstandard = \"4.90\"\nfree_from = \"80.00\"\n";
    let feed = "handle,title,description,sku,price,currency,stock,option1_name,option1_value\n\
        tent,Tent,A tent.,TENT-1,99.00,EUR,2,Size,S\n\
        tent,Tent,A tent.,TENT-2,119.00,EUR,3,Size,M\n\
        lamp,Lamp,A lamp.,LAMP-1,19.90,EUR,3,Colour,Red\n\
        lamp,Lamp,A lamp.,LAMP-2,15.00,EUR,2,Colour,Blue\n\
        mug,Mug,A mug.,MUG-1,9.50,EUR,4,,\n";
    Folder {
        profile: profile::parse(profile).unwrap(),
        feed: Some(("products.csv".into(), feed.as_bytes().to_vec())),
        texts: Loaded {
            texts: vec![Text::markdown("returns.md", "# Returns\n\nWithin 30 days.\n")],
            ..Loaded::default()
        },
        orders: None,
    }
}

/// A shop, its shoppers, and what was seen to happen.
pub struct World {
    pub shop: TestShop,
    mortal: Mortal,
    talks: Vec<Conversation>,
    /// What the summary of each order said it comes to.
    said: BTreeMap<OrderId, String>,
    seen: BTreeMap<String, u32>,
}

impl World {
    pub async fn open(seed: u64) -> Self {
        let mut shop = TestShop::with_folder(&small_shop()).await;
        let (mut mortal, mut talks) = (Mortal::new(seed ^ 0xbeef), Vec::new());
        for who in SHOPPERS {
            meets(&mut shop, &mut mortal, who).await;
            talks.push(shop.conversation(who).await);
        }
        let mut tx = shop.app.store.begin(&shop.app.shop).await.unwrap();
        let mut rules = tx.shop().await.unwrap().unwrap();
        rules.after_sales.refund_unasked_minor = 2_000;
        tx.save_shop(&rules).await.unwrap();
        tx.commit().await.unwrap();
        Self { shop, mortal, talks, said: BTreeMap::new(), seen: BTreeMap::new() }
    }

    fn saw(&mut self, what: &str) {
        *self.seen.entry(what.to_owned()).or_default() += 1;
    }

    pub async fn settles(&mut self) {
        self.mortal.settles(&mut self.shop).await;
    }

    /// Mostly one for which it makes sense, sometimes any.
    async fn any_order(&self, dice: &mut Dice, fits: impl Fn(&Order) -> bool) -> Option<Order> {
        let orders = self.shop.orders().await;
        let fitting: Vec<Order> = orders.iter().filter(|o| fits(o)).cloned().collect();
        let from = if fitting.is_empty() || dice.one_in(6) { orders } else { fitting };
        from.get(dice.below(from.len().max(1) as u64) as usize).cloned()
    }

    /// Does the next thing and says what it was.
    pub async fn step(&mut self, dice: &mut Dice) -> String {
        match dice.below(22) {
            0..=3 => self.buys(dice).await,
            4..=8 => self.pays(dice).await,
            9 => self.network_changes(dice),
            10 => {
                let minutes = [1, 3, 7, 20, 40, 60 * 26][dice.below(6) as usize];
                self.shop.clock.advance(Span::new().minutes(minutes));
                self.shop.app.store.free_lost_jobs(self.shop.app.now()).await.unwrap();
                format!("{minutes} minutes pass")
            }
            11..=15 => self.wishes(dice).await,
            16..=18 => self.colleague_ships(dice).await,
            19 => self.colleague_decides(dice).await,
            20 => self.colleague_looks_at_refunds(dice).await,
            _ => self.colleague_looks_at_goods(dice).await,
        }
    }

    async fn buys(&mut self, dice: &mut Dice) -> String {
        let of = self.talks[dice.below(2) as usize].clone();
        let mut tx = self.shop.app.store.begin(&self.shop.app.shop).await.unwrap();
        let mut cart = tx.cart(&of.contact).await.unwrap();
        let read = cart.version;
        for _ in 0..=dice.below(3) {
            let variant = VariantId::new(VARIANTS[dice.below(5) as usize]);
            cart.set(&variant, 1 + dice.below(2) as u32).unwrap();
        }
        tx.save_cart(&of.contact, &cart, read, self.shop.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let did = does(&self.shop, &of, &Wish::Checkout, dice.one_in(3), &mut self.seen).await;
        match &did {
            Did::Done(proposal, Some(order)) => {
                self.said.insert(order.id.clone(), shown(proposal).concat());
                format!("{} is placed: {:?}", order.number, cart.lines)
            }
            other => {
                // A cart that cannot be ordered stands in nobody's way.
                let mut tx = self.shop.app.store.begin(&self.shop.app.shop).await.unwrap();
                let mut cart = tx.cart(&of.contact).await.unwrap();
                let read = cart.version;
                cart.clear();
                tx.save_cart(&of.contact, &cart, read, self.shop.app.now()).await.unwrap();
                tx.commit().await.unwrap();
                format!("nothing is placed: {other:?}")
            }
        }
    }

    async fn pays(&mut self, dice: &mut Dice) -> String {
        let mut open = Vec::new();
        for order in self.shop.orders().await {
            let mut tx = self.shop.app.store.read(&self.shop.app.shop).await.unwrap();
            let pages = tx.checkouts_of(&order.id).await.unwrap();
            open.extend(pages.into_iter().filter(|p| p.state.is_alive()).map(|p| p.order));
        }
        let Some(order) = self.any_order(dice, |o| open.contains(&o.id)).await else { return "nobody pays".into() };
        let mut tx = self.shop.app.store.read(&self.shop.app.shop).await.unwrap();
        let pages = tx.checkouts_of(&order.id).await.unwrap();
        drop(tx);
        let Some(page) = pages.iter().rev().nth(usize::from(dice.one_in(6))).or(pages.last()) else {
            return "no page".into();
        };
        let Some(session) = &page.session else { return format!("{} has no page yet", order.number) };
        let sandbox = self.shop.app.sandbox.clone().unwrap();
        let shown = sandbox.page(session).unwrap();
        if shown.state != PageState::Open {
            return format!("{} cannot be paid there: {:?}", order.number, shown.state);
        }
        let asks = shown.total;
        assert_eq!(asks, page.amount, "the page asks for something else than the attempt");
        if page.amendment.is_none() && self.said.contains_key(&order.id) {
            assert_eq!(Some(&asks.to_string()), self.said.get(&order.id), "the page asks for what was not shown");
        }
        let stage = sandbox.pay(session, &form(CARDS[dice.below(6) as usize]));
        let end = match dice.below(4) {
            0 => sandbox.settle(session),
            1 => sandbox.fail(session),
            _ => None,
        };
        format!("{} is paid on {session}: {stage:?} {end:?}", order.number)
    }

    fn network_changes(&mut self, dice: &mut Dice) -> String {
        let sandbox = self.shop.app.sandbox.as_ref().unwrap();
        let moods = [
            Webhooks::Normal,
            Webhooks::Twice,
            Webhooks::Dropped,
            Webhooks::Delayed(40),
            Webhooks::Backwards(60),
            Webhooks::Delayed(4000),
        ];
        let mood = moods[dice.below(6) as usize];
        sandbox.set_webhooks(mood);
        let back = [Refunds::Normal, Refunds::Slow(600), Refunds::Failing(900)][dice.below(3) as usize];
        sandbox.set_refunds(back);
        // A garbled answer stops an order for good, so it is rare.
        let common = [Misbehaviour::LoseAnswer, Misbehaviour::TooMany, Misbehaviour::ServerError];
        let how = if dice.one_in(8) { Misbehaviour::GarbleAnswer } else { common[dice.below(3) as usize] };
        if dice.one_in(2) {
            sandbox.misbehave(how);
        }
        if dice.one_in(6) {
            sandbox.pay_short(1);
        }
        format!("the network: {mood:?}, {back:?}, {how:?}")
    }

    async fn wishes(&mut self, dice: &mut Dice) -> String {
        let stands = |o: &Order| matches!(o.state, OrderState::Paid | OrderState::Fulfilled);
        let Some(order) = self.any_order(dice, stands).await else { return "nobody wishes".into() };
        let of = self.talks.iter().find(|t| t.contact == order.contact).unwrap().clone();
        let lines = order.quote.lines.len().max(1) as u64;
        let Some(line) = order.quote.lines.get(dice.below(lines) as usize) else { return "nothing left".into() };
        let pieces = vec![Pieces { variant: line.variant.clone(), quantity: 1 + dice.below(2) as u32 }];
        let stem = line.variant.as_str().split('-').next().unwrap().to_owned();
        let other = if line.variant.as_str().ends_with('1') { 2 } else { 1 };
        let to = VariantId::new(format!("{stem}-{other}"));
        let swaps = vec![Swap { from: line.variant.clone(), to, quantity: 1 }];
        let id = order.id.clone();
        let wish = match (dice.below(9), order.state) {
            (0..=5, OrderState::Fulfilled) if dice.one_in(2) => Wish::Return { order: id, pieces },
            (0..=5, OrderState::Fulfilled) => Wish::Exchange { order: id, swaps },
            (0..=1, _) => Wish::Cancel { order: id },
            (2..=4, _) => Wish::ChangeItems { order: id, swaps },
            (5, _) => Wish::Return { order: id, pieces },
            (6, _) => Wish::Exchange { order: id, swaps },
            _ => Wish::Refund { order: id, pieces },
        };
        let did = does(&self.shop, &of, &wish, dice.one_in(3), &mut self.seen).await;
        if let Did::Done(proposal, _) = &did {
            self.agreed(&order, &proposal.act, &shown(proposal)).await;
        }
        let did = match did {
            Did::Done(proposal, _) => format!("{:?}", shown(&proposal)),
            Did::No(why) => why,
        };
        format!("{} {wish:?}: {did}", order.number)
    }

    /// What was shown is what is charged or given back.
    async fn agreed(&mut self, order: &Order, act: &Act, shown: &[String]) {
        let mut tx = self.shop.app.store.read(&self.shop.app.shop).await.unwrap();
        let refunds = tx.refunds_of(&order.id).await.unwrap();
        let pages = tx.checkouts_of(&order.id).await.unwrap();
        drop(tx);
        match act {
            Act::Cancel { refund: Some(amount), .. } => {
                let back: i64 =
                    refunds.iter().filter(|r| r.details.why == "the order was cancelled").map(|r| r.amount.minor).sum();
                assert_eq!(back, amount.minor, "given back for a cancelled order");
                assert_eq!(shown, [amount.to_string()]);
                self.saw("cancelled after it was paid");
            }
            Act::ChangeItems { terms, .. } | Act::Exchange { terms, .. } if terms.difference.minor > 0 => {
                assert_eq!(pages.last().unwrap().amount, terms.difference);
                assert_eq!(shown, [terms.difference.to_string()]);
                self.saw("difference to pay");
            }
            Act::Refund { .. } => self.saw("refund asked for"),
            _ => self.saw("other yes"),
        }
    }

    async fn colleague_ships(&mut self, dice: &mut Dice) -> String {
        let goes = |o: &Order| {
            o.state == OrderState::Paid || (o.state == OrderState::Fulfilled && o.times.delivered.is_none())
        };
        let Some(order) = self.any_order(dice, goes).await else { return "nothing to ship".into() };
        let decision = match order.state {
            OrderState::Fulfilled => Decision::Deliver,
            _ => Decision::Ship(Tracking { carrier: "DHL".into(), number: "1".into() }),
        };
        self.decides(&order, &decision).await
    }

    async fn colleague_decides(&mut self, dice: &mut Dice) -> String {
        let frozen = |o: &Order| o.state == OrderState::Frozen;
        let Some(order) = self.any_order(dice, frozen).await else { return "nothing to decide".into() };
        let decision = if dice.one_in(3) { Decision::CallOff } else { Decision::Resume };
        self.decides(&order, &decision).await
    }

    async fn decides(&mut self, order: &Order, decision: &Decision) -> String {
        let done = colleague::decide(&self.shop.app, &self.shop.app.shop, &order.id, decision).await;
        let done = done.map(|o| o.state).map_err(|e| e.to_string());
        format!("{} {decision:?}: {done:?}", order.number)
    }

    async fn colleague_looks_at_refunds(&mut self, dice: &mut Dice) -> String {
        let mut tx = self.shop.app.store.read(&self.shop.app.shop).await.unwrap();
        let waiting = tx.refunds_in(RefundState::Waiting, 10).await.unwrap();
        drop(tx);
        let Some(one) = waiting.first() else { return "no refund waits".into() };
        let event =
            [RefundEvent::Approved, RefundEvent::Declined, RefundEvent::PaidByHand][dice.below(3) as usize].clone();
        let done = refund::decide(&self.shop.app, &self.shop.app.shop, &one.id, &event, "Ada").await.unwrap();
        self.saw(&format!("refund {event:?}"));
        format!("refund {} of {}: {event:?} → {:?}", one.id, one.amount, done.state)
    }

    async fn colleague_looks_at_goods(&mut self, dice: &mut Dice) -> String {
        for order in self.shop.orders().await {
            let mut tx = self.shop.app.store.read(&self.shop.app.shop).await.unwrap();
            let amendments = tx.amendments_of(&order.id).await.unwrap();
            drop(tx);
            if let Some(one) = amendments.iter().find(|a| a.state == AmendmentState::Agreed) {
                let received = !dice.one_in(4);
                let done = amend::decide(&self.shop.app, &self.shop.app.shop, &one.id, received).await.unwrap();
                return format!("{} {:?} received: {received} → {:?}", order.number, one.kind, done.state);
            }
        }
        "no goods came back".into()
    }

    /// The network calms down, and every page comes to its end.
    pub async fn comes_to_rest(&mut self) {
        let sandbox = self.shop.app.sandbox.clone().unwrap();
        sandbox.set_webhooks(Webhooks::Normal);
        for _ in 0..4 {
            self.settles().await;
            self.shop.keeps_its_promises().await;
            self.finish_slow_payments().await;
            self.shop.waits(60).await;
            self.shop.keeps_its_promises().await;
        }
        self.shop.is_at_rest().await;
    }

    async fn finish_slow_payments(&self) {
        for order in self.shop.orders().await {
            let mut tx = self.shop.app.store.read(&self.shop.app.shop).await.unwrap();
            for page in tx.checkouts_of(&order.id).await.unwrap() {
                if let Some(session) = page.session {
                    self.shop.app.sandbox.as_ref().unwrap().settle(&session);
                }
            }
        }
    }

    /// What was seen in this world.
    pub async fn ends(mut self) -> BTreeMap<String, u32> {
        let mut names = vec!["deaths".to_owned(); self.mortal.deaths as usize];
        for order in self.shop.orders().await {
            names.push(format!("order {}", order.state.word()));
            let mut tx = self.shop.app.store.read(&self.shop.app.shop).await.unwrap();
            names.extend(tx.refunds_of(&order.id).await.unwrap().iter().map(|r| format!("refund {}", r.state.word())));
            let amendments = tx.amendments_of(&order.id).await.unwrap();
            names.extend(amendments.iter().map(|a| format!("amendment {}", a.state.word())));
        }
        for name in names {
            self.saw(&name);
        }
        self.shop.over();
        self.seen
    }
}
