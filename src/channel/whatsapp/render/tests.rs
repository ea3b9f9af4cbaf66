//! Replies as bubbles: each kind in full, and any reply at all.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail by panicking")]

mod any;
mod text;

use super::*;
use crate::channel::whatsapp::limits::check;
use crate::domain::id::{ProductId, ProposalId, VariantId};
use crate::domain::message::{
    Button, Card, Document, Left, Link, Notice, PaymentRequest, Share, Source, Summary, SummaryLine, SummaryTotal,
};
use serde_json::json;

fn voice() -> Voice {
    Voice::of_tag("en")
}

fn with(reply: &Reply, catalog: Option<&str>) -> Vec<Bubble> {
    let voice = voice();
    let bubbles = render(reply, &Situation { catalog, quote: None, voice: &voice, now: Timestamp::UNIX_EPOCH });
    for bubble in &bubbles {
        check(&bubble.body).unwrap_or_else(|breach| panic!("{breach}: {}", bubble.body));
        assert_eq!(bubble.category, Category::Service);
    }
    bubbles
}

/// The only bubble of a reply.
fn one(reply: &Reply) -> Bubble {
    let mut bubbles = with(reply, None);
    assert_eq!(bubbles.len(), 1, "{bubbles:#?}");
    bubbles.remove(0)
}

fn kinds(bubbles: &[Bubble]) -> Vec<&'static str> {
    bubbles.iter().map(|bubble| bubble.kind).collect()
}

fn choices(labels: &[&str]) -> Vec<Button> {
    labels.iter().map(|label| Button::new(format!("say:{label}"), *label)).collect()
}

fn card(id: &str, title: &str) -> Card {
    Card {
        product: ProductId::new(id),
        title: title.into(),
        subtitle: "M / Blue · Nordvik".into(),
        price: "€149.90".into(),
        compare_at: None,
        stock: "2 left".into(),
        left: Left::Few,
        picture: Some(format!("https://shop.example/{id}.jpg")),
        choices: vec![Button::new(format!("show:{id}"), "Details"), Button::new(format!("add:{id}-m"), "Add to cart")],
        article: Some(VariantId::new(id)),
    }
}

fn summary() -> Summary {
    Summary {
        proposal: ProposalId::new("p1"),
        title: "Your order".into(),
        lines: vec![SummaryLine {
            title: "Fjell".into(),
            options: "M / Blue".into(),
            quantity: 2,
            unit: "€99.00".into(),
            total: "€198.00".into(),
        }],
        totals: vec![
            SummaryTotal { label: "Delivery".into(), amount: "free".into(), strong: false },
            SummaryTotal { label: "Total".into(), amount: "€198.00".into(), strong: true },
        ],
        expires_at: Timestamp::UNIX_EPOCH,
        choices: vec![Button::new("confirm:p1", "Confirm order"), Button::new("cancel:p1", "Cancel")],
    }
}

fn payment() -> PaymentRequest {
    PaymentRequest {
        order: "FJ-1".into(),
        total: "€198.00".into(),
        url: "https://pay.example/s1".into(),
        label: "Pay €198.00".into(),
        expires_at: Timestamp::UNIX_EPOCH,
    }
}

fn link() -> Link {
    Link { label: "See order".into(), url: "https://shop.example/orders/x".into() }
}

#[test]
fn words_alone_are_a_text() {
    assert_eq!(one(&Reply::text("Hello.")).body, json!({ "type": "text", "text": { "body": "Hello." } }));
    assert!(with(&Reply::default(), None).is_empty());
    assert!(with(&Reply::text(" \u{200b}\n"), None).is_empty(), "nothing to see");
}

#[test]
fn a_quote_stands_above_the_first_bubble_only() {
    let voice = voice();
    let reply = Reply::text("word ".repeat(1_500));
    let situation = Situation { catalog: None, quote: Some("wamid.IN1"), voice: &voice, now: Timestamp::UNIX_EPOCH };
    let bubbles = render(&reply, &situation);
    assert_eq!(bubbles.len(), 2);
    assert_eq!(bubbles[0].body["context"], json!({ "message_id": "wamid.IN1" }));
    assert!(bubbles[1].body.get("context").is_none());
}

#[test]
fn three_choices_are_buttons_with_the_words_above() {
    let bubble = one(&Reply { choices: choices(&["Blue", "Red", "Blue"]), ..Reply::text("Which **colour**?") });
    assert_eq!(
        bubble.body,
        json!({ "type": "interactive", "interactive": {
            "type": "button",
            "body": { "text": "Which *colour*?" },
            "action": { "buttons": [
                { "type": "reply", "reply": { "id": "say:Blue", "title": "Blue" } },
                { "type": "reply", "reply": { "id": "say:Red", "title": "Red" } },
            ] },
        } })
    );
    assert!(bubble.doubles);
}

#[test]
fn labels_that_are_cut_alike_stay_apart() {
    let mut reply = Reply { summary: Some(summary()), ..Reply::text("Check it:") };
    let long = "Bestätige die ganze Bestellung ";
    reply.summary.as_mut().unwrap().choices =
        vec![Button::new("confirm:a", format!("{long}A")), Button::new("confirm:b", format!("{long}B"))];
    let buttons = one(&reply).body["interactive"]["action"]["buttons"].clone();
    assert_eq!(buttons[0]["reply"]["title"], "Bestätige die ganze…");
    assert_eq!(buttons[1]["reply"]["title"], "Bestätige die gan… 2");
}

#[test]
fn more_choices_long_labels_and_second_lines_make_a_list() {
    let labels = ["38", "39", "40", "41"];
    let bubble = one(&Reply { choices: choices(&labels), ..Reply::text("Which size?") });
    assert_eq!(
        bubble.body["interactive"],
        json!({
            "type": "list",
            "body": { "text": "Which size?" },
            "action": { "button": "Choose", "sections": [{ "rows": [
                { "id": "say:38", "title": "38" }, { "id": "say:39", "title": "39" },
                { "id": "say:40", "title": "40" }, { "id": "say:41", "title": "41" },
            ] }] },
        })
    );
    let long = one(&Reply { choices: choices(&["Change the address of order FJ-1042"]), ..Reply::text("x") });
    let row = &long.body["interactive"]["action"]["sections"][0]["rows"][0];
    assert_eq!(row["title"], "Change the address of o…");
    assert_eq!(row["description"], "Change the address of order FJ-1042");
    let hinted = Button { hint: Some("2 left".into()), ..Button::new("pick:a", "Blue") };
    let bubble = one(&Reply { choices: vec![hinted], ..Reply::text("x") });
    assert_eq!(bubble.body["interactive"]["action"]["sections"][0]["rows"][0]["description"], "2 left");
}

#[test]
fn too_many_choices_are_numbered_and_a_number_is_understood() {
    let labels: Vec<String> = (1..=12).map(|n| format!("Colour {n}")).collect();
    let reply =
        Reply { choices: choices(&labels.iter().map(String::as_str).collect::<Vec<_>>()), ..Reply::text("Which?") };
    let bubble = one(&reply);
    let body = bubble.body["text"]["body"].as_str().unwrap();
    assert!(body.starts_with("Which?\n\nAnswer with a number:\n1. Colour 1\n2. Colour 2\n"), "{body}");
    assert_eq!(typed(&reply, "12").unwrap().id, "say:Colour 12");
    assert_eq!(typed(&reply, "#3.").unwrap().id, "say:Colour 3");
    assert_eq!(typed(&reply, "colour 7").unwrap().id, "say:Colour 7");
    for not in ["0", "13", "two of them", "", "-1", "99999999999999999999999"] {
        assert_eq!(typed(&reply, not), None, "{not}");
    }
    let few = Reply { choices: choices(&["1", "Two"]), ..Reply::text("x") };
    assert_eq!(typed(&few, "2"), None, "nothing was numbered");
    assert_eq!(typed(&few, "two!").unwrap().id, "say:Two");
}

#[test]
fn one_card_has_its_picture_above_and_its_buttons_below() {
    let bubble = one(&Reply { cards: vec![card("fjell", "Fjell")], ..Reply::text("I found this:") });
    assert_eq!(
        bubble.body["interactive"],
        json!({
            "type": "button",
            "header": { "type": "image", "image": { "link": "https://shop.example/fjell.jpg" } },
            "body": { "text": "I found this:\n\n*Fjell*\nM / Blue · Nordvik\n€149.90 · 2 left" },
            "action": { "buttons": [
                { "type": "reply", "reply": { "id": "show:fjell", "title": "Details" } },
                { "type": "reply", "reply": { "id": "add:fjell-m", "title": "Add to cart" } },
            ] },
        })
    );
    for inside in ["/pictures/a.jpg", "http://shop.example/a.jpg", "https://localhost/a.jpg", "https://10.0.0.1/a.jpg"]
    {
        let card = Card { picture: Some(inside.into()), ..card("a", "A") };
        let bubble = one(&Reply { cards: vec![card], ..Reply::default() });
        assert!(bubble.body["interactive"].get("header").is_none(), "{inside}");
    }
    let plain = Card { choices: vec![], compare_at: Some("€200.00".into()), ..card("a", "A") };
    let bubble = one(&Reply { cards: vec![plain], ..Reply::default() });
    assert_eq!(bubble.body["image"]["caption"], "*A*\nM / Blue · Nordvik\n€149.90 ~€200.00~ · 2 left");
}

#[test]
fn several_cards_are_one_list_of_products_or_the_catalogues_own() {
    let reply = Reply { cards: vec![card("a", "Fjell"), card("b", "Skog")], ..Reply::text("Two fit:") };
    let bubble = one(&reply);
    assert_eq!(
        bubble.body["interactive"],
        json!({
            "type": "list",
            "body": { "text": "Two fit:\n\n1. *Fjell* · €149.90 · 2 left\n2. *Skog* · €149.90 · 2 left" },
            "action": { "button": "Choose", "sections": [{ "rows": [
                { "id": "show:a", "title": "Fjell", "description": "€149.90 · 2 left · M / Blue · Nordvik" },
                { "id": "show:b", "title": "Skog", "description": "€149.90 · 2 left · M / Blue · Nordvik" },
            ] }] },
        })
    );
    let bubbles = with(&reply, Some("770"));
    assert_eq!(
        bubbles[0].body["interactive"],
        json!({
            "type": "product_list",
            "header": { "type": "text", "text": "Products" },
            "body": { "text": "Two fit:" },
            "action": { "catalog_id": "770", "sections": [{ "title": "Products", "product_items": [
                { "product_retailer_id": "a" }, { "product_retailer_id": "b" },
            ] }] },
        })
    );
    let one_card = Reply { cards: vec![card("a", "Fjell")], ..Reply::text("x") };
    assert_eq!(kinds(&with(&one_card, Some("770"))), ["product"]);
    let more = Reply { choices: choices(&["Cheaper"]), ..reply };
    let bubbles = with(&more, Some("770"));
    assert_eq!(kinds(&bubbles), ["list"], "the catalogue's list has no room for another choice");
    let sections = &bubbles[0].body["interactive"]["action"]["sections"];
    assert_eq!((&sections[0]["title"], &sections[1]["title"]), (&json!("Products"), &json!("More")));
}

#[test]
fn a_summary_is_written_out_above_its_buttons_and_is_not_doubled() {
    let bubble = one(&Reply { summary: Some(summary()), ..Reply::text("Please check:") });
    assert_eq!(
        bubble.body["interactive"]["body"]["text"],
        "Please check:\n\n*Your order*\n2 × Fjell (M / Blue) (€99.00): €198.00\nDelivery: free\n*Total: €198.00*"
    );
    assert_eq!(bubble.body["interactive"]["action"]["buttons"][0]["reply"]["id"], "confirm:p1");
    assert!(!bubble.doubles);
}

#[test]
fn a_page_is_a_button_and_what_is_offered_beside_it_is_named() {
    let bubble = one(&Reply { payment: Some(payment()), ..Reply::text("Please pay.") });
    assert_eq!(
        bubble.body["interactive"],
        json!({
            "type": "cta_url",
            "body": { "text": "Please pay." },
            "action": { "name": "cta_url", "parameters": { "display_text": "Pay €198.00", "url": "https://pay.example/s1" } },
        })
    );
    assert!(!bubble.doubles);
    let status = vec![Button::new("order:FJ-1", "Order status")];
    let reply = Reply { link: Some(link()), choices: status, ..Reply::text("Paid.") };
    let bubble = one(&reply);
    assert_eq!(bubble.body["interactive"]["body"]["text"], "Paid.\n\nYou can also write: Order status");
    assert_eq!(typed(&reply, "order status").unwrap().id, "order:FJ-1");
    let odd = PaymentRequest { url: "pay.example/s1".into(), ..payment() };
    let bubble = one(&Reply { payment: Some(odd), ..Reply::text("Pay.") });
    assert_eq!(bubble.body["text"]["body"], "Pay.\n\nPay €198.00 pay.example/s1", "it must stay payable");
}

#[test]
fn a_file_stands_above_buttons_or_bears_the_words_itself() {
    let file = Document { name: "receipt FJ-1.pdf".into(), url: "https://shop.example/r.pdf".into() };
    let alone = one(&Reply { document: Some(file.clone()), ..Reply::text("Your receipt.") });
    assert_eq!(
        alone.body,
        json!({ "type": "document", "document": {
            "link": "https://shop.example/r.pdf", "filename": "receipt FJ-1.pdf", "caption": "Your receipt.",
        } })
    );
    let beside = one(&Reply { document: Some(file.clone()), link: Some(link()), ..Reply::text("x") });
    assert_eq!(beside.body["interactive"]["header"]["document"]["filename"], "receipt FJ-1.pdf");
    let local = Document { url: "http://127.0.0.1:8080/r.pdf".into(), ..file };
    let bubble = one(&Reply { document: Some(local), ..Reply::text("x") });
    assert_eq!(bubble.kind, "cta_url", "the network cannot fetch it, but the shopper can");
}

#[test]
fn what_is_to_be_shared_is_asked_for() {
    let bubble = one(&Reply { share: Some(Share::Location), ..Reply::text("Where to?") });
    assert_eq!(
        bubble.body["interactive"],
        json!({ "type": "location_request_message", "body": { "text": "Where to?" }, "action": { "name": "send_location" } })
    );
    let bubble = one(&Reply { share: Some(Share::Phone), ..Reply::default() });
    assert_eq!(bubble.body["interactive"]["body"]["text"], "Please share your phone number.");
}

#[test]
fn sources_stand_below_and_a_change_of_hands_is_told_even_without_words() {
    let source = |title: &str, heading: &str| Source { title: title.into(), heading: heading.into() };
    let sources = vec![source("Returns", "How long"), source("Returns", "How long"), source("Shipping", "Shipping")];
    let bubble = one(&Reply { sources, ..Reply::text("30 days.") });
    assert_eq!(bubble.body["text"]["body"], "30 days.\n\n_Returns – How long_\n_Shipping_");
    let bubble = one(&Reply { notice: Some(Notice::HandOff), ..Reply::default() });
    assert_eq!(bubble.body["text"]["body"], "Of course, I'm getting a colleague.");
}

#[test]
fn two_things_that_cannot_share_a_bubble_are_two() {
    let reply = Reply { summary: Some(summary()), link: Some(link()), ..Reply::text("x") };
    assert_eq!(kinds(&with(&reply, None)), ["button", "cta_url"]);
    let reply = Reply { payment: Some(payment()), link: Some(link()), ..Reply::text("x") };
    let bubbles = with(&reply, None);
    assert_eq!(kinds(&bubbles), ["cta_url", "cta_url"]);
    assert_eq!(bubbles[1].body["interactive"]["body"]["text"], "See order");
}

#[test]
fn long_words_take_bubbles_of_their_own_and_the_rest_stays_with_the_buttons() {
    let text = "A sentence of some length stands here. ".repeat(100);
    let bubbles = with(&Reply { choices: choices(&["Yes"]), ..Reply::text(&text) }, None);
    assert_eq!(kinds(&bubbles), ["text", "button"]);
    assert!(bubbles[0].body["text"]["body"].as_str().unwrap().ends_with("here."));
    assert!(bubbles[1].body["interactive"]["body"]["text"].as_str().unwrap().starts_with("A sentence"));
    let endless = with(&Reply::text("word ".repeat(5_000)), None);
    assert_eq!(endless.len(), WORD_BUBBLES_MAX);
    let last = &endless[WORD_BUBBLES_MAX - 1].body["interactive"];
    assert!(last["body"]["text"].as_str().unwrap().ends_with('…'));
    assert_eq!(last["action"]["buttons"][0]["reply"]["title"], "Read on");
}

#[test]
fn marks_and_reactions_are_small() {
    assert_eq!(
        read_mark("wamid.1", true),
        json!({ "status": "read", "message_id": "wamid.1", "typing_indicator": { "type": "text" } })
    );
    assert_eq!(read_mark("wamid.1", false), json!({ "status": "read", "message_id": "wamid.1" }));
    let reaction = reaction("wamid.1", "👍");
    assert_eq!(reaction, json!({ "type": "reaction", "reaction": { "message_id": "wamid.1", "emoji": "👍" } }));
    check(&reaction).unwrap();
    check(&read_mark("wamid.1", true)).unwrap();
}
