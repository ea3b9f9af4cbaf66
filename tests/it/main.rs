//! Stories, from message in to message out.

mod scenarios;
