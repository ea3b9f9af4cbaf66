//! The words of wishes about an order that stands, three languages in one table each: folded, longer phrases first.

pub const CANCEL: &[&str] = &[
    "call off", "cancel", "cancela", "cancelar", "cancele", "anular", "anula", "anule", "cancelo",
];
pub const ADDRESS: &[&str] = &[
    "change the delivery address", "change the shipping address", "change the address", "change my address",
    "change address", "change the delivery", "update the address", "update my address", "address is wrong",
    "wrong address", "new address", "different address", "another address", "cambiar la direccion",
    "cambia la direccion", "cambiar mi direccion", "cambiar direccion", "direccion equivocada", "direccion incorrecta",
    "otra direccion", "mudar o endereco", "mude o endereco", "alterar o endereco", "trocar o endereco",
    "mudar endereco", "endereco errado", "outro endereco",
];
pub const EXCHANGE: &[&str] = &[
    "change the size", "change the colour", "change the color", "change size", "another size", "other size",
    "different size", "bigger size", "smaller size", "larger size", "wrong size", "another colour", "another color",
    "different colour", "different color", "change my order", "exchange", "swap", "cambiar la talla", "otra talla",
    "otro color", "cambiar mi pedido", "cambiar algo", "por otra talla", "cambiar por", "cambio", "outro tamanho",
    "outra cor", "mudar meu pedido", "trocar", "troca",
];
/// Change, of whatever is named beside it.
pub const CHANGE: &[&str] = &["change", "cambiar", "cambia", "mudar", "mude", "alterar"];
/// Money, and not goods: said in so many words.
pub const MONEY: &[&str] = &[
    "money back", "devolver el dinero", "devuelvan el dinero", "devuelveme el dinero", "devolucion del dinero",
    "mi dinero", "dinheiro de volta", "devolver o dinheiro", "devolva o dinheiro", "meu dinheiro", "refund",
    "refunded", "reembolso", "reembolsar", "reembolsen", "estorno", "estornar",
];
pub const RETURN: &[&str] = &[
    "send it back", "send them back", "give it back", "send back", "give back", "bring back", "return", "returning",
    "devolver", "devuelvo", "devolucion", "devolvo", "devolucao", "mandar de volta",
];
/// What came, but not as it should have.
pub const BROKEN: &[&str] = &[
    "arrived broken", "arrived damaged", "came broken", "came damaged", "was broken", "was damaged", "is broken",
    "is damaged", "are broken", "defective", "faulty", "wrong item",
    "wrong product", "llego roto", "llego rota", "llego danado", "llegaron rotos", "esta roto", "esta rota",
    "defectuoso", "chegou quebrado", "chegou quebrada", "esta quebrado", "esta quebrada", "chegou danificado",
    "com defeito",
];
/// Somebody who is angry wants a person, whatever else is said.
pub const ANGRY: &[&str] = &[
    "outrageous", "angry", "nobody answers", "unacceptable", "ridiculous", "disgusting", "furious", "lawyer", "sue",
    "scam", "fraud", "worst", "terrible", "police", "enfadado", "enfadada", "indignado", "inaceptable", "estafa",
    "abogado", "denuncia", "advogado", "inaceitavel", "absurdo", "procon", "golpe",
];
/// Goods that are kept while the money is wanted.
pub const KEEPS: &[&str] = &["without returning", "without sending", "keep it", "keep them", "sin devolver", "sem devolver"];
/// The newest order.
pub const NEWEST: &[&str] = &["last order", "latest order", "recent order", "newest order", "ultimo pedido", "ultima compra", "ultima encomenda"];
/// Everything in an order.
pub const EVERYTHING: &[&str] = &["everything", "all", "whole", "both", "todo", "todos", "toda", "todas", "tudo", "completo"];
/// Words of a wish that name nothing.
pub const BESIDE: &[&str] = &[
    "order", "orders", "pedido", "pedidos", "encomenda", "something", "anything", "algo", "from", "of", "my", "want",
    "like", "would", "need", "please", "del", "de", "do", "da", "mi", "meu", "minha", "item", "thing", "back", "arrived",
    "came", "broken", "damaged", "number", "numero", "now", "ahora", "agora", "size", "talla", "tamanho", "colour",
    "color", "change", "roto", "rota", "quebrado", "quebrada", "one", "ones",
];
/// Openings of a wish, whose "to" points at nothing.
pub const OPENINGS: &[&str] = &[
    "i want to", "id like to", "i would like to", "i need to", "i have to", "want to", "like to", "need to", "quiero",
    "quisiera", "quero", "queria", "gostaria de",
];
/// Words beside the one that tells a size or a colour.
pub const ARTICLES: &[&str] = &[
    "the", "an", "one", "size", "la", "el", "una", "un", "talla", "o", "tamanho", "um", "uma", "please",
];
/// What stands before the thing wanted instead.
pub const INSTEAD: &[&str] = &["for", "to", "into", "in", "with", "por", "para", "en", "em", "pela", "pelo", "a"];
