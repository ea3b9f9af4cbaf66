//! What a talk was about before the messages a model still sees: a typed record, worked out from the messages, the searches
//! and what turns left behind. It has no prices, which are read again, and no words of a model.

use crate::agent::literal::{self, Kind};
use crate::agent::tool::{Effect, Output};
use crate::agent::{Thread, clean};
use crate::domain::conversation::{Memory, Wished};
use crate::domain::id::ProductId;
use crate::domain::message::{Author, Body, Message};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Messages before those a model sees that are looked through.
pub const MESSAGES_MAX: i64 = 200;
/// Products that are named.
const ITEMS_MAX: usize = 8;
/// Promises that are named.
const PROMISES_MAX: usize = 3;
/// Characters of words that are repeated.
const WORDS_CHARS_MAX: usize = 200;
/// Words a message needs to tell what somebody is after; "the blue one" does not.
const GOAL_WORDS_MIN: usize = 4;

/// The record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Earlier {
    /// What the shopper was after, in their own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<String>,
    /// What it had to be, as the shop's options and attributes say it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub constraints: BTreeMap<String, Vec<String>>,
    /// Products that were shown, the newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    /// What colleagues wrote, amounts left out, the newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub promises: Vec<Promise>,
    /// A question of ours that the shopper answered with another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_question: Option<String>,
}

/// A product that was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Which.
    pub product: ProductId,
    /// Its title.
    pub title: String,
}

/// Words of a colleague, who may promise what the agent may not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Who.
    pub by: String,
    /// What was written.
    pub text: String,
}

/// What a turn that searched leaves behind: what was asked, and what the search understood of it.
pub fn wished(thread: &Thread, outputs: &[Output]) -> Wished {
    let searched = |output: &&Output| matches!(output.effect, Some(Effect::Searched { .. }));
    let content = outputs.iter().rev().find(searched).map(|output| &output.content);
    let mut constraints = BTreeMap::new();
    for part in ["/understood/options", "/understood/attributes"] {
        let found = content.and_then(|content| content.pointer(part)).cloned().unwrap_or_default();
        constraints.extend(serde_json::from_value::<BTreeMap<String, Vec<String>>>(found).unwrap_or_default());
    }
    Wished { seq: thread.asked.last().map_or(0, |m| m.seq), words: short(&thread.words()), constraints }
}

/// Sums up messages, oldest first; nothing when they tell nothing.
pub fn of(messages: &[Message], memory: &Memory) -> Option<Earlier> {
    let last = messages.last()?.seq;
    let wished: Vec<&Wished> = memory.wishes.iter().filter(|wish| wish.seq <= last).collect();
    let telling = wished.iter().rev().find(|wish| tells(&wish.words)).or(wished.last());
    let earlier = Earlier {
        goal: telling.map(|wish| wish.words.clone()).or_else(|| first_words(messages)).map(|words| short(&words)),
        constraints: telling.map(|wish| wish.constraints.clone()).unwrap_or_default(),
        items: items(messages),
        promises: promises(messages),
        open_question: open_question(messages),
    };
    (earlier != Earlier::default()).then_some(earlier)
}

fn tells(words: &str) -> bool {
    words.split_whitespace().count() >= GOAL_WORDS_MIN
}

fn first_words(messages: &[Message]) -> Option<String> {
    messages.iter().find_map(|message| match &message.body {
        Body::Heard(said) => said.written().filter(|text| tells(text)).map(str::to_owned),
        _ => None,
    })
}

fn items(messages: &[Message]) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let replies = messages.iter().rev().filter_map(|message| match &message.body {
        Body::Reply(reply) => Some(reply),
        Body::Heard(_) => None,
    });
    for card in replies.flat_map(|reply| &reply.cards) {
        if items.len() < ITEMS_MAX && !items.iter().any(|item| item.product == card.product) {
            items.push(Item { product: card.product.clone(), title: short(&card.title) });
        }
    }
    items
}

fn promises(messages: &[Message]) -> Vec<Promise> {
    let written = messages.iter().rev().filter_map(|message| match (&message.author, &message.body) {
        (Author::Colleague { name }, Body::Reply(reply)) if !reply.text.trim().is_empty() => {
            Some(Promise { by: short(name), text: short(&without_amounts(&reply.text)) })
        }
        _ => None,
    });
    written.take(PROMISES_MAX).collect()
}

/// The last question before the shopper's last word, if that word was a question too.
fn open_question(messages: &[Message]) -> Option<String> {
    let heard = messages.iter().rposition(|message| matches!(message.body, Body::Heard(_)))?;
    let asks = |message: &&Message| message.body.words().trim_end().ends_with('?');
    messages.get(heard).filter(asks)?;
    let before = heard.checked_sub(1).and_then(|at| messages.get(at)).filter(asks)?;
    matches!(before.body, Body::Reply(_)).then(|| short(&without_amounts(before.body.words())))
}

/// A text whose amounts and shares of money are left out: they may not hold any more.
fn without_amounts(text: &str) -> String {
    let mut kept = text.to_owned();
    let places: Vec<_> = literal::find(text)
        .into_iter()
        .filter(|found| matches!(found.kind, Kind::Money | Kind::Percent))
        .map(|found| found.place)
        .collect();
    for place in places.into_iter().rev() {
        kept.replace_range(place, "[amount]");
    }
    kept
}

fn short(text: &str) -> String {
    let words = clean::words(text);
    words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(WORDS_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{ConversationId, MessageId};
    use crate::domain::message::{Card, Reply, Said};

    fn said(seq: i64, author: Author, body: Body) -> Message {
        let at = "2026-12-14T09:00:00Z".parse().unwrap();
        let (id, conversation) = (MessageId::new(format!("m{seq}")), ConversationId::new("c"));
        Message { id, conversation, seq, author, body, at, external_id: None }
    }

    fn heard(seq: i64, text: &str) -> Message {
        said(seq, Author::Shopper, Body::Heard(Said::Text(text.into())))
    }

    fn card(product: &str) -> Card {
        let price = "€149.90".to_owned();
        Card {
            product: ProductId::new(product),
            title: product.to_uppercase(),
            subtitle: String::new(),
            price,
            compare_at: None,
            stock: "in stock".into(),
            picture: None,
            left: crate::domain::message::Left::default(),
            choices: Vec::new(),
            article: None,
        }
    }

    #[test]
    fn goal_items_promises_and_questions_stay_and_prices_do_not() {
        let shown = Reply { cards: vec![card("ridge"), card("fjell")], ..Reply::text("Two tents, from €149.90.") };
        let promised = Reply::text("I'll hold it for you until Friday, and 10 € off, that is 5 %.");
        let talk = [
            heard(1, "I need a light tent for two"),
            said(2, Author::Agent, Body::Reply(Box::new(shown))),
            heard(3, "the first"),
            said(4, Author::Colleague { name: "Ann".into() }, Body::Reply(Box::new(promised))),
            said(5, Author::Agent, Body::Reply(Box::new(Reply::text("Which size?")))),
            heard(6, "do you ship to Spain?"),
        ];
        let wish = |seq, words: &str| Wished {
            seq,
            words: words.into(),
            constraints: BTreeMap::from([("Colour".to_owned(), vec!["Blue".to_owned()])]),
        };
        let memory = Memory {
            wishes: vec![wish(1, "a light blue tent for two"), wish(9, "a stove for the tent")],
            ..Memory::default()
        };
        let earlier = of(&talk, &memory).unwrap();
        assert_eq!(earlier.goal.as_deref(), Some("a light blue tent for two"), "the later wish is not earlier");
        assert_eq!(earlier.constraints["Colour"], ["Blue"]);
        assert_eq!(earlier.items.iter().map(|i| i.product.as_str()).collect::<Vec<_>>(), ["ridge", "fjell"]);
        assert_eq!(earlier.promises[0].by, "Ann");
        assert!(earlier.promises[0].text.starts_with("I'll hold it for you until Friday"));
        assert_eq!(earlier.open_question.as_deref(), Some("Which size?"));
        let told = serde_json::to_string(&earlier).unwrap();
        assert!(!told.contains("149") && !told.contains("10"), "{told}");
        assert_eq!(of(&talk, &Memory::default()).unwrap().goal.as_deref(), Some("I need a light tent for two"));
        assert_eq!(of(&[], &memory), None);
        assert_eq!(of(&[heard(1, "hi")], &Memory::default()), None);
    }
}
