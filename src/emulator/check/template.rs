//! Sending a template: it must exist, be approved, and get exactly the parameters it was made for.

use crate::emulator::check::plain::Plain;
use crate::emulator::check::product;
use crate::emulator::look::{Checked, Json, Part, length};
use crate::emulator::refusal::Refusal;
use crate::emulator::template::{Template, variables};
use serde_json::{Value, json};

/// Units of a filled text.
const FILLED_MAX: usize = 1024;
/// Units of a filled text when there is only a body.
const FILLED_ALONE_MAX: usize = 32_768;

/// A template with its parameters in place.
#[derive(Clone, Debug)]
pub struct Filled {
    /// `marketing`, `utility`, `authentication`.
    pub category: String,
    /// Header, body, footer and buttons as the person sees them.
    pub shown: Value,
}

/// `template`.
pub fn template(plain: &Plain<'_>, part: &Part<'_>) -> Checked<Filled> {
    part.only(&["name", "language", "components", "namespace"])?;
    let name = part.text("name", 512)?;
    let language = part.object("language")?.text("code", 20)?;
    let template = usable(plain, name, language)?;
    let none: Vec<Part<'_>> = Vec::new();
    let given = if part.at("components").is_there() { part.list("components", 0, 20)? } else { none };
    for component in &given {
        let kind = component.text("type", 40)?.to_ascii_lowercase();
        let known = ["header", "body", "button", "limited_time_offer", "carousel"].contains(&kind.as_str());
        if !known {
            return Err(Refusal::param(format!("{}.type \"{kind}\" is not known.", component.path)));
        }
    }
    let header = fill_header(plain, template, find(&given, "header"))?;
    let body = fill_text(template, template.component("BODY"), find(&given, "body"))?;
    let footer = template.component("FOOTER").of("text").clone();
    let buttons = fill_buttons(plain, template, &given)?;
    let alone = header.is_null() && footer.is_null() && buttons.is_empty();
    if length(&body) > if alone { FILLED_ALONE_MAX } else { FILLED_MAX } {
        return Err(Refusal::new(132005, "The filled text is too long."));
    }
    let shown = json!({"header": header, "body": body, "footer": footer, "buttons": buttons});
    Ok(Filled { category: template.category.to_ascii_lowercase(), shown })
}

fn usable<'a>(plain: &Plain<'a>, name: &str, language: &str) -> Checked<&'a Template> {
    let mut named = plain.state.templates.iter().filter(|t| t.name == name).peekable();
    if named.peek().is_none() {
        return Err(Refusal::new(132001, format!("template name ({name}) does not exist")));
    }
    let template = named.find(|t| t.language == language);
    let template =
        template.ok_or_else(|| Refusal::new(132001, format!("template name ({name}) does not exist in {language}")))?;
    match template.status.as_str() {
        "APPROVED" => Ok(template),
        "PAUSED" => Err(Refusal::new(132015, format!("template {name} is paused for low quality"))),
        "DISABLED" => Err(Refusal::new(132016, format!("template {name} is disabled"))),
        other => Err(Refusal::new(132001, format!("template {name} in {language} is {other}, not APPROVED"))),
    }
}

fn find<'a, 'b>(given: &'b [Part<'a>], kind: &str) -> Option<&'b Part<'a>> {
    given.iter().find(|c| c.value.of("type").as_str().is_some_and(|own| own.eq_ignore_ascii_case(kind)))
}

fn parameters<'a>(component: Option<&Part<'a>>) -> Checked<Vec<Part<'a>>> {
    match component {
        Some(component) if component.at("parameters").is_there() => component.list("parameters", 0, 100),
        _ => Ok(Vec::new()),
    }
}

fn fill_header(plain: &Plain<'_>, template: &Template, given: Option<&Part<'_>>) -> Checked<Value> {
    let component = template.component("HEADER");
    match component.of("format").as_str() {
        None if given.is_some() => Err(Refusal::new(132000, "header: the template has none.")),
        None => Ok(Value::Null),
        Some("TEXT") => Ok(json!({"type": "text", "text": fill_text(template, component, given)?})),
        Some(format) => {
            let kind = format.to_ascii_lowercase();
            let list = parameters(given)?;
            let [parameter] = list.as_slice() else {
                return Err(count("header", list.len(), 1));
            };
            expect_type(parameter, &kind)?;
            let object = parameter.object(&kind)?;
            if matches!(kind.as_str(), "image" | "video" | "document") {
                plain.media(&object, &kind)?;
            }
            Ok(json!({"type": kind, kind.as_str(): object.value}))
        }
    }
}

/// Puts text parameters into a text.
fn fill_text(template: &Template, component: &Value, given: Option<&Part<'_>>) -> Checked<String> {
    let text = component.of("text").as_str().unwrap_or_default();
    let wanted = variables(text);
    let list = parameters(given)?;
    let place = component.of("type").as_str().unwrap_or("body").to_ascii_lowercase();
    if list.len() != wanted.len() {
        return Err(count(&place, list.len(), wanted.len()));
    }
    let mut filled = text.to_owned();
    for (n, parameter) in list.iter().enumerate() {
        let name = if template.named {
            let name = parameter.maybe("parameter_name", 60)?;
            let name = name.filter(|name| wanted.iter().any(|w| w == name));
            name.ok_or_else(|| Refusal::new(132012, format!("{place}: parameter {n} lacks a name of the template.")))?
                .to_owned()
        } else if parameter.at("parameter_name").is_there() {
            return Err(Refusal::new(132012, format!("{place}: the template's parameters have no names.")));
        } else {
            (n + 1).to_string()
        };
        let hole = format!("{{{{{name}}}}}");
        if !filled.contains(&hole) {
            return Err(Refusal::new(132012, format!("{place}: parameter {name} is given twice.")));
        }
        filled = filled.replace(&hole, &value(parameter)?);
    }
    Ok(filled)
}

/// The text of a text, currency or date_time parameter.
fn value(parameter: &Part<'_>) -> Checked<String> {
    let text = match parameter.text("type", 30)? {
        "text" => parameter.at("text").value.as_str(),
        kind @ ("currency" | "date_time") => parameter.object(kind)?.at("fallback_value").value.as_str(),
        other => return Err(Refusal::new(132012, format!("{}: \"{other}\" is no text.", parameter.path))),
    };
    let text = text.filter(|t| !t.is_empty()).ok_or_else(|| Refusal::missing(&format!("{}.text", parameter.path)))?;
    if text.contains(['\n', '\r', '\t']) || text.contains("     ") {
        return Err(Refusal::new(
            132018,
            format!("{}: no line breaks, tabs or more than 4 spaces in a row.", parameter.path),
        ));
    }
    Ok(text.replace("{{", "{ {"))
}

fn fill_buttons(plain: &Plain<'_>, template: &Template, given: &[Part<'_>]) -> Checked<Vec<Value>> {
    let buttons = template.component("BUTTONS").of("buttons").as_array().cloned().unwrap_or_default();
    let mut shown: Vec<Value> = Vec::new();
    let mut used = 0;
    for (n, button) in buttons.iter().enumerate() {
        let kind = button.of("type").as_str().unwrap_or_default().to_ascii_lowercase();
        let component = given.iter().find(|c| is_button(c, n));
        used += usize::from(component.is_some());
        let list = parameters(component)?;
        if let Some(component) = component {
            let sub_type = component.text("sub_type", 40)?.to_ascii_lowercase();
            if sub_type != kind && !(kind == "otp" && matches!(sub_type.as_str(), "url" | "copy_code")) {
                return Err(Refusal::new(132012, format!("button {n} is {kind}, not {sub_type}.")));
            }
        }
        shown.push(fill_button(plain, &kind, button, n, &list)?);
    }
    let all = given.iter().filter(|c| c.value.of("type").as_str().is_some_and(|t| t.eq_ignore_ascii_case("button")));
    if all.count() != used {
        return Err(Refusal::new(132012, "A button component has an index that the template has not, or twice."));
    }
    Ok(shown)
}

fn is_button(component: &Part<'_>, index: usize) -> bool {
    let own = match component.value.of("index") {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64(),
    };
    own == Some(index as u64) && component.value.of("type").as_str().is_some_and(|t| t.eq_ignore_ascii_case("button"))
}

fn fill_button(plain: &Plain<'_>, kind: &str, button: &Value, n: usize, list: &[Part<'_>]) -> Checked<Value> {
    let mut shown = json!({"type": kind, "text": button.of("text")});
    let url = button.of("url").as_str().unwrap_or_default();
    let least = usize::from(kind == "copy_code" || kind == "otp" || (kind == "url" && !variables(url).is_empty()));
    let most = match kind {
        "url" => least,
        "quick_reply" | "copy_code" | "otp" | "catalog" | "mpm" | "flow" | "order_details" | "order_status" => 1,
        _ => 0,
    };
    if list.len() < least || list.len() > most {
        return Err(count(&format!("button {n}"), list.len(), least));
    }
    let parameter = list.first();
    match (kind, parameter) {
        ("url", Some(parameter)) => {
            expect_type(parameter, "text")?;
            let hole = variables(url).first().map(|v| format!("{{{{{v}}}}}")).unwrap_or_default();
            *shown.slot("url") = json!(url.replace(&hole, &value(parameter)?));
        }
        ("url", None) => *shown.slot("url") = json!(url),
        ("quick_reply", parameter) => {
            let payload = parameter.map(|p| expect_type(p, "payload").and_then(|()| p.text("payload", 256)));
            // Without a payload the label comes back.
            *shown.slot("payload") = payload.transpose()?.map_or(button.of("text").clone(), |p| json!(p));
        }
        ("copy_code", Some(parameter)) => {
            expect_type(parameter, "coupon_code")?;
            *shown.slot("code") = json!(parameter.text("coupon_code", 15)?);
        }
        ("otp", Some(parameter)) => *shown.slot("code") = json!(value(parameter)?),
        ("mpm", Some(parameter)) => product::sections(plain, &parameter.object("action")?)?,
        ("phone_number", _) => *shown.slot("phone_number") = button.of("phone_number").clone(),
        (_, Some(parameter)) => expect_type(parameter, "action")?,
        _ => {}
    }
    Ok(shown)
}

fn expect_type(parameter: &Part<'_>, kind: &str) -> Checked<()> {
    let given = parameter.text("type", 40)?;
    if given.eq_ignore_ascii_case(kind) {
        return Ok(());
    }
    Err(Refusal::new(132012, format!("{}: expected {kind}, received {given}.", parameter.path)))
}

fn count(place: &str, given: usize, wanted: usize) -> Refusal {
    Refusal::new(
        132000,
        format!(
            "{place}: number of localizable_params ({given}) does not match the expected number of params ({wanted})"
        ),
    )
}
