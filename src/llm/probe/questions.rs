//! What is asked: a very small shop, three tools and three shoppers.

use crate::llm::AnswerForm;
use crate::llm::ChatModel;
use crate::llm::Codec;
use crate::llm::Message;
use crate::llm::Request;
use crate::llm::Settings;
use crate::llm::ToolSpec;
use crate::llm::openai::OpenAi;
use crate::llm::probe::Advice;
use crate::llm::probe::Outcome;
use crate::llm::probe::Probe;
use crate::llm::probe::TOKENS_MAX;
use crate::llm::probe::Verdict;
use crate::llm::probe::explained;
use serde_json::Value;
use serde_json::json;
use tokio::time::Instant;

/// What the model is told.
pub(super) const RULES: &str = "You are the assistant of a shop for tents. For a wish call catalog_search, for the state of \
     an order call order_get, for everything else call reply.";
/// A wish that needs a tool.
pub(super) const WISH: &str = "Do you have a red tent?";
/// Shoppers, and the tool each of them needs.
const SHOPPERS: [(&str, &str); 3] = [
    (WISH, "catalog_search"),
    ("Where is my order XX-00001?", "order_get"),
    ("Thank you, that was all. Good bye!", "reply"),
];

fn tools() -> Vec<ToolSpec> {
    let tool = |name: &str, description: &str, field: &str| ToolSpec {
        name: name.to_owned(),
        description: description.to_owned(),
        parameters: json!({
            "type": "object", "properties": {(field): {"type": "string"}}, "required": [field],
            "additionalProperties": false,
        }),
    };
    vec![
        tool("catalog_search", "Finds products of the shop by words.", "query"),
        tool("order_get", "Shows the state of one order by its number.", "number"),
        tool("reply", "Says something to the shopper.", "text"),
    ]
}

fn nested(strict: bool) -> Vec<Value> {
    let one = |tool: ToolSpec| {
        let mut function = json!({"name": tool.name, "description": tool.description, "parameters": tool.parameters});
        if strict && let Some(fields) = function.as_object_mut() {
            fields.insert("strict".to_owned(), json!(true));
        }
        json!({"type": "function", "function": function})
    };
    tools().into_iter().map(one).collect()
}

/// The tools as Responses wants them.
pub(super) fn flat() -> Vec<Value> {
    let one = |tool: ToolSpec| json!({"type": "function", "name": tool.name, "description": tool.description, "parameters": tool.parameters, "strict": false});
    tools().into_iter().map(one).collect()
}

/// The names of the calls in an answer.
fn called(answer: &Value) -> Vec<&str> {
    let calls = answer.pointer("/choices/0/message/tool_calls").and_then(Value::as_array);
    calls.into_iter().flatten().filter_map(|call| call.pointer("/function/name")?.as_str()).collect()
}

fn content(answer: &Value) -> &str {
    answer.pointer("/choices/0/message/content").and_then(Value::as_str).unwrap_or_default()
}

impl Probe {
    fn with_tools(&self, words: &str, more: &[(&str, Value)]) -> Value {
        let mut body = self.body(&self.settings.token_field, TOKENS_MAX, words);
        if let Some(fields) = body.as_object_mut() {
            fields.insert("tools".to_owned(), nested(false).into());
            let messages = json!([{"role": "system", "content": RULES}, {"role": "user", "content": words}]);
            fields.insert("messages".to_owned(), messages);
            fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        }
        body
    }

    async fn chat(&mut self, words: &str, advice: &Advice, more: &[(&str, Value)]) -> Outcome {
        let mut more = more.to_vec();
        if let Some(effort) = &advice.reasoning_effort
            && !more.iter().any(|(name, _)| *name == "reasoning_effort")
        {
            more.push(("reasoning_effort", json!(effort)));
        }
        let body = self.with_tools(words, &more);
        self.post("/chat/completions", &body).await
    }

    /// Whether a call comes in the endpoint's own form (`true`) or as text (`false`); nothing when none comes. Where
    /// tools are refused beside reasoning, the other route is taken, or none is reasoned.
    pub(super) async fn calls(&mut self, advice: &mut Advice, other_route: bool) -> Option<bool> {
        let start = Instant::now();
        let mut outcome = self.chat(WISH, advice, &[]).await;
        if outcome.is_refused() && other_route {
            self.found("tool calls", Verdict::No, &outcome.or(""), start);
            advice.codec = Codec::Responses;
            return None;
        }
        if outcome.is_refused() && advice.reasoning_effort.as_deref() != Some("none") {
            let without = self.chat(WISH, advice, &[("reasoning_effort", json!("none"))]).await;
            if without.said().is_some() {
                advice.reasoning_effort = Some("none".to_owned());
                outcome = without;
            }
        } else if outcome.said().is_some() {
            let effort = self.chat(WISH, advice, &[("reasoning_effort", json!("low"))]).await;
            let verdict = if effort.said().is_some() { Verdict::Yes } else { Verdict::No };
            self.found("reasoning effort beside tools", verdict, &effort.or("accepted, perhaps ignored"), start);
        }
        let answer = outcome.said().cloned().unwrap_or_default();
        let names = called(&answer).join(" ");
        let spoken = !names.is_empty() || tools().iter().any(|tool| content(&answer).contains(&tool.name));
        let (verdict, seen) = match (names.is_empty(), spoken) {
            (false, _) => (Verdict::Yes, names.clone()),
            (true, true) => (Verdict::Partly, format!("as text: {}", content(&answer))),
            (true, false) => (Verdict::No, format!("words: {}", content(&answer))),
        };
        self.found("tool calls", verdict, &outcome.or(&seen), start);
        if spoken { Some(!names.is_empty()) } else { None }
    }

    /// Whether a choice of tool is obeyed.
    pub(super) async fn forced(&mut self) {
        let start = Instant::now();
        let choice = json!({"type": "function", "function": {"name": "order_get"}});
        let body = self.with_tools("Hello!", &[("tool_choice", choice)]);
        let outcome = self.post("/chat/completions", &body).await;
        let names = outcome.said().map(called).unwrap_or_default().join(" ");
        let verdict = if names == "order_get" { Verdict::Yes } else { Verdict::No };
        let seen = if names.is_empty() { "ignored" } else { names.as_str() };
        self.found("a forced tool call", verdict, &outcome.or(seen), start);
    }

    /// Whether strict tools are accepted.
    pub(super) async fn strict(&mut self, advice: &Advice) -> bool {
        let start = Instant::now();
        let outcome = self.chat(WISH, advice, &[("tools", nested(true).into())]).await;
        let names = outcome.said().map(called).unwrap_or_default().join(" ");
        let verdict = match (outcome.said().is_some(), names.is_empty()) {
            (true, false) => Verdict::Yes,
            (true, true) => Verdict::Partly,
            _ => Verdict::No,
        };
        self.found("strict tools", verdict, &outcome.or("accepted, perhaps ignored"), start);
        verdict == Verdict::Yes
    }

    /// Whether two calls come at once; nothing where it is not sent.
    pub(super) async fn parallel(&mut self, advice: &Advice) -> Option<bool> {
        let start = Instant::now();
        let words = "Search for a red tent and, at the same time, for a stove: two calls of catalog_search.";
        let outcome = self.chat(words, advice, &[("parallel_tool_calls", json!(true))]).await;
        let count = outcome.said().map(|answer| called(answer).len()).unwrap_or_default();
        let verdict = match count {
            2.. => Verdict::Yes,
            1 => Verdict::Partly,
            _ => Verdict::No,
        };
        self.found("parallel calls", verdict, &outcome.or(&format!("{count} calls where two were asked for")), start);
        (count >= 2).then_some(true)
    }

    /// Whether a schema is obeyed: what it wants, nobody would say by himself.
    pub(super) async fn schema(&mut self) -> bool {
        let start = Instant::now();
        let properties = json!({"colour": {"type": "string", "enum": ["ultraviolet"]}});
        let schema =
            json!({"type": "object", "properties": properties, "required": ["colour"], "additionalProperties": false});
        let mut body = self.body(&self.settings.token_field, TOKENS_MAX, "Hello! How are you?");
        if let Some(fields) = body.as_object_mut() {
            let format = json!({"name": "probe", "strict": true, "schema": schema});
            fields.insert("response_format".to_owned(), json!({"type": "json_schema", "json_schema": format}));
        }
        let outcome = self.post("/chat/completions", &body).await;
        let said = outcome.said().map(content).unwrap_or_default();
        let obeyed = serde_json::from_str::<Value>(said).is_ok_and(|said| said == json!({"colour": "ultraviolet"}));
        let (verdict, seen) = if obeyed { (Verdict::Yes, said) } else { (Verdict::No, said) };
        let seen = outcome.or(seen);
        self.found("obeys a JSON schema", verdict, &seen, start);
        obeyed
    }

    /// How many of the shoppers get the right tool in this form of answer.
    pub(super) async fn right(&mut self, answers: AnswerForm, advice: &Advice) -> Option<usize> {
        let what = match answers {
            AnswerForm::Tools => "the right tool, by tool calls",
            AnswerForm::Action => "the right tool, by forced actions",
            AnswerForm::Text => "the right tool, by text",
        };
        let start = Instant::now();
        let settings = Settings {
            codec: advice.codec,
            reasoning_effort: advice.reasoning_effort.clone(),
            answers,
            ..self.settings.clone()
        };
        let model = OpenAi::new(&settings).ok()?;
        let (mut right, mut seen) = (0, Vec::new());
        for (words, tool) in SHOPPERS {
            let wait = self.may_ask()?;
            let messages = vec![Message::Shopper { text: words.to_owned() }];
            let request =
                Request { system: RULES.to_owned(), messages, tools: tools(), may_call: true, only: Vec::new() };
            let chosen = match tokio::time::timeout(wait, model.answer(&request)).await {
                Ok(Ok(answer)) => answer.calls.first().map_or("reply", |call| call.tool.as_str()).to_owned(),
                Ok(Err(error)) => explained(&error),
                Err(_) => "no answer in time".to_owned(),
            };
            right += usize::from(chosen == tool);
            seen.push(chosen);
        }
        let verdict = match right {
            0 => Verdict::No,
            count if count == SHOPPERS.len() => Verdict::Yes,
            _ => Verdict::Partly,
        };
        self.found(what, verdict, &format!("{right} of {}: {}", SHOPPERS.len(), seen.join(", ")), start);
        Some(right)
    }
}
