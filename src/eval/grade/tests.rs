//! Every matcher is shown to hold, and to fail when the reply or the rows are a little wrong.

mod rows;
mod talk;

use crate::domain::cart::{Cart, Quote, QuoteLine};
use crate::domain::conversation::With;
use crate::domain::id::{ContactId, ConversationId, OrderId, ProductId, ProposalId, VariantId};
use crate::domain::message::{
    Author, Button, Card, Left, PaymentRequest, Reply, Source, Summary, SummaryLine, SummaryTotal,
};
use crate::domain::money::{Currency, Money};
use crate::domain::order::{Order, OrderState, Times};
use crate::domain::product::{Choice, Product, Variant};
use crate::domain::shop::Shipping;
use crate::eval::grade::grade;
use crate::eval::scenario::load::parse;
use crate::eval::shopper::snapshot::Snapshot;
use crate::eval::shopper::{Heard, Played, Spoken};
use jiff::Timestamp;

const AT: Timestamp = Timestamp::UNIX_EPOCH;

fn euros(text: &str) -> Money {
    Money::parse(text, Currency::EUR).unwrap()
}

fn jacket() -> Product {
    let variant = |sku: &str, size: &str, stock| Variant {
        id: VariantId::new(sku),
        options: vec![Choice { name: "Size".into(), value: size.into() }],
        price: euros("149.90"),
        compare_at: None,
        stock: Some(stock),
        barcode: None,
        mpn: None,
    };
    Product {
        id: ProductId::new("fjord"),
        title: "Fjord Rain Jacket".into(),
        brand: "Nordvik".into(),
        category: "Rain jackets".into(),
        description: String::new(),
        attributes: [("waterproof".to_owned(), "yes".to_owned())].into(),
        picture: None,
        more_pictures: Vec::new(),
        url: None,
        variants: vec![variant("FJ-M", "M", 4), variant("FJ-S", "S", 0)],
    }
}

fn card() -> Card {
    Card {
        left: Left::Enough,
        product: ProductId::new("fjord"),
        title: "Fjord Rain Jacket".into(),
        subtitle: "Nordvik".into(),
        price: "€149.90".into(),
        compare_at: None,
        stock: "in stock".into(),
        picture: None,
        choices: vec![Button::new("add:FJ-M", "Add to cart")],
        article: None,
    }
}

fn summary() -> Summary {
    let total = |label: &str, amount: &str, strong| SummaryTotal { label: label.into(), amount: amount.into(), strong };
    Summary {
        proposal: ProposalId::new("pro_1"),
        title: "Your order".into(),
        lines: vec![SummaryLine {
            title: "Fjord Rain Jacket".into(),
            options: "M".into(),
            quantity: 1,
            unit: "€149.90".into(),
            total: "€149.90".into(),
        }],
        totals: vec![
            total("Subtotal", "€149.90", false),
            total("Shipping", "free", false),
            total("Total", "€149.90", true),
        ],
        expires_at: AT,
        choices: vec![Button::new("confirm:pro_1", "Confirm order")],
    }
}

fn payment() -> PaymentRequest {
    PaymentRequest {
        order: "FJ-1042".into(),
        total: "€149.90".into(),
        url: "https://shop.example/pay/cs_test_1".into(),
        label: "Pay €149.90".into(),
        expires_at: AT,
    }
}

/// A reply that everything in these tests holds of.
fn reply() -> Reply {
    Reply {
        cards: vec![card()],
        choices: vec![Button::new("checkout:start", "Checkout")],
        sources: vec![Source { title: "Returns and refunds".into(), heading: String::new() }],
        ..Reply::text("You have 30 days.")
    }
}

fn heard(reply: Reply) -> Heard {
    Heard {
        done: "says \"x\"".into(),
        spoken: vec![Spoken { author: Author::Agent, reply }],
        page: None,
        stuck: None,
        with: With::Agent,
        shopper_acted: true,
        rows: None,
    }
}

fn order(state: OrderState) -> Order {
    let id = |p: &Product| (p.id.clone(), p.variants[0].id.clone(), p.title.clone());
    let (product, variant, title) = id(&jacket());
    let line = QuoteLine::new(product, variant, title, "M".into(), 1, euros("149.90")).unwrap();
    let shipping = Shipping { label: "Shipping".into(), fee: euros("4.90"), free_from: Some(euros("80.00")) };
    Order {
        id: OrderId::new("ord_1"),
        number: "FJ-1042".into(),
        contact: ContactId::new("con_1"),
        conversation: Some(ConversationId::new("cnv_1")),
        state,
        quote: Quote::new(vec![line], Currency::EUR, &shipping).unwrap(),
        times: Times { placed: AT, paid: None, shipped: None, delivered: None, closed: None, cancel_asked: None },
        tracking: None,
        note: None,
        before_freeze: None,
        ship_to: None,
        token: String::new(),
    }
}

fn rows() -> Snapshot {
    Snapshot {
        orders: Vec::new(),
        known: Default::default(),
        captured: Default::default(),
        sold: Default::default(),
        refunds: Default::default(),
        amendments: Default::default(),
        cart: Cart::default(),
        with: With::Agent,
        stopped: false,
        products: [(jacket().id, jacket())].into(),
        parked: 0,
        unanswered: 0,
    }
}

/// The shop after one jacket was ordered, and paid when `minor` says so.
fn sold(state: OrderState, minor: i64) -> Snapshot {
    let mut rows = rows();
    rows.captured.insert(OrderId::new("ord_1"), minor);
    rows.sold.insert(OrderId::new("ord_1"), minor);
    rows.orders.push(order(state));
    rows.products.values_mut().next().unwrap().variants[0].stock = Some(3);
    rows
}

fn played(steps: Vec<Heard>, after: Snapshot) -> Played {
    Played { steps, before: rows(), after, doubled: 0, meddled: Vec::new() }
}

/// What is wrong with one reply to one message, under these expectations (YAML, on one line).
fn wrong(expect: &str, reply: Reply) -> Vec<String> {
    found(&format!("id: a.b\nsteps:\n  - says: x\n    expect: {expect}\n"), &played(vec![heard(reply)], rows()))
}

/// What is wrong with the rows in the end, under these expectations (YAML, on one line).
fn wrong_rows(state: &str, played: &Played) -> Vec<String> {
    found(&format!("id: a.b\nsteps:\n  - says: x\nstate: {state}\n"), played)
}

fn found(scenario: &str, played: &Played) -> Vec<String> {
    let scenarios = parse(scenario).unwrap_or_else(|e| panic!("{e}"));
    grade(&scenarios[0], played).into_iter().map(|f| f.expected).collect()
}
