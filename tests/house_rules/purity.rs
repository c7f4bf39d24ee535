//! The pure modules use no clock, chance, network, disk or log, so that the same letter is always
//! decided in the same way.

use super::files::{SourceFile, code_of, has_word, root, rust_below};
use std::collections::BTreeMap;

/// Folders and single files. A listed one that is missing fails the test.
const PURE: [&str; 9] = [
    "domain",
    "read",
    "request",
    "decide",
    "failure",
    "intake/pace",
    "reply/compose",
    "reply/attempt",
    "file_away/folders",
];

/// Plain values that head an impure folder and carry nothing but data.
const PLAIN_VALUES: [&str; 26] = [
    "intake::Listed",
    "intake::Move",
    "intake::Moved",
    "intake::Placing",
    "intake::RawLetter",
    "intake::Woken",
    "verify::SenderEvidence",
    "verify::DkimEvidence",
    "verify::SignatureFinding",
    "verify::SignatureVerdict",
    "verify::RelayVerdict",
    "record::Attempt",
    "record::OutboxRow",
    "record::OutboxState",
    "reply::BookingWords",
    "reply::LateWords",
    "reply::SanctionWords",
    "reply::LetterData",
    "reply::LetterKind",
    "reply::OutgoingLetter",
    "config::BudgetSettings",
    "config::EnvelopeSender",
    "config::ImapSettings",
    "config::MaildirSettings",
    "config::MailboxName",
    "config::MailboxSettings",
];

const FORBIDDEN: [&str; 18] = [
    "async",
    ".await",
    "tokio",
    "sqlx",
    "async_imap",
    "lettre",
    "mail_auth",
    "tera",
    "tracing",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant",
    "::now(",
    "rand",
];

fn is_listed(path: &str, place: &str) -> bool {
    path == format!("src/{place}.rs") || path.starts_with(&format!("src/{place}/"))
}

fn pure_files() -> Vec<SourceFile> {
    let mut files = rust_below("src");
    files.retain(|file| {
        PURE.iter().any(|place| is_listed(&file.path, place)) && !only_tests_see(&file.path)
    });
    files
}

/// Whether the file is declared with `#[cfg(test)] mod …;` by its folder's head.
fn only_tests_see(path: &str) -> bool {
    let path = root().join(path);
    let head = path.with_file_name("mod.rs");
    let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
    let text = std::fs::read_to_string(head).unwrap_or_default();
    text.contains(&format!("#[cfg(test)]\nmod {name};"))
}

/// Every path in `code` that begins with `crate::`, braces written out.
fn crate_paths(code: &str) -> Vec<String> {
    let flat: String = code.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut paths = Vec::new();
    for text in flat.split("crate::").skip(1) {
        expand("", text, &mut paths);
    }
    paths
}

/// Reads one path, or the brace group behind it, and gives what follows.
fn expand<'a>(before: &str, text: &'a str, paths: &mut Vec<String>) -> &'a str {
    let in_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '*');
    let end = text.find(|c| !in_path(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let path = format!("{before}{name}");
    let Some(mut group) = rest.strip_prefix('{').filter(|_| path.ends_with("::")) else {
        paths.push(path);
        return rest;
    };
    loop {
        group = group.trim_start();
        if let Some(rest) = group.strip_prefix('}') {
            return rest;
        }
        let rest = expand(&path, group, paths);
        // An alias may stand between the path and its comma.
        let end = rest.find([',', '}']).unwrap_or(rest.len());
        let (_, rest) = rest.split_at(end);
        group = rest.strip_prefix(',').unwrap_or(rest);
        if rest.is_empty() {
            return rest;
        }
    }
}

fn is_pure(path: &str) -> bool {
    let below = |module: &str| {
        path.strip_prefix(module)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    PURE.iter().any(|place| below(&place.replace('/', "::")))
        || PLAIN_VALUES.iter().any(|value| below(value))
}

#[test]
fn every_module_listed_as_pure_is_there() {
    let files = rust_below("src");
    for place in PURE {
        let found = files.iter().any(|file| is_listed(&file.path, place));
        assert!(found, "src/{place} is listed as pure but missing");
    }
}

#[test]
fn pure_modules_use_nothing_that_acts_or_varies() {
    let mut faults = Vec::new();
    for file in pure_files() {
        for (number, line) in code_of(&file.text).lines().enumerate() {
            for word in FORBIDDEN {
                if has_word(line, word) {
                    faults.push(format!("{} uses «{word}» in code line {number}", file.path));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn pure_modules_name_only_pure_modules_and_plain_values() {
    let mut faults = Vec::new();
    for file in pure_files() {
        for path in crate_paths(&code_of(&file.text)) {
            if !is_pure(&path) {
                faults.push(format!("{} names crate::{path}", file.path));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// `super::` leads out of a folder that is only partly pure, past the rule above.
#[test]
fn pure_files_in_impure_folders_do_not_reach_their_neighbours() {
    for file in pure_files() {
        let place = file.path.trim_start_matches("src/").trim_end_matches(".rs");
        let alone = PURE.iter().any(|p| p.contains('/') && *p == place);
        if alone {
            let code = code_of(&file.text);
            assert!(!code.contains("super::"), "{} uses super::", file.path);
        }
    }
}

/// The dependencies of a manifest, each with what it asks of them.
fn dependencies(manifest: &str) -> BTreeMap<String, toml::Value> {
    let text = std::fs::read_to_string(root().join(manifest)).unwrap();
    let manifest: toml::Table = toml::from_str(&text).unwrap();
    let listed = manifest
        .get("dependencies")
        .and_then(toml::Value::as_table)
        .unwrap();
    listed.clone().into_iter().collect()
}

/// The fuzz targets compile these steps in a package of their own, which the test command does not build.
#[test]
fn fuzzing_has_every_library_of_the_steps_that_it_compiles() {
    const COMPILED: [&str; 3] = ["domain", "read", "request"];
    let (ours, theirs) = (dependencies("Cargo.toml"), dependencies("fuzz/Cargo.toml"));
    let mut files = pure_files();
    files.retain(|file| COMPILED.iter().any(|place| is_listed(&file.path, place)));
    let used = |name: &str| {
        let path = format!("{}::", name.replace('-', "_"));
        files.iter().any(|file| {
            let code = code_of(&file.text);
            let mut places = code.match_indices(&path).map(|(at, _)| code.get(..at));
            places.any(|before| {
                before.is_some_and(|text| {
                    !text.ends_with(|c: char| c.is_alphanumeric() || "_:".contains(c))
                })
            })
        })
    };
    let used: Vec<&String> = ours.keys().filter(|name| used(name)).collect();
    assert!(used.len() > 5, "{used:?}");
    for name in used {
        assert_eq!(
            theirs.get(name),
            ours.get(name),
            "{name} in fuzz/Cargo.toml"
        );
    }
}

#[test]
fn crate_paths_are_read_out_of_braces() {
    let code = "use crate::decide::{Case as C,\n    inner::{A, B},};\nlet x = crate::clock::now();";
    assert_eq!(
        crate_paths(code),
        [
            "decide::Case",
            "decide::inner::A",
            "decide::inner::B",
            "clock::now"
        ]
    );
    assert!(is_pure("reply::LetterKind::Booking") && !is_pure("reply::LetterKindOther"));
    assert!(!is_pure("reply::transport") && !is_pure("clock::Clock"));
}
