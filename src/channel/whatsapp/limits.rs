//! What the network takes: every limit by name, and a check of a finished message that knows nothing of who made it.
//! A message that breaks a limit is refused as a whole, so this is the last gate before one is sent.

mod interactive;
mod part;
mod template;
#[cfg(test)]
mod tests;

pub use template::{breaks_a_line, is_name};

use part::Part;
use serde_json::Value;

/// Units of a plain text. All lengths are UTF-16 units: the platform says "characters" and not which, and no other
/// reading counts more.
pub const TEXT_MAX: usize = 4_096;
/// Units of the words under a picture, a film or a document.
pub const CAPTION_MAX: usize = 1_024;
/// Units of a document's name.
pub const FILENAME_MAX: usize = 240;
/// Units of an address.
pub const URL_MAX: usize = 2_000;
/// Shared contacts in one message; the platform's pages disagree, and this is the lesser.
pub const CONTACTS_MAX: usize = 5;
/// Units of the body of an interactive message. For lists one page says 4,096: the lesser works for both.
pub const BODY_MAX: usize = 1_024;
/// Units of a header in words.
pub const HEADER_MAX: usize = 60;
/// Units of a footer.
pub const FOOTER_MAX: usize = 60;
/// Reply buttons in one message.
pub const BUTTONS_MAX: usize = 3;
/// Units of a reply button's label.
pub const BUTTON_TITLE_MAX: usize = 20;
/// Units of a reply button's id.
pub const BUTTON_ID_MAX: usize = 256;
/// Units on the button that opens a list.
pub const LIST_BUTTON_MAX: usize = 20;
/// Sections of a list, or of a list of products.
pub const SECTIONS_MAX: usize = 10;
/// Units of a section's title.
pub const SECTION_TITLE_MAX: usize = 24;
/// Rows of a list, over all its sections.
pub const ROWS_MAX: usize = 10;
/// Units of a row's id.
pub const ROW_ID_MAX: usize = 200;
/// Units of a row's title.
pub const ROW_TITLE_MAX: usize = 24;
/// Units of a row's second line.
pub const ROW_DESCRIPTION_MAX: usize = 72;
/// Units on a button that opens a page.
pub const LINK_LABEL_MAX: usize = 20;
/// Products in a list of products, over all its sections.
pub const PRODUCTS_MAX: usize = 30;
/// Units of a product's number in the catalogue.
pub const RETAILER_ID_MAX: usize = 100;
/// Cards of a carousel.
pub const CAROUSEL_CARDS_MIN: usize = 2;
/// Cards of a carousel.
pub const CAROUSEL_CARDS_MAX: usize = 10;
/// Units of a carousel card's words.
pub const CAROUSEL_BODY_MAX: usize = 160;
/// Line breaks in a carousel card's words.
pub const CAROUSEL_BREAKS_MAX: usize = 2;
/// Units of a carousel button's id.
pub const CAROUSEL_ID_MAX: usize = 20;
/// Units on the button that opens a form.
pub const FLOW_LABEL_MAX: usize = 30;
/// Units of what we get back with the news of a message.
pub const CALLBACK_DATA_MAX: usize = 512;
/// Units of an approved form's name.
pub const TEMPLATE_NAME_MAX: usize = 512;
/// Units of the payload of a quick reply of an approved form.
pub const PAYLOAD_MAX: usize = 256;
/// Spaces in a row in a value for an approved form.
pub const VALUE_SPACES_MAX: usize = 4;
/// Units of a media id or a message id.
pub const OUTSIDE_ID_MAX: usize = 512;

/// How a message breaks a limit. Names the place and never what stands there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Breach {
    /// Too long.
    #[error("{part} is {found} long, and {max} is the limit")]
    Long {
        /// Where.
        part: String,
        /// How long it is.
        found: usize,
        /// How long it may be.
        max: usize,
    },
    /// Too many or too few.
    #[error("{part} has {found} entries, and {min} to {max} are allowed")]
    Count {
        /// Where.
        part: String,
        /// How many there are.
        found: usize,
        /// How many there must be.
        min: usize,
        /// How many there may be.
        max: usize,
    },
    /// Not there, empty, or something else than it must be.
    #[error("{part} is missing, empty or of the wrong kind")]
    Missing {
        /// Where.
        part: String,
    },
    /// The same again, where each must differ.
    #[error("{part} stands twice")]
    Twice {
        /// Where.
        part: String,
    },
    /// Something that this kind of message cannot have.
    #[error("{part} cannot stand here")]
    NotHere {
        /// Where.
        part: String,
    },
    /// An address that the network or the shopper could not open.
    #[error("{part} is not an address that can be opened")]
    Address {
        /// Where.
        part: String,
    },
}

/// The length of a text as the limits count it.
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Whether a text shows nothing: empty, white space, or marks without letters.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control() || is_invisible(c))
}

/// Marks that join, part or turn letters and show nothing by themselves.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a finished message, with or without its envelope, keeps every limit.
pub fn check(body: &Value) -> Result<(), Breach> {
    let body = Part::root(body);
    body.optional("biz_opaque_callback_data", |data| data.text(CALLBACK_DATA_MAX))?;
    body.optional("context", |context| context.at("message_id")?.text(OUTSIDE_ID_MAX))?;
    if body.has("status") {
        return body.at("message_id")?.text(OUTSIDE_ID_MAX);
    }
    let kind = body.at("type")?.str()?;
    let inner = body.at(kind)?;
    match kind {
        "text" => inner.at("body")?.text(TEXT_MAX),
        "image" | "video" => media(&inner, true),
        "audio" | "sticker" => media(&inner, false),
        "document" => {
            inner.optional("filename", |name| name.text(FILENAME_MAX))?;
            media(&inner, true)
        }
        "location" => {
            inner.at("latitude")?.number()?;
            inner.at("longitude")?.number()
        }
        "contacts" => inner.each(1, CONTACTS_MAX, |contact| contact.at("name")?.at("formatted_name")?.text(TEXT_MAX)),
        "reaction" => {
            if body.has("context") {
                return Err(Breach::NotHere { part: "context".to_owned() });
            }
            inner.at("message_id")?.text(OUTSIDE_ID_MAX)?;
            // An empty one takes the reaction back.
            inner.at("emoji")?.str().map(|_| ())
        }
        "interactive" => interactive::check(&inner),
        "template" => template::check(&inner),
        _ => Err(Breach::NotHere { part: "type".to_owned() }),
    }
}

/// Something to be fetched: by an id of the network's, or by an address it can reach.
fn media(part: &Part<'_>, caption: bool) -> Result<(), Breach> {
    if part.has("id") {
        part.at("id")?.text(OUTSIDE_ID_MAX)?;
    } else {
        part.at("link")?.address("https://")?;
    }
    if !caption && part.has("caption") {
        return Err(part.not_here("caption"));
    }
    part.optional("caption", |words| words.text(CAPTION_MAX))
}
