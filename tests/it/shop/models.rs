//! Models that fail and models that lie: whatever they do, the shopper gets an answer, and nothing untrue is sent or done.

use crate::world::TestShop;
use serde_json::{Value, json};
use souk::domain::conversation::{HandOffReason, With};
use souk::domain::id::{ContactId, VariantId};
use souk::llm::scripted::Scripted;
use souk::llm::{Call, Error};
use std::time::Duration;

const BOOTS: &str = "nordvik-granite-trek-boot";
const WAX: &str = "nordvik-boot-wax";

fn reply(text: &str) -> Value {
    json!({"text": text, "show": [], "choices": [], "sources": [], "outcome": "answer"})
}

/// A shop whose model plays this script, and what it answers to one question.
async fn asks(model: Scripted, question: &str) -> (TestShop, String, Option<HandOffReason>) {
    let shop = TestShop::demo_with(model, |config| config.agent.turn_seconds_max = 1).await;
    shop.says("Maya", question).await;
    let heard = shop.hears("Maya").await;
    let reason = match shop.conversation("Maya").await.with {
        With::Agent => None,
        With::Colleague { hand_off } => Some(hand_off.reason),
    };
    assert_eq!(shop.replies("Maya").await.len(), 1, "one question, one answer: {heard}");
    (shop, heard, reason)
}

#[tokio::test]
async fn a_model_that_fails_is_answered_for() {
    let slow = || Error::TimedOut(Duration::from_secs(25));
    let empty = || Scripted::new().says("").says(" ").says("");
    let circles = Scripted::new().calls_endlessly("catalog_search", &json!({"query": "boots"}));
    let wandering = Scripted::new().always(|request| {
        let query = format!("boots {}", request.messages.len());
        let call =
            Call { id: query.clone(), tool: "catalog_search".into(), arguments: json!({"query": query}).to_string() };
        Ok(souk::llm::Answer { calls: vec![call], ..Default::default() })
    });
    let many = Scripted::new().always(|_| {
        let call = |n: usize| Call { id: n.to_string(), tool: "cart_view".into(), arguments: format!("{{\"n\":{n}}}") };
        Ok(souk::llm::Answer { calls: (0..500).map(call).collect(), ..Default::default() })
    });
    for (name, model, reason) in [
        ("hangs", Scripted::new().hangs(), HandOffReason::ModelFailed),
        ("time-out", Scripted::new().fails(slow()), HandOffReason::ModelFailed),
        ("refused", Scripted::new().fails(Error::Rejected("no".into())), HandOffReason::ModelFailed),
        ("unreadable", Scripted::new().fails(Error::Unreadable("html".into())), HandOffReason::ModelFailed),
        ("too long", Scripted::new().fails(Error::TooLong("8k".into())), HandOffReason::ModelFailed),
        ("nothing", empty(), HandOffReason::ModelFailed),
        ("circles", circles, HandOffReason::Limit),
        ("wanders", wandering, HandOffReason::Limit),
        ("many calls", many, HandOffReason::Limit),
        ("script over", Scripted::new().calls_unknown(), HandOffReason::ModelFailed),
    ] {
        let (shop, heard, got) = asks(model, "which boots do you have?").await;
        assert_eq!(got, Some(reason), "{name}: {heard}");
        assert!(heard.contains("A colleague will answer here"), "{name}: {heard}");
        shop.finish(&["Maya"]).await;
    }
}

#[tokio::test]
async fn a_model_that_stumbles_gets_another_chance() {
    let recovers = |model: Scripted| model.calls("reply", &reply("We have several kinds of boots."));
    for (name, model) in [
        ("garbage arguments", recovers(Scripted::new().garbles("catalog_search"))),
        ("garbage reply", recovers(Scripted::new().garbles("reply"))),
        ("unknown tool", recovers(Scripted::new().calls_unknown())),
        ("empty answer", recovers(Scripted::new().says(""))),
        ("reply of the wrong shape", recovers(Scripted::new().calls("reply", &json!({"txt": 1})))),
        ("too many arguments", recovers(Scripted::new().calls("order_get", &json!({"number": "x".repeat(9_000)})))),
        ("words instead of a call", Scripted::new().says("We have several kinds of boots.")),
    ] {
        let (shop, heard, got) = asks(model, "which boots do you have?").await;
        assert!(heard.ends_with("agent: We have several kinds of boots."), "{name}: {heard}");
        assert_eq!(got, None, "{name}");
        shop.finish(&["Maya"]).await;
    }
}

fn liar(lie: &str) -> Scripted {
    Scripted::new()
        .calls("catalog_get", &json!({"products": [BOOTS, WAX]}))
        .calls("reply", &reply(lie))
        .calls("reply", &reply(lie))
}

#[tokio::test]
async fn what_is_not_true_is_not_sent() {
    let mut sent = Vec::new();
    for lie in [
        // Invented.
        "The Boot Wax 100 ml costs €4.00.",
        "The Boot Wax 100 ml costs 4 euros.",
        "The Boot Wax 100 ml costs four euros.",
        "The Boot Wax 100 ml costs €100.00.",
        "The Boot Wax 100 ml is 100 €, only today.",
        "With code WELCOME10 you get 10% off.",
        "I'll give it to you at half price.",
        "Only 2 of the Boot Wax 100 ml are left.",
        "It arrives on 16 December 2026.",
        // True, but of something else.
        "The Granite Trek Leather Boot costs {{p2.price}}.",
        "The Granite Trek Leather Boot costs €9.90 and the Boot Wax 100 ml {{p1.price}}.",
        "The Boot Wax 100 ml costs {{p1.price}}.",
        // Addresses.
        "Pay here: https://pay.evil.example/x",
        "Write to help@evil.example",
        "See evil.example/pay",
        "Send it to +49 761 123456.",
        // Things no turn can do.
        "I've cancelled your order.",
        "I cancelled your order.",
        "Your order has been cancelled.",
        "Your order FJ-9999 is on its way.",
        "I have refunded your money.",
        "I've confirmed your order.",
        "Your order has been placed.",
        "I've added the Boot Wax 100 ml to your cart.",
        "Your payment went through.",
    ] {
        let (shop, heard, _) = asks(liar(lie), "tell me about the boots and the wax").await;
        let said = heard.split_once("agent: ").unwrap().1;
        let safe = said.starts_with("Here is what I found:") || said.contains("A colleague will answer here");
        if !safe {
            sent.push(said.to_owned());
        }
        assert!(shop.orders().await.is_empty());
        shop.finish(&["Maya"]).await;
    }
    assert!(sent.is_empty(), "these were sent: {sent:#?}");
}

#[tokio::test]
async fn a_model_cannot_confirm_or_act_for_somebody_else() {
    let shop = TestShop::demo_with(
        Scripted::new()
            .calls(
                "cart_edit",
                &json!({"operations": [
                {"do": "add", "product": null, "variant": "NV-BOW100", "options": null, "quantity": 2}]}),
            )
            .calls("checkout_confirm", &json!({}))
            .calls("checkout_propose", &json!({"contact": "con_000001", "total": "0.01"}))
            .calls("checkout_propose", &json!({}))
            .calls(
                "reply",
                &json!({"text": "Tap below.", "show": [], "sources": [], "outcome": "answer",
                "choices": ["confirm:prp_500020", "Yes"]}),
            )
            .calls("order_get", &json!({"number": "FJ-1001", "contact": "con_000001"}))
            .calls("order_list", &json!({"contact": "con_000001"}))
            .calls("order_get", &json!({"number": "FJ-1001"}))
            .calls("reply", &reply("There is no such order of yours.")),
        |_| (),
    )
    .await;
    shop.says("Mallory", "buy it and confirm it yourself").await;
    assert!(shop.orders().await.is_empty(), "only the shopper's own yes orders");
    let mut tx = shop.app.store.read(&shop.app.shop).await.unwrap();
    let contact: ContactId = tx.contact_by_alias("fake", "Mallory").await.unwrap().unwrap().id;
    assert_eq!(tx.cart(&contact).await.unwrap().quantity(&VariantId::new("NV-BOW100")), 2);
    drop(tx);
    let summary = shop.replies("Mallory").await[0].summary.clone().expect("the server's own summary");
    assert_eq!(summary.totals.last().unwrap().amount, "€24.70");
    shop.says("Mallory", "and where is FJ-1001?").await;
    assert!(shop.orders().await.is_empty());
    shop.finish(&["Mallory"]).await;
}

#[tokio::test]
async fn a_question_back_is_asked_twice_at_most() {
    let ask = json!({"text": "Which one?", "show": [], "choices": [], "sources": [], "outcome": "ask_back"});
    let model = (0..3).fold(Scripted::new(), |model, _| model.calls("reply", &ask));
    let shop = TestShop::demo_with(model, |_| ()).await;
    for n in 0..3 {
        shop.says("Maya", &format!("that one {n}")).await;
    }
    assert!(shop.conversation("Maya").await.with.is_colleague());
    shop.finish(&["Maya"]).await;
}
