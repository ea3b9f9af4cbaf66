//! Rows of variants put together into products.

use crate::catalog::feed::Item;
use crate::catalog::feed::cell;
use crate::catalog::feed::cell::Place;
use crate::catalog::feed::note::{Complaint, Notes};
use crate::domain::id::{ProductId, VariantId};
use crate::domain::money::{Currency, Money};
use crate::domain::product::{Choice, Product, Variant};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Variants of a product at most.
pub const VARIANTS_MAX: usize = 200;

/// One row, cell by cell, as written.
pub struct Row<'a> {
    /// Groups rows.
    pub handle: &'a str,
    /// On the first row of a handle.
    pub title: &'a str,
    /// On the first row of a handle.
    pub brand: &'a str,
    /// On the first row of a handle.
    pub category: &'a str,
    /// On the first row of a handle.
    pub description: &'a str,
    /// `key: value; key: value`, on the first row of a handle.
    pub attributes: &'a str,
    /// On the first row of a handle.
    pub picture: &'a str,
    /// Name, value, and the column to complain about.
    pub options: [(&'a str, &'a str, &'static str); 2],
    /// Unique in the file.
    pub sku: &'a str,
    /// EAN or similar.
    pub barcode: &'a str,
    /// `149.90`.
    pub price: &'a str,
    /// The former price.
    pub compare_at: &'a str,
    /// Empty means the shop's.
    pub currency: &'a str,
    /// Empty means uncounted.
    pub stock: &'a str,
}

/// A product in the making.
struct Draft {
    line: u64,
    product: Product,
    option_names: [String; 2],
    looks: HashSet<String>,
    split: bool,
}

/// The products seen so far.
pub struct Shelf {
    currency: Currency,
    drafts: Vec<Draft>,
    by_handle: HashMap<String, usize>,
    skus: HashMap<String, u64>,
    mentioned: BTreeSet<ProductId>,
    last: Option<usize>,
}

impl Shelf {
    /// An empty shelf of a shop that sells in `currency`.
    pub fn new(currency: Currency) -> Self {
        Self {
            currency,
            drafts: Vec::new(),
            by_handle: HashMap::new(),
            skus: HashMap::new(),
            mentioned: BTreeSet::new(),
            last: None,
        }
    }

    /// Remembers a handle whose row cannot be read.
    pub fn mention(&mut self, handle: &str) {
        if let Ok(handle) = cell::code(handle, "handle") {
            self.mentioned.insert(ProductId::new(handle));
        }
    }

    /// Takes one row: a new product, or one more variant of a known one.
    pub fn put(&mut self, line: u64, row: &Row<'_>, notes: &mut Notes) {
        let handle = match cell::code(row.handle, "handle") {
            Ok(handle) => handle,
            Err(complaint) => return notes.reject(line, &cell::quote(row.sku.trim()), complaint),
        };
        let known = self.by_handle.get(&handle).copied();
        let index = known.unwrap_or_else(|| {
            self.drafts.push(Draft::new(line, &handle, row, notes));
            self.by_handle.insert(handle.clone(), self.drafts.len() - 1);
            self.drafts.len() - 1
        });
        let adjacent = known.is_none() || self.last == Some(index);
        self.last = Some(index);
        let Some(draft) = self.drafts.get_mut(index) else { return };
        if known.is_some() {
            draft.again(line, adjacent, row, notes);
        }
        match draft.variant(line, row, self.currency, &mut self.skus, notes) {
            Ok(variant) => draft.product.variants.push(variant),
            Err(complaint) => {
                let sku = row.sku.trim();
                let what = if sku.is_empty() { handle } else { format!("{handle} / {}", cell::quote(sku)) };
                notes.reject(line, &what, complaint);
            }
        }
    }

    /// The finished products in the file's order, and the handles that came to nothing.
    pub fn clear(self, notes: &mut Notes) -> (Vec<Item>, BTreeSet<ProductId>) {
        let mut unread = self.mentioned;
        let mut items = Vec::with_capacity(self.drafts.len());
        for Draft { line, product, .. } in self.drafts {
            if product.title.is_empty() {
                let remedy = "write the title on the first row of the handle";
                notes.reject(line, product.id.as_str(), Complaint::new("title", "the product has no title", remedy));
                unread.insert(product.id);
            } else if product.variants.is_empty() {
                unread.insert(product.id);
            } else {
                unread.remove(&product.id);
                items.push(Item { line, product, sales: BTreeMap::new() });
            }
        }
        (items, unread)
    }
}

impl Draft {
    fn new(line: u64, handle: &str, row: &Row<'_>, notes: &mut Notes) -> Self {
        let place = Place { line, what: handle };
        let product = Product {
            id: ProductId::new(handle),
            title: cell::line(row.title, "title", cell::TITLE_CHARS_MAX, &place, notes),
            brand: cell::line(row.brand, "brand", cell::NAME_CHARS_MAX, &place, notes),
            category: cell::line(row.category, "category", cell::NAME_CHARS_MAX, &place, notes),
            description: cell::prose(row.description, "description", cell::DESCRIPTION_CHARS_MAX, &place, notes),
            attributes: cell::attributes(row.attributes, &place, notes),
            picture: cell::picture(row.picture, &place, notes),
            more_pictures: Vec::new(),
            url: None,
            variants: Vec::new(),
        };
        Self { line, product, option_names: [String::new(), String::new()], looks: HashSet::new(), split: false }
    }

    /// A later row of the same handle: it may bring the title the first row lacked, but never a second one.
    fn again(&mut self, line: u64, adjacent: bool, row: &Row<'_>, notes: &mut Notes) {
        let handle = self.product.id.as_str().to_owned();
        if !adjacent && !self.split {
            self.split = true;
            let text = format!("the rows of this product do not stand together (first in line {})", self.line);
            notes.warn(line, &handle, text);
        }
        let place = Place { line, what: &handle };
        if self.product.title.is_empty() {
            let fresh = Self::new(self.line, &handle, row, notes).product;
            let variants = std::mem::take(&mut self.product.variants);
            self.product = Product { variants, ..fresh };
        } else if !row.title.trim().is_empty() {
            let title = cell::line(row.title, "title", cell::TITLE_CHARS_MAX, &place, notes);
            if title != self.product.title {
                let text = format!("the title differs from that in line {}, which is kept", self.line);
                notes.warn(line, &handle, text);
            }
        }
    }

    fn variant(
        &mut self,
        line: u64,
        row: &Row<'_>,
        currency: Currency,
        skus: &mut HashMap<String, u64>,
        notes: &mut Notes,
    ) -> Result<Variant, Complaint> {
        let sku = cell::code(row.sku, "sku")?;
        if self.product.variants.len() >= VARIANTS_MAX {
            let reason = format!("the product has more than {VARIANTS_MAX} variants");
            return Err(Complaint::new("sku", reason, "split the product"));
        }
        if let Some(first) = skus.get(&sku) {
            let reason = format!("the SKU \"{}\" stands already in line {first}", cell::quote(&sku));
            return Err(Complaint::new("sku", reason, "give every variant its own SKU"));
        }
        let written = row.currency.trim();
        if !written.is_empty() && !written.eq_ignore_ascii_case(currency.code()) {
            let reason = format!("the currency is \"{}\", the shop sells in {currency}", cell::quote(written));
            let remedy = format!("write the price in {currency}, or change the shop's currency");
            return Err(Complaint::new("currency", reason, remedy));
        }
        let price = cell::price(row.price, "price", currency)?;
        let stock = cell::stock(row.stock)?;
        let options = self.options(line, row, notes)?;
        let place = Place { line, what: &sku };
        let compare_at = compare_at(row.compare_at, price, &place, notes);
        let barcode = Some(cell::line(row.barcode, "barcode", cell::CODE_CHARS_MAX, &place, notes));
        let look = options.iter().map(|c| c.value.to_lowercase()).collect::<Vec<_>>().join(" / ");
        if !self.looks.insert(look) {
            notes.warn(
                line,
                &sku,
                "another variant of this product has the same options; shoppers cannot tell them apart",
            );
        }
        skus.insert(sku.clone(), line);
        let barcode = barcode.filter(|b| !b.is_empty());
        Ok(Variant { id: VariantId::new(sku), options, price, compare_at, stock, barcode, mpn: None })
    }

    /// The options of a row; a name may be left out where an earlier row of the product gave it.
    fn options(&mut self, line: u64, row: &Row<'_>, notes: &mut Notes) -> Result<Vec<Choice>, Complaint> {
        let mut options: Vec<Choice> = Vec::new();
        for ((name, value, field), remembered) in row.options.into_iter().zip(&mut self.option_names) {
            let place = Place { line, what: self.product.id.as_str() };
            let name = cell::line(name, "option name", cell::NAME_CHARS_MAX, &place, notes);
            let value = cell::line(value, field, cell::NAME_CHARS_MAX, &place, notes);
            if !name.is_empty() {
                remembered.clone_from(&name);
            }
            match (remembered.is_empty(), value.is_empty()) {
                (true, false) => {
                    let reason = format!("the value \"{}\" belongs to no option", cell::quote(&value));
                    return Err(Complaint::new(field, reason, "write the option's name, such as Size, beside it"));
                }
                (false, true) if !name.is_empty() => {
                    let reason = format!("the option \"{}\" has no value", cell::quote(&name));
                    return Err(Complaint::new(field, reason, "write the value, such as M, or leave the name empty"));
                }
                (false, false) => options.push(Choice { name: remembered.clone(), value }),
                _ => {}
            }
        }
        Ok(options)
    }
}

/// The former price; one that cannot be read or is not above the price is left out, since it only decorates.
fn compare_at(raw: &str, price: Money, place: &Place<'_>, notes: &mut Notes) -> Option<Money> {
    if raw.trim().is_empty() {
        return None;
    }
    match cell::price(raw, "compare_at_price", price.currency) {
        Ok(former) if former.minor > price.minor => Some(former),
        // A former price equal to the price is what many exports write for "not reduced".
        Ok(former) if former.minor == price.minor => None,
        Ok(former) => {
            let text =
                format!("compare_at_price {} is below the price {}; left out", former.decimal(), price.decimal());
            notes.warn(place.line, place.what, text);
            None
        }
        Err(complaint) => {
            let text = format!("compare_at_price: {}; left out ({})", complaint.reason, complaint.remedy);
            notes.warn(place.line, place.what, text);
            None
        }
    }
}
