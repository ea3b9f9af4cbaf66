//! Every state of an order against every event, as one table, and what holds for all of its fields.

mod model;

use super::*;
use crate::domain::cart::{Quote, QuoteLine};
use crate::domain::id::{ContactId, OrderId, ProductId, VariantId};
use crate::domain::money::Currency;
use crate::domain::order::Times;
use insta::assert_snapshot;
use jiff::Timestamp;
use proptest::prelude::*;

/// What the order of these tests comes to, in cents.
const TOTAL: i64 = 4500;

fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn order(state: OrderState) -> Order {
    let unit = euros(2000);
    let line = QuoteLine::new(ProductId::new("mug"), VariantId::new("M-1"), "Mug".into(), String::new(), 2, unit);
    let lines = vec![line.expect("small")];
    let quote = Quote {
        lines,
        subtotal: euros(4000),
        shipping_label: "Shipping".into(),
        shipping: euros(500),
        total: euros(TOTAL),
    };
    let placed = Timestamp::UNIX_EPOCH;
    let times = Times { placed, paid: None, shipped: None, delivered: None, closed: None, cancel_asked: None };
    Order {
        id: OrderId::new("ord_1"),
        number: "T-1".into(),
        contact: ContactId::new("con_1"),
        conversation: None,
        state,
        quote,
        times,
        tracking: None,
        note: None,
        before_freeze: None,
        ship_to: None,
        token: "token".into(),
    }
}

/// Every state, with what else about an order decides.
fn states() -> Vec<(&'static str, Order)> {
    use OrderState as State;
    let asked = |state| {
        let mut order = order(state);
        order.times.cancel_asked = Some(Timestamp::UNIX_EPOCH);
        order
    };
    let frozen = |before| Order { before_freeze: Some(before), ..order(State::Frozen) };
    let mut arrived = order(State::Fulfilled);
    arrived.times.delivered = Some(Timestamp::UNIX_EPOCH);
    vec![
        ("awaits", order(State::AwaitingPayment)),
        ("awaits,off?", asked(State::AwaitingPayment)),
        ("pending", order(State::PaymentPending)),
        ("paid", order(State::Paid)),
        ("sent", order(State::Fulfilled)),
        ("arrived", arrived),
        ("expired", order(State::Expired)),
        ("cancelled", order(State::Cancelled)),
        ("refunded", order(State::Refunded)),
        ("frozen<awaits", frozen(State::AwaitingPayment)),
        ("frozen<paid", frozen(State::Paid)),
        ("frozen,bank", Order { note: Some(format!("{DISPUTED}: fraud")), ..frozen(State::Paid) }),
    ]
}

fn payment(standing: Standing, amount: i64, news: bool, again: bool) -> Event {
    let (session, reference) = ("cs_1".to_owned(), Some("ord_1".to_owned()));
    Event::Payment { fact: SessionFact { session, reference, standing, amount: euros(amount) }, news, again }
}

/// Every event that makes a difference, with its name in the table.
fn events() -> Vec<(&'static str, Event)> {
    let (all, none, some) = (euros(TOTAL), euros(0), euros(700));
    let mut strange = payment(Standing::Paid, TOTAL, true, false);
    if let Event::Payment { fact, .. } = &mut strange {
        fact.reference = Some("ord_2".into());
    }
    vec![
        ("page open", payment(Standing::Open, TOTAL, false, false)),
        ("money on its way", payment(Standing::Processing, TOTAL, false, false)),
        ("a cent less on its way", payment(Standing::Processing, TOTAL - 1, false, false)),
        ("paid", payment(Standing::Paid, TOTAL, true, false)),
        ("paid, goods still there", payment(Standing::Paid, TOTAL, true, true)),
        ("paid, told again", payment(Standing::Paid, TOTAL, false, false)),
        ("a cent less paid", payment(Standing::Paid, TOTAL - 1, true, true)),
        ("page dead", payment(Standing::Dead, TOTAL, false, false)),
        ("paid under another name", strange),
        ("shall be called off", Event::CancelAsked { left: all }),
        ("called off, nothing left", Event::CancelAsked { left: none }),
        ("shipped", Event::Shipped),
        ("delivered", Event::Delivered),
        ("given back, some left", Event::GivenBack { left: some }),
        ("given back, nothing left", Event::GivenBack { left: none }),
        ("disputed", Event::Disputed { why: "fraud".into() }),
        ("dispute won", Event::DisputeWon),
        ("dispute lost", Event::DisputeLost),
        ("goes on, all paid", Event::Resumed { there: all, left: all }),
        ("goes on, nothing paid", Event::Resumed { there: none, left: none }),
        ("goes on, partly paid", Event::Resumed { there: some, left: some }),
        ("goes on, paid twice", Event::Resumed { there: euros(2 * TOTAL), left: all }),
        ("given up, all paid", Event::GivenUp { there: all, left: all }),
        ("given up, paid twice", Event::GivenUp { there: euros(2 * TOTAL), left: all }),
        ("given up, a part paid", Event::GivenUp { there: some, left: none }),
        ("does not add up", Event::DoesNotAddUp { why: "odd".into() }),
    ]
}

fn short(state: OrderState) -> &'static str {
    match state {
        OrderState::AwaitingPayment => "awaits",
        OrderState::PaymentPending => "pending",
        OrderState::Fulfilled => "sent",
        other => other.word(),
    }
}

fn letter(effect: &Effect) -> String {
    match effect {
        Effect::Sell => "s".into(),
        Effect::Release => "r".into(),
        Effect::Restock => "k".into(),
        Effect::BookSale(_) => "b".into(),
        Effect::GiveBack { of: OutOf::Sale, .. } => "g".into(),
        Effect::GiveBack { of: OutOf::Surplus, .. } => "u".into(),
        Effect::ClosePage => "x".into(),
        Effect::OpenPage => "o".into(),
        Effect::Apply => "a".into(),
        Effect::Tell(_) => "t".into(),
    }
}

fn cell(order: &Order, event: &Event) -> String {
    match order.on(event) {
        Ok(change) if change.state == order.state && change.effects.is_empty() => ".".into(),
        Ok(change) => {
            let effects: String = change.effects.iter().map(letter).collect();
            let state = if change.state == order.state { "=" } else { short(change.state) };
            if effects.is_empty() { state.to_owned() } else { format!("{state}:{effects}") }
        }
        Err(refusal) => format!("no:{refusal:?}"),
    }
}

#[test]
fn every_state_meets_every_event() {
    let (states, events) = (states(), events());
    let mut rows = vec![std::iter::once("").chain(states.iter().map(|(name, _)| *name)).map(String::from).collect()];
    for (name, event) in &events {
        let mut row = vec![(*name).to_owned()];
        row.extend(states.iter().map(|(_, order)| cell(order, event)));
        rows.push(row);
    }
    // `.` nothing happens, `=` the state stays. s sell, r release, k back on the shelf, b book the sale, g give back out
    // of the sale, u give back what was too much, x close the page, o open one, t tell.
    assert_snapshot!(table(&rows), @r"
                                  awaits        awaits,off?    pending       paid            sent          arrived       expired       cancelled     refunded      frozen<awaits    frozen<paid      frozen,bank
        page open                 .             .              .             .               .             .             .             .             .             .                .                .
        money on its way          pending:t     pending:t      .             .               .             .             .             .             .             .                .                .
        a cent less on its way    frozen:t      frozen:t       frozen:t      .               .             .             .             .             .             .                .                .
        paid                      paid:sbt      cancelled:rut  paid:sbt      =:ut            =:ut          =:ut          =:ut          =:ut          =:ut          =:t              =:t              =:t
        paid, goods still there   paid:sbt      cancelled:rut  paid:sbt      =:ut            =:ut          =:ut          paid:sbt      =:ut          =:ut          =:t              =:t              =:t
        paid, told again          paid:sbt      cancelled:rut  paid:sbt      .               .             .             .             .             .             .                .                .
        a cent less paid          frozen:t      frozen:t       frozen:t      =:ut            =:ut          =:ut          =:ut          =:ut          =:ut          =:t              =:t              =:t
        page dead                 expired:rt    cancelled:rt   expired:rt    .               .             .             .             .             .             .                .                .
        paid under another name   frozen:t      frozen:t       frozen:t      frozen:t        =:t           =:t           =:t           =:t           =:t           =:t              =:t              =:t
        shall be called off       =:x           =:x            =:x           cancelled:kxgt  no:Sent       no:Sent       no:Closed     no:Closed     no:Closed     no:Frozen        no:Frozen        no:Frozen
        called off, nothing left  =:x           =:x            =:x           cancelled:kxt   no:Sent       no:Sent       no:Closed     no:Closed     no:Closed     no:Frozen        no:Frozen        no:Frozen
        shipped                   no:NotPaid    no:NotPaid     no:NotPaid    sent:t          .             .             no:Closed     no:Closed     no:Closed     no:Frozen        no:Frozen        no:Frozen
        delivered                 no:NotPaid    no:NotPaid     no:NotPaid    no:NotSent      =:t           .             no:Closed     no:Closed     no:Closed     no:Frozen        no:Frozen        no:Frozen
        given back, some left     .             .              .             .               .             .             .             .             .             .                .                .
        given back, nothing left  .             .              .             refunded:k      refunded      refunded      .             .             .             .                .                .
        disputed                  =:t           =:t            =:t           frozen:t        =:t           =:t           =:t           =:t           =:t           =:t              =:t              =:t
        dispute won               .             .              .             .               .             .             .             .             .             .                .                paid
        dispute lost              .             .              .             refunded:k      refunded      refunded      .             .             .             .                refunded:k       refunded:k
        goes on, all paid         no:NotFrozen  no:NotFrozen   no:NotFrozen  no:NotFrozen    no:NotFrozen  no:NotFrozen  no:NotFrozen  no:NotFrozen  no:NotFrozen  paid:sbt         paid             paid
        goes on, nothing paid     no:NotFrozen  no:NotFrozen   no:NotFrozen  no:NotFrozen    no:NotFrozen  no:NotFrozen  no:NotFrozen  no:NotFrozen  no:NotFrozen  awaits:o         refunded:k       refunded:k
        goes on, partly paid      no:NotFrozen  no:NotFrozen   no:NotFrozen  no:NotFrozen    no:NotFrozen  no:NotFrozen  no:NotFrozen  no:NotFrozen  no:NotFrozen  no:PartlyPaid    paid             paid
        goes on, paid twice       no:NotFrozen  no:NotFrozen   no:NotFrozen  no:NotFrozen    no:NotFrozen  no:NotFrozen  no:NotFrozen  no:NotFrozen  no:NotFrozen  no:PartlyPaid    paid:u           paid:u
        given up, all paid        no:NotFrozen  no:NotFrozen   no:NotFrozen  no:NotFrozen    no:NotFrozen  no:NotFrozen  no:NotFrozen  no:NotFrozen  no:NotFrozen  cancelled:rxgt   cancelled:kxgt   cancelled:kxgt
        given up, paid twice      no:NotFrozen  no:NotFrozen   no:NotFrozen  no:NotFrozen    no:NotFrozen  no:NotFrozen  no:NotFrozen  no:NotFrozen  no:NotFrozen  cancelled:rxgut  cancelled:kxgut  cancelled:kxgut
        given up, a part paid     no:NotFrozen  no:NotFrozen   no:NotFrozen  no:NotFrozen    no:NotFrozen  no:NotFrozen  no:NotFrozen  no:NotFrozen  no:NotFrozen  cancelled:rxut   cancelled:kxut   cancelled:kxut
        does not add up           frozen:t      frozen:t       frozen:t      frozen:t        =:t           =:t           =:t           =:t           =:t           =:t              =:t              =:t
        ");
}

fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |n: usize| rows.iter().map(|row| row[n].len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The order after an event, as `checkout::effects` writes it down.
fn after(order: &Order, event: &Event) -> Order {
    let Ok(change) = order.on(event) else { return order.clone() };
    let does = !change.effects.is_empty();
    let mut moved = Order { state: change.state, ..order.clone() };
    moved.note = change.why.or(moved.note);
    match (order.state, change.state) {
        (from, OrderState::Frozen) if from != OrderState::Frozen => moved.before_freeze = Some(from),
        (OrderState::Frozen, to) if to != OrderState::Frozen => moved.before_freeze = None,
        _ => {}
    }
    match event {
        Event::Delivered if does => moved.times.delivered = Some(Timestamp::UNIX_EPOCH),
        Event::CancelAsked { .. } if change.state == order.state => {
            moved.times.cancel_asked = Some(Timestamp::UNIX_EPOCH);
        }
        _ => {}
    }
    moved
}

/// The same fact, when it is told a second time: money is booked once, so it is no news, and nothing is held again.
fn repeated(event: &Event) -> Event {
    match event {
        Event::Payment { fact, .. } => Event::Payment { fact: fact.clone(), news: false, again: false },
        other => other.clone(),
    }
}

fn moves_money_or_goods(effect: &Effect) -> bool {
    !matches!(effect, Effect::Tell(_) | Effect::ClosePage | Effect::OpenPage)
}

#[test]
fn a_fact_told_twice_counts_once() {
    for (state, order) in states() {
        for (name, event) in events() {
            let once = after(&order, &event);
            let again = repeated(&event);
            if let Ok(change) = once.on(&again) {
                let twice: Vec<_> = change.effects.iter().filter(|e| moves_money_or_goods(e)).collect();
                assert!(twice.is_empty(), "{state} + {name}, twice: {twice:?}");
            }
            assert_eq!(after(&once, &again).state, once.state, "{state} + {name}, twice");
        }
    }
}

#[test]
fn only_money_in_full_pays_and_what_is_over_moves_no_goods() {
    use OrderState as State;
    for (state, order) in states() {
        for (name, event) in events() {
            let Ok(change) = order.on(&event) else { continue };
            let sells = change.effects.contains(&Effect::Sell);
            let books = change.effects.contains(&Effect::BookSale(euros(TOTAL)));
            let becomes_paid = order.state != State::Paid && order.before_freeze != Some(State::Paid);
            assert_eq!(sells, change.state == State::Paid && becomes_paid, "{state} + {name}: {change:?}");
            assert_eq!(sells, books, "{state} + {name}: goods and sale belong together");
            let shelf = |e: &&Effect| matches!(e, Effect::Release | Effect::Restock | Effect::Sell);
            assert!(change.effects.iter().filter(shelf).count() <= 1, "{state} + {name}: {change:?}");
            let over = matches!(order.state, State::Cancelled | State::Refunded);
            assert!(!over || change.state == order.state, "{state} + {name} woke a closed order");
            assert!(
                !over || !change.effects.iter().any(|e| shelf(&e)),
                "{state} + {name} moved goods of a closed order"
            );
            let stops = change.state == State::Frozen && order.state != State::Frozen;
            assert!(!stops || change.why.is_some(), "{state} + {name}: frozen without a reason");
        }
    }
}

proptest! {
    /// The provider says several things of one page, late, twice and in any order; the truth is in the set, not in the
    /// order.
    #[test]
    fn facts_in_any_order_end_in_the_same_place(
        facts in prop::collection::vec(0u8..3, 0..6), paid in any::<bool>(), cents in 0i64..2, place in any::<prop::sample::Index>()
    ) {
        let end = if paid { Standing::Paid } else { Standing::Dead };
        let mut standings: Vec<Standing> = facts
            .iter()
            .map(|n| match n { 0 => Standing::Open, 1 => Standing::Processing, _ => end })
            .collect();
        standings.insert(place.index(standings.len() + 1), end);
        let (mut now, mut booked) = (order(OrderState::AwaitingPayment), false);
        for standing in &standings {
            let news = *standing == Standing::Paid && !booked;
            booked |= news;
            now = after(&now, &payment(*standing, TOTAL - cents, news, true));
        }
        // A page that charges something else is never believed, unless it died before anybody tried to pay.
        let odd = cents > 0 && (paid || standings.iter().take_while(|s| **s != Standing::Dead).any(|s| *s == Standing::Processing));
        let expected = match (odd, paid) {
            (true, _) => OrderState::Frozen,
            (false, true) => OrderState::Paid,
            (false, false) => OrderState::Expired,
        };
        prop_assert_eq!(now.state, expected, "{:?}", standings);
    }
}
