//! What a feed alone shows will make answers worse: told in a few lines, never a reason to leave something out.

use crate::catalog::feed::Item;
use crate::catalog::feed::note::{Kind, Notes, Saying};
use std::collections::HashMap;

/// Products that may share a description before it is told.
const SAME_DESCRIPTION_MAX: u32 = 2;
/// Letters of a title from which capitals are shouting; shorter ones are names of models.
const SHOUTING_LETTERS: usize = 10;

static NO_PICTURE: Saying =
    Saying { kind: Kind::Answers, one: "product has no picture", many: "products have no picture", then: "" };
static NO_DESCRIPTION: Saying = Saying {
    kind: Kind::Answers,
    one: "product has no description",
    many: "products have no description",
    then: "questions about them can hardly be answered",
};
static FREE: Saying = Saying {
    kind: Kind::Answers,
    one: "product costs nothing",
    many: "products cost nothing",
    then: "check that this is meant",
};
static SHOUTED: Saying = Saying {
    kind: Kind::Answers,
    one: "product has its title in capitals",
    many: "products have their titles in capitals",
    then: "",
};
static COPIED: Saying = Saying {
    kind: Kind::Answers,
    one: "product has the description of several others",
    many: "products have the description of several others",
    then: "what tells them apart is not said",
};
static SAME_BARCODE: Saying = Saying {
    kind: Kind::Answers,
    one: "variant has the barcode of another one",
    many: "variants have the barcode of another one",
    then: "a search for it finds both",
};

/// Says what is wrong with products that were read.
pub fn look(items: &[Item], notes: &mut Notes) {
    let mut descriptions: HashMap<&str, u32> = HashMap::new();
    for item in items {
        *descriptions.entry(item.product.description.as_str()).or_default() += 1;
    }
    let mut barcodes: HashMap<&str, ()> = HashMap::new();
    for Item { line, product, .. } in items {
        let id = product.id.as_str();
        let mut say = |saying| notes.say(saying, *line, id);
        if product.picture.is_none() {
            say(&NO_PICTURE);
        }
        if product.description.is_empty() {
            say(&NO_DESCRIPTION);
        } else if descriptions.get(product.description.as_str()).is_some_and(|n| *n > SAME_DESCRIPTION_MAX) {
            say(&COPIED);
        }
        if product.variants.iter().any(|variant| variant.price.minor == 0) {
            say(&FREE);
        }
        if shouted(&product.title) {
            say(&SHOUTED);
        }
        for variant in &product.variants {
            if let Some(barcode) = &variant.barcode
                && barcodes.insert(barcode, ()).is_some()
            {
                notes.say(&SAME_BARCODE, *line, variant.id.as_str());
            }
        }
    }
}

fn shouted(title: &str) -> bool {
    let mut letters = 0;
    for c in title.chars() {
        if c.is_lowercase() {
            return false;
        }
        // Letters without capitals, as in Chinese, are never shouted.
        letters += usize::from(c.is_uppercase());
    }
    letters >= SHOUTING_LETTERS
}
