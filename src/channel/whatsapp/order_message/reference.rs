//! The name under which WhatsApp knows an order message: our attempt to be paid, and which message about it this is.

use crate::channel::ask_to_pay::Error;
use crate::domain::id::CheckoutId;
use std::fmt;

/// Characters of a reference; Brazil allows more, and one rule is enough.
pub const REFERENCE_CHARS_MAX: usize = 35;

/// `chk_….2`: unique for every message of the business, as WhatsApp asks, and naming the attempt on its way back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    checkout: CheckoutId,
    message: u32,
}

impl Reference {
    /// The reference of the `message`th message about an attempt.
    pub fn new(checkout: &CheckoutId, message: u32) -> Result<Self, Error> {
        let reference = Self { checkout: checkout.clone(), message };
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let fits = reference.to_string().len() <= REFERENCE_CHARS_MAX;
        if message == 0 || checkout.as_str().is_empty() || !checkout.as_str().chars().all(allowed) || !fits {
            return Err(Error::Malformed { what: "the reference" });
        }
        Ok(reference)
    }

    /// Reads a reference that came back; `None` for anything that is not one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > REFERENCE_CHARS_MAX {
            return None;
        }
        let (checkout, message) = text.split_once('.')?;
        let reference = Self::new(&CheckoutId::new(checkout), message.parse().ok()?).ok()?;
        // `+1` and `01` are numbers too, but not as we write them.
        (reference.to_string() == text).then_some(reference)
    }

    /// The attempt it names.
    pub fn checkout(&self) -> &CheckoutId {
        &self.checkout
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.checkout, self.message)
    }
}
