//! One ranking out of two: what the words found and what the meaning found.

use crate::domain::id::ShopId;
use crate::search::{Error, Filter, HITS_MAX, Hit, Index};
use std::cmp::Ordering;
use std::collections::HashMap;

/// Where the scale of a side begins, as a share of its lowest hit: who comes last among the hits is still nearer than
/// everything that is none. Beginning at the lowest hit itself lost relevant products beyond the first ten.
const FLOOR: f32 = 0.8;

/// Fuses both sides. Each is scaled over its own hits, a hit the other side lacks counts zero there:
/// score = (1 - weight) · lexical + weight · dense. Rank fusion gives the weaker side equal say and measured worse.
///
/// `weight` is kept within 0 and 1; a side that found nothing leaves the ranking to the other.
pub fn fuse(lexical: &[Hit], dense: &[Hit], weight: f32) -> Vec<Hit> {
    let weight = if weight.is_finite() { weight.clamp(0.0, 1.0) } else { 0.0 };
    let weight = match (lexical.is_empty(), dense.is_empty()) {
        (true, _) => 1.0,
        (_, true) => 0.0,
        _ => weight,
    };
    let mut sums: HashMap<&str, f32> = HashMap::with_capacity(lexical.len() + dense.len());
    for (side, share) in [(lexical, 1.0 - weight), (dense, weight)] {
        for (id, scaled) in scale(side) {
            *sums.entry(id).or_default() += share * scaled;
        }
    }
    let mut hits: Vec<Hit> = sums.into_iter().map(|(id, score)| Hit { id: id.to_owned(), score }).collect();
    hits.sort_by(better);
    hits
}

/// Higher scores first, equal ones by id, so that the same hits always come in the same order.
pub fn better(a: &Hit, b: &Hit) -> Ordering {
    b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id))
}

/// The best score of each id, scaled to 0 to 1; where all are equal each is fully found, so 1.
pub fn scale(hits: &[Hit]) -> HashMap<&str, f32> {
    let mut best: HashMap<&str, f32> = HashMap::with_capacity(hits.len());
    for hit in hits.iter().filter(|hit| hit.score.is_finite()) {
        let entry = best.entry(&hit.id).or_insert(hit.score);
        *entry = entry.max(hit.score);
    }
    let lowest = best.values().copied().fold(f32::INFINITY, f32::min);
    let lowest = if lowest > 0.0 { lowest * FLOOR } else { lowest };
    let highest = best.values().copied().fold(f32::NEG_INFINITY, f32::max);
    // Halved, because the distance of two extreme floats is no number.
    let span = highest / 2.0 - lowest / 2.0;
    for score in best.values_mut() {
        *score = if span > 0.0 { (*score / 2.0 - lowest / 2.0) / span } else { 1.0 };
    }
    best
}

/// What both sides of an index found, and their fusion.
pub struct Both {
    /// By words, best first.
    pub lexical: Vec<Hit>,
    /// By meaning, best first; empty for a text without a direction.
    pub dense: Vec<Hit>,
    /// Both sides as one ranking.
    pub fused: Vec<Hit>,
}

/// Asks both sides of an index and fuses what they found; `weight` is the dense side's.
pub async fn both(
    index: &dyn Index,
    shop: &ShopId,
    tokens: &[String],
    vector: &[f32],
    filter: &Filter,
    weight: f32,
) -> Result<Both, Error> {
    let lexical = index.lexical(shop, tokens, filter, HITS_MAX).await?;
    beside(index, shop, lexical, vector, filter, weight).await
}

/// The same where the words were asked already.
pub async fn beside(
    index: &dyn Index,
    shop: &ShopId,
    lexical: Vec<Hit>,
    vector: &[f32],
    filter: &Filter,
    weight: f32,
) -> Result<Both, Error> {
    // A text without a known word has no direction, and everything would be equally near to it.
    let dense =
        if vector.iter().all(|x| *x == 0.0) { Vec::new() } else { index.dense(shop, vector, filter, HITS_MAX).await? };
    let fused = fuse(&lexical, &dense, weight);
    Ok(Both { lexical, dense, fused })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hits(list: &[(&str, f32)]) -> Vec<Hit> {
        list.iter().map(|(id, score)| Hit { id: (*id).to_owned(), score: *score }).collect()
    }

    fn ids(list: &[Hit]) -> Vec<&str> {
        list.iter().map(|hit| hit.id.as_str()).collect()
    }

    #[test]
    fn each_side_has_its_share() {
        let lexical = hits(&[("a", 12.0), ("b", 7.0), ("c", 2.0)]);
        let dense = hits(&[("d", 0.9), ("b", 0.8), ("a", 0.4)]);
        let fused = fuse(&lexical, &dense, 0.3);
        assert_eq!(ids(&fused), ["a", "b", "d", "c"]);
        assert!((fused[0].score - (0.7 + 0.3 * 0.08 / 0.58)).abs() < 1e-6);
        // Scales begin at 1.6 and 0.32.
        assert!((fused[1].score - (0.7 * 5.4 / 10.4 + 0.3 * 0.48 / 0.58)).abs() < 1e-6);
    }

    #[test]
    fn an_empty_side_leaves_the_order_to_the_other() {
        let found = hits(&[("b", 3.0), ("a", 1.0)]);
        assert_eq!(ids(&fuse(&found, &[], 1.0)), ["b", "a"]);
        assert_eq!(ids(&fuse(&[], &found, 0.0)), ["b", "a"]);
        assert_eq!(fuse(&[], &[], 0.5), []);
        assert_eq!(fuse(&found, &[], 1.0)[0].score, 1.0);
    }

    #[test]
    fn equal_scores_go_by_id() {
        let same = hits(&[("c", 1.0), ("a", 1.0), ("b", 1.0)]);
        assert_eq!(ids(&fuse(&same, &[], 0.3)), ["a", "b", "c"]);
    }

    fn any_hits() -> impl Strategy<Value = Vec<Hit>> {
        let score = prop_oneof![any::<f32>(), -1.0f32..30.0];
        proptest::collection::vec(("[a-f]{1,2}", score).prop_map(|(id, score)| Hit { id, score }), 0..40)
    }

    proptest! {
        #[test]
        fn scores_stay_in_bounds_and_order_is_settled(
            mut lexical in any_hits(), mut dense in any_hits(), weight in any::<f32>()
        ) {
            let fused = fuse(&lexical, &dense, weight);
            prop_assert!(fused.iter().all(|hit| (0.0..=1.000_01).contains(&hit.score)));
            prop_assert!(fused.is_sorted_by(|a, b| better(a, b) == Ordering::Less), "each id once, best first");
            lexical.reverse();
            dense.reverse();
            prop_assert_eq!(fuse(&lexical, &dense, weight), fused);
        }

        #[test]
        fn found_higher_on_both_sides_ranks_higher(
            low in (0.0f32..10.0, 0.0f32..1.0), step in (0.1f32..5.0, 0.1f32..1.0), weight in 0.0f32..=1.0
        ) {
            let lexical = hits(&[("low", low.0), ("high", low.0 + step.0), ("end", -1.0)]);
            let dense = hits(&[("low", low.1), ("high", low.1 + step.1), ("end", -1.0)]);
            let fused = fuse(&lexical, &dense, weight);
            prop_assert_eq!(ids(&fused), ["high", "low", "end"]);
        }
    }
}
