//! Databases that are locked, newer, missing or somebody else's.

use super::subject::{NOW, Subject, sighting};
use crate::support::postgres::{GUARDED_USER, PASSWORD, Postgres};
use otmena::config::BudgetSettings;
use otmena::failure::Failure;
use otmena::record;
use sqlx::Connection;

contract! {
    a_migrated_database_is_left_alone_by_a_second_migration
    a_database_newer_than_the_program_is_refused
    a_damaged_row_stops_the_program
}

async fn a_migrated_database_is_left_alone_by_a_second_migration(subject: Subject) {
    subject.import(&["A-1"]).await;
    let report = record::migrate(&subject.url).await.unwrap();
    assert!(report.applied.is_empty());
    assert!(report.version >= 1);
    assert!(subject.booking("A-1").await.is_open());
}

async fn a_database_newer_than_the_program_is_refused(subject: Subject) {
    let sql = "UPDATE _sqlx_migrations SET version = 9999 \
               WHERE version = (SELECT max(version) FROM _sqlx_migrations)";
    assert!(subject.tamper(sql).await >= 1);
    for failure in [
        record::open(&subject.url, BudgetSettings::default())
            .await
            .err(),
        record::migrate(&subject.url).await.err(),
    ] {
        assert_stops(failure.unwrap(), "newer than this program");
    }
}

async fn a_damaged_row_stops_the_program(subject: Subject) {
    subject.import(&["A-1"]).await;
    subject
        .tamper("UPDATE bookings SET zone = 'Moon/Tycho'")
        .await;
    assert_stops(subject.ledger.booking("A-1").await.unwrap_err(), "bookings");
}

/// The failure is a stop that speaks of `about`, and its remedy names the setting.
fn assert_stops(failure: Failure, about: &str) {
    let Failure::Stop { what, remedy, .. } = &failure else {
        panic!("{} passes by itself", failure.chain());
    };
    assert!(what.contains(about), "{what}");
    let text = failure.to_string();
    assert!(text.contains("database.url"), "{text}");
    assert!(!remedy.is_empty());
}

async fn refusal(url: &str) -> Failure {
    let opened = record::open(url, BudgetSettings::default()).await;
    opened.err().expect("the database is refused")
}

#[tokio::test]
async fn a_database_without_schema_asks_for_otmena_migrate() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger.db");
    let url = format!("sqlite:{}", file.display());
    assert!(refusal(&url).await.to_string().contains("otmena migrate"));
    assert!(!file.exists(), "opening creates nothing");
    let url = Postgres::shared().await.unwrap().fresh_database().await;
    assert!(refusal(&url).await.to_string().contains("otmena migrate"));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger.db");
    std::fs::write(&file, "something else\n".repeat(500)).unwrap();
    let url = format!("sqlite:{}", file.display());
    assert_stops(refusal(&url).await, "no SQLite database");
    let failure = record::migrate(&url).await.unwrap_err();
    assert_stops(failure, "no SQLite database");
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_database_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger.db");
    record::migrate(&format!("sqlite:{}", file.display()))
        .await
        .unwrap();
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_wrong_password_stops_and_an_absent_server_may_come_back() {
    let url = Postgres::shared().await.unwrap().fresh_database().await;
    let with = |password: &str| url.replace("otmena@", &format!("{GUARDED_USER}:{password}@"));
    let allowed = refusal(&with(PASSWORD)).await;
    assert!(allowed.to_string().contains("otmena migrate"), "{allowed}");
    let wrong = with("mistyped");
    let failure = refusal(&wrong).await;
    assert!(
        !failure.chain().contains("mistyped"),
        "no password in texts"
    );
    assert_stops(failure, "login");
    let missing = url.replace("/test_", "/absent_");
    assert_stops(refusal(&missing).await, "does not exist");
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = closed.local_addr().unwrap().port();
    drop(closed);
    let failure = refusal(&format!("postgres://nobody@127.0.0.1:{port}/x")).await;
    assert!(failure.is_passing(), "{}", failure.chain());
}

#[tokio::test]
async fn a_locked_sqlite_database_is_tried_again() {
    let subject = Subject::on_sqlite().await;
    let mut other = sqlx::SqliteConnection::connect(&subject.url).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut other)
        .await
        .unwrap();
    let failure = subject
        .ledger
        .take_in(&[sighting(1)], NOW)
        .await
        .unwrap_err();
    assert!(failure.is_passing(), "{}", failure.chain());
    assert!(failure.to_string().contains("locked"), "{failure}");
    assert!(subject.ledger.counts().await.is_ok(), "reading goes on");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    subject.take_in(&sighting(1)).await;
}

#[tokio::test]
async fn a_locked_postgres_row_is_tried_again() {
    let subject = Subject::on_postgres().await;
    let taken = subject.take_in(&sighting(1)).await;
    assert_eq!(taken.attempts, 1);
    let mut other = sqlx::PgConnection::connect(&subject.url).await.unwrap();
    let mut transaction = other.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM letters FOR UPDATE")
        .execute(&mut *transaction)
        .await
        .unwrap();
    let failure = subject
        .ledger
        .take_in(&[sighting(1)], NOW)
        .await
        .unwrap_err();
    assert!(failure.is_passing(), "{}", failure.chain());
    transaction.rollback().await.unwrap();
    assert_eq!(subject.take_in(&sighting(1)).await.attempts, 2);
}

#[tokio::test]
async fn a_ledger_finds_its_server_again_after_all_connections_were_cut() {
    let subject = Subject::on_postgres().await;
    subject.take_in(&sighting(1)).await;
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    assert!(subject.tamper(sql).await >= 1);
    let mut tries = 0;
    let taken = loop {
        match subject.ledger.take_in(&[sighting(2)], NOW).await {
            Ok(taken) => break taken,
            Err(failure) => assert!(failure.is_passing(), "{}", failure.chain()),
        }
        tries += 1;
        assert!(tries < 20, "it does not come back");
    };
    assert_eq!(taken.len(), 1);
}
