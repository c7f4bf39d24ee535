//! Staff work in a Maildir, too: their programs rename files from folder to folder.

use super::office::Office;
use std::path::{Path, PathBuf};

const LETTER: &str = "From: stranger@example.net\r\nTo: cancel@example.org\r\n\
    Subject: 1\r\nMessage-ID: <desk-1@example.net>\r\nMIME-Version: 1.0\r\n\
    Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
    Отмена записи №404404\r\n";

/// A folder of the Maildir by the name that people read.
fn folder(office: &Office, name: &str) -> PathBuf {
    let encoded = utf7_imap::encode_utf7_imap(name.to_owned());
    office.path("mail").join(format!(".{encoded}")).join("cur")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for part in ["cur", "new"] {
        let part = folder.with_file_name(part);
        let entries = std::fs::read_dir(part).unwrap();
        found.extend(entries.map(|entry| entry.unwrap().path()));
    }
    found.sort();
    found
}

fn is_the_letter(path: &PathBuf) -> bool {
    let text = std::fs::read_to_string(path).unwrap();
    text.contains("Message-ID: <desk-1@example.net>")
}

#[test]
fn a_file_moved_into_a_folder_of_acts_is_an_act() {
    let office = Office::new();

    assert_eq!(office.otmena(&["migrate"]).code, 0);
    assert_eq!(office.otmena(&["run", "--once"]).code, 0);
    std::fs::write(office.path("mail/new/1800000000.1.host"), LETTER).unwrap();
    // A start on a filled inbox wants to know since when letters are meant for us.
    let since = "[desk]\ndigest_at = \"off\"\n";
    office.writes_settings(since);
    let settings = std::fs::read_to_string(office.path("otmena.toml")).unwrap();
    let settings = settings.replace(
        "path = \"mail\"",
        "path = \"mail\"\nsince = \"1990-01-01T00:00:00Z\"",
    );
    office.write("otmena.toml", &settings);
    let told = office.otmena(&["run", "--once"]);
    assert_eq!(told.code, 0, "{}", told.err);
    let dead = folder(&office, "Разбор");
    let lying = files(&dead);
    assert_eq!(lying.len(), 2, "the letter and its note: {lying:?}");

    // Refused: impossible, since nothing proves the sender; the letter comes back.
    let letter = lying.iter().find(|path| is_the_letter(path)).unwrap();
    let refuse = folder(&office, "Разбор.Отказать");
    // A program that flags the letter as seen on the way.
    std::fs::rename(letter, refuse.join("1800000000.77.moved:2,S")).unwrap();
    let told = office.otmena(&["run", "--once"]);
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(files(&refuse).is_empty());
    let lying = files(&dead);
    assert_eq!(lying.len(), 2, "the letter and a new note: {lying:?}");
    let note = lying.iter().find(|path| !is_the_letter(path)).unwrap();
    assert!(
        std::fs::read_to_string(note)
            .unwrap()
            .contains("Auto-Submitted")
    );

    // Closed, under yet another name.
    let letter = lying.iter().find(|path| is_the_letter(path)).unwrap();
    let done = folder(&office, "Обработано");
    std::fs::rename(letter, done.join("1800000001.78.moved:2,S")).unwrap();
    let told = office.otmena(&["run", "--once"]);
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(files(&dead).is_empty(), "the note is removed");
    assert_eq!(files(&done).len(), 1);
    let letters = office.otmena(&["letters", "list", "--json"]).json();
    assert_eq!(letters[0]["state"], "resolved");
    assert_eq!(letters[0]["decision"], "closed");
}
