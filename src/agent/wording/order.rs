//! What is said about orders in the shopper's language: where one stands, what can be done with it, what happened to it.

use crate::agent::wording::{Phrase, say};
use crate::domain::message::Button;
use crate::domain::order::{Order, OrderState};
use crate::llm::keyless::language::Language;

pub const CHECK_THIS: Phrase = [
    "This is what I would do. Please check it:",
    "Esto es lo que haría. Revísalo, por favor:",
    "Isto é o que eu faria. Confira, por favor:",
];
pub const NOTHING_CHANGED: Phrase = [
    "All right, nothing was changed. Order [number] stays as it was.",
    "De acuerdo, no se ha cambiado nada. El pedido [number] queda como estaba.",
    "Tudo bem, nada foi mudado. O pedido [number] fica como estava.",
];
pub const NOT_KEPT: Phrase = [
    "All right, I won't keep that address.",
    "De acuerdo, no guardo esa dirección.",
    "Tudo bem, não guardo esse endereço.",
];
pub const GOES_TO: Phrase = [
    "Order [number] now goes to [address].",
    "El pedido [number] va ahora a [address].",
    "O pedido [number] vai agora para [address].",
];
pub const KEPT: Phrase = [
    "I'll remember this address: [address].",
    "Recordaré esta dirección: [address].",
    "Vou lembrar este endereço: [address].",
];
pub const REFUND_ASKED: Phrase = [
    "I've asked a colleague to agree to paying back [amount] for order [number]. You'll hear from us here.",
    "He pedido a un colega que apruebe devolverte [amount] del pedido [number]. Te avisaremos aquí.",
    "Pedi a um colega que aprove devolver [amount] do pedido [number]. Avisaremos você aqui.",
];
pub const REFUND_GOES: Phrase = [
    "[amount] for order [number] is on its way back to the card you paid with.",
    "[amount] del pedido [number] vuelven a la tarjeta con la que pagaste.",
    "[amount] do pedido [number] voltam ao cartão com que você pagou.",
];
pub const NOT_PAID_YET: Phrase = [
    "The payment for order [number] has not arrived yet. The page is still open:",
    "El pago del pedido [number] todavía no ha llegado. La página sigue abierta:",
    "O pagamento do pedido [number] ainda não chegou. A página continua aberta:",
];
pub const NOT_REACHED: Phrase = [
    "I can't reach the payment provider just now. I'll write as soon as I know; nothing is lost.",
    "Ahora mismo no puedo preguntar al proveedor de pagos. Te escribo en cuanto lo sepa; no se pierde nada.",
    "Agora não consigo perguntar ao provedor de pagamentos. Escrevo assim que souber; nada se perde.",
];
pub const PAGE_OPEN: Phrase = [
    "Order [number] is reserved for you. Please pay here to complete it.",
    "El pedido [number] está reservado para ti. Paga aquí para completarlo.",
    "O pedido [number] está reservado para você. Pague aqui para concluí-lo.",
];
pub const DIFFERENCE_OPEN: Phrase = [
    "The new items for order [number] are set aside. Please pay the difference here.",
    "Los artículos nuevos del pedido [number] están apartados. Paga aquí la diferencia.",
    "Os novos itens do pedido [number] estão separados. Pague aqui a diferença.",
];
pub const PAY: Phrase = ["Pay [amount]", "Pagar [amount]", "Pagar [amount]"];
pub const PAID: Phrase = [
    "Paid, thank you! Order [number] ([amount]) is confirmed. We are packing it now.",
    "¡Pagado, gracias! El pedido [number] ([amount]) está confirmado. Lo estamos preparando.",
    "Pago, obrigado! O pedido [number] ([amount]) está confirmado. Estamos preparando.",
];
pub const PENDING: Phrase = [
    "Thank you! The payment for order [number] is being processed. I'll write as soon as it is through; the items stay \
     reserved for you.",
    "¡Gracias! El pago del pedido [number] se está procesando. Te escribo en cuanto termine; los artículos siguen \
     reservados para ti.",
    "Obrigado! O pagamento do pedido [number] está sendo processado. Escrevo assim que terminar; os itens continuam \
     reservados para você.",
];
pub const EXPIRED: Phrase = [
    "Order [number] was not paid, so I have released the items again. Nothing was charged. Tell me if you still want \
     them.",
    "El pedido [number] no se pagó, así que he liberado los artículos. No se ha cobrado nada. Dime si aún los quieres.",
    "O pedido [number] não foi pago, então liberei os itens. Nada foi cobrado. Diga se ainda os quer.",
];
pub const CANCELLED: Phrase = [
    "Order [number] is cancelled. Nothing was charged.",
    "El pedido [number] está cancelado. No se ha cobrado nada.",
    "O pedido [number] está cancelado. Nada foi cobrado.",
];
pub const CANCELLED_BACK: Phrase = [
    "Order [number] is cancelled. [amount] goes back to the card you paid with; banks take 5 to 10 days.",
    "El pedido [number] está cancelado. [amount] vuelven a la tarjeta con la que pagaste; los bancos tardan de 5 a 10 \
     días.",
    "O pedido [number] está cancelado. [amount] voltam ao cartão com que você pagou; os bancos levam de 5 a 10 dias.",
];
pub const PAID_TOO_LATE: Phrase = [
    "Your payment for order [number] came after the items had been given up, so the whole amount goes back to you. I'm \
     sorry for the trouble. Tell me if you still want them.",
    "Tu pago del pedido [number] llegó cuando los artículos ya se habían liberado, así que te devolvemos todo. Siento \
     las molestias. Dime si aún los quieres.",
    "Seu pagamento do pedido [number] chegou depois que os itens foram liberados, então devolvemos tudo. Sinto pelo \
     transtorno. Diga se ainda os quer.",
];
pub const PAID_TWICE: Phrase = [
    "Order [number] was paid twice. The second payment goes back to you in full.",
    "El pedido [number] se pagó dos veces. El segundo pago te lo devolvemos entero.",
    "O pedido [number] foi pago duas vezes. O segundo pagamento volta inteiro para você.",
];
pub const SENT: Phrase = [
    "Order [number] is on its way with [carrier], tracking number [tracking].",
    "El pedido [number] está en camino con [carrier], número de seguimiento [tracking].",
    "O pedido [number] está a caminho com [carrier], número de rastreio [tracking].",
];
pub const SENT_PLAIN: Phrase =
    ["Order [number] is on its way.", "El pedido [number] está en camino.", "O pedido [number] está a caminho."];
pub const ARRIVED: Phrase = [
    "Order [number] has arrived. Enjoy it! If something isn't right, tell me.",
    "El pedido [number] ha llegado. ¡Que lo disfrutes! Si algo no está bien, dímelo.",
    "O pedido [number] chegou. Aproveite! Se algo não estiver bem, diga.",
];
pub const NEEDS_A_LOOK: Phrase = [
    "Something about the payment of order [number] needs a closer look.",
    "Hay algo en el pago del pedido [number] que debemos revisar.",
    "Há algo no pagamento do pedido [number] que precisamos verificar.",
];
pub const REFUND_DONE: Phrase = [
    "[amount] for order [number] is on its way back to you; banks take 5 to 10 days.",
    "[amount] del pedido [number] vuelven a ti; los bancos tardan de 5 a 10 días.",
    "[amount] do pedido [number] voltam para você; os bancos levam de 5 a 10 dias.",
];
pub const REFUND_DECLINED: Phrase = [
    "A colleague has looked at order [number]: [amount] can't be paid back.",
    "Un colega ha revisado el pedido [number]: no se pueden devolver [amount].",
    "Um colega verificou o pedido [number]: não é possível devolver [amount].",
];
pub const REFUND_FAILED: Phrase = [
    "Paying back [amount] for order [number] did not go through. A colleague takes care of it; the money is not lost.",
    "La devolución de [amount] del pedido [number] no ha salido. Un colega se ocupa; el dinero no se pierde.",
    "A devolução de [amount] do pedido [number] não passou. Um colega cuida disso; o dinheiro não se perde.",
];
pub const CHANGED: Phrase =
    ["Order [number] is changed.", "El pedido [number] está cambiado.", "O pedido [number] foi alterado."];
pub const COMES_BACK: Phrase =
    [" [amount] goes back to you.", " Te devolvemos [amount].", " Devolvemos [amount] a você."];
pub const RETURN_AGREED: Phrase = [
    "Your return from order [number] is registered. Once the goods are here, [amount] goes back to you.",
    "Tu devolución del pedido [number] está registrada. Cuando llegue, te devolvemos [amount].",
    "Sua devolução do pedido [number] está registrada. Quando chegar, devolvemos [amount] a você.",
];
pub const EXCHANGE_AGREED: Phrase = [
    "Your exchange from order [number] is registered, and the new items are set aside. Once the goods are back, the new \
     ones leave.",
    "Tu cambio del pedido [number] está registrado y los artículos nuevos están apartados. Cuando lleguen los otros, \
     salen los nuevos.",
    "Sua troca do pedido [number] está registrada e os novos itens estão separados. Quando os outros chegarem, os novos \
     saem.",
];
pub const RETURN_DONE: Phrase = [
    "Your return from order [number] is here.",
    "Tu devolución del pedido [number] ha llegado.",
    "Sua devolução do pedido [number] chegou.",
];
pub const EXCHANGE_DONE: Phrase = [
    "Your return from order [number] is here, and the new items leave now.",
    "Tu devolución del pedido [number] ha llegado y los artículos nuevos salen ahora.",
    "Sua devolução do pedido [number] chegou e os novos itens saem agora.",
];
pub const STAYS: Phrase = [
    "The change to order [number] does not take place: the order stays as it was.",
    "El cambio del pedido [number] no se hace: el pedido queda como estaba.",
    "A mudança do pedido [number] não acontece: o pedido fica como estava.",
];
pub const RETURN_REFUSED: Phrase = [
    "The return from order [number] was not accepted.",
    "La devolución del pedido [number] no se ha aceptado.",
    "A devolução do pedido [number] não foi aceita.",
];

pub const TAP_STATUS: Phrase = ["Order status", "Estado del pedido", "Status do pedido"];
pub const TAP_CART: Phrase = ["My cart", "Mi carrito", "Meu carrinho"];
pub const SHOW_CART: Phrase = ["Show me my cart", "Muestra mi carrito", "Mostre meu carrinho"];
pub const TAP_PERSON: Phrase = ["Ask a colleague", "Preguntar a un colega", "Perguntar a um colega"];
const TAP_CANCEL: Phrase = ["Cancel order [number]", "Cancelar el pedido [number]", "Cancelar o pedido [number]"];
const TAP_ADDRESS: Phrase = [
    "Change the address of order [number]",
    "Cambiar la dirección del pedido [number]",
    "Mudar o endereço do pedido [number]",
];
const TAP_RETURN: Phrase =
    ["Return something from [number]", "Devolver algo del pedido [number]", "Devolver algo do pedido [number]"];
const TAP_EXCHANGE: Phrase = [
    "Exchange something from [number]",
    "Cambiar algo del pedido [number] por otra talla",
    "Trocar algo do pedido [number]",
];
const TAP_PAID: Phrase = ["I have paid", "Ya pagué", "Já paguei"];

const STATUSES: [Phrase; 9] = [
    ["waiting for payment", "pendiente de pago", "aguardando pagamento"],
    ["payment being processed", "pago en proceso", "pagamento em processamento"],
    ["paid, being packed", "pagado, en preparación", "pago, em preparação"],
    ["on its way", "en camino", "a caminho"],
    ["delivered", "entregado", "entregue"],
    ["expired, not paid in time", "caducado, no se pagó a tiempo", "expirado, não foi pago a tempo"],
    ["cancelled", "cancelado", "cancelado"],
    ["refunded", "reembolsado", "reembolsado"],
    ["being checked by a colleague", "en revisión por un colega", "em verificação por um colega"],
];

/// Where an order stands, in the shopper's language.
pub fn status(language: Language, order: &Order) -> &'static str {
    status_words(language, order.status())
}

/// The words of a status in a language.
pub fn status_words(language: Language, english: &str) -> &str {
    STATUSES.iter().find(|row| Language::En.pick(**row) == english).map_or(english, |row| language.pick(*row))
}

/// What can be done with an order as it stands, to be tapped: the words on a button are what it says.
pub fn offers(language: Language, order: &Order) -> Vec<Button> {
    let say = |phrase: Phrase| {
        let text = say(language, phrase, &[("[number]", &order.number)]);
        Button::new(format!("say:{text}"), text)
    };
    match (order.state, order.times.delivered) {
        (OrderState::AwaitingPayment, _) if order.times.cancel_asked.is_none() => vec![say(TAP_PAID), say(TAP_CANCEL)],
        (OrderState::Paid, _) => vec![say(TAP_CANCEL), say(TAP_ADDRESS)],
        (OrderState::Fulfilled, Some(_)) => vec![say(TAP_RETURN), say(TAP_EXCHANGE)],
        (OrderState::Frozen, _) => vec![Button::new("person", language.pick(TAP_PERSON))],
        _ => vec![],
    }
}
