//! The summary a shopper sees and confirms: written from the stored proposal, so that shown and done are one.

use crate::domain::amendment::Terms;
use crate::domain::cart::{Quote, QuoteLine};
use crate::domain::message::{Button, Summary, SummaryLine, SummaryTotal};
use crate::domain::money::Money;
use crate::domain::proposal::{Act, Proposal};

/// The summary of a proposal.
pub fn summary(proposal: &Proposal) -> Summary {
    let (title, lines, totals, yes) = parts(&proposal.act);
    Summary {
        proposal: proposal.id.clone(),
        title,
        lines,
        totals,
        expires_at: proposal.expires_at,
        choices: vec![
            Button::new(format!("confirm:{}", proposal.id), yes),
            Button::new(format!("cancel:{}", proposal.id), "Cancel"),
        ],
    }
}

type Parts = (String, Vec<SummaryLine>, Vec<SummaryTotal>, &'static str);

fn parts(act: &Act) -> Parts {
    match act {
        Act::Checkout { quote, .. } => {
            ("Your order".to_owned(), lines(&quote.lines), totals(quote, total), "Confirm order")
        }
        Act::Cancel { number, refund, .. } => {
            let rows = match refund {
                Some(refund) => vec![total("Paid back to you", refund.to_string(), true)],
                None => vec![total("Nothing was charged", String::new(), false)],
            };
            (format!("Cancel order {number}"), vec![], rows, "Cancel the order")
        }
        Act::ChangeItems { number, terms, .. } => {
            (format!("Change order {number}"), swapped(terms), settled(terms), "Confirm the change")
        }
        Act::ChangeAddress { number, address, .. } => {
            let rows = vec![total(&address.line(), String::new(), true)];
            (format!("Send order {number} to"), vec![], rows, "Use this address")
        }
        Act::Return { number, terms, .. } => {
            (format!("Return from order {number}"), swapped(terms), settled(terms), "Confirm the return")
        }
        Act::Exchange { number, terms, .. } => {
            (format!("Exchange from order {number}"), swapped(terms), settled(terms), "Confirm the exchange")
        }
        Act::Refund { number, lines: paid, amount, approval, .. } => {
            let mut rows = vec![total("Paid back to you", amount.to_string(), true)];
            if *approval {
                rows.push(total("A colleague has to agree first", String::new(), false));
            }
            (format!("Refund for order {number}"), lines(paid), rows, "Ask for the refund")
        }
        Act::KeepAddress { address } => {
            let rows = vec![total(&address.line(), String::new(), true)];
            ("Your address".to_owned(), vec![], rows, "Keep this address")
        }
    }
}

fn lines(lines: &[QuoteLine]) -> Vec<SummaryLine> {
    lines.iter().map(|l| line(l, "")).collect()
}

fn line(line: &QuoteLine, before: &str) -> SummaryLine {
    SummaryLine {
        title: format!("{before}{}", line.title),
        options: line.options.clone(),
        quantity: line.quantity,
        unit: line.unit.to_string(),
        total: line.total.to_string(),
    }
}

fn swapped(terms: &Terms) -> Vec<SummaryLine> {
    let back = terms.back.iter().map(|l| line(l, "Back: "));
    back.chain(terms.out.iter().map(|l| line(l, "New: "))).collect()
}

fn settled(terms: &Terms) -> Vec<SummaryTotal> {
    let difference = terms.difference;
    let other = Money::new(-difference.minor, difference.currency);
    match difference.minor {
        0 => vec![total("Difference", difference.to_string(), true)],
        1.. => vec![total("You pay the difference", difference.to_string(), true)],
        _ => vec![total("Paid back to you", other.to_string(), true)],
    }
}

fn total(label: &str, amount: String, strong: bool) -> SummaryTotal {
    SummaryTotal { label: label.to_owned(), amount, strong }
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
