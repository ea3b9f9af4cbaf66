//! Which fields of a result somebody outside wrote: the feed, a supplier, a shopper. A model is told beside the data.

use serde_json::{Value, json};

/// The key of the list.
const KEY: &str = "written_by_others";

/// Names in a tool's result the fields that are data and never instructions.
pub fn mark(tool: &str, content: &mut Value) {
    let fields: &[&str] = match tool {
        "catalog_search" | "catalog_get" => {
            &["title", "brand", "category", "options", "attributes", "summary", "description"]
        }
        "knowledge_search" => &["title", "heading", "text"],
        "cart_view" | "cart_edit" | "order_get" | "order_propose" => &["title", "options"],
        _ => return,
    };
    if let Some(content) = content.as_object_mut() {
        content.insert(KEY.to_owned(), json!(fields));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_say_what_outsiders_wrote() {
        let mut content = json!({"items": []});
        mark("catalog_search", &mut content);
        assert_eq!(content["written_by_others"][0], "title");
        let mut none = json!({"handed_off": true});
        mark("hand_off", &mut none);
        assert_eq!(none, json!({"handed_off": true}));
    }
}
