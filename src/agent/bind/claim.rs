//! Words that claim something was done by us. A claim needs the act of this turn that makes it true.

use crate::agent::bind::page::Page;
use crate::agent::bind::words::{begins, has};
use crate::agent::bind::{Evidence, Problem};

/// Words between "I have" and what was done.
const BETWEEN_MAX: usize = 2;
/// Words between "ich habe" and its participle, which stands last.
const BETWEEN_LAST_MAX: usize = 9;

/// First persons of the perfect, and whether the participle may stand far behind.
const PERSONS: [(&str, bool); 18] = [
    ("i have=", false),
    ("i've=", false),
    ("we have=", false),
    ("we've=", false),
    ("i=", false),
    ("we=", false),
    ("he=", false),
    ("hemos=", false),
    ("ja=", false),
    ("ich habe=", true),
    ("habe ich=", true),
    ("wir haben=", true),
    ("haben wir=", true),
    ("j'ai=", false),
    ("nous avons=", false),
    ("on a=", false),
    ("lo he=", false),
    ("te he=", false),
];
/// What was done, and the acts of which one must have happened; none means that no turn of the agent does it.
const DEEDS: [(&str, &[&str]); 9] = [
    ("cancelled= canceled= cancelado= cancelada= anulado= storniert= annule= annulee=", &["cancel"]),
    (
        "refunded= reimbursed= reembolsado= devuelto= erstattet= zuruckerstattet= rembourse= uberwiesen= gutgeschrieben= credited= transferred=",
        &["refund"],
    ),
    ("exchanged= cambiado= umgetauscht= echange=", &["exchange", "change_items", "cart"]),
    (
        "changed= updated= modified= modificado= geandert= angepasst= modifie=",
        &["change_items", "change_address", "cart", "keep_address"],
    ),
    (
        "applied= reduced= waived= upgraded= extended= issued= discounted= aplicado= rebajado= reducido= angewendet= reduziert= applique= reduit= approved= aprobado= genehmigt= approuve= guaranteed= charged= processed= tramitado= procesado= bearbeitet= traite= confirmed= confirmado= bestatigt= confirme=",
        &[],
    ),
    ("ordered= placed= purchased= bought= pedido= comprado= bestellt= commande=", &["placed"]),
    (
        "reserved= reservado= reserviert= booked= sent= shipped= dispatched= enviado= verschickt= versendet= gesendet= envoye=",
        &["placed"],
    ),
    (
        "added= put= anadido= agregado= puesto= hinzugefugt= gelegt= ajoute= removed= deleted= emptied= quitado= eliminado= entfernt= geloscht= retire= supprime= vaciado= geleert=",
        &["cart"],
    ),
    (
        "handed= forwarded= escalated= informed= notified= told= avisado= informado= weitergeleitet= informiert= transmis= prevenu=",
        &["hand_off"],
    ),
];
/// Whole words of the first person that say it alone.
const ALONE: [(&str, &[&str]); 9] = [
    ("cancele= cancelei= anule= anulei=", &["cancel"]),
    ("reembolse= reembolsei= devolvi= estornei=", &["refund"]),
    (
        "cambie= mude= mudei= alterei= modifique= atualizei= actualice=",
        &["change_items", "change_address", "cart", "keep_address"],
    ),
    ("aplique= apliquei= reduje= reduzi= aprove= aprovei= confirme= confirmei=", &[]),
    ("pedi= compre= comprei= encomendei=", &["placed"]),
    ("envie= enviei= reserve= reservei=", &["placed"]),
    ("anadi= agregue= adicionei= coloquei= quite= removi= tirei= elimine=", &["cart"]),
    ("avise= avisei= informe= informei= encaminhei=", &["hand_off"]),
    ("processei= procese= tramite= tramitei=", &[]),
];

/// The same without a person: true when an order of this turn is named, too.
const PASSIVE: [(&str, &[&str]); 2] = [
    (
        "has been placed=|is placed=|was placed=|order= placed=|se ha realizado=|foi realizado=|wurde aufgegeben=|ist aufgegeben=|a ete passee=|est passee=",
        &["placed"],
    ),
    (
        "has been added=|was added=|is added=|se ha anadido=|se agrego=|foi adicionado=|wurde hinzugefugt=|wurde gelegt=|a ete ajoute=",
        &["cart"],
    ),
];
/// Words that may stand between "I have" and what was done.
const FILLERS: &str = "just already also now have been gladly successfully immediately ya lo la los las le te ja tambien tambem acabo bien deja aussi vous";
/// Words after "I" that make a deed a wish.
const MODAL: &str = "can could will would may might shall should to cannot can't must want puedo podria posso poderia kann konnte mochte peux pourrais be was been";
/// Words that are a claim only in the languages that write them so: "reserve" is an English verb, too.
const ENGLISH: &str = "the i you your is are we it to of and for this that can will please";

/// The claims in a page that nothing of this turn bears out.
pub(super) fn untrue(page: &Page, evidence: &Evidence<'_>) -> Vec<Problem> {
    let words = &page.words;
    let english = words.words.iter().any(|w| ENGLISH.split(' ').any(|known| known == w.plain));
    let holds = |acts: &[&str]| acts.iter().any(|act| evidence.acts.contains(act));
    let mut problems = Vec::new();
    let mut told = |from: usize, to: usize| {
        let place = words.words.get(from).zip(words.words.get(to)).map(|(a, b)| a.place.start..b.place.end);
        let said = place.and_then(|place| page.text.get(place)).unwrap_or_default().to_owned();
        problems.push(Problem::NotDone(said));
    };
    for (n, word) in words.words.iter().enumerate() {
        if words.asks(word.sentence) || page.is_ours(&word.place) {
            continue;
        }
        let alone = || ALONE.iter().find(|(deeds, _)| !english && begins(deeds, &word.plain));
        if alone().is_some_and(|(_, acts)| !holds(acts) && !words.negated(n)) {
            told(n, n);
            continue;
        }
        let passive = PASSIVE.iter().find_map(|(phrases, acts)| {
            phrases.split('|').filter_map(|p| words.reads(n, p)).max().map(|taken| (taken, *acts))
        });
        if let Some((taken, acts)) = passive
            && !holds(acts)
            && !words.negated(n)
            && !page.mentions.iter().any(|m| m.is_order() && !m.entities.is_empty())
        {
            told(n, n + taken - 1);
            continue;
        }
        for (person, last) in PERSONS {
            let Some(taken) = words.reads(n, person) else { continue };
            let reach = if last { BETWEEN_LAST_MAX } else { BETWEEN_MAX };
            let following = words.words.iter().enumerate().skip(n + taken).take(reach + 1);
            let said: Vec<_> =
                following.take_while(|(_, w)| w.clause == word.clause && !has(MODAL, &w.plain)).collect();
            let deed = said.iter().enumerate().find_map(|(between, (at, w))| {
                let near = last || said.iter().take(between).all(|(_, w)| has(FILLERS, &w.plain));
                DEEDS.iter().find(|(deeds, _)| near && begins(deeds, &w.plain)).map(|(_, acts)| (*at, *acts))
            });
            if let Some((at, acts)) = deed
                && !holds(acts)
                && !words.negated(at)
                && !conditional(page, n)
            {
                told(n, at);
                break;
            }
        }
    }
    problems
}

/// "Once I have cancelled it, …" claims nothing.
fn conditional(page: &Page, n: usize) -> bool {
    let before = n.checked_sub(1).and_then(|n| page.words.words.get(n));
    let word = page.words.words.get(n);
    before.zip(word).is_some_and(|(b, w)| {
        b.clause == w.clause
            && begins("once= when= if= until= after= before= as= soon= si= cuando= se= quando= wenn= sobald= quand= lorsque= what= que=", &b.plain)
    })
}
