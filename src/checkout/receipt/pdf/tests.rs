//! The file read back by another program's eyes: every row, every amount, on as many pages as it takes.

use super::*;
use crate::checkout::receipt::Refunded;
use crate::domain::address::Address;
use crate::domain::cart::QuoteLine;
use crate::domain::id::{ProductId, VariantId};
use crate::domain::money::{Currency, Money};
use lopdf::Document as Read;

fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn row(title: &str, options: &str, quantity: u32, minor: i64) -> QuoteLine {
    let (product, variant) = (ProductId::new("p"), VariantId::new("v"));
    QuoteLine::new(product, variant, title.to_owned(), options.to_owned(), quantity, euros(minor)).expect("in range")
}

fn receipt(lines: Vec<QuoteLine>) -> Receipt {
    let subtotal = euros(lines.iter().map(|l| l.total.minor).sum());
    let total = euros(subtotal.minor + 490);
    Receipt {
        shop: "Fjellheim Outdoor".to_owned(),
        address: vec!["Tannenhofweg 12".to_owned(), "Freiburg im Breisgau".to_owned()],
        locale: "en".to_owned(),
        number: "FJ-1042".to_owned(),
        placed: jiff::civil::date(2026, 12, 14),
        paid: jiff::civil::date(2026, 12, 15),
        paid_at: "2026-12-15T09:00:00Z".parse().expect("a moment"),
        lines,
        subtotal,
        shipping_label: "Standard shipping".to_owned(),
        shipping: euros(490),
        total,
        received: total,
        refunds: vec![],
        net: total,
        tax: Some(("VAT 19 %".to_owned(), euros(1234))),
        online: true,
        test: true,
        ship_to: Some(Address {
            name: "Ewa Żółć-Müller".to_owned(),
            line1: "ul. Świętokrzyska 7".to_owned(),
            postal_code: "00-001".to_owned(),
            city: "Łódź".to_owned(),
            country: "PL".to_owned(),
            email: "ewa@example.org".to_owned(),
            ..Address::default()
        }),
    }
}

/// Makes the file; keeps it to be looked at where the caller of the tests asks for that.
fn made(name: &str, receipt: &Receipt) -> Vec<u8> {
    let bytes = pdf(receipt).expect("a PDF");
    if let Some(folder) = std::env::var_os("SOUK_TEST_RECEIPTS") {
        std::fs::write(std::path::Path::new(&folder).join(name), &bytes).expect("written where it was asked for");
    }
    bytes
}

/// The text of every page, without the spaces that wrapping and columns put in or take out.
fn texts(bytes: &[u8]) -> Vec<String> {
    let file = Read::load_mem(bytes).expect("a PDF");
    let pages = file.get_pages();
    pages.keys().map(|page| bare(&file.extract_text(&[*page]).expect("text"))).collect()
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn a_receipt_of_fifty_lines_says_everything_on_numbered_pages() {
    let title = |n: i64| match n % 4 {
        0 => format!("Žluťoučký kůň № {n} – Wanderstiefel „Høgfjell“ mit wasserdichter Membran und Wechselfußbett"),
        1 => format!("Пальто {n}"),
        2 => format!("Σακίδιο {n}"),
        _ => format!("Tent {n}"),
    };
    let lines: Vec<_> = (0..50).map(|n| row(&title(n), "M / Blue", 1 + n as u32 % 9, 1_001 + 137 * n)).collect();
    let receipt = receipt(lines);
    let bytes = made("fifty.pdf", &receipt);
    let pages = texts(&bytes);
    assert!(pages.len() > 2, "{} pages", pages.len());
    let all = pages.concat();
    for line in &receipt.lines {
        assert!(all.contains(&bare(&line.title)), "{} is missing in {all}", line.title);
        assert!(all.contains(&bare(&line.total.to_string())) && all.contains(&bare(&line.unit.to_string())));
    }
    for said in ["Fjellheim Outdoor", "Tannenhofweg 12", "FJ-1042", "14 December 2026", "15 December 2026", "VAT 19 %"]
    {
        assert!(all.contains(&bare(said)), "{said} is missing");
    }
    for said in ["Ewa Żółć-Müller", "ul. Świętokrzyska 7", "00-001 Łódź", "Test payment"] {
        assert!(all.contains(&bare(said)), "{said} is missing");
    }
    assert!(
        all.contains(&receipt.voice().money(receipt.total)) && all.contains(&receipt.voice().money(receipt.subtotal))
    );
    for (at, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("Page{}of{}", at + 1, pages.len())), "page {} has no number", at + 1);
    }
}

#[test]
fn the_same_receipt_is_the_same_file() {
    let one = receipt(vec![row("Boot Wax 100 ml", "", 1, 990)]);
    assert_eq!(pdf(&one).expect("a PDF"), pdf(&one).expect("a PDF"));
    let bytes = pdf(&one).expect("a PDF");
    assert!(bytes.starts_with(b"%PDF-") && bytes.len() < 60_000, "{} bytes", bytes.len());
    assert!(!texts(&bytes).concat().contains("Refund"));
}

#[test]
fn what_was_given_back_is_shown_with_what_is_left() {
    let mut one = receipt(vec![row("Boot Wax 100 ml", "", 2, 2_990)]);
    let refund = |minor, pending| Refunded { on: jiff::civil::date(2027, 1, 3), amount: euros(minor), pending };
    one.refunds = vec![refund(2_990, false), refund(100, true)];
    one.net = euros(one.total.minor - 3_090);
    one.test = false;
    one.ship_to = None;
    let all = texts(&made("refunds.pdf", &one)).concat();
    for said in ["Refund of 3 January 2027", "–€29.90", "Refund under way since 3 January 2027", "–€1.00", "€33.80"]
    {
        assert!(all.contains(&bare(said)), "{said} is missing in {all}");
    }
    assert!(!all.contains("Testpayment"));
}

#[test]
fn hostile_words_make_a_file_all_the_same() {
    let long = "x".repeat(5_000);
    let lines = vec![
        row("\u{202e}evil\u{0}\n\t", &long, 99, 0),
        row(&long, "", 1, 1),
        row("", "", 1, 1),
        row("帽子 🧢", "", 1, 1),
        row("Tent אוהל 2 معطف شتوي", "", 1, 1),
    ];
    let mut one = receipt(lines);
    one.shop = "(((\\)<</JS>>".to_owned();
    one.number = long;
    assert!(!texts(&made("hostile.pdf", &one)).is_empty());
}
