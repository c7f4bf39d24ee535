//! Letters of citizens, as their mail programs write them.

use super::appointment::{Appointment, Person};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};

/// Whose Authentication-Results the houses believe.
pub const AUTHSERV_ID: &str = "mx.example.org";

static WRITTEN: AtomicU32 = AtomicU32::new(1);

/// A letter that a citizen writes.
#[derive(Debug, Clone)]
pub struct CitizenLetter {
    from: Person,
    to: Option<String>,
    subject: String,
    body: String,
    html: Option<String>,
    signed: bool,
    message_id: Option<String>,
    answers: Vec<String>,
    headers: Vec<String>,
    trace: Vec<String>,
    /// Name, media type, bytes.
    files: Vec<(String, String, Vec<u8>)>,
}

/// An empty letter from `from`, signed by the domain of the address, with a Message-ID of its own.
pub fn letter_from(from: &Person) -> CitizenLetter {
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let (_, domain) = from.email.split_once('@').unwrap();
    CitizenLetter {
        from: from.clone(),
        to: None,
        subject: String::new(),
        body: String::new(),
        html: None,
        signed: true,
        message_id: Some(format!("letter-{number}@{domain}")),
        answers: Vec::new(),
        headers: Vec::new(),
        trace: Vec::new(),
        files: Vec::new(),
    }
}

impl CitizenLetter {
    /// Subject and text.
    pub fn says(mut self, subject: &str, body: &str) -> Self {
        self.subject = subject.to_owned();
        self.body = body.to_owned();
        self
    }

    /// The filled-in form of the booking letter.
    pub fn cancels(self, appointment: &Appointment) -> Self {
        let number = &appointment.number;
        let body = format!(
            "Отмена записи №{number}\nФИО: {}\nДата и время приёма: {}\nТелефон: {}\n\
             Причина: уезжаю в командировку\n",
            self.from.name,
            appointment.local_start(),
            self.from.phone
        );
        self.says(&format!("Отмена записи №{number}"), &body)
    }

    /// Number and wish, nothing else.
    pub fn asks_briefly(self, number: &str) -> Self {
        self.says(
            &format!("Отмена записи №{number}"),
            &format!("Прошу отменить запись №{number}.\n"),
        )
    }

    /// An HTML face beside the text.
    pub fn with_html(mut self, html: &str) -> Self {
        self.html = Some(html.to_owned());
        self
    }

    /// A file that comes along.
    pub fn with_file(mut self, name: &str, media_type: &str, bytes: &[u8]) -> Self {
        self.files
            .push((name.to_owned(), media_type.to_owned(), bytes.to_vec()));
        self
    }

    /// Without any word of our mail server on the sender's domain.
    pub fn unsigned(mut self) -> Self {
        self.signed = false;
        self
    }

    /// To another address than the office's plain one.
    pub fn to(mut self, address: &str) -> Self {
        self.to = Some(address.to_owned());
        self
    }

    /// Answers the letter with this Message-ID.
    pub fn in_reply_to(mut self, message_id: &str) -> Self {
        self.answers.push(message_id.to_owned());
        self
    }

    /// With this Message-ID; `None`: without any.
    pub fn with_message_id(mut self, message_id: Option<&str>) -> Self {
        self.message_id = message_id.map(str::to_owned);
        self
    }

    /// A further header.
    pub fn with_header(mut self, header: &str) -> Self {
        self.headers.push(header.to_owned());
        self
    }

    /// The writer's name as it stands before the address.
    pub fn named(mut self, name: &str) -> Self {
        self.from.name = name.to_owned();
        self
    }

    /// Trace headers on top, as another way through the mail servers leaves them.
    pub fn with_trace(mut self, header: &str) -> Self {
        self.trace.push(header.to_owned());
        self
    }

    /// The Message-ID.
    pub fn message_id(&self) -> &str {
        self.message_id.as_deref().unwrap_or_default()
    }

    /// The subject.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The digits of the subject.
    pub fn subject_number(&self) -> String {
        self.subject.chars().filter(char::is_ascii_digit).collect()
    }

    /// The bytes of the letter to `office`.
    pub fn bytes(&self, office: &str) -> Vec<u8> {
        let mut text = String::new();
        let mut line = |line: String| write!(text, "{line}\r\n").unwrap();
        let from = &self.from;
        let (_, domain) = from.email.split_once('@').unwrap();
        for header in &self.trace {
            line(header.clone());
        }
        if self.signed {
            line(format!(
                "Authentication-Results: {AUTHSERV_ID};\r\n dkim=pass header.d={domain} header.s=mail"
            ));
        }
        line(format!("From: {} <{}>", encoded(&from.name), from.email));
        line(format!("To: {}", self.to.as_deref().unwrap_or(office)));
        line(format!("Subject: {}", encoded(&self.subject)));
        line(format!("Date: {}", date_now()));
        if let Some(id) = &self.message_id {
            line(format!("Message-ID: <{id}>"));
        }
        if let Some(answered) = self.answers.last() {
            line(format!("In-Reply-To: <{answered}>"));
            let all: Vec<_> = self.answers.iter().map(|id| format!("<{id}>")).collect();
            line(format!("References: {}", all.join("\r\n ")));
        }
        for header in &self.headers {
            line(header.clone());
        }
        line("MIME-Version: 1.0".to_owned());
        text.push_str(&self.content());
        text.into_bytes()
    }

    fn content(&self) -> String {
        if self.files.is_empty() {
            return self.words();
        }
        let mut text = format!(
            "Content-Type: multipart/mixed; boundary=all\r\n\r\n--all\r\n{}",
            self.words()
        );
        for (name, media_type, bytes) in &self.files {
            let encoded = data_encoding::BASE64_MIME.encode(bytes);
            write!(
                text,
                "\r\n--all\r\nContent-Type: {media_type}\r\nContent-Transfer-Encoding: base64\r\n\
                 Content-Disposition: attachment; filename=\"{name}\"\r\n\r\n{encoded}"
            )
            .unwrap();
        }
        text.push_str("\r\n--all--\r\n");
        text
    }

    fn words(&self) -> String {
        let part = |kind: &str, text: &str| {
            format!(
                "Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\
                 \r\n{}",
                crlf(text)
            )
        };
        match &self.html {
            None => part("plain", &self.body),
            Some(html) => format!(
                "Content-Type: multipart/alternative; boundary=faces\r\n\r\n--faces\r\n{}\r\n\
                 --faces\r\n{}\r\n--faces--\r\n",
                part("plain", &self.body),
                part("html", html)
            ),
        }
    }
}

/// Encoded words (RFC 2047), cut between characters.
pub fn encoded(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let words: Vec<String> = characters
        .chunks(20)
        .map(|chunk| {
            let chunk: String = chunk.iter().collect();
            let encoded = data_encoding::BASE64.encode(chunk.as_bytes());
            format!("=?utf-8?B?{encoded}?=")
        })
        .collect();
    words.join("\r\n ")
}

fn crlf(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        out.push_str(line);
        out.push_str("\r\n");
    }
    out
}

/// The present moment as the Date header writes it (RFC 5322 section 3.3).
pub fn date_now() -> String {
    let now = super::appointment::now().to_zoned(jiff::tz::TimeZone::UTC);
    jiff::fmt::rfc2822::to_string(&now).unwrap()
}
