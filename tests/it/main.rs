//! Stories, from message in to message out.

mod skip;
mod store;
