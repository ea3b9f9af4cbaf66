//! Every language has every phrase with the same blanks, and says what is meant.

use super::*;
use fluent_bundle::FluentResource;
use std::collections::{BTreeMap, BTreeSet};

/// Phrase by name, and the blanks in it.
fn table(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut table: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut name = String::new();
    for line in language.table().lines().filter(|line| !line.starts_with('#')) {
        if let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| !key.contains(' ')) {
            assert!(table.insert(key.to_owned(), BTreeSet::new()).is_none(), "{language:?} has {key} twice");
            name = key.to_owned();
        }
        let blanks = line.split('$').skip(1).filter_map(|rest| rest.split(' ').next());
        table.get_mut(&name).unwrap().extend(blanks.map(str::to_owned));
    }
    table
}

#[test]
fn every_language_has_every_phrase_with_the_same_blanks() {
    let english = table(Language::En);
    for language in Language::ALL {
        assert!(FluentResource::try_new(language.table().to_owned()).is_ok(), "{language:?} does not parse");
        assert_eq!(table(language), english, "{language:?}");
    }
    for phrase in p::ALL.iter().chain(p::order::ALL) {
        assert!(english.contains_key(phrase.0), "no table has {}", phrase.0);
    }
    let named: BTreeSet<&str> = p::ALL.iter().chain(p::order::ALL).map(|phrase| phrase.0).collect();
    for key in english.keys().filter(|key| !key.starts_with("reason-")) {
        assert!(named.contains(key.as_str()), "nobody says {key}");
    }
}

#[test]
fn no_language_is_left_in_english() {
    // Words that are the same in both languages.
    let same = [
        "Item",
        "7 minutes",
        "Total",
        "Details",
        "Subtotal",
        "Chat",
        "Receipt",
        "Conversation",
        "Messages",
        "Suggestions",
        "Contact",
        "Online",
    ];
    for language in Language::ALL.into_iter().filter(|language| *language != Language::En) {
        for phrase in p::ALL.iter().chain(p::order::ALL) {
            let blanks: Vec<(&str, &str)> = [
                "number", "amount", "what", "why", "day", "total", "status", "carrier", "tracking", "title", "option",
                "hours", "address", "price", "shop", "tax", "page", "count", "minutes", "name", "link", "quote",
                "left", "now", "seen",
            ]
            .map(|b| (b, "7"))
            .to_vec();
            let (there, english) =
                (language.say(*phrase, &filled(&blanks)), Language::En.say(*phrase, &filled(&blanks)));
            assert!(!there.is_empty());
            assert!(there != english || same.contains(&english.as_str()), "{language:?} {}: {there}", phrase.0);
        }
    }
}

#[test]
fn counts_take_the_form_of_their_number() {
    let left = |tag: &str, n| Voice::of_tag(tag).count(p::CARD_LEFT, "count", n);
    assert_eq!((left("en", 1), left("en", 2)), ("1 left".into(), "2 left".into()));
    assert_eq!((left("it", 1), left("it", 2)), ("ne resta 1".into(), "ne restano 2".into()));
    let arabic = |n| left("ar", n).replace(['\u{2068}', '\u{2069}'], "");
    assert_eq!((arabic(3), arabic(11)), ("بقيت 3 قطع".into(), "بقيت 11 قطعة".into()));
}

#[test]
fn reasons_are_told_in_the_shoppers_language_blanks_and_all() {
    let es = Voice::of_tag("es");
    for (english, there) in [
        ("Fjell (M / Blue) is sold out", "Fjell (M / Blue) está agotado"),
        ("only 2 of Fjell left", "solo quedan 2 de Fjell"),
        ("order FJ-1 can't be returned: it is closed", "el pedido FJ-1 no se puede devolver: está cerrado"),
        ("I'm sorry, order FJ-1 is closed.", "Lo siento: el pedido FJ-1 está cerrado."),
        ("on its way", "en camino"),
        ("a text of the merchant", "a text of the merchant"),
    ] {
        assert_eq!(es.sentence(english), there);
        assert_eq!(Voice::of_tag("en").sentence(english), english);
    }
}

#[test]
fn a_language_without_words_is_spoken_to_in_english_figures_included() {
    let finnish = Voice::of_tag("fi");
    assert_eq!((finnish.language(), finnish.locale()), (Language::En, &Locale::ENGLISH));
    assert_eq!(Voice::of_tag("de-AT").locale().to_string(), "de-AT");
}

#[test]
fn numbers_stay_in_place_in_a_sentence_from_right_to_left() {
    let said = Voice::of_tag("ar").say(p::order::CHANGED, &[("number", "FJ-1042")]);
    assert!(said.contains("\u{2068}FJ-1042\u{2069}"), "{said}");
    assert!(!Voice::of_tag("de").say(p::order::CHANGED, &[("number", "FJ-1042")]).contains('\u{2068}'));
}
