//! The facts of a turn and the short names under which a reply may point to them.

use crate::domain::fact::Fact;
use std::collections::BTreeMap;

/// Facts a turn keeps; a turn's tools cannot return more than this with their limits.
const FACTS_MAX: usize = 4_000;

/// What is known in this turn.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    facts: Vec<Fact>,
    named: BTreeMap<String, String>,
    counts: BTreeMap<char, u32>,
}

impl Ledger {
    /// The short name of a thing: the same thing keeps its name through the turn.
    pub fn name(&mut self, letter: char, id: &str) -> String {
        let key = format!("{letter}:{id}");
        if let Some(name) = self.named.get(&key) {
            return name.clone();
        }
        let count = self.counts.entry(letter).or_default();
        *count += 1;
        let name = format!("{letter}{count}");
        self.named.insert(key, name.clone());
        name
    }

    /// The thing behind a short name.
    pub fn id_of(&self, name: &str) -> Option<&str> {
        self.named.iter().find(|(_, n)| *n == name).and_then(|(key, _)| key.split_once(':')).map(|(_, id)| id)
    }

    /// Takes facts in; a newer fact of the same name replaces the older.
    pub fn absorb(&mut self, facts: &[Fact]) {
        for fact in facts {
            if let Some(known) = self.facts.iter_mut().find(|f| f.entity == fact.entity && f.field == fact.field) {
                *known = fact.clone();
            } else if self.facts.len() < FACTS_MAX {
                self.facts.push(fact.clone());
            }
        }
    }

    /// The fact behind `p1.price`.
    pub fn find(&self, placeholder: &str) -> Option<&Fact> {
        let (entity, field) = placeholder.split_once('.')?;
        self.facts.iter().find(|f| f.entity == entity && f.field == field)
    }

    /// Every fact.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// A fact made of words, by name.
    pub fn text(&self, placeholder: &str) -> Option<&str> {
        self.find(placeholder)?.value.words()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::Value;

    #[test]
    fn a_thing_keeps_its_name_and_a_fact_its_newest_value() {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.name('p', "jacket"), "p1");
        assert_eq!(ledger.name('p', "boots"), "p2");
        assert_eq!(ledger.name('p', "jacket"), "p1");
        assert_eq!(ledger.id_of("p2"), Some("boots"));
        let fact =
            |count| Fact { entity: "cart".into(), field: "pieces".into(), called: vec![], value: Value::Count(count) };
        ledger.absorb(&[fact(1), fact(2)]);
        assert_eq!(ledger.find("cart.pieces").map(|f| f.value.show()), Some("2".into()));
        assert_eq!(ledger.facts().len(), 1);
    }
}
