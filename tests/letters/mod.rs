//! Letters and documents as they leave, decoded.

mod document;
mod message;
mod samples;
mod sending;
mod wording;
