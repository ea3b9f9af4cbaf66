//! The comparison on a shop made up here: it holds where it should, and every slip is seen.

use crate::eval::tau_retail::attempt;
use crate::eval::tau_retail::data::{Cents, Database, Error};
use crate::eval::tau_retail::facts::{Facts, OrderFacts};
use crate::eval::tau_retail::reference::{Reading, Refusal, apply};
use crate::eval::tau_retail::run;
use crate::eval::tau_retail::task::{Action, Swap, Task};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

fn address(street: &str) -> Value {
    json!({ "address1": street, "address2": "Apt 2", "city": "Oslo", "state": "NY", "country": "USA", "zip": "10001" })
}

fn item(product: &str, item: &str, price: f64) -> Value {
    json!({ "name": product, "product_id": product, "item_id": item, "price": price, "options": {} })
}

fn order(id: &str, user: &str, status: &str, items: &[Value], paid: f64) -> Value {
    let mut history =
        vec![json!({ "transaction_type": "payment", "amount": paid, "payment_method_id": format!("card_{user}") })];
    if status == "cancelled" {
        history
            .push(json!({ "transaction_type": "refund", "amount": paid, "payment_method_id": format!("card_{user}") }));
    }
    json!({ "order_id": id, "user_id": user, "address": address("1 Old Road"), "items": items, "status": status,
        "fulfillments": [], "payment_history": history })
}

fn database() -> Database {
    let variant = |id: &str, price: f64, available: bool| json!({ "item_id": id, "options": { "colour": id }, "available": available, "price": price });
    let user = |id: &str| {
        json!({ "user_id": id, "name": { "first_name": id, "last_name": "Doe" }, "address": address("9 Home Street"),
            "email": format!("{id}@example.com"), "orders": [],
            "payment_methods": { format!("card_{id}"): { "source": "credit_card", "id": "x", "brand": "visa", "last_four": "1111" },
                format!("gift_{id}"): { "source": "gift_card", "id": "y", "balance": 5 } } })
    };
    let lamp = |id: &str| item("lamp", id, if id == "l1" { 10.5 } else { 20.25 });
    let mug = || item("mug", "m1", 3.0);
    let orders = [
        order("#W1", "ann", "pending", &[lamp("l1"), mug()], 13.5),
        order("#W2", "ann", "pending", &[lamp("l2"), mug()], 23.25),
        order("#W3", "ann", "delivered", &[lamp("l1"), lamp("l1"), mug()], 24.0),
        order("#W4", "ann", "delivered", &[lamp("l2"), mug()], 23.25),
        order("#W5", "bob", "processed", &[mug()], 3.0),
        order("#W6", "bob", "cancelled", &[mug()], 3.0),
        order("#W7", "bob", "delivered", &[lamp("l1"), mug()], 13.5),
        order("#W8", "bob", "delivered", &[lamp("l1"), mug()], 13.5),
        order("#W9", "bob", "pending", &[lamp("l1"), mug()], 13.5),
    ];
    let orders: serde_json::Map<String, Value> =
        orders.into_iter().map(|o| (o["order_id"].as_str().unwrap().to_owned(), o)).collect();
    let text = json!({
        "products": {
            "lamp": { "name": "Lamp", "product_id": "lamp", "variants": {
                "l1": variant("l1", 10.5, true), "l2": variant("l2", 20.25, true), "l3": variant("l3", 7.99, true),
                "l4": variant("l4", 8.0, false) } },
            "mug": { "name": "Mug", "product_id": "mug", "variants": {
                "m1": variant("m1", 3.0, true), "m2": variant("m2", 3.0, true), "m3": variant("m3", 1.0, false) } } },
        "users": { "ann": user("ann"), "bob": user("bob") },
        "orders": orders,
    });
    Database::read(&text.to_string(), Path::new("db.json"))
        .unwrap_or_else(|e| panic!("{e}: {:?}", std::error::Error::source(&e)))
}

fn swap(order: &str, pairs: &[(&str, &str)], method: &str) -> Swap {
    let (old, new) = pairs.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).unzip();
    Swap { order_id: order.into(), item_ids: old, new_item_ids: new, payment_method_id: method.into() }
}

fn cancel(order: &str) -> Action {
    Action::Cancel { order_id: order.into(), reason: "no longer needed".into() }
}

fn give_back(order: &str, items: &[&str], method: &str) -> Action {
    let item_ids = items.iter().map(|i| (*i).to_owned()).collect();
    Action::Return { order_id: order.into(), item_ids, payment_method_id: method.into() }
}

fn tasks() -> Vec<Task> {
    let to = |street: &str| serde_json::from_value(address(street)).unwrap();
    let task = |id: &str, actions: Vec<Action>| Task { id: id.into(), actions };
    vec![
        task("reads only", vec![]),
        task("cancel", vec![cancel("#W1")]),
        task("dearer", vec![Action::ModifyItems(swap("#W1", &[("l1", "l2")], "card_ann"))]),
        task("cheaper", vec![Action::ModifyItems(swap("#W2", &[("l2", "l3")], "card_ann"))]),
        task("two at once", vec![Action::ModifyItems(swap("#W2", &[("l2", "l1"), ("m1", "m2")], "card_ann"))]),
        task("to a gift card", vec![Action::ModifyItems(swap("#W2", &[("l2", "l3")], "gift_ann"))]),
        task(
            "address, then items",
            vec![
                Action::ModifyAddress { order_id: "#W1".into(), address: to("2 New Road") },
                Action::ModifyItems(swap("#W1", &[("l1", "l3")], "card_ann")),
            ],
        ),
        task("default address", vec![Action::UserAddress { user_id: "ann".into(), address: to("3 New Street") }]),
        task("return", vec![give_back("#W3", &["l1", "l1"], "card_ann")]),
        task("exchange", vec![Action::Exchange(swap("#W3", &[("l1", "l2"), ("l1", "l3")], "card_ann"))]),
        task("cheaper exchange", vec![Action::Exchange(swap("#W4", &[("l2", "l3")], "card_ann"))]),
    ]
}

#[tokio::test]
async fn right_acts_end_as_in_tau_and_wrong_ones_are_refused() {
    let report = run(&database(), &tasks(), &mut |_, _, _| {}).await.unwrap_or_else(|e| panic!("{e}: {e:?}"));
    assert!(report.is_fine(), "{}", report.text());
    let named = |list: &dyn Fn(&super::report::TaskVerdict) -> bool| -> Vec<String> {
        report.tasks.iter().filter(|t| list(t)).map(|t| t.id.clone()).collect()
    };
    assert_eq!(named(&|t| !t.methods.is_empty()), ["to a gift card"]);
    assert_eq!(named(&|t| !t.tool.is_empty()), ["two at once"]);
    assert_eq!(named(&|t| t.notices == Some(true)).len(), tasks().len() - 1);
    assert!(report.refused.len() >= 20, "{}", report.text());
}

#[test]
fn tau_refuses_what_its_policy_says() {
    let refusal = |user: &str, action: Action| apply(&mut database(), user, &action, Reading::Policy).err();
    let change = |order: &str, pairs: &[(&str, &str)], method: &str| Action::ModifyItems(swap(order, pairs, method));
    assert_eq!(refusal("ann", cancel("#W1")), None);
    assert_eq!(refusal("ann", cancel("#W3")), Some(Refusal::Status));
    assert_eq!(refusal("bob", cancel("#W1")), Some(Refusal::NotYours));
    assert_eq!(refusal("ann", cancel("#W0")), Some(Refusal::Unknown));
    let reason = Action::Cancel { order_id: "#W1".into(), reason: "too dear".into() };
    assert_eq!(refusal("ann", reason), Some(Refusal::Reason));
    assert_eq!(refusal("ann", change("#W1", &[("l1", "l4")], "card_ann")), Some(Refusal::Unavailable));
    assert_eq!(refusal("ann", change("#W1", &[("l1", "m2")], "card_ann")), Some(Refusal::OtherProduct));
    assert_eq!(refusal("ann", change("#W1", &[("l1", "l1")], "card_ann")), Some(Refusal::SameItem));
    assert_eq!(refusal("ann", change("#W1", &[("l2", "l1")], "card_ann")), Some(Refusal::NotInOrder));
    assert_eq!(refusal("ann", change("#W1", &[("l1", "l2"), ("l1", "l3")], "card_ann")), Some(Refusal::NotInOrder));
    assert_eq!(refusal("ann", change("#W1", &[("l1", "l2")], "card_bob")), Some(Refusal::Method));
    assert_eq!(refusal("ann", change("#W1", &[("l1", "l2")], "gift_ann")), Some(Refusal::Balance));
    assert_eq!(refusal("ann", give_back("#W1", &["l1"], "card_ann")), Some(Refusal::Status));
    assert_eq!(refusal("ann", give_back("#W3", &["l1"], "gift_ann")), None);
    assert_eq!(refusal("ann", give_back("#W3", &["l1", "l1", "l1"], "card_ann")), Some(Refusal::NotInOrder));
}

#[test]
fn every_attempt_is_one_that_tau_refuses() {
    let all = attempt::refused(&database());
    assert!(all.len() > 60, "only {} attempts", all.len());
    for one in all {
        let answer = apply(&mut database(), &one.user, &one.action, Reading::Policy);
        assert!(answer.is_err(), "{}: {:?}", one.rule, one.action);
    }
}

#[test]
fn any_change_of_a_fact_is_a_difference() {
    let users = BTreeSet::from(["ann".to_owned()]);
    let facts = Facts::expected(&database(), &users);
    assert_eq!(Facts::compare(&facts, &facts), Default::default());
    let changes: [fn(&mut OrderFacts); 9] = [
        |o| o.status.push('!'),
        |o| o.items[0].1 += 1,
        |o| drop(o.items.pop()),
        |o| o.address.push('!'),
        |o| o.paid[0] -= 1,
        |o| o.refunded.push(1),
        |o| o.returning.push("l1".into()),
        |o| o.exchanged_for.push("l1".into()),
        |o| o.difference = Some(0),
    ];
    for change in changes {
        let mut other = facts.clone();
        change(other.orders.get_mut("#W1").unwrap());
        assert_eq!(Facts::compare(&facts, &other).state.len(), 1);
    }
    let mut other = facts.clone();
    other.orders.get_mut("#W1").unwrap().methods.push("refunded 1 elsewhere".into());
    let compared = Facts::compare(&facts, &other);
    assert_eq!((compared.state.len(), compared.methods.len()), (0, 1));
    let mut other = facts.clone();
    other.sold_out.clear();
    assert_eq!(Facts::compare(&facts, &other).state.len(), 2);
    let mut other = facts.clone();
    other.orders.remove("#W1");
    assert!(!Facts::compare(&facts, &other).state.is_empty());
}

#[test]
fn a_file_that_does_not_fit_together_is_said_to() {
    let read = |text: &str| Database::read(text, Path::new("db.json"));
    assert!(matches!(read("{"), Err(Error::Malformed { .. })));
    let order = order("#W1", "ann", "pending", &[], 1.0);
    let text = json!({ "products": {}, "users": {}, "orders": { "#W1": order } }).to_string();
    assert!(matches!(read(&text), Err(Error::Unfit(_))));
    assert!(matches!(Database::load(Path::new("/nowhere")), Err(Error::Unreadable { .. })));
}

proptest! {
    #[test]
    fn amounts_are_the_digits_as_written(whole in 0i64..1_000_000, part in 0i64..100) {
        let cents = |text: &str| serde_json::from_str::<Cents>(text).ok();
        prop_assert_eq!(cents(&format!("{whole}.{part:02}")), Some(Cents(whole * 100 + part)));
        prop_assert_eq!(cents(&format!("{whole}.{part:02}1")), None);
        prop_assert_eq!(cents(&format!("-{whole}.{part:02}")), None);
        prop_assert_eq!(cents(&format!("{whole}e2")), None);
    }
}
