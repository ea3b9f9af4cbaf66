//! Messages: what a shopper said, and the neutral reply that every channel renders in its own way.

use crate::domain::enclosed::{Enclosed, Sent};
use crate::domain::id::{ConversationId, MessageId, ProductId, ProposalId, VariantId};
use crate::domain::template::Template;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Characters of one shopper message that are kept.
pub const TEXT_CHARS_MAX: usize = 4_000;
/// Cards in one reply.
pub const CARDS_MAX: usize = 10;
/// Choices in one reply.
pub const CHOICES_MAX: usize = 10;

/// One message in a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Ours.
    pub id: MessageId,
    /// Where it belongs.
    pub conversation: ConversationId,
    /// Its place in the conversation, from 1.
    pub seq: i64,
    /// Who wrote it.
    pub author: Author,
    /// What it says.
    pub body: Body,
    /// When it was stored.
    pub at: Timestamp,
    /// The sender's own id of it, to recognise a repeat.
    pub external_id: Option<String>,
}

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Author {
    /// The person in front of the chat.
    Shopper,
    /// The agent's turn.
    Agent,
    /// The server itself: paid, expired, shipped.
    Shop,
    /// A person of the shop.
    Colleague {
        /// As the shopper sees it.
        name: String,
    },
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// From the shopper.
    Heard(Said),
    /// To the shopper.
    Reply(Box<Reply>),
}

/// What a shopper did: wrote, or tapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// Words.
    Text(String),
    /// A button.
    Tap {
        /// The button's id.
        id: String,
        /// What stood on it.
        label: String,
    },
    /// More than words.
    Sent(Box<Sent>),
}

/// A reply in neutral form. One answer is one message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reply {
    /// Plain text; may be empty when the rest speaks for itself.
    pub text: String,
    /// Products.
    pub cards: Vec<Card>,
    /// Buttons under the text.
    pub choices: Vec<Button>,
    /// An order waiting for the shopper's yes, written by the server.
    pub summary: Option<Summary>,
    /// A payment page to open.
    pub payment: Option<PaymentRequest>,
    /// Another page of ours to open: an order's.
    pub link: Option<Link>,
    /// Where the answer comes from.
    pub sources: Vec<Source>,
    /// A change the shopper should notice.
    pub notice: Option<Notice>,
    /// A file to hand over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// What the shopper is asked to share by a tap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<Share>,
    /// The same in a form the network has approved, for when nothing else may leave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<Template>,
}

/// A file of ours; made by the server, never by a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its name with its ending: `receipt FJ-1001.pdf`.
    pub name: String,
    /// Where it is fetched.
    pub url: String,
}

/// What a shopper may share by a tap, where a network can ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// Where they are.
    Location,
    /// Their phone number.
    Phone,
}

/// A product as a card; every figure on it was read from the store when the reply was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Which product.
    pub product: ProductId,
    /// Its title.
    pub title: String,
    /// Brand and the properties that matter.
    pub subtitle: String,
    /// `€149.90`, or `from €149.90`.
    pub price: String,
    /// The price before, when reduced.
    pub compare_at: Option<String>,
    /// `in stock`, `2 left`, `sold out`, in the shopper's language.
    pub stock: String,
    /// The same for machines.
    #[serde(default)]
    pub left: Left,
    /// Address of its picture.
    pub picture: Option<String>,
    /// Buttons.
    pub choices: Vec<Button>,
    /// The variant that stands for it where a network shows goods of its own catalogue, which knows variants only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<VariantId>,
}

/// How much of a product is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Left {
    /// Not known: a card from before this was told.
    #[default]
    Unknown,
    /// Enough.
    Enough,
    /// Only few.
    Few,
    /// Nothing.
    None,
}

/// Something to tap. The id is understood by the reflexes without a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// `show:…`, `add:…`, `confirm:…`, `cancel:…`, `say:…`.
    pub id: String,
    /// What stands on it.
    pub label: String,
    /// A second, smaller line.
    #[serde(default)]
    pub hint: Option<String>,
}

/// An order summary, written by the server from a stored proposal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// What the buttons commit or cancel.
    pub proposal: ProposalId,
    /// Its heading.
    pub title: String,
    /// The goods.
    pub lines: Vec<SummaryLine>,
    /// Subtotal, shipping, total.
    pub totals: Vec<SummaryTotal>,
    /// When the offer ends.
    pub expires_at: Timestamp,
    /// Confirm and Cancel.
    pub choices: Vec<Button>,
}

/// One line of a summary, amounts written out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SummaryLine {
    /// The product's title.
    pub title: String,
    /// `M / Blue`, or empty.
    pub options: String,
    /// Pieces.
    pub quantity: u32,
    /// Price of one.
    pub unit: String,
    /// Price of all.
    pub total: String,
}

/// One row under the lines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SummaryTotal {
    /// `Subtotal`, `Total`…
    pub label: String,
    /// Written out.
    pub amount: String,
    /// Whether it is the row to look at.
    pub strong: bool,
}

/// A payment page of one order. The address goes from the store to the channel and never through a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentRequest {
    /// The order's number.
    pub order: String,
    /// What will be charged.
    pub total: String,
    /// The page.
    pub url: String,
    /// What stands on the button.
    pub label: String,
    /// When the page closes.
    pub expires_at: Timestamp,
}

/// A page of ours that a reply leads to; made by the server, never by a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What stands on it.
    pub label: String,
    /// The page.
    pub url: String,
}

/// Where an answer comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The text's title.
    pub title: String,
    /// The section.
    pub heading: String,
}

/// A change the shopper should notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// A colleague will answer from here on.
    HandOff,
    /// The agent answers again.
    Returned,
}

impl Reply {
    /// A reply of words only.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
            && self.cards.is_empty()
            && self.summary.is_none()
            && self.payment.is_none()
            && self.document.is_none()
            && self.template.is_none()
    }

    /// What it shows beside its text, one line each, as colleagues read it.
    pub fn extras(&self) -> Vec<String> {
        let mut lines: Vec<String> =
            self.cards.iter().map(|c| format!("card: {} {} ({})", c.title, c.price, c.stock)).collect();
        if let Some(summary) = &self.summary {
            let total = summary.totals.iter().find(|t| t.strong).map_or("", |t| t.amount.as_str());
            lines.push(format!("order summary: {} lines, total {total}", summary.lines.len()));
        }
        if let Some(payment) = &self.payment {
            lines.push(format!("payment page: {} for {}", payment.total, payment.order));
        }
        if !self.choices.is_empty() {
            lines.push(format!(
                "buttons: {}",
                self.choices.iter().map(|b| b.label.as_str()).collect::<Vec<_>>().join(", ")
            ));
        }
        lines.extend(self.document.iter().map(|d| format!("document: {}", d.name)));
        lines.extend(self.template.iter().map(|t| format!("template: {}", t.name)));
        lines.extend(self.sources.iter().map(|s| format!("source: {} – {}", s.title, s.heading)));
        lines
    }
}

impl Said {
    /// What was meant: the words, or what a button says when it is tapped. A button may say it in a language that every
    /// planner knows, whatever stands on it.
    pub fn meant(&self) -> &str {
        match self {
            Self::Tap { id, .. } => id.strip_prefix("say:").unwrap_or_else(|| self.words()),
            Self::Text(text) => text,
            Self::Sent(sent) => &sent.text,
        }
    }

    /// The words, or what stood on the button.
    pub fn words(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Tap { label, .. } => label,
            Self::Sent(sent) => &sent.text,
        }
    }

    /// The words if they were written, and not tapped.
    pub fn written(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Sent(sent) if !sent.text.is_empty() => Some(&sent.text),
            Self::Tap { .. } | Self::Sent(_) => None,
        }
    }

    /// What came with the words, one line each.
    pub fn extras(&self) -> Vec<String> {
        match self {
            Self::Sent(sent) => sent.enclosed.iter().map(Enclosed::line).collect(),
            Self::Text(_) | Self::Tap { .. } => Vec::new(),
        }
    }
}

impl Body {
    /// What was meant: see [`Said::meant`].
    pub fn meant(&self) -> &str {
        match self {
            Self::Heard(said) => said.meant(),
            Self::Reply(reply) => &reply.text,
        }
    }

    /// The words of either side.
    pub fn words(&self) -> &str {
        match self {
            Self::Heard(said) => said.words(),
            Self::Reply(reply) => &reply.text,
        }
    }
}

impl Author {
    /// `shopper`, `agent`, `shop` or `colleague`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Shopper => "shopper",
            Self::Agent => "agent",
            Self::Shop => "shop",
            Self::Colleague { .. } => "colleague",
        }
    }
}

impl Button {
    /// A button without a second line.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self { id: id.into(), label: label.into(), hint: None }
    }
}
