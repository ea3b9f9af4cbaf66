//! WhatsApp: the Business Platform's Cloud API, read leniently and written strictly.

pub mod client;
pub mod event;
pub mod limits;
pub mod line;
pub mod manage;
pub mod order_message;
pub mod pace;
pub mod parse;
pub mod price;
pub mod refusal;
pub mod render;
pub mod settings;
pub mod template;
pub mod verify;

pub use settings::{Account, Settings};

/// The word of the network, under which a contact's ids on it are kept: all accounts of a shop share them.
pub const NETWORK: &str = "whatsapp";

/// The channel of an account: `whatsapp:main`.
pub fn channel_of(account: &str) -> String {
    format!("{NETWORK}:{account}")
}

/// The account of a channel, if it is one of WhatsApp's.
pub fn account_of(channel: &str) -> Option<&str> {
    channel.strip_prefix(NETWORK)?.strip_prefix(':')
}
