//! Contacts and their aliases on channels.

use crate::domain::address::Address;
use crate::domain::contact::{Contact, Forgotten};
use crate::domain::id::ContactId;
use crate::store::{Error, Tx, from_json, ms, on_engine, to_json};
use jiff::Timestamp;

type Row = (String, Option<String>, String, i64, Option<String>, Option<String>);

impl Tx {
    /// The contact behind an alias.
    pub async fn contact_by_alias(&mut self, channel: &str, alias: &str) -> Result<Option<Contact>, Error> {
        const SQL: &str = "SELECT c.id, c.name, c.locale, c.stopped, c.address, c.forgotten FROM aliases a
            JOIN contacts c ON c.shop_id = a.shop_id AND c.id = a.contact_id
            WHERE a.shop_id = $1 AND a.channel = $2 AND a.alias = $3";
        let shop = self.shop.to_string();
        let row: Option<Row> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(channel)
            .bind(alias)
            .fetch_optional(conn)
            .await?);
        row.map(contact).transpose()
    }

    /// The contact with this id.
    pub async fn contact(&mut self, id: &ContactId) -> Result<Option<Contact>, Error> {
        const SQL: &str = "SELECT id, name, locale, stopped, address, forgotten FROM contacts
            WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let row: Option<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(id.as_str()).fetch_optional(conn).await?);
        row.map(contact).transpose()
    }

    /// Adds a contact, or changes what is known of it.
    pub async fn save_contact(&mut self, contact: &Contact, now: Timestamp) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO contacts (shop_id, id, name, locale, stopped, created_at, address, forgotten)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (shop_id, id) DO UPDATE SET name = excluded.name, locale = excluded.locale,
                stopped = excluded.stopped, address = excluded.address, forgotten = excluded.forgotten";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(contact.id.as_str())
            .bind(contact.name.as_deref())
            .bind(&contact.locale)
            .bind(i64::from(contact.stopped))
            .bind(ms(now))
            .bind(contact.address.as_ref().map(to_json))
            .bind(contact.forgotten.as_ref().map(to_json))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// The name a contact chose, and nothing else of them.
    pub async fn set_name(&mut self, contact: &ContactId, name: &str) -> Result<(), Error> {
        const SQL: &str = "UPDATE contacts SET name = $3 WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(contact.as_str())
            .bind(name)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Every id of a contact on a channel.
    pub async fn aliases_of(&mut self, contact: &ContactId, channel: &str) -> Result<Vec<String>, Error> {
        const SQL: &str = "SELECT alias FROM aliases WHERE shop_id = $1 AND contact_id = $2 AND channel = $3
            ORDER BY alias";
        let shop = self.shop.to_string();
        let rows: Vec<(String,)> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(contact.as_str())
            .bind(channel)
            .fetch_all(conn)
            .await?);
        Ok(rows.into_iter().map(|(alias,)| alias).collect())
    }

    /// Gives a contact an alias. An alias that somebody has stays theirs: two people never share one.
    pub async fn add_alias(&mut self, contact: &ContactId, channel: &str, alias: &str) -> Result<bool, Error> {
        const SQL: &str = "INSERT INTO aliases (shop_id, channel, alias, contact_id) VALUES ($1, $2, $3, $4)
            ON CONFLICT (shop_id, channel, alias) DO NOTHING";
        let shop = self.shop.to_string();
        let added = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(channel)
            .bind(alias)
            .bind(contact.as_str())
            .execute(conn)
            .await?
            .rows_affected());
        Ok(added == 1)
    }
}

fn contact((id, name, locale, stopped, address, forgotten): Row) -> Result<Contact, Error> {
    let address = address.map(|text| from_json::<Address>(&text, &format!("contact {id}"))).transpose()?;
    let forgotten = forgotten.map(|text| from_json::<Forgotten>(&text, &format!("contact {id}"))).transpose()?;
    Ok(Contact { id: ContactId::new(id), name, locale, stopped: stopped != 0, address, forgotten })
}
