//! What can be chosen in a reply, which of it is tapped and which is named in the words, and what a shopper who wrote
//! instead of tapping has chosen.

use crate::channel::whatsapp::limits::{ROWS_MAX, is_blank};
use crate::channel::whatsapp::render::fit;
use crate::domain::message::{Button, Card, Reply};
use std::collections::BTreeSet;

/// Choices that are named in one line; more are numbered.
pub const NAMED_MAX: usize = 3;

/// Something to choose.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What comes back.
    pub id: String,
    /// What stands on it.
    pub label: String,
    /// A second line.
    pub hint: String,
    /// Whether it is a product of a list.
    pub product: bool,
}

/// The choices of a reply, parted into those that are tapped and those that are named.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    /// At most [`ROWS_MAX`].
    pub tapped: Vec<Choice>,
    /// In the order in which they are named.
    pub named: Vec<Choice>,
}

impl Choices {
    /// Of a reply. Nothing here depends on anything but the reply: an answer is understood by the same rule.
    pub fn of(reply: &Reply) -> Self {
        let mut seen = BTreeSet::new();
        let mut first: Vec<Choice> = Vec::new();
        if let Some(summary) = &reply.summary {
            first.extend(summary.choices.iter().map(Choice::of));
        }
        match reply.cards.as_slice() {
            [only] => first.extend(only.choices.iter().map(|button| Choice::on_card(button, only))),
            several => first.extend(several.iter().map(Choice::product)),
        }
        let mut rest: Vec<Choice> = reply.choices.iter().map(Choice::of).collect();
        first.retain(|choice| seen.insert(choice.id.clone()));
        rest.retain(|choice| seen.insert(choice.id.clone()));
        // A bubble that opens a page or asks for something to be shared has no room for buttons. Goods and a yes are worth
        // a bubble of their own; what is merely offered beside them is not.
        let no_room = reply.payment.is_some() || reply.link.is_some() || reply.share.is_some();
        if no_room && reply.summary.is_none() && reply.cards.len() < 2 {
            first.append(&mut rest);
            return Self { tapped: Vec::new(), named: first };
        }
        if first.len() + rest.len() <= ROWS_MAX {
            first.append(&mut rest);
            return Self { tapped: first, named: Vec::new() };
        }
        let mut named = first.split_off(first.len().min(ROWS_MAX));
        named.append(&mut rest);
        Self { tapped: first, named }
    }
}

impl Choice {
    fn of(button: &Button) -> Self {
        let label = fit::line(&button.label);
        let hint = button.hint.as_deref().map(fit::line).unwrap_or_default();
        let id = if is_blank(&button.id) { format!("say:{label}") } else { fit::line(&button.id) };
        Self { id, label, hint, product: false }
    }

    /// On the only card: what its second line says already need not be said again.
    fn on_card(button: &Button, card: &Card) -> Self {
        let mut choice = Self::of(button);
        if fit::line(&card.subtitle).contains(&choice.hint) {
            choice.hint.clear();
        }
        choice
    }

    fn product(card: &Card) -> Self {
        let facts = [&card.price, &card.stock, &card.subtitle].map(|text| fit::line(text));
        let hint = facts.into_iter().filter(|text| !is_blank(text)).collect::<Vec<_>>().join(" · ");
        Self { id: format!("show:{}", card.product), label: fit::line(&card.title), hint, product: true }
    }
}

/// The button that a shopper chose by writing: its label, or its number where choices were numbered. Only whole messages
/// count, and only about the last thing the shopper was told.
pub fn typed(reply: &Reply, words: &str) -> Option<Button> {
    let Choices { tapped, named } = Choices::of(reply);
    let wanted = plain(words);
    let button = |choice: &Choice| Button::new(choice.id.clone(), choice.label.clone());
    if wanted.is_empty() {
        return None;
    }
    let digits = wanted.trim_matches(|c: char| "#.)( ".contains(c));
    if named.len() > NAMED_MAX
        && let Ok(number) = digits.parse::<usize>()
    {
        return named.get(number.checked_sub(1)?).map(button);
    }
    let mut same = named.iter().chain(&tapped).filter(|choice| plain(&choice.label) == wanted);
    // Of two that are called the same nobody knows which is meant.
    let found = same.next().map(button);
    if same.next().is_some() { None } else { found }
}

fn plain(text: &str) -> String {
    fit::line(text).trim_end_matches(['.', '!', '?']).to_lowercase()
}
