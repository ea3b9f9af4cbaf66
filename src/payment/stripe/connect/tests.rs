//! Tests of setting up, over real HTTP.
