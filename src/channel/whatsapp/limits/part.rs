//! A place in a message, with its path for what is said about it.

use crate::channel::whatsapp::limits::{Breach, URL_MAX, is_blank, units};
use serde_json::Value;

/// A place in a message.
pub struct Part<'a> {
    path: String,
    value: &'a Value,
}

impl<'a> Part<'a> {
    /// The whole message.
    pub fn root(value: &'a Value) -> Self {
        Self { path: String::new(), value }
    }

    fn join(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn missing(&self) -> Breach {
        Breach::Missing { part: self.path.clone() }
    }

    /// That something in it cannot stand there.
    pub fn not_here(&self, key: &str) -> Breach {
        Breach::NotHere { part: self.join(key) }
    }

    /// That it stands there a second time.
    pub fn twice(&self) -> Breach {
        Breach::Twice { part: self.path.clone() }
    }

    /// Whether it has an entry of this name.
    pub fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some_and(|value| !value.is_null())
    }

    /// An entry that must be there.
    pub fn at(&self, key: &str) -> Result<Part<'a>, Breach> {
        let path = self.join(key);
        match self.value.get(key) {
            Some(value) if !value.is_null() => Ok(Part { path, value }),
            _ => Err(Breach::Missing { part: path }),
        }
    }

    /// An entry that need not be there.
    pub fn optional(&self, key: &str, check: impl FnOnce(Part<'a>) -> Result<(), Breach>) -> Result<(), Breach> {
        if self.has(key) { check(self.at(key)?) } else { Ok(()) }
    }

    /// Its text, whatever it is.
    pub fn str(&self) -> Result<&'a str, Breach> {
        self.value.as_str().ok_or_else(|| self.missing())
    }

    /// A text that shows something and is not too long.
    pub fn text(&self, max: usize) -> Result<(), Breach> {
        let text = self.str()?;
        if is_blank(text) {
            return Err(self.missing());
        }
        let found = units(text);
        if found > max { Err(Breach::Long { part: self.path.clone(), found, max }) } else { Ok(()) }
    }

    /// A number, or one written as text.
    pub fn number(&self) -> Result<(), Breach> {
        let number = self.value.as_f64().or_else(|| self.value.as_str()?.parse().ok());
        number.filter(|n| n.is_finite()).map(|_| ()).ok_or_else(|| self.missing())
    }

    /// An address that begins like this.
    pub fn address(&self, scheme: &str) -> Result<(), Breach> {
        self.text(URL_MAX)?;
        let host = self.str()?.strip_prefix(scheme).filter(|rest| !rest.chars().any(char::is_whitespace));
        if host.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/')) {
            Ok(())
        } else {
            Err(Breach::Address { part: self.path.clone() })
        }
    }

    /// Its entries, so many.
    pub fn each(
        &self,
        min: usize,
        max: usize,
        mut check: impl FnMut(Part<'a>) -> Result<(), Breach>,
    ) -> Result<(), Breach> {
        let entries = self.value.as_array().ok_or_else(|| self.missing())?;
        let found = entries.len();
        if !(min..=max).contains(&found) {
            return Err(Breach::Count { part: self.path.clone(), found, min, max });
        }
        for (at, value) in entries.iter().enumerate() {
            check(Part { path: format!("{}[{at}]", self.path), value })?;
        }
        Ok(())
    }
}
