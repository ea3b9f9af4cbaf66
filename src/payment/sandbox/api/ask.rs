//! A call as it came in, and the page of a list it asks for.

use crate::payment::sandbox::form;
use crate::payment::sandbox::shape::expand::{EXPANSIONS_MAX, expand};
use crate::payment::sandbox::shape::{self, Fault, fault, no_such, plain_fault};
use crate::payment::sandbox::state::State;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Most entries of one page of a list.
const LIST_MAX: usize = 100;
/// Entries of a page of a list when no number is asked for.
const LIST_DEFAULT: usize = 10;
/// Parameters of every list.
const PAGING: [&str; 4] = ["limit", "starting_after", "ending_before", "expand"];

/// A call as it came in.
pub struct Asked<'a> {
    /// `GET`, `POST` or `DELETE`.
    pub method: &'a str,
    /// `/v1/…`.
    pub path: &'a str,
    /// Parameters.
    pub form: &'a [(String, String)],
}

/// What a list is made of.
pub struct Rows<'a, T> {
    /// What one is called.
    pub what: &'static str,
    /// Those that fit, with their places, newest first.
    pub fitting: Vec<(u64, &'a T)>,
    /// Where a cursor stands, whether it fits or not.
    pub place: &'a dyn Fn(&str) -> Option<u64>,
    /// How one is shown.
    pub show: &'a dyn Fn(&T) -> Value,
}

impl Asked<'_> {
    /// Values of a parameter, written as `name`, `name[]` or `name[0]`.
    pub fn values<'b>(&'b self, name: &'b str) -> impl Iterator<Item = &'b str> {
        self.form.iter().filter(move |(given, _)| base(given) == name).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter that is given once.
    pub fn one<'b>(&'b self, name: &'b str) -> Option<&'b str> {
        self.form.iter().rev().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// Refuses parameters nobody knows. `expand` is always known.
    pub fn only(&self, known: &[&str]) -> Result<(), Fault> {
        match self.form.iter().find(|(name, _)| base(name) != "expand" && !known.contains(&base(name))) {
            Some((name, _)) => Err(form::unknown(name)),
            None => Ok(()),
        }
    }

    /// Refuses parameters a list does not know.
    pub fn only_list(&self, filters: &[&str]) -> Result<(), Fault> {
        self.only(&[filters, &PAGING].concat())
    }

    /// Whether a moment is within `created`, `created[gte]` and so on.
    pub fn created(&self) -> Result<impl Fn(Timestamp) -> bool, Fault> {
        let mut bounds = Vec::new();
        for (name, value) in self.form.iter().filter(|(name, _)| base(name) == "created") {
            let bound: i64 = value.parse().map_err(|_| integer(name, value))?;
            let order = name.trim_start_matches("created").trim_matches(['[', ']']).to_owned();
            if !matches!(order.as_str(), "" | "gt" | "gte" | "lt" | "lte") {
                return Err(form::unknown(name));
            }
            bounds.push((order, bound));
        }
        Ok(move |at: Timestamp| {
            bounds.iter().all(|(order, bound)| match order.as_str() {
                "gt" => at.as_second() > *bound,
                "gte" => at.as_second() >= *bound,
                "lt" => at.as_second() < *bound,
                "lte" => at.as_second() <= *bound,
                _ => at.as_second() == *bound,
            })
        })
    }

    /// Changes notes as `metadata[…]` says: a text sets one, an empty text takes it away.
    pub fn notes(&self, notes: &mut BTreeMap<String, String>) -> Result<(), Fault> {
        for (name, value) in self.form.iter().filter(|(name, _)| base(name) == "metadata") {
            match form::segments(name).as_slice() {
                ["metadata", key] if value.is_empty() => drop(notes.remove(*key)),
                ["metadata", key] => form::note(notes, name, key, value)?,
                _ => return Err(form::unknown(name)),
            }
        }
        Ok(())
    }

    /// The page of the list that was asked for.
    pub fn list<T>(&self, rows: &Rows<T>) -> Result<Value, Fault> {
        let limit = match self.one("limit") {
            None => LIST_DEFAULT,
            Some(text) => {
                let asked: i64 = text.parse().map_err(|_| integer("limit", text))?;
                let within = usize::try_from(asked).ok().filter(|n| (1..=LIST_MAX).contains(n));
                within.ok_or_else(|| {
                    fault("parameter_invalid_integer", Some("limit"), "The limit must be between 1 and 100.")
                })?
            }
        };
        let place = |name: &str| match self.one(name) {
            None => Ok(None),
            // Something wrong in a parameter is 400, something wrong in the address 404.
            Some(id) => (rows.place)(id).map(Some).ok_or_else(|| Fault { status: 400, ..no_such(rows.what, id, name) }),
        };
        let (after, before) = (place("starting_after")?, place("ending_before")?);
        if after.is_some() && before.is_some() {
            return Err(plain_fault(None, "You cannot parameterize both starting_after and ending_before."));
        }
        let within = |at: u64| after.is_none_or(|a| at < a) && before.is_none_or(|b| at > b);
        let fitting: Vec<&T> = rows.fitting.iter().filter(|(at, _)| within(*at)).map(|(_, row)| *row).collect();
        // Going backwards, the page is the one right before the cursor.
        let surplus = fitting.len().saturating_sub(limit);
        let skipped = if before.is_some() { surplus } else { 0 };
        let page = fitting.iter().skip(skipped).take(limit).map(|row| (rows.show)(row)).collect();
        Ok(shape::list(self.path, page, surplus > 0))
    }

    /// Expands what `expand[]` asks for.
    pub fn expanded(&self, mut value: Value, state: &State, public_url: &str) -> Result<Value, Fault> {
        for wanted in self.values("expand").take(EXPANSIONS_MAX) {
            expand(&mut value, wanted, state, public_url)?;
        }
        Ok(value)
    }

    /// Parameters are compared by this, whatever their order.
    pub fn digest(&self) -> String {
        let mut sorted: Vec<_> = self.form.iter().collect();
        sorted.sort();
        let text = json!([self.path, sorted]).to_string();
        Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

/// The answer to something that is no number.
pub fn integer(name: &str, value: &str) -> Fault {
    let value: String = value.chars().take(100).collect();
    fault("parameter_invalid_integer", Some(name), &format!("Invalid integer: {value}"))
}

fn base(name: &str) -> &str {
    name.split_once('[').map_or(name, |(base, _)| base)
}
