//! What became of what was taken in, for people and as JSON.

use crate::cli::catalog::show;
use serde::Serialize;
use serde_json::json;
use souk::catalog::ingest;
use souk::domain::id::ShopId;
use souk::knowledge;
use std::fmt::Write;

/// Rejects and warnings printed for people; the rest is counted.
const LISTED_MAX: usize = 20;
/// Vectors that took less are not told of.
const TOLD_SECONDS_MIN: f64 = 0.5;

/// How the index stands.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Indexed {
    /// Everything can be found.
    Done {
        /// Seconds until words found it; the others made its vectors.
        words_seconds: f64,
    },
    /// The running server does it.
    LeftToServer,
    /// Some of it failed and is tried again by the server.
    Behind {
        /// Products that can be found.
        found: u64,
        /// Products the shop has.
        of: i64,
    },
}

/// The whole report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Where it went.
    pub shop: ShopId,
    /// Nothing was written.
    pub dry_run: bool,
    /// Of a feed.
    pub products: Option<ingest::Report>,
    /// Of texts.
    pub texts: Option<knowledge::ingest::Report>,
    /// Past orders taken in.
    pub orders: Option<usize>,
    /// Seconds until everything was stored.
    pub store_seconds: f64,
    /// Seconds from there until it could be found.
    pub index_seconds: f64,
    /// How the index stands.
    pub index: Option<Indexed>,
    /// Other shops in this data folder.
    pub other_shops: Vec<ShopId>,
}

impl Report {
    /// Nothing yet.
    pub fn of(shop: ShopId) -> Self {
        Self {
            shop,
            dry_run: false,
            products: None,
            texts: None,
            orders: None,
            store_seconds: 0.0,
            index_seconds: 0.0,
            index: None,
            other_shops: Vec::new(),
        }
    }

    /// Whether a feed had rows and none of them could be read.
    pub fn nothing_readable(&self) -> bool {
        self.products.as_ref().is_some_and(|p| !p.rejected.is_empty() && p.added + p.changed + p.unchanged == 0)
    }

    /// Whether a feed was not taken in because it would do too much.
    pub fn stopped(&self) -> bool {
        self.products.as_ref().is_some_and(|p| p.stopped.is_some())
    }

    /// One JSON object.
    pub fn json(&self) -> String {
        format!("{}\n", json!(self))
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut text =
            format!("Shop {}{}\n", self.shop, if self.dry_run { " (dry run, nothing was written)" } else { "" });
        if let Some(products) = &self.products {
            show::lines(&mut text, products);
        }
        if let Some(texts) = &self.texts {
            lines_of_texts(&mut text, texts);
        }
        if let Some(orders) = self.orders {
            show::row(&mut text, "orders", &format!("{orders} new past orders"));
        }
        self.end(&mut text);
        text
    }

    fn end(&self, text: &mut String) {
        let (stored, indexed) = (self.store_seconds, self.index_seconds);
        let _ = match self.index {
            None if self.stopped() => Ok(()),
            None => writeln!(text, "Compared in {stored:.1} s."),
            Some(Indexed::Done { words_seconds: words }) => {
                let vectors = indexed - words;
                let meaning = if vectors < TOLD_SECONDS_MIN {
                    String::new()
                } else {
                    format!(", and by meaning another {vectors:.1} s later")
                };
                writeln!(text, "Stored in {stored:.1} s, searchable {words:.1} s later{meaning}.")
            }
            Some(Indexed::LeftToServer) => {
                writeln!(text, "Stored in {stored:.1} s; the running server puts it into the search index now.")
            }
            Some(Indexed::Behind { found, of }) => writeln!(
                text,
                "Stored in {stored:.1} s, but only {found} of {of} products are in the search index; the server tries the \
                 rest again, and `souk doctor` says how it stands."
            ),
        };
        if self.nothing_readable() {
            text.push_str("No product of this feed could be read: correct the rows above and run it again.\n");
        }
        if let Some(other) = self.other_shops.first() {
            let _ = writeln!(
                text,
                "This data folder holds {other} as well: choose the shop to serve with SOUK_SHOP__ID={} (or shop.id).",
                self.shop
            );
        }
    }
}

pub fn lines_of_texts(text: &mut String, texts: &knowledge::ingest::Report) {
    show::row(text, "texts", &format!("{}, cut into {} passages", texts.texts, texts.passages));
    let (added, changed, removed) = (texts.added.len(), texts.changed.len(), texts.removed.len());
    if texts.unchanged + removed > 0 {
        let _ = writeln!(text, "    {added} new, {changed} changed, {} as before, {removed} gone", texts.unchanged);
    }
    for reject in texts.rejected.iter().take(LISTED_MAX) {
        let _ = writeln!(text, "    {} {} {}", reject.source, reject.place, reject.reason);
    }
    show::more(text, texts.rejected.len(), 0);
    for warning in texts.warnings.iter().take(LISTED_MAX) {
        let _ = writeln!(text, "    look at {}: {}", warning.places.join(" and "), warning.message);
    }
    show::more(text, texts.warnings.len(), 0);
}
