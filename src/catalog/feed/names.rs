//! What merchants call the columns of their own lists, in the languages they keep them in: nobody should have to rename a column.

use crate::catalog::feed::cell;
use crate::catalog::feed::note::Notes;
use crate::catalog::feed::table::Header;
use crate::domain::money::Currency;
use crate::search::analyse;

/// Column of ours → other names for it, the likeliest first. Names of two meanings ("type", "number") stand where they do the
/// least harm. The cost of a thing, margins and suppliers have no place here: shoppers must not hear of them.
#[rustfmt::skip]
const NAMES: [(&str, &[&str]); 17] = [
    ("handle", &["parent", "parent sku", "group", "group id", "item group id", "product group", "artikelgruppe"]),
    ("title", &["name", "product name", "product title", "item name", "product", "item", "article", "artikelbezeichnung", "bezeichnung",
        "artikelname", "produktname", "artikel", "produkt", "titel", "nombre del producto", "nombre", "producto", "titulo", "articulo",
        "nome do produto", "nome", "produto", "nom du produit", "nom", "produit", "titre", "designation", "nome prodotto", "prodotto",
        "titolo", "nama produk", "nama barang", "nama", "produk", "productnaam", "naam", "اسم المنتج", "المنتج", "الاسم"]),
    ("brand", &["vendor", "manufacturer", "maker", "make", "marke", "hersteller", "marca", "fabricante", "marque", "fabricant", "produttore",
        "merk", "merek", "الماركه"]),
    ("category", &["product category", "product type", "type", "kategorie", "warengruppe", "produktgruppe", "categoria", "rubrique", "categorie",
        "kategori", "rubro", "القسم"]),
    ("description", &["product description", "long description", "short description", "body", "details", "beschreibung", "artikelbeschreibung",
        "descripcion", "descricao", "descrizione", "deskripsi", "omschrijving", "الوصف"]),
    ("picture", &["image", "image url", "image link", "picture url", "photo", "photo url", "main image", "img", "bild", "bild url", "foto",
        "imagen", "imagem", "immagine", "gambar", "afbeelding", "الصوره"]),
    ("url", &["link", "product url", "product link", "page", "webseite", "enlace", "lien"]),
    ("sku", &["item number", "item no", "item code", "product code", "article number", "article no", "stock code", "artikelnummer",
        "artikelnr", "artikel nr", "art nr", "bestellnummer", "referencia", "codigo", "codigo do produto", "reference", "ref", "codice",
        "codice articolo", "kode produk", "kode barang", "kode", "artikelcode", "code", "nummer", "number", "id", "رقم المنتج"]),
    ("barcode", &["ean", "ean13", "ean code", "gtin", "upc", "isbn", "strichcode", "codigo de barras", "code barres", "codice a barre"]),
    ("mpn", &["part number", "part no", "manufacturer part number", "herstellernummer", "herstellernr", "numero de pieza"]),
    ("price", &["unit price", "retail price", "selling price", "sales price", "regular price", "preis", "verkaufspreis", "vk", "vk preis",
        "bruttopreis", "precio", "precio de venta", "preco", "preco de venda", "prix", "prix de vente", "prix ttc", "prezzo",
        "prezzo di vendita", "harga", "harga jual", "prijs", "السعر"]),
    ("compare_at_price", &["compare at", "compare price", "list price", "old price", "was price", "was", "rrp", "msrp", "uvp", "streichpreis",
        "alter preis", "precio anterior", "preco antigo", "prix barre", "ancien prix", "prezzo precedente", "harga lama"]),
    ("sale_price", &["offer price", "special price", "discount price", "promo price", "angebotspreis", "aktionspreis", "sonderpreis",
        "precio de oferta", "precio oferta", "preco promocional", "prix promo", "prix solde", "prezzo scontato", "harga diskon"]),
    ("currency", &["currency code", "wahrung", "moneda", "moeda", "devise", "valuta", "mata uang", "العمله"]),
    ("stock", &["quantity", "qty", "inventory", "inventory quantity", "stock quantity", "on hand", "in stock", "available", "availability",
        "bestand", "lagerbestand", "lager", "menge", "anzahl", "verfugbar", "existencias", "inventario", "cantidad", "estoque", "quantidade",
        "quantite", "disponibilite", "giacenza", "quantita", "disponibilita", "stok", "jumlah", "voorraad", "aantal", "الكميه", "المخزون"]),
    ("attributes", &["properties", "eigenschaften", "merkmale", "atributos", "attributs", "attributi"]),
    ("more_pictures", &["additional images", "more images", "images", "weitere bilder"]),
];

/// Columns that are options of a variant, and the option's name.
#[rustfmt::skip]
const OPTIONS: [(&str, &[&str]); 3] = [
    ("Size", &["size", "grosse", "groesse", "talla", "tamano", "tamanho", "taille", "taglia", "ukuran", "maat", "المقاس"]),
    ("Colour", &["colour", "color", "farbe", "cor", "couleur", "colore", "warna", "kleur", "اللون"]),
    ("Variant", &["variant", "variante", "variation", "option", "varian"]),
];

/// Codes that may stand behind a price's name; any three letters would make a currency of "net".
#[rustfmt::skip]
const CURRENCIES: [&str; 34] = [
    "eur", "usd", "gbp", "chf", "sek", "nok", "dkk", "pln", "czk", "huf", "ron", "brl", "mxn", "ars", "cop", "clp", "pen", "inr", "idr",
    "aed", "sar", "egp", "mad", "jpy", "cny", "aud", "cad", "nzd", "zar", "try", "sgd", "myr", "thb", "php",
];

/// Where each of our columns is in a merchant's list.
pub struct Columns {
    /// Column of ours → place in the list; nothing where the list has none.
    found: Vec<(&'static str, usize)>,
    /// Options by columns of their own.
    pub options: Vec<(String, usize)>,
    /// The currency a price column names, as in "Price (USD)".
    pub currency: Option<Currency>,
    /// Places of columns that are read.
    read: Vec<usize>,
}

impl Columns {
    /// Finds our columns: by our own names first, then by others.
    pub fn of(header: &Header, ours: &[&'static str]) -> Self {
        let mut made = Self { found: Vec::new(), options: Vec::new(), currency: None, read: Vec::new() };
        for column in ours {
            if let Some(at) = header.find(&[column]) {
                made.take(column, at);
            }
        }
        let plain: Vec<(String, Option<Currency>)> = header.names.iter().map(|name| plain(name)).collect();
        for (column, others) in NAMES {
            let own = column.replace('_', " ");
            let names = [own.as_str()].into_iter().chain(others.iter().copied());
            let free = |name: &str| plain.iter().enumerate().position(|(at, (own, _))| own == name && !made.reads(at));
            if let Some(at) = names.clone().find_map(free).filter(|_| made.at(column).is_none()) {
                made.take(column, at);
            }
        }
        made.currency = made.at("price").and_then(|at| plain.get(at)?.1);
        let named = ["option1_value", "option2_value", "option3_value"].iter().any(|column| made.at(column).is_some());
        for (name, others) in OPTIONS.iter().filter(|_| !named) {
            let free =
                |other: &&str| plain.iter().enumerate().position(|(at, (own, _))| own == other && !made.reads(at));
            if let Some(at) = others.iter().find_map(free) {
                // The merchant's own word, so that shoppers are asked in the shop's language.
                let word = header.names.get(at).map_or(*name, String::as_str);
                made.options.push((capital(word), at));
                made.read.push(at);
            }
        }
        made
    }

    /// Where a column of ours is.
    pub fn at(&self, column: &str) -> Option<usize> {
        self.found.iter().find(|(own, _)| *own == column).map(|(_, at)| *at)
    }

    /// Says which columns are read as which, where the names differ.
    pub fn tell(&self, header: &Header, line: u64, notes: &mut Notes) {
        let other = |(own, at): &(&'static str, usize)| {
            let name = header.names.get(*at).filter(|name| name.as_str() != *own)?;
            Some(format!("\"{}\" as {own}", cell::quote(name)))
        };
        let told: Vec<String> = self.found.iter().filter_map(other).collect();
        if !told.is_empty() {
            notes.warn(line, "", format!("columns are read by their usual names: {}", told.join(", ")));
        }
    }

    /// Whether the column at a place is read.
    pub fn reads(&self, at: usize) -> bool {
        self.read.contains(&at)
    }

    fn take(&mut self, column: &'static str, at: usize) {
        self.found.push((column, at));
        self.read.push(at);
    }
}

/// Other names of a column, for messages.
pub fn others(column: &str) -> String {
    let names = NAMES.iter().find(|(own, _)| *own == column).map_or(&[][..], |(_, names)| *names);
    names.iter().take(8).copied().collect::<Vec<_>>().join(", ")
}

/// A name without accents and signs, and the currency that stands with it: "Preis in €", "Price (USD)".
fn plain(name: &str) -> (String, Option<Currency>) {
    let mut currency = None;
    let spaced = analyse::fold(name).replace(['€', '$', '£', '¥', '₹'], " ");
    for (sign, code) in [('€', "EUR"), ('£', "GBP"), ('₹', "INR")] {
        currency = currency.or_else(|| name.contains(sign).then(|| Currency::parse(code).ok())?);
    }
    let mut words: Vec<&str> = spaced.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    while words.len() > 1
        && let Some(last) = words.last().copied()
    {
        let code = CURRENCIES.contains(&last).then(|| Currency::parse(&last.to_uppercase()).ok()).flatten();
        if code.is_none() && !matches!(last, "in" | "en" | "em") {
            break;
        }
        currency = currency.or(code);
        words.pop();
    }
    (words.join(" "), currency)
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
