//! What a model sees: instructions, the talk so far, the situation as data, and what has to be answered.

use crate::agent::earlier::Earlier;
use crate::agent::journal::Journal;
use crate::agent::room::Room;
use crate::agent::tool::order_get;
use crate::agent::{Error, Thread, clean, earlier, memory, tool, wording};
use crate::app::App;
use crate::domain::conversation::Conversation;
use crate::domain::enclosed::{Media, MediaKind};
use crate::domain::fact::{Fact, Value};
use crate::domain::id::ProductId;
use crate::domain::message::{Author, Body, Message, Said};
use crate::domain::product::Variant;
use crate::knowledge::look_up;
use crate::llm;
use crate::llm::picture::Picture;
use crate::store::Tx;
use serde_json::json;

/// Orders the situation names.
const ORDERS_MAX: i64 = 5;
/// Characters of what came with one message.
const EXTRAS_CHARS_MAX: usize = 400;
/// Characters of a message of ours that the shopper quotes.
const QUOTED_CHARS_MAX: usize = 300;
/// Pictures a model looks at in one turn.
const PICTURES_MAX: usize = 3;
/// Characters of one earlier message.
const HISTORY_CHARS_MAX: usize = 800;

/// The first request of a turn.
pub async fn request(
    app: &App,
    thread: &Thread,
    journal: &mut Journal<'_>,
    room: Option<Room>,
) -> Result<llm::Request, Error> {
    let history = thread.history.iter().filter_map(|message| Some((message.seq, seen(message)?)));
    let mut history: Vec<(i64, llm::Message)> = history.collect();
    let mut gone = None;
    if let Some(room) = room {
        history = room.newest(history);
        // What a model does not see any more is summed up.
        let seen = history.first().map(|(seq, _)| *seq).or_else(|| thread.asked.first().map(|m| m.seq));
        if let Some(seen) = seen.filter(|seen| *seen > 1) {
            gone = journal.look("earlier", before(app, thread, seen)).await?;
        }
    }
    let mut messages: Vec<llm::Message> = history.into_iter().map(|(_, message)| message).collect();
    messages.extend(pictures(app, thread, journal).await?);
    messages.extend(
        thread.asked.iter().map(|m| llm::Message::Shopper { text: with_extras(clean::words(m.body.meant()), &m.body) }),
    );
    // The situation comes after the words, so that everything before it stays the same for the endpoint's cache.
    let mut state = journal.look("state", state(app, thread)).await?;
    if let (Some(gone), Some(fields)) = (gone, state.as_object_mut()) {
        fields.insert("earlier".to_owned(), json!(gone));
    }
    let state = match room {
        Some(room) => room.situation(state),
        None => state,
    };
    messages.push(llm::Message::State { state });
    let (system, tools) = (journal.system()?, tool::specs());
    Ok(llm::Request { system, messages, tools, may_call: true, only: Vec::new() })
}

/// What was said before the first message that is seen.
async fn before(app: &App, thread: &Thread, seen: i64) -> Result<Option<Earlier>, Error> {
    let mut tx = app.store.read(&thread.shop.id).await?;
    let mut messages = tx.messages_until(&thread.conversation.id, seen - 1, earlier::MESSAGES_MAX).await?;
    messages.retain(|message| thread.contact.remembers(message.at));
    Ok(earlier::of(&messages, &thread.conversation.memory))
}

/// What the situation names: titles of products shown and lines of the cart may be spoken of before any tool is called,
/// figures in them included. Only the name counts: a figure of a title is no figure of anything else.
pub async fn facts(app: &App, thread: &Thread) -> Result<Vec<Fact>, Error> {
    let mut tx = app.store.read(&thread.shop.id).await?;
    let fact = |entity: String, title: &str, value: String| Fact {
        entity,
        field: "title".to_owned(),
        called: vec![title.to_owned()],
        value: Value::Name(value),
    };
    let shown = tx.products(&thread.conversation.memory.shown).await?;
    let named = shown.iter().enumerate();
    let mut facts: Vec<Fact> = named.map(|(n, p)| fact(format!("shown{}", n + 1), &p.title, String::new())).collect();
    let cart = tx.cart(&thread.contact.id).await?;
    for (n, line) in cart.lines.iter().enumerate() {
        if let Some(product) = tx.product_of(&line.variant).await? {
            let options = product.variant(&line.variant).map(Variant::options_text).unwrap_or_default();
            facts.push(fact(format!("line{}", n + 1), &product.title, options));
        }
    }
    Ok(facts)
}

fn seen(message: &Message) -> Option<llm::Message> {
    let cut = |text: &str| text.chars().take(HISTORY_CHARS_MAX).collect::<String>();
    match &message.body {
        Body::Heard(said) => {
            Some(llm::Message::Shopper { text: with_extras(cut(&clean::words(said.words())), &message.body) })
        }
        Body::Reply(reply) => {
            let mut text = cut(&reply.text);
            if !reply.cards.is_empty() {
                let titles: Vec<&str> = reply.cards.iter().map(|c| c.title.as_str()).collect();
                text = format!("{text} [shown: {}]", titles.join("; "));
            }
            if reply.summary.is_some() {
                text.push_str(" [order summary shown]");
            }
            if let Author::Colleague { name } = &message.author {
                text = format!("[{name}, a colleague] {text}");
            }
            (!text.trim().is_empty()).then_some(llm::Message::Agent { text })
        }
    }
}

/// Words, and behind them what came with them.
fn with_extras(words: String, body: &Body) -> String {
    let Body::Heard(said) = body else { return words };
    let extras: String = said.extras().join("; ").chars().take(EXTRAS_CHARS_MAX).collect();
    if extras.is_empty() { words } else { format!("{words}{}{}]", llm::WITH_IT, clean::words(&extras)) }
}

/// The pictures of what is asked, for a model that sees. Which they were is journalled; their bytes lie in files.
async fn pictures(app: &App, thread: &Thread, journal: &mut Journal<'_>) -> Result<Vec<llm::Message>, Error> {
    let sent = thread.asked.iter().filter_map(|message| match &message.body {
        Body::Heard(Said::Sent(sent)) => Some(sent),
        _ => None,
    });
    let shown: Vec<&Media> = sent.flat_map(|sent| sent.media()).filter(|m| m.what == MediaKind::Image).collect();
    if shown.is_empty() {
        return Ok(Vec::new());
    }
    let sees =
        journal.look("sees pictures", async { Ok(app.config.llm.sees && app.model.is_language_model()) }).await?;
    let mut messages = Vec::new();
    for media in shown.into_iter().take(if sees { PICTURES_MAX } else { 0 }) {
        let file = app.media_file(&thread.shop.id, &media.id);
        let kept = journal.look(&format!("picture {}", media.id), async { Ok(file.exists()) }).await?;
        if kept {
            // Gone since, as in a turn run again: it was seen then, and its answer is in the journal.
            let bytes = tokio::fs::read(&file).await.unwrap_or_default();
            let mime = media.mime.split(';').next().unwrap_or_default().trim().to_owned();
            let picture = Picture { id: media.id.to_string(), mime, bytes: bytes.into() };
            messages.push(llm::Message::Picture { picture });
        }
    }
    Ok(messages)
}

/// The words of our message that the shopper answers or quotes.
async fn quoted(tx: &mut Tx, thread: &Thread) -> Result<Option<String>, Error> {
    let answers = thread.asked.iter().rev().find_map(|message| match &message.body {
        Body::Heard(Said::Sent(sent)) => sent.answers.clone(),
        _ => None,
    });
    let Some(id) = answers else { return Ok(None) };
    let message = tx.message(&id).await?.filter(|m| m.conversation == thread.conversation.id);
    Ok(message.map(|m| m.body.words().chars().take(QUOTED_CHARS_MAX).collect()))
}

async fn state(app: &App, thread: &Thread) -> Result<serde_json::Value, Error> {
    let memory = &thread.conversation.memory;
    let mut tx = app.store.read(&thread.shop.id).await?;
    let shown = tx.products(&memory.shown).await?;
    let cart = tx.cart(&thread.contact.id).await?;
    let mut lines = Vec::new();
    for (n, line) in cart.lines.iter().enumerate() {
        let product = tx.product_of(&line.variant).await?;
        let variant = product.as_ref().and_then(|p| p.variant(&line.variant));
        lines.push(json!({
            "n": n + 1,
            "variant": line.variant,
            "title": product.as_ref().map(|p| &p.title),
            "options": variant.map(crate::domain::product::Variant::options_text),
            "quantity": line.quantity,
        }));
    }
    let orders = tx.orders_of(&thread.contact.id, ORDERS_MAX).await?;
    let sizes = memory::known(&mut tx, &thread.shop, &thread.contact).await?.sizes;
    let quoted = quoted(&mut tx, thread).await?;
    let open = tx.open_proposal(&thread.conversation.id).await?.is_some_and(|p| p.expires_at > app.now());
    let mut state = json!({
        "shop": {"name": thread.shop.name, "currency": thread.shop.currency, "colleagues": thread.shop.colleagues},
        "language": wording::language(thread).locale().to_string(),
        "today": look_up::today(app, &thread.shop),
        "shown": shown.iter().enumerate().map(|(n, p)| json!({"n": n + 1, "product": p.id, "title": p.title})).collect::<Vec<_>>(),
        "about": about(&thread.conversation),
        "last_search": memory.search,
        "cart": {"pieces": cart.lines.iter().map(|l| l.quantity).sum::<u32>(), "lines": lines},
        "open_proposal": open,
        "orders": orders.iter().map(|o| json!({
            "number": o.number, "status": o.status(), "placed": order_get::date(o.times.placed, &thread.shop).to_string(),
        })).collect::<Vec<_>>(),
        "known": {"sizes": sizes},
        "asked_back": memory.asked_back,
    });
    if let (Some(quoted), Some(fields)) = (quoted, state.as_object_mut()) {
        fields.insert("quoted".to_owned(), json!(quoted));
    }
    Ok(state)
}

fn about(conversation: &Conversation) -> Option<&ProductId> {
    conversation.memory.about.as_ref()
}
