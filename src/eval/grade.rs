//! The verdict on a story: what was expected and is not so. Pure, so that every matcher is tested to fail.

mod always;
mod rows;
mod talk;

#[cfg(test)]
mod tests;

use crate::agent::literal;
use crate::domain::message::Reply;
use crate::domain::money::{Currency, Money};
use crate::eval::scenario::Scenario;
use crate::eval::scenario::expect::Event;
use crate::eval::shopper::{Heard, Played};
use crate::wording::phrases::FREE;
use crate::wording::{Language, Voice};
use serde::Serialize;

/// Characters of what was said that a failure quotes.
const QUOTE_CHARS_MAX: usize = 400;

/// Something expected that is not so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The step, from 1; none when it is about the whole story.
    pub step: Option<usize>,
    /// What was expected.
    pub expected: String,
    /// What there was instead.
    pub found: String,
}

/// Collects what is not so.
#[derive(Debug, Default)]
struct Failures {
    step: Option<usize>,
    list: Vec<Failure>,
}

impl Failures {
    fn unless(&mut self, holds: bool, expected: impl FnOnce() -> String, found: impl FnOnce() -> String) {
        if !holds {
            let found = found().chars().take(QUOTE_CHARS_MAX).collect();
            self.list.push(Failure { step: self.step, expected: expected(), found });
        }
    }
}

/// Everything about a played story that is not as expected.
pub fn grade(scenario: &Scenario, played: &Played) -> Vec<Failure> {
    let mut failures = Failures::default();
    for (at, (step, heard)) in scenario.steps.iter().zip(&played.steps).enumerate() {
        failures.step = Some(at + 1);
        if let Some(why) = &heard.stuck {
            failures.unless(false, || "that the step can be done".to_owned(), || why.clone());
            continue;
        }
        talk::grade(&step.expect, heard, played, &mut failures);
        if let Some(rows) = &heard.rows {
            rows::grade(&step.state, rows, played, &mut failures);
        }
        never(scenario, heard, &mut failures);
        always::heard(heard, played, &mut failures);
    }
    failures.step = None;
    if played.steps.iter().all(|s| s.stuck.is_none()) {
        rows::grade(&scenario.state, &played.after, played, &mut failures);
    }
    if scenario.never.contains(&Event::Order) {
        let count = played.after.orders.len();
        failures.unless(count == 0, || "never an order".to_owned(), || format!("{count} orders"));
    }
    always::links(played, &mut failures);
    always::rows(played, &mut failures);
    failures.list
}

fn never(scenario: &Scenario, heard: &Heard, failures: &mut Failures) {
    let replies = || heard.spoken.iter().map(|s| &s.reply);
    for event in &scenario.never {
        let happened = match event {
            Event::Summary => replies().any(|r| r.summary.is_some()),
            Event::PaymentLink => replies().any(|r| r.payment.is_some()),
            Event::HandOff => heard.with.is_colleague(),
            Event::Card => replies().any(|r| !r.cards.is_empty()),
            // Read from the rows, once, in the end.
            Event::Order => false,
        };
        failures.unless(!happened, || format!("never {event:?}"), || quote(heard));
    }
    for pattern in &scenario.never_says {
        let said = replies().map(everything).collect::<Vec<_>>().join("\n");
        let found = pattern.0.find(&said).map(|m| m.as_str().to_owned());
        failures.unless(
            found.is_none(),
            || format!("never says /{}/", pattern.0.as_str()),
            || format!("said \"{}\"", found.clone().unwrap_or_default()),
        );
    }
}

/// Every word of a reply that a shopper can read.
fn everything(reply: &Reply) -> String {
    let mut parts = vec![reply.text.clone()];
    for card in &reply.cards {
        parts.extend([card.title.clone(), card.subtitle.clone(), card.price.clone(), card.stock.clone()]);
        parts.extend(card.choices.iter().map(|b| b.label.clone()));
    }
    parts.extend(reply.choices.iter().map(|b| b.label.clone()));
    if let Some(summary) = &reply.summary {
        parts.extend(summary.lines.iter().map(|l| format!("{} {} × {} {}", l.title, l.options, l.quantity, l.total)));
        parts.extend(summary.totals.iter().map(|t| format!("{} {}", t.label, t.amount)));
    }
    parts.extend(reply.payment.iter().map(|p| format!("{} {}", p.label, p.total)));
    parts.extend(reply.sources.iter().map(|s| format!("{}: {}", s.title, s.heading)));
    parts.join("\n")
}

/// What was heard in a step, for a person who reads the report.
pub fn quote(heard: &Heard) -> String {
    let mut parts = Vec::new();
    for spoken in &heard.spoken {
        let reply = &spoken.reply;
        let mut text = format!("{}: {}", spoken.author.word(), reply.text.replace('\n', " / "));
        for card in &reply.cards {
            text.push_str(&format!(" <{} {} {}>", card.title, card.price, card.stock));
        }
        if let Some(total) = reply.summary.as_ref().and_then(|s| s.totals.last()) {
            text.push_str(&format!(" <summary {}>", total.amount));
        }
        if let Some(payment) = &reply.payment {
            text.push_str(&format!(" <pay {}>", payment.total));
        }
        for button in &reply.choices {
            text.push_str(&format!(" [{}]", button.label));
        }
        parts.push(text);
    }
    parts.extend(heard.page.iter().map(|p| format!("page: {p}")));
    if parts.is_empty() { "(nothing was said)".to_owned() } else { parts.join(" | ") }
}

/// The amount in a written price such as `from €149.90` or `149,90 €`; the demo shop sells in euros.
fn amount(text: &str) -> Option<Money> {
    literal::amount(text).map(|minor| Money::new(minor, Currency::EUR))
}

/// Whether a written price says that nothing is to be paid.
fn free(text: &str) -> bool {
    Language::ALL.into_iter().any(|language| Voice::of_tag(language.tag()).pick(FREE) == text)
}
