//! A right agent's acts, done here: a wish, a proposal, the contact's own yes, and the payment page where one opens.

use crate::checkout::commit::{Committed, commit};
use crate::checkout::propose::{Proposed, propose};
use crate::domain::checkout::CheckoutState;
use crate::domain::id::{ContactId, OrderId, VariantId};
use crate::domain::order::{Order, OrderState};
use crate::domain::proposal::{self, Pieces, Wish};
use crate::eval::tau_retail::Error;
use crate::eval::tau_retail::data::{Database, Method};
use crate::eval::tau_retail::load::{address_of, conversation_id, name_of, order_id};
use crate::eval::tau_retail::task::{Action, Swap};
use crate::eval::world::World;
use crate::payment::OpenRequest;
use crate::payment::sandbox::card::{PayForm, TEST_CARDS};
use jiff::{SignedDuration, Span};
use std::collections::BTreeMap;

/// Minutes in which a page that is opened for a past payment is paid.
const PAGE_MINUTES: i64 = 35;
/// Minutes after which a page that nobody pays has closed for certain.
const WAIT_MINUTES: i64 = 90;
/// Of the sandbox's test cards: one that pays, one that cannot.
const GOOD_CARD: usize = 0;
/// See [`GOOD_CARD`].
const NO_FUNDS_CARD: usize = 2;
/// Orders of one user that are looked at.
pub const ORDERS_MAX: i64 = 200;

/// A world with tau's shop in it, and one of its users in front of the chat.
pub struct Player<'a> {
    /// The world.
    pub world: &'a World,
    /// Tau's data as it was at the beginning.
    pub database: &'a Database,
    /// Who writes.
    pub user: &'a str,
    /// Which of the user's own methods paid: by the provider's payment.
    pub methods: BTreeMap<String, String>,
}

impl<'a> Player<'a> {
    /// A player whose methods nobody has used yet.
    pub fn new(world: &'a World, database: &'a Database, user: &'a str) -> Self {
        Self { world, database, user, methods: BTreeMap::new() }
    }

    /// Pays the user's past orders at the provider, so that there is a payment to give money back from.
    pub async fn pay_past_orders(&mut self) -> Result<(), Error> {
        let mut tx = self.world.rows().await?;
        let orders = tx.orders_of(&ContactId::new(self.user), ORDERS_MAX).await?;
        drop(tx);
        for order in orders.iter().filter(|o| matches!(o.state, OrderState::Paid | OrderState::Fulfilled)) {
            self.pay_past(order).await?;
        }
        // What the provider has to say about them was booked when they were taken in.
        if let Some(sandbox) = &self.world.app.sandbox {
            for delivery in sandbox.due_deliveries(self.world.app.now()) {
                sandbox.delivered(&delivery.event_id, true);
            }
        }
        Ok(())
    }

    async fn pay_past(&mut self, order: &Order) -> Result<(), Error> {
        let app = &self.world.app;
        let mut tx = app.store.begin(&app.shop).await?;
        let first = tx.checkouts_of(&order.id).await?.into_iter().next();
        let mut checkout = first.ok_or_else(|| Error::Harness(format!("order {} was never paid", order.id)))?;
        let line = crate::payment::Line { name: order.number.clone(), unit: order.quote.total, quantity: 1 };
        let request = OpenRequest {
            checkout: checkout.id.clone(),
            order: order.id.clone(),
            number: order.number.clone(),
            lines: vec![line],
            total: order.quote.total,
            expires_at: app.after(Span::new().minutes(PAGE_MINUTES)),
            success_url: app.public_url.clone(),
            cancel_url: app.public_url.clone(),
            locale: "en".to_owned(),
        };
        let page = app.payments.open(&request).await?;
        self.on_page(&page.id, order, true)?;
        let seen = app.payments.session(&page.id).await?;
        if let Some(intent) = &seen.intent {
            self.methods.insert(intent.clone(), self.original(&order.id));
        }
        checkout.intent = seen.intent;
        tx.move_checkout(&checkout, CheckoutState::Paid).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The method that paid an order in the first place.
    pub fn original(&self, order: &OrderId) -> String {
        let tau = self.database.orders.get(&format!("#{order}"));
        let first = tau.and_then(|o| o.payment_history.first());
        first.map(|p| p.payment_method_id.clone()).unwrap_or_default()
    }

    /// Does one act; answers why not, if not.
    pub async fn act(&mut self, action: &Action) -> Result<Option<String>, Error> {
        let (app, contact) = (&self.world.app, ContactId::new(self.user));
        let wish = self.wish(action);
        let mut tx = app.store.begin(&app.shop).await?;
        let shop = tx.shop().await?.ok_or_else(|| Error::Harness("there is no shop".to_owned()))?;
        let proposal = match propose(app, &mut tx, &shop, &conversation_id(self.user), &contact, &wish).await? {
            Proposed::Made(proposal) => proposal,
            Proposed::Refused(why) => return Ok(Some(why)),
        };
        tx.commit().await?;
        let mut tx = app.store.begin(&app.shop).await?;
        match commit(app, &mut tx, &shop, &contact, &proposal.id).await? {
            Committed::Done(_) => {}
            Committed::Again { why, .. } | Committed::Refused(why) => return Ok(Some(why)),
        }
        tx.commit().await?;
        self.world.settle().await?;
        if let (Some(order), Some(method)) = (action.order(), method(action)) {
            self.pay_difference(&order_id(order), method).await?;
        }
        Ok(None)
    }

    /// Whether an act would be offered at all; answers why not, if not. Nothing is done.
    pub async fn ask(&self, action: &Action) -> Result<Option<String>, Error> {
        let (app, contact) = (&self.world.app, ContactId::new(self.user));
        let mut tx = app.store.begin(&app.shop).await?;
        let shop = tx.shop().await?.ok_or_else(|| Error::Harness("there is no shop".to_owned()))?;
        let wish = self.wish(action);
        // Without a commit the proposal is gone again.
        match propose(app, &mut tx, &shop, &conversation_id(self.user), &contact, &wish).await? {
            Proposed::Made(_) => Ok(None),
            Proposed::Refused(why) => Ok(Some(why)),
        }
    }

    // The shopper chooses how to pay on the provider's page: here, the method that the task names.
    async fn pay_difference(&mut self, id: &OrderId, method: &str) -> Result<(), Error> {
        let app = &self.world.app;
        let mut tx = self.world.rows().await?;
        let order = tx.order(id).await?;
        let open = tx.checkouts_of(id).await?.into_iter().find(|c| c.state == CheckoutState::Open);
        drop(tx);
        let due = open.as_ref().map_or(0, |c| c.amount.minor);
        let (Some(order), Some(session)) = (order, open.and_then(|c| c.session)) else { return Ok(()) };
        let covered = self.covers(method, due);
        self.on_page(&session, &order, covered)?;
        self.world.settle().await?;
        if !covered {
            // Nobody else pays: the page closes, and what waited for it is off.
            self.world.wait(SignedDuration::from_mins(WAIT_MINUTES)).await?;
            return Ok(());
        }
        if let Some(intent) = app.payments.session(&session).await?.intent {
            self.methods.insert(intent, method.to_owned());
        }
        Ok(())
    }

    /// Whether a method can pay that much. Only gift cards have an end; the provider's page would decline them.
    fn covers(&self, method: &str, due: i64) -> bool {
        let methods = self.database.users.get(self.user).map(|u| &u.payment_methods);
        match methods.and_then(|m| m.get(method)) {
            Some(Method::GiftCard { balance }) => balance.0 >= due,
            _ => true,
        }
    }

    fn on_page(&self, session: &str, order: &Order, covered: bool) -> Result<(), Error> {
        let sandbox = self.world.app.sandbox.as_ref();
        let sandbox = sandbox.ok_or_else(|| Error::Harness("there is no sandbox".to_owned()))?;
        let to = order.ship_to.clone().unwrap_or_default();
        let nth = if covered { GOOD_CARD } else { NO_FUNDS_CARD };
        let form = PayForm {
            email: "shopper@example.com".to_owned(),
            name: self.name(),
            line1: to.line1,
            postal_code: to.postal_code,
            city: to.city,
            country: "US".to_owned(),
            number: TEST_CARDS.get(nth).map(|(number, _)| (*number).to_owned()).unwrap_or_default(),
            expiry: "12/34".to_owned(),
            cvc: "123".to_owned(),
        };
        match (sandbox.pay(session, &form), covered) {
            (Ok(_), true) | (Err(_), false) => Ok(()),
            (Ok(_), false) => Err(Error::Harness("a page was paid by a method that cannot".to_owned())),
            (Err(error), true) => Err(Error::Harness(format!("a page was not paid: {}", error.message))),
        }
    }

    fn name(&self) -> String {
        self.database.users.get(self.user).map(name_of).unwrap_or_default()
    }

    fn wish(&self, action: &Action) -> Wish {
        let order = order_id(action.order().unwrap_or_default());
        match action {
            Action::Cancel { .. } => Wish::Cancel { order },
            Action::ModifyItems(swap) => Wish::ChangeItems { order, swaps: swaps(swap) },
            Action::Exchange(swap) => Wish::Exchange { order, swaps: swaps(swap) },
            Action::ModifyAddress { address, .. } => {
                Wish::ChangeAddress { order, address: address_of(&self.name(), address) }
            }
            Action::UserAddress { address, .. } => Wish::KeepAddress { address: address_of(&self.name(), address) },
            Action::Return { item_ids, .. } => {
                let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
                for id in item_ids {
                    *counts.entry(id).or_default() += 1;
                }
                let pieces = counts.into_iter();
                let pieces = pieces.map(|(id, quantity)| Pieces { variant: VariantId::new(id), quantity }).collect();
                Wish::Return { order, pieces }
            }
        }
    }
}

fn swaps(swap: &Swap) -> Vec<proposal::Swap> {
    let pairs = swap.item_ids.iter().zip(&swap.new_item_ids);
    pairs.map(|(from, to)| proposal::Swap { from: VariantId::new(from), to: VariantId::new(to), quantity: 1 }).collect()
}

fn method(action: &Action) -> Option<&str> {
    match action {
        Action::ModifyItems(swap) | Action::Exchange(swap) => Some(&swap.payment_method_id),
        Action::Return { payment_method_id, .. } => Some(payment_method_id),
        Action::Cancel { .. } | Action::ModifyAddress { .. } | Action::UserAddress { .. } => None,
    }
}
