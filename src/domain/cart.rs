//! The cart and what it would cost: quantities from the shopper, prices only from the catalogue.

use crate::domain::id::{ProductId, VariantId};
use crate::domain::money::{self, Currency, Money};
use crate::domain::shop::Shipping;
use serde::{Deserialize, Serialize};

/// Different variants in one cart.
pub const LINES_MAX: usize = 50;
/// Pieces of one variant in one cart.
pub const QUANTITY_MAX: u32 = 99;

/// What a contact means to buy. The version grows with every change, so that a yes to an older state is seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    /// Counts the changes.
    pub version: i64,
    /// In the order they were added.
    pub lines: Vec<CartLine>,
}

/// So many pieces of one variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLine {
    /// Which variant.
    pub variant: VariantId,
    /// 1 to [`QUANTITY_MAX`].
    pub quantity: u32,
}

/// Why a change to the cart is not possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More lines than [`LINES_MAX`].
    #[error("a cart holds at most {LINES_MAX} different items")]
    TooManyLines,
    /// More pieces than [`QUANTITY_MAX`].
    #[error("at most {QUANTITY_MAX} pieces of one item can be ordered")]
    TooManyPieces,
}

impl Cart {
    /// How many pieces of a variant are in the cart.
    pub fn quantity(&self, variant: &VariantId) -> u32 {
        self.lines.iter().find(|l| &l.variant == variant).map_or(0, |l| l.quantity)
    }

    /// Sets the number of pieces of a variant; zero removes its line. Returns whether anything changed.
    pub fn set(&mut self, variant: &VariantId, quantity: u32) -> Result<bool, Refusal> {
        if quantity > QUANTITY_MAX {
            return Err(Refusal::TooManyPieces);
        }
        if quantity == self.quantity(variant) {
            return Ok(false);
        }
        if quantity == 0 {
            self.lines.retain(|l| &l.variant != variant);
        } else if let Some(line) = self.lines.iter_mut().find(|l| &l.variant == variant) {
            line.quantity = quantity;
        } else if self.lines.len() >= LINES_MAX {
            return Err(Refusal::TooManyLines);
        } else {
            self.lines.push(CartLine { variant: variant.clone(), quantity });
        }
        self.version += 1;
        Ok(true)
    }

    /// Empties the cart. Returns whether anything changed.
    pub fn clear(&mut self) -> bool {
        let changed = !self.lines.is_empty();
        if changed {
            self.lines.clear();
            self.version += 1;
        }
        changed
    }
}

/// A priced line: what it is, how many, and what that costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteLine {
    /// The product it belongs to.
    pub product: ProductId,
    /// The variant bought.
    pub variant: VariantId,
    /// The product's title at the time.
    pub title: String,
    /// `M / Blue`, or empty.
    pub options: String,
    /// Pieces.
    pub quantity: u32,
    /// Price of one piece.
    pub unit: Money,
    /// `unit` times `quantity`.
    pub total: Money,
}

/// What a cart costs: computed by us, shown to the shopper, charged unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The goods.
    pub lines: Vec<QuoteLine>,
    /// Sum of the lines.
    pub subtotal: Money,
    /// What the shipping row is called.
    pub shipping_label: String,
    /// Delivery.
    pub shipping: Money,
    /// Subtotal and shipping.
    pub total: Money,
}

impl QuoteLine {
    /// A line with its total computed.
    pub fn new(
        product: ProductId,
        variant: VariantId,
        title: String,
        options: String,
        quantity: u32,
        unit: Money,
    ) -> Result<Self, money::Error> {
        let total = unit.times(quantity)?;
        Ok(Self { product, variant, title, options, quantity, unit, total })
    }

    /// The line with its total computed again, after its quantity changed.
    pub fn again(&self) -> Result<Self, money::Error> {
        Ok(Self { total: self.unit.times(self.quantity)?, ..self.clone() })
    }
}

impl Quote {
    /// Adds up lines and delivery.
    pub fn new(lines: Vec<QuoteLine>, currency: Currency, shipping: &Shipping) -> Result<Self, money::Error> {
        let subtotal = money::sum(lines.iter().map(|l| l.total), currency)?;
        let fee = shipping.cost(subtotal)?;
        let total = subtotal.plus(fee)?;
        Ok(Self { lines, subtotal, shipping_label: shipping.label.clone(), shipping: fee, total })
    }

    /// The same delivery with other goods.
    pub fn with_lines(&self, lines: Vec<QuoteLine>) -> Result<Self, money::Error> {
        let subtotal = money::sum(lines.iter().map(|l| l.total), self.total.currency)?;
        let total = subtotal.plus(self.shipping)?;
        Ok(Self { lines, subtotal, shipping_label: self.shipping_label.clone(), shipping: self.shipping, total })
    }

    /// Whether the total still is the sum of its parts; checked again wherever a quote was stored in between.
    pub fn adds_up(&self) -> bool {
        let lines = money::sum(self.lines.iter().map(|l| l.total), self.total.currency);
        let each = self.lines.iter().all(|l| l.unit.times(l.quantity).as_ref() == Ok(&l.total));
        each && lines.as_ref() == Ok(&self.subtotal) && self.subtotal.plus(self.shipping).as_ref() == Ok(&self.total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn euros(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    fn shipping() -> Shipping {
        Shipping { label: "Shipping".into(), fee: euros(490), free_from: Some(euros(8000)) }
    }

    #[test]
    fn the_cart_counts_changes_and_keeps_its_limits() {
        let (a, b) = (VariantId::new("a"), VariantId::new("b"));
        let mut cart = Cart::default();
        assert_eq!(cart.set(&a, 2), Ok(true));
        assert_eq!(cart.set(&a, 2), Ok(false));
        assert_eq!(cart.set(&b, 1), Ok(true));
        assert_eq!(cart.set(&a, 0), Ok(true));
        assert_eq!((cart.version, cart.quantity(&a), cart.quantity(&b)), (3, 0, 1));
        assert_eq!(cart.set(&a, 100), Err(Refusal::TooManyPieces));
        for n in 0..49 {
            cart.set(&VariantId::new(format!("v{n}")), 1).expect("still room");
        }
        assert_eq!(cart.set(&a, 1), Err(Refusal::TooManyLines));
        assert!(cart.clear() && !cart.clear());
    }

    proptest! {
        #[test]
        fn a_quote_is_the_sum_of_its_lines_and_a_changed_one_is_noticed(
            lines in prop::collection::vec((1i64..50_000, 1u32..99), 1..20), slip in 1i64..500
        ) {
            let lines = lines.into_iter().enumerate().map(|(n, (price, quantity))| {
                QuoteLine::new(ProductId::new("p"), VariantId::new(format!("{n}")), "t".into(), String::new(), quantity, euros(price))
            }).collect::<Result<Vec<_>, _>>().expect("in range");
            let expected: i64 = lines.iter().map(|l| l.unit.minor * i64::from(l.quantity)).sum();
            let mut quote = Quote::new(lines, Currency::EUR, &shipping()).expect("in range");
            let fee = if expected >= 8000 { 0 } else { 490 };
            prop_assert_eq!(quote.total, euros(expected + fee));
            prop_assert!(quote.adds_up());
            quote.total.minor -= slip;
            prop_assert!(!quote.adds_up());
        }
    }
}
