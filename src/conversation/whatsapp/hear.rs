//! A shopper's message becomes a row, and is answered.

use crate::app::App;
use crate::channel::whatsapp::event::{File, Heard};
use crate::conversation::outbox;
use crate::conversation::receive::{bounded, have_answered};
use crate::conversation::whatsapp::{named, network_time, who};
use crate::domain::conversation::{Conversation, HandOff, HandOffReason, With};
use crate::domain::enclosed::Enclosed;
use crate::domain::id::MediaId;
use crate::domain::message::{Author, Body, Message, Said};
use crate::store::media::Wanted;
use crate::store::{self, Tx};
use jiff::{SignedDuration, Timestamp};

/// A message that was under way for longer than this is answered only if the shopper may still be written to.
const LATE: SignedDuration = SignedDuration::from_hours(24);

/// Takes a message in that was not seen before.
pub(super) async fn hear(app: &App, tx: &mut Tx, account: &str, heard: &Heard) -> Result<(), store::Error> {
    let contact = who::wrote(app, tx, &heard.sender).await?;
    who::shared(tx, &contact, &heard.phones).await?;
    let conversation = who::conversation(app, tx, account, &contact).await?;
    write(app, tx, account, &conversation, heard).await
}

/// Adds it to its conversation.
pub(super) async fn write(
    app: &App,
    tx: &mut Tx,
    account: &str,
    conversation: &Conversation,
    heard: &Heard,
) -> Result<(), store::Error> {
    let now = app.now();
    let mut said = heard.said.clone();
    let files = own_files(app, &mut said, &heard.files);
    if let (Said::Sent(sent), Some(outside)) = (&mut said, &heard.answers) {
        sent.answers = named(tx, &conversation.id, outside).await?.map(|m| m.id);
    }
    let message = Message {
        id: app.new_id(),
        conversation: conversation.id.clone(),
        seq: 0,
        author: Author::Shopper,
        body: Body::Heard(bounded(said)),
        at: now,
        external_id: Some(heard.id.clone()),
    };
    let message = tx.append(message).await?;
    for (id, file) in files {
        want(tx, account, &message, id, file, now).await?;
    }
    let said_at = network_time(app, heard.at);
    let (mut window, _) = tx.window(&conversation.id).await?;
    let newest = window.heard_at.is_none_or(|before| said_at >= before);
    window.hear(said_at);
    if heard.entered {
        window.enter(said_at);
    }
    tx.set_window(&conversation.id, &window, newest.then_some(heard.id.as_str())).await?;
    outbox::release(app, tx, &conversation.id).await?;
    if now.duration_since(said_at) > LATE && !window.is_open(now) && !conversation.with.is_colleague() {
        give_to_colleague(app, tx, conversation).await?;
    }
    have_answered(app, tx, &message).await
}

/// Gives the files ids of ours; what a message holds and what is fetched bear the same.
fn own_files<'a>(app: &App, said: &mut Said, files: &'a [File]) -> Vec<(MediaId, &'a File)> {
    let Said::Sent(sent) = said else { return Vec::new() };
    let media = sent.enclosed.iter_mut().filter_map(|one| match one {
        Enclosed::Media(media) => Some(media),
        _ => None,
    });
    let own = media.zip(files).map(|(media, file)| {
        media.id = app.new_id();
        (media.id.clone(), file)
    });
    own.collect()
}

async fn want(
    tx: &mut Tx,
    account: &str,
    message: &Message,
    id: MediaId,
    file: &File,
    now: Timestamp,
) -> Result<(), store::Error> {
    let wanted = Wanted {
        id,
        conversation: message.conversation.clone(),
        message: message.id.clone(),
        account: account.to_owned(),
        outside_id: file.outside_id.clone(),
        url: file.url.clone(),
        what: file.what,
        mime: file.mime.clone(),
        name: file.name.clone(),
        sha256: file.sha256.clone(),
    };
    // The job that fetches the file is to be written down here, in the same transaction.
    tx.want_media(&wanted, now).await
}

/// A message that came too late to be answered in words of our own: a colleague decides. The shopper is told nothing,
/// because nothing may be written to them.
async fn give_to_colleague(app: &App, tx: &mut Tx, conversation: &Conversation) -> Result<(), store::Error> {
    let hand_off = HandOff {
        reason: HandOffReason::CannotDo,
        summary: "A message came more than a day late, when nothing could be written to the shopper any more."
            .to_owned(),
        tried: Vec::new(),
        wanted: String::new(),
        at: app.now(),
    };
    tx.set_with(&conversation.id, &With::Colleague { hand_off }, app.now()).await
}
