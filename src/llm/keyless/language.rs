//! Which language is spoken: counted from small words, never guessed from one.

use crate::llm::keyless::lexicon::{ENGLISH, PORTUGUESE, SPANISH};
use crate::llm::keyless::words::Words;

/// A language the planner answers in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// Spanish.
    Es,
    /// Portuguese.
    Pt,
}

impl Language {
    /// From a tag such as `es` or `pt-BR`; anything else is English.
    pub fn from_tag(tag: &str) -> Self {
        match tag.get(..2).map(str::to_ascii_lowercase).as_deref() {
            Some("es") => Self::Es,
            Some("pt") => Self::Pt,
            _ => Self::En,
        }
    }

    /// Its tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
            Self::Pt => "pt",
        }
    }

    /// Whether the planner understands the language of a tag.
    pub fn knows(tag: &str) -> bool {
        let language = tag.split(['-', '_']).next().unwrap_or_default();
        [Self::En, Self::Es, Self::Pt].iter().any(|known| known.tag().eq_ignore_ascii_case(language))
    }

    /// The language of a text, when its words tell.
    pub fn of(text: &str) -> Option<Self> {
        Self::scored(text).0
    }

    /// The language of a text, when its words tell, and how many points they made: two a word.
    pub fn scored(text: &str) -> (Option<Self>, usize) {
        let words = Words::read(text);
        let count = |table: &[&str]| words.plains().filter(|word| table.contains(word)).count() * 2;
        let mut spanish = count(SPANISH);
        let mut portuguese = count(PORTUGUESE);
        // A sign of one language only weighs like two words.
        if text.chars().take(1_000).any(|c| matches!(c, 'ñ' | 'Ñ' | '¿' | '¡')) {
            spanish += 5;
        }
        if text.chars().take(1_000).any(|c| matches!(c, 'ã' | 'õ' | 'ç' | 'Ã' | 'Õ' | 'Ç' | 'ê' | 'â' | 'ô')) {
            portuguese += 5;
        }
        let scores = [(Self::En, count(ENGLISH)), (Self::Es, spanish), (Self::Pt, portuguese)];
        let best = scores.iter().map(|(_, score)| *score).max().unwrap_or(0);
        let mut leaders = scores.iter().filter(|(_, score)| *score == best && best > 0);
        match (leaders.next(), leaders.next()) {
            (Some((language, _)), None) => (Some(*language), best),
            _ => (None, best),
        }
    }

    /// Its phrase of a row.
    pub fn pick(self, row: [&'static str; 3]) -> &'static str {
        let [en, es, pt] = row;
        match self {
            Self::En => en,
            Self::Es => es,
            Self::Pt => pt,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_tell_their_language_and_single_names_do_not() {
        for (text, language) in [
            ("do you have waterproof jackets?", Some(Language::En)),
            ("busco una chaqueta impermeable", Some(Language::Es)),
            ("¿puedo devolver esto?", Some(Language::Es)),
            ("el primero", Some(Language::Es)),
            ("o segundo", Some(Language::Pt)),
            ("quero uma jaqueta até 100 euros", Some(Language::Pt)),
            ("não", Some(Language::Pt)),
            ("onde está meu pedido?", Some(Language::Pt)),
            ("¿dónde está mi pedido?", Some(Language::Es)),
            ("Fjell 3L", None),
            ("M", None),
            ("", None),
        ] {
            assert_eq!(Language::of(text), language, "{text}");
        }
    }
}
