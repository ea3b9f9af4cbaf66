//! What a colleague does with orders in a story: the same decisions as in the console.

use crate::checkout::{amend, colleague, refund};
use crate::domain::amendment::AmendmentState;
use crate::domain::order::{Order, OrderState, Tracking};
use crate::domain::refund::{RefundEvent, RefundState};
use crate::eval::Error;
use crate::eval::scenario::Colleague;
use crate::eval::world::World;

/// Rows that are looked through.
const ROWS_MAX: i64 = 1_000;
/// As the record names the colleague.
const NAME: &str = "Ada";

/// Decides, or says why there was nothing to decide.
pub(super) async fn decide(world: &World, what: &Colleague) -> Result<Option<String>, Error> {
    let (app, shop) = (&world.app, &world.app.shop);
    let nothing = |what: &str| Ok(Some(format!("there is no {what}")));
    match what {
        Colleague::Ships | Colleague::Delivers => {
            let fits = |order: &&Order| match what {
                Colleague::Ships => order.state == OrderState::Paid,
                _ => order.state == OrderState::Fulfilled && order.times.delivered.is_none(),
            };
            // The demo's past orders are nobody's business here.
            let orders = world.rows().await?.all_orders(ROWS_MAX).await?;
            let Some(order) = orders.iter().rev().filter(|o| o.conversation.is_some()).find(fits) else {
                return nothing("order to ship or to mark as delivered");
            };
            let tracking = Tracking { carrier: "NordPost".to_owned(), number: "NP1234567DE".to_owned() };
            let decision = match what {
                Colleague::Ships => colleague::Decision::Ship(tracking),
                _ => colleague::Decision::Deliver,
            };
            colleague::decide(app, shop, &order.id, &decision).await?;
        }
        Colleague::Approves | Colleague::Declines => {
            let waiting = world.rows().await?.refunds_in(RefundState::Waiting, ROWS_MAX).await?;
            if waiting.is_empty() {
                return nothing("refund that waits");
            }
            for one in waiting {
                let event = match what {
                    Colleague::Declines => RefundEvent::Declined,
                    // What no payment of the provider covers can only be paid by hand.
                    _ if one.intent.is_none() => RefundEvent::PaidByHand,
                    _ => RefundEvent::Approved,
                };
                refund::decide(app, shop, &one.id, &event, NAME).await?;
            }
        }
        Colleague::Receives | Colleague::Refuses => {
            let agreed = world.rows().await?.amendments_in(AmendmentState::Agreed, ROWS_MAX).await?;
            if agreed.is_empty() {
                return nothing("return or exchange that is agreed");
            }
            for one in agreed {
                amend::decide(app, shop, &one.id, *what == Colleague::Receives).await?;
            }
        }
        Colleague::Says(_) | Colleague::Takes | Colleague::Returns => {}
    }
    Ok(None)
}
