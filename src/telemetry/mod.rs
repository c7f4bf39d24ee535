//! What the running program tells of itself: log, metrics, health, and word to systemd.

pub mod answers;
pub mod health;
pub mod http;
pub mod log;
pub mod metrics;
pub mod panics;
pub mod systemd;

pub use health::{Health, HealthState};
