//! Two contacts that were one person: everything of one becomes the other's.

use crate::domain::id::ContactId;
use crate::domain::identity::Known;
use crate::store::{Error, Tx, at, on_engine};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Ids that are looked up at once: two for a person before a change and two after, each in every form.
const ALIASES_MAX: usize = 8;

impl Tx {
    /// Everybody who has one of these ids on a channel, with all their ids on it.
    pub async fn known_by(&mut self, channel: &str, aliases: &[String]) -> Result<Vec<Known>, Error> {
        const SQL: &str = "SELECT o.contact_id, o.alias, c.created_at FROM aliases a
            JOIN aliases o ON o.shop_id = a.shop_id AND o.channel = a.channel AND o.contact_id = a.contact_id
            JOIN contacts c ON c.shop_id = a.shop_id AND c.id = a.contact_id
            WHERE a.shop_id = $1 AND a.channel = $2 AND a.alias IN ($3, $4, $5, $6, $7, $8, $9, $10)";
        let mut known: BTreeMap<String, (i64, BTreeSet<String>)> = BTreeMap::new();
        for some in aliases.chunks(ALIASES_MAX) {
            let shop = self.shop.to_string();
            let rows: Vec<(String, String, i64)> = on_engine!(self, |conn| {
                let mut query = sqlx::query_as(SQL).bind(shop).bind(channel);
                for place in 0..ALIASES_MAX {
                    query = query.bind(some.get(place).map(String::as_str));
                }
                query.fetch_all(conn).await?
            });
            for (contact, alias, since) in rows {
                known.entry(contact).or_insert((since, BTreeSet::new())).1.insert(alias);
            }
        }
        known
            .into_iter()
            .map(|(id, (since, aliases))| {
                Ok(Known { since: at(since, &format!("contact {id}"))?, contact: ContactId::new(id), aliases })
            })
            .collect()
    }

    /// Takes an id away from a contact. Answers false when it was not theirs.
    pub async fn take_alias(&mut self, contact: &ContactId, channel: &str, alias: &str) -> Result<bool, Error> {
        const SQL: &str = "DELETE FROM aliases WHERE shop_id = $1 AND channel = $2 AND alias = $3 AND contact_id = $4";
        let shop = self.shop.to_string();
        let gone = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(channel)
            .bind(alias)
            .bind(contact.as_str())
            .execute(conn)
            .await?
            .rows_affected());
        Ok(gone == 1)
    }

    /// Makes one of two contacts: talks, orders, proposals, consents and usage of one become the other's, and so does its
    /// cart if the other's is empty. Whoever said STOP said it for both.
    pub async fn merge_contacts(&mut self, from: &ContactId, into: &ContactId, now: Timestamp) -> Result<(), Error> {
        // A talk is found by its contact's id: the one that goes on is the other's own, where there is one.
        const ROWS: [&str; 9] = [
            "UPDATE conversations SET alias = $3 WHERE shop_id = $1 AND contact_id = $2 AND alias = $2 AND NOT EXISTS (
                SELECT 1 FROM conversations o WHERE o.shop_id = conversations.shop_id AND o.alias = $3
                AND o.channel = conversations.channel)",
            "UPDATE orders SET conversation_id = COALESCE((
                SELECT o.id FROM conversations o JOIN conversations v ON o.shop_id = v.shop_id AND o.channel = v.channel
                WHERE v.shop_id = orders.shop_id AND v.id = orders.conversation_id AND v.alias = $2 AND o.alias = $3),
                conversation_id)
            WHERE shop_id = $1 AND contact_id = $2",
            "UPDATE conversations SET contact_id = $3 WHERE shop_id = $1 AND contact_id = $2",
            "UPDATE orders SET contact_id = $3 WHERE shop_id = $1 AND contact_id = $2",
            "UPDATE proposals SET contact_id = $3 WHERE shop_id = $1 AND contact_id = $2",
            "UPDATE consents SET contact_id = $3 WHERE shop_id = $1 AND contact_id = $2",
            "UPDATE usage SET contact_id = $3 WHERE shop_id = $1 AND contact_id = $2",
            // One who has the same id on a channel keeps it by having it already: the pair of channel and id is unique.
            "UPDATE aliases SET contact_id = $3 WHERE shop_id = $1 AND contact_id = $2",
            "DELETE FROM carts WHERE shop_id = $1 AND contact_id = $2 AND contact_id <> $3",
        ];
        const GONE: &str = "DELETE FROM contacts WHERE shop_id = $1 AND id = $2";
        let missing = |id: &ContactId| Error::Conflict { what: format!("contact {id}") };
        let mut stays = self.contact(into).await?.ok_or_else(|| missing(into))?;
        let goes = self.contact(from).await?.ok_or_else(|| missing(from))?;
        let (theirs, own) = (self.cart(from).await?, self.cart(into).await?);
        if own.lines.is_empty() && !theirs.lines.is_empty() {
            let read = own.version;
            let mut cart = theirs;
            // Higher than either, so that no summary of one cart is taken for the other's.
            cart.version = cart.version.max(read) + 1;
            self.save_cart(into, &cart, read, now).await?;
        }
        for sql in ROWS {
            let shop = self.shop.to_string();
            on_engine!(self, |conn| sqlx::query(sql)
                .bind(shop)
                .bind(from.as_str())
                .bind(into.as_str())
                .execute(conn)
                .await
                .map(|_| ()))?;
        }
        stays.name = stays.name.or(goes.name);
        stays.address = stays.address.or(goes.address);
        stays.stopped |= goes.stopped;
        // The later line counts: forgetting too much is better than too little.
        stays.forgotten = [stays.forgotten, goes.forgotten].into_iter().flatten().max_by_key(|line| line.at);
        self.save_contact(&stays, now).await?;
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(GONE).bind(shop).bind(from.as_str()).execute(conn).await.map(|_| ()))?;
        Ok(())
    }
}
