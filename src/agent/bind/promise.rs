//! Promises: money back, something for nothing, a discount, a guarantee, a day of arrival. A firm pays for what its bot
//! invents, so each needs a cited text that promises the same, or a fact of the right type.

use crate::agent::bind::page::Page;
use crate::agent::bind::words::{Words, begins, has};
use crate::agent::bind::{Evidence, Problem};
use crate::agent::literal::{self, Kind};
use crate::domain::fact::{Fact, Value};

/// A kind of promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Refund,
    Free,
    Guarantee,
    Discount,
    Compensation,
    Gift,
    PriceMatch,
    Arrival,
}

use Sort::{Arrival, Compensation, Discount, Free, Gift, Guarantee, PriceMatch, Refund};

/// How promises are worded: phrases apart by `|`, stems in them, a `=` for a whole word. Accents are left out.
const PROMISES: [(Sort, &str); 8] = [
    (
        Refund,
        "refund|money back=|reimburs|reembols|devolv el dinero|devolvemos el|devolveremos|estorn|dinheiro de volta|erstatt|ruckerstatt|zuruckerstatt|geld zuruck|rembours|rimbors|استرداد",
    ),
    (
        Free,
        "free=|for nothing=|on the house=|at no cost|no charge|free of charge|complimentary|gratis|gratuit|kostenlos|kostenfrei|umsonst|gratuita|gratuito|offert|de graca|sin coste|sin costo|sin cargo|sem custo|portofrei|versandkostenfrei|مجان",
    ),
    (Guarantee, "guarantee|guaranteed|warranty|warranties|garanti|garantia|garantiz|gewahrleist|garantie"),
    (
        Discount,
        "discount|voucher|coupon|promo=|promo code|% off=|percent off=|half price=|half the price|cashback|rebate|loyalty points|descuent|cupon|cupom|vale de|desconto|rabatt|gutschein|nachlass|remise|une reduction|la reduction|de reduction|reduction sur|reduction de|bon d'achat|code promo|mitad de precio|metade do preco|halben preis|moitie prix|sconto|خصم",
    ),
    (
        Compensation,
        "compensat|compensacion|compensar|compensac|entschadig|indemn|dedommag|make it up to you|as an apology|store credit|credit note|goodwill",
    ),
    (Gift, "free gift|a gift|gift for you|regal|brinde|presente para|geschenk|cadeau"),
    (
        PriceMatch,
        "price match|match the price|match any price|match that price|igualamos el precio|igualar el precio|cobrimos|preisgarantie|bestpreis|meilleur prix",
    ),
    (
        Arrival,
        "will arrive|will be delivered|will be there|arrives|arriving|delivered by|delivered tomorrow|delivered today|get it by|get it tomorrow|receive it|will ship|ships today|ships tomorrow|llegara|llega manana|llega el|llega hoy|recibiras|se entregara|chegara|chega amanha|chega hoje|voce recebera|recebe amanha|wird geliefert|kommt morgen|kommt am|trifft|geliefert werden|arrivera|sera livre|vous recevrez",
    ),
];
/// What can be free of charge. A passage about free delivery promises no free boots.
const OBJECTS: [(&str, &str); 6] = [
    (
        "delivery",
        "ship deliver postage envio envia entreg frete versand liefer porto livraison expedition port= standard express",
    ),
    ("return", "return devol retour rucksend ruckgabe"),
    ("exchange", "exchange cambio troca umtausch echange"),
    ("pickup", "pick-up pickup collect recog retirad abhol retrait"),
    (
        "service",
        "repair repara reparatur wrap fitting advice asesor berat conseil resol sole care label etikett etiquet sample muster",
    ),
    ("gift", "gift regal brinde geschenk cadeau"),
];
/// Words that make a promise word a topic: "a refund request", "about discounts".
const TOPIC_AFTER: &str = "request requests policy policies form question questions period card cards anfrage antrag politica politique richtlinie conditions";
const TOPIC_BEFORE: &str = "request requesting requested about regarding ask asking asked want wants wish solicitar solicitud solicita sobre pedir uber zu concernant demander";
/// Words beside which "free" is no price: "feel free", "free to ask", "free of perfume".
const NOT_FREE_BEFORE: &str = "feel hands bpa gluten pfc chrome lactose wrinkle lint";
const NOT_FREE_AFTER: &str = "to of time from";
/// Days that are only words, and what an arrival is spoken of with.
const DAY_WORDS: &str = "tomorrow today tonight monday tuesday wednesday thursday friday saturday sunday weekend manana hoy lunes martes miercoles jueves viernes sabado domingo amanha hoje segunda terca quarta quinta sexta montag dienstag mittwoch donnerstag freitag samstag sonntag morgen heute ubermorgen demain aujourd'hui lundi mardi mercredi jeudi vendredi samedi dimanche christmas navidad natal weihnachten noel غدا اليوم";
const MOVING: &str = "deliver arriv ship dispatch come= comes= reach receive entreg lleg envi sal= saldra cheg receb liefer geliefert= zustell zugestell versand verschick kommt= trifft livr recevr expedi arrive";

/// The promises in a page that nothing bears out.
pub(super) fn unfounded(page: &Page, evidence: &Evidence<'_>) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    let words = &page.words;
    for (n, word) in words.words.iter().enumerate() {
        let hit = PROMISES.iter().find_map(|(kind, phrases)| {
            phrases.split('|').filter_map(|p| words.reads(n, p)).max().map(|taken| (*kind, taken))
        });
        let day = has(DAY_WORDS, &word.plain) && words.sentence(word.sentence).any(|w| begins(MOVING, &w.plain));
        let Some((kind, taken)) = hit.or(day.then_some((Arrival, 1))) else { continue };
        let last = words.words.get(n + taken - 1).unwrap_or(word);
        let place = word.place.start..last.place.end;
        if page.is_ours(&place) || words.asks(word.sentence) || words.negated(n) || idle(words, n, taken, kind) {
            continue;
        }
        let said = page.text.get(place.clone()).unwrap_or_default().to_owned();
        if !founded(kind, &said, n, page, evidence)
            && !problems.iter().any(|p| matches!(p, Problem::Promise(s) if *s == said))
        {
            problems.push(Problem::Promise(said));
        }
    }
    problems
}

/// Whether the word is a topic or part of an idiom.
fn idle(words: &Words, n: usize, taken: usize, kind: Sort) -> bool {
    let at = |n: Option<usize>| n.and_then(|n| words.words.get(n)).map_or("", |w| w.plain.as_str());
    let (before, after) = (at(n.checked_sub(1)), at(n.checked_add(taken)));
    let article = ["a", "the", "un", "una", "el", "la", "um", "uma", "eine", "einen", "die", "your", "tu", "seu", "su"]
        .contains(&before);
    let before_article = if article { at(n.checked_sub(2)) } else { before };
    match kind {
        Free => has(NOT_FREE_BEFORE, before) || has(NOT_FREE_AFTER, after),
        _ => has(TOPIC_AFTER, after) || has(TOPIC_BEFORE, before_article),
    }
}

fn founded(kind: Sort, said: &str, n: usize, page: &Page, evidence: &Evidence<'_>) -> bool {
    let Some(word) = page.words.words.get(n) else { return false };
    let at = word.place.start;
    let facts = evidence.ledger.facts();
    let things: Vec<String> = page.beside(at).map(|m| m.entities.clone()).unwrap_or_default();
    let cites = page.cites(at);
    let of_order = |f: &&Fact| {
        things.contains(&f.entity) || f.called.is_empty() || (things.is_empty() && f.entity.starts_with('o'))
    };
    let stands = match kind {
        Refund => {
            let done = facts.iter().filter(of_order).any(|f| {
                f.field == "paid_back" || matches!(f.value, Value::Status(crate::domain::fact::Status::Refunded))
            });
            done || evidence.acts.contains(&"proposed")
        }
        Free => free_fact(page, n, facts),
        Discount => facts.iter().any(|f| f.field == "compare_at" && things.contains(&f.entity)),
        Arrival => arrives(said, at, page, facts, &things),
        Guarantee | Compensation | Gift | PriceMatch => false,
    };
    // A description may speak of "noise reduction": of what a product text says, only a warranty is a promise.
    let texts = |f: &&Fact| match f.entity.starts_with('k') {
        true => cites.contains(&f.entity),
        false => kind == Guarantee && (cites.contains(&f.entity) || things.contains(&f.entity)),
    };
    stands || facts.iter().filter(texts).any(|f| promises(kind, n, page, f))
}

/// Whether a text makes the same promise: of the same kind, and of the same thing when something is free.
fn promises(kind: Sort, n: usize, page: &Page, fact: &Fact) -> bool {
    let Value::Text(text) = &fact.value else { return false };
    let words = Words::read(text);
    let Some((_, phrases)) = PROMISES.iter().find(|(k, _)| *k == kind) else { return false };
    let Some(word) = page.words.words.get(n) else { return false };
    let here: Vec<&str> = OBJECTS
        .iter()
        .filter(|(_, stems)| page.words.sentence(word.sentence).any(|w| begins(stems, &w.plain)))
        .map(|(o, _)| *o)
        .collect();
    (0..words.words.len()).any(|at| {
        let Some(found) = words.words.get(at) else { return false };
        if !phrases.split('|').any(|p| words.reads(at, p).is_some()) || words.negated(at) {
            // A day is kept by the same day in the text.
            let day = kind == Sort::Arrival && has(DAY_WORDS, &found.plain) && found.plain == word.plain;
            return day;
        }
        match kind {
            Free => here.iter().any(|object| {
                let stems = OBJECTS.iter().find(|(o, _)| o == object).map_or("", |(_, s)| s);
                words.sentence(found.sentence).any(|w| begins(stems, &w.plain))
            }),
            Arrival => !has(DAY_WORDS, &word.plain),
            _ => true,
        }
    })
}

/// "Shipping is free" beside a cart or an order that pays none.
fn free_fact(page: &Page, n: usize, facts: &[Fact]) -> bool {
    let Some(word) = page.words.words.get(n) else { return false };
    let delivery =
        OBJECTS.first().is_some_and(|(_, stems)| page.words.sentence(word.sentence).any(|w| begins(stems, &w.plain)));
    let things = page.beside(word.place.start).map(|m| m.entities.clone()).unwrap_or_default();
    let own = |f: &&Fact| f.field == "shipping" && (f.called.is_empty() || things.contains(&f.entity));
    delivery && facts.iter().filter(own).any(|f| matches!(f.value, Value::Money(m) if m.minor == 0))
}

/// A day of arrival is kept by a date of the thing that is spoken of, written as a date or as its weekday.
fn arrives(said: &str, at: usize, page: &Page, facts: &[Fact], things: &[String]) -> bool {
    let dates: Vec<_> = facts
        .iter()
        .filter(|f| things.contains(&f.entity) && ["shipped", "delivered"].contains(&f.field.as_str()))
        .filter_map(|f| if let Value::Date(d) = f.value { Some(d) } else { None })
        .collect();
    let weekday = |d: &jiff::civil::Date| format!("{:?}", d.weekday()).to_lowercase() == said.to_lowercase();
    let text = page.text.get(page.sentence(at)).unwrap_or_default();
    // A figure in the sentence is checked as a figure; without one, "will arrive" says only that it will.
    let timed = literal::find(text).iter().any(|l| l.kind == Kind::Date || l.unit.is_some())
        || page.words.words.iter().any(|w| w.place.start >= at && has(DAY_WORDS, &w.plain));
    dates.iter().any(weekday) || (!timed && !dates.is_empty())
}
