//! The shopper's yes: everything is checked again, stock is held, the order stands, and a payment page is asked for.

use crate::app::App;
use crate::checkout::Error;
use crate::checkout::order_link;
use crate::checkout::propose::{Priced, Proposed, price, propose};
use crate::domain::cart::Quote;
use crate::domain::checkout::{Act, Checkout, CheckoutState, Proposal, ProposalState};
use crate::domain::id::{ContactId, ProposalId};
use crate::domain::job::Job;
use crate::domain::order::{Order, OrderState, Times};
use crate::domain::shop::Shop;
use crate::payment;
use crate::store::{self, Tx};
use jiff::Span;

/// What became of a yes.
#[derive(Clone, Debug, PartialEq)]
pub enum Placed {
    /// The order stands; its payment page will follow.
    Done(Box<Order>),
    /// Something changed since the summary was shown: why, and the new proposal.
    Again {
        /// In words for the shopper.
        why: String,
        /// To be shown.
        proposal: Box<Proposal>,
    },
    /// Not possible, in words for the shopper.
    Refused(String),
}

/// Commits a proposal because this contact said yes. Only a proposal that is still open, in time and unchanged is
/// committed, and only once: a second yes finds it closed.
pub async fn commit(
    app: &App,
    tx: &mut Tx,
    shop: &Shop,
    contact: &ContactId,
    id: &ProposalId,
) -> Result<Placed, Error> {
    let refused = |why: &str| Ok(Placed::Refused(why.to_owned()));
    let Some(proposal) = tx.proposal(id).await?.filter(|p| &p.contact == contact) else {
        return refused("I can't find that order summary any more.");
    };
    match proposal.state {
        ProposalState::Open => {}
        ProposalState::Committed => return refused("That order is already placed."),
        ProposalState::Cancelled => return refused("That order was cancelled. Say \"checkout\" to start again."),
        ProposalState::Superseded => return refused("There is a newer summary of this order."),
        ProposalState::Expired => return refused("That summary has expired. Say \"checkout\" for a new one."),
    }
    if proposal.expires_at <= app.now() {
        tx.close_proposal(id, ProposalState::Expired).await?;
        return again(app, tx, shop, &proposal, "The summary had expired, so here is a fresh one.").await;
    }
    let Act::Checkout { quote, cart_version } = &proposal.act;
    let cart = tx.cart(contact).await?;
    if cart.version != *cart_version {
        return again(app, tx, shop, &proposal, "Your cart has changed since. Please check again:").await;
    }
    match price(tx, shop, &cart).await? {
        Priced::Quote(current) if &current == quote => {}
        Priced::Quote(_) => {
            return again(app, tx, shop, &proposal, "A price has changed since. Please check again:").await;
        }
        Priced::Refused(why) => {
            tx.close_proposal(id, ProposalState::Superseded).await?;
            return refused(&format!("I'm sorry, {why}."));
        }
    }
    if !tx.close_proposal(id, ProposalState::Committed).await? {
        return refused("That order is already placed.");
    }
    let order = insert(app, tx, shop, &proposal, quote).await?;
    let mut emptied = cart.clone();
    emptied.clear();
    tx.save_cart(contact, &emptied, cart.version, app.now()).await?;
    Ok(Placed::Done(Box::new(order)))
}

async fn again(app: &App, tx: &mut Tx, shop: &Shop, old: &Proposal, why: &str) -> Result<Placed, Error> {
    tx.close_proposal(&old.id, ProposalState::Superseded).await?;
    Ok(match propose(app, tx, shop, &old.conversation, &old.contact).await? {
        Proposed::Made(proposal) => Placed::Again { why: why.to_owned(), proposal },
        Proposed::Refused(why) => Placed::Refused(format!("I'm sorry, {why}.")),
    })
}

async fn insert(app: &App, tx: &mut Tx, shop: &Shop, proposal: &Proposal, quote: &Quote) -> Result<Order, Error> {
    let number = format!("{}-{}", shop.order_prefix, tx.next_order_number().await?);
    let times = Times { placed: app.now(), paid: None, shipped: None, delivered: None, closed: None };
    let order = Order {
        id: app.new_id(),
        number,
        contact: proposal.contact.clone(),
        conversation: Some(proposal.conversation.clone()),
        state: OrderState::AwaitingPayment,
        quote: quote.clone(),
        times,
        tracking: None,
        note: None,
        token: app.ids.secret(),
    };
    tx.insert_order(&order).await?;
    let mut touched = Vec::new();
    for line in &quote.lines {
        if !tx.hold_stock(&order.id, &line.variant, line.quantity).await? {
            // It was there a moment ago in this very transaction; the whole of it is undone and tried again.
            return Err(store::Error::Conflict { what: format!("the stock of {}", line.variant) }.into());
        }
        touched.push(line.product.clone());
    }
    app.enqueue(tx, &Job::IndexProducts { products: touched }).await?;
    let checkout = Checkout {
        id: app.new_id(),
        order: order.id.clone(),
        state: CheckoutState::Requested,
        session: None,
        url: None,
        expires_at: app.after(Span::new().minutes(i64::from(app.config.stripe.page_minutes))),
    };
    let request = request(app, shop, &order, &checkout)?;
    let body = serde_json::to_string(&request).map_err(|_| Error::Missing("a payment request".to_owned()))?;
    tx.insert_checkout(&checkout, &body).await?;
    app.enqueue(tx, &Job::OpenCheckout { checkout: checkout.id }).await?;
    Ok(order)
}

/// What the provider is asked for: our lines, our total, nothing the page could change.
fn request(app: &App, shop: &Shop, order: &Order, checkout: &Checkout) -> Result<payment::OpenRequest, Error> {
    let mut lines: Vec<payment::Line> = order
        .quote
        .lines
        .iter()
        .map(|l| {
            let name = if l.options.is_empty() { l.title.clone() } else { format!("{} ({})", l.title, l.options) };
            payment::Line { name, unit: l.unit, quantity: l.quantity }
        })
        .collect();
    if order.quote.shipping.minor > 0 {
        let name = order.quote.shipping_label.clone();
        lines.push(payment::Line { name, unit: order.quote.shipping, quantity: 1 });
    }
    Ok(payment::OpenRequest {
        checkout: checkout.id.clone(),
        order: order.id.clone(),
        number: order.number.clone(),
        lines,
        total: order.quote.total,
        expires_at: checkout.expires_at,
        success_url: format!("{}?paid=1", order_link::url(app, order)?),
        cancel_url: format!("{}/chat", app.public_url),
        locale: shop.locale.clone(),
    })
}
