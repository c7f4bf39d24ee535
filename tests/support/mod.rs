//! Real servers for the tests: each test gets its own and leaves nothing behind.

pub mod dkim;
pub mod dns;
pub mod dovecot;
pub mod dovecot_setup;
pub mod imap_client;
pub mod house;
pub mod postgres;
pub mod relay;
pub mod smtp;
