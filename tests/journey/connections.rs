//! Secured connections, and settings that cannot work: the program says which, and ends with 78.

use crate::support::dovecot::{Certificate, DovecotOptions};
use crate::support::house::{Appointment, Database, House, citizen, letter_from, now};

on_both!(
    a_letter_is_served_over_imaps_and_starttls,
    settings_that_cannot_work_are_named,
);

fn a_letter_is_served_over_imaps_and_starttls(database: Database) {
    let mut house = House::open(database);
    let (imap, imaps) = (house.dovecot().imap_port(), house.dovecot().imaps_port());
    let authority = house.dovecot().ca_file();
    house.set("mailbox", "ca_file", authority.to_str().unwrap());
    house.set("mailbox", "host", "localhost");
    for (n, (security, port)) in [("tls", imaps), ("starttls", imap)].into_iter().enumerate() {
        house.set("mailbox", "security", security);
        house.set("mailbox", "port", i64::from(port));
        let appointment = Appointment::new(&format!("10451{n}"), &citizen(n));
        house.imports(&[&appointment]);
        house.citizen_writes(&letter_from(&citizen(n)).cancels(&appointment));
        house.runs_once();
        assert_eq!(
            house.booking_state(&appointment.number),
            "cancelled",
            "{security}"
        );
    }
    assert_eq!(house.answer_kinds(), ["cancelled", "cancelled"]);
    assert_eq!(house.counts(), [0, 2, 0, 0]);
}

fn settings_that_cannot_work_are_named(database: Database) {
    let house = |change: &dyn Fn(&mut House)| {
        let mut house = House::open(database);
        let port = i64::from(house.dovecot().imaps_port());
        let authority = house.dovecot().ca_file();
        house.set("mailbox", "security", "tls");
        house.set("mailbox", "host", "localhost");
        house.set("mailbox", "ca_file", authority.to_str().unwrap());
        house.set("mailbox", "port", port);
        change(&mut house);
        house
    };
    type Change = Box<dyn Fn(&mut House)>;
    let cases: Vec<(&str, Change)> = vec![
        (
            "mailbox.password",
            Box::new(|house| house.set("mailbox", "password", "another password")),
        ),
        (
            "mailbox.host",
            Box::new(|house| house.set("mailbox", "host", "imap.clinic.invalid")),
        ),
        (
            "mailbox.ca_file",
            Box::new(|house| house.unset("mailbox", "ca_file")),
        ),
        (
            "mailbox.inbox",
            Box::new(|house| house.set("mailbox", "inbox", "No such folder")),
        ),
        (
            "mailbox.inboks",
            Box::new(|house| house.set("mailbox", "inboks", "INBOX")),
        ),
    ];
    for (setting, change) in cases {
        let house = house(&change);
        house.citizen_writes(&letter_from(&citizen(1)).asks_briefly("1"));
        let began = house.runs_once_until(78);
        let key = setting.split_once('.').unwrap().1;
        assert!(began.log.contains(key), "{setting}: {}", began.log);
        assert!(!began.log.contains("another password"));
        assert_eq!(house.folder("INBOX").len(), 1);
        // The daemon ends as well, instead of trying for ever what only the operator can mend.
        let served = house.note(house.start(&["run"], &[]).wait());
        assert_eq!(served.code, 78, "{setting}: {}", served.log);
    }
}

#[test]
fn a_certificate_that_is_expired_or_for_another_host_is_refused() {
    for certificate in [Certificate::Expired, Certificate::OtherName] {
        let options = DovecotOptions {
            certificate,
            ..DovecotOptions::default()
        };
        let mut house = House::with_own_dovecot(Database::Sqlite, options);
        let port = i64::from(house.dovecot().imaps_port());
        let authority = house.dovecot().ca_file();
        house.set("mailbox", "security", "tls");
        house.set("mailbox", "host", "localhost");
        house.set("mailbox", "ca_file", authority.to_str().unwrap());
        house.set("mailbox", "port", port);
        let ended = house.runs_once_until(78);
        assert!(
            ended.log.contains("certificate"),
            "{certificate:?}: {}",
            ended.log
        );
    }
}

/// Where the mail server delivers on the same machine, no IMAP is needed.
#[test]
fn a_letter_in_a_maildir_is_served() {
    let mut house = House::open(Database::Sqlite);
    let maildir = house.path("Maildir");
    for folder in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(maildir.join(folder)).unwrap();
    }
    for key in ["host", "port", "security", "username", "password"] {
        house.unset("mailbox", key);
    }
    house.set("mailbox", "kind", "maildir");
    house.set("mailbox", "path", maildir.to_str().unwrap());
    let appointment = Appointment::new("104512", &citizen(1));
    house.imports(&[&appointment]);
    let letter = letter_from(&citizen(1)).cancels(&appointment);
    let name = format!("{}.M1P1.host", now().as_second());
    std::fs::write(maildir.join("new").join(name), letter.bytes(house.office())).unwrap();
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "cancelled");
    assert_eq!(house.only_answer().kind(), "cancelled");
    let left = std::fs::read_dir(maildir.join("new")).unwrap().count()
        + std::fs::read_dir(maildir.join("cur")).unwrap().count();
    assert_eq!(left, 0);
}
