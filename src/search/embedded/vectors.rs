//! The vectors of one shop in memory, one byte a number, compared one by one: exact, with no index to build or repair.

use crate::search::Filter;
use crate::search::Hit;
use crate::search::embedded::schema;
use crate::search::fuse;
use crate::search::pairs;
use simsimd::SpatialSimilarity;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::HashMap;

/// A vector as bytes, its largest number at 127. The length is lost, which the cosine does not need.
/// Nothing for a vector without direction.
pub fn shrink(vector: &[f32]) -> Option<Vec<i8>> {
    let largest = vector.iter().fold(0.0f32, |largest, x| largest.max(x.abs()));
    let usable = largest.is_normal() && vector.iter().all(|x| x.is_finite());
    usable.then(|| vector.iter().map(|x| (x / largest * 127.0).round() as i8).collect())
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
    /// `|key=value|key=value|`.
    pub attributes: String,
}

/// One shop's vectors.
#[derive(Default)]
pub struct Vectors {
    /// The version of the shop they were read at.
    pub version: i64,
    /// Length of each.
    pub dims: usize,
    slots: HashMap<i64, usize>,
    docs: Vec<Held>,
    numbers: Vec<i8>,
    text_bytes: usize,
}

struct Held {
    row: i64,
    id: String,
    meta: Meta,
    /// One divided by the length of the shrunk vector.
    inverse: f32,
}

impl Vectors {
    /// Empty, for vectors of one length.
    pub fn of(dims: usize) -> Self {
        Self { dims, ..Self::default() }
    }

    /// Adds or replaces a document; false if the vector's length does not fit.
    pub fn set(&mut self, row: i64, id: String, meta: Meta, vector: Vec<i8>) -> bool {
        if vector.len() != self.dims {
            return false;
        }
        self.remove(row);
        self.slots.insert(row, self.docs.len());
        self.text_bytes += id.len() + meta.attributes.len();
        let inverse = inverse_length(&vector);
        self.docs.push(Held { row, id, meta, inverse });
        self.numbers.extend(vector);
        true
    }

    /// Forgets a document, if it is there. The last one takes its place.
    pub fn remove(&mut self, row: i64) {
        let Some(slot) = self.slots.remove(&row) else { return };
        let last = self.numbers.len().saturating_sub(self.dims);
        let to = slot * self.dims;
        self.numbers.copy_within(last.., to);
        self.numbers.truncate(last);
        let gone = self.docs.swap_remove(slot);
        self.text_bytes -= gone.id.len() + gone.meta.attributes.len();
        if let Some(moved) = self.docs.get(slot) {
            self.slots.insert(moved.row, slot);
        }
    }

    /// Bytes held, near enough to bound the total.
    pub fn bytes(&self) -> usize {
        const DOC_BYTES: usize = size_of::<Held>() + 2 * size_of::<(i64, usize)>();
        self.numbers.len() + self.text_bytes + self.docs.len() * DOC_BYTES
    }

    /// The nearest documents that pass the filter, best first.
    pub fn nearest(&self, vector: &[f32], filter: &Filter, limit: usize) -> Vec<Hit> {
        let Some(asked) = shrink(vector).filter(|asked| asked.len() == self.dims && limit > 0) else {
            return Vec::new();
        };
        let inverse = inverse_length(&asked);
        let test = Test::new(filter);
        let mut heap: BinaryHeap<Candidate> = BinaryHeap::with_capacity(limit + 1);
        let mut worst = f32::NEG_INFINITY;
        for (doc, numbers) in self.docs.iter().zip(self.numbers.chunks_exact(self.dims.max(1))) {
            if !test.passes(&doc.meta) {
                continue;
            }
            let dot = i8::dot(&asked, numbers).unwrap_or(0.0) as f32;
            let score = dot * inverse * doc.inverse;
            if heap.len() == limit && score < worst {
                continue;
            }
            heap.push(Candidate { score, id: &doc.id });
            if heap.len() > limit {
                heap.pop();
            }
            worst = heap.peek().map_or(f32::NEG_INFINITY, |candidate| candidate.score);
        }
        let mut hits: Vec<Hit> =
            heap.into_iter().map(|found| Hit { id: found.id.to_owned(), score: found.score }).collect();
        hits.sort_by(fuse::better);
        hits
    }
}

fn inverse_length(vector: &[i8]) -> f32 {
    let squares: i64 = vector.iter().map(|x| i64::from(*x) * i64::from(*x)).sum();
    if squares == 0 { 0.0 } else { 1.0 / (squares as f32).sqrt() }
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
    pairs: Vec<Vec<String>>,
}

impl Test {
    fn new(filter: &Filter) -> Self {
        Self {
            kind: filter.kind.map(schema::code),
            at_least: filter.price_at_least,
            at_most: filter.price_at_most,
            in_stock: filter.in_stock,
            pairs: delimited(filter),
        }
    }

    fn passes(&self, meta: &Meta) -> bool {
        self.kind.is_none_or(|kind| kind == meta.kind)
            && self.at_least.is_none_or(|price| meta.price_max >= price)
            && self.at_most.is_none_or(|price| meta.price_min <= price)
            && (!self.in_stock || meta.in_stock)
            && self.pairs.iter().all(|any| any.iter().any(|pair| meta.attributes.contains(pair.as_str())))
    }
}

/// The wanted pairs as they stand in the stored text.
pub fn delimited(filter: &Filter) -> Vec<Vec<String>> {
    pairs::wanted(filter).into_iter().map(|any| any.into_iter().map(|pair| format!("|{pair}|")).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta() -> Meta {
        Meta { kind: 1, price_min: 0, price_max: 0, in_stock: true, attributes: "|".to_owned() }
    }

    #[test]
    fn replacing_and_removing_keep_vectors_with_their_documents() {
        let mut held = Vectors::of(2);
        for (row, vector) in [(1, vec![127, 0]), (2, vec![0, 127]), (3, vec![-127, 0])] {
            assert!(held.set(row, format!("d{row}"), meta(), vector));
        }
        held.remove(1);
        held.remove(9);
        assert!(held.set(2, "d2".to_owned(), meta(), vec![0, -127]));
        assert!(!held.set(4, "d4".to_owned(), meta(), vec![1, 2, 3]));
        let found = held.nearest(&[-1.0, 0.0], &Filter::default(), 10);
        assert_eq!(found.iter().map(|hit| hit.id.as_str()).collect::<Vec<_>>(), ["d3", "d2"]);
        assert!((found[0].score - 1.0).abs() < 1e-3);
        assert_eq!(held.nearest(&[0.0, -1.0], &Filter::default(), 1)[0].id, "d2");
        held.remove(2);
        held.remove(3);
        assert_eq!(held.bytes(), 0);
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
