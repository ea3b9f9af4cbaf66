//! A document as a point of the collection, and questions as its conditions: pure, so tested without a server.

use crate::domain::id::ShopId;
use crate::search::{Doc, Error, Filter, Hit, Kind, Lack, Made, Stamp, analyse, pairs};
use qdrant_client::Payload;
use qdrant_client::qdrant;
use qdrant_client::qdrant::points_update_operation::{Operation, OverwritePayload, SetPayload};
use qdrant_client::qdrant::{
    Condition, NamedVectors, PointId, PointStruct, PointVectors, Range, RetrievedPoint, ScoredPoint, Value, Vector,
};
use sha2::Digest;
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::fmt::Write;

/// Name of the vector of meaning.
pub const DENSE: &str = "dense";
/// Name of the sparse vector of words.
pub const WORDS: &str = "words";
/// Payload field: whose it is.
pub const SHOP: &str = "shop";
/// Payload field: what kind of document.
pub const KIND: &str = "kind";
/// Payload field: the document's id.
pub const ID: &str = "id";
/// Payload field: `key=value` texts.
pub const ATTR: &str = "attr";
/// Payload field: lowest price.
pub const PRICE_MIN: &str = "price_min";
/// Payload field: highest price.
pub const PRICE_MAX: &str = "price_max";
/// Payload field: whether it can be bought.
pub const IN_STOCK: &str = "in_stock";
/// Payload field: the hash of the text to embed.
pub const TEXT: &str = "text";
/// Payload field: the stamp of the embedder that made the vector; missing where there is none of this text.
pub const MADE: &str = "made";
/// Payload field of the one point a shop that is no document: the embedder's stamp.
pub const STAMP: &str = "stamp";
/// Payload field beside it: with which version the words were cut.
pub const CUT: &str = "cut";

/// How soon repeating a word stops to count, and how much a long text is discounted: the usual values of BM25.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// Tokens of a usual document. The true average is not known when a point is made.
const TOKENS_USUAL: f32 = 60.0;

/// A title's words count double.
const TITLE_WEIGHT: f32 = 2.0;

/// More than a word can reach by repetition, so that the thing with the code beats those that mention it.
const CODE_WEIGHT: f32 = 6.0;

/// The point of a document whose vector is still to be made.
pub fn of(shop: &ShopId, doc: &Doc) -> PointStruct {
    let mut vectors: Vec<(&str, Vector)> = Vec::new();
    let (indices, values) = written(doc);
    if !indices.is_empty() {
        vectors.push((WORDS, Vector::new_sparse(indices, values)));
    }
    PointStruct::new(id_of(shop, doc.kind, &doc.id), NamedVectors::from(vectors), payload(shop, doc, None))
}

/// What changes at a document that keeps its vector: its words, and everything that is told of it.
pub fn kept(shop: &ShopId, doc: &Doc, made: Option<&str>) -> (Option<PointVectors>, Operation) {
    let id = id_of(shop, doc.kind, &doc.id);
    let (indices, values) = written(doc);
    let vectors = (!indices.is_empty()).then(|| {
        let words = NamedVectors::from(vec![(WORDS, Vector::new_sparse(indices, values))]);
        PointVectors { id: Some(id.clone()), vectors: Some(words.into()) }
    });
    let told = Operation::OverwritePayload(OverwritePayload {
        payload: payload(shop, doc, made).into(),
        points_selector: Some(qdrant::Filter::must([Condition::has_id([id])]).into()),
        ..OverwritePayload::default()
    });
    (vectors, told)
}

/// The vector of a document; nothing for one without direction.
pub fn meant(shop: &ShopId, made: &Made) -> Option<PointVectors> {
    let vector = NamedVectors::from(vec![(DENSE, Vector::new_dense(made.vector.clone()))]);
    let id = id_of(shop, made.of.kind, &made.of.id);
    has_direction(&made.vector).then(|| PointVectors { id: Some(id), vectors: Some(vector.into()) })
}

/// Says that a document's vector is made, unless its text is another by now.
pub fn settled(shop: &ShopId, of: &Lack, stamp: &str) -> Operation {
    let mut told = Payload::new();
    told.insert(MADE, stamp);
    let these = [Condition::has_id([id_of(shop, of.kind, &of.id)]), Condition::matches(TEXT, of.text)];
    Operation::SetPayload(SetPayload {
        payload: told.into(),
        points_selector: Some(qdrant::Filter::must(these).into()),
        ..SetPayload::default()
    })
}

fn payload(shop: &ShopId, doc: &Doc, made: Option<&str>) -> Payload {
    let mut payload = Payload::new();
    payload.insert(SHOP, shop.as_str());
    payload.insert(KIND, name(doc.kind));
    payload.insert(ID, doc.id.as_str());
    payload.insert(PRICE_MIN, doc.price_min);
    payload.insert(PRICE_MAX, doc.price_max);
    payload.insert(IN_STOCK, doc.in_stock);
    payload.insert(ATTR, pairs::of(doc));
    payload.insert(TEXT, doc.text);
    if let Some(made) = made {
        payload.insert(MADE, made);
    }
    payload
}

/// The point that holds a shop's stamp.
pub fn stamp(shop: &ShopId, stamp: &Stamp) -> PointStruct {
    let mut payload = Payload::new();
    payload.insert(SHOP, shop.as_str());
    payload.insert(KIND, STAMP);
    payload.insert(STAMP, stamp.vectors.as_str());
    payload.insert(CUT, stamp.words);
    PointStruct::new(stamp_id(shop), NamedVectors::default(), payload)
}

/// Where a shop's stamp is.
pub fn stamp_id(shop: &ShopId) -> PointId {
    point_id(shop, STAMP, "")
}

/// Whether a vector can be compared at all.
pub fn has_direction(vector: &[f32]) -> bool {
    vector.iter().all(|x| x.is_finite()) && vector.iter().any(|x| *x != 0.0)
}

/// The tokens of a question as a sparse vector; the server adds how rare each is.
pub fn asked(tokens: &[String]) -> (Vec<u32>, Vec<f32>) {
    let tokens = tokens.iter().filter(|token| analyse::is_token(token)).take(analyse::QUERY_TOKENS_MAX);
    let unique: BTreeMap<u32, f32> = tokens.map(|token| (place(token), 1.0)).collect();
    unique.into_iter().unzip()
}

/// The words of a document as a sparse vector, weighed as BM25 would.
fn written(doc: &Doc) -> (Vec<u32>, Vec<f32>) {
    let mut counts: BTreeMap<u32, f32> = BTreeMap::new();
    let mut length = 0.0;
    for (text, weight) in [(&doc.title, TITLE_WEIGHT), (&doc.body, 1.0)] {
        for token in analyse::document(text) {
            *counts.entry(place(&token)).or_default() += weight;
            length += 1.0;
        }
    }
    let discount = K1 * (1.0 - B + B * length / TOKENS_USUAL);
    for count in counts.values_mut() {
        *count = *count * (K1 + 1.0) / (*count + discount);
    }
    for key in doc.codes.iter().flat_map(|code| analyse::code_keys(code)) {
        *counts.entry(place(&key)).or_default() += CODE_WEIGHT;
    }
    counts.into_iter().unzip()
}

/// Where a token stands in the sparse vector. Two of a million tokens may share a place, which costs a little order.
fn place(token: &str) -> u32 {
    let digest = sha2::Sha256::digest(token.as_bytes());
    digest.iter().take(4).fold(0, |place, byte| place << 8 | u32::from(*byte))
}

/// What must hold of a point.
pub fn condition(shop: &ShopId, filter: &Filter) -> qdrant::Filter {
    let mut must = vec![any_of(SHOP, vec![shop.as_str().to_owned()])];
    must.extend(filter.kind.map(|kind| any_of(KIND, vec![name(kind).to_owned()])));
    let at_least = |price: i64| Range { gte: Some(price as f64), ..Range::default() };
    let at_most = |price: i64| Range { lte: Some(price as f64), ..Range::default() };
    must.extend(filter.price_at_least.map(|price| Condition::range(PRICE_MAX, at_least(price))));
    must.extend(filter.price_at_most.map(|price| Condition::range(PRICE_MIN, at_most(price))));
    must.extend(filter.in_stock.then(|| Condition::matches(IN_STOCK, true)));
    must.extend(pairs::wanted(filter).into_iter().map(|any| any_of(ATTR, any)));
    qdrant::Filter::must(must)
}

/// Documents of one kind by id.
pub fn named(shop: &ShopId, kind: Kind, ids: &[String]) -> qdrant::Filter {
    let mut filter = condition(shop, &Filter { kind: Some(kind), ..Filter::default() });
    filter.must.push(any_of(ID, ids.to_vec()));
    filter
}

/// All points of a shop, its stamp too.
pub fn everything(shop: &ShopId) -> qdrant::Filter {
    condition(shop, &Filter::default())
}

/// Documents whose vector this embedder made.
pub fn made_by(stamp: &str) -> Condition {
    any_of(MADE, vec![stamp.to_owned()])
}

/// Documents of these kinds without a vector of this embedder.
pub fn lacking(shop: &ShopId, kinds: &[Kind], stamp: &str) -> qdrant::Filter {
    let mut filter = everything(shop);
    filter.must.push(any_of(KIND, kinds.iter().map(|kind| name(*kind).to_owned()).collect()));
    filter.must_not.push(made_by(stamp));
    filter
}

/// Always a list of keywords: the client takes a single text with a blank in it for a full-text question.
fn any_of(field: &str, values: Vec<String>) -> Condition {
    Condition::matches(field, values)
}

/// A found point as a hit.
pub fn hit(point: ScoredPoint) -> Result<Hit, Error> {
    let id = point.payload.get(ID).and_then(|id| id.as_str().cloned());
    match id {
        Some(id) => Ok(Hit { id, score: point.score }),
        None => Err(Error::Corrupt("a point without the id of its document".into())),
    }
}

/// What is told of a document that is there.
pub fn lack(point: &RetrievedPoint) -> Result<Lack, Error> {
    let word = |field: &str| point.payload.get(field).and_then(Value::as_str).map(String::as_str);
    let kind = [Kind::Product, Kind::Passage].into_iter().find(|kind| word(KIND) == Some(name(*kind)));
    let (Some(kind), Some(id)) = (kind, word(ID)) else {
        return Err(Error::Corrupt("a point without the kind and id of its document".into()));
    };
    // A point of an earlier version tells no hash: no text has this one, or it is embedded once more.
    let text = point.payload.get(TEXT).and_then(Value::as_integer).unwrap_or(0);
    Ok(Lack { kind, id: id.to_owned(), text })
}

/// The stamp whose vector a document has.
pub fn made(payload: &HashMap<String, Value>) -> Option<&str> {
    payload.get(MADE).and_then(Value::as_str).map(String::as_str)
}

/// The point of a document.
pub fn id_of(shop: &ShopId, kind: Kind, id: &str) -> PointId {
    point_id(shop, name(kind), id)
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Product => "product",
        Kind::Passage => "passage",
    }
}

/// A UUID made of what names the document, so that writing it again replaces it.
fn point_id(shop: &ShopId, kind: &str, id: &str) -> PointId {
    let mut hash = sha2::Sha256::new();
    for part in [shop.as_str(), kind, id] {
        // The length in front keeps "a" + "bc" apart from "ab" + "c".
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let mut text = String::new();
    for (at, byte) in hash.finalize().iter().take(16).enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        // Version 8, "made by own rules", and the usual variant.
        let byte = match at {
            6 => byte & 0x0f | 0x80,
            8 => byte & 0x3f | 0x80,
            _ => *byte,
        };
        write!(text, "{byte:02x}").expect("text takes any write");
    }
    PointId::from(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::contract;
    use qdrant_client::qdrant::condition::ConditionOneOf;
    use qdrant_client::qdrant::r#match::MatchValue;

    fn weight(doc: &Doc, token: &str) -> f32 {
        let (indices, values) = written(doc);
        indices.iter().position(|at| *at == place(token)).map_or(0.0, |at| values[at])
    }

    #[test]
    fn titles_count_more_repetition_ever_less_and_codes_most() {
        let mut doc = contract::doc("a", "tent");
        doc.body = format!("stove {}", "rope ".repeat(50));
        doc.codes = vec!["TX-9000".into()];
        assert!(weight(&doc, "tent") > weight(&doc, "stove"));
        assert!(weight(&doc, "rope") < K1 + 1.0);
        assert!(weight(&doc, "tx9000") > weight(&doc, "rope") * 2.0);
        assert_eq!(weight(&doc, "lamp"), 0.0);
        let (indices, _) = written(&doc);
        assert!(indices.is_sorted_by(|a, b| a < b), "each place once");
    }

    #[test]
    fn points_are_named_by_shop_kind_and_id() {
        let (a, b) = (ShopId::new("a"), ShopId::new("ab"));
        assert_eq!(point_id(&a, "product", "x"), point_id(&a, "product", "x"));
        assert_ne!(point_id(&a, "product", "x"), point_id(&a, "passage", "x"));
        assert_ne!(point_id(&a, "bx", "y"), point_id(&b, "x", "y"));
        insta::assert_snapshot!(format!("{:?}", stamp_id(&a).point_id_options), @r#"Some(Uuid("5f406205-51e9-8c3a-97f5-c1607d6618fa"))"#);
    }

    #[test]
    fn blanks_in_a_shop_id_or_an_attribute_stay_keywords() {
        let filter = Filter { attributes: vec![("category".into(), vec!["rain jackets".into()])], ..Filter::default() };
        for condition in condition(&ShopId::new("my shop"), &filter).must {
            let Some(ConditionOneOf::Field(field)) = condition.condition_one_of else { panic!("a field") };
            let matched = field.r#match.unwrap().match_value.unwrap();
            assert!(matches!(matched, MatchValue::Keywords(_)), "{matched:?}");
        }
    }

    #[test]
    fn every_part_of_a_filter_becomes_a_condition() {
        let filter = Filter {
            kind: Some(Kind::Product),
            price_at_least: Some(1),
            price_at_most: Some(2),
            in_stock: true,
            attributes: vec![("size".into(), vec!["m".into()]), ("colour".into(), vec![])],
        };
        assert_eq!(condition(&ShopId::new("s"), &filter).must.len(), 6);
        assert_eq!(everything(&ShopId::new("s")).must.len(), 1);
        assert_eq!(named(&ShopId::new("s"), Kind::Passage, &["x".into()]).must.len(), 3);
    }

    #[test]
    fn a_new_point_has_words_and_no_vector_and_says_so() {
        let shop = ShopId::new("s");
        let doc = contract::doc("a", "tent");
        let point = of(&shop, &doc);
        let (indices, values) = written(&doc);
        let words = NamedVectors::from(vec![(WORDS, Vector::new_sparse(indices, values))]);
        assert_eq!(point.vectors.unwrap(), words.into());
        assert_eq!(made(&point.payload), None);
        assert_eq!(point.payload[TEXT].as_integer(), Some(doc.text));
    }

    #[test]
    fn what_keeps_its_vector_is_not_put_but_changed() {
        let shop = ShopId::new("s");
        let doc = contract::doc("a", "tent");
        let (vectors, told) = kept(&shop, &doc, Some("m"));
        assert_eq!(vectors.unwrap().id, Some(id_of(&shop, Kind::Product, "a")));
        let Operation::OverwritePayload(told) = told else { panic!("{told:?}") };
        assert_eq!(made(&told.payload), Some("m"));
        assert_eq!(told.payload[PRICE_MIN].as_integer(), Some(1_000));
    }

    #[test]
    fn a_vector_settles_only_the_text_it_was_made_of() {
        let shop = ShopId::new("s");
        let of = Lack { kind: Kind::Product, id: "a".into(), text: -7 };
        let Operation::SetPayload(told) = settled(&shop, &of, "m") else { panic!("another operation") };
        let selected = format!("{:?}", told.points_selector.unwrap());
        assert!(selected.contains("HasId") && selected.contains("Integer(-7)"), "{selected}");
        let zero = Made { of: of.clone(), vector: vec![0.0; 3] };
        assert_eq!(meant(&shop, &zero), None);
        assert!(meant(&shop, &Made { of, vector: vec![0.1; 3] }).is_some());
    }

    #[test]
    fn what_lacks_a_vector_is_neither_a_stamp_nor_made_by_this_embedder() {
        let filter = lacking(&ShopId::new("s"), &[Kind::Product, Kind::Passage], "m");
        assert_eq!((filter.must.len(), filter.must_not.len()), (2, 1));
        let point =
            RetrievedPoint { payload: of(&ShopId::new("s"), &contract::doc("a", "x")).payload, ..Default::default() };
        assert_eq!(lack(&point).unwrap().id, "a");
        assert!(matches!(lack(&RetrievedPoint::default()), Err(Error::Corrupt(_))));
    }

    #[test]
    fn a_point_of_somebody_else_is_corrupt() {
        assert!(matches!(hit(ScoredPoint::default()), Err(Error::Corrupt(_))));
    }
}
