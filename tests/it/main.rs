//! Stories, from message in to message out.

mod browser;
mod http;
mod shop;
mod skip;
mod store;
mod talk;
mod world;
