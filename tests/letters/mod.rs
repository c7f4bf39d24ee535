//! Letters and documents as they leave, decoded.

mod coming_back;
mod document;
mod message;
pub(crate) mod samples;
mod late_samples;
mod sending;
mod submitting;
mod wording;
mod late_wording;
