//! The inbox at a prompt: choose, read, answer.

use crate::cli::BoxError;
use crate::cli::inbox::{conversation, row, waiting};
use souk::app::App;
use souk::conversation::hand_off;
use souk::domain::id::ConversationId;
use std::io::{BufRead, Write};

/// Bytes of one typed line.
const LINE_BYTES_MAX: u64 = 64 * 1024;

/// Lets a colleague choose and answer until they leave.
pub async fn pick(app: &App) -> Result<(), BoxError> {
    let Some(name) = ask("Your name, as shoppers see it: ")? else { return Ok(()) };
    loop {
        let waiting = waiting(app).await?;
        if waiting.is_empty() {
            println!("Nobody is waiting.");
        }
        for (number, one) in (1..).zip(&waiting) {
            println!("{number:>3}. {}", row(app, one));
        }
        let Some(line) = ask("Number to open, Enter to look again, q to leave: ")? else { return Ok(()) };
        match line.as_str() {
            "q" => return Ok(()),
            "" => {}
            number => match number.parse::<usize>().ok().and_then(|n| waiting.get(n.checked_sub(1)?)) {
                Some(one) => answer(app, &one.conversation.id, &name).await?,
                None => println!("There is no number {number}."),
            },
        }
    }
}

async fn answer(app: &App, id: &ConversationId, name: &str) -> Result<(), BoxError> {
    loop {
        for line in conversation(app, id, false).await? {
            println!("{line}");
        }
        let Some(line) = ask("Answer (/return gives it back to the agent, /back leaves it open): ")? else {
            return Ok(());
        };
        match line.as_str() {
            "" => {}
            "/back" => return Ok(()),
            "/return" => {
                hand_off::give_back(app, &app.shop, id).await?;
                return Ok(());
            }
            text => {
                hand_off::answer(app, &app.shop, id, name, text).await?;
            }
        }
    }
}

/// A typed line, or `None` at the end of the input.
fn ask(question: &str) -> Result<Option<String>, BoxError> {
    print!("\n{question}");
    std::io::stdout().flush()?;
    let mut line = Vec::new();
    let length = std::io::Read::take(std::io::stdin().lock(), LINE_BYTES_MAX).read_until(b'\n', &mut line)?;
    Ok((length > 0).then(|| String::from_utf8_lossy(&line).trim().to_owned()))
}
