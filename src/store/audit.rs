//! What must hold of our own rows whatever happened: each rule a query for what breaks it.

use crate::domain::checkout::Checkout;
use crate::domain::finding::FindingKind;
use crate::domain::id::{CheckoutId, OrderId, RefundId};
use crate::store::{Error, Tx, ms, on_engine};
use jiff::Timestamp;

/// Something that breaks a rule: the thing, its order, and an amount or a count.
pub type Broken = (String, Option<OrderId>, i64);

/// A rule: what is found by it, what is said of it, and the query.
pub struct Rule {
    /// The kind of finding.
    pub kind: FindingKind,
    /// What a colleague reads; `{about}` and `{count}` are filled in.
    pub text: &'static str,
    sql: &'static str,
}

/// The rules, in the order they are asked.
pub const RULES: [Rule; 10] = [
    Rule {
        kind: FindingKind::DisputeOpen,
        text: "dispute {about} is not decided: answer it at the payment provider in time",
        sql: "SELECT id, order_id, CAST(0 AS BIGINT) FROM disputes
            WHERE shop_id = $1 AND status IN ('inquiry', 'open') ORDER BY id LIMIT $2",
    },
    Rule {
        kind: FindingKind::LedgerUnbalanced,
        text: "the ledger's entry {about} leaves {count} over",
        sql: "SELECT kind || ':' || outside_id, MIN(order_id), CAST(SUM(amount_minor) AS BIGINT) FROM postings
            WHERE shop_id = $1 GROUP BY kind, outside_id, currency HAVING SUM(amount_minor) <> 0
            ORDER BY kind, outside_id LIMIT $2",
    },
    Rule {
        kind: FindingKind::PaidWithoutMoney,
        text: "the order counts as paid, but no payment came in",
        sql: "SELECT o.id, o.id, CAST(0 AS BIGINT) FROM orders o
            WHERE o.shop_id = $1 AND o.state IN ('paid', 'fulfilled') AND NOT EXISTS (
                SELECT 1 FROM postings p WHERE p.shop_id = o.shop_id AND p.order_id = o.id AND p.kind = 'capture')
            ORDER BY o.id LIMIT $2",
    },
    Rule {
        kind: FindingKind::PaidNotBooked,
        text: "the attempt counts as paid, but its money is not in the ledger",
        sql: "SELECT c.id, c.order_id, c.amount_minor FROM checkouts c
            WHERE c.shop_id = $1 AND c.state = 'paid' AND NOT EXISTS (
                SELECT 1 FROM postings p WHERE p.shop_id = c.shop_id AND p.kind = 'capture' AND p.outside_id = c.session)
            ORDER BY c.id LIMIT $2",
    },
    // While money waits to be given back, or could not be, somebody is owed something rightly.
    Rule {
        kind: FindingKind::CustomerNotEven,
        text: "the order is settled, but {count} (in minor units) is owed on the shopper's account",
        sql: "SELECT o.id, o.id, CAST(SUM(p.amount_minor) AS BIGINT) FROM orders o
            JOIN postings p ON p.shop_id = o.shop_id AND p.order_id = o.id AND p.account = 'customer'
            WHERE o.shop_id = $1 AND o.state <> 'frozen' AND NOT EXISTS (
                SELECT 1 FROM refunds r WHERE r.shop_id = o.shop_id AND r.order_id = o.id
                AND r.state IN ('waiting', 'queued', 'failed', 'declined'))
            GROUP BY o.id HAVING SUM(p.amount_minor) <> 0 ORDER BY o.id LIMIT $2",
    },
    Rule {
        kind: FindingKind::MoreBackThanPaid,
        text: "{count} (in minor units) more than was paid was given back or taken by banks",
        sql: "SELECT o.id, o.id, CAST(o.back + o.taken - o.paid AS BIGINT) FROM (
                SELECT shop_id, id, (SELECT COALESCE(SUM(r.amount_minor), 0) FROM refunds r
                        WHERE r.shop_id = orders.shop_id AND r.order_id = orders.id
                        AND r.state IN ('queued', 'sent', 'done')) AS back,
                    (SELECT COALESCE(SUM(p.amount_minor), 0) FROM postings p
                        WHERE p.shop_id = orders.shop_id AND p.order_id = orders.id
                        AND p.account IN ('disputed', 'losses')) AS taken,
                    (SELECT COALESCE(SUM(p.amount_minor), 0) FROM postings p
                        WHERE p.shop_id = orders.shop_id AND p.order_id = orders.id
                        AND p.account = 'provider' AND p.kind = 'capture') AS paid
                FROM orders WHERE shop_id = $1) o
            WHERE o.shop_id = $1 AND o.back + o.taken > o.paid AND o.back + o.taken > 0 ORDER BY o.id LIMIT $2",
    },
    Rule {
        kind: FindingKind::StockBelowNothing,
        text: "{about} has {count} pieces on the shelf",
        sql: "SELECT id, NULL, stock FROM variants WHERE shop_id = $1 AND stock < 0 ORDER BY id LIMIT $2",
    },
    Rule {
        kind: FindingKind::HeldForNothing,
        text: "{count} pieces are held for what is over",
        sql: "SELECT h.holder || ':' || h.variant_id, h.order_id, h.quantity FROM reservations h
            WHERE h.shop_id = $1 AND h.state = 'held' AND (
                (h.holder = h.order_id AND EXISTS (SELECT 1 FROM orders o WHERE o.shop_id = h.shop_id
                    AND o.id = h.order_id AND o.state NOT IN ('awaiting_payment', 'payment_pending', 'frozen')))
                OR EXISTS (SELECT 1 FROM amendments a WHERE a.shop_id = h.shop_id AND a.id = h.holder
                    AND a.state IN ('done', 'void')))
            ORDER BY h.holder, h.variant_id LIMIT $2",
    },
    Rule {
        kind: FindingKind::PayableForNothing,
        text: "payment attempt {about} can still be paid, but its order is over",
        sql: "SELECT c.id, c.order_id, c.amount_minor FROM checkouts c
            JOIN orders o ON o.shop_id = c.shop_id AND o.id = c.order_id
            WHERE c.shop_id = $1 AND c.state IN ('requested', 'open', 'pending') AND (
                o.state IN ('expired', 'cancelled', 'refunded')
                OR (c.amendment_id IS NULL AND o.state IN ('paid', 'fulfilled')))
            ORDER BY c.id LIMIT $2",
    },
    Rule {
        kind: FindingKind::WaitsForNothing,
        text: "the order waits for a payment, but there is no page left that could be paid",
        sql: "SELECT o.id, o.id, CAST(0 AS BIGINT) FROM orders o
            WHERE o.shop_id = $1 AND o.state IN ('awaiting_payment', 'payment_pending') AND NOT EXISTS (
                SELECT 1 FROM checkouts c WHERE c.shop_id = o.shop_id AND c.order_id = o.id
                AND c.state IN ('requested', 'open', 'pending'))
            ORDER BY o.id LIMIT $2",
    },
];

impl Tx {
    /// What breaks a rule.
    pub async fn broken(&mut self, rule: &Rule, limit: i64) -> Result<Vec<Broken>, Error> {
        let (shop, sql) = (self.shop.to_string(), rule.sql);
        let rows: Vec<(String, Option<String>, i64)> =
            on_engine!(self, |conn| sqlx::query_as(sql).bind(shop).bind(limit).fetch_all(conn).await?);
        Ok(rows.into_iter().map(|(about, order, count)| (about, order.map(OrderId::new), count)).collect())
    }

    /// Attempts that can still be paid, made before a moment, behind one of them.
    pub async fn alive_behind(&mut self, after: &str, before: Timestamp, limit: i64) -> Result<Vec<CheckoutId>, Error> {
        const SQL: &str = "SELECT id FROM checkouts WHERE shop_id = $1
            AND state IN ('requested', 'open', 'pending') AND id > $2 AND created_at < $3 ORDER BY id LIMIT $4";
        self.ids_behind(SQL, after, before, limit).await.map(|ids| ids.into_iter().map(CheckoutId::new).collect())
    }

    /// Attempts that were paid and made since a moment, behind one of them.
    pub async fn paid_behind(&mut self, after: &str, since: Timestamp, limit: i64) -> Result<Vec<CheckoutId>, Error> {
        const SQL: &str = "SELECT id FROM checkouts WHERE shop_id = $1
            AND state = 'paid' AND id > $2 AND created_at >= $3 ORDER BY id LIMIT $4";
        self.ids_behind(SQL, after, since, limit).await.map(|ids| ids.into_iter().map(CheckoutId::new).collect())
    }

    /// Refunds that the provider should be at work on, made before a moment, behind one of them.
    pub async fn refunds_behind(&mut self, after: &str, before: Timestamp, limit: i64) -> Result<Vec<RefundId>, Error> {
        const SQL: &str = "SELECT id FROM refunds WHERE shop_id = $1
            AND state IN ('queued', 'sent') AND id > $2 AND created_at < $3 ORDER BY id LIMIT $4";
        self.ids_behind(SQL, after, before, limit).await.map(|ids| ids.into_iter().map(RefundId::new).collect())
    }

    /// Refunds the provider should know, made since a moment, behind one of them.
    pub async fn given_behind(&mut self, after: &str, since: Timestamp, limit: i64) -> Result<Vec<RefundId>, Error> {
        const SQL: &str = "SELECT id FROM refunds WHERE shop_id = $1
            AND state IN ('sent', 'done') AND intent IS NOT NULL AND id > $2 AND created_at >= $3 ORDER BY id LIMIT $4";
        self.ids_behind(SQL, after, since, limit).await.map(|ids| ids.into_iter().map(RefundId::new).collect())
    }

    async fn ids_behind(
        &mut self,
        sql: &'static str,
        after: &str,
        moment: Timestamp,
        limit: i64,
    ) -> Result<Vec<String>, Error> {
        let shop = self.shop.to_string();
        let rows: Vec<(String,)> = on_engine!(self, |conn| sqlx::query_as(sql)
            .bind(shop)
            .bind(after)
            .bind(ms(moment))
            .bind(limit)
            .fetch_all(conn)
            .await?);
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Gives an attempt the page that was opened for it, when our own note of it was lost. Answers false when it has one.
    pub async fn attach_session(&mut self, checkout: &Checkout) -> Result<bool, Error> {
        const SQL: &str = "UPDATE checkouts SET session = $3, intent = $4, url = $5, state = $6
            WHERE shop_id = $1 AND id = $2 AND session IS NULL";
        let shop = self.shop.to_string();
        let changed = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(checkout.id.as_str())
            .bind(checkout.session.as_deref())
            .bind(checkout.intent.as_deref())
            .bind(checkout.url.as_deref())
            .bind(checkout.state.word())
            .execute(conn)
            .await?
            .rows_affected());
        Ok(changed == 1)
    }
}
