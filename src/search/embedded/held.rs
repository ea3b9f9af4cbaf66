//! One shop in memory: its words, its vectors (one byte a number, compared one by one: exact, with no index to build or
//! repair), and what filters ask for. A document keeps its slot until it goes away; slots that are left over are given up
//! by reading the shop anew.

use crate::cores;
use crate::search::Filter;
use crate::search::Hit;
use crate::search::embedded::schema;
use crate::search::embedded::words::{Among, Words};
use crate::search::fuse;
use crate::search::pairs;
use simsimd::SpatialSimilarity;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::HashMap;

/// Vectors that a core compares, at least; fewer are not worth waking one.
const SCANNED_AT_ONCE: usize = 4_000;

/// Slots that may be left over besides a quarter of all.
const LEFT_OVER_MAX: usize = 1_000;

/// A vector as bytes, its largest number at 127. The length is lost, which the cosine does not need.
/// Nothing for a vector without direction.
pub fn shrink(vector: &[f32]) -> Option<Vec<i8>> {
    let largest = vector.iter().fold(0.0f32, |largest, x| largest.max(x.abs()));
    let usable = largest.is_normal() && vector.iter().all(|x| x.is_finite());
    usable.then(|| vector.iter().map(|x| (x / largest * 127.0).round() as i8).collect())
}

/// A document as it is read.
pub struct Fresh {
    /// Its row.
    pub row: i64,
    /// Its id.
    pub id: String,
    /// What filters ask for.
    pub meta: Meta,
    /// Its words, packed.
    pub words: Vec<u8>,
    /// Tells whether the words are those it had.
    pub words_hash: i64,
    /// Its vector, if it has one of the shop's stamp.
    pub vector: Option<Vec<u8>>,
}

/// What a filter needs of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Meta {
    /// Its kind as stored.
    pub kind: i64,
    /// Lowest price.
    pub price_min: i64,
    /// Highest price.
    pub price_max: i64,
    /// Whether it can be bought.
    pub in_stock: bool,
    /// Hashes of `key=value`.
    pub pairs: Box<[u64]>,
}

/// One shop.
#[derive(Default)]
pub struct Held {
    /// The version of the shop it was read at.
    pub version: i64,
    /// The generation of its vectors.
    pub generation: i64,
    /// Length of each vector, 0 while there is none.
    pub dims: usize,
    slots: HashMap<i64, u32>,
    docs: Vec<Option<Document>>,
    numbers: Vec<i8>,
    words: Words,
    left_over: usize,
    text_bytes: usize,
}

struct Document {
    id: String,
    meta: Meta,
    words_hash: i64,
    /// Words in all.
    length: u32,
    /// One divided by the length of the shrunk vector; nothing without a vector.
    inverse: Option<f32>,
}

impl Held {
    /// Forgets all vectors; those to come have this length.
    pub fn drop_vectors(&mut self, generation: i64, dims: usize) {
        (self.generation, self.dims) = (generation, dims);
        self.numbers = vec![0; self.docs.len() * dims];
        self.docs.iter_mut().flatten().for_each(|doc| doc.inverse = None);
    }

    /// Adds or replaces a document; false if its bytes are not what they should be.
    pub fn set(&mut self, fresh: Fresh) -> bool {
        let known = self.slots.get(&fresh.row).copied();
        let same = known.and_then(|slot| self.docs.get_mut(slot as usize)?.as_mut());
        match same.filter(|doc| doc.words_hash == fresh.words_hash && doc.id == fresh.id) {
            Some(doc) => {
                doc.meta = fresh.meta;
                doc.inverse = None;
            }
            None => {
                self.remove(fresh.row);
                let Ok(slot) = u32::try_from(self.docs.len()) else { return false };
                let Some(length) = self.words.add(slot, &fresh.words) else { return false };
                self.text_bytes += fresh.id.len() + fresh.meta.pairs.len() * 8;
                let (id, meta, words_hash) = (fresh.id, fresh.meta, fresh.words_hash);
                self.docs.push(Some(Document { id, meta, words_hash, length, inverse: None }));
                self.numbers.resize(self.docs.len() * self.dims, 0);
                self.slots.insert(fresh.row, slot);
            }
        }
        match fresh.vector {
            Some(vector) => self.set_vector(fresh.row, &vector),
            None => true,
        }
    }

    /// Gives a document a vector; false if its length does not fit.
    pub fn set_vector(&mut self, row: i64, vector: &[u8]) -> bool {
        let Some(slot) = self.slots.get(&row).map(|slot| *slot as usize) else { return true };
        let from = slot * self.dims;
        let (Some(Some(doc)), Some(place)) = (self.docs.get_mut(slot), self.numbers.get_mut(from..from + self.dims))
        else {
            return false;
        };
        if place.len() != vector.len() || vector.is_empty() {
            return false;
        }
        for (number, byte) in place.iter_mut().zip(vector) {
            *number = byte.cast_signed();
        }
        doc.inverse = Some(inverse_length(place));
        true
    }

    /// Forgets a document, if it is there.
    pub fn remove(&mut self, row: i64) {
        let Some(slot) = self.slots.remove(&row) else { return };
        if let Some(gone) = self.docs.get_mut(slot as usize).and_then(Option::take) {
            self.text_bytes -= gone.id.len() + gone.meta.pairs.len() * 8;
            self.left_over += 1;
        }
    }

    /// Whether so many slots are left over that the shop is better read anew.
    pub fn is_loose(&self) -> bool {
        self.left_over > LEFT_OVER_MAX + self.slots.len() / 4
    }

    /// Bytes held, near enough to bound the total.
    pub fn bytes(&self) -> usize {
        const DOC_BYTES: usize = size_of::<Option<Document>>() + 2 * size_of::<(i64, u32)>() + 32;
        self.numbers.len() + self.text_bytes + self.docs.len() * DOC_BYTES + self.words.bytes()
    }

    /// The best documents for any of the tokens that pass the filter, best first.
    pub fn found(&self, tokens: &[String], filter: &Filter, limit: usize) -> Vec<Hit> {
        let test = Test::new(filter);
        let doc = |slot: u32| self.docs.get(slot as usize).and_then(Option::as_ref);
        let of_kind = |doc: &&Document| test.kind.is_none_or(|kind| kind == doc.meta.kind);
        let mut among = Among { documents: 0, length: 0 };
        for doc in self.docs.iter().flatten().filter(of_kind) {
            among.documents += 1;
            among.length += u64::from(doc.length);
        }
        let length_of = |slot: u32| doc(slot).filter(of_kind).map(|doc| doc.length);
        let mut best = Best::of(limit);
        for (slot, score) in self.words.score(tokens, self.docs.len(), &among, length_of) {
            if let Some(doc) = doc(slot).filter(|doc| test.passes(&doc.meta)) {
                best.offer(score, &doc.id);
            }
        }
        best.hits()
    }

    /// The nearest documents that pass the filter, best first.
    pub fn nearest(&self, vector: &[f32], filter: &Filter, limit: usize) -> Vec<Hit> {
        let Some(asked) = shrink(vector).filter(|asked| asked.len() == self.dims) else { return Vec::new() };
        let inverse = inverse_length(&asked);
        let test = Test::new(filter);
        let near = |first: usize, docs: &[Option<Document>]| {
            let mut best = Best::of(limit);
            let rows = self.numbers.chunks_exact(self.dims.max(1)).skip(first);
            for (doc, numbers) in docs.iter().zip(rows) {
                let Some(doc) = doc else { continue };
                let Some(own) = doc.inverse.filter(|_| test.passes(&doc.meta)) else { continue };
                let dot = i8::dot(&asked, numbers).unwrap_or(0.0) as f32;
                best.offer(dot * inverse * own, &doc.id);
            }
            best.hits()
        };
        let parts = cores::in_parts(&self.docs, SCANNED_AT_ONCE, near);
        let mut hits = parts.concat();
        hits.sort_by(fuse::better);
        hits.truncate(limit);
        hits
    }
}

fn inverse_length(vector: &[i8]) -> f32 {
    let squares: i64 = vector.iter().map(|x| i64::from(*x) * i64::from(*x)).sum();
    if squares == 0 { 0.0 } else { 1.0 / (squares as f32).sqrt() }
}

/// The best of many.
struct Best<'a> {
    heap: BinaryHeap<Candidate<'a>>,
    limit: usize,
    worst: f32,
}

impl<'a> Best<'a> {
    fn of(limit: usize) -> Self {
        let worst = if limit == 0 { f32::INFINITY } else { f32::NEG_INFINITY };
        Self { heap: BinaryHeap::with_capacity(limit + 1), limit, worst }
    }

    fn offer(&mut self, score: f32, id: &'a str) {
        if score < self.worst || self.limit == 0 {
            return;
        }
        self.heap.push(Candidate { score, id });
        if self.heap.len() > self.limit {
            self.heap.pop();
        }
        if self.heap.len() == self.limit {
            self.worst = self.heap.peek().map_or(f32::NEG_INFINITY, |candidate| candidate.score);
        }
    }

    fn hits(self) -> Vec<Hit> {
        let mut hits: Vec<Hit> =
            self.heap.into_iter().map(|found| Hit { id: found.id.to_owned(), score: found.score }).collect();
        hits.sort_by(fuse::better);
        hits
    }
}

/// Ordered so that the heap's top is the one to lose first.
struct Candidate<'a> {
    score: f32,
    id: &'a str,
}

impl Ord for Candidate<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then_with(|| self.id.cmp(other.id))
    }
}

impl PartialOrd for Candidate<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Candidate<'_> {}

/// A filter made ready for many documents.
struct Test {
    kind: Option<i64>,
    at_least: Option<i64>,
    at_most: Option<i64>,
    in_stock: bool,
    pairs: Vec<Vec<u64>>,
}

impl Test {
    fn new(filter: &Filter) -> Self {
        Self {
            kind: filter.kind.map(schema::code),
            at_least: filter.price_at_least,
            at_most: filter.price_at_most,
            in_stock: filter.in_stock,
            pairs: pairs::hashed(filter),
        }
    }

    fn passes(&self, meta: &Meta) -> bool {
        self.kind.is_none_or(|kind| kind == meta.kind)
            && self.at_least.is_none_or(|price| meta.price_max >= price)
            && self.at_most.is_none_or(|price| meta.price_min <= price)
            && (!self.in_stock || meta.in_stock)
            && self.pairs.iter().all(|any| any.iter().any(|pair| meta.pairs.contains(pair)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::contract;
    use crate::search::embedded::words;

    fn fresh(row: i64, title: &str, vector: Option<[i8; 2]>) -> Fresh {
        let doc = contract::doc(&format!("d{row}"), title);
        Fresh {
            row,
            meta: Meta { kind: 1, price_min: 0, price_max: 0, in_stock: true, pairs: Box::default() },
            words: words::pack(&doc),
            words_hash: crate::search::hash::text(title),
            vector: vector.map(|vector| vector.map(i8::cast_unsigned).to_vec()),
            id: doc.id,
        }
    }

    fn held() -> Held {
        let mut held = Held::default();
        held.drop_vectors(1, 2);
        held
    }

    fn ids(hits: &[Hit]) -> Vec<&str> {
        hits.iter().map(|hit| hit.id.as_str()).collect()
    }

    #[test]
    fn replacing_and_removing_keep_vectors_with_their_documents() {
        let mut held = held();
        for (row, vector) in [(1, [127, 0]), (2, [0, 127]), (3, [-127, 0])] {
            assert!(held.set(fresh(row, "tent", Some(vector))));
        }
        held.remove(1);
        held.remove(9);
        assert!(held.set(fresh(2, "stove", Some([0, -127]))));
        assert!(!held.set_vector(2, &[1, 2, 3]));
        let any = Filter::default();
        let found = held.nearest(&[-1.0, 0.0], &any, 10);
        assert_eq!(ids(&found), ["d3", "d2"]);
        assert!((found[0].score - 1.0).abs() < 1e-3);
        assert_eq!(held.nearest(&[0.0, -1.0], &any, 1)[0].id, "d2");
        assert_eq!(ids(&held.found(&["tent".to_owned()], &any, 9)), ["d3"]);
        assert_eq!(ids(&held.found(&["stove".to_owned()], &any, 9)), ["d2"]);
        assert!(held.set(fresh(2, "stove", None)));
        assert_eq!(ids(&held.nearest(&[0.0, -1.0], &any, 9)), ["d3"], "its text is another, its vector is to come");
        held.drop_vectors(2, 3);
        assert!(held.nearest(&[0.0, -1.0, 0.0], &any, 9).is_empty());
        assert_eq!(ids(&held.found(&["stove".to_owned()], &any, 9)), ["d2"]);
    }

    #[test]
    fn the_nearest_of_many_are_the_same_however_many_cores_look() {
        let mut held = held();
        let many = i64::try_from(SCANNED_AT_ONCE * 3 + 1).unwrap();
        for row in 0..many {
            let (x, y) = (row % 120 + 1, row % 127 - 63);
            assert!(held.set(fresh(row, "tent", Some([x as i8, y as i8]))));
        }
        let any = Filter::default();
        let mut all = held.nearest(&[1.0, 0.5], &any, many as usize);
        assert_eq!(all.len() as i64, many);
        assert!(all.is_sorted_by(|a, b| fuse::better(a, b).is_lt()));
        all.truncate(20);
        assert_eq!(held.nearest(&[1.0, 0.5], &any, 20), all);
    }

    #[test]
    fn a_shop_with_many_slots_left_over_is_read_anew() {
        let mut held = held();
        for round in 0..LEFT_OVER_MAX + 2 {
            assert!(!held.is_loose(), "{round}");
            assert!(held.set(fresh(1, &format!("tent{round}"), None)));
        }
        assert!(held.is_loose());
        for _ in 0..9 {
            assert!(held.set(fresh(1, "tent", None)));
        }
        assert_eq!(held.docs.len(), LEFT_OVER_MAX + 3, "the same words take no other slot");
    }

    #[test]
    fn a_vector_without_direction_is_none() {
        assert_eq!(shrink(&[0.0, 0.0]), None);
        assert_eq!(shrink(&[f32::NAN, 1.0]), None);
        assert_eq!(shrink(&[f32::INFINITY, 1.0]), None);
        assert_eq!(shrink(&[]), None);
        assert_eq!(shrink(&[0.5, -1.0]), Some(vec![64, -127]));
    }
}
