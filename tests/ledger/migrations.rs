//! Migrations carry filled databases along, and both databases keep the same tables.

use super::subject::{NOW, Subject, cancelling};
use crate::support::postgres::Postgres;
use otmena::config::BudgetSettings;
use otmena::decide::Decision;
use otmena::domain::LetterState;
use otmena::record::{self, LetterFilter};
use sqlx::migrate::Migrator;
use sqlx::{Connection, Executor};
use std::path::{Path, PathBuf};

fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(!names.is_empty(), "{}", folder.display());
    names
}

fn text(path: &str) -> String {
    std::fs::read_to_string(project().join(path)).unwrap()
}

/// Every version of the schema with its rows, from the first on.
macro_rules! fill {
    ($connection:expr, $kind:literal) => {
        let migrations = project().join("migrations").join($kind);
        let migrator = Migrator::new(migrations.as_path()).await.unwrap();
        let rows = project().join("tests/ledger/rows").join($kind);
        for name in files(&rows) {
            let version: i64 = name.split('_').next().unwrap().parse().unwrap();
            migrator.run_to(version, &mut $connection).await.unwrap();
            let sql = std::fs::read_to_string(rows.join(&name)).unwrap();
            $connection
                .execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql)))
                .await
                .unwrap();
        }
        $connection.close().await.unwrap();
    };
}

#[tokio::test]
async fn a_filled_sqlite_database_is_carried_along() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}?mode=rwc", folder.path().join("old.db").display());
    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
    fill!(connection, "sqlite");
    stands(Subject::reopened(url, Some(folder)).await).await;
}

#[tokio::test]
async fn a_filled_postgres_database_is_carried_along() {
    let url = Postgres::shared().await.unwrap().fresh_database().await;
    let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
    fill!(connection, "postgres");
    stands(Subject::reopened(url, None).await).await;
}

/// All rows are there and mean the same, and the daemon goes on with them.
async fn stands(subject: Subject) {
    let ledger = &subject.ledger;
    let counts = ledger.counts().await.unwrap();
    assert_eq!((counts.bookings, counts.letters, counts.held), (2, 4, 1));
    assert_eq!((counts.outbox_due, counts.filings_due), (1, 2));
    assert_eq!(subject.booking("A-1").await.state.code(), "cancelled");
    assert!(subject.booking("A-2").await.is_open());
    let filter = LetterFilter {
        limit: 10,
        ..LetterFilter::default()
    };
    let letters = ledger.letters(&filter).await.unwrap();
    let states: Vec<LetterState> = letters.iter().map(|l| l.state).collect();
    let expected = [
        LetterState::TakenIn,
        LetterState::Decided,
        LetterState::Held,
        LetterState::Filed,
    ];
    assert_eq!(states, expected);
    assert_eq!(ledger.outbox(None, 10).await.unwrap().len(), 2);
    assert_eq!(ledger.changes(0, 10).await.unwrap().len(), 3);
    let (checked, faults) = ledger.verify_journal().await.unwrap();
    assert!(checked > 0 && faults.is_empty());

    let again = subject.letter(1, "A-1").await;
    let outcomes = ledger.decide(&[again], &cancelling, NOW).await.unwrap();
    assert!(
        outcomes.is_empty(),
        "a letter that was decided is known again"
    );
    let waiting = subject.letter(4, "A-2").await;
    let recorded = subject.decide(&[waiting], &cancelling).await;
    assert_eq!(recorded[0].judgement.decision, Decision::Cancelled);
    assert_eq!(ledger.changes(3, 10).await.unwrap()[0].seq, 4);
}

#[test]
fn every_migration_is_written_for_both_databases_and_brings_rows() {
    let sqlite = files(&project().join("migrations/sqlite"));
    assert_eq!(sqlite, files(&project().join("migrations/postgres")));
    for kind in ["sqlite", "postgres"] {
        assert_eq!(
            sqlite,
            files(&project().join("tests/ledger/rows").join(kind))
        );
    }
}

/// Cargo does not see a new file in the folder that `sqlx::migrate!` reads.
#[tokio::test]
async fn the_program_holds_every_migration_of_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite:{}", folder.path().join("new.db").display());
    let server = Postgres::shared().await.unwrap().fresh_database().await;
    for url in [file, server] {
        let report = record::migrate(&url).await.unwrap();
        let expected = files(&project().join("migrations/sqlite")).len();
        let advice = "touch src/record/sqlite/mod.rs and src/record/postgres/mod.rs";
        assert_eq!(report.applied.len(), expected, "{advice}");
        assert_eq!(report.applied.last(), Some(&report.version));
    }
}

/// The name of each column within CREATE TABLE, and whether a comment stands beside it.
fn columns(sql: &str) -> Vec<(String, bool)> {
    let mut inside = false;
    let mut columns = Vec::new();
    for line in sql.lines() {
        let line = line.trim();
        if line.starts_with("CREATE TABLE") {
            inside = true;
        } else if line.starts_with(')') {
            inside = false;
        } else if inside && line.starts_with(|c: char| c.is_ascii_lowercase()) {
            let name = line.split_whitespace().next().unwrap().to_owned();
            columns.push((name, line.contains(" -- ")));
        }
    }
    columns
}

#[test]
fn both_databases_have_the_same_columns_and_each_has_a_comment() {
    for name in files(&project().join("migrations/sqlite")) {
        let sqlite = columns(&text(&format!("migrations/sqlite/{name}")));
        let postgres = columns(&text(&format!("migrations/postgres/{name}")));
        assert_eq!(sqlite, postgres, "{name}");
        for (column, commented) in sqlite {
            assert!(commented, "{name}: {column} has no comment");
        }
    }
}

#[test]
fn every_sqlite_table_is_strict() {
    for name in files(&project().join("migrations/sqlite")) {
        let sql = text(&format!("migrations/sqlite/{name}"));
        let tables = sql.matches("CREATE TABLE").count();
        assert_eq!(sql.matches(") STRICT;").count(), tables, "{name}");
    }
}

#[tokio::test]
async fn two_programs_that_migrate_at_once_both_succeed() {
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite:{}", folder.path().join("new.db").display());
    let server = Postgres::shared().await.unwrap().fresh_database().await;
    for url in [file, server] {
        let (a, b) = tokio::join!(record::migrate(&url), record::migrate(&url));
        a.unwrap();
        b.unwrap();
        record::open(&url, BudgetSettings::default()).await.unwrap();
    }
}
