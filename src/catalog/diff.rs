//! What a feed changes: fingerprints of products, compared with those of the last time.

use crate::catalog::feed::Item;
use crate::cores;
use crate::domain::id::ProductId;
use crate::domain::product::Product;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// What a product looked like, as two short texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprints {
    /// Of everything the feed says, stock and price included.
    pub whole: String,
    /// Of what is embedded: title, brand, category, description, attributes, options. A new price needs no new vector.
    pub text: String,
}

/// Fewer products are not worth a thread of their own.
const PART_MIN: usize = 100;

/// A product to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The product and its line.
    pub item: Item,
    /// What to remember of it.
    pub fingerprints: Fingerprints,
    /// Whether its text is new, so that its vector must be made.
    pub embed: bool,
}

/// What a feed changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Products the shop did not have.
    pub added: Vec<Planned>,
    /// Products that look different now.
    pub changed: Vec<Planned>,
    /// Products that stay as they are, so that stock sold since the last feed stays sold.
    pub unchanged: Vec<ProductId>,
    /// Products the feed no longer has.
    pub retired: Vec<ProductId>,
}

/// Takes the fingerprints of a product.
pub fn fingerprints(product: &Product) -> Fingerprints {
    // Keys are sorted maps and struct fields in fixed order, so that equal products give equal bytes.
    let whole = serde_json::to_vec(product).expect("a product is plain data");
    let options: BTreeSet<(&str, &str)> =
        product.variants.iter().flat_map(|v| &v.options).map(|c| (c.name.as_str(), c.value.as_str())).collect();
    let Product { title, brand, category, description, attributes, .. } = product;
    let text = serde_json::to_vec(&(title, brand, category, description, attributes, options));
    Fingerprints { whole: hex(&whole), text: hex(&text.expect("texts are plain data")) }
}

/// Takes the fingerprints of what a feed says. A reduction counts as announced, not as it stands at this moment: an
/// article whose price turns in between has not changed.
pub fn of_item(item: &Item) -> Fingerprints {
    if item.sales.is_empty() {
        return fingerprints(&item.product);
    }
    let mut product = item.product.clone();
    for variant in &mut product.variants {
        if let Some(sale) = item.sales.get(&variant.id) {
            (variant.price, variant.compare_at) = (sale.regular, None);
        }
    }
    let whole = serde_json::to_vec(&(&product, &item.sales)).expect("a product is plain data");
    Fingerprints { whole: hex(&whole), text: fingerprints(&product).text }
}

/// Compares a feed with what is listed now (`existing` has no retired products). Products in `unread` are in the feed
/// but could not be read: they keep what they have.
pub fn plan(
    existing: &BTreeMap<ProductId, Fingerprints>,
    items: Vec<Item>,
    unread: &BTreeSet<ProductId>,
    retire_missing: bool,
) -> Plan {
    let mut plan = Plan::default();
    let mut seen: BTreeSet<ProductId> = BTreeSet::new();
    let taken = cores::in_parts(&items, PART_MIN, |_, part| part.iter().map(of_item).collect::<Vec<_>>());
    for (item, fingerprints) in items.into_iter().zip(taken.into_iter().flatten()) {
        let id = item.product.id.clone();
        match existing.get(&id) {
            None => plan.added.push(Planned { item, fingerprints, embed: true }),
            Some(before) if before.whole == fingerprints.whole => plan.unchanged.push(id.clone()),
            Some(before) => {
                let embed = before.text != fingerprints.text;
                plan.changed.push(Planned { item, fingerprints, embed });
            }
        }
        seen.insert(id);
    }
    if retire_missing {
        plan.retired = existing.keys().filter(|id| !seen.contains(id) && !unread.contains(id)).cloned().collect();
    }
    plan
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).expect("half a byte is one hexadecimal digit");
    Sha256::digest(bytes).iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::feed;
    use crate::domain::money::{Currency, Money};

    fn items(csv: &str) -> Vec<Item> {
        let rows = format!("handle,title,sku,price,stock,attributes,option1_name,option1_value\n{csv}");
        let parsed = feed::parse(
            "t.csv",
            rows.as_bytes(),
            Currency::EUR,
            jiff::Timestamp::UNIX_EPOCH,
            &feed::Limits::default(),
            &mut |_, _| {},
        );
        parsed.expect("a feed").items
    }

    fn remembered(items: &[Item]) -> BTreeMap<ProductId, Fingerprints> {
        items.iter().map(|i| (i.product.id.clone(), fingerprints(&i.product))).collect()
    }

    #[test]
    fn a_second_run_of_the_same_feed_changes_nothing() {
        let feed = items("a,Tent,A1,10,5,b: 1; a: 2,Size,M\nb,Mat,B1,20,,,,\n");
        let plan = plan(&remembered(&feed), feed, &BTreeSet::new(), true);
        assert_eq!((plan.added.len(), plan.changed.len(), plan.unchanged.len(), plan.retired.len()), (0, 0, 2, 0));
    }

    #[test]
    fn a_new_price_needs_no_new_vector_and_a_new_word_does() {
        let before = remembered(&items("a,Tent,A1,10,5,,,\nb,Mat,B1,20,,,,\nc,Rope,C1,30,,,,\n"));
        let after = items("a,Tent,A1,12,5,,,\nb,Warm mat,B1,20,,,,\nd,Pan,D1,1,,,,\n");
        let plan = plan(&before, after, &BTreeSet::new(), true);
        let changed: Vec<(&str, bool)> = plan.changed.iter().map(|p| (p.item.product.id.as_str(), p.embed)).collect();
        assert_eq!(changed, [("a", false), ("b", true)]);
        assert_eq!(plan.added.iter().map(|p| p.item.product.id.as_str()).collect::<Vec<_>>(), ["d"]);
        assert_eq!(plan.retired, [ProductId::new("c")]);
    }

    #[test]
    fn nothing_is_retired_unasked_nor_for_a_typing_error() {
        let before = remembered(&items("a,Tent,A1,10,,,,\nb,Mat,B1,20,,,,\n"));
        assert!(plan(&before, Vec::new(), &BTreeSet::new(), false).retired.is_empty());
        let unread = BTreeSet::from([ProductId::new("a")]);
        assert_eq!(plan(&before, Vec::new(), &unread, true).retired, [ProductId::new("b")]);
    }

    #[test]
    fn every_part_of_a_product_shows_in_the_whole() {
        let product = items("a,Tent,A1,10,5,k: v,Size,M\n").remove(0).product;
        let first = fingerprints(&product);
        let changes: [fn(&mut Product); 5] = [
            |p| p.picture = Some("a.svg".into()),
            |p| p.variants[0].stock = Some(6),
            |p| p.variants[0].price = Money::new(1001, Currency::EUR),
            |p| p.variants[0].barcode = Some("1".into()),
            |p| p.variants[0].compare_at = Some(Money::new(2000, Currency::EUR)),
        ];
        for change in changes {
            let mut other = product.clone();
            change(&mut other);
            let now = fingerprints(&other);
            assert_ne!(now.whole, first.whole);
            assert_eq!(now.text, first.text);
        }
        let mut other = product.clone();
        other.variants[0].options[0].value = "L".into();
        assert_ne!(fingerprints(&other).text, first.text);
    }
}
