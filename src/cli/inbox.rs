//! `souk inbox`: conversations waiting for a colleague, read and answered beside a running server.

mod pick;

use crate::cli::BoxError;
use crate::cli::chat::show::{self, Style};
use crate::cli::start::{self, Place};
use serde_json::{Value, json};
use souk::app::App;
use souk::conversation::hand_off;
use souk::domain::conversation::With;
use souk::domain::id::ConversationId;
use souk::domain::message::{Author, Message};
use souk::store::conversations::Listed;
use std::io::IsTerminal;
use std::process::ExitCode;

/// Conversations listed at most.
const LIST_MAX: i64 = 200;
/// Messages of one conversation shown at most.
const MESSAGES_MAX: i64 = 100;
/// Letters at the end of an id that may stand for it.
const ENDING_MIN: usize = 4;

/// What to do with the conversations.
#[derive(Debug, clap::Args)]
pub struct Inbox {
    /// Print JSON: one object a line.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    act: Option<Act>,
}

#[derive(Debug, clap::Subcommand)]
enum Act {
    /// Read a conversation.
    Show {
        /// Its id, or the end of it.
        id: String,
    },
    /// Answer the shopper; the conversation is with a colleague from then on.
    Reply {
        /// Its id, or the end of it.
        id: String,
        /// What to say.
        #[arg(required = true, num_args = 1..)]
        text: Vec<String>,
        /// Your name, as the shopper sees it.
        #[arg(long, default_value = "Colleague")]
        name: String,
    },
    /// Give a conversation back to the agent.
    Return {
        /// Its id, or the end of it.
        id: String,
    },
    /// Take a conversation from the agent.
    Take {
        /// Its id, or the end of it.
        id: String,
    },
}

/// Lists, shows, answers.
pub async fn inbox(place: &Place, asked: &Inbox) -> Result<ExitCode, BoxError> {
    let app = start::beside(&start::settings(place)?).await?;
    start::shop(&app)?;
    let done = act(&app, asked).await;
    app.store.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn act(app: &App, asked: &Inbox) -> Result<(), BoxError> {
    let shop = &app.shop;
    match &asked.act {
        None if !asked.json && std::io::stdin().is_terminal() && std::io::stdout().is_terminal() => {
            pick::pick(app).await?;
        }
        None => list(app, asked.json).await?,
        Some(Act::Show { id }) => {
            let id = find(app, id).await?;
            for line in conversation(app, &id, asked.json).await? {
                println!("{line}");
            }
        }
        Some(Act::Reply { id, text, name }) => {
            let id = find(app, id).await?;
            match hand_off::answer(app, shop, &id, name, &text.join(" ")).await? {
                Some(_) => println!("Answered; the running server delivers it, or the next one."),
                None => return Err("the answer is empty; write what to say behind the id".into()),
            }
        }
        Some(Act::Return { id }) => {
            let given = hand_off::give_back(app, shop, &find(app, id).await?).await?;
            println!("{}", if given { "The agent answers again." } else { "The agent had it already." });
        }
        Some(Act::Take { id }) => {
            hand_off::take(app, shop, &find(app, id).await?).await?;
            println!("It is yours: answer with `souk inbox reply`, give it back with `souk inbox return`.");
        }
    }
    Ok(())
}

/// Those who wait for a colleague, longest first.
async fn waiting(app: &App) -> Result<Vec<Listed>, BoxError> {
    let mut listed = app.store.read(&app.shop).await?.list_conversations(true, LIST_MAX).await?;
    listed.reverse();
    Ok(listed)
}

async fn list(app: &App, as_json: bool) -> Result<(), BoxError> {
    let waiting = waiting(app).await?;
    if waiting.is_empty() && !as_json {
        println!("Nobody is waiting.");
    }
    for one in &waiting {
        println!("{}", if as_json { value(app, one).to_string() } else { row(app, one) });
    }
    Ok(())
}

fn row(app: &App, listed: &Listed) -> String {
    let With::Colleague { hand_off } = &listed.conversation.with else { return listed.conversation.id.to_string() };
    let (since, unit) = match app.now().duration_since(hand_off.at).as_mins() {
        minutes @ ..120 => (minutes, "min"),
        minutes => (minutes / 60, "h"),
    };
    show::clean(&format!(
        "{}  {}  {since} {unit}  {}: {}",
        listed.conversation.id,
        who(listed),
        hand_off.reason.word(),
        hand_off.summary
    ))
}

fn value(app: &App, listed: &Listed) -> Value {
    let conversation = &listed.conversation;
    let hand_off = match &conversation.with {
        With::Agent => None,
        With::Colleague { hand_off } => Some(hand_off),
    };
    json!({
        "id": conversation.id,
        "who": who(listed),
        "channel": conversation.channel,
        "since": hand_off.map(|h| h.at),
        "waiting_minutes": hand_off.map(|h| app.now().duration_since(h.at).as_mins()),
        "reason": hand_off.map(|h| h.reason.word()),
        "summary": hand_off.map(|h| &h.summary),
        "tried": hand_off.map(|h| &h.tried),
        "wanted": hand_off.map(|h| &h.wanted),
    })
}

fn who(listed: &Listed) -> String {
    let visitor = || format!("Visitor {}", listed.conversation.alias.chars().take(6).collect::<String>());
    listed.name.clone().unwrap_or_else(visitor)
}

async fn conversation(app: &App, id: &ConversationId, as_json: bool) -> Result<Vec<String>, BoxError> {
    let messages = app.store.read(&app.shop).await?.messages_until(id, i64::MAX, MESSAGES_MAX).await?;
    Ok(messages.iter().flat_map(|m| if as_json { vec![json!(m).to_string()] } else { spoken(m) }).collect())
}

fn spoken(message: &Message) -> Vec<String> {
    let at = message.at.strftime("%Y-%m-%d %H:%M");
    let author = match &message.author {
        Author::Colleague { .. } => "colleague",
        other => other.word(),
    };
    let mut lines = vec![format!("{at} UTC  {author}")];
    lines.extend(show::message(message, Style::Plain, &mut 0).into_iter().map(|line| format!("    {line}")));
    lines
}

/// A conversation by its id or the end of it.
pub async fn find(app: &App, id: &str) -> Result<ConversationId, BoxError> {
    let mut tx = app.store.read(&app.shop).await?;
    if let Some(found) = tx.conversation(&ConversationId::new(id)).await? {
        return Ok(found.id);
    }
    let listed = tx.list_conversations(false, LIST_MAX).await?;
    let mut ending = listed.iter().map(|l| &l.conversation.id).filter(|i| i.as_str().ends_with(id));
    match (ending.next(), ending.next()) {
        (Some(only), None) if id.len() >= ENDING_MIN => Ok(only.clone()),
        (Some(_), Some(_)) => Err(format!("several conversations end in {id}; write more of the id").into()),
        _ => Err(format!("there is no conversation {id}; `souk inbox` lists those who wait").into()),
    }
}
