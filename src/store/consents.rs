//! What shoppers allowed or forbade: never changed, the newest counts.

use crate::clock::Ids;
use crate::domain::id::ContactId;
use crate::store::{Error, Tx, at, ms, on_engine};
use jiff::Timestamp;

/// Sending what was not asked for and promotes.
pub const MARKETING: &str = "marketing";
/// Letters of the words that go with a consent.
const TEXT_CHARS_MAX: usize = 500;

/// A yes or no of a shopper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Ours: `cns_…`.
    pub id: String,
    /// Whose.
    pub contact: ContactId,
    /// To what: [`MARKETING`].
    pub purpose: String,
    /// Yes or no.
    pub granted: bool,
    /// How it was given: `whatsapp:main`.
    pub source: String,
    /// In which words.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

impl Consent {
    /// A yes or no to advertising.
    pub fn to_marketing(ids: &dyn Ids, contact: &ContactId, granted: bool, now: Timestamp) -> Self {
        Self {
            id: format!("cns_{}", ids.sortable(now)),
            contact: contact.clone(),
            purpose: MARKETING.to_owned(),
            granted,
            source: String::new(),
            text: String::new(),
            at: now,
        }
    }
}

impl Tx {
    /// Adds a yes or no.
    pub async fn add_consent(&mut self, consent: &Consent) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO consents (shop_id, id, contact_id, purpose, state, source, text, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let shop = self.shop.to_string();
        let text: String = consent.text.chars().take(TEXT_CHARS_MAX).collect();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(&consent.id)
            .bind(consent.contact.as_str())
            .bind(&consent.purpose)
            .bind(if consent.granted { "granted" } else { "refused" })
            .bind(&consent.source)
            .bind(text)
            .bind(ms(consent.at))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Whether a shopper may be sent advertising: they said yes last, and did not say STOP. A no of the same moment as a
    /// yes counts more.
    pub async fn may_promote(&mut self, contact: &ContactId) -> Result<bool, Error> {
        const SQL: &str = "SELECT n.state, c.stopped FROM consents n
            JOIN contacts c ON c.shop_id = n.shop_id AND c.id = n.contact_id
            WHERE n.shop_id = $1 AND n.contact_id = $2 AND n.purpose = $3 ORDER BY n.at DESC, n.state DESC LIMIT 1";
        let shop = self.shop.to_string();
        let row: Option<(String, i64)> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(contact.as_str())
            .bind(MARKETING)
            .fetch_optional(conn)
            .await?);
        Ok(row.is_some_and(|(state, stopped)| state == "granted" && stopped == 0))
    }

    /// What shoppers said, the newest first: of everybody, or of one.
    pub async fn consents(&mut self, contact: Option<&ContactId>, most: i64) -> Result<Vec<Consent>, Error> {
        const SQL: &str = "SELECT id, contact_id, purpose, state, source, text, at FROM consents
            WHERE shop_id = $1 AND ($2 = '' OR contact_id = $2) ORDER BY at DESC, id DESC LIMIT $3";
        let (shop, contact) = (self.shop.to_string(), contact.map_or("", ContactId::as_str));
        let rows: Vec<(String, String, String, String, String, String, i64)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(contact).bind(most).fetch_all(conn).await?);
        let consent =
            |(id, contact, purpose, state, source, text, when): (String, String, String, String, String, _, i64)| {
                let at = at(when, &format!("consent {id}"))?;
                let contact = ContactId::new(contact);
                Ok(Consent { id, contact, purpose, granted: state == "granted", source, text, at })
            };
        rows.into_iter().map(consent).collect()
    }
}
