//! Messages that show goods of the catalogue.

use crate::emulator::check::interactive::{LABEL_MAX, cta_url, named};
use crate::emulator::check::menu::unique;
use crate::emulator::check::plain::Plain;
use crate::emulator::look::{Checked, Json, Part};
use crate::emulator::refusal::Refusal;
use std::collections::BTreeSet;

/// Goods of a product list, over all sections.
const PRODUCTS_MAX: usize = 30;
/// Units of a text on a card.
const CARD_MAX: usize = 160;

impl Plain<'_> {
    /// True when the catalogue holds an SKU.
    fn holds(&self, sku: &str) -> bool {
        let goods = &self.state.settings.catalogue;
        goods.is_empty() || goods.iter().any(|item| item.sku == sku)
    }

    fn own_catalogue(&self, part: &Part<'_>) -> Checked<()> {
        if part.text("catalog_id", 60)? == self.state.settings.catalog_id {
            return Ok(());
        }
        Err(Refusal::value(format!("{}.catalog_id is not connected to this account.", part.path)))
    }

    fn own_product(&self, part: &Part<'_>) -> Checked<()> {
        let sku = part.text("product_retailer_id", 200)?;
        if self.holds(sku) {
            return Ok(());
        }
        Err(Refusal::value(format!("Product {sku} is not in the catalogue.")))
    }
}

/// One product.
pub fn one(plain: &Plain<'_>, action: &Part<'_>) -> Checked<()> {
    action.only(&["catalog_id", "product_retailer_id"])?;
    plain.own_catalogue(action)?;
    plain.own_product(action)
}

/// Several products: those that are not in the catalogue are left out, if any is.
pub fn several(plain: &Plain<'_>, action: &Part<'_>) -> Checked<()> {
    action.only(&["catalog_id", "sections"])?;
    plain.own_catalogue(action)?;
    sections(plain, action)
}

/// `sections` with product items, of a message or a template's button.
pub fn sections(plain: &Plain<'_>, action: &Part<'_>) -> Checked<()> {
    let sections = action.list("sections", 1, 10)?;
    let many = sections.len() > 1;
    let (mut count, mut held) = (0, 0);
    for section in sections {
        if section.maybe("title", 24)?.is_none() && many {
            return Err(Refusal::missing(&format!("{}.title", section.path)));
        }
        for item in section.list("product_items", 1, PRODUCTS_MAX)? {
            count += 1;
            held += usize::from(plain.holds(item.text("product_retailer_id", 200)?));
        }
    }
    match (count, held) {
        (count, _) if count > PRODUCTS_MAX => {
            Err(Refusal::value(format!("{count} products; {PRODUCTS_MAX} over all sections are the limit.")))
        }
        (_, 0) => Err(Refusal::value("None of the products is in the catalogue.")),
        _ => Ok(()),
    }
}

/// The whole catalogue.
pub fn catalogue(plain: &Plain<'_>, action: &Part<'_>) -> Checked<()> {
    named(action, "catalog_message")?;
    let thumbnail = action.at("parameters");
    if let Some(sku) = thumbnail.maybe("thumbnail_product_retailer_id", 200)?.filter(|sku| !plain.holds(sku)) {
        return Err(Refusal::value(format!("Product {sku} is not in the catalogue.")));
    }
    Ok(())
}

/// Two to ten cards of one kind. Answers how it will fail, if it will.
pub fn carousel(plain: &Plain<'_>, action: &Part<'_>) -> Checked<Option<Refusal>> {
    action.only(&["cards"])?;
    let (mut fails, mut first) = (None, None);
    for (n, card) in action.list("cards", 2, 10)?.iter().enumerate() {
        if card.value.of("card_index").as_u64() != Some(n as u64) {
            return Err(Refusal::value(format!("{}.card_index must be {n}.", card.path)));
        }
        let action = card.object("action")?;
        let shape = match card.text("type", 20)? {
            "product" => {
                one(plain, &action)?;
                ("product", 1)
            }
            "cta_url" => {
                fails = fails.or(card_header(plain, card)?);
                card_buttons(&action)?
            }
            other => return Err(Refusal::value(format!("A card of type \"{other}\" is not known."))),
        };
        if *first.get_or_insert(shape) != shape {
            return Err(Refusal::value("All cards must have the same kind and number of buttons."));
        }
    }
    Ok(fails)
}

fn card_header(plain: &Plain<'_>, card: &Part<'_>) -> Checked<Option<Refusal>> {
    if card.at("body").is_there() {
        let text = card.object("body")?.text("text", CARD_MAX)?;
        if text.matches('\n').count() > 2 {
            return Err(Refusal::value(format!("{}.body.text has more than 2 line breaks.", card.path)));
        }
    }
    let header = card.object("header")?;
    match header.text("type", 20)? {
        kind @ ("image" | "video") => plain.media(&header.object(kind)?, kind),
        _ => Err(Refusal::value(format!("{}.header.type must be image or video.", card.path))),
    }
}

fn card_buttons(action: &Part<'_>) -> Checked<(&'static str, usize)> {
    if !action.at("buttons").is_there() {
        return cta_url(action).map(|()| ("cta_url", 1));
    }
    let buttons = action.list("buttons", 1, 3)?;
    let mut ids = BTreeSet::new();
    for button in &buttons {
        let reply = button.object("quick_reply")?;
        unique(&mut ids, reply.text("id", 20)?, &reply, "id")?;
        reply.text("title", LABEL_MAX)?;
    }
    Ok(("quick_reply", buttons.len()))
}
