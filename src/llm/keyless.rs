//! The keyless planner: what answers when no model endpoint is set. A pure function from the request to the next step.

mod desk;
mod draft;
mod intent;
pub mod language;
#[rustfmt::skip]
mod lexicon;
mod measure;
mod phrases;
mod plan;
mod point;
mod reading;
mod refer;
mod results;
mod say;
mod split;
mod talk;
#[cfg(test)]
mod tests;
mod words;

pub use phrases::TAP_COLLEAGUE;
pub use reading::{Reading, WANTS, is_sure};

use crate::llm::{Answer, ChatModel, Error, Request};

/// Rules instead of a language model; keeps nothing between two requests.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keyless;

#[async_trait::async_trait]
impl ChatModel for Keyless {
    fn name(&self) -> String {
        "keyless planner".to_owned()
    }

    fn is_language_model(&self) -> bool {
        false
    }

    async fn answer(&self, request: &Request) -> Result<Answer, Error> {
        Ok(plan(request))
    }
}

/// The next step of a turn: one tool call, or the reply. The same request always gives the same step.
pub fn plan(request: &Request) -> Answer {
    let talk = talk::Talk::read(request);
    plan::step(&talk)
}

/// The next step of a turn whose words somebody else has read; without a reading, the planner's own.
pub fn plan_as(request: &Request, reading: Option<&Reading>) -> Answer {
    let talk = talk::Talk::read(request);
    match reading.and_then(|reading| reading::wish(reading, &talk)) {
        Some(wish) => plan::work(&talk, vec![wish]),
        None => plan::step(&talk),
    }
}
