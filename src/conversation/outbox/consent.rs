//! Whether a shopper wants to be promoted to: the one place of the outbox that asks and tells.

use crate::app::App;
use crate::domain::id::ContactId;
use crate::store::{self, Tx};

/// Whether a consent to promotions is on record and was not taken back.
pub async fn given(tx: &mut Tx, contact: &ContactId) -> Result<bool, store::Error> {
    tx.may_promote(contact).await
}

/// The network says that the shopper wants no more promotions.
pub async fn withdraw(_app: &App, _tx: &mut Tx, contact: &ContactId) -> Result<(), store::Error> {
    // CONSENT: to be written down as soon as the store keeps consents; until then none counts anyhow.
    tracing::info!(%contact, "a shopper wants no more promotions");
    Ok(())
}
