//! Letters of ours that bounce (RFC 3464), true and forged.

use crate::support::house::{Answer, Appointment, Database, House, citizen, letter_from, word};

on_both!(a_true_bounce_is_noted_and_forged_ones_change_nothing);

/// A report as Postfix writes it, to `recipient`, about the letter with this Message-ID.
fn report(recipient: &str, action: &str, status: &str, message_id: &str) -> Vec<u8> {
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.org (Mail Delivery System)\r\n\
         To: {recipient}\r\nSubject: Undelivered Mail Returned to Sender\r\n\
         Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nMessage-ID: <b-{action}-{status}@mx.example.org>\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"B/mx\"\r\n\r\n\
         --B/mx\r\nContent-Description: Notification\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n\
         This is the mail system at host mx.example.org.\r\n\r\n\
         --B/mx\r\nContent-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example.org\r\nX-Postfix-Queue-ID: 4XyZ\r\n\r\n\
         Final-Recipient: rfc822; {}\r\nAction: {action}\r\nStatus: {status}\r\n\
         Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n\
         --B/mx\r\nContent-Description: Undelivered Message\r\nContent-Type: message/rfc822\r\n\r\n\
         Message-ID: <{message_id}>\r\nFrom: x\r\nSubject: y\r\n\r\nbody\r\n\r\n--B/mx--\r\n",
        citizen(1).email
    )
    .into_bytes()
}

fn delivered(house: &House, recipient: &str, bytes: &[u8]) {
    house.dovecot().deliver_lmtp(recipient, bytes);
    house.runs_once();
}

fn failed(house: &House) -> usize {
    let failed = |row: &&serde_json::Value| word(row, "/state") == "undeliverable";
    house.outbox().iter().filter(failed).count()
}

fn a_true_bounce_is_noted_and_forged_ones_change_nothing(database: Database) {
    let mut house = House::open(database);
    let booked = Appointment::new("104512", &citizen(1));
    house.imports(&[&booked]);
    house.citizen_writes(&letter_from(&citizen(1)).cancels(&booked));
    house.runs_once();
    let sent: Answer = house.only_answer();
    let tag = sent.envelope_from.clone();
    assert!(tag.contains("+b"), "{tag}");
    let office = house.office().to_owned();
    let (local, domain) = office.split_once('@').unwrap();
    let untagged = office.clone();
    let forged = format!("{local}+b1-aaaaaaaaaa@{domain}");
    for (to, action, status, id) in [
        (&untagged, "failed", "5.1.1", sent.message_id.as_str()),
        (&forged, "failed", "5.1.2", sent.message_id.as_str()),
        (&tag, "delayed", "4.4.1", sent.message_id.as_str()),
        (&tag, "failed", "4.2.2", sent.message_id.as_str()),
        (&tag, "failed", "5.7.1", "another.1@clinic.example"),
    ] {
        delivered(&house, to, &report(to, action, status, id));
        assert_eq!(
            house.last_decision().0,
            "automatic",
            "{to} {action} {status}"
        );
        assert_eq!(failed(&house), 0, "{to} {action} {status}");
    }
    assert_eq!(word(&house.booking("104512"), "/undeliverable/0/email"), "");
    the_true_one(&house, &sent);
    the_staff_read_of_it(&mut house);
}

/// Someone must call the citizen: no letter reaches her.
fn the_staff_read_of_it(house: &mut House) {
    house.set("desk", "digest_at", "00:00");
    house.runs_once();
    let desk = house.folder("Разбор");
    let [digest] = desk.as_slice() else {
        panic!("one digest: {desk:?}");
    };
    let text = digest.text();
    assert!(text.contains("Запись № 104512: адрес гражданина"), "{text}");
    assert!(!text.contains(citizen(1).email.as_str()), "{text}");
}

fn the_true_one(house: &House, sent: &Answer) {
    let tag = &sent.envelope_from;

    delivered(
        house,
        tag,
        &report(tag, "failed", "5.1.1", &sent.message_id),
    );
    assert_eq!(house.last_decision().0, "bounced");
    assert_eq!(failed(house), 1);
    let outbox = house.outbox();
    assert_eq!(
        word(outbox.first().unwrap(), "/last_error"),
        "bounced_5.1.1"
    );
    let marked = house.booking("104512");
    assert_eq!(word(&marked, "/undeliverable/0/email"), citizen(1).email);
    assert_eq!(word(&marked, "/state"), "cancelled", "the effect stands");
    let journal = house.journal("104512");
    assert!(
        journal.contains(&"letter_undeliverable".to_owned()),
        "{journal:?}"
    );
    let check = house.answers_with(&["check", "--no-letters"]).out;
    assert!(check.contains("could not be delivered"), "{check}");
    // A second report of the same letter says nothing new.
    delivered(
        house,
        tag,
        &report(tag, "failed", "5.2.1", &sent.message_id),
    );
    assert_eq!(house.last_decision().0, "automatic");
    assert_eq!(house.answers().len(), 1, "no bounce is answered");
    house.journal_verifies();
}
