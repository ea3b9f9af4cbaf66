//! Prices that turn: a reduction begins or ends at its moment, whoever is awake then.

use crate::app::App;
use crate::catalog::Error;
use crate::domain::id::ShopId;
use crate::domain::job::Job;
use crate::store::{self, Tx};

/// Prices turned in one transaction.
const BATCH: i64 = 500;

/// Turns every price that is due, and writes down when to come again.
pub async fn turn(app: &App, shop: &ShopId) -> Result<(), Error> {
    loop {
        let mut tx = app.store.begin(shop).await?;
        let more = turn_some(app, &mut tx).await?;
        if !more {
            come_again(app, &mut tx).await?;
        }
        tx.commit().await?;
        if !more {
            app.work.notify_waiters();
            return Ok(());
        }
    }
}

/// Turns every price that is due in a transaction that changes the catalogue, and writes down when to come again.
pub(super) async fn turn_in(app: &App, tx: &mut Tx) -> Result<(), store::Error> {
    while turn_some(app, tx).await? {}
    come_again(app, tx).await
}

/// Sees to shops whose prices should have turned: a job may have been given up on.
pub(super) async fn step(app: &App) -> Result<(), Error> {
    for shop in app.store.shops_with_due_sales(app.now()).await? {
        turn(app, &shop).await?;
    }
    Ok(())
}

async fn turn_some(app: &App, tx: &mut Tx) -> Result<bool, store::Error> {
    let now = app.now();
    let due = tx.due_sales(now, BATCH).await?;
    let mut turned = false;
    for (variant, sale) in &due {
        turned |= tx.turn_price(variant, sale, now).await?;
    }
    if turned {
        app.enqueue(tx, &Job::IndexChanges).await?;
    }
    Ok(due.len() as i64 >= BATCH)
}

async fn come_again(app: &App, tx: &mut Tx) -> Result<(), store::Error> {
    if let Some(next) = tx.next_turn().await? {
        app.enqueue_at(tx, &Job::TurnPrices, next).await?;
    }
    Ok(())
}
