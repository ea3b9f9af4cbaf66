//! An event of the payment provider: verified over its raw bytes, kept, and answered before anything is done about it.

use crate::app::App;
use crate::app::failpoint;
use crate::domain::id::ShopId;
use crate::domain::job::Job;
use crate::payment::VerifyError;
use crate::store;

/// Why an event was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not believed.
    #[error("the event is not believed")]
    Verify(#[from] VerifyError),
    /// Believed, but not kept: the provider should send it again.
    #[error("the event could not be kept")]
    Store(#[from] store::Error),
}

/// Takes an event in. A repeat is answered like the first and changes nothing.
pub async fn receive(app: &App, shop: &ShopId, body: &[u8], signature: &str) -> Result<(), Error> {
    let event = app.payments.verify(body, signature, app.now())?;
    let mut tx = app.store.begin(shop).await?;
    // What is signed is JSON, which is UTF-8; anything else did not pass the check above.
    let raw = String::from_utf8_lossy(body);
    if tx.keep_event(&event, &raw, app.now()).await? {
        app.enqueue(&mut tx, &Job::ReadPaymentEvent { event: event.id }).await?;
        tx.commit().await?;
        failpoint::reach("event_kept");
        app.work.notify_waiters();
    }
    Ok(())
}
