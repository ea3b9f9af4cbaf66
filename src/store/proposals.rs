//! Proposals: acts waiting for a yes.

use crate::domain::id::{ContactId, ConversationId, ProposalId};
use crate::domain::proposal::{Act, Proposal, ProposalState};
use crate::store::{Error, Tx, at, from_json, ms, on_engine, to_json, unreadable};
use jiff::Timestamp;

type Row = (String, String, String, String, String, i64);

impl Tx {
    /// The proposal with this id.
    pub async fn proposal(&mut self, id: &ProposalId) -> Result<Option<Proposal>, Error> {
        const SQL: &str = "SELECT id, conversation_id, contact_id, act, state, expires_at FROM proposals
            WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let row: Option<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(id.as_str()).fetch_optional(conn).await?);
        row.map(proposal).transpose()
    }

    /// The open proposal of a conversation: at most one.
    pub async fn open_proposal(&mut self, c: &ConversationId) -> Result<Option<Proposal>, Error> {
        const SQL: &str = "SELECT id, conversation_id, contact_id, act, state, expires_at FROM proposals
            WHERE shop_id = $1 AND conversation_id = $2 AND state = 'open'";
        let shop = self.shop.to_string();
        let row: Option<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(c.as_str()).fetch_optional(conn).await?);
        row.map(proposal).transpose()
    }

    /// Stores a new proposal; one that was open in the conversation is superseded.
    pub async fn propose(&mut self, p: &Proposal, now: Timestamp) -> Result<(), Error> {
        const INSERT: &str =
            "INSERT INTO proposals (shop_id, id, conversation_id, contact_id, act, state, expires_at, created_at)
            VALUES ($1, $2, $3, $4, $5, 'open', $6, $7)";
        self.close_open_proposal(&p.conversation, ProposalState::Superseded).await?;
        let (shop, act) = (self.shop.to_string(), to_json(&p.act));
        on_engine!(self, |conn| sqlx::query(INSERT)
            .bind(shop)
            .bind(p.id.as_str())
            .bind(p.conversation.as_str())
            .bind(p.contact.as_str())
            .bind(act)
            .bind(ms(p.expires_at))
            .bind(ms(now))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Closes whatever proposal is open in a conversation.
    pub async fn close_open_proposal(&mut self, c: &ConversationId, to: ProposalState) -> Result<bool, Error> {
        const SQL: &str =
            "UPDATE proposals SET state = $3 WHERE shop_id = $1 AND conversation_id = $2 AND state = 'open'";
        let shop = self.shop.to_string();
        let changed = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(c.as_str())
            .bind(to.word())
            .execute(conn)
            .await?
            .rows_affected());
        Ok(changed > 0)
    }

    /// Moves an open proposal on. Answers false when it was not open any more: only one yes counts.
    pub async fn close_proposal(&mut self, id: &ProposalId, to: ProposalState) -> Result<bool, Error> {
        const SQL: &str = "UPDATE proposals SET state = $3 WHERE shop_id = $1 AND id = $2 AND state = 'open'";
        let shop = self.shop.to_string();
        let changed = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(id.as_str())
            .bind(to.word())
            .execute(conn)
            .await?
            .rows_affected());
        Ok(changed == 1)
    }
}

fn proposal((id, conversation, contact, act, state, expires): Row) -> Result<Proposal, Error> {
    let what = format!("proposal {id}");
    Ok(Proposal {
        conversation: ConversationId::new(conversation),
        contact: ContactId::new(contact),
        act: from_json::<Act>(&act, &what)?,
        state: ProposalState::parse(&state).ok_or_else(|| unreadable(&what))?,
        expires_at: at(expires, &what)?,
        id: ProposalId::new(id),
    })
}
