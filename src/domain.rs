//! What a shop is, in plain values and pure rules: no input or output, no clock, nothing of ours below it.

pub mod address;
pub mod amendment;
pub mod cart;
pub mod checkout;
pub mod contact;
pub mod conversation;
pub mod fact;
pub mod finding;
pub mod id;
pub mod job;
pub mod ledger;
pub mod message;
pub mod money;
pub mod order;
pub mod passage;
pub mod product;
pub mod proposal;
pub mod refund;
pub mod reservation;
pub mod risk;
pub mod shop;
pub mod usage;
