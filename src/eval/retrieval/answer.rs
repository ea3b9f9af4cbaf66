//! One question, asked of every part of the search and of all of it.

use crate::catalog::find::{self, Candidate, Search};
use crate::eval::retrieval::plain::Plain;
use crate::eval::retrieval::{Error, System};
use serde::{Deserialize, Serialize};
use std::time::Instant;

/// Which ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Plain BM25 over title, brand and description: the yardstick.
    Bm25,
    /// The index's words alone.
    Lexical,
    /// The index's vectors alone.
    Dense,
    /// Both sides fused.
    Hybrid,
    /// What shoppers get: fused, checked against the wish, ordered by fit.
    Find,
}

impl Part {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 5] = [Self::Bm25, Self::Lexical, Self::Dense, Self::Hybrid, Self::Find];
}

/// What came for one question.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The yardstick's list.
    pub bm25: Vec<String>,
    /// Everything that came into question, as the whole search ranks it.
    pub candidates: Vec<Candidate>,
    /// How deep lists go.
    pub depth: usize,
    /// What a shopper is shown.
    pub shown: Vec<String>,
    /// Whether that is offered as what was asked for.
    pub relevant: bool,
    /// Milliseconds the search took.
    pub ms: f64,
}

/// Products a shopper is shown at most.
const SHOWN: usize = 10;

/// Asks.
pub async fn answer(system: &System<'_>, plain: &Plain, query: &str, depth: usize) -> Result<Answer, Error> {
    let (app, shop, ranking) = (system.app, system.shop, &system.ranking);
    let search = Search::of(query, SHOWN);
    let begun = Instant::now();
    let found = find::find_by(app, shop, &search, ranking).await?;
    let ms = begun.elapsed().as_secs_f64() * 1_000.0;
    Ok(Answer {
        bm25: plain.find(query, depth),
        candidates: find::candidates(app, shop, &search, ranking).await?,
        depth,
        shown: found.items.iter().map(|item| item.product.id.to_string()).collect(),
        relevant: found.relevant,
        ms,
    })
}

impl Answer {
    /// One part's list, best first.
    pub fn list(&self, part: Part) -> Vec<String> {
        let by = |score: &dyn Fn(&Candidate) -> Option<f32>| -> Vec<String> {
            let mut hits: Vec<(f32, &Candidate)> =
                self.candidates.iter().filter_map(|c| Some((score(c)?, c))).collect();
            hits.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id)));
            hits.into_iter().take(self.depth).map(|(_, c)| c.id.to_string()).collect()
        };
        match part {
            Part::Bm25 => self.bm25.clone(),
            Part::Lexical => by(&|c| c.lexical),
            Part::Dense => by(&|c| c.dense),
            Part::Hybrid => by(&|c| Some(c.fused)),
            Part::Find => self.candidates.iter().take(self.depth).map(|c| c.id.to_string()).collect(),
        }
    }
}
