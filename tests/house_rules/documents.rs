//! Documents do not drift from the code: they name files that exist and codes that are used.

use super::files::{SourceFile, paths_below, root, rust_below, texts_below};
use otmena::domain::{Keyword, Reason};
use otmena::reply::templates::Templates;
use std::collections::BTreeSet;

fn documents() -> Vec<SourceFile> {
    let mut files = texts_below("");
    files.retain(|file| file.path.ends_with(".md"));
    assert!(files.iter().any(|file| file.path == "README.md"));
    files
}

/// Words in backticks, outside of fenced blocks.
fn quoted_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        if line
            .trim_start()
            .trim_start_matches("//! ")
            .starts_with("```")
        {
            fenced = !fenced;
        } else if !fenced {
            words.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    words
}

/// Whether a quoted word names a file or folder of the project: it begins with one of the
/// project's own top-level names, or is a source or document file by its ending.
fn looks_like_a_path(word: &str) -> bool {
    let plain = word
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    let top = [
        "src/",
        "tests/",
        "docs/",
        "templates/",
        "fixtures/",
        "migrations/",
        "benches/",
        "fuzz/",
        "examples/",
        ".ci/",
        "assets/",
        "fonts/",
    ];
    let ending = [".rs", ".md"];
    plain && (top.iter().any(|t| word.starts_with(t)) || ending.iter().any(|e| word.ends_with(e)))
}

fn missing_files(files: &[SourceFile]) -> Vec<String> {
    let mut missing = Vec::new();
    for file in files {
        for word in quoted_words(&file.text) {
            if looks_like_a_path(&word) && !root().join(&word).exists() {
                missing.push(format!("{} names `{word}`", file.path));
            }
        }
    }
    missing
}

#[test]
fn documents_name_only_files_that_exist() {
    let missing = missing_files(&documents());
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn comments_name_only_files_that_exist() {
    let mut files = rust_below("src");
    for file in &mut files {
        let comments: Vec<&str> = file
            .text
            .lines()
            .map(str::trim_start)
            .filter(|line| line.starts_with("//"))
            .collect();
        file.text = comments.join("\n");
    }
    let missing = missing_files(&files);
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn links_between_documents_lead_somewhere() {
    for file in documents() {
        let folder = root().join(&file.path).parent().unwrap().to_path_buf();
        for link in file.text.split("](").skip(1) {
            let target = link.split([')', '#', ' ']).next().unwrap();
            let outside = target.is_empty() || target.contains("://");
            assert!(
                outside || folder.join(target).exists(),
                "{} links to {target}",
                file.path
            );
        }
    }
}

#[test]
fn the_page_for_staff_explains_exactly_the_codes_there_are() {
    let page = std::fs::read_to_string(root().join("docs/reason-codes.md")).unwrap();
    let explained: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("### `"))
        .filter_map(|line| line.split('`').next())
        .collect();
    let unique: BTreeSet<&str> = explained.iter().copied().collect();
    let codes: BTreeSet<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
    assert_eq!(unique, codes);
    assert_eq!(explained.len(), codes.len(), "a code is explained twice");
    for section in page.split("\n### ").skip(1) {
        let title = section.lines().next().unwrap();
        assert!(
            section.contains("**Что делать.**"),
            "{title} does not say what to do"
        );
    }
}

/// Where staff meet a reason, they find the same words: on the letter its keyword, in the note why
/// and what to do, on the page its paragraph under that keyword. Each act on each reason is tried
/// by the journey that takes all of them.
#[test]
fn every_reason_has_its_note_its_keyword_its_paragraph_and_its_test() {
    let page = std::fs::read_to_string(root().join("docs/reason-codes.md")).unwrap();
    let templates = Templates::load().unwrap();
    let trial = "tests/journey/desk/every_reason.rs";
    let trial = std::fs::read_to_string(root().join(trial)).unwrap();
    assert!(
        trial.contains("Reason::ALL"),
        "the journey leaves reasons out"
    );
    for reason in Reason::ALL {
        let code = reason.code();
        let words = templates.reason(*reason).unwrap();
        assert!(words.why.len() > 10 && words.todo.len() > 10, "{code}");
        let before = page.split(&format!("### `{code}`")).next().unwrap();
        let group = before
            .lines()
            .rfind(|line| line.starts_with("## "))
            .unwrap();
        let keyword = reason.keyword().imap_name();
        assert!(
            group.contains(keyword),
            "{code} stands under «{group}», not {keyword}"
        );
    }
    assert!(Keyword::ALL.len() <= 12);
    let desk = std::fs::read_to_string(root().join("docs/desk.md")).unwrap();
    for keyword in Keyword::ALL {
        let name = keyword.imap_name();
        assert!(name.is_ascii() && desk.contains(name), "{name}");
    }
}

/// A demo letter that is never looked at, or an expectation without a letter, proves nothing.
#[test]
fn every_letter_of_the_demo_has_its_expectation() {
    let text = std::fs::read_to_string(root().join("fixtures/demo/expected.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    let named: BTreeSet<String> = expected["letters"]
        .as_array()
        .unwrap()
        .iter()
        // An answer to a confirmation letter can only be written when that letter is known.
        .filter(|letter| letter["answers_challenge_of"].is_null())
        .map(|letter| letter["file"].as_str().unwrap().to_owned())
        .collect();
    let letters: BTreeSet<String> = paths_below("fixtures/demo/letters")
        .iter()
        .map(|path| path.rsplit('/').next().unwrap().to_owned())
        .collect();
    assert_eq!(named, letters);
}

#[test]
fn quoted_words_are_found_and_fenced_blocks_are_not() {
    let words = quoted_words("see `src/lib.rs` and `run`\n```\n`no`\n```\n`docs/a.md`");
    assert_eq!(words, ["src/lib.rs", "run", "docs/a.md"]);
    assert!(looks_like_a_path("src/lib.rs") && !looks_like_a_path("text/html"));
}
