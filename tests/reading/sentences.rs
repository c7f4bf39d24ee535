//! Sentences of our own with what a careful person reads in them (`sentences.txt`), and letters
//! that must never cancel (`treacherous.txt`).

use super::reading;
use serde_json::Value;

/// The letter of a line, «subject | body» or a body alone; « / » parts lines.
fn letter(line: &str) -> Value {
    let (subject, body) = line.split_once(" |").unwrap_or(("Запись", line));
    let body = body.trim().replace(" / ", "\r\n");
    let text = format!(
        "From: Maria <ivanova.m@example.ru>\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}\r\n"
    );
    reading(text.as_bytes())
}

fn lines(file: &str) -> impl Iterator<Item = &str> {
    file.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// What of `expected` the letter does not show.
fn wrong(read: &Value, expected: &str) -> Option<String> {
    let (intent, fields) = expected.split_once(' ').unwrap_or((expected, ""));
    let found = read["intent"].as_str().unwrap();
    let right = intent
        .strip_prefix('!')
        .map_or(found == intent, |forbidden| found != forbidden);
    if !right {
        return Some(format!("intent {found}"));
    }
    fields
        .split(';')
        .map(str::trim)
        .filter(|f| !f.is_empty())
        .find_map(|field| {
            let (key, value) = field
                .split_once(['=', '~'])
                .expect("a field is key=value or key~part");
            let in_part = field.starts_with(&format!("{key}~"));
            let found = read[key].as_str();
            let right = match value {
                "-" => found.is_none(),
                part if in_part => found.is_some_and(|found| found.contains(part)),
                whole => found == Some(whole),
            };
            (!right).then(|| format!("{key} {found:?}"))
        })
}

#[test]
fn sentences_are_read_as_a_careful_person_reads_them() {
    let mut judged = 0;
    let mut misread = Vec::new();
    for line in lines(include_str!("sentences.txt")) {
        let (text, expected) = line.rsplit_once(" => ").expect("what is expected");
        judged += 1;
        if let Some(wrong) = wrong(&letter(text), expected) {
            misread.push(format!("{wrong} <== {line}"));
        }
    }
    assert!(judged >= 200, "only {judged} sentences");
    assert!(misread.is_empty(), "\n{}", misread.join("\n"));
}

#[test]
fn treacherous_letters_never_cancel() {
    let mut judged = 0;
    let mut cancelled = Vec::new();
    for line in lines(include_str!("treacherous.txt")) {
        judged += 1;
        let intent = letter(line)["intent"].as_str().unwrap().to_owned();
        if intent == "cancel" || intent == "restore" {
            cancelled.push(format!("{intent} <== {line}"));
        }
    }
    assert!(judged >= 300, "only {judged} letters");
    assert!(cancelled.is_empty(), "\n{}", cancelled.join("\n"));
}
