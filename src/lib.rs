//! Otmena lets a citizen cancel an appointment by answering an e-mail.
//!
//! A letter walks through eight steps; the modules stand in that order.

pub mod intake;
pub mod read;
pub mod request;
pub mod verify;
pub mod decide;
pub mod record;
pub mod reply;
pub mod file_away;

pub mod domain;
pub mod config;
pub mod cli;
pub mod telemetry;
pub mod privacy;
pub mod journey;
pub mod daemon;
mod desk;
pub mod registry;
pub mod retention;
pub mod demo;
pub mod clock;
pub mod halting_point;
pub mod failure;
