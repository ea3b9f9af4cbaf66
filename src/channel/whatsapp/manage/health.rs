//! What Meta says of everything a message passes on its way: number, business account, business, app.

use crate::channel::whatsapp::manage::finding::{Finding, Level, line, word};
use serde_json::Value;

/// Things on the way that are looked at.
const ENTITIES_MAX: usize = 20;
/// Errors of one of them that are told.
const ERRORS_MAX: usize = 20;

/// One finding for each error, or one that says that all is well.
pub fn check(status: Option<&Value>) -> Vec<Finding> {
    const WHAT: &str = "health";
    let Some(status) = status.filter(|status| status.is_object()) else {
        return vec![Finding::ok(WHAT, "Meta tells nothing about it")];
    };
    let whole = word(status, "can_send_message");
    let mut found = Vec::new();
    for entity in status.get("entities").and_then(Value::as_array).into_iter().flatten().take(ENTITIES_MAX) {
        let can = word(entity, "can_send_message");
        let Some(level) = level(&can) else { continue };
        let name = format!("{} {}", word(entity, "entity_type").to_lowercase().replace('_', " "), word(entity, "id"));
        let before = found.len();
        for error in entity.get("errors").and_then(Value::as_array).into_iter().flatten().take(ERRORS_MAX) {
            let (code, said) = (word(error, "error_code"), word(error, "error_description"));
            let solution = word(error, "possible_solution");
            let remedy = if solution.is_empty() { "see WhatsApp Manager".to_owned() } else { solution };
            found.push(Finding { what: WHAT, level, found: format!("{name}: {said} ({code})"), remedy: Some(remedy) });
        }
        for more in entity.get("additional_info").and_then(Value::as_array).into_iter().flatten().take(ERRORS_MAX) {
            let said = format!("{name}: {}", line(more.as_str().unwrap_or_default()));
            found.push(Finding { what: WHAT, level, found: said, remedy: Some("see WhatsApp Manager".to_owned()) });
        }
        if found.len() == before {
            let said = format!("{name} is {}", can.to_lowercase());
            found.push(Finding { what: WHAT, level, found: said, remedy: Some("see WhatsApp Manager".to_owned()) });
        }
    }
    match level(&whole) {
        Some(level) if found.is_empty() => {
            let said = format!("sending is {}", whole.to_lowercase());
            found.push(Finding { what: WHAT, level, found: said, remedy: Some("see WhatsApp Manager".to_owned()) });
        }
        None if found.is_empty() => found.push(Finding::ok(WHAT, "everything on the way of a message is available")),
        _ => {}
    }
    found
}

/// How bad a word is; none if it is good.
fn level(can: &str) -> Option<Level> {
    match can {
        "" | "AVAILABLE" => None,
        "LIMITED" => Some(Level::Warn),
        _ => Some(Level::Fail),
    }
}
