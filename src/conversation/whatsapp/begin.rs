//! The merchant begins: an approved template to somebody who may never have written, and consents given elsewhere.

use crate::app::App;
use crate::channel::whatsapp::event::Sender;
use crate::channel::whatsapp::price::country_of;
use crate::channel::whatsapp::template::{self, Approved, Status};
use crate::conversation::{self, whatsapp::who};
use crate::domain::id::{ContactId, MessageId};
use crate::domain::identity::Ids;
use crate::domain::message::{Author, Reply};
use crate::domain::template::{Category, Template};
use crate::store::consents::Consent;
use crate::store::{self, Tx};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Digits of a phone number with its country's code.
const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;
/// Where the network delivers no marketing templates at all.
const NO_MARKETING_IN: &str = "US";

/// What is to be sent to everybody alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The account it leaves by.
    pub account: String,
    /// The template's name.
    pub name: String,
    /// Its language: `pt_BR`.
    pub language: String,
}

/// Why nothing is sent to somebody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not a number that can be dialled from anywhere.
    #[error("the number is not written as +, country code and digits")]
    Number,
    /// The account has no such template.
    #[error("the account has no template {0} in {1}; souk whatsapp templates sync reads what Meta has")]
    NoTemplate(String, String),
    /// It has, but it may not leave.
    #[error("the template {0} in {1} is {2}: only an approved one may leave")]
    NotApproved(String, String, &'static str),
    /// Its gaps are not filled rightly.
    #[error(transparent)]
    Gaps(#[from] template::Error),
    /// A promotion to somebody who did not ask for it.
    #[error(
        "the template promotes, and no consent of this person is on record; souk whatsapp consent add writes one down"
    )]
    NoConsent,
    /// A promotion to a number that gets none.
    #[error("WhatsApp delivers no promotions to numbers of the United States")]
    NotThere,
}

/// The digits of a number written with its country's code; nothing if it is none.
pub fn digits(phone: &str) -> Option<String> {
    let rest = phone.trim().strip_prefix('+')?;
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let plain = rest.chars().all(|c| c.is_ascii_digit() || " -().".contains(c));
    (plain && DIGITS.contains(&digits.len()) && !digits.starts_with('0')).then_some(digits)
}

/// The template that is meant exactly: nobody is written to in another language than was asked for.
pub fn form<'a>(list: &'a [Approved], wanted: &Wanted) -> Result<&'a Approved, Refused> {
    let (name, language) = (&wanted.name, wanted.language.replace('-', "_"));
    let found = list.iter().find(|form| form.name == *name && form.language.eq_ignore_ascii_case(&language));
    let form = found.ok_or_else(|| Refused::NoTemplate(name.clone(), language.clone()))?;
    match form.status {
        Status::Approved => Ok(form),
        other => Err(Refused::NotApproved(name.clone(), language, other.word())),
    }
}

/// Has a template sent to a number: the message is written down and leaves by the outbox.
pub async fn send(
    app: &App,
    tx: &mut Tx,
    form: &Approved,
    account: &str,
    phone: &str,
    values: BTreeMap<String, String>,
) -> Result<Result<MessageId, Refused>, store::Error> {
    let Some(number) = digits(phone) else { return Ok(Err(Refused::Number)) };
    // What is of no known kind is treated as the kind that is allowed least.
    let category = form.category.unwrap_or(Category::Marketing);
    let template = Template { name: form.name.clone(), language: form.language.clone(), category, values };
    if let Err(error) = template::fill(&template, form) {
        return Ok(Err(Refused::Gaps(error)));
    }
    let sender = sender(app, &number);
    if category == Category::Marketing {
        if country_of(&number) == Some(NO_MARKETING_IN) {
            return Ok(Err(Refused::NotThere));
        }
        let allowed = match who::find(tx, &sender).await? {
            Some(contact) => tx.may_promote(&contact).await?,
            None => false,
        };
        if !allowed {
            return Ok(Err(Refused::NoConsent));
        }
    }
    let contact = who::wrote(app, tx, &sender).await?;
    let talk = who::conversation(app, tx, account, &contact).await?;
    let text = text(form, &template.values);
    let reply = Reply { text, template: Some(template), ..Reply::default() };
    Ok(Ok(conversation::say(app, tx, &talk.id, Author::Shop, reply).await?.id))
}

/// Writes a yes or no down that was given elsewhere; who is not known yet becomes a contact.
pub async fn consent(
    app: &App,
    tx: &mut Tx,
    phone: &str,
    granted: bool,
    (source, text): (&str, &str),
    at: Option<Timestamp>,
) -> Result<Result<ContactId, Refused>, store::Error> {
    let Some(number) = digits(phone) else { return Ok(Err(Refused::Number)) };
    let contact = who::wrote(app, tx, &sender(app, &number)).await?;
    let now = app.now();
    let consent = Consent {
        source: source.to_owned(),
        text: text.to_owned(),
        // Nobody consented in the future.
        at: at.map_or(now, |at| at.min(now)),
        ..Consent::to_marketing(app.ids.as_ref(), &contact, granted, now)
    };
    tx.add_consent(&consent).await?;
    Ok(Ok(contact))
}

fn sender(_app: &App, number: &str) -> Sender {
    Sender { ids: Ids { wa: Some(number.to_owned()), ..Ids::default() }, ..Sender::default() }
}

/// The template's words with the values in them: what the console shows, and what leaves while the window is open.
fn text(form: &Approved, values: &BTreeMap<String, String>) -> String {
    values.iter().fold(form.body.clone(), |text, (gap, value)| text.replace(&format!("{{{{{gap}}}}}"), value))
}
