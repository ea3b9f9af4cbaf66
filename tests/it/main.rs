//! Stories, from message in to message out.

mod shop;
mod skip;
mod store;
mod talk;
mod world;
