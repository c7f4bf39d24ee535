//! The project speaks of its subject only: nothing about the place or the way it was written.

use super::files::{paths_below, texts_below};

/// Written in two halves, so that this file does not hold what it looks for.
const UNWANTED: [(&str, &str); 20] = [
    // Paths of somebody's machine.
    ("/work", "/"),
    ("/tmp/", "wt/"),
    ("/root", "/"),
    ("/home", "/"),
    ("/Us", "ers/"),
    // Hosts of package registries and mirrors.
    ("crates", ".io"),
    ("py", "pi.org"),
    ("npm", "js.org"),
    ("deb.deb", "ian.org"),
    ("artif", "actory"),
    // How the text came to be.
    ("as an ", "ai "),
    ("ai-gen", "erated"),
    ("generated ", "by ai"),
    ("language", " model"),
    ("chat", "gpt"),
    ("clau", "de"),
    ("co-auth", "ored-by"),
    ("design", ".md"),
    ("lessons", ".md"),
    ("coding ses", "sion"),
];

#[test]
fn no_file_tells_of_the_place_or_the_way_it_was_written() {
    let mut faults = Vec::new();
    for file in texts_below("") {
        // The lock file names the registry of every package; so does Cargo itself.
        if file.path == "Cargo.lock" {
            continue;
        }
        let text = file.text.to_lowercase();
        for (one, two) in UNWANTED {
            let word = format!("{one}{two}").to_lowercase();
            if text.contains(&word) {
                faults.push(format!("{} holds «{word}»", file.path));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Names of invented people must not be able to reach anybody.
#[test]
fn addresses_in_demo_letters_are_of_domains_that_nobody_can_own() {
    let reserved = ["example.com", "example.org", "example.net"];
    for path in paths_below("fixtures/demo") {
        let bytes = std::fs::read(super::files::root().join(&path)).unwrap();
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for after in text.split('@').skip(1) {
            let domain: String = after
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || ".-".contains(*c))
                .collect();
            let domain = domain.trim_end_matches('.');
            let unreachable = domain.ends_with(".example")
                || reserved
                    .iter()
                    .any(|r| domain == *r || domain.ends_with(&format!(".{r}")));
            assert!(
                unreachable || domain.is_empty(),
                "{path} holds an address at {domain}"
            );
        }
    }
}
