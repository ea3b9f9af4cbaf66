//! Jobs: work written down together with the change that causes it, claimed by one worker at a time per lane.

use crate::domain::id::{JobId, ShopId};
use crate::domain::job::Job;
use crate::store::{Engine, Error, Store, Tx, from_json, ms, on_engine, to_json};
use jiff::Timestamp;

/// How long new reasons can put a waiting job off, counted from the first one.
const PUT_OFF_MS_MAX: i64 = 3_000;
/// Characters of an error kept with a job.
const ERROR_CHARS_MAX: usize = 2_000;

/// A job that this worker holds until its lease ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Claimed {
    /// Whose it is.
    pub shop: ShopId,
    /// Its id.
    pub id: JobId,
    /// What to do.
    pub job: Job,
    /// This try's number, from 1.
    pub attempt: i64,
    /// Who holds it: checked again before anything is changed.
    pub owner: String,
}

/// How many jobs there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobCount {
    /// Due or to come.
    pub waiting: i64,
    /// With a worker.
    pub running: i64,
    /// Given up on; a person should look.
    pub parked: i64,
}

impl Tx {
    /// Writes a job down, to be done from `due` on. A waiting job with the same key takes it in.
    pub async fn enqueue(&mut self, id: JobId, job: &Job, due: Timestamp, now: Timestamp) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO jobs (shop_id, id, lane, once_key, body, state, due_at, created_at)
            VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7)
            ON CONFLICT (shop_id, once_key) WHERE state = 'waiting' AND once_key IS NOT NULL DO UPDATE
            SET due_at = CASE WHEN excluded.due_at < jobs.created_at + $8 THEN excluded.due_at
                ELSE jobs.created_at + $8 END";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(id.as_str())
            .bind(job.lane())
            .bind(job.once())
            .bind(to_json(job))
            .bind(ms(due))
            .bind(ms(now))
            .bind(PUT_OFF_MS_MAX)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Ends a job that is done, in the same transaction as its last change or in one of its own.
    pub async fn finish_job(&mut self, claimed: &Claimed) -> Result<bool, Error> {
        const SQL: &str = "DELETE FROM jobs WHERE shop_id = $1 AND id = $2 AND lease_owner = $3 AND state = 'running'";
        let shop = self.shop.to_string();
        let gone = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(claimed.id.as_str())
            .bind(&claimed.owner)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(gone == 1)
    }

    /// Puts a job back to be tried again, or away when `due` is `None`.
    pub async fn return_job(&mut self, claimed: &Claimed, due: Option<Timestamp>, error: &str) -> Result<(), Error> {
        const BACK: &str =
            "UPDATE jobs SET state = $4, due_at = COALESCE($5, due_at), last_error = $6, lease_owner = NULL
            WHERE shop_id = $1 AND id = $2 AND lease_owner = $3 AND state = 'running' AND NOT EXISTS (
                SELECT 1 FROM jobs twin WHERE twin.shop_id = jobs.shop_id AND twin.once_key = jobs.once_key
                AND twin.state = 'waiting' AND $4 = 'waiting')";
        let shop = self.shop.to_string();
        let error: String = error.chars().take(ERROR_CHARS_MAX).collect();
        let changed = on_engine!(self, |conn| sqlx::query(BACK)
            .bind(shop)
            .bind(claimed.id.as_str())
            .bind(&claimed.owner)
            .bind(if due.is_some() { "waiting" } else { "parked" })
            .bind(due.map(ms))
            .bind(error)
            .execute(conn)
            .await?
            .rows_affected());
        if changed == 0 {
            // A twin is waiting already and will do the same work.
            self.finish_job(claimed).await?;
        }
        Ok(())
    }

    /// Keeps a claimed job for longer. Answers false when it was lost.
    pub async fn renew_job(&mut self, claimed: &Claimed, until: Timestamp) -> Result<bool, Error> {
        const SQL: &str = "UPDATE jobs SET lease_until = $4
            WHERE shop_id = $1 AND id = $2 AND lease_owner = $3 AND state = 'running'";
        let shop = self.shop.to_string();
        let changed = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(claimed.id.as_str())
            .bind(&claimed.owner)
            .bind(ms(until))
            .execute(conn)
            .await?
            .rows_affected());
        Ok(changed == 1)
    }

    /// Whether this worker still holds the job; asked in the transaction that records its result.
    pub async fn holds_job(&mut self, claimed: &Claimed) -> Result<bool, Error> {
        const SQL: &str =
            "SELECT id FROM jobs WHERE shop_id = $1 AND id = $2 AND lease_owner = $3 AND state = 'running'";
        let shop = self.shop.to_string();
        let row: Option<(String,)> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(claimed.id.as_str())
            .bind(&claimed.owner)
            .fetch_optional(conn)
            .await?);
        Ok(row.is_some())
    }
}

/// Taking a job; the engines differ in how the chosen row is locked.
macro_rules! claim_sql {
    ($lock:literal) => {
        concat!(
            // Chosen apart and once: inside the UPDATE, PostgreSQL may choose again for every row it looks at. Within a
            // lane the order is total: what failed and waits for its next try first, so that nothing overtakes it.
            "WITH next AS MATERIALIZED (
                SELECT j.shop_id, j.id FROM jobs j WHERE j.state = 'waiting' AND j.due_at <= $3 AND NOT EXISTS (
                    SELECT 1 FROM jobs r WHERE r.shop_id = j.shop_id AND r.lane = j.lane AND r.state = 'running')
                AND NOT EXISTS (
                    SELECT 1 FROM jobs f WHERE f.shop_id = j.shop_id AND f.lane = j.lane AND f.state = 'waiting' AND (
                        (f.attempts > 0 AND (j.attempts = 0 OR f.id < j.id)) OR (f.attempts = 0 AND j.attempts = 0
                        AND (f.due_at < j.due_at OR (f.due_at = j.due_at AND f.id < j.id)))))
                ORDER BY j.due_at, j.id LIMIT 1",
            $lock,
            ") UPDATE jobs SET state = 'running', lease_owner = $1, lease_until = $2, attempts = attempts + 1
            FROM next WHERE jobs.shop_id = next.shop_id AND jobs.id = next.id AND jobs.state = 'waiting'
            RETURNING jobs.shop_id, jobs.id, jobs.body, jobs.attempts"
        )
    };
}

impl Store {
    /// Takes the next due job whose lane is free, for any shop.
    pub async fn claim_job(&self, owner: &str, now: Timestamp, until: Timestamp) -> Result<Option<Claimed>, Error> {
        // PostgreSQL's writers run side by side: each has to pass over the job another one is just taking.
        let sql = match &self.engine {
            Engine::Sqlite { .. } => claim_sql!(""),
            Engine::Postgres(_) => claim_sql!(" FOR UPDATE SKIP LOCKED"),
        };
        if !self.any_due(now).await? {
            return Ok(None);
        }
        let mut tx = self.begin_all().await?;
        let claimed: Result<Option<(String, String, String, i64)>, sqlx::Error> =
            on_engine!(tx, |conn| sqlx::query_as(sql)
                .bind(owner)
                .bind(ms(until))
                .bind(ms(now))
                .fetch_optional(conn)
                .await);
        let row = match claimed {
            // Two workers looked at the same moment and the index let one of them through.
            Err(error) if error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation) => {
                return Ok(None);
            }
            other => other?,
        };
        tx.commit().await?;
        row.map(|(shop, id, body, attempt)| {
            let job = from_json::<Job>(&body, &format!("job {id}"))?;
            Ok(Claimed { shop: ShopId::new(shop), id: JobId::new(id), job, attempt, owner: owner.to_owned() })
        })
        .transpose()
    }

    /// Frees jobs whose worker went silent.
    pub async fn free_lost_jobs(&self, now: Timestamp) -> Result<u64, Error> {
        const TWINS: &str = "DELETE FROM jobs WHERE state = 'running' AND lease_until < $1 AND EXISTS (
            SELECT 1 FROM jobs twin WHERE twin.shop_id = jobs.shop_id AND twin.once_key = jobs.once_key
            AND twin.state = 'waiting')";
        const FREE: &str =
            "UPDATE jobs SET state = 'waiting', lease_owner = NULL WHERE state = 'running' AND lease_until < $1";
        let mut tx = self.begin_all().await?;
        on_engine!(tx, |conn| sqlx::query(TWINS).bind(ms(now)).execute(conn).await.map(|_| ()))?;
        let freed = on_engine!(tx, |conn| sqlx::query(FREE)
            .bind(ms(now))
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        tx.commit().await?;
        Ok(freed)
    }

    /// Counts the jobs of all shops.
    pub async fn count_jobs(&self) -> Result<JobCount, Error> {
        const SQL: &str = "SELECT state, COUNT(*) FROM jobs GROUP BY state";
        let mut tx = self.read(&ShopId::new("")).await?;
        let rows: Vec<(String, i64)> = on_engine!(tx, |conn| sqlx::query_as(SQL).fetch_all(conn).await?);
        let count = |state: &str| rows.iter().find(|(s, _)| s == state).map_or(0, |(_, n)| *n);
        Ok(JobCount { waiting: count("waiting"), running: count("running"), parked: count("parked") })
    }

    /// When the next waiting job is due; for tests that move the clock.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, Error> {
        const SQL: &str = "SELECT MIN(due_at) FROM jobs WHERE state = 'waiting'";
        let mut tx = self.read(&ShopId::new("")).await?;
        let row: (Option<i64>,) = on_engine!(tx, |conn| sqlx::query_as(SQL).fetch_one(conn).await?);
        row.0.map(|due| crate::store::at(due, "jobs")).transpose()
    }

    // An idle worker asks often; it asks a reader, so that it never makes a writer wait.
    async fn any_due(&self, now: Timestamp) -> Result<bool, Error> {
        const SQL: &str = "SELECT id FROM jobs WHERE state = 'waiting' AND due_at <= $1 LIMIT 1";
        let mut tx = self.read(&ShopId::new("")).await?;
        let row: Option<(String,)> =
            on_engine!(tx, |conn| sqlx::query_as(SQL).bind(ms(now)).fetch_optional(conn).await?);
        Ok(row.is_some())
    }
}
