//! The judge of what the business sends: Meta's rules for a message, stated anew and not taken from our adapter.

pub mod interactive;
pub mod menu;
pub mod plain;
pub mod product;
pub mod template;

#[cfg(test)]
mod tests;

use crate::emulator::look::{Checked, Json, Part, length};
use crate::emulator::refusal::Refusal;
use crate::emulator::state::State;
use serde_json::Value;

/// Units of `biz_opaque_callback_data`.
const OPAQUE_MAX: usize = 512;
/// Members of a send that Meta knows, besides the object named by the type.
const COMMON: [&str; 12] = [
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "type",
    "context",
    "biz_opaque_callback_data",
    "recipient_identity_key_hash",
    "category",
    "message_activity_sharing",
    "message_send_ttl_seconds",
    "status",
];

/// A message that keeps the rules.
#[derive(Clone, Debug, Default)]
pub struct Fit {
    /// `text`, `interactive`…
    pub kind: String,
    /// The object of that name; for a template the filled texts are beside it.
    pub body: Value,
    /// The template's category, or `utility` for Direct Send.
    pub category: Option<String>,
    /// The message it quotes.
    pub quotes: Option<String>,
    /// `biz_opaque_callback_data`.
    pub opaque: Option<String>,
    /// It is accepted, and fails later with this.
    pub fails: Option<Refusal>,
}

/// Checks everything about a message that does not depend on who gets it.
pub fn message(state: &State, number: &str, body: &Value) -> Checked<Fit> {
    let root = Part::root(body);
    if !body.is_object() {
        return Err(Refusal::param("The body must be a JSON object."));
    }
    if root.text("messaging_product", 20)? != "whatsapp" {
        return Err(Refusal::param("messaging_product must be \"whatsapp\"."));
    }
    match root.maybe("recipient_type", 20)? {
        None | Some("individual") => {}
        Some("group") => return Err(Refusal::new(131051, "The emulator has no groups.")),
        Some(_) => return Err(Refusal::param("recipient_type must be individual or group.")),
    }
    let kind = match root.maybe("type", 40)? {
        Some(kind) => kind,
        None if root.at("text").is_there() => "text",
        None => return Err(Refusal::missing("type")),
    };
    root.only(&[&COMMON[..], &[kind]].concat())?;
    let mut fit = Fit { kind: kind.to_owned(), body: body.of(kind).clone(), ..Fit::default() };
    fit.opaque = root.maybe("biz_opaque_callback_data", OPAQUE_MAX)?.map(str::to_owned);
    fit.quotes = quoted(&root, kind)?;
    let plain = plain::Plain { state, number };
    match kind {
        "text" => plain::text(&root.object(kind)?)?,
        "image" | "video" | "audio" | "document" | "sticker" => fit.fails = plain.media(&root.object(kind)?, kind)?,
        "location" => plain::location(&root.object(kind)?)?,
        "contacts" => plain::contacts(&root)?,
        "reaction" => plain::reaction(&root.object(kind)?)?,
        "interactive" => fit.fails = interactive::interactive(&plain, &root.object(kind)?)?,
        "template" => {
            let filled = template::template(&plain, &root.object(kind)?)?;
            fit.category = Some(filled.category);
            *fit.body.slot("shown") = filled.shown;
        }
        other => return Err(Refusal::param(format!("type \"{other}\" is not a message type."))),
    }
    direct_send(state, &root, &mut fit)?;
    Ok(fit)
}

fn quoted(root: &Part<'_>, kind: &str) -> Checked<Option<String>> {
    if !root.at("context").is_there() {
        return Ok(None);
    }
    if kind == "reaction" {
        return Err(Refusal::param("A reaction cannot carry context."));
    }
    let context = root.object("context")?;
    context.only(&["message_id"])?;
    Ok(Some(context.text("message_id", 500)?.to_owned()))
}

/// Utility without a template, where Meta has switched it on.
fn direct_send(state: &State, root: &Part<'_>, fit: &mut Fit) -> Checked<()> {
    let Some(category) = root.maybe("category", 40)? else { return Ok(()) };
    if !state.settings.direct_send {
        return Err(Refusal::param("Direct Send is not enabled for this account (category)."));
    }
    if category != "utility" {
        return Err(Refusal::param("category must be utility."));
    }
    let kind = fit.body.of("type").as_str().unwrap_or_default();
    let fits = fit.kind == "text" || (fit.kind == "interactive" && matches!(kind, "button" | "cta_url"));
    if !fits {
        return Err(Refusal::param("Direct Send carries text, reply buttons and link buttons only."));
    }
    let text = if fit.kind == "text" { fit.body.of("body") } else { fit.body.of("body").of("text") };
    if length(text.as_str().unwrap_or_default()) > 1024 {
        return Err(Refusal::param("Direct Send: the text has more than 1024 characters."));
    }
    fit.category = Some(category.to_owned());
    Ok(())
}
