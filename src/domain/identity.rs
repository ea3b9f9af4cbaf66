//! Who is who on a network that names people by a number, which changes hands, and by an id, which changes with the number.
//!
//! What a network tells of a person, and what is known of those it may mean, give a list of steps. Two rules stand above
//! all: an id has one owner, and nobody is taken for somebody else. In doubt a person is taken for a new one: they lose
//! their history, and nobody reads another's.

#[cfg(test)]
mod tests;

use crate::domain::id::ContactId;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// The ids of a person, as far as a network tells them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ids {
    /// Names one person towards one merchant. New when the number changes.
    pub user: Option<String>,
    /// The number as the network writes it: digits. Passes on to somebody else in time.
    pub wa: Option<String>,
    /// Names one person towards merchants that belong together.
    pub parent: Option<String>,
}

/// Somebody it may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub contact: ContactId,
    /// When they were first seen.
    pub since: Timestamp,
    /// Every id of theirs on the network: `user:…`.
    pub aliases: BTreeSet<String>,
}

/// Who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Somebody known.
    Known(ContactId),
    /// Somebody new.
    New,
}

/// One thing to do, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The contact has this id no longer.
    Take {
        /// Which.
        alias: String,
        /// Whose it was.
        from: ContactId,
    },
    /// It was one person all along: everything of one is the other's.
    Merge {
        /// Who goes.
        from: ContactId,
        /// Who stays.
        into: ContactId,
    },
    /// The person has this id from now on.
    Give {
        /// Which.
        alias: String,
    },
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Who it is; new ids are theirs.
    pub who: Who,
    /// What to do.
    pub steps: Vec<Step>,
}

/// An id on the network, as it is kept.
pub fn user(id: &str) -> String {
    format!("user:{id}")
}

/// An id somebody had before: it finds them, and nothing is sent to it.
pub fn was(id: &str) -> String {
    format!("was:{id}")
}

/// A number as the network writes it.
pub fn wa(digits: &str) -> String {
    format!("wa:{digits}")
}

/// A number the person shared: it may be written to, and finds nobody.
pub fn tel(digits: &str) -> String {
    format!("tel:{digits}")
}

/// An id towards several merchants.
pub fn parent(id: &str) -> String {
    format!("parent:{id}")
}

/// Whether it is a person's id and no number: `BR.8Qx1`.
pub fn is_user_id(id: &str) -> bool {
    let Some((country, rest)) = id.split_once('.') else { return false };
    country.len() == 2
        && country.bytes().all(|b| b.is_ascii_uppercase())
        && !rest.is_empty()
        && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')
}

/// Whether it names a person towards several merchants: `BR.ENT.8Qx1`.
pub fn is_parent_id(id: &str) -> bool {
    is_user_id(id) && id.split('.').nth(1) == Some("ENT") && id.split('.').count() > 2
}

impl Ids {
    /// Every id by which somebody may be known.
    pub fn aliases(&self) -> Vec<String> {
        let users = self.user.iter().flat_map(|id| [user(id), was(id)]);
        users.chain(self.wa.as_deref().map(wa)).chain(self.parent.as_deref().map(parent)).collect()
    }

    /// Whether both name the same person: an id in common.
    pub fn meets(&self, other: &Self) -> bool {
        let same = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
        same(&self.user, &other.user) || same(&self.wa, &other.wa) || same(&self.parent, &other.parent)
    }
}

impl Known {
    fn has(&self, alias: &str) -> bool {
        self.aliases.contains(alias)
    }

    /// Has an id of their own, other than this one.
    fn is_another_than(&self, id: &str) -> bool {
        self.aliases
            .iter()
            .any(|a| (a.starts_with("user:") && *a != user(id)) || (a.starts_with("was:") && *a != was(id)))
    }

    fn has_own_id(&self) -> bool {
        self.aliases.iter().any(|a| a.starts_with("user:") || a.starts_with("was:"))
    }
}

fn owner<'a>(known: &'a [Known], alias: &str) -> Option<&'a Known> {
    known.iter().find(|k| k.has(alias))
}

/// Somebody wrote: who is it?
pub fn wrote(told: &Ids, known: &[Known]) -> Decision {
    let number = told.wa.as_deref().and_then(|n| owner(known, &wa(n)));
    let group = told.parent.as_deref().and_then(|p| owner(known, &parent(p)));
    // A parent's id proves that two ids of a person are one person's.
    let is_same = |one: &Known| told.parent.as_deref().is_some_and(|p| one.has(&parent(p)));
    let mut steps = Vec::new();
    let who = match &told.user {
        Some(id) => {
            if let Some(past) = owner(known, &was(id)) {
                // A message from before the change, late. Nothing in it is new.
                return Decision { who: Who::Known(past.contact.clone()), steps };
            }
            match (owner(known, &user(id)), number) {
                (Some(own), Some(other)) if own.contact != other.contact => {
                    if !other.has_own_id() || is_same(other) {
                        steps.push(Step::Merge { from: other.contact.clone(), into: own.contact.clone() });
                    }
                    Some(own)
                }
                (Some(own), _) => Some(own),
                (None, Some(other)) if !other.has_own_id() || is_same(other) => Some(other),
                // The number has a new owner.
                (None, _) => group,
            }
        }
        None => number.or(group),
    };
    let chosen = who.map(|k| &k.contact);
    let merged = |k: &Known| steps.iter().any(|s| matches!(s, Step::Merge { from, .. } if *from == k.contact));
    let mut more = Vec::new();
    if let Some(alias) = told.wa.as_deref().map(wa) {
        match number {
            Some(k) if Some(&k.contact) == chosen || merged(k) => {}
            Some(k) => {
                more.push(Step::Take { alias: alias.clone(), from: k.contact.clone() });
                more.push(Step::Give { alias });
            }
            None => more.push(Step::Give { alias }),
        }
    }
    for alias in [told.user.as_deref().map(user), told.parent.as_deref().map(parent)].into_iter().flatten() {
        if owner(known, &alias).is_none() {
            more.push(Step::Give { alias });
        }
    }
    steps.extend(more);
    Decision { who: chosen.map_or(Who::New, |id| Who::Known(id.clone())), steps }
}

/// The network says that a person's number or id changed: `before` is now `now`, since `at`. Nobody new comes of it.
pub fn moved(before: &Ids, now: &Ids, at: Timestamp, known: &[Known]) -> Option<Decision> {
    let by_user = before.user.as_deref().and_then(|id| owner(known, &user(id)).or_else(|| owner(known, &was(id))));
    let by_number = before.wa.as_deref().and_then(|n| owner(known, &wa(n)));
    // The number alone may be somebody else's by now: with an id of their own that is not the one told, it is.
    let by_number = by_number.filter(|k| match (&before.user, &now.user) {
        (Some(old), _) => !k.is_another_than(old),
        (None, Some(new)) => k.since <= at || !k.is_another_than(new),
        (None, None) => k.since <= at,
    });
    let own = by_user.or(by_number)?;
    let mut steps = Vec::new();
    let mut gone: BTreeSet<&ContactId> = BTreeSet::new();
    // Whoever has the new id already is the same person if they came with it, after the change, and are nobody else.
    let may_join = |other: &Known| {
        let stranger = match &now.user {
            Some(id) => other.is_another_than(id),
            None => other.has_own_id(),
        };
        other.since >= at && !stranger
    };
    let new_number = now.wa.as_deref().map(wa);
    let new_id = now.user.as_deref().map(user);
    for alias in [&new_number, &new_id].into_iter().flatten() {
        if let Some(other) = owner(known, alias).filter(|k| k.contact != own.contact && may_join(k))
            && gone.insert(&other.contact)
        {
            steps.push(Step::Merge { from: other.contact.clone(), into: own.contact.clone() });
        }
    }
    let is_own = |k: &Known| k.contact == own.contact || gone.contains(&k.contact);
    if let Some(alias) = new_number {
        // The number that was left belongs to nobody until somebody comes with it.
        if let Some(old) = before.wa.as_deref().map(wa).filter(|old| *old != alias && own.has(old)) {
            steps.push(Step::Take { alias: old, from: own.contact.clone() });
        }
        match owner(known, &alias) {
            Some(k) if is_own(k) => {}
            Some(k) => {
                steps.push(Step::Take { alias: alias.clone(), from: k.contact.clone() });
                steps.push(Step::Give { alias });
            }
            None => steps.push(Step::Give { alias }),
        }
    }
    if let (Some(alias), Some(id)) = (new_id, now.user.as_deref()) {
        for old in own.aliases.iter().filter_map(|a| a.strip_prefix("user:")).filter(|old| *old != id) {
            if before.user.as_deref().is_some_and(|told| told != old) {
                continue;
            }
            steps.push(Step::Take { alias: user(old), from: own.contact.clone() });
            if !own.has(&was(old)) {
                steps.push(Step::Give { alias: was(old) });
            }
        }
        // Somebody else who has it keeps it: that id names one person, and it is not this contact.
        if owner(known, &alias).is_none() && owner(known, &was(id)).is_none() {
            steps.push(Step::Give { alias });
        }
    }
    if let Some(alias) = now.parent.as_deref().map(parent).filter(|alias| owner(known, alias).is_none()) {
        steps.push(Step::Give { alias });
    }
    Some(Decision { who: Who::Known(own.contact.clone()), steps })
}
