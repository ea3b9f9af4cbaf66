//! A load test of everything after the sale, on data that is not ours: the shop of the tau-retail benchmark is put into
//! our store, what a right agent would write down is proposed and confirmed here, and the end is compared with what tau's
//! own rules make of its own data. No model takes part.

pub mod data;
pub mod facts;
pub mod reference;
pub mod task;
