//! From a sentence to the variants that meet it.

use super::*;
use crate::catalog::understand::Vocabulary;
use crate::domain::money::Currency;
use crate::domain::product::Choice;

fn product(id: &str, title: &str, attributes: &[(&str, &str)], volumes: &[&str]) -> Product {
    let variant = |volume: &&str| Variant {
        id: VariantId::new(format!("{id}-{volume}")),
        options: vec![Choice { name: "Volume".to_owned(), value: (*volume).to_owned() }],
        price: Money::new(5_000, Currency::EUR),
        compare_at: None,
        stock: None,
        barcode: None,
        mpn: None,
    };
    Product {
        id: ProductId::new(id),
        title: title.to_owned(),
        brand: "Tern".to_owned(),
        category: "Packs".to_owned(),
        description: "Comes without leather.".to_owned(),
        attributes: attributes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        picture: None,
        more_pictures: Vec::new(),
        url: None,
        variants: volumes.iter().map(variant).collect(),
    }
}

/// The variants of four packs that a sentence leaves.
fn left(text: &str) -> String {
    let packs = [
        product("hide", "Hide pack", &[("material", "leather"), ("weight", "1.4 kg")], &["20 L", "30 L"]),
        product("air", "Air pack", &[("material", "nylon"), ("weight (g)", "850")], &["20 L", "45 L"]),
        product("free", "Leather-free pack", &[], &["1.5 gal"]),
    ];
    let vocabulary = Vocabulary::from_products(&packs);
    let wish = understand::understand(text, Currency::EUR, &vocabulary);
    packs.iter().flat_map(|pack| matching(pack, &wish)).map(|id| id.to_string()).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_is_excluded_is_left_out_and_what_says_nothing_stays() {
    assert_eq!(left("a pack"), "hide-20 L hide-30 L air-20 L air-45 L free-1.5 gal");
    assert_eq!(left("a pack, not leather"), "air-20 L air-45 L free-1.5 gal");
    assert_eq!(left("mochila sin cuero"), "air-20 L air-45 L free-1.5 gal");
    assert_eq!(left("a pack under 1 kg"), "air-20 L air-45 L free-1.5 gal");
    assert_eq!(left("pack of at least 40 litres"), "air-45 L");
    assert_eq!(left("pack between 25 and 35 l"), "hide-30 L");
    assert_eq!(left("pack at most 6 l"), "free-1.5 gal");
    assert_eq!(left("a pack under 2 kg, not leather, not Tern"), "");
}

#[test]
fn measures_are_dropped_by_name() {
    let wish = understand::understand("blue pack under 1 kg below 40 euros", Currency::EUR, &Vocabulary::default());
    let stages = relaxations(&wish, false, "en");
    let dropped: Vec<String> = stages.iter().map(|(_, dropped)| dropped.join(" + ")).collect();
    assert_eq!(dropped, ["", "≤ 1 kg", "the price limit", "≤ 1 kg + the price limit"]);
}

#[test]
fn a_word_the_shop_has_only_in_names_of_other_things_gives_way_to_its_own_word() {
    let goods = |second: &str| -> Vocabulary {
        let titles = (0..30).flat_map(|n| [format!("Laptop sleeve S{n}"), format!("{second} N{n} 14 GB Black")]);
        let goods: Vec<Product> = titles.map(|title| product(&title, &title, &[], &["1 L"])).collect();
        Vocabulary::from_products(&goods)
    };
    let asked = |query: &str, vocabulary: &Vocabulary| {
        let wish = understand::understand(query, Currency::EUR, vocabulary);
        let asked = asked::Asked::read(query, &wish, vocabulary);
        (asked.spoken.clone(), asked.tokens(query, &wish))
    };
    let notebooks = goods("Notebook");
    assert_eq!(asked("laptops", &notebooks), ("notebook".to_owned(), vec!["notebook".to_owned()]));
    assert_eq!(asked("laptop sleeve", &notebooks).0, "laptop sleeve", "there it names nothing");
    assert_eq!(asked("laptop", &goods("Kettle")).0, "laptop", "no word of its own for it");
    assert_eq!(asked("laptop", &goods("Laptop")).0, "laptop", "it names things here");
}

/// What beside two packs is meant by a sentence: words, limits, the one meant, and how it is asked again.
fn beside(text: &str) -> String {
    let shown = [
        product("hide", "Hide pack", &[("weight", "1.4 kg")], &["20 L", "30 L"]),
        product("air", "Air pack", &[("weight (g)", "850")], &["20 L", "45 L"]),
    ];
    let vocabulary = Vocabulary::from_products(&shown);
    let Leaning { wish, itself, stands, .. } = leaning::read(text, Currency::EUR, &vocabulary, &shown);
    let mut told = vec![wish.words.clone()];
    told.extend(wish.at_most.map(|m| format!("≤{}", m.decimal())));
    told.extend(wish.measures.iter().map(|m| format!("{}≤{:.0}", m.shown, m.value)));
    told.extend(itself.map(|product| format!("={}", product.id)));
    format!("{} | {stands}", told.join(" "))
}

#[test]
fn wishes_lean_on_what_was_shown_and_stand_alone_afterwards() {
    assert_eq!(beside("a pack"), "a pack | a pack");
    assert_eq!(beside("cheaper ones"), "Packs ≤49.99 | Packs under 49.99");
    assert_eq!(beside("pack lighter than the first"), "pack 1400 g≤1399 | pack at most 1398.6 g");
    assert_eq!(beside("something lighter than these"), "Packs 850 g≤849 | Packs at most 849.1 g");
    assert_eq!(beside("the second, but in 45 L"), " =air | Air pack , but in 45 L");
    assert_eq!(beside("günstiger als das erste"), "Packs ≤49.99 | Packs under 49.99");
    assert_eq!(beside("cheaper socks"), "socks | cheaper socks");
}

#[test]
fn goods_of_a_brand_that_was_named_come_first() {
    let of = |id: &str, title: &str, brand: &str| {
        let product = Product { title: title.to_owned(), brand: brand.to_owned(), ..product(id, "", &[], &["20 L"]) };
        Item { matching: vec![VariantId::new(format!("{id}-20 L"))], product }
    };
    let order = |brands: &[&str], not: &[&str]| {
        let all = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        let wish = Wish { brands: all(brands), not: all(not), ..Wish::default() };
        let mut items = [of("a", "Pack", "Tern"), of("b", "Strap for Skarn packs", "Tern"), of("c", "Pack", "SKARN")];
        let missed = brand::first(&mut items, &wish).unwrap_or_default();
        format!("{} {missed}", items.map(|item| item.product.id.to_string()).concat())
    };
    assert_eq!(order(&[], &[]), "abc ");
    assert_eq!(order(&["Skarn"], &[]), "bca ");
    assert_eq!(order(&["Lumo", "Nordvik"], &[]), "abc Lumo/Nordvik");
    assert_eq!(order(&["Skarn"], &["skarn"]), "abc ");
}
