//! What text becomes, and that no text breaks it.

use super::*;
use proptest::prelude::*;

fn line(text: &str) -> String {
    document(text).join(" ")
}

fn asked(text: &str) -> String {
    query(text).join(" ")
}

#[test]
fn plurals_fold_and_other_words_stay() {
    assert_eq!(line("Jackets boxes batteries glasses watches"), "jacket box battery glass watch");
    assert_eq!(line("gas gaming keyboard bus canvas lens tennis"), "gas gaming keyboard bus canvas lens tennis");
    assert_eq!(line("Men's MENS men’s hoodies hoodie cameras sizes mice"), "men men men hoody hoody camera size mouse");
}

#[test]
fn a_measure_is_one_token_however_it_is_written() {
    for text in ["17\"", "17 inch", "17-inch", "17in", "17 Inches", "17″", "17''", "17 pulgadas"] {
        assert_eq!(line(text), "17in 17", "{text}");
    }
    assert_eq!(line("43.2 cm (17\")"), "43p2cm 43p2 17in 17");
    assert_eq!(line("3,5mm 500GB 1,000 mAh 2.0 l"), "3p5mm 3p5 500gb 500 1000mah 1000 2l 2p0");
    assert_eq!(line("1/2\" 3 1/2 inch 3½ lb"), "0p5in 0p5 3p5in 3p5 3p5lb 3p5");
    assert_eq!(line("18x24 1440 x 900 18×18"), "18x24 18 24 1440x900 1440 900 18x18 18 18");
    assert_eq!(line("3 in 1"), "3 in 1");
}

#[test]
fn compounds_give_the_whole_and_the_parts() {
    assert_eq!(line("T-Shirts"), "tshirt t shirt");
    assert_eq!(line("dv7-1211ea"), "dv71211ea dv7 1211ea");
    assert_eq!(line("StarTech.com 802.11b/g"), "startechcom startech com 80211bg 80211b 802 11b g");
    assert_eq!(line("a/b/c/d/e/f/g"), "a b c d e f g");
    assert_eq!(line("12-24"), "1224 12 24");
}

#[test]
fn accents_marks_and_forms_fold() {
    assert_eq!(line("Müller Größe São ŁÓDŹ ﬁne Ｗｉｄｅ"), "muller grosse sao lodz fine wide");
    assert_eq!(line("Intel® Core™2 Duo"), "intel core 2 duo");
    assert_eq!(line("ガバ 한국"), "ガバ 한국");
    assert_eq!(line("hi🙂there"), "hi there");
}

#[test]
fn codes_are_letters_and_digits() {
    assert_eq!(code_keys("DV7-1211 ea"), ["dv71211ea"]);
    assert_eq!(code_keys("0095205603217"), ["0095205603217", "95205603217"]);
    assert_eq!(code_keys("--"), Vec::<String>::new());
}

#[test]
fn a_code_typed_with_blanks_is_guessed() {
    assert!(query("do you have dv7 1211 ea").contains(&"dv71211ea".to_owned()));
    assert!(query("0952 0560 3217").contains(&"95205603217".to_owned()));
    assert!(!asked("blue rain jacket").contains("bluerain"));
}

#[test]
fn function_words_leave_a_question_unless_nothing_else_is_there() {
    assert_eq!(asked("Do you have the blue jackets, please?"), "blue jacket");
    assert_eq!(asked("quiero una camiseta para el verano"), "camiseta verano");
    assert_eq!(asked("what is it"), "what is it");
    assert_eq!(asked("an in-ear headphone for me."), "inear in ear headphone");
    assert_eq!(asked("A-1/X"), "a1x a 1 x");
    assert_eq!(asked("blue blue"), "blue");
    assert_eq!(asked("?!"), "");
}

#[test]
fn long_texts_and_words_are_cut() {
    assert_eq!(document(&"x".repeat(100_000))[0].len(), TOKEN_CHARS_MAX);
    assert_eq!(document(&"a ".repeat(100_000)).len(), DOCUMENT_TOKENS_MAX);
    let many: String = (0..1_000).map(|n| format!("w{n} ")).collect();
    assert_eq!(query(&many).len(), QUERY_TOKENS_MAX);
}

fn is_token(token: &str) -> bool {
    !token.is_empty()
        && token.chars().count() <= TOKEN_CHARS_MAX
        && token.chars().all(|c| c.is_alphanumeric() && !c.is_uppercase())
}

proptest! {
    #[test]
    fn any_text_gives_plain_tokens(text in any::<String>()) {
        for token in document(&text).iter().chain(&query(&text)).chain(&code_keys(&text)) {
            prop_assert!(is_token(token), "{:?}", token);
        }
    }

    #[test]
    fn any_measure_like_text_gives_plain_tokens(text in r#"[0-9½/.,x"'\- incmgb]{0,24}"#) {
        for token in document(&text).iter().chain(&query(&text)).chain(&code_keys(&text)) {
            prop_assert!(is_token(token), "{:?}", token);
        }
    }

    #[test]
    fn words_analysed_again_stay(text in "[a-zA-Z' -]{0,60}") {
        let once = document(&text);
        let twice = document(&once.join(" "));
        prop_assert_eq!(twice, once);
    }

    #[test]
    fn a_token_finds_itself(text in "[ -~]{0,40}") {
        for token in document(&text) {
            prop_assert!(document(&token).contains(&token), "{}", token);
        }
    }

    #[test]
    fn what_stands_in_a_text_is_found_by_asking_for_it(word in "[a-z]{2,8}", code in "[A-Z]{2,3}-[0-9]{3,4}") {
        let tokens = document(&format!("{word} {code}"));
        prop_assert!(query(&code).iter().any(|token| tokens.contains(token)));
        prop_assert!(query(&word).iter().all(|token| tokens.contains(token)));
    }
}

#[test]
fn scripts_without_blanks_are_pairs_and_a_single_sign_is_found() {
    assert_eq!(asked("防水雨傘"), "防水 水雨 雨傘");
    let stored = document("黒い雨傘です。軽い");
    for question in ["雨傘", "傘", "軽い"] {
        assert!(query(question).iter().any(|token| stored.contains(token)), "{question}");
    }
    assert!(!query("雨靴").iter().any(|token| stored.contains(token)));
    let thai = document("เสื้อกันฝนสีน้ำเงิน");
    assert!(query("กันฝน").iter().all(|token| thai.contains(token)));
    assert!(!query("รองเท้า").iter().all(|token| thai.contains(token)));
    assert_eq!(asked("ワイヤレス headphones"), "ワイヤレス headphone");
}

#[test]
fn letters_that_keyboards_write_differently_are_one() {
    for (a, b) in [
        ("أحمر", "احمر"),
        ("حقيبة", "حقيبه"),
        ("إلى", "الي"),
        ("مُقَاوِم", "مقاوم"),
        ("کتاب", "كتاب"),
        ("ســـترة", "سترة"),
        ("१२ क़मीज़", "12 कमीज"),
        ("٣٫٥ كيلو", "3.5 kg"),
        ("۵۰۰ gb", "500gb"),
    ] {
        assert_eq!(document(a), document(b), "{a} and {b}");
    }
    // Vowel signs of Indian scripts are letters in all but name.
    assert_ne!(document("कुर्ता"), document("करता"));
}

#[test]
fn units_of_other_languages_are_the_same_units() {
    for text in ["10 metros", "10 Meter", "10 mètres", "10 متر", "10m"] {
        assert_eq!(line(text), "10m 10", "{text}");
    }
    assert_eq!(line("100 Hz 2 zoll 3 gallons 800 lumens"), "100hz 100 2in 2 3gal 3 800lm 800");
}
