//! The few words that are understood without a model, in the languages shoppers write. Whole messages only: a yes inside
//! a longer sentence is not a yes.

#[rustfmt::skip]
mod tables;

use tables::{NO, PAID, PERSON, PERSON_VERBS, STOP, YES};
use unicode_normalization::UnicodeNormalization;

/// Longest message that can be one of these, in words.
const WORDS_MAX: usize = 6;

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The shopper agrees.
    Yes,
    /// The shopper does not.
    No,
}

/// An accent, or one of the small marks of Arabic.
fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c) || ('\u{64b}'..='\u{65f}').contains(&c)
}

/// The message without case, accents and punctuation.
pub(super) fn plain(text: &str) -> String {
    let folded: String = text.nfkd().filter(|c| !is_accent(*c)).collect::<String>().to_lowercase();
    let kept: String = folded
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || "👍👎".contains(c) {
                c
            } else if c == '\'' || c == '’' {
                '\u{0}'
            } else {
                ' '
            }
        })
        .collect();
    kept.replace('\u{0}', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// STOP: nothing unasked from now on.
pub fn is_stop(text: &str) -> bool {
    STOP.contains(&plain(text).as_str())
}

/// A plain yes or no.
pub fn answer(text: &str) -> Option<Answer> {
    let plain = plain(text);
    if YES.contains(&plain.as_str()) {
        Some(Answer::Yes)
    } else if NO.contains(&plain.as_str()) {
        Some(Answer::No)
    } else {
        None
    }
}

/// A no that is said with the word for calling something off.
pub fn says_cancel(text: &str) -> bool {
    let plain = plain(text);
    ["cancel", "storn", "annul", "الغاء"].iter().any(|stem| plain.starts_with(stem))
}

/// The shopper says that they have paid. Whether they have is for the provider to say.
pub fn says_paid(text: &str) -> bool {
    PAID.contains(&plain(text).as_str())
}

/// A short wish for a person. A longer one goes through the agent, which can say what it is about.
pub fn wants_person(text: &str) -> bool {
    let plain = plain(text);
    if PERSON.contains(&plain.as_str()) {
        return true;
    }
    let padded = format!(" {plain} ");
    let named = PERSON.iter().any(|p| padded.contains(&format!(" {p} ")));
    let asked = PERSON_VERBS.iter().any(|v| padded.contains(&format!(" {v} ")));
    // "For one person" is a size, not a wish for company.
    let sized = ["for", "para", "pour", "fur"].iter().any(|w| {
        ["one", "1", "a", "una", "1", "uma", "eine"].iter().any(|n| padded.contains(&format!(" {w} {n} person")))
    });
    named && asked && !sized && plain.split(' ').count() <= WORDS_MAX + 4 && !plain.contains(" person tent")
}

/// An order number in the shop's own form, such as FJ-1042 or fj1042.
pub fn order_number(text: &str, prefix: &str) -> Option<String> {
    let text = text.to_uppercase();
    let prefix = prefix.to_uppercase();
    for (at, _) in text.match_indices(&prefix) {
        let before = text.get(..at)?.chars().next_back();
        let rest = text.get(at + prefix.len()..)?.trim_start_matches(['-', ' ', '#', '–']);
        let digits: String = rest.chars().take_while(char::is_ascii_digit).take(12).collect();
        if digits.len() >= 3 && before.is_none_or(|c| !c.is_alphanumeric()) {
            return Some(format!("{prefix}-{digits}"));
        }
    }
    None
}

/// Whether a message with an order number asks where the order is, and nothing else.
pub fn only_about_an_order(text: &str) -> bool {
    const OTHER: [&str; 47] = [
        "cancel",
        "charge",
        "twice",
        "double",
        "paid",
        "cobr",
        "duas vezes",
        "return",
        "refund",
        "exchange",
        "change",
        "address",
        "broken",
        "damaged",
        "wrong",
        "missing",
        "complain",
        "devolver",
        "cancelar",
        "reembolso",
        "cambiar",
        "direccion",
        "devolucion",
        "trocar",
        "defect",
        "late",
        "never",
        "invoice",
        "money",
        "warranty",
        "swap",
        "mudar",
        "alterar",
        "endereco",
        "troca",
        "quebrad",
        "roto",
        "rota",
        "anular",
        "money back",
        "want to",
        "like to",
        "need to",
        "quiero",
        "quero",
        "necesito",
        "preciso",
    ];
    let plain = plain(text);
    plain.split(' ').count() <= WORDS_MAX + 4 && !OTHER.iter().any(|word| plain.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_yes_is_a_whole_message() {
        for yes in [
            "Yes!",
            "sí",
            "SIM",
            "ok",
            "Yes, please.",
            "👍",
            "Go ahead",
            "Ja, gerne!",
            "D’accord",
            "Va bene",
            "نعم",
            "موافق",
        ] {
            assert_eq!(answer(yes), Some(Answer::Yes), "{yes}");
        }
        for no in ["no", "No, thanks", "NÃO", "cancel", "Nein, danke", "non merci", "لا شكرًا", "إلغاء"] {
            assert_eq!(answer(no), Some(Answer::No), "{no}");
        }
        for neither in [
            "yes but make it two",
            "is that ok?",
            "nothing",
            "ok what about boots",
            "",
            "yes no",
            "I said yesterday",
            "ja aber in rot",
            "va bene anche in blu?",
            "لا أعرف",
            "oui mais deux",
        ] {
            assert_eq!(answer(neither), None, "{neither}");
        }
    }

    #[test]
    fn people_are_asked_for_in_many_ways_and_tents_are_not_people() {
        for wish in [
            "a person please",
            "Human!",
            "can I talk to a human",
            "quiero hablar con una persona",
            "agent",
            "falar com atendente",
            "ich möchte mit einem Menschen sprechen",
            "Team fragen",
            "vorrei parlare con un operatore",
            "je voudrais parler à un conseiller",
            "أريد التحدث مع موظف",
            "اسأل زميلًا",
        ] {
            assert!(wants_person(wish), "{wish}");
        }
        for other in [
            "2 person tent",
            "I want a 2 person tent",
            "a present for a person who hikes",
            "is this jacket for one person",
            "Zelt für zwei Menschen",
        ] {
            assert!(!wants_person(other), "{other}");
        }
    }

    #[test]
    fn order_numbers_are_found_in_the_shops_form_only() {
        let number = |text: &str| order_number(text, "FJ");
        assert_eq!(number("where is fj-1001?"), Some("FJ-1001".into()));
        assert_eq!(number("FJ 1001"), Some("FJ-1001".into()));
        assert_eq!(number("order 1001"), None);
        assert_eq!(number("XFJ-1001"), None);
        assert!(only_about_an_order("where is FJ-1001?"));
        assert!(!only_about_an_order("cancel FJ-1001"));
        assert!(!only_about_an_order("I was charged twice for FJ-1001"));
    }

    #[test]
    fn paid_is_a_whole_message_too() {
        for paid in ["I've paid", "ya pagué!", "Já paguei", "PAID"] {
            assert!(says_paid(paid), "{paid}");
        }
        for other in ["I paid twice", "how is it paid?", "have I paid", "paid but nothing came"] {
            assert!(!says_paid(other), "{other}");
        }
    }

    #[test]
    fn stop_is_said_alone() {
        assert!(is_stop("STOP") && is_stop("stop.") && is_stop("Baja") && is_stop("إيقاف") && is_stop("Abmelden"));
        assert!(!is_stop("stop showing me boots"));
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in ".{0,200}") {
            let _ = (answer(&text), wants_person(&text), is_stop(&text), order_number(&text, "FJ"), only_about_an_order(&text));
        }
    }
}
