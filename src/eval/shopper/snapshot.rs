//! The rows of a world at one moment, as far as expectations speak of them.

use crate::domain::amendment::Amendment;
use crate::domain::cart::Cart;
use crate::domain::conversation::With;
use crate::domain::id::{ConversationId, OrderId, ProductId, VariantId};
use crate::domain::ledger::Account;
use crate::domain::order::Order;
use crate::domain::product::Product;
use crate::domain::refund::Refund;
use crate::eval::Error;
use crate::eval::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// Orders that are read.
const ORDERS_MAX: i64 = 1_000;
/// Products that are read at once.
const PRODUCTS_BATCH: i64 = 500;

/// Rows.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Orders placed in a conversation, and past orders of the demo that were changed in one.
    pub orders: Vec<Order>,
    /// Every order, the demo's past ones too.
    pub known: BTreeSet<OrderId>,
    /// Minor units that are with the provider for each of them.
    pub captured: BTreeMap<OrderId, i64>,
    /// Minor units sold of each of them, less what was taken back.
    pub sold: BTreeMap<OrderId, i64>,
    /// Money given back of each of them, or asked to be.
    pub refunds: BTreeMap<OrderId, Vec<Refund>>,
    /// Changes to each of them.
    pub amendments: BTreeMap<OrderId, Vec<Amendment>>,
    /// The shopper's cart.
    pub cart: Cart,
    /// Who answers.
    pub with: With,
    /// Whether the shopper said STOP.
    pub stopped: bool,
    /// Every product.
    pub products: BTreeMap<ProductId, Product>,
    /// Jobs that were given up on.
    pub parked: i64,
    /// Messages of the shopper that nobody took care of.
    pub unanswered: i64,
}

/// Reads the rows.
pub async fn take(world: &World, conversation: Option<&ConversationId>) -> Result<Snapshot, Error> {
    let mut tx = world.rows().await?;
    let all = tx.all_orders(ORDERS_MAX).await?;
    let known = all.iter().map(|o| o.id.clone()).collect();
    let orders: Vec<Order> = all.into_iter().filter(|o| o.conversation.is_some()).collect();
    let (mut captured, mut sold) = (BTreeMap::new(), BTreeMap::new());
    let (mut refunds, mut amendments) = (BTreeMap::new(), BTreeMap::new());
    for order in &orders {
        sold.insert(order.id.clone(), -tx.balance(&order.id, Account::Sales).await?);
        refunds.insert(order.id.clone(), tx.refunds_of(&order.id).await?);
        amendments.insert(order.id.clone(), tx.amendments_of(&order.id).await?);
        captured.insert(order.id.clone(), tx.balance(&order.id, Account::Provider).await?);
    }
    let (mut cart, mut with, mut stopped, mut unanswered) = (Cart::default(), With::Agent, false, 0);
    if let Some(id) = conversation
        && let Some(found) = tx.conversation(id).await?
    {
        cart = tx.cart(&found.contact).await?;
        stopped = tx.contact(&found.contact).await?.is_some_and(|c| c.stopped);
        let open = tx.messages_after(id, found.answered_seq, ORDERS_MAX).await?;
        unanswered = open.iter().filter(|m| m.author == crate::domain::message::Author::Shopper).count() as i64;
        with = found.with;
    }
    let mut products = BTreeMap::new();
    let mut after = String::new();
    loop {
        let ids = tx.product_ids_after(&after, PRODUCTS_BATCH).await?;
        let Some(last) = ids.last() else { break };
        after = last.to_string();
        products.extend(tx.products(&ids).await?.into_iter().map(|p| (p.id.clone(), p)));
    }
    drop(tx);
    let parked = world.app.store.count_jobs().await?.parked;
    Ok(Snapshot {
        orders,
        known,
        captured,
        sold,
        refunds,
        amendments,
        cart,
        with,
        stopped,
        products,
        parked,
        unanswered,
    })
}

impl Snapshot {
    /// Pieces of a SKU that can still be sold; `None` when it is unknown or not counted.
    pub fn stock(&self, sku: &VariantId) -> Option<i64> {
        self.products.values().find_map(|p| p.variant(sku))?.stock
    }

    /// Every counted SKU with its pieces.
    pub fn all_stock(&self) -> impl Iterator<Item = (&VariantId, i64)> {
        self.products.values().flat_map(|p| &p.variants).filter_map(|v| Some((&v.id, v.stock?)))
    }
}
