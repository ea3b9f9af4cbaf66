//! Whether a shopper wants to be promoted to: the one place of the outbox that asks and tells.

use crate::app::App;
use crate::domain::id::ContactId;
use crate::store::{self, Tx};

/// Whether a consent to promotions is on record and was not taken back.
pub async fn given(_tx: &mut Tx, _contact: &ContactId) -> Result<bool, store::Error> {
    // CONSENT: no consent can be recorded yet, so none was given. To be asked of the store as soon as it keeps them.
    Ok(false)
}

/// The network says that the shopper wants no more promotions.
pub async fn withdraw(_app: &App, _tx: &mut Tx, contact: &ContactId) -> Result<(), store::Error> {
    // CONSENT: to be written down as soon as the store keeps consents; until then none counts anyhow.
    tracing::info!(%contact, "a shopper wants no more promotions");
    Ok(())
}
