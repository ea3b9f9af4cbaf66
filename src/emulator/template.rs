//! Message templates: making them by Meta's rules, reviewing, listing and deleting.

pub mod make;

#[cfg(test)]
mod tests;

use crate::emulator::happen::Happening;
use crate::emulator::hook::Update;
use crate::emulator::look::{Checked, Json};
use crate::emulator::refusal::Refusal;
use crate::emulator::state::State;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Templates of an account that is not verified.
pub const TEMPLATES_MAX: usize = 250;
/// Days a deleted name is blocked.
const BLOCKED_DAYS: i64 = 30;
/// Templates on a page, unless asked otherwise, and at most.
const PAGE: (usize, usize) = (25, 100);

/// A message template in one language.
#[derive(Clone, Debug)]
pub struct Template {
    /// Its numeric id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// `pt_BR`…
    pub language: String,
    /// MARKETING, UTILITY, AUTHENTICATION.
    pub category: String,
    /// PENDING, APPROVED, REJECTED, PAUSED, DISABLED.
    pub status: String,
    /// GREEN, YELLOW, RED, UNKNOWN.
    pub quality: String,
    /// Its parameters have names.
    pub named: bool,
    /// As they were given.
    pub components: Vec<Value>,
}

impl Template {
    /// A component by its type, or null.
    pub fn component(&self, kind: &str) -> &Value {
        let found =
            self.components.iter().find(|c| c.of("type").as_str().is_some_and(|t| t.eq_ignore_ascii_case(kind)));
        found.unwrap_or(&Value::Null)
    }

    fn shown(&self) -> Value {
        json!({
            "name": self.name,
            "parameter_format": if self.named { "NAMED" } else { "POSITIONAL" },
            "components": self.components,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "quality_score": {"score": self.quality},
            "id": self.id,
        })
    }
}

/// The names of the variables in a text, in the order they first appear.
pub fn variables(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for piece in text.split("{{").skip(1) {
        let Some((name, _)) = piece.split_once("}}") else { continue };
        let name = name.trim().to_owned();
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

impl State {
    /// `POST /{waba}/message_templates`.
    pub fn create_template(&mut self, body: &Value) -> Checked<Value> {
        let mut template = make::checked(body)?;
        let same = |t: &Template| t.name == template.name && t.language == template.language;
        if self.templates.iter().any(same) {
            return Err(Refusal::new(2_388_024, "Content in this language already exists for this template."));
        }
        let blocked = SignedDuration::from_hours(BLOCKED_DAYS * 24);
        let now = self.now();
        if self.deleted_templates.iter().any(|(name, at)| *name == template.name && now.duration_since(*at) < blocked) {
            return Err(Refusal::new(2_388_023, "The name of a deleted template is blocked for 30 days."));
        }
        if self.templates.len() >= TEMPLATES_MAX {
            return Err(Refusal::new(2_388_042, format!("The account has {TEMPLATES_MAX} templates, its limit.")));
        }
        template.id = self.numeric_id(6);
        let answer = json!({"id": template.id, "status": "PENDING", "category": template.category});
        let id = template.id.clone();
        self.templates.push(template);
        self.plan(now, self.settings.delays.review, Happening::Approved(id));
        Ok(answer)
    }

    /// `GET /{waba}/message_templates`, by name, status, language and category, in pages.
    pub fn list_templates(&self, query: &[(String, String)]) -> Checked<Value> {
        let asked = |key: &str| query.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
        let fits = |template: &Template| {
            let same = |key: &str, own: &str| asked(key).is_none_or(|want| own.eq_ignore_ascii_case(want));
            asked("name").is_none_or(|name| template.name.contains(name))
                && same("status", &template.status)
                && same("language", &template.language)
                && same("category", &template.category)
        };
        let all: Vec<&Template> = self.templates.iter().filter(|t| fits(t)).collect();
        let limit = asked("limit").and_then(|l| l.parse().ok()).unwrap_or(PAGE.0).clamp(1, PAGE.1);
        let from = match asked("after") {
            None | Some("") => 0,
            Some(cursor) => all
                .iter()
                .position(|t| t.id == cursor)
                .map(|at| at + 1)
                .ok_or_else(|| Refusal::new(131059, "The cursor after is not one of this list's."))?,
        };
        let page: Vec<&&Template> = all.iter().skip(from).take(limit).collect();
        let data: Vec<Value> = page.iter().map(|t| pick(&t.shown(), asked("fields"))).collect();
        let mut answer = json!({"data": data});
        if let (Some(first), Some(last)) = (page.first(), page.last()) {
            *answer.slot("paging") = json!({"cursors": {"before": first.id, "after": last.id}});
            if from + limit < all.len() {
                let waba = &self.settings.waba_id;
                let next =
                    format!("{}/{waba}/message_templates?limit={limit}&after={}", self.settings.public_url, last.id);
                *answer.slot("paging").slot("next") = json!(next);
            }
        }
        Ok(answer)
    }

    /// `DELETE /{waba}/message_templates`: by name in every language, or one by `hsm_id` too.
    pub fn delete_template(&mut self, name: Option<&str>, id: Option<&str>) -> Checked<Value> {
        let name = name.ok_or_else(|| Refusal::missing("name"))?;
        let before = self.templates.len();
        self.templates.retain(|t| t.name != name || id.is_some_and(|id| id != t.id));
        if self.templates.len() == before {
            return Err(Refusal::param(format!("Message template {name} was not found.")));
        }
        if !self.templates.iter().any(|t| t.name == name) {
            let now = self.now();
            self.deleted_templates.push((name.to_owned(), now));
            self.deleted_templates.drain(..self.deleted_templates.len().saturating_sub(TEMPLATES_MAX));
        }
        Ok(json!({"success": true}))
    }

    /// The end of a review.
    pub fn review(&mut self, id: &str) {
        let pending = self.templates.iter().find(|t| t.id == id && t.status == "PENDING");
        if let Some(name) = pending.map(|t| (t.name.clone(), t.language.clone())) {
            self.set_template(&name.0, &name.1, "APPROVED", None);
        }
    }

    /// Sets a template's status and tells of it. False: there is none.
    pub fn set_template(&mut self, name: &str, language: &str, status: &str, reason: Option<&str>) -> bool {
        let found = self.templates.iter_mut().find(|t| t.name == name && t.language == language);
        let Some(template) = found else { return false };
        template.status = status.to_owned();
        let value = json!({
            "event": status,
            "message_template_id": template.id.parse::<u64>().unwrap_or_default(),
            "message_template_name": name,
            "message_template_language": language,
            "message_template_category": template.category,
            "reason": reason.unwrap_or("NONE"),
        });
        self.tell(Update { field: "message_template_status_update".into(), number: None, value });
        true
    }

    /// Sets a template's quality and tells of it. False: there is none.
    pub fn rate_template(&mut self, name: &str, language: &str, quality: &str) -> bool {
        let found = self.templates.iter_mut().find(|t| t.name == name && t.language == language);
        let Some(template) = found else { return false };
        let value = json!({
            "previous_quality_score": template.quality,
            "new_quality_score": quality,
            "message_template_id": template.id.parse::<u64>().unwrap_or_default(),
            "message_template_name": name,
            "message_template_language": language,
        });
        template.quality = quality.to_owned();
        self.tell(Update { field: "message_template_quality_update".into(), number: None, value });
        true
    }
}

/// The fields that were asked for, and the id; all when none were.
pub fn pick(object: &Value, fields: Option<&str>) -> Value {
    let Some(fields) = fields.filter(|f| !f.is_empty()) else { return object.clone() };
    let wanted: Vec<&str> = fields.split(',').map(|f| f.split(['{', '(', '.']).next().unwrap_or(f).trim()).collect();
    let kept = object.as_object().into_iter().flatten().filter(|(k, _)| *k == "id" || wanted.contains(&k.as_str()));
    Value::Object(kept.map(|(k, v)| (k.clone(), v.clone())).collect())
}
