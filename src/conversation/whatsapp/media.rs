//! Fetching a file that came with a message: once, bounded, checked, kept beside the rows; and writing down what is said
//! in a recording, so that the turn reads it like words.

use crate::app::App;
use crate::channel::whatsapp::client::{Client, Failure};
use crate::conversation::Error;
use crate::domain::enclosed::MediaKind;
use crate::domain::id::{MediaId, ShopId};
use crate::domain::message::{Body, Said, TEXT_CHARS_MAX};
use crate::store::media::{Became, Wanted};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Until a file must be here: somebody waits for an answer to it.
const FETCH_MAX: Duration = Duration::from_secs(30);
/// Bytes of a picture, a film or a sound.
const PLAYED_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Bytes of any other file.
const DOCUMENT_BYTES_MAX: usize = 25 * 1024 * 1024;
/// Bytes of a sticker.
const STICKER_BYTES_MAX: usize = 1024 * 1024;
/// Characters of a reason that are kept.
const PROBLEM_CHARS_MAX: usize = 200;

/// Fetches a file that is wanted. A network that does not answer is an error, and the job is tried again; a file that
/// must not be kept is written down as refused.
pub async fn fetch(app: &App, shop: &ShopId, id: &MediaId) -> Result<(), Error> {
    let wanted = app.store.read(shop).await?.wanted_media(id).await?;
    // Taken back since, or done by a worker that died after it.
    let Some(wanted) = wanted else { return Ok(()) };
    let Some(line) = app.whatsapp.get(&wanted.account) else {
        return ended(app, shop, &wanted, Became::Refused("its account is not set up any more".to_owned()), None).await;
    };
    let fetched = tokio::time::timeout(FETCH_MAX, bytes(&line.client, &wanted)).await;
    let bytes = match fetched {
        Ok(Ok(bytes)) => bytes,
        // Its host says no, or it is too long: asking again will not help.
        Ok(Err(Failure::File(why))) => return ended(app, shop, &wanted, Became::Refused(why), None).await,
        Ok(Err(failure)) => return Err(Error::Media(failure.into())),
        Err(_) => return Err(Error::Media("the file did not come in time".into())),
    };
    if let Err(why) = check(&wanted, &bytes) {
        return ended(app, shop, &wanted, Became::Refused(why), None).await;
    }
    keep(&app.media_file(shop, id), &bytes).await.map_err(|error| Error::Media(error.into()))?;
    let words = words(app, &wanted, &bytes).await;
    ended(app, shop, &wanted, Became::Kept { bytes: bytes.len() as u64 }, words).await
}

/// A file that could not be fetched, however often it was tried: the turn goes on without it.
pub async fn give_up(app: &App, shop: &ShopId, id: &MediaId) -> Result<(), Error> {
    let wanted = app.store.read(shop).await?.wanted_media(id).await?;
    match wanted {
        Some(wanted) => ended(app, shop, &wanted, Became::Failed("it could not be fetched".to_owned()), None).await,
        None => Ok(()),
    }
}

async fn bytes(client: &Client, wanted: &Wanted) -> Result<Vec<u8>, Failure> {
    let most = bytes_max(wanted.what);
    let mut bytes = Vec::new();
    // The address in the webhook is good for minutes; where it is not any more, the network is asked for a new one.
    if let Some(url) = &wanted.url {
        match client.download(url, most, |piece| bytes.extend_from_slice(piece)).await {
            Ok(_) => return Ok(bytes),
            Err(error) => tracing::debug!(media = %wanted.id, %error, "the address in the webhook did not serve"),
        }
        bytes.clear();
    }
    let place = client.look_up(&wanted.outside_id).await?;
    if place.bytes.is_some_and(|bytes| bytes > most as u64) {
        return Err(Failure::File(format!("it is longer than {most} bytes")));
    }
    client.download(&place.url, most, |piece| bytes.extend_from_slice(piece)).await?;
    Ok(bytes)
}

fn bytes_max(what: MediaKind) -> usize {
    match what {
        MediaKind::Image | MediaKind::Video | MediaKind::Audio | MediaKind::Voice => PLAYED_BYTES_MAX,
        MediaKind::Document => DOCUMENT_BYTES_MAX,
        MediaKind::Sticker => STICKER_BYTES_MAX,
    }
}

/// Whether a file is what it is said to be, or why not.
fn check(wanted: &Wanted, bytes: &[u8]) -> Result<(), String> {
    if bytes.is_empty() {
        return Err("it is empty".to_owned());
    }
    if let Some(told) = wanted.sha256.as_deref().filter(|told| !told.is_empty()) {
        let hash = Sha256::digest(bytes);
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        // Base64 by the platform's own word; some of its copies write hex.
        if told != STANDARD.encode(hash) && !told.eq_ignore_ascii_case(&hex) {
            return Err("its hash is another than the network told".to_owned());
        }
    }
    let found = infer::get(bytes).map(|kind| kind.mime_type()).unwrap_or_default();
    let fits = match wanted.what {
        MediaKind::Image | MediaKind::Sticker => found.starts_with("image/"),
        // Sound in a container for films is told as a film.
        MediaKind::Audio | MediaKind::Voice => {
            found.starts_with("audio/") || matches!(found, "video/mp4" | "video/3gpp" | "application/ogg")
        }
        MediaKind::Video => found.starts_with("video/"),
        // Kept as it is and never opened here.
        MediaKind::Document => true,
    };
    if fits { Ok(()) } else { Err(format!("it is no {}, but {}", wanted.what.word(), shown(found))) }
}

fn shown(found: &str) -> &str {
    if found.is_empty() { "of no known kind" } else { found }
}

// Under another name first: a file is there whole or not at all.
async fn keep(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        tokio::fs::create_dir_all(folder).await?;
    }
    let half = file.with_extension("part");
    tokio::fs::write(&half, bytes).await?;
    tokio::fs::rename(&half, file).await
}

/// What is said in a recording, where somebody listens.
async fn words(app: &App, wanted: &Wanted, bytes: &[u8]) -> Option<String> {
    let speech = app.speech.as_ref().filter(|_| matches!(wanted.what, MediaKind::Voice | MediaKind::Audio))?;
    let mime = wanted.mime.split(';').next().unwrap_or_default().trim();
    // Servers choose their decoder by the name's ending.
    let name = format!("voice.{}", infer::get(bytes).map_or("ogg", |kind| kind.extension()));
    match speech.transcribe(Arc::from(bytes), mime, &name).await {
        Ok(words) => Some(words.chars().take(TEXT_CHARS_MAX).collect()).filter(|words: &String| !words.is_empty()),
        Err(error) => {
            tracing::warn!(media = %wanted.id, error = &error as &dyn std::error::Error, "a recording was not written down");
            None
        }
    }
}

async fn ended(app: &App, shop: &ShopId, wanted: &Wanted, became: Became, words: Option<String>) -> Result<(), Error> {
    let became = match became {
        Became::Refused(why) => Became::Refused(why.chars().take(PROBLEM_CHARS_MAX).collect()),
        other => other,
    };
    let mut tx = app.store.begin(shop).await?;
    tx.set_media(&wanted.id, &became).await?;
    if let Some(words) = words
        && let Some(message) = tx.message(&wanted.message).await?
        && let Body::Heard(Said::Sent(mut sent)) = message.body
        && sent.text.is_empty()
    {
        sent.text = words;
        tx.rewrite(&wanted.message, &Body::Heard(Said::Sent(sent))).await?;
    }
    tx.commit().await?;
    Ok(())
}
