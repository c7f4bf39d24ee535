//! Hostile names, subjects and addresses: what strangers and files bring reaches no header, HTML,
//! template, document, database, log, terminal or file name unescaped.

use crate::support::house::{Appointment, Database, House, Person, citizen, letter_from};

on_both!(hostile_words_stay_words);

const NAMES: [&str; 7] = [
    "<script>alert(1)</script> Анна Петровна",
    "{{ 7 * 7 }} {% include \"letters/facts.txt\" %} Анна Петровна",
    "Иванова'); DROP TABLE bookings;-- Анна Петровна",
    "\u{202E}авонавИ\u{202C} Анна Петровна",
    "=cmd|'/c calc'!A1 Анна Петровна",
    "Иванова\u{1b}[2J\u{7}Анна Петровна",
    "../../etc/passwd Анна Петровна",
];

fn hostile_words_stay_words(database: Database) {
    let house = House::open(database);
    let long = "Щ".repeat(10_000);
    let mut booked = Vec::new();
    for (n, name) in NAMES.iter().enumerate() {
        let person = Person {
            name: name.replace(['\u{1b}', '\u{7}'], "").replace('"', "”"),
            ..citizen(n)
        };
        booked.push(Appointment::new(&format!("{}", 700_000 + n), &person));
    }
    house.imports(&booked.iter().collect::<Vec<_>>());
    for (n, name) in NAMES.iter().enumerate() {
        let number = format!("{}", 700_000 + n);
        let body = format!(
            "Прошу отменить запись №{number}.\nПричина: {{{{ 7 * 7 }}}} <script>alert(2)</script> {name}\n"
        );
        let letter = letter_from(&citizen(n))
            .named(name)
            .says(&format!("Отмена записи №{number}"), &body);
        house.citizen_writes(&letter);
        // And what staff get to see: a subject that tries everything, from nobody.
        let subject = format!("{name} \r\nBcc: victim@example.net\r\n\r\n{long}");
        let strange = letter_from(&citizen(90 + n))
            .named(&long)
            .says(&subject, &long);
        house.citizen_writes(&strange);
    }
    house.runs_once();
    nothing_breaks_out_of_a_letter(&house);
    nothing_steers_a_terminal_or_a_log(&house);
    house.journal_verifies();
}

fn nothing_breaks_out_of_a_letter(house: &House) {
    let answers = house.answers();
    for answer in &answers {
        let head = answer
            .bytes
            .split(|b| *b == b'\n')
            .take_while(|l| l.len() > 1);
        for line in head {
            let line = String::from_utf8_lossy(line).to_lowercase();
            assert!(!line.starts_with("bcc:") && line.is_ascii(), "{line}");
        }
        assert!(!answer.html.contains("<script"), "{}", answer.html);
        assert!(!answer.html.contains(" 49 ") && !answer.text.contains(" 49 "));
        assert!(!answer.text.contains('\u{1b}'));
        for (name, bytes) in &answer.attachments {
            let plain = !name.contains(['/', '\\', '\0']);
            let document = name.ends_with(".pdf") && bytes.starts_with(b"%PDF-");
            let event = name == "zapis.ics" && is_one_event(bytes);
            assert!(plain && (document || event), "{name}");
        }
    }
    let confirmed = answers.iter().filter(|answer| answer.kind() == "cancelled");
    let cancelled = house.number("SELECT count(*) FROM bookings WHERE state = 'cancelled'");
    assert_eq!(usize::try_from(cancelled).unwrap(), confirmed.count());
    assert!(cancelled >= 1, "{:?}", house.letters());
    for note in house.folder("Разбор") {
        assert!(
            !note.header("Subject").contains("\nBcc"),
            "{}",
            note.header("Subject")
        );
    }
}

/// Nothing of the booking opens a property or an event of its own (RFC 5545 section 3.1).
fn is_one_event(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let ours = [
        "BEGIN",
        "VERSION",
        "PRODID",
        "CALSCALE",
        "METHOD",
        "UID",
        "SEQUENCE",
        "DTSTAMP",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "LOCATION",
        "DESCRIPTION",
        "ORGANIZER",
        "STATUS",
        "TRANSP",
        "END",
    ];
    let known = |line: &str| {
        let property = line.split([':', ';']).next().unwrap_or_default();
        line.is_empty() || line.starts_with(' ') || ours.contains(&property)
    };
    text.split("\r\n").all(known) && text.matches("\r\nBEGIN:VEVENT\r\n").count() == 1
}

fn nothing_steers_a_terminal_or_a_log(house: &House) {
    for listing in [
        vec!["bookings", "list"],
        vec!["letters", "list"],
        vec!["outbox", "list"],
        vec!["bookings", "show", "700005"],
    ] {
        let shown = house.tells(&listing);
        let steers = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202A}'..='\u{202E}');
        assert!(!shown.chars().any(steers), "{listing:?}: {shown}");
    }
    let log = house.log();
    for personal in [
        "DROP TABLE",
        "Анна Петровна",
        "alert(",
        "ЩЩЩ",
        "victim@",
        "@pochta-",
    ] {
        assert!(!log.contains(personal), "{personal} in the log");
    }
}

/// Addresses that mail programs allow and people seldom have.
#[test]
fn odd_addresses_neither_break_in_nor_break_down() {
    let house = House::open(Database::Sqlite);
    house.imports(&[&Appointment::new("104512", &citizen(1))]);
    let office = house.office().to_owned();
    for from in [
        "\"a b\"@example.org",
        "\"x\\\" Bcc: victim@example.net\"@example.org",
        "почта@пример.рф",
        "anna@xn--e1afmkfd.xn--p1ai",
        "<<>>@example.org",
        "a@b@c.example",
        "(comment)anna(\r\n other)@example.org",
        "'; DROP TABLE letters;--@example.org",
        "anna@[127.0.0.1]",
        "undisclosed-recipients:;",
    ] {
        let text = format!(
            "From: {from}\r\nTo: {office}\r\nSubject: 104512\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\nПрошу отменить запись №104512.\r\n"
        );
        house.arrives(text.as_bytes());
    }
    house.runs_once();
    assert!(house.answers().is_empty(), "{:?}", house.answers());
    assert_eq!(house.booking_state("104512"), "scheduled");
    let decided = house.rows("SELECT decision, count(*) FROM letters GROUP BY decision");
    assert_eq!(decided, [("held".to_owned(), 10)]);
    assert_eq!(house.folder("INBOX").len(), 0);
}

/// A citizen whose address on file has an internationalised domain gets his letter under its ASCII
/// form.
#[test]
fn an_internationalised_domain_on_file_gets_its_letter() {
    let house = House::open(Database::Sqlite);
    let person = Person {
        email: "anna@пример.рф".to_owned(),
        ..citizen(1)
    };
    house.imports(&[&Appointment::new("104512", &person)]);
    house.tells(&["bookings", "cancel", "104512"]);
    house.runs_once();
    let states = house.rows("SELECT state, count(*) FROM outbox GROUP BY state");
    assert_eq!(states, [("sent".to_owned(), 1)]);
    let recipient = house.only_answer().recipient;
    assert!(
        recipient.is_ascii(),
        "in ASCII form on the wire: {recipient}"
    );
}
