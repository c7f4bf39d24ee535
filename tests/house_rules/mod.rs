//! The rules of the house that no compiler keeps.

mod files;
mod purity;
mod layout;
mod documents;
mod origin;
