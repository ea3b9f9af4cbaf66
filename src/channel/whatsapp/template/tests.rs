//! Forms: read leniently, checked strictly, chosen by language, filled whole or not at all.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail by panicking")]

use super::*;
use crate::channel::whatsapp::limits;
use crate::domain::template::{Category, Template};
use crate::wording::Language;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn wanted(name: &str, language: &str, values: &[(&str, &str)]) -> Template {
    let values = values.iter().map(|(gap, value)| ((*gap).to_owned(), (*value).to_owned())).collect();
    Template { name: name.into(), language: language.into(), category: Category::Utility, values }
}

fn entry(name: &str, language: &str, components: Value) -> Value {
    json!({ "id": "9", "name": name, "language": language, "status": "APPROVED", "category": "UTILITY",
        "components": components })
}

fn form(components: Value) -> Approved {
    Approved::read(&entry("order_sent", "pt_BR", components)).unwrap()
}

fn good() -> Definition {
    Definition {
        name: "order_sent".into(),
        language: "pt_BR".into(),
        category: Category::Utility,
        header: Some("Order {{number}}".into()),
        body: "Order {{number}} left with {{carrier}} today.".into(),
        footer: Some("Fjell".into()),
        buttons: vec![
            ButtonText::Url { text: "See".into(), url: "https://a.example/o/{{1}}".into(), sample: "x1".into() },
            ButtonText::QuickReply { text: "Ask".into() },
        ],
        samples: BTreeMap::from([("number".into(), "FJ-1".into()), ("carrier".into(), "DHL".into())]),
    }
}

#[test]
fn a_listing_is_read_leniently() {
    let answer = json!({
        "data": [
            entry("a", "en", json!([
                { "type": "HEADER", "format": "TEXT", "text": "Order {{1}}" },
                { "type": "body", "text": "Hello {{1}}, welcome." },
                { "type": "BUTTONS", "buttons": [
                    { "type": "URL", "text": "See", "url": "https://a.example/{{1}}" },
                    { "type": "OTP", "text": "Copy" }, { "type": "PHONE_NUMBER", "text": "Call" },
                ] },
                { "type": "CAROUSEL", "cards": [] },
            ])),
            { "id": 7, "name": "b", "language": "de", "status": "new word", "category": "odd", "quality_score": "RED" },
            { "name": "no language" }, 5, null, "text",
        ],
        "paging": { "cursors": { "after": "c1" }, "next": "https://graph.example/next" },
    });
    let (forms, next) = parse(&answer);
    assert_eq!(next.as_deref(), Some("c1"));
    assert_eq!(forms.len(), 2);
    assert_eq!(forms[0].header, HeaderShape::Text("Order {{1}}".into()));
    assert_eq!(forms[0].buttons[1], ButtonShape::Other { kind: "OTP".into() });
    assert_eq!(forms[0].others, ["CAROUSEL"]);
    assert_eq!((forms[1].outside_id.as_str(), forms[1].status, forms[1].quality), ("7", Status::Other, Quality::Red));
    assert_eq!(forms[1].category, None);
    assert_eq!(parse(&json!({ "data": "x", "paging": { "cursors": { "after": "c" } } })), (vec![], None));
}

#[test]
fn the_nearest_language_is_chosen_of_what_may_leave() {
    let all: Vec<Approved> = ["pt_PT", "en_US", "de", "pt", "es_MX"]
        .iter()
        .map(|language| Approved::read(&entry("order_sent", language, json!([]))).unwrap())
        .collect();
    let chosen =
        |language: &str| choose_for(&all, &wanted("order_sent", language, &[]), "de-AT").unwrap().language.clone();
    assert_eq!(chosen("pt-PT"), "pt_PT");
    assert_eq!(chosen("pt-BR"), "pt", "for everybody before another region's");
    assert_eq!(chosen("es"), "es_MX");
    assert_eq!(chosen("fi"), "de", "the shop's");
    assert_eq!(choose(&all, &wanted("order_sent", "fi", &[])).unwrap().language, "en_US");
    assert_eq!(choose(&all, &wanted("order_paid", "de", &[])), None);
    let paused: Vec<Approved> = all.into_iter().map(|form| Approved { status: Status::Paused, ..form }).collect();
    assert_eq!(choose(&paused, &wanted("order_sent", "de", &[])), None);
    let filled = fill(&wanted("order_sent", "pt", &[]), &paused[0]);
    assert_eq!(filled, Err(Error::NotApproved { template: "order_sent".into() }));
}

#[test]
fn named_gaps_header_page_and_payload_are_filled() {
    let approved = form(json!([
        { "type": "HEADER", "format": "TEXT", "text": "Order {{number}}" },
        { "type": "BODY", "text": "Order {{number}} left with {{carrier}}. Again: {{number}}!" },
        { "type": "BUTTONS", "buttons": [
            { "type": "PHONE_NUMBER", "text": "Call" },
            { "type": "URL", "text": "See", "url": "https://a.example/o/{{1}}" },
            { "type": "QUICK_REPLY", "text": "Read" },
        ] },
    ]));
    let values = [("number", "FJ-1"), ("carrier", "DHL"), ("url", "x.1a"), ("payload", "say:Read")];
    let bubble = fill(&wanted("order_sent", "pt-BR", &values), &approved).unwrap();
    limits::check(&bubble.body).unwrap();
    assert_eq!((bubble.kind, bubble.category), ("template", Category::Utility));
    assert_eq!(
        bubble.body,
        json!({ "type": "template", "template": {
            "name": "order_sent",
            "language": { "code": "pt_BR" },
            "components": [
                { "type": "header", "parameters": [{ "type": "text", "parameter_name": "number", "text": "FJ-1" }] },
                { "type": "body", "parameters": [
                    { "type": "text", "parameter_name": "number", "text": "FJ-1" },
                    { "type": "text", "parameter_name": "carrier", "text": "DHL" },
                ] },
                { "type": "button", "sub_type": "url", "index": "1", "parameters": [{ "type": "text", "text": "x.1a" }] },
                { "type": "button", "sub_type": "quick_reply", "index": "2",
                  "parameters": [{ "type": "payload", "payload": "say:Read" }] },
            ],
        } })
    );
}

#[test]
fn gaps_by_position_are_filled_in_their_order_and_files_go_above() {
    let approved = form(json!([
        { "type": "HEADER", "format": "DOCUMENT" },
        { "type": "BODY", "text": "From {{2}} to {{1}}." },
    ]));
    let link = "https://a.example/r.pdf";
    let values = [("1", "one"), ("2", "two"), ("header", link), ("header_name", "r.pdf")];
    let bubble = fill(&wanted("order_sent", "pt", &values), &approved).unwrap();
    let components = &bubble.body["template"]["components"];
    assert_eq!(components[0]["parameters"][0]["document"], json!({ "link": link, "filename": "r.pdf" }));
    assert_eq!(
        components[1]["parameters"],
        json!([{ "type": "text", "text": "one" }, { "type": "text", "text": "two" }])
    );
    let inside = [("1", "one"), ("2", "two"), ("header", "https://10.0.0.1/r.pdf")];
    let error = fill(&wanted("order_sent", "pt", &inside), &approved).unwrap_err();
    assert_eq!(error, Error::Unfit { template: "order_sent".into(), gap: "header".into() });
    let bare = fill(&wanted("order_sent", "pt", &[]), &form(json!([{ "type": "BODY", "text": "Hello." }]))).unwrap();
    assert!(bare.body["template"].get("components").is_none());
}

#[test]
fn what_does_not_fit_is_named() {
    let approved = form(json!([
        { "type": "BODY", "text": "Order {{number}} is {{state}}." },
        { "type": "BUTTONS", "buttons": [{ "type": "QUICK_REPLY", "text": "Read" }] },
    ]));
    let with = |values: &[(&str, &str)]| fill(&wanted("order_sent", "pt", values), &approved);
    let template = "order_sent".to_owned();
    assert_eq!(with(&[("number", "1")]), Err(Error::Lacks { template: template.clone(), gap: "state".into() }));
    let surplus = with(&[("number", "1"), ("state", "x"), ("total", "9")]);
    assert_eq!(surplus, Err(Error::Surplus { template: template.clone(), gap: "total".into() }));
    for unfit in ["a\nb", "a\tb", "a     b", "", " \u{200b}", "a\u{2028}b"] {
        let error = with(&[("number", "1"), ("state", unfit)]);
        assert_eq!(error, Err(Error::Unfit { template: template.clone(), gap: "state".into() }), "{unfit:?}");
    }
    assert!(with(&[("number", "1"), ("state", "a    b")]).is_ok(), "four spaces are borne");
    let long = "x".repeat(1_020);
    assert!(matches!(with(&[("number", "1"), ("state", &long)]), Err(Error::Long { part: "body", max: 1_024, .. })));
    let odd = form(json!([{ "type": "HEADER", "format": "LOCATION" }, { "type": "BODY", "text": "x" }]));
    assert!(matches!(fill(&wanted("order_sent", "pt", &[]), &odd), Err(Error::Unknown { .. })));
}

#[test]
fn a_good_definition_is_handed_in_with_its_examples() {
    good().check().unwrap();
    assert_eq!(
        good().to_wire(),
        json!({
            "name": "order_sent", "language": "pt_BR", "category": "UTILITY", "parameter_format": "named",
            "components": [
                { "type": "HEADER", "format": "TEXT", "text": "Order {{number}}",
                  "example": { "header_text_named_params": [{ "param_name": "number", "example": "FJ-1" }] } },
                { "type": "BODY", "text": "Order {{number}} left with {{carrier}} today.",
                  "example": { "body_text_named_params": [
                      { "param_name": "number", "example": "FJ-1" }, { "param_name": "carrier", "example": "DHL" },
                  ] } },
                { "type": "FOOTER", "text": "Fjell" },
                { "type": "BUTTONS", "buttons": [
                    { "type": "URL", "text": "See", "url": "https://a.example/o/{{1}}", "example": ["https://a.example/o/x1"] },
                    { "type": "QUICK_REPLY", "text": "Ask" },
                ] },
            ],
        })
    );
    let positional = Definition {
        header: None,
        body: "Order {{1}} left.".into(),
        samples: BTreeMap::from([("1".into(), "FJ-1".into())]),
        ..good()
    };
    positional.check().unwrap();
    assert_eq!(positional.to_wire()["components"][0]["example"], json!({ "body_text": [["FJ-1"]] }));
}

#[test]
fn each_flaw_is_named() {
    let reply = |text: &str| ButtonText::QuickReply { text: text.into() };
    let page = |url: &str| ButtonText::Url { text: "See".into(), url: url.into(), sample: "x".into() };
    let body = |body: &str| Definition { body: body.into(), ..good() };
    let buttons = |buttons: Vec<ButtonText>| Definition { buttons, ..good() };
    let place = |gap: &str| Flaw::Place(gap.into());
    for (bad, flaw) in [
        (Definition { name: "Order-Sent".into(), ..good() }, Flaw::Name),
        (Definition { name: "x".repeat(513), ..good() }, Flaw::Name),
        (Definition { language: "pt-BR".into(), ..good() }, Flaw::Language),
        (Definition { category: Category::Service, ..good() }, Flaw::Category),
        (body(" "), Flaw::Empty("body")),
        (body(&"x".repeat(1_025)), Flaw::Long { part: "body", found: 1_025, max: 1_024 }),
        (body("{{number}} left."), place("number")),
        (body("It is {{number}}"), place("number")),
        (body("Order {{number}} {{carrier}} left."), place("carrier")),
        (body("Order {{Number}} left."), Flaw::Gap("Number".into())),
        (body("Order {{number}} and {{1}} left."), Flaw::Gap("1".into())),
        (body("Order {{2}} left."), Flaw::Gap("2".into())),
        (body("Order {{number left."), Flaw::Gap("{{".into())),
        (body("Order {{total}} left."), Flaw::Sample("total".into())),
        (Definition { header: Some("{{number}} {{carrier}}".into()), ..good() }, Flaw::Gaps("header")),
        (Definition { header: Some("a\nb".into()), ..good() }, Flaw::Line("header")),
        (Definition { footer: Some("x {{number}} x".into()), ..good() }, Flaw::Gaps("footer")),
        (Definition { footer: Some("x".repeat(61)), ..good() }, Flaw::Long { part: "footer", found: 61, max: 60 }),
        (buttons(vec![reply("a"), page("https://a.example"), reply("b")]), Flaw::Apart),
        (buttons(vec![reply("a"), reply("a")]), Flaw::Twice("a".into())),
        (buttons(vec![reply(&"x".repeat(26))]), Flaw::Long { part: "label of a button", found: 26, max: 25 }),
        (buttons((0..11).map(|n| reply(&n.to_string())).collect()), Flaw::Buttons { what: "buttons", max: 10 }),
        (buttons(vec![page("http://a.example")]), Flaw::Address("See".into())),
        (buttons(vec![page("https://a.example/{{1}}/x")]), Flaw::Address("See".into())),
    ] {
        let flaws = bad.check().unwrap_err();
        assert!(flaws.contains(&flaw), "{flaw}: {flaws:?}");
    }
    let pages = ["a", "b", "c"].map(|end| page(&format!("https://a.example/{end}"))).to_vec();
    let flaws = buttons(pages).check().unwrap_err();
    assert!(flaws.contains(&Flaw::Buttons { what: "buttons that open a page", max: 2 }));
}

#[test]
fn every_form_that_is_shipped_is_sound_in_every_language_and_promotes_nothing() {
    let all = shipped("https://shop.example/");
    let names: std::collections::BTreeSet<&str> = all.iter().map(|form| form.name.as_str()).collect();
    assert_eq!(names.len(), 14, "{names:?}");
    let count = |name: &str| all.iter().filter(|form| form.name == name).count();
    for name in names {
        assert_eq!(count(name), Language::ALL.len(), "{name}");
    }
    for form in &all {
        form.check().unwrap_or_else(|flaws| panic!("{} {}: {flaws:?}", form.name, form.language));
        assert_eq!((form.category, form.buttons.len()), (Category::Utility, 1), "{}", form.name);
        let lower = form.body.to_lowercase();
        for promoting in [
            "offer",
            "discount",
            "% ",
            "sale",
            "oferta",
            "desconto",
            "descuento",
            "angebot",
            "rabatt",
            "promo",
            "sconto",
            "voucher",
            "shop again",
            "تخفيض",
            "عرض خاص",
        ] {
            assert!(!lower.contains(promoting), "{} {}: {promoting}", form.name, form.language);
        }
        let english = all.iter().find(|other| other.name == form.name && other.language == "en").unwrap();
        assert_eq!(form.samples, english.samples, "the same gaps in {}", form.language);
        assert!(form.language == "en" || form.body != english.body);
    }
    assert!(shipped("http://127.0.0.1:8080").iter().all(|form| form.check().is_ok()), "without pages");
}
