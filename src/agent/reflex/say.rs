//! Reflexes that only read: a product in full, its sizes and colours, the cart, an order.

use crate::agent::journal::Journal;
use crate::agent::render::cart_buttons;
use crate::agent::tool::order_get::date;
use crate::agent::wording::{self as w, language, say};
use crate::agent::{Error, Outcome, Thread, card};
use crate::app::App;
use crate::checkout::order_link;
use crate::checkout::price::{Priced, price};
use crate::domain::cart::Quote;
use crate::domain::fact::Value;
use crate::domain::id::ProductId;
use crate::domain::message::{Button, CHOICES_MAX, Link, Reply};
use crate::domain::order::{Order, OrderState};
use crate::domain::product::{Product, Variant};
use crate::llm::keyless::language::Language;

/// Characters of a description.
const DESCRIPTION_CHARS_MAX: usize = 700;
/// Properties listed under a description.
const PROPERTIES_MAX: usize = 8;

pub(super) fn outcome(thread: &Thread, reply: Reply) -> Outcome {
    let mut memory = thread.conversation.memory.clone();
    memory.asked_back = 0;
    Outcome { reply, hand_off: None, memory, problems: Vec::new(), decision: None }
}

/// A product with its description, properties and a way to buy it.
pub(super) async fn product(app: &App, thread: &Thread, journal: &mut Journal<'_>, id: &str) -> Result<Outcome, Error> {
    let Some(product) = find(app, thread, journal, &ProductId::new(id)).await? else {
        return Ok(outcome(thread, Reply::text(language(thread).pick(w::GONE))));
    };
    let description: String = product.description.chars().take(DESCRIPTION_CHARS_MAX).collect();
    let properties: Vec<String> =
        product.attributes.iter().take(PROPERTIES_MAX).map(|(key, value)| format!("{key}: {value}")).collect();
    let mut text = description;
    if !properties.is_empty() {
        text.push_str("\n\n");
        text.push_str(&properties.join(" · "));
    }
    let mut shown = card::card(&product, &[]);
    shown.choices.retain(|b| !b.id.starts_with("show:"));
    let mut outcome = outcome(thread, Reply { text, cards: vec![shown], ..Reply::default() });
    outcome.memory.about = Some(product.id.clone());
    if !outcome.memory.shown.contains(&product.id) {
        outcome.memory.show(&[product.id]);
    }
    Ok(outcome)
}

async fn find(app: &App, thread: &Thread, journal: &mut Journal<'_>, id: &ProductId) -> Result<Option<Product>, Error> {
    let find = async { Ok(app.store.read(&thread.shop.id).await?.product(id).await?) };
    journal.look(&format!("product {id}"), find).await
}

/// The next choice on the way to a variant: `pick:HANDLE`, then `pick:HANDLE|M`, then `pick:HANDLE|M|Blue`.
pub(super) async fn options(
    app: &App,
    thread: &Thread,
    journal: &mut Journal<'_>,
    path: &str,
) -> Result<Outcome, Error> {
    let mut parts = path.split('|');
    let id = ProductId::new(parts.next().unwrap_or_default());
    let chosen: Vec<&str> = parts.collect();
    let tongue = language(thread);
    let Some(product) = find(app, thread, journal, &id).await? else {
        return Ok(outcome(thread, Reply::text(language(thread).pick(w::GONE))));
    };
    let fitting: Vec<&Variant> = product
        .variants
        .iter()
        .filter(|v| v.in_stock() && chosen.iter().all(|value| v.options.iter().any(|c| c.value == *value)))
        .collect();
    let reply = match fitting.as_slice() {
        [] => Reply::text(say(language(thread), w::CHOICE_SOLD_OUT, &[("[title]", &product.title)])),
        [only] => Reply {
            choices: vec![add(only, &product)],
            ..Reply::text(format!("{} ({}), {}:", product.title, only.options_text(), only.price))
        },
        several if several.len() <= CHOICES_MAX && (chosen.len() + 1 >= depth(&product)) => Reply {
            choices: several.iter().map(|v| add(v, &product)).collect(),
            ..Reply::text(say(tongue, w::WHICH, &[("[title]", &product.title)]))
        },
        several => next(&product, several, path, &chosen, tongue),
    };
    let mut outcome = outcome(thread, reply);
    outcome.memory.about = Some(product.id);
    Ok(outcome)
}

fn depth(product: &Product) -> usize {
    product.variants.first().map_or(0, |v| v.options.len())
}

fn add(variant: &Variant, product: &Product) -> Button {
    let options = variant.options_text();
    let label = if options.is_empty() { product.title.clone() } else { options };
    let stock = card::stock(variant);
    let hint = if stock == "in stock" { variant.price.to_string() } else { format!("{} · {stock}", variant.price) };
    Button { id: format!("add:{}", variant.id), label, hint: Some(hint) }
}

fn next(product: &Product, variants: &[&Variant], path: &str, chosen: &[&str], tongue: Language) -> Reply {
    let names =
        variants.first().map(|v| v.options.iter().map(|c| c.name.as_str()).collect::<Vec<_>>()).unwrap_or_default();
    for name in names {
        let mut values: Vec<&str> = Vec::new();
        for variant in variants {
            if let Some(value) = variant.option(name).filter(|v| !values.contains(v) && !chosen.contains(v)) {
                values.push(value);
            }
        }
        if values.len() > 1 {
            return Reply {
                choices: values.iter().take(CHOICES_MAX).map(|v| Button::new(format!("pick:{path}|{v}"), *v)).collect(),
                ..Reply::text(say(
                    tongue,
                    w::WHICH_OPTION,
                    &[("[title]", &product.title), ("[option]", &name.to_lowercase())],
                ))
            };
        }
    }
    Reply {
        choices: variants.iter().take(CHOICES_MAX).map(|v| add(v, product)).collect(),
        ..Reply::text(say(tongue, w::WHICH, &[("[title]", &product.title)]))
    }
}

/// A cart as it can be ordered now: nothing when it is empty, and why when it cannot.
type Standing = Option<Result<Quote, String>>;

async fn standing(app: &App, thread: &Thread) -> Result<Standing, Error> {
    let mut tx = app.store.read(&thread.shop.id).await?;
    let cart = tx.cart(&thread.contact.id).await?;
    if cart.lines.is_empty() {
        return Ok(None);
    }
    Ok(Some(match price(&mut tx, &thread.shop, &cart).await.map_err(Error::Checkout)? {
        Priced::Refused(why) => Err(why),
        Priced::Quote(quote) => Ok(quote),
    }))
}

/// The cart, line by line, at today's prices.
pub(super) async fn cart(app: &App, thread: &Thread, journal: &mut Journal<'_>) -> Result<Outcome, Error> {
    let reply = match journal.look("cart", standing(app, thread)).await? {
        None => Reply::text(language(thread).pick(w::CART_EMPTY)),
        Some(Err(why)) => Reply::text(say(language(thread), w::CART_PROBLEM, &[("[why]", &why)])),
        Some(Ok(quote)) => {
            let line = |l: &crate::domain::cart::QuoteLine| {
                let options = if l.options.is_empty() { String::new() } else { format!(" ({})", l.options) };
                format!("{} × {}{options}: {}", l.quantity, l.title, l.total)
            };
            let mut lines: Vec<String> = quote.lines.iter().map(line).collect();
            let shipping = if quote.shipping.minor == 0 {
                language(thread).pick(w::FREE).to_owned()
            } else {
                quote.shipping.to_string()
            };
            lines.push(format!("{}: {shipping}", quote.shipping_label));
            lines.push(format!("Total: {}", quote.total));
            let mut choices = cart_buttons();
            choices.retain(|b| b.id != "cart:view");
            choices.push(Button::new(
                format!("say:{}", language(thread).pick(w::EMPTY_CART_SAID)),
                language(thread).pick(w::EMPTY_CART),
            ));
            Reply { choices, ..Reply::text(lines.join("\n")) }
        }
    };
    Ok(outcome(thread, reply))
}

/// The status of the order a button names.
pub(super) async fn order(
    app: &App,
    thread: &Thread,
    journal: &mut Journal<'_>,
    number: &str,
) -> Result<Outcome, Error> {
    let found = known_order(app, thread, journal, number).await?;
    Ok(found.unwrap_or_else(|| outcome(thread, Reply::text(language(thread).pick(w::NO_ORDER)))))
}

/// The status of one of the shopper's own orders; `None` when it is not theirs.
pub(super) async fn known_order(
    app: &App,
    thread: &Thread,
    journal: &mut Journal<'_>,
    number: &str,
) -> Result<Option<Outcome>, Error> {
    let find = async {
        let order = app.store.read(&thread.shop.id).await?.order_by_number(&thread.contact.id, number).await?;
        Ok(order.map(|order| with_link(app, order)))
    };
    let found = journal.look(&format!("order {number}"), find).await?;
    Ok(found.map(|seen| outcome(thread, status(thread, &seen))))
}

/// An order and the address of its page, which ends some time after it was made.
pub(super) type Seen = (Order, Option<String>);

pub(super) fn with_link(app: &App, order: Order) -> Seen {
    let url = order_link::url(app, &order).ok();
    (order, url)
}

pub(super) fn status(thread: &Thread, (order, url): &Seen) -> Reply {
    let day = |at| Value::Date(date(at, &thread.shop)).show();
    let tongue = language(thread);
    let mut text = say(
        tongue,
        w::ORDER,
        &[
            ("[number]", &order.number),
            ("[day]", &day(order.times.placed)),
            ("[total]", &order.quote.total.to_string()),
            ("[status]", w::order::status(tongue, order)),
        ],
    );
    let moved = match (order.state, order.times.shipped, order.times.delivered) {
        (OrderState::Fulfilled, _, Some(delivered)) => Some((w::DELIVERED, delivered)),
        (OrderState::Fulfilled, Some(shipped), None) => Some((w::SHIPPED, shipped)),
        (OrderState::Refunded | OrderState::Cancelled | OrderState::Expired, _, _) => {
            order.times.closed.map(|closed| (w::CLOSED, closed))
        }
        _ => None,
    };
    if let Some((phrase, at)) = moved {
        text.push_str(&say(tongue, phrase, &[("[day]", &day(at))]));
    }
    if let Some(tracking) = order.tracking.as_ref().filter(|_| order.state == OrderState::Fulfilled) {
        let blanks = [("[carrier]", tracking.carrier.as_str()), ("[number]", tracking.number.as_str())];
        text.push_str(&say(tongue, w::TRACKING, &blanks));
    }
    let label = tongue.pick(w::ORDER_PAGE).to_owned();
    let link = url.clone().map(|url| Link { label, url });
    Reply { link, choices: w::order::offers(tongue, order), ..Reply::text(text) }
}
