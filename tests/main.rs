//! All tests that need more than one module, in the order of a letter's way: one binary.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod support;

mod reading;
mod intake;
mod ledger;
mod letters;
mod commands;
mod journey;
mod house_rules;
