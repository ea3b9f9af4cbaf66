//! Endpoints that fail, asked with patience: tries, a fallback, a rest for those that are down, and one deadline over all.

mod breaker;

use crate::clock::Clock;
use crate::llm::Answer;
use crate::llm::ChatModel;
use crate::llm::Error;
use crate::llm::Request;
use crate::llm::Settings;
use crate::llm::openai::OpenAi;
use crate::llm::openai::SettingsError;
use breaker::Breaker;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// The wait before a next try when the endpoint names none.
const RETRY_WAIT: Duration = Duration::from_millis(300);
/// An endpoint that asks for a longer wait is not asked again within the answer.
const RETRY_WAIT_MAX: Duration = Duration::from_secs(2);
/// What the first endpoint may use up of the time that is left, in fifths, when there is another behind it.
const FIFTHS_OF_THE_FIRST: u32 = 3;

/// An endpoint and, if set, the one behind it.
pub struct Endpoints {
    asked: Vec<Guarded>,
    patience: Duration,
    clock: Arc<dyn Clock>,
}

/// One endpoint with its queue and its rest.
struct Guarded {
    model: Arc<dyn ChatModel>,
    places: Semaphore,
    breaker: Breaker,
    tries_max: u32,
}

impl Endpoints {
    /// Checks the settings; sends nothing yet.
    pub fn new(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self, SettingsError> {
        let first: Arc<dyn ChatModel> = Arc::new(OpenAi::new(settings)?);
        let mut asked = vec![(first, settings)];
        if let Some(fallback) = settings.fallback.as_deref() {
            if fallback.fallback.is_some() {
                return Err(SettingsError::Fallback);
            }
            asked.push((Arc::new(OpenAi::new(fallback)?), fallback));
        }
        Ok(Self::of(asked, Duration::from_secs(settings.answer_seconds_max), clock))
    }

    /// Any models in the place of endpoints, each with the settings that guard it.
    pub fn of(asked: Vec<(Arc<dyn ChatModel>, &Settings)>, patience: Duration, clock: Arc<dyn Clock>) -> Self {
        let guarded = |(model, settings): (Arc<dyn ChatModel>, &Settings)| Guarded {
            model,
            places: Semaphore::new(settings.concurrent_max as usize),
            breaker: Breaker::new(settings.failures_max, settings.rest_seconds),
            tries_max: settings.tries_max,
        };
        Self { asked: asked.into_iter().map(guarded).collect(), patience, clock }
    }
}

#[async_trait::async_trait]
impl ChatModel for Endpoints {
    fn name(&self) -> String {
        self.asked.iter().map(|one| one.model.name()).collect::<Vec<_>>().join(", else ")
    }

    fn is_language_model(&self) -> bool {
        self.asked.iter().any(|one| one.model.is_language_model())
    }

    async fn answer(&self, request: &Request) -> Result<Answer, Error> {
        let (began, end) = (self.clock.now(), Instant::now() + self.patience);
        let (mut attempts, mut failure) = (0, None);
        for (place, one) in self.asked.iter().enumerate() {
            let left = end.saturating_duration_since(Instant::now());
            let is_last = place + 1 == self.asked.len();
            // One that hangs must leave time for the one behind it.
            let share = if is_last { left } else { left * FIFTHS_OF_THE_FIRST / 5 };
            match one.ask(request, share, self.clock.as_ref(), &mut attempts).await {
                Ok(answer) => {
                    let ms = ms_since(began, self.clock.now());
                    return Ok(Answer { ms, attempts, ..answer });
                }
                Err(error) => {
                    let (model, why) = (one.model.name(), &error as &dyn std::error::Error);
                    tracing::warn!(model, error = why, is_last, "a model endpoint gave no answer");
                    failure = Some(error);
                }
            }
        }
        Err(failure.unwrap_or(Error::TimedOut(self.patience)))
    }
}

impl Guarded {
    /// Asks until there is an answer, the tries are used up, or the time is.
    async fn ask(
        &self,
        request: &Request,
        share: Duration,
        clock: &dyn Clock,
        attempts: &mut u32,
    ) -> Result<Answer, Error> {
        let end = Instant::now() + share;
        let mut failure = None;
        for attempt in 1..=self.tries_max {
            // Waiting in our own queue counts against the time, and says nothing about the endpoint.
            let Ok(Ok(place)) = tokio::time::timeout_at(end, self.places.acquire()).await else {
                return Err(failure.unwrap_or_else(|| busy(None, "no place among the requests at the same time")));
            };
            let pass = match self.breaker.pass(clock.now()) {
                Ok(pass) => pass,
                Err(rest) => return Err(failure.unwrap_or_else(|| busy(Some(rest), "left alone after failures"))),
            };
            *attempts += 1;
            let begun = Instant::now();
            let answer = tokio::time::timeout_at(end, self.model.answer(request)).await;
            let error = match answer.unwrap_or(Err(Error::TimedOut(share))) {
                Ok(answer) => {
                    pass.answered();
                    return Ok(answer);
                }
                Err(error) => error,
            };
            match &error {
                // Started with too little time left, it had no fair chance.
                Error::TimedOut(_) if begun.elapsed() < share / 2 => drop(pass),
                error if error.is_transient() => pass.failed(clock.now()),
                _ => pass.answered(),
            }
            let wait = wait_before_next(&error).filter(|wait| attempt < self.tries_max && Instant::now() + *wait < end);
            let Some(wait) = wait else { return Err(error) };
            drop(place);
            tracing::warn!(model = self.model.name(), ?wait, "the model endpoint failed; asking once more");
            tokio::time::sleep(wait).await;
            failure = Some(error);
        }
        Err(failure.unwrap_or(Error::TimedOut(share)))
    }
}

/// How long to wait before asking the same endpoint again; nothing when that would not help.
fn wait_before_next(error: &Error) -> Option<Duration> {
    match error {
        Error::Busy { retry_after, .. } => {
            Some(retry_after.unwrap_or(RETRY_WAIT)).filter(|wait| *wait <= RETRY_WAIT_MAX)
        }
        Error::Unreadable(_) => Some(Duration::ZERO),
        Error::TimedOut(_) | Error::TooLong(_) | Error::Rejected(_) => None,
    }
}

fn busy(retry_after: Option<Duration>, why: &'static str) -> Error {
    Error::Busy { retry_after, source: why.into() }
}

/// Zero when the clock was set back.
fn ms_since(began: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(now.duration_since(began).as_millis()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
