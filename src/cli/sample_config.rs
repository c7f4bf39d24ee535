//! `otmena sample-config`: a complete settings file with comments.

use super::{Exit, Problem};
use crate::config::SAMPLE;
use std::io::Write;

pub fn run(out: &mut dyn Write) -> Result<Exit, Problem> {
    out.write_all(SAMPLE.as_bytes())?;
    Ok(Exit::Done)
}
