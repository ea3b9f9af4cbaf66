//! Past turns as their journals tell them, and the thread a turn started from, rebuilt.

use crate::agent::Thread;
use crate::agent::journal::entry::{Began, Entry};
use crate::domain::conversation::{Conversation, With};
use crate::domain::id::ConversationId;
use crate::domain::message::Message;
use crate::domain::shop::Shop;
use crate::llm::Request;
use crate::store::turns::PastTurn;
use crate::store::{self, Tx};
use std::collections::{BTreeMap, BTreeSet};

/// Turns of one conversation that are looked at; of more, the newest.
pub const TURNS_MAX: i64 = 500;
/// Messages of one conversation that are looked through.
const MESSAGES_MAX: i64 = 10_000;

/// A turn and everything its journal holds.
#[derive(Clone, Debug)]
pub struct Past {
    /// Its place in the conversation, from 1.
    pub number: usize,
    /// Its row.
    pub row: PastTurn,
    /// The messages it answered.
    pub asked: Vec<Message>,
    /// Its journal.
    pub entries: Vec<Entry>,
    /// The texts its journal points to.
    pub texts: BTreeMap<String, String>,
}

/// The turns of a conversation, oldest first; or the one with this number.
pub async fn turns(tx: &mut Tx, id: &ConversationId, only: Option<usize>) -> Result<Vec<Past>, store::Error> {
    let rows = tx.turns(id, TURNS_MAX).await?;
    let messages = tx.messages_until(id, i64::MAX, MESSAGES_MAX).await?;
    let (mut found, mut answered) = (Vec::new(), 0);
    for (number, row) in (1..).zip(rows) {
        let after = std::mem::replace(&mut answered, row.upto_seq);
        if only.is_some_and(|wanted| wanted != number) {
            continue;
        }
        let entries: Vec<Entry> = tx.journal(&row.id).await?;
        let began = began(&entries);
        let is_asked = |m: &&Message| match began {
            Some(began) => began.asked.contains(&m.seq),
            None => m.seq > after && m.seq <= row.upto_seq && matches!(m.body, crate::domain::message::Body::Heard(_)),
        };
        let asked = messages.iter().filter(is_asked).cloned().collect();
        let mut texts = BTreeMap::new();
        for hash in hashes(&entries) {
            if let Some(body) = tx.text(&hash).await? {
                texts.insert(hash, body);
            }
        }
        found.push(Past { number, row, asked, entries, texts });
    }
    Ok(found)
}

fn began(entries: &[Entry]) -> Option<&Began> {
    entries.iter().find_map(|entry| match entry {
        Entry::Began(began) => Some(began.as_ref()),
        _ => None,
    })
}

fn hashes(entries: &[Entry]) -> BTreeSet<String> {
    let mut hashes = BTreeSet::new();
    for entry in entries {
        match entry {
            Entry::Began(began) => drop(hashes.insert(began.shop.clone())),
            Entry::Asked(asked) => hashes.extend([asked.sent.system.clone(), asked.sent.tools.clone()]),
            _ => {}
        }
    }
    hashes
}

impl Past {
    /// What the turn started from, when it was recorded.
    pub fn began(&self) -> Option<&Began> {
        began(&self.entries)
    }

    /// The requests of the turn as they were sent, in order.
    pub fn requests(&self) -> Vec<Option<Request>> {
        let (mut before, mut requests) = (Vec::new(), Vec::new());
        for entry in &self.entries {
            if let Entry::Asked(asked) = entry {
                requests.push(asked.sent.request(&before, |hash| self.texts.get(hash).cloned()));
                before = asked.sent.messages(&before);
            }
        }
        requests
    }

    /// The thread as it was when the turn began; nothing when the journal does not tell.
    pub async fn thread(&self, tx: &mut Tx, conversation: &Conversation) -> Result<Option<Thread>, store::Error> {
        let Some(began) = self.began() else { return Ok(None) };
        let shop = self.texts.get(&began.shop).and_then(|body| serde_json::from_str::<Shop>(body).ok());
        let Some(shop) = shop else { return Ok(None) };
        let last = began.history.iter().chain(&began.asked).max().copied().unwrap_or_default();
        let messages = tx.messages_until(&conversation.id, last, MESSAGES_MAX).await?;
        let among = |numbers: &[i64]| messages.iter().filter(|m| numbers.contains(&m.seq)).cloned().collect::<Vec<_>>();
        let (asked, history) = (among(&began.asked), among(&began.history));
        if asked.len() != began.asked.len() || history.len() != began.history.len() {
            return Ok(None);
        }
        let conversation = Conversation { with: With::Agent, memory: began.memory.clone(), ..conversation.clone() };
        let contact = began.contact.clone();
        Ok(Some(Thread { shop, contact, conversation, turn: self.row.id.clone(), asked, history }))
    }
}
