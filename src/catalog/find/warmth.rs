//! "Sleeping bag -10": a temperature in a wish against the lowest one a product's properties name.

use crate::domain::product::Product;

/// Characters of a wish or a property that are looked at.
const CHARS_MAX: usize = 300;
/// Words of properties that speak of temperatures, in the languages shops write in.
const TEMPERATURE: [&str; 3] = ["temperat", "komfort", "comfort"];

/// Whether a product is made for a temperature below zero that the wish names; nothing when the wish names none, or the product
/// tells none.
pub fn suffices(product: &Product, wish: &str) -> Option<bool> {
    let wanted = below_zero(wish)?;
    let speaks = |key: &str| TEMPERATURE.iter().any(|word| key.to_lowercase().contains(word));
    let mut told = product.attributes.iter().filter(|(key, _)| speaks(key)).peekable();
    told.peek()?;
    // One that only tells of temperatures above zero is not made for those below.
    let lowest = told.filter_map(|(_, value)| below_zero(value)).min();
    Some(lowest.is_some_and(|lowest| lowest <= wanted))
}

/// The first number with a minus before it: `-10`, `minus 10`, `−10 °C`.
fn below_zero(text: &str) -> Option<i32> {
    let text: String = text.chars().take(CHARS_MAX).collect::<String>().to_lowercase();
    let text = text.replace("minus ", "-").replace("menos ", "-").replace(['−', '–'], "-");
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '-' && !before.is_alphanumeric() && rest.peek().is_some_and(char::is_ascii_digit) {
            let mut digits = String::new();
            while let Some(digit) = rest.peek().filter(|d| d.is_ascii_digit() && digits.len() < 3) {
                digits.push(*digit);
                rest.next();
            }
            return digits.parse::<i32>().ok().map(|n| -n);
        }
        before = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::ProductId;

    fn bag(temperature: Option<&str>) -> Product {
        Product {
            id: ProductId::new("bag"),
            title: "Sleeping bag".to_owned(),
            brand: String::new(),
            category: String::new(),
            description: "Below 10 °C most people will shiver in it.".to_owned(),
            attributes: temperature.map(|t| ("comfort temperature".to_owned(), t.to_owned())).into_iter().collect(),
            picture: None,
            more_pictures: Vec::new(),
            url: None,
            variants: Vec::new(),
        }
    }

    #[test]
    fn a_bag_is_warm_enough_or_not_or_nobody_knows() {
        for (temperature, wish, answer) in [
            (Some("-12 °C"), "sleeping bag -10", Some(true)),
            (Some("-5 °C"), "sleeping bag -10", Some(false)),
            (Some("8 °C"), "sleeping bag -10", Some(false)),
            (None, "sleeping bag -10", None),
            (Some("8 °C"), "sleeping bag", None),
        ] {
            assert_eq!(suffices(&bag(temperature), wish), answer, "{temperature:?} {wish}");
        }
    }

    #[test]
    fn only_a_minus_of_its_own_counts() {
        for (text, degrees) in [
            ("sleepingbag -10", Some(-10)),
            ("down to −15 °C", Some(-15)),
            ("minus 5 degrees", Some(-5)),
            ("M-100", None),
            ("54-60 cm", None),
            ("10 °C", None),
        ] {
            assert_eq!(below_zero(text), degrees, "{text}");
        }
    }
}
