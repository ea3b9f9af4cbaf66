//! What the emulator is told before it starts: the account it plays, and how strict the world is.

use crate::clock::HandClock;
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;

/// The account it plays and the rules it keeps. The default is a small shop in Brazil with one number.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The same seed gives the same ids and the same disorder.
    pub seed: u64,
    /// The Meta app.
    pub app_id: String,
    /// Signs webhooks.
    pub app_secret: SecretString,
    /// Tokens that are good, with what they may do.
    pub tokens: Vec<Token>,
    /// The WhatsApp Business Account.
    pub waba_id: String,
    /// The business portfolio.
    pub business_id: String,
    /// Its numbers.
    pub numbers: Vec<Number>,
    /// Where webhooks go, without asking for a handshake; `None`: nowhere until `subscriptions` is called.
    pub callback_url: Option<String>,
    /// False: webhooks flow only after `POST /{waba}/subscribed_apps`.
    pub subscribed: bool,
    /// The catalogue connected to the account.
    pub catalog_id: String,
    /// What it holds. Empty: every SKU is taken to exist.
    pub catalogue: Vec<Item>,
    /// A test number may send only to these (digits); `None`: to everybody.
    pub allow_list: Option<Vec<String>>,
    /// Messages a second and number, in and out together.
    pub per_second: u32,
    /// How often one number may write to one person.
    pub pair: PairLimit,
    /// True: a closed window is told as a later `failed` status, as Meta does; false: at once.
    pub late_window: bool,
    /// True: Brazilian, Mexican and Argentine numbers are rewritten as Meta does.
    pub rewrite_numbers: bool,
    /// True: the account may use Direct Send.
    pub direct_send: bool,
    /// Service messages a number may send free of charge in a month once they are priced (October 2026).
    pub free_service: u32,
    /// How long things take.
    pub delays: Delays,
    /// How long until the first repeat of a webhook that was not answered with 200; doubled each time.
    pub retry_first: Duration,
    /// Moved by a jump in time. Without one the emulator keeps an offset of its own.
    pub hand: Option<Arc<HandClock>>,
    /// How others reach the emulator, when it does not listen itself.
    pub public_url: String,
}

/// A number of the business.
#[derive(Clone, Debug)]
pub struct Number {
    /// `phone_number_id`.
    pub id: String,
    /// Digits with the country code.
    pub phone: String,
    /// Put before a `to` without plus.
    pub country_code: String,
    /// The name customers see.
    pub name: String,
    /// Shared with the Business app: echoes, edits and deletions are told.
    pub coexistence: bool,
}

/// An access token.
#[derive(Clone, Debug)]
pub struct Token {
    /// Its text.
    pub text: SecretString,
    /// `whatsapp_business_messaging`, `whatsapp_business_management`.
    pub scopes: Vec<String>,
    /// True: answered with 190.
    pub expired: bool,
}

/// A product of the catalogue.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Item {
    /// `product_retailer_id`.
    pub sku: String,
    /// What it is called.
    pub name: String,
    /// In major units, as decimal text.
    pub price: String,
    /// ISO 4217.
    pub currency: String,
    /// Address of its picture.
    pub picture: Option<String>,
}

/// How often one number may write to one person: one message in 6 s, and 45 in a burst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairLimit {
    /// As often as it likes.
    Off,
    /// A burst is borrowed; more can be sent as the debt melts.
    Borrowed,
    /// After a burst the whole debt must melt first. The strictest reading of Meta's page.
    PaidBack,
}

/// How long things take, by the emulator's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct Delays {
    /// From the call to `sent`, in milliseconds.
    pub sent: i64,
    /// From `sent` to `delivered`.
    pub delivered: i64,
    /// From `delivered` to `read`.
    pub read: i64,
    /// From a template's creation to its approval.
    pub review: i64,
}

/// The token of the default account.
pub const TOKEN: &str = "emulator-token";
/// The secret of the default account's app.
pub const APP_SECRET: &str = "emulator-app-secret";
/// The number of the default account.
pub const NUMBER_ID: &str = "420000000000002";
/// The default WhatsApp Business Account.
pub const WABA_ID: &str = "310000000000001";
/// The default app.
pub const APP_ID: &str = "110000000000001";

impl Delays {
    /// As long as people are used to.
    pub fn lifelike() -> Self {
        Self { sent: 150, delivered: 350, read: 900, review: 3_000 }
    }
}

impl Number {
    /// A number; its country code is taken from the longest that fits the few we know, else its first two digits.
    pub fn new(id: &str, phone: &str, name: &str) -> Self {
        let codes = ["1", "7", "351", "353", "358", "971", "972"];
        let known = codes.iter().find(|c| phone.starts_with(**c)).map(|c| (*c).to_owned());
        let country_code = known.unwrap_or_else(|| phone.chars().take(2).collect());
        Self { id: id.into(), phone: phone.into(), country_code, name: name.into(), coexistence: false }
    }
}

impl Token {
    /// A token with both scopes.
    pub fn full(text: &str) -> Self {
        let scopes = ["whatsapp_business_messaging", "whatsapp_business_management", "business_management"];
        Self { text: text.into(), scopes: scopes.map(str::to_owned).to_vec(), expired: false }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 1,
            app_id: APP_ID.into(),
            app_secret: APP_SECRET.into(),
            tokens: vec![Token::full(TOKEN)],
            waba_id: WABA_ID.into(),
            business_id: "510000000000001".into(),
            numbers: vec![Number::new(NUMBER_ID, "5511900000000", "Souk")],
            callback_url: None,
            subscribed: true,
            catalog_id: "770000000000003".into(),
            catalogue: Vec::new(),
            allow_list: None,
            per_second: 80,
            pair: PairLimit::Borrowed,
            late_window: true,
            rewrite_numbers: false,
            direct_send: false,
            free_service: 1_000,
            delays: Delays::default(),
            retry_first: Duration::from_secs(5),
            hand: None,
            public_url: "http://127.0.0.1".into(),
        }
    }
}
