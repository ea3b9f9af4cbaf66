//! Things by id, in the order they were made.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Something with an id.
pub trait Named {
    /// Its id.
    fn id(&self) -> &str;
}

/// Things by id. Replacing one keeps its place.
#[derive(Debug)]
pub struct Table<T> {
    rows: BTreeMap<u64, T>,
    places: HashMap<String, u64>,
    next: u64,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), places: HashMap::new(), next: 0 }
    }
}

impl<T: Named> Table<T> {
    /// The one with this id.
    pub fn get(&self, id: &str) -> Option<&T> {
        self.rows.get(self.places.get(id)?)
    }

    /// The one with this id, to be changed.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.rows.get_mut(self.places.get(id)?)
    }

    /// Adds one at the end, or replaces the one with its id.
    pub fn put(&mut self, row: T) {
        let place = *self.places.entry(row.id().to_owned()).or_insert(self.next);
        self.next = self.next.max(place.saturating_add(1));
        self.rows.insert(place, row);
    }

    /// Takes one away.
    pub fn remove(&mut self, id: &str) {
        if let Some(place) = self.places.remove(id) {
            self.rows.remove(&place);
        }
    }

    /// Where one stands; the later it was made, the higher.
    pub fn place(&self, id: &str) -> Option<u64> {
        self.places.get(id).copied()
    }

    /// All of them, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.rows.values()
    }

    /// All of them with their places, oldest first.
    pub fn placed(&self) -> impl DoubleEndedIterator<Item = (u64, &T)> {
        self.rows.iter().map(|(place, row)| (*place, row))
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// A kind of thing, as written down when one is forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A page.
    Session,
    /// A payment with its charge.
    Payment,
    /// Money given back.
    Refund,
    /// A dispute.
    Dispute,
    /// A movement of the balance.
    Movement,
    /// An event.
    Event,
    /// A kept answer.
    Answer,
    /// A webhook endpoint.
    Endpoint,
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Letter(&'static str, u8);

    impl Named for Letter {
        fn id(&self) -> &str {
            self.0
        }
    }

    #[test]
    fn replacing_keeps_the_place() {
        let mut table = Table::default();
        for letter in [Letter("a", 1), Letter("b", 1), Letter("c", 1), Letter("a", 2)] {
            table.put(letter);
        }
        table.remove("b");
        table.put(Letter("b", 3));
        assert_eq!(table.iter().map(|l| (l.0, l.1)).collect::<Vec<_>>(), [("a", 2), ("c", 1), ("b", 3)]);
        assert!(table.place("a") < table.place("b") && table.get("x").is_none());
    }
}
