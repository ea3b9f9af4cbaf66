//! What a shopper is told when a payment did not go through: what it is about, and what to do next.

use crate::payment::sandbox::card::FieldError;

/// Whether the card itself was refused, rather than written wrongly.
fn by_bank(error: &FieldError) -> bool {
    error.message.starts_with("Your card ")
}

fn on_card(error: &FieldError) -> bool {
    matches!(error.field, "number" | "expiry" | "cvc")
}

/// The headline.
pub fn title(error: &FieldError) -> &'static str {
    match error.field {
        _ if by_bank(error) => "The bank said no",
        "page" => "This did not work",
        _ if on_card(error) => "Please check the card",
        _ => "Please check one field",
    }
}

/// What to do next.
pub fn next_step(error: &FieldError) -> &'static str {
    match error.field {
        _ if by_bank(error) => {
            "You were not charged, and your order is still reserved. Use another card, or ask your bank and try again."
        }
        "page" => "You were not charged. Go back to the chat and ask for a new link.",
        _ => "You were not charged. Card number and security code have to be typed again: we never keep them.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_card_and_a_slip_of_the_pen_are_told_apart() {
        let error = |field, message: &str| FieldError { field, message: message.to_owned() };
        let declined = error("number", "Your card was declined. Try another one.");
        assert!(title(&declined).contains("bank") && next_step(&declined).contains("another card"));
        let slip = error("cvc", "Enter the three digits on the back of the card.");
        assert!(title(&slip).contains("card") && next_step(&slip).contains("typed again"));
        assert!(title(&error("city", "Enter the town.")).contains("field"));
    }
}
