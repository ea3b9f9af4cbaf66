//! Which language a text is written in, said only when it is certain.

use crate::knowledge::block::Block;
use whatlang::Lang;

/// Letters below which nothing is said: short texts look like any language.
const LETTERS_MIN: usize = 60;
/// Characters that are looked at.
const CHARS_MAX: usize = 4_000;
/// How sure the detector has to be.
const SURE: f64 = 0.8;

/// The language of a text, as `de`.
pub fn of(text: &str) -> Option<String> {
    let start: String = text.chars().take(CHARS_MAX).collect();
    if start.chars().filter(|c| c.is_alphabetic()).count() < LETTERS_MIN {
        return None;
    }
    let info = whatlang::detect(&start)?;
    (info.is_reliable() && info.confidence() >= SURE).then(|| code(info.lang()).map(str::to_owned)).flatten()
}

/// The language of a whole text.
pub fn of_blocks(blocks: &[Block]) -> Option<String> {
    let mut all = String::new();
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph(text) | Block::Line(text) => all.push_str(text),
            Block::Language(_) => {}
        }
        all.push('\n');
        if all.len() > CHARS_MAX {
            break;
        }
    }
    of(&all)
}

/// The two letters of a language that shops write in; none for the others.
fn code(lang: Lang) -> Option<&'static str> {
    Some(match lang {
        Lang::Eng => "en",
        Lang::Deu => "de",
        Lang::Fra => "fr",
        Lang::Spa => "es",
        Lang::Ita => "it",
        Lang::Por => "pt",
        Lang::Nld => "nl",
        Lang::Pol => "pl",
        Lang::Tur => "tr",
        Lang::Rus => "ru",
        Lang::Ukr => "uk",
        Lang::Ces => "cs",
        Lang::Swe => "sv",
        Lang::Dan => "da",
        Lang::Nob => "nb",
        Lang::Fin => "fi",
        Lang::Hun => "hu",
        Lang::Ron => "ro",
        Lang::Ell => "el",
        Lang::Bul => "bg",
        Lang::Ara => "ar",
        Lang::Heb => "he",
        Lang::Pes => "fa",
        Lang::Hin => "hi",
        Lang::Ind => "id",
        Lang::Vie => "vi",
        Lang::Tha => "th",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Cmn => "zh",
        _ => return None,
    })
}
