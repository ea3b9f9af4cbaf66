//! Taking the shop's texts in: cut, stored, and put on the list to be indexed, in one transaction.

use crate::app::App;
use crate::domain::id::ShopId;
use crate::domain::job::Job;
use crate::knowledge::{Error, chunk};

/// What became of the texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// Texts read.
    pub texts: usize,
    /// Passages they were cut into.
    pub passages: usize,
    /// Texts that gave no passage, with the reason.
    pub rejected: Vec<(String, String)>,
}

/// Stores texts (source and Markdown); a text of the same source is replaced.
pub async fn ingest(app: &App, shop: &ShopId, texts: &[(String, String)]) -> Result<Report, Error> {
    let mut report = Report::default();
    let mut tx = app.store.begin(shop).await?;
    for (source, markdown) in texts {
        let passages = chunk::chunk(source, markdown);
        if passages.is_empty() {
            report.rejected.push((source.clone(), "no text in it".to_owned()));
        }
        report.texts += 1;
        report.passages += passages.len();
        tx.replace_passages(source, &passages).await?;
    }
    app.enqueue(&mut tx, &Job::IndexPassages).await?;
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(report)
}
