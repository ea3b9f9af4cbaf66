//! Cart and catalogue as shoppers see them in the chat.

use crate::channel::whatsapp::client::Failure;
use crate::channel::whatsapp::manage::finding::{Finding, list, refused};
use crate::channel::whatsapp::manage::{Desk, token};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Shoppers can collect things in a cart.
    pub cart: bool,
    /// The catalogue's button is there.
    pub catalog: bool,
}

/// What an answer says; what it leaves out is as Meta begins.
pub fn read(answer: &Value) -> Shown {
    let first = list(answer).first().unwrap_or(answer);
    let is = |key: &str, begins: bool| first.get(key).and_then(Value::as_bool).unwrap_or(begins);
    Shown { cart: is("is_cart_enabled", true), catalog: is("is_catalog_visible", false) }
}

/// Whether the catalogue that is set is linked to the account, and can be seen.
pub fn check(wanted: &str, linked: &[String], shown: Shown) -> Vec<Finding> {
    const WHAT: &str = "catalogue";
    let mut found = Vec::new();
    if linked.iter().any(|id| id == wanted) {
        found.push(Finding::ok(WHAT, format!("{wanted} is linked to the account")));
    } else {
        let has = if linked.is_empty() { "none is".to_owned() } else { format!("{} is", linked.join(", ")) };
        let what = format!("{wanted} is not linked to the business account; {has}");
        found.push(Finding::fail(WHAT, what, "WhatsApp Manager → Catalog → connect it, or empty catalog_id"));
    }
    if !shown.catalog {
        let what = "hidden in the profile: product messages work, links to the catalogue do not";
        found.push(Finding::warn("catalogue button", what, "souk whatsapp commerce --catalog on"));
    }
    if !shown.cart {
        let what = "the cart is switched off: shoppers can only ask about products";
        found.push(Finding::warn("cart", what, "souk whatsapp commerce --cart on"));
    }
    found
}

impl Desk<'_> {
    /// What is shown now.
    pub async fn shown(&self) -> Result<Shown, Failure> {
        let path = format!("{}/whatsapp_commerce_settings", self.account.phone_number_id);
        Ok(read(&self.client.get(&path, &[]).await?))
    }

    /// Changes what is given.
    pub async fn show(&self, cart: Option<bool>, catalog: Option<bool>) -> Result<(), Failure> {
        let mut body = Map::new();
        body.extend(cart.map(|on| ("is_cart_enabled".to_owned(), json!(on))));
        body.extend(catalog.map(|on| ("is_catalog_visible".to_owned(), json!(on))));
        let path = format!("{}/whatsapp_commerce_settings", self.account.phone_number_id);
        self.client.post(&path, &Value::Object(body)).await.map(|_| ())
    }

    /// Findings about the catalogue, if one is set.
    pub(super) async fn store_front(&self) -> Vec<Finding> {
        if self.account.catalog_id.is_empty() {
            return vec![Finding::ok("catalogue", "none set: products are shown as pictures and lists")];
        }
        let shown = match self.shown().await {
            Ok(shown) => shown,
            Err(failure) => return vec![refused("cart", &failure)],
        };
        let linked = match self.client.get(&format!("{}/product_catalogs", self.account.waba_id), &[]).await {
            Ok(answer) => token::ids(&answer),
            // Reading catalogues wants a permission that nothing else here needs.
            Err(Failure::Refused(refusal)) => {
                let found = format!("which catalogue is linked cannot be read: {}", refusal.problem.text);
                let advice = "see WhatsApp Manager → Catalog; the token may need catalog_management to tell";
                return vec![Finding::warn("catalogue", found, advice)];
            }
            Err(failure) => return vec![refused("catalogue", &failure)],
        };
        check(&self.account.catalog_id, &linked, shown)
    }
}
