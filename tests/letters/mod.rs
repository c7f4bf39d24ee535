//! Letters and documents as they leave, decoded.

mod calendar;
mod coming_back;
mod document;
mod genuine;
mod message;
pub(crate) mod samples;
mod slot_samples;
mod late_samples;
mod sending;
mod submitting;
mod wording;
mod late_wording;
