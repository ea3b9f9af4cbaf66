//! Making a proposal: prices and stock are read now, the totals are ours, and nothing happens until the shopper says yes.

use crate::app::App;
use crate::checkout::Error;
use crate::domain::cart::{Cart, Quote, QuoteLine};
use crate::domain::checkout::{Act, Proposal, ProposalState};
use crate::domain::id::{ContactId, ConversationId};
use crate::domain::message::{Button, Summary, SummaryLine, SummaryTotal};
use crate::domain::shop::Shop;
use crate::store::Tx;
use jiff::Span;

/// Minutes a proposal can be confirmed.
pub const PROPOSAL_MINUTES: i64 = 15;

/// What became of the wish to order.
#[derive(Clone, Debug, PartialEq)]
pub enum Proposed {
    /// Stored, to be shown.
    Made(Box<Proposal>),
    /// Not possible, in words for the shopper.
    Refused(String),
}

/// A cart's lines with today's prices, or why it cannot be ordered as it is.
pub enum Priced {
    /// It can.
    Quote(Quote),
    /// It cannot, in words for the shopper.
    Refused(String),
}

/// Prices a cart from the catalogue as it is now.
pub async fn price(tx: &mut Tx, shop: &Shop, cart: &Cart) -> Result<Priced, Error> {
    let mut lines = Vec::new();
    for line in &cart.lines {
        let product = tx.product_of(&line.variant).await?;
        let Some((product, variant)) = product.as_ref().and_then(|p| Some((p, p.variant(&line.variant)?))) else {
            return Ok(Priced::Refused(format!("{} is no longer sold here", line.variant)));
        };
        if !variant.has(line.quantity) {
            let left = variant.stock.unwrap_or(0);
            let title = &product.title;
            let options = variant.options_text();
            let name = if options.is_empty() { title.clone() } else { format!("{title} ({options})") };
            return Ok(Priced::Refused(if left == 0 {
                format!("{name} is sold out")
            } else {
                format!("only {left} of {name} left")
            }));
        }
        lines.push(QuoteLine::new(
            product.id.clone(),
            variant.id.clone(),
            product.title.clone(),
            variant.options_text(),
            line.quantity,
            variant.price,
        )?);
    }
    Ok(Priced::Quote(Quote::new(lines, shop.currency, &shop.shipping)?))
}

/// Stores a proposal to order the contact's cart as it stands.
pub async fn propose(
    app: &App,
    tx: &mut Tx,
    shop: &Shop,
    conversation: &ConversationId,
    contact: &ContactId,
) -> Result<Proposed, Error> {
    let cart = tx.cart(contact).await?;
    if cart.lines.is_empty() {
        return Ok(Proposed::Refused("the cart is empty".to_owned()));
    }
    let quote = match price(tx, shop, &cart).await? {
        Priced::Quote(quote) => quote,
        Priced::Refused(why) => return Ok(Proposed::Refused(why)),
    };
    let proposal = Proposal {
        id: app.new_id(),
        conversation: conversation.clone(),
        contact: contact.clone(),
        act: Act::Checkout { quote, cart_version: cart.version },
        state: ProposalState::Open,
        expires_at: app.after(Span::new().minutes(PROPOSAL_MINUTES)),
    };
    tx.propose(&proposal, app.now()).await?;
    Ok(Proposed::Made(Box::new(proposal)))
}

/// The summary a shopper sees and confirms: written from the stored proposal, so that shown and charged are one.
pub fn summary(proposal: &Proposal) -> Summary {
    let Act::Checkout { quote, .. } = &proposal.act;
    let line = |l: &QuoteLine| SummaryLine {
        title: l.title.clone(),
        options: l.options.clone(),
        quantity: l.quantity,
        unit: l.unit.to_string(),
        total: l.total.to_string(),
    };
    let total = |label: &str, amount: String, strong| SummaryTotal { label: label.to_owned(), amount, strong };
    Summary {
        proposal: proposal.id.clone(),
        title: "Your order".to_owned(),
        lines: quote.lines.iter().map(line).collect(),
        totals: totals(quote, total),
        expires_at: proposal.expires_at,
        choices: vec![
            Button::new(format!("confirm:{}", proposal.id), "Confirm order"),
            Button::new(format!("cancel:{}", proposal.id), "Cancel"),
        ],
    }
}

/// Subtotal, shipping and total of a quote as rows, for summaries and pages alike.
pub fn totals<T>(quote: &Quote, row: impl Fn(&str, String, bool) -> T) -> Vec<T> {
    let shipping = if quote.shipping.minor == 0 { "free".to_owned() } else { quote.shipping.to_string() };
    vec![
        row("Subtotal", quote.subtotal.to_string(), false),
        row(&quote.shipping_label, shipping, false),
        row("Total", quote.total.to_string(), true),
    ]
}
