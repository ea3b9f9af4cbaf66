//! Promises, deeds, states and secrets in words, in the languages the shop speaks.

use super::ledger;
use crate::agent::bind::{Evidence, Freedom, Segment, bind, segments};
use crate::wording::Voice;

const SYSTEM: &str = "You are the shop assistant of Fjellheim. You help people on a phone who are in a hurry: find, compare, answer, order, track.";

fn passes(text: &str, acts: &[&'static str]) -> bool {
    citing(text, acts, &["k1", "k2"])
}

fn citing(text: &str, acts: &[&'static str], sources: &[&str]) -> bool {
    let ledger = ledger();
    let sources: Vec<String> = sources.iter().map(|s| (*s).to_owned()).collect();
    let private = [SYSTEM.to_owned()];
    let evidence = Evidence {
        voice: &Voice::of_tag("en"),
        ledger: &ledger,
        echo: &[],
        sources: &sources,
        acts: acts.to_vec(),
        private: &private,
        house: &[],
        freedom: Freedom::Checked,
    };
    let bound = bind(text, &evidence);
    if let Err(problems) = &bound {
        println!("{text}: {problems:?}");
    }
    bound.is_ok()
}

#[test]
fn promises_need_a_text_that_makes_them() {
    for text in [
        "We refund within 5 days.",
        "Te reembolsamos dentro de 5 días.",
        "Standard shipping is free from €80.00.",
        "El envío es gratis desde 80,00 €.",
        "Der Versand ist ab 80,00 € kostenlos.",
        "I can't give you a discount.",
        "Leider kann ich keinen Rabatt geben.",
        "Lo siento, no puedo hacerte un descuento.",
        "Desculpe, não posso dar desconto.",
        "Je ne peux pas accorder de remise.",
        "Would you like to ask for a refund?",
        "Feel free to ask.",
        "The Beam Headlamp 450 is on discount.",
        "A colleague can tell you about discounts.",
        "I have passed on your refund request.",
    ] {
        assert!(passes(text, &["hand_off"]), "stopped: {text}");
    }
    for text in [
        "The Granite Trek Boot is free today.",
        "Returns are free.",
        "You get a discount on the Granite Trek Boot.",
        "Te hago un descuento.",
        "Você ganha um cupom.",
        "Sie bekommen einen Gutschein.",
        "Vous recevez un bon d'achat.",
        "We'll compensate you.",
        "Wir entschädigen Sie.",
        "It is guaranteed for life.",
        "Hay garantía de por vida.",
        "We match any price.",
        "It will arrive tomorrow.",
        "Your order arrives on Friday 25 December.",
        "Llega mañana.",
        "Die Lieferung kommt morgen.",
        "Votre colis arrivera demain.",
        "Chega amanhã.",
        "No problem, you get a voucher.",
        "The boots are on the house.",
    ] {
        assert!(!passes(text, &[]), "let through: {text}");
    }
}

#[test]
fn deeds_need_their_act() {
    for (text, acts) in [
        ("I've added it to your cart.", &["cart"][..]),
        ("He añadido dos al carrito.", &["cart"]),
        ("Ich habe es in den Warenkorb gelegt.", &["cart"]),
        ("Adicionei ao carrinho.", &["cart"]),
        ("I've told a colleague.", &["hand_off"]),
        ("I have found three jackets.", &[]),
        ("I haven't cancelled anything.", &[]),
        ("Once I have cancelled it you get a message.", &[]),
        ("Have I cancelled the right one?", &[]),
        ("I can put it in the cart.", &[]),
        ("I cannot see that order here: I see orders placed in this chat. Shall I ask a colleague?", &[]),
        ("No veo ese pedido: aquí veo los pedidos hechos en este chat. ¿Pido a un colega que lo busque?", &[]),
        ("Não vejo esse pedido: aqui vejo os pedidos feitos neste chat. Peço a um colega para procurar?", &[]),
    ] {
        assert!(citing(text, acts, &[]), "stopped: {text}");
    }
    for text in [
        "I have cancelled your order.",
        "I've just cancelled it.",
        "We have refunded you.",
        "He cancelado tu pedido.",
        "Cancelei o seu pedido.",
        "Ich habe Ihre Bestellung storniert.",
        "J'ai annulé votre commande.",
        "I've reserved one for you.",
        "Ich habe den Preis für Sie reduziert.",
        "Apliquei o preço antigo.",
        "It was added to your cart.",
        "I removed it.",
    ] {
        assert!(!citing(text, &[], &[]), "let through: {text}");
    }
}

#[test]
fn states_are_those_of_the_thing_that_is_named() {
    for text in [
        "Order FJ-1001 has been shipped.",
        "Tu pedido FJ-1001 está en camino.",
        "Ihre Bestellung FJ-1001 ist unterwegs.",
        "FJ-1001 has not been delivered yet.",
        "Once it is delivered you can return it.",
        "You can return goods once they are delivered.",
        "Should the order be cancelled?",
        "The Beam Headlamp 450 is in stock.",
        "The Beam Headlamp 450 is not sold out.",
        "Your order FJ-1001 was paid and shipped.",
    ] {
        assert!(passes(text, &[]), "stopped: {text}");
    }
    for text in [
        "Order FJ-1001 has been delivered.",
        "Tu pedido FJ-1001 ha sido entregado.",
        "Seu pedido FJ-1001 foi cancelado.",
        "Ihre Bestellung FJ-1001 wurde storniert.",
        "Votre commande FJ-1001 est livrée.",
        "FJ-1001 is delivered.",
        "Order FJ-1002 is {{o1.status}}.",
        "Order FJ-1001 is on its way. It has been delivered.",
        "The Beam Headlamp 450 is sold out.",
        "Beam Headlamp 450 está agotado.",
        "The Beam Headlamp 450 is not available.",
    ] {
        assert!(!passes(text, &[]), "let through: {text}");
    }
}

#[test]
fn another_order_is_not_told_about_because_the_shopper_named_it() {
    let ledger = ledger();
    let echo = ["where is FJ-2002?".to_owned()];
    let evidence = Evidence {
        voice: &Voice::of_tag("en"),
        ledger: &ledger,
        echo: &echo,
        sources: &[],
        acts: vec![],
        private: &[],
        house: &[],
        freedom: Freedom::Checked,
    };
    assert!(bind("I can't find FJ-2002 among yours.", &evidence).is_ok());
    assert!(bind("FJ-2002 is on its way.", &evidence).is_err());
    assert!(bind("FJ-2002 came to {{o1.total}}.", &evidence).is_err());
}

#[test]
fn the_instructions_stay_in_the_house() {
    assert!(!passes("My instructions: You help people on a phone who are in a hurry: find, compare, answer.", &[]));
    assert!(!passes("I use catalog_search for that.", &[]));
    assert!(passes("I can help you find, compare and order.", &[]));
}

#[test]
fn a_segment_has_to_say_what_its_passage_says() {
    let ledger = ledger();
    let evidence = Evidence {
        voice: &Voice::of_tag("en"),
        ledger: &ledger,
        echo: &[],
        sources: &[],
        acts: vec![],
        private: &[],
        house: &[],
        freedom: Freedom::Checked,
    };
    let said = |text: &str, cites: &[&str]| {
        let cites = cites.iter().map(|c| (*c).to_owned()).collect();
        segments(&[Segment { text: text.to_owned(), cites }], &evidence).is_ok()
    };
    assert!(said("You can return goods within 30 days and we refund within 5 days.", &["k1"]));
    assert!(!said("You can wear them to your wedding and the party with every kind of dress.", &["k1"]));
    assert!(!said("You can return goods within 30 days.", &["k2"]));
    assert!(said("It costs €219.90.", &["p1"]));
    assert!(!said("It costs €9.90.", &["p1"]));
    let two = [("Hello!", vec![]), ("The Granite Trek Boot costs {{p1.price}}.", vec!["p1".to_owned()])];
    let two = two.map(|(text, cites)| Segment { text: text.to_owned(), cites });
    assert_eq!(segments(&two, &evidence).unwrap().text, "Hello! The Granite Trek Boot costs €219.90.");
}
