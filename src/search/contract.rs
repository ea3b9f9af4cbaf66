//! What every index keeps to, whatever it is made of. Each adapter's tests call `contract` with a fresh index.

mod vectors;

use crate::domain::id::ShopId;
use crate::search::{Doc, Error, Filter, HITS_MAX, Hit, Index, Kind, Lack, Made, Stamp, analyse, hash};

/// Length of the vectors in these tests.
pub const DIMS: usize = 32;

/// The stamp of the vectors in these tests.
pub const STAMP: &str = "model:1";

/// A product with nothing but an id and a title, which is also what is embedded of it.
pub fn doc(id: &str, title: &str) -> Doc {
    Doc {
        kind: Kind::Product,
        id: id.to_owned(),
        title: title.to_owned(),
        body: String::new(),
        codes: Vec::new(),
        text: hash::text(title),
        price_min: 1_000,
        price_max: 1_000,
        in_stock: true,
        attributes: Vec::new(),
    }
}

/// A repeatable unit vector, spread over the sphere.
pub fn vector(seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x1234_5678_9abc_def1);
    let mut numbers: Vec<f32> = (0..DIMS)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
        })
        .collect();
    let length = numbers.iter().map(|x| x * x).sum::<f32>().sqrt();
    numbers.iter_mut().for_each(|x| *x /= length);
    numbers
}

/// What a document's vector is made of.
pub fn lack(doc: &Doc) -> Lack {
    Lack { kind: doc.kind, id: doc.id.clone(), text: doc.text }
}

/// Puts documents in, each with the vector of its seed.
pub async fn put(index: &dyn Index, shop: &ShopId, docs: Vec<(Doc, u64)>) {
    index.set_stamp(shop, &Stamp { words: 1, vectors: STAMP.to_owned() }).await.unwrap();
    let made = docs.iter().map(|(doc, seed)| Made { of: lack(doc), vector: vector(*seed) }).collect();
    index.upsert(shop, docs.into_iter().map(|(doc, _)| doc).collect()).await.unwrap();
    index.set_vectors(shop, STAMP, made).await.unwrap();
}

/// The whole contract, on shops of its own.
pub async fn contract(index: &dyn Index) {
    tenants_never_see_each_other(index).await;
    filters_hold_on_both_sides(index).await;
    documents_are_replaced_and_removed(index).await;
    clearing_empties_one_shop(index).await;
    stamps_are_remembered(index).await;
    vectors_must_fit(index).await;
    hostile_names_stay_apart(index).await;
    vectors::contract(index).await;
    no_token_breaks_it(index).await;
    titles_and_codes_count_more(index).await;
    dense_ranks_like_brute_force(index).await;
}

/// The ids, in order.
pub fn ids(hits: &[Hit]) -> Vec<&str> {
    hits.iter().map(|hit| hit.id.as_str()).collect()
}

/// Asks in words.
pub async fn words(index: &dyn Index, shop: &ShopId, question: &str, filter: &Filter) -> Vec<Hit> {
    index.lexical(shop, &analyse::query(question), filter, 20).await.unwrap()
}

async fn fresh(index: &dyn Index, name: &str) -> ShopId {
    let shop = ShopId::new(format!("contract {name}"));
    index.clear(&shop).await.unwrap();
    shop
}

async fn tenants_never_see_each_other(index: &dyn Index) {
    let (ours, theirs) = (fresh(index, "ours").await, fresh(index, "theirs").await);
    put(index, &ours, vec![(doc("same", "blue tent"), 1)]).await;
    put(index, &theirs, vec![(doc("same", "red stove"), 2), (doc("other", "blue tent"), 1)]).await;
    let any = Filter::default();
    assert_eq!(ids(&words(index, &ours, "tent stove", &any).await), ["same"]);
    assert_eq!(ids(&index.dense(&ours, &vector(1), &any, 9).await.unwrap()), ["same"]);
    assert_eq!(ids(&words(index, &theirs, "blue tent", &any).await), ["other"]);
    index.delete(&ours, Kind::Product, &["other".into(), "never was".into()]).await.unwrap();
    assert_eq!(index.count(&theirs, Kind::Product).await.unwrap(), 2);
    index.clear(&ours).await.unwrap();
    assert_eq!(index.count(&ours, Kind::Product).await.unwrap(), 0);
    assert_eq!(ids(&words(index, &theirs, "stove", &any).await), ["same"]);
}

async fn hostile_names_stay_apart(index: &dyn Index) {
    let names =
        ["", " ", "a", "A", "a ", "a'--", "a\" OR 1=1", "a|b", "a%", "_", "*", "a\0b", "ä", "a\u{308}", "\u{202e}a"];
    let shops: Vec<ShopId> = names.iter().map(|name| ShopId::new(format!("hostile{name}"))).collect();
    for (n, shop) in shops.iter().enumerate() {
        index.clear(shop).await.unwrap();
        put(index, shop, vec![(doc("same", "blue tent"), 1), (doc(&format!("own{n}"), "blue stove"), 2)]).await;
    }
    for (n, shop) in shops.iter().enumerate() {
        let own = format!("own{n}");
        let any = Filter::default();
        let mut found = index.dense(shop, &vector(1), &any, 99).await.unwrap();
        found.extend(words(index, shop, "blue tent stove", &any).await);
        let mut found = ids(&found);
        found.sort_unstable();
        assert_eq!(found, [own.as_str(), &own, "same", "same"], "{shop}");
        assert_eq!(
            index.held(shop, Kind::Product).await.unwrap().into_keys().collect::<Vec<_>>(),
            [own.as_str(), "same"]
        );
    }
    for shop in &shops {
        index.clear(shop).await.unwrap();
    }
}

async fn filters_hold_on_both_sides(index: &dyn Index) {
    let shop = fresh(index, "filters").await;
    let mut cheap = doc("cheap", "tent");
    cheap.attributes = vec![("size".into(), "m".into()), ("size".into(), "l".into()), ("colour".into(), "blue".into())];
    let mut dear = doc("dear", "tent");
    (dear.price_min, dear.price_max, dear.in_stock) = (5_000, 9_000, false);
    dear.attributes = vec![("size".into(), "xl".into()), ("colour".into(), "blue".into())];
    let mut passage = doc("how", "tent");
    (passage.kind, passage.price_min, passage.price_max) = (Kind::Passage, 0, 0);
    put(index, &shop, vec![(cheap, 1), (dear, 2), (passage, 3)]).await;

    let product = Filter { kind: Some(Kind::Product), ..Filter::default() };
    let attributes = |list: &[(&str, &[&str])]| Filter {
        attributes: list
            .iter()
            .map(|(key, values)| ((*key).to_owned(), values.iter().map(|value| (*value).to_owned()).collect()))
            .collect(),
        ..product.clone()
    };
    let cases: Vec<(Filter, &[&str])> = vec![
        (Filter::default(), &["cheap", "dear", "how"]),
        (product.clone(), &["cheap", "dear"]),
        (Filter { kind: Some(Kind::Passage), ..Filter::default() }, &["how"]),
        (Filter { in_stock: true, ..product.clone() }, &["cheap"]),
        (Filter { price_at_most: Some(999), ..product.clone() }, &[]),
        (Filter { price_at_most: Some(1_000), ..product.clone() }, &["cheap"]),
        (Filter { price_at_most: Some(5_000), ..product.clone() }, &["cheap", "dear"]),
        (Filter { price_at_least: Some(9_000), ..product.clone() }, &["dear"]),
        (Filter { price_at_least: Some(9_001), ..product.clone() }, &[]),
        (attributes(&[("size", &["l", "xl"])]), &["cheap", "dear"]),
        (attributes(&[("size", &["l", "s"]), ("colour", &["blue"])]), &["cheap"]),
        (attributes(&[("size", &["x"])]), &[]),
        (attributes(&[("ze", &["l"])]), &[]),
        (attributes(&[("colour", &["blue|size=m"])]), &[]),
    ];
    for (filter, expected) in cases {
        for hits in
            [words(index, &shop, "tent", &filter).await, index.dense(&shop, &vector(1), &filter, 9).await.unwrap()]
        {
            let mut found = ids(&hits);
            found.sort_unstable();
            assert_eq!(found, expected, "{filter:?}");
        }
    }
}

async fn documents_are_replaced_and_removed(index: &dyn Index) {
    let shop = fresh(index, "replace").await;
    let any = Filter::default();
    put(index, &shop, vec![(doc("a", "green kettle"), 1), (doc("b", "green cup"), 2)]).await;
    let mut passage = doc("a", "green manual");
    passage.kind = Kind::Passage;
    put(index, &shop, vec![(passage, 4), (doc("a", "white lamp"), 3)]).await;
    assert_eq!(index.count(&shop, Kind::Product).await.unwrap(), 2);
    assert_eq!(index.count(&shop, Kind::Passage).await.unwrap(), 1);
    assert!(words(index, &shop, "kettle", &any).await.is_empty());
    assert_eq!(ids(&words(index, &shop, "lamps", &any).await), ["a"]);
    let best = index.dense(&shop, &vector(3), &any, 1).await.unwrap();
    assert!(best[0].id == "a" && best[0].score > 0.99, "{best:?}");
    index.upsert(&shop, vec![doc("a", "white lamps")]).await.unwrap();
    let product = Filter { kind: Some(Kind::Product), ..Filter::default() };
    assert_eq!(ids(&index.dense(&shop, &vector(3), &product, 9).await.unwrap()), ["b"]);
    assert_eq!(ids(&words(index, &shop, "lamp", &any).await), ["a"]);
    index.delete(&shop, Kind::Product, &["b".into()]).await.unwrap();
    assert!(words(index, &shop, "cup", &any).await.is_empty());
    assert!(index.dense(&shop, &vector(2), &product, 9).await.unwrap().is_empty());
    assert_eq!(index.count(&shop, Kind::Product).await.unwrap(), 1);
    assert_eq!(index.count(&shop, Kind::Passage).await.unwrap(), 1);
}

async fn clearing_empties_one_shop(index: &dyn Index) {
    let shop = fresh(index, "clear").await;
    let docs: Vec<Doc> = (0..1_100).map(|n| doc(&format!("d{n:04}"), &format!("thing number{n}"))).collect();
    put(index, &shop, docs.into_iter().zip(0..).collect()).await;
    assert_eq!(index.count(&shop, Kind::Product).await.unwrap(), 1_100);
    let all = index.lexical(&shop, &["thing".into()], &Filter::default(), usize::MAX).await.unwrap();
    assert_eq!(all.len(), HITS_MAX);
    assert_eq!(index.dense(&shop, &vector(7), &Filter::default(), usize::MAX).await.unwrap().len(), HITS_MAX);
    assert!(index.dense(&shop, &vector(7), &Filter::default(), 0).await.unwrap().is_empty());
    index.clear(&shop).await.unwrap();
    assert_eq!(index.count(&shop, Kind::Product).await.unwrap(), 0);
    assert!(words(index, &shop, "thing", &Filter::default()).await.is_empty());
    assert!(index.dense(&shop, &vector(7), &Filter::default(), 9).await.unwrap().is_empty());
}

async fn stamps_are_remembered(index: &dyn Index) {
    let shop = fresh(index, "stamps").await;
    assert_eq!(index.stamp(&shop).await.unwrap(), None);
    let stamp = |words, vectors: &str| Stamp { words, vectors: vectors.to_owned() };
    index.set_stamp(&shop, &stamp(1, "model:1")).await.unwrap();
    index.set_stamp(&shop, &stamp(2, "model:2")).await.unwrap();
    assert_eq!(index.stamp(&shop).await.unwrap(), Some(stamp(2, "model:2")));
    assert_eq!(index.stamp(&ShopId::new("nobody")).await.unwrap(), None);
    assert_eq!(index.count(&shop, Kind::Product).await.unwrap(), 0);
    index.clear(&shop).await.unwrap();
    assert_eq!(index.stamp(&shop).await.unwrap(), None);
}

async fn vectors_must_fit(index: &dyn Index) {
    let shop = fresh(index, "dims").await;
    put(index, &shop, vec![(doc("a", "tent"), 1)]).await;
    let short = Made { of: lack(&doc("a", "tent")), vector: vec![1.0; DIMS - 1] };
    let refused = index.set_vectors(&shop, STAMP, vec![short]).await;
    assert!(matches!(refused, Err(Error::Dimensions { found: 31, expected: DIMS })), "{refused:?}");
    let refused = index.dense(&shop, &[1.0; DIMS + 1], &Filter::default(), 5).await;
    assert!(matches!(refused, Err(Error::Dimensions { found: 33, expected: DIMS })), "{refused:?}");
    assert_eq!(index.count(&shop, Kind::Product).await.unwrap(), 1);
    let zero = doc("zero", "tent");
    let none = Made { of: lack(&zero), vector: vec![0.0; DIMS] };
    assert_eq!(index.upsert(&shop, vec![zero]).await.unwrap(), 1);
    assert_eq!(index.set_vectors(&shop, STAMP, vec![none]).await.unwrap(), 1);
    assert!(index.lacking(&shop, 9).await.unwrap().is_empty(), "a text without direction is not embedded for ever");
    assert_eq!(ids(&index.dense(&shop, &vector(1), &Filter::default(), 5).await.unwrap()), ["a"]);
    assert!(index.dense(&shop, &[0.0; DIMS], &Filter::default(), 5).await.unwrap().is_empty());
}

async fn no_token_breaks_it(index: &dyn Index) {
    let shop = fresh(index, "weird").await;
    let mut odd = doc("od\"d'; --", "Ünïcode 日本 ガバ कि NEAR OR AND \" ' * ( ) : ^ -");
    odd.codes = vec!["A-1/ x".into(), String::new(), "\0".into()];
    odd.attributes = vec![("ke\"y".into(), "va'l\\ue".into())];
    put(index, &shop, vec![(odd, 1), (doc("", ""), 2)]).await;
    let any = Filter::default();
    for question in ["unicode", "日本", "ガバ", "a1x", "A-1/X", "near", "कि"] {
        assert_eq!(ids(&words(index, &shop, question, &any).await), ["od\"d'; --"], "{question}");
    }
    let raw = ["\"", "title:x", "a\" OR \"b", "*", "", "\0", "NEAR(a b)", "(", "{scope}:x"].map(str::to_owned);
    assert!(index.lexical(&shop, &raw, &any, 9).await.unwrap().is_empty());
    assert!(index.lexical(&shop, &[], &any, 9).await.unwrap().is_empty());
    let filter = Filter { attributes: vec![("ke\"y".into(), vec!["va'l\\ue".into()])], ..Filter::default() };
    assert_eq!(words(index, &shop, "unicode", &filter).await.len(), 1);
    index.delete(&shop, Kind::Product, &["od\"d'; --".into()]).await.unwrap();
    assert_eq!(index.count(&shop, Kind::Product).await.unwrap(), 1);
}

async fn titles_and_codes_count_more(index: &dyn Index) {
    let shop = fresh(index, "weights").await;
    let mut docs: Vec<Doc> = (0..20).map(|n| doc(&format!("f{n:02}"), "filler thing here")).collect();
    let mut title = doc("title", "lantern metal round");
    title.body = "other words stand here".into();
    let mut body = doc("body", "metal round other");
    body.body = "lantern words stand here".into();
    let mut code = doc("code", "spare part");
    code.codes = vec!["LX-200".into()];
    let mut mention = doc("mention", "spare part fits lx200");
    mention.body = "lx-200".into();
    docs.extend([title, body, code, mention]);
    index.upsert(&shop, docs).await.unwrap();
    assert_eq!(ids(&words(index, &shop, "lanterns", &Filter::default()).await), ["title", "body"]);
    assert_eq!(words(index, &shop, "the LX 200", &Filter::default()).await[0].id, "code");
}

async fn dense_ranks_like_brute_force(index: &dyn Index) {
    let shop = fresh(index, "brute").await;
    let docs: Vec<(Doc, u64)> = (0..1_000).map(|n| (doc(&format!("d{n:04}"), "x"), n)).collect();
    let held: Vec<(String, Vec<f32>)> = docs.iter().map(|(doc, seed)| (doc.id.clone(), vector(*seed))).collect();
    put(index, &shop, docs).await;
    let mut agreed = 0;
    for seed in 5_000..5_020 {
        let asked = vector(seed);
        let mut exact: Vec<(f32, &str)> = held
            .iter()
            .map(|(id, vector)| (vector.iter().zip(&asked).map(|(a, b)| a * b).sum(), id.as_str()))
            .collect();
        exact.sort_by(|a, b| b.0.total_cmp(&a.0));
        let found = index.dense(&shop, &asked, &Filter::default(), 10).await.unwrap();
        assert_eq!(found.len(), 10);
        assert!(found.windows(2).all(|pair| pair[0].score >= pair[1].score));
        for hit in &found {
            let truth = exact.iter().find(|(_, id)| *id == hit.id).unwrap().0;
            assert!((truth - hit.score).abs() < 0.02, "{} {truth}", hit.score);
        }
        agreed += exact.iter().take(10).filter(|(_, id)| ids(&found).contains(id)).count();
    }
    assert!(agreed >= 190, "only {agreed} of the 200 nearest were found");
}
