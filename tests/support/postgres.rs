//! A PostgreSQL of our own on loopback.
