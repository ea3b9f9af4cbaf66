//! Reply buttons and lists.

use crate::emulator::check::interactive::LABEL_MAX;
use crate::emulator::look::{Checked, Part};
use crate::emulator::refusal::Refusal;
use std::collections::BTreeSet;

/// Rows of a list, over all sections.
const ROWS_MAX: usize = 10;

/// `action.buttons` of reply buttons.
pub fn buttons(action: &Part<'_>) -> Checked<()> {
    action.only(&["buttons"])?;
    let (mut ids, mut titles) = (BTreeSet::new(), BTreeSet::new());
    for button in action.list("buttons", 1, 3)? {
        if button.text("type", 20)? != "reply" {
            return Err(Refusal::value(format!("{}.type must be reply.", button.path)));
        }
        let reply = button.object("reply")?;
        reply.only(&["id", "title"])?;
        let id = reply.text("id", 256)?;
        if id.trim() != id {
            return Err(Refusal::value(format!("{}.id must not begin or end with spaces.", reply.path)));
        }
        unique(&mut ids, id, &reply, "id")?;
        unique(&mut titles, reply.text("title", LABEL_MAX)?, &reply, "title")?;
    }
    Ok(())
}

/// `action` of a list.
pub fn list(action: &Part<'_>) -> Checked<()> {
    action.only(&["button", "sections"])?;
    action.text("button", LABEL_MAX)?;
    let sections = action.list("sections", 1, 10)?;
    let several = sections.len() > 1;
    let (mut ids, mut rows) = (BTreeSet::new(), 0);
    for section in sections {
        if section.maybe("title", 24)?.is_none() && several {
            return Err(Refusal::missing(&format!("{}.title", section.path)));
        }
        for row in section.list("rows", 1, ROWS_MAX)? {
            row.only(&["id", "title", "description"])?;
            unique(&mut ids, row.text("id", 200)?, &row, "id")?;
            row.text("title", 24)?;
            row.maybe("description", 72)?;
            rows += 1;
        }
    }
    if rows > ROWS_MAX {
        return Err(Refusal::value(format!("The list has {rows} rows; {ROWS_MAX} over all sections are the limit.")));
    }
    Ok(())
}

/// Refuses what was there already.
pub fn unique<'a>(seen: &mut BTreeSet<&'a str>, text: &'a str, part: &Part<'_>, key: &str) -> Checked<()> {
    if seen.insert(text) {
        return Ok(());
    }
    Err(Refusal::value(format!("{}.{key} \"{text}\" is not unique within the message.", part.path)))
}
