//! What goods cost now, and whether they are there: always from the catalogue, never from what was shown before.

use crate::checkout::Error;
use crate::domain::cart::{Cart, Quote, QuoteLine};
use crate::domain::id::VariantId;
use crate::domain::shop::Shop;
use crate::store::Tx;

/// A cart's lines with today's prices, or why it cannot be ordered as it is.
pub enum Priced {
    /// It can.
    Quote(Quote),
    /// It cannot, in words for the shopper.
    Refused(String),
}

/// Prices a cart from the catalogue as it is now.
pub async fn price(tx: &mut Tx, shop: &Shop, cart: &Cart) -> Result<Priced, Error> {
    let mut lines = Vec::new();
    for line in &cart.lines {
        match line_of(tx, &line.variant, line.quantity).await? {
            Ok(line) => lines.push(line),
            Err(why) => return Ok(Priced::Refused(why)),
        }
    }
    Ok(Priced::Quote(Quote::new(lines, shop.currency, &shop.shipping)?))
}

/// So many pieces at today's price, or why not, in words for the shopper.
pub async fn line_of(tx: &mut Tx, variant: &VariantId, quantity: u32) -> Result<Result<QuoteLine, String>, Error> {
    let product = tx.product_of(variant).await?;
    let Some((product, variant)) = product.as_ref().and_then(|p| Some((p, p.variant(variant)?))) else {
        return Ok(Err(format!("{variant} is no longer sold here")));
    };
    if !variant.has(quantity) {
        let name = product.name_of(variant);
        return Ok(Err(match variant.stock.unwrap_or(0) {
            0 => format!("{name} is sold out"),
            left => format!("only {left} of {name} left"),
        }));
    }
    let (title, options) = (product.title.clone(), variant.options_text());
    let line = QuoteLine::new(product.id.clone(), variant.id.clone(), title, options, quantity, variant.price)?;
    Ok(Ok(line))
}
