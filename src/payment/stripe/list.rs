//! Reading a page of a list: one entry that cannot be read hides no other, and is itself not hidden.

use crate::payment::list::Page;
use crate::payment::stripe::answer::{self, ID_CHARS_MAX, Object, bounded, is_id, json, unreadable};
use crate::payment::stripe::exchange::Answer;
use crate::payment::stripe::transport::Raw;
use crate::payment::stripe::verify;
use crate::payment::{Error, Event};
use serde_json::Value;
use stripe_types::List;

/// What stands for an entry that has no id to be named by.
const NAMELESS: &str = "(an entry without an id)";

/// Reads a page of objects. Entries of other programs on the same account may be of any kind: those that cannot be read
/// and show that they are not ours are left out.
pub fn page<T: Object>(answer: Answer<List<T::Whole>>) -> Result<Page<T>, Error> {
    let Answer { whole, raw } = answer;
    let (entries, more) = entries(&raw)?;
    let read: Vec<Result<T, &'static str>> = match whole {
        Some(list) => list.data.into_iter().map(T::of_whole).collect(),
        None => {
            answer::warn::<T>(&raw);
            entries.iter().map(T::of_fields).collect()
        }
    };
    let mut page = Page { items: Vec::new(), unreadable: Vec::new(), next: next(&raw, &entries, more)? };
    for (entry, read) in entries.iter().zip(read) {
        match read {
            Ok(item) => page.items.push(item),
            Err(_) if T::is_anothers(entry) => {}
            Err(why) => {
                let id = name(entry);
                tracing::warn!(object = T::NAME, id, why, request_id = raw.request_id, "an entry cannot be read");
                page.unreadable.push(id);
            }
        }
    }
    Ok(page)
}

/// Reads a page of events, each as the webhook would.
pub fn events(raw: &Raw) -> Result<Page<Event>, Error> {
    let (entries, more) = entries(raw)?;
    let mut page = Page { items: Vec::new(), unreadable: Vec::new(), next: next(raw, &entries, more)? };
    for entry in &entries {
        match verify::read(entry) {
            Ok(event) => page.items.push(event),
            Err(_) => page.unreadable.push(name(entry)),
        }
    }
    Ok(page)
}

fn entries(raw: &Raw) -> Result<(Vec<Value>, bool), Error> {
    let mut list = json(raw)?;
    let more = list.get("has_more").and_then(Value::as_bool);
    match (list.get_mut("data").map(Value::take), more) {
        (Some(Value::Array(entries)), Some(more)) => Ok((entries, more)),
        _ => Err(unreadable(raw, "the answer is not a list".into())),
    }
}

fn next(raw: &Raw, entries: &[Value], more: bool) -> Result<Option<String>, Error> {
    if !more {
        return Ok(None);
    }
    let last = entries.last().and_then(id);
    last.map(|id| Some(id.to_owned())).ok_or_else(|| unreadable(raw, "the list goes on, but not from where".into()))
}

fn id(entry: &Value) -> Option<&str> {
    entry.get("id").and_then(Value::as_str).filter(|id| is_id(id))
}

fn name(entry: &Value) -> String {
    id(entry).map_or_else(|| NAMELESS.to_owned(), |id| bounded(id, ID_CHARS_MAX))
}
