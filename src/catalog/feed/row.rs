//! Rows of variants put together into products.

use crate::catalog::feed::cell;
use crate::catalog::feed::cell::Place;
use crate::catalog::feed::note::{Complaint, Kind, Notes, Saying};
use crate::catalog::feed::price;
use crate::catalog::feed::price::Marks;
use crate::catalog::feed::pricing::Pricing;
use crate::catalog::feed::{Item, Read};
use crate::domain::id::{ProductId, VariantId};
use crate::domain::money::Currency;
use crate::domain::product::{Choice, Product, Variant};
use crate::domain::sale::Sale;
use jiff::Timestamp;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Variants of a product at most.
pub const VARIANTS_MAX: usize = 2_048;

static ALIKE: Saying = Saying {
    kind: Kind::Answers,
    one: "variant has the same options as another one of its product",
    many: "variants have the same options as another one of their product",
    then: "shoppers cannot tell them apart",
};
static PICTURES: Saying = Saying {
    kind: Kind::Read,
    one: "row has pictures beyond the 21 that are kept of a product",
    many: "rows have pictures beyond the 21 that are kept of a product",
    then: "",
};
static NO_CODE: Saying = Saying {
    kind: Kind::Answers,
    one: "variant has no SKU and is known by its handle and options",
    many: "variants have no SKU and are known by their handles and options",
    then: "renaming an option makes another article of it",
};

/// One row, cell by cell, as written. What describes the product stands on the first row of a handle.
#[derive(Default)]
pub struct Row<'a> {
    /// Groups rows.
    pub handle: &'a str,
    /// The name shoppers see.
    pub title: &'a str,
    /// The maker.
    pub brand: &'a str,
    /// The merchant's category.
    pub category: &'a str,
    /// Plain text or HTML.
    pub description: &'a str,
    /// `key: value; key: value`.
    pub attributes: &'a str,
    /// Further attributes, on any row; the first value of a key is kept.
    pub more_attributes: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// The product's pictures, on any row.
    pub pictures: Vec<&'a str>,
    /// Its page in the merchant's own shop.
    pub url: &'a str,
    /// Name, value, and the column to complain about.
    pub options: Vec<(&'a str, &'a str, &'static str)>,
    /// Unique in the file.
    pub sku: &'a str,
    /// EAN or similar.
    pub barcode: &'a str,
    /// The maker's part number.
    pub mpn: &'a str,
    /// `149.90`.
    pub price: &'a str,
    /// The former price.
    pub compare_at: &'a str,
    /// A reduced price, beside the price.
    pub sale_price: &'a str,
    /// When the reduced price begins; empty means that it has.
    pub sale_from: &'a str,
    /// When the reduced price ends; empty means never.
    pub sale_until: &'a str,
    /// Empty means the shop's.
    pub currency: &'a str,
    /// Empty means uncounted.
    pub stock: &'a str,
    /// Whether the row only tells of the product, and is nothing to buy.
    pub bare: bool,
}

/// A product in the making.
struct Draft {
    line: u64,
    product: Product,
    sales: BTreeMap<VariantId, Sale>,
    option_names: Vec<String>,
    looks: HashSet<String>,
    split: bool,
    /// Whether a row brought something to buy, readable or not.
    sold: bool,
}

/// The products seen so far.
pub struct Shelf {
    currency: Currency,
    now: Timestamp,
    marks: Marks,
    /// Whether a variant without SKU gets one from its handle and options.
    coin: bool,
    titles_vary: bool,
    drafts: Vec<Draft>,
    by_handle: HashMap<String, usize>,
    skus: HashMap<String, u64>,
    mentioned: BTreeSet<ProductId>,
    last: Option<usize>,
}

impl Shelf {
    /// An empty shelf of a shop that sells in `currency`; sales count as of `now`, and `marks` tells how prices look.
    pub fn new(currency: Currency, now: Timestamp, marks: Marks) -> Self {
        Self {
            currency,
            now,
            marks,
            coin: false,
            titles_vary: false,
            drafts: Vec::new(),
            by_handle: HashMap::new(),
            skus: HashMap::new(),
            mentioned: BTreeSet::new(),
            last: None,
        }
    }

    /// Lets variants go without an SKU, as some shops do.
    #[must_use]
    pub fn coining(self) -> Self {
        Self { coin: true, ..self }
    }

    /// Lets every variant have a title of its own; the first one is the product's.
    #[must_use]
    pub fn titles_vary(self) -> Self {
        Self { titles_vary: true, ..self }
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
            draft.again(line, adjacent || self.titles_vary, !self.titles_vary, row, notes);
        }
        draft.gather(line, row, notes);
        if row.bare {
            return;
        }
        draft.sold = true;
        let pricing = Pricing { currency: self.currency, now: self.now, marks: self.marks, coin: self.coin };
        if let Err(complaint) = draft.variant(line, row, &pricing, &mut self.skus, notes) {
            let sku = row.sku.trim();
            let what = if sku.is_empty() { handle } else { format!("{handle} / {}", cell::quote(sku)) };
            notes.reject(line, &what, complaint);
        }
    }

    /// The finished products in the file's order, and the handles that came to nothing.
    pub fn clear(self, whole: bool, notes: &mut Notes) -> Read {
        let mut unread = self.mentioned;
        let mut items = Vec::with_capacity(self.drafts.len());
        for Draft { line, mut product, sales, sold, .. } in self.drafts {
            if product.title.is_empty() {
                let remedy = "write the title on the first row of the handle";
                notes.reject(line, product.id.as_str(), Complaint::new("title", "the product has no title", remedy));
                unread.insert(product.id);
            } else if product.variants.is_empty() {
                if !sold {
                    let remedy = "write a row with a price for every variant";
                    notes.reject(
                        line,
                        product.id.as_str(),
                        Complaint::new("price", "the product has no variant", remedy),
                    );
                }
                unread.insert(product.id);
            } else {
                unread.remove(&product.id);
                // What varies is told by the options; as an attribute it would be that of one variant.
                for choice in product.variants.iter().flat_map(|v| &v.options) {
                    product.attributes.remove(&choice.name.to_lowercase());
                }
                items.push(Item { line, product, sales });
            }
        }
        Read { items, unread, whole }
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
            description: cell::body(row.description, "description", cell::DESCRIPTION_CHARS_MAX, &place, notes),
            attributes: cell::attributes(row.attributes, &place, notes),
            picture: None,
            more_pictures: Vec::new(),
            url: cell::url(row.url, &place, notes),
            variants: Vec::new(),
        };
        let (sales, option_names, looks) = (BTreeMap::new(), Vec::new(), HashSet::new());
        Self { line, product, sales, option_names, looks, split: false, sold: false }
    }

    /// A later row of the same handle: it may bring the title the first row lacked, but never a second one.
    fn again(&mut self, line: u64, adjacent: bool, one_title: bool, row: &Row<'_>, notes: &mut Notes) {
        let handle = self.product.id.as_str().to_owned();
        if !adjacent && !self.split {
            self.split = true;
            let text = format!("the rows of this product do not stand together (first in line {})", self.line);
            notes.warn(line, &handle, text);
        }
        let place = Place { line, what: &handle };
        if self.product.title.is_empty() {
            let fresh = Self::new(self.line, &handle, row, notes).product;
            let Product { variants, attributes, picture, more_pictures, .. } =
                std::mem::replace(&mut self.product, fresh);
            self.product.attributes.extend(attributes);
            self.product = Product { variants, picture, more_pictures, ..self.product.clone() };
        } else if one_title && !row.title.trim().is_empty() {
            let title = cell::line(row.title, "title", cell::TITLE_CHARS_MAX, &place, notes);
            if title != self.product.title {
                let text = format!("the title differs from that in line {}, which is kept", self.line);
                notes.warn(line, &handle, text);
            }
        }
    }

    /// Pictures and attributes, which any row may bring.
    fn gather(&mut self, line: u64, row: &Row<'_>, notes: &mut Notes) {
        let Product { id, attributes, picture, more_pictures, .. } = &mut self.product;
        let place = Place { line, what: id.as_str() };
        for (key, value) in &row.more_attributes {
            let known = attributes.contains_key(&key.trim().to_lowercase());
            if !known && !key.trim().is_empty() && !value.trim().is_empty() && attributes.len() < cell::ATTRIBUTES_MAX {
                cell::attribute(attributes, key, value, cell::ATTRIBUTES_MAX, &place, notes);
            }
        }
        for raw in &row.pictures {
            if more_pictures.len() >= cell::MORE_PICTURES_MAX {
                if !raw.trim().is_empty() {
                    notes.say(&PICTURES, line, id.as_str());
                }
                break;
            }
            let Some(found) = cell::picture(raw, &place, notes) else { continue };
            if picture.is_none() {
                *picture = Some(found);
            } else if picture.as_ref() != Some(&found) && !more_pictures.contains(&found) {
                more_pictures.push(found);
            }
        }
    }

    fn variant(
        &mut self,
        line: u64,
        row: &Row<'_>,
        pricing: &Pricing,
        skus: &mut HashMap<String, u64>,
        notes: &mut Notes,
    ) -> Result<(), Complaint> {
        let written = row.currency.trim();
        if !written.is_empty() && !written.eq_ignore_ascii_case(pricing.currency.code()) {
            return Err(price::other(written, pricing.currency));
        }
        let coined = pricing.coin && row.sku.trim().is_empty();
        let sku = if coined { String::new() } else { cell::code(row.sku, "sku")? };
        if self.product.variants.len() >= VARIANTS_MAX {
            let reason = format!("the product has more than {VARIANTS_MAX} variants");
            return Err(Complaint::new("sku", reason, "split the product"));
        }
        let taken = |sku: &str, first: &u64| {
            let reason = format!("the SKU \"{}\" stands already in line {first}", cell::quote(sku));
            Complaint::new("sku", reason, "give every variant its own SKU")
        };
        if let Some(first) = skus.get(&sku) {
            return Err(taken(&sku, first));
        }
        let what = if coined { self.product.id.as_str().to_owned() } else { sku.clone() };
        let place = Place { line, what: &what };
        let regular = price::price(row.price, "price", pricing.currency, pricing.marks, line, notes)?;
        let stock = cell::stock(row.stock, &place, notes)?;
        let options = self.options(line, row, notes)?;
        let sku = if coined { coin(self.product.id.as_str(), &options) } else { sku };
        if let Some(first) = skus.get(&sku) {
            return Err(taken(&sku, first));
        }
        if coined {
            notes.say(&NO_CODE, line, &sku);
        }
        let (price, compare_at, sale) = pricing.at(regular, row, &place, notes);
        let barcode = Some(cell::line(row.barcode, "barcode", cell::CODE_CHARS_MAX, &place, notes));
        let mpn = Some(cell::line(row.mpn, "mpn", cell::CODE_CHARS_MAX, &place, notes));
        let look = options.iter().map(|c| c.value.to_lowercase()).collect::<Vec<_>>().join(" / ");
        if !self.looks.insert(look) {
            notes.say(&ALIKE, line, &sku);
        }
        skus.insert(sku.clone(), line);
        let id = VariantId::new(sku);
        if let Some(sale) = sale {
            self.sales.insert(id.clone(), sale);
        }
        let (barcode, mpn) = (barcode.filter(|b| !b.is_empty()), mpn.filter(|m| !m.is_empty()));
        self.product.variants.push(Variant { id, options, price, compare_at, stock, barcode, mpn });
        Ok(())
    }

    /// The options of a row; a name may be left out where an earlier row of the product gave it.
    fn options(&mut self, line: u64, row: &Row<'_>, notes: &mut Notes) -> Result<Vec<Choice>, Complaint> {
        let mut options: Vec<Choice> = Vec::new();
        self.option_names.resize(self.option_names.len().max(row.options.len()), String::new());
        for ((name, value, field), remembered) in row.options.iter().copied().zip(&mut self.option_names) {
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

/// The code of a variant that has none: stable as long as its handle and options are.
fn coin(handle: &str, options: &[Choice]) -> String {
    let parts = [handle].into_iter().chain(options.iter().map(|choice| choice.value.as_str()));
    let code = parts.collect::<Vec<_>>().join("/").split_whitespace().collect::<Vec<_>>().join("-");
    code.chars().take(cell::CODE_CHARS_MAX).collect()
}
