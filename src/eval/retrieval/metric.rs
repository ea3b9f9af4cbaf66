//! How good a ranking is, by what people said of each product. Every number is of one question; means are taken elsewhere.

use std::collections::{BTreeMap, HashSet};

/// The rating from which a product counts as an answer: 2 "good" and 3 "exactly this", of 0 to 3.
pub const RELEVANT_FROM: f64 = 2.0;
/// The first places, on which a shopper looks.
pub const TOP: usize = 10;

/// Product → rating. What nobody judged is not in it.
pub type Ratings = BTreeMap<String, f64>;

/// Normalised discounted cumulative gain of the first `depth` places: the gain is the rating itself, the discount
/// `log2(1 + place)`, and 1 is the best order of all judged products (Järvelin & Kekäläinen, "Cumulated gain-based
/// evaluation of IR techniques", TOIS 2002, with the usual discount from the first place on). Unjudged products gain
/// nothing. No value where nothing has a gain.
pub fn ndcg(found: &[String], ratings: &Ratings, depth: usize) -> Option<f64> {
    let mut ideal: Vec<f64> = ratings.values().copied().filter(|rating| *rating > 0.0).collect();
    ideal.sort_by(|a, b| b.total_cmp(a));
    let best = gained(ideal.into_iter().take(depth));
    let got = gained(found.iter().take(depth).map(|id| ratings.get(id).copied().unwrap_or(0.0)));
    (best > 0.0).then(|| got / best)
}

fn gained(ratings: impl Iterator<Item = f64>) -> f64 {
    (2u32..).zip(ratings).map(|(place, rating)| rating / f64::from(place).log2()).sum()
}

/// The same after everything unjudged is taken out of the list, so that a ranking is not punished for finding what the
/// judges were never shown (Sakai, "Alternatives to Bpref", SIGIR 2007: condensed lists).
pub fn condensed_ndcg(found: &[String], ratings: &Ratings, depth: usize) -> Option<f64> {
    let judged: Vec<String> = found.iter().filter(|id| ratings.contains_key(*id)).cloned().collect();
    ndcg(&judged, ratings, depth)
}

/// One divided by the place of the first relevant product among the first `depth`, else 0 (Voorhees, "The TREC-8 question
/// answering track report", 1999).
pub fn reciprocal_rank(found: &[String], ratings: &Ratings, depth: usize) -> Option<f64> {
    let relevant = relevant(ratings);
    let place = found.iter().take(depth).position(|id| relevant.contains(id.as_str()));
    (!relevant.is_empty()).then(|| place.map_or(0.0, |at| 1.0 / (at as f64 + 1.0)))
}

/// Share of the relevant products that stand among the first `depth`; of as many as have room there (Manning, Raghavan &
/// Schütze, "Introduction to Information Retrieval", 8.4, capped so that 1 can be reached).
pub fn recall(found: &[String], ratings: &Ratings, depth: usize) -> Option<f64> {
    let relevant = relevant(ratings);
    let hit = found.iter().take(depth).filter(|id| relevant.contains(id.as_str())).count();
    let most = relevant.len().min(depth);
    (most > 0).then(|| hit as f64 / most as f64)
}

/// Share of the first `depth` places that were judged at all: how far the other numbers can be trusted.
pub fn judged(found: &[String], ratings: &Ratings, depth: usize) -> Option<f64> {
    let shown = found.len().min(depth);
    let known = found.iter().take(depth).filter(|id| ratings.contains_key(*id)).count();
    (shown > 0).then(|| known as f64 / shown as f64)
}

/// The products that count as answers.
pub fn relevant(ratings: &Ratings) -> HashSet<&str> {
    ratings.iter().filter(|(_, rating)| **rating >= RELEVANT_FROM).map(|(id, _)| id.as_str()).collect()
}

/// How well "we don't carry that" was said: positive is a question without any relevant product.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Refusals {
    /// Said, and rightly.
    pub right: usize,
    /// Said of what there is.
    pub wrong: usize,
    /// Not said of what there is not.
    pub missed: usize,
    /// Share of what was said that was right.
    pub precision: f64,
    /// Share of what had to be said that was.
    pub recall: f64,
    /// Their harmonic mean (van Rijsbergen, "Information Retrieval", 1979, chapter 7).
    pub f1: f64,
}

impl Refusals {
    /// Counts pairs of "nothing is relevant" and "we said so".
    pub fn count(pairs: impl IntoIterator<Item = (bool, bool)>) -> Self {
        let mut made = Self::default();
        for pair in pairs {
            match pair {
                (true, true) => made.right += 1,
                (false, true) => made.wrong += 1,
                (true, false) => made.missed += 1,
                (false, false) => {}
            }
        }
        let share = |of: usize| if of == 0 { 0.0 } else { made.right as f64 / of as f64 };
        made.precision = share(made.right + made.wrong);
        made.recall = share(made.right + made.missed);
        let sum = made.precision + made.recall;
        made.f1 = if sum > 0.0 { 2.0 * made.precision * made.recall / sum } else { 0.0 };
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    fn ratings() -> Ratings {
        [("a", 3.0), ("b", 2.0), ("c", 1.0), ("d", 0.0)].map(|(id, rating)| (id.to_owned(), rating)).into()
    }

    fn near(got: Option<f64>, by_hand: f64) {
        let got = got.expect("a value");
        assert!((got - by_hand).abs() < 1e-4, "{got} is not {by_hand}");
    }

    #[test]
    fn gains_are_discounted_by_place_and_measured_by_the_best_order() {
        // Best: 3/log2(2) + 2/log2(3) + 1/log2(4) = 3 + 1.26186 + 0.5 = 4.76186.
        near(ndcg(&list(&["a", "b", "c"]), &ratings(), 10), 1.0);
        // b, x, a: 2/1 + 0 + 3/2 = 3.5.
        near(ndcg(&list(&["b", "x", "a"]), &ratings(), 10), 3.5 / 4.76186);
        // Only one place counts: 2 of 3.
        near(ndcg(&list(&["b", "a"]), &ratings(), 1), 2.0 / 3.0);
        near(ndcg(&[], &ratings(), 10), 0.0);
        assert_eq!(ndcg(&list(&["d"]), &[("d".to_owned(), 0.0)].into(), 10), None);
    }

    #[test]
    fn a_condensed_list_leaves_out_what_nobody_judged() {
        // x is unjudged: b, a = 2 + 3/log2(3) = 3.89279; d was judged and keeps its place.
        near(condensed_ndcg(&list(&["b", "x", "a"]), &ratings(), 10), 3.892_79 / 4.761_86);
        near(condensed_ndcg(&list(&["d", "x", "a"]), &ratings(), 10), 1.892_79 / 4.761_86);
    }

    #[test]
    fn the_first_good_one_and_all_good_ones_are_counted() {
        near(reciprocal_rank(&list(&["c", "x", "b", "a"]), &ratings(), 10), 1.0 / 3.0);
        near(reciprocal_rank(&list(&["c", "x", "b", "a"]), &ratings(), 2), 0.0);
        assert_eq!(reciprocal_rank(&list(&["c"]), &[("c".to_owned(), 1.0)].into(), 10), None);
        near(recall(&list(&["b", "x", "c"]), &ratings(), 10), 0.5);
        // Two are relevant and one place is open: one is all there can be.
        near(recall(&list(&["b", "a"]), &ratings(), 1), 1.0);
        near(judged(&list(&["b", "x", "c", "y"]), &ratings(), 3), 2.0 / 3.0);
        assert_eq!(judged(&[], &ratings(), 10), None);
    }

    #[test]
    fn refusals_are_right_wrong_or_missed() {
        let made = Refusals::count([(true, true), (true, true), (true, false), (false, true), (false, false)]);
        assert_eq!((made.right, made.wrong, made.missed), (2, 1, 1));
        near(Some(made.precision), 2.0 / 3.0);
        near(Some(made.recall), 2.0 / 3.0);
        near(Some(made.f1), 2.0 / 3.0);
        assert_eq!(Refusals::count([(false, false)]).f1, 0.0);
    }
}
