//! Souk, a shop that answers: the map of the house, from the door to the cellar.
//!
//! A module uses only modules below it; `tests/architecture.rs` keeps that so, and `ARCHITECTURE.md` walks through it.

pub mod eval;

pub mod http;

pub mod telemetry;

pub mod worker;

pub mod onboard;

pub mod conversation;

pub mod agent;

pub mod checkout;

pub mod catalog;
pub mod knowledge;

pub mod app;
pub mod config;

pub mod channel;
pub mod payment;
pub mod store;

pub mod embed;
pub mod llm;
pub mod search;

pub mod emulator;
pub mod fetch;

pub mod clock;
pub mod cores;
pub mod wording;

pub mod domain;
