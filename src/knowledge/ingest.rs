//! Taking the shop's texts in: cut, compared with what is there, stored, and put on the list to be indexed, in one
//! transaction; and an honest report of it.

use crate::app::App;
use crate::domain::id::ShopId;
use crate::domain::job::Job;
use crate::domain::passage::Passage;
use crate::knowledge::load::{Loaded, Reject, Text};
use crate::knowledge::warn::{self, Warning};
use crate::knowledge::{Error, chunk, look_up};
use crate::store::runs::Run;
use crate::store::texts::KnownText;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Told apart from other cuts of the same text: a change of how texts are cut reads all of them anew.
const CUT: &str = "3";
/// Rejects and warnings that are kept with a report.
const LISTED_MAX: usize = 1_000;

/// What became of the texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Nothing was written.
    pub dry_run: bool,
    /// Where they came from; empty for single files.
    pub origin: String,
    /// Texts that can be read.
    pub texts: usize,
    /// Those that were not there before.
    pub added: Vec<String>,
    /// Those whose words changed.
    pub changed: Vec<String>,
    /// Those that stayed as they were.
    pub unchanged: usize,
    /// Those of the same place that are gone.
    pub removed: Vec<String>,
    /// Passages the readable ones are cut into.
    pub passages: usize,
    /// What was left out, with where and why.
    pub rejected: Vec<Reject>,
    /// What will hurt answers.
    pub warnings: Vec<Warning>,
}

impl Report {
    /// One line of what it did.
    pub fn line(&self) -> String {
        let counts = [(self.added.len(), "added"), (self.changed.len(), "changed"), (self.removed.len(), "removed")];
        let parts: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} texts {word}"))
            .collect();
        let did = if parts.is_empty() { "no text changed".to_owned() } else { parts.join(", ") };
        if self.rejected.is_empty() { did } else { format!("{did}, {} left out", self.rejected.len()) }
    }
}

/// Stores texts: one of the same source is replaced, one of the same place that did not come again is removed.
pub async fn ingest(app: &App, shop: &ShopId, loaded: &Loaded) -> Result<Report, Error> {
    let plan = plan(app, shop, loaded).await?;
    let mut report = plan.report;
    let mut tx = app.store.begin(shop).await?;
    for known in &plan.known {
        tx.save_text(known).await?;
    }
    for (source, passages) in &plan.written {
        tx.replace_passages(source, passages).await?;
    }
    for source in &report.removed {
        tx.forget_text(source).await?;
    }
    if !plan.written.is_empty() || !report.removed.is_empty() {
        app.enqueue(&mut tx, &Job::IndexPassages).await?;
    }
    report.dry_run = false;
    let kept = serde_json::to_string(&report).unwrap_or_default();
    let named = || loaded.texts.first().map(|text| text.source.clone()).unwrap_or_default();
    let source = if report.origin.is_empty() { named() } else { report.origin.clone() };
    let run = Run { id: app.new_id(), kind: "texts".to_owned(), source, at: app.now(), report: kept };
    tx.keep_run(&run).await?;
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(report)
}

/// The report that [`ingest`] would give; nothing changes.
pub async fn preview(app: &App, shop: &ShopId, loaded: &Loaded) -> Result<Report, Error> {
    Ok(plan(app, shop, loaded).await?.report)
}

/// What is to be written.
struct Plan {
    report: Report,
    known: Vec<KnownText>,
    written: Vec<(String, Vec<Passage>)>,
}

async fn plan(app: &App, shop: &ShopId, loaded: &Loaded) -> Result<Plan, Error> {
    let mut tx = app.store.read(shop).await?;
    let before: BTreeMap<String, KnownText> = tx.texts().await?.into_iter().map(|t| (t.source.clone(), t)).collect();
    let mut stored: BTreeMap<String, Vec<Passage>> = BTreeMap::new();
    for passage in tx.all_passages().await? {
        stored.entry(passage.source.clone()).or_default().push(passage);
    }
    let own = tx.shop().await?;
    drop(tx);
    let mut report = Report {
        dry_run: true,
        origin: loaded.origin.clone(),
        rejected: loaded.rejects.iter().take(LISTED_MAX).cloned().collect(),
        ..Report::default()
    };
    let (mut known, mut written) = (Vec::new(), Vec::new());
    for text in &loaded.texts {
        let now = KnownText {
            source: text.source.clone(),
            origin: loaded.origin.clone(),
            hash: hash(text),
            etag: text.known.etag.clone(),
            last_modified: text.known.last_modified.clone(),
        };
        let was = before.get(&text.source);
        if was.is_some_and(|was| was.hash == now.hash) {
            report.unchanged += 1;
            let passages = stored.get(&text.source).map_or(0, Vec::len);
            report.passages += passages;
            if passages >= chunk::PASSAGES_MAX {
                report.rejected.push(too_long(&text.source));
            }
        } else {
            let passages = chunk::chunk(&text.source, text.blocks.clone());
            if passages.is_empty() {
                let reason = "has no text in it".to_owned();
                report.rejected.push(Reject { source: text.source.clone(), place: String::new(), reason });
                continue;
            }
            if passages.len() >= chunk::PASSAGES_MAX {
                report.rejected.push(too_long(&text.source));
            }
            let list = if stored.contains_key(&text.source) { &mut report.changed } else { &mut report.added };
            list.push(text.source.clone());
            report.passages += passages.len();
            stored.insert(text.source.clone(), passages.clone());
            written.push((text.source.clone(), passages));
        }
        report.texts += 1;
        if was != Some(&now) {
            known.push(now);
        }
    }
    for source in &loaded.unchanged {
        report.texts += 1;
        report.unchanged += 1;
        report.passages += stored.get(source).map_or(0, Vec::len);
    }
    report.removed = removed(loaded, before.values());
    for source in &report.removed {
        stored.remove(source);
    }
    if let Some(own) = own {
        let all: Vec<&Passage> = stored.values().flatten().collect();
        let came: BTreeSet<&str> =
            loaded.texts.iter().map(|t| t.source.as_str()).chain(loaded.unchanged.iter().map(String::as_str)).collect();
        report.warnings = warn::warnings(&all, &came, &look_up::today(app, &own), &own.locale);
        report.warnings.truncate(LISTED_MAX);
    }
    Ok(Plan { report, known, written })
}

/// A text that fills what one may hold.
fn too_long(source: &str) -> Reject {
    let most = chunk::PASSAGES_MAX;
    let reason = "is too long for one text: what follows is left out; split it into several".to_owned();
    Reject { source: source.to_owned(), place: format!("after passage {most}"), reason }
}

/// Texts of the same place that are not there any more. One that is there and cannot be read keeps what it said.
fn removed<'a>(loaded: &Loaded, before: impl Iterator<Item = &'a KnownText>) -> Vec<String> {
    if loaded.origin.is_empty() || loaded.partial {
        return Vec::new();
    }
    let there: BTreeSet<&str> = (loaded.texts.iter().map(|t| t.source.as_str()))
        .chain(loaded.rejects.iter().filter(|r| r.place.is_empty()).map(|r| r.source.as_str()))
        .chain(loaded.unchanged.iter().map(String::as_str))
        .collect();
    let gone = before.filter(|t| t.origin == loaded.origin && !there.contains(t.source.as_str()));
    gone.map(|t| t.source.clone()).collect()
}

fn hash(text: &Text) -> String {
    let mut hasher = Sha256::new();
    hasher.update(CUT);
    hasher.update(serde_json::to_vec(&text.blocks).unwrap_or_default());
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
