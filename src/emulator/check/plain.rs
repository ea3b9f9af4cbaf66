//! Messages without choices: text, files, places, contacts, reactions.

use crate::emulator::look::{Checked, Part, address, length};
use crate::emulator::refusal::Refusal;
use crate::emulator::state::State;

/// Units of a text.
const TEXT_MAX: usize = 4096;
/// Units of a caption.
const CAPTION_MAX: usize = 1024;
/// Units of an address on the web.
const URL_MAX: usize = 2000;
/// Contacts in one message: the smaller of the two numbers Meta prints.
const CONTACTS_MAX: usize = 5;

/// What a check may look things up in.
#[derive(Clone, Copy)]
pub struct Plain<'a> {
    /// The world.
    pub state: &'a State,
    /// The number that sends.
    pub number: &'a str,
}

/// `text`.
pub fn text(part: &Part<'_>) -> Checked<()> {
    part.only(&["body", "preview_url"])?;
    // Too long a text is the one length Meta answers with 100.
    let body = part.text("body", usize::MAX)?;
    if length(body) > TEXT_MAX {
        return Err(Refusal::param(format!("Param text['body'] must be at most {TEXT_MAX} characters long.")));
    }
    match part.at("preview_url").value {
        serde_json::Value::Null | serde_json::Value::Bool(_) => Ok(()),
        _ => Err(Refusal::param("text.preview_url must be a boolean.")),
    }
}

/// `location`.
pub fn location(part: &Part<'_>) -> Checked<()> {
    part.only(&["latitude", "longitude", "name", "address"])?;
    part.number("latitude", -90.0, 90.0)?;
    part.number("longitude", -180.0, 180.0)?;
    part.maybe("name", 1000)?;
    part.maybe("address", 1000)?;
    Ok(())
}

/// `contacts`.
pub fn contacts(root: &Part<'_>) -> Checked<()> {
    for contact in root.list("contacts", 1, CONTACTS_MAX)? {
        let name = contact.object("name")?;
        name.text("formatted_name", 1000)?;
        let more = ["first_name", "last_name", "middle_name", "suffix", "prefix"];
        if !more.iter().any(|part| name.at(part).is_there()) {
            return Err(Refusal::missing(&format!("{}.first_name", name.path)));
        }
    }
    Ok(())
}

/// `reaction`: its shape. Whether the target takes one shows later.
pub fn reaction(part: &Part<'_>) -> Checked<()> {
    part.only(&["message_id", "emoji"])?;
    part.text("message_id", 500)?;
    let emoji = part.at("emoji");
    match emoji.value.as_str() {
        None => Err(Refusal::missing(&emoji.path)),
        Some("") => Ok(()),
        Some(text) if one_emoji(text) => Ok(()),
        Some(_) => Err(Refusal::value("reaction.emoji must be one emoji.")),
    }
}

fn one_emoji(text: &str) -> bool {
    use unicode_segmentation::UnicodeSegmentation;
    let mut graphemes = text.graphemes(true);
    let first = graphemes.next().and_then(|g| g.chars().next()).unwrap_or('a');
    graphemes.next().is_none() && (!first.is_ascii() || text.contains('\u{20e3}')) && !first.is_alphabetic()
}

impl Plain<'_> {
    /// A file by id or link. Answers how it will fail, if it will.
    pub fn media(&self, part: &Part<'_>, kind: &str) -> Checked<Option<Refusal>> {
        let keys: &[&str] = match kind {
            "audio" => &["id", "link", "voice"],
            "sticker" => &["id", "link"],
            "document" => &["id", "link", "caption", "filename", "provider"],
            _ => &["id", "link", "caption", "provider"],
        };
        part.only(keys)?;
        part.maybe("caption", CAPTION_MAX)?;
        part.maybe("filename", 240)?;
        match (part.maybe("id", 100)?, part.maybe("link", URL_MAX)?) {
            (Some(_), Some(_)) => Err(Refusal::param(format!("{}: give id or link, not both.", part.path))),
            (None, None) => Err(Refusal::missing(&format!("{}.id or {0}.link", part.path))),
            (Some(id), None) => self.stored(id, kind),
            (None, Some(link)) => {
                let path = format!("{}.link", part.path);
                let broken = || Refusal::new(131053, format!("{path} cannot be fetched: it is not public https."));
                Ok((!address(link, &path)?).then(broken))
            }
        }
    }

    fn stored(&self, id: &str, kind: &str) -> Checked<Option<Refusal>> {
        let now = self.state.now();
        let file = self.state.shelf.find(id, now).filter(|f| f.number.is_empty() || f.number == self.number);
        let file = file
            .ok_or_else(|| Refusal::param(format!("Media {id} does not exist, has expired or is another number's.")))?;
        let wrong = || Refusal::new(131053, format!("Media {id} is {}, which is no {kind}.", file.mime));
        Ok((!crate::emulator::media::suits(kind, &file.mime)).then(wrong))
    }
}
