//! What is told to the server when documents change: pure, so tested without one.

use crate::domain::id::ShopId;
use crate::search::qdrant::point;
use crate::search::{Doc, Lack, Made};
use qdrant_client::qdrant::points_update_operation::{DeleteVectors, Operation, PointStructList, UpdateVectors};
use qdrant_client::qdrant::{Condition, Filter, VectorsSelector};

/// Writes documents, given those that are there with the stamp of their vectors. One whose text is the same is changed in
/// place, so that its vector stays and is not built into the graph once more. Answers how many lack a vector of the stamp.
pub fn written(
    shop: &ShopId,
    docs: &[Doc],
    known: &[(Lack, Option<String>)],
    stamp: Option<&str>,
) -> (Vec<Operation>, u64) {
    let (mut points, mut words, mut told, mut lacking) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for doc in docs {
        let same =
            known.iter().find(|(there, _)| there.kind == doc.kind && there.id == doc.id && there.text == doc.text);
        let made = same.and_then(|(_, made)| made.as_deref());
        if made.is_none() || made != stamp {
            lacking += 1;
        }
        if same.is_some() {
            let (vectors, payload) = point::kept(shop, doc, made);
            words.extend(vectors);
            told.push(payload);
        } else {
            points.push(point::of(shop, doc));
        }
    }
    let mut operations = Vec::new();
    if !points.is_empty() {
        operations.push(Operation::Upsert(PointStructList { points, ..PointStructList::default() }));
    }
    if !words.is_empty() {
        operations.push(Operation::UpdateVectors(UpdateVectors { points: words, ..UpdateVectors::default() }));
    }
    operations.extend(told);
    (operations, lacking)
}

/// Sets vectors, and says so last, so that a vector whose text changed in between counts for nothing.
pub fn embedded(shop: &ShopId, made: &[&Made], stamp: &str) -> Vec<Operation> {
    let points: Vec<_> = made.iter().filter_map(|made| point::meant(shop, made)).collect();
    let without = made.iter().filter(|made| !point::has_direction(&made.vector));
    let without: Vec<_> = without.map(|made| point::id_of(shop, made.of.kind, &made.of.id)).collect();
    let mut operations = Vec::new();
    if !points.is_empty() {
        operations.push(Operation::UpdateVectors(UpdateVectors { points, ..UpdateVectors::default() }));
    }
    if !without.is_empty() {
        operations.push(Operation::DeleteVectors(DeleteVectors {
            points_selector: Some(Filter::must([Condition::has_id(without)]).into()),
            vectors: Some(VectorsSelector { names: vec![point::DENSE.to_owned()] }),
            ..DeleteVectors::default()
        }));
    }
    operations.extend(made.iter().map(|made| point::settled(shop, &made.of, stamp)));
    operations
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::contract;

    fn names(operations: &[Operation]) -> Vec<&'static str> {
        let name = |operation: &Operation| match operation {
            Operation::Upsert(list) if list.points.len() == 1 => "put one",
            Operation::UpdateVectors(update) if update.points.len() == 1 => "one vector",
            Operation::OverwritePayload(_) => "tell anew",
            Operation::SetPayload(_) => "tell",
            Operation::DeleteVectors(_) => "no vector",
            _ => "something else",
        };
        operations.iter().map(name).collect()
    }

    fn lack(doc: &Doc) -> Lack {
        Lack { kind: doc.kind, id: doc.id.clone(), text: doc.text }
    }

    #[test]
    fn only_new_texts_are_put_anew() {
        let shop = ShopId::new("s");
        let docs = [contract::doc("new", "tent"), contract::doc("same", "stove"), contract::doc("other", "lamp")];
        let mut before = lack(&docs[2]);
        before.text += 1;
        let known = [(lack(&docs[1]), Some("m".to_owned())), (before, Some("m".to_owned()))];
        let (operations, lacking) = written(&shop, &docs[..2], &known, Some("m"));
        assert_eq!((names(&operations), lacking), (vec!["put one", "one vector", "tell anew"], 1));
        let (operations, lacking) = written(&shop, &docs[1..], &known, Some("m"));
        assert_eq!((names(&operations), lacking), (vec!["put one", "one vector", "tell anew"], 1));
        assert_eq!(written(&shop, &docs[1..2], &known, Some("another")).1, 1, "a vector of another embedder is none");
        assert!(written(&shop, &[], &known, None).0.is_empty());
    }

    #[test]
    fn a_vector_is_set_before_it_is_told() {
        let shop = ShopId::new("s");
        let made = |id: &str, vector: Vec<f32>| Made { of: lack(&contract::doc(id, "tent")), vector };
        let (some, none) = (made("a", vec![1.0; 3]), made("b", vec![0.0; 3]));
        assert_eq!(names(&embedded(&shop, &[&some, &none], "m")), ["one vector", "no vector", "tell", "tell"]);
    }
}
