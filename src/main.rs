//! The program `otmena`.

fn main() {}
