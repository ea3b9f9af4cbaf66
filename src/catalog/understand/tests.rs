//! Sentences as shoppers write them, and what is taken from each.

mod any;
mod labels;

use super::*;
use crate::catalog::feed;
use proptest::prelude::*;
use std::sync::LazyLock;

fn vocabulary() -> Vocabulary {
    static MADE: LazyLock<Vocabulary> = LazyLock::new(made);
    MADE.clone()
}

fn made() -> Vocabulary {
    let mut rows = String::from(
        "handle,title,brand,category,attributes,option1_name,option1_value,option2_name,option2_value,sku,price\n",
    );
    let mut row = |handle: &str, brand: &str, category: &str, attributes: &str, size: (&str, &str), colour: &str| {
        let name = if colour.is_empty() { "" } else { "Colour" };
        let (option, value) = size;
        rows.push_str(&format!(
            "{handle},T,{brand},{category},{attributes},{option},{value},{name},{colour},S{},1\n",
            rows.len()
        ));
    };
    let colours = ["Blue", "Navy", "Green", "Black", "Red", "Sand", "Grey", "Teal"];
    for (size, colour) in ["XS", "S", "M", "L", "XL", "XXL", "S/M", "L/XL"].into_iter().zip(colours) {
        row("jacket", "Skarn", "Rain jackets", "waterproof: yes; gender: women", ("Size", size), colour);
    }
    for size in ["41", "42", "43", "28"] {
        row(
            "boot",
            "Black Crag",
            "Hiking boots",
            "waterproof: no; gender: men; size: one size",
            ("Size", size),
            "Brown",
        );
    }
    for (index, size) in ["1 person", "2 person", "1-2 people"].into_iter().enumerate() {
        row(&format!("tent{index}"), "Nordvik", "Tents", "waterproof: yes; gender: unisex", ("Size", size), "");
    }
    for (index, volume) in ["28 L", "0.6 L", "40 L"].into_iter().enumerate() {
        row(&format!("pack{index}"), "Nordvik", "Backpacks", "gender: kids", ("Volume", volume), "Orange");
    }
    for (index, length) in ["Regular", "Long"].into_iter().enumerate() {
        row(&format!("bag{index}"), "Tern", "Kids", "waterproof: no; persons: 3", ("Length", length), "");
    }
    let parsed = feed::parse(
        "t",
        rows.as_bytes(),
        Currency::EUR,
        jiff::Timestamp::UNIX_EPOCH,
        &feed::Limits::default(),
        &mut |_, _| {},
    )
    .expect("a feed");
    assert_eq!(parsed.rejects, []);
    Vocabulary::from_products(parsed.items.iter().map(|item| &item.product))
}

/// What was understood, in one line: words | limits, choices, exclusions.
fn shown(text: &str, vocabulary: &Vocabulary) -> String {
    let wish = understand(text, Currency::EUR, vocabulary);
    let mut told = Vec::new();
    told.extend(wish.at_least.map(|m| format!("≥{}", m.decimal().trim_end_matches(".00"))));
    told.extend(wish.at_most.map(|m| format!("≤{}", m.decimal().trim_end_matches(".00"))));
    let choices = wish.options.iter().chain(&wish.attributes);
    told.extend(choices.map(|(name, values)| format!("{name}={}", values.join("+"))));
    told.extend(wish.not.iter().map(|word| format!("!{word}")));
    told.extend(wish.in_stock.then(|| "stock".to_owned()));
    told.extend(wish.sort.map(|sort| format!("{sort:?}")));
    format!("{} | {}", wish.words, told.join(" "))
}

#[test]
fn shoppers_sentences_are_understood() {
    let vocabulary = vocabulary();
    let table = include_str!("tests.txt");
    let mut wrong = Vec::new();
    let mut rows = 0;
    for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (text, expected) = line.split_once(" => ").expect("a row");
        let found = shown(text, &vocabulary);
        rows += 1;
        if found.trim() != expected.trim() {
            wrong.push(format!("{text}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {rows} rows:\n{}", wrong.len(), wrong.join("\n"));
    assert!(rows >= 60, "{rows} rows");
}

#[test]
fn a_shop_without_options_leaves_its_words_alone() {
    let found = shown("blue jacket in M for women, waterproof", &Vocabulary::default());
    assert_eq!(found, "blue jacket in M for women waterproof | ");
}

#[test]
fn a_property_few_products_speak_of_is_no_filter() {
    let csv = |others: usize| {
        let mut rows = String::from("handle,title,attributes,sku,price\n");
        for index in 0..6 + others {
            let hdmi =
                ["hdmi: yes; colour: yes", "hdmi: no; colour: no", ""][(index % 2).max(if index < 6 { 0 } else { 2 })];
            rows.push_str(&format!("h{index},T,{hdmi},s{index},1\n"));
        }
        feed::parse(
            "t",
            rows.as_bytes(),
            Currency::EUR,
            jiff::Timestamp::UNIX_EPOCH,
            &feed::Limits::default(),
            &mut |_, _| {},
        )
        .expect("a feed")
        .items
    };
    let shop = |others| Vocabulary::from_products(csv(others).iter().map(|item| &item.product));
    assert_eq!(shown("hdmi cable", &shop(10)), "hdmi cable | hdmi=yes");
    assert_eq!(shown("hdmi cable", &shop(30)), "hdmi cable | ");
    assert_eq!(shown("yes", &shop(10)), "yes | ");
}

#[test]
fn a_sign_means_the_shops_own_currency_or_nothing() {
    let limit = |text: &str, code: &str| {
        let currency = Currency::parse(code).expect("a code");
        understand(text, currency, &Vocabulary::default()).at_most.map(|m| m.to_string())
    };
    assert_eq!(limit("under $20", "USD").as_deref(), Some("$20.00"));
    assert_eq!(limit("até R$ 200", "BRL").as_deref(), Some("R$200.00"));
    assert_eq!(limit("under R$200", "USD"), None);
    assert_eq!(limit("under ¥2000", "JPY").as_deref(), Some("¥2000"));
    assert_eq!(limit("hasta 500 pesos", "MXN").as_deref(), Some("MXN 500.00"));
    assert_eq!(limit("under £20", "EUR"), None);
}

proptest! {
    #[test]
    fn any_text_is_survived_and_no_word_is_invented(text in "(under|not|in|M|42|€|-|blue|or|between|and|50|,|/|two|person| |S/M|\\PC){0,40}") {
        let wish = understand(&text, Currency::EUR, &vocabulary());
        for word in wish.words.split_whitespace() {
            prop_assert!(text.contains(word), "{word:?} is not in {text:?}");
        }
        prop_assert!(wish.options.values().all(|values| !values.is_empty()));
        if let (Some(least), Some(most)) = (wish.at_least, wish.at_most) {
            prop_assert!(least.minor <= most.minor);
        }
    }
}
