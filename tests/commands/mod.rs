//! The commands as an operator types them.

mod settings;
mod import;
mod usage;
mod office;
