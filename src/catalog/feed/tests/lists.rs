//! Merchants' own lists, with the names they have always given their columns.

use super::*;

fn shown(list: &str) -> String {
    let parsed = read(list.as_bytes()).expect("a list");
    let variant = |v: &crate::domain::product::Variant| {
        format!("{} [{}] {} {:?}", v.id.as_str(), v.options_text(), v.price.decimal(), v.stock)
    };
    let item = |item: &Item| {
        let variants: Vec<String> = item.product.variants.iter().map(variant).collect();
        format!("{} {}: {}", item.product.id.as_str(), item.product.title, variants.join(", "))
    };
    let items: Vec<String> = parsed.items.iter().map(item).collect();
    format!("{}\n{}", items.join("\n"), complaints(&parsed))
}

#[test]
fn columns_are_known_by_their_usual_names() {
    insta::assert_snapshot!(shown(
        "Artikelnummer;Bezeichnung;Preis in €;Bestand;EK netto\nA-1;Wanderschuh;ab 9,99 €;5;3\nA-2;Zelt;1.299,00;ja;700\n\
         A-2;Zelt grün;1.199,00;2;700\n;Ohne Nummer;5;1;2\nA-4;Kein Preis;;3;2\nA-5;Seil;12 USD;ausverkauft;3"
    ), @r##"
    A-2 Zelt: A-2 [] 1299.00 None
    Ohne Nummer Ohne Nummer: Ohne-Nummer [] 5.00 Some(1)
    2 A-1 / A-1 price: "ab 9,99 €" is not a price → write 9.99 if that is the price
    4 A-2 / A-2 sku: the SKU "A-2" stands already in line 3 → give every variant its own SKU
    6 A-4 / A-4 price: the price is missing → write a price such as 149.90
    7 A-5 / A-5 currency: the currency is "USD", the shop sells in EUR → write the price in EUR, or change the shop's currency
    1 : columns are read by their usual names: "bezeichnung" as title, "artikelnummer" as sku, "preis in €" as price, "bestand" as stock
    1 ek netto: this column is not known and was not read
    4 A-2: the title differs from that in line 3, which is kept
    3 : 1 price has a decimal comma and was read with it: 1.299,00
    "##);
    insta::assert_snapshot!(shown("Nombre,Precio,Talla,Color\nBota,90,42,Negro\nBota,90,43,Negro\nGorro,15,,Rojo\n"), @r##"
    Bota Bota: Bota/42/Negro [42 / Negro] 90.00 None, Bota/43/Negro [43 / Negro] 90.00 None
    Gorro Gorro: Gorro/Rojo [Rojo] 15.00 None
    1 : columns are read by their usual names: "nombre" as title, "precio" as price
    "##);
    insta::assert_snapshot!(shown("name,price (USD)\nMug,5\n"), @r##"
    2 Mug currency: the currency is "USD", the shop sells in EUR → write the price in EUR, or change the shop's currency
    1 : columns are read by their usual names: "name" as title, "price (usd)" as price
    "##);
    insta::assert_snapshot!(shown("product_name,unit_price,handle,sku,qty\nMug,5,mug,M1,3\nMug,6,mug,M2,\n"), @r##"
    mug Mug: M1 [] 5.00 Some(3), M2 [] 6.00 None
    1 : columns are read by their usual names: "product_name" as title, "unit_price" as price, "qty" as stock
    "##);
}

#[test]
fn a_list_without_names_or_prices_says_what_is_missing() {
    let error = |list: &str| read(list.as_bytes()).expect_err("no list").to_string();
    insta::assert_snapshot!(error("sku,bestand,beschreibung\n1,2,x\n"), @r##"the header has no column "title" (nor name, product name, product title, item name, product, item, article, artikelbezeichnung); it has: sku, bestand, beschreibung"##);
    assert!(error("farbe,lager\nrot,1\n").contains("must name columns"));
}
