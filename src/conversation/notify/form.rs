//! The news of an order in an approved form, for when the window of a network is closed. The forms are those of
//! `assets/whatsapp/templates.toml`; a merchant's own with the same names and gaps do as well.

use crate::agent::wording::Voice;
use crate::domain::template::{Category, Template};
use std::collections::BTreeMap;

/// The page to pay on is ready.
pub const PAGE_OPEN: &str = "order_page_open";
/// Paid.
pub const PAID: &str = "order_paid";
/// The money is on its way.
pub const PENDING: &str = "order_pending";
/// Not paid in time.
pub const EXPIRED: &str = "order_expired";
/// Called off before anything was charged.
pub const CANCELLED: &str = "order_cancelled";
/// Called off, and money goes back.
pub const CANCELLED_BACK: &str = "order_cancelled_back";
/// Given to a carrier, with its number.
pub const SHIPPED: &str = "order_shipped";
/// Given to a carrier.
pub const SHIPPED_PLAIN: &str = "order_shipped_plain";
/// Arrived.
pub const DELIVERED: &str = "order_delivered";
/// Money goes back.
pub const REFUND_DONE: &str = "order_refund_done";
/// Money did not get back.
pub const REFUND_FAILED: &str = "order_refund_failed";
/// A colleague looks at the payment.
pub const NEEDS_A_LOOK: &str = "order_needs_a_look";
/// Anything else: the order's page tells.
pub const NEWS: &str = "order_news";

/// What all forms of one order's news share.
#[derive(Clone, Copy, Debug)]
pub struct Forms<'a> {
    /// The shopper's language.
    pub voice: &'a Voice,
    /// The order's number.
    pub number: &'a str,
    /// The address of the order's page.
    pub page: Option<&'a str>,
}

impl Forms<'_> {
    /// A form by its name, with what it says besides the number.
    pub fn of(&self, name: &str, values: &[(&str, &str)]) -> Template {
        let mut filled = BTreeMap::from([("number".to_owned(), in_a_line(self.number))]);
        filled.extend(values.iter().map(|(gap, value)| ((*gap).to_owned(), in_a_line(value))));
        // A form's button holds the address but for its end, and networks take encrypted pages only.
        let end = self.page.filter(|url| url.starts_with("https://")).and_then(|url| url.rsplit_once("/orders/"));
        filled.extend(end.map(|(_, end)| ("url".to_owned(), end.to_owned())));
        Template {
            name: name.to_owned(),
            language: self.voice.locale().to_string(),
            category: Category::Utility,
            values: filled,
        }
    }
}

/// Values must not break a line; a carrier's name comes from a colleague's keyboard.
fn in_a_line(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use crate::channel::whatsapp::limits;
    use crate::channel::whatsapp::template::{Approved, Definition, choose, fill, shipped};

    /// What is told, with its values.
    const ALL: [(&str, &[(&str, &str)]); 13] = [
        (PAGE_OPEN, &[("amount", "€9.00")]),
        (PAID, &[("amount", "€9.00")]),
        (PENDING, &[]),
        (EXPIRED, &[]),
        (CANCELLED, &[]),
        (CANCELLED_BACK, &[("amount", "€9.00")]),
        (SHIPPED, &[("carrier", "DHL\nExpress"), ("tracking", "JD 1")]),
        (SHIPPED_PLAIN, &[]),
        (DELIVERED, &[]),
        (REFUND_DONE, &[("amount", "€9.00")]),
        (REFUND_FAILED, &[("amount", "€9.00")]),
        (NEEDS_A_LOOK, &[]),
        (NEWS, &[]),
    ];

    /// The forms that are shipped, as a network lists them once it has approved them.
    fn approved(public_url: &str) -> Vec<Approved> {
        let mut entries: Vec<serde_json::Value> = shipped(public_url).iter().map(Definition::to_wire).collect();
        for entry in &mut entries {
            entry.as_object_mut().unwrap().insert("status".to_owned(), "APPROVED".into());
        }
        entries.iter().map(|entry| Approved::read(entry).unwrap()).collect()
    }

    #[test]
    fn all_news_fit_the_forms_that_are_shipped_in_every_language() {
        for base in ["https://shop.example", "http://127.0.0.1:8080"] {
            let (forms, page) = (approved(base), format!("{base}/orders/token.1a.seal"));
            for tag in ["en", "es", "pt-BR", "pt-PT", "de-AT", "fr", "it", "ar"] {
                let voice = Voice::of_tag(tag);
                let made = Forms { voice: &voice, number: "FJ-1042", page: Some(&page) };
                for (name, values) in ALL {
                    let wanted = made.of(name, values);
                    let form = choose(&forms, &wanted).unwrap_or_else(|| panic!("{name} in {tag}"));
                    assert!(tag.starts_with(form.language.get(..2).unwrap()), "{tag} got {}", form.language);
                    let bubble = fill(&wanted, form).unwrap_or_else(|error| panic!("{base} {tag}: {error}"));
                    limits::check(&bubble.body).unwrap();
                    let has_page = bubble.body.to_string().contains("token.1a.seal");
                    assert_eq!(has_page, base.starts_with("https"), "{name}");
                }
            }
        }
    }
}
