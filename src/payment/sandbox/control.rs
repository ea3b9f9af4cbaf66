//! The sandbox's own drawer, which Stripe does not have: what shoppers, banks and networks do, on demand. Open only
//! where its API is (`http/sandbox.rs`).

use crate::payment::sandbox::Sandbox;
use crate::payment::sandbox::mischief::{Misbehaviour, Refunds, Webhooks};
use crate::payment::sandbox::state::Stage;
use serde_json::{Value, json};

/// Most orders of one call.
const ORDERS_MAX: usize = 20;

/// Longest wait that can be ordered: a day.
const SECONDS_MAX: u32 = 24 * 60 * 60;

/// An order that was not understood, or names what is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` cannot be `{value}`: {why}")]
pub struct Misunderstood {
    /// The parameter.
    pub name: String,
    /// Its value, cut.
    pub value: String,
    /// What would have been understood.
    pub why: &'static str,
}

impl Sandbox {
    /// Carries out orders one after the other, and answers what each led to. An order that is not understood stops the
    /// rest.
    pub fn control(&self, orders: &[(String, String)]) -> Result<Value, Misunderstood> {
        let mut done = Vec::new();
        for (name, value) in orders.iter().take(ORDERS_MAX) {
            let led_to = self.order(name, value).map_err(|why| Misunderstood {
                name: name.chars().take(40).collect(),
                value: value.chars().take(100).collect(),
                why,
            })?;
            done.push(json!({ name.as_str(): value, "led_to": led_to }));
        }
        Ok(json!({ "object": "sandbox.control", "done": done }))
    }

    fn order(&self, name: &str, value: &str) -> Result<Value, &'static str> {
        match name {
            "call" => self.misbehave(call(value)?),
            "webhooks" => self.set_webhooks(webhooks(value)?),
            "refunds" => self.set_refunds(refunds(value)?),
            "short" => self.pay_short(value.parse().map_err(|_| "it is a number of the smallest coin")?),
            "expire" => return stage(self.expire_now(value)),
            "settle" => return stage(self.settle(value)),
            "fail" => return stage(self.fail(value)),
            "fail_refund" => return one(self.fail_refund(value), "there is no such refund that did not fail yet"),
            "dispute" => {
                let id = self.dispute_payment(value);
                return id.map(Value::from).ok_or("there is no such payment that can be disputed");
            }
            "win" => return one(self.decide_dispute(value, true), "there is no such open dispute"),
            "lose" => return one(self.decide_dispute(value, false), "there is no such open dispute"),
            _ => {
                return Err(
                    "the orders are call, webhooks, refunds, short, expire, settle, fail, fail_refund, dispute, win, lose",
                );
            }
        }
        Ok(Value::from("told"))
    }
}

fn one(found: bool, why: &'static str) -> Result<Value, &'static str> {
    if found { Ok(Value::from("done")) } else { Err(why) }
}

fn stage(found: Option<Stage>) -> Result<Value, &'static str> {
    found.map(|stage| json!(stage)).ok_or("there is no such page")
}

fn call(word: &str) -> Result<Misbehaviour, &'static str> {
    Ok(match word {
        "lose" => Misbehaviour::LoseAnswer,
        "garble" => Misbehaviour::GarbleAnswer,
        "too_many" => Misbehaviour::TooMany,
        "server_error" => Misbehaviour::ServerError,
        "server_error_kept" => Misbehaviour::ServerErrorKept,
        _ => return Err("a call can lose, garble, too_many, server_error or server_error_kept"),
    })
}

fn webhooks(text: &str) -> Result<Webhooks, &'static str> {
    let why = "webhooks are normal, twice, dropped, delayed:SECONDS or backwards:SECONDS";
    Ok(match timed(text) {
        ("normal", None) => Webhooks::Normal,
        ("twice", None) => Webhooks::Twice,
        ("dropped", None) => Webhooks::Dropped,
        ("delayed", Some(seconds)) => Webhooks::Delayed(seconds),
        ("backwards", Some(seconds)) => Webhooks::Backwards(seconds),
        _ => return Err(why),
    })
}

fn refunds(text: &str) -> Result<Refunds, &'static str> {
    Ok(match timed(text) {
        ("normal", None) => Refunds::Normal,
        ("slow", Some(seconds)) => Refunds::Slow(seconds),
        ("failing", Some(seconds)) => Refunds::Failing(seconds),
        _ => return Err("refunds are normal, slow:SECONDS or failing:SECONDS"),
    })
}

/// `word` or `word:seconds`.
fn timed(text: &str) -> (&str, Option<u32>) {
    let Some((word, seconds)) = text.split_once(':') else { return (text, None) };
    match seconds.parse().ok().filter(|s| *s <= SECONDS_MAX) {
        Some(seconds) => (word, Some(seconds)),
        None => (text, None),
    }
}
