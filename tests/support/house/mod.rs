//! A whole otmena in a test: a mailbox on a real Dovecot, smtp-sink, a database, a settings file, and
//! the real program as a child process. A test with it reads as a conversation.

mod answer;
mod appointment;
mod database;
mod letter;
mod program;
mod shared;
mod staff;
mod state;

pub use answer::Answer;
pub use appointment::{Appointment, Person, citizen, internal_date, now};
pub use database::Database;
pub use letter::{AUTHSERV_ID, CitizenLetter, date_now, letter_from};
pub use program::{Ended, Program};
pub use staff::How;
pub use state::word;

use super::dovecot::{Dovecot, DovecotOptions, PASSWORD};
use super::smtp::SmtpSink;
use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;
use toml::{Table, Value};

static HOUSES: AtomicU32 = AtomicU32::new(1);

enum Post {
    Shared(&'static Dovecot),
    Own(Box<Dovecot>),
}

/// A whole otmena.
pub struct House {
    folder: TempDir,
    office: String,
    post: Post,
    sink: SmtpSink,
    settings: Table,
    database: String,
    /// What all its programs have logged so far.
    log: RefCell<String>,
}

impl House {
    /// A house whose mailbox lies on the Dovecot that all houses share.
    pub fn open(database: Database) -> Self {
        Self::build(database, Post::Shared(shared::dovecot()))
    }

    /// A house with a Dovecot of its own, to do harm to.
    pub fn with_own_dovecot(database: Database, options: DovecotOptions) -> Self {
        Self::build(database, Post::Own(Box::new(Dovecot::start(options))))
    }

    fn build(database: Database, post: Post) -> Self {
        let number = HOUSES.fetch_add(1, Ordering::Relaxed);
        let folder = tempfile::Builder::new()
            .prefix("otmena-house")
            .tempdir()
            .unwrap();
        let url = database.fresh(folder.path());
        let mut house = Self {
            office: format!("priem{number}@clinic.example"),
            sink: SmtpSink::start(),
            settings: Table::new(),
            database: url,
            log: RefCell::new(String::new()),
            folder,
            post,
        };
        house.furnish();
        house.tells(&["migrate"]);
        house
    }

    fn furnish(&mut self) {
        let port = self.dovecot().imap_port();
        for (key, value) in [
            ("kind", "imap"),
            ("host", "127.0.0.1"),
            ("security", "none"),
            ("username", &self.office.clone()),
            ("password", PASSWORD),
            ("since", "1990-01-01T00:00:00Z"),
        ] {
            self.set("mailbox", key, value);
        }
        self.set("mailbox", "port", i64::from(port));
        self.set("database", "url", self.database.clone());
        let from = format!("Поликлиника № 3 <{}>", self.office);
        for (key, value) in [
            ("kind", "smtp"),
            ("host", "127.0.0.1"),
            ("security", "none"),
        ] {
            self.set("smtp", key, value);
        }
        self.set("smtp", "from", from);
        self.set("smtp", "port", i64::from(self.sink.port()));
        self.set("sender", "authserv_id", AUTHSERV_ID);
        self.set("sender", "dkim", false);
        self.set("sender", "plus_address", true);
        self.set("desk", "digest_at", "off");
        self.set(
            "sender",
            "token_secret",
            "a secret for tests, long enough for anything",
        );
    }

    /// Changes a setting.
    pub fn set(&mut self, section: &str, key: &str, value: impl Into<Value>) {
        let section = self
            .settings
            .entry(section)
            .or_insert_with(|| Value::Table(Table::new()));
        section
            .as_table_mut()
            .unwrap()
            .insert(key.to_owned(), value.into());
    }

    /// The office's own rules.
    pub fn has_policy(&mut self, text: &str) {
        let file = self.path("policy.toml");
        std::fs::write(&file, text).unwrap();
        self.set("policy", "file", file.to_str().unwrap());
    }

    /// Takes a setting out.
    pub fn unset(&mut self, section: &str, key: &str) {
        let section = self.settings.get_mut(section).unwrap();
        section.as_table_mut().unwrap().remove(key);
    }

    /// The office's address, which is the name of its mailbox.
    pub fn office(&self) -> &str {
        &self.office
    }

    /// Its mail server.
    pub fn dovecot(&self) -> &Dovecot {
        match &self.post {
            Post::Shared(dovecot) => dovecot,
            Post::Own(dovecot) => dovecot,
        }
    }

    /// Its own mail server, to do harm to.
    pub fn own_dovecot(&mut self) -> &mut Dovecot {
        match &mut self.post {
            Post::Own(dovecot) => dovecot,
            Post::Shared(_) => panic!("the shared Dovecot serves other tests too"),
        }
    }

    /// The server that takes its answers.
    pub fn sink(&mut self) -> &mut SmtpSink {
        &mut self.sink
    }

    /// Where it keeps files.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Bookings come in by `otmena bookings import`.
    pub fn imports(&self, appointments: &[&Appointment]) {
        let lines: Vec<String> = appointments.iter().map(|one| one.csv()).collect();
        let file = self.path("bookings.csv");
        let text = format!("{}\n{}\n", appointment::CSV_HEADER, lines.join("\n"));
        std::fs::write(&file, text).unwrap();
        self.tells(&["bookings", "import", file.to_str().unwrap()]);
    }

    /// A letter is delivered by LMTP; the server receives it now.
    pub fn citizen_writes(&self, letter: &CitizenLetter) {
        self.arrives(&letter.bytes(&self.office));
    }

    /// Bytes are delivered by LMTP.
    pub fn arrives(&self, bytes: &[u8]) {
        self.dovecot().deliver_lmtp(&self.office, bytes);
    }

    /// A letter is delivered by LMTP to a plus-address of the office.
    pub fn citizen_writes_to(&self, plus_address: &str, letter: &CitizenLetter) {
        let letter = letter.clone().to(plus_address);
        self.dovecot()
            .deliver_lmtp(plus_address, &letter.bytes(&self.office));
    }

    /// A letter that the server received so many hours ago lies in the inbox.
    pub fn citizen_wrote(&self, hours_ago: i64, letter: &CitizenLetter) {
        let bytes = letter.bytes(&self.office);
        self.dovecot().append(
            &self.office,
            "INBOX",
            &bytes,
            Some(&internal_date(hours_ago)),
        );
    }

    /// `otmena run --once` ends with 0.
    pub fn runs_once(&self) -> Ended {
        self.runs_once_until(0)
    }

    /// `otmena run --once` ends with `code`.
    pub fn runs_once_until(&self, code: i32) -> Ended {
        let ended = self.note(self.start(&["run", "--once"], &[]).wait());
        assert_eq!(ended.code, code, "{}", ended.log);
        ended
    }

    /// The daemon runs and serves its mailbox.
    pub fn serves(&self) -> Program {
        let mut daemon = self.start(&["run"], &[]);
        daemon.wait_for_log("serving the mailbox");
        daemon
    }

    /// The daemon is asked to stop and ends with 0.
    pub fn stops(&self, daemon: Program) {
        let ended = self.note(daemon.terminate());
        assert_eq!(ended.code, 0, "{}", ended.log);
    }

    /// Runs a command of the program; it must end with 0.
    pub fn tells(&self, arguments: &[&str]) -> String {
        let ended = self.answers_with(arguments);
        assert_eq!(ended.code, 0, "{arguments:?}: {} {}", ended.out, ended.log);
        ended.out
    }

    /// Runs a command of the program.
    pub fn answers_with(&self, arguments: &[&str]) -> Ended {
        self.note(self.start(arguments, &[]).wait())
    }

    /// Starts the program with these arguments and variables of the environment.
    pub fn start(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Program {
        let settings = self.path("otmena.toml");
        // In one step: another program of the house may be reading it.
        let fresh = self.path("otmena.toml.new");
        std::fs::write(&fresh, toml::to_string(&self.settings).unwrap()).unwrap();
        std::fs::rename(&fresh, &settings).unwrap();
        Program::start(self.folder.path(), arguments, &settings, variables)
    }

    /// Keeps what a program logged.
    pub fn note(&self, ended: Ended) -> Ended {
        self.log.borrow_mut().push_str(&ended.log);
        ended
    }

    /// What all its programs have logged so far.
    pub fn log(&self) -> String {
        self.log.borrow().clone()
    }

    /// Time passes for what waits in the database: leases and pauses between two tries.
    pub fn time_passes(&self, minutes: i64) {
        let micros = minutes * 60_000_000;
        let sql = format!(
            "UPDATE outbox SET due_at = due_at - {micros}, leased_until = leased_until - {micros}; \
             UPDATE filings SET due_at = due_at - {micros}, \
             leased_until = leased_until - {micros}; \
             UPDATE dns_waits SET since = since - {micros}, due_at = due_at - {micros};"
        );
        database::execute(&self.database, &sql);
    }
}
