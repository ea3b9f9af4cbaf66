//! What became of a feed, as it is told and kept.

use crate::catalog::feed::Format;
use crate::catalog::feed::note::{Reject, Warning};
use crate::domain::id::RunId;
use crate::knowledge;
use crate::store::runs::Run;
use serde::{Deserialize, Serialize};

/// Examples of one kind at most.
pub const EXAMPLES_MAX: usize = 5;

/// What became of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Under which it is kept; a dry run is not kept.
    pub run: Option<RunId>,
    /// The file's name or the address.
    pub source: String,
    /// What the content looked like; an undo has none.
    pub format: Option<Format>,
    /// The run that this one took back.
    pub undoes: Option<RunId>,
    /// Why nothing was changed, although it was asked for.
    pub stopped: Option<String>,
    /// New products.
    pub added: usize,
    /// Products that look different now.
    pub changed: usize,
    /// What is different about them; one product may count several times.
    pub changes: Changes,
    /// Products that stay as they are.
    pub unchanged: usize,
    /// Products taken out.
    pub retired: usize,
    /// Some of the new products.
    pub added_examples: Vec<String>,
    /// Some of the products taken out.
    pub retired_examples: Vec<String>,
    /// Some of the prices that changed.
    pub prices: Vec<PriceChange>,
    /// What could not be read, with line and reason.
    pub rejected: Vec<Reject>,
    /// What was read otherwise than written, or looks like a mistake.
    pub warnings: Vec<Warning>,
    /// Rejects beyond those listed.
    pub rejected_more: u64,
    /// Warnings beyond those listed.
    pub warnings_more: u64,
}

/// Products by what changed about them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changes {
    /// Another price or former price.
    pub price: usize,
    /// Another stock than the last feed said.
    pub stock: usize,
    /// Title, brand, category, description or properties.
    pub text: usize,
    /// Other pictures.
    pub pictures: usize,
    /// Variants came, went or have other options.
    pub variants: usize,
    /// Anything else: codes, addresses, reductions to come.
    pub details: usize,
}

/// A price before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceChange {
    /// The product's title, with the variant's options where it has any.
    pub what: String,
    /// With its currency.
    pub old: String,
    /// With its currency.
    pub new: String,
}

impl Report {
    /// Rows that could not be read.
    pub fn rejects(&self) -> u64 {
        self.rejected.len() as u64 + self.rejected_more
    }

    /// Things to look at.
    pub fn warned(&self) -> u64 {
        self.warnings.len() as u64 + self.warnings_more
    }

    /// Whether anything is different after it.
    pub fn changes_anything(&self) -> bool {
        self.stopped.is_none() && self.added + self.changed + self.retired > 0
    }

    /// One line of what it did.
    pub fn line(&self) -> String {
        if let Some(why) = &self.stopped {
            return format!("stopped: {why}");
        }
        let mut parts: Vec<String> = Vec::new();
        for (count, word) in [(self.added, "added"), (self.changed, "changed"), (self.retired, "retired")] {
            if count > 0 {
                parts.push(format!("{count} {word}"));
            }
        }
        if parts.is_empty() {
            parts.push("nothing changed".to_owned());
        }
        if self.rejects() > 0 {
            parts.push(format!("{} rejected", self.rejects()));
        }
        parts.join(", ")
    }
}

/// One line of what a run did, of products or of texts.
pub fn line(run: &Run) -> String {
    let texts = || serde_json::from_str::<knowledge::ingest::Report>(&run.report).map(|report| report.line());
    let products = || serde_json::from_str::<Report>(&run.report).map(|report| report.line());
    if run.kind == "texts" { texts() } else { products() }.unwrap_or_default()
}

impl Changes {
    /// Each kind with its count, those without any left out.
    pub fn named(&self) -> Vec<(&'static str, usize)> {
        let all = [
            ("price", self.price),
            ("stock", self.stock),
            ("text", self.text),
            ("pictures", self.pictures),
            ("variants", self.variants),
            ("details", self.details),
        ];
        all.into_iter().filter(|(_, count)| *count > 0).collect()
    }
}
