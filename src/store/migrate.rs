//! The schema's history, compiled into the program: the same names for both engines.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Version, name, SQLite's text, PostgreSQL's text.
const MIGRATIONS: &[Entry] = &[
    (
        1,
        "first light",
        include_str!("../../migrations/sqlite/0001_first_light.sql"),
        include_str!("../../migrations/postgres/0001_first_light.sql"),
    ),
    (
        2,
        "lanes in order",
        include_str!("../../migrations/sqlite/0002_lanes_in_order.sql"),
        include_str!("../../migrations/postgres/0002_lanes_in_order.sql"),
    ),
    (
        3,
        "money",
        include_str!("../../migrations/sqlite/0003_money.sql"),
        include_str!("../../migrations/postgres/0003_money.sql"),
    ),
    (
        4,
        "reconcile",
        include_str!("../../migrations/sqlite/0004_reconcile.sql"),
        include_str!("../../migrations/postgres/0004_reconcile.sql"),
    ),
    (
        5,
        "trace",
        include_str!("../../migrations/sqlite/0005_trace.sql"),
        include_str!("../../migrations/postgres/0005_trace.sql"),
    ),
    (
        6,
        "memory",
        include_str!("../../migrations/sqlite/0006_memory.sql"),
        include_str!("../../migrations/postgres/0006_memory.sql"),
    ),
    (
        7,
        "windows",
        include_str!("../../migrations/sqlite/0007_windows.sql"),
        include_str!("../../migrations/postgres/0007_windows.sql"),
    ),
    (
        8,
        "whatsapp in",
        include_str!("../../migrations/sqlite/0008_whatsapp_in.sql"),
        include_str!("../../migrations/postgres/0008_whatsapp_in.sql"),
    ),
    (
        9,
        "whatsapp out",
        include_str!("../../migrations/sqlite/0009_whatsapp_out.sql"),
        include_str!("../../migrations/postgres/0009_whatsapp_out.sql"),
    ),
    (
        10,
        "whatsapp templates",
        include_str!("../../migrations/sqlite/0010_whatsapp_templates.sql"),
        include_str!("../../migrations/postgres/0010_whatsapp_templates.sql"),
    ),
    (
        11,
        "knowledge",
        include_str!("../../migrations/sqlite/0011_knowledge.sql"),
        include_str!("../../migrations/postgres/0011_knowledge.sql"),
    ),
    (
        13,
        "catalog runs",
        include_str!("../../migrations/sqlite/0013_catalog_runs.sql"),
        include_str!("../../migrations/postgres/0013_catalog_runs.sql"),
    ),
    (
        14,
        "texts",
        include_str!("../../migrations/sqlite/0014_texts.sql"),
        include_str!("../../migrations/postgres/0014_texts.sql"),
    ),
    (
        15,
        "vectors later",
        include_str!("../../migrations/sqlite/0015_vectors_later.sql"),
        include_str!("../../migrations/postgres/0015_vectors_later.sql"),
    ),
];

/// For a SQLite file.
pub fn sqlite() -> Migrator {
    migrator(|(version, name, sqlite, _)| (*version, name, sqlite))
}

/// For PostgreSQL.
pub fn postgres() -> Migrator {
    migrator(|(version, name, _, postgres)| (*version, name, postgres))
}

type Entry = (i64, &'static str, &'static str, &'static str);

fn migrator(pick: impl Fn(&'static Entry) -> (i64, &'static str, &'static str)) -> Migrator {
    let migrations = MIGRATIONS.iter().map(|entry| {
        let (version, name, text) = pick(entry);
        Migration::new(version, name.into(), MigrationType::Simple, text.into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
}
