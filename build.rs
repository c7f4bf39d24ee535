//! Tells Cargo that the migrations are part of the program: a new file is no change of any file that
//! the compiler knows.
#![expect(
    clippy::print_stdout,
    reason = "this is how a build script speaks to Cargo"
)]

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
