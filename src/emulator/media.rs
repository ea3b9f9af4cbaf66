//! Files: what may be uploaded, how long it lives, and the short-lived addresses it is fetched from.

use crate::emulator::look::Checked;
use crate::emulator::refusal::Refusal;
use crate::emulator::state::State;
use crate::emulator::wire;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::VecDeque;

/// Bytes of all files together; the oldest are forgotten.
pub const SHELF_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Files.
pub const FILES_MAX: usize = 1_000;
/// Addresses that are remembered.
const ADDRESSES_MAX: usize = 2_000;
/// Days an uploaded file lives.
const UPLOAD_DAYS: i64 = 30;
/// Days a file of a shopper can be fetched.
const INBOUND_DAYS: i64 = 7;
/// Minutes an address is good.
const ADDRESS_MINUTES: i64 = 5;

/// A file.
#[derive(Clone, Debug)]
pub struct File {
    /// Its numeric id.
    pub id: String,
    /// The number that uploaded it or got it.
    pub number: String,
    /// Its MIME type.
    pub mime: String,
    /// What is in it.
    pub bytes: Bytes,
    /// Gone from then on.
    pub until: Timestamp,
}

/// All files, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    files: VecDeque<File>,
    addresses: VecDeque<(String, String, Timestamp)>,
}

/// Kind, allowed types (a name ending in `/` fits all of its kind), bytes.
const RULES: [(&str, &[&str], usize); 5] = [
    ("image", &["image/jpeg", "image/png"], 5 * 1024 * 1024),
    ("video", &["video/mp4", "video/3gp", "video/3gpp"], 16 * 1024 * 1024),
    ("audio", &["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"], 16 * 1024 * 1024),
    ("sticker", &["image/webp"], 500 * 1024),
    ("document", &["application/", "text/"], 100 * 1024 * 1024),
];

fn bare(mime: &str) -> String {
    mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// True when a file of a type may be sent as a kind of message. Anything may be sent as a document.
pub fn suits(kind: &str, mime: &str) -> bool {
    let mime = bare(mime);
    kind == "document" || RULES.iter().any(|(own, types, _)| *own == kind && types.contains(&mime.as_str()))
}

/// The most bytes of a type, or why it is not taken.
fn bytes_max(mime: &str) -> Checked<usize> {
    let bare = bare(mime);
    let fits = |types: &[&str]| types.iter().any(|t| *t == bare || (t.ends_with('/') && bare.starts_with(t)));
    let rule = RULES.iter().find(|(_, types, _)| fits(types));
    rule.map(|(.., most)| *most).ok_or_else(|| {
        Refusal::param(format!("Param file must be a file with one of the supported types, not '{bare}'."))
    })
}

impl Shelf {
    /// A file that still lives.
    pub fn find(&self, id: &str, now: Timestamp) -> Option<&File> {
        self.files.iter().find(|f| f.id == id && now < f.until)
    }

    fn put(&mut self, file: File) {
        self.files.push_back(file);
        let total = |files: &VecDeque<File>| files.iter().map(|f| f.bytes.len()).sum::<usize>();
        while self.files.len() > FILES_MAX || (self.files.len() > 1 && total(&self.files) > SHELF_BYTES_MAX) {
            self.files.pop_front();
        }
    }
}

impl State {
    /// `POST /{number}/media`.
    pub fn upload(&mut self, number: &str, mime: &str, bytes: Bytes) -> Checked<Value> {
        let most = bytes_max(mime)?;
        if bytes.is_empty() || bytes.len() > most {
            return Err(Refusal::param(format!(
                "The file has {} bytes; {most} are the limit for {mime}.",
                bytes.len()
            )));
        }
        Ok(json!({"id": self.keep(number, mime, bytes, UPLOAD_DAYS)}))
    }

    /// Keeps the file of a shopper. Answers its id.
    pub fn keep_inbound(&mut self, number: &str, mime: &str, bytes: Bytes) -> String {
        self.keep(number, mime, bytes, INBOUND_DAYS)
    }

    fn keep(&mut self, number: &str, mime: &str, bytes: Bytes, days: i64) -> String {
        let id = self.numeric_id(8);
        let until = self.now().checked_add(SignedDuration::from_hours(days * 24)).unwrap_or(Timestamp::MAX);
        let file = File { id: id.clone(), number: number.to_owned(), mime: mime.to_owned(), bytes, until };
        self.shelf.put(file);
        id
    }

    /// `GET /{media}`: with an address that is good for five minutes.
    pub fn look_up(&mut self, id: &str, number: Option<&str>) -> Option<Value> {
        let file = self.shelf.find(id, self.now())?.clone();
        if number.is_some_and(|n| n != file.number) {
            return None;
        }
        let url = self.address(id);
        Some(json!({
            "messaging_product": "whatsapp",
            "url": url,
            "mime_type": file.mime,
            "sha256": wire::hex(&wire::digest(&file.bytes)),
            "file_size": file.bytes.len(),
            "id": id,
        }))
    }

    /// A new address of a file.
    pub fn address(&mut self, id: &str) -> String {
        let token = self.secret();
        let until = self.now().checked_add(SignedDuration::from_mins(ADDRESS_MINUTES)).unwrap_or(Timestamp::MAX);
        self.shelf.addresses.push_back((token.clone(), id.to_owned(), until));
        if self.shelf.addresses.len() > ADDRESSES_MAX {
            self.shelf.addresses.pop_front();
        }
        format!("{}/emulator/media/{token}", self.settings.public_url)
    }

    /// The file at an address, while that is good.
    pub fn at_address(&self, token: &str) -> Option<&File> {
        let now = self.now();
        let (_, id, _) = self.shelf.addresses.iter().find(|(own, _, until)| own == token && now < *until)?;
        self.shelf.find(id, now)
    }

    /// `DELETE /{media}`. False: there is none.
    pub fn delete_file(&mut self, id: &str) -> bool {
        let before = self.shelf.files.len();
        self.shelf.files.retain(|f| f.id != id);
        self.shelf.files.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_suit_their_kind() {
        let table = [
            ("image", "image/jpeg", true),
            ("image", "image/webp", false),
            ("sticker", "image/webp", true),
            ("audio", "audio/ogg; codecs=opus", true),
            ("document", "image/jpeg", true),
            ("video", "video/quicktime", false),
        ];
        for (kind, mime, expected) in table {
            assert_eq!(suits(kind, mime), expected, "{kind} {mime}");
        }
        assert_eq!(bytes_max("image/png").unwrap(), 5 * 1024 * 1024);
        assert_eq!(bytes_max("application/pdf").unwrap(), 100 * 1024 * 1024);
        assert_eq!(bytes_max("image/gif").unwrap_err().code, 100);
    }
}
