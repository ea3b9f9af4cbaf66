//! Which language a text is in, and word stems in it. Documents are not stemmed: a question's word stands for all the words of
//! the shop that share its stem, so that an English shop is searched exactly as before and no index depends on a guess.

use rust_stemmers::{Algorithm, Stemmer};

/// Letters a text needs before its language is believed.
const LETTERS_MIN: usize = 40;
/// Characters looked at.
const CHARS_MAX: usize = 400;
/// Letters of a word that is stemmed.
const WORD_LETTERS_MIN: usize = 4;
/// Letters of an Arabic word without its article.
const ARTICLE_REST_MIN: usize = 3;

/// English, whose plurals are folded in the index itself: fuller stemming finds board games for a gaming keyboard.
pub const ENGLISH: &str = "eng";

/// The three-letter code of a text's language where it is sure.
pub fn detect(text: &str) -> Option<&'static str> {
    let end = text.char_indices().nth(CHARS_MAX).map_or(text.len(), |(at, _)| at);
    let text = text.get(..end).unwrap_or_default();
    if text.chars().filter(|c| c.is_alphabetic()).count() < LETTERS_MIN {
        return None;
    }
    let info = whatlang::detect(text).filter(whatlang::Info::is_reliable)?;
    Some(info.lang().code())
}

/// The stems of one language.
pub struct Stems(Stemmer);

impl Stems {
    /// For a language other than English that has stems.
    pub fn of(code: &str) -> Option<Self> {
        let algorithm = match code {
            "ara" => Algorithm::Arabic,
            "dan" => Algorithm::Danish,
            "deu" => Algorithm::German,
            "ell" => Algorithm::Greek,
            "fin" => Algorithm::Finnish,
            "fra" => Algorithm::French,
            "hun" => Algorithm::Hungarian,
            "ita" => Algorithm::Italian,
            "nld" => Algorithm::Dutch,
            "nob" => Algorithm::Norwegian,
            "por" => Algorithm::Portuguese,
            "ron" => Algorithm::Romanian,
            "rus" => Algorithm::Russian,
            "spa" => Algorithm::Spanish,
            "swe" => Algorithm::Swedish,
            "tam" => Algorithm::Tamil,
            "tur" => Algorithm::Turkish,
            _ => return None,
        };
        Some(Self(Stemmer::create(algorithm)))
    }

    /// The stem of a token; `None` for short ones and for what has digits.
    pub fn stem(&self, token: &str) -> Option<String> {
        let long = token.chars().count() >= WORD_LETTERS_MIN;
        // Arabic joins its article to the word; the others have no such beginning.
        let article = ["وال", "بال", "ال", "لل"].iter().find_map(|article| token.strip_prefix(article));
        let bare = article.filter(|rest| rest.chars().count() >= ARTICLE_REST_MIN).unwrap_or(token);
        (long && token.chars().all(char::is_alphabetic)).then(|| self.0.stem(bare).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::analyse;

    #[test]
    fn forms_of_a_word_share_a_stem() {
        let rows = [
            ("deu", "Jacke", "Jacken"),
            ("deu", "wasserdicht", "wasserdichten"),
            ("spa", "zapatilla", "zapatillas"),
            ("spa", "pantalón", "pantalones"),
            ("por", "jaqueta", "jaquetas"),
            ("fra", "imperméable", "imperméables"),
            ("ita", "scarpa", "scarpe"),
            ("ara", "حقيبة", "الحقيبة"),
        ];
        for (code, a, b) in rows {
            let stems = Stems::of(code).unwrap();
            let of = |word: &str| stems.stem(&analyse::document(word).concat());
            assert_eq!(of(a), of(b), "{a} and {b}");
        }
        assert!(Stems::of(ENGLISH).is_none());
        assert_eq!(Stems::of("deu").unwrap().stem("abc"), None);
    }

    #[test]
    fn only_a_sure_language_is_told() {
        assert_eq!(detect("Diese leichte Jacke hält dich bei jedem Wetter trocken und warm."), Some("deu"));
        assert_eq!(detect("Esta chaqueta ligera te mantiene seco y abrigado en la montaña."), Some("spa"));
        assert_eq!(detect("USB HDMI 3.0"), None);
        assert_eq!(detect(""), None);
    }
}
