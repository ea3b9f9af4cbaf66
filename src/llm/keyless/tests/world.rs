//! A fake world: canned results, the turn driven to its reply, and the reply as it would be read.

use crate::llm::keyless::plan;
use crate::llm::{Message, Request, ToolSpec};
use serde_json::{Value, json};

/// Every tool of the contract but `reply`.
pub const TOOLS: [&str; 10] = [
    "catalog_search",
    "catalog_get",
    "knowledge_search",
    "cart_view",
    "cart_edit",
    "checkout_propose",
    "order_list",
    "order_get",
    "order_propose",
    "hand_off",
];

/// The world and the talk so far.
pub struct World {
    pub state: Value,
    pub history: Vec<Message>,
    /// Results by tool, in place of the usual ones.
    pub instead: Vec<(&'static str, Value)>,
    pub remarks: usize,
    pub may_call: bool,
}

/// A shop on a first message.
pub fn fresh() -> World {
    World {
        state: json!({
            "shop": {"name": "Fjell & Tind", "currency": "EUR", "colleagues": "weekdays"}, "language": "en",
            "today": "2026-11-22", "shown": [], "about": null, "last_search": null,
            "cart": {"pieces": 0, "lines": []}, "open_proposal": false, "orders": [], "asked_back": 0,
        }),
        history: Vec::new(),
        instead: Vec::new(),
        remarks: 0,
        may_call: true,
    }
}

/// After a search for jackets.
pub fn shown() -> World {
    let mut world = fresh();
    world.state["shown"] = json!([
        {"n": 1, "product": "fjell", "title": "Fjell 3L Jacket"}, {"n": 2, "product": "bre", "title": "Bre Rain Jacket"},
        {"n": 3, "product": "tind", "title": "Tind Down Parka"},
    ]);
    world.state["last_search"] = json!({"query": "jacket"});
    world
}

impl World {
    pub fn with(mut self, tool: &'static str, result: Value) -> Self {
        self.instead.push((tool, result));
        self
    }

    pub fn state(mut self, field: &str, value: Value) -> Self {
        self.state[field] = value;
        self
    }

    pub fn said_before(mut self, shopper: &str, agent: &str) -> Self {
        self.history.push(Message::Shopper { text: shopper.into() });
        self.history.push(Message::Agent { text: agent.into() });
        self
    }

    pub fn request(&self, text: &str) -> Request {
        let mut messages = self.history.clone();
        messages.push(Message::State { state: self.state.clone() });
        messages.push(Message::Shopper { text: text.into() });
        let spec =
            |name: &&str| ToolSpec { name: (*name).to_owned(), description: String::new(), parameters: json!({}) };
        let (system, only, may_call) = (String::new(), Vec::new(), self.may_call);
        Request { system, messages, tools: TOOLS.iter().map(spec).collect(), may_call, only }
    }

    /// Drives one turn and writes down every call and the reply.
    pub fn turn(&self, text: &str) -> String {
        let mut request = self.request(text);
        for _ in 0..self.remarks {
            request.messages.push(Message::Remark { text: "A figure was not bound.".into() });
        }
        let mut out = String::new();
        for _ in 0..8 {
            let answer = plan(&request);
            let call = answer.calls.first().expect("there is always a call").clone();
            let arguments: Value = serde_json::from_str(&call.arguments).expect("arguments are JSON");
            if call.tool == "reply" {
                out.push_str(&spoken(&arguments));
                return out;
            }
            out.push_str(&format!("→ {} {}\n", call.tool, call.arguments));
            let instead = self.instead.iter().find(|(tool, _)| *tool == call.tool).map(|(_, value)| value.clone());
            let content = instead.unwrap_or_else(|| usual(&call.tool, &arguments)).to_string();
            request.messages.push(Message::Calls { calls: vec![call.clone()] });
            request.messages.push(Message::Result { call: call.id, tool: call.tool, content });
        }
        panic!("the turn does not end:\n{out}");
    }
}

fn spoken(reply: &Value) -> String {
    let list = |field: &str| {
        let words: Vec<&str> = reply[field].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        words.join(" | ")
    };
    let mut out = reply["text"].as_str().expect("a text").to_owned();
    for field in ["show", "choices", "sources"] {
        if !list(field).is_empty() {
            out.push_str(&format!("\n{field}: {}", list(field)));
        }
    }
    out.push_str(&format!("\n[{}]", reply["outcome"].as_str().expect("an outcome")));
    out
}

fn item(n: usize, product: &str, title: &str, price: &str, before: Option<&str>) -> Value {
    json!({"ref": format!("p{n}"), "product": product, "title": title, "brand": "Fjell", "category": "Jackets", "price": price,
        "price_from": false, "compare_at": before, "stock": "in stock", "options": {"Size": ["S", "M"]}, "attributes": {},
        "summary": "A jacket."})
}

/// The product behind an id.
pub fn product(n: usize, id: &str) -> Value {
    let (title, price, waterproof, colour) = match id {
        "fjell" => ("Fjell 3L Jacket", "€149.90", "yes", "Blue"),
        "bre" => ("Bre Rain Jacket", "€89.00", "yes", "Red"),
        _ => ("Tind Down Parka", "€229.00", "no", "Black"),
    };
    json!({"ref": format!("p{n}"), "product": id, "title": title, "brand": "Fjell", "category": "Jackets",
    "description": "A shell for wet mountain days. Weighs 420 g. The hood fits over a helmet.",
    "attributes": {"waterproof": waterproof, "weight": "420 g"}, "price": price, "price_from": false, "compare_at": null,
    "options": {"Size": ["M", "L"], "Colour": [colour]}, "variants": [
        {"variant": format!("{id}-M"), "options": format!("M / {colour}"), "price": price, "compare_at": null, "stock": "2 left"},
        {"variant": format!("{id}-L"), "options": format!("L / {colour}"), "price": price, "compare_at": null, "stock": "sold out"},
    ]})
}

/// Nothing of the kind.
pub fn nothing() -> Value {
    json!({"items": [], "total": 0, "understood": {"words": ""}, "relaxed": [], "relevant": false})
}

fn usual(tool: &str, arguments: &Value) -> Value {
    match tool {
        "catalog_search" => json!({"items": [
            item(1, "fjell", "Fjell 3L Jacket", "€149.90", Some("€189.90")), item(2, "bre", "Bre Rain Jacket", "€89.00", None),
        ], "total": 7, "understood": {"words": "jacket"}, "relaxed": [], "relevant": true}),
        "catalog_get" => {
            let ids = arguments["products"].as_array().expect("a list of products");
            let products = ids.iter().enumerate().map(|(at, id)| product(at + 1, id.as_str().expect("an id")));
            json!({"products": products.collect::<Vec<_>>()})
        }
        "knowledge_search" => json!({"passages": [
            {"ref": "k1", "passage": "a", "title": "Returns", "heading": "How long can I return?", "valid_until": null, "match": "strong",
             "text": "You can return anything within 60 days. The label is free. Worn shoes are excepted."},
            {"ref": "k2", "passage": "b", "title": "Shipping", "heading": "Times", "valid_until": null, "match": "weak",
             "text": "We ship within 2 days."},
        ]}),
        "cart_view" => cart(),
        "cart_edit" => {
            let mut cart = cart();
            cart["done"] = json!(["2 × Fjell 3L Jacket (M / Blue)"]);
            cart
        }
        "checkout_propose" => json!({"proposed": true, "total": "€305.70"}),
        "order_list" => {
            json!({"orders": [{"ref": "o1", "number": "FJ-1001", "status": "on its way", "placed": "2026-11-20", "total": "€99.00"}]})
        }
        "order_get" => {
            json!({"ref": "o1", "number": "FJ-1001", "status": "on its way", "placed": "2026-11-20", "paid": "2026-11-20",
            "shipped": "2026-11-21", "delivered": null, "carrier": "DHL", "tracking": "JD0146", "total": "€99.00", "lines": []})
        }
        "order_propose" => json!({"proposed": true}),
        _ => json!({"handed_off": true, "colleagues": "weekdays"}),
    }
}

fn cart() -> Value {
    json!({"lines": [{"n": 1, "variant": "fjell-M", "product": "fjell", "title": "Fjell 3L Jacket", "options": "M / Blue", "quantity": 2,
        "unit": "€149.90", "total": "€299.80"}], "pieces": 2, "subtotal": "€299.80", "shipping": "€5.90", "total": "€305.70"})
}
