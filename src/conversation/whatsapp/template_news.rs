//! Something happened to a template. What came is kept already; what follows from it belongs here.

use crate::app::App;
use crate::channel::whatsapp::event::TemplateNews;
use crate::store::{self, Tx};

/// Takes in that a template was approved, paused, put into another category or changed. Nothing follows yet.
pub async fn template_news(_app: &App, _tx: &mut Tx, _account: &str, _news: &TemplateNews) -> Result<(), store::Error> {
    Ok(())
}
