//! Which language a talk is in: asked for, seen in the script, counted from small words, or guessed from letters; and never
//! turned over by one short word.

use crate::domain::locale::Locale;
use crate::domain::message::{Body, Message};
use crate::llm::keyless::language::Language as Planner;
use whatlang::{Detector, Lang, Script};

/// Messages that are looked at.
const SAID_MAX: usize = 6;
/// Characters of a message that tell its language.
const CHARS_MAX: usize = 600;
/// Letters from which on a guess from letters counts.
const GUESS_LETTERS_MIN: usize = 12;
/// Words of a message that may ask for a language.
const ASKING_WORDS_MAX: usize = 12;
/// The languages told apart by their letters.
const TOLD: [Lang; 6] = [Lang::Eng, Lang::Spa, Lang::Por, Lang::Deu, Lang::Fra, Lang::Ita];

/// How a language is asked for: in it, or in English.
const ASKED: [(&str, &[&str]); 8] = [
    (
        "en",
        &[
            "in english",
            "english please",
            "speak english",
            "en ingles",
            "em ingles",
            "auf englisch",
            "en anglais",
            "in inglese",
            "بالإنجليزية",
            "بالانجليزية",
        ],
    ),
    ("es", &["en espanol", "en castellano", "in spanish", "habla espanol", "hablas espanol", "espanol por favor"]),
    ("pt", &["em portugues", "in portuguese", "fala portugues", "portugues por favor"]),
    ("de", &["auf deutsch", "in german", "deutsch bitte", "sprichst du deutsch", "sprechen sie deutsch"]),
    ("fr", &["en francais", "in french", "francais svp", "parlez vous francais", "francais s il vous plait"]),
    ("it", &["in italiano", "in italian", "parli italiano", "italiano per favore"]),
    ("ar", &["in arabic", "بالعربية", "بالعربي", "باللغة العربية"]),
    ("he", &["in hebrew", "בעברית"]),
];

/// Small words of the languages the planner does not read. None of them is a word of another language told here.
const GERMAN: &[&str] = &[
    "ich",
    "und",
    "ist",
    "nicht",
    "der",
    "das",
    "ein",
    "eine",
    "einen",
    "mit",
    "für",
    "habt",
    "haben",
    "gibt",
    "bitte",
    "suche",
    "möchte",
    "wie",
    "wo",
    "kann",
    "meine",
    "meinen",
    "mein",
    "bestellung",
    "danke",
    "hallo",
    "auch",
    "noch",
    "euch",
];
const FRENCH: &[&str] = &[
    "je",
    "est",
    "les",
    "des",
    "une",
    "avec",
    "pour",
    "vous",
    "avez",
    "mon",
    "ma",
    "mes",
    "cherche",
    "bonjour",
    "merci",
    "où",
    "commande",
    "pas",
    "quel",
    "quelle",
    "voudrais",
    "ce",
    "cette",
    "livraison",
    "suis",
    "j'ai",
    "c'est",
    "et",
];
const ITALIAN: &[&str] = &[
    "il",
    "che",
    "di",
    "avete",
    "cerco",
    "vorrei",
    "mio",
    "mia",
    "ordine",
    "dov'è",
    "grazie",
    "ciao",
    "buongiorno",
    "quanto",
    "costa",
    "sono",
    "è",
    "della",
    "per",
    "una",
    "gli",
    "ho",
    "anche",
    "questo",
    "spedizione",
];

/// What a message tells of its language.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Told {
    /// Surely this one.
    Surely(&'static str),
    /// Perhaps this one.
    Perhaps(&'static str),
    /// Nothing.
    Nothing,
}

/// The locale of a talk, from its messages (newest first), what is known of the contact, and where the shop is.
pub fn settled<'a>(newest_first: impl Iterator<Item = &'a Message>, contact: &Locale, shop: &Locale) -> Locale {
    let said = newest_first.filter_map(|message| match &message.body {
        Body::Heard(said) => said.written(),
        _ => None,
    });
    let spoken = |tag: &str| match contact.language() == tag {
        true => contact.clone(),
        false => Locale::of(tag).in_region_of(shop),
    };
    let mut perhaps: Option<&'static str> = None;
    for text in said.take(SAID_MAX) {
        if let Some(tag) = asked_for(text) {
            return spoken(tag);
        }
        match tells(text) {
            // A short word does not turn a talk over in which another language was surely spoken.
            Told::Surely(tag) => return spoken(tag),
            Told::Perhaps(tag) if tag == contact.language() => return contact.clone(),
            // Said twice, it was meant.
            Told::Perhaps(tag) if perhaps == Some(tag) => return spoken(tag),
            Told::Perhaps(tag) => perhaps = perhaps.or(Some(tag)),
            Told::Nothing => {}
        }
    }
    // Nothing is known yet but what the shop speaks: then a short word is better than nothing.
    match perhaps.filter(|_| contact.language() == shop.language()) {
        Some(tag) => spoken(tag),
        None => contact.clone(),
    }
}

/// The language a message asks to be answered in: "in English please", "auf Deutsch".
fn asked_for(text: &str) -> Option<&'static str> {
    let plain = plain(text);
    if plain.split(' ').count() > ASKING_WORDS_MAX {
        return None;
    }
    let padded = format!(" {plain} ");
    let asks = |ways: &[&str]| ways.iter().any(|way| padded.contains(&format!(" {way} ")));
    ASKED.iter().find(|(_, ways)| asks(ways)).map(|(tag, _)| *tag)
}

fn plain(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let lower = text.chars().take(CHARS_MAX).collect::<String>().to_lowercase();
    let bare: String = lower.nfc().collect();
    // Arabic letters are composed; only Latin accents are taken off.
    let folded: String = bare
        .chars()
        .flat_map(|c| if c < '\u{300}' { c.nfd().next() } else { Some(c) })
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn tells(text: &str) -> Told {
    let text: String = text.chars().take(CHARS_MAX).collect();
    match whatlang::detect_script(&text) {
        Some(Script::Arabic) => return Told::Surely("ar"),
        Some(Script::Hebrew) => return Told::Surely("he"),
        Some(Script::Latin) => {}
        // No letters, or letters of a language the server has no words in.
        _ => return Told::Nothing,
    }
    let lower = text.to_lowercase().replace('’', "'");
    let words = || lower.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty());
    let count = |table: &[&str]| words().filter(|word| table.contains(word)).count() * 2;
    let signs = |signs: &str, weight| if lower.contains(|c| signs.contains(c)) { weight } else { 0 };
    let (planner, points) = Planner::scored(&text);
    let counted = [
        (planner.map_or("", Planner::tag), points),
        ("de", count(GERMAN) + signs("ßäöü", 3)),
        ("fr", count(FRENCH) + signs("œèùûîë", 3)),
        ("it", count(ITALIAN) + signs("ìò", 3)),
    ];
    let best = counted.iter().map(|(_, score)| *score).max().unwrap_or(0);
    let mut leaders = counted.iter().filter(|(tag, score)| *score == best && best > 0 && !tag.is_empty());
    match (leaders.next(), leaders.next()) {
        (Some((tag, score)), None) if *score > 2 => Told::Surely(tag),
        (Some((tag, _)), None) => {
            guessed(&text).filter(|guess| guess != tag).map_or(Told::Perhaps(tag), |_| Told::Perhaps(tag))
        }
        _ => guessed(&text).map_or(Told::Nothing, Told::Perhaps),
    }
}

/// A guess from the letters, for messages that are long enough.
fn guessed(text: &str) -> Option<&'static str> {
    if text.chars().filter(|c| c.is_alphabetic()).count() < GUESS_LETTERS_MIN {
        return None;
    }
    let found = Detector::with_allowlist(TOLD.to_vec()).detect(text).filter(whatlang::Info::is_reliable)?;
    Some(match found.lang() {
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Deu => "de",
        Lang::Fra => "fr",
        Lang::Ita => "it",
        _ => "en",
    })
}
