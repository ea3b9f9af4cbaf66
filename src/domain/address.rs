//! Where goods go.

use serde::{Deserialize, Serialize};

/// Longest field of an address that is kept.
pub const FIELD_CHARS_MAX: usize = 200;

/// A postal address, as typed on the payment page or confirmed in the chat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// The receiver.
    pub name: String,
    /// Street and number, and what belongs to them.
    pub line1: String,
    /// Postal code.
    pub postal_code: String,
    /// Town.
    pub city: String,
    /// State or province, where addresses have one.
    pub region: String,
    /// Two letters.
    pub country: String,
    /// For the receipt.
    pub email: String,
}

impl Address {
    /// The same with every field trimmed and cut to [`FIELD_CHARS_MAX`] characters.
    pub fn bounded(&self) -> Self {
        let cut = |text: &str| text.trim().chars().take(FIELD_CHARS_MAX).collect();
        Self {
            name: cut(&self.name),
            line1: cut(&self.line1),
            postal_code: cut(&self.postal_code),
            city: cut(&self.city),
            region: cut(&self.region),
            country: cut(&self.country),
            email: cut(&self.email),
        }
    }

    /// What is missing for a parcel to arrive, by its name; `None` when nothing is.
    pub fn lacks(&self) -> Option<&'static str> {
        let needed =
            [("a name", &self.name), ("a street", &self.line1), ("a town", &self.city), ("a country", &self.country)];
        needed.into_iter().find(|(_, text)| text.trim().is_empty()).map(|(what, _)| what)
    }

    /// On one line, for summaries.
    pub fn line(&self) -> String {
        let town = [self.postal_code.as_str(), self.city.as_str(), self.region.as_str()];
        let town: Vec<_> = town.into_iter().filter(|part| !part.is_empty()).collect();
        let parts = [self.name.clone(), self.line1.clone(), town.join(" "), self.country.clone()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}
