//! A Dovecot of our own on loopback.
