//! Tau's shop in our store: products, customers, and orders with everything that happened to their money.

use crate::app::App;
use crate::catalog::diff;
use crate::channel::Channel;
use crate::channel::fake::Fake;
use crate::domain::address;
use crate::domain::cart::{Quote, QuoteLine};
use crate::domain::checkout::{Checkout, CheckoutState};
use crate::domain::contact::Contact;
use crate::domain::conversation::{Conversation, Memory, With};
use crate::domain::id::{CheckoutId, ContactId, ConversationId, OrderId, ProductId, RefundId, ShopId, VariantId};
use crate::domain::ledger::{Entry, EntryKind};
use crate::domain::money::{self, Money};
use crate::domain::order::{Order, OrderState, OutOf, Times};
use crate::domain::product::{self, Choice};
use crate::domain::refund::{AskedBy, Details, Refund, RefundState};
use crate::domain::shop::{AfterSales, Shipping, Shop};
use crate::eval::tau_retail::data::{self, Address, Database, Direction, currency};
use crate::store::catalog::Stored;
use crate::store::{self, Tx};
use jiff::{Span, Timestamp};
use std::collections::BTreeMap;

/// Pieces of an item that tau calls available: more than all tasks together take.
const PIECES: i64 = 1_000;
/// Tau knows no dates and no time within which goods may come back.
const RETURN_DAYS: u32 = 3_650;
/// When the orders were placed.
const PLACED_DAYS_AGO: i64 = 20;

/// Why tau's shop could not be taken in.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rows.
    #[error("tau-retail could not be stored")]
    Store(#[from] store::Error),
    /// An order whose parts do not make what was paid for it.
    #[error("tau-retail's data does not fit together: {0}")]
    Unfit(String),
    /// An amount out of range.
    #[error("an amount of tau-retail is out of range")]
    Money(#[from] money::Error),
}

/// The shop of the benchmark with tau's rules as its settings.
pub fn shop() -> Shop {
    Shop {
        id: ShopId::new("tau-retail"),
        name: "tau-retail".to_owned(),
        currency: currency(),
        locale: "en".to_owned(),
        time_zone: "America/New_York".to_owned(),
        greeting: String::new(),
        starters: vec![],
        colleagues: String::new(),
        shipping: Shipping { label: "Delivery".to_owned(), fee: Money::zero(currency()), free_from: None },
        order_prefix: "W".to_owned(),
        after_sales: AfterSales {
            return_days: RETURN_DAYS,
            changes_max: 1,
            returns_max: 1,
            cancel_changed: false,
            ..AfterSales::default()
        },
        address: vec![],
        tax: None,
        demo: false,
    }
}

/// Puts everything into an empty store.
pub async fn fill(app: &App, database: &Database) -> Result<ShopId, Error> {
    let shop = shop();
    let mut tx = app.store.begin(&shop.id).await?;
    tx.save_shop(&shop).await?;
    for product in database.products.values() {
        let product = listed(product);
        let prints = diff::fingerprints(&product);
        tx.save_product(&product, &Stored { whole: prints.whole, text: prints.text }, app.now()).await?;
    }
    for user in database.users.values() {
        customer(app, &mut tx, user).await?;
    }
    for order in database.orders.values() {
        placed(app, &mut tx, order).await?;
    }
    tx.commit().await?;
    Ok(shop.id)
}

/// An order's id and number here: tau's without the sign in front.
pub fn order_id(tau: &str) -> OrderId {
    OrderId::new(tau.trim_start_matches('#'))
}

/// Where a customer writes.
pub fn conversation_id(user: &str) -> ConversationId {
    ConversationId::new(format!("cnv_{user}"))
}

/// An address here. What tau keeps on two lines is one.
pub fn address_of(name: &str, address: &Address) -> address::Address {
    address::Address {
        name: name.to_owned(),
        line1: address.street(),
        postal_code: address.zip.clone(),
        city: address.city.clone(),
        region: address.state.clone(),
        country: address.country.clone(),
        email: String::new(),
    }
}

/// Both names.
pub fn name_of(user: &data::User) -> String {
    format!("{} {}", user.name.first_name, user.name.last_name)
}

/// A product as our catalogue has it.
pub fn listed(product: &data::Product) -> product::Product {
    let variants = product.variants.values().map(|variant| product::Variant {
        id: VariantId::new(&variant.item_id),
        options: variant
            .options
            .iter()
            .map(|(name, value)| Choice { name: name.clone(), value: value.clone() })
            .collect(),
        price: Money::new(variant.price.0, currency()),
        compare_at: None,
        stock: Some(if variant.available { PIECES } else { 0 }),
        barcode: None,
        mpn: None,
    });
    product::Product {
        id: ProductId::new(&product.product_id),
        title: product.name.clone(),
        brand: String::new(),
        category: product.name.clone(),
        description: String::new(),
        attributes: BTreeMap::new(),
        picture: None,
        more_pictures: Vec::new(),
        url: None,
        variants: variants.collect(),
    }
}

async fn customer(app: &App, tx: &mut Tx, user: &data::User) -> Result<(), Error> {
    let fake = Fake::default();
    let channel = fake.name();
    let name = name_of(user);
    let contact = Contact {
        id: ContactId::new(&user.user_id),
        address: Some(address_of(&name, &user.address)),
        name: Some(name),
        locale: "en".to_owned(),
        stopped: false,
        forgotten: None,
    };
    tx.save_contact(&contact, app.now()).await?;
    if !tx.add_alias(&contact.id, channel, &user.email).await? {
        return Err(Error::Unfit(format!("two users have the address {}", user.email)));
    }
    let conversation = Conversation {
        id: conversation_id(&user.user_id),
        contact: contact.id,
        channel: channel.to_owned(),
        alias: user.email.clone(),
        with: With::Agent,
        memory: Memory::default(),
        last_seq: 0,
        answered_seq: 0,
    };
    tx.insert_conversation(&conversation, app.now()).await?;
    Ok(())
}

async fn placed(app: &App, tx: &mut Tx, tau: &data::Order) -> Result<(), Error> {
    let order = order(tau, app.now(), app.ids.secret())?;
    let paid: i64 = amounts(tau, Direction::Payment).iter().sum();
    if paid != order.quote.total.minor {
        return Err(Error::Unfit(format!("order {} was not paid in full", tau.order_id)));
    }
    tx.insert_order(&order).await?;
    // No page of a provider, but a payment needs the name of one: what is given back is taken from it.
    let session = format!("past_{}", order.id);
    let checkout = Checkout {
        id: CheckoutId::new(format!("chk_{}", order.id)),
        order: order.id.clone(),
        amendment: None,
        place: 1,
        amount: order.quote.total,
        state: CheckoutState::Paid,
        session: Some(session.clone()),
        intent: None,
        url: None,
        expires_at: order.times.placed,
    };
    tx.insert_checkout(&checkout, "{}", app.now()).await?;
    tx.move_checkout(&checkout, CheckoutState::Paid).await?;
    for (kind, name) in [(EntryKind::Capture, session.as_str()), (EntryKind::Sale, order.id.as_str())] {
        tx.book(&Entry::new(kind, name, &order.id, order.quote.total), app.now()).await?;
    }
    for (nth, cents) in amounts(tau, Direction::Refund).into_iter().enumerate() {
        let refund = refund(&order, nth, cents, app.now());
        tx.insert_refund(&refund).await?;
        for kind in [EntryKind::Credit, EntryKind::Refund] {
            tx.book(&Entry::new(kind, refund.id.as_str(), &order.id, refund.amount), app.now()).await?;
        }
    }
    Ok(())
}

fn amounts(order: &data::Order, direction: Direction) -> Vec<i64> {
    order.payment_history.iter().filter(|p| p.transaction_type == direction).map(|p| p.amount.0).collect()
}

fn refund(order: &Order, nth: usize, cents: i64, created: Timestamp) -> Refund {
    Refund {
        id: RefundId::new(format!("rfd_{}_{nth}", order.id)),
        order: order.id.clone(),
        amount: Money::new(cents, currency()),
        state: RefundState::Done,
        details: Details {
            of: OutOf::Sale,
            why: "cancelled".to_owned(),
            asked_by: AskedBy::Outside,
            decided_by: None,
            lines: vec![],
            failure: None,
        },
        intent: None,
        provider_id: None,
        first_sent: None,
        created,
    }
}

/// An order as it stands at a moment, under a token for its page.
pub fn order(tau: &data::Order, now: Timestamp, token: String) -> Result<Order, Error> {
    let ago = |days: i64| {
        let span = Span::new().try_hours(-24 * PLACED_DAYS_AGO.saturating_sub(days));
        span.ok().and_then(|span| now.checked_add(span).ok()).unwrap_or(now)
    };
    let (state, sent, arrived, closed) = match tau.status.as_str() {
        "pending" => (OrderState::Paid, false, false, false),
        // Handed over, and not there yet: nothing may be done with it, as in tau.
        "processed" => (OrderState::Fulfilled, true, false, false),
        "delivered" => (OrderState::Fulfilled, true, true, false),
        "cancelled" => (OrderState::Cancelled, false, false, true),
        other => return Err(Error::Unfit(format!("order {} is \"{other}\"", tau.order_id))),
    };
    let id = order_id(&tau.order_id);
    Ok(Order {
        number: id.to_string(),
        id,
        contact: ContactId::new(&tau.user_id),
        conversation: None,
        state,
        quote: Quote::new(lines(tau)?, currency(), &shop().shipping)?,
        times: Times {
            placed: ago(0),
            paid: Some(ago(0)),
            shipped: sent.then(|| ago(2)),
            delivered: arrived.then(|| ago(5)),
            closed: closed.then(|| ago(1)),
            cancel_asked: None,
        },
        tracking: None,
        note: None,
        before_freeze: None,
        ship_to: Some(address_of("", &tau.address)),
        token,
    })
}

/// One line for all pieces of an item.
fn lines(tau: &data::Order) -> Result<Vec<QuoteLine>, Error> {
    let mut lines: Vec<QuoteLine> = Vec::new();
    for item in &tau.items {
        let (variant, unit) = (VariantId::new(&item.item_id), Money::new(item.price.0, currency()));
        if let Some(line) = lines.iter_mut().find(|l| l.variant == variant && l.unit == unit) {
            line.quantity = line.quantity.saturating_add(1);
            *line = line.again()?;
            continue;
        }
        let product = ProductId::new(&item.product_id);
        lines.push(QuoteLine::new(product, variant, item.name.clone(), String::new(), 1, unit)?);
    }
    Ok(lines)
}
