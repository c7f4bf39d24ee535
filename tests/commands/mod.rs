//! The commands as an operator types them.

mod settings;
mod bookings;
mod daemon;
mod import;
mod usage;
mod office;
