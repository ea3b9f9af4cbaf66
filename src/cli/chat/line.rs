//! The two ways to talk: lines through a pipe, or a person at a prompt.

use crate::cli::BoxError;
use crate::cli::chat::offer::Offer;
use crate::cli::chat::show::{self, Style};
use crate::cli::chat::talk::Talk;
use indicatif::ProgressBar;
use souk::domain::message::{Author, Message};
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};

/// Bytes of one line; a longer one is a mistake.
const LINE_BYTES_MAX: u64 = 64 * 1024;
/// How often a waiting prompt looks for messages that come by themselves.
const LOOK_EVERY: Duration = Duration::from_millis(400);
/// Earlier messages shown to somebody who comes back.
const EARLIER: i64 = 4;

/// One message a line in, answers out, until the input ends.
pub async fn plain(talk: &mut Talk) -> Result<ExitCode, BoxError> {
    let mut input = BufReader::new(tokio::io::stdin());
    let mut offer = Offer::default();
    while let Some(line) = read(&mut input).await? {
        if line.trim().is_empty() {
            continue;
        }
        let seq = talk.say(offer.said(&line, false)).await?;
        talk.settle(seq).await?;
        let news = talk.news().await?;
        if !print(&news, Style::Plain)? {
            // Nobody reads any more.
            return Ok(ExitCode::SUCCESS);
        }
        if !news.is_empty() {
            offer = Offer::of(&news);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A person at a prompt; what comes by itself is printed as it comes.
pub async fn interactive(talk: &mut Talk, address: &str) -> Result<ExitCode, BoxError> {
    let shop = talk.app.store.read(&talk.app.shop).await?.shop().await?.ok_or("the shop is gone")?;
    println!("{}  (the same shop: {address}/chat; Ctrl-D ends)\n", shop.name);
    let earlier = talk.earlier(EARLIER).await?;
    let mut offer = Offer::of(earlier.last().map(std::slice::from_ref).unwrap_or_default());
    if earlier.is_empty() {
        println!("{}", show::clean(&shop.greeting));
        shop.starters.iter().for_each(|starter| println!("  e.g. {starter}"));
    } else {
        print_earlier(&earlier);
    }
    // A task of its own reads, because half a line must not be lost when a message comes in between.
    let (send, mut lines) = tokio::sync::mpsc::channel::<String>(1);
    tokio::spawn(async move {
        let mut input = BufReader::new(tokio::io::stdin());
        while let Ok(Some(line)) = read(&mut input).await {
            if send.send(line).await.is_err() {
                return;
            }
        }
    });
    prompt()?;
    loop {
        let line = tokio::select! {
            line = lines.recv() => line,
            () = tokio::time::sleep(LOOK_EVERY) => {
                let news = talk.news().await?;
                if !news.is_empty() {
                    println!();
                    print(&news, Style::Numbered)?;
                    offer = Offer::of(&news);
                    prompt()?;
                }
                continue;
            }
            _ = tokio::signal::ctrl_c() => None,
        };
        let Some(line) = line else { break };
        if !line.trim().is_empty() {
            let news = ask(talk, &offer, &line).await?;
            print(&news, Style::Numbered)?;
            if !news.is_empty() {
                offer = Offer::of(&news);
            }
        }
        prompt()?;
    }
    println!();
    Ok(ExitCode::SUCCESS)
}

/// Says a line and waits for its answer, telling what is being done.
async fn ask(talk: &mut Talk, offer: &Offer, line: &str) -> Result<Vec<Message>, BoxError> {
    let spinner = ProgressBar::new_spinner();
    spinner.enable_steady_tick(Duration::from_millis(120));
    spinner.set_message("…");
    let seq = talk.say(offer.said(line, true)).await?;
    let settled = talk.settle(seq).await;
    spinner.finish_and_clear();
    settled?;
    talk.news().await
}

fn prompt() -> Result<(), BoxError> {
    print!("\n› ");
    Ok(std::io::stdout().flush()?)
}

fn print_earlier(messages: &[Message]) {
    for message in messages {
        let mut next = 0;
        let before = if message.author == Author::Shopper { "› " } else { "" };
        for line in show::message(message, Style::Numbered, &mut next) {
            println!("{before}{line}");
        }
    }
}

/// Prints messages; answers false when nobody reads them.
fn print(messages: &[Message], style: Style) -> Result<bool, BoxError> {
    let mut out = std::io::stdout().lock();
    let mut next = 0;
    for line in messages.iter().flat_map(|m| show::message(m, style, &mut next)) {
        if let Err(error) = writeln!(out, "{line}") {
            return if error.kind() == std::io::ErrorKind::BrokenPipe { Ok(false) } else { Err(error.into()) };
        }
    }
    match out.flush() {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
        other => Ok(other.map(|()| true)?),
    }
}

/// One line, or `None` at the end of the input.
async fn read(input: &mut (impl AsyncBufReadExt + Unpin)) -> Result<Option<String>, BoxError> {
    let mut bytes = Vec::new();
    let length = input.take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes).await?;
    Ok((length > 0).then(|| String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned()))
}
