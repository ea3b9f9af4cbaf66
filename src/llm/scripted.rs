//! A fake model that plays a script, remembers what it was asked, and misbehaves on demand: for tests and the simulation.

use crate::llm::Answer;
use crate::llm::Call;
use crate::llm::ChatModel;
use crate::llm::Error;
use crate::llm::Request;
use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

/// Requests remembered; of more, the oldest are forgotten, so that a long simulation does not eat the memory.
pub const REQUESTS_MAX: usize = 10_000;

/// What a closure in a script looks like.
type Play = Box<dyn Fn(&Request) -> Result<Answer, Error> + Send + Sync>;

enum Line {
    Say(Result<Answer, Error>),
    Do(Play),
    Hang,
}

/// Answers line by line from a script; after its end, by the rule given to [`Scripted::always`], else with an error.
#[derive(Default)]
pub struct Scripted {
    lines: Mutex<VecDeque<Line>>,
    rule: Option<Play>,
    requests: Mutex<VecDeque<Request>>,
    poses: bool,
}

impl Scripted {
    /// An empty script.
    pub fn new() -> Self {
        Self::default()
    }

    /// A whole script at once.
    pub fn of(answers: impl IntoIterator<Item = Result<Answer, Error>>) -> Self {
        answers.into_iter().fold(Self::new(), |script, answer| script.push(Line::Say(answer)))
    }

    /// Next, answers with words.
    pub fn says(self, text: &str) -> Self {
        self.push(Line::Say(Ok(Answer { text: text.to_owned(), ..Answer::default() })))
    }

    /// Next, calls one tool.
    pub fn calls(self, tool: &str, arguments: &serde_json::Value) -> Self {
        self.calls_with_text(tool, &arguments.to_string())
    }

    /// Next, calls a tool with arguments that are no JSON.
    pub fn garbles(self, tool: &str) -> Self {
        self.calls_with_text(tool, "{\"query\": \"tent\", ")
    }

    /// Next, calls a tool that nobody offered.
    pub fn calls_unknown(self) -> Self {
        self.calls_with_text("shop_close_down", "{}")
    }

    /// Next, fails.
    pub fn fails(self, error: Error) -> Self {
        self.push(Line::Say(Err(error)))
    }

    /// Next, never answers; the caller's deadline has to help.
    pub fn hangs(self) -> Self {
        self.push(Line::Hang)
    }

    /// Next, answers as the closure decides.
    pub fn does(self, play: impl Fn(&Request) -> Result<Answer, Error> + Send + Sync + 'static) -> Self {
        self.push(Line::Do(Box::new(play)))
    }

    /// After the end of the script, answers every request as the closure decides.
    pub fn always(mut self, rule: impl Fn(&Request) -> Result<Answer, Error> + Send + Sync + 'static) -> Self {
        self.rule = Some(Box::new(rule));
        self
    }

    /// After the end of the script, calls the same tool again and again, even when it may not.
    pub fn calls_endlessly(self, tool: &str, arguments: &serde_json::Value) -> Self {
        let (tool, arguments) = (tool.to_owned(), arguments.to_string());
        self.always(move |request| Ok(one_call(format!("call{:05}", request.messages.len()), &tool, &arguments)))
    }

    /// Passes for a language model from now on, for tests of what is said about one.
    pub fn posing(mut self) -> Self {
        self.poses = true;
        self
    }

    /// Every request so far, oldest first.
    pub fn requests(&self) -> Vec<Request> {
        held(&self.requests).iter().cloned().collect()
    }

    /// Lines of the script not yet played.
    pub fn lines_left(&self) -> usize {
        held(&self.lines).len()
    }

    fn calls_with_text(self, tool: &str, arguments: &str) -> Self {
        let id = format!("call{:05}", self.lines_left());
        self.push(Line::Say(Ok(one_call(id, tool, arguments))))
    }

    fn push(self, line: Line) -> Self {
        held(&self.lines).push_back(line);
        self
    }

    fn remember(&self, request: &Request) {
        let mut requests = held(&self.requests);
        if requests.len() >= REQUESTS_MAX {
            requests.pop_front();
        }
        requests.push_back(request.clone());
    }
}

#[async_trait::async_trait]
impl ChatModel for Scripted {
    fn name(&self) -> String {
        "scripted model (a fake)".to_owned()
    }

    fn is_language_model(&self) -> bool {
        self.poses
    }

    async fn answer(&self, request: &Request) -> Result<Answer, Error> {
        self.remember(request);
        let line = held(&self.lines).pop_front();
        match (line, &self.rule) {
            (Some(Line::Say(answer)), _) => answer,
            (Some(Line::Do(play)), _) => play(request),
            (Some(Line::Hang), _) => std::future::pending().await,
            (None, Some(rule)) => rule(request),
            (None, None) => Err(Error::Rejected("the script has ended".into())),
        }
    }
}

fn one_call(id: String, tool: &str, arguments: &str) -> Answer {
    let call = Call { id, tool: tool.to_owned(), arguments: arguments.to_owned() };
    Answer { calls: vec![call], ..Answer::default() }
}

/// A test that panicked while holding the lock left nothing half-done here.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::Scripted;
    use crate::llm::Answer;
    use crate::llm::ChatModel;
    use crate::llm::Error;
    use crate::llm::Message;
    use crate::llm::Request;
    use std::time::Duration;

    fn ask(text: &str) -> Request {
        let messages = vec![Message::Shopper { text: text.to_owned() }];
        Request { system: "You sell tents.".to_owned(), messages, tools: Vec::new(), may_call: true, only: Vec::new() }
    }

    #[tokio::test]
    async fn plays_the_lines_in_order_and_remembers_the_requests() {
        let model = Scripted::new()
            .calls("product_search", &serde_json::json!({"query": "tent"}))
            .says("Here is one.")
            .does(|request| Ok(Answer { text: request.system.clone(), ..Answer::default() }));
        assert_eq!(model.answer(&ask("a")).await.unwrap().calls[0].arguments, r#"{"query":"tent"}"#);
        assert_eq!(model.answer(&ask("b")).await.unwrap().text, "Here is one.");
        assert_eq!(model.answer(&ask("c")).await.unwrap().text, "You sell tents.");
        assert!(matches!(model.answer(&ask("d")).await, Err(Error::Rejected(_))));
        assert_eq!(model.requests(), [ask("a"), ask("b"), ask("c"), ask("d")]);
        assert_eq!(model.lines_left(), 0);
    }

    #[tokio::test]
    async fn misbehaves_on_demand() {
        let model = Scripted::new()
            .garbles("product_search")
            .calls_unknown()
            .fails(Error::TimedOut(Duration::from_secs(1)))
            .hangs()
            .calls_endlessly("cart_add", &serde_json::json!({"sku": "T-1"}));
        let garbled = model.answer(&ask("a")).await.unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(&garbled.calls[0].arguments).is_err());
        let unknown = model.answer(&ask("a")).await.unwrap();
        assert_eq!(unknown.calls[0].tool, "shop_close_down");
        assert!(matches!(model.answer(&ask("a")).await, Err(Error::TimedOut(_))));
        let request = ask("a");
        let hanging = tokio::time::timeout(Duration::from_millis(20), model.answer(&request)).await;
        assert!(hanging.is_err(), "it must hang");
        for _ in 0..3 {
            assert_eq!(model.answer(&ask("a")).await.unwrap().calls[0].tool, "cart_add");
        }
    }

    #[test]
    fn does_not_pass_for_a_language_model_unless_asked_to() {
        assert!(!Scripted::new().is_language_model());
        assert!(Scripted::new().posing().is_language_model());
        assert!(Scripted::new().name().contains("fake"));
    }
}
