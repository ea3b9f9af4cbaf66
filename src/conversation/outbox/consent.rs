//! Whether a shopper wants to be promoted to: the one place of the outbox that asks and tells.

use crate::app::App;
use crate::domain::id::ContactId;
use crate::store::consents::Consent;
use crate::store::{self, Tx};

/// Whether a consent to promotions is on record and was not taken back.
pub async fn given(tx: &mut Tx, contact: &ContactId) -> Result<bool, store::Error> {
    tx.may_promote(contact).await
}

/// The network says, by refusing a message, that the shopper wants no more promotions.
pub async fn withdraw(app: &App, tx: &mut Tx, channel: &str, contact: &ContactId) -> Result<(), store::Error> {
    let refused = Consent {
        source: channel.to_owned(),
        text: "The network refused a message: no promotions wanted.".to_owned(),
        ..Consent::to_marketing(app.ids.as_ref(), contact, false, app.now())
    };
    tx.add_consent(&refused).await
}
