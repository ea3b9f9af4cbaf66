//! What a question means, as far as the index can be asked for it: where the embedder is away or most vectors are still to
//! come, words decide alone.

use crate::app::App;
use crate::domain::shop::Shop;
use crate::search::fuse::{self, Both};
use crate::search::{self, Kind};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// How long a shopper waits for the vector of a question. Documents may take longer; nobody waits for them.
const WAIT: Duration = Duration::from_secs(4);
/// Documents without a vector that are named. Where there are more, the dense side only counts less.
const LACKING_MAX: usize = 1_000;

/// A question for both sides of the index.
#[derive(Debug, Default)]
pub struct Meaning {
    /// Its vector; empty where words decide alone.
    pub vector: Vec<f32>,
    /// What the dense side counts, 0 to 1.
    pub weight: f32,
    lacking: HashSet<String>,
}

/// Questions that were asked by their words alone, because the embedder was away.
#[derive(Debug, Default)]
pub struct Outage {
    questions: AtomicU64,
    lasts: AtomicBool,
}

impl Outage {
    /// How many since the program started.
    pub fn questions(&self) -> u64 {
        self.questions.load(Ordering::Relaxed)
    }

    /// Said once when it begins and once when it ends, and not for each question.
    fn noted(&self, why: Option<&(dyn std::error::Error + 'static)>) {
        let before = self.lasts.swap(why.is_some(), Ordering::Relaxed);
        match why {
            Some(error) => {
                self.questions.fetch_add(1, Ordering::Relaxed);
                if !before {
                    tracing::warn!(error, "the embedder is away; questions are asked by their words alone");
                }
            }
            None if before => tracing::info!("the embedder is back"),
            None => {}
        }
    }
}

impl Meaning {
    /// The meaning of a question among documents of a kind. `weight` is what the dense side counts where all is there.
    pub async fn of(app: &App, shop: &Shop, kind: Kind, text: &str, weight: f32) -> Result<Self, search::Error> {
        let asked = tokio::time::timeout(WAIT, app.embedder.embed_query(text));
        let (asked, lacking) = tokio::join!(asked, app.index.count_lacking(&shop.id, kind));
        let vector = match asked {
            Ok(Ok(vector)) => {
                app.outage.noted(None);
                vector
            }
            Ok(Err(error)) => {
                app.outage.noted(Some(&error));
                Vec::new()
            }
            Err(late) => {
                app.outage.noted(Some(&late));
                Vec::new()
            }
        };
        let lacking = lacking?;
        if vector.is_empty() || lacking == 0 {
            return Ok(Self { vector, weight, lacking: HashSet::new() });
        }
        let all = app.index.count(&shop.id, kind).await?.max(1);
        if lacking.saturating_mul(2) > all {
            return Ok(Self { weight, ..Self::default() });
        }
        let named = app.index.lacking(&shop.id, LACKING_MAX).await?;
        let lacks = named.into_iter().filter(|lack| lack.kind == kind).map(|lack| lack.id).collect();
        let share = 1.0 - lacking as f32 / all as f32;
        Ok(Self { vector, weight: weight * share, lacking: lacks })
    }

    /// Whether nothing is known of it, so that an empty dense side says nothing against what words found.
    pub fn is_unknown(&self) -> bool {
        self.vector.is_empty()
    }

    /// Whether a document has no vector yet, so that its absence from the dense side says nothing of it.
    pub fn lacks(&self, id: &str) -> bool {
        self.lacking.contains(id)
    }

    /// Gives what has no vector yet the place its words alone deserve: it is as near in meaning as it is by its words.
    pub fn even(&self, both: &mut Both) {
        if self.lacking.is_empty() {
            return;
        }
        let by_words: HashMap<&str, f32> = fuse::scale(&both.lexical);
        for hit in both.fused.iter_mut().filter(|hit| self.lacks(&hit.id)) {
            hit.score = by_words.get(hit.id.as_str()).copied().unwrap_or(hit.score);
        }
        both.fused.sort_by(fuse::better);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Hit;

    fn hits(list: &[(&str, f32)]) -> Vec<Hit> {
        list.iter().map(|(id, score)| Hit { id: (*id).to_owned(), score: *score }).collect()
    }

    #[test]
    fn what_lacks_a_vector_stands_where_its_words_put_it() {
        let (lexical, dense) = (hits(&[("new", 9.0), ("old", 8.0), ("far", 1.0)]), hits(&[("old", 0.9), ("far", 0.2)]));
        let order = |lacking: &[&str]| {
            let lacking = lacking.iter().map(|id| (*id).to_owned()).collect();
            let fused = fuse::fuse(&lexical, &dense, 0.6);
            let mut both = Both { lexical: lexical.clone(), dense: dense.clone(), fused };
            Meaning { vector: vec![1.0], weight: 0.6, lacking }.even(&mut both);
            both.fused.into_iter().map(|hit| hit.id).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(order(&[]), "old new far");
        assert_eq!(order(&["new"]), "new old far");
    }
}
