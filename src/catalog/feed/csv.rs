//! Our own CSV: one row a variant, rows of one handle make a product.

use crate::catalog::feed::cell;
use crate::catalog::feed::note::Notes;
use crate::catalog::feed::row::{Row, Shelf};
use crate::catalog::feed::table::{Table, cell as at};
use crate::catalog::feed::{Error, Read, Wish};

/// The columns we read, in the order we write them.
pub const COLUMNS: [&str; 25] = [
    "handle",
    "title",
    "brand",
    "category",
    "description",
    "attributes",
    "picture",
    "more_pictures",
    "url",
    "option1_name",
    "option1_value",
    "option2_name",
    "option2_value",
    "option3_name",
    "option3_value",
    "sku",
    "barcode",
    "mpn",
    "price",
    "compare_at_price",
    "sale_price",
    "sale_from",
    "sale_until",
    "currency",
    "stock",
];
/// The columns nothing can be sold without.
const REQUIRED: [&str; 4] = ["handle", "title", "sku", "price"];

/// Reads rows into products.
pub fn parse(table: &Table<'_>, wish: &mut Wish<'_>, notes: &mut Notes) -> Result<Read, Error> {
    let header = &table.header;
    if let Some(column) = REQUIRED.into_iter().find(|column| !header.has(column)) {
        return Err(Error::MissingColumn { column, found: header.shown() });
    }
    for (index, name) in header.names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if !COLUMNS.contains(&name.as_str()) {
            notes.warn(table.line, &cell::quote(name), "this column is not known and was not read");
        } else if header.find(&[name.as_str()]) != Some(index) {
            notes.warn(table.line, &cell::quote(name), "this column stands twice; the first is read");
        }
    }
    let [
        handle,
        title,
        brand,
        category,
        description,
        attributes,
        picture,
        more_pictures,
        url,
        option1_name,
        option1_value,
        option2_name,
        option2_value,
        option3_name,
        option3_value,
        sku,
        barcode,
        mpn,
        price,
        compare_at,
        sale_price,
        sale_from,
        sale_until,
        currency,
        stock,
    ] = COLUMNS.map(|column| header.find(&[column]));
    let marks = table.marks(&[price, compare_at, sale_price]);
    let mut shelf = Shelf::new(wish.currency, wish.now, marks);
    let whole = table.walk(wish.limits, wish.progress, notes, &mut |line, record, fits, notes| {
        let get = |column| at(record, column);
        if let Err(complaint) = fits {
            let what = get(handle).trim();
            shelf.mention(what);
            return notes.reject(line, &cell::quote(what), complaint);
        }
        let pictures = get(more_pictures).split([' ', '|', ',', '\n']).filter(|p| !p.is_empty());
        let row = Row {
            handle: get(handle),
            title: get(title),
            brand: get(brand),
            category: get(category),
            description: get(description),
            attributes: get(attributes),
            pictures: [get(picture)].into_iter().chain(pictures).collect(),
            url: get(url),
            options: vec![
                (get(option1_name), get(option1_value), "option1_value"),
                (get(option2_name), get(option2_value), "option2_value"),
                (get(option3_name), get(option3_value), "option3_value"),
            ],
            sku: get(sku),
            barcode: get(barcode),
            mpn: get(mpn),
            price: get(price),
            compare_at: get(compare_at),
            sale_price: get(sale_price),
            sale_from: get(sale_from),
            sale_until: get(sale_until),
            currency: get(currency),
            stock: get(stock),
            ..Row::default()
        };
        shelf.put(line, &row, notes);
    });
    Ok(shelf.clear(whole, notes))
}
