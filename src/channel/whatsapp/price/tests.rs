//! Rate cards with invented round numbers: what is read, what is refused, what is free.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use super::*;
use std::path::Path;

const CARD: &str = "\u{feff}Rates,,,,\n Market ,currency,MARKETING,Utility,Authentication,Authentication-International,Service\n\
    Brazil,USD,\"0.06\",0.01,0.01,n/a,0.01\nRest of Africa,USD,0.02,0.004,--,n/a,n/a\n\
    North America,$US,$0.03,0.005,0.005,,\nOther,USD,0.07,0.0000011,0.5,0.9,n/a\n";

fn cards(files: &[(&str, &str)]) -> Result<RateCards, Error> {
    let mut cards = RateCards::default();
    for (name, text) in files {
        assert_eq!(cards.add(Path::new(name), text.as_bytes())?, None, "{name}");
    }
    Ok(cards)
}

fn priced(to: &str, category: Category, on: Date) -> Priced<'_> {
    Priced { to, category, on, window_open: false, entry_free: false, free_left: 0 }
}

const AFTER: Date = date(2026, 11, 2);
const BEFORE: Date = date(2026, 9, 30);

#[test]
fn a_card_is_read_leniently_and_a_price_found_by_country_category_and_day() {
    let cards =
        cards(&[("2026-07-01 USD.csv", CARD), ("2026-10-01 USD.csv", &CARD.replace("0.06\"", "0.08\""))]).unwrap();
    let micros = |to, category, on| price(&cards, &priced(to, category, on)).map(|p| p.micros);
    assert_eq!(micros("+5511988887777", Category::Marketing, BEFORE), Some(60_000));
    assert_eq!(micros("5511988887777", Category::Marketing, AFTER), Some(80_000), "the newer card");
    assert_eq!(micros("BR.8Qx1", Category::Service, AFTER), Some(10_000), "by the id's country");
    assert_eq!(micros("+254700000000", Category::Service, AFTER), Some(4_000), "answers cost what news do");
    assert_eq!(micros("+14165550100", Category::Marketing, AFTER), Some(30_000), "Canada");
    assert_eq!(micros("+18765550100", Category::Utility, AFTER), Some(2), "Jamaica by Other, rounded up");
    assert_eq!(micros("+5511988887777", Category::Marketing, date(2026, 6, 30)), None, "before the first card");
    assert_eq!(micros("whoever", Category::Marketing, AFTER), None);
    assert_eq!(price(&RateCards::default(), &priced("+55", Category::Utility, AFTER)), None, "no card, no price");
}

#[test]
fn what_is_free_says_why() {
    let cards = cards(&[("2026-07-01 USD.csv", CARD)]).unwrap();
    let free = |what: Priced<'_>| price(&cards, &what).unwrap().free;
    let to = "+5511988887777";
    for on in [BEFORE, AFTER] {
        let entry = Priced { entry_free: true, ..priced(to, Category::Marketing, on) };
        assert_eq!(free(entry), Some(Free::EntryPoint));
        assert_eq!(free(priced(to, Category::Utility, on)), None, "outside the window");
        assert_eq!(free(Priced { window_open: true, ..priced(to, Category::Marketing, on) }), None);
    }
    let inside = |category, on| Priced { window_open: true, ..priced(to, category, on) };
    assert_eq!(free(inside(Category::Utility, BEFORE)), Some(Free::UtilityInWindow));
    assert_eq!(free(inside(Category::Utility, AFTER)), None);
    assert_eq!(free(inside(Category::Service, BEFORE)), Some(Free::Service));
    assert_eq!(free(inside(Category::Service, AFTER)), None);
    assert_eq!(free(Priced { free_left: 1, ..inside(Category::Service, AFTER) }), Some(Free::Allowance));
    assert_eq!(free(Priced { free_left: 1, ..inside(Category::Utility, AFTER) }), None);
}

#[test]
fn what_is_wrong_is_named_with_line_and_column() {
    let said = |name: &str, text: &str| cards(&[(name, text)]).unwrap_err().to_string();
    let head = "Market,Currency,Marketing,Utility\n";
    let name = "2026-10-01.csv";
    assert!(said(name, &format!("{head}Brazil,USD,cheap,1\n")).contains("line 2, column Marketing"));
    assert!(said(name, &format!("{head}Brazil,USD,-1,1\n")).contains("line 2, column Marketing"), "below nothing");
    assert!(said(name, &format!("{head}Brazil,dollars,1,1\n")).contains("column Currency"));
    assert!(said(name, &format!("{head}Brazil,USD,1,1\nIndia,EUR,1,1\n")).contains("USD and EUR"));
    assert!(said(name, &format!("{head}Brazil,USD,1,1\nbrazil ,USD,1,1\n")).contains("line 3, column Market"));
    assert!(said("card.csv", &format!("{head}Brazil,USD,1,1\n")).contains("column Effective"));
    assert!(said(name, "Land,Preis\nBrazil,1\n").contains("no row with the columns"));
    assert!(said(name, &format!("{head}{}", "X,USD,1,1\n".repeat(3_000))).contains("line 3"));
}

#[test]
fn a_column_says_from_when_before_the_name_does() {
    let text = "Market,Currency,Effective,Utility\nBrazil,USD,2026-10-01,0.02\nIndia,USD,,0.01\n";
    let cards = cards(&[("2026-01-01.csv", text)]).unwrap();
    assert_eq!(cards.rate("BR", Category::Utility, BEFORE), None);
    assert_eq!(cards.rate("BR", Category::Utility, AFTER), Some(20_000));
    assert_eq!(cards.rate("IN", Category::Utility, BEFORE), Some(10_000));
}

#[test]
fn a_folder_is_read_and_tiers_are_left_out_with_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("2026-10-01 USD.csv"), CARD).unwrap();
    std::fs::write(folder.path().join("2026-10-01 tiers.csv"), "Market,Volume tier,Utility\nBrazil,1,0.1\n").unwrap();
    std::fs::write(folder.path().join("notes.txt"), "not a card").unwrap();
    let (cards, warnings) = read(folder.path()).unwrap();
    assert_eq!(cards.currency(), Some("USD"));
    assert_eq!(warnings.len(), 1);
    assert!(matches!(read(&folder.path().join("missing")), Err(Error::Io { .. })));
}

#[test]
fn a_number_has_its_country() {
    for (alias, country) in [
        ("+12125550100", "US"),
        ("+16045550100", "CA"),
        ("+18095550100", "DO"),
        ("+17875550100", "PR"),
        ("+77015550100", "KZ"),
        ("+79165550100", "RU"),
        ("+4915155501000", "DE"),
        ("+35312345678", "IE"),
        ("es.XyZ", "ES"),
    ] {
        assert_eq!(country_of(alias), Some(country), "{alias}");
    }
    for nobody in ["", "+", "+0123", "anna", "ZZ.1", "+49 151", "💐.1"] {
        assert_eq!(country_of(nobody), None, "{nobody}");
    }
    for (country, market) in [("BR", "Brazil"), ("KE", "Rest of Africa"), ("US", "North America"), ("KZ", "Other")] {
        assert_eq!(market_of(country), market);
    }
}
