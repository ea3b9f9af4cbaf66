//! `souk whatsapp templates`: messages that Meta approved.

mod create;

use crate::cli::BoxError;
use crate::cli::start::{self, Place};
use crate::cli::whatsapp::{desk, table, told};
use clap::Subcommand;
use serde_json::json;
use souk::channel::whatsapp::manage::forms::Listed;
use souk::channel::whatsapp::template::Status;
use souk::conversation::whatsapp::template_news;
use std::process::ExitCode;

/// Examples and exit codes.
pub const HELP: &str = "Examples:\n  souk whatsapp templates list\n  souk whatsapp templates create --all-shipped\n  souk \
                        whatsapp templates create --name order_paid --language pt_BR\n  souk whatsapp templates create \
                        --file welcome.toml --dry-run\n  souk whatsapp templates sync           # after Meta approved \
                        them\n  souk whatsapp templates delete old_offer --yes\n\nExit code: 0 done, 1 Meta refused \
                        something, 2 used wrongly or Meta would refuse it.";

/// What to do with templates.
#[derive(Debug, clap::Args)]
pub struct Templates {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Ask Meta and print every template with status and quality.
    #[command(after_help = "Examples:\n  souk whatsapp templates list\n  souk whatsapp templates list --json | jq \
                            '.templates[] | select(.status != \"approved\") | .name'")]
    List(Plain),
    /// Ask Meta and keep what it says, so that the shop knows what may leave.
    #[command(
        after_help = "Examples:\n  souk whatsapp templates sync\n\nA change that Meta tells by webhook comes in by \
                            itself; this reads everything anew."
    )]
    Sync(Plain),
    /// Check templates and hand them in for approval.
    #[command(after_help = create::HELP)]
    Create(create::Create),
    /// Take a template away, in all its languages; its name is blocked for 30 days.
    #[command(after_help = "Examples:\n  souk whatsapp templates delete old_offer --yes")]
    Delete(Delete),
}

/// How to print.
#[derive(Debug, clap::Args)]
struct Plain {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Which one.
#[derive(Debug, clap::Args)]
struct Delete {
    /// Its name.
    name: String,
    /// Really.
    #[arg(long)]
    yes: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Does it.
pub async fn templates(place: &Place, wanted: Option<&str>, asked: &Templates) -> Result<ExitCode, BoxError> {
    match &asked.command {
        Command::List(asked) => list(place, wanted, asked).await,
        Command::Sync(asked) => sync(place, wanted, asked).await,
        Command::Create(asked) => create::create(place, wanted, asked).await,
        Command::Delete(asked) => delete(place, wanted, asked).await,
    }
}

async fn list(place: &Place, wanted: Option<&str>, asked: &Plain) -> Result<ExitCode, BoxError> {
    let loaded = start::settings(place)?;
    let desk = desk(&loaded.config, wanted)?;
    let mut forms = desk.forms().await.map_err(|failure| told("the templates cannot be read", &failure))?;
    sort(&mut forms);
    if asked.json {
        println!("{}", json!({"account": desk.name, "templates": forms}));
    } else {
        print!("{}", text(&forms));
    }
    Ok(ExitCode::SUCCESS)
}

async fn sync(place: &Place, wanted: Option<&str>, asked: &Plain) -> Result<ExitCode, BoxError> {
    let loaded = start::settings(place)?;
    let desk = desk(&loaded.config, wanted)?;
    let mut forms = desk.forms().await.map_err(|failure| told("the templates cannot be read", &failure))?;
    sort(&mut forms);
    let app = start::beside(&loaded).await?;
    let shop = start::shop(&app)?;
    let kept = template_news::keep(&app, &shop, desk.name, &forms).await?;
    app.store.close().await;
    let ready = kept.iter().filter(|form| form.status == Status::Approved).count();
    if asked.json {
        println!("{}", json!({"account": desk.name, "kept": kept.len(), "approved": ready, "templates": forms}));
    } else {
        print!("{}", text(&forms));
        println!("{} kept, {ready} of them may leave.", kept.len());
    }
    Ok(ExitCode::SUCCESS)
}

async fn delete(place: &Place, wanted: Option<&str>, asked: &Delete) -> Result<ExitCode, BoxError> {
    if !asked.yes {
        eprintln!("souk: {} goes in all its languages and its name is blocked for 30 days; say --yes", asked.name);
        return Ok(ExitCode::from(2));
    }
    let loaded = start::settings(place)?;
    let desk = desk(&loaded.config, wanted)?;
    let gone = desk.take_away(&asked.name).await;
    gone.map_err(|failure| told(&format!("{} is still there", asked.name), &failure))?;
    if asked.json {
        println!("{}", json!({"account": desk.name, "deleted": asked.name}));
    } else {
        println!("{} is gone; souk whatsapp templates sync tells the shop.", asked.name);
    }
    Ok(ExitCode::SUCCESS)
}

fn sort(forms: &mut [Listed]) {
    forms.sort_by(|a, b| (&a.form.name, &a.form.language).cmp(&(&b.form.name, &b.form.language)));
}

fn text(forms: &[Listed]) -> String {
    if forms.is_empty() {
        return "The account has no templates; souk whatsapp templates create --all-shipped hands ours in.\n"
            .to_owned();
    }
    let row = |listed: &Listed| {
        let form = &listed.form;
        let category = form.category.map_or("?", |category| category.word());
        let cells = [&form.name, &form.language, category, form.status.word(), form.quality.word()];
        let mut cells = cells.map(str::to_owned).to_vec();
        cells.push(listed.rejected_reason.to_lowercase());
        cells
    };
    let rows: Vec<Vec<String>> = forms.iter().map(row).collect();
    table(&["template", "language", "category", "status", "quality", ""], &rows)
}
