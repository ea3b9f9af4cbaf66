//! Forgetting which messages were seen, once the network has long stopped repeating them.

use crate::app::App;
use crate::channel::whatsapp::channel_of;
use crate::store;
use jiff::Span;

/// How long an id is remembered: Meta repeats for up to 7 days.
const REMEMBERED_DAYS: i64 = 9;
/// Ids forgotten in one step, so that nobody waits for the writer.
const STEP_ROWS: i64 = 500;

/// Forgets a few old ids; answers how many.
pub async fn step(app: &App) -> Result<u64, store::Error> {
    let before = app.after(Span::new().hours(-24 * REMEMBERED_DAYS));
    let mut gone = 0;
    for account in app.config.whatsapp.accounts.keys() {
        let source = channel_of(account);
        // A reader looks first: mostly there is nothing to do.
        if !app.store.read(&app.shop).await?.has_old_seen(&source, before).await? {
            continue;
        }
        let mut tx = app.store.begin(&app.shop).await?;
        gone += tx.forget_seen(&source, before, STEP_ROWS).await?;
        tx.commit().await?;
    }
    Ok(gone)
}
