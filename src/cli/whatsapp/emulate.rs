//! `souk whatsapp emulate`: a little WhatsApp in this process, and the shop beside it.

use crate::cli::BoxError;
use crate::cli::serve::{self, begin, public_url, stopped};
use crate::cli::start::{self, Place};
use secrecy::{ExposeSecret, SecretString};
use souk::app::{App, assemble};
use souk::channel::whatsapp::Account;
use souk::channel::whatsapp::manage::webhook;
use souk::channel::whatsapp::template;
use souk::clock::{Clock, Ids, RandomIds, SystemClock};
use souk::domain::product::Product;
use souk::emulator::settings::{Delays, Item, Settings, Token};
use souk::emulator::{Emulator, Running};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Examples and what happens.
pub const HELP: &str = "Examples:\n  souk whatsapp emulate\n  souk whatsapp emulate --bind 127.0.0.1:9000\n  souk whatsapp \
                        emulate --alone --callback http://127.0.0.1:8080/webhooks/whatsapp/emulator\n\nOpens the shop as \
                        `souk serve` does, with an account `emulator`, and a page with a phone to write to it. Nothing \
                        leaves this machine for Meta; ids, token and secrets are made up and forgotten. --alone prints \
                        them as variables for a shop that is started elsewhere.\nExit code: 0 stopped, 1 it could not \
                        start, 2 used wrongly.";
/// The number of the shopper one can be at once.
const PHONE: &str = "4915112345678";
/// The name of the account.
const ACCOUNT: &str = "emulator";
/// Products that are put into the catalogue.
const PRODUCTS_MAX: usize = 5_000;
/// Products that are read at once.
const BATCH: i64 = 200;

/// Where to listen.
#[derive(Debug, clap::Args)]
pub struct Emulate {
    /// Where the emulator listens.
    #[arg(long, default_value = "127.0.0.1:8090")]
    bind: String,
    /// Only the emulator, without the shop.
    #[arg(long)]
    alone: bool,
    /// Where a shop that is started elsewhere takes webhooks in.
    #[arg(long, requires = "alone", value_name = "URL")]
    callback: Option<String>,
}

/// Runs both until interrupted.
pub async fn emulate(place: &Place, asked: &Emulate) -> Result<ExitCode, BoxError> {
    let stopped = stopped()?;
    let ids = Arc::new(RandomIds::default());
    let secret = || SecretString::from(ids.secret());
    let (token, app_secret, verify_token) = (secret(), secret(), secret());
    let settings = Settings {
        app_secret: app_secret.clone(),
        tokens: vec![Token::full(token.expose_secret())],
        callback_url: asked.callback.clone(),
        delays: Delays::lifelike(),
        ..Settings::default()
    };
    let mut account = Account {
        app_secret: vec![app_secret],
        verify_token,
        access_token: token,
        phone_number_id: settings.numbers.first().map(|number| number.id.clone()).unwrap_or_default(),
        waba_id: settings.waba_id.clone(),
        app_id: settings.app_id.clone(),
        catalog_id: settings.catalog_id.clone(),
        ..Account::default()
    };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let emulator = Emulator::start_on(&asked.bind, settings, clock, ids).await?;
    account.graph_url.clone_from(&emulator.address);
    if asked.alone {
        println!("{}", alone(&emulator, &account));
        stopped.await;
        emulator.shutdown().await;
        return Ok(ExitCode::SUCCESS);
    }
    let done = shop(place, &emulator, account, stopped).await;
    emulator.shutdown().await;
    done.map(|()| ExitCode::SUCCESS)
}

/// The shop, until the end.
async fn shop(
    place: &Place,
    emulator: &Running,
    account: Account,
    stopped: impl Future<Output = ()>,
) -> Result<(), BoxError> {
    let mut loaded = start::settings(place)?;
    let _lock = assemble::lock(&place.data)?;
    // Real numbers stay out of it: what is tried here must reach nobody.
    loaded.config.whatsapp.accounts.clear();
    loaded.config.whatsapp.accounts.insert(ACCOUNT.to_owned(), account);
    let bind = &loaded.config.http.bind;
    let listener = TcpListener::bind(bind)
        .await
        .map_err(|error| format!("cannot listen on {bind}: {error}; {}", serve::remedy(&error)))?;
    let public_url = public_url(&loaded, &listener)?;
    people(emulator)?;
    forms(emulator, &public_url)?;
    let app = Arc::new(start::program(&loaded, &public_url).await?);
    let catalogue = catalogue(&app, &public_url).await?;
    let running = begin(Arc::clone(&app), listener, &loaded).await?;
    let callback = webhook::callback(&running.address, ACCOUNT);
    emulator.world().with(|state| {
        state.settings.catalogue = catalogue;
        state.hooks.app = Some(callback);
    });
    println!("\n  WhatsApp (a fake of it)   {}", emulator.address);
    println!("  Shop                      {}/chat", running.address);
    println!("  Console                   {}/console?token={}", running.address, running.console_token);
    println!("\n  Open the first address, choose a person and write to the shop. Stop with Ctrl-C.\n");
    stopped.await;
    eprintln!("Stopping…");
    running.end().await;
    Ok(())
}

/// Somebody to be from the start: one with a number, one whose number the shop does not see.
fn people(emulator: &Running) -> Result<(), BoxError> {
    emulator.world().shopper(PHONE, "Maya").map_err(|why| format!("no shopper can be made: {why}"))?;
    emulator.world().username("rui.pt", "Rui").map_err(|why| format!("no shopper can be made: {why}"))?;
    Ok(())
}

/// The shipped templates, approved: so that news of an order arrive also after a day.
fn forms(emulator: &Running, public_url: &str) -> Result<(), BoxError> {
    for form in template::shipped(public_url) {
        let made = emulator.world().approved_template(&form.to_wire());
        made.map_err(|why| format!("the template {} was refused: {why:?}", form.name))?;
    }
    Ok(())
}

/// The shop's products as the emulator shows them.
async fn catalogue(app: &App, public_url: &str) -> Result<Vec<Item>, BoxError> {
    let mut tx = app.store.read(&app.shop).await?;
    let (mut items, mut after) = (Vec::new(), String::new());
    while items.len() < PRODUCTS_MAX {
        let ids = tx.product_ids_after(&after, BATCH).await?;
        let Some(last) = ids.last() else { break };
        after = last.to_string();
        for product in tx.products(&ids).await? {
            items.extend(product.variants.iter().map(|variant| {
                let options = variant.options_text();
                Item {
                    sku: variant.id.to_string(),
                    name: named(&product, &options),
                    price: variant.price.decimal(),
                    currency: variant.price.currency.code().to_owned(),
                    picture: product.picture.as_ref().map(|picture| match picture.starts_with("http") {
                        true => picture.clone(),
                        false => format!("{public_url}/pictures/{picture}"),
                    }),
                }
            }));
        }
    }
    items.truncate(PRODUCTS_MAX);
    Ok(items)
}

fn named(product: &Product, options: &str) -> String {
    if options.is_empty() { product.title.clone() } else { format!("{}, {options}", product.title) }
}

/// What a shop elsewhere has to be told. These secrets open nothing but this emulator, until it stops.
fn alone(emulator: &Running, account: &Account) -> String {
    let secret = account.app_secret.first().map(ExposeSecret::expose_secret).unwrap_or_default();
    let prefix = "SOUK_WHATSAPP__ACCOUNTS__EMULATOR__";
    let rows = [
        ("GRAPH_URL", account.graph_url.as_str()),
        ("APP_ID", &account.app_id),
        ("APP_SECRET", secret),
        ("VERIFY_TOKEN", account.verify_token.expose_secret()),
        ("ACCESS_TOKEN", account.access_token.expose_secret()),
        ("PHONE_NUMBER_ID", &account.phone_number_id),
        ("WABA_ID", &account.waba_id),
        ("CATALOG_ID", &account.catalog_id),
    ];
    let lines: String = rows.iter().map(|(name, value)| format!("{prefix}{name}={value}\n")).collect();
    format!("WhatsApp (a fake of it)  {}\n\n{lines}\nStop with Ctrl-C.", emulator.address)
}
