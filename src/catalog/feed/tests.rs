//! Feeds as merchants really write them.

use super::*;
use crate::catalog::feed::note::Kind;

mod formats;
mod lists;
use proptest::prelude::*;

const HEADER: &str = "handle,title,brand,category,description,attributes,picture,option1_name,option1_value,option2_name,option2_value,sku,barcode,price,compare_at_price,currency,stock\n";

const NOW: Timestamp = Timestamp::constant(1_795_000_000, 0);

fn read(bytes: &[u8]) -> Result<Parsed, Error> {
    parse("shop.csv", bytes, Currency::EUR, NOW, &Limits::default(), &mut |_, _| {})
}

fn rows(rows: &str) -> Parsed {
    read(format!("{HEADER}{rows}").as_bytes()).expect("a feed")
}

fn short(rows: &str) -> Parsed {
    read(format!("handle,title,sku,price,compare_at_price,currency,stock\n{rows}").as_bytes()).expect("a feed")
}

fn complaints(parsed: &Parsed) -> String {
    let rejects =
        parsed.rejects.iter().map(|r| format!("{} {} {}: {} → {}", r.line, r.what, r.field, r.reason, r.remedy));
    let warnings = parsed.warnings.iter().filter(|w| w.kind != Kind::Answers);
    let warnings = warnings.map(|w| format!("{} {}: {}", w.line, w.what, w.text));
    rejects.chain(warnings).collect::<Vec<_>>().join("\n")
}

#[test]
fn rows_of_one_handle_are_one_product() {
    let parsed = rows(
        "jacket,Rain  Jacket,Skarn,Rain jackets,\"Dry,\nlong.\",Waterproof: yes; boil time: 3:30 min,j.svg,Size,M,Colour,Blue,J-M,409,79.90,99.90,EUR,3\n\
         jacket,,,,,,,,L,,Blue,J-L,,79.90,79.90,,\n",
    );
    assert_eq!(complaints(&parsed), "");
    let [item] = parsed.items.as_slice() else { panic!("one product") };
    assert_eq!(item.line, 2);
    assert_eq!(item.product.title, "Rain Jacket");
    assert_eq!(item.product.description, "Dry,\nlong.");
    assert_eq!(item.product.attributes["waterproof"], "yes");
    assert_eq!(item.product.attributes["boil time"], "3:30 min");
    let shown: Vec<_> = item
        .product
        .variants
        .iter()
        .map(|v| (v.options_text(), v.price.minor, v.compare_at.map(|m| m.minor), v.stock))
        .collect();
    assert_eq!(shown, [("M / Blue".into(), 7990, Some(9990), Some(3)), ("L / Blue".into(), 7990, None, None)]);
}

#[test]
fn every_bad_row_says_where_what_why_and_how_to_mend_it() {
    let parsed = short(
        "a,A,A1,\"12,50\",,,\n,No handle,X,1,,,\nb,B,,1,,,\nc,C,A2,€5,,,\nd,D,D1,5,4,,2\nd,,D1,5,,,\ne,E,E1,5,,USD,\n\
         f,F,F1,5,,,-3\ng,G,G1,5,,,1.5\nh,,H1,5,,,\ni,I,I1,5\nj,J,J1,\"1.299,00\",,,\nk,K,K1,,,,\nd,Other,D2,7,x,EUR,0\nl,L,L1,5,,,,,extra\n",
    );
    insta::assert_snapshot!(complaints(&parsed), @r##"
    3 X handle: the handle is missing → give the row a handle
    4 b sku: the sku is missing → give the row a sku
    7 d / D1 sku: the SKU "D1" stands already in line 6 → give every variant its own SKU
    8 e / E1 currency: the currency is "USD", the shop sells in EUR → write the price in EUR, or change the shop's currency
    10 g / G1 stock: "1.5" is not a whole number → write a whole number of pieces, or leave it empty when they are not counted
    12 i row: the row has 4 cells, the header has 7 → put texts that contain the separator in quotation marks, and keep empty cells
    14 k / K1 price: the price is missing → write a price such as 149.90
    16 l row: the row has 9 cells, the header has 7 → put texts that contain the separator in quotation marks, and keep empty cells
    11 h title: the product has no title → write the title on the first row of the handle
    6 D1: compare_at_price 4.00 is below the price 5.00; left out
    15 d: the rows of this product do not stand together (first in line 6)
    15 d: the title differs from that in line 6, which is kept
    15 D2: compare_at_price: "x" is not a price; left out (write digits with a point, such as 149.90)
    2 : 2 prices have a decimal comma and were read with it: 12,50, 1.299,00
    "##);
    let ids: Vec<&str> = parsed.items.iter().map(|i| i.product.id.as_str()).collect();
    assert_eq!(ids, ["a", "c", "d", "f", "j"]);
    let unread: Vec<&str> = parsed.unread.iter().map(ProductId::as_str).collect();
    assert_eq!(unread, ["b", "e", "g", "h", "i", "k", "l"]);
}

#[test]
fn options_and_attributes_are_checked() {
    let parsed = rows(
        "a,A,,,,waterproof; : x; k: 1; K: 2,../etc/passwd,Size,,,,A1,,1,,,\n\
         a,,,,,,,,M,,,A2,,1,,,\n\
         a,,,,,,,,m,,,A3,,1,,,\n\
         b,B,,,,,http://x.example/b.png,,M,,,B1,,1,,,\n\
         b,,,,,,,,,,,B2,,1,,,\n",
    );
    insta::assert_snapshot!(complaints(&parsed), @r##"
    2 a / A1 option1_value: the option "Size" has no value → write the value, such as M, or leave the name empty
    5 b / B1 option1_value: the value "M" belongs to no option → write the option's name, such as Size, beside it
    2 a: attribute "waterproof" has no "key: value"; left out
    2 a: attribute "" has an empty key or value; left out
    2 a: attribute "k" stands twice; left out
    2 a: picture "../etc/passwd" is neither a file name nor an https address; left out
    "##);
    assert_eq!(parsed.items[1].product.picture.as_deref(), Some("https://x.example/b.png"));
}

#[test]
fn separators_line_ends_and_marks_are_told_apart() {
    for (separator, end) in [(",", "\n"), (";", "\r\n"), ("\t", "\r"), (",", "\r\n\r\n")] {
        let text =
            ["sku,HANDLE,price,Title", "1,a,5,\"x\r\ny\"", "2,b,six,B", "3,c,7,C"].join(end).replace(',', separator);
        let parsed = read(format!("\u{feff}{text}").as_bytes()).expect("a feed");
        assert_eq!(parsed.items.iter().map(|i| i.product.title.as_str()).collect::<Vec<_>>(), ["x y", "C"]);
        let blank = if end.len() == 4 { 2 } else { 1 };
        assert_eq!(parsed.rejects[0].line, 3 + 2 * (blank - 1) + 1, "{separator:?} {end:?}");
    }
}

#[test]
fn what_is_no_feed_says_what_it_is() {
    let error = |bytes: &[u8]| read(bytes).expect_err("no feed").to_string();
    let told = [
        error(b""),
        error(b" \n "),
        error(b"PK\x03\x04..."),
        error(b"<html>"),
        error(b"hello there"),
        error(b"handle,sku,price\na,b,1"),
        error(b"%PDF-1.7"),
        error(b"<?xml version=\"1.0\"?><urlset/>"),
    ];
    insta::assert_snapshot!(told.join("\n"), @r##"
    the file is empty
    the file is empty
    this is not a product feed Souk can read: it is a damaged archive; pack or export it anew
    this is not a product feed Souk can read: it is a web page; use the address of the feed itself, or export the products as CSV
    this is not a product feed Souk can read: the first line of shop.csv must name columns: handle,title,brand,category,description,attributes,picture,more_pictures,url,option1_name,option1_value,option2_name,option2_value,option3_name,option3_value,sku,barcode,mpn,price,compare_at_price,sale_price,sale_from,sale_until,currency,stock
    the header has no column "title" (nor name, product name, product title, item name, product, item, article, artikelbezeichnung); it has: handle, sku, price
    this is not a product feed Souk can read: it is a PDF; export the products as CSV
    this is not a product feed Souk can read: it is a sitemap; give it as a web site of texts, and the products as a feed
    "##);
    let tiny = Limits { bytes: 3, rows: 1 };
    assert_eq!(
        parse("x", b"1234", Currency::EUR, NOW, &tiny, &mut |_, _| {}).map(|p| p.items.len()),
        Err(Error::TooLarge { bytes: 4, max: 3 })
    );
}

#[test]
fn limits_cut_and_say_so() {
    let few = Limits { rows: 2, ..Limits::default() };
    let text = "handle,title,sku,price,shelf\na,A,1,1,x\nb,B,2,1,x\nc,C,3,1,x\n";
    let mut steps = Vec::new();
    let parsed = parse("x", text.as_bytes(), Currency::EUR, NOW, &few, &mut |done, all| steps.push((done, all)))
        .expect("a feed");
    assert_eq!(parsed.items.len(), 2);
    assert_eq!(
        complaints(&parsed),
        "1 shelf: this column is not known and was not read\n4 : only the first 2 rows were read; split the file"
    );
    assert_eq!(steps, [(text.len() as u64, text.len() as u64)]);
    let long = short(&format!("a,{},A1,1,,,\nb,B,B1,1,,,\na,,A2,1,,,\n", "é".repeat(400)));
    assert_eq!(long.items[0].product.title.chars().count(), 300);
    assert!(complaints(&long).contains("do not stand together (first in line 2)"), "{}", complaints(&long));
}

#[test]
fn json_lines_become_products_of_one_variant() {
    let parsed = read(
        br#"{"id":"7","name":"dv7","title":"HP Pavilion","ean":["088"],"short_description":"d","supplier":"HP","price":10995,"img_500x500":"http://i.example/x.jpg","attr_t_product_type":"Notebook","attr_n_display_diagonal":17.0,"attr_b_touch__screen_":false}
{"id":"8","title":"No price"}
{"id":"7","title":"Twice","price":1}
not json

{"id":9,"title":"Number","price":12.5}
"#,
    )
    .expect("a feed");
    insta::assert_snapshot!(complaints(&parsed), @r##"
    2 8 price: the price is missing → write the price as a whole number of minor units, 1250 for 12.50
    3 7 id: the id stands already in line 1 → give every product its own id
    4  line: the line is not a JSON object (expected ident at line 1 column 2) → write one JSON object a line
    6 9 price: "12.5" is not a price in minor units → write the price as a whole number of minor units, 1250 for 12.50
    "##);
    let [item] = parsed.items.as_slice() else { panic!("one product") };
    insta::assert_json_snapshot!(item.product, @r##"
    {
      "id": "7",
      "title": "HP Pavilion",
      "brand": "HP",
      "category": "Notebook",
      "description": "d",
      "attributes": {
        "display diagonal": "17",
        "part number": "dv7",
        "product type": "Notebook",
        "touch screen": "no"
      },
      "picture": "https://i.example/x.jpg",
      "variants": [
        {
          "id": "7",
          "options": [],
          "price": {
            "minor": 10995,
            "currency": "EUR"
          },
          "compare_at": null,
          "stock": null,
          "barcode": "088"
        }
      ]
    }
    "##);
    assert_eq!(parsed.unread.iter().map(ProductId::as_str).collect::<Vec<_>>(), ["8", "9"]);
}

#[test]
fn the_demo_shop_reads_without_a_word() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge/products.csv");
    let Ok(bytes) = std::fs::read(&path) else {
        println!("skipped: {} is absent", path.display());
        return;
    };
    let parsed = read(&bytes).expect("a feed");
    assert_eq!(complaints(&parsed), "");
    assert!(parsed.items.len() > 100);
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
    }

    #[test]
    fn any_rows_give_only_sellable_products(cells in "([a-c]?,[A-B]?,[1-4]?,[0-9.,\"€-]{0,5},[0-9]?,(EUR|USD)?,-?[0-9]?(\r?\n|;)){0,12}") {
        let parsed = short(&cells);
        let mut skus = BTreeSet::new();
        for item in &parsed.items {
            prop_assert!(!item.product.title.is_empty() && !item.product.variants.is_empty());
            prop_assert!(!parsed.unread.contains(&item.product.id));
            for variant in &item.product.variants {
                prop_assert!(skus.insert(variant.id.clone()), "an SKU came twice");
                prop_assert!(variant.stock.is_none_or(|s| s >= 0) && variant.price.minor >= 0);
            }
        }
    }

    #[test]
    fn any_json_line_is_survived(line in "\\{\"id\":\"?[0-9a]{0,2}\"?,\"title\":\"x\",\"price\":[0-9e.-]{0,6}\\}\n?") {
        let _ = read(line.as_bytes());
    }
}
