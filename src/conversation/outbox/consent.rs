//! Whether a shopper wants to be promoted to: the one place of the outbox that asks and tells.

use crate::app::App;
use crate::channel::whatsapp::NETWORK;
use crate::domain::id::ContactId;
use crate::store::consents::{Consent, MARKETING};
use crate::store::{self, Tx};

/// Whether a consent to promotions is on record and was not taken back.
pub async fn given(tx: &mut Tx, contact: &ContactId) -> Result<bool, store::Error> {
    tx.may_promote(contact).await
}

/// The network says that the shopper wants no more promotions: that counts as a word of theirs.
pub async fn withdraw(app: &App, tx: &mut Tx, contact: &ContactId) -> Result<(), store::Error> {
    tracing::info!(%contact, "a shopper wants no more promotions");
    let now = app.now();
    let consent = Consent {
        id: format!("cns_{}", app.ids.sortable(now)),
        contact: contact.clone(),
        purpose: MARKETING.to_owned(),
        granted: false,
        source: NETWORK.to_owned(),
        text: "The network refused a promotion: the shopper wants none.".to_owned(),
        at: now,
    };
    tx.add_consent(&consent).await
}
