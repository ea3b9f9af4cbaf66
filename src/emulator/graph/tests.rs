//! Tests, below.
