//! The tools: what a model may read, and the few things it may change or propose. None takes an amount, a currency, a
//! contact, a phone number, an e-mail or a link; identity comes from the conversation.

pub mod cart_edit;
pub mod cart_view;
pub mod catalog_get;
pub mod catalog_search;
pub mod checkout_propose;
pub mod compute;
pub mod hand_off;
pub mod knowledge_search;
pub mod order_get;
pub mod order_list;
pub mod order_propose;
pub mod outside;
mod reply;

use crate::agent::ledger::Ledger;
use crate::agent::{Error, HandOffAsked, Thread};
use crate::app::App;
use crate::domain::fact::{Fact, Value};
use crate::domain::id::ProposalId;
use crate::llm::{Call, ToolSpec};
use crate::store::Tx;
pub use reply::{REPLY, ReplyArguments};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Bytes of arguments a model may write.
const ARGUMENTS_BYTES_MAX: usize = 8_192;

/// Acts about orders that a reply may say were done.
const ACTS: [&str; 7] = ["cancel", "return", "exchange", "refund", "change_items", "change_address", "keep_address"];

/// What a tool gives back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Output {
    /// What the model reads.
    pub content: serde_json::Value,
    /// What is now known.
    pub facts: Vec<Fact>,
    /// Short names given in this result, in order: letter and id.
    pub named: Vec<(char, String)>,
    /// What it did or leaves behind.
    pub effect: Option<Effect>,
}

/// What a tool did or leaves behind for the end of the turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// A search, to be refined by the next turn.
    Searched {
        /// Its arguments.
        arguments: serde_json::Value,
    },
    /// The cart changed.
    CartChanged,
    /// A proposal is waiting to be shown.
    Proposed {
        /// Which.
        proposal: ProposalId,
    },
    /// An order was placed by the shopper's yes.
    Placed {
        /// Its number.
        number: String,
    },
    /// Another act was done by the shopper's yes.
    Committed {
        /// `cancel`, `return`…
        what: String,
        /// The order's number; empty when it is about none.
        number: String,
    },
    /// A colleague is wanted.
    HandOff(HandOffAsked),
}

/// A call whose tool is known and whose arguments fit.
#[derive(Debug)]
pub enum Plan {
    /// Reads only; may ask the network.
    Read(Read),
    /// Changes something; runs in the transaction that journals it.
    Act(Act),
}

/// Tools that only read.
#[derive(Debug)]
pub enum Read {
    /// Finds products.
    CatalogSearch(catalog_search::Arguments),
    /// Reads products.
    CatalogGet(catalog_get::Arguments),
    /// Finds passages.
    KnowledgeSearch(knowledge_search::Arguments),
    /// Reads the cart.
    CartView,
    /// Reads the shopper's orders.
    OrderList,
    /// Reads one of the shopper's orders.
    OrderGet(order_get::Arguments),
    /// Works something out.
    Compute(compute::Arguments),
}

/// Tools that change or propose something.
#[derive(Debug)]
pub enum Act {
    /// Changes the cart.
    CartEdit(cart_edit::Arguments),
    /// Proposes to order the cart.
    CheckoutPropose,
    /// Proposes something about an order.
    OrderPropose(order_propose::Arguments),
    /// Asks for a colleague.
    HandOff(hand_off::Arguments),
}

/// Checks a call against the tools there are. The problem is written for the model.
pub fn plan(call: &Call) -> Result<Plan, String> {
    if call.arguments.len() > ARGUMENTS_BYTES_MAX {
        return Err(format!("the arguments are longer than {ARGUMENTS_BYTES_MAX} bytes"));
    }
    let text = if call.arguments.trim().is_empty() { "{}" } else { &call.arguments };
    Ok(match call.tool.as_str() {
        "catalog_search" => Plan::Read(Read::CatalogSearch(arguments(text)?)),
        "catalog_get" => Plan::Read(Read::CatalogGet(arguments(text)?)),
        "knowledge_search" => Plan::Read(Read::KnowledgeSearch(arguments(text)?)),
        "cart_view" => Plan::Read(Read::CartView),
        "order_list" => Plan::Read(Read::OrderList),
        "order_get" => Plan::Read(Read::OrderGet(arguments(text)?)),
        "compute" => Plan::Read(Read::Compute(arguments(text)?)),
        "cart_edit" => Plan::Act(Act::CartEdit(arguments(text)?)),
        "checkout_propose" => Plan::Act(Act::CheckoutPropose),
        "order_propose" => Plan::Act(Act::OrderPropose(arguments(text)?)),
        "hand_off" => Plan::Act(Act::HandOff(arguments(text)?)),
        other => return Err(format!("there is no tool called {}", other.chars().take(40).collect::<String>())),
    })
}

fn arguments<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|e| format!("the arguments do not fit: {e}"))
}

/// Runs a reading tool.
pub async fn read(app: &App, thread: &Thread, read: Read, ledger: &mut Ledger) -> Result<Output, Error> {
    match read {
        Read::CatalogSearch(arguments) => catalog_search::run(app, thread, arguments, ledger).await,
        Read::CatalogGet(arguments) => catalog_get::run(app, thread, arguments, ledger).await,
        Read::KnowledgeSearch(arguments) => knowledge_search::run(app, thread, arguments, ledger).await,
        Read::CartView => cart_view::run(app, thread, ledger).await,
        Read::OrderList => order_list::run(app, thread, ledger).await,
        Read::OrderGet(arguments) => order_get::run(app, thread, arguments, ledger).await,
        Read::Compute(arguments) => Ok(compute::run(&arguments, ledger)),
    }
}

/// Runs a tool that changes something, inside the given transaction.
pub async fn act(app: &App, thread: &Thread, tx: &mut Tx, act: Act, ledger: &mut Ledger) -> Result<Output, Error> {
    match act {
        Act::CartEdit(arguments) => cart_edit::run(app, thread, tx, arguments, ledger).await,
        Act::CheckoutPropose => checkout_propose::run(app, thread, tx).await,
        Act::OrderPropose(arguments) => order_propose::run(app, thread, tx, arguments, ledger).await,
        Act::HandOff(arguments) => Ok(hand_off::run(thread, arguments)),
    }
}

/// What the shopper may read while a tool runs.
pub fn progress(tool: &str) -> Option<&'static str> {
    Some(match tool {
        "catalog_search" | "catalog_get" => "Looking through the catalogue…",
        "knowledge_search" => "Reading our pages…",
        "order_list" | "order_get" | "order_propose" => "Looking up your order…",
        "cart_edit" | "cart_view" => "Updating your cart…",
        "checkout_propose" => "Preparing your order…",
        _ => return None,
    })
}

/// Every tool as a model sees it, in an order that never changes, so that endpoints can cache the prompt.
pub fn specs() -> Vec<ToolSpec> {
    let spec = |name: &str, description: &str, parameters| ToolSpec {
        name: name.to_owned(),
        description: description.trim().to_owned(),
        parameters,
    };
    let none = || json!({"type": "object", "properties": {}, "required": [], "additionalProperties": false});
    vec![
        spec("catalog_search", include_str!("../../prompts/tools/catalog_search.md"), catalog_search::parameters()),
        spec("catalog_get", include_str!("../../prompts/tools/catalog_get.md"), catalog_get::parameters()),
        spec(
            "knowledge_search",
            include_str!("../../prompts/tools/knowledge_search.md"),
            knowledge_search::parameters(),
        ),
        spec("cart_view", include_str!("../../prompts/tools/cart_view.md"), none()),
        spec("cart_edit", include_str!("../../prompts/tools/cart_edit.md"), cart_edit::parameters()),
        spec("checkout_propose", include_str!("../../prompts/tools/checkout_propose.md"), none()),
        spec("order_list", include_str!("../../prompts/tools/order_list.md"), none()),
        spec("order_get", include_str!("../../prompts/tools/order_get.md"), order_get::parameters()),
        spec("order_propose", include_str!("../../prompts/tools/order_propose.md"), order_propose::parameters()),
        spec("compute", include_str!("../../prompts/tools/compute.md"), compute::parameters()),
        spec("hand_off", include_str!("../../prompts/tools/hand_off.md"), hand_off::parameters()),
        spec(REPLY, include_str!("../../prompts/tools/reply.md"), reply::parameters()),
    ]
}

impl Output {
    /// A result without facts or effects.
    pub fn of(content: serde_json::Value) -> Self {
        Self { content, ..Self::default() }
    }

    /// A kind no: the model reads why.
    pub fn refused(why: &str) -> Self {
        Self::of(json!({ "refused": why }))
    }

    /// What was done in this turn, as the reply's check asks for it.
    pub fn act_word(&self) -> Option<&'static str> {
        Some(match self.effect.as_ref()? {
            Effect::CartChanged => "cart",
            Effect::Proposed { .. } => "proposed",
            Effect::Placed { .. } => "placed",
            Effect::Committed { what, .. } => ACTS.into_iter().find(|act| act == what).unwrap_or("committed"),
            Effect::HandOff(_) => "hand_off",
            Effect::Searched { .. } => return None,
        })
    }

    /// Adds a fact.
    pub fn fact(&mut self, entity: &str, field: &str, called: &[String], value: Value) {
        let (entity, field) = (entity.to_owned(), field.to_owned());
        self.facts.push(Fact { entity, field, called: called.to_vec(), value });
    }

    /// Gives a thing its short name and remembers that it did.
    pub fn named(&mut self, ledger: &mut Ledger, letter: char, id: &str) -> String {
        self.named.push((letter, id.to_owned()));
        ledger.name(letter, id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_tool_takes_money_people_or_links() {
        const FORBIDDEN: [&str; 14] = [
            "amount",
            "price",
            "currency",
            "contact",
            "customer",
            "shopper",
            "phone",
            "email",
            "url",
            "link",
            "address",
            "discount",
            "total",
            "recipient",
        ];
        for spec in specs() {
            let text = spec.parameters.to_string();
            let schema: serde_json::Value = serde_json::from_str(&text).unwrap();
            let mut names = Vec::new();
            collect(&schema, &mut names);
            // Where a parcel goes is the one thing about a person that is written in a chat; the summary shows it before
            // it counts, and it holds no e-mail and no link.
            names.retain(|name| !(spec.name == "order_propose" && name == "address"));
            for name in names {
                assert!(!FORBIDDEN.iter().any(|f| name.contains(f)), "{} takes {name}", spec.name);
            }
        }
    }

    fn collect(schema: &serde_json::Value, names: &mut Vec<String>) {
        if let Some(properties) = schema.get("properties").and_then(|p| p.as_object()) {
            assert_eq!(schema["additionalProperties"], json!(false), "{schema}");
            names.extend(properties.keys().cloned());
            properties.values().for_each(|inner| collect(inner, names));
        }
        if let Some(items) = schema.get("items") {
            collect(items, names);
        }
    }

    #[test]
    fn unknown_tools_and_arguments_are_explained() {
        let said = |tool: &str, arguments: &str| {
            plan(&Call { id: "1".into(), tool: tool.into(), arguments: arguments.into() }).map(|_| ()).unwrap_err()
        };
        assert_eq!(said("refund", "{}"), "there is no tool called refund");
        assert!(said("order_get", "{\"number\":1}").contains("do not fit"));
        assert!(said("order_get", "{\"number\":\"FJ-1\",\"contact\":\"con_1\"}").contains("unknown field `contact`"));
        assert!(said("order_get", &"x".repeat(9_000)).contains("longer than"));
    }
}
