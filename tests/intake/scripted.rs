//! What no well-behaved server shows: a server that answers by script.

use super::*;
use otmena::failure::Failure;
use otmena::intake::Moved;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// For a command that begins so (without its tag), the answer; `TAG` stands for the tag, and an
/// answer ending in `CLOSE` ends the connection. The first rule that fits is used.
type Rule = (&'static str, &'static str);

/// What every session needs; tests put their rules before.
const ORDINARY: [Rule; 10] = [
    (
        "CAPABILITY",
        "* CAPABILITY IMAP4rev1 AUTH=PLAIN MOVE UIDPLUS IDLE\r\nTAG OK\r\n",
    ),
    ("AUTHENTICATE", "+ \r\n"),
    ("RESPONSE", "LAST OK in\r\n"),
    (
        "LIST \"\" \"\"",
        "* LIST (\\Noselect) \"/\" \"\"\r\nTAG OK\r\n",
    ),
    (
        "SELECT",
        "* 2 EXISTS\r\n* OK [PERMANENTFLAGS (\\Seen \\*)] ok\r\n* OK [UIDVALIDITY 7] ok\r\n\
        TAG OK [READ-WRITE] done\r\n",
    ),
    (
        "FETCH",
        "* 1 FETCH (UID 5 INTERNALDATE \"05-Feb-2026 10:22:00 +0300\" RFC822.SIZE 5)\r\n\
        * 2 FETCH (UID 6 INTERNALDATE \"05-Feb-2026 10:23:00 +0300\" RFC822.SIZE 5)\r\nTAG OK\r\n",
    ),
    (
        "UID FETCH 5:6 ",
        "* 1 FETCH (UID 5 BODY[] {5}\r\nHello)\r\n* 2 FETCH (UID 6 BODY[] \"World\")\
        \r\nTAG OK\r\n",
    ),
    ("UID MOVE", "TAG OK\r\n"),
    ("DONE", "LAST OK\r\n"),
    ("", "TAG OK\r\n"),
];

/// Serves one session on a free port and gives the settings for it.
async fn scripted(rules: &[Rule]) -> ImapSettings {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let rules: Vec<Rule> = rules.iter().chain(&ORDINARY).copied().collect();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        let greeting = rules.iter().find(|(start, _)| *start == "GREETING");
        let greeting = greeting.map_or("* OK ready\r\n", |(_, answer)| answer);
        writer.write_all(greeting.as_bytes()).await.unwrap();
        let mut last = String::new();
        while let Ok(Some(line)) = lines.next_line().await {
            // Commands are tagged o1, o2 …; the rest answers a continuation.
            let (tag, command) = match line.split_once(' ') {
                _ if line == "DONE" => (last.clone(), line),
                Some((tag, command)) if tag.starts_with('o') => {
                    (tag.to_owned(), command.to_owned())
                }
                _ => (last.clone(), format!("RESPONSE {line}")),
            };
            let rule = rules.iter().find(|(start, _)| command.starts_with(start));
            let answer = rule.unwrap().1.replace("TAG", &tag).replace("LAST", &last);
            last = tag;
            let (answer, close) = match answer.strip_suffix("CLOSE") {
                Some(answer) => (answer, true),
                None => (answer.as_str(), false),
            };
            if writer.write_all(answer.as_bytes()).await.is_err() || close {
                return;
            }
        }
    });
    let text = format!(
        "host = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\nusername = \"u\"\n\
         password = \"p\"\nmax_size = \"300KB\"\n"
    );
    toml::from_str(&text).unwrap()
}

async fn session(rules: &[Rule]) -> Box<dyn Mailbox> {
    let settings = scripted(rules).await;
    open(&MailboxSettings::Imap(settings)).await.unwrap()
}

async fn refused(rules: &[Rule]) -> Failure {
    let settings = scripted(rules).await;
    open(&MailboxSettings::Imap(settings)).await.err().unwrap()
}

#[tokio::test]
async fn the_ordinary_script_works() {
    let mut mailbox = session(&[]).await;
    let listed = mailbox.list().await.unwrap();
    let fetched = mailbox.fetch(&listed).await.unwrap();
    assert_eq!(fetched[0].bytes, b"Hello");
    assert_eq!(fetched[1].bytes, b"World");
    let moves = [order(&listed[0], Folder::Processed, &[])];
    assert_eq!(mailbox.file_away(&moves).await.unwrap(), [Moved::Done]);
}

#[tokio::test]
async fn refusals_and_broken_answers_to_list_are_errors_and_never_an_empty_list() {
    let select = "SELECT";
    for rule in [
        ("NOOP", "TAG NO [SERVERBUG] no\r\n"),
        ("NOOP", "CLOSE"),
        (select, "TAG NO refused\r\n"),
        (select, "TAG BAD what\r\n"),
        (select, "* 2 EXISTS\r\nCLOSE"),
        (select, "* OK [UIDVALIDITY 7] ok\r\nTAG OK done\r\n"),
        ("FETCH", "TAG NO no\r\n"),
        ("FETCH", "TAG BAD bad\r\n"),
        (
            "FETCH",
            "* 1 FETCH (UID 5 INTERNALDATE \"05-Feb-2026 10:22:00 +0300\" RFC822.SIZE 5)\r\nCLOSE",
        ),
        ("FETCH", "* 1 FETCH (UID 5 INTERNALDATE \"05-Feb-20CLOSE"),
        (
            "FETCH",
            "* 1 FETCH (UID 5 INTERNALDATE NIL RFC822.SIZE 5)\r\nTAG OK\r\n",
        ),
        (
            "FETCH",
            "* 1 FETCH (UID 5 INTERNALDATE \"today\" RFC822.SIZE 5)\r\nTAG OK\r\n",
        ),
        ("FETCH", "* 1 FETCH gibberish\r\nTAG OK\r\n"),
        ("FETCH", "* 1 FETCH (UID 5 X {500000000}\r\nTAG OK\r\n"),
        ("FETCH", "* BYE going down\r\nCLOSE"),
    ] {
        let mut mailbox = session(&[rule]).await;
        assert!(mailbox.list().await.is_err(), "{rule:?}");
        assert!(mailbox.list().await.is_err(), "spent after {rule:?}");
    }
}

#[tokio::test]
async fn a_server_without_uidvalidity_stops() {
    for answer in [
        "* 2 EXISTS\r\nTAG OK done\r\n",
        "* 2 EXISTS\r\n* OK [UIDVALIDITY 0] ok\r\nTAG OK done\r\n",
    ] {
        let mut mailbox = session(&[("SELECT", answer)]).await;
        let failure = mailbox.list().await.unwrap_err();
        assert!(!failure.is_passing());
        assert!(failure.to_string().contains("UIDVALIDITY"));
    }
}

#[tokio::test]
async fn text_that_breaks_the_parser_does_no_harm() {
    let alert = "* OK [ALERT]Привет, мир\r\n* NO [ALERT]Ёж\r\n* XYZZY (1 2)\r\n* FLAGS (((\r\n* 3 XYZZY\r\nTAG OK [ALERT]Готово\r\n";
    let mut mailbox = session(&[("NOOP", alert), ("GREETING", "* OK Добро пожаловать\r\n")]).await;
    assert_eq!(mailbox.list().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_letter_that_comes_empty_is_left_out_beside_others_and_alone_a_failure() {
    let empty = (
        "UID FETCH 5:6 ",
        "* 1 FETCH (UID 5 BODY[] \"\")\r\n\
        * 2 FETCH (UID 6 BODY[] \"World\")\r\nTAG OK\r\n",
    );
    let again = ("UID FETCH 5 ", "* 1 FETCH (UID 5 BODY[] NIL)\r\nTAG OK\r\n");
    let mut mailbox = session(&[empty, again]).await;
    let listed = mailbox.list().await.unwrap();
    let fetched = mailbox.fetch(&listed).await.unwrap();
    assert_eq!(fetched.len(), 1);
    assert_eq!(fetched[0].bytes, b"World");
    let failure = mailbox.fetch(&listed[..1]).await.unwrap_err();
    assert!(failure.is_passing());
}

#[tokio::test]
async fn a_size_that_is_wrong_for_good_does_not_hold_the_letter_back() {
    let short = (
        "UID FETCH 5 ",
        "* 1 FETCH (UID 5 BODY[] {3}\r\nHel)\r\nTAG OK\r\n",
    );
    let mut mailbox = session(&[short]).await;
    let listed = mailbox.list().await.unwrap();
    let fetched = mailbox.fetch(&listed[..1]).await.unwrap();
    assert_eq!(fetched[0].bytes, b"Hel");
}

#[tokio::test]
async fn broken_answers_to_fetch_are_errors() {
    for answer in [
        "TAG NO no\r\n",
        "TAG BAD bad\r\n",
        "* 1 FETCH (UID 5 BODY[] {5}\r\nHeCLOSE",
        "* 1 FETCH (UID 5 BODY[] {5}\r\nHello)\r\nCLOSE",
        "* 1 FETCH (UID 5 BODY[] {500000000}\r\nHello",
    ] {
        let mut mailbox = session(&[("UID FETCH", answer)]).await;
        let listed = mailbox.list().await.unwrap();
        assert!(
            mailbox.fetch(&listed).await.unwrap_err().is_passing(),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_refused_set_is_moved_letter_by_letter() {
    let rules = [
        ("UID MOVE 5:6 ", "TAG NO [EXPUNGEISSUED] no\r\n"),
        ("UID MOVE 6 ", "TAG NO cannot\r\n"),
    ];
    let mut mailbox = session(&rules).await;
    let listed = mailbox.list().await.unwrap();
    let moves = [
        order(&listed[0], Folder::Processed, &[]),
        order(&listed[1], Folder::Processed, &[]),
    ];
    let outcomes = mailbox.file_away(&moves).await.unwrap();
    assert_eq!(outcomes, [Moved::Done, Moved::NotYet]);
    // A move that is cut off is not known to have happened.
    let mut cut = session(&[("UID MOVE", "CLOSE")]).await;
    let listed = cut.list().await.unwrap();
    assert!(
        cut.file_away(&[order(&listed[0], Folder::Processed, &[])])
            .await
            .is_err()
    );
}

#[tokio::test]
async fn append_refused_before_its_literal_is_not_yet() {
    let over = ("APPEND", "* OK still here\r\nTAG NO [OVERQUOTA] full\r\n");
    let mut mailbox = session(&[over]).await;
    let note = placing("note", Folder::DeadLetter, false);
    assert_eq!(mailbox.place(&note).await.unwrap(), Moved::NotYet);
    assert_eq!(mailbox.list().await.unwrap().len(), 2);
}

#[tokio::test]
async fn news_before_the_continuation_of_idle_is_not_missed() {
    let idle = ("IDLE", "* 3 EXISTS\r\n+ idling\r\n");
    let mut mailbox = session(&[idle]).await;
    mailbox.list().await.unwrap();
    let stop = CancellationToken::new();
    let woken = mailbox.wait(Duration::from_secs(60), &stop).await.unwrap();
    assert_eq!(woken, otmena::intake::Woken::News);
}

#[tokio::test]
async fn idle_that_is_refused_becomes_polling() {
    for refusal in ["TAG NO\r\n", "TAG BAD\r\n"] {
        let mut mailbox = session(&[("IDLE", refusal)]).await;
        mailbox.list().await.unwrap();
        let stop = CancellationToken::new();
        let woken = mailbox
            .wait(Duration::from_millis(50), &stop)
            .await
            .unwrap();
        assert_eq!(woken, otmena::intake::Woken::Timeout);
    }
}

#[tokio::test]
async fn refusals_of_the_login_tell_passwords_from_passing_trouble() {
    let refuse = |answer: &'static str| [("RESPONSE", answer)];
    let wrong = refused(&refuse("LAST NO [AUTHENTICATIONFAILED] no\r\n")).await;
    assert!(!wrong.is_passing() && wrong.to_string().contains("mailbox.password"));
    let busy = refused(&refuse("LAST NO [UNAVAILABLE] later\r\n")).await;
    assert!(busy.is_passing());
    let gone = refused(&refuse("* BYE too many\r\nCLOSE")).await;
    assert!(gone.is_passing());
    let greeting = refused(&[("GREETING", "* BYE overloaded\r\nCLOSE")]).await;
    assert!(greeting.is_passing());
}

#[tokio::test]
async fn login_is_used_where_plain_is_missing_and_never_where_it_is_disabled() {
    let disabled = "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\nTAG OK\r\n";
    let failure = refused(&[("CAPABILITY", disabled)]).await;
    assert!(!failure.is_passing() && failure.to_string().contains("mailbox.security"));
    let without = "* CAPABILITY IMAP4rev1 MOVE\r\nTAG OK\r\n";
    let rules = [
        ("CAPABILITY", without),
        ("LOGIN {1}", "+ go on\r\n"),
        ("RESPONSE u {1}", "+ go on\r\n"),
        ("RESPONSE p", "LAST OK in\r\n"),
    ];
    session(&rules).await.list().await.unwrap();
    let wrong = [
        rules[0],
        rules[1],
        rules[2],
        ("RESPONSE p", "LAST NO no\r\n"),
    ];
    assert!(
        refused(&wrong)
            .await
            .to_string()
            .contains("mailbox.password")
    );
}

#[tokio::test]
async fn bytes_slipped_in_before_tls_end_the_session() {
    let offers = "* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\nTAG OK\r\n";
    let slipped = "TAG OK begin\r\n* PREAUTH slipped in\r\n";
    let mut settings = scripted(&[("CAPABILITY", offers), ("STARTTLS", slipped)]).await;
    settings.security = otmena::config::Security::Starttls;
    let failure = open(&MailboxSettings::Imap(settings)).await.err().unwrap();
    assert!(failure.to_string().contains("tampered"), "{failure}");
}

#[tokio::test]
async fn a_missing_starttls_stops() {
    for rules in [[("XYZZY", "")], [("GREETING", "* PREAUTH in already\r\n")]] {
        let mut settings = scripted(&rules).await;
        settings.security = otmena::config::Security::Starttls;
        let failure = open(&MailboxSettings::Imap(settings)).await.err().unwrap();
        assert!(!failure.is_passing() && failure.to_string().contains("STARTTLS"));
    }
}

#[tokio::test]
async fn a_letter_that_the_server_cannot_read_does_not_hide_the_others() {
    let rules = [
        ("FETCH 1:2 ", "TAG NO [SERVERBUG] internal error\r\n"),
        ("FETCH 1:1 ", "TAG NO [SERVERBUG] internal error\r\n"),
        ("UID FETCH 6 ", "TAG NO [SERVERBUG] internal error\r\n"),
    ];
    let mut mailbox = session(&rules).await;
    let listed = mailbox.list().await.unwrap();
    let keys: Vec<&str> = listed.iter().map(|one| one.place.key.as_str()).collect();
    assert_eq!(keys, ["6"]);
    assert!(mailbox.fetch(&listed).await.unwrap_err().is_passing());
    let refused_set = [
        ("UID FETCH 5:6 ", "TAG NO [SERVERBUG] internal error\r\n"),
        ("UID FETCH 5 ", "TAG NO [SERVERBUG] internal error\r\n"),
        (
            "UID FETCH 6 ",
            "* 2 FETCH (UID 6 BODY[] \"World\")\r\nTAG OK\r\n",
        ),
    ];
    let mut mailbox = session(&refused_set).await;
    let listed = mailbox.list().await.unwrap();
    let fetched = mailbox.fetch(&listed).await.unwrap();
    assert_eq!(fetched.len(), 1);
    assert_eq!(fetched[0].bytes, b"World");
}

#[tokio::test]
async fn an_answer_cut_at_any_byte_is_an_error() {
    for command in ["SELECT", "FETCH", "UID FETCH 5:6 "] {
        let (_, whole) = ORDINARY
            .iter()
            .find(|(start, _)| *start == command)
            .unwrap();
        for cut in 0..whole.len() {
            let answer: &'static str = format!("{}CLOSE", whole.get(..cut).unwrap()).leak();
            let mut mailbox = session(&[(command, answer)]).await;
            let fetched = match mailbox.list().await {
                Ok(listed) => mailbox.fetch(&listed).await,
                Err(failure) => Err(failure),
            };
            assert!(fetched.is_err(), "{command} cut at {cut}");
        }
    }
}
