//! Telling the shopper what happened to an order, in the server's own words.

use crate::agent::HandOffAsked;
use crate::app::App;
use crate::checkout::order_link;
use crate::conversation::{Error, hand_off, say};
use crate::domain::amendment::{AmendmentKind, AmendmentState};
use crate::domain::checkout::CheckoutState;
use crate::domain::conversation::HandOffReason;
use crate::domain::id::{AmendmentId, OrderId, RefundId, ShopId};
use crate::domain::message::{Author, Button, Link, PaymentRequest, Reply};
use crate::domain::money::{self, Money};
use crate::domain::order::{Happening, Order, OrderState};
use crate::domain::refund::{AskedBy, RefundState};
use crate::store::Tx;

/// Characters of a reason that tell it from another.
const REASON_CHARS: usize = 200;

/// Writes one message about an order, once: the same happening again says nothing.
pub async fn notify(app: &App, shop: &ShopId, id: &OrderId, what: Happening) -> Result<(), Error> {
    let mut tx = app.store.begin(shop).await?;
    let order = tx.order(id).await?.ok_or_else(|| Error::Missing(format!("order {id}")))?;
    let Some(conversation) = order.conversation.clone() else {
        return Ok(());
    };
    // A second reason to stop is told like the first.
    let word = match (&what, &order.note) {
        (Happening::Frozen, Some(why)) => format!("frozen:{}", why.chars().take(REASON_CHARS).collect::<String>()),
        _ => what.word(),
    };
    if !tx.first_sight("notify", &format!("{id}:{word}"), app.now()).await? {
        return Ok(());
    }
    if what == Happening::Frozen {
        let profile = tx.shop().await?.ok_or_else(|| Error::Missing(format!("shop {shop}")))?;
        let asked = HandOffAsked {
            reason: HandOffReason::Payment,
            summary: format!("Order {}: {}", order.number, order.note.as_deref().unwrap_or("the payment needs a look")),
            tried: Vec::new(),
        };
        let text = format!("Something about the payment of order {} needs a closer look.", order.number);
        hand_off::give(app, &mut tx, &profile, &conversation, asked, Reply::text(text)).await?;
    } else if let Some(reply) = words(app, &mut tx, &order, what).await? {
        say(app, &mut tx, &conversation, Author::Shop, reply).await?;
    }
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(())
}

async fn words(app: &App, tx: &mut Tx, order: &Order, what: Happening) -> Result<Option<Reply>, Error> {
    let number = &order.number;
    let total = order.quote.total;
    let status = || vec![Button::new(format!("order:{number}"), "Order status")];
    let link = || order_link::url(app, order).ok().map(|url| Link { label: "See order".to_owned(), url });
    let said = |text: String| Some(Reply { choices: status(), link: link(), ..Reply::text(text) });
    Ok(match what {
        Happening::PageOpen => page(tx, order, None).await?,
        Happening::DifferenceOpen(amendment) => page(tx, order, Some(&amendment)).await?,
        Happening::Paid => {
            said(format!("Paid, thank you! Order {number} ({total}) is confirmed. We are packing it now."))
        }
        Happening::Pending => said(format!(
            "Thank you! The payment for order {number} is being processed. I'll write as soon as it is through; the \
             items stay reserved for you."
        )),
        Happening::Expired => Some(Reply {
            choices: vec![Button::new("say:Show me my cart", "My cart"), Button::new("person", "Ask a colleague")],
            ..Reply::text(format!(
                "Order {number} was not paid, so I have released the items again. Nothing was charged. \
                 Tell me if you still want them."
            ))
        }),
        Happening::Cancelled => said(cancelled(tx, order).await?),
        Happening::PaidTooLate => said(format!(
            "Your payment for order {number} came after the items had been given up, so the whole amount goes back to \
             you. I'm sorry for the trouble. Tell me if you still want them."
        )),
        Happening::PaidTwice => {
            said(format!("Order {number} was paid twice. The second payment goes back to you in full."))
        }
        Happening::Shipped => said(match &order.tracking {
            Some(parcel) => {
                format!("Order {number} is on its way with {}, tracking number {}.", parcel.carrier, parcel.number)
            }
            None => format!("Order {number} is on its way."),
        }),
        Happening::Delivered => {
            said(format!("Order {number} has arrived. Enjoy it! If something isn't right, tell me."))
        }
        Happening::RefundMoved(refund, state) => moved(tx, order, &refund, state).await?,
        Happening::Amended(amendment, state) => amended(tx, order, &amendment, state).await?,
        // Colleagues find these in the console.
        Happening::Frozen | Happening::Disputed | Happening::RefundWaits(_) => None,
    })
}

async fn cancelled(tx: &mut Tx, order: &Order) -> Result<String, Error> {
    let number = &order.number;
    let refunds = tx.refunds_of(&order.id).await?;
    let going = refunds.iter().filter(|r| r.state.counts()).map(|r| r.amount);
    let back = money::sum(going, order.quote.total.currency).unwrap_or(Money::zero(order.quote.total.currency));
    Ok(if back.minor > 0 {
        format!("Order {number} is cancelled. {back} goes back to the card you paid with; banks take 5 to 10 days.")
    } else {
        format!("Order {number} is cancelled. Nothing was charged.")
    })
}

async fn moved(tx: &mut Tx, order: &Order, id: &RefundId, state: RefundState) -> Result<Option<Reply>, Error> {
    let number = &order.number;
    let Some(refund) = tx.refund(id).await? else {
        return Ok(None);
    };
    let amount = refund.amount;
    // What follows from a cancellation or a return was said there; this is for what takes longer, or goes wrong.
    Ok(match state {
        RefundState::Done if refund.details.asked_by != AskedBy::Rule => Some(Reply::text(format!(
            "{amount} for order {number} is on its way back to you; banks take 5 to 10 days."
        ))),
        RefundState::Declined => Some(Reply {
            choices: vec![Button::new("person", "Ask a colleague")],
            ..Reply::text(format!("A colleague has looked at order {number}: {amount} can't be paid back."))
        }),
        RefundState::Failed => Some(Reply::text(format!(
            "Paying back {amount} for order {number} did not go through. A colleague takes care of it; the money is \
             not lost."
        ))),
        RefundState::Waiting | RefundState::Queued | RefundState::Sent | RefundState::Done => None,
    })
}

async fn amended(tx: &mut Tx, order: &Order, id: &AmendmentId, state: AmendmentState) -> Result<Option<Reply>, Error> {
    let number = &order.number;
    let Some(amendment) = tx.amendment(id).await? else {
        return Ok(None);
    };
    let difference = amendment.terms.difference;
    let back = Money::new(-difference.minor, difference.currency);
    let returned = if back.minor > 0 { format!(" {back} goes back to you.") } else { String::new() };
    let text = match (amendment.kind, state) {
        (_, AmendmentState::AwaitingPayment) => return Ok(None),
        (AmendmentKind::Change, AmendmentState::Agreed | AmendmentState::Done) => {
            format!("Order {number} is changed.{returned}")
        }
        (AmendmentKind::Return, AmendmentState::Agreed) => {
            format!("Your return from order {number} is registered. Once the goods are here, {back} goes back to you.")
        }
        (AmendmentKind::Exchange, AmendmentState::Agreed) => format!(
            "Your exchange from order {number} is registered, and the new items are set aside. Once the goods are \
             back, the new ones leave."
        ),
        (AmendmentKind::Return, AmendmentState::Done) => format!("Your return from order {number} is here.{returned}"),
        (AmendmentKind::Exchange, AmendmentState::Done) => {
            format!("Your return from order {number} is here, and the new items leave now.{returned}")
        }
        (AmendmentKind::Change | AmendmentKind::Exchange, AmendmentState::Void) if difference.minor > 0 => {
            format!("The change to order {number} does not take place: the order stays as it was.")
        }
        (_, AmendmentState::Void) => format!("The return from order {number} was not accepted."),
    };
    Ok(Some(Reply { choices: vec![Button::new(format!("order:{number}"), "Order status")], ..Reply::text(text) }))
}

async fn page(tx: &mut Tx, order: &Order, amendment: Option<&AmendmentId>) -> Result<Option<Reply>, Error> {
    let checkouts = tx.checkouts_of(&order.id).await?;
    let open = checkouts.into_iter().find(|c| c.state == CheckoutState::Open && c.amendment.as_ref() == amendment);
    let Some((url, expires_at, amount)) = open.and_then(|c| Some((c.url?, c.expires_at, c.amount))) else {
        return Ok(None);
    };
    let number = &order.number;
    let text = match amendment {
        None if order.state != OrderState::AwaitingPayment => return Ok(None),
        None => format!("Order {number} is reserved for you. Please pay here to complete it."),
        Some(_) => format!("The new items for order {number} are set aside. Please pay the difference here."),
    };
    Ok(Some(Reply {
        payment: Some(PaymentRequest {
            order: number.clone(),
            total: amount.to_string(),
            url,
            label: format!("Pay {amount}"),
            expires_at,
        }),
        ..Reply::text(text)
    }))
}
