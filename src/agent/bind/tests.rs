//! Replies that are true and must pass, and the same ones with one thing changed, which must not.

#![allow(clippy::string_slice, reason = "a test may fail by panicking")]

mod honest;
mod words;

use super::{Evidence, Freedom, Problem, bind};
use crate::agent::ledger::Ledger;
use crate::agent::wording::Voice;
use crate::domain::fact::{Fact, Status, Unit, Value};
use crate::domain::money::{Currency, Money};
use jiff::civil::date;

const BOOT: &str = "Granite Trek Boot";
const WAX: &str = "Boot Wax 100 ml";
const LAMP: &str = "Beam Headlamp 450";

/// What the tools would have told: three products of the demo shop, a cart line in two sizes, an order, two passages.
fn ledger() -> Ledger {
    let mut facts = Vec::new();
    let mut fact = |entity: &str, called: &str, field: &str, value: Value| {
        let called = if called.is_empty() { vec![] } else { vec![called.to_owned()] };
        facts.push(Fact { entity: entity.into(), field: field.into(), called, value });
    };
    let euros = |minor| Value::Money(Money::new(minor, Currency::EUR));
    let text = |text: &str| Value::Text(text.to_owned());
    for (entity, title, price, attributes) in [
        ("p1", BOOT, 21_990, "weight: 1,280 g"),
        ("p2", WAX, 990, "volume: 100 ml"),
        ("p3", LAMP, 5_490, "brightness: 450 lumens"),
    ] {
        fact(entity, title, "title", text(title));
        fact(entity, title, "price", euros(price));
        fact(entity, title, "attributes", text(attributes));
    }
    fact("p3", LAMP, "stock", Value::Quantity { amount: 3, unit: Unit::Left });
    fact("p3", LAMP, "compare_at", euros(6_490));
    for (entity, size, unit) in [("l1", "42", 21_990), ("l2", "48", 22_990)] {
        fact(entity, &format!("{BOOT} ({size})"), "unit", euros(unit));
        fact(entity, &format!("{BOOT} ({size})"), "quantity", Value::Count(2));
    }
    fact("cart", "", "total", euros(44_980));
    fact("cart", "", "pieces", Value::Count(4));
    fact("o1", "FJ-1001", "number", text("FJ-1001"));
    fact("o1", "FJ-1001", "status", Value::Status(Status::OnItsWay));
    fact("o1", "FJ-1001", "shipped", Value::Date(date(2026, 12, 11)));
    fact("o1", "FJ-1001", "total", euros(14_480));
    fact("o1", "FJ-1001", "tracking", text("JJD000390007"));
    fact("k1", "Returns", "text", text("You can return goods within 30 days. We refund within 5 days."));
    fact("k2", "Shipping", "text", text("Standard shipping costs €4.90 and is free from €80.00."));
    let mut ledger = Ledger::default();
    ledger.absorb(&facts);
    ledger
}

fn passes(text: &str) -> bool {
    told(text, Freedom::Checked).is_ok()
}

fn told(text: &str, freedom: Freedom) -> Result<String, Vec<Problem>> {
    let ledger = ledger();
    let echo = ["something under 150 euros, for 3 people".to_owned()];
    // "[k1]" at the end names a source; without one both are.
    let (text, cites) = text.split_once(" [").unwrap_or((text, "k1 k2]"));
    let sources: Vec<String> = cites.trim_end_matches(']').split_whitespace().map(str::to_owned).collect();
    let house = ["Fjellheim".to_owned()];
    let evidence = Evidence {
        voice: &Voice::of_tag("en"),
        ledger: &ledger,
        echo: &echo,
        sources: &sources,
        acts: vec!["cart"],
        private: &[],
        house: &house,
        freedom,
    };
    bind(text, &evidence)
}

const TRUE: [&str; 31] = [
    "The Granite Trek Boot costs {{p1.price}}.",
    "The Granite Trek Boot costs €219.90.",
    "The Granite Trek Boot costs 219,90 €.",
    "It is {{p1.price}} for the Granite Trek Boot.",
    "The Granite Trek Boot costs €219.90, the Boot Wax 100 ml €9.90.",
    "The Granite Trek Boot is {{p1.price}}; the Boot Wax 100 ml is {{p2.price}}.",
    "I recommend the Boot Wax 100 ml. It costs {{p2.price}}.",
    "The Beam Headlamp 450 is down from €64.90 to €54.90.",
    "The Beam Headlamp 450 has 450 lumens.",
    "There are {{p3.stock}} of the Beam Headlamp 450.",
    "Only 3 left of the Beam Headlamp 450.",
    "Your cart comes to {{cart.total}}.",
    "Your cart comes to €449.80 for 4 pieces.",
    "I've added it to your cart.",
    "Order FJ-1001 is {{o1.status}}.",
    "Order FJ-1001 was shipped on {{o1.shipped}}.",
    "Order FJ-1001 was shipped on 11 December 2026.",
    "Order FJ-1001 came to €144.80.",
    "FJ-1001 has the tracking number JJD000390007.",
    "You can return goods within 30 days.",
    "Standard shipping costs €4.90 and is free from €80.00.",
    "Delivery is 4,90 €.",
    "Nothing under €150 fits, sadly.",
    "For 3 people I would take a bigger one.",
    "Which size do you need?",
    "The Granite costs {{p1.price}}, the wax is extra.",
    "The Granite Trek Boot is the warmer of the two.",
    "No, that is not made in your size.",
    "Both are waterproof; one of them is lighter.",
    "A colleague can look into that for you.",
    "Your order is on its way: {{o1.number}}.",
];

const FALSE: [(&str, &str); 45] = [
    ("count", "You have 5 pieces in your cart."),
    ("promise", "The Granite Trek Boot is free today."),
    ("stock", "There are 450 of the Beam Headlamp 450 left."),
    ("status", "Consider that order cancelled."),
    ("digit", "The Granite Trek Boot costs €218.90."),
    ("digit", "The Granite Trek Boot costs €219.99."),
    ("digit", "The Granite Trek Boot costs €21.99."),
    ("digit", "The Boot Wax 100 ml costs 9,09 €."),
    ("digit", "The Beam Headlamp 450 has 460 lumens."),
    ("digit", "Order FJ-1010 is on its way."),
    ("digit", "FJ-1001 has the tracking number JJD000390001."),
    ("digit", "You can return goods within 60 days."),
    ("digit", "Standard shipping costs €3.90."),
    ("digit", "It costs ２１８ euros."),
    ("swapped", "The Granite Trek Boot costs €9.90, the Boot Wax 100 ml €219.90."),
    ("swapped", "The Granite Trek Boot costs {{p2.price}}."),
    ("swapped", "The Granite Trek Boot is {{p2.price}}; the Boot Wax 100 ml is {{p1.price}}."),
    ("swapped", "I recommend the Boot Wax 100 ml. It costs {{p1.price}}."),
    ("swapped", "I recommend the Boot Wax 100 ml. It costs €54.90."),
    ("swapped", "€219.90 is what the Boot Wax 100 ml costs."),
    ("swapped", "The Granite boots cost {{p2.price}}."),
    ("swapped", "The Granite is €9.90 and the Wax €219.90."),
    ("variant", "The Granite Trek Boot (42) is €229.90 in your cart."),
    ("variant", "The Granite Trek Boot (48) is {{l1.unit}} in your cart."),
    ("total", "Your cart comes to €349.80."),
    ("total", "Your cart comes to {{cart.sum}}."),
    ("total", "Order FJ-1001 came to €154.80."),
    ("date", "Order FJ-1001 was shipped on 12 December 2026."),
    ("date", "Order FJ-1001 was shipped on 11 December 2025."),
    ("date", "It arrives on 24/12/2026."),
    ("status", "Your order has been delivered."),
    ("status", "Your order has been cancelled."),
    ("status", "I've refunded order FJ-1001."),
    ("status", "Your order has been placed."),
    ("passage", "The Granite Trek Boot costs €4.90."),
    ("passage", "The Granite Trek Boot costs €80.00 today."),
    ("attribute", "The Boot Wax 100 ml costs €100."),
    ("attribute", "The Beam Headlamp 450 costs 450 euros."),
    ("echo", "The Granite Trek Boot costs €150."),
    ("words", "The Granite Trek Boot costs twenty euros."),
    ("words", "You get ten percent off."),
    ("discount", "You get 10% off with code WELCOME10."),
    ("discount", "You can have it at half price."),
    ("address", "Pay at pay.example/FJ-1001."),
    ("address", "Write to help@shop.example or call 0761 123456."),
];

/// Lies that are known to pass: telling them apart takes the meaning of a sentence. What protects the shopper there is that
/// the cards and summaries beside the text are the server's own.
const KNOWN_GAPS: [&str; 2] = ["The Granite Trek Boot is not waterproof.", "Returns are never possible."];

#[test]
fn true_replies_pass_and_changed_ones_do_not() {
    let alarms: Vec<&str> = TRUE.into_iter().filter(|text| !passes(text)).collect();
    let missed: Vec<_> = FALSE.into_iter().filter(|(_, text)| passes(text)).collect();
    println!(
        "{} of {} true ones stopped, {} of {} false ones missed",
        alarms.len(),
        TRUE.len(),
        missed.len(),
        FALSE.len()
    );
    assert!(alarms.is_empty() && missed.is_empty(), "stopped: {alarms:#?}\nmissed: {missed:#?}");
}

#[test]
fn the_known_gaps_are_still_these() {
    for text in KNOWN_GAPS {
        assert!(passes(text), "this is caught now; move it to the others: {text}");
    }
}

/// Every figure of every true reply, with every digit changed. A few chance upon another figure of the same thing or of a
/// cited passage; the share is held.
#[test]
fn no_digit_can_be_changed() {
    let (mut tried, mut missed) = (0, Vec::new());
    for text in TRUE {
        // Digits in names and short names are no claims of their own.
        let plain = text.replace(LAMP, "@@").replace(WAX, "##");
        for (at, digit) in plain.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
            if plain[..at].rfind("{{") > plain[..at].rfind("}}") {
                continue;
            }
            for other in ('0'..='9').filter(|d| *d != digit) {
                let changed = format!("{}{other}{}", &plain[..at], &plain[at + 1..]);
                tried += 1;
                let changed = changed.replace("@@", LAMP).replace("##", WAX);
                if passes(&changed) {
                    missed.push(changed);
                }
            }
        }
    }
    println!("{} of {tried} changed figures missed", missed.len());
    assert!(tried > 500 && missed.len() * 50 <= tried, "{tried} tried, missed: {missed:#?}");
}
