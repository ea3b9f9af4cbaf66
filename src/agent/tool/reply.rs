//! The reply contract: how a model ends a turn. Parts with what each rests on, or, from small models, one text with a list
//! of sources; both become the same.

use crate::agent::bind::Segment;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The name of the call that ends a turn.
pub const REPLY: &str = "reply";

/// Products a reply shows.
const SHOW_MAX: usize = 5;
/// Sources a reply or a part of one names.
const SOURCES_MAX: usize = 5;
/// Parts of a reply.
const SEGMENTS_MAX: usize = 12;
/// Characters of a reason for a colleague.
const REASON_CHARS_MAX: usize = 300;

/// What a model wants to say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReplyArguments {
    /// Text with placeholders, in parts.
    pub segments: Vec<Segment>,
    /// Products to show as cards.
    pub show: Vec<String>,
    /// Answers offered for tapping.
    pub choices: Vec<String>,
    /// Whether the parts say what they rest on; plain words cannot.
    pub cited: bool,
    /// `answer`, `ask_back` or `refuse`.
    pub outcome: String,
    /// Why a colleague should look at this, if one should.
    pub needs_human_reason: Option<String>,
}

/// As written: either form.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    text: String,
    segments: Vec<Segment>,
    show: Vec<String>,
    choices: Vec<String>,
    sources: Vec<String>,
    outcome: String,
    needs_human_reason: Option<String>,
}

impl ReplyArguments {
    /// Reads the arguments as a model wrote them.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut read: Written =
            serde_json::from_str(text).map_err(|e| format!("The arguments of reply do not fit: {e}."))?;
        if read.segments.len() > SEGMENTS_MAX {
            return Err(format!("A reply has at most {SEGMENTS_MAX} segments."));
        }
        read.show.truncate(SHOW_MAX);
        read.sources.truncate(SOURCES_MAX);
        for segment in &mut read.segments {
            segment.cites.truncate(SOURCES_MAX);
        }
        if !read.text.trim().is_empty() {
            // The flat form: one part that rests on everything named.
            read.segments.insert(0, Segment { text: read.text, cites: read.sources });
        }
        if !["answer", "ask_back", "refuse"].contains(&read.outcome.as_str()) {
            read.outcome = "answer".to_owned();
        }
        let reason = read.needs_human_reason.map(|r| r.trim().chars().take(REASON_CHARS_MAX).collect::<String>());
        Ok(Self {
            segments: read.segments,
            show: read.show,
            choices: read.choices,
            cited: true,
            outcome: read.outcome,
            needs_human_reason: reason.filter(|r| !r.is_empty()),
        })
    }

    /// A reply of words only, from an endpoint that does not call `reply`.
    pub fn plain(text: &str) -> Self {
        let segments = vec![Segment { text: text.to_owned(), cites: vec![] }];
        Self { segments, outcome: "answer".to_owned(), ..Self::default() }
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.segments.iter().all(|s| s.text.trim().is_empty())
    }

    /// Everything the parts rest on.
    pub fn sources(&self) -> Vec<String> {
        let mut sources: Vec<String> = Vec::new();
        for cite in self.segments.iter().flat_map(|s| &s.cites) {
            if !sources.contains(cite) && sources.len() < SOURCES_MAX {
                sources.push(cite.clone());
            }
        }
        sources
    }
}

pub(super) fn parameters() -> serde_json::Value {
    let strings = || json!({"type": "array", "items": {"type": "string"}});
    json!({
        "type": "object",
        "properties": {
            "outcome": {"type": "string", "enum": ["answer", "ask_back", "refuse"]},
            "segments": {"type": "array", "maxItems": SEGMENTS_MAX, "items": {
                "type": "object",
                "properties": {"text": {"type": "string"}, "cites": strings()},
                "required": ["text", "cites"],
                "additionalProperties": false,
            }},
            "show": strings(),
            "choices": strings(),
            "needs_human_reason": {"type": ["string", "null"]},
        },
        "required": ["outcome", "segments", "show", "choices", "needs_human_reason"],
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_become_the_same() {
        let flat = ReplyArguments::parse(
            r#"{"text":"Within 30 days.","show":[],"choices":[],"sources":["k1"],"outcome":"answer"}"#,
        );
        let parts =
            ReplyArguments::parse(r#"{"segments":[{"text":"Within 30 days.","cites":["k1"]}],"outcome":"answer"}"#);
        assert_eq!(flat, parts);
        assert_eq!(parts.unwrap().sources(), ["k1"]);
        let reason =
            ReplyArguments::parse(r#"{"segments":[{"text":"Hm."}],"needs_human_reason":" wants a quote "}"#).unwrap();
        assert_eq!((reason.needs_human_reason.as_deref(), reason.outcome.as_str()), (Some("wants a quote"), "answer"));
        assert!(ReplyArguments::parse(r#"{"text":"x","price":1}"#).is_err());
        assert!(ReplyArguments::plain("  ").is_empty());
    }
}
