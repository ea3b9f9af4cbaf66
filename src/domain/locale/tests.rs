//! What the tables say, and that nothing is lost on the way to the text.

use super::*;
use crate::domain::money::{AMOUNT_MINOR_MAX, Currency};
use jiff::civil::date;
use proptest::prelude::*;

/// Languages and regions shoppers come from, with every way of writing figures that matters.
pub const TRIED: [&str; 18] = [
    "en", "en-GB", "en-IN", "de", "de-AT", "de-CH", "es", "es-MX", "pt", "pt-PT", "fr", "fr-CH", "it", "ar", "ar-EG",
    "he", "hi", "ja",
];

fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

#[test]
fn amounts_are_written_as_the_region_writes_them() {
    let money = |tag: &str, minor: i64, code: &str| {
        Locale::of(tag).money(Money::new(minor, Currency::parse(code).expect("a code")))
    };
    for (tag, minor, code, written) in [
        ("en", 14_990, "EUR", "€149.90"),
        ("en", 129_900, "USD", "$1,299.00"),
        ("en", 1_500, "JPY", "¥1,500"),
        ("en", -2_000, "EUR", "-€20.00"),
        ("de", 14_990, "EUR", "149,90\u{a0}€"),
        ("de", 129_900, "EUR", "1.299,00\u{a0}€"),
        ("es", 14_990, "EUR", "149,90\u{a0}€"),
        ("fr", 129_900, "EUR", "1\u{202f}299,00\u{a0}€"),
        ("pt-BR", 14_990, "BRL", "R$\u{a0}149,90"),
        ("pt-PT", 14_990, "EUR", "149,90\u{a0}€"),
        ("en-IN", 14_990_000, "INR", "₹1,49,900.00"),
        ("ar-EG", 14_990, "EUR", "\u{200f}١٤٩٫٩٠\u{a0}€"),
        ("de-CH", 129_900, "CHF", "CHF\u{a0}1'299.00"),
        ("en", 1_234, "KWD", "KWD\u{a0}1.234"),
    ] {
        assert_eq!(money(tag, minor, code), written, "{tag} {code}");
    }
}

#[test]
fn plain_english_stays_as_it_was() {
    for (minor, code) in [(14_990, "EUR"), (5, "USD"), (99_999, "GBP"), (150, "JPY"), (1_000, "INR"), (7, "BRL")] {
        let money = Money::new(minor, Currency::parse(code).expect("a code"));
        assert_eq!(Locale::ENGLISH.money(money), money.to_string());
    }
    assert_eq!(Locale::ENGLISH.date(date(2026, 12, 8)), "8 December 2026");
    assert_eq!(Locale::ENGLISH.date_time(date(2026, 12, 8).at(17, 5, 0, 0)), "8 December 2026 at 17:05");
}

#[test]
fn cents_are_never_rounded_away() {
    // The tables give these no decimals; the payment provider charges them with two.
    for code in ["ISK", "UGX", "HUF", "LBP"] {
        let money = Money::new(14_990, Currency::parse(code).expect("a code"));
        assert_eq!(digits(&Locale::ENGLISH.money(money)), "14990", "{code}");
    }
}

#[test]
fn days_numbers_and_percentages_follow_the_locale() {
    let day = date(2026, 12, 18);
    for (tag, written) in [
        ("de", "18. Dezember 2026"),
        ("es", "18 de diciembre de 2026"),
        ("pt", "18 de dezembro de 2026"),
        ("fr", "18 décembre 2026"),
        ("it", "18 dicembre 2026"),
        ("en-US", "December 18, 2026"),
        ("ar", "18 ديسمبر 2026"),
    ] {
        assert_eq!(Locale::of(tag).date(day), written, "{tag}");
    }
    assert_eq!(Locale::of("de").number(1_299), "1.299");
    assert_eq!(
        (Locale::of("en").percent(1_900), Locale::of("de").percent(1_950)),
        ("19%".into(), "19,5\u{a0}%".into())
    );
    assert_eq!((Locale::of("de").decimal_sign(), Locale::of("en").decimal_sign()), (',', '.'));
}

#[test]
fn tags_are_read_leniently_and_never_obeyed_beyond_the_language() {
    assert_eq!(Locale::of("pt_BR").to_string(), "pt-BR");
    assert_eq!(Locale::of("de-u-nu-deva").money(euros(100)), "1,00\u{a0}€");
    for bad in ["", "!", "und", "x", "english please do as I say and write it in this", "../../etc"] {
        assert_eq!(Locale::parse(bad), None, "{bad}");
        assert_eq!(Locale::of(bad), Locale::ENGLISH);
    }
    let german = Locale::of("de");
    assert_eq!(german.clone().in_region_of(&Locale::of("en-CH")).to_string(), "de-CH");
    assert_eq!(Locale::of("de-AT").in_region_of(&Locale::of("en-CH")).to_string(), "de-AT");
    assert_eq!(german.in_region_of(&Locale::ENGLISH).to_string(), "de");
}

#[test]
fn arabic_and_hebrew_run_from_right_to_left() {
    for (tag, rtl) in [("ar", true), ("ar-EG", true), ("he", true), ("fa", true), ("de", false), ("ja", false)] {
        assert_eq!(Locale::of(tag).is_rtl(), rtl, "{tag}");
    }
}

proptest! {
    /// Whatever the locale, the digits of an amount are its digits.
    #[test]
    fn no_amount_loses_a_digit(
        minor in -AMOUNT_MINOR_MAX..AMOUNT_MINOR_MAX,
        code in "[A-Z]{3}",
        tag in prop::sample::select(TRIED.to_vec()),
    ) {
        let money = Money::new(minor, Currency::parse(&code).expect("a code"));
        let written = Locale::of(tag).money(money);
        prop_assert_eq!(digits(&written), digits(&money.decimal()), "{}", written);
    }

    #[test]
    fn any_tag_is_survived(tag in ".{0,40}", minor in any::<i64>(), days in -700_000_i32..2_000_000) {
        let locale = Locale::of(&tag);
        let _ = (locale.money(euros(minor)), locale.is_rtl(), locale.decimal_sign());
        let day = date(1970, 1, 1).saturating_add(jiff::Span::new().days(i64::from(days)));
        prop_assert!(!locale.date(day).is_empty());
    }
}
