//! A small IMAP client for looking into mailboxes; independent of the code under test.

use super::dovecot::Found;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// The answer to a command.
#[derive(Debug)]
pub struct Answer {
    /// Whether the tagged line says OK.
    pub ok: bool,
    /// All lines; literals stand in `literals` instead.
    pub lines: Vec<String>,
    /// The literals, in order.
    pub literals: Vec<Vec<u8>>,
}

/// A logged-in connection.
#[derive(Debug)]
pub struct ImapClient {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
    tag: u32,
}

impl ImapClient {
    /// Logs in without TLS.
    pub fn login(port: u16, user: &str, password: &str) -> Self {
        let writer = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let mut client = Self {
            reader: BufReader::new(writer.try_clone().unwrap()),
            writer,
            tag: 0,
        };
        client.line();
        let plain = data_encoding::BASE64.encode(format!("\0{user}\0{password}").as_bytes());
        let answer = client.command(&format!("AUTHENTICATE PLAIN {plain}"));
        assert!(answer.ok, "login: {:?}", answer.lines);
        client
    }

    fn line(&mut self) -> String {
        let mut bytes = Vec::new();
        self.reader.read_until(b'\n', &mut bytes).unwrap();
        assert!(!bytes.is_empty(), "the server closed the connection");
        String::from_utf8_lossy(&bytes).trim_end().to_owned()
    }

    /// Runs a command.
    pub fn command(&mut self, command: &str) -> Answer {
        self.tag += 1;
        let tag = format!("t{}", self.tag);
        self.writer
            .write_all(format!("{tag} {command}\r\n").as_bytes())
            .unwrap();
        self.answer(&tag)
    }

    fn answer(&mut self, tag: &str) -> Answer {
        let mut answer = Answer {
            ok: false,
            lines: Vec::new(),
            literals: Vec::new(),
        };
        loop {
            let line = self.line();
            if let Some(rest) = line.strip_prefix(&format!("{tag} ")) {
                answer.ok = rest.starts_with("OK");
                answer.lines.push(line);
                return answer;
            }
            let size = line
                .strip_suffix('}')
                .and_then(|line| line.rsplit_once('{'))
                .and_then(|(_, size)| size.parse::<usize>().ok());
            if let Some(size) = size {
                let mut literal = vec![0; size];
                self.reader.read_exact(&mut literal).unwrap();
                answer.literals.push(literal);
            }
            answer.lines.push(line);
        }
    }

    /// Appends a letter to a folder (quoted already).
    pub fn append(&mut self, folder: &str, date: &str, bytes: &[u8]) {
        self.tag += 1;
        let tag = format!("t{}", self.tag);
        let command = format!("{tag} APPEND {folder} () {date}{{{}+}}\r\n", bytes.len());
        self.writer.write_all(command.as_bytes()).unwrap();
        self.writer.write_all(bytes).unwrap();
        self.writer.write_all(b"\r\n").unwrap();
        let answer = self.answer(&tag);
        assert!(answer.ok, "append: {:?}", answer.lines);
    }

    /// All letters of the selected folder.
    pub fn fetch_all(&mut self) -> Vec<Found> {
        let answer = self.command("UID FETCH 1:* (UID FLAGS INTERNALDATE BODY.PEEK[])");
        assert!(answer.ok, "fetch: {:?}", answer.lines);
        let heads = answer.lines.iter().filter(|line| line.ends_with('}'));
        heads
            .zip(&answer.literals)
            .map(|(head, bytes)| Found {
                uid: between(head, "UID ", " ").parse().unwrap(),
                bytes: bytes.clone(),
                keywords: keywords(head),
                internal_date: between(head, "INTERNALDATE \"", "\"").to_owned(),
            })
            .collect()
    }
}

fn keywords(head: &str) -> Vec<String> {
    let mut keywords: Vec<String> = between(head, "FLAGS (", ")")
        .split_whitespace()
        .filter(|flag| *flag != "\\Recent")
        .map(str::to_owned)
        .collect();
    keywords.sort();
    keywords
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap();
    rest.split_once(end).unwrap().0
}
