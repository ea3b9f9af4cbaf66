//! `souk whatsapp subscribe`, `unsubscribe`, `register`, `commerce`: single switches at Meta.

use crate::cli::BoxError;
use crate::cli::start::{self, Place};
use crate::cli::whatsapp::{desk, flawed, told};
use clap::ValueEnum;
use serde_json::json;
use std::process::ExitCode;

/// Examples of `subscribe`.
pub const SUBSCRIBE_HELP: &str = "Examples:\n  souk whatsapp subscribe\n  souk whatsapp subscribe --account \
                                  brazil\n\nWithout it the webhook's handshake works and no message ever arrives.\nExit \
                                  code: 0 done, 1 Meta refused, 2 used wrongly.";
/// Examples of `unsubscribe`.
pub const UNSUBSCRIBE_HELP: &str = "Examples:\n  souk whatsapp unsubscribe\n\nShoppers' messages no longer arrive \
                                    afterwards.\nExit code: 0 done, 1 Meta refused, 2 used wrongly.";
/// Examples of `register`.
pub const REGISTER_HELP: &str = "Examples:\n  souk whatsapp register --pin 482915\n\nThe PIN is the number's second \
                                 factor: six digits of your choice the first time, the same ones afterwards. Meta allows \
                                 ten tries in 72 hours.\nExit code: 0 done, 1 Meta refused, 2 used wrongly.";
/// Examples of `commerce`.
pub const COMMERCE_HELP: &str = "Examples:\n  souk whatsapp commerce\n  souk whatsapp commerce --cart on --catalog \
                                 off\n\nExit code: 0 done, 1 Meta refused, 2 used wrongly.";
/// Digits of a PIN.
const PIN_DIGITS: usize = 6;

/// How to print.
#[derive(Debug, clap::Args)]
pub struct Plain {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// With which PIN.
#[derive(Debug, clap::Args)]
pub struct Register {
    /// Six digits.
    #[arg(long)]
    pin: String,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// What to show.
#[derive(Debug, clap::Args)]
pub struct Commerce {
    /// Whether shoppers can collect things in a cart.
    #[arg(long)]
    cart: Option<Switch>,
    /// Whether the catalogue is shown in the profile.
    #[arg(long)]
    catalog: Option<Switch>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// A switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

/// Subscribes the app to the business account, or no longer.
pub async fn subscribe(place: &Place, wanted: Option<&str>, asked: &Plain, on: bool) -> Result<ExitCode, BoxError> {
    let loaded = start::settings(place)?;
    let desk = desk(&loaded.config, wanted)?;
    let done = if on { desk.subscribe().await } else { desk.unsubscribe().await };
    done.map_err(|failure| told("the subscription is as it was", &failure))?;
    let waba = &desk.account.waba_id;
    match (asked.json, on) {
        (true, _) => println!("{}", json!({"account": desk.name, "waba_id": waba, "subscribed": on})),
        (_, true) => println!("The app hears of the business account {waba}; souk whatsapp connect checks the rest."),
        (_, false) => println!("The app hears nothing of the business account {waba} any more."),
    }
    Ok(ExitCode::SUCCESS)
}

/// Registers the number.
pub async fn register(place: &Place, wanted: Option<&str>, asked: &Register) -> Result<ExitCode, BoxError> {
    if asked.pin.len() != PIN_DIGITS || !asked.pin.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(flawed(&["--pin has six digits".to_owned()]));
    }
    let loaded = start::settings(place)?;
    let desk = desk(&loaded.config, wanted)?;
    desk.register(&asked.pin).await.map_err(|failure| told("the number is not registered", &failure))?;
    if asked.json {
        println!(
            "{}",
            json!({"account": desk.name, "phone_number_id": desk.account.phone_number_id, "registered": true})
        );
    } else {
        println!("The number {} is registered. Keep the PIN: it is asked for again.", desk.account.phone_number_id);
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads or changes what is shown.
pub async fn commerce(place: &Place, wanted: Option<&str>, asked: &Commerce) -> Result<ExitCode, BoxError> {
    let loaded = start::settings(place)?;
    let desk = desk(&loaded.config, wanted)?;
    let on = |switch: Option<Switch>| switch.map(|switch| switch == Switch::On);
    if asked.cart.is_some() || asked.catalog.is_some() {
        let done = desk.show(on(asked.cart), on(asked.catalog)).await;
        done.map_err(|failure| told("cart and catalogue are as they were", &failure))?;
    }
    let shown = desk.shown().await.map_err(|failure| told("cart and catalogue cannot be read", &failure))?;
    if asked.json {
        println!("{}", json!({"account": desk.name, "cart": shown.cart, "catalog": shown.catalog}));
    } else {
        let word = |on: bool| if on { "on" } else { "off" };
        println!("cart     {}\ncatalog  {}", word(shown.cart), word(shown.catalog));
    }
    Ok(ExitCode::SUCCESS)
}
