//! What is past can be run again: every turn of a story comes out the same, and running it leaves no trace.

use souk::agent::past::{Past, turns};
use souk::agent::replay::{Replayed, replay};
use souk::app::App;
use souk::domain::id::ConversationId;
use sqlx::{Connection, Row, SqliteConnection};

/// Turns of one conversation that are run again after a story.
const TURNS_MAX: usize = 60;

/// Every turn of every conversation, run again from its journal.
pub async fn comes_out_the_same(app: &App) {
    let listed = app.store.read(&app.shop).await.unwrap().list_conversations(false, 100).await.unwrap();
    for one in listed {
        for past in all(app, &one.conversation.id).await.iter().rev().take(TURNS_MAX) {
            if past.row.done && past.began().is_some() {
                let replayed = replay(app, &one.conversation, past).await.unwrap();
                assert_eq!(replayed, Replayed::Same, "turn {} of {}", past.number, one.conversation.id);
            }
        }
    }
}

/// The turns of a conversation.
pub async fn all(app: &App, id: &ConversationId) -> Vec<Past> {
    turns(&mut app.store.read(&app.shop).await.unwrap(), id, None).await.unwrap()
}

/// Every row of every table of the shop's file, as text.
pub async fn rows(app: &App) -> Vec<String> {
    let file = app.data.join("souk.db");
    let mut conn = SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name";
    let tables: Vec<(String,)> = sqlx::query_as(names).fetch_all(&mut conn).await.unwrap();
    let mut found = Vec::new();
    for (table,) in tables {
        let columns: Vec<(String,)> =
            sqlx::query_as("SELECT name FROM pragma_table_info($1)").bind(&table).fetch_all(&mut conn).await.unwrap();
        let quoted: Vec<String> = columns.iter().map(|(name,)| format!("quote(\"{name}\")")).collect();
        let sql = format!("SELECT {} FROM \"{table}\" ORDER BY 1", quoted.join(" || ',' || "));
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut conn).await.unwrap();
        found.extend(rows.iter().map(|row| format!("{table}: {}", row.get::<String, _>(0))));
    }
    assert!(found.len() > 100, "only {} rows were seen", found.len());
    found
}
