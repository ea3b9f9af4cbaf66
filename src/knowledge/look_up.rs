//! Looking a question up in the shop's texts.

use crate::app::App;
use crate::app::meaning::Meaning;
use crate::domain::id::PassageId;
use crate::domain::passage::Passage;
use crate::domain::shop::Shop;
use crate::knowledge::Error;
use crate::search::analyse::widen::{Field, Term, mend, terms};
use crate::search::fuse::{self, Both};
use crate::search::{Filter, HITS_MAX, Hit, Kind, analyse};
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::BTreeSet;

/// Passages looked at before the best are chosen.
const CANDIDATES: usize = 30;
/// What a word of the question counts when it stands in the heading, in the text's title or in the passage.
const IN_HEADING: f32 = 1.0;
const IN_TITLE: f32 = 0.75;
const IN_TEXT: f32 = 0.55;
/// What a word that says next to nothing counts.
const LIGHT_WEIGHT: f32 = 0.08;
/// The least a word counts, however many passages have it.
const WEIGHT_MIN: f32 = 0.2;
/// What the place in the fused list counts beside the words.
const PLACE_WEIGHT: f32 = 0.25;
/// What a heading counts that has nothing but what was asked.
const WHOLE_HEADING: f32 = 0.25;
/// Share of a heading that a question of one word has to name.
const WHOLE_ENOUGH: f32 = 0.3;
/// Share of the question's words found in a passage from which it fits well.
const STRONG: f32 = 0.6;
/// Share from which it may fit.
const FAIR: f32 = 0.34;
/// What meaning adds to the share, per hundredth from so far below what the embedder calls near.
const MEANING_BELOW_NEAR: f32 = 0.1;

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
    let asked = weighed(app, shop, terms(question, Field::Service)).await?;
    let mut tokens: Vec<String> = asked.iter().flat_map(|(term, _)| term.tokens().cloned()).collect();
    tokens.truncate(analyse::QUERY_TOKENS_MAX);
    let filter = passages_only();
    let weight = app.config.embed.weight.unwrap_or_else(|| app.embedder.weight());
    let meaning = Meaning::of(app, shop, Kind::Passage, question, weight).await?;
    let Meaning { vector, weight, .. } = &meaning;
    let mut both = fuse::both(app.index.as_ref(), &shop.id, &tokens, vector, &filter, *weight).await?;
    meaning.even(&mut both);
    let Both { dense, fused, .. } = both;
    let ids: Vec<PassageId> = fused.iter().take(CANDIDATES).map(|hit| PassageId::new(hit.id.clone())).collect();
    let passages = app.store.read(&shop.id).await?.passages(&ids).await?;
    let today = today(app, shop);
    let of = |hits: &[Hit], p: &Passage| hits.iter().find(|h| h.id == p.id.as_str()).map_or(0.0, |h| h.score);
    let mut scored: Vec<(f32, Fit, Passage)> = passages
        .into_iter()
        .filter(|p| p.holds_on(&today))
        .map(|p| {
            let (share, whole) = share(&asked, &p);
            // One word alone says too little where the section is about more than that.
            let telling = asked.iter().filter(|(term, _)| !term.light).count();
            let fit = fit(share, of(&dense, &p) - (app.embedder.near() - MEANING_BELOW_NEAR));
            let fit = if telling < 2 && whole < WHOLE_ENOUGH { fit.min(Fit::Fair) } else { fit };
            (share + PLACE_WEIGHT * of(&fused, &p) + WHOLE_HEADING * whole, fit, p)
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.2.id.cmp(&b.2.id)));
    Ok(scored.into_iter().take(limit).map(|(_, fit, p)| (p, fit)).collect())
}

/// Today in the shop's time zone, as `YYYY-MM-DD`.
pub fn today(app: &App, shop: &Shop) -> String {
    let zone = TimeZone::get(&shop.time_zone).unwrap_or(TimeZone::UTC);
    app.now().to_zoned(zone).date().to_string()
}

fn passages_only() -> Filter {
    Filter { kind: Some(Kind::Passage), ..Filter::default() }
}

/// Each term with what it counts: the fewer passages have it, the more. One that no passage has counts most, so that a
/// question about something else does not pass for one of ours by its small words.
async fn weighed(app: &App, shop: &Shop, terms: Vec<Term>) -> Result<Vec<(Term, f32)>, Error> {
    let all = app.index.count(&shop.id, Kind::Passage).await?.max(2) as f32;
    let mut out = Vec::new();
    for mut term in terms {
        let weight = if term.light {
            LIGHT_WEIGHT
        } else {
            let mut with = having(app, shop, &term).await?;
            let mended = term.ways.iter().flatten().next().and_then(|word| mend(word, Field::Service));
            if let Some(mended) = mended.filter(|_| with == 0 && !term.known) {
                with = having(app, shop, &mended).await?;
                term = mended;
            }
            ((all / with.max(1) as f32).ln() / all.ln()).clamp(WEIGHT_MIN, 1.0)
        };
        out.push((term, weight));
    }
    Ok(out)
}

/// How many passages have a term.
async fn having(app: &App, shop: &Shop, term: &Term) -> Result<usize, Error> {
    let tokens: Vec<String> = term.tokens().cloned().collect();
    Ok(app.index.lexical(&shop.id, &tokens, &passages_only(), HITS_MAX).await?.len())
}

/// The share of the question a passage has, and the share of its heading the question has.
fn share(asked: &[(Term, f32)], passage: &Passage) -> (f32, f32) {
    let words = |text: &str| -> BTreeSet<String> { analyse::document(text).into_iter().collect() };
    let (heading, title, text) = (words(&passage.heading), words(&passage.title), words(&passage.text));
    let total: f32 = asked.iter().map(|(_, weight)| weight).sum();
    if total == 0.0 {
        return (0.0, 0.0);
    }
    let value = |term: &Term| {
        if term.is_in(|t| heading.contains(t)) {
            IN_HEADING
        } else if term.is_in(|t| title.contains(t)) {
            IN_TITLE
        } else if term.is_in(|t| text.contains(t)) {
            IN_TEXT
        } else {
            0.0
        }
    };
    let found: f32 = asked.iter().map(|(term, weight)| weight * value(term)).sum();
    let telling: Vec<String> = analyse::query(&passage.heading);
    let named = telling.iter().filter(|word| asked.iter().any(|(term, _)| term.tokens().any(|t| t == *word))).count();
    (found / total, named as f32 / telling.len().max(1) as f32)
}

fn fit(share: f32, nearer: f32) -> Fit {
    let share = share + nearer.max(0.0) * 0.5;
    if share >= STRONG {
        Fit::Strong
    } else if share >= FAIR {
        Fit::Fair
    } else {
        Fit::Weak
    }
}
