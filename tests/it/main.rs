//! Stories, from message in to message out.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test may fail by panicking")]

mod asked;
mod attacks;
mod bench;
mod browser;
mod catalog;
mod cli;
mod files;
mod find;
mod http;
mod index;
mod mutation;
mod scenarios;
mod shop;
mod site;
mod skip;
mod store;
mod talk;
mod tau_retail;
mod whatsapp;
mod world;
