//! Learns from the example sentences of `src/request/learned`, and tells Cargo that the migrations
//! are part of the program: a new file is no change of any file that the compiler knows.

#[path = "src/request/learned/classes.rs"]
#[expect(dead_code, reason = "some of it is for the reader only")]
mod classes;
#[path = "src/request/learned/features/mod.rs"]
#[expect(dead_code, reason = "some of it is for the reader only")]
mod features;
#[path = "src/request/folded.rs"]
mod folded;
#[path = "src/request/learned/table.rs"]
mod table;
#[path = "src/request/learned/training/mod.rs"]
mod training;

use std::error::Error;
use std::fs;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    // The package of the fuzz targets, in a folder of this one, is built by the same script.
    let here = Path::new("src/request/learned").is_dir();
    let root = if here { "." } else { ".." };
    println!("cargo::rerun-if-changed={root}/migrations");
    println!("cargo::rerun-if-changed={root}/src/request/learned");
    println!("cargo::rerun-if-changed={root}/src/request/folded.rs");
    println!("cargo::rerun-if-changed={root}/src/request/speech/given_names.txt");
    let mut sentences = Vec::new();
    for (class, doubt) in classes::CLASSES {
        let file = format!("{root}/src/request/learned/sentences/{class}.txt");
        sentences.extend(training::sentences(
            class,
            doubt,
            &fs::read_to_string(file)?,
        ));
    }
    let named = format!("{root}/src/request/learned/letters/names.txt");
    let letters = training::letters(&fs::read_to_string(named)?);
    let detailed = format!("{root}/src/request/learned/letters/details.txt");
    let detailed = training::details::letters(&fs::read_to_string(detailed)?);
    let out = std::env::var("OUT_DIR")?;
    let out = Path::new(&out);
    let write = |name: &str, table: Vec<u8>| fs::write(out.join(name), table);
    let (sentence, reason) = (training::sentence(&sentences), training::reason(&sentences));
    write("sentence.weights", training::table(&sentence))?;
    write("reason.weights", training::table(&reason))?;
    let figure = training::details::figure(&detailed);
    write("figure.weights", training::table(&figure))?;
    write("name.weights", training::table(&training::name(&letters)))?;
    Ok(())
}
