//! What a database's error means for the program: wait, or call the operator.

use crate::failure::Failure;
use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;

/// What an error of the database asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// Locked, unreachable, restarting, out of room: it may pass.
    Passing(&'static str),
    /// The operator must act: what is wrong, and the remedy.
    Lasting(&'static str, &'static str),
}

const ADDRESS: &str = "check the host, port and file name in database.url";
const UNREACHABLE: &str = "the database of database.url cannot be reached: see that its server runs, \
                           and check host and port in database.url";
const LOCKED: &str = "the database of database.url is locked: another program holds it; wait until \
                      it is done, or end it";
const LOGIN: &str = "check user and password in database.url";
const RIGHTS: &str = "give the user of database.url the right to read and write, or check the \
                      owner of its file and folder";
const SCHEMA: &str = "run `otmena migrate` with this version of the program; if that does not \
                      help, database.url names a database of something else";
const DAMAGED: &str = "stop the program and restore the database of database.url from its backup";

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        match meaning(&error) {
            Meaning::Passing(what) => Self::try_again_because(what, error),
            Meaning::Lasting(what, remedy) => Self::stop_because(what, remedy, error),
        }
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every fault of a migration but one of the database itself is the schema's"
)]
/// Turns an error of the migrations into what is to be done about it.
pub fn of_migration(error: MigrateError) -> Failure {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        other => Failure::stop_because("the database could not be migrated", SCHEMA, other),
    }
}

/// A row that this program cannot have written.
pub fn damaged(table: &'static str, id: impl std::fmt::Display) -> Failure {
    Failure::stop(
        format!("the database holds a row that makes no sense: {table} {id}"),
        DAMAGED,
    )
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what sqlx reports beside these is trouble with the connection"
)]
fn meaning(error: &sqlx::Error) -> Meaning {
    match error {
        sqlx::Error::Database(error) => by_code(error.as_ref()),
        sqlx::Error::Configuration(_) | sqlx::Error::InvalidArgument(_) => {
            Meaning::Lasting("database.url cannot be used", ADDRESS)
        }
        sqlx::Error::Tls(_) => Meaning::Lasting(
            "the database server's TLS cannot be used",
            "check sslmode and sslrootcert in database.url",
        ),
        sqlx::Error::ColumnNotFound(_) | sqlx::Error::ColumnDecode { .. } => {
            Meaning::Lasting("the database has another shape than this program", SCHEMA)
        }
        _ => Meaning::Passing(UNREACHABLE),
    }
}

fn by_code(error: &(dyn DatabaseError + 'static)) -> Meaning {
    let code = error.code().unwrap_or_default();
    if error
        .try_downcast_ref::<sqlx::sqlite::SqliteError>()
        .is_some()
    {
        by_sqlite_code(code.parse().unwrap_or_default())
    } else {
        by_sqlstate(&code)
    }
}

/// Result codes of SQLite; the lowest octet is the primary one (sqlite.org/rescode.html).
fn by_sqlite_code(code: u32) -> Meaning {
    match code & 0xff {
        1 => Meaning::Lasting("the database has another shape than this program", SCHEMA),
        5 | 6 => Meaning::Passing(LOCKED),
        13 => Meaning::Passing("the disk of the database is full"),
        3 | 8 | 23 => Meaning::Lasting("the database may not be written", RIGHTS),
        11 => Meaning::Lasting("the database is damaged", DAMAGED),
        14 => Meaning::Lasting("the database file cannot be opened", ADDRESS),
        26 => Meaning::Lasting("the file is no SQLite database", ADDRESS),
        19 => Meaning::Passing("the database refused a row"),
        _ => Meaning::Passing("the database could not do it now"),
    }
}

/// SQLSTATE codes of PostgreSQL (its manual, appendix A).
fn by_sqlstate(code: &str) -> Meaning {
    match code {
        "3D000" => Meaning::Lasting(
            "the database that database.url names does not exist",
            "create it with `createdb`, or correct its name in database.url",
        ),
        "42501" => Meaning::Lasting("the database may not be written", RIGHTS),
        "55P03" => Meaning::Passing(LOCKED),
        "XX001" | "XX002" => Meaning::Lasting("the database is damaged", DAMAGED),
        _ if code.starts_with("28") => Meaning::Lasting("the database refused the login", LOGIN),
        _ if code.starts_with("42") || code.starts_with("3F") => {
            Meaning::Lasting("the database has another shape than this program", SCHEMA)
        }
        _ if code.starts_with("23") => Meaning::Passing("the database refused a row"),
        _ => Meaning::Passing("the database could not do it now"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_pass_and_logins_last() {
        assert!(matches!(by_sqlite_code(5), Meaning::Passing(_)));
        assert!(matches!(by_sqlite_code(517), Meaning::Passing(_)));
        assert!(matches!(by_sqlite_code(267), Meaning::Lasting(..)));
        assert!(matches!(by_sqlstate("28P01"), Meaning::Lasting(..)));
        assert!(matches!(by_sqlstate("40P01"), Meaning::Passing(_)));
    }

    #[test]
    fn every_lasting_fault_names_the_setting() {
        for code in ["3D000", "42501", "28P01", "42P01", "XX001"] {
            let Meaning::Lasting(_, remedy) = by_sqlstate(code) else {
                panic!("{code} passes by itself");
            };
            assert!(remedy.contains("database.url"), "{code}");
        }
    }
}
