//! Messages with something to tap: headers and bodies here, lists and products in files of their own.

use crate::emulator::check::menu;
use crate::emulator::check::plain::Plain;
use crate::emulator::check::product;
use crate::emulator::look::{Checked, Part, address};
use crate::emulator::refusal::Refusal;

/// Units of a header and a footer.
const EDGE_MAX: usize = 60;
/// Units of a body: the smaller of the two numbers Meta prints.
const BODY_MAX: usize = 1024;
/// Units of a label on a button.
pub const LABEL_MAX: usize = 20;
/// Units of an address on the web.
const URL_MAX: usize = 2000;

/// Which headers a kind may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Header {
    None,
    Text,
    TextRequired,
    Any,
}

/// `interactive`. Answers how it will fail, if it will.
pub fn interactive(plain: &Plain<'_>, part: &Part<'_>) -> Checked<Option<Refusal>> {
    part.only(&["type", "header", "body", "footer", "action"])?;
    let kind = part.text("type", 60)?;
    let (allowed, body) = match kind {
        "button" | "cta_url" | "flow" | "address_message" | "order_details" | "order_status" => (Header::Any, true),
        "list" => (Header::Text, true),
        "product" => (Header::None, false),
        "product_list" => (Header::TextRequired, true),
        "location_request_message"
        | "request_contact_info"
        | "catalog_message"
        | "carousel"
        | "call_permission_request" => (Header::None, true),
        other => return Err(Refusal::param(format!("interactive.type \"{other}\" is not known."))),
    };
    let fails = header(plain, part, allowed)?;
    if body || part.at("body").is_there() {
        part.object("body")?.text("text", BODY_MAX)?;
    }
    if part.at("footer").is_there() {
        part.object("footer")?.text("text", EDGE_MAX)?;
    }
    let action = part.object("action")?;
    match kind {
        "button" => menu::buttons(&action)?,
        "list" => menu::list(&action)?,
        "cta_url" => cta_url(&action)?,
        "location_request_message" => named(&action, "send_location")?,
        "request_contact_info" => named(&action, "request_contact_info")?,
        "call_permission_request" => named(&action, "call_permission_request")?,
        "product" => product::one(plain, &action)?,
        "product_list" => product::several(plain, &action)?,
        "catalog_message" => product::catalogue(plain, &action)?,
        "carousel" => return Ok(fails.or(product::carousel(plain, &action)?)),
        "flow" => flow(&action)?,
        "address_message" => {
            named(&action, "address_message")?;
            if action.object("parameters")?.text("country", 2)? != "IN" {
                return Err(Refusal::value("address_message is for India only."));
            }
        }
        // Payments are another judge's business: only what every one of them has is looked at.
        _ => {
            named(&action, if kind == "order_details" { "review_and_pay" } else { "review_order" })?;
            action.object("parameters")?.text("reference_id", 35)?;
        }
    }
    Ok(fails)
}

fn header(plain: &Plain<'_>, part: &Part<'_>, allowed: Header) -> Checked<Option<Refusal>> {
    if !part.at("header").is_there() {
        return match allowed {
            Header::TextRequired => Err(Refusal::missing("interactive.header")),
            _ => Ok(None),
        };
    }
    if allowed == Header::None {
        return Err(Refusal::value("This interactive type takes no header."));
    }
    let header = part.object("header")?;
    match header.text("type", 20)? {
        "text" => header.text("text", EDGE_MAX).map(|_| None),
        kind @ ("image" | "video" | "document") if allowed == Header::Any => plain.media(&header.object(kind)?, kind),
        other => Err(Refusal::value(format!("A header of type \"{other}\" is not allowed here."))),
    }
}

/// `action.name` must be this.
pub fn named(action: &Part<'_>, name: &str) -> Checked<()> {
    if action.text("name", 60)? == name {
        return Ok(());
    }
    Err(Refusal::value(format!("{}.name must be {name}.", action.path)))
}

/// A button with a link.
pub fn cta_url(action: &Part<'_>) -> Checked<()> {
    named(action, "cta_url")?;
    let parameters = action.object("parameters")?;
    parameters.only(&["display_text", "url"])?;
    parameters.text("display_text", LABEL_MAX)?;
    address(parameters.text("url", URL_MAX)?, &format!("{}.url", parameters.path)).map(|_| ())
}

fn flow(action: &Part<'_>) -> Checked<()> {
    named(action, "flow")?;
    let parameters = action.object("parameters")?;
    if parameters.text("flow_message_version", 3)? != "3" {
        return Err(Refusal::value("flow_message_version must be \"3\"."));
    }
    let ids = [parameters.maybe("flow_id", 100)?, parameters.maybe("flow_name", 200)?];
    if ids.iter().flatten().count() != 1 {
        return Err(Refusal::param("Give flow_id or flow_name, one of them."));
    }
    parameters.text("flow_cta", 30)?;
    match parameters.maybe("flow_action", 20)? {
        None | Some("navigate" | "data_exchange") => Ok(()),
        Some(_) => Err(Refusal::value("flow_action must be navigate or data_exchange.")),
    }
}
