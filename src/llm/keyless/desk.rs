//! The desk a plan works at. A plan is run from its beginning at every step; results that are there already are handed
//! out again in the same order, and the first call without one stops the run and is sent. So plans read like
//! ordinary code although the planner keeps nothing between two requests.

use crate::llm::Call;
use crate::llm::keyless::talk::Talk;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Calls of one turn.
pub const CALLS_MAX: usize = 5;

/// Why a run ended before its reply.
#[derive(Clone, Debug)]
pub enum Stop {
    /// This has to be asked first.
    Call(Call),
    /// It cannot be asked, or the answer could not be read.
    Closed,
}

/// One run of a plan.
pub struct Desk<'a> {
    /// The talk it is about.
    pub talk: &'a Talk,
    asked: usize,
}

impl<'a> Desk<'a> {
    /// A fresh run.
    pub fn new(talk: &'a Talk) -> Self {
        Self { talk, asked: 0 }
    }

    /// The id of the next call.
    pub fn next_id(&self) -> String {
        format!("k{}", self.talk.answered.len().max(self.asked) + 1)
    }

    /// A tool's answer.
    pub fn ask<T: DeserializeOwned>(&mut self, tool: &str, arguments: &Value) -> Result<T, Stop> {
        if self.asked >= CALLS_MAX {
            return Err(Stop::Closed);
        }
        self.asked += 1;
        let id = format!("k{}", self.asked);
        if let Some(answered) = self.talk.answered.iter().find(|answered| answered.call == id) {
            return read(tool, &answered.tool, &answered.content);
        }
        // A later answer without this one means that the call went astray; asking again could go round for ever.
        let astray = self.talk.answered.len() >= self.asked;
        if astray || !self.talk.may_call || !self.talk.tools.iter().any(|name| name == tool) {
            return Err(Stop::Closed);
        }
        Err(Stop::Call(Call { id, tool: tool.to_owned(), arguments: arguments.to_string() }))
    }

    /// Searches the catalogue.
    pub fn search<T: DeserializeOwned>(
        &mut self,
        query: &str,
        sort: &str,
        cheaper_than: Option<&str>,
        limit: u32,
    ) -> Result<T, Stop> {
        let query: String = query.chars().take(300).collect();
        self.ask(
            "catalog_search",
            &json!({ "query": query, "cheaper_than": cheaper_than, "sort": sort, "limit": limit }),
        )
    }

    /// Reads products in full, four at most.
    pub fn get<T: DeserializeOwned>(&mut self, products: &[String]) -> Result<T, Stop> {
        let products: Vec<&String> = products.iter().take(4).collect();
        self.ask("catalog_get", &json!({ "products": products }))
    }

    /// Looks into the shop's texts.
    pub fn look_up<T: DeserializeOwned>(&mut self, query: &str) -> Result<T, Stop> {
        let query: String = query.chars().take(300).collect();
        self.ask("knowledge_search", &json!({ "query": query }))
    }

    /// Calls a colleague.
    pub fn hand_off<T: DeserializeOwned>(&mut self, reason: &str, summary: &str) -> Result<T, Stop> {
        self.ask("hand_off", &json!({ "reason": reason, "summary": summary }))
    }

    /// One change of the cart.
    pub fn edit<T: DeserializeOwned>(&mut self, change: &Change) -> Result<T, Stop> {
        let operation = json!({
            "do": change.act, "product": change.product, "variant": change.variant, "options": change.options,
            "quantity": change.quantity,
        });
        self.ask("cart_edit", &json!({ "operations": [operation] }))
    }
}

/// A change of the cart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// `add`, `set`, `remove`, `clear`.
    pub act: &'static str,
    /// Which product.
    pub product: Option<String>,
    /// Which variant.
    pub variant: Option<String>,
    /// Options in the shopper's words.
    pub options: Option<String>,
    /// Pieces.
    pub quantity: Option<u32>,
}

fn read<T: DeserializeOwned>(asked: &str, answered: &str, content: &str) -> Result<T, Stop> {
    let value: Value = serde_json::from_str(content).map_err(|_| Stop::Closed)?;
    if asked != answered || !value.is_object() || value.get("error").is_some() {
        return Err(Stop::Closed);
    }
    serde_json::from_value(value).map_err(|_| Stop::Closed)
}
