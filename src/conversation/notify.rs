//! Telling the shopper what happened to an order, in the server's own words.

mod form;

use crate::agent::HandOffAsked;
use crate::agent::offers::{offers, saying};
use crate::agent::wording::order as w;
use crate::agent::wording::{self, ORDER_PAGE, Phrase, Voice, say as say_in};
use crate::app::App;
use crate::channel::whatsapp::account_of;
use crate::checkout::order_link;
use crate::conversation::{Error, hand_off, say, voice};
use crate::domain::amendment::{AmendmentKind, AmendmentState};
use crate::domain::checkout::CheckoutState;
use crate::domain::conversation::HandOffReason;
use crate::domain::id::{AmendmentId, ConversationId, FindingId, OrderId, RefundId, ShopId};
use crate::domain::message::{Author, Button, Link, PaymentRequest, Reply};
use crate::domain::money::{self, Money};
use crate::domain::order::{Happening, Order, OrderState};
use crate::domain::refund::{AskedBy, RefundState};
use crate::domain::template::Template;
use crate::store::Tx;
use form::Forms;

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
    if let Happening::Found(finding) = &what {
        found(app, &mut tx, &order, &conversation, finding).await?;
    } else if what == Happening::Frozen {
        let profile = tx.shop().await?.ok_or_else(|| Error::Missing(format!("shop {shop}")))?;
        let asked = HandOffAsked {
            reason: HandOffReason::Payment,
            summary: format!("Order {}: {}", order.number, order.note.as_deref().unwrap_or("the payment needs a look")),
            tried: Vec::new(),
            wanted: "To know how the order stands.".to_owned(),
        };
        let language = language(&mut tx, &order).await?;
        let text = say_in(&language, w::NEEDS_A_LOOK, &[("number", &order.number)]);
        let template = form(app, &mut tx, &order, form::NEEDS_A_LOOK, &[]).await?;
        let reply = Reply { template, ..Reply::text(text) };
        hand_off::give(app, &mut tx, &profile, &conversation, asked, reply).await?;
    } else if let Some(reply) = words(app, &mut tx, &order, what).await? {
        say(app, &mut tx, &conversation, Author::Shop, reply).await?;
    }
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(())
}

/// How the shopper of an order is spoken to.
async fn language(tx: &mut Tx, order: &Order) -> Result<Voice, Error> {
    if let Some(conversation) = &order.conversation {
        return Ok(voice(tx, conversation).await?);
    }
    let contact = tx.contact(&order.contact).await?;
    Ok(Voice::of_tag(&contact.map(|contact| contact.locale).unwrap_or_default()))
}

// A colleague who has the conversation already finds it in the console.
async fn found(app: &App, tx: &mut Tx, order: &Order, id: &ConversationId, finding: &FindingId) -> Result<(), Error> {
    let with = tx.conversation(id).await?.map(|c| c.with);
    let (Some(finding), Some(profile)) = (tx.finding(finding).await?, tx.shop().await?) else {
        return Ok(());
    };
    if with.is_none_or(|with| with.is_colleague()) {
        return Ok(());
    }
    let asked = HandOffAsked {
        reason: HandOffReason::Payment,
        summary: format!("Order {}: {}", order.number, finding.text),
        tried: Vec::new(),
        wanted: "To know how the order stands.".to_owned(),
    };
    let text = say_in(language(tx, order).await?, wording::PAYMENT_LOOKED_AT, &[("number", &order.number)]);
    let template = form(app, tx, order, form::NEEDS_A_LOOK, &[]).await?;
    hand_off::give(app, tx, &profile, id, asked, Reply { template, ..Reply::text(text) }).await?;
    Ok(())
}

/// The same in an approved form, where the network of the order's conversation may ask for one.
async fn form(
    app: &App,
    tx: &mut Tx,
    order: &Order,
    name: &str,
    values: &[(&str, &str)],
) -> Result<Option<Template>, Error> {
    let Some(id) = &order.conversation else { return Ok(None) };
    let conversation = tx.conversation(id).await?;
    if conversation.is_none_or(|conversation| account_of(&conversation.channel).is_none()) {
        return Ok(None);
    }
    let (voice, page) = (language(tx, order).await?, order_link::url(app, order).ok());
    Ok(Some(Forms { voice: &voice, number: &order.number, page: page.as_deref() }.of(name, values)))
}

async fn words(app: &App, tx: &mut Tx, order: &Order, what: Happening) -> Result<Option<Reply>, Error> {
    let told = what.clone();
    let Some(reply) = spoken(app, tx, order, what).await? else { return Ok(None) };
    let (name, values) = formed(tx, order, &told, &reply).await?;
    let values: Vec<(&str, &str)> = values.iter().map(|(gap, value)| (*gap, value.as_str())).collect();
    let template = form(app, tx, order, name, &values).await?;
    Ok(Some(Reply { template, ..reply }))
}

/// Which form says what a reply says, and what stands in it besides the order's number.
async fn formed(
    tx: &mut Tx,
    order: &Order,
    what: &Happening,
    reply: &Reply,
) -> Result<(&'static str, Vec<(&'static str, String)>), Error> {
    let language = language(tx, order).await?;
    let amount = |money: Money| vec![("amount", language.money(money))];
    Ok(match what {
        Happening::PageOpen => {
            let asked = reply.payment.as_ref().map(|page| page.total.clone()).unwrap_or_default();
            (form::PAGE_OPEN, vec![("amount", asked)])
        }
        Happening::Paid => (form::PAID, amount(order.quote.total)),
        Happening::Pending => (form::PENDING, vec![]),
        Happening::Expired => (form::EXPIRED, vec![]),
        Happening::Cancelled => match going_back(tx, order).await? {
            back if back.minor > 0 => (form::CANCELLED_BACK, amount(back)),
            _ => (form::CANCELLED, vec![]),
        },
        Happening::Shipped => match &order.tracking {
            Some(parcel) => {
                (form::SHIPPED, vec![("carrier", parcel.carrier.clone()), ("tracking", parcel.number.clone())])
            }
            None => (form::SHIPPED_PLAIN, vec![]),
        },
        Happening::Delivered => (form::DELIVERED, vec![]),
        Happening::RefundMoved(id, state @ (RefundState::Done | RefundState::Failed)) => {
            let name = if *state == RefundState::Done { form::REFUND_DONE } else { form::REFUND_FAILED };
            let back = tx.refund(id).await?.map_or(Money::zero(order.quote.total.currency), |refund| refund.amount);
            (name, amount(back))
        }
        // What is rarer is told on the order's page: a form that fits everything would pass for an advertisement.
        _ => (form::NEWS, vec![]),
    })
}

async fn spoken(app: &App, tx: &mut Tx, order: &Order, what: Happening) -> Result<Option<Reply>, Error> {
    let language = language(tx, order).await?;
    let number = order.number.as_str();
    let total = language.money(order.quote.total);
    let plain = |phrase: Phrase| say_in(&language, phrase, &[("number", number), ("amount", &total)]);
    let link = || {
        let label = language.pick(ORDER_PAGE);
        order_link::url(app, order).ok().map(|url| Link { label, url })
    };
    let said = |text: String| Some(Reply { choices: status(&language, number), link: link(), ..Reply::text(text) });
    Ok(match what {
        Happening::PageOpen => page(tx, order, None, &language).await?,
        Happening::DifferenceOpen(amendment) => page(tx, order, Some(&amendment), &language).await?,
        Happening::Paid => said(plain(w::PAID)),
        Happening::Pending => said(plain(w::PENDING)),
        Happening::Expired => Some(Reply {
            choices: vec![
                Button { label: language.pick(w::TAP_CART), ..saying(&language, w::SHOW_CART, number) },
                Button::new("person", language.pick(w::TAP_PERSON)),
            ],
            ..Reply::text(plain(w::EXPIRED))
        }),
        Happening::Cancelled => said(cancelled(tx, order, &language).await?),
        Happening::PaidTooLate => said(plain(w::PAID_TOO_LATE)),
        Happening::PaidTwice => said(plain(w::PAID_TWICE)),
        Happening::Shipped => said(match &order.tracking {
            Some(parcel) => {
                let blanks = [("number", number), ("carrier", &parcel.carrier), ("tracking", &parcel.number)];
                say_in(&language, w::SENT, &blanks)
            }
            None => plain(w::SENT_PLAIN),
        }),
        Happening::Delivered => Some(Reply { choices: offers(&language, order), ..Reply::text(plain(w::ARRIVED)) }),
        Happening::RefundMoved(refund, state) => moved(tx, order, &refund, state, &language).await?,
        Happening::Amended(amendment, state) => amended(tx, order, &amendment, state, &language).await?,
        // Colleagues find these in the console.
        Happening::Frozen | Happening::Disputed | Happening::Found(_) | Happening::RefundWaits(_) => None,
    })
}

fn status(language: &Voice, number: &str) -> Vec<Button> {
    vec![Button::new(format!("order:{number}"), language.pick(w::TAP_STATUS))]
}

/// What goes back to the shopper of an order.
async fn going_back(tx: &mut Tx, order: &Order) -> Result<Money, Error> {
    let refunds = tx.refunds_of(&order.id).await?;
    let going = refunds.iter().filter(|r| r.state.claims()).map(|r| r.amount);
    Ok(money::sum(going, order.quote.total.currency).unwrap_or(Money::zero(order.quote.total.currency)))
}

async fn cancelled(tx: &mut Tx, order: &Order, language: &Voice) -> Result<String, Error> {
    let back = going_back(tx, order).await?;
    let phrase = if back.minor > 0 { w::CANCELLED_BACK } else { w::CANCELLED };
    Ok(say_in(language, phrase, &[("number", &order.number), ("amount", &language.money(back))]))
}

async fn moved(
    tx: &mut Tx,
    order: &Order,
    id: &RefundId,
    state: RefundState,
    language: &Voice,
) -> Result<Option<Reply>, Error> {
    let Some(refund) = tx.refund(id).await? else {
        return Ok(None);
    };
    let amount = language.money(refund.amount);
    let plain = |phrase| say_in(language, phrase, &[("number", &order.number), ("amount", &amount)]);
    // What follows from a cancellation or a return was said there; this is for what takes longer, or goes wrong.
    Ok(match state {
        RefundState::Done if refund.details.asked_by != AskedBy::Rule => Some(Reply::text(plain(w::REFUND_DONE))),
        RefundState::Declined => Some(Reply {
            choices: vec![Button::new("person", language.pick(w::TAP_PERSON))],
            ..Reply::text(plain(w::REFUND_DECLINED))
        }),
        RefundState::Failed => Some(Reply::text(plain(w::REFUND_FAILED))),
        RefundState::Waiting | RefundState::Queued | RefundState::Sent | RefundState::Done => None,
    })
}

async fn amended(
    tx: &mut Tx,
    order: &Order,
    id: &AmendmentId,
    state: AmendmentState,
    language: &Voice,
) -> Result<Option<Reply>, Error> {
    let Some(amendment) = tx.amendment(id).await? else {
        return Ok(None);
    };
    let difference = amendment.terms.difference;
    let back = Money::new(-difference.minor, difference.currency);
    let amount = language.money(back);
    let plain = |phrase| say_in(language, phrase, &[("number", &order.number), ("amount", &amount)]);
    let returned = if back.minor > 0 { plain(w::COMES_BACK) } else { String::new() };
    let text = match (amendment.kind, state) {
        (_, AmendmentState::AwaitingPayment) => return Ok(None),
        (AmendmentKind::Change, AmendmentState::Agreed | AmendmentState::Done) => {
            format!("{}{returned}", plain(w::CHANGED))
        }
        (AmendmentKind::Return, AmendmentState::Agreed) => plain(w::RETURN_AGREED),
        (AmendmentKind::Exchange, AmendmentState::Agreed) => plain(w::EXCHANGE_AGREED),
        (AmendmentKind::Return, AmendmentState::Done) => format!("{}{returned}", plain(w::RETURN_DONE)),
        (AmendmentKind::Exchange, AmendmentState::Done) => format!("{}{returned}", plain(w::EXCHANGE_DONE)),
        (AmendmentKind::Change | AmendmentKind::Exchange, AmendmentState::Void) if difference.minor > 0 => {
            plain(w::STAYS)
        }
        (_, AmendmentState::Void) => plain(w::RETURN_REFUSED),
    };
    Ok(Some(Reply { choices: status(language, &order.number), ..Reply::text(text) }))
}

async fn page(
    tx: &mut Tx,
    order: &Order,
    amendment: Option<&AmendmentId>,
    language: &Voice,
) -> Result<Option<Reply>, Error> {
    let checkouts = tx.checkouts_of(&order.id).await?;
    let open = checkouts.into_iter().find(|c| c.state == CheckoutState::Open && c.amendment.as_ref() == amendment);
    let Some((url, expires_at, amount)) = open.and_then(|c| Some((c.url?, c.expires_at, c.amount))) else {
        return Ok(None);
    };
    let number = &order.number;
    let phrase = match amendment {
        None if order.state != OrderState::AwaitingPayment => return Ok(None),
        None => w::PAGE_OPEN,
        Some(_) => w::DIFFERENCE_OPEN,
    };
    Ok(Some(Reply {
        payment: Some(PaymentRequest {
            order: number.clone(),
            total: language.money(amount),
            url,
            label: say_in(language, w::PAY, &[("amount", &language.money(amount))]),
            expires_at,
        }),
        ..Reply::text(say_in(language, phrase, &[("number", number)]))
    }))
}
