//! "Sleeping bag -10": a temperature in a wish against the lowest one a product's properties name.

use crate::domain::product::Product;

/// Characters of a wish or a property that are looked at.
const CHARS_MAX: usize = 300;
/// Words of properties that speak of temperatures, in the languages shops write in.
const TEMPERATURE: [&str; 3] = ["temperat", "komfort", "comfort"];

/// Whether a product is made for a temperature below zero that the wish names; no when it names none.
pub fn suffices(product: &Product, wish: &str) -> bool {
    let Some(wanted) = below_zero(wish) else { return false };
    let speaks = |key: &str| TEMPERATURE.iter().any(|word| key.to_lowercase().contains(word));
    let lowest = product.attributes.iter().filter(|(key, _)| speaks(key)).filter_map(|(_, value)| below_zero(value));
    lowest.min().is_some_and(|lowest| lowest <= wanted)
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
    use super::below_zero;

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
