//! Settings of the pages that show an order.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// Shortest secret a link may be signed with.
pub const SECRET_CHARS_MIN: usize = 20;

/// Pages of orders.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Orders {
    /// Days a link to an order's page is good.
    pub link_days: u32,
    /// What links are signed with, the one in use first; empty means a key in the data folder.
    #[serde(skip_serializing)]
    pub link_secrets: Vec<SecretString>,
}

impl Default for Orders {
    fn default() -> Self {
        Self { link_days: 30, link_secrets: Vec::new() }
    }
}
