//! Finds the database that `database.url` names, and judges the shape it is in.

use super::{Ledger, postgres, sqlite};
use crate::config::Limits;
use crate::failure::Failure;
use std::sync::Arc;

/// What `otmena migrate` did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MigrationReport {
    /// Versions that were applied now, in order; empty when the schema was up to date.
    pub applied: Vec<i64>,
    /// The version that the schema has now.
    pub version: i64,
}

/// Opens the ledger. Runs no migration: a schema that is behind or ahead of the program is
/// refused, with the remedy.
///
/// # Errors
/// [`Failure::Stop`] when `database.url` or the database must be mended by the operator,
/// [`Failure::TryAgain`] when the database cannot be reached or is locked.
pub async fn open(url: &str, limits: impl Into<Limits>) -> Result<Arc<dyn Ledger>, Failure> {
    let limits = limits.into();
    Ok(match kind(url)? {
        Kind::Sqlite => Arc::new(sqlite::open(url, limits).await?),
        Kind::Postgres => Arc::new(postgres::open(url, limits).await?),
    })
}

/// Brings the schema to this program's version; creates the file of a new SQLite database. Done
/// again it changes nothing.
///
/// # Errors
/// As [`open`]; a database of a later version of the program is refused.
pub async fn migrate(url: &str) -> Result<MigrationReport, Failure> {
    match kind(url)? {
        Kind::Sqlite => sqlite::migrate(url).await,
        Kind::Postgres => postgres::migrate(url).await,
    }
}

/// As [`migrate`] for a database that was prepared before; one that never was is refused, because
/// `database.url` may be mistyped.
///
/// # Errors
/// As [`migrate`]; [`Failure::Stop`] for a database that was never migrated.
pub async fn update(url: &str) -> Result<MigrationReport, Failure> {
    match kind(url)? {
        Kind::Sqlite => sqlite::update(url).await,
        Kind::Postgres => postgres::update(url).await,
    }
}

enum Kind {
    Sqlite,
    Postgres,
}

fn kind(url: &str) -> Result<Kind, Failure> {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") if !url.contains(":memory:") && !url.contains("mode=memory") => {
            Ok(Kind::Sqlite)
        }
        Some("postgres" | "postgresql") => Ok(Kind::Postgres),
        _ => Err(Failure::stop(
            "database.url names no database that otmena knows",
            "write `sqlite:FILE` or `postgres://user@host/db` into database.url",
        )),
    }
}

/// How the schema of a database stands to this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaAge {
    /// As this program knows it.
    Current,
    /// No migration was ever applied.
    Never,
    /// Migrations are missing.
    Behind,
    /// A later version of the program was here: it has this migration.
    Ahead(i64),
}

/// Compares the migrations that were applied with those that the program knows.
pub fn schema_age(known: &[i64], applied: &[i64]) -> SchemaAge {
    if let Some(version) = applied.iter().find(|version| !known.contains(version)) {
        SchemaAge::Ahead(*version)
    } else if known.iter().all(|version| applied.contains(version)) {
        SchemaAge::Current
    } else if applied.is_empty() {
        SchemaAge::Never
    } else {
        SchemaAge::Behind
    }
}

/// The failure that a schema which does not fit is.
pub fn schema_fault(age: SchemaAge) -> Result<(), Failure> {
    match age {
        SchemaAge::Current => Ok(()),
        SchemaAge::Never => Err(Failure::stop(
            "the database of database.url was never prepared for otmena",
            "run `otmena migrate`, or correct database.url",
        )),
        SchemaAge::Behind => Err(Failure::stop(
            "the database of database.url is not prepared for this version",
            "run `otmena migrate`",
        )),
        SchemaAge::Ahead(version) => Err(Failure::stop(
            format!("the database of database.url is newer than this program (version {version})"),
            "use the newer program, or let database.url name another database",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_migration_means_a_newer_program_even_when_others_are_missing() {
        assert_eq!(schema_age(&[1, 2], &[1, 2]), SchemaAge::Current);
        assert_eq!(schema_age(&[1, 2], &[1]), SchemaAge::Behind);
        assert_eq!(schema_age(&[1, 2], &[]), SchemaAge::Never);
        assert_eq!(schema_age(&[1, 2], &[1, 3]), SchemaAge::Ahead(3));
    }

    #[test]
    fn an_unknown_url_is_refused_by_the_name_of_its_setting() {
        for url in ["", "otmena.db", "mysql://localhost/x", "sqlite::memory:"] {
            let Err(failure) = kind(url) else {
                panic!("{url} was accepted");
            };
            assert!(failure.to_string().contains("database.url"));
        }
    }
}
