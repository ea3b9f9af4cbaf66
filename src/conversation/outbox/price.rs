//! What a send is expected to cost when it is written down; what it did cost comes with the network's news.

use crate::agent::budget::beginning;
use crate::app::App;
use crate::channel::whatsapp::line::Line;
use crate::channel::whatsapp::price::{Free, Price, Priced, price};
use crate::conversation::outbox::address;
use crate::domain::conversation::Conversation;
use crate::domain::template::Category;
use crate::store::{self, Tx};

/// The expected price of a send in a conversation; none if no rate card says so.
pub async fn of(
    app: &App,
    tx: &mut Tx,
    line: &Line,
    c: &Conversation,
    category: Category,
) -> Result<Option<Price>, store::Error> {
    if line.cards.currency().is_none() {
        return Ok(None);
    }
    let (Some(shop), Some((_, to))) = (tx.shop().await?, address::of(tx, &c.contact).await?) else {
        return Ok(None);
    };
    let (window, _) = tx.window(&c.id).await?;
    let on = shop.day(app.now());
    let allowance = app.config.whatsapp.free_service_messages;
    let free_left = if allowance > 0 && category == Category::Service {
        let used =
            tx.free_sends_since(&line.account, word(Free::Allowance), beginning(on.first_of_month(), &shop)).await?;
        allowance.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX))
    } else {
        0
    };
    let what = Priced {
        to: &to,
        category,
        on,
        window_open: window.is_open(app.now()),
        entry_free: window.is_free(app.now()),
        free_left,
    };
    Ok(price(&line.cards, &what))
}

/// Why something costs nothing, as it is stored.
pub fn word(free: Free) -> &'static str {
    match free {
        Free::EntryPoint => "entry_point",
        Free::UtilityInWindow => "utility_in_window",
        Free::Service => "service",
        Free::Allowance => "allowance",
    }
}
