//! The summary a shopper sees and confirms: written from the stored proposal, so that shown and done are one.

use crate::domain::amendment::Terms;
use crate::domain::cart::{Quote, QuoteLine};
use crate::domain::message::{Button, Summary, SummaryLine, SummaryTotal};
use crate::domain::money::Money;
use crate::domain::proposal::{Act, Proposal};
use crate::wording::phrases as p;
use crate::wording::{Phrase, Voice};

/// The summary of a proposal.
pub fn summary(proposal: &Proposal, voice: &Voice) -> Summary {
    let (title, lines, totals, yes) = parts(&proposal.act, voice);
    // "Cancel" would say the opposite beside an order that is to be cancelled.
    let no = if matches!(proposal.act, Act::Cancel { .. }) { p::BUTTON_KEEP_ORDER } else { p::BUTTON_CANCEL };
    Summary {
        proposal: proposal.id.clone(),
        title,
        lines,
        totals,
        expires_at: proposal.expires_at,
        choices: vec![
            Button::new(format!("confirm:{}", proposal.id), voice.pick(yes)),
            Button::new(format!("cancel:{}", proposal.id), voice.pick(no)),
        ],
    }
}

type Parts = (String, Vec<SummaryLine>, Vec<SummaryTotal>, Phrase);

fn parts(act: &Act, voice: &Voice) -> Parts {
    let about = |phrase: Phrase, number: &str| voice.say(phrase, &[("number", number)]);
    let row = |phrase: Phrase, amount: String, strong| total(&voice.pick(phrase), amount, strong);
    match act {
        Act::Checkout { quote, .. } => (
            voice.pick(p::SUM_YOUR_ORDER),
            lines(&quote.lines, voice),
            totals(quote, voice, total),
            p::BUTTON_CONFIRM_ORDER,
        ),
        Act::Cancel { number, refund, .. } => {
            let rows = match refund {
                Some(refund) => vec![row(p::SUM_PAID_BACK, voice.money(*refund), true)],
                None => vec![row(p::SUM_NOTHING_CHARGED, String::new(), false)],
            };
            (about(p::SUM_CANCEL, number), vec![], rows, p::BUTTON_CANCEL_ORDER)
        }
        Act::ChangeItems { number, terms, .. } => {
            (about(p::SUM_CHANGE, number), swapped(terms, voice), settled(terms, voice), p::BUTTON_CONFIRM_CHANGE)
        }
        Act::ChangeAddress { number, address, .. } => {
            let rows = vec![total(&address.line(), String::new(), true)];
            (about(p::SUM_SEND, number), vec![], rows, p::BUTTON_USE_ADDRESS)
        }
        Act::Return { number, terms, .. } => {
            (about(p::SUM_RETURN, number), swapped(terms, voice), settled(terms, voice), p::BUTTON_CONFIRM_RETURN)
        }
        Act::Exchange { number, terms, .. } => {
            (about(p::SUM_EXCHANGE, number), swapped(terms, voice), settled(terms, voice), p::BUTTON_CONFIRM_EXCHANGE)
        }
        Act::Refund { number, lines: paid, amount, approval, .. } => {
            let mut rows = vec![row(p::SUM_PAID_BACK, voice.money(*amount), true)];
            if *approval {
                rows.push(row(p::SUM_COLLEAGUE_FIRST, String::new(), false));
            }
            (about(p::SUM_REFUND, number), lines(paid, voice), rows, p::BUTTON_ASK_REFUND)
        }
        Act::KeepAddress { address } => {
            let rows = vec![total(&address.line(), String::new(), true)];
            (voice.pick(p::SUM_YOUR_ADDRESS), vec![], rows, p::BUTTON_KEEP_ADDRESS)
        }
    }
}

fn lines(lines: &[QuoteLine], voice: &Voice) -> Vec<SummaryLine> {
    lines.iter().map(|l| line(l, l.title.clone(), voice)).collect()
}

fn line(line: &QuoteLine, title: String, voice: &Voice) -> SummaryLine {
    SummaryLine {
        title,
        options: line.options.clone(),
        quantity: line.quantity,
        unit: voice.money(line.unit),
        total: voice.money(line.total),
    }
}

fn swapped(terms: &Terms, voice: &Voice) -> Vec<SummaryLine> {
    let marked = |l: &QuoteLine, mark: Phrase| line(l, voice.say(mark, &[("title", &l.title)]), voice);
    let back = terms.back.iter().map(|l| marked(l, p::SUM_BACK));
    back.chain(terms.out.iter().map(|l| marked(l, p::SUM_NEW))).collect()
}

fn settled(terms: &Terms, voice: &Voice) -> Vec<SummaryTotal> {
    let difference = terms.difference;
    let other = Money::new(-difference.minor, difference.currency);
    let (phrase, amount) = match difference.minor {
        0 => (p::SUM_DIFFERENCE, difference),
        1.. => (p::SUM_YOU_PAY, difference),
        _ => (p::SUM_PAID_BACK, other),
    };
    vec![total(&voice.pick(phrase), voice.money(amount), true)]
}

fn total(label: &str, amount: String, strong: bool) -> SummaryTotal {
    SummaryTotal { label: label.to_owned(), amount, strong }
}

/// Subtotal, shipping and total of a quote as rows, for summaries and pages alike.
pub fn totals<T>(quote: &Quote, voice: &Voice, row: impl Fn(&str, String, bool) -> T) -> Vec<T> {
    vec![
        row(&voice.pick(p::SUM_SUBTOTAL), voice.money(quote.subtotal), false),
        row(&quote.shipping_label, voice.fee(quote.shipping), false),
        row(&voice.pick(p::SUM_TOTAL), voice.money(quote.total), true),
    ]
}
