//! The list of all settings: what the checks, the sample and the documentation are made from.

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text that is not empty.
    Text,
    /// Text that is never shown.
    Secret,
    /// A path; relative ones begin at the folder of the settings file.
    Path,
    /// A whole number within bounds.
    Number(i64, i64),
    /// `true` or `false`.
    Flag,
    /// One of some words.
    Choice(&'static [&'static str]),
    /// A size, `25MB`.
    Size,
    /// A moment in RFC 3339.
    Time,
    /// A name and an address.
    Mailbox,
    /// An IP address and a port.
    Socket,
    /// `system`, or an IP address and a port.
    Resolver,
    /// `sqlite:FILE` or `postgres://…`.
    DatabaseUrl,
    /// A list of texts.
    List,
}

impl Kind {
    /// What an operator is told to write.
    pub fn expected(self) -> String {
        match self {
            Self::Text => "text in quotes that is not empty".to_owned(),
            Self::Secret => {
                "text in quotes; better a file, see the same key with `_file`".to_owned()
            }
            Self::Path => "a path in quotes".to_owned(),
            Self::Number(from, to) => format!("a whole number from {from} to {to}"),
            Self::Flag => "true or false, without quotes".to_owned(),
            Self::Choice(words) => format!("one of {}", quoted(words)),
            Self::Size => {
                "a size such as \"25MB\", \"512KB\" or a number of octets, from 256KB to 100MB"
                    .to_owned()
            }
            Self::Time => "a moment in RFC 3339 such as \"2026-01-01T00:00:00Z\"".to_owned(),
            Self::Mailbox => {
                "«Name <address@example.org>» or an address alone, in quotes".to_owned()
            }
            Self::Socket => "an IP address and a port such as \"127.0.0.1:9184\"".to_owned(),
            Self::Resolver => {
                "\"system\", or an IP address and a port such as \"127.0.0.1:5353\"".to_owned()
            }
            Self::DatabaseUrl => "\"sqlite:FILE\" or \"postgres://user@host/database\"".to_owned(),
            Self::List => "a list of texts such as [\"/usr/bin/tell\", \"--now\"]".to_owned(),
        }
    }
}

fn quoted(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    words.join(", ")
}

/// When a setting must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Always (where its `kind` uses it).
    Required,
    /// Never; without it this is meant.
    Default(&'static str),
    /// Never; without it nothing is set.
    Optional,
}

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its section.
    pub section: &'static str,
    /// Its key within the section.
    pub key: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// When it must be there.
    pub need: Need,
    /// The `kind` of the section that it belongs to; `None`: to all.
    pub only_for: Option<&'static str>,
    /// What it means, for the documentation.
    pub meaning: &'static str,
}

impl Setting {
    /// `section.key`, as errors and the documentation name it.
    pub fn name(&self) -> String {
        format!("{}.{}", self.section, self.key)
    }

    /// The name of its environment variable.
    pub fn variable(&self) -> String {
        format!("OTMENA_{}__{}", self.section, self.key).to_uppercase()
    }
}

/// The section whose variants are told apart by `kind`, and the words that may stand there.
pub const MAILBOX_KINDS: &[&str] = &["imap", "maildir"];
/// The same for `[smtp]`.
pub const SMTP_KINDS: &[&str] = &["smtp", "folder"];
const SECURITY: Kind = Kind::Choice(&["tls", "starttls", "none"]);
const PORT: Kind = Kind::Number(1, 65_535);
const BUDGET: Kind = Kind::Number(1, 1_000_000);

const fn setting(
    section: &'static str,
    only_for: Option<&'static str>,
    key: &'static str,
    kind: Kind,
    need: Need,
    meaning: &'static str,
) -> Setting {
    Setting {
        section,
        key,
        kind,
        need,
        only_for,
        meaning,
    }
}

/// All settings in the order of the documentation.
#[rustfmt::skip]
pub const SETTINGS: &[Setting] = &[
    setting("database", None, "url", Kind::DatabaseUrl, Need::Default("sqlite:otmena.db"), "Where bookings, letters and the journal are kept."),

    setting("mailbox", None, "kind", Kind::Choice(MAILBOX_KINDS), Need::Required, "Where letters arrive: on an IMAP server, or in a Maildir on this machine."),
    setting("mailbox", Some("imap"), "host", Kind::Text, Need::Required, "Host name or address of the IMAP server."),
    setting("mailbox", Some("imap"), "port", PORT, Need::Optional, "Its port; without it 993 for `tls`, 143 otherwise."),
    setting("mailbox", Some("imap"), "security", SECURITY, Need::Default("tls"), "`tls`, `starttls`, or `none` (only to a loopback address)."),
    setting("mailbox", Some("imap"), "ca_file", Kind::Path, Need::Optional, "An extra root certificate in PEM, beside those of the system."),
    setting("mailbox", Some("imap"), "username", Kind::Text, Need::Required, "Login."),
    setting("mailbox", Some("imap"), "password", Kind::Secret, Need::Optional, "Password. This or `password_file` is required, never both."),
    setting("mailbox", Some("imap"), "password_file", Kind::Path, Need::Optional, "File whose first line is the password."),
    setting("mailbox", Some("maildir"), "path", Kind::Path, Need::Required, "The Maildir, with `new`, `cur` and `tmp`; folders below it as Maildir++."),
    setting("mailbox", Some("imap"), "inbox", Kind::Text, Need::Default("INBOX"), "The folder in which letters arrive."),
    setting("mailbox", None, "processed", Kind::Text, Need::Default("Обработано"), "The folder for decided letters."),
    setting("mailbox", None, "dead_letter", Kind::Text, Need::Default("Разбор"), "The folder for letters that a person must look at."),
    setting("mailbox", None, "since", Kind::Time, Need::Optional, "Letters received before are left alone. Required at the first start on a filled inbox: the moment of that start."),
    setting("mailbox", None, "max_size", Kind::Size, Need::Default("25MB"), "Of larger letters only the first 256 KB are read."),

    setting("smtp", None, "kind", Kind::Choice(SMTP_KINDS), Need::Required, "How answers leave: through a mail server, or into a folder."),
    setting("smtp", Some("smtp"), "host", Kind::Text, Need::Required, "Host name or address of the mail server."),
    setting("smtp", Some("smtp"), "port", PORT, Need::Optional, "Its port; without it 465 for `tls`, 587 for `starttls`, 25 for `none`."),
    setting("smtp", Some("smtp"), "security", SECURITY, Need::Default("tls"), "`tls`, `starttls`, or `none` (only to a loopback address)."),
    setting("smtp", Some("smtp"), "ca_file", Kind::Path, Need::Optional, "An extra root certificate in PEM, beside those of the system."),
    setting("smtp", Some("smtp"), "username", Kind::Text, Need::Optional, "Login; without it no login is tried."),
    setting("smtp", Some("smtp"), "password", Kind::Secret, Need::Optional, "Password. With `username`, this or `password_file` is required."),
    setting("smtp", Some("smtp"), "password_file", Kind::Path, Need::Optional, "File whose first line is the password."),
    setting("smtp", Some("folder"), "path", Kind::Path, Need::Required, "The folder into which letters are written, one `.eml` file each."),
    setting("smtp", None, "from", Kind::Mailbox, Need::Required, "From of our letters, and the address that citizens answer to."),
    setting("smtp", None, "envelope", Kind::Choice(&["verp", "plain"]), Need::Default("verp"), "Envelope sender: one address for each letter (`verp`, so that bounces are told apart; needs `sender.plus_address`) or the address of `from` (`plain`)."),
    setting("smtp", Some("smtp"), "connections", Kind::Number(1, 20), Need::Default("4"), "Connections kept open."),

    setting("sender", None, "authserv_id", Kind::Text, Need::Optional, "Whose Authentication-Results we believe: the name that our own mail server writes there. Absent: nobody's."),
    setting("sender", None, "dkim", Kind::Flag, Need::Default("true"), "Verify DKIM signatures ourselves: by a sound one of the sender's own domain a citizen is believed without a second letter."),
    setting("sender", None, "dns", Kind::Resolver, Need::Default("system"), "The resolver for the keys of DKIM: `system` for those of /etc/resolv.conf. Best one on this machine, for whoever forges its answers forges senders."),
    setting("sender", None, "plus_address", Kind::Flag, Need::Default("false"), "Whether the mail server delivers `cancel+anything@…` to the mailbox."),
    setting("sender", None, "token_secret", Kind::Secret, Need::Optional, "Secret behind our tokens, at least 32 octets. This or `token_secret_file` is required, never both."),
    setting("sender", None, "token_secret_file", Kind::Path, Need::Optional, "File whose first line is the secret."),
    setting("sender", None, "token_secret_previous", Kind::Secret, Need::Optional, "The secret before the last change: its tokens are still believed."),
    setting("sender", None, "token_secret_previous_file", Kind::Path, Need::Optional, "File whose first line is the previous secret."),

    setting("policy", None, "file", Kind::Path, Need::Optional, "TOML file with the rules of the office; without it the built-in ones."),

    setting("registry", None, "command", Kind::List, Need::Optional, "Program and arguments, run for each change with one line of JSON on standard input, for each booking in order, again until it ends with 0 within 30 seconds. A change may come twice: its `seq` tells."),

    setting("http", None, "listen", Kind::Socket, Need::Optional, "Address of `/metrics` and `/healthz`; absent: none."),

    setting("log", None, "format", Kind::Choice(&["json", "text"]), Need::Default("text"), "One JSON object a line, or lines for people."),

    setting("budget", None, "verified_per_address_and_day", BUDGET, Need::Default("20"), "Answers to one mailbox in 24 hours, where the sender was verified. Further ones are parked; decisions are never limited, and the confirmation of a cancellation is always sent."),
    setting("budget", None, "unverified_per_address_and_day", BUDGET, Need::Default("6"), "The same where the sender was not."),
    setting("budget", None, "verified_per_domain_and_day", BUDGET, Need::Default("1000"), "Answers to one domain that is no public mail provider, verified."),
    setting("budget", None, "unverified_per_domain_and_day", BUDGET, Need::Default("200"), "The same, not verified."),
    setting("budget", None, "verified_per_day", BUDGET, Need::Default("5000"), "All answers in 24 hours to verified senders."),
    setting("budget", None, "unverified_per_day", BUDGET, Need::Default("1000"), "All answers in 24 hours to senders that were not verified, questions to addresses on file included."),

    setting("breaker", None, "enabled", Kind::Flag, Need::Default("true"), "Whether too many cancellations by mail at once wait for `otmena letters release`."),
    setting("breaker", None, "cancellations", BUDGET, Need::Default("30"), "So many of one organisation, or from one domain that is no public mail provider, pass."),
    setting("breaker", None, "minutes", Kind::Number(1, 1_440), Need::Default("10"), "Within so many minutes, by the receipt of the letters."),

    setting("desk", None, "look_seconds", Kind::Number(1, 60), Need::Default("20"), "Seconds between two looks into the folders into which staff drag letters."),
    setting("desk", None, "digest_at", Kind::Text, Need::Default("08:00"), "When the daily digest is put into the folder of dead letters, `HH:MM` on Moscow clocks; `off`: never."),
    setting("desk", None, "urgent_hours", Kind::Number(1, 336), Need::Default("24"), "A dead letter is marked urgent when its booking's deadline is no further away than so many hours."),

    setting("retention", None, "days", Kind::Number(0, 3_650), Need::Default("90"), "Days after the appointment (for letters about none: after their receipt) for which names, addresses and texts are kept, in the database and in the mailbox; 0: for ever."),
];

/// The sections in their order.
pub fn sections() -> Vec<&'static str> {
    let mut sections: Vec<&'static str> = Vec::new();
    for setting in SETTINGS {
        if !sections.contains(&setting.section) {
            sections.push(setting.section);
        }
    }
    sections
}

/// All settings as tables in Markdown, for `docs/settings.md`.
pub fn as_markdown() -> String {
    let mut text = String::new();
    for section in sections() {
        text.push_str(&format!(
            "## `[{section}]`\n\n| key | holds | without it | meaning |\n|---|---|---|---|\n"
        ));
        for setting in SETTINGS.iter().filter(|s| s.section == section) {
            text.push_str(&markdown_row(setting));
        }
        text.push('\n');
    }
    text
}

fn markdown_row(setting: &Setting) -> String {
    let only = setting
        .only_for
        .map_or(String::new(), |kind| format!(" (kind `{kind}`)"));
    let without = match setting.need {
        Need::Required => "an error".to_owned(),
        Need::Default(value) => format!("`{value}`"),
        Need::Optional => "–".to_owned(),
    };
    format!(
        "| `{}`{only} | {} | {without} | {} |\n",
        setting.key,
        setting.kind.expected(),
        setting.meaning
    )
}
