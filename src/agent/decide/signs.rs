//! Reading the signs of a bad answer off an ended turn; cheap, and the same for every model.

use crate::agent::Thread;
use crate::agent::decide::enough::Enough;
use crate::agent::decide::trigger;
use crate::agent::turn::{Draft, Ending};
use crate::domain::message::Body;
use crate::domain::risk::{Class, Signs};
use crate::llm::Call;
use crate::search::analyse::document;
use crate::search::analyse::widen::{Field, Term, terms};
use serde_json::Value;
use std::collections::BTreeSet;

/// Bytes of evidence that are looked at.
const EVIDENCE_BYTES_MAX: usize = 60_000;
/// Words of somebody who is losing patience.
const IMPATIENT: [&str; 18] = [
    "again",
    "already told",
    "useless",
    "ridiculous",
    "stupid",
    "wtf",
    "come on",
    "seriously",
    "not what i asked",
    "you don't understand",
    "otra vez",
    "ya te dije",
    "inútil",
    "ridículo",
    "de novo",
    "já disse",
    "nochmal",
    "encore",
];

/// The class of an answer and the signs against it.
pub fn of(thread: &Thread, ending: &Ending) -> (Class, Signs) {
    let draft = ending.draft.clone().unwrap_or_default();
    let class = class(&draft, ending);
    let found = Found::read(ending, &draft);
    let claims = !matches!(class, Class::Talk) && draft.outcome == "answer";
    let signs = Signs {
        insufficient: if claims { found.insufficient(class, ending.enough) } else { 0.0 },
        ambiguous: if claims && class == Class::Shop { found.ambiguous } else { 0.0 },
        unmatched: if claims { unmatched(thread, class, ending) } else { 0.0 },
        uncited: flag(claims && class == Class::Shop && draft.sources.is_empty()),
        repaired: flag(!ending.problems.is_empty()),
        relaxed: if claims { found.relaxed } else { 0.0 },
        frustrated: frustrated(thread),
        stuck: (f64::from(thread.conversation.memory.asked_back) / 2.0).max(flag(trigger::repeats(thread))),
    };
    (class, signs)
}

fn flag(set: bool) -> f64 {
    if set { 1.0 } else { 0.0 }
}

/// What an answer is about: what it names, else the last thing that was looked at.
fn class(draft: &Draft, ending: &Ending) -> Class {
    if draft.sources.iter().any(|name| name.starts_with('k')) {
        return Class::Shop;
    }
    let of = |call: &Call| match call.tool.as_str() {
        "knowledge_search" => Some(Class::Shop),
        "catalog_search" | "catalog_get" => Some(Class::Goods),
        "order_list" | "order_get" | "order_propose" => Some(Class::Orders),
        "cart_view" | "cart_edit" | "checkout_propose" => Some(Class::Cart),
        _ => None,
    };
    let last = ending.calls.iter().rev().find_map(of);
    match last {
        // Looked into the texts, found nothing, and says so with goods or a question: that claims no rule.
        Some(Class::Shop) if !draft.show.is_empty() => Class::Goods,
        Some(class) => class,
        None if draft.show.is_empty() => Class::Talk,
        None => Class::Goods,
    }
}

/// What the searches of the turn said of their own results.
#[derive(Debug, Default)]
struct Found {
    cited: Option<f64>,
    ambiguous: f64,
    irrelevant: bool,
    relaxed: f64,
}

impl Found {
    fn read(ending: &Ending, draft: &Draft) -> Self {
        let mut found = Self::default();
        for (call, output) in ending.calls.iter().zip(&ending.outputs) {
            match call.tool.as_str() {
                "knowledge_search" => found.passages(&output.content, draft),
                "catalog_search" => {
                    let list = |name: &str| output.content.get(name).and_then(Value::as_array).map_or(0, Vec::len);
                    found.irrelevant = output.content.get("relevant").and_then(Value::as_bool) == Some(false);
                    found.relaxed = (list("relaxed") as f64 / 2.0).min(1.0);
                }
                _ => {}
            }
        }
        found
    }

    fn passages(&mut self, content: &Value, draft: &Draft) {
        let passages = content.get("passages").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let text = |passage: &Value, name: &str| passage.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        let doubt = |passage: &Value| match text(passage, "match").as_str() {
            "strong" => 0.0,
            "fair" => 0.5,
            _ => 1.0,
        };
        let cited = |passage: &&Value| draft.sources.contains(&text(passage, "ref"));
        let best = passages.iter().filter(cited).map(doubt).min_by(f64::total_cmp);
        self.cited = [self.cited, best].into_iter().flatten().min_by(f64::total_cmp);
        let others = passages.iter().filter(|passage| !cited(passage));
        let rival = others.filter(|other| best.is_some_and(|best| doubt(other) <= best));
        self.ambiguous = rival.count().min(2) as f64 / 2.0;
    }

    fn insufficient(&self, class: Class, enough: Option<Enough>) -> f64 {
        let doubt = match class {
            Class::Shop => self.cited.unwrap_or(1.0),
            Class::Goods => flag(self.irrelevant),
            _ => 0.0,
        };
        match enough {
            Some(enough) => enough.doubt(),
            None => doubt,
        }
    }
}

/// Share of the telling words of the question that the evidence has in none of their ways.
fn unmatched(thread: &Thread, class: Class, ending: &Ending) -> f64 {
    let field = match class {
        Class::Shop => Field::Service,
        Class::Goods => Field::Goods,
        _ => return 0.0,
    };
    let asked: Vec<Term> = terms(&thread.words(), field).into_iter().filter(|term| !term.light).collect();
    if asked.is_empty() {
        return 0.0;
    }
    let mut evidence = String::new();
    for output in &ending.outputs {
        if evidence.len() < EVIDENCE_BYTES_MAX {
            evidence.push_str(&output.content.to_string());
        }
    }
    let words: BTreeSet<String> = document(&evidence).into_iter().collect();
    let missing = asked.iter().filter(|term| !term.is_in(|token| words.contains(token))).count();
    missing as f64 / asked.len() as f64
}

/// Capitals, exclamation marks and impatient words, each half a sign.
fn frustrated(thread: &Thread) -> f64 {
    let text: String =
        thread.asked.iter().map(|m| if let Body::Heard(said) = &m.body { said.words() } else { "" }).collect();
    let lower = text.to_lowercase();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    let signs = [
        letters >= 12 && capitals * 10 > letters * 7,
        text.contains("!!") || text.contains("??"),
        IMPATIENT.iter().any(|word| lower.contains(word)),
    ];
    (signs.into_iter().filter(|sign| *sign).count() as f64 / 2.0).min(1.0)
}
