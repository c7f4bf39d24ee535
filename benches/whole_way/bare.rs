//! The same mail over the same protocols with no thinking: the floor that no program can pass.
//!
//! One connection fetches letters in sets and moves them in sets, four connections submit a message
//! for each letter. Nothing is read, decided, recorded or made.

use crate::program::CONNECTIONS;
use crate::stopwatch;
use crate::support::dovecot::PASSWORD;
use data_encoding::BASE64;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Letters in one FETCH and one MOVE.
const SET: usize = 100;

/// What is carried where.
pub struct Errand<'a> {
    pub imap_port: u16,
    pub smtp_port: u16,
    pub user: &'a str,
    pub letters: usize,
    /// The message that is submitted for each letter, with CRLF and doubled dots.
    pub answer: &'a [u8],
    /// The folder that letters are moved to.
    pub folder: &'a str,
}

/// Carries all letters, from the first connection to the last answer.
pub fn carry(errand: &Errand<'_>) -> Duration {
    let begun = stopwatch::now();
    let payload = [errand.answer, b"\r\n.\r\n"].concat();
    let (give, take) = channel::<usize>();
    let take = Arc::new(Mutex::new(take));
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| submit(errand.smtp_port, &payload, &take));
        }
        let mut imap = BareImap::login(errand.imap_port, errand.user);
        let name = utf7_imap::encode_utf7_imap(errand.folder.to_owned());
        imap.command(&format!("CREATE \"{name}\""));
        imap.command("SELECT INBOX");
        for first in (1..=errand.letters).step_by(SET) {
            let last = (first + SET - 1).min(errand.letters);
            let octets = imap.command(&format!(
                "UID FETCH {first}:{last} (UID INTERNALDATE RFC822.SIZE BODY.PEEK[])"
            ));
            assert!(
                octets > (last - first) * 1_000,
                "letters {first} to {last} are missing"
            );
            for letter in first..=last {
                give.send(letter).unwrap();
            }
            imap.command(&format!("UID MOVE {first}:{last} \"{name}\""));
        }
        drop(give);
    });
    begun.elapsed()
}

/// A client that understands next to nothing.
pub struct BareImap {
    reader: BufReader<TcpStream>,
    tag: usize,
    scratch: Vec<u8>,
}

impl BareImap {
    pub fn login(port: u16, user: &str) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_nodelay(true).unwrap();
        let reader = BufReader::with_capacity(256 * 1024, stream);
        let mut imap = Self {
            reader,
            tag: 0,
            scratch: Vec::new(),
        };
        imap.line();
        let plain = BASE64.encode(format!("\0{user}\0{PASSWORD}").as_bytes());
        imap.command(&format!("AUTHENTICATE PLAIN {plain}"));
        imap
    }

    fn line(&mut self) {
        self.scratch.clear();
        let read = self.reader.read_until(b'\n', &mut self.scratch).unwrap();
        assert!(read > 0, "the IMAP server closed the connection");
    }

    /// Runs a command to its OK and gives the octets of all literals.
    pub fn command(&mut self, command: &str) -> usize {
        let tag = self.send(command);
        self.finish(&tag)
    }

    /// Waits from now on for what the server tells on its own (RFC 2177).
    pub fn begin_idle(&mut self) {
        self.send("IDLE");
        self.await_word("+");
    }

    /// Reads lines up to one that holds `word`.
    pub fn await_word(&mut self, word: &str) {
        loop {
            self.line();
            if String::from_utf8_lossy(&self.scratch).contains(word) {
                return;
            }
        }
    }

    pub fn end_idle(&mut self) {
        self.reader.get_mut().write_all(b"DONE\r\n").unwrap();
        self.finish(&format!("b{} ", self.tag));
    }

    fn send(&mut self, command: &str) -> String {
        self.tag += 1;
        let tag = format!("b{} ", self.tag);
        self.reader
            .get_mut()
            .write_all(format!("{tag}{command}\r\n").as_bytes())
            .unwrap();
        tag
    }

    fn finish(&mut self, tag: &str) -> usize {
        let mut octets = 0;
        loop {
            self.line();
            if self.scratch.starts_with(tag.as_bytes()) {
                let line = String::from_utf8_lossy(&self.scratch);
                assert!(line.contains(" OK "), "IMAP: {line}");
                return octets;
            }
            if let Some(size) = literal(&self.scratch) {
                let mut body = vec![0; size];
                self.reader.read_exact(&mut body).unwrap();
                octets += size;
            }
        }
    }
}

/// The size in `… {123}` at the end of a line.
fn literal(line: &[u8]) -> Option<usize> {
    let line = line.strip_suffix(b"}\r\n")?;
    let start = line.iter().rposition(|octet| *octet == b'{')?;
    std::str::from_utf8(line.get(start + 1..)?)
        .ok()?
        .parse()
        .ok()
}

fn submit(port: u16, payload: &[u8], take: &Mutex<Receiver<usize>>) {
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    let mut line = String::new();
    let mut expect = |code: &str| loop {
        line.clear();
        reader.read_line(&mut line).unwrap();
        assert!(line.starts_with(code), "SMTP: {line}");
        if line.as_bytes().get(3) != Some(&b'-') {
            return;
        }
    };
    expect("220");
    writer.write_all(b"EHLO bench\r\n").unwrap();
    expect("250");
    loop {
        // The guard must not live through the conversation.
        let next = take.lock().unwrap().recv();
        let Ok(letter) = next else { break };
        writer
            .write_all(b"MAIL FROM:<cancel@example.com>\r\n")
            .unwrap();
        expect("250");
        writer
            .write_all(format!("RCPT TO:<citizen{letter}@example.org>\r\n").as_bytes())
            .unwrap();
        expect("250");
        writer.write_all(b"DATA\r\n").unwrap();
        expect("354");
        writer.write_all(payload).unwrap();
        expect("250");
    }
    writer.write_all(b"QUIT\r\n").unwrap();
    expect("221");
}
