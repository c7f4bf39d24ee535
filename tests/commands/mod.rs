//! The commands as an operator types them.

mod settings;
mod bookings;
mod import;
mod usage;
mod office;
