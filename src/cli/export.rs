//! `souk export`: everything of the shop as JSON lines, without anything that opens doors.

use crate::cli::BoxError;
use crate::cli::start::{self, Place};
use serde_json::{Value, json};
use souk::app::App;
use souk::domain::id::{ContactId, ConversationId};
use souk::domain::order::Order;
use std::collections::BTreeSet;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Rows read at once.
const BATCH: i64 = 200;
/// Orders and conversations of one export; what is beyond is said, never left out silently.
const ROWS_MAX: i64 = 1_000_000;
/// The name of standard output.
const STDOUT: &str = "-";
/// What stands where something was that opens a door.
const HIDDEN: &str = "…";

/// What to export, and where to.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// A file, written at once when complete; `-` for standard output.
    #[arg(long, default_value = STDOUT)]
    out: PathBuf,
    /// Which rows.
    #[arg(long, value_enum, default_value = "all")]
    what: What,
    /// JSON lines are the only form; accepted so that scripts may say it.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// The catalogue.
    Products,
    /// Orders and their contacts.
    Orders,
    /// Conversations with their messages and contacts.
    Conversations,
    /// All of it, the shop and its texts.
    All,
}

/// Writes the shop out.
pub async fn export(place: &Place, asked: &Export) -> Result<ExitCode, BoxError> {
    let app = start::beside(&start::settings(place)?).await?;
    start::shop(&app)?;
    let done = if asked.out.as_os_str() == STDOUT {
        let mut out = BufWriter::new(std::io::stdout().lock());
        match write(&app, asked.what, &mut out).await {
            // Whoever reads has enough.
            Err(error) if is_broken_pipe(error.as_ref()) => Ok(()),
            other => other.map(|_| ()),
        }
    } else {
        to_file(&app, asked).await
    };
    app.store.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe)
}

async fn to_file(app: &App, asked: &Export) -> Result<(), BoxError> {
    let shown = asked.out.display();
    let failed = |e: &dyn std::fmt::Display| format!("{shown} cannot be written: {e}; the file is as it was before");
    let partial = partial(&asked.out);
    let result: Result<u64, BoxError> = async {
        let mut out = BufWriter::new(std::fs::File::create(&partial)?);
        let count = write(app, asked.what, &mut out).await?;
        out.into_inner()?.sync_all()?;
        std::fs::rename(&partial, &asked.out)?;
        Ok(count)
    }
    .await;
    match result {
        Ok(count) => {
            eprintln!("{count} lines in {shown}");
            Ok(())
        }
        Err(error) => {
            let _ = std::fs::remove_file(&partial);
            Err(failed(&error).into())
        }
    }
}

fn partial(file: &Path) -> PathBuf {
    let mut name = file.file_name().map(std::ffi::OsStr::to_os_string).unwrap_or_default();
    name.push(format!(".{}.partial", std::process::id()));
    file.with_file_name(name)
}

async fn write(app: &App, what: What, out: &mut impl Write) -> Result<u64, BoxError> {
    let mut lines = Lines { out, count: 0 };
    let has = |one: What| what == one || what == What::All;
    if what == What::All {
        let mut tx = app.store.read(&app.shop).await?;
        lines.put("shop", json!(tx.shop().await?))?;
        for passage in tx.all_passages().await? {
            lines.put("passage", json!(passage))?;
        }
    }
    if has(What::Products) {
        products(app, &mut lines).await?;
    }
    let orders = app.store.read(&app.shop).await?.all_orders(ROWS_MAX).await?;
    let mut contacts = BTreeSet::new();
    if has(What::Orders) {
        for order in &orders {
            contacts.insert(order.contact.clone());
            lines.put("order", value(order))?;
        }
    }
    if has(What::Conversations) {
        conversations(app, &orders, &mut contacts, &mut lines).await?;
    }
    for contact in &contacts {
        let contact = app.store.read(&app.shop).await?.contact(contact).await?;
        lines.put("contact", json!(contact))?;
    }
    lines.out.flush()?;
    Ok(lines.count)
}

async fn products(app: &App, lines: &mut Lines<'_, impl Write>) -> Result<(), BoxError> {
    let mut after = String::new();
    loop {
        let mut tx = app.store.read(&app.shop).await?;
        let ids = tx.product_ids_after(&after, BATCH).await?;
        let Some(last) = ids.last() else { return Ok(()) };
        after = last.to_string();
        for product in tx.products(&ids).await? {
            lines.put("product", json!(product))?;
        }
    }
}

async fn conversations(
    app: &App,
    orders: &[Order],
    contacts: &mut BTreeSet<ContactId>,
    lines: &mut Lines<'_, impl Write>,
) -> Result<(), BoxError> {
    let listed = app.store.read(&app.shop).await?.list_conversations(false, ROWS_MAX).await?;
    for one in listed {
        let conversation = &one.conversation;
        contacts.insert(conversation.contact.clone());
        lines.put(
            "conversation",
            json!({
                "id": conversation.id, "contact": conversation.contact, "channel": conversation.channel,
                "with": conversation.with, "changed_at": one.changed_at,
            }),
        )?;
        let tokens = orders.iter().filter(|o| o.contact == conversation.contact).map(|o| o.token.as_str()).collect();
        messages(app, &conversation.id, tokens, lines).await?;
    }
    Ok(())
}

async fn messages(
    app: &App,
    id: &ConversationId,
    tokens: Vec<&str>,
    lines: &mut Lines<'_, impl Write>,
) -> Result<(), BoxError> {
    let mut after = 0;
    loop {
        let messages = app.store.read(&app.shop).await?.messages_after(id, after, BATCH).await?;
        let Some(last) = messages.last() else { return Ok(()) };
        after = last.seq;
        for message in &messages {
            let mut value = json!(message);
            hide(&mut value, &tokens);
            lines.put("message", value)?;
        }
    }
}

/// An order without the token that opens its page.
fn value(order: &Order) -> Value {
    json!({
        "id": order.id, "number": order.number, "contact": order.contact, "conversation": order.conversation,
        "state": order.state, "quote": order.quote, "times": order.times, "tracking": order.tracking,
        "note": order.note,
    })
}

/// Takes order tokens and payment pages out of a message.
fn hide(value: &mut Value, tokens: &[&str]) {
    match value {
        Value::String(text) => {
            for token in tokens.iter().filter(|t| !t.is_empty() && text.contains(**t)).collect::<Vec<_>>() {
                *text = text.replace(token, HIDDEN);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| hide(item, tokens)),
        Value::Object(map) => {
            for (key, inner) in map {
                match inner {
                    Value::String(url) if key == "url" => HIDDEN.clone_into(url),
                    _ => hide(inner, tokens),
                }
            }
        }
        _ => {}
    }
}

struct Lines<'a, W> {
    out: &'a mut W,
    count: u64,
}

impl<W: Write> Lines<'_, W> {
    fn put(&mut self, kind: &str, value: Value) -> Result<(), BoxError> {
        let mut line = serde_json::Map::new();
        line.insert("kind".to_owned(), kind.into());
        match value {
            Value::Object(fields) => line.extend(fields),
            Value::Null => return Ok(()),
            other => drop(line.insert("value".to_owned(), other)),
        }
        serde_json::to_writer(&mut *self.out, &line).map_err(std::io::Error::from)?;
        self.out.write_all(b"\n")?;
        self.count += 1;
        Ok(())
    }
}
