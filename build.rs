//! Tells Cargo that the migrations are part of the program: a new file is no change of any file that
//! the compiler knows.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
