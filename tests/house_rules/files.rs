//! The files of the project, for the rules that look at them.

use std::fs;
use std::path::{Path, PathBuf};

/// A text file of the project.
pub struct SourceFile {
    /// Its path from the project's root, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The project's root.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Paths of all files below `folder` (from the root, `""` for all), sorted; build products and
/// the version history are no part of the project.
pub fn paths_below(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            if !matches!(name.as_str(), "target" | ".git") {
                collect(&path, found);
            }
        } else if path.is_file() && name != ".git" {
            let from_root = path.strip_prefix(root()).unwrap();
            found.push(from_root.to_str().unwrap().to_owned());
        }
    }
}

/// All text files below `folder`; fonts and letters in other encodings are left out.
pub fn texts_below(folder: &str) -> Vec<SourceFile> {
    let texts: Vec<SourceFile> = paths_below(folder)
        .into_iter()
        .filter_map(|path| {
            let text = String::from_utf8(fs::read(root().join(&path)).unwrap()).ok()?;
            (!text.contains('\0')).then_some(SourceFile { path, text })
        })
        .collect();
    assert!(!texts.is_empty(), "no file below «{folder}»");
    texts
}

/// All Rust files below `folder`.
pub fn rust_below(folder: &str) -> Vec<SourceFile> {
    let mut files = texts_below(folder);
    files.retain(|file| file.path.ends_with(".rs"));
    assert!(!files.is_empty(), "no Rust file below «{folder}»");
    files
}

/// The code of a Rust file: without comments and without modules that only tests see.
pub fn code_of(text: &str) -> String {
    let mut code = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim() == "#[cfg(test)]" {
            skip_item(line, &mut lines);
            continue;
        }
        code.push_str(without_comment(line));
        code.push('\n');
    }
    code
}

/// Skips the item below an attribute: rustfmt closes it at the attribute's own indent.
fn skip_item<'a>(attribute: &str, lines: &mut impl Iterator<Item = &'a str>) {
    let indent = attribute.trim_end_matches("#[cfg(test)]");
    for line in lines {
        let at_indent = line
            .strip_prefix(indent)
            .filter(|rest| !rest.starts_with(' '));
        if at_indent.is_some_and(|rest| rest == "}" || rest.ends_with(';')) {
            return;
        }
    }
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with("//") {
        return "";
    }
    line.split_once(" // ").map_or(line, |(code, _)| code)
}

/// Whether `word` stands in `text` with no letter, digit or `_` at its word-like ends.
pub fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let begins = is_part(word.chars().next());
    let ends = is_part(word.chars().next_back());
    let pieces: Vec<&str> = text.split(word).collect();
    pieces.windows(2).any(|around| {
        let before = around.first().and_then(|piece| piece.chars().next_back());
        let after = around.last().and_then(|piece| piece.chars().next());
        (!begins || !is_part(before)) && (!ends || !is_part(after))
    })
}

#[test]
fn code_of_leaves_out_comments_and_test_modules() {
    let text = "//! async\nuse a; // tokio\n#[cfg(test)]\nmod tests {\n    async fn f() {}\n}\nlet \
                b;\n#[cfg(test)]\nmod cases;\nend";
    assert_eq!(code_of(text), "\nuse a;\nlet b;\nend\n");
}

#[test]
fn has_word_knows_where_a_word_ends() {
    assert!(has_word("x.await;", ".await"));
    assert!(has_word("use tokio::fs", "tokio"));
    assert!(!has_word("Instantly", "Instant"));
    assert!(!has_word("my_async", "async"));
}
