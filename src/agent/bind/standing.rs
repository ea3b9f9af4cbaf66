//! Where things stand: "delivered" beside an order has to be that order's status, "sold out" beside a product its stock.

use crate::agent::bind::mention::{self, Mention};
use crate::agent::bind::page::Page;
use crate::agent::bind::words::{MUTED, Words, begins, has};
use crate::agent::bind::{Evidence, Problem};
use crate::domain::fact::{Fact, Status, Value};

/// Words before a status that have to make it a statement: "has been", "ist", "fue".
const AUXILIARIES: &str = "is was are were be's has have had been got it's 's esta estan fue ha han sido quedo foi esta ja ist wurde wurden sind worden est a ete sont now already ahora ya bereits jetzt deja consider status estado";
/// How far before.
const AUXILIARY_WITHIN: usize = 4;
/// What is said of an order when no number is named.
const ORDER: &str = "order= order's purchase= parcel= package= shipment= payment= pedido= encomenda= compra= paquete= pacote= envio= pago= pagamento= bestellung= paket= sendung= zahlung= lieferung= commande= colis= paiement= الطلب طلبك";
/// Words that stand for an order named before.
const IT: &str = "it= it's this= that= they= es= sie= diese= il= elle= ela= ele= este= esta=";
/// Words that make a status no statement of today.
const HEDGES: &str = "if once when until unless can could may might would will before after whether should must to be being soon want possible within usually normally always \
    si cuando puede puedes podria hasta una antes despues para sera ser quiere quieres pueden suele se quando pode podem poderia ate assim depois seja sera quer \
    wenn sobald falls kann konnen konnte bis ob nachdem bevor werden soll mochten wird ware quand lorsque des peut pouvez pourrait jusqu'a avant apres voulez sera etre";
/// Words that open a sentence about what may be.
const OPENERS: &str =
    "if once when as unless until si cuando se quando wenn sobald falls quand lorsque des after before nachdem after";

/// How a status of an order is worded, what makes it true, and the date that does so, too.
const STATUSES: [(&str, &[Status], &str); 9] = [
    (
        "delivered=|arrived=|entregad|entregue|entregues|zugestellt=|geliefert=|ausgeliefert=|livre=|livree=|angekommen=|consegnato=|تم تسليم",
        &[Status::Delivered],
        "delivered",
    ),
    (
        "shipped=|dispatched=|enviad|despachad|verschickt=|versendet=|versandt=|expedie|expediee|spedito=|تم شحن",
        &[Status::OnItsWay, Status::Delivered],
        "shipped",
    ),
    (
        "on its way=|on the way=|in transit=|out for delivery=|en camino=|a caminho=|unterwegs=|en route=|en chemin=",
        &[Status::OnItsWay],
        "",
    ),
    (
        "waiting for payment=|awaiting payment=|unpaid=|pendiente de pago=|aguardando pagamento=|wartet auf zahlung=|unbezahlt=|en attente de paiement=|impayee=",
        &[Status::WaitingForPayment, Status::PaymentPending],
        "",
    ),
    (
        "paid=|went through=|payment received=|payment has been received=|payment was received=|received your payment=|confirmed=|pagad|confirmad|bezahlt=|bestatigt=|paye=|payee=|confirme=|confirmee=",
        &[Status::Paid, Status::OnItsWay, Status::Delivered],
        "paid",
    ),
    (
        "packed=|being packed=|being prepared=|processed=|en preparacion=|em preparacao=|wird gepackt=|en preparation=",
        &[Status::Paid, Status::OnItsWay, Status::Delivered],
        "",
    ),
    (
        "cancelled=|canceled=|cancelad|anulad|storniert=|annule=|annulee=|called off=",
        &[Status::Cancelled, Status::Refunded],
        "",
    ),
    ("refunded=|reembolsad|estornad|erstattet=|zuruckerstattet=|rembourse=|remboursee=", &[Status::Refunded], ""),
    ("expired=|caducad|expirad|abgelaufen=|expiree=", &[Status::Expired], ""),
];
/// Something can be bought.
const IN_STOCK: &str = "in stock=|available=|in store=|disponible=|disponibles=|en stock=|hay existencias=|disponivel=|disponiveis=|em estoque=|em stock=|auf lager=|vorratig=|verfugbar=|lieferbar=|left in stock=|متوفر";
/// It cannot.
const SOLD_OUT: &str = "sold out=|out of stock=|unavailable=|agotad|sin existencias=|esgotad|fora de estoque=|ausverkauft=|vergriffen=|epuise|rupture de stock=";

/// What a page says of orders and stock that is not so.
pub(super) fn untrue(page: &Page, evidence: &Evidence<'_>) -> Vec<Problem> {
    let words = &page.words;
    let mut problems = Vec::new();
    for n in 0..words.words.len() {
        let read = |phrases: &str| phrases.split('|').filter_map(|p| words.reads(n, p)).max();
        let status = STATUSES.iter().find_map(|(phrases, statuses, date)| read(phrases).map(|t| (t, *statuses, *date)));
        if let Some((taken, statuses, date)) = status {
            problems.extend(order(page, n, taken, statuses, date, evidence));
        } else if let Some(taken) = read(SOLD_OUT) {
            problems.extend(stock(page, n, taken, words.negated(n), evidence));
        } else if let Some(taken) = read(IN_STOCK) {
            problems.extend(stock(page, n, taken, !words.negated(n), evidence));
        }
    }
    problems
}

/// What is true of every order there is.
const PLACED: &str = "placed= realizado= hizo= feito= feita= aufgegeben= passee=";

/// Whether a word is a state whose truth is checked here: an order is named with it, or is plainly meant.
pub(super) fn judges(page: &Page, n: usize) -> bool {
    let words = &page.words;
    let Some(word) = words.words.get(n) else { return false };
    let state = STATUSES.iter().any(|(phrases, ..)| {
        (n.saturating_sub(2)..=n)
            .any(|from| phrases.split('|').filter_map(|p| words.reads(from, p)).any(|t| from + t > n))
    });
    let spoken = page.sentence(word.place.start);
    let mut orders = page.mentions.iter().filter(|m| m.is_order() && !m.entities.is_empty()).peekable();
    let it = words.sentence(word.sentence).any(|w| begins(IT, &w.plain) || begins(ORDER, &w.plain));
    let known = orders.peek().is_some();
    let here = orders.any(|m| spoken.start <= m.place.start && m.place.end <= spoken.end);
    (state && (here || (known && it))) || (begins(PLACED, &word.plain) && here)
}

fn order(
    page: &Page,
    n: usize,
    taken: usize,
    statuses: &[Status],
    date: &str,
    evidence: &Evidence<'_>,
) -> Option<Problem> {
    let words = &page.words;
    let word = words.words.get(n)?;
    let place = word.place.start..words.words.get(n + taken - 1)?.place.end;
    let said = page.text.get(place.clone())?.to_owned();
    if page.is_ours(&place) || words.asks(word.sentence) || words.negated(n) || !stated(words, n) {
        return None;
    }
    let at = word.place.start;
    let spoken = page.sentence(at);
    let orders: Vec<&Mention> = page.mentions.iter().filter(|m| m.is_order()).collect();
    let within = |m: &&&Mention| spoken.start <= m.place.start && m.place.end <= spoken.end;
    let here = orders.iter().filter(within).rfind(|m| m.place.start <= at).or_else(|| orders.iter().find(within));
    let noun = words.sentence(word.sentence).any(|w| begins(ORDER, &w.plain));
    let it = words
        .words
        .get(n.saturating_sub(AUXILIARY_WITHIN)..n)?
        .iter()
        .any(|w| w.sentence == word.sentence && begins(IT, &w.plain));
    let earlier = orders.iter().rfind(|m| m.place.end <= spoken.start);
    let facts = evidence.ledger.facts();
    let named = match (here, noun, earlier) {
        (Some(m), _, _) => Some(m),
        (None, true, earlier) => earlier,
        (None, false, Some(m)) if it => Some(m),
        _ => return None,
    };
    // What a cited text says of orders in general is no word on this one.
    let passages = page.cites(at);
    let quoted = here.is_none()
        && facts.iter().any(|f| passages.contains(&f.entity) && f.entity.starts_with('k') && holds(f, words, n, taken));
    if quoted {
        return None;
    }
    let over = |entity: &str| {
        let closed = [Status::Cancelled, Status::Refunded, Status::Expired];
        facts.iter().any(|f| f.entity == entity && matches!(f.value, Value::Status(s) if closed.contains(&s)))
    };
    let is = |entity: &str| {
        facts.iter().any(|f| {
            f.entity == entity
                && (matches!(f.value, Value::Status(s) if statuses.contains(&s))
                    || (!date.is_empty() && f.field == date && !over(entity)))
        })
    };
    let true_ = match named {
        Some(m) => m.entities.iter().filter(|e| e.starts_with('o')).any(|e| is(e)),
        None => {
            let mut all = facts.iter().filter(|f| f.entity.starts_with('o') && f.field == "status").peekable();
            all.peek().is_some() && all.all(|f| is(&f.entity))
        }
    };
    let beside = named.map(|m| m.called.clone()).unwrap_or_default();
    (!true_).then_some(Problem::Status { said, beside })
}

/// Whether the word states something: a helping verb or the order itself stands before it and nothing makes it a maybe.
fn stated(words: &Words, n: usize) -> bool {
    let Some(word) = words.words.get(n) else { return false };
    let before = || words.words.iter().take(n).rev().take_while(|w| w.sentence == word.sentence);
    let clause = || before().take_while(|w| w.clause == word.clause);
    let hedged = clause().any(|w| has(HEDGES, &w.plain));
    let opened = before().last().is_some_and(|w| has(OPENERS, &w.plain));
    let auxiliary = before().take(AUXILIARY_WITHIN).any(|w| has(AUXILIARIES, &w.plain) || begins(ORDER, &w.plain));
    let code = before().take(2).any(|w| w.plain == MUTED || w.plain.chars().any(char::is_numeric));
    let after = words.words.get(n + 1).is_some_and(|w| w.sentence == word.sentence && has(AUXILIARIES, &w.plain));
    !hedged && !opened && (auxiliary || code || after)
}

/// Whether a passage has the same words.
fn holds(fact: &Fact, words: &Words, n: usize, taken: usize) -> bool {
    let Value::Text(text) = &fact.value else { return false };
    let passage = Words::read(text);
    let said: Vec<&str> = words.words.iter().skip(n).take(taken).map(|w| w.plain.as_str()).collect();
    passage.words.windows(taken).any(|w| w.iter().map(|w| w.plain.as_str()).eq(said.iter().copied()))
}

fn stock(page: &Page, n: usize, taken: usize, there: bool, evidence: &Evidence<'_>) -> Option<Problem> {
    let words = &page.words;
    let word = words.words.get(n)?;
    let place = word.place.start..words.words.get(n + taken - 1)?.place.end;
    let before = words.words.iter().take(n).rev().take_while(|w| w.clause == word.clause);
    let hedged = before.into_iter().any(|w| has(HEDGES, &w.plain));
    if page.is_ours(&place) || words.asks(word.sentence) || hedged {
        return None;
    }
    let at = word.place.start;
    let spoken = page.sentence(at);
    let within = |m: &&Mention| m.is_goods() && spoken.start <= m.place.start && m.place.end <= spoken.end;
    let beside = page
        .mentions
        .iter()
        .filter(within)
        .rfind(|m| m.place.start <= at)
        .or_else(|| page.mentions.iter().find(within))?;
    let facts = evidence.ledger.facts();
    let picked = mention::picked(page, at, &beside.entities, facts).filter(|p| !p.is_empty());
    let things = picked.unwrap_or_else(|| {
        let whole: Vec<String> = beside.entities.iter().filter(|e| !e.starts_with('v')).cloned().collect();
        if whole.iter().any(|e| e.starts_with('p')) { whole } else { beside.entities.clone() }
    });
    let mut known = facts.iter().filter(|f| things.contains(&f.entity) && f.field == "stock").peekable();
    // Of what no tool has read the stock, nothing is said here that a card would not say better.
    known.peek()?;
    let is = |f: &Fact| match f.value {
        Value::Status(status) => (status == Status::InStock) == there,
        Value::Quantity { amount, .. } => (amount > 0) == there,
        _ => false,
    };
    let said = page.text.get(place)?.to_owned();
    (!known.any(is)).then(|| Problem::Status { said, beside: beside.called.clone() })
}
