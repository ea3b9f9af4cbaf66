//! The server's own words in the shopper's language: English, Spanish, Portuguese; anybody else reads English.

use crate::agent::Thread;
use crate::domain::message::{Body, Button, Reply, Said};
use crate::llm::keyless::language::Language;

/// One phrase: English, Spanish, Portuguese. Square brackets are filled in.
pub type Phrase = [&'static str; 3];

pub const PERSON: Phrase =
    ["Of course, I'm getting a colleague.", "Claro, llamo a un colega.", "Claro, vou chamar um colega."];
pub const COLLEAGUE_ANSWERS: Phrase = [
    "A colleague will answer here ([hours]).",
    "Un colega te responderá aquí ([hours]).",
    "Um colega vai responder aqui ([hours]).",
];
pub const HANDING_OVER: Phrase =
    ["I'm handing you over to a colleague.", "Te paso con un colega.", "Vou passar você a um colega."];
pub const CHECK_ORDER: Phrase = [
    "Here is your order. Please check it:",
    "Este es tu pedido. Revísalo, por favor:",
    "Este é seu pedido. Confira, por favor:",
];
pub const ADDED: Phrase = [
    "Added: [what]. Your cart comes to [total] with delivery.",
    "Añadido: [what]. Tu carrito suma [total] con envío.",
    "Adicionado: [what]. Seu carrinho soma [total] com entrega.",
];
pub const SORRY: Phrase = ["I'm sorry, [why].", "Lo siento: [why].", "Sinto muito: [why]."];
pub const NOT_YET: Phrase =
    ["I can't do that yet: [why].", "Todavía no puedo hacerlo: [why].", "Ainda não posso fazer isso: [why]."];
pub const NOTHING_ORDERED: Phrase = [
    "All right, nothing was ordered. Your cart is still there.",
    "De acuerdo, no se ha pedido nada. Tu carrito sigue ahí.",
    "Tudo bem, nada foi pedido. Seu carrinho continua aí.",
];
pub const NOT_OPEN: Phrase = [
    "That summary is no longer open, so there was nothing to cancel.",
    "Ese resumen ya no está abierto, así que no había nada que cancelar.",
    "Esse resumo já não está aberto, então não havia nada a cancelar.",
];
pub const STOPPED: Phrase = [
    "You will not get any messages you did not ask for. Write any time if you need something.",
    "No recibirás mensajes que no hayas pedido. Escribe cuando necesites algo.",
    "Você não receberá mensagens que não pediu. Escreva quando precisar de algo.",
];
pub const GONE: Phrase = [
    "I'm sorry, that product is no longer in the shop.",
    "Lo siento, ese producto ya no está en la tienda.",
    "Sinto muito, esse produto já não está na loja.",
];
pub const CHOICE_SOLD_OUT: Phrase = [
    "I'm sorry, [title] is sold out in that choice.",
    "Lo siento, [title] está agotado en esa opción.",
    "Sinto muito, [title] está esgotado nessa opção.",
];
pub const WHICH: Phrase = ["Which [title]?", "¿Qué [title]?", "Qual [title]?"];
pub const WHICH_OPTION: Phrase = ["[title]: which [option]?", "[title]: ¿[option]?", "[title]: [option]?"];
pub const CART_EMPTY: Phrase = [
    "Your cart is empty. Tell me what you are looking for.",
    "Tu carrito está vacío. Dime qué buscas.",
    "Seu carrinho está vazio. Diga o que procura.",
];
pub const CART_PROBLEM: Phrase = [
    "There is a problem with your cart: [why]. Tell me what to change.",
    "Hay un problema con tu carrito: [why]. Dime qué cambio.",
    "Há um problema com seu carrinho: [why]. Diga o que mudar.",
];
pub const FREE: Phrase = ["free", "gratis", "grátis"];
pub const NO_ORDER: Phrase = [
    "I can't find that order among yours.",
    "No encuentro ese pedido entre los tuyos.",
    "Não encontro esse pedido entre os seus.",
];
pub const ORDER: Phrase = [
    "Order [number] from [day] ([total]): [status].",
    "Pedido [number] del [day] ([total]): [status].",
    "Pedido [number] de [day] ([total]): [status].",
];
pub const DELIVERED: Phrase = [" It was delivered on [day].", " Se entregó el [day].", " Foi entregue em [day]."];
pub const SHIPPED: Phrase = [" It was shipped on [day].", " Se envió el [day].", " Foi enviado em [day]."];
pub const CLOSED: Phrase = [" That was on [day].", " Fue el [day].", " Foi em [day]."];
pub const TRACKING: Phrase = [
    " [carrier] tracking number: [number].",
    " Número de seguimiento de [carrier]: [number].",
    " Número de rastreio da [carrier]: [number].",
];
pub const ORDER_PAGE: Phrase = ["See order", "Ver pedido", "Ver pedido"];
pub const EMPTY_CART: Phrase = ["Empty cart", "Vaciar carrito", "Esvaziar carrinho"];
pub const EMPTY_CART_SAID: Phrase = ["Empty my cart", "Vaciar el carrito", "Esvaziar o carrinho"];

/// Buttons of the server, by what their id begins with.
const BUTTONS: [(&str, Phrase); 7] = [
    ("show:", ["Details", "Detalles", "Detalhes"]),
    ("add:", ["Add to cart", "Al carrito", "Pôr no carrinho"]),
    ("pick:", ["Choose & add", "Elegir y añadir", "Escolher e pôr"]),
    ("checkout:", ["Checkout", "Finalizar compra", "Finalizar compra"]),
    ("cart:", ["View cart", "Ver carrito", "Ver carrinho"]),
    ("confirm:", ["Confirm order", "Confirmar pedido", "Confirmar pedido"]),
    ("cancel:", ["Cancel", "Cancelar", "Cancelar"]),
];
/// The language of a turn: of what was written last, or of the shopper's settings.
pub fn language(thread: &Thread) -> Language {
    let said = thread.asked.iter().rev().chain(thread.history.iter().rev()).filter_map(|message| match &message.body {
        Body::Heard(Said::Text(text)) => Some(text.as_str()),
        _ => None,
    });
    said.take(SAID_MAX).find_map(Language::of).unwrap_or_else(|| Language::from_tag(&thread.contact.locale))
}

/// Messages that are looked at for a language.
const SAID_MAX: usize = 6;

/// A phrase with its blanks filled in: `("[why]", "…")`.
pub fn say(language: Language, phrase: Phrase, blanks: &[(&str, &str)]) -> String {
    blanks.iter().fold(language.pick(phrase).to_owned(), |text, (blank, with)| text.replace(blank, with))
}

/// The server's buttons of a reply in a language; what a model or a merchant wrote stays. Stock words stay English: the
/// pages read them.
pub fn translate(reply: &mut Reply, language: Language) {
    let ours = |button: &mut Button| {
        for (prefix, phrase) in BUTTONS.iter().filter(|(prefix, _)| button.id.starts_with(prefix)) {
            if button.label == Language::En.pick(*phrase) && !prefix.is_empty() {
                button.label = language.pick(*phrase).to_owned();
            }
        }
    };
    reply.choices.iter_mut().for_each(ours);
    for card in &mut reply.cards {
        card.choices.iter_mut().for_each(ours);
    }
    if let Some(summary) = &mut reply.summary {
        summary.choices.iter_mut().for_each(ours);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_speak_the_shoppers_language_and_choices_stay() {
        let choices = vec![Button::new("checkout:start", "Checkout"), Button::new("say:Blue", "Blue")];
        let mut reply = Reply { choices, ..Reply::text("") };
        translate(&mut reply, Language::Es);
        let labels: Vec<&str> = reply.choices.iter().map(|b| b.label.as_str()).collect();
        assert_eq!(labels, ["Finalizar compra", "Blue"]);
        assert_eq!(say(Language::Pt, SORRY, &[("[why]", "x")]), "Sinto muito: x.");
    }
}
