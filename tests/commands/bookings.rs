//! Bookings from the import to the journal, on SQLite, as an operator types it.

use super::office::Office;
use sqlx::{AssertSqlSafe, Connection};

/// The bookings of the demo.
pub const BOOKINGS: &str = include_str!("../../fixtures/demo/bookings.csv");

fn office_with_bookings() -> Office {
    let office = Office::new();
    office.write("bookings.csv", BOOKINGS);
    assert_eq!(office.otmena(&["migrate"]).code, 0);
    let told = office.otmena(&["bookings", "import", "bookings.csv", "--json"]);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    assert_eq!(
        told.json().get("created"),
        Some(&serde_json::json!(10)),
        "{}",
        told.out
    );
    office
}

#[test]
fn a_second_import_changes_nothing() {
    let office = office_with_bookings();
    let told = office.otmena(&["bookings", "import", "bookings.csv", "--json"]);
    assert_eq!(
        (told.code, &told.json()["unchanged"]),
        (0, &serde_json::json!(10)),
        "{}",
        told.out
    );
    let listed = office.otmena(&["bookings", "list", "--json"]);
    assert_eq!(
        listed.json().as_array().map(Vec::len),
        Some(10),
        "{}",
        listed.out
    );
}

#[test]
fn a_cancelled_booking_tells_the_registry_the_outbox_and_the_journal() {
    let office = office_with_bookings();
    let before = office.otmena(&["bookings", "changes", "--json"]);
    let last: serde_json::Value = serde_json::from_str(before.out.lines().last().unwrap()).unwrap();
    let after = last["seq"].as_i64().unwrap().to_string();

    assert_eq!(office.otmena(&["bookings", "cancel", "104512"]).code, 0);
    let shown = office.otmena(&["bookings", "show", "104512", "--json"]);
    assert_eq!(shown.json()["state"], "cancelled", "{}", shown.out);
    assert_eq!(
        shown.json()["cancellation"]["channel"],
        "command",
        "{}",
        shown.out
    );

    let feed = office.otmena(&["bookings", "changes", "--after", &after, "--json"]);
    assert_eq!(feed.out.lines().count(), 1, "{}", feed.out);
    assert_eq!(feed.json()["kind"], "cancelled", "{}", feed.out);

    let outbox = office.otmena(&["outbox", "list", "--json"]);
    assert_eq!(outbox.json()[0]["kind"], "cancelled", "{}", outbox.out);
    assert!(
        !outbox.out.contains("pochta.example"),
        "a full address: {}",
        outbox.out
    );

    let story = office.otmena(&["journal", "show", "104512"]);
    assert_eq!(story.code, 0, "{}", story.err);
    for sentence in [
        "The booking came in by import",
        "The booking was cancelled",
        "Its slot became free",
    ] {
        assert!(story.out.contains(sentence), "{}", story.out);
    }
    let verified = office.otmena(&["journal", "verify", "--json"]);
    assert_eq!(
        (verified.code, &verified.json()["faults"]),
        (0, &serde_json::json!([])),
        "{}",
        verified.out
    );

    let again = office.otmena(&["bookings", "cancel", "104512", "30881"]);
    assert_eq!(again.code, 1, "{}", again.err);
    assert!(again.out.contains("104512: nothing done"), "{}", again.out);
    assert!(again.out.contains("30881: cancelled"), "{}", again.out);
    let outbox = office.otmena(&["outbox", "list", "--json"]);
    assert_eq!(
        outbox.json().as_array().map(Vec::len),
        Some(2),
        "{}",
        outbox.out
    );
}

#[test]
fn the_booking_letter_is_due_once_it_is_asked_for() {
    let office = office_with_bookings();
    assert_eq!(
        office
            .otmena(&["bookings", "letter", "104512", "30881"])
            .code,
        0
    );
    let outbox = office.otmena(&["outbox", "list", "--state", "due", "--json"]);
    let kinds: Vec<serde_json::Value> = outbox
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["kind"].clone())
        .collect();
    assert_eq!(kinds, ["booking", "booking"], "{}", outbox.out);
}

#[test]
fn what_does_not_exist_is_told_with_1() {
    let office = office_with_bookings();
    for arguments in [
        &["bookings", "show", "999"][..],
        &["bookings", "cancel", "999"],
        &["bookings", "letter", "999"],
        &["letters", "show", "999"],
        &["outbox", "retry", "999"],
        &["journal", "show", "999"],
        &["journal", "show", "--letter", "999"],
    ] {
        let told = office.otmena(arguments);
        assert_eq!(told.code, 1, "{arguments:?}\n{}\n{}", told.out, told.err);
    }
}

#[tokio::test]
async fn an_altered_journal_is_found_with_1() {
    let office = office_with_bookings();
    let url = format!("sqlite:{}", office.path("otmena.db").display());
    let mut database = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let triggers: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            .fetch_all(&mut database)
            .await
            .unwrap();
    for trigger in triggers {
        sqlx::raw_sql(AssertSqlSafe(format!("DROP TRIGGER {trigger}")))
            .execute(&mut database)
            .await
            .unwrap();
    }
    let altered = sqlx::query("UPDATE journal SET actor = 'nobody' WHERE chain = 'booking:3'")
        .execute(&mut database)
        .await
        .unwrap();
    assert_eq!(altered.rows_affected(), 1);
    database.close().await.unwrap();
    let told = office.otmena(&["journal", "verify", "--json"]);
    assert_eq!(told.code, 1, "{}", told.out);
    assert_eq!(
        told.json()["faults"][0]["chain"],
        "booking:3",
        "{}",
        told.out
    );
}

#[test]
fn without_tables_the_remedy_is_told() {
    let office = Office::new();
    office
        .otmena(&["bookings", "list"])
        .refuses(78, &["otmena migrate"]);
}

#[test]
fn check_goes_through_the_surroundings() {
    let office = office_with_bookings();
    let told = office.otmena(&["check", "--json"]);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    let findings = told.json();
    let checks: Vec<&str> = findings
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|f| f["check"].as_str())
        .collect();
    for check in [
        "settings",
        "policy",
        "sender",
        "templates",
        "database",
        "mailbox",
        "smtp",
        "dns",
    ] {
        assert!(checks.contains(&check), "{check} is not in {}", told.out);
    }
    std::fs::remove_dir_all(office.path("mail")).unwrap();
    let told = office.otmena(&["check"]);
    assert_eq!(told.code, 1, "{}", told.out);
    assert!(told.out.contains("FAIL"), "{}", told.out);
}

#[test]
fn a_filled_inbox_is_warned_of_before_the_first_start() {
    let office = office_with_bookings();
    let letter = "From: a@example.ru\r\nSubject: x\r\n\r\nx\r\n";
    office.write("mail/new/1767225600.1.host", letter);
    let told = office.otmena(&["check", "--json"]);
    assert!(
        told.out.contains("`mailbox.since` is not set"),
        "{}",
        told.out
    );
}
