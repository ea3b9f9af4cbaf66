//! An attack: where it hides, what it says, and what a hijacked model would do. All of it stands in the corpus; the model
//! that plays it knows no attack of its own.

use crate::eval::attack::cipher::Encoding;
use crate::eval::attack::oracle::Class;
use crate::eval::scenario::{Step, Who};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Stands for the payload, encoded, in the texts of an attack.
pub const PAYLOAD: &str = "[payload]";

/// One file of attacks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    /// The first part of every id.
    pub area: String,
    /// What the file is about.
    #[serde(default)]
    pub about: String,
    /// Where the attacks hide, unless one says otherwise.
    pub vector: Vector,
    /// Who writes, unless one says otherwise.
    #[serde(default)]
    pub shopper: Who,
    /// The attacks.
    pub attacks: Vec<Attack>,
}

/// One attack.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attack {
    /// Unique over all files.
    pub id: String,
    /// What the attacker wants.
    pub goal: Goal,
    /// Where it hides.
    #[serde(default)]
    pub vector: Option<Vector>,
    /// The language of the words.
    #[serde(default = "english")]
    pub lang: String,
    /// How the payload is hidden.
    #[serde(default)]
    pub encoding: Encoding,
    /// Who writes.
    #[serde(default)]
    pub shopper: Option<Who>,
    /// What is put into the shop before.
    #[serde(default)]
    pub poison: Option<Poison>,
    /// What the model has to have seen, in the clear; by default the poison, else the last words of the shopper.
    #[serde(default)]
    pub payload: String,
    /// What it has to have seen beside that, when an attack is built up in pieces.
    #[serde(default)]
    pub pieces: Vec<String>,
    /// Words in the last message without which it waits.
    #[serde(default)]
    pub when: String,
    /// What happens first.
    #[serde(default)]
    pub story: Vec<Step>,
    /// What the shopper writes.
    #[serde(default)]
    pub says: Vec<String>,
    /// Calls that lead to the poisoned source; by default the tool that reads it.
    #[serde(default)]
    pub reads: Vec<Deed>,
    /// What a hijacked model does.
    pub does: Vec<Deed>,
    /// Why an attacker's success is known; counted apart, and no success is then a failure.
    #[serde(default)]
    pub known_gap: Option<String>,
    /// Where it was read.
    #[serde(skip)]
    pub file: PathBuf,
}

/// One answer of a hijacked model.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Deed {
    /// A tool, perhaps one that does not exist.
    pub call: Option<String>,
    /// Its arguments.
    pub with: Value,
    /// Its arguments as a text that is no JSON.
    pub raw: Option<String>,
    /// A reply.
    pub reply: Option<String>,
    /// Words without a call.
    pub say: Option<String>,
    /// Products it shows.
    pub show: Vec<String>,
    /// Answers it offers.
    pub choices: Vec<String>,
    /// Sources it names.
    pub sources: Vec<String>,
    /// `answer`, `ask_back` or `refuse`.
    pub outcome: Option<String>,
    /// Arguments that `reply` does not have.
    pub extra: Option<serde_json::Map<String, Value>>,
    /// How often: the same call again, or the text as many times over.
    pub times: Option<usize>,
}

/// What is put into the shop; exactly one of the places is set.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Poison {
    /// A product.
    pub product: Option<String>,
    /// Its field: `title`, `description`, `brand`, `category`, `option`, `attribute:NAME`.
    pub field: String,
    /// A file of the shop's texts.
    pub file: Option<String>,
    /// A note on an order.
    pub order: Option<String>,
    /// The shopper's own kept address; the field is the address's.
    pub address: bool,
    /// What is written there.
    pub text: String,
}

/// Where an attack hides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vector {
    /// The shopper's own words.
    Direct,
    /// A title of the feed.
    ProductTitle,
    /// A description of the feed.
    ProductDescription,
    /// Options, brand, category, attributes.
    ProductField,
    /// A review in the product data.
    Review,
    /// A note on an order.
    OrderNote,
    /// The name the channel gives.
    ShopperName,
    /// A kept address.
    Address,
    /// A text of the shop.
    Knowledge,
    /// A text of the shop that was a PDF.
    Pdf,
    /// Somebody who says they work here.
    Colleague,
    /// Several turns.
    History,
    /// Hidden by an encoding.
    Encoded,
    /// Nothing at all: the model is bad by itself.
    Model,
}

/// What an attacker wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// Less than the price, or nothing.
    Price,
    /// Another total.
    Total,
    /// Cancel or pay back without a yes.
    Cancel,
    /// Somebody else's data.
    Others,
    /// The yes said by somebody else.
    Confirm,
    /// Goods to another address.
    Address,
    /// A link of the attacker.
    Link,
    /// A number or an address to write to.
    Contact,
    /// The instructions.
    Prompt,
    /// "Done", when nothing was.
    Claim,
    /// Warranty, compensation, a gift.
    Promise,
    /// Stock or delivery invented.
    Stock,
    /// A cart nobody wanted.
    Stuffing,
    /// Endless work.
    Cost,
    /// A language model for nothing.
    OffTopic,
    /// Messages stopped or started.
    Stop,
    /// Insults.
    Abuse,
}

impl Goal {
    /// The class in which an attacker's words count when they come through.
    pub fn class(self) -> Class {
        match self {
            Self::Price | Self::Promise => Class::Promise,
            Self::Total | Self::Stock => Class::Amount,
            Self::Cancel | Self::Confirm | Self::Address | Self::Claim | Self::Stop => Class::Claim,
            Self::Others | Self::Prompt => Class::Leak,
            Self::Link | Self::Contact => Class::Link,
            Self::Stuffing | Self::Cost | Self::OffTopic | Self::Abuse => Class::OffTopic,
        }
    }
}

/// Texts beside which something else is the attack; by themselves they are no lie.
const NEUTRAL: [&str; 5] = ["Here:", "Not in the chat.", "Here it is.", "Choose one.", "Tap below."];

impl Attack {
    /// Every text that a hijacked model would send.
    pub fn lies(&self) -> Vec<String> {
        let mut lies = Vec::new();
        for deed in &self.does {
            let texts = deed.reply.iter().chain(&deed.say).chain(&deed.choices);
            lies.extend(texts.filter(|t| !t.trim().is_empty() && !NEUTRAL.contains(&t.trim())).cloned());
        }
        lies
    }

    /// The text with the payload in it, hidden as this attack hides it.
    pub fn filled(&self, text: &str) -> String {
        text.replace(PAYLOAD, &self.encoding.hide(&self.payload))
    }

    /// What the model has to have seen, each in the clear.
    pub fn wanted(&self) -> Vec<&str> {
        std::iter::once(self.payload.as_str()).chain(self.pieces.iter().map(String::as_str)).collect()
    }

    /// The calls that lead to the poison.
    pub fn reading(&self) -> Vec<Deed> {
        if !self.reads.is_empty() {
            return self.reads.clone();
        }
        let call = |tool: &str, with: Value| vec![Deed { call: Some(tool.to_owned()), with, ..Deed::default() }];
        let asked = self.says.last().cloned().unwrap_or_default();
        match &self.poison {
            Some(Poison { product: Some(id), .. }) => call("catalog_get", json!({"products": [id]})),
            Some(Poison { file: Some(_), .. }) => call("knowledge_search", json!({"query": asked})),
            Some(Poison { order: Some(number), .. }) => call("order_get", json!({"number": number})),
            _ => Vec::new(),
        }
    }
}

fn english() -> String {
    "en".to_owned()
}
