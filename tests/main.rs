//! All tests that need more than one module, in the order of a letter's way: one binary.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

/// Takes each journey on SQLite and on PostgreSQL.
macro_rules! on_both {
    ($($journey:ident),+ $(,)?) => {
        $(mod $journey {
            use crate::support::house::Database;

            #[test]
            fn on_sqlite() {
                super::$journey(Database::Sqlite);
            }

            #[test]
            fn on_postgres() {
                super::$journey(Database::Postgres);
            }
        })+
    };
}

mod support;

mod reading;
mod intake;
mod ledger;
mod letters;
mod commands;
mod journey;
mod verify;
mod house_rules;
