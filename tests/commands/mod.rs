//! The commands as an operator types them.

mod settings;
mod bookings;
mod papers;
mod daemon;
mod import;
mod usage;
mod first_day;
mod office;
mod desk_on_maildir;
