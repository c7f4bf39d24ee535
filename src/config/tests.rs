//! What an operator may write, and what is said when it is wrong.

use super::*;
use crate::domain::Notice;
use crate::failure::Failure;
use secrecy::ExposeSecret;
use std::path::{Path, PathBuf};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A folder with a sample that is filled in.
struct Office {
    folder: tempfile::TempDir,
}

impl Office {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in [
            ("mailbox-password", "12345\nsecond line\n"),
            ("smtp-password", "geheim\r\n"),
            ("token-secret", SECRET),
        ] {
            std::fs::write(folder.path().join(name), content).unwrap();
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn loads(&self, text: &str, variables: &[(&str, &str)]) -> Result<Loaded, Failure> {
        let path = self.path("otmena.toml");
        std::fs::write(&path, text).unwrap();
        let variables = variables
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        load_with(&path, variables)
    }

    fn refuses(&self, text: &str, variables: &[(&str, &str)]) -> String {
        match self.loads(text, variables) {
            Err(failure @ Failure::Stop { .. }) => failure.to_string(),
            other => panic!("expected Stop, got {other:?}"),
        }
    }
}

fn imap(loaded: &Loaded) -> &ImapSettings {
    match &loaded.settings.mailbox {
        MailboxSettings::Imap(imap) => imap,
        MailboxSettings::Maildir(_) => panic!("not IMAP"),
    }
}

#[test]
fn the_sample_loads_once_its_files_are_there() {
    let loaded = Office::new().loads(SAMPLE, &[]).unwrap();
    assert_eq!(loaded.max_size, 25 * 1024 * 1024);
    assert_eq!(loaded.since, None);
    assert_eq!(
        imap(&loaded).password.as_ref().unwrap().expose_secret(),
        "12345"
    );
    let SmtpSettings::Smtp(smtp) = &loaded.settings.smtp else {
        panic!("not SMTP");
    };
    assert_eq!(smtp.password.as_ref().unwrap().expose_secret(), "geheim");
}

#[test]
fn a_size_may_be_a_bare_number() {
    let text = SAMPLE.replace("max_size = \"25MB\"", "max_size = 300000");
    let loaded = Office::new().loads(&text, &[]).unwrap();
    assert_eq!(
        (loaded.max_size, imap(&loaded).max_size.as_str()),
        (300_000, "300000")
    );
}

#[test]
fn the_sample_names_every_setting() {
    for setting in schema::SETTINGS {
        let named = SAMPLE.contains(&format!("{} = ", setting.key));
        assert!(
            named || setting.key == "token_secret_previous",
            "{}",
            setting.name()
        );
    }
}

#[test]
fn defaults_of_the_list_are_those_of_the_structs() {
    let office = Office::new();
    let bare = "[mailbox]\nkind = \"imap\"\nhost = \"h\"\nusername = \"u\"\npassword = \"p\"\n\
        [smtp]\nkind = \"smtp\"\nhost = \"h\"\nfrom = \"a@b.example\"\n\
        [sender]\ntoken_secret_file = \"token-secret\"\n";
    let loaded = office.loads(bare, &[]).unwrap();
    let defaults: Vec<(&str, String)> = schema::SETTINGS
        .iter()
        .filter_map(|setting| match setting.need {
            schema::Need::Default(value) => Some((value, setting.variable())),
            schema::Need::Required | schema::Need::Optional => None,
        })
        .collect();
    let variables: Vec<(&str, &str)> = defaults.iter().map(|(v, n)| (n.as_str(), *v)).collect();
    let written = office.loads(bare, &variables).unwrap();
    assert_eq!(
        format!("{:?}", loaded.settings),
        format!("{:?}", written.settings)
    );
}

#[test]
fn the_list_and_the_structs_know_the_same_keys() {
    let fields_of = |section: &str, kind: Option<&str>| -> Vec<String> {
        let kind = kind.map_or(String::new(), |kind| format!("kind = \"{kind}\"\n"));
        let text = format!("[{section}]\n{kind}no_such_key = 1\n");
        let table: toml::Table = text.parse().unwrap();
        let value = table.get(section).unwrap().clone();
        let error = match section {
            "database" => DatabaseSettings::deserialize(value)
                .unwrap_err()
                .to_string(),
            "mailbox" => MailboxSettings::deserialize(value).unwrap_err().to_string(),
            "smtp" => SmtpSettings::deserialize(value).unwrap_err().to_string(),
            "sender" => SenderSettings::deserialize(value).unwrap_err().to_string(),
            "policy" => PolicySettings::deserialize(value).unwrap_err().to_string(),
            "registry" => RegistrySettings::deserialize(value)
                .unwrap_err()
                .to_string(),
            "http" => HttpSettings::deserialize(value).unwrap_err().to_string(),
            "log" => LogSettings::deserialize(value).unwrap_err().to_string(),
            "breaker" => BreakerSettings::deserialize(value).unwrap_err().to_string(),
            "desk" => DeskSettings::deserialize(value).unwrap_err().to_string(),
            "retention" => RetentionSettings::deserialize(value)
                .unwrap_err()
                .to_string(),
            "budget" => BudgetSettings::deserialize(value).unwrap_err().to_string(),
            other => panic!("section {other} is not looked at here"),
        };
        let mut names: Vec<String> = error
            .split('`')
            .skip(3)
            .step_by(2)
            .map(str::to_owned)
            .collect();
        names.sort();
        names
    };
    for section in schema::sections() {
        let variants: Vec<Option<&str>> = match section {
            "mailbox" => schema::MAILBOX_KINDS.iter().copied().map(Some).collect(),
            "smtp" => schema::SMTP_KINDS.iter().copied().map(Some).collect(),
            _ => vec![None],
        };
        for kind in variants {
            let mut listed: Vec<String> = schema::SETTINGS
                .iter()
                .filter(|s| s.section == section && s.key != "kind")
                .filter(|s| s.only_for.is_none() || s.only_for == kind)
                .map(|s| s.key.to_owned())
                .collect();
            listed.sort();
            assert_eq!(listed, fields_of(section, kind), "[{section}] {kind:?}");
        }
    }
}

#[test]
fn a_variable_is_laid_over_the_file_and_keeps_the_settings_type() {
    let loaded = Office::new()
        .loads(
            &SAMPLE.replace("password_file = \"mailbox-password\"\n", ""),
            &[
                ("OTMENA_MAILBOX__PASSWORD", "007"),
                ("OTMENA_MAILBOX__PORT", "1993"),
                ("OTMENA_MAILBOX__USERNAME", "12"),
                ("OTMENA_SENDER__DKIM", "false"),
                ("OTMENA_REGISTRY__COMMAND", r#"["tell", "1"]"#),
                ("OTMENA_CONFIG", "elsewhere.toml"),
                ("OTMENA_HTTP__LISTEN", "127.0.0.1:9184"),
                ("OTHER__VARIABLE", "1"),
            ],
        )
        .unwrap();
    let imap = imap(&loaded);
    assert_eq!(imap.password.as_ref().unwrap().expose_secret(), "007");
    assert_eq!((imap.port, imap.username.as_str()), (Some(1993), "12"));
    assert!(!loaded.settings.sender.dkim);
    assert_eq!(loaded.settings.registry.command, ["tell", "1"]);
    assert!(loaded.settings.http.listen.is_some());
}

#[test]
fn unknown_names_are_refused_with_the_nearest_known_one() {
    let office = Office::new();
    for (from, to, expected) in [
        (
            "inbox = ",
            "inbocs = ",
            "`mailbox.inbocs`. Did you mean `inbox`",
        ),
        ("[budget]", "[bugdet]", "[bugdet]. Did you mean `budget`"),
        ("[http]", "[http]\nqwertyuiop = 1", "known here are: listen"),
        (
            "username = ",
            "path = ",
            "`mailbox.path` belongs to kind = \"maildir\"",
        ),
    ] {
        let told = office.refuses(&SAMPLE.replacen(from, to, 1), &[]);
        assert!(told.contains(expected), "{told}");
    }
    let told = office.refuses(SAMPLE, &[("OTMENA_MAILBOX__PASWORD", "hush")]);
    assert!(
        told.contains("OTMENA_MAILBOX__PASSWORD") && !told.contains("hush"),
        "{told}"
    );
}

/// What stands in the sample, what is written instead, and what two things are then said.
#[rustfmt::skip]
const WRONG_VALUES: [[&str; 4]; 15] = [
    ["port = 993", "port = \"993\"", "`mailbox.port` cannot be this text", "whole number"],
    ["port = 993", "port = 70000", "`mailbox.port` cannot be this number", "65535"],
    ["dkim = true", "dkim = \"yes\"", "`sender.dkim`", "true or false"],
    ["security = \"tls\"", "security = \"ssl\"", "`mailbox.security`", "\"starttls\""],
    ["max_size = \"25MB\"", "max_size = \"25 apples\"", "`mailbox.max_size`", "25MB"],
    ["# since = \"2026-01-01T00:00:00Z\"", "since = \"January\"", "`mailbox.since`", "RFC 3339"],
    ["connections = 4", "connections = 0", "`smtp.connections`", "1 to 20"],
    ["from = \"Клиника <cancel@example.org>\"", "from = \"Клиника\"", "`smtp.from`", "address@example.org"],
    ["# listen = \"127.0.0.1:9184\"", "listen = \"9184\"", "`http.listen`", "127.0.0.1:9184"],
    ["url = \"sqlite:otmena.db\"", "url = \"mysql://x\"", "`database.url`", "postgres://"],
    ["dns = \"system\"", "dns = \"8.8.8.8\"", "`sender.dns`", "127.0.0.1:5353"],
    ["kind = \"imap\"", "kind = \"pop3\"", "`mailbox.kind`", "\"maildir\""],
    ["kind = \"imap\"", "", "`mailbox.kind` is missing", "OTMENA_MAILBOX__KIND"],
    ["host = \"imap.example.org\"", "", "`mailbox.host` is missing", "OTMENA_MAILBOX__HOST"],
    ["processed = \"Обработано\"", "processed = \"inbox\"", "three folders", "name of its own"],
];

#[test]
fn wrong_types_name_the_setting_and_what_is_expected() {
    let office = Office::new();
    for [from, to, setting, expected] in WRONG_VALUES {
        assert!(SAMPLE.contains(from), "{from}");
        let told = office.refuses(&SAMPLE.replacen(from, to, 1), &[]);
        assert!(told.contains(setting) && told.contains(expected), "{told}");
    }
    let told = office.refuses(SAMPLE, &[("OTMENA_SMTP__PORT", "smtp")]);
    assert!(
        told.contains("OTMENA_SMTP__PORT") && told.contains("whole number"),
        "{told}"
    );
}

#[test]
fn an_open_line_is_refused_unless_it_stays_on_this_machine() {
    let office = Office::new();
    let open = SAMPLE.replacen("security = \"tls\"", "security = \"none\"", 1);
    assert!(office.refuses(&open, &[]).contains("`mailbox.security`"));
    for host in ["localhost", "127.0.0.1", "::1"] {
        office
            .loads(&open, &[("OTMENA_MAILBOX__HOST", host)])
            .unwrap();
    }
    let told = office.refuses(SAMPLE, &[("OTMENA_SMTP__SECURITY", "none")]);
    assert!(told.contains("`smtp.security`"), "{told}");
}

#[test]
fn secrets_are_given_once_and_are_long_enough() {
    let office = Office::new();
    let told = office.refuses(SAMPLE, &[("OTMENA_MAILBOX__PASSWORD", "hush")]);
    assert!(
        told.contains("both `mailbox.password` and `mailbox.password_file`"),
        "{told}"
    );
    let told = office.refuses(SAMPLE, &[("OTMENA_SENDER__TOKEN_SECRET_PREVIOUS", "short")]);
    assert!(
        told.contains("has 5 octets") && !told.contains("short"),
        "{told}"
    );
    std::fs::write(office.path("token-secret"), SECRET.trim_start_matches('0')).unwrap();
    assert!(office.refuses(SAMPLE, &[]).contains("has 31 octets"));
    std::fs::write(office.path("token-secret"), "\nsecond").unwrap();
    assert!(office.refuses(SAMPLE, &[]).contains("first line"));
    std::fs::remove_file(office.path("token-secret")).unwrap();
    assert!(
        office
            .refuses(SAMPLE, &[])
            .contains("`sender.token_secret_file` cannot be read")
    );
    let told = office.refuses(
        &SAMPLE.replace("token_secret_file", "# token_secret_file"),
        &[],
    );
    assert!(told.contains("`sender.token_secret` is missing"), "{told}");
    let told = office.refuses(
        &SAMPLE.replacen("username = \"cancel@example.org\"\n# Or", "# Or", 1),
        &[],
    );
    assert!(told.contains("`smtp.password` is given without"), "{told}");
}

#[test]
fn broken_toml_is_told_by_its_line_and_never_quoted() {
    let told = Office::new().refuses("[mailbox]\nkind = \"imap\"\npassword = \"hush\n", &[]);
    assert!(told.contains("line 3") && !told.contains("hush"), "{told}");
    let twice = "[mailbox]\npassword = \"hush\"\npassword = \"hush\"\n";
    let told = Office::new().refuses(twice, &[]);
    assert!(told.contains("line 3") && !told.contains("hush"), "{told}");
}

#[test]
fn relative_paths_begin_at_the_settings_file() {
    let office = Office::new();
    let loaded = office
        .loads(
            SAMPLE,
            &[
                ("OTMENA_MAILBOX__CA_FILE", "ca.pem"),
                ("OTMENA_SMTP__CA_FILE", "/etc/ca.pem"),
            ],
        )
        .unwrap();
    assert_eq!(imap(&loaded).ca_file, Some(office.path("ca.pem")));
    let SmtpSettings::Smtp(smtp) = &loaded.settings.smtp else {
        panic!("not SMTP");
    };
    assert_eq!(smtp.ca_file.as_deref(), Some(Path::new("/etc/ca.pem")));
    let expected = format!("sqlite:{}", office.path("otmena.db").display());
    assert_eq!(loaded.settings.database.url, expected);
}

#[test]
fn the_policy_file_is_read_and_checked() {
    let office = Office::new();
    let with = SAMPLE.replace("# file = \"policy.toml\"", "file = \"policy.toml\"");
    assert!(
        office
            .refuses(&with, &[])
            .contains("`policy.file` cannot be read")
    );
    std::fs::write(
        office.path("policy.toml"),
        "version = \"v2\"\n[general]\nnotice_hours = 12\n",
    )
    .unwrap();
    let policy = office.loads(&with, &[]).unwrap().policy;
    assert_eq!(
        (policy.version.as_str(), policy.general.notice),
        ("v2", Notice::Hours(12))
    );
    for (text, expected) in [
        ("version = \"v2\"\n[generals]\n", "line 2: unknown field"),
        ("version = \"\"\n", "line 1: version must be"),
        ("[challenge]\nvalid_hours = 0\n", "challenge.valid_hours"),
        ("[general]\nnotice_hours = \"12\"\n", "line 2"),
    ] {
        std::fs::write(office.path("policy.toml"), text).unwrap();
        let told = office.refuses(&with, &[]);
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn debug_shows_no_secret() {
    let shown = format!("{:?}", Office::new().loads(SAMPLE, &[]).unwrap());
    for secret in ["12345", "geheim", SECRET] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn the_page_of_settings_is_that_of_the_list() {
    let page = include_str!("../../docs/settings.md");
    assert!(
        page.trim_end().ends_with(schema::as_markdown().trim_end()),
        "docs/settings.md must end with:\n{}",
        schema::as_markdown()
    );
}
