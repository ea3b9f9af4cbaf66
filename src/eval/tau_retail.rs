//! A load test of everything after the sale, on data that is not ours: the shop of the tau-retail benchmark, the acts of a
//! right agent, and what tau's own rules make of them.

pub mod attempt;
pub mod data;
pub mod facts;
pub mod reference;
pub mod report;
pub mod task;
