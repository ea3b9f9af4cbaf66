//! Telling the shopper what happened to an order, in the server's own words.

use crate::agent::HandOffAsked;
use crate::app::App;
use crate::conversation::{Error, hand_off, say};
use crate::domain::checkout::CheckoutState;
use crate::domain::conversation::HandOffReason;
use crate::domain::id::{OrderId, ShopId};
use crate::domain::message::{Author, Button, PaymentRequest, Reply};
use crate::domain::order::{Happening, Order, OrderState};
use crate::store::Tx;

/// Writes one message about an order, once: the same happening again says nothing.
pub async fn notify(app: &App, shop: &ShopId, id: &OrderId, what: Happening) -> Result<(), Error> {
    let mut tx = app.store.begin(shop).await?;
    let order = tx.order(id).await?.ok_or_else(|| Error::Missing(format!("order {id}")))?;
    let Some(conversation) = order.conversation.clone() else {
        return Ok(());
    };
    let word = serde_json::to_string(&what).unwrap_or_default();
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
    } else if let Some(reply) = words(&mut tx, &order, what).await? {
        say(app, &mut tx, &conversation, Author::Shop, reply).await?;
    }
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(())
}

async fn words(tx: &mut Tx, order: &Order, what: Happening) -> Result<Option<Reply>, Error> {
    let number = &order.number;
    let total = order.quote.total;
    let status = Button::new(format!("order:{number}"), "Order status");
    Ok(match what {
        Happening::PageOpen => page(tx, order).await?,
        Happening::Paid => Some(Reply {
            choices: vec![status],
            ..Reply::text(format!("Paid, thank you! Order {number} ({total}) is confirmed. We are packing it now."))
        }),
        Happening::Pending => Some(Reply {
            choices: vec![status],
            ..Reply::text(format!(
                "Thank you! The payment for order {number} is being processed. I'll write as soon as it is through; \
                 the items stay reserved for you."
            ))
        }),
        Happening::Expired => Some(Reply {
            choices: vec![Button::new("say:Show me my cart", "My cart"), Button::new("person", "Ask a colleague")],
            ..Reply::text(format!(
                "Order {number} was not paid, so I have released the items again. Nothing was charged. \
                 Tell me if you still want them."
            ))
        }),
        Happening::Frozen => None,
    })
}

async fn page(tx: &mut Tx, order: &Order) -> Result<Option<Reply>, Error> {
    if order.state != OrderState::AwaitingPayment {
        return Ok(None);
    }
    let open = tx.checkouts_of(&order.id).await?.into_iter().find(|c| c.state == CheckoutState::Open);
    let Some((url, expires_at)) = open.and_then(|c| Some((c.url?, c.expires_at))) else {
        return Ok(None);
    };
    let (number, total) = (&order.number, order.quote.total);
    Ok(Some(Reply {
        payment: Some(PaymentRequest {
            order: number.clone(),
            total: total.to_string(),
            url,
            label: format!("Pay {total}"),
            expires_at,
        }),
        ..Reply::text(format!("Order {number} is reserved for you. Please pay here to complete it."))
    }))
}
