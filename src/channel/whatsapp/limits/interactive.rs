//! The limits of interactive messages, one kind at a time.

use crate::channel::whatsapp::limits::part::Part;
use crate::channel::whatsapp::limits::{
    BODY_MAX, BUTTON_ID_MAX, BUTTON_TITLE_MAX, BUTTONS_MAX, Breach, CAROUSEL_BODY_MAX, CAROUSEL_BREAKS_MAX,
    CAROUSEL_CARDS_MAX, CAROUSEL_CARDS_MIN, CAROUSEL_ID_MAX, FLOW_LABEL_MAX, FOOTER_MAX, HEADER_MAX, LINK_LABEL_MAX,
    LIST_BUTTON_MAX, OUTSIDE_ID_MAX, PRODUCTS_MAX, RETAILER_ID_MAX, ROW_DESCRIPTION_MAX, ROW_ID_MAX, ROW_TITLE_MAX,
    ROWS_MAX, SECTION_TITLE_MAX, SECTIONS_MAX, media,
};
use std::collections::BTreeSet;

/// What a header may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Header {
    None,
    Words,
    Any,
}

/// Checks one interactive message.
pub fn check(part: &Part<'_>) -> Result<(), Breach> {
    let kind = part.at("type")?.str()?;
    part.optional("footer", |footer| footer.at("text")?.text(FOOTER_MAX))?;
    let body_needed = kind != "product";
    if body_needed || part.has("body") {
        part.at("body")?.at("text")?.text(BODY_MAX)?;
    }
    header(
        part,
        match kind {
            "button" | "cta_url" | "flow" | "address_message" | "order_details" => Header::Any,
            "list" | "product_list" => Header::Words,
            _ => Header::None,
        },
    )?;
    let action = part.at("action")?;
    match kind {
        "button" => buttons(&action.at("buttons")?),
        "list" => list(&action),
        "cta_url" => link(&action),
        "location_request_message" => named(&action, "send_location"),
        "request_contact_info" => named(&action, "request_contact_info"),
        "product" => product(&action),
        "product_list" => {
            part.at("header")?;
            products(&action)
        }
        "catalog_message" => named(&action, "catalog_message"),
        "carousel" => carousel(&action),
        "flow" => {
            named(&action, "flow")?;
            action.at("parameters")?.at("flow_cta")?.text(FLOW_LABEL_MAX)
        }
        "address_message" => named(&action, "address_message"),
        "order_details" => named(&action, "review_and_pay"),
        "order_status" => named(&action, "review_order"),
        "call_permission_request" => named(&action, "call_permission_request"),
        _ => Err(part.not_here("type")),
    }
}

fn header(part: &Part<'_>, allowed: Header) -> Result<(), Breach> {
    part.optional("header", |header| {
        let kind = header.at("type")?.str()?;
        match (allowed, kind) {
            (Header::Words | Header::Any, "text") => header.at("text")?.text(HEADER_MAX),
            (Header::Any, "image" | "video" | "document") => media(&header.at(kind)?, false),
            _ => Err(header.not_here("type")),
        }
    })
}

fn named(action: &Part<'_>, name: &str) -> Result<(), Breach> {
    if action.at("name")?.str()? == name { Ok(()) } else { Err(action.not_here("name")) }
}

fn buttons(part: &Part<'_>) -> Result<(), Breach> {
    let (mut ids, mut titles) = (BTreeSet::new(), BTreeSet::new());
    part.each(1, BUTTONS_MAX, |button| {
        if button.at("type")?.str()? != "reply" {
            return Err(button.not_here("type"));
        }
        let reply = button.at("reply")?;
        let (id, title) = (reply.at("id")?, reply.at("title")?);
        id.text(BUTTON_ID_MAX)?;
        title.text(BUTTON_TITLE_MAX)?;
        once(&mut ids, &id)?;
        once(&mut titles, &title)
    })
}

fn once<'a>(seen: &mut BTreeSet<&'a str>, part: &Part<'a>) -> Result<(), Breach> {
    if seen.insert(part.str()?) { Ok(()) } else { Err(part.twice()) }
}

/// Sections with their titles: one may do without.
fn sections<'a>(action: &Part<'a>, mut each: impl FnMut(Part<'a>) -> Result<(), Breach>) -> Result<(), Breach> {
    let mut several = false;
    let sections = action.at("sections")?;
    sections.each(1, SECTIONS_MAX, |_| Ok(()))?;
    if sections.each(1, 1, |_| Ok(())).is_err() {
        several = true;
    }
    sections.each(1, SECTIONS_MAX, |section| {
        if several || section.has("title") {
            section.at("title")?.text(SECTION_TITLE_MAX)?;
        }
        each(section)
    })
}

fn list(action: &Part<'_>) -> Result<(), Breach> {
    action.at("button")?.text(LIST_BUTTON_MAX)?;
    let (mut ids, mut titles, mut rows) = (BTreeSet::new(), BTreeSet::new(), 0);
    sections(action, |section| {
        section.at("rows")?.each(1, ROWS_MAX, |row| {
            rows += 1;
            let (id, title) = (row.at("id")?, row.at("title")?);
            id.text(ROW_ID_MAX)?;
            title.text(ROW_TITLE_MAX)?;
            row.optional("description", |words| words.text(ROW_DESCRIPTION_MAX))?;
            once(&mut ids, &id)?;
            once(&mut titles, &title)
        })
    })?;
    total(rows, ROWS_MAX)
}

fn total(found: usize, max: usize) -> Result<(), Breach> {
    if found > max {
        return Err(Breach::Count { part: "interactive.action.sections".to_owned(), found, min: 1, max });
    }
    Ok(())
}

fn link(action: &Part<'_>) -> Result<(), Breach> {
    named(action, "cta_url")?;
    let parameters = action.at("parameters")?;
    parameters.at("display_text")?.text(LINK_LABEL_MAX)?;
    let url = parameters.at("url")?;
    url.address("https://").or_else(|_| url.address("http://"))
}

fn product(action: &Part<'_>) -> Result<(), Breach> {
    action.at("catalog_id")?.text(OUTSIDE_ID_MAX)?;
    action.at("product_retailer_id")?.text(RETAILER_ID_MAX)
}

fn products(action: &Part<'_>) -> Result<(), Breach> {
    action.at("catalog_id")?.text(OUTSIDE_ID_MAX)?;
    let (mut ids, mut items) = (BTreeSet::new(), 0);
    sections(action, |section| {
        section.at("product_items")?.each(1, PRODUCTS_MAX, |item| {
            items += 1;
            let id = item.at("product_retailer_id")?;
            id.text(RETAILER_ID_MAX)?;
            once(&mut ids, &id)
        })
    })?;
    total(items, PRODUCTS_MAX)
}

fn carousel(action: &Part<'_>) -> Result<(), Breach> {
    action.at("cards")?.each(CAROUSEL_CARDS_MIN, CAROUSEL_CARDS_MAX, |card| {
        card.optional("body", |body| {
            let text = body.at("text")?;
            text.text(CAROUSEL_BODY_MAX)?;
            let found = text.str()?.matches('\n').count();
            let part = "the line breaks of a card".to_owned();
            let max = CAROUSEL_BREAKS_MAX;
            if found > max { Err(Breach::Count { part, found, min: 0, max }) } else { Ok(()) }
        })?;
        let action = card.at("action")?;
        match card.at("type")?.str()? {
            "product" => product(&action),
            "cta_url" => {
                let header = card.at("header")?;
                media(&header.at(header.at("type")?.str()?)?, false)?;
                if action.has("buttons") { quick_replies(&action.at("buttons")?) } else { link(&action) }
            }
            _ => Err(card.not_here("type")),
        }
    })
}

fn quick_replies(part: &Part<'_>) -> Result<(), Breach> {
    let mut ids = BTreeSet::new();
    part.each(1, BUTTONS_MAX, |button| {
        let reply = button.at("quick_reply")?;
        let id = reply.at("id")?;
        id.text(CAROUSEL_ID_MAX)?;
        reply.at("title")?.text(BUTTON_TITLE_MAX)?;
        once(&mut ids, &id)
    })
}
