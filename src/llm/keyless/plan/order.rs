//! Orders that were placed in this chat.

use crate::llm::keyless::desk::{Desk, Stop};
use crate::llm::keyless::draft::Draft;
use crate::llm::keyless::phrases as ph;
use crate::llm::keyless::results::{Order, Orders};
use crate::llm::keyless::say;
use serde_json::json;

/// Where it is: the one named, the only one, or a choice.
pub fn status(desk: &mut Desk, number: Option<&str>) -> Result<Draft, Stop> {
    let talk = desk.talk;
    if let Some(number) = number {
        return one(desk, &full_number(desk, number));
    }
    let orders: Orders = desk.ask("order_list", &json!({}))?;
    match orders.orders.as_slice() {
        [] => Ok(say::order::none(talk, ph::NO_ORDERS)),
        [only] => {
            let only = only.clone();
            match one(desk, &only.number) {
                Err(Stop::Closed) => Ok(say::order::one(&only, talk)),
                other => other,
            }
        }
        several => Ok(say::order::several(several, talk)),
    }
}

fn one(desk: &mut Desk, number: &str) -> Result<Draft, Stop> {
    let order: Order = desk.ask("order_get", &json!({ "number": number }))?;
    if order.refused.is_some() || order.name.is_empty() {
        return Ok(say::order::none(desk.talk, ph::NO_SUCH_ORDER));
    }
    Ok(say::order::one(&order, desk.talk))
}

/// `1001` is completed from the orders known here.
pub fn full_number(desk: &Desk, number: &str) -> String {
    let known = desk.talk.state.orders.iter().map(|order| &order.number);
    let ending = format!("-{number}");
    known
        .into_iter()
        .find(|known| *known == number || known.ends_with(&ending))
        .cloned()
        .unwrap_or_else(|| number.to_owned())
}
