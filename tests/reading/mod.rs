//! The corpus of `fixtures/letters`: every letter is read as its expected reading says.

mod against;
mod everyday;
mod hostile;
mod measure;
mod mutations;
mod properties;
mod sentences;

use otmena::read;
use otmena::request;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn letters() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/letters");
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "eml"))
        .collect();
    found.sort();
    found
}

fn reading(bytes: &[u8]) -> Value {
    let letter = read::read(bytes);
    let reading = request::understand(&letter);
    let attachments = letter
        .attachments
        .iter()
        .map(|file| json!({ "name": file.name, "media_type": file.media_type, "size": file.size }));
    json!({
        "intent": reading.intent.code(),
        "number": reading.number.as_ref().map(|number| number.as_str().to_owned()),
        "date": reading.date,
        "time": reading.time,
        "full_name": reading.full_name,
        "phone": reading.phone,
        "reason": reading.reason,
        "automatic": letter.automatic.is_some(),
        "sender": letter.sender.as_ref().map(|sender| sender.as_str().to_owned()),
        "problems": reading.problems.iter().map(|reason| reason.code()).collect::<Vec<_>>(),
        "attachments": attachments.collect::<Vec<_>>(),
    })
}

/// One line for each key that is read otherwise than expected. Attachments are compared where the
/// letter is about them.
fn differences(expected: &Value, read: &Value) -> Vec<String> {
    let keys = read.as_object().unwrap().keys();
    keys.filter(|key| *key != "attachments" || expected.get("attachments").is_some())
        .filter(|key| expected.get(key.as_str()) != read.get(key.as_str()))
        .map(|key| format!("{key}: expected {}, read {}", expected[key], read[key]))
        .collect()
}

#[test]
fn every_letter_of_the_corpus_is_read_as_expected() {
    let letters = letters();
    let mut wrong = Vec::new();
    for path in &letters {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let beside = path.with_extension("json");
        let expected: Value = serde_json::from_slice(&std::fs::read(&beside).unwrap()).unwrap();
        assert!(
            expected["why"].as_str().is_some_and(|why| why.len() > 4),
            "{name} says why"
        );
        let found = differences(&expected, &reading(&std::fs::read(path).unwrap()));
        wrong.extend(found.iter().map(|line| format!("{name}: {line}")));
    }
    assert!(letters.len() >= 250, "only {} letters", letters.len());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
