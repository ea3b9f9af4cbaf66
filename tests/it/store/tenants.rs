//! Two shops in one database: whatever ids one of them gets hold of, the other's rows do not exist for it.

use crate::store::money::event;
use crate::store::people::heard;
use crate::store::{Db, at, euros, goods, money, now};
use souk::domain::checkout::{Checkout, CheckoutState};
use souk::domain::conversation::{Memory, With};
use souk::domain::id::{PassageId, ProductId, VariantId};
use souk::domain::job::Job;
use souk::domain::ledger::{Account, Entry, EntryKind};
use souk::domain::order::OrderState;
use souk::domain::passage::Passage;
use souk::domain::proposal::ProposalState;
use souk::domain::reservation::Holder;
use souk::store::texts::KnownText;
use souk::store::turns::OpenTurn;
use std::sync::Arc;

/// Methods of a transaction that need no story here, each with its reason.
const LEFT_OUT: [&str; 11] = [
    // They only add rows, under the transaction's own shop by construction; `two_shops_may_use_the_same_names` adds them.
    "save_shop",
    "save_contact",
    "insert_conversation",
    "insert_order",
    "insert_checkout",
    "propose",
    "begin_turn",
    "save_product",
    "replace_passages",
    "save_vocabulary",
    "enqueue",
];

pub async fn nobody_reads_or_changes_another_shops_rows(db: Arc<Db>) {
    let there = db.add_shop("there").await;
    let mut tx = db.tx().await;
    let (contact, id) = db.conversation(&mut tx).await;
    tx.add_alias(&contact, "fake", "alias").await.unwrap();
    let alias = tx.conversation(&id).await.unwrap().unwrap().alias;
    let message = tx.append(heard(&db, &id, "secret")).await.unwrap();
    let turn = OpenTurn { id: db.id(), upto_seq: 1 };
    tx.begin_turn(&turn, &id, now()).await.unwrap();
    tx.write_journal(&turn.id, 0, &"secret").await.unwrap();
    let (tent, t1) = (ProductId::new("tent"), VariantId::new("t1"));
    goods::save(&mut tx, &goods::product("tent", &["t1"]), "v1").await;
    let mut cart = tx.cart(&contact).await.unwrap();
    cart.set(&t1, 2).unwrap();
    tx.save_cart(&contact, &cart, 0, now()).await.unwrap();
    let proposal = money::proposal(&db, &contact, &id);
    tx.propose(&proposal, now()).await.unwrap();
    let order = money::order(&db, &contact, "T-1");
    tx.insert_order(&order).await.unwrap();
    assert!(tx.hold_stock(&Holder::Order(order.id.clone()), &order.id, &t1, 3, now()).await.unwrap());
    let requested = Checkout {
        id: db.id(),
        order: order.id.clone(),
        state: CheckoutState::Requested,
        session: None,
        amendment: None,
        place: 1,
        amount: order.quote.total,
        intent: None,
        url: None,
        expires_at: at(1),
    };
    tx.insert_checkout(&requested, "secret", now()).await.unwrap();
    let open = Checkout { state: CheckoutState::Open, session: Some("cs_1".into()), ..requested };
    tx.move_checkout(&open, CheckoutState::Requested).await.unwrap();
    tx.keep_event(&event("evt_1", "kind", Some("cs_1")), "{}", now()).await.unwrap();
    tx.book(&Entry::new(EntryKind::Capture, "cs_1", &order.id, order.quote.total), now()).await.unwrap();
    let passage = Passage {
        id: PassageId::new("k1"),
        source: "returns.md".into(),
        title: String::new(),
        heading: String::new(),
        text: "secret".into(),
        valid_from: None,
        valid_until: None,
        language: None,
    };
    tx.replace_passages("returns.md", std::slice::from_ref(&passage)).await.unwrap();
    tx.mark_all_unindexed(now()).await.unwrap();
    assert_ne!(tx.count_unindexed().await.unwrap(), 0);
    tx.save_text(&KnownText { source: "returns.md".into(), ..KnownText::default() }).await.unwrap();
    tx.save_vocabulary("secret").await.unwrap();
    tx.enqueue(db.id(), &Job::Respond { conversation: id.clone() }, now(), now()).await.unwrap();
    tx.commit().await.unwrap();
    let claimed = db.store.claim_job("w", now(), at(9_000)).await.unwrap().unwrap();
    assert_eq!(claimed.shop, db.shop);
    let foreign = souk::store::jobs::Claimed { shop: there.clone(), ..claimed.clone() };

    // Reading from over there.
    let mut tx = db.store.begin(&there).await.unwrap();
    assert_eq!(tx.shop().await.unwrap().unwrap().id, there);
    assert_eq!(tx.contact(&contact).await.unwrap(), None);
    assert_eq!(tx.contact_by_alias("fake", "alias").await.unwrap(), None);
    assert_eq!(tx.conversation(&id).await.unwrap(), None);
    assert_eq!(tx.conversation_of("fake", &alias).await.unwrap(), None);
    assert!(tx.list_conversations(false, 9).await.unwrap().is_empty());
    assert_eq!(tx.messages_after(&id, 0, 9).await.unwrap(), []);
    assert_eq!(tx.messages_until(&id, 9, 9).await.unwrap(), []);
    assert_eq!(tx.message(&message.id).await.unwrap(), None);
    assert_eq!(tx.open_turn(&id).await.unwrap(), None);
    assert_eq!(tx.journal::<String>(&turn.id).await.unwrap(), Vec::<String>::new());
    assert!(tx.cart(&contact).await.unwrap().lines.is_empty());
    assert_eq!(tx.proposal(&proposal.id).await.unwrap(), None);
    assert_eq!(tx.open_proposal(&id).await.unwrap(), None);
    assert_eq!(tx.order(&order.id).await.unwrap(), None);
    assert_eq!(tx.order_by_number(&contact, "T-1").await.unwrap(), None);
    assert_eq!(tx.order_by_token(&order.token).await.unwrap(), None);
    assert_eq!(tx.orders_of(&contact, 9).await.unwrap(), []);
    assert_eq!(tx.all_orders(9).await.unwrap(), []);
    assert_eq!(tx.balance(&order.id, Account::Provider).await.unwrap(), 0);
    assert_eq!(tx.trial_balance().await.unwrap(), []);
    assert_eq!(tx.checkout(&open.id).await.unwrap(), None);
    assert_eq!(tx.checkout_by_session("cs_1").await.unwrap(), None);
    assert_eq!(tx.checkouts_of(&order.id).await.unwrap(), []);
    assert_eq!(tx.checkout_request(&open.id).await.unwrap(), None);
    assert_eq!(tx.subject_of_event("evt_1").await.unwrap(), None);
    assert_eq!(tx.product(&tent).await.unwrap(), None);
    assert_eq!(tx.products(std::slice::from_ref(&tent)).await.unwrap(), []);
    assert_eq!(tx.product_of(&t1).await.unwrap(), None);
    assert_eq!(tx.product_ids_after("", 9).await.unwrap(), []);
    assert_eq!(tx.catalog_size().await.unwrap(), (0, 0));
    assert!(tx.fingerprints().await.unwrap().is_empty());
    assert_eq!(tx.vocabulary().await.unwrap(), None);
    assert_eq!(tx.all_passages().await.unwrap(), []);
    assert_eq!(tx.texts().await.unwrap(), []);
    tx.forget_text("returns.md").await.unwrap();
    tx.save_text(&KnownText { source: "returns.md".into(), hash: "theirs".into(), ..KnownText::default() })
        .await
        .unwrap();
    assert_eq!(tx.passages(std::slice::from_ref(&passage.id)).await.unwrap(), []);
    assert!(!tx.holds_job(&foreign).await.unwrap());

    // Changing from over there.
    assert!(!tx.was_sent(&message.id).await.unwrap() && !tx.mark_sent(&message.id, None, now()).await.unwrap());
    assert!(!tx.finish_turn(&turn.id, &"", now()).await.unwrap());
    assert!(!tx.close_proposal(&proposal.id, ProposalState::Committed).await.unwrap());
    assert!(!tx.close_open_proposal(&id, ProposalState::Cancelled).await.unwrap());
    assert!(!tx.move_order(&order, OrderState::AwaitingPayment).await.unwrap());
    assert!(!tx.move_checkout(&open, CheckoutState::Open).await.unwrap());
    assert!(!tx.retire_product(&tent, now()).await.unwrap());
    // Locks nothing of theirs, so it does not wait.
    tx.lock_stock(&std::collections::BTreeSet::from([t1.clone()])).await.unwrap();
    assert!(!tx.hold_stock(&Holder::Order(order.id.clone()), &order.id, &t1, 1, now()).await.unwrap());
    assert_eq!(tx.release_stock(&Holder::Order(order.id.clone())).await.unwrap(), []);
    assert!(!tx.renew_job(&foreign, at(9)).await.unwrap() && !tx.finish_job(&foreign).await.unwrap());
    tx.return_job(&foreign, None, "").await.unwrap();
    tx.sell_stock(&Holder::Order(order.id.clone())).await.unwrap();
    tx.set_answered(&id, 99, &Memory::default()).await.unwrap();
    tx.forget_talks(&contact).await.unwrap();
    tx.set_with(&id, &With::Agent, at(99)).await.unwrap();
    // The same outside names are new over there.
    assert!(tx.first_sight("fake", "m", now()).await.unwrap());
    assert!(tx.keep_event(&event("evt_1", "kind", None), "{}", now()).await.unwrap());
    tx.mark_all_unindexed(now()).await.unwrap();
    assert_eq!(tx.count_unindexed().await.unwrap(), 0);
    assert_eq!(tx.next_order_number().await.unwrap(), 1042);
    tx.commit().await.unwrap();

    for refused in foreign_rows(&db, &there, &order.id, &contact, &id, &turn).await {
        assert!(refused.is_err(), "a row of one shop hangs on a row of another");
    }
    let mut tx = db.tx().await;
    assert_eq!(tx.order(&order.id).await.unwrap(), Some(order.clone()));
    assert_eq!(tx.product(&tent).await.unwrap().unwrap().variants[0].stock, Some(7));
    assert_eq!(tx.conversation(&id).await.unwrap().unwrap().answered_seq, 0);
    assert!(tx.holds_job(&claimed).await.unwrap());
    assert_eq!(tx.release_stock(&Holder::Order(order.id.clone())).await.unwrap(), [t1]);
    assert_eq!(tx.next_order_number().await.unwrap(), 1042);
}

/// Attempts to hang rows of one shop onto rows of the other; each would be a leak.
async fn foreign_rows(
    db: &Db,
    there: &souk::domain::id::ShopId,
    order: &souk::domain::id::OrderId,
    contact: &souk::domain::id::ContactId,
    conversation: &souk::domain::id::ConversationId,
    turn: &OpenTurn,
) -> Vec<Result<(), souk::store::Error>> {
    let checkout = Checkout {
        id: db.id(),
        order: order.clone(),
        state: CheckoutState::Requested,
        session: None,
        amendment: None,
        place: 1,
        amount: euros(1),
        intent: None,
        url: None,
        expires_at: now(),
    };
    let cart = souk::domain::cart::Cart { version: 1, lines: vec![] };
    let mut results = Vec::new();
    let mut tx = db.store.begin(there).await.unwrap();
    results.push(tx.add_alias(contact, "fake", "alias").await.map(drop));
    drop(tx);
    let mut tx = db.store.begin(there).await.unwrap();
    results.push(tx.append(heard(db, conversation, "x")).await.map(drop));
    drop(tx);
    let mut tx = db.store.begin(there).await.unwrap();
    results.push(tx.save_cart(contact, &cart, 0, now()).await);
    drop(tx);
    let mut tx = db.store.begin(there).await.unwrap();
    results.push(tx.insert_checkout(&checkout, "", now()).await);
    drop(tx);
    let mut tx = db.store.begin(there).await.unwrap();
    results.push(tx.write_journal(&turn.id, 1, &"x").await);
    drop(tx);
    let mut tx = db.store.begin(there).await.unwrap();
    results.push(tx.propose(&money::proposal(db, contact, conversation), now()).await);
    drop(tx);
    let mut tx = db.store.begin(there).await.unwrap();
    results.push(tx.insert_order(&money::order(db, contact, "T-2")).await);
    drop(tx);
    results
}

/// A new method of the store has to join the story above.
#[test]
fn every_method_of_a_transaction_is_in_the_story() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let own = concat!(
        include_str!("tenants.rs"),
        include_str!("after_sales.rs"),
        include_str!("inbound.rs"),
        include_str!("usage.rs"),
        include_str!("sends.rs"),
        include_str!("taken_in.rs"),
        include_str!("catalog_runs.rs"),
        include_str!("templates.rs")
    );
    let mut names = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for (_, rest) in text.match_indices("pub async fn ").map(|(at, word)| ((), &text[at + word.len()..])) {
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let signature: String = rest.chars().take(160).filter(|c| !c.is_whitespace()).collect();
            if signature.contains("(&mutself") && !LEFT_OUT.contains(&name.as_str()) {
                names += 1;
                assert!(own.contains(&format!(".{name}(")) || own.contains(&format!(".{name}::<")), "{name}");
            }
        }
    }
    assert!(names > 40, "only {names} methods were seen");
}
