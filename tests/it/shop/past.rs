//! Past turns: told, run again bit for bit, put to another model; and what models may cost.

use crate::world::TestShop;
use crate::world::past::{all, rows};
use serde_json::{Value, json};
use souk::agent::replay::{Difference, Other, Replayed, ask_again, replay};
use souk::agent::trace::{lines, trace};
use souk::domain::conversation::{HandOffReason, With};
use souk::domain::money::Currency;
use souk::llm::price::Cost;
use souk::llm::scripted::Scripted;
use souk::llm::{Answer, Call, Usage};
use std::sync::Arc;

const WAX: &str = "nordvik-boot-wax";

fn reply(text: &str) -> Value {
    json!({"text": text, "show": [], "choices": [], "sources": [], "outcome": "answer"})
}

/// An answer of an endpoint that wants money for it.
fn priced(tool: &str, arguments: &Value) -> Answer {
    Answer {
        calls: vec![Call { id: "c1".into(), tool: tool.into(), arguments: arguments.to_string() }],
        usage: Usage { input: 1_000, cached: 250, output: 20, ..Usage::default() },
        endpoint: "llm.example".into(),
        model: "tiny".into(),
        cost: Some(Cost { millionths: 400_000, currency: Currency::EUR }),
        ..Answer::default()
    }
}

fn waxes() -> Scripted {
    Scripted::new()
        .calls("catalog_get", &json!({"products": [WAX]}))
        .calls("reply", &reply("The Boot Wax 100 ml costs €4.00."))
        .calls("reply", &reply("The Boot Wax 100 ml costs {{p1.price}}."))
        .posing()
}

#[tokio::test]
async fn a_turn_is_told_with_everything_it_did() {
    let shop = TestShop::demo_with(waxes(), |_| ()).await;
    shop.says("Maya", "what does the boot wax cost?").await;
    shop.says("Maya", "a person please").await;
    let turns = all(&shop.app, &shop.conversation("Maya").await.id).await;
    let told = trace(&turns[0]);
    let text = lines(&told).join("\n");
    for part in [
        "shopper: what does the boot wax cost?",
        "answers: scripted model (a fake)",
        "instructions (",
        " tokens)",
        "state (",
        "wants: catalog_get {\"products\":[\"nordvik-boot-wax\"]}",
        "call: catalog_get",
        "fact: p1.price = €9.90",
        "not sent: ",
        "as before: ",
        "remark (",
        "decision: answer",
        "reply: The Boot Wax 100 ml costs €9.90.",
    ] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    assert_eq!(text.matches("asked: ").count(), 3, "{text}");
    assert_eq!(text.matches("instructions (").count(), 1, "what is repeated is not told again: {text}");
    let text = lines(&trace(&turns[1])).join("\n");
    assert!(text.contains("reflex: person") && text.contains("hand-off: asked_for_person"), "{text}");
    assert!(!text.contains("asked: "), "{text}");
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn the_past_does_not_change_with_the_shop() {
    let shop = TestShop::demo().await;
    for said in ["waterproof jacket under 150 in M", "the first one", "can I return worn boots?", "boot wax"] {
        shop.says("Maya", said).await;
    }
    shop.taps("Maya", "Add to cart").await;
    shop.says("Maya", "what is in my cart?").await;
    shop.taps("Maya", "Checkout").await;
    shop.taps("Maya", "Confirm order").await;
    shop.says("Maya", "i paid").await;
    shop.pays("Maya", "4242 4242 4242 4242").await;
    let number = shop.orders().await[0].number.clone();
    shop.says("Maya", &number).await;
    // Another day, other prices, and nothing left to sell.
    shop.waits(2_000).await;
    let mut tx = shop.app.store.begin(&shop.app.shop).await.unwrap();
    for id in tx.product_ids_after("", 10_000).await.unwrap() {
        assert!(tx.retire_product(&id, shop.app.now()).await.unwrap());
    }
    tx.commit().await.unwrap();
    let (before, sent) = (rows(&shop.app).await, shop.network.sent().len());
    let conversation = shop.conversation("Maya").await;
    let turns = all(&shop.app, &conversation.id).await;
    assert_eq!(turns.len(), 10);
    for past in &turns {
        let replayed = replay(&shop.app, &conversation, past).await.unwrap();
        assert_eq!(replayed, Replayed::Same, "{:?}", past.asked);
    }
    assert!(rows(&shop.app).await == before && shop.network.sent().len() == sent, "a replay left a trace");
    shop.over();
}

#[tokio::test]
async fn a_journal_that_does_not_fit_is_seen() {
    let shop = TestShop::demo_with(waxes(), |_| ()).await;
    shop.says("Maya", "what does the boot wax cost?").await;
    let conversation = shop.conversation("Maya").await;
    let past = all(&shop.app, &conversation.id).await.remove(0);
    // As if yesterday's instructions had said something else.
    let mut older = past.clone();
    let (hash, body) = older.texts.iter().find(|(_, body)| body.contains("placeholder")).unwrap();
    let (hash, body) = (hash.clone(), body.replacen("placeholder", "blank", 1));
    older.texts.insert(hash, body);
    let Replayed::Different { differences } = replay(&shop.app, &conversation, &older).await.unwrap() else {
        panic!("not seen");
    };
    let what: Vec<&str> = differences.iter().map(|d| d.what.as_str()).collect();
    assert_eq!(what, ["prompt 1", "prompt 2", "prompt 3"], "the reply is the same");
    // As if the tool had answered something else.
    let text = serde_json::to_string(&past.entries).unwrap().replace("990", "991");
    let other = souk::agent::past::Past { entries: serde_json::from_str(&text).unwrap(), ..past.clone() };
    let Replayed::Different { differences } = replay(&shop.app, &conversation, &other).await.unwrap() else {
        panic!("not seen");
    };
    let Difference { before, now, .. } = differences.iter().find(|d| d.what == "text").unwrap();
    assert!(before.contains("€9.90") && now.contains("€9.91"), "{before} {now}");
    // As if an act had not been recorded: it is not done now.
    let cut = souk::agent::past::Past {
        entries: past
            .entries
            .iter()
            .filter(|e| !matches!(e, souk::agent::journal::entry::Entry::Called(_)))
            .cloned()
            .collect(),
        ..past.clone()
    };
    assert!(matches!(replay(&shop.app, &conversation, &cut).await.unwrap(), Replayed::Different { .. }));
    let old = souk::agent::past::Past { entries: past.entries[1..].to_vec(), ..past };
    let Replayed::Cannot { why } = replay(&shop.app, &conversation, &old).await.unwrap() else { panic!("{old:?}") };
    assert!(why.contains("before journals held"), "{why}");
    assert!(lines(&trace(&old)).join("\n").contains("before journals held"));
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn another_model_is_tried_without_any_effect() {
    let shop = TestShop::demo_with(waxes(), |_| ()).await;
    shop.says("Maya", "what does the boot wax cost?").await;
    let (before, sent) = (rows(&shop.app).await, shop.network.sent().len());
    let conversation = shop.conversation("Maya").await;
    let past = all(&shop.app, &conversation.id).await.remove(0);
    let eager = Scripted::new()
        .calls("catalog_get", &json!({"products": [WAX]}))
        .calls("cart_edit", &json!({"operations": [{"do": "add", "variant": "NV-BOW100", "quantity": 2}]}))
        .calls("cart_edit", &json!({"operations": [{"do": "add", "variant": "NV-BOW100", "quantity": 1}]}))
        .calls("checkout_propose", &json!({}))
        .calls("reply", &reply("Here is your order."));
    let model = Arc::new(eager);
    let other = Other { model: model.clone(), instructions: Some("You sell for {{ shop }}.".to_owned()) };
    let replayed = ask_again(&shop.app, &conversation, &past, other).await.unwrap();
    let Replayed::Different { differences } = replayed else { panic!("{replayed:?}") };
    let decision = differences.iter().find(|d| d.what == "decision").unwrap();
    assert_eq!((decision.before.as_str(), decision.now.as_str()), ("answer", "propose"));
    let shown = differences.iter().find(|d| d.what == "reply").unwrap();
    assert!(shown.now.contains("€29.70"), "what was tried adds up: {}", shown.now);
    let requests = model.requests();
    assert!(requests[0].system.starts_with("You sell for Fjellheim"), "{}", requests[0].system);
    assert!(rows(&shop.app).await == before, "a rehearsal left a trace");
    assert!(shop.network.sent().len() == sent && shop.app.store.count_jobs().await.unwrap().waiting == 0);
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn a_spent_budget_means_the_planner_answers() {
    let model = || {
        Scripted::new()
            .always(|_| {
                Ok(priced(
                    "reply",
                    &json!({"text": "Hello from the model.", "show": [], "choices": [],
                "sources": [], "outcome": "answer"}),
                ))
            })
            .posing()
    };
    let shop = TestShop::demo_with(model(), |c| c.budget.shop_day_cost = "0.80".to_owned()).await;
    for _ in 0..2 {
        shop.says("Maya", "boot wax please").await;
        assert!(shop.hears("Maya").await.ends_with("Hello from the model."));
    }
    shop.says("Maya", "boot wax please").await;
    let heard = shop.hears("Maya").await;
    assert!(heard.contains("# Boot Wax 100 ml") && !heard.contains("from the model"), "{heard}");
    shop.says("Maya", "can you write me a poem about the sea and the moon?").await;
    let turns = all(&shop.app, &shop.conversation("Maya").await.id).await;
    let text = lines(&trace(&turns[2])).join("\n");
    assert!(text.contains("note: The keyless planner answers. The day's budget for the model is spent: 0.80 of 0.80."));
    let text = lines(&trace(&turns[0])).join("\n");
    assert!(
        text.contains("by tiny llm.example") && text.contains("1000 tokens read (250 cached), 20 written, 0.40 EUR")
    );
    if let With::Colleague { hand_off } = shop.conversation("Maya").await.with {
        assert_eq!(hand_off.reason, HandOffReason::Limit);
    }
    let mut tx = shop.app.store.read(&shop.app.shop).await.unwrap();
    let spent = tx.usage_since(jiff::Timestamp::UNIX_EPOCH, None).await.unwrap().remove(0);
    assert_eq!((spent.turns, spent.used.cost, spent.used.cached_percent()), (2, Some(800_000), 25));
    drop(tx);
    shop.waits(24 * 60).await;
    shop.says("Ben", "boot wax please").await;
    assert!(shop.hears("Ben").await.ends_with("Hello from the model."), "a new day, a new budget");
    shop.finish(&["Ben"]).await;

    let shop = TestShop::demo_with(model(), |c| c.budget.contact_day_turns = 1).await;
    for who in ["Maya", "Maya", "Ben"] {
        shop.says(who, "boot wax please").await;
    }
    assert_eq!(shop.hears("Maya").await.matches("from the model").count(), 1);
    assert_eq!(shop.hears("Ben").await.matches("from the model").count(), 1, "a limit of one contact is no one else's");
    shop.finish(&["Maya", "Ben"]).await;
}

#[tokio::test]
async fn who_writes_too_fast_is_answered_once() {
    let shop = TestShop::demo_with(souk::llm::keyless::Keyless, |c| c.budget.contact_messages_per_minute = 3).await;
    for _ in 0..3 {
        shop.says("Maya", "boot wax please").await;
    }
    assert_eq!(shop.replies("Maya").await.len(), 3);
    let started = shop.app.now();
    for n in 0..6 {
        shop.writes("Maya", &format!("m{n}"), souk::domain::message::Said::Text("boot wax".into())).await;
        souk::worker::drain(&shop.app, 100).await;
    }
    assert_eq!(shop.replies("Maya").await.len(), 3, "nothing is answered yet");
    shop.says("Ben", "boot wax please").await;
    shop.settles_down().await;
    assert_eq!(shop.replies("Ben").await.len(), 1, "somebody else is");
    assert_eq!(shop.replies("Maya").await.len(), 4, "all six are answered, once");
    assert!(shop.app.now().duration_since(started).as_secs() >= 55);
    shop.finish(&["Maya", "Ben"]).await;
}
