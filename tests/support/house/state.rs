//! What became of things in a house: seen by its commands, in its mailbox, and in its tables.

use super::{Answer, House, database};
use crate::support::dovecot::Found;
use serde_json::Value;

/// A letter in a folder.
#[derive(Debug, Clone)]
pub struct FiledLetter {
    /// Its Message-ID without brackets; empty without one.
    pub message_id: String,
    /// Flags and keywords.
    pub keywords: Vec<String>,
    /// All its bytes.
    pub bytes: Vec<u8>,
}

/// An entry of the change feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Number of the change.
    pub seq: i64,
    /// Number of the booking.
    pub number: String,
    /// What happened.
    pub kind: String,
    /// The booking's state afterwards.
    pub state: String,
}

/// The text at a JSON pointer; empty where there is none.
pub fn word(document: &Value, pointer: &str) -> String {
    let found = document.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_default().to_owned()
}

impl FiledLetter {
    fn of(found: Found) -> Self {
        let message = mail_parser::MessageParser::default().parse_headers(&found.bytes);
        Self {
            message_id: message
                .as_ref()
                .and_then(|message| message.message_id())
                .unwrap_or_default()
                .to_owned(),
            keywords: found.keywords,
            bytes: found.bytes,
        }
    }

    /// The decoded text.
    pub fn text(&self) -> String {
        let message = mail_parser::MessageParser::default()
            .parse(&self.bytes)
            .unwrap();
        message.body_text(0).unwrap_or_default().into_owned()
    }

    /// A header as it stands there.
    pub fn header(&self, name: &str) -> String {
        let message = mail_parser::MessageParser::default()
            .parse_headers(&self.bytes)
            .unwrap();
        message
            .header_raw(name)
            .unwrap_or_default()
            .trim()
            .to_owned()
    }
}

impl House {
    /// The letters of ours that were delivered, in order.
    pub fn answers(&self) -> Vec<Answer> {
        self.sink.letters().iter().map(Answer::read).collect()
    }

    /// The one letter of ours.
    pub fn only_answer(&self) -> Answer {
        let answers = self.answers();
        assert_eq!(answers.len(), 1, "{answers:#?}");
        answers.into_iter().next().unwrap()
    }

    /// The kinds of our letters, in order.
    pub fn answer_kinds(&self) -> Vec<&'static str> {
        self.answers().iter().map(Answer::kind).collect()
    }

    /// The letters in a folder.
    pub fn folder(&self, name: &str) -> Vec<FiledLetter> {
        let found = self.dovecot().letters_in(&self.office, name);
        found.into_iter().map(FiledLetter::of).collect()
    }

    /// How many letters lie in the inbox, in «Обработано», below it, and in «Разбор» (with notes).
    pub fn counts(&self) -> [usize; 4] {
        ["INBOX", "Обработано", "Обработано/Автоматические", "Разбор"]
            .map(|name| self.folder(name).len())
    }

    /// A booking as `otmena bookings show --json` tells it.
    pub fn booking(&self, number: &str) -> Value {
        serde_json::from_str(&self.tells(&["bookings", "show", number, "--json"])).unwrap()
    }

    /// The state of a booking.
    pub fn booking_state(&self, number: &str) -> String {
        word(&self.booking(number), "/state")
    }

    /// How many slots are free.
    pub fn free_slots(&self) -> i64 {
        let sql = "SELECT 'free', COUNT(*) FROM slots WHERE state = 'free'";
        self.rows(sql).first().unwrap().1
    }

    /// The whole change feed; numbered from 1 without gaps.
    pub fn feed(&self) -> Vec<Feed> {
        let text = self.tells(&["bookings", "changes", "--json"]);
        let feed: Vec<Feed> = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .map(|change| Feed {
                seq: change.pointer("/seq").unwrap().as_i64().unwrap(),
                number: word(&change, "/number"),
                kind: word(&change, "/kind"),
                state: word(&change, "/state"),
            })
            .collect();
        assert!(
            feed.iter()
                .map(|change| change.seq)
                .eq(1..=i64::try_from(feed.len()).unwrap()),
            "the feed has gaps: {feed:?}"
        );
        feed
    }

    /// How often the feed tells that this booking was cancelled.
    pub fn cancellations_told(&self, number: &str) -> usize {
        let told = |change: &&Feed| change.number == number && change.kind == "cancelled";
        self.feed().iter().filter(told).count()
    }

    /// Letters as `otmena letters list --json` tells them, newest first.
    pub fn letters(&self) -> Vec<Value> {
        let text = self.tells(&["letters", "list", "--limit", "1000", "--json"]);
        serde_json::from_str(&text).unwrap()
    }

    /// Decision and reason of the newest letter.
    pub fn last_decision(&self) -> (String, Option<String>) {
        let letters = self.letters();
        let newest = letters.first().unwrap();
        (
            word(newest, "/decision"),
            Some(word(newest, "/reason")).filter(|reason| !reason.is_empty()),
        )
    }

    /// Rows of the outbox as `otmena outbox list --json` tells them, newest first.
    pub fn outbox(&self) -> Vec<Value> {
        let text = self.tells(&["outbox", "list", "--limit", "1000", "--json"]);
        serde_json::from_str(&text).unwrap()
    }

    /// Kinds of the journal's entries about a booking, in order.
    pub fn journal(&self, number: &str) -> Vec<String> {
        let text = self.tells(&["journal", "show", number, "--json"]);
        let entries: Vec<Value> = serde_json::from_str(&text).unwrap();
        entries.iter().map(|entry| word(entry, "/kind")).collect()
    }

    /// `otmena journal verify` finds nothing.
    pub fn journal_verifies(&self) {
        self.tells(&["journal", "verify"]);
    }

    /// The number that this query gives.
    pub fn number(&self, query: &str) -> i64 {
        let rows = self.rows(&format!("SELECT 'number', ({query})"));
        rows.first().unwrap().1
    }

    /// Rows of a text and a number, straight from the tables.
    pub fn rows(&self, sql: &str) -> Vec<(String, i64)> {
        database::rows(&self.database, sql)
    }

    /// Changes the tables behind the program's back.
    pub fn tampers(&self, sql: &str) {
        database::execute(&self.database, sql);
    }

    /// Holds a lock on the database while `meanwhile` runs.
    pub fn while_database_locked<T>(&self, meanwhile: impl FnOnce() -> T) -> T {
        database::while_locked(&self.database, meanwhile)
    }

    /// The note beside the dead letter with this Message-ID.
    pub fn note_beside(&self, message_id: &str) -> FiledLetter {
        let quoted = format!("<{message_id}>");
        let mut notes: Vec<FiledLetter> = self
            .folder("Разбор")
            .into_iter()
            .filter(|letter| letter.header("In-Reply-To") == quoted)
            .collect();
        assert_eq!(notes.len(), 1, "one note beside {message_id}");
        notes.remove(0)
    }
}
