//! `souk whatsapp profile`: what shoppers see of the business.

use crate::cli::BoxError;
use crate::cli::start::{self, Place};
use crate::cli::whatsapp::{desk, flawed, told};
use serde_json::{Value, json};
use souk::channel::whatsapp::manage::finding::word;
use souk::channel::whatsapp::manage::profile::{TEXTS, Wish};
use std::process::ExitCode;

/// Examples and exit codes.
pub const HELP: &str = "Examples:\n  souk whatsapp profile\n  souk whatsapp profile --about 'Tents since 1987' --email \
                        help@your.shop\n  souk whatsapp profile --website https://your.shop --website \
                        https://your.shop/help --vertical RETAIL\n\nLimits: about 139, address 256, description 512, \
                        email 128, two websites of 256.\nExit code: 0 done, 1 Meta refused, 2 used wrongly or too long.";

/// What to change; nothing reads it.
#[derive(Debug, clap::Args)]
pub struct Profile {
    /// One line under the name.
    #[arg(long)]
    about: Option<String>,
    /// Where the business is.
    #[arg(long)]
    address: Option<String>,
    /// What it does.
    #[arg(long)]
    description: Option<String>,
    /// Where people get help by mail.
    #[arg(long)]
    email: Option<String>,
    /// A page of the business; twice at most.
    #[arg(long)]
    website: Vec<String>,
    /// What kind of business it is: RETAIL, APPAREL, GROCERY …
    #[arg(long)]
    vertical: Option<String>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Reads or changes it.
pub async fn profile(place: &Place, wanted: Option<&str>, asked: &Profile) -> Result<ExitCode, BoxError> {
    let wish = wish(asked);
    let body = match wish.to_wire() {
        Ok(body) => body,
        Err(flaws) => return Ok(flawed(&flaws)),
    };
    let loaded = start::settings(place)?;
    let desk = desk(&loaded.config, wanted)?;
    if !wish.is_empty() {
        desk.set_profile(&body).await.map_err(|failure| told("the profile is as it was", &failure))?;
    }
    let now = desk.profile().await.map_err(|failure| told("the profile cannot be read", &failure))?;
    if asked.json {
        println!("{}", json!({"account": desk.name, "changed": !wish.is_empty(), "profile": now}));
    } else {
        print!("{}", text(&now));
    }
    Ok(ExitCode::SUCCESS)
}

fn wish(asked: &Profile) -> Wish {
    let given = [&asked.about, &asked.address, &asked.description, &asked.email];
    let texts = TEXTS.iter().zip(given).filter_map(|((name, _), text)| Some((*name, text.clone()?)));
    Wish { texts: texts.collect(), websites: asked.website.clone(), vertical: asked.vertical.clone() }
}

fn text(profile: &Value) -> String {
    let mut text = String::new();
    for name in ["about", "address", "description", "email", "vertical"] {
        let shown = word(profile, name);
        text.push_str(&format!("{name:<12}  {}\n", if shown.is_empty() { "–" } else { &shown }));
    }
    let sites = profile.get("websites").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    for site in sites {
        text.push_str(&format!("{:<12}  {}\n", "website", souk::channel::whatsapp::manage::finding::line(site)));
    }
    text
}
