//! What the shop keeps in mind about a contact: language, sizes, last orders, where goods go. All of it is read from rows
//! whenever it is needed and nothing of it is written by a model, so that it can be shown as it is, and deleted.

use crate::agent::clean::label;
use crate::domain::contact::{Contact, Forgotten};
use crate::domain::id::{ContactId, VariantId};
use crate::domain::order::{Order, OrderState};
use crate::domain::shop::Shop;
use crate::store::{self, Tx};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Orders that are kept in mind.
const ORDERS_MAX: i64 = 5;
/// Lines of carts and orders that are looked at.
const LINES_MAX: usize = 30;
/// Names of options that mean a size.
const NAMES_MAX: usize = 6;
/// Sizes of one name, the newest first.
const SIZES_MAX: usize = 3;
/// Characters of a name and of a size.
const CHARS_MAX: usize = 30;
/// What the name of an option holds that means a size.
const SIZE_WORDS: [&str; 11] =
    ["size", "talla", "tamaño", "tamano", "tamanho", "größe", "grösse", "groesse", "taille", "taglia", "numer"];

/// What is kept in mind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// As the channel gave it.
    pub name: Option<String>,
    /// Language tag; nothing when it is the shop's own, as everybody begins with.
    pub language: Option<String>,
    /// The shop's option → the sizes that were bought or lie in the cart, the newest first.
    pub sizes: BTreeMap<String, Vec<String>>,
    /// Numbers of the last orders, the newest first.
    pub orders: Vec<String>,
    /// Where goods usually go, in a line.
    pub address: Option<String>,
}

impl Known {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Reads it from the rows.
pub async fn known(tx: &mut Tx, shop: &Shop, contact: &Contact) -> Result<Known, store::Error> {
    let mut orders = tx.orders_of(&contact.id, ORDERS_MAX).await?;
    orders.retain(|order| contact.remembers(order.times.placed));
    Ok(Known {
        name: contact.name.as_deref().map(short).filter(|name| !name.is_empty()),
        language: Some(contact.locale.clone()).filter(|locale| *locale != shop.locale),
        sizes: sizes(tx, contact, &orders).await?,
        orders: orders.into_iter().map(|order| order.number).collect(),
        address: contact.address.as_ref().map(super::super::domain::address::Address::line),
    })
}

/// The sizes of what lies in the cart and of what was bought.
async fn sizes(
    tx: &mut Tx,
    contact: &Contact,
    orders: &[Order],
) -> Result<BTreeMap<String, Vec<String>>, store::Error> {
    let cart = tx.cart(&contact.id).await?;
    let counts = contact.forgotten.is_none_or(|line| line.cart != cart.version);
    let in_cart = cart.lines.iter().filter(|_| counts).rev().map(|line| &line.variant);
    // What was only ordered, or came back, may not have fitted.
    let bought = orders.iter().filter(|o| matches!(o.state, OrderState::Paid | OrderState::Fulfilled));
    let bought = bought.flat_map(|order| order.quote.lines.iter().map(|line| &line.variant));
    let variants: Vec<&VariantId> = in_cart.chain(bought).take(LINES_MAX).collect();
    let mut sizes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for variant in variants {
        let product = tx.product_of(variant).await?;
        let options = product.as_ref().and_then(|p| p.variant(variant)).map(|v| v.options.as_slice());
        for choice in options.unwrap_or_default().iter().filter(|choice| is_size(&choice.name)) {
            let (name, value) = (short(&choice.name), short(&choice.value));
            if sizes.len() < NAMES_MAX || sizes.contains_key(&name) {
                let values = sizes.entry(name).or_default();
                if values.len() < SIZES_MAX && !value.is_empty() && !values.contains(&value) {
                    values.push(value);
                }
            }
        }
    }
    Ok(sizes)
}

fn is_size(name: &str) -> bool {
    let name = name.to_lowercase();
    SIZE_WORDS.iter().any(|word| name.contains(word))
}

/// A word from a feed, as it may stand on a line of its own.
fn short(text: &str) -> String {
    label(text).split_whitespace().collect::<Vec<_>>().join(" ").chars().take(CHARS_MAX).collect()
}

/// Deletes it, with what the turns of all talks left behind. Orders stay, since the law asks for them, but they are not
/// kept in mind any more.
pub async fn forget(tx: &mut Tx, shop: &Shop, contact: &ContactId, now: Timestamp) -> Result<(), store::Error> {
    if let Some(known) = tx.contact(contact).await? {
        let cart = tx.cart(contact).await?.version;
        let forgotten = Some(Forgotten { at: now, cart });
        let emptied = Contact { name: None, locale: shop.locale.clone(), address: None, forgotten, ..known };
        tx.save_contact(&emptied, now).await?;
        tx.forget_talks(contact).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_known_by_the_names_of_options() {
        for size in ["Size", "Shoe size", "TALLA", "Tamanho", "Größe"] {
            assert!(is_size(size), "{size}");
        }
        assert!(!is_size("Colour") && !is_size("Volume"));
        assert_eq!(short("42\n see https://evil.example"), "42 see");
    }
}
