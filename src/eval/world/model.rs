//! Who answers in a world: the planner, an endpoint, a script, or nobody to speak of; and how any of them dies.

use crate::clock::SystemClock;
use crate::eval::scenario::Line;
use crate::llm::choose;
use crate::llm::keyless::Keyless;
use crate::llm::scripted::Scripted;
use crate::llm::{Answer, Call, ChatModel, Error, Request, Settings};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::Notify;

/// Who answers in a run.
#[derive(Clone, Debug)]
pub enum Answering {
    /// The planner that needs no key.
    Keyless,
    /// The endpoint of the settings.
    Configured(Box<Settings>),
    /// A polite sentence, whatever is asked: what passes with it proves little.
    Nobody,
}

impl Answering {
    /// The model of one scenario; its own script goes before everything.
    pub fn model(&self, script: &[Line]) -> Result<Arc<dyn ChatModel>, choose::Error> {
        if !script.is_empty() {
            return Ok(Arc::new(scripted(script)));
        }
        Ok(match self {
            Self::Keyless => Arc::new(Keyless),
            Self::Configured(settings) => choose::model(settings, Arc::new(SystemClock))?,
            Self::Nobody => Arc::new(Scripted::new().always(|_| Ok(polite()))),
        })
    }

    /// As the report names it.
    pub fn name(&self) -> String {
        match self {
            Self::Keyless => Keyless.name(),
            Self::Configured(settings) => format!("{} at {}", settings.model, settings.base_url),
            Self::Nobody => "nobody".to_owned(),
        }
    }
}

fn polite() -> Answer {
    let arguments = json!({
        "text": "Thank you for your message.", "show": [], "choices": [], "sources": [], "outcome": "answer",
    });
    one_call("reply", arguments.to_string())
}

fn one_call(tool: &str, arguments: String) -> Answer {
    let call = Call { id: "call00001".to_owned(), tool: tool.to_owned(), arguments };
    Answer { calls: vec![call], ..Answer::default() }
}

fn scripted(lines: &[Line]) -> Scripted {
    let model = lines.iter().fold(Scripted::new(), |model, line| match line {
        Line::Says(text) => model.says(text),
        Line::Calls { tool, arguments } => model.calls(tool, arguments),
        Line::Garbles(tool) => model.garbles(tool),
        Line::Busy => model.fails(Error::Busy { retry_after: None, source: "told to be busy".into() }),
    });
    model.always(|_| Ok(polite()))
}

/// A model whose process can be made to die just before one of its answers.
pub struct Mortal {
    inner: Arc<dyn ChatModel>,
    answers_left: AtomicU32,
    died: Notify,
}

impl Mortal {
    /// A model that lives until told otherwise.
    pub fn new(inner: Arc<dyn ChatModel>) -> Self {
        Self { inner, answers_left: AtomicU32::new(0), died: Notify::new() }
    }

    /// Will never give the `nth` answer from now, counted from 1.
    pub fn die_before(&self, nth: u32) {
        self.answers_left.store(nth, Ordering::SeqCst);
    }

    /// Returns when it is dead.
    pub async fn death(&self) {
        self.died.notified().await;
    }
}

#[async_trait::async_trait]
impl ChatModel for Mortal {
    fn name(&self) -> String {
        self.inner.name()
    }

    fn is_language_model(&self) -> bool {
        self.inner.is_language_model()
    }

    async fn answer(&self, request: &Request) -> Result<Answer, Error> {
        let left = self.answers_left.load(Ordering::SeqCst);
        if left > 0 {
            self.answers_left.store(left - 1, Ordering::SeqCst);
            if left == 1 {
                self.died.notify_one();
                std::future::pending::<()>().await;
            }
        }
        self.inner.answer(request).await
    }
}
