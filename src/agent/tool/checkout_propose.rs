//! Proposes to order the cart. The server computes and shows; only the shopper's own yes commits.

use crate::agent::tool::{Effect, Output};
use crate::agent::{Error, Thread};
use crate::app::App;
use crate::checkout::propose::{Proposed, propose};
use crate::domain::fact::Value;
use crate::domain::proposal::{Act, Wish};
use crate::store::Tx;
use serde_json::json;

/// Stores a proposal and tells the model its total.
pub async fn run(app: &App, thread: &Thread, tx: &mut Tx) -> Result<Output, Error> {
    let proposed = propose(app, tx, &thread.shop, &thread.conversation.id, &thread.contact.id, &Wish::Checkout).await?;
    Ok(match proposed {
        Proposed::Refused(why) => {
            let mut output = Output::refused(&why);
            output.fact("cart", "refused", &[], Value::Text(why));
            output
        }
        Proposed::Made(proposal) => {
            let mut output = Output::of(json!({"proposed": true}));
            if let Act::Checkout { quote, .. } = &proposal.act {
                output = Output::of(json!({"proposed": true, "total": quote.total.to_string()}));
                output.fact("cart", "total", &[], Value::Money(quote.total));
            }
            output.effect = Some(Effect::Proposed { proposal: proposal.id });
            output
        }
    })
}
