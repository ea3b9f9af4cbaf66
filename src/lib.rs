//! Souk, a shop that answers.

pub mod catalog;
pub mod channel;
pub mod clock;
pub mod domain;
pub mod embed;
pub mod knowledge;
pub mod llm;
pub mod payment;
pub mod search;
pub mod store;
