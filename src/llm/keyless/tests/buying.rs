//! Turns about the cart and the till.

use super::world::{fresh, shown};
use insta::assert_snapshot;
use serde_json::json;

fn filled() -> super::world::World {
    shown().state(
        "cart",
        json!({"pieces": 3, "lines": [
            {"n": 1, "variant": "fjell-M", "title": "Fjell 3L Jacket", "options": "M / Blue", "quantity": 2},
            {"n": 2, "variant": "socks-1", "title": "Wool Socks", "options": "", "quantity": 1},
        ]}),
    )
}

#[test]
fn goods_go_into_the_cart() {
    assert_snapshot!(shown().turn("2 of the first one in M"), @r#"
    → cart_edit {"operations":[{"do":"add","product":"fjell","variant":null,"options":"M","quantity":2}]}
    In your cart: 2 × Fjell 3L Jacket (M / Blue). Your cart comes to {{cart.total}}, of which shipping {{cart.shipping}}.
    choices: Checkout | My cart
    [answer]
    "#);
    let about = shown().state("about", json!("fjell"));
    assert_snapshot!(about.turn("add it in M blue"), @r#"
    → cart_edit {"operations":[{"do":"add","product":"fjell","variant":null,"options":"M blue","quantity":1}]}
    In your cart: Fjell 3L Jacket (M / Blue). Your cart comes to {{cart.total}}, of which shipping {{cart.shipping}}.
    choices: Checkout | My cart
    [answer]
    "#);
    assert_snapshot!(shown().turn("add it"), @r"
    Which one do you mean?
    choices: Fjell 3L Jacket | Bre Rain Jacket | Tind Down Parka
    [ask_back]
    ");
}

#[test]
fn a_missing_option_is_asked_for_and_the_answer_understood() {
    let choose = json!({"refused": "choose", "cart": {}, "choose": {"product": "fjell", "title": "Fjell 3L Jacket", "option": "Size",
        "values": ["S", "M", "L"]}});
    assert_snapshot!(shown().with("cart_edit", choose).turn("add two of the first one"), @r#"
    → cart_edit {"operations":[{"do":"add","product":"fjell","variant":null,"options":null,"quantity":2}]}
    Please choose for Fjell 3L Jacket: Size?
    show: fjell
    choices: S | M | L
    [ask_back]
    "#);
    let asked = shown().said_before("add two of the first one", "Please choose for Fjell 3L Jacket: Size?");
    assert_snapshot!(asked.turn("M"), @r#"
    → cart_edit {"operations":[{"do":"add","product":"fjell","variant":null,"options":"M","quantity":2}]}
    In your cart: Fjell 3L Jacket (M / Blue). Your cart comes to {{cart.total}}, of which shipping {{cart.shipping}}.
    choices: Checkout | My cart
    [answer]
    "#);
    let which = shown().said_before("add it", "Which one do you mean?");
    assert_snapshot!(which.turn("Bre Rain Jacket"), @r#"
    → cart_edit {"operations":[{"do":"add","product":"bre","variant":null,"options":null,"quantity":1}]}
    In your cart: Fjell 3L Jacket (M / Blue). Your cart comes to {{cart.total}}, of which shipping {{cart.shipping}}.
    choices: Checkout | My cart
    [answer]
    "#);
}

#[test]
fn the_cart_is_shown_and_changed() {
    assert_snapshot!(filled().turn("what's in my cart?"), @r"
    → cart_view {}
    Your cart:
    • Fjell 3L Jacket (M / Blue)

    Your cart comes to {{cart.total}}, of which shipping {{cart.shipping}}.
    choices: Checkout | Empty my cart
    [answer]
    ");
    assert_snapshot!(filled().turn("remove the socks"), @r#"
    → cart_edit {"operations":[{"do":"remove","product":null,"variant":"socks-1","options":null,"quantity":null}]}
    Taken out of your cart: Fjell 3L Jacket (M / Blue). Your cart comes to {{cart.total}}, of which shipping {{cart.shipping}}.
    choices: Checkout | My cart
    [answer]
    "#);
    assert_snapshot!(filled().turn("make it 3"), @r"
    Which one do you mean?
    choices: Fjell 3L Jacket M / Blue | Wool Socks
    [ask_back]
    ");
    assert_snapshot!(filled().turn("empty my cart"), @r#"
    → cart_edit {"operations":[{"do":"clear","product":null,"variant":null,"options":null,"quantity":null}]}
    Your cart is empty now.
    [answer]
    "#);
    let refused = json!({"refused": "only 2 left", "choose": null, "cart": {}});
    assert_snapshot!(shown().with("cart_edit", refused).turn("add 5 of the first one"), @r#"
    → cart_edit {"operations":[{"do":"add","product":"fjell","variant":null,"options":null,"quantity":5}]}
    I'm sorry, {{cart.refused}}.
    show: fjell
    choices: Ask a colleague
    [answer]
    "#);
}

#[test]
fn the_cart_speaks_spanish_and_portuguese() {
    let choose = json!({"refused": "choose", "choose": {"product": "fjell", "title": "Fjell 3L Jacket", "option": "Size",
        "values": ["S", "M"]}});
    assert_snapshot!(shown().with("cart_edit", choose).turn("añade dos del primero"), @r#"
    → cart_edit {"operations":[{"do":"add","product":"fjell","variant":null,"options":null,"quantity":2}]}
    Elige para Fjell 3L Jacket: ¿Size?
    show: fjell
    choices: S | M
    [ask_back]
    "#);
    let asked = shown().said_before("añade dos del primero", "Elige para Fjell 3L Jacket: ¿Size?");
    assert_snapshot!(asked.turn("M"), @r#"
    → cart_edit {"operations":[{"do":"add","product":"fjell","variant":null,"options":"M","quantity":2}]}
    En tu carrito: Fjell 3L Jacket (M / Blue). Total de tu carrito: {{cart.total}}, envío del carrito incluido: {{cart.shipping}}.
    choices: Finalizar compra | Mi carrito
    [answer]
    "#);
    assert_snapshot!(shown().turn("adicione o segundo ao carrinho em M"), @r#"
    → cart_edit {"operations":[{"do":"add","product":"bre","variant":null,"options":"M","quantity":1}]}
    No seu carrinho: Fjell 3L Jacket (M / Blue). Total do seu carrinho: {{cart.total}}, entrega do carrinho incluída: {{cart.shipping}}.
    choices: Finalizar compra | Meu carrinho
    [answer]
    "#);
    assert_snapshot!(filled().turn("quita los wool socks"), @r#"
    → cart_edit {"operations":[{"do":"remove","product":null,"variant":"socks-1","options":null,"quantity":null}]}
    He quitado del carrito: Fjell 3L Jacket (M / Blue). Total de tu carrito: {{cart.total}}, envío del carrito incluido: {{cart.shipping}}.
    choices: Finalizar compra | Mi carrito
    [answer]
    "#);
}

#[test]
fn the_way_to_the_till_is_short() {
    assert_snapshot!(filled().turn("chekout"), @r"
    → checkout_propose {}
    Here is your order. Please check it:
    [answer]
    ");
    let about = || shown().state("about", json!("fjell"));
    assert_snapshot!(about().turn("I'll take it"), @r#"
    → cart_edit {"operations":[{"do":"add","product":"fjell","variant":null,"options":null,"quantity":1}]}
    → checkout_propose {}
    Here is your order. Please check it:
    [answer]
    "#);
    assert_snapshot!(about().turn("me lo llevo"), @r#"
    → cart_edit {"operations":[{"do":"add","product":"fjell","variant":null,"options":null,"quantity":1}]}
    → checkout_propose {}
    Este es tu pedido. Revísalo, por favor:
    [answer]
    "#);
    let empty = fresh().with("checkout_propose", json!({"refused": "the cart is empty"}));
    assert_snapshot!(empty.turn("buy"), @r"
    → checkout_propose {}
    Your cart is empty. Tell me first what you are looking for.
    [ask_back]
    ");
}
