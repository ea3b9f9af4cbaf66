//! What must hold after a world has settled: by the network's own memory and our rows, told apart.

use crate::http::whatsapp::{talks, written};
use crate::whatsapp::phone::Street;
use serde_json::Value;
use souk::domain::conversation::Conversation;
use souk::domain::message::{Author, Body};
use souk::emulator::state::Bubble;
use sqlx::{Connection, Row as _, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};

/// How the network says that it only did what it was told.
const TOLD_TO: &str = "was told to";
/// Seconds without news after which something may be sent again.
const UNKNOWN_SECONDS: i64 = 60;

/// A send as it stands in the rows.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: String,
    pub conversation_id: String,
    pub message_id: String,
    pub seq: i64,
    pub part: i64,
    pub kind: String,
    pub state: String,
    pub doubles: i64,
    pub superseded: i64,
}

/// Every send of the shop.
pub async fn sends(street: &Street) -> Vec<Row> {
    const SQL: &str = "SELECT id, conversation_id, message_id, seq, part, kind, state, doubles, superseded
        FROM sends ORDER BY conversation_id, seq, part";
    let file = format!("sqlite://{}?mode=ro", street.shop.app.data.join("souk.db").display());
    let mut rows = SqliteConnection::connect(&file).await.unwrap();
    let all = sqlx::query(SQL).fetch_all(&mut rows).await.unwrap();
    rows.close().await.unwrap();
    let row = |r: &sqlx::sqlite::SqliteRow| Row {
        id: r.get("id"),
        conversation_id: r.get("conversation_id"),
        message_id: r.get("message_id"),
        seq: r.get("seq"),
        part: r.get("part"),
        kind: r.get("kind"),
        state: r.get("state"),
        doubles: r.get("doubles"),
        superseded: r.get("superseded"),
    };
    all.iter().map(row).collect()
}

/// How far a state is, if the network told it.
pub fn rank(state: &str) -> Option<usize> {
    ["accepted", "sent", "failed", "delivered", "read"].iter().position(|s| *s == state)
}

/// What left us and broke a rule of the network's, by its own judgement.
pub fn broken_rules(street: &Street) -> Vec<String> {
    let mut broken = Vec::new();
    for entry in street.world.journal() {
        let of_ours = entry.kind == "call" && entry.title.contains("/messages") && entry.status >= 400;
        if of_ours && !entry.answer.contains(TOLD_TO) && !entry.answer.contains("131056") {
            broken.push(format!("{} {} {}", entry.title, entry.request, entry.answer));
        }
    }
    for bubble in street.world.sent() {
        if let Some(error) = &bubble.error {
            let code = error["code"].as_i64().unwrap_or_default();
            if !error.to_string().contains(TOLD_TO) && code != 131_026 {
                broken.push(format!("{error} {}", bubble.body));
            }
        }
    }
    broken
}

/// What was found in a world that kept all rules.
#[derive(Default, Debug)]
pub struct Seen {
    pub inbound: usize,
    pub outbound: usize,
    pub doubled: usize,
    pub failed: usize,
    pub unknown: usize,
    pub with_colleague: usize,
}

/// Checks a settled world; fails with what is wrong.
pub async fn judge(street: &Street) -> Seen {
    let mut seen = Seen::default();
    let rows = sends(street).await;
    let chats = street.world.with(|s| s.bubbles.iter().cloned().collect::<Vec<_>>());
    each_is_answered(street, &rows, &chats, &mut seen).await;
    nothing_comes_twice(street, &rows, &chats, &mut seen);
    order_is_kept(&rows, &chats);
    statuses_agree(&rows, &chats, &mut seen);
    seen
}

/// Every message of a shopper is in the rows once, and answered or with a colleague; every answer has left or says why not.
async fn each_is_answered(street: &Street, rows: &[Row], chats: &[Bubble], seen: &mut Seen) {
    let mut found: BTreeMap<String, (Conversation, i64)> = BTreeMap::new();
    for talk in talks(&street.shop).await {
        let messages = written(&street.shop, &talk).await;
        seen.with_colleague += usize::from(talk.with.is_colleague());
        let asked = messages.iter().rev().find(|m| m.author == Author::Shopper).map_or(0, |m| m.seq);
        assert!(talk.answered_seq >= asked, "somebody waits for an answer");
        for message in &messages {
            match &message.body {
                Body::Heard(_) => {
                    let outside = message.external_id.clone().unwrap();
                    let before = found.insert(outside.clone(), (talk.clone(), message.seq));
                    assert!(before.is_none(), "{outside} was taken in twice");
                }
                Body::Reply(_) => {
                    let own: Vec<&Row> = rows.iter().filter(|r| r.message_id == message.id.as_str()).collect();
                    assert!(!own.is_empty(), "never planned: {message:?}");
                    for row in own {
                        let told = talk.with.is_colleague();
                        let fine = match row.state.as_str() {
                            "sent" | "delivered" | "read" | "held" | "dropped" => true,
                            // Of what was never told again somebody knows.
                            "failed" | "unknown" => row.superseded == 1 || told,
                            _ => false,
                        };
                        assert!(fine, "neither here nor there: {row:?}");
                        seen.unknown += usize::from(row.state == "unknown");
                    }
                }
            }
        }
        let silent = messages.last().is_some_and(|m| m.author == Author::Shopper);
        let waits_for_nothing = messages.last().is_some_and(|m| m.body.words() == "Read");
        assert!(!silent || talk.with.is_colleague() || waits_for_nothing, "no answer: {:?}", messages.last());
    }
    let said = ["text", "interactive", "image", "audio", "order", "location", "button", "unsupported"];
    for bubble in chats.iter().filter(|b| !b.ours && said.contains(&b.kind.as_str())) {
        seen.inbound += 1;
        assert!(found.contains_key(&bubble.id), "lost: {} {}", bubble.kind, bubble.body);
    }
}

/// What reached somebody twice bears it, and no news had come of the first.
fn nothing_comes_twice(street: &Street, rows: &[Row], chats: &[Bubble], seen: &mut Seen) {
    let by_id: BTreeMap<&str, &Row> = rows.iter().map(|r| (r.id.as_str(), r)).collect();
    let mut arrived: BTreeMap<(String, String), Vec<&Bubble>> = BTreeMap::new();
    for bubble in chats.iter().filter(|b| b.ours && b.status != "failed") {
        seen.outbound += 1;
        let row = by_id[bubble.opaque.as_deref().expect("our id in it")];
        let body = without_context(&bubble.body).to_string();
        arrived.entry((row.message_id.clone(), body)).or_default().push(bubble);
    }
    for ((message, body), bubbles) in arrived {
        for pair in bubbles.windows(2) {
            seen.doubled += 1;
            let row = by_id[pair[1].opaque.as_deref().unwrap()];
            assert_eq!(row.doubles, 1, "twice, and it must not be: {message} {body}");
            let apart = pair[1].at.duration_since(pair[0].at).as_secs();
            assert!(apart >= UNKNOWN_SECONDS, "sent again after {apart} s: {message} {body}");
            let news = street.news_of(&pair[0].id);
            assert!(news.is_none_or(|at| at >= pair[1].at), "sent again although news had come: {message} {body}");
        }
    }
}

fn without_context(body: &Value) -> Value {
    let mut body = body.clone();
    if let Some(object) = body.as_object_mut() {
        object.remove("context");
    }
    body
}

/// Nobody gets a message before an older one that arrived at the first try.
fn order_is_kept(rows: &[Row], chats: &[Bubble]) {
    let by_id: BTreeMap<&str, &Row> = rows.iter().map(|r| (r.id.as_str(), r)).collect();
    let late: BTreeSet<&str> = rows
        .iter()
        .filter(|r| matches!(r.state.as_str(), "failed" | "unknown"))
        .map(|r| r.message_id.as_str())
        .collect();
    let mut last: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    let mut known = BTreeSet::new();
    for bubble in chats.iter().filter(|b| b.ours) {
        let row = by_id[bubble.opaque.as_deref().unwrap()];
        if row.kind == "waiting" || late.contains(row.message_id.as_str()) || !known.insert(row.id.as_str()) {
            continue;
        }
        let place = last.entry(row.conversation_id.as_str()).or_default();
        assert!(*place < (row.seq, row.part), "{place:?} was before {row:?}");
        *place = (row.seq, row.part);
    }
}

/// Our rows and the network say the same of each message.
fn statuses_agree(rows: &[Row], chats: &[Bubble], seen: &mut Seen) {
    for row in rows {
        let of = chats.iter().filter(|b| b.ours && b.opaque.as_deref() == Some(&row.id));
        let theirs = of.map(|b| b.status.as_str()).max_by_key(|s| rank(s));
        seen.failed += usize::from(row.state == "failed");
        match theirs {
            Some(theirs) => assert_eq!(row.state, theirs, "{row:?}"),
            None => assert!(
                !matches!(row.state.as_str(), "accepted" | "sent" | "delivered" | "read"),
                "the network knows nothing of {row:?}"
            ),
        }
    }
}
