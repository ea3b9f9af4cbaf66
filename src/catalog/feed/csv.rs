//! Our own CSV, and any list whose columns go by usual names: one row a variant, rows of one handle make a product.

use crate::catalog::feed::cell;
use crate::catalog::feed::names::{self, Columns};
use crate::catalog::feed::note::{Complaint, Notes};
use crate::catalog::feed::row::{Row, Shelf};
use crate::catalog::feed::table::{Header, Table, cell as at};
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
const REQUIRED: [&str; 2] = ["title", "price"];

/// Whether a header has one of our columns, or names that say what is sold for how much.
pub fn fits(header: &Header) -> bool {
    let columns = Columns::of(header, &COLUMNS);
    header.names.iter().any(|name| COLUMNS.contains(&name.as_str()))
        || REQUIRED.iter().all(|column| columns.at(column).is_some())
}

/// Reads rows into products.
pub fn parse(table: &Table<'_>, wish: &mut Wish<'_>, notes: &mut Notes) -> Result<Read, Error> {
    let header = &table.header;
    let columns = Columns::of(header, &COLUMNS);
    if let Some(column) = REQUIRED.into_iter().find(|column| columns.at(column).is_none()) {
        return Err(Error::MissingColumn { column, others: names::others(column), found: header.shown() });
    }
    columns.tell(header, table.line, notes);
    for (index, name) in header.names.iter().enumerate().filter(|(at, name)| !name.is_empty() && !columns.reads(*at)) {
        let twice = header.find(&[name.as_str()]).is_some_and(|first| first != index);
        let text = if twice {
            "this column stands twice; the first is read"
        } else {
            "this column is not known and was not read"
        };
        notes.warn(table.line, &cell::quote(name), text);
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
    ] = COLUMNS.map(|column| columns.at(column));
    let marks = table.marks(&[price, compare_at, sale_price]);
    let mut shelf = Shelf::new(wish.currency, wish.now, marks);
    if handle.is_none() || sku.is_none() {
        shelf = shelf.coining();
    }
    let stated = columns.currency.map(|currency| currency.code().to_owned()).unwrap_or_default();
    let whole = table.walk(wish.limits, wish.progress, notes, &mut |line, record, fits, notes| {
        let get = |column| at(record, column);
        // Rows that nobody grouped are a product each, unless columns of sizes or colours say that titles repeat.
        let code = get(sku.filter(|_| columns.options.is_empty()));
        let code = if code.trim().is_empty() { get(title) } else { code };
        let unnamed = handle.is_none() && code.trim().is_empty();
        let handle = if handle.is_some() { get(handle) } else { code };
        let fits = fits.and_then(|()| if unnamed { Err(untitled()) } else { Ok(()) });
        if let Err(complaint) = fits {
            let what = handle.trim();
            shelf.mention(what);
            return notes.reject(line, &cell::quote(what), complaint);
        }
        let pictures = get(more_pictures).split([' ', '|', ',', '\n']).filter(|p| !p.is_empty());
        let mut options = vec![
            (get(option1_name), get(option1_value), "option1_value"),
            (get(option2_name), get(option2_value), "option2_value"),
            (get(option3_name), get(option3_value), "option3_value"),
        ];
        let filled =
            columns.options.iter().map(|(name, at)| (name.as_str(), record.get(*at).unwrap_or_default(), "option"));
        options.extend(filled.filter(|(_, value, _)| !value.trim().is_empty()));
        let told = get(currency);
        let row = Row {
            handle,
            title: get(title),
            brand: get(brand),
            category: get(category),
            description: get(description),
            attributes: get(attributes),
            pictures: [get(picture)].into_iter().chain(pictures).collect(),
            url: get(url),
            options,
            sku: get(sku),
            barcode: get(barcode),
            mpn: get(mpn),
            price: get(price),
            compare_at: get(compare_at),
            sale_price: get(sale_price),
            sale_from: get(sale_from),
            sale_until: get(sale_until),
            currency: if told.trim().is_empty() { &stated } else { told },
            stock: get(stock),
            ..Row::default()
        };
        shelf.put(line, &row, notes);
    });
    Ok(shelf.clear(whole, notes))
}

/// A row of a list without handles that names nothing.
fn untitled() -> Complaint {
    Complaint::new("title", "the title is missing", "give the row a title, or delete it")
}
