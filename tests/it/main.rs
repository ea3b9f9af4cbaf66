//! Stories, from message in to message out.

mod bench;
mod cli;
