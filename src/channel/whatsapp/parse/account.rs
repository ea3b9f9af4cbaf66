//! Everything that is no message: templates, numbers, the account, preferences, changed ids.

use crate::channel::whatsapp::event::{AccountNews, Event, Moved, Preference, TemplateChange, TemplateNews};
use crate::channel::whatsapp::parse::json::Fields;
use crate::channel::whatsapp::parse::message::other;
use crate::channel::whatsapp::parse::{Change, List, WORD_CHARS_MAX, id, moment, who};
use crate::domain::identity::Ids;

/// Letters of a reason or a detail.
const TEXT_CHARS_MAX: usize = 300;

/// Reads a change that holds no messages.
pub(super) fn read(change: &Change<'_>, told: &mut List) {
    let value = &change.value;
    match change.field.as_str() {
        "user_preferences" => {
            let people = who::People::read(value);
            for raw in value.nodes("user_preferences") {
                let one = raw.fields();
                let sender = people.named(&one);
                let event = match one.short("value", WORD_CHARS_MAX) {
                    Some(word) if sender.ids != Ids::default() => Event::Preference(Preference {
                        sender,
                        category: one.word("category", WORD_CHARS_MAX),
                        value: word,
                        detail: one.word("detail", TEXT_CHARS_MAX),
                        at: moment(&one, "timestamp"),
                    }),
                    _ => other("preference of nobody"),
                };
                told.add(change, event, raw);
            }
        }
        "user_id_update" => {
            for raw in value.nodes("user_id_update") {
                told.add(change, user_id(&raw.fields()), raw);
            }
        }
        field if field.starts_with("message_template_") || field == "template_category_update" => {
            told.add(change, template(field, value), change.raw);
        }
        "phone_number_quality_update"
        | "phone_number_name_update"
        | "business_capability_update"
        | "account_update"
        | "account_review_update"
        | "account_alerts"
        | "account_settings_update"
        | "security"
        | "payment_configuration_update"
        | "business_username_update" => told.add(change, account(&change.field, value), change.raw),
        _ => told.add(change, other(&value.word("event", WORD_CHARS_MAX)), change.raw),
    }
}

fn user_id(one: &Fields<'_>) -> Event {
    let pair = |name: &str, which: &str| id(&one.inner(name), which);
    let wa = who::ids(one, "wa_id", "", "").wa;
    let before = Ids { user: pair("user_id", "previous"), wa: wa.clone(), parent: pair("parent_user_id", "previous") };
    let now = Ids { user: pair("user_id", "current"), wa: None, parent: pair("parent_user_id", "current") };
    if now.user.is_none() || (before.user.is_none() && before.wa.is_none()) {
        return other("changed id of nobody");
    }
    Event::Moved(Moved { id: None, before, now, at: moment(one, "timestamp") })
}

fn template(field: &str, value: &Fields<'_>) -> Event {
    let word = |name: &str| value.short(name, WORD_CHARS_MAX);
    // Meta's own example of a change in quality carries the name of another field: what is in it decides.
    let what = if let Some(now) = word("new_quality_score") {
        TemplateChange::Quality { before: word("previous_quality_score"), now }
    } else if field == "template_category_update" || word("new_category").is_some() {
        TemplateChange::Category {
            before: word("previous_category"),
            now: word("new_category"),
            announced: word("correct_category"),
        }
    } else if let Some(event) = word("event") {
        let told = [
            word("reason").filter(|reason| reason != "NONE"),
            value.inner("rejection_info").short("reason", TEXT_CHARS_MAX),
            value.inner("other_info").short("title", TEXT_CHARS_MAX),
        ];
        let reason = Some(told.into_iter().flatten().collect::<Vec<_>>().join("; ")).filter(|r| !r.is_empty());
        TemplateChange::Status { event: event.to_uppercase(), category: word("message_template_category"), reason }
    } else {
        TemplateChange::Components
    };
    Event::Template(TemplateNews {
        id: word("message_template_id").unwrap_or_default(),
        name: value.word("message_template_name", super::ID_CHARS_MAX * 2),
        language: word("message_template_language").unwrap_or_default(),
        what,
    })
}

/// Words after which messages may stop flowing.
const GRAVE: [&str; 12] = [
    "ACCOUNT_DELETED",
    "ACCOUNT_VIOLATION",
    "ACCOUNT_RESTRICTION",
    "DISABLED_UPDATE",
    "PARTNER_REMOVED",
    "PARTNER_APP_UNINSTALLED",
    "ACCOUNT_OFFBOARDED",
    "FLAGGED",
    "DOWNGRADE",
    "CRITICAL",
    "REJECTED",
    "PIN_RESET_REQUEST",
];

fn account(field: &str, value: &Fields<'_>) -> Event {
    let alert = value.inner("alert_info");
    let of_alert = |name: &str| alert.short(name, WORD_CHARS_MAX).or_else(|| value.short(name, WORD_CHARS_MAX));
    let events =
        [value.short("event", WORD_CHARS_MAX), value.short("decision", WORD_CHARS_MAX), of_alert("alert_type")];
    let event = events.into_iter().flatten().next().unwrap_or_default();
    let severity = of_alert("alert_severity").unwrap_or_default();
    let limit = ["current_limit", "max_daily_conversations_per_business", "max_daily_conversation_per_phone"]
        .into_iter()
        .find_map(|name| value.short(name, WORD_CHARS_MAX));
    let grave = GRAVE.contains(&event.as_str()) || GRAVE.contains(&severity.as_str());
    Event::Account(AccountNews { kind: field.to_owned(), event, limit, grave })
}
