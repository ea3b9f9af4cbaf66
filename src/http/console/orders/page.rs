//! Orders as the console's templates read them: figures written out, moments as they are.

use crate::checkout::summary::totals;
use crate::domain::address::Address;
use crate::domain::amendment::{Amendment, AmendmentKind, AmendmentState};
use crate::domain::cart::QuoteLine;
use crate::domain::checkout::Checkout;
use crate::domain::ledger::Account;
use crate::domain::money::Money;
use crate::domain::order::{Order, OrderState};
use crate::domain::refund::{AskedBy, Refund, RefundState};
use crate::http::error::Error;
use crate::store::Tx;
use crate::wording::Voice;
use minijinja::{Value, context};

/// The accounts a colleague looks at.
const ACCOUNTS: [(Account, &str); 3] = [
    (Account::Provider, "With the payment provider"),
    (Account::Customer, "Owed by the shopper"),
    (Account::Sales, "Sold"),
];

/// Sent, and not yet known to have arrived.
pub(super) fn on_its_way(order: &Order) -> bool {
    order.state == OrderState::Fulfilled && order.times.delivered.is_none()
}

/// One order of the list, and how much it presses: less is more.
pub(super) fn row(order: &Order, name: Option<String>, refunds: &[&Refund], returns: usize) -> (u8, Value) {
    let waiting = refunds.iter().filter(|r| r.state == RefundState::Waiting).count();
    let failed = refunds.len() - waiting;
    let checks = [
        (order.state == OrderState::Frozen, "frozen", 0),
        (waiting > 0, "refund to decide", 1),
        (failed > 0, "refund failed", 2),
        (order.state == OrderState::Paid, "to ship", 3),
        (returns > 0, "goods coming back", 4),
        (on_its_way(order), "on its way", 5),
    ];
    let held = || checks.iter().filter(|(holds, _, _)| *holds);
    let weight = held().map(|(_, _, presses)| *presses).min().unwrap_or(9);
    let needs: Vec<_> = held().map(|(_, what, presses)| context! { what => *what, hot => *presses < 3 }).collect();
    let titles: Vec<&str> = order.quote.lines.iter().map(|l| l.title.as_str()).collect();
    let value = context! {
        id => order.id.as_str(), number => &order.number, name => name.unwrap_or_else(|| "Visitor".to_owned()),
        status => order.status(), total => order.quote.total.to_string(), titles => titles.join(", "),
        placed => order.times.placed.to_string(), needs,
        note => order.note.as_ref().filter(|_| order.state == OrderState::Frozen),
    };
    (weight, value)
}

/// One order in full.
pub(super) async fn order(tx: &mut Tx, order: &Order) -> Result<Value, Error> {
    let contact = tx.contact(&order.contact).await?;
    let refunds = tx.refunds_of(&order.id).await?;
    let amendments = tx.amendments_of(&order.id).await?;
    let checkouts = tx.checkouts_of(&order.id).await?;
    let mut balances = Vec::new();
    for (account, label) in ACCOUNTS {
        let minor = tx.balance(&order.id, account).await?;
        // What was sold grows downwards in the books; nobody reads it so.
        let minor = if account == Account::Sales { -minor } else { minor };
        balances.push(context! { label, amount => Money::new(minor, order.quote.total.currency).to_string() });
    }
    let times = &order.times;
    let moments = [
        ("Placed", Some(times.placed)),
        ("Paid", times.paid),
        ("Shipped", times.shipped),
        ("Delivered", times.delivered),
        ("Cancellation asked for", times.cancel_asked),
        ("Closed", times.closed),
    ];
    let moments = moments.into_iter().filter_map(|(label, at)| Some(context! { label, at => at?.to_string() }));
    let open = matches!(order.state, OrderState::AwaitingPayment | OrderState::PaymentPending | OrderState::Paid);
    Ok(context! {
        id => order.id.as_str(), number => &order.number, status => order.status(), state => order.state.word(),
        name => contact.and_then(|c| c.name).unwrap_or_else(|| "Visitor".to_owned()),
        conversation => order.conversation.as_ref().map(|c| c.as_str().to_owned()),
        note => &order.note, address => order.ship_to.as_ref().map(Address::line),
        tracking => order.tracking.as_ref().map(|t| format!("{} {}", t.carrier, t.number)),
        lines => order.quote.lines.iter().map(line).collect::<Vec<_>>(),
        totals => totals(&order.quote, &Voice::default(), |label, amount, strong| context! { label, amount, strong }),
        times => moments.collect::<Vec<_>>(), balances,
        refunds => refunds.iter().map(refund).collect::<Vec<_>>(),
        amendments => amendments.iter().map(amendment).collect::<Vec<_>>(),
        attempts => checkouts.iter().map(attempt).collect::<Vec<_>>(),
        may_ship => order.state == OrderState::Paid,
        may_deliver => on_its_way(order),
        may_resume => order.state == OrderState::Frozen,
        may_call_off => open || order.state == OrderState::Frozen,
    })
}

fn line(line: &QuoteLine) -> Value {
    context! {
        title => &line.title, options => &line.options, quantity => line.quantity, variant => line.variant.as_str(),
        total => line.total.to_string(),
    }
}

fn refund(refund: &Refund) -> Value {
    let state = match refund.state {
        RefundState::Waiting if refund.intent.is_none() => "to be paid by hand",
        RefundState::Waiting => "waits for a decision",
        RefundState::Queued => "being sent",
        RefundState::Sent => "on its way",
        RefundState::Done => "paid back",
        RefundState::Failed => "failed; the shop still owes it",
        RefundState::Declined => "declined",
    };
    let asked_by = match &refund.details.asked_by {
        AskedBy::Shopper => "the shopper".to_owned(),
        AskedBy::Colleague { name } => name.clone(),
        AskedBy::Rule => "a rule of the shop".to_owned(),
        AskedBy::Outside => "somebody in the provider's pages".to_owned(),
    };
    context! {
        id => refund.id.as_str(), amount => refund.amount.to_string(), state, asked_by, why => &refund.details.why,
        decided_by => &refund.details.decided_by, failure => &refund.details.failure,
        created => refund.created.to_string(), lines => refund.details.lines.iter().map(line).collect::<Vec<_>>(),
        waits => refund.state == RefundState::Waiting, by_provider => refund.intent.is_some(),
    }
}

fn amendment(amendment: &Amendment) -> Value {
    let kind = match amendment.kind {
        AmendmentKind::Change => "Change",
        AmendmentKind::Return => "Return",
        AmendmentKind::Exchange => "Exchange",
    };
    let state = match amendment.state {
        AmendmentState::AwaitingPayment => "waits for the difference to be paid",
        AmendmentState::Agreed => "goods on their way back",
        AmendmentState::Done => "done",
        AmendmentState::Void => "did not take place",
    };
    let difference = amendment.terms.difference;
    let settled = match difference.minor {
        0 => "no difference".to_owned(),
        1.. => format!("{difference} from the shopper"),
        _ => format!("{} back to the shopper", Money::new(-difference.minor, difference.currency)),
    };
    context! {
        id => amendment.id.as_str(), kind, state, settled, created => amendment.created.to_string(),
        back => amendment.terms.back.iter().map(line).collect::<Vec<_>>(),
        out => amendment.terms.out.iter().map(line).collect::<Vec<_>>(),
        agreed => amendment.state == AmendmentState::Agreed,
    }
}

fn attempt(checkout: &Checkout) -> Value {
    context! {
        place => checkout.place, amount => checkout.amount.to_string(), state => checkout.state.word(),
        session => &checkout.session, difference => checkout.amendment.is_some(),
    }
}
