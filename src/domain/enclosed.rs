//! What can come with a shopper's words, or instead of them: pictures, voice, a place, a cart, a form.

use crate::domain::id::{MediaId, MessageId};
use serde::{Deserialize, Serialize};

/// Things enclosed in one message that are kept.
pub const ENCLOSED_MAX: usize = 30;
/// Lines of a cart that is sent by a network.
pub const CART_LINES_MAX: usize = 100;

/// A message that is more than plain words or one tap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sent {
    /// The words: a text, a caption, what was said in a voice message. May be empty.
    pub text: String,
    /// What came with them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub enclosed: Vec<Enclosed>,
    /// The merchant's own number of the article it was asked from: a product's handle or a variant's SKU, unverified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Our message that it answers or quotes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answers: Option<MessageId>,
}

/// One thing that came with a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Enclosed {
    /// A file, kept beside the rows.
    Media(Media),
    /// A place. Degrees are decimal text, as they came.
    Place {
        /// Degrees north.
        latitude: String,
        /// Degrees east.
        longitude: String,
        /// What it is called, if it was picked from a list.
        name: Option<String>,
        /// Its address, if it was picked from a list.
        address: Option<String>,
    },
    /// People's cards.
    People {
        /// Who.
        people: Vec<Person>,
    },
    /// A cart put together in the network's own catalogue.
    Cart(SentCart),
    /// A form that was filled in.
    Form {
        /// Which kind: `flow`, `address_message`.
        name: String,
        /// What was filled in, as JSON text; unverified.
        answers: String,
    },
    /// The advertisement or post the shopper came from.
    Advert {
        /// Its heading.
        headline: String,
        /// Its text.
        body: String,
        /// Its address.
        url: String,
    },
    /// Something the network does not hand over, or that nobody here knows.
    Unreadable {
        /// What it was: `poll_creation`.
        what: String,
    },
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Which row and file.
    pub id: MediaId,
    /// What kind.
    pub what: MediaKind,
    /// Its type as the network told: `image/jpeg`.
    pub mime: String,
    /// The sender's name of it, for documents.
    pub name: Option<String>,
}

/// Kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// Sound that was chosen from files.
    Audio,
    /// Sound that was recorded for this message.
    Voice,
    /// Any other file.
    Document,
    /// A sticker.
    Sticker,
}

/// A person's card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The name on it.
    pub name: String,
    /// The numbers on it.
    pub phones: Vec<String>,
}

/// A cart as a network sends it. Amounts come from the shopper's own device and are only compared, never charged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentCart {
    /// The network's catalogue.
    pub catalog: String,
    /// The articles.
    pub lines: Vec<SentLine>,
}

/// One article of such a cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentLine {
    /// The merchant's own number.
    pub sku: String,
    /// Pieces.
    pub quantity: u32,
    /// The price of one that the shopper saw, as decimal text in major units.
    pub price: Option<String>,
    /// ISO 4217.
    pub currency: String,
}

impl Sent {
    /// Words only, about an article or answering a message.
    pub fn of_words(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// The files.
    pub fn media(&self) -> impl Iterator<Item = &Media> {
        self.enclosed.iter().filter_map(|one| match one {
            Enclosed::Media(media) => Some(media),
            _ => None,
        })
    }

    /// The cart, if there is one.
    pub fn cart(&self) -> Option<&SentCart> {
        self.enclosed.iter().find_map(|one| match one {
            Enclosed::Cart(cart) => Some(cart),
            _ => None,
        })
    }
}

impl Enclosed {
    /// One line that says what it is, for colleagues and for a model; no file's content.
    pub fn line(&self) -> String {
        match self {
            Self::Media(media) => match &media.name {
                Some(name) => format!("{}: {name}", media.what.word()),
                None => media.what.word().to_owned(),
            },
            Self::Place { latitude, longitude, name, address } => {
                let known: Vec<&str> = [name.as_deref(), address.as_deref()].into_iter().flatten().collect();
                if known.is_empty() {
                    format!("place: {latitude}, {longitude}")
                } else {
                    format!("place: {}", known.join(", "))
                }
            }
            Self::People { people } => {
                format!("contact: {}", people.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", "))
            }
            Self::Cart(cart) => {
                let lines: Vec<String> = cart.lines.iter().map(|l| format!("{} × {}", l.quantity, l.sku)).collect();
                format!("cart: {}", lines.join(", "))
            }
            Self::Form { name, .. } => format!("form: {name}"),
            Self::Advert { headline, .. } => format!("came from an advertisement: {headline}"),
            Self::Unreadable { what } => format!("cannot be read: {what}"),
        }
    }
}

impl MediaKind {
    /// `picture`, `video`, `audio`, `voice message`, `document`, `sticker`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Image => "picture",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Voice => "voice message",
            Self::Document => "document",
            Self::Sticker => "sticker",
        }
    }
}
