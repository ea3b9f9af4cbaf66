//! Whose message it is: the decision of `domain::identity`, carried out.

use crate::app::App;
use crate::channel::whatsapp::event::{Moved, Sender};
use crate::channel::whatsapp::{NETWORK, channel_of};
use crate::domain::contact::Contact;
use crate::domain::conversation::{Conversation, Memory, With};
use crate::domain::id::ContactId;
use crate::domain::identity::{self, Decision, Step, Who};
use crate::store::{self, Tx};

/// Numbers a contact may share as their own.
const TEL_MAX: usize = 5;

/// Who wrote; made if they are new.
pub(super) async fn wrote(app: &App, tx: &mut Tx, sender: &Sender) -> Result<ContactId, store::Error> {
    let known = tx.known_by(NETWORK, &sender.ids.aliases()).await?;
    let decision = identity::wrote(&sender.ids, &known);
    let contact = match &decision.who {
        Who::Known(id) => {
            if let Some(name) = &sender.name
                && tx.contact(id).await?.is_some_and(|c| c.name.as_ref() != Some(name))
            {
                tx.set_name(id, name).await?;
            }
            id.clone()
        }
        Who::New => {
            let locale = tx.shop().await?.map_or_else(|| "en".to_owned(), |shop| shop.locale);
            let contact = Contact::new(app.new_id(), sender.name.clone(), locale);
            tx.save_contact(&contact, app.now()).await?;
            contact.id
        }
    };
    carry_out(app, tx, &contact, decision).await?;
    Ok(contact)
}

/// Who it is, if they are known; nothing is changed.
pub(super) async fn find(tx: &mut Tx, sender: &Sender) -> Result<Option<ContactId>, store::Error> {
    let known = tx.known_by(NETWORK, &sender.ids.aliases()).await?;
    Ok(match identity::wrote(&sender.ids, &known).who {
        Who::Known(id) => Some(id),
        Who::New => None,
    })
}

/// The network says that somebody's number or id changed.
pub(super) async fn moved(app: &App, tx: &mut Tx, moved: &Moved) -> Result<(), store::Error> {
    let mut aliases = moved.before.aliases();
    aliases.extend(moved.now.aliases());
    let known = tx.known_by(NETWORK, &aliases).await?;
    let at = super::network_time(app, moved.at);
    if let Some(decision) = identity::moved(&moved.before, &moved.now, at, &known)
        && let Who::Known(contact) = &decision.who
    {
        let contact = contact.clone();
        carry_out(app, tx, &contact, decision).await?;
    }
    Ok(())
}

/// Numbers that somebody shared as their own. They find nobody, so a wrong one gives nothing away.
pub(super) async fn shared(tx: &mut Tx, contact: &ContactId, phones: &[String]) -> Result<(), store::Error> {
    for phone in phones.iter().take(TEL_MAX) {
        tx.add_alias(contact, NETWORK, &identity::tel(phone)).await?;
    }
    Ok(())
}

async fn carry_out(app: &App, tx: &mut Tx, contact: &ContactId, decision: Decision) -> Result<(), store::Error> {
    // What was read a moment ago may have changed: then the whole body is taken in again.
    let changed = |what: &str| store::Error::Conflict { what: what.to_owned() };
    for step in decision.steps {
        match step {
            Step::Take { alias, from } => {
                if !tx.take_alias(&from, NETWORK, &alias).await? {
                    return Err(changed("an id on the network"));
                }
            }
            Step::Merge { from, into } => tx.merge_contacts(&from, &into, app.now()).await?,
            Step::Give { alias } => {
                if !tx.add_alias(contact, NETWORK, &alias).await? {
                    return Err(changed("an id on the network"));
                }
            }
        }
    }
    Ok(())
}

/// The conversation of a contact with an account; made if there is none. It is named after the contact, so that it
/// outlives every change of number.
pub(super) async fn conversation(
    app: &App,
    tx: &mut Tx,
    account: &str,
    contact: &ContactId,
) -> Result<Conversation, store::Error> {
    let channel = channel_of(account);
    if let Some(found) = tx.conversation_of(&channel, contact.as_str()).await? {
        return Ok(found);
    }
    let conversation = Conversation {
        id: app.new_id(),
        contact: contact.clone(),
        channel,
        alias: contact.to_string(),
        with: With::Agent,
        memory: Memory::default(),
        last_seq: 0,
        answered_seq: 0,
    };
    tx.insert_conversation(&conversation, app.now()).await?;
    Ok(conversation)
}

/// The conversation of somebody with an account, if both are known.
pub(super) async fn existing(
    tx: &mut Tx,
    account: &str,
    sender: &Sender,
) -> Result<Option<Conversation>, store::Error> {
    match find(tx, sender).await? {
        Some(contact) => tx.conversation_of(&channel_of(account), contact.as_str()).await,
        None => Ok(None),
    }
}
