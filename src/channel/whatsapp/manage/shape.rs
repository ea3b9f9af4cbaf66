//! Whether an account's settings can work at all, and the lines to write where there are none. No secret is shown.

use crate::channel::whatsapp::manage::finding::Finding;
use crate::channel::whatsapp::settings::Account;
use secrecy::ExposeSecret;

/// Characters of an app's secret: 32 hexadecimal digits.
const SECRET_DIGITS: usize = 32;

/// What is missing or cannot be right. `Settings::check` has already refused what never could be.
pub fn check(account: &Account) -> Vec<Finding> {
    let mut found = Vec::new();
    if account.access_token.expose_secret().trim().is_empty() {
        found.push(Finding::fail(
            "access_token",
            "not set: nothing can be sent or read",
            "Business settings → System users → Generate token, with whatsapp_business_messaging and \
             whatsapp_business_management",
        ));
    }
    if account.verify_token.expose_secret().trim().is_empty() {
        found.push(Finding::fail(
            "verify_token",
            "not set: Meta's first visit to the webhook would be turned away",
            "make a word up, or take the one below",
        ));
    }
    if !account.app_id.chars().all(|c| c.is_ascii_digit()) {
        found.push(Finding::fail(
            "app_id",
            "has other signs than digits",
            "copy it from the top of the app's dashboard",
        ));
    } else if account.app_id.is_empty() {
        found.push(Finding::warn("app_id", "not set: the webhook can be used, but not set up", "set app_id"));
    }
    let odd = |secret: &str| secret.len() != SECRET_DIGITS || !secret.bytes().all(|b| b.is_ascii_hexdigit());
    if account.graph_url.contains("facebook.com") && account.app_secret.iter().any(|s| odd(s.expose_secret().trim())) {
        let what = format!("is not {SECRET_DIGITS} hexadecimal digits, as Meta's are");
        found.push(Finding::warn("app_secret", what, "App settings → Basic → App secret; it is not the access token"));
    }
    if !account.catalog_id.chars().all(|c| c.is_ascii_digit()) {
        found.push(Finding::fail("catalog_id", "has other signs than digits", "copy it from Commerce Manager"));
    }
    if found.is_empty() {
        found.push(Finding::ok("settings", "complete"));
    }
    found
}

/// The lines to write into config.toml for an account that is not there; `verify` was made up for it.
pub fn lines(name: &str, verify: &str) -> String {
    format!(
        "[whatsapp.accounts.{name}]\n\
         app_secret = \"…\"        # App settings → Basic → App secret\n\
         verify_token = \"{verify}\"\n\
         access_token = \"…\"      # Business settings → System users → Generate token\n\
         phone_number_id = \"…\"   # the app's WhatsApp page: Phone number ID\n\
         waba_id = \"…\"           # the same page: WhatsApp Business Account ID\n\
         app_id = \"…\"            # top of the app's dashboard\n"
    )
}
