//! Figures: every amount, share, day, count and code has to be a fact of the thing it stands beside, stand in a passage that
//! is named as its source, or repeat the shopper.

mod agree;
mod field;

use crate::agent::bind::mention::{self, Mention};
use crate::agent::bind::page::Page;
use crate::agent::bind::words::begins;
use crate::agent::bind::{Evidence, Freedom, Problem};
use crate::agent::literal::{Kind, Literal};
use crate::domain::fact::{Fact, Value};

/// Words beside which a share is one of the price.
const CHEAPER: &str = "off= sav discount less= reduc ahorr descuent dto= desconto economiz rabatt spar billiger gunstiger remise econom get= you= price= member precio preco preis prix";

/// Whether the literal may leave.
pub(super) fn check(literal: &Literal, page: &Page, evidence: &Evidence<'_>) -> Result<(), Problem> {
    let brand = |f: &Fact| f.field == "brand" && f.value.words().is_some_and(|b| b.eq_ignore_ascii_case(&literal.text));
    if literal.kind == Kind::Link && page.is_ours(&literal.place) && evidence.ledger.facts().iter().any(brand) {
        // Some makers are called like their address.
        return Ok(());
    }
    if literal.kind == Kind::Link {
        return Err(Problem::Link(literal.text.clone()));
    }
    let facts = evidence.ledger.facts();
    let literal = &page.counted(literal);
    let at = literal.place.start;
    let beside = page.beside(at);
    let amount = matches!(literal.kind, Kind::Money | Kind::Percent);
    let cites = page.cites(at);
    // An amount in the same sentence as a product or an order sounds like its own, whatever a passage says.
    let sounds_own = amount && page.sentence_names(at);
    let near = agree::neighbours(&page.text, &literal.place);
    // A product may be a source, too, but only for its words: prices stand beside their product.
    let quotable = |f: &Fact| f.entity.starts_with('k') || matches!(f.value, Value::Text(_) | Value::Name(_));
    let mut cited = facts.iter().filter(|f| cites.contains(&f.entity) && quotable(f)).filter(|f| {
        f.entity.starts_with('k') || !amount || evidence.freedom != Freedom::Closed || priced(literal.kind, f, page, at)
    });
    if !sounds_own && cited.any(|f| agree::quoted(literal, &near, f)) {
        return Ok(());
    }
    // Repeating the shopper is harmless unless it sounds like a price or a share of something.
    let harmless = !amount
        || (beside.is_none() && evidence.freedom != Freedom::Closed)
        || (literal.kind == Kind::Money && page.limits(at) && !page.sentence_names(at));
    if harmless && evidence.echo.iter().any(|said| agree::says(said, literal)) {
        return Ok(());
    }
    let closed = evidence.freedom == Freedom::Closed;
    // What outsiders wrote about a product sets no price, and neither does a cart that of one of its goods.
    let set = |f: &Fact| !closed || !amount || priced(literal.kind, f, page, at);
    let own = |f: &&Fact| !f.entity.starts_with('k') && set(f) && agree::agrees(literal, f);
    let agreeing: Vec<&Fact> = facts.iter().filter(own).collect();
    let unbound = || Problem::Unbound(literal.text.clone());
    if agreeing.is_empty() {
        return Err(unbound());
    }
    let hint = field::hint(&page.words, &literal.place);
    let right: Vec<&Fact> = agreeing.into_iter().filter(|f| !field::contradicts(hint, f, facts)).collect();
    if right.is_empty() {
        return Err(Problem::Elsewhere { figure: literal.text.clone(), beside: hint.unwrap_or_default().to_owned() });
    }
    if right.iter().any(|f| f.called.is_empty()) {
        return Ok(());
    }
    let elsewhere = |beside: &str| Problem::Elsewhere { figure: literal.text.clone(), beside: beside.to_owned() };
    match (beside, cited_things(&cites)) {
        (Some(m), _) => {
            let allowed = allowed(page, at, m, facts, literal.kind);
            let fits = right.iter().any(|f| allowed.contains(&f.entity) && compared(f, page, at));
            if fits { Ok(()) } else { Err(elsewhere(&m.called)) }
        }
        (None, Some(things)) => {
            if right.iter().any(|f| things.contains(&f.entity)) {
                Ok(())
            } else {
                Err(elsewhere(&things.join(", ")))
            }
        }
        // Nothing is named: only a figure that one thing alone has is clear.
        (None, None) if right.windows(2).all(|two| matches!(two, [a, b] if a.entity == b.entity)) => Ok(()),
        (None, None) => Err(unbound()),
    }
}

/// Whether an amount may come from this fact.
fn priced(kind: Kind, fact: &Fact, page: &Page, at: usize) -> bool {
    let words = matches!(fact.value, Value::Text(_) | Value::Name(_));
    if kind != Kind::Percent {
        return !words && (fact.entity != "cart" || page.recounts(at) || !page.sentence_names(at));
    }
    let sentence = page.sentence(at);
    let mut said = page.words.words.iter().filter(|w| sentence.contains(&w.place.start));
    !words || !said.any(|w| begins(CHEAPER, &w.plain))
}

/// Whether a filled-in fact stands beside its own thing.
pub(super) fn placed(fact: &Fact, at: usize, end: usize, page: &Page, facts: &[Fact]) -> Result<(), Problem> {
    let named = matches!(&fact.value, Value::Name(_)) && !["tracking", "carrier"].contains(&fact.field.as_str());
    let of_passage = fact.entity.starts_with('k') && !is_figure(&fact.value);
    let money = matches!(fact.value, Value::Money(_));
    if money && !priced(Kind::Money, fact, page, at) {
        let beside = page.beside(at).map(|m| m.called.clone()).unwrap_or_default();
        return Err(Problem::Elsewhere { figure: format!("{{{{{}}}}}", fact.name()), beside });
    }
    if fact.called.is_empty() || named || of_passage {
        return Ok(());
    }
    let shown = format!("{{{{{}}}}}", fact.name());
    let hint = field::hint(&page.words, &(at..end));
    if field::contradicts(hint, fact, facts) {
        return Err(Problem::Elsewhere { figure: shown, beside: hint.unwrap_or_default().to_owned() });
    }
    let Some(beside) = page.beside_outside(&(at..end)) else { return Ok(()) };
    let allowed = allowed(page, at, beside, facts, Kind::Money);
    let fits = beside.entities.contains(&fact.entity)
        && (allowed.contains(&fact.entity) || !fact.entity.starts_with(['v', 'l', 'p']) || !is_figure(&fact.value));
    if fits && compared(fact, page, at) {
        return Ok(());
    }
    Err(Problem::Elsewhere { figure: shown, beside: beside.called.clone() })
}

/// The things whose figures may stand here: those the mention means, narrowed by an option that is named beside it. Without
/// one, a variant's own price says nothing true of the product.
fn allowed(page: &Page, at: usize, beside: &Mention, facts: &[Fact], kind: Kind) -> Vec<String> {
    if kind != Kind::Money {
        return beside.entities.clone();
    }
    if let Some(picked) = mention::picked(page, at, &beside.entities, facts).filter(|p| !p.is_empty()) {
        let derived = beside.entities.iter().filter(|e| e.starts_with('c')).cloned();
        return picked.into_iter().chain(derived).collect();
    }
    let has = |letter: char| beside.entities.iter().any(|e| e.starts_with(letter));
    let whole = has('p') || has('l');
    // What a line of an order cost is no price of today.
    let today = has('p') && !page.recounts(at);
    beside.entities.iter().filter(|e| !(whole && e.starts_with('v') || today && e.starts_with('l'))).cloned().collect()
}

/// A derived amount of several things is no figure of one of them: its sentence has to compare.
fn compared(fact: &Fact, page: &Page, at: usize) -> bool {
    !fact.entity.starts_with('c') || fact.called.len() < 2 || page.compares(at)
}

fn cited_things(cites: &[String]) -> Option<Vec<String>> {
    let things: Vec<String> = cites.iter().filter(|c| !c.starts_with('k')).cloned().collect();
    (!things.is_empty()).then_some(things)
}

fn is_figure(value: &Value) -> bool {
    match value {
        Value::Money(_) | Value::Count(_) | Value::Quantity { .. } | Value::Percent(_) | Value::Date(_) => true,
        Value::Status(_) | Value::Link(_) => false,
        Value::Name(text) | Value::Text(text) => text.chars().any(char::is_numeric),
    }
}
