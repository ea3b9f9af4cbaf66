//! The benchmark's tasks: what a right agent writes down, in order. What it reads on the way leaves no trace.

use crate::eval::tau_retail::data::{self, Address, Error};
use serde::Deserialize;
use serde_json::Value;
use std::path::Path;

/// The file with the tasks.
const FILE: &str = "tasks-dev.json";
/// Acts that read, reckon or hand over.
const LEAVES_NO_TRACE: [&str; 11] = [
    "calculate",
    "find_user_id_by_email",
    "find_user_id_by_name_zip",
    "get_item_details",
    "get_order_details",
    "get_product_details",
    "get_user_details",
    "list_all_product_types",
    "think",
    "transfer_to_human_agents",
    "done",
];

/// One task.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Its id.
    pub id: String,
    /// What is written, in order.
    pub actions: Vec<Action>,
}

/// Something that is written down.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "name", content = "arguments")]
pub enum Action {
    /// Call an order off.
    #[serde(rename = "cancel_pending_order")]
    Cancel {
        /// Which.
        order_id: String,
        /// Why.
        reason: String,
    },
    /// Other items before it ships.
    #[serde(rename = "modify_pending_order_items")]
    ModifyItems(Swap),
    /// Another address before it ships.
    #[serde(rename = "modify_pending_order_address")]
    ModifyAddress {
        /// Which.
        order_id: String,
        /// Where to.
        #[serde(flatten)]
        address: Address,
    },
    /// Items come back.
    #[serde(rename = "return_delivered_order_items")]
    Return {
        /// Which order.
        order_id: String,
        /// Which items.
        item_ids: Vec<String>,
        /// Where the money goes.
        payment_method_id: String,
    },
    /// Items come back for others.
    #[serde(rename = "exchange_delivered_order_items")]
    Exchange(Swap),
    /// Another default address.
    #[serde(rename = "modify_user_address")]
    UserAddress {
        /// Whose.
        user_id: String,
        /// Where to.
        #[serde(flatten)]
        address: Address,
    },
}

/// Items for items, place by place.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Swap {
    /// Which order.
    pub order_id: String,
    /// What stands in it.
    pub item_ids: Vec<String>,
    /// What comes instead.
    pub new_item_ids: Vec<String>,
    /// Who pays or gets the difference.
    pub payment_method_id: String,
}

#[derive(Deserialize)]
struct Raw {
    id: String,
    evaluation_criteria: Criteria,
}

#[derive(Deserialize)]
struct Criteria {
    actions: Vec<Value>,
}

impl Action {
    /// Its name in tau.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Cancel { .. } => "cancel_pending_order",
            Self::ModifyItems(_) => "modify_pending_order_items",
            Self::ModifyAddress { .. } => "modify_pending_order_address",
            Self::Return { .. } => "return_delivered_order_items",
            Self::Exchange(_) => "exchange_delivered_order_items",
            Self::UserAddress { .. } => "modify_user_address",
        }
    }

    /// The order it is about.
    pub fn order(&self) -> Option<&str> {
        match self {
            Self::Cancel { order_id, .. }
            | Self::ModifyAddress { order_id, .. }
            | Self::Return { order_id, .. }
            | Self::ModifyItems(Swap { order_id, .. })
            | Self::Exchange(Swap { order_id, .. }) => Some(order_id),
            Self::UserAddress { .. } => None,
        }
    }
}

/// Reads the tasks of a folder. A name that is not known stops it: a task must not be passed by not understanding it.
pub fn load(folder: &Path) -> Result<Vec<Task>, Error> {
    let path = folder.join(FILE);
    read(&data::text(&path)?, &path)
}

fn read(text: &str, path: &Path) -> Result<Vec<Task>, Error> {
    let malformed = |source| Error::Malformed { path: path.to_owned(), source };
    let raw: Vec<Raw> = serde_json::from_str(text).map_err(malformed)?;
    raw.into_iter()
        .map(|raw| {
            let written = raw.evaluation_criteria.actions.into_iter().filter(|action| {
                let name = action.get("name").and_then(Value::as_str).unwrap_or_default();
                !LEAVES_NO_TRACE.contains(&name)
            });
            let actions = written.map(serde_json::from_value).collect::<Result<_, _>>().map_err(malformed)?;
            Ok(Task { id: raw.id, actions })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_leave_no_trace_and_what_is_not_known_stops_the_reading() {
        let tasks = |name: &str| {
            let text = format!(
                r##"[{{"id":"7","evaluation_criteria":{{"actions":[{{"name":"get_user_details","arguments":{{}}}},
                {{"action_id":"7_1","name":"{name}","arguments":{{"order_id":"#W1","reason":"no longer needed"}},"info":null}}]}}}}]"##
            );
            read(&text, Path::new(FILE))
        };
        let expected = Action::Cancel { order_id: "#W1".into(), reason: "no longer needed".into() };
        assert_eq!(tasks("cancel_pending_order").expect("a task"), [Task { id: "7".into(), actions: vec![expected] }]);
        assert!(matches!(tasks("give_everything_away"), Err(Error::Malformed { .. })));
    }
}
