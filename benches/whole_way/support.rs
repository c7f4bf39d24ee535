//! The real servers of the tests.
#![expect(dead_code, reason = "the tests use more of them")]

#[path = "../../tests/support/dovecot.rs"]
pub mod dovecot;
#[path = "../../tests/support/dovecot_setup.rs"]
mod dovecot_setup;
#[path = "../../tests/support/imap_client.rs"]
pub mod imap_client;
