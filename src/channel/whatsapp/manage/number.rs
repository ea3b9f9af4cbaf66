//! How a business number stands: whose it is, its name, quality, pace and how many people it may begin with.

use crate::channel::whatsapp::manage::finding::{Finding, word};
use crate::channel::whatsapp::manage::health;
use crate::channel::whatsapp::settings::Account;
use serde::Serialize;
use serde_json::Value;

/// What is asked of each number.
pub const FIELDS: &str = "id,display_phone_number,verified_name,name_status,quality_rating,status,platform_type,\
                          account_mode,throughput,code_verification_status,whatsapp_business_manager_messaging_limit,\
                          health_status";
/// What every version knows.
pub const FIELDS_LESS: &str = "id,display_phone_number,verified_name,quality_rating,code_verification_status";
/// A number's own pace, unless Meta has raised it.
const STANDARD_PACE: u32 = 80;

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Meta's id.
    pub id: String,
    /// As people dial it.
    pub number: String,
    /// The name shoppers see.
    pub name: String,
    /// Whether that name is approved.
    pub name_status: String,
    /// What shoppers think.
    pub quality: String,
    /// `CONNECTED`
    pub status: String,
    /// Messages a second.
    pub pace: String,
    /// How many people a day it may begin with.
    pub limit: String,
    /// `AVAILABLE`
    pub can_send: String,
}

/// A number as a row.
pub fn standing(number: &Value) -> Standing {
    let pace = number.get("throughput").map(|pace| word(pace, "level")).unwrap_or_default();
    Standing {
        id: word(number, "id"),
        number: word(number, "display_phone_number"),
        name: word(number, "verified_name"),
        name_status: word(number, "name_status"),
        quality: word(number, "quality_rating"),
        status: word(number, "status"),
        pace,
        limit: limit(&word(number, "whatsapp_business_manager_messaging_limit")),
        can_send: number.get("health_status").map(|health| word(health, "can_send_message")).unwrap_or_default(),
    }
}

/// `TIER_2K` as people say it.
pub fn limit(tier: &str) -> String {
    match tier.strip_prefix("TIER_").unwrap_or(tier) {
        "" => String::new(),
        "UNLIMITED" => "unlimited".to_owned(),
        "NOT_SET" => "not set".to_owned(),
        other => match other.strip_suffix('K') {
            Some(thousands) => format!("{thousands},000 a day"),
            None => format!("{other} a day"),
        },
    }
}

/// Everything about the account's number, out of all numbers of its business account.
pub fn check(numbers: &[Value], account: &Account) -> Vec<Finding> {
    let own = numbers.iter().find(|number| word(number, "id") == account.phone_number_id);
    let Some(own) = own else {
        let known: Vec<String> =
            numbers.iter().map(|n| format!("{} ({})", word(n, "id"), word(n, "display_phone_number"))).collect();
        let has = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        let found = format!(
            "{} is no number of the business account {}; it has {has}",
            account.phone_number_id, account.waba_id
        );
        return vec![Finding::fail("number", found, "set phone_number_id to one of these ids, or correct waba_id")];
    };
    let row = standing(own);
    let mut found = vec![registered(own, &row), name(&row), quality(&row), pace(&row, account)];
    found.push(messaging_limit(&row));
    found.extend(health::check(own.get("health_status")));
    found
}

fn registered(number: &Value, row: &Standing) -> Finding {
    const WHAT: &str = "number";
    let shown = format!("{} ({})", row.number, row.id);
    let platform = word(number, "platform_type");
    match row.status.as_str() {
        "CONNECTED" | "" if platform != "NOT_APPLICABLE" => {
            if word(number, "account_mode") == "SANDBOX" {
                let found = format!("{shown} is a test number: it writes only to people on its list");
                return Finding::warn(WHAT, found, "add a number of your own in WhatsApp Manager before going live");
            }
            Finding::ok(WHAT, format!("{shown}, registered"))
        }
        "FLAGGED" | "RATE_LIMITED" => {
            let found = format!("{shown} is {}", row.status.to_lowercase().replace('_', " "));
            Finding::warn(WHAT, found, "too many shoppers block or report it: send less that was not asked for")
        }
        "RESTRICTED" | "BANNED" => Finding::fail(
            WHAT,
            format!("{shown} is {}", row.status.to_lowercase()),
            "see the reason in WhatsApp Manager → Account quality, and appeal there",
        ),
        other => Finding::fail(
            WHAT,
            format!("{shown} is not registered (status {}, platform {platform})", other.to_lowercase()),
            "register it: souk whatsapp register --pin 123456 (six digits of your choice, or its present PIN)",
        ),
    }
}

fn name(row: &Standing) -> Finding {
    const WHAT: &str = "display name";
    match row.name_status.as_str() {
        "APPROVED" | "AVAILABLE_WITHOUT_REVIEW" | "" => Finding::ok(WHAT, &row.name),
        "PENDING_REVIEW" => Finding::warn(
            WHAT,
            format!("{} is being looked at by Meta", row.name),
            "wait; until then only few people can be written to first",
        ),
        other => Finding::fail(
            WHAT,
            format!("{} is not approved ({})", row.name, other.to_lowercase().replace('_', " ")),
            "change it in WhatsApp Manager → Phone numbers to a name that says whose shop it is",
        ),
    }
}

fn quality(row: &Standing) -> Finding {
    const WHAT: &str = "quality";
    match row.quality.as_str() {
        "RED" => Finding::warn(
            WHAT,
            "red: shoppers block and report it often",
            "stop campaigns for a week; write only to those who asked for it",
        ),
        "YELLOW" => Finding::warn(WHAT, "yellow", "look at which templates are blocked most"),
        "GREEN" => Finding::ok(WHAT, "green"),
        _ => Finding::ok(WHAT, "not known yet"),
    }
}

fn pace(row: &Standing, account: &Account) -> Finding {
    const WHAT: &str = "throughput";
    let set = account.messages_per_second;
    match row.pace.as_str() {
        "HIGH" => Finding::ok(WHAT, format!("high; {set} messages a second are used")),
        "STANDARD" if set > STANDARD_PACE => Finding::warn(
            WHAT,
            format!("standard ({STANDARD_PACE} a second), but {set} are set"),
            format!("set messages_per_second = {STANDARD_PACE}"),
        ),
        "NOT_APPLICABLE" => Finding::warn(WHAT, "none yet", "register the number"),
        _ => Finding::ok(WHAT, format!("standard; {set} messages a second are used")),
    }
}

fn messaging_limit(row: &Standing) -> Finding {
    const WHAT: &str = "messaging limit";
    match row.limit.as_str() {
        "" | "not set" => Finding::ok(WHAT, "not known yet; answers are never limited"),
        "250 a day" => Finding::warn(
            WHAT,
            "250 people a day outside open talks; answers are never limited",
            "verify the business in Business settings → Security centre to be allowed 2,000",
        ),
        other => Finding::ok(WHAT, format!("{other} outside open talks; answers are never limited")),
    }
}
