//! What goes to a person whatever a model thinks of it: law, safety, fraud, and the same question for the third time.

use crate::agent::Thread;
use crate::domain::conversation::HandOffReason;
use crate::domain::message::{Body, Message};
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// Times the same question is asked until a person answers.
const SAME_MAX: usize = 3;
/// Share of words two questions have in common to be the same.
const SAME_SHARE: f64 = 0.8;
/// Words a question needs before it can be asked again; "yes" and "the first one" come often.
const SAME_WORDS_MIN: usize = 4;

/// Phrases, folded, as whole words.
const TRIGGERS: [(HandOffReason, &[&str]); 3] = [
    (
        HandOffReason::Legal,
        &[
            "lawyer",
            "attorney",
            "sue you",
            "take you to court",
            "legal action",
            "consumer protection",
            "ombudsman",
            "data protection authority",
            "press charges",
            "abogado",
            "denuncia",
            "demandarlos",
            "consumo",
            "advogado",
            "procon",
            "processar voces",
            "anwalt",
            "verbraucherschutz",
            "rechtsanwalt",
            "avocat",
            "tribunal",
            "avvocato",
        ],
    ),
    (
        HandOffReason::Safety,
        &[
            "caught fire",
            "on fire",
            "exploded",
            "burned me",
            "burnt me",
            "burned my",
            "electric shock",
            "got injured",
            "i was injured",
            "hurt myself",
            "allergic reaction",
            "hospital",
            "poisoned",
            "suicide",
            "kill myself",
            "se incendio",
            "exploto",
            "me quemo",
            "reaccion alergica",
            "pegou fogo",
            "explodiu",
            "me queimou",
            "reacao alergica",
            "brannte",
            "explodiert",
            "verletzt",
            "a pris feu",
            "a explose",
            "ha preso fuoco",
        ],
    ),
    (
        HandOffReason::Payment,
        &[
            "charged twice",
            "double charged",
            "unauthorized charge",
            "unauthorised charge",
            "did not authorize",
            "didnt authorize",
            "didnt authorise",
            "fraudulent",
            "stolen card",
            "card was stolen",
            "chargeback",
            "cobrado dos veces",
            "cobraron dos veces",
            "cargo no autorizado",
            "fraude",
            "cobrado duas vezes",
            "cobranca duplicada",
            "doppelt abgebucht",
            "doppelt belastet",
            "debite deux fois",
            "addebitato due volte",
        ],
    ),
];

/// Why this message goes to a person at once, if it does.
pub fn of(thread: &Thread) -> Option<HandOffReason> {
    let words = thread.words();
    let said = format!(" {} ", folded(&words).join(" "));
    let found = TRIGGERS.iter().find(|(_, phrases)| phrases.iter().any(|p| said.contains(&format!(" {p} "))));
    found.map(|(reason, _)| *reason).or_else(|| asked_again(thread).then_some(HandOffReason::Unsure))
}

/// Whether the same was asked often enough before, with nothing else in between.
fn asked_again(thread: &Thread) -> bool {
    let now = words(&thread.words());
    if now.len() < SAME_WORDS_MIN {
        return false;
    }
    let before = thread.history.iter().rev().filter_map(spoken);
    before.take(SAME_MAX - 1).filter(|text| alike(&now, &words(text))).count() == SAME_MAX - 1
}

/// How far the last message of the shopper repeats this one: 0 or 1.
pub(super) fn repeats(thread: &Thread) -> bool {
    let now = words(&thread.words());
    let last = thread.history.iter().rev().find_map(spoken);
    now.len() >= SAME_WORDS_MIN && last.is_some_and(|text| alike(&now, &words(text)))
}

fn spoken(message: &Message) -> Option<&str> {
    match &message.body {
        Body::Heard(said) => said.written(),
        _ => None,
    }
}

fn alike(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    let both = one.intersection(other).count() as f64;
    let all = one.union(other).count().max(1) as f64;
    both / all >= SAME_SHARE
}

fn words(text: &str) -> BTreeSet<String> {
    folded(text).into_iter().collect()
}

/// Words in lower case without accents and apostrophes.
fn folded(text: &str) -> Vec<String> {
    let plain: String =
        text.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c) && !matches!(c, '\'' | '’')).collect();
    plain.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}
