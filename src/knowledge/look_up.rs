//! Looking a question up in the shop's texts.

use crate::app::App;
use crate::domain::id::PassageId;
use crate::domain::passage::Passage;
use crate::domain::shop::Shop;
use crate::knowledge::Error;
use crate::search::{Filter, HITS_MAX, Kind, analyse, fuse};
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::BTreeSet;

/// Passages looked at before the best are chosen.
const CANDIDATES: usize = 12;
/// Share of the question's words found in a passage from which it fits well.
const STRONG: f32 = 0.6;
/// Share from which it may fit.
const FAIR: f32 = 0.34;
/// Similarity of meaning from which a passage fits well, whatever its words.
const STRONG_MEANING: f32 = 0.62;

/// How well a passage fits a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// Probably about something else.
    Weak,
    /// Maybe.
    Fair,
    /// Probably the answer.
    Strong,
}

/// The passages that fit best, best first, only those that hold today.
pub async fn look_up(app: &App, shop: &Shop, question: &str, limit: usize) -> Result<Vec<(Passage, Fit)>, Error> {
    let tokens = analyse::query(question);
    let filter = Filter { kind: Some(Kind::Passage), ..Filter::default() };
    let lexical = app.index.lexical(&shop.id, &tokens, &filter, HITS_MAX).await?;
    let vectors = app.embedder.embed(&[question.to_owned()]).await?;
    let dense = match vectors.first() {
        Some(vector) => app.index.dense(&shop.id, vector, &filter, HITS_MAX).await?,
        None => Vec::new(),
    };
    let weight = app.config.embed.weight.unwrap_or_else(|| app.embedder.weight());
    let fused = fuse::fuse(&lexical, &dense, weight);
    let ids: Vec<PassageId> = fused.iter().take(CANDIDATES).map(|hit| PassageId::new(hit.id.clone())).collect();
    let passages = app.store.read(&shop.id).await?.passages(&ids).await?;
    let today = today(app, shop);
    let asked: BTreeSet<String> = tokens.into_iter().collect();
    Ok(passages
        .into_iter()
        .filter(|p| p.holds_on(&today))
        .map(|p| {
            let meaning = dense.iter().find(|hit| hit.id == p.id.as_str()).map_or(0.0, |hit| hit.score);
            let fit = fit(&asked, &p, meaning);
            (p, fit)
        })
        .take(limit)
        .collect())
}

/// Today in the shop's time zone, as `YYYY-MM-DD`.
pub fn today(app: &App, shop: &Shop) -> String {
    let zone = TimeZone::get(&shop.time_zone).unwrap_or(TimeZone::UTC);
    app.now().to_zoned(zone).date().to_string()
}

fn fit(asked: &BTreeSet<String>, passage: &Passage, meaning: f32) -> Fit {
    let text = format!("{} {} {}", passage.title, passage.heading, passage.text);
    let words: BTreeSet<String> = analyse::document(&text).into_iter().collect();
    let found = asked.iter().filter(|token| words.contains(*token)).count();
    let share = if asked.is_empty() { 0.0 } else { found as f32 / asked.len() as f32 };
    if share >= STRONG || meaning >= STRONG_MEANING {
        Fit::Strong
    } else if share >= FAIR {
        Fit::Fair
    } else {
        Fit::Weak
    }
}
