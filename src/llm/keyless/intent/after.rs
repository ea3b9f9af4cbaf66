//! Intents about orders that stand.

use crate::llm::keyless::lexicon as lex;
use crate::llm::keyless::lexicon::after;
use crate::llm::keyless::words::Words;

/// What is wanted of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// Call it off.
    Cancel,
    /// Goods come back.
    Return,
    /// Another size or colour.
    Exchange,
    /// Another address.
    Address,
    /// Money back.
    Refund,
    /// It came broken, or wrong.
    Broken,
}

/// What the words want of an order, if anything.
pub fn kind(words: &Words) -> Option<After> {
    let kinds = [(after::ADDRESS, After::Address), (after::CANCEL, After::Cancel), (after::EXCHANGE, After::Exchange)];
    let found = kinds.into_iter().find(|(table, _)| words.has(table)).map(|(_, kind)| kind);
    found.or_else(|| {
        let money = words.has(&["devolver el dinero", "devolucion del dinero", "devolver o dinheiro"]);
        match (words.has(after::RETURN), words.has(after::MONEY)) {
            (true, _) if !money => Some(After::Return),
            (_, true) => Some(After::Refund),
            _ => words.has(lex::CHANGE).then_some(After::Exchange),
        }
    })
}

/// Something came broken, and nobody is angry about it.
pub fn broken(words: &Words) -> bool {
    words.has(after::BROKEN) && !words.has(after::ANGRY)
}

/// "Cancel it", "I want to return this": a wish that something be done, not a question about rules.
pub fn wishes(words: &Words) -> bool {
    let starts = words.starts(lex::CHANGE) || words.starts(after::CANCEL) || words.starts(after::MONEY);
    starts
        && words.len() > 1
        && !words.has(&["policy", "politica"])
        && words.has_exactly(&["it", "this", "my", "me", "them", "the", "mi", "meu", "minha", "un", "um", "el", "o"])
        || words.has(&[
            "i want to",
            "id like to",
            "i would like to",
            "i need to",
            "i want a",
            "i want my",
            "i need a",
            "give me my",
            "can you",
            "could you",
            "please",
            "quiero",
            "quisiera",
            "quero",
            "queria",
            "gostaria",
            "necesito",
            "preciso",
            "puedes",
            "pode",
            "want my",
            "want a",
        ])
}
