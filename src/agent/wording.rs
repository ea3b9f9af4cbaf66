//! The server's own words in the shopper's language: English, Spanish, Portuguese; anybody else reads English.

pub mod order;

use crate::agent::Thread;
use crate::domain::message::{Body, Button, Message, Reply, Said, Summary};
use crate::llm::keyless::TAP_COLLEAGUE;
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
pub const UNSURE: Phrase = [
    "I'm not sure I have the right answer to that. Could you say it in other words, or shall I ask a colleague?",
    "No estoy seguro de tener la respuesta correcta. ¿Puedes decirlo con otras palabras, o pregunto a un colega?",
    "Não tenho certeza da resposta certa. Pode dizer com outras palavras, ou pergunto a um colega?",
];
pub const ASK_COLLEAGUE: Phrase = TAP_COLLEAGUE;
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
const BUTTONS: [(&str, Phrase); 15] = [
    ("show:", ["Details", "Detalles", "Detalhes"]),
    ("add:", ["Add to cart", "Al carrito", "Pôr no carrinho"]),
    ("pick:", ["Choose & add", "Elegir y añadir", "Escolher e pôr"]),
    ("checkout:", ["Checkout", "Finalizar compra", "Finalizar compra"]),
    ("cart:", ["View cart", "Ver carrito", "Ver carrinho"]),
    ("confirm:", ["Confirm order", "Confirmar pedido", "Confirmar pedido"]),
    ("confirm:", ["Cancel the order", "Cancelar el pedido", "Cancelar o pedido"]),
    ("confirm:", ["Confirm the change", "Confirmar el cambio", "Confirmar a mudança"]),
    ("confirm:", ["Use this address", "Usar esta dirección", "Usar este endereço"]),
    ("confirm:", ["Confirm the return", "Confirmar la devolución", "Confirmar a devolução"]),
    ("confirm:", ["Confirm the exchange", "Confirmar el cambio", "Confirmar a troca"]),
    ("confirm:", ["Ask for the refund", "Pedir el reembolso", "Pedir o reembolso"]),
    ("confirm:", ["Keep this address", "Guardar esta dirección", "Guardar este endereço"]),
    ("cancel:", ["Cancel", "Cancelar", "Cancelar"]),
    ("cancel:", ["Keep the order", "Conservar el pedido", "Manter o pedido"]),
];
/// What a summary says beside titles and figures; a title ends with the order's number.
const SUMMARY: [Phrase; 18] = [
    ["Your order", "Tu pedido", "Seu pedido"],
    ["Cancel order ", "Cancelar el pedido ", "Cancelar o pedido "],
    ["Change order ", "Cambiar el pedido ", "Alterar o pedido "],
    ["Send order ", "Enviar el pedido ", "Enviar o pedido "],
    ["Return from order ", "Devolución del pedido ", "Devolução do pedido "],
    ["Exchange from order ", "Cambio del pedido ", "Troca do pedido "],
    ["Refund for order ", "Reembolso del pedido ", "Reembolso do pedido "],
    ["Your address", "Tu dirección", "Seu endereço"],
    ["Subtotal", "Subtotal", "Subtotal"],
    ["Total", "Total", "Total"],
    ["Difference", "Diferencia", "Diferença"],
    ["You pay the difference", "Pagas la diferencia", "Você paga a diferença"],
    ["Paid back to you", "Te devolvemos", "Devolvemos a você"],
    ["Nothing was charged", "No se ha cobrado nada", "Nada foi cobrado"],
    ["Nothing to pay back", "Nada que devolver", "Nada a devolver"],
    ["A colleague has to agree first", "Un colega tiene que aprobarlo antes", "Um colega precisa aprovar antes"],
    ["Back: ", "Devuelves: ", "Volta: "],
    ["New: ", "Nuevo: ", "Novo: "],
];
/// Sentences of the house that are written where no language is known.
const SENTENCES: [Phrase; 13] = [
    ["I can't find that summary any more.", "Ya no encuentro ese resumen.", "Já não encontro esse resumo."],
    ["That order is already placed.", "Ese pedido ya está hecho.", "Esse pedido já está feito."],
    ["That is done already.", "Eso ya está hecho.", "Isso já está feito."],
    [
        "That was called off. Just ask again if you still want it.",
        "Eso se canceló. Pídelo otra vez si aún lo quieres.",
        "Isso foi cancelado. Peça de novo se ainda quiser.",
    ],
    ["There is a newer summary of this.", "Hay un resumen más nuevo de esto.", "Há um resumo mais novo disto."],
    [
        "That summary has expired. Just ask again for a new one.",
        "Ese resumen ha caducado. Pide otro cuando quieras.",
        "Esse resumo expirou. Peça outro quando quiser.",
    ],
    [
        "The summary had expired, so here is a fresh one.",
        "El resumen había caducado; aquí tienes uno nuevo.",
        "O resumo tinha expirado; aqui está um novo.",
    ],
    [
        "Your cart has changed since. Please check again:",
        "Tu carrito ha cambiado desde entonces. Revísalo otra vez:",
        "Seu carrinho mudou desde então. Confira de novo:",
    ],
    [
        "The order has changed since. Please check again:",
        "El pedido ha cambiado desde entonces. Revísalo otra vez:",
        "O pedido mudou desde então. Confira de novo:",
    ],
    [
        "A price has changed since. Please check again:",
        "Un precio ha cambiado desde entonces. Revísalo otra vez:",
        "Um preço mudou desde então. Confira de novo:",
    ],
    [
        "I can't find that order among yours",
        "no encuentro ese pedido entre los tuyos",
        "não encontro esse pedido entre os seus",
    ],
    ["I need the whole address", "necesito la dirección completa", "preciso do endereço completo"],
    ["that is not possible", "eso no es posible", "isso não é possível"],
];
/// The language of a turn: of what was written last, or of the shopper's settings.
pub fn language(thread: &Thread) -> Language {
    spoken(thread.asked.iter().rev().chain(thread.history.iter().rev()), &thread.contact.locale)
}

/// The language of a talk, given its messages from the newest on.
pub fn spoken<'a>(newest_first: impl Iterator<Item = &'a Message>, locale: &str) -> Language {
    let said = newest_first.filter_map(|message| match &message.body {
        Body::Heard(Said::Text(text)) => Some(text.as_str()),
        _ => None,
    });
    said.take(SAID_MAX).find_map(Language::of).unwrap_or_else(|| Language::from_tag(locale))
}

/// A sentence of the house in a language; whatever else stays as it is.
pub fn sentence(language: Language, text: &str) -> String {
    let row = SENTENCES.iter().find(|row| Language::En.pick(**row) == text);
    row.map_or_else(|| text.to_owned(), |row| language.pick(*row).to_owned())
}

fn summarised(text: &str, language: Language) -> String {
    if let Some(row) = SUMMARY.iter().find(|row| Language::En.pick(**row) == text) {
        return language.pick(*row).to_owned();
    }
    let opening = SUMMARY.iter().find_map(|row| {
        let rest = Language::En.pick(*row).ends_with(' ').then(|| text.strip_prefix(Language::En.pick(*row)))??;
        Some((language.pick(*row), rest))
    });
    let Some((opening, rest)) = opening else { return text.to_owned() };
    match rest.strip_suffix(" to") {
        Some(number) if text.starts_with("Send order ") => {
            format!("{opening}{number}{}", language.pick([" to", " a", " para"]))
        }
        _ => format!("{opening}{rest}"),
    }
}

fn summary(summary: &mut Summary, language: Language) {
    summary.title = summarised(&summary.title, language);
    for line in &mut summary.lines {
        // Only what the server wrote before the product's own title is translated.
        if line.title.starts_with("Back: ") || line.title.starts_with("New: ") {
            line.title = summarised(&line.title, language);
        }
    }
    for row in &mut summary.totals {
        row.label = summarised(&row.label, language);
    }
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
    if let Some(shown) = &mut reply.summary {
        shown.choices.iter_mut().for_each(ours);
        if language != Language::En {
            summary(shown, language);
        }
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
