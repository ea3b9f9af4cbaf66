//! Whether what was found is what was asked for: words and meaning weighed together, fitted for each shipped embedder on
//! `evals/labels` (`tools/fit_relevance.py` makes these numbers anew).

/// Weights of one embedder: from zero on, the shop carries it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Relevance {
    /// Of the best share of the wish that a product has.
    share: f32,
    /// Of the nearest product's cosine.
    meaning: f32,
    /// Of one product having the named thing in the right place.
    named: f32,
    /// What has to be made up for.
    base: f32,
}

/// Beginnings of stamps, and what was fitted for them.
const FITTED: [(&str, Relevance); 2] = [
    ("minilm-l6-v2", Relevance { share: 7.3, meaning: 13.1, named: 2.3, base: -12.0 }),
    ("static-256", Relevance { share: 8.9, meaning: 5.5, named: 2.1, base: -9.2 }),
];

impl Relevance {
    /// What was fitted for an embedder; cosines of one nobody has measured say nothing, and words decide alone.
    pub fn of(stamp: &str) -> Option<Self> {
        FITTED.iter().find(|(begins, _)| stamp.starts_with(begins)).map(|(_, fitted)| *fitted)
    }

    /// Whether the shop carries it.
    pub fn carries(&self, share: f32, meaning: f32, named: bool) -> bool {
        let named = if named { self.named } else { 0.0 };
        self.base + self.share * share + self.meaning * meaning + named > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embed::Embedder;
    use crate::embed::local::Local;
    use crate::embed::minilm::MiniLm;

    #[test]
    fn both_shipped_embedders_are_fitted_and_no_other() {
        for stamp in [Local::new().stamp(), MiniLm::new().stamp()] {
            let fitted = Relevance::of(&stamp).unwrap_or_else(|| panic!("{stamp} was not fitted"));
            assert!(fitted.carries(0.95, 0.6, true) && !fitted.carries(0.3, 0.2, false), "{stamp}");
        }
        assert_eq!(Relevance::of("text-embedding-3-small:1024"), None);
    }
}
