//! The program `otmena`.

use std::process::ExitCode;

fn main() -> ExitCode {
    otmena::cli::start(std::env::args_os())
}
