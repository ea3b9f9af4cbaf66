//! Measures as they are written, bounded, and said of products.

use crate::catalog::understand::{By, Vocabulary, by, meets, understand, variant_meets};
use crate::domain::id::{ProductId, VariantId};
use crate::domain::money::{Currency, Money};
use crate::domain::product::{Choice, Product, Variant};

fn shown(text: &str) -> String {
    let wish = understand(text, Currency::EUR, &Vocabulary::default());
    let told: Vec<String> =
        wish.measures.iter().map(|m| format!("{:?} {m} [{}]", m.dimension, (m.value * 10.0).round() / 10.0)).collect();
    format!("{} | {}", wish.words, told.join(", "))
}

#[test]
fn measures_are_read_however_they_are_written() {
    for (text, expected) in [
        ("17\" laptop", "17 laptop | Length 17 in [431.8]"),
        ("17-inch laptop", "17-inch laptop | Length 17 in [431.8]"),
        ("1/2\" pipe", "1/2 pipe | Length 1/2 in [12.7]"),
        ("3 1/2 inch drive", "3 1/2 inch drive | Length 3 1/2 in [88.9]"),
        ("½ l bottle", "l bottle | Volume 1/2 l [500]"),
        ("16 fl oz tumbler", "16 fl oz tumbler | Volume 16 fl oz [473.2]"),
        ("cable 10 ft", "cable 10 ft | Length 10 ft [3048]"),
        ("500GB ssd", "500GB ssd | Storage storage 500 gb [500000]"),
        ("16 GB of ram or a 2 m rope", "16 GB of ram or a 2 m rope | Storage 16 gb [16000], Length 2 m [2000]"),
        ("at least 16 GB ram laptop", "ram laptop | Storage ram ≥ 16 gb [16000]"),
        ("under 1 kg", " | Mass ≤ 1 kg [1000]"),
        ("rope 10 to 20 m", "rope | Length ≥ 10 m [10000], Length ≤ 20 m [20000]"),
        ("about 2 kg", " | Mass ≥ 2 kg [1600], Mass ≤ 2 kg [2400]"),
        ("lighter than 900g", " | Mass ≤ 900 g [900]"),
        (
            "a shelf not wider than 80 cm and no higher than 2 m",
            "a shelf | Length width ≤ 80 cm [800], Length height ≤ 2 m [2000]",
        ),
        (
            "100W 240V 5000mAh 2.4 GHz",
            "100W 240V 5000mAh 2.4 GHz | Power 100 w [100], Voltage 240 v [240], Charge 5000 mah [5000], Frequency 2.4 ghz [2400000000]",
        ),
        // None of these is one.
        ("size M, 2 M", "size M 2 M | "),
        ("3 in stock", "3 | "),
        ("within 150 km", "within 150 km | "),
        ("18x18 tiles", "18x18 tiles | "),
        ("2-person tent", "2-person tent | "),
        ("under 20 minutes", "under 20 minutes | "),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

fn product(title: &str, attributes: &[(&str, &str)], options: &[(&str, &str)]) -> Product {
    let variant = |(name, value): &(&str, &str)| Variant {
        id: VariantId::new(*value),
        options: vec![Choice { name: (*name).to_owned(), value: (*value).to_owned() }],
        price: Money::new(1, Currency::EUR),
        compare_at: None,
        stock: None,
        barcode: None,
        mpn: None,
    };
    Product {
        id: ProductId::new(title),
        title: title.to_owned(),
        brand: String::new(),
        category: String::new(),
        description: String::new(),
        attributes: attributes.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        picture: None,
        more_pictures: Vec::new(),
        url: None,
        variants: options.iter().map(variant).collect(),
    }
}

#[test]
fn a_product_meets_a_measure_or_not_or_does_not_tell() {
    let measure = |text: &str| understand(text, Currency::EUR, &Vocabulary::default()).measures.remove(0);
    let laptop = product(
        "Notebook 15.6\" 16 GB RAM 512 GB SSD",
        &[("weight", "1.8 kg"), ("width (mm)", "360"), ("max load weight", "90 kg"), ("charging time", "2 h")],
        &[],
    );
    for (text, met) in [
        ("under 2 kg", Some(true)),
        ("under 4 lb", Some(true)),
        ("under 1.5 kg", Some(false)),
        ("over 50 kg", Some(false)),
        ("at least 16 GB ram", Some(true)),
        ("at least 32 GB ram", Some(false)),
        ("at least 500 GB storage", Some(true)),
        ("at least 1 TB ssd", Some(false)),
        ("15.6 inch", Some(true)),
        ("17 inch", Some(false)),
        ("not wider than 40 cm", Some(true)),
        ("not wider than 30 cm", Some(false)),
        ("at least 5000 mAh", None),
        ("at least 20 l", None),
    ] {
        assert_eq!(meets(&laptop, &measure(text)), met, "{text}");
    }
    let pack = product("Pack", &[("weight", "900 g")], &[("Volume", "28 L"), ("Volume", "40 L")]);
    let wanted = measure("at least 30 l");
    assert_eq!(meets(&pack, &wanted), Some(true));
    let each: Vec<_> = pack.variants.iter().map(|v| variant_meets(&pack, v, &wanted)).collect();
    assert_eq!(each, [Some(false), Some(true)]);
    // A width alone does not say how large a screen is.
    assert_eq!(meets(&product("TV", &[("width", "90 cm")], &[]), &measure("32 inch")), None);
}

#[test]
fn products_are_ordered_by_what_they_say() {
    let light = product("Tent", &[("weight", "900 g")], &[]);
    let heavy = product("Tent", &[("weight", "2.1 kg")], &[]);
    assert!(by(&light, By::Lightest) < by(&heavy, By::Lightest));
    assert!(by(&heavy, By::Heaviest) < by(&light, By::Heaviest));
    assert_eq!(by(&product("Tent", &[], &[]), By::Lightest), None);
    assert_eq!(by(&light, By::Newest), None);
}
