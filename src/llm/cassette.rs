//! Recorded answers: what a model said, by the request it was asked, so that a run can be repeated without it.
//!
//! The file is lines of JSON. A line with `system` is a front, written once; a line with `asked` names its front and
//! holds the answer. What differs from run to run (ids, moments) stands as a name such as `⟦prd_1⟧`.

mod canonical;
mod miss;

use crate::llm::Answer;
use crate::llm::ChatModel;
use crate::llm::Error as ModelError;
use crate::llm::Request;
use canonical::Canonical;
use miss::Miss;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;
use std::collections::HashMap;
use std::collections::HashSet;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

/// Bytes of a file of recorded answers.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Why recorded answers cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be opened or is too large.
    #[error("{} cannot be used", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A line that is none of ours.
    #[error("{}, line {line}: no recorded answer", file.display())]
    Line {
        /// Which file.
        file: PathBuf,
        /// Counted from one.
        line: usize,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    /// What stands before the talk.
    Front { front: String, system: String, tools: Value },
    /// A request and what came of it; `language_model` is the model's.
    Asked { model: String, language_model: bool, asked: Value, answer: Box<Answer> },
}

/// Asks a model and writes its answers down.
pub struct Record {
    model: Arc<dyn ChatModel>,
    file: Mutex<Tape>,
}

struct Tape {
    file: File,
    fronts: HashSet<String>,
}

impl Record {
    /// Adds to the file, which is made when it is not there.
    pub fn open(model: Arc<dyn ChatModel>, path: &Path) -> Result<Self, Error> {
        let file = File::options().create(true).append(true).open(path);
        let file = file.map_err(|source| Error::File { file: path.to_owned(), source })?;
        Ok(Self { model, file: Mutex::new(Tape { file, fronts: HashSet::new() }) })
    }

    fn write(&self, canonical: &Canonical, answer: &Answer) -> std::io::Result<()> {
        let mut tape = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        if tape.fronts.insert(canonical.front.clone()) {
            let (system, tools) = (canonical.system.clone(), canonical.tools.clone());
            text.push_str(&line(&Line::Front { front: canonical.front.clone(), system, tools })?);
        }
        text.push_str(&line(&Line::Asked {
            model: self.model.name(),
            language_model: self.model.is_language_model(),
            asked: canonical.asked.clone(),
            answer: Box::new(canonical.named(answer)),
        })?);
        // In one piece, so that two writers of one file do not mix their lines.
        tape.file.write_all(text.as_bytes())?;
        tape.file.flush()
    }
}

fn line(line: &Line) -> std::io::Result<String> {
    Ok(serde_json::to_string(line)? + "\n")
}

#[async_trait::async_trait]
impl ChatModel for Record {
    fn name(&self) -> String {
        format!("{} (recorded)", self.model.name())
    }

    fn is_language_model(&self) -> bool {
        self.model.is_language_model()
    }

    async fn answer(&self, request: &Request) -> Result<Answer, ModelError> {
        let answer = self.model.answer(request).await?;
        match self.write(&Canonical::of(request), &answer) {
            Ok(()) => Ok(answer),
            Err(error) => Err(ModelError::Rejected(error.into())),
        }
    }
}

/// Answers from a file, and only from it.
#[derive(Debug)]
pub struct Replay {
    name: String,
    is_language_model: bool,
    fronts: HashMap<String, Value>,
    /// What was asked, in the order of the file.
    asked: Vec<Value>,
    /// Answers by request, each with how many of them were given.
    answers: Mutex<HashMap<String, (usize, Vec<Answer>)>>,
}

impl Replay {
    /// Reads the file.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::File { file: path.to_owned(), source };
        let size = std::fs::metadata(path).map_err(failed)?.len();
        if size > FILE_BYTES_MAX {
            return Err(failed(std::io::Error::other(format!("it has more than {FILE_BYTES_MAX} bytes"))));
        }
        let text = std::fs::read_to_string(path).map_err(failed)?;
        let mut replay = Self {
            name: "nobody".to_owned(),
            is_language_model: false,
            fronts: HashMap::new(),
            asked: Vec::new(),
            answers: Mutex::default(),
        };
        let mut answers: HashMap<String, (usize, Vec<Answer>)> = HashMap::new();
        for (place, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let line = serde_json::from_str(line);
            match line.map_err(|source| Error::Line { file: path.to_owned(), line: place + 1, source })? {
                Line::Front { front, system, tools } => {
                    replay.fronts.insert(front, serde_json::json!({"system": system, "tools": tools}));
                }
                Line::Asked { model, language_model, asked, answer } => {
                    (replay.name, replay.is_language_model) = (model, language_model);
                    answers.entry(asked.to_string()).or_default().1.push(*answer);
                    replay.asked.push(asked);
                }
            }
        }
        replay.answers = Mutex::new(answers);
        Ok(replay)
    }
}

#[async_trait::async_trait]
impl ChatModel for Replay {
    fn name(&self) -> String {
        format!("{} (replayed)", self.name)
    }

    fn is_language_model(&self) -> bool {
        self.is_language_model
    }

    /// The next answer recorded for this request; the last one again and again.
    async fn answer(&self, request: &Request) -> Result<Answer, ModelError> {
        let canonical = Canonical::of(request);
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((given, recorded)) = answers.get_mut(&canonical.asked.to_string())
            && let Some(answer) = recorded.get(*given).or_else(|| recorded.last())
        {
            *given += 1;
            return Ok(canonical.unnamed(answer));
        }
        Err(ModelError::Rejected(Box::new(Miss::of(&canonical, &self.asked, &self.fronts))))
    }
}

#[cfg(test)]
mod tests;
