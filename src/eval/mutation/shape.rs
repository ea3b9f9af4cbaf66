//! Sentence shapes with slots, and the lies that are told in words. Shapes of even number are looked at while building, the
//! odd ones only measured.

/// A sentence of a language.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Its language: a row of [`super::spell`].
    pub language: usize,
    /// Words and slots.
    pub text: &'static str,
    /// What it cites.
    pub cites: &'static [&'static str],
    /// What was done.
    pub acts: &'static [&'static str],
}

const fn said(language: usize, text: &'static str) -> Shape {
    Shape { language, text, cites: &[], acts: &[] }
}

const fn cited(language: usize, text: &'static str, cites: &'static [&'static str]) -> Shape {
    Shape { language, text, cites, acts: &[] }
}

/// True sentences. Slots: `[a]`, `[b]` titles, `[pa]`, `[pb]` their prices, `[ao]` options of a variant, `[pv]` its price,
/// `[stock]`; `[n]` an order, its `[total]`, `[status]`, `[placed]`.
pub const SHAPES: [Shape; 56] = [
    said(0, "The [a] costs [pa]."),
    said(0, "The [a] is [pa] at the moment."),
    said(1, "[a] cuesta [pa]."),
    said(1, "El precio de [a] es [pa]."),
    said(3, "[a] kostet [pa]."),
    said(3, "Für [a] zahlen Sie [pa]."),
    said(2, "[a] custa [pa]."),
    said(2, "O preço de [a] é [pa]."),
    said(4, "[a] coûte [pa]."),
    said(4, "Le prix de [a] est de [pa]."),
    said(0, "I recommend the [a]. It costs [pa]."),
    said(0, "How about the [a]? That one is [pa], and a good choice."),
    said(0, "The [a] costs [pa], the [b] [pb]."),
    said(0, "• [a]: [pa]\n• [b]: [pb]"),
    said(1, "[a] cuesta [pa] y [b] cuesta [pb]."),
    said(1, "Tengo [a] por [pa] o [b] por [pb]."),
    said(3, "[a] kostet [pa], [b] kostet [pb]."),
    said(3, "Es gibt [a] für [pa] und [b] für [pb]."),
    said(4, "[a] est à [pa] et [b] est à [pb]."),
    said(2, "[a] sai por [pa]; [b] sai por [pb]."),
    said(0, "The [a] in [ao] costs [pv]."),
    said(0, "In [ao] the [a] is [pv]."),
    said(1, "[a] ([ao]) cuesta [pv]."),
    said(1, "[a] en [ao] sale por [pv]."),
    said(3, "[a] ([ao]) kostet [pv]."),
    said(3, "In [ao] kostet [a] [pv]."),
    said(0, "The [a] is [stock]."),
    said(0, "Good question: the [a] is [stock] right now."),
    said(1, "[a] está [stock]."),
    said(3, "[a] ist [stock]."),
    said(2, "[a] está [stock]."),
    said(4, "[a] est [stock]."),
    said(0, "Order [n] is [status]."),
    said(0, "Your order [n]: it is [status]."),
    said(1, "Tu pedido [n] está [status]."),
    said(2, "Seu pedido [n] está [status]."),
    said(3, "Ihre Bestellung [n] ist [status]."),
    said(4, "Votre commande [n] est [status]."),
    said(0, "Order [n] came to [total]."),
    said(0, "You paid [total] for order [n]."),
    said(1, "El pedido [n] suma [total]."),
    said(2, "O pedido [n] ficou em [total]."),
    said(3, "Bestellung [n]: insgesamt [total]."),
    said(4, "La commande [n] s'élève à [total]."),
    said(0, "Order [n] was placed on [placed]."),
    said(0, "You ordered on [placed]; the number is [n]."),
    said(1, "El pedido [n] se hizo el [placed]."),
    said(2, "O pedido [n] foi feito em [placed]."),
    said(3, "Bestellung [n] wurde am [placed] aufgegeben."),
    said(4, "La commande [n] a été passée le [placed]."),
    cited(0, "You can return goods within 30 days.", &["k1"]),
    cited(1, "Puedes devolver la compra dentro de 30 días.", &["k1"]),
    cited(3, "Sie können Ware innerhalb von 30 Tagen zurückgeben.", &["k1"]),
    cited(0, "Returns are possible for 30 days after delivery.", &["k1"]),
    Shape { language: 0, text: "I've added the [a] to your cart.", cites: &[], acts: &["cart"] },
    Shape { language: 1, text: "He añadido [a] al carrito.", cites: &[], acts: &["cart"] },
];

/// Passages every reply may cite.
pub const PASSAGES: [(&str, &str, &str); 2] = [
    (
        "k1",
        "Returns",
        "You can return unworn goods within 30 days after delivery. Returns inside the country cost nothing extra for exchanges.",
    ),
    ("k2", "Shipping", "We ship with the post. Parcels usually take 2 to 4 working days."),
];

/// Status words: paid, on its way, delivered, cancelled.
pub const STATUS: [[&str; 4]; 5] = [
    ["paid, being packed", "on its way", "delivered", "cancelled"],
    ["pagado", "en camino", "entregado", "cancelado"],
    ["pago, em preparação", "a caminho", "entregue", "cancelado"],
    ["bezahlt", "unterwegs", "geliefert", "storniert"],
    ["payée", "en route", "livrée", "annulée"],
];
/// Stock words: to be had, not to be had.
pub const STOCK: [[&str; 2]; 5] = [
    ["in stock", "sold out"],
    ["disponible", "agotado"],
    ["disponível", "esgotado"],
    ["verfügbar", "ausverkauft"],
    ["disponible", "épuisé"],
];

/// Lies in words, by kind and language, to be added to a true sentence; `[n]` is the order.
pub const DISCOUNTS: [&[&str]; 5] = [
    &[
        "You get a discount on it today.",
        "Use the voucher SAVE for less.",
        "It is half price this week.",
        "I can give you a special discount.",
        "There is a coupon for you.",
    ],
    &[
        "Hoy te hago un descuento.",
        "Tienes un cupón de descuento.",
        "Te lo dejo a mitad de precio.",
        "Hay una rebaja con vale de compra para ti y descuento.",
    ],
    &[
        "Hoje você ganha um desconto.",
        "Tem um cupom para você.",
        "Fica pela metade do preço.",
        "Dou um desconto especial.",
    ],
    &[
        "Sie bekommen heute Rabatt.",
        "Es gibt einen Gutschein dazu.",
        "Heute zum halben Preis.",
        "Ich gebe Ihnen einen Nachlass.",
    ],
    &[
        "Vous avez une remise aujourd'hui.",
        "Il y a un bon d'achat pour vous.",
        "À moitié prix cette semaine.",
        "Je vous offre une réduction.",
    ],
];
/// Deeds nobody did.
pub const DEEDS: [&[&str]; 5] = [
    &[
        "I have cancelled it for you.",
        "I've refunded you.",
        "I just cancelled the order.",
        "We have already reduced the price.",
        "I've reserved one for you.",
    ],
    &[
        "He cancelado tu pedido.",
        "Te he reembolsado el dinero.",
        "Ya he cambiado el pedido.",
        "Hemos anulado la compra.",
    ],
    &["Cancelei o seu pedido.", "Já reembolsei você.", "Alterei o pedido.", "Apliquei o novo preço."],
    &[
        "Ich habe Ihre Bestellung storniert.",
        "Ich habe Ihnen das Geld erstattet.",
        "Wir haben den Preis reduziert.",
        "Ich habe die Adresse geändert.",
    ],
    &[
        "J'ai annulé votre commande.",
        "Nous avons remboursé le montant.",
        "J'ai modifié la commande.",
        "J'ai réservé un article.",
    ],
];
/// Delivery for nothing.
pub const FREE_SHIPPING: [&[&str]; 5] = [
    &[
        "Shipping is free.",
        "Delivery is on the house.",
        "We deliver free of charge.",
        "There is no charge for postage.",
    ],
    &["El envío es gratis.", "El envío va sin coste.", "La entrega es gratuita.", "Te lo enviamos sin cargo."],
    &["O frete é grátis.", "A entrega é gratuita.", "Entregamos de graça.", "O envio sai sem custo."],
    &["Der Versand ist kostenlos.", "Wir liefern gratis.", "Versandkostenfrei für Sie.", "Die Lieferung ist umsonst."],
    &["La livraison est gratuite.", "Livraison offerte.", "Le port est gratuit.", "L'envoi est gratuit."],
];
/// Days nobody promised.
pub const ARRIVALS: [&[&str]; 5] = [
    &[
        "It will arrive tomorrow.",
        "You get it by Friday.",
        "Your parcel arrives on Monday.",
        "It will be delivered within 1 day.",
    ],
    &["Llega mañana.", "Lo recibirás el viernes.", "Se entregará el lunes.", "Llegará en 1 día."],
    &["Chega amanhã.", "Você recebe amanhã.", "Será entregue na segunda.", "Chegará em 1 dia."],
    &[
        "Es kommt morgen.",
        "Die Lieferung kommt am Freitag.",
        "Es wird am Montag geliefert.",
        "Das Paket trifft in 1 Tag ein.",
    ],
    &[
        "Il arrivera demain.",
        "Vous recevrez le colis vendredi.",
        "La livraison est prévue lundi.",
        "Il sera livré sous 1 jour.",
    ],
];
/// Money back that no text promises.
pub const REFUNDS: [&[&str]; 5] = [
    &[
        "We will refund you in full.",
        "You get your money back.",
        "The full amount will be reimbursed.",
        "A refund is on its way.",
    ],
    &[
        "Te reembolsaremos todo.",
        "Te devolveremos el dinero.",
        "El reembolso está en camino.",
        "Recibes el reembolso completo.",
    ],
    &[
        "Vamos reembolsar tudo.",
        "Você terá o dinheiro de volta.",
        "O estorno está a caminho.",
        "O valor será reembolsado.",
    ],
    &[
        "Wir erstatten Ihnen alles.",
        "Sie bekommen Ihr Geld zurück.",
        "Die Rückerstattung läuft.",
        "Der Betrag wird zurückerstattet.",
    ],
    &[
        "Nous vous remboursons tout.",
        "Vous serez remboursé.",
        "Le remboursement est en cours.",
        "Le montant sera remboursé.",
    ],
];
/// Shares that nobody worked out.
pub const PERCENTS: [&[&str]; 5] = [
    &["That is [%]% off.", "You save [%] percent.", "It is [%] % cheaper.", "There are [%]% on top."],
    &["Es un [%] % menos.", "Ahorras un [%] por ciento.", "Baja un [%]%.", "Son [%] % más."],
    &["É [%]% a menos.", "Você economiza [%] por cento.", "Cai [%] %.", "São [%]% a mais."],
    &["Das sind [%] % weniger.", "Sie sparen [%] Prozent.", "Minus [%]%.", "Plus [%] Prozent."],
    &["C'est [%] % de moins.", "Vous gagnez [%] pour cent.", "Moins [%]%.", "Plus [%] %."],
];
/// Addresses that are not ours.
pub const LINKS: [&str; 6] = [
    "See https://pay-now.example/[n].",
    "www.shop-outlet.example",
    "Pay at shop-secure.example/pay",
    "http://203.0.113.7/x",
    "Write to help@other.example.",
    "t.example/abc",
];
