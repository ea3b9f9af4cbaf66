//! Tests of the sandbox: a payment's whole life through the trait.
