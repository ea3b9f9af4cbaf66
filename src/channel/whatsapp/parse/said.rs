//! What a message says: one arm a type of the network's.

use crate::channel::whatsapp::event::File;
use crate::channel::whatsapp::parse::json::Fields;
use crate::channel::whatsapp::parse::message::unreadable;
use crate::channel::whatsapp::parse::{ID_CHARS_MAX, WORD_CHARS_MAX};
use crate::domain::enclosed::{CART_LINES_MAX, Enclosed, Media, MediaKind, Person, Sent, SentCart, SentLine};
use crate::domain::id::MediaId;
use crate::domain::message::Said;

/// Letters of a line: a title, a name, an address.
const LINE_CHARS_MAX: usize = 300;
/// Letters of an address on the web.
const URL_CHARS_MAX: usize = 2_000;
/// Letters of a filled-in form.
const FORM_CHARS_MAX: usize = 20_000;
/// Digits of a number, sign and point included.
const DIGITS_MAX: usize = 40;
/// People in one message, and numbers of each.
const PEOPLE_MAX: usize = 20;

/// What was read.
pub(super) struct Read {
    pub(super) said: Said,
    pub(super) files: Vec<File>,
    pub(super) phones: Vec<String>,
}

/// Reads the part of a message that its type names.
pub(super) fn read(message: &Fields<'_>, kind: &str) -> Read {
    let inner = message.inner(kind);
    let mut files = Vec::new();
    let mut phones = Vec::new();
    let said = match kind {
        "text" => inner.text("body").map(Said::Text),
        "image" => media(&inner, MediaKind::Image, &mut files),
        "video" => media(&inner, MediaKind::Video, &mut files),
        "audio" if inner.yes("voice") => media(&inner, MediaKind::Voice, &mut files),
        "audio" => media(&inner, MediaKind::Audio, &mut files),
        "voice" => media(&inner, MediaKind::Voice, &mut files),
        "document" => media(&inner, MediaKind::Document, &mut files),
        "sticker" => media(&inner, MediaKind::Sticker, &mut files),
        "location" => place(&inner),
        "contacts" => people(message, &mut phones),
        "button" => tap(inner.text("payload"), inner.text("text")),
        "interactive" => interactive(&inner),
        "order" => order(&inner),
        "request_welcome" => Some(Said::Sent(Box::default())),
        _ => None,
    };
    Read { said: said.unwrap_or_else(|| sent(String::new(), unreadable(&what(message, kind)))), files, phones }
}

/// What a message that cannot be read is called.
fn what(message: &Fields<'_>, kind: &str) -> String {
    let inner = message.inner(kind).short("type", WORD_CHARS_MAX).filter(|_| kind == "unsupported");
    let word = inner.or_else(|| Some(kind.to_owned()).filter(|k| !k.is_empty()));
    word.unwrap_or_else(|| "unknown".to_owned())
}

fn sent(text: String, one: Enclosed) -> Said {
    Said::Sent(Box::new(Sent { text, enclosed: vec![one], ..Sent::default() }))
}

fn tap(id: Option<String>, label: Option<String>) -> Option<Said> {
    match (id, label) {
        (Some(id), label) => Some(Said::Tap { id, label: label.unwrap_or_default() }),
        (None, label) => label.map(Said::Text),
    }
}

fn media(inner: &Fields<'_>, what: MediaKind, files: &mut Vec<File>) -> Option<Said> {
    let file = File {
        outside_id: super::id(inner, "id")?,
        url: inner.short("url", URL_CHARS_MAX),
        what,
        mime: inner.word("mime_type", WORD_CHARS_MAX),
        name: inner.short("filename", LINE_CHARS_MAX),
        sha256: inner.short("sha256", WORD_CHARS_MAX),
    };
    let media = Media { id: MediaId::new(&file.outside_id), what, mime: file.mime.clone(), name: file.name.clone() };
    files.push(file);
    Some(sent(inner.text("caption").unwrap_or_default(), Enclosed::Media(media)))
}

fn place(inner: &Fields<'_>) -> Option<Said> {
    let (latitude, longitude) = (decimal(inner, "latitude")?, decimal(inner, "longitude")?);
    let (name, address) = (inner.short("name", LINE_CHARS_MAX), inner.short("address", LINE_CHARS_MAX));
    Some(sent(String::new(), Enclosed::Place { latitude, longitude, name, address }))
}

/// Cards of people. A card that was asked for is the shopper's own, and its numbers are theirs.
fn people(message: &Fields<'_>, phones: &mut Vec<String>) -> Option<Said> {
    let asked = |fields: &Fields<'_>| fields.text("origin").as_deref() == Some("contact_request");
    let cards = message.items("contacts");
    let mut people = Vec::new();
    for card in cards.iter().take(PEOPLE_MAX) {
        let name = card.inner("name");
        let listed = card.items("phones");
        let numbers: Vec<String> =
            listed.iter().filter_map(|p| p.short("phone", WORD_CHARS_MAX)).take(PEOPLE_MAX).collect();
        if asked(card) || asked(message) && cards.len() == 1 {
            let own = listed.iter().filter_map(|p| p.text("wa_id").or_else(|| p.text("phone")));
            phones.extend(own.take(PEOPLE_MAX).filter_map(|p| number(&p)));
        }
        let full = name.short("formatted_name", LINE_CHARS_MAX).or_else(|| name.short("first_name", LINE_CHARS_MAX));
        people.push(Person { name: full.unwrap_or_default(), phones: numbers });
    }
    (!people.is_empty()).then(|| sent(String::new(), Enclosed::People { people }))
}

/// The digits of a telephone number: 7 to 15, as the world's numbers have.
fn number(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (7..=15).contains(&digits.len()).then_some(digits)
}

/// A tap or a form. Its own word of what it is may be missing or wrong: what is there decides.
fn interactive(inner: &Fields<'_>) -> Option<Said> {
    for kind in ["button_reply", "list_reply"] {
        let reply = inner.inner(kind);
        if let Some(said) = tap(reply.text("id"), reply.text("title")) {
            return Some(said);
        }
    }
    let form = |name: String, answers: String| {
        let answers = answers.chars().take(FORM_CHARS_MAX).collect();
        sent(String::new(), Enclosed::Form { name, answers })
    };
    let filled = inner.inner("nfm_reply");
    if inner.get("nfm_reply").is_some() {
        let name = filled.short("name", WORD_CHARS_MAX).unwrap_or_else(|| "flow".to_owned());
        // A text that holds JSON, or, from some senders, the JSON itself.
        let answers = filled.get("response_json").map(|a| a.text().unwrap_or_else(|| a.raw().to_owned()));
        return Some(form(name, answers.unwrap_or_default()));
    }
    ["payment_method", "call_permission_reply"]
        .into_iter()
        .find_map(|kind| Some(form(kind.to_owned(), inner.get(kind)?.raw().to_owned())))
}

fn order(inner: &Fields<'_>) -> Option<Said> {
    let items = inner.items("product_items");
    let lines: Vec<SentLine> = items.iter().filter_map(line).take(CART_LINES_MAX).collect();
    if lines.is_empty() {
        return None;
    }
    let catalog = inner.word("catalog_id", ID_CHARS_MAX);
    Some(sent(inner.text("text").unwrap_or_default(), Enclosed::Cart(SentCart { catalog, lines })))
}

fn line(item: &Fields<'_>) -> Option<SentLine> {
    let digits = decimal(item, "quantity");
    // `2`, `"2"`, `2.0`: whole pieces only.
    let whole = digits
        .as_deref()
        .map(|d| d.split_once('.').filter(|(_, rest)| rest.bytes().all(|b| b == b'0')).map_or(d, |(whole, _)| whole));
    Some(SentLine {
        sku: item.short("product_retailer_id", WORD_CHARS_MAX)?,
        quantity: whole.and_then(|d| d.parse().ok()).unwrap_or(0),
        price: decimal(item, "item_price"),
        currency: item.word("currency", 3).to_uppercase(),
    })
}

/// A number as plain digits: no exponent, nothing that is rounded on the way.
fn decimal(fields: &Fields<'_>, name: &str) -> Option<String> {
    let text = fields.short(name, DIGITS_MAX + 1)?;
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let plain = digits.split('.').count() <= 2
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    (plain && text.len() <= DIGITS_MAX).then_some(text)
}

/// The advertisement or post it came by.
pub(super) fn advert(referral: &Fields<'_>) -> Option<Enclosed> {
    let advert = Enclosed::Advert {
        headline: referral.word("headline", LINE_CHARS_MAX),
        body: referral.word("body", LINE_CHARS_MAX),
        url: referral.word("source_url", URL_CHARS_MAX),
    };
    let known = ["source_url", "source_id", "source_type", "headline", "ctwa_clid"];
    known.into_iter().any(|name| referral.text(name).is_some()).then_some(advert)
}
