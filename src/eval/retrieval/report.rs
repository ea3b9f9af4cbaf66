//! What a run measured, as numbers for programs and as a table for people.

mod text;

use crate::catalog::find::Candidate;
use crate::eval::retrieval::answer::{Answer, Part};
use crate::eval::retrieval::carried::Carried;
use crate::eval::retrieval::code::Codes;
use crate::eval::retrieval::interval::{self, Difference, Mean};
use crate::eval::retrieval::judgement::Question;
use crate::eval::retrieval::metric::{self, Refusals, TOP};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// The deep cut of recall.
pub const DEEP: usize = 100;
/// Worst questions that are told.
const WORST: usize = 10;
/// What stands on top of each, told.
const TOLD: usize = 3;

/// What one configuration answered.
pub struct Measured {
    /// The configuration.
    pub name: String,
    /// Who made its vectors.
    pub embedder: String,
    /// In the order of the questions.
    pub answers: Vec<Answer>,
    /// Part numbers.
    pub codes: Codes,
    /// What there is and what not.
    pub carried: Carried,
}

/// A run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Products in the catalogue.
    pub products: usize,
    /// Questions asked.
    pub questions: usize,
    /// Those with a relevant product.
    pub with_relevant: usize,
    /// The configurations, as asked for.
    pub configurations: Vec<Configuration>,
    /// Rankings compared question by question.
    pub comparisons: Vec<Comparison>,
    /// The questions the first configuration answers worst.
    pub worst: Vec<Worst>,
    /// Each question's numbers, for plots.
    pub by_question: Vec<Row>,
    /// Each question's candidates in the first configuration, for whoever wants to look closer.
    #[serde(skip)]
    pub candidates: Vec<(String, Vec<Candidate>)>,
}

/// One configuration's numbers.
#[derive(Clone, Debug, Serialize)]
pub struct Configuration {
    /// As asked for.
    pub name: String,
    /// Who made the vectors.
    pub embedder: String,
    /// Part → its numbers.
    pub parts: BTreeMap<Part, Scores>,
    /// How well "we don't carry that" was said.
    pub refusals: Refusals,
    /// The same on questions of which somebody said whether the shop carries it.
    pub carried: Carried,
    /// Part numbers.
    pub codes: Codes,
    /// Milliseconds of a whole search.
    pub milliseconds: Times,
}

/// One ranking's numbers over all questions.
#[derive(Clone, Debug, Serialize)]
pub struct Scores {
    /// Unjudged products gain nothing.
    pub ndcg10: Mean,
    /// Unjudged products are taken out first.
    pub judged_only_ndcg10: Mean,
    /// One divided by the place of the first relevant product.
    pub mrr10: Mean,
    /// Relevant products among the first ten.
    pub recall10: Mean,
    /// Among the first hundred.
    pub recall100: Mean,
    /// Share of the first ten that was judged.
    pub judged10: Mean,
}

/// How long searches took, in milliseconds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Times {
    /// The first one, which loads the shop.
    pub first: f64,
    /// Half of the others are faster.
    pub p50: f64,
    /// One of a hundred of the others is slower.
    pub p99: f64,
}

/// Two rankings by one measure.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The first.
    pub this: String,
    /// The second.
    pub than: String,
    /// By what.
    pub measure: &'static str,
    /// How they differ.
    #[serde(flatten)]
    pub difference: Difference,
}

/// A question that is answered badly, and why.
#[derive(Clone, Debug, Serialize)]
pub struct Worst {
    /// What was asked.
    pub query: String,
    /// What it reached, judged only.
    pub judged_only_ndcg10: f64,
    /// And with unjudged products counted as nothing.
    pub ndcg10: f64,
    /// What stood on top: rating or `?`, title.
    pub top: Vec<String>,
    /// Where the first relevant product stands, counted from 1; none when it is not in the list.
    pub first_relevant: Option<usize>,
    /// Its title.
    pub relevant_title: Option<String>,
}

/// One question's numbers.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What was asked.
    pub query: String,
    /// The yardstick's judged-only nDCG@10.
    pub bm25: f64,
    /// The whole search's.
    pub find: f64,
    /// The other configuration's.
    pub against: Option<f64>,
}

type Measure = fn(&[String], &metric::Ratings) -> Option<f64>;

const NDCG: Measure = |found, ratings| metric::ndcg(found, ratings, TOP);
const CONDENSED: Measure = |found, ratings| metric::condensed_ndcg(found, ratings, TOP);
const MRR: Measure = |found, ratings| metric::reciprocal_rank(found, ratings, TOP);
const RECALL: Measure = |found, ratings| metric::recall(found, ratings, TOP);
const DEEP_RECALL: Measure = |found, ratings| metric::recall(found, ratings, DEEP);
const JUDGED: Measure = |found, ratings| metric::judged(found, ratings, TOP);

/// Each question's list of one part of one configuration.
struct Lists<'a> {
    name: String,
    questions: &'a [Question],
    lists: Vec<Vec<String>>,
}

impl Lists<'_> {
    fn values(&self, measure: Measure) -> Vec<Option<f64>> {
        self.questions.iter().zip(&self.lists).map(|(question, list)| measure(list, &question.ratings)).collect()
    }

    fn mean(&self, measure: Measure) -> Mean {
        interval::mean(&self.values(measure).into_iter().flatten().collect::<Vec<f64>>())
    }

    fn scores(&self) -> Scores {
        Scores {
            ndcg10: self.mean(NDCG),
            judged_only_ndcg10: self.mean(CONDENSED),
            mrr10: self.mean(MRR),
            recall10: self.mean(RECALL),
            recall100: self.mean(DEEP_RECALL),
            judged10: self.mean(JUDGED),
        }
    }

    fn against(&self, other: &Self) -> Vec<Comparison> {
        let measures = [("ndcg10", NDCG), ("judged_only_ndcg10", CONDENSED), ("recall100", DEEP_RECALL)];
        let compare = |(name, measure): (&'static str, Measure)| {
            let both = self.values(measure).into_iter().zip(other.values(measure));
            let pairs: Vec<(f64, f64)> = both.filter_map(|(a, b)| Some((a?, b?))).collect();
            let (this, than) = (self.name.clone(), other.name.clone());
            Comparison { this, than, measure: name, difference: interval::difference(&pairs) }
        };
        measures.into_iter().map(compare).collect()
    }
}

impl Report {
    /// Sums up what was answered.
    pub fn new(
        questions: &[Question],
        products: usize,
        first: Measured,
        second: Option<Measured>,
        titles: &HashMap<&str, &str>,
    ) -> Self {
        let lists = |measured: &Measured, part: Part| Lists {
            name: format!("{} {}", measured.name, text::part(part)),
            questions,
            lists: measured.answers.iter().map(|answer| answer.list(part)).collect(),
        };
        let mut comparisons = lists(&first, Part::Hybrid).against(&lists(&first, Part::Bm25));
        comparisons.extend(lists(&first, Part::Find).against(&lists(&first, Part::Bm25)));
        if let Some(second) = &second {
            comparisons.extend(lists(&first, Part::Hybrid).against(&lists(second, Part::Hybrid)));
            comparisons.extend(lists(&first, Part::Find).against(&lists(second, Part::Find)));
        }
        let configuration = |measured: &Measured| Configuration {
            name: measured.name.clone(),
            embedder: measured.embedder.clone(),
            parts: Part::ALL.into_iter().map(|part| (part, lists(measured, part).scores())).collect(),
            refusals: refusals(questions, measured),
            carried: measured.carried.clone(),
            codes: measured.codes.clone(),
            milliseconds: times(measured),
        };
        let find = lists(&first, Part::Find);
        let plain = lists(&first, Part::Bm25).values(CONDENSED);
        let other = second.as_ref().map(|second| lists(second, Part::Find).values(CONDENSED));
        let row = |(at, (question, find)): (usize, (&Question, Option<f64>))| {
            let of = |values: &[Option<f64>]| values.get(at).copied().flatten();
            let against = other.as_deref().and_then(of);
            Some(Row { query: question.query.clone(), bm25: of(&plain)?, find: find?, against })
        };
        Self {
            products,
            questions: questions.len(),
            with_relevant: questions.iter().filter(|q| !metric::relevant(&q.ratings).is_empty()).count(),
            configurations: [Some(&first), second.as_ref()].into_iter().flatten().map(configuration).collect(),
            comparisons,
            worst: worst(&find, titles),
            by_question: questions.iter().zip(find.values(CONDENSED)).enumerate().filter_map(row).collect(),
            candidates: questions
                .iter()
                .map(|q| q.query.clone())
                .zip(first.answers.into_iter().map(|a| a.candidates))
                .collect(),
        }
    }
}

fn refusals(questions: &[Question], measured: &Measured) -> Refusals {
    let judged = questions.iter().zip(&measured.answers).filter(|(question, _)| !question.ratings.is_empty());
    Refusals::count(judged.map(|(q, answer)| (metric::relevant(&q.ratings).is_empty(), !answer.relevant)))
}

fn times(measured: &Measured) -> Times {
    let mut all = measured.answers.iter().map(|answer| answer.ms);
    let first = all.next().unwrap_or_default();
    let mut others: Vec<f64> = all.collect();
    others.sort_by(f64::total_cmp);
    let last = others.len().saturating_sub(1);
    let at = |percent: usize| others.get((others.len() * percent / 100).min(last)).copied().unwrap_or(first);
    Times { first, p50: at(50), p99: at(99) }
}

fn worst(find: &Lists<'_>, titles: &HashMap<&str, &str>) -> Vec<Worst> {
    let title = |id: &str| titles.get(id).map(|title| (*title).to_owned());
    let tell = |((question, list), judged_only): ((&Question, &Vec<String>), Option<f64>)| {
        let relevant = metric::relevant(&question.ratings);
        let first = list.iter().position(|id| relevant.contains(id.as_str()));
        let shown = |id: &String| {
            let rating = question.ratings.get(id).map_or_else(|| "?".to_owned(), f64::to_string);
            format!("{rating} {}", title(id).unwrap_or_default())
        };
        Some(Worst {
            query: question.query.clone(),
            judged_only_ndcg10: judged_only?,
            ndcg10: NDCG(list, &question.ratings)?,
            top: list.iter().take(TOLD).map(shown).collect(),
            first_relevant: first.map(|at| at + 1),
            relevant_title: relevant.into_iter().min().and_then(title).filter(|_| first.is_none()),
        })
    };
    let mut all: Vec<Worst> =
        find.questions.iter().zip(&find.lists).zip(find.values(CONDENSED)).filter_map(tell).collect();
    all.sort_by(|a, b| {
        let by = |w: &Worst| w.judged_only_ndcg10;
        by(a).total_cmp(&by(b)).then_with(|| a.ndcg10.total_cmp(&b.ndcg10))
    });
    all.truncate(WORST);
    all
}
