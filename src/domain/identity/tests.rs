//! A table of what is told and what follows, and a little world of people whose numbers change hands.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail by panicking")]

use super::*;
use jiff::SignedDuration;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn at(hours: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH.checked_add(SignedDuration::from_hours(hours)).unwrap()
}

fn ids(text: &str) -> Ids {
    let mut ids = Ids::default();
    for (kind, id) in text.split_whitespace().filter_map(|word| word.split_once(':')) {
        match kind {
            "user" => ids.user = Some(id.to_owned()),
            "wa" => ids.wa = Some(id.to_owned()),
            _ => ids.parent = Some(id.to_owned()),
        }
    }
    ids
}

/// `X@5 user:A wa:1`: a contact seen first at hour 5.
fn known(all: &[&str]) -> Vec<Known> {
    let one = |text: &&str| {
        let mut words = text.split_whitespace();
        let (name, since) = words.next().unwrap().split_once('@').unwrap();
        Known {
            contact: ContactId::new(name),
            since: at(since.parse().unwrap()),
            aliases: words.map(str::to_owned).collect(),
        }
    };
    all.iter().map(one).collect()
}

fn spoken(decision: &Decision) -> String {
    let mut text = match &decision.who {
        Who::Known(id) => id.to_string(),
        Who::New => "new".to_owned(),
    };
    for step in &decision.steps {
        text.push_str(&match step {
            Step::Take { alias, from } => format!(", -{alias} of {from}"),
            Step::Merge { from, into } => format!(", {from} is {into}"),
            Step::Give { alias } => format!(", +{alias}"),
        });
    }
    text
}

#[test]
fn who_wrote() {
    for (told, before, follows) in [
        // Nobody knows them.
        ("user:A wa:1", &[][..], "new, +wa:1, +user:A"),
        ("user:A", &["X@0 user:B wa:1"], "new, +user:A"),
        ("wa:1", &[], "new, +wa:1"),
        // They are known, and what is new is added.
        ("user:A wa:1", &["X@0 user:A wa:1"], "X"),
        ("user:A wa:1", &["X@0 user:A"], "X, +wa:1"),
        ("wa:1", &["X@0 user:A wa:1"], "X"),
        ("user:A wa:1", &["X@0 wa:1"], "X, +user:A"),
        ("user:A wa:1 parent:P", &["X@0 wa:1"], "X, +user:A, +parent:P"),
        ("user:A", &["X@0 user:A wa:1"], "X"),
        // The same person from before there were ids.
        ("user:A wa:1", &["X@0 user:A", "Y@0 wa:1"], "X, Y is X"),
        // The number changed hands.
        ("user:A wa:1", &["X@0 user:A", "Y@0 wa:1 user:B"], "X, -wa:1 of Y, +wa:1"),
        ("user:A wa:1", &["Y@0 wa:1 user:B"], "new, -wa:1 of Y, +wa:1, +user:A"),
        ("user:A wa:1", &["Y@0 wa:1 was:B"], "new, -wa:1 of Y, +wa:1, +user:A"),
        // The id towards several merchants: the last resort, and a proof.
        ("user:A parent:P", &["X@0 user:B parent:P"], "X, +user:A"),
        ("parent:P wa:1", &["X@0 user:B parent:P"], "X, +wa:1"),
        ("user:A wa:1 parent:P", &["X@0 user:B wa:1 parent:P"], "X, +user:A"),
        ("user:A wa:1 parent:P", &["X@0 user:A", "Y@0 user:B wa:1 parent:P"], "X, Y is X"),
        ("user:A wa:1 parent:P", &["Y@0 user:B wa:1", "Z@0 user:C parent:P"], "Z, -wa:1 of Y, +wa:1, +user:A"),
        ("wa:1 parent:P", &["Y@0 wa:1", "Z@0 parent:P user:C"], "Y"),
        // A message from before a change, late.
        ("user:A wa:1", &["X@0 was:A user:B wa:2"], "X"),
        // A number that was only shared finds nobody.
        ("wa:1", &["X@0 user:A tel:1"], "new, +wa:1"),
    ] {
        assert_eq!(spoken(&wrote(&ids(told), &known(before))), follows, "{told} among {before:?}");
    }
}

#[test]
fn who_moved() {
    for (before, now, who, follows) in [
        ("wa:1", "wa:2", &["X@0 wa:1"][..], "X, -wa:1 of X, +wa:2"),
        ("wa:1", "wa:2 user:B", &["X@0 wa:1 user:A"], "X, -wa:1 of X, +wa:2, -user:A of X, +was:A, +user:B"),
        ("wa:1 user:A", "wa:2 user:A", &["X@0 wa:1 user:A"], "X, -wa:1 of X, +wa:2"),
        ("user:A", "user:B", &["X@0 wa:1 user:A"], "X, -user:A of X, +was:A, +user:B"),
        ("user:A", "user:B parent:Q", &["X@0 user:A parent:P"], "X, -user:A of X, +was:A, +user:B, +parent:Q"),
        // They wrote from the new number before we were told.
        (
            "wa:1",
            "wa:2 user:B",
            &["X@0 wa:1 user:A", "Y@12 wa:2 user:B"],
            "X, Y is X, -wa:1 of X, -user:A of X, +was:A",
        ),
        ("user:A", "user:B", &["X@0 user:A", "Y@12 user:B wa:2"], "X, Y is X, -user:A of X, +was:A"),
        // The new number was somebody else's.
        ("wa:1", "wa:2", &["X@0 wa:1", "Y@5 wa:2"], "X, -wa:1 of X, -wa:2 of Y, +wa:2"),
        ("wa:1", "wa:2 user:B", &["X@0 wa:1", "Y@12 wa:2 user:C"], "X, -wa:1 of X, -wa:2 of Y, +wa:2, +user:B"),
        // Somebody who was there before has the new id: they keep it.
        ("user:A", "user:B", &["X@0 user:A", "Y@5 user:B wa:2"], "X, -user:A of X, +was:A"),
        // Told twice.
        ("wa:1", "wa:2 user:B", &["X@0 wa:2 user:B was:A"], "nobody"),
        ("user:A", "user:B", &["X@0 user:B was:A"], "X"),
        // The old number has a new owner already.
        ("wa:1", "wa:2 user:B", &["Y@12 wa:1 user:C"], "nobody"),
        ("wa:1 user:A", "wa:2 user:B", &["Y@0 wa:1 user:C"], "nobody"),
        ("wa:1", "wa:2", &[], "nobody"),
    ] {
        let decision = moved(&ids(before), &ids(now), at(10), &known(who));
        let said = decision.map_or("nobody".to_owned(), |d| spoken(&d));
        assert_eq!(said, follows, "{before} → {now} among {who:?}");
    }
}

#[test]
fn ids_are_told_by_their_form() {
    assert!(
        is_user_id("BR.8Qx1") && is_user_id("DE.ENT.8Qx1") && !is_parent_id("BR.8Qx1") && is_parent_id("DE.ENT.8Qx1")
    );
    for number in ["4915555001", "", "BR.", "br.8Qx", "BRA.8", "B.8", "BR.8 x", "BR.ä"] {
        assert!(!is_user_id(number), "{number}");
    }
}

/// What the store does, in memory. An id has one owner by the shape of the map; a step that would take it from somebody
/// without saying so is a mistake.
#[derive(Default)]
struct Book {
    owners: BTreeMap<String, ContactId>,
    since: BTreeMap<ContactId, Timestamp>,
    /// Who really wrote to each contact.
    heard: BTreeMap<ContactId, BTreeSet<usize>>,
    made: usize,
}

impl Book {
    fn known(&self, aliases: &[String]) -> Vec<Known> {
        let found: BTreeSet<&ContactId> = aliases.iter().filter_map(|a| self.owners.get(a)).collect();
        let all = |id: &ContactId| self.owners.iter().filter(|(_, o)| *o == id).map(|(a, _)| a.clone()).collect();
        found.into_iter().map(|id| Known { contact: id.clone(), since: self.since[id], aliases: all(id) }).collect()
    }

    fn carry_out(&mut self, decision: Decision, now: Timestamp) -> ContactId {
        let who = match decision.who {
            Who::Known(id) => id,
            Who::New => {
                self.made += 1;
                let id = ContactId::new(format!("con_{:03}", self.made));
                self.since.insert(id.clone(), now);
                id
            }
        };
        for step in decision.steps {
            match step {
                Step::Take { alias, from } => assert_eq!(self.owners.remove(&alias), Some(from), "{alias}"),
                Step::Give { alias } => assert_eq!(self.owners.insert(alias.clone(), who.clone()), None, "{alias}"),
                Step::Merge { from, into } => {
                    assert!(from != into && self.since.remove(&from).is_some() && self.since.contains_key(&into));
                    self.owners.values_mut().filter(|o| **o == from).for_each(|o| *o = into.clone());
                    let heard = self.heard.remove(&from).unwrap_or_default();
                    self.heard.entry(into).or_default().extend(heard);
                }
            }
        }
        assert!(self.since.contains_key(&who), "{who} is gone");
        who
    }

    fn hear(&mut self, told: &Ids, person: usize, now: Timestamp) {
        let decision = wrote(told, &self.known(&told.aliases()));
        let who = self.carry_out(decision, now);
        self.heard.entry(who.clone()).or_default().insert(person);
        let again = wrote(told, &self.known(&told.aliases()));
        assert_eq!(again, Decision { who: Who::Known(who), steps: vec![] }, "the same again changes nothing");
    }
}

#[derive(Clone, Debug)]
enum Act {
    /// A person writes; whether the number is shown.
    Write(usize, bool),
    /// A person takes a free number; whether the network tells of it.
    Move(usize, usize, bool),
    /// A person leaves their number.
    Leave(usize),
    /// A notice arrives, perhaps late, perhaps again.
    Notice(usize),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let one = prop_oneof![
        5 => (0usize..4, any::<bool>()).prop_map(|(p, shown)| Act::Write(p, shown)),
        3 => (0usize..4, 0usize..4, any::<bool>()).prop_map(|(p, n, told)| Act::Move(p, n, told)),
        1 => (0usize..4).prop_map(Act::Leave),
        3 => (0usize..8).prop_map(Act::Notice),
    ];
    prop::collection::vec(one, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Where the network names everybody's id, nobody is ever taken for somebody else, however late its notices come.
    #[test]
    fn nobody_is_taken_for_somebody_else(acts in acts()) {
        let mut book = Book::default();
        // Number and generation of the id of each person; a new number brings a new id.
        let mut people: Vec<(Option<usize>, usize)> = (0..4).map(|p| (Some(p), 0)).collect();
        let mut notices: Vec<(Ids, Ids, Timestamp)> = Vec::new();
        let name = |p: usize, generation: usize| Some(format!("DE.P{p}G{generation}"));
        for (hour, act) in acts.into_iter().enumerate() {
            let now = at(i64::try_from(hour).unwrap() * 2);
            match act {
                Act::Write(p, shown) => {
                    let (number, generation) = people[p];
                    let wa = number.filter(|_| shown).map(|n| format!("49{n}"));
                    book.hear(&Ids { user: name(p, generation), wa, parent: None }, p, now);
                }
                Act::Move(p, n, told) => {
                    if people.iter().any(|(number, _)| *number == Some(n)) {
                        continue;
                    }
                    let (old, generation) = people[p];
                    people[p] = (Some(n), generation + 1);
                    if told {
                        let before = Ids { user: name(p, generation), wa: old.map(|n| format!("49{n}")), parent: None };
                        let wa = Some(format!("49{n}"));
                        notices.push((before, Ids { user: name(p, generation + 1), wa, parent: None }, now));
                    }
                }
                Act::Leave(p) => people[p].0 = None,
                Act::Notice(which) => {
                    let Some((before, after, when)) = notices.get(which % notices.len().max(1)).cloned() else { continue };
                    let mut aliases = before.aliases();
                    aliases.extend(after.aliases());
                    if let Some(decision) = moved(&before, &after, when, &book.known(&aliases)) {
                        prop_assert!(decision.who != Who::New);
                        book.carry_out(decision, now);
                    }
                }
            }
            for (contact, people) in &book.heard {
                prop_assert!(people.len() <= 1, "{} was {:?}", contact, people);
            }
        }
    }

    /// Whatever is told of whomever, every step is possible, and the same again changes nothing.
    #[test]
    fn every_step_is_possible(told in prop::collection::vec((0usize..3, 0usize..4, 0usize..4, 0usize..4, 0usize..4), 1..40)) {
        let mut book = Book::default();
        let some = |kind: &str, n: usize| (n > 0).then(|| format!("{kind}{n}"));
        for (hour, (what, user, wa, parent, other)) in told.into_iter().enumerate() {
            let now = at(i64::try_from(hour).unwrap());
            let told = Ids { user: some("DE.", user), wa: some("49", wa), parent: some("DE.ENT.", parent) };
            if what > 0 && told != Ids::default() {
                book.hear(&told, 0, now);
            } else if told != Ids::default() {
                let after = Ids { user: some("DE.", other), wa: some("49", other), parent: None };
                let mut aliases = told.aliases();
                aliases.extend(after.aliases());
                for _ in 0..2 {
                    if let Some(decision) = moved(&told, &after, now, &book.known(&aliases)) {
                        book.carry_out(decision, now);
                    }
                }
            }
        }
    }
}
