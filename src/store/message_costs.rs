//! What messages cost on networks that charge for each, one row a message that was handed over.

use crate::channel::whatsapp::manage::cost::Spent;
use crate::channel::whatsapp::price::country_of;
use crate::domain::send::Pricing;
use crate::store::{Error, Tx, at, from_json, ms, on_engine};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Messages of one report.
pub const MESSAGES_MAX: i64 = 500_000;
/// Where a number does not tell its country.
const NOWHERE: &str = "??";

/// When, category, state, estimate, currency, pricing, the shopper's id on the network.
type Row = (i64, String, String, Option<i64>, String, Option<String>, Option<String>);

impl Tx {
    /// What left since a moment by an account (by any, if empty), oldest first.
    pub async fn message_costs(
        &mut self,
        account: &str,
        from: Timestamp,
        zone: &TimeZone,
    ) -> Result<Vec<Spent>, Error> {
        const SQL: &str = "SELECT s.created_at, s.category, s.state, s.estimate_millionths, s.currency, s.pricing,
                (SELECT MAX(a.alias) FROM aliases a
                    WHERE a.shop_id = s.shop_id AND a.channel = 'whatsapp' AND a.contact_id = c.contact_id)
            FROM sends s JOIN conversations c ON c.shop_id = s.shop_id AND c.id = s.conversation_id
            WHERE s.shop_id = $1 AND s.created_at >= $2 AND ($3 = '' OR s.account = $3) AND s.superseded = 0
                AND s.state IN ('accepted', 'sent', 'delivered', 'read', 'failed')
            ORDER BY s.created_at, s.id LIMIT $4";
        let shop = self.shop.to_string();
        let rows: Vec<Row> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(ms(from))
            .bind(account)
            .bind(MESSAGES_MAX)
            .fetch_all(conn)
            .await?);
        rows.into_iter().map(|row| spent(row, zone)).collect()
    }
}

fn spent(row: Row, zone: &TimeZone) -> Result<Spent, Error> {
    const WHAT: &str = "what a send costs";
    let (when, category, state, estimate, currency, pricing, alias) = row;
    let pricing = pricing.map(|text| from_json::<Pricing>(&text, WHAT)).transpose()?;
    // `wa:5511…` sorts after `user:BR.…`; both tell the country.
    let id = alias.as_deref().and_then(|alias| alias.split_once(':')).map(|(_, id)| id);
    let told = pricing.as_ref().and_then(Pricing::known_category).map(|known| known.word().to_owned());
    Ok(Spent {
        day: at(when, WHAT)?.to_zoned(zone.clone()).date().to_string(),
        country: id.and_then(country_of).unwrap_or(NOWHERE).to_owned(),
        category: told.unwrap_or(category),
        estimate,
        currency,
        charged: pricing.as_ref().map(Pricing::is_charged),
        failed: state == "failed",
    })
}
