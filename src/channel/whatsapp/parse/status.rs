//! What became of a message of ours.

use crate::channel::whatsapp::event::Event;
use crate::channel::whatsapp::parse::json::Fields;
use crate::channel::whatsapp::parse::message::other;
use crate::channel::whatsapp::parse::{WORD_CHARS_MAX, id, moment};
use crate::domain::send::{Became, News, Pricing, Problem};
use jiff::Timestamp;

/// Letters of the network's explanation.
const PROBLEM_CHARS_MAX: usize = 300;
/// More digits in a row than this may be somebody's number; codes of errors have six.
const PRIVATE_DIGITS: usize = 6;

/// Reads a status.
pub(super) fn read(status: &Fields<'_>) -> Event {
    if status.text("type").as_deref() == Some("payment") || status.get("payment").is_some() {
        return Event::Payment;
    }
    let (Some(outside_id), Some(word)) = (id(status, "id"), status.short("status", WORD_CHARS_MAX)) else {
        return other("status of nothing");
    };
    let what = match word.as_str() {
        "sent" => Became::Sent,
        "delivered" => Became::Delivered,
        "read" | "played" => Became::Read,
        "failed" => Became::Failed,
        _ => Became::Other(word),
    };
    let problem = status.items("errors").first().map(problem);
    Event::Status(News {
        outside_id,
        ours: id(status, "biz_opaque_callback_data"),
        what,
        // A status without a time is older than any other: it never overrules one.
        at: moment(status, "timestamp").unwrap_or(Timestamp::UNIX_EPOCH),
        problem,
        pricing: status.get("pricing").map(|p| pricing(&p.fields())),
    })
}

fn problem(error: &Fields<'_>) -> Problem {
    let title = error.text("title").or_else(|| error.text("message")).unwrap_or_default();
    let details = error.inner("error_data").text("details").or_else(|| error.text("details")).unwrap_or_default();
    let text = if details.is_empty() || details == title { title } else { format!("{title}: {details}") };
    let code = error.text("code").and_then(|code| code.parse().ok()).unwrap_or(0);
    Problem { code, text: without_numbers(&text).chars().take(PROBLEM_CHARS_MAX).collect() }
}

/// The network's words are kept and shown; a shopper's number in them is not.
fn without_numbers(text: &str) -> String {
    let mut clean = String::new();
    let mut digits = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        clean.push_str(if digits.len() > PRIVATE_DIGITS { "…" } else { &digits });
        digits.clear();
        if c != '\0' {
            clean.push(c);
        }
    }
    clean
}

fn pricing(pricing: &Fields<'_>) -> Pricing {
    let billable = pricing.text("billable").and_then(|word| word.parse().ok());
    Pricing {
        billable,
        model: pricing.word("pricing_model", WORD_CHARS_MAX),
        kind: pricing.word("type", WORD_CHARS_MAX),
        category: pricing.word("category", WORD_CHARS_MAX),
    }
}
