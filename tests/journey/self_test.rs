//! `otmena check` writes to itself: what no look at the settings can show.

use crate::support::dovecot::DovecotOptions;
use crate::support::house::{AUTHSERV_ID, Database, House};
use crate::support::relay;

/// A house whose letters come back into its own Dovecot.
fn house(extra: &str) -> House {
    let mut house = House::with_own_dovecot(
        Database::Sqlite,
        DovecotOptions {
            extra: format!("recipient_delimiter = +\n{extra}"),
            ..DovecotOptions::default()
        },
    );
    let port = relay::start(house.dovecot().lmtp_port());
    house.set("smtp", "port", i64::from(port));
    house.set("mailbox", "dead_letter", "desk");
    // The folders come with the first run.
    house.runs_once();
    house
}

fn folders_are_empty(house: &House) {
    for folder in ["INBOX", "desk", "Обработано/Автоматические"] {
        assert!(house.folder(folder).is_empty(), "{folder}");
    }
}

#[test]
fn a_letter_to_ourselves_arrives_and_is_taken_out_again() {
    let mut house = house("");
    house.unset("sender", "authserv_id");
    let check = house.answers_with(&["check", "--json"]);
    assert_eq!(check.code, 0, "{}", check.out);
    for words in [
        "a letter to `smtp.from` came",
        "a plus-address of ours came",
        "no address leads past the inbox",
    ] {
        assert!(check.out.contains(words), "{words}\n{}", check.out);
    }
    assert!(!check.out.contains("a forged"), "{}", check.out);
    folders_are_empty(&house);
}

/// Dovecot's LMTP neither writes Authentication-Results nor removes any.
#[test]
fn a_mail_server_that_lets_forged_results_through_is_found() {
    let mut house = house("");
    house.set("sender", "authserv_id", AUTHSERV_ID);
    let check = house.answers_with(&["check", "--json"]);
    assert_eq!(check.code, 1, "{}", check.out);
    let out = check.out;
    assert!(
        out.contains("lets a forged Authentication-Results through"),
        "{out}"
    );
    assert!(out.contains("leave `sender.authserv_id` out"), "{out}");
    folders_are_empty(&house);
}

#[test]
fn an_address_that_leads_into_a_folder_is_found() {
    let mut house = house("lmtp_save_to_detail_mailbox = yes\n");
    house.unset("sender", "authserv_id");
    let check = house.answers_with(&["check", "--json"]);
    let out = check.out;
    assert!(out.contains("straight into that folder"), "{out}");
    assert!(out.contains("lmtp_save_to_detail_mailbox"), "{out}");
    folders_are_empty(&house);
}

#[test]
fn a_letter_that_does_not_come_is_told() {
    let house = House::open(Database::Sqlite);
    let check = house.answers_with(&["check", "--json"]);
    let out = check.out;
    assert!(
        out.contains("did not come into the mailbox within 10 seconds"),
        "{out}"
    );
    let quiet = house.answers_with(&["check", "--no-letters"]);
    assert!(!quiet.out.contains("delivery"), "{}", quiet.out);
}
