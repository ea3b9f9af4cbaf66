//! The server's own words when nothing the model wrote could be sent: what the tools of this turn read, told plainly. Every
//! word comes from the store or from a phrase of the house.

use crate::agent::clean::label;
use crate::agent::ledger::Ledger;
use crate::agent::quote;
use crate::agent::tool::{Effect, Output};
use crate::agent::turn::Draft;
use crate::agent::wording::{self as w, Voice, say};
use crate::domain::fact::Value;

/// Products shown.
const CARDS_MAX: usize = 3;
/// Orders told.
const ORDERS_MAX: usize = 3;
/// Characters of a quoted passage.
const QUOTE_CHARS_MAX: usize = 320;

/// What can be said of what the last tool with a result read; `None` when a colleague is needed. An open proposal speaks for
/// itself.
pub fn draft(outputs: &[Output], ledger: &Ledger, voice: &Voice) -> Option<Draft> {
    if outputs.iter().any(|o| matches!(o.effect, Some(Effect::Proposed { .. } | Effect::HandOff(_)))) {
        return None;
    }
    let of = |output: &Output| {
        orders(output, voice)
            .or_else(|| quote(output, ledger, voice))
            .or_else(|| products(output, voice))
            .or_else(|| cart(output, voice))
    };
    outputs.iter().rev().find_map(of)
}

fn answer(text: String) -> Draft {
    Draft { text, outcome: "answer".to_owned(), ..Draft::default() }
}

fn orders(output: &Output, voice: &Voice) -> Option<Draft> {
    let told = |entity: &str| {
        let shown = |field: &str| {
            let fact = output.facts.iter().find(|f| f.entity == entity && f.field == field);
            fact.map(|f| voice.value(&f.value))
        };
        let blanks = [
            ("number", shown("number")?),
            ("day", shown("placed")?),
            ("total", shown("total")?),
            ("status", shown("status")?),
        ];
        Some(say(voice, w::ORDER, &blanks.each_ref().map(|(blank, with)| (*blank, with.as_str()))))
    };
    let orders = output.facts.iter().filter(|f| f.entity.starts_with('o') && matches!(f.value, Value::Status(_)));
    let lines: Vec<String> = orders.filter_map(|f| told(&f.entity)).take(ORDERS_MAX).collect();
    (!lines.is_empty()).then(|| answer(lines.join("\n")))
}

/// The passage that fits best, as far as it can be quoted.
fn quote(output: &Output, ledger: &Ledger, voice: &Voice) -> Option<Draft> {
    let best = output.content.get("passages")?.as_array()?.first()?;
    if best.get("match").and_then(|m| m.as_str()) == Some("weak") {
        return None;
    }
    let name = best.get("ref")?.as_str()?;
    let title = ledger
        .text(&format!("{name}.heading"))
        .filter(|h| !h.is_empty())
        .or_else(|| ledger.text(&format!("{name}.title")))?;
    let text = ledger.text(&format!("{name}.text"))?;
    let quote = cut(&quote::plain(text)?);
    let title = &label(title);
    if quote.is_empty() {
        return None;
    }
    let text = say(voice, w::TEXT_SAYS, &[("title", title), ("quote", &quote)]);
    Some(Draft { sources: vec![name.to_owned()], ..answer(text) })
}

/// Whole sentences, as many as fit.
fn cut(text: &str) -> String {
    if text.chars().count() <= QUOTE_CHARS_MAX {
        return text.to_owned();
    }
    let short: String = text.chars().take(QUOTE_CHARS_MAX).collect();
    short.rfind(". ").and_then(|at| short.get(..=at)).unwrap_or_default().to_owned()
}

fn products(output: &Output, voice: &Voice) -> Option<Draft> {
    let found = output.named.iter().filter(|(letter, _)| *letter == 'p').map(|(_, id)| id.clone());
    let show: Vec<String> = found.take(CARDS_MAX).collect();
    (!show.is_empty()).then(|| Draft { show, ..answer(voice.pick(w::HERE_IS)) })
}

fn cart(output: &Output, voice: &Voice) -> Option<Draft> {
    let total = output.facts.iter().find(|f| f.entity == "cart" && f.field == "total")?;
    let pieces = output.facts.iter().find(|f| f.entity == "cart" && f.field == "pieces")?;
    let some = matches!(pieces.value, Value::Count(n) if n > 0);
    some.then(|| answer(say(voice, w::CART_COMES_TO, &[("total", &voice.value(&total.value))])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::Status;
    use crate::domain::money::{Currency, Money};
    use jiff::civil::date;
    use serde_json::json;

    fn ledger(outputs: &[Output]) -> Ledger {
        let mut ledger = Ledger::default();
        outputs.iter().for_each(|o| ledger.absorb(&o.facts));
        ledger
    }

    #[test]
    fn what_was_read_last_is_told_plainly() {
        let called = ["FJ-1001".to_owned()];
        let mut order = Output::default();
        order.fact("o1", "number", &called, Value::Name("FJ-1001".into()));
        order.fact("o1", "status", &called, Value::Status(Status::OnItsWay));
        order.fact("o1", "placed", &called, Value::Date(date(2026, 12, 1)));
        order.fact("o1", "total", &called, Value::Money(Money::new(14_480, Currency::EUR)));
        let mut text = Output::of(json!({"passages": [{"ref": "k1", "match": "strong"}]}));
        text.fact("k1", "heading", &[], Value::Name("Returns".into()));
        text.fact("k1", "text", &[], Value::Text("Within 30 days.\nUnworn.".into()));
        let said = |outputs: &[Output], voice: &Voice| draft(outputs, &ledger(outputs), voice).map(|d| d.text);
        assert_eq!(
            said(&[text.clone(), order.clone()], &Voice::of_tag("en")).as_deref(),
            Some("Order FJ-1001 from 1 December 2026 (€144.80): on its way.")
        );
        assert_eq!(
            said(&[order, text.clone()], &Voice::of_tag("es")).as_deref(),
            Some("Nuestro texto «Returns» dice: Within 30 days. Unworn.")
        );
        text.content = json!({"passages": [{"ref": "k1", "match": "weak"}]});
        assert_eq!(said(&[text], &Voice::of_tag("en")), None);
        let found = Output { named: vec![('p', "boot".into())], ..Output::default() };
        assert_eq!(
            draft(&[found], &Ledger::default(), &Voice::of_tag("pt")).map(|d| d.show),
            Some(vec!["boot".to_owned()])
        );
        assert_eq!(draft(&[], &Ledger::default(), &Voice::of_tag("en")), None);
    }
}
