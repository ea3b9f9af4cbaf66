//! What Meta refuses when a template is made.

use crate::emulator::look::{Checked, Part};
use crate::emulator::refusal::Refusal;
use crate::emulator::template::{Template, variables};
use std::collections::BTreeSet;

/// Languages Meta translates templates into.
const LANGUAGES: &str = "af sq ar ar_EG ar_AE ar_LB ar_MA ar_QA az be_BY bn bn_IN bg ca zh_CN zh_HK zh_TW hr cs da \
    prs_AF nl nl_BE en en_GB en_US en_AE en_AU en_CA en_GH en_IE en_IN en_JM en_MY en_NZ en_QA en_SG en_UG en_ZA et \
    fil fi fr fr_BE fr_CA fr_CH fr_CI fr_MA ka de de_AT de_CH el gu ha he hi hu id ga it ja kn kk rw_RW ko ky_KG lo lv lt \
    mk ms ml mr nb ps_AF fa pl pt_BR pt_PT pa ro ru sr si_LK sk sl es es_AR es_CL es_CO es_CR es_DO es_EC es_HN es_MX \
    es_PA es_PE es_ES es_UY sw sv ta te th tr uk ur uz vi zu";

/// A template as it is before its review.
pub fn checked(body: &serde_json::Value) -> Checked<Template> {
    let root = Part::root(body);
    let name = root.text("name", 512)?;
    if !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        return Err(Refusal::param("name may hold lower-case letters, digits and underscores only."));
    }
    let language = root.text("language", 20)?;
    if !LANGUAGES.split_whitespace().any(|l| l == language) {
        return Err(Refusal::param(format!("language \"{language}\" is not supported.")));
    }
    let category = root.text("category", 20)?.to_ascii_uppercase();
    if !["MARKETING", "UTILITY", "AUTHENTICATION"].contains(&category.as_str()) {
        return Err(Refusal::param("category must be MARKETING, UTILITY or AUTHENTICATION."));
    }
    let named = match root.maybe("parameter_format", 20)?.map(str::to_ascii_lowercase).as_deref() {
        None | Some("positional") => false,
        Some("named") => true,
        Some(_) => return Err(Refusal::param("parameter_format must be named or positional.")),
    };
    let components = root.list("components", 1, 5)?;
    let mut kinds = BTreeSet::new();
    for part in &components {
        let kind = part.text("type", 30)?.to_ascii_uppercase();
        match kind.as_str() {
            "HEADER" => header(part, named)?,
            "BODY" if category == "AUTHENTICATION" => {}
            "BODY" => text_body(part, named)?,
            "FOOTER" if category == "AUTHENTICATION" => {}
            "FOOTER" => {
                if !variables(part.text("text", 60)?).is_empty() {
                    return Err(Refusal::param("The footer must hold no variables."));
                }
            }
            "BUTTONS" => buttons(part)?,
            "CAROUSEL" | "LIMITED_TIME_OFFER" => {}
            other => return Err(Refusal::param(format!("A component of type {other} is not known."))),
        }
        if !kinds.insert(kind) {
            return Err(Refusal::param("Each component may be there once."));
        }
    }
    if !kinds.contains("BODY") {
        return Err(Refusal::param("A template needs a component of type BODY."));
    }
    Ok(Template {
        id: String::new(),
        name: name.to_owned(),
        language: language.to_owned(),
        category,
        status: "PENDING".into(),
        quality: "UNKNOWN".into(),
        named,
        components: components.iter().map(|part| part.value.clone()).collect(),
    })
}

fn header(part: &Part<'_>, named: bool) -> Checked<()> {
    match part.text("format", 20)?.to_ascii_uppercase().as_str() {
        "TEXT" => {
            let text = part.text("text", 60)?;
            let wanted = variables(text);
            if wanted.len() > 1 {
                return Err(Refusal::param("The header may hold one variable."));
            }
            names(&wanted, named)?;
            samples(part, &wanted, named, "header_text")
        }
        "IMAGE" | "VIDEO" | "DOCUMENT" => part.object("example")?.list("header_handle", 1, 1).map(|_| ()),
        "LOCATION" | "PRODUCT" => Ok(()),
        other => Err(Refusal::param(format!("A header of format {other} is not known."))),
    }
}

fn text_body(part: &Part<'_>, named: bool) -> Checked<()> {
    let text = part.text("text", 1024)?;
    let wanted = variables(text);
    names(&wanted, named)?;
    let trimmed = text.trim();
    if trimmed.starts_with("{{") || trimmed.ends_with("}}") {
        return Err(Refusal::param("Variables must not stand first or last in the body."));
    }
    let squeezed: String = text.split_whitespace().collect();
    if squeezed.contains("}}{{") {
        return Err(Refusal::param("Variables must not stand side by side."));
    }
    samples(part, &wanted, named, "body_text")
}

fn names(wanted: &[String], named: bool) -> Checked<()> {
    for (n, name) in wanted.iter().enumerate() {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let good = if named {
            !name.is_empty() && name.chars().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit())
        } else {
            *name == (n + 1).to_string()
        };
        if !good {
            return Err(Refusal::param(format!("The variable {{{{{name}}}}} does not fit the parameter format.")));
        }
    }
    Ok(())
}

/// Every variable needs a sample value.
fn samples(part: &Part<'_>, wanted: &[String], named: bool, key: &str) -> Checked<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let example = part.object("example")?;
    let given = if named {
        example.list(&format!("{key}_named_params"), 1, 100)?.len()
    } else {
        let list = example.list(key, 1, 100)?;
        // The body's samples are a list in a list.
        list.first().and_then(|first| first.value.as_array()).map_or(list.len(), Vec::len)
    };
    if given == wanted.len() {
        return Ok(());
    }
    Err(Refusal::param(format!("{given} sample values for {} variables.", wanted.len())))
}

fn buttons(part: &Part<'_>) -> Checked<()> {
    let buttons = part.list("buttons", 1, 10)?;
    let kinds: Vec<String> =
        buttons.iter().map(|b| b.text("type", 30).map(str::to_ascii_uppercase)).collect::<Checked<_>>()?;
    for (kind, most) in [("URL", 2), ("PHONE_NUMBER", 1), ("COPY_CODE", 1)] {
        if kinds.iter().filter(|k| *k == kind).count() > most {
            return Err(Refusal::param(format!("Buttons of type {kind}: {most} at most.")));
        }
    }
    let mut groups = kinds.clone();
    groups.dedup_by(|a, b| (*a == "QUICK_REPLY") == (*b == "QUICK_REPLY"));
    if groups.iter().filter(|k| *k == "QUICK_REPLY").count() > 1 {
        return Err(Refusal::param("Quick replies must stand together."));
    }
    let mut labels = BTreeSet::new();
    for (button, kind) in buttons.iter().zip(&kinds) {
        if kind == "QUICK_REPLY" || kind == "URL" || kind == "PHONE_NUMBER" {
            let label = button.text("text", 25)?;
            if !labels.insert(label) {
                return Err(Refusal::param(format!("The label \"{label}\" is there twice.")));
            }
        }
        match kind.as_str() {
            "PHONE_NUMBER" => {
                button.text("phone_number", 20)?;
            }
            "COPY_CODE" => {
                button.text("example", 15)?;
            }
            "URL" => {
                let url = button.text("url", 2000)?;
                let wanted = variables(url);
                if wanted.len() > 1 || (!wanted.is_empty() && !url.ends_with("}}")) {
                    return Err(Refusal::param("A url may hold one variable, at its end."));
                }
                if !wanted.is_empty() {
                    button.list("example", 1, 1)?;
                }
            }
            "QUICK_REPLY"
            | "OTP"
            | "FLOW"
            | "CATALOG"
            | "MPM"
            | "SPM"
            | "VOICE_CALL"
            | "REQUEST_CONTACT_INFO"
            | "ORDER_DETAILS"
            | "ORDER_STATUS" => {}
            other => return Err(Refusal::param(format!("A button of type {other} is not known."))),
        }
    }
    Ok(())
}
