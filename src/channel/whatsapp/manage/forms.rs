//! The account's templates: listed to the last page, handed in, taken away.

use crate::channel::whatsapp::client::Failure;
use crate::channel::whatsapp::manage::Desk;
use crate::channel::whatsapp::manage::finding::{list, word};
use crate::channel::whatsapp::template::{Approved, Definition, Status, parse};
use serde::Serialize;
use serde_json::Value;

/// What is asked of each.
const FIELDS: &str = "id,name,language,status,category,quality_score,rejected_reason,components";
/// Templates on a page.
const PAGE: &str = "100";
/// Pages that are read: as many templates as an account may have.
const PAGES_MAX: usize = 60;

/// A template with why it was refused, if it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// The template.
    #[serde(flatten)]
    pub form: Approved,
    /// Meta's word for why.
    pub rejected_reason: String,
}

/// A page of the listing, and where the next begins.
pub fn page(answer: &Value) -> (Vec<Listed>, Option<String>) {
    let forms = list(answer).iter().filter_map(|entry| {
        let reason = word(entry, "rejected_reason");
        let rejected_reason = if reason == "NONE" { String::new() } else { reason };
        Some(Listed { form: Approved::read(entry)?, rejected_reason })
    });
    (forms.collect(), parse(answer).1)
}

/// What Meta answered to a template handed in: its state, and the category it chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Made {
    /// Whether it may leave already.
    pub status: Status,
    /// `UTILITY`; empty if nothing was said.
    pub category: String,
}

impl Desk<'_> {
    /// All templates of the account.
    pub async fn forms(&self) -> Result<Vec<Listed>, Failure> {
        let path = format!("{}/message_templates", self.account.waba_id);
        let (mut all, mut after) = (Vec::new(), None::<String>);
        for _ in 0..PAGES_MAX {
            let mut query = vec![("fields", FIELDS), ("limit", PAGE)];
            query.extend(after.as_deref().map(|cursor| ("after", cursor)));
            let (forms, next) = page(&self.client.get(&path, &query).await?);
            all.extend(forms);
            // A server that names the same page again would keep us forever.
            if next.is_none() || next == after {
                break;
            }
            after = next;
        }
        Ok(all)
    }

    /// Hands one in. It has to be checked before.
    pub async fn hand_in(&self, form: &Definition) -> Result<Made, Failure> {
        let path = format!("{}/message_templates", self.account.waba_id);
        let answer = self.client.post(&path, &form.to_wire()).await?;
        Ok(Made { status: Status::of_word(&word(&answer, "status")), category: word(&answer, "category") })
    }

    /// Takes a template away in all its languages; its name is blocked for 30 days.
    pub async fn take_away(&self, name: &str) -> Result<(), Failure> {
        let path = format!("{}/message_templates", self.account.waba_id);
        self.client.delete(&path, &[("name", name)]).await.map(|_| ())
    }
}
