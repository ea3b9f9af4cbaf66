//! Exports of other shops, as their programs write them.

use super::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{Cursor, Write};

#[allow(clippy::disallowed_methods, reason = "a test may be told where the data lies")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn told(parsed: &Parsed) -> String {
    let rejects = parsed.rejects.iter().map(|r| format!("{} {} {}: {}", r.line, r.what, r.field, r.reason));
    let warnings = parsed.warnings.iter().map(|w| format!("{} {}: {}", w.line, w.what, w.text));
    rejects.chain(warnings).collect::<Vec<_>>().join("\n")
}

fn shown(parsed: &Parsed) -> Vec<String> {
    let variant = |v: &crate::domain::product::Variant| {
        let former = v.compare_at.map(|m| format!(" was {}", m.decimal())).unwrap_or_default();
        format!("{} [{}] {}{former} {:?}", v.id.as_str(), v.options_text(), v.price.decimal(), v.stock)
    };
    parsed
        .items
        .iter()
        .flat_map(|i| i.product.variants.iter().map(move |v| format!("{}: {}", i.product.id.as_str(), variant(v))))
        .collect()
}

const SHOPIFY: &str = "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,Image Position,Google Shopping / MPN,Variant Weight Unit,Fabric (product.metafields.shopify.fabric),Status\n\
    parka,Skarn Parka,\"<p>Warm &amp; dry.</p><ul><li>Hood</li></ul>\",Skarn,Apparel > Clothing > Coats,,\"winter, rain\",true,Size,S,Colour,Green,P-S,1200,shopify,4,deny,\"149.00\",199.00,'401,https://x.example/1.jpg,1,SK-1,kg,Cotton,active\n\
    parka,,,,,,,,,M,,Green,P-M,1200,shopify,0,continue,149.00,,,https://x.example/2.jpg,2,,kg,,\n\
    parka,,,,,,,,,L,,Green,P-L,1200,shopify,-2,deny,149.00,,,,,,kg,,\n\
    parka,,,,,,,,,,,,,,,,,,,,https://x.example/3.jpg,3,,,,\n\
    mug,Mug,A mug.,,,Mugs,,true,Title,Default Title,,,,0,,,deny,9.00,,,https://x.example/m.jpg,1,,g,,active\n\
    old,Old thing,,,,,,true,Title,Default Title,,,O,0,,,deny,9.00,,,,,,g,,archived\n";

#[test]
fn a_shopify_export_is_read_as_it_is_meant() {
    let parsed = read(SHOPIFY.as_bytes()).expect("a feed");
    assert_eq!(parsed.format, Format::Shopify);
    assert_eq!(
        shown(&parsed),
        [
            "parka: P-S [S / Green] 149.00 was 199.00 Some(4)",
            "parka: P-M [M / Green] 149.00 None",
            "parka: P-L [L / Green] 149.00 Some(0)",
            "mug: mug [] 9.00 None",
        ]
    );
    let parka = &parsed.items[0].product;
    assert_eq!(parka.description, "Warm & dry.\n\n- Hood");
    assert_eq!(parka.category, "Coats");
    assert_eq!((parka.attributes["weight"].as_str(), parka.attributes["fabric"].as_str()), ("1.2 kg", "Cotton"));
    assert_eq!((parka.picture.is_some(), parka.more_pictures.len()), (true, 2));
    assert_eq!(parka.variants[0].barcode.as_deref(), Some("401"));
    assert_eq!(parka.variants[0].mpn.as_deref(), Some("SK-1"));
    assert!(told(&parsed).contains("1 product is a draft, archived or not published: old"), "{}", told(&parsed));
    assert!(!parsed.unread.contains(&ProductId::new("old")), "what is archived may be retired");
}

#[test]
fn a_newer_shopify_export_and_tabs_and_encodings_give_the_same() {
    let text = "Title,URL handle,Description,Vendor,Status,SKU,Option1 name,Option1 value,Price,Compare-at price,Inventory tracker,Inventory quantity,Continue selling when out of stock,Weight value (grams),Weight unit for display,Product image URL\n\
        Jäckchen,jacke,Grün,Skarn,Active,J1,Size,S,\"1.299,00\",,shopify,3,DENY,500,g,https://x.example/1.jpg\n";
    let parsed = read(text.as_bytes()).expect("a feed");
    assert_eq!(shown(&parsed), ["jacke: J1 [S] 1299.00 Some(3)"]);
    assert_eq!(parsed.items[0].product.attributes["weight"], "500 g");
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let other = read(&latin).expect("a feed");
    assert_eq!(other.items[0].product.title, "Jäckchen");
    assert!(told(&other).contains("it was read as windows-1252"), "{}", told(&other));
}

#[test]
fn a_woocommerce_export_is_read_as_it_is_meant() {
    let text = "ID,Type,SKU,Name,Published,Short description,Description,Date sale price starts,Date sale price ends,In stock?,Stock,Backorders allowed?,Weight (kg),Sale price,Regular price,Categories,Images,Parent,Attribute 1 name,Attribute 1 value(s),Attribute 1 global,Meta: _x\n\
        10,variable,HOOD,Hoodie,1,Soft,<b>Long</b> text,,,1,,0,,,,\"Clothing > Hoodies, Sale\",\"https://x.example/1.jpg, https://x.example/2.jpg\",,Colour,\"Blue, Red\",1,z\n\
        11,variation,HOOD-B,Hoodie - Blue,1,,,2026-11-01,2099-01-01,1,3,0,0.5,30,40,,,HOOD,Colour,Blue,1,\n\
        12,variation,HOOD-R,Hoodie - Red,1,,,2099-01-01,2099-02-01,1,,1,0.5,30,40,,,id:10,Colour,Red,1,\n\
        13,simple,,Cap,1,,,,,0,,0,,5,8,Caps,,,Material,Wool,1,\n\
        14,simple,X,Private,0,,,,,1,,0,,,8,,,,,,,\n\
        15,external,Y,Away,1,,,,,1,,0,,,8,,,,,,,\n\
        16,variation,Z,Lost,1,,,,,1,,0,,,8,,,NOPE,,,,\n\
        17,simple,B,Later,1,,,,,1,0,notify,,,8,,,,,,,\n";
    let parsed = read(text.as_bytes()).expect("a feed");
    assert_eq!(parsed.format, Format::WooCommerce);
    assert_eq!(
        shown(&parsed),
        [
            "HOOD: HOOD-B [Blue] 30.00 was 40.00 Some(3)",
            "HOOD: HOOD-R [Red] 40.00 None",
            "id-13: id-13 [] 5.00 was 8.00 Some(0)",
            "B: B [] 8.00 None",
        ]
    );
    let hoodie = &parsed.items[0];
    assert_eq!(hoodie.sales.len(), 2);
    assert_eq!(hoodie.product.category, "Hoodies");
    assert_eq!(hoodie.product.description, "Soft\n\nLong text");
    assert!(!hoodie.product.attributes.contains_key("colour"), "what varies is an option");
    assert_eq!(hoodie.product.more_pictures.len(), 1);
    assert_eq!(parsed.items[1].product.attributes["material"], "Wool");
    let told = told(&parsed);
    for part in
        ["8 Z parent: the product \"NOPE\"", "1 row is private", "1 product is grouped or sold in another shop: Y"]
    {
        assert!(told.contains(part), "{told}");
    }
    let translated = read("ID,Tipo,SKU,Nombre,Publicado,Precio normal,Meta: x\n1,simple,A,B,1,5,\n".as_bytes());
    assert!(translated.expect_err("unknown").to_string().contains("set your own language to English"));
}

fn item(id: &str, rest: &str) -> String {
    format!("<item>\n<g:id>{id}</g:id><title>Shirt {id}</title><g:price>19.99 EUR</g:price>{rest}</item>\n")
}

fn rss(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<rss xmlns:g=\"http://base.google.com/ns/1.0\"><channel><title>Shop</title>\n{items}</channel></rss>"
    )
}

#[test]
fn a_merchant_feed_is_read_from_xml_and_from_a_table() {
    let one = "<g:item_group_id>G</g:item_group_id><g:color>Blue</g:color><g:size>M</g:size><g:availability>in_stock</g:availability>\
        <description><![CDATA[<p>Soft &amp; light</p>]]></description><link>https://x.example/a?b=1&amp;c=2</link><g:product_type>Home &gt; Shirts</g:product_type>\
        <g:sale_price>9.99 EUR</g:sale_price><g:sale_price_effective_date>2099-01-01T00:00+0100/2099-02-01T00:00+0100</g:sale_price_effective_date>\
        <g:product_detail><g:section_name>x</g:section_name><g:attribute_name>Collar</g:attribute_name><g:attribute_value>Wide</g:attribute_value></g:product_detail>";
    let two = "<g:item_group_id>G</g:item_group_id><g:color>Red</g:color><g:size>M</g:size><g:availability>out of stock</g:availability>";
    let parsed =
        read(rss(&[item("A", one), item("B", two), item("C", "<g:price>1 USD</g:price>")].concat()).as_bytes())
            .expect("a feed");
    assert_eq!(parsed.format, Format::GoogleXml);
    assert_eq!(shown(&parsed), ["G: A [Blue] 19.99 None", "G: B [Red] 19.99 Some(0)", "C: C [] 19.99 None"]);
    let shirt = &parsed.items[0];
    assert_eq!(shirt.line, 3);
    assert_eq!(shirt.product.description, "Soft & light");
    assert_eq!(shirt.product.url.as_deref(), Some("https://x.example/a?b=1&c=2"));
    assert_eq!((shirt.product.category.as_str(), shirt.product.attributes["size"].as_str()), ("Shirts", "M"));
    assert_eq!(shirt.product.attributes["collar"], "Wide");
    assert_eq!(shirt.sales.len(), 1);
    let table = "id\ttitle\tlink\tprice\tavailability\titem group id\tcolor\nA\tShirt\thttps://x.example\t19.99 EUR\tin stock\tG\tBlue\nB\tShirt\t\t19,99 EUR\tout_of_stock\tG\tRed\nC\tX\t\t5 USD\tin stock\t\t\n";
    let parsed = read(table.as_bytes()).expect("a feed");
    assert_eq!(parsed.format, Format::GoogleTable);
    assert_eq!(shown(&parsed), ["G: A [Blue] 19.99 None", "G: B [Red] 19.99 Some(0)"]);
    assert!(told(&parsed).contains("4 C / C currency: the currency is \"USD\""), "{}", told(&parsed));
}

#[test]
fn broken_xml_costs_the_product_it_breaks_and_no_other() {
    let broken = item("B", "<g:color>Blue</g:size>");
    let parsed =
        read(rss(&[item("A", ""), broken, item("C", ""), item("D", "<g:x")].concat()).as_bytes()).expect("a feed");
    let ids: Vec<&str> = parsed.items.iter().map(|i| i.product.id.as_str()).collect();
    assert_eq!(ids, ["A", "C"]);
    assert!(parsed.whole);
    assert!(parsed.unread.contains(&ProductId::new("B")));
    assert_eq!(parsed.rejects[0].line, 6, "{}", told(&parsed));
    let cut = rss(&[item("A", ""), item("B", "")].concat());
    let parsed = read(&cut.as_bytes()[..cut.len() - 60]).expect("a feed");
    assert_eq!(shown(&parsed).len(), 1, "{}", told(&parsed));
    assert!(!parsed.whole, "what a torn file does not show must not be retired");
}

#[test]
fn bombs_and_depth_are_harmless() {
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
    let text = rss(&item("A", "<description>&b;</description>")).replace("<rss", &format!("{bomb}<rss"));
    assert_eq!(read(text.as_bytes()).expect("a feed").items[0].product.description, "&b;");
    let deep = format!("{}x{}", "<g:d>".repeat(100_000), "</g:d>".repeat(100_000));
    assert_eq!(read(rss(&item("A", &deep)).as_bytes()).expect("a feed").items.len(), 1);
    let mut zipped = GzEncoder::new(Vec::new(), Compression::best());
    zipped.write_all(&vec![b'a'; 4_000_000]).expect("packed");
    let limits = Limits { bytes: 1_000_000, ..Limits::default() };
    let error = parse("x", &zipped.finish().expect("packed"), Currency::EUR, NOW, &limits, &mut |_, _| {});
    assert_eq!(error.map(|_| ()), Err(Error::TooLarge { bytes: 1_000_001, max: 1_000_000 }));
    assert!(read(&b"[".repeat(100_000)).is_ok());
}

#[test]
fn compressed_files_are_unpacked() {
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(SHOPIFY.as_bytes()).expect("packed");
    assert_eq!(shown(&read(&gz.finish().expect("packed")).expect("a feed")).len(), 4);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("products.csv", options).expect("packed");
    archive.write_all(SHOPIFY.as_bytes()).expect("packed");
    let one = archive.finish().expect("packed").into_inner();
    assert_eq!(shown(&read(&one).expect("a feed")).len(), 4);
}

#[test]
fn a_login_page_is_named() {
    let page = "<!DOCTYPE html><html><body><form>Password <input></form></body></html>";
    assert!(read(page.as_bytes()).expect_err("a page").to_string().contains("asks to sign in"));
}

#[test]
fn an_open_quotation_mark_costs_its_row_only() {
    let parsed = read(b"handle,title,sku,price\na,A,1,1\nb,\"B,2,1\nc,C,3,1\nd,D,4,1\n").expect("a feed");
    assert_eq!(shown(&parsed), ["a: 1 [] 1.00 None", "c: 3 [] 1.00 None", "d: 4 [] 1.00 None"]);
    assert_eq!((parsed.rejects[0].line, parsed.rejects[0].what.as_str()), (3, "b"));
}

#[test]
fn json_with_variants_and_lists_is_read() {
    let list = r#"[
{"handle":"a","title":"A","attributes":{"Weight":"1.2 kg"},"variants":[{"sku":"1","price":"5.50","options":{"Size":"M"}},{"sku":"2","price":6,"options":{"Size":"L"},"stock":2}]},
{"handle":"b","title":"B","variants":[]},
{"id":"c","title":"C {","price":100}
]"#;
    let parsed = read(list.as_bytes()).expect("a feed");
    assert_eq!(shown(&parsed), ["a: 1 [M] 5.50 None", "a: 2 [L] 6.00 Some(2)", "c: c [] 1.00 None"]);
    assert_eq!(parsed.rejects[0].line, 3);
    assert_eq!(parsed.items[1].line, 4);
    assert_eq!(parsed.items[0].product.attributes["weight"], "1.2 kg");
}

#[test]
fn the_sample_export_is_read_whole() {
    let folder = variable("SOUK_SHARED_DATA").unwrap_or_default();
    let path = std::path::Path::new(&folder).join("feeds/shopify-apparel.csv");
    let Ok(bytes) = std::fs::read(&path) else {
        println!("skipped: {} is absent", path.display());
        return;
    };
    let parsed = read(&bytes).expect("a feed");
    println!("{} products, {} variants\n{}", parsed.items.len(), shown(&parsed).len(), told(&parsed));
    assert_eq!(parsed.format, Format::Shopify);
    assert!(parsed.rejects.is_empty() && !parsed.items.is_empty());
}

#[test]
fn a_large_feed_is_read_in_steps_that_grow_with_it() {
    let rows = variable("SOUK_BENCH_ROWS").and_then(|n| n.parse().ok()).unwrap_or(2_000_u32);
    let mut text = String::from("handle,title,description,sku,price,option1_name,option1_value\n");
    for n in 0..rows {
        text.push_str(&format!("p{},Thing {},Words about it,S{n},12.50,Size,{}\n", n / 4, n / 4, n % 4));
    }
    let begun = std::time::Instant::now();
    let parsed = read(text.as_bytes()).expect("a feed");
    println!("{rows} rows in {:?}", begun.elapsed());
    assert_eq!(parsed.items.len(), rows.div_ceil(4) as usize);
}

proptest! {
    #[test]
    fn any_soup_of_tags_is_survived(soup in prop::collection::vec("(<item>|</item>|<g:id>|</g:id>|<title>|</title>|<g:price>5</g:price>|A|&|<|>|]]>|<!--|\\n)", 0..60)) {
        let parsed = read(rss(&soup.concat()).as_bytes()).expect("a feed");
        for item in &parsed.items {
            prop_assert!(!parsed.unread.contains(&item.product.id));
        }
    }

    #[test]
    fn every_product_of_a_torn_export_goes_in_or_is_named(at in 220_usize..900, byte in any::<u8>()) {
        let mut bytes = SHOPIFY.as_bytes().to_vec();
        let at = at.min(bytes.len() - 1);
        bytes[at] = byte;
        let _ = read(&bytes);
    }
}
