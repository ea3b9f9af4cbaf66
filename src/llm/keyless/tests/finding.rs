//! Turns about finding and choosing.

use super::world::{fresh, nothing, shown};
use insta::assert_snapshot;
use serde_json::json;

#[test]
fn a_greeting_says_what_can_be_had() {
    assert_snapshot!(fresh().turn("Hi!"), @r"
    Hello and welcome to Fjell & Tind! Tell me what you are looking for, or ask about shipping, returns or your order.
    choices: Shipping | Returns | Where is my order?
    [answer]
    ");
    assert_snapshot!(fresh().turn("hola"), @r"
    ¡Hola y bienvenido a Fjell & Tind! Dime qué buscas, o pregúntame por envíos, devoluciones o tu pedido.
    choices: Envíos | Devoluciones | ¿Dónde está mi pedido?
    [answer]
    ");
    assert_snapshot!(fresh().turn("what can you do?"), @r"
    I am the shop's automatic assistant, not a person. I find and compare products, take your order, track it, and answer from the shop's own texts. When I am stuck, I call a colleague.
    choices: Shipping | Returns | Where is my order?
    [answer]
    ");
}

#[test]
fn a_search_is_passed_on_with_its_limits() {
    assert_snapshot!(fresh().turn("Hi, do you have waterproof jackets under €150 in M?"), @r#"
    → catalog_search {"query":"waterproof jackets under €150 in M","cheaper_than":null,"sort":"relevance","limit":5}
    I would look at {{p1.title}} first.
    show: fjell | bre
    choices: Compare the first two | Something cheaper | Show more
    [answer]
    "#);
    assert_snapshot!(fresh().turn("I need a jacket. Under 100. In blue."), @r#"
    → catalog_search {"query":"jacket Under 100 In blue","cheaper_than":null,"sort":"relevance","limit":5}
    I would look at {{p1.title}} first.
    show: fjell | bre
    choices: Compare the first two | Something cheaper | Show more
    [answer]
    "#);
    assert_snapshot!(fresh().turn("busco una chaqueta azul"), @r#"
    → catalog_search {"query":"chaqueta azul","cheaper_than":null,"sort":"relevance","limit":5}
    Yo miraría primero: {{p1.title}}.
    show: fjell | bre
    choices: Compara los dos primeros | Algo más barato | Mostrar más
    [answer]
    "#);
}

#[test]
fn dropped_wishes_and_missing_goods_are_said_plainly() {
    let mut relaxed = json!({"items": [], "total": 1, "relaxed": ["Size M", "under €150.00"], "relevant": true});
    relaxed["items"] = json!([{"ref": "p1", "product": "fjell", "title": "Fjell 3L Jacket", "price": "€149.90"}]);
    assert_snapshot!(fresh().with("catalog_search", relaxed).turn("jacket under 140 in M"), @r#"
    → catalog_search {"query":"jacket under 140 in M","cheaper_than":null,"sort":"relevance","limit":5}
    Nothing has it all, so I left out: Size M, the price limit. The nearest we have is {{p1.title}}.
    show: fjell
    [answer]
    "#);
    let none = fresh().with("catalog_search", nothing()).with("knowledge_search", json!({"passages": []}));
    assert_snapshot!(none.turn("do you have violins?"), @r#"
    → catalog_search {"query":"violins","cheaper_than":null,"sort":"relevance","limit":5}
    → knowledge_search {"query":"do you have violins"}
    We don't carry that.
    choices: Ask a colleague
    [answer]
    "#);
}

#[test]
fn a_search_goes_on_from_the_last() {
    assert_snapshot!(shown().turn("cheaper?"), @r#"
    → catalog_search {"query":"jacket","cheaper_than":"fjell","sort":"price_low","limit":5}
    The lowest price here is {{p2.price}}, for {{p2.title}}.
    show: fjell | bre
    choices: Compare the first two | Something cheaper | Show more
    [answer]
    "#);
    assert_snapshot!(shown().turn("in blue?"), @r#"
    → catalog_search {"query":"jacket in blue","cheaper_than":null,"sort":"relevance","limit":5}
    I would look at {{p1.title}} first.
    show: fjell | bre
    choices: Compare the first two | Something cheaper | Show more
    [answer]
    "#);
    assert_snapshot!(shown().turn("something warmer"), @r#"
    → catalog_search {"query":"jacket","cheaper_than":null,"sort":"relevance","limit":10}
    → catalog_search {"query":"jacket warm","cheaper_than":null,"sort":"relevance","limit":5}
    I would look at {{p1.title}} first.
    show: fjell | bre
    choices: Compare the first two | Something cheaper | Show more
    [answer]
    "#);
    let lighter = json!({"items": [
        {"ref": "p1", "product": "bre", "title": "Bre Rain Jacket", "price": "€89.00", "attributes": {"weight": "310 g"}},
        {"ref": "p2", "product": "fjell", "title": "Fjell 3L Jacket", "price": "€149.90", "attributes": {"weight": "420 g"}},
    ], "total": 2, "relaxed": [], "relevant": true});
    assert_snapshot!(shown().with("catalog_search", lighter).turn("do you have one lighter than the third?"), @r#"
    → catalog_search {"query":"jacket lighter than the third","cheaper_than":null,"sort":"relevance","limit":10}
    That is {{p1.title}} (weight {{p1.attributes.weight}}); next comes {{p2.title}} with {{p2.attributes.weight}}.
    show: bre | fjell
    choices: Add it to my cart
    [answer]
    "#);
    assert_snapshot!(shown().turn("cheaper than the second"), @r#"
    → catalog_search {"query":"jacket","cheaper_than":"bre","sort":"price_low","limit":5}
    The lowest price here is {{p2.price}}, for {{p2.title}}.
    show: fjell | bre
    choices: Compare the first two | Something cheaper | Show more
    [answer]
    "#);
    assert_snapshot!(shown().turn("show more"), @r#"
    → catalog_search {"query":"jacket","cheaper_than":null,"sort":"relevance","limit":10}
    That is all we have for this search.
    choices: Something cheaper
    [answer]
    "#);
}

#[test]
fn products_shown_are_found_again() {
    assert_snapshot!(shown().turn("tell me more about the first"), @r#"
    → catalog_get {"products":["fjell"]}
    {{p1.title}} costs {{p1.price}}. A shell for wet mountain days. The hood fits over a helmet.
    show: fjell
    choices: Add it to my cart
    [answer]
    "#);
    assert_snapshot!(shown().turn("o segundo"), @r#"
    → catalog_get {"products":["bre"]}
    {{p1.title}} custa {{p1.price}}. A shell for wet mountain days. The hood fits over a helmet.
    show: bre
    choices: Adicione isto ao carrinho
    [answer]
    "#);
    assert_snapshot!(shown().turn("the red one"), @r#"
    → catalog_get {"products":["fjell","bre","tind"]}
    Yes, {{p2.title}} is available in red.
    show: bre
    choices: Add it in M / Red
    sources: p2
    [answer]
    "#);
    assert_snapshot!(shown().turn("is it waterproof?"), @r"
    Which one do you mean?
    choices: Fjell 3L Jacket | Bre Rain Jacket | Tind Down Parka
    [ask_back]
    ");
}

#[test]
fn what_fits_no_title_shown_is_the_next_search() {
    for said in ["tent", "sleeping bag -10"] {
        let asked = shown().said_before("is it waterproof?", "Which one do you mean?");
        assert!(asked.turn(said).contains("catalog_search"), "{said}");
    }
    let asked = shown().said_before("is it waterproof?", "Which one do you mean?");
    assert!(asked.turn("the Bre").contains("catalog_get {\"products\":[\"bre\"]}"));
    let jackets = json!([{"n": 1, "product": "a", "title": "Rain Jacket Men"}, {"n": 2, "product": "b", "title": "Rain Jacket Kids"},
        {"n": 3, "product": "c", "title": "Rain Jacket Women"}]);
    assert!(shown().state("shown", jackets).turn("rain jacket -10").contains("catalog_search"));
}

#[test]
fn questions_about_the_product_talked_about_are_answered_from_its_data() {
    let about = || shown().state("about", json!("fjell"));
    assert_snapshot!(about().turn("is it waterproof?"), @r#"
    → catalog_get {"products":["fjell"]}
    Yes, {{p1.title}}: waterproof.
    show: fjell
    choices: Add it to my cart
    sources: p1
    [answer]
    "#);
    assert_snapshot!(about().turn("what is the weight?"), @r#"
    → catalog_get {"products":["fjell"]}
    {{p1.title}} – weight: {{p1.attributes.weight}}.
    show: fjell
    choices: Add it to my cart
    sources: p1
    [answer]
    "#);
    assert_snapshot!(about().turn("do you have it in L?"), @r#"
    → catalog_get {"products":["fjell"]}
    {{p1.title}} is sold out in L.
    show: fjell
    choices: Add it in M / Blue
    sources: p1
    [answer]
    "#);
    assert_snapshot!(about().turn("do you have it in M?"), @r#"
    → catalog_get {"products":["fjell"]}
    Yes, {{p1.title}} is available in M.
    show: fjell
    choices: Add it in M / Blue
    sources: p1
    [answer]
    "#);
    assert_snapshot!(about().turn("do you have it in pink?"), @r#"
    → catalog_get {"products":["fjell"]}
    {{p1.title}} comes in {{p1.option_colour}}, not in pink.
    show: fjell
    choices: Add it in M / Blue
    sources: p1
    [answer]
    "#);
    assert_snapshot!(about().turn("¿lo tienes en azul?"), @r#"
    → catalog_get {"products":["fjell"]}
    Sí, {{p1.title}} está disponible en azul.
    show: fjell
    choices: Añade esto en M / Blue
    sources: p1
    [answer]
    "#);
    assert_snapshot!(about().turn("do you have it in medium red?"), @r#"
    → catalog_get {"products":["fjell"]}
    {{p1.title}} comes in {{p1.option_colour}}, not in medium red.
    show: fjell
    choices: Add it in M / Blue
    sources: p1
    [answer]
    "#);
    assert_snapshot!(shown().turn("el rojo"), @r#"
    → catalog_get {"products":["fjell","bre","tind"]}
    Sí, {{p2.title}} está disponible en rojo.
    show: bre
    choices: Añade esto en M / Red
    sources: p2
    [answer]
    "#);
    assert_snapshot!(about().turn("how much is it?"), @r#"
    → catalog_get {"products":["fjell"]}
    {{p1.title}} costs {{p1.price}}.
    show: fjell
    choices: Add it to my cart
    [answer]
    "#);
    assert_snapshot!(about().turn("does it have a hood?"), @r#"
    → catalog_get {"products":["fjell"]}
    {{p1.title}}: The hood fits over a helmet.
    show: fjell
    choices: Add it to my cart
    sources: p1
    [answer]
    "#);
    let silent = about().with("knowledge_search", json!({"passages": []}));
    assert_snapshot!(silent.turn("is it vegan?"), @r#"
    → catalog_get {"products":["fjell"]}
    The description of {{p1.title}} does not say that. Shall I ask a colleague?
    show: fjell
    choices: Ask a colleague
    [ask_back]
    "#);
}

#[test]
fn what_a_product_comes_in_is_offered_to_tap() {
    let about = shown().state("about", json!("fjell"));
    assert_snapshot!(about.turn("what sizes do you have?"), @r#"
    → catalog_get {"products":["fjell"]}
    {{p1.title}} comes in {{p1.option_size}}.
    show: fjell
    choices: Add it in M / Blue
    sources: p1
    [answer]
    "#);
    assert_snapshot!(shown().turn("any cheaper tents?"), @r#"
    → catalog_search {"query":"tents","cheaper_than":null,"sort":"price_low","limit":5}
    The lowest price here is {{p2.price}}, for {{p2.title}}.
    show: fjell | bre
    choices: Compare the first two | Something cheaper | Show more
    [answer]
    "#);
    assert_snapshot!(shown().turn("which one is waterproof?"), @r#"
    → catalog_get {"products":["fjell","bre","tind"]}
    • {{p1.title}}: {{p1.price}}; waterproof yes
    • {{p2.title}}: {{p2.price}}; waterproof yes
    • {{p3.title}}: {{p3.price}}; waterproof no
    show: fjell | bre | tind
    [answer]
    "#);
    assert_snapshot!(shown().turn("show me the cheapest"), @r#"
    → catalog_search {"query":"jacket","cheaper_than":null,"sort":"price_low","limit":5}
    The lowest price here is {{p2.price}}, for {{p2.title}}.
    show: fjell | bre
    choices: Compare the first two | Something cheaper | Show more
    [answer]
    "#);
}

#[test]
fn two_products_are_put_side_by_side() {
    assert_snapshot!(shown().turn("comapre the first two"), @r#"
    → catalog_get {"products":["fjell","bre"]}
    • {{p1.title}}: {{p1.price}}
    • {{p2.title}}: {{p2.price}}
    In the rest of their data they are alike.
    show: fjell | bre
    [answer]
    "#);
    assert_snapshot!(shown().turn("difference between 1 and 3?"), @r#"
    → catalog_get {"products":["fjell","tind"]}
    • {{p1.title}}: {{p1.price}}; waterproof yes
    • {{p2.title}}: {{p2.price}}; waterproof no
    show: fjell | tind
    [answer]
    "#);
}
