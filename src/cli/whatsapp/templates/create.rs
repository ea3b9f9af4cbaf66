//! `souk whatsapp templates create`: checks templates here, and hands in those that Meta would not refuse.

use crate::cli::BoxError;
use crate::cli::start::{self, Place};
use crate::cli::whatsapp::{account, desk, told};
use serde::Deserialize;
use serde_json::{Value, json};
use souk::channel::whatsapp::manage::{Desk, finding};
use souk::channel::whatsapp::template::{ButtonText, Definition, shipped};
use souk::domain::template::Category;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Examples and the form of a file.
pub const HELP: &str = "Examples:\n  souk whatsapp templates create --all-shipped --dry-run\n  souk whatsapp templates \
                        create --name order_paid             # in every language we have\n  souk whatsapp templates \
                        create --file welcome.toml\n\nA file:\n  name = \"back_in_stock\"\n  language = \"en\"\n  category \
                        = \"marketing\"\n  body = \"Hello {{name}}, {{product}} is here again. Reply STOP for no more \
                        offers.\"\n  footer = \"Your shop\"\n  [samples]\n  name = \"Maya\"\n  product = \"Rain \
                        Tent\"\n  [[buttons]]\n  text = \"See it\"\n  url = \"https://your.shop/p/{{1}}\"\n  sample = \
                        \"tent\"";
/// Bytes of a file.
const FILE_MAX: u64 = 256 * 1024;

/// Which ones.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("which").required(true).multiple(false).args(["name", "all_shipped", "file"]))]
pub struct Create {
    /// One that comes with souk, by its name.
    #[arg(long)]
    name: Option<String>,
    /// All that come with souk.
    #[arg(long)]
    all_shipped: bool,
    /// One of your own.
    #[arg(long)]
    file: Option<PathBuf>,
    /// Only in this language: pt_BR.
    #[arg(long)]
    language: Option<String>,
    /// Only check, and say what would be handed in.
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    language: String,
    category: Category,
    #[serde(default)]
    header: Option<String>,
    body: String,
    #[serde(default)]
    footer: Option<String>,
    #[serde(default)]
    buttons: Vec<Button>,
    #[serde(default)]
    samples: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Button {
    text: String,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    sample: String,
}

/// Checks and hands in; fails when Meta refused one, is used wrongly when it would refuse one.
pub async fn create(place: &Place, wanted: Option<&str>, asked: &Create) -> Result<ExitCode, BoxError> {
    let loaded = start::settings(place)?;
    account(&loaded.config, wanted)?;
    let forms = forms(asked, &loaded.config.public_url())?;
    let mut rows: Vec<Value> = Vec::new();
    for form in &forms {
        if let Err(flaws) = form.check() {
            let flaws: Vec<String> = flaws.iter().map(ToString::to_string).collect();
            flaws.iter().for_each(|flaw| eprintln!("souk: {} ({}): {flaw}", form.name, form.language));
            rows.push(row(form, "flawed", json!(flaws)));
        }
    }
    if !rows.is_empty() {
        if asked.json {
            println!("{}", json!({"templates": rows, "ok": false}));
        }
        return Ok(ExitCode::from(2));
    }
    let desk = desk(&loaded.config, wanted)?;
    let refused = hand_in(&desk, &forms, asked, &mut rows).await?;
    if asked.json {
        println!("{}", json!({"account": desk.name, "dry_run": asked.dry_run, "templates": rows, "ok": refused == 0}));
    } else if refused == 0 && !asked.dry_run {
        println!("Meta looks at them now, for minutes or a day; then: souk whatsapp templates sync");
    }
    Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn hand_in(
    desk: &Desk<'_>,
    forms: &[Definition],
    asked: &Create,
    rows: &mut Vec<Value>,
) -> Result<usize, BoxError> {
    let there = desk.forms().await.map_err(|failure| told("the templates cannot be read", &failure))?;
    let say = |text: String| {
        if !asked.json {
            println!("{text}");
        }
    };
    let mut refused = 0;
    for form in forms {
        let name = format!("{} ({})", form.name, form.language);
        let known = there.iter().find(|one| one.form.name == form.name && one.form.language == form.language);
        if let Some(known) = known {
            say(format!("{name} is there already: {}", known.form.status.word()));
            rows.push(row(form, "there", json!(known.form.status.word())));
        } else if asked.dry_run {
            say(format!("would hand {name} in as {}", form.category.word()));
            rows.push(row(form, "would", Value::Null));
        } else {
            match desk.hand_in(form).await {
                Ok(made) => {
                    let moved = !made.category.is_empty() && Category::of_word(&made.category) != Some(form.category);
                    let but = if moved { format!(", but as {}", made.category.to_lowercase()) } else { String::new() };
                    say(format!("{name}: {}{but}", made.status.word()));
                    rows.push(row(form, "handed_in", json!(made)));
                }
                Err(failure) => {
                    refused += 1;
                    eprintln!("souk: {name}: {failure}\n  → {}", finding::remedy(&failure));
                    rows.push(row(form, "refused", json!(failure.to_string())));
                }
            }
        }
    }
    Ok(refused)
}

fn row(form: &Definition, became: &str, said: Value) -> Value {
    json!({"name": form.name, "language": form.language, "category": form.category, "became": became, "said": said})
}

/// What is meant, in every language or in one.
fn forms(asked: &Create, public_url: &str) -> Result<Vec<Definition>, BoxError> {
    let all = match &asked.file {
        Some(file) => vec![read(file)?],
        None => shipped(public_url),
    };
    let fits = |form: &Definition| {
        asked.name.as_ref().is_none_or(|name| form.name == *name)
            && asked.language.as_ref().is_none_or(|language| form.language == *language)
    };
    let names: std::collections::BTreeSet<&str> = all.iter().map(|form| form.name.as_str()).collect();
    let forms: Vec<Definition> = all.iter().filter(|form| fits(form)).cloned().collect();
    if forms.is_empty() {
        let names: Vec<&str> = names.into_iter().collect();
        return Err(format!("no template fits; there are {}", names.join(", ")).into());
    }
    Ok(forms)
}

fn read(path: &Path) -> Result<Definition, BoxError> {
    let shown = path.display();
    let size = std::fs::metadata(path).map_err(|error| format!("{shown} cannot be read: {error}"))?.len();
    if size > FILE_MAX {
        return Err(format!("{shown} is longer than {FILE_MAX} bytes").into());
    }
    let text = std::fs::read_to_string(path).map_err(|error| format!("{shown} cannot be read: {error}"))?;
    let file: File = toml::from_str(&text).map_err(|error| format!("{shown} is no template: {error}"))?;
    let button = |button: Button| match button.url {
        Some(url) => ButtonText::Url { text: button.text, url, sample: button.sample },
        None => ButtonText::QuickReply { text: button.text },
    };
    Ok(Definition {
        name: file.name,
        language: file.language,
        category: file.category,
        header: file.header,
        body: file.body,
        footer: file.footer,
        buttons: file.buttons.into_iter().map(button).collect(),
        samples: file.samples,
    })
}
