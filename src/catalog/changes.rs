//! What is different about a product, and what looks like a mistake.

use crate::catalog::feed::Item;
use crate::catalog::feed::note::Notes;
use crate::catalog::report::{EXAMPLES_MAX, PriceChange, Report};
use crate::domain::id::{ProductId, VariantId};
use crate::domain::money::{Currency, Money};
use crate::domain::product::{Product, Variant};
use std::collections::{BTreeMap, BTreeSet};

/// A product as it was, with what the last feed said of its stock.
#[derive(Clone, Debug)]
pub struct Before<'t> {
    /// As stored.
    pub product: Product,
    /// See [`crate::store::Tx::told_stock`].
    pub told: &'t BTreeMap<VariantId, Option<i64>>,
}

/// Writes down what is different about one product.
pub fn compare(before: &Before<'_>, item: &Item, report: &mut Report, notes: &mut Notes) {
    let (old, new) = (&before.product, &item.product);
    let pairs: Vec<(&Variant, &Variant)> = new.variants.iter().filter_map(|v| Some((old.variant(&v.id)?, v))).collect();
    let price = pairs.iter().any(|(o, n)| o.price != n.price || o.compare_at != n.compare_at);
    let stock = pairs.iter().any(|(o, n)| before.told.get(&o.id).unwrap_or(&o.stock) != &n.stock);
    let text = (&old.title, &old.brand, &old.category, &old.description, &old.attributes)
        != (&new.title, &new.brand, &new.category, &new.description, &new.attributes);
    let pictures = (&old.picture, &old.more_pictures) != (&new.picture, &new.more_pictures);
    let ids = |product: &Product| -> BTreeSet<VariantId> { product.variants.iter().map(|v| v.id.clone()).collect() };
    let variants = ids(old) != ids(new) || pairs.iter().any(|(o, n)| o.options != n.options);
    let changes = &mut report.changes;
    for (is, count) in [
        (price, &mut changes.price),
        (stock, &mut changes.stock),
        (text, &mut changes.text),
        (pictures, &mut changes.pictures),
        (variants, &mut changes.variants),
        (!(price || stock || text || pictures || variants), &mut changes.details),
    ] {
        *count += usize::from(is);
    }
    if let Some((o, n)) = pairs.iter().find(|(o, n)| o.price != n.price)
        && report.prices.len() < EXAMPLES_MAX
    {
        report.prices.push(PriceChange { what: named(new, n), old: shown(o.price), new: shown(n.price) });
    }
    if let Some((o, n)) = pairs.iter().find(|(o, n)| jumps(o.price, n.price)) {
        let (from, to) = (shown(o.price), shown(n.price));
        let text = format!("its price jumps from {from} to {to}; if that is no mistake, nothing is to be done");
        notes.warn(item.line, n.id.as_str(), text);
    }
    if old.picture.is_some() && new.picture.is_none() && new.more_pictures.is_empty() {
        notes.warn(item.line, new.id.as_str(), "it had pictures and the feed has none any more");
    }
}

/// What looks wrong about a new or changed product by itself.
pub fn look_at(item: &Item, currency: Currency, notes: &mut Notes) {
    for variant in &item.product.variants {
        if variant.price.minor == 0 {
            notes.warn(item.line, variant.id.as_str(), "its price is 0: shoppers could order it for nothing");
        }
        if variant.price.currency != currency {
            let text = format!("its price is in {}, the shop sells in {currency}", variant.price.currency);
            notes.warn(item.line, variant.id.as_str(), text);
        }
    }
}

/// Says that a SKU moved.
pub fn moved(item: &Item, sku: &VariantId, from: &ProductId, notes: &mut Notes) {
    let text = format!("the SKU belonged to \"{from}\" and belongs to \"{}\" now; SKUs should stay", item.product.id);
    notes.warn(item.line, sku.as_str(), text);
}

/// More than 80 % up or down.
fn jumps(old: Money, new: Money) -> bool {
    let (old_minor, new_minor) = (i128::from(old.minor), i128::from(new.minor));
    old.currency == new.currency
        && old_minor > 0
        && new_minor > 0
        && (new_minor * 5 < old_minor || new_minor * 5 > old_minor * 9)
}

fn named(product: &Product, variant: &Variant) -> String {
    let options = variant.options_text();
    if options.is_empty() { product.title.clone() } else { format!("{} ({options})", product.title) }
}

fn shown(money: Money) -> String {
    format!("{} {}", money.decimal(), money.currency)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_is_more_than_eighty_percent() {
        let euros = |minor| Money::new(minor, Currency::EUR);
        let jump = |a, b| jumps(euros(a), euros(b));
        assert!(!jump(1000, 200) && jump(1000, 199));
        assert!(!jump(1000, 1800) && jump(1000, 1801));
        assert!(!jump(0, 1000), "there was no price to jump from");
        assert!(!jump(1000, 0), "a price of 0 has a warning of its own");
        assert!(
            !jumps(euros(100_000), Money::new(100, Currency::parse("USD").unwrap())),
            "two currencies cannot be compared"
        );
        assert!(!jump(i64::MAX, i64::MAX) && jump(i64::MAX, 1));
    }
}
