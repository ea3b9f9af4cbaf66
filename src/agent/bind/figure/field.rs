//! Which property of a thing a sentence speaks of: "shipped on" is not the day it was placed, "shipping" not the total.

use crate::agent::bind::words::{Word, Words, begins};
use crate::domain::fact::Fact;
use std::ops::Range;

/// Words before a figure that may name its property.
const BEFORE: usize = 6;
/// Words after it.
const AFTER: usize = 2;

/// Properties and the stems that name them, in the languages the shop speaks.
const FIELDS: [(&str, &str); 11] = [
    ("shipped", "shipped= dispatched= sent= envio= envie= enviad despachad verschickt= versendet= versandt= expedie="),
    (
        "delivered",
        "delivered= arrived= entregad entregue= entrego= llego= chegou= zugestellt= geliefert= livre= livree= angekommen=",
    ),
    (
        "placed",
        "placed= ordered= bestellt= commande= commandee= aufgegeben= hizo= hecho= realizado= realizo= feito= passee=",
    ),
    ("paid", "paid= pagad pago= bezahlt= paye= payee="),
    (
        "return_until",
        "return= returned= devolver= devolverlo= devolucion= zuruckgeben= zurucksenden= retourner= renvoyer=",
    ),
    ("closed", "cancelled= canceled= refunded= cancelad storniert= annule= annulee= reembolsad"),
    ("shipping", "shipping= delivery= postage= envio= frete= entrega= versand= versandkosten= lieferung= livraison="),
    ("subtotal", "subtotal= zwischensumme= sous-total="),
    ("total", "total= totals= totaled= comes= came= gesamt= gesamtbetrag= insgesamt= summe= suma= soma="),
    ("compare_at", "instead= originally= formerly= statt= fruher= antes= avant="),
    ("price", "now= jetzt= ahora= agora= maintenant="),
];

/// Words that say a price went down.
const REDUCED: &str = "down= reduced= cut= dropped= marked= reduziert= herabgesetzt= rebajad reduzid= baisse= passe=";

/// The property that the words nearest before a figure name, in its clause.
pub(super) fn hint(words: &Words, place: &Range<usize>) -> Option<&'static str> {
    let words = &words.words;
    let at = words.iter().position(|w| w.place.end > place.start).unwrap_or(words.len());
    let clause = words.get(at).map(|w| w.clause);
    let numeric = |w: &&Word| w.plain.chars().any(char::is_numeric);
    // "Down from 64.90 to 54.90": both prices in one breath.
    let mut back = words.iter().take(at).rev().filter(|w| !numeric(w));
    let (last, other) = (back.next(), back.next());
    let reduced = |w: Option<&Word>| w.is_some_and(|w| begins(REDUCED, &w.plain));
    match last.map_or("", |w| w.plain.as_str()) {
        "from" | "von" | "desde" if reduced(other) => return Some("compare_at"),
        "to" | "auf" | "a" | "para" if words.iter().take(at).any(|w| reduced(Some(w))) => return Some("price"),
        _ => {}
    }
    let named = |w: &Word| FIELDS.iter().find(|(_, stems)| begins(stems, &w.plain)).map(|(field, _)| *field);
    let same = |w: &&Word| clause.is_none_or(|c| c == w.clause);
    let before = words.iter().take(at).rev().take(BEFORE).take_while(same).take_while(|w| !numeric(w));
    // A verb may stand last: "wurde am 2. November aufgegeben".
    let after = || words.iter().skip(at).take_while(same).filter(|w| w.place.start >= place.end).take(AFTER);
    before.into_iter().find_map(named).or_else(|| after().find_map(named))
}

/// Whether the sentence speaks of another property that the same thing has.
pub(super) fn contradicts(hint: Option<&str>, fact: &Fact, facts: &[Fact]) -> bool {
    let Some(hint) = hint.filter(|hint| *hint != fact.field) else { return false };
    let like = facts.iter().find(|f| f.entity == fact.entity && f.field == hint);
    like.is_some_and(|other| {
        std::mem::discriminant(&other.value) == std::mem::discriminant(&fact.value) && other.value != fact.value
    })
}
