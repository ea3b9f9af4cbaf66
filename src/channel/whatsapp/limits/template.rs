//! The limits of a message in an approved form, as far as they show without the form itself.

use crate::channel::whatsapp::limits::part::Part;
use crate::channel::whatsapp::limits::{
    BODY_MAX, Breach, HEADER_MAX, OUTSIDE_ID_MAX, PAYLOAD_MAX, TEMPLATE_NAME_MAX, URL_MAX, VALUE_SPACES_MAX, media,
};

/// Components of one message: header, body and every button.
const COMPONENTS_MAX: usize = 12;
/// Values of one component.
const PARAMETERS_MAX: usize = 100;
/// The forms of a language's code: `pt_BR`.
const LANGUAGE_MAX: usize = 16;

/// Checks one message in an approved form.
pub fn check(part: &Part<'_>) -> Result<(), Breach> {
    let name = part.at("name")?;
    name.text(TEMPLATE_NAME_MAX)?;
    if !is_name(name.str()?) {
        return Err(part.not_here("name"));
    }
    part.at("language")?.at("code")?.text(LANGUAGE_MAX)?;
    part.optional("components", |components| components.each(0, COMPONENTS_MAX, |one| component(&one)))
}

/// Whether a name is made as the platform wants it.
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn component(part: &Part<'_>) -> Result<(), Breach> {
    let kind = part.at("type")?.str()?;
    let longest = match kind {
        "header" => HEADER_MAX,
        "body" => BODY_MAX,
        "button" => {
            part.at("sub_type")?.str()?;
            part.at("index")?.number()?;
            URL_MAX
        }
        "limited_time_offer" | "carousel" => return Ok(()),
        _ => return Err(part.not_here("type")),
    };
    part.at("parameters")?.each(1, PARAMETERS_MAX, |value| parameter(&value, longest))
}

fn parameter(part: &Part<'_>, longest: usize) -> Result<(), Breach> {
    match part.at("type")?.str()? {
        "text" => {
            let text = part.at("text")?;
            text.text(longest)?;
            if breaks_a_line(text.str()?) { Err(part.not_here("text")) } else { Ok(()) }
        }
        "payload" => part.at("payload")?.text(PAYLOAD_MAX),
        "coupon_code" => part.at("coupon_code")?.text(OUTSIDE_ID_MAX),
        kind @ ("image" | "video" | "document") => media(&part.at(kind)?, false),
        kind @ ("currency" | "date_time" | "location" | "product" | "action") => part.at(kind).map(|_| ()),
        _ => Err(part.not_here("type")),
    }
}

/// Whether a value has what the platform refuses in values: new lines, tabs or a long gap.
pub fn breaks_a_line(text: &str) -> bool {
    text.contains(['\n', '\r', '\t', '\u{b}', '\u{c}', '\u{2028}', '\u{2029}'])
        || text.contains(&" ".repeat(VALUE_SPACES_MAX + 1))
}
