//! What an operator meets on the first day: mistyped settings, servers that refuse, and where
//! letters lie afterwards.

use super::bookings::BOOKINGS;
use super::office::{Office, SECRET, Told};
use crate::support::smtp::{SmtpSink, free_port};
use std::net::TcpListener;
use std::path::Path;

/// A sample letter of the demo as it lies in the Maildir.
fn delivers(office: &Office, letter: &str) {
    let letters = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo/letters");
    let place = office.path("mail/new").join(format!("1800000000.{letter}"));
    std::fs::copy(letters.join(letter), place).unwrap();
}

/// The line of a printed table that holds `part`, with single blanks.
fn line_with(told: &Told, part: &str) -> String {
    let line = told.out.lines().find(|line| line.contains(part));
    let words = line.unwrap_or_else(|| panic!("no {part} in\n{}", told.out));
    words.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// Settings over a mail server on this port; its own section of the mailbox is a Maildir.
fn sends_through(office: &Office, port: u16, sender: &str) {
    let text = format!(
        "[mailbox]\nkind = \"maildir\"\npath = \"mail\"\n[smtp]\nkind = \"smtp\"\n\
         host = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\nfrom = \"cancel@example.org\"\n\
         envelope = \"plain\"\n[sender]\ntoken_secret = \"{SECRET}\"\ndkim = false\n{sender}"
    );
    office.write("otmena.toml", &text);
    assert_eq!(office.otmena(&["migrate"]).code, 0);
}

#[test]
fn run_makes_no_database_out_of_a_mistyped_url() {
    let office = Office::new();
    let told = office.otmena(&["run", "--once"]);
    told.refuses(78, &["database.url", "otmena migrate"]);
    assert!(!office.path("otmena.db").exists(), "a file was made");
    office.write("otmena.db", "");
    let told = office.otmena(&["run", "--once"]);
    told.refuses(78, &["never prepared", "otmena migrate"]);
    assert_eq!(office.otmena(&["migrate"]).code, 0);
    assert_eq!(office.otmena(&["run", "--once"]).code, 0);
}

#[test]
fn run_once_beside_a_daemon_needs_no_port() {
    let office = Office::new();
    let daemons = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = daemons.local_addr().unwrap();
    office.writes_settings(&format!("[http]\nlisten = \"{address}\"\n"));
    assert_eq!(office.otmena(&["migrate"]).code, 0);
    let told = office.otmena(&["run", "--once"]);
    assert_eq!(told.code, 0, "{}", told.err);
}

#[test]
fn a_since_in_the_future_is_warned_of() {
    let office = Office::new();
    assert_eq!(office.otmena(&["migrate"]).code, 0);
    let config = office.path("otmena.toml");
    let config = config.to_string_lossy();
    let mut variables = [
        ("OTMENA_CONFIG", &*config),
        ("OTMENA_MAILBOX__SINCE", "2999-01-01T00:00:00Z"),
    ];
    for (arguments, future) in [
        (&["check", "--json"][..], true),
        (&["run", "--once"], true),
        (&["check", "--json"], false),
        (&["run", "--once"], false),
    ] {
        if !future {
            variables[1].1 = "2020-01-01T00:00:00Z";
        }
        let told = office.otmena_with(arguments, &variables);
        assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
        let warned = format!("{}{}", told.out, told.err).contains("lies in the future");
        assert_eq!(warned, future, "{arguments:?}\n{}\n{}", told.out, told.err);
    }
}

#[test]
fn verp_without_plus_addresses_is_warned_of() {
    let office = Office::new();
    let told = office.otmena(&["check", "--json"]);
    assert!(told.out.contains("bounces would reach"), "{}", told.out);
    office.writes_settings("plus_address = true\n");
    let told = office.otmena(&["check", "--json"]);
    assert!(!told.out.contains("bounces would reach"), "{}", told.out);
}

#[test]
fn check_tries_a_letter_to_ourselves_without_sending_it_where_it_is_told_so() {
    let office = Office::new();
    let sink = SmtpSink::start();
    sends_through(&office, sink.port(), "plus_address = true\n");
    let told = office.otmena(&["check", "--json", "--no-letters"]);
    assert_eq!(told.code, 0, "{}", told.out);
    for words in ["no login is configured", "a plus-address of ours is taken"] {
        assert!(told.out.contains(words), "{words}\n{}", told.out);
    }
    assert!(!told.out.contains("login taken"), "{}", told.out);
    assert_eq!(sink.letters(), [], "nothing may be sent");
    let told = office.otmena(&["check", "--no-letters"]);
    for line in told.out.lines() {
        assert!(line.chars().count() <= 120, "too wide: {line}");
    }
}

#[test]
fn check_fails_where_the_mail_server_refuses_our_own_address() {
    let office = Office::new();
    for (refused, words) in [("MAIL", "a letter from"), ("RCPT", "a letter to")] {
        let sink = SmtpSink::with(&["-f", refused]);
        sends_through(&office, sink.port(), "");
        let told = office.otmena(&["check", "--json"]);
        assert_eq!(told.code, 1, "{}", told.out);
        assert!(told.out.contains(words), "{}", told.out);
        assert!(told.out.contains("check smtp.from"), "{}", told.out);
    }
}

#[test]
fn servers_that_are_down_are_told_by_their_settings() {
    let office = Office::new();
    let config = office.path("otmena.toml");
    let config = config.to_string_lossy();
    let url = format!("postgres://nobody@127.0.0.1:{}/x", free_port());
    let variables = [
        ("OTMENA_CONFIG", &*config),
        ("OTMENA_DATABASE__URL", url.as_str()),
    ];
    let told = office.otmena_with(&["bookings", "list"], &variables);
    told.refuses(75, &["database.url", "see that its server runs"]);
    let once = told.err.matches("Connection refused").count();
    assert_eq!(once, 1, "{}", told.err);

    let text = format!(
        "[mailbox]\nkind = \"imap\"\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n\
         username = \"u\"\npassword = \"hush-hush\"\n[smtp]\nkind = \"folder\"\npath = \"letters\"\n\
         from = \"a@example.org\"\n[sender]\ntoken_secret = \"{SECRET}\"\n",
        free_port()
    );
    office.write("otmena.toml", &text);
    assert_eq!(office.otmena(&["migrate"]).code, 0);
    office
        .otmena(&["run", "--once"])
        .refuses(75, &["mailbox.host", "mailbox.port"]);
}

#[test]
fn lists_name_the_folder_and_the_booking_of_each_letter() {
    let office = Office::new();
    office.write("bookings.csv", BOOKINGS);
    let told = office.otmena(&["bookings", "import", "bookings.csv"]);
    assert_eq!(told.code, 0, "{}", told.err);
    for letter in [
        "01-exact-template.eml",
        "10-out-of-office.eml",
        "13-no-request.eml",
    ] {
        delivers(&office, letter);
    }
    let config = office.path("otmena.toml");
    let config = config.to_string_lossy();
    let variables = [
        ("OTMENA_CONFIG", &*config),
        ("OTMENA_MAILBOX__SINCE", "2020-01-01T00:00:00Z"),
    ];
    let told = office.otmena_with(&["run", "--once"], &variables);
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(told.err.contains("sent"), "{}", told.err);
    let listed = office.otmena(&["letters", "list"]);
    for (decision, folder) in [
        (" automatic ", "- - automatic"),
        (" held ", " UTC dead_letter"),
        (" 104512 ", "104512 - processed"),
    ] {
        let line = line_with(&listed, decision);
        assert!(line.ends_with(folder), "{line}");
    }
    let outbox = office.otmena(&["outbox", "list"]);
    assert!(
        line_with(&outbox, "104512").contains("sent"),
        "{}",
        outbox.out
    );
    let id = listed.out.lines().find(|l| l.contains(" held ")).unwrap();
    let id = id.split_whitespace().next().unwrap();
    let shown = office.otmena(&["letters", "show", id]);
    assert!(
        shown.out.contains("\n  own_letter   passed\n"),
        "{}",
        shown.out
    );
    assert!(!shown.out.contains('{'), "{}", shown.out);
    let letters = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo/letters");
    let file = letters.join("01-exact-template.eml");
    let told = office.otmena(&["explain", &file.to_string_lossy()]);
    assert_eq!(line_with(&told, "relay"), "relay absent");
    assert_eq!(line_with(&told, "dkim"), "dkim unchecked");
}
