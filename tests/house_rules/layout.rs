//! Sizes, first lines, and where things may stand.

use super::files::{code_of, has_word, paths_below, root, rust_below};
use otmena::reply::LetterKind;
use std::collections::BTreeSet;

const MOST_LINES: usize = 400;

#[test]
fn no_rust_file_is_longer_than_400_lines() {
    for file in rust_below("") {
        let lines = file.text.lines().count();
        assert!(lines <= MOST_LINES, "{} has {lines} lines", file.path);
    }
}

#[test]
fn every_rust_file_begins_by_saying_what_it_is_for() {
    for file in rust_below("") {
        let first = file.text.lines().next().unwrap_or("");
        let sentence = first.strip_prefix("//! ").unwrap_or("");
        assert!(sentence.len() > 5, "{} begins with «{first}»", file.path);
    }
}

/// Names of drawers say nothing about what lies in them.
#[test]
fn no_module_is_a_drawer() {
    let drawers = [
        "utils", "util", "helpers", "common", "manager", "misc", "types", "models",
    ];
    for file in rust_below("") {
        for part in file.path.trim_end_matches(".rs").split('/') {
            assert!(!drawers.contains(&part), "{} is a drawer", file.path);
            assert!(!part.starts_with("new_"), "{}: new beside what?", file.path);
        }
    }
}

/// The libraries of the outside world stay in their step.
#[test]
fn every_library_of_the_outside_world_stays_in_its_step() {
    let homes: [(&str, &[&str]); 6] = [
        ("sqlx", &["src/record/"]),
        ("lettre", &["src/reply/"]),
        ("async_imap", &["src/intake/", "src/file_away/imap_move.rs"]),
        ("mail_auth", &["src/verify/"]),
        ("krilla", &["src/reply/"]),
        ("tera", &["src/reply/", "src/file_away/note.rs"]),
    ];
    for file in rust_below("src") {
        let code = code_of(&file.text);
        for (library, places) in homes {
            let at_home = places.iter().any(|place| file.path.starts_with(place));
            let used = has_word(&code, &format!("{library}::"));
            assert!(at_home || !used, "{} uses {library}", file.path);
        }
    }
}

/// A literal that is SQL. `SELECT` alone is also a command of IMAP.
fn is_sql(literal: &str) -> bool {
    let words: Vec<&str> = literal.split_whitespace().collect();
    let has = |word: &str| words.contains(&word);
    let first = words.first().copied().unwrap_or("");
    match first {
        "SELECT" => has("FROM"),
        "UPDATE" => has("SET"),
        "INSERT" => has("INTO"),
        "DELETE" => has("FROM"),
        "PRAGMA" | "ALTER" | "DROP" => words.len() > 1,
        "WITH" => has("SELECT"),
        "CREATE" => has("TABLE") || has("INDEX"),
        _ => false,
    }
}

#[test]
fn no_sql_stands_outside_the_ledger() {
    for file in rust_below("src") {
        let code = code_of(&file.text);
        let found = code.split('"').find(|literal| is_sql(literal));
        assert!(
            file.path.starts_with("src/record/") || found.is_none(),
            "{} holds SQL: {found:?}",
            file.path
        );
    }
    assert!(is_sql("SELECT a\n FROM b") && !is_sql("SELECT {folder}"));
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |folder: &str| -> BTreeSet<String> {
        paths_below(folder)
            .iter()
            .map(|path| path.rsplit('/').next().unwrap().to_owned())
            .collect()
    };
    let sqlite = names("migrations/sqlite");
    assert!(!sqlite.is_empty(), "no migration at all");
    assert_eq!(sqlite, names("migrations/postgres"));
}

#[test]
fn every_kind_of_letter_has_its_templates_and_every_template_its_kind() {
    let kinds: BTreeSet<&str> = LetterKind::ALL.iter().map(|kind| kind.code()).collect();
    let mut folders = BTreeSet::new();
    for path in paths_below("templates/letters") {
        let parts: Vec<&str> = path.split('/').collect();
        if let [_, _, folder, _] = parts.as_slice() {
            folders.insert((*folder).to_owned());
        }
    }
    let folders: BTreeSet<&str> = folders.iter().map(String::as_str).collect();
    assert_eq!(kinds, folders);
    for kind in kinds {
        let files = paths_below(&format!("templates/letters/{kind}"));
        for part in ["subject", "text", "html"] {
            let named = files
                .iter()
                .any(|f| f.rsplit('/').next().unwrap().starts_with(part));
            assert!(named, "templates/letters/{kind} lacks {part}");
        }
    }
}

/// The order of the steps can be seen in one place in the code and in one in the README.
#[test]
fn the_readme_tells_the_steps_in_the_order_of_the_code() {
    let steps = [
        "intake",
        "read",
        "request",
        "verify",
        "decide",
        "record",
        "reply",
        "file_away",
    ];
    let code = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let places = |text: &str, around: &dyn Fn(&str) -> String| -> Vec<usize> {
        steps
            .iter()
            .map(|step| text.find(&around(step)).expect("every step is named"))
            .collect()
    };
    assert!(places(&code, &|s| format!("pub mod {s};")).is_sorted());
    assert!(places(&readme, &|s| format!("`src/{s}/`")).is_sorted());
}
