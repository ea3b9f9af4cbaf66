//! Which tokens a text cannot have, told without cutting it: most texts that are looked through for a word do not have it.

use crate::search::analyse::{DOCUMENT_CHARS_MAX, fold, stem};

/// Letters of a token that stand in every text it is cut from: plurals differ only in their ends.
const LETTERS: usize = 4;

/// A text's letters and digits in one row, as tokens are cut from them.
#[derive(Clone, Debug)]
pub struct Sieve(String);

impl Sieve {
    /// Of a text.
    pub fn of(text: &str) -> Self {
        Self(fold::fold(text, DOCUMENT_CHARS_MAX).chars().filter(|c| c.is_alphanumeric()).collect())
    }

    /// Whether a token may be among those of the text; no is certain.
    pub fn may_hold(&self, token: &str) -> bool {
        // Measures and irregular plurals are spelled otherwise than they are written.
        let plain = token.len() >= LETTERS && token.bytes().all(|byte| byte.is_ascii_lowercase());
        if !plain || stem::is_irregular(token) {
            return true;
        }
        // The y of `battery` is the ie of `batteries`.
        let end = if token.len() > LETTERS { LETTERS } else { LETTERS - 1 };
        token.get(..end).is_none_or(|begin| self.0.contains(begin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::analyse::document;
    use proptest::prelude::*;

    #[test]
    fn most_of_what_is_not_there_is_told_apart() {
        let sieve = Sieve::of("Soft-shell jackets, 3 layers, in small boxes with batteries");
        for token in ["softshell", "jacket", "layer", "box", "battery", "foot", "500gb"] {
            assert!(sieve.may_hold(token), "{token}");
        }
        for token in ["tent", "boot", "laptop", "shirt"] {
            assert!(!sieve.may_hold(token), "{token}");
        }
    }

    proptest! {
        #[test]
        fn what_is_there_is_never_denied(text in "(\\PC{0,20}|[a-z]{1,9}(s|es|ies|y|ie)?[ .,/-]|feet |mice |Straße |Ñandú's ){0,12}") {
            let sieve = Sieve::of(&text);
            for token in document(&text) {
                prop_assert!(sieve.may_hold(&token), "{token} of {text:?}");
            }
        }
    }
}
