//! An honest citizen notices nothing of it; whoever only pretends to be one cancels nothing.

use super::post::{Post, domain, line};
use crate::support::dkim::{Key, Signing, sign_by_dkimpy, sign_by_mail_auth};
use crate::support::house::{AUTHSERV_ID, Appointment, Database, House, citizen, letter_from};

/// Nothing happened to the booking; the only letter is the question to the address on file.
fn only_asked(house: &House) {
    assert_eq!(house.booking_state("104512"), "scheduled");
    assert_eq!(house.cancellations_told("104512"), 0);
    let question = house.only_answer();
    assert_eq!(question.kind(), "confirm_first");
    assert_eq!(question.recipient, citizen(1).email);
}

on_both!(a_citizen_whose_provider_signs_notices_nothing);

fn a_citizen_whose_provider_signs_notices_nothing(database: Database) {
    let (post, appointment) = Post::with_booking(database);
    let house = &post.house;
    let others: Vec<Appointment> = (2..4)
        .map(|n| Appointment::new(&format!("20000{n}"), &citizen(n)))
        .collect();
    house.imports(&others.iter().collect::<Vec<_>>());
    let rsa = Key::rsa();
    for n in 2..4 {
        let name = format!("mail._domainkey.{}", domain(&citizen(n)));
        post.dns.serves(&name, &[&rsa.record()]);
    }
    post.writes(&citizen(1), &letter_from(&citizen(1)).cancels(&appointment));
    let plain = |n: usize, appointment: &Appointment| {
        let letter = letter_from(&citizen(n)).unsigned().cancels(appointment);
        letter.bytes(house.office())
    };
    let Key::Rsa(_, pem) = &rsa else {
        unreachable!()
    };
    house.arrives(&sign_by_dkimpy(
        pem,
        domain(&citizen(2)),
        &plain(2, others.first().unwrap()),
    ));
    let by_mail_auth = sign_by_mail_auth(
        Key::rsa(),
        domain(&citizen(3)),
        &plain(3, others.get(1).unwrap()),
    );
    house.arrives(&by_mail_auth);
    house.runs_once();

    for number in ["104512", "200002", "200003"] {
        assert_eq!(house.booking_state(number), "cancelled", "{number}");
    }
    assert_eq!(house.answer_kinds(), ["cancelled"; 3]);
    assert_eq!(house.counts(), [0, 3, 0, 0]);
    house.journal_verifies();
}

#[test]
fn explain_tells_every_piece_of_evidence() {
    let (post, appointment) = Post::with_booking(Database::Sqlite);
    let signed = post.signed(&citizen(1), &letter_from(&citizen(1)).cancels(&appointment));
    let by_list = Signing::by("list.example").sign(&Key::ed25519(), &signed);
    let told = post.explains(&by_list);
    assert_eq!(line(&told, "dkim"), "aligned");
    assert_eq!(
        line(&told, "signature"),
        "other_domain d=list.example s=mail a=ed25519-sha256"
    );
    let own = format!("pass d={} s=mail a=ed25519-sha256", domain(&citizen(1)));
    assert!(told.contains(&own), "{told}");
    assert_eq!(line(&told, "relay"), "absent");
    assert_eq!(line(&told, "aligned"), "yes");
    assert_eq!(line(&told, "to us"), "yes");
    assert!(line(&told, "on file").starts_with("yes"), "{told}");
    assert_eq!(line(&told, "trust"), "trusted");
    assert_eq!(line(&told, "decision"), "cancelled");
    assert_eq!(post.house.booking_state("104512"), "scheduled");

    let changed = String::from_utf8(signed).unwrap() + "Постскриптум\r\n";
    let told = post.explains(changed.as_bytes());
    assert_eq!(line(&told, "dkim"), "no_pass");
    assert!(
        line(&told, "signature").starts_with("body_changed"),
        "{told}"
    );
    assert_eq!(line(&told, "trust"), "confirm first");
}

#[test]
fn a_forger_with_the_right_from_cancels_nothing() {
    let (post, appointment) = Post::with_booking(Database::Sqlite);
    let house = &post.house;
    let forged = letter_from(&citizen(1)).unsigned().cancels(&appointment);
    let plain = forged.bytes(house.office());
    let key = Key::ed25519();
    let name = |domain: &str| format!("mail._domainkey.{domain}");
    post.dns.serves(&name("evil.example"), &[&key.record()]);
    let writer = citizen(1);
    let own = domain(&writer);
    for bytes in [
        plain.clone(),
        Signing::by("evil.example").sign(&key, &plain),
        Signing::by(own).sign(&key, &plain),
        Signing::by(own).selecting("none").sign(&key, &plain),
        Signing::by("example").sign(&key, &plain),
        Signing::by(&format!("{own}.evil.example")).sign(&key, &plain),
    ] {
        assert_eq!(line(&post.explains(&bytes), "trust"), "confirm first");
        house.arrives(&bytes);
    }
    house.runs_once();
    only_asked(house);
}

#[test]
fn a_forged_authentication_results_is_worth_nothing() {
    let (mut post, appointment) = Post::with_booking(Database::Sqlite);
    let own = domain(&citizen(1)).to_owned();
    let pass = format!("Authentication-Results: {AUTHSERV_ID}; dkim=pass header.d={own}");
    // Nobody is believed: no name is configured.
    let forged = letter_from(&citizen(1))
        .unsigned()
        .with_trace(&pass)
        .cancels(&appointment);
    post.house.arrives(&forged.bytes(post.house.office()));
    post.house.runs_once();
    only_asked(&post.house);

    // Our server wrote its own above; what stands below it, or inside it, is the sender's.
    post.house.set("sender", "authserv_id", AUTHSERV_ID);
    let received = "Received: from relay.example by mx.example.org; Mon, 1 Feb 2027 09:00:00 +0000";
    let inside = format!(
        "Authentication-Results: {AUTHSERV_ID}; spf=fail smtp.mailfrom=\"x; dkim=pass header.d={own}\""
    );
    let fail = format!("Authentication-Results: {AUTHSERV_ID}; dkim=none; spf=none");
    for headers in [
        vec![fail.as_str(), pass.as_str()],
        vec![fail.as_str(), received, pass.as_str()],
        vec![inside.as_str()],
        vec![
            "Authentication-Results: mx.evil.example; dkim=fail",
            pass.as_str(),
        ],
    ] {
        let mut letter = letter_from(&citizen(1)).unsigned().cancels(&appointment);
        for header in headers {
            letter = letter.with_trace(header);
        }
        let told = post.explains(&letter.bytes(post.house.office()));
        assert_eq!(line(&told, "aligned"), "no", "{told}");
        assert_eq!(line(&told, "trust"), "confirm first");
    }
}

#[test]
fn a_forwarder_and_a_mailing_list_lead_to_the_question() {
    let (post, appointment) = Post::with_booking(Database::Sqlite);
    let house = &post.house;
    // Written to an old address of the office, which forwards everything: nothing is changed, but
    // it was not written to us.
    let elsewhere = letter_from(&citizen(1))
        .to("old@clinic.example")
        .cancels(&appointment);
    let forwarded = post.signed(&citizen(1), &elsewhere);
    assert_eq!(line(&post.explains(&forwarded), "dkim"), "not_to_us");
    // A list adds a line below and a word to the subject, and signs in its own name.
    let signed = post.signed(&citizen(1), &letter_from(&citizen(1)).cancels(&appointment));
    let footer = [&signed[..], "--\r\nСписок жильцов дома № 5\r\n".as_bytes()].concat();
    let listed = Signing::by("list.example").sign(&Key::ed25519(), &footer);
    assert_eq!(line(&post.explains(&listed), "dkim"), "no_pass");
    house.arrives(&forwarded);
    house.arrives(&listed);
    house.runs_once();
    only_asked(house);
}

/// The booking letter was forwarded to somebody, who answers it in the citizen's name.
#[test]
fn whoever_got_the_booking_letter_forwarded_cannot_answer_for_the_citizen() {
    let (post, appointment) = Post::with_booking(Database::Sqlite);
    let house = &post.house;
    house.tells(&["bookings", "letter", "104512"]);
    house.runs_once();
    let booking_letter = house.only_answer();
    let forged = letter_from(&citizen(1))
        .unsigned()
        .in_reply_to(&booking_letter.message_id)
        .cancels(&appointment)
        .bytes(house.office());
    let key = Key::ed25519();
    let signed = Signing::by("evil.example").sign(&key, &forged);
    post.dns
        .serves("mail._domainkey.evil.example", &[&key.record()]);
    let told = post.explains(&signed);
    assert!(line(&told, "tokens").starts_with("booking"), "{told}");
    assert_eq!(line(&told, "trust"), "confirm first");
    house.arrives(&signed);
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "scheduled");
    assert_eq!(house.answer_kinds(), ["booking", "confirm_first"]);
    assert!(
        house
            .answers()
            .iter()
            .all(|one| one.recipient == citizen(1).email)
    );
}

/// The token of another booking does not come along under a signature that does not cover it.
#[test]
fn a_signature_that_leaves_the_thread_open_does_not_count_for_a_thread_with_tokens() {
    let (post, _) = Post::with_booking(Database::Sqlite);
    let house = &post.house;
    house.tells(&["bookings", "letter", "104512"]);
    house.runs_once();
    let id = house.only_answer().message_id;
    let letter = letter_from(&citizen(1)).says("Просьба", "Прошу отменить запись.\n");
    let bytes = letter.unsigned().bytes(house.office());
    let open = "From:To:Subject:Date:MIME-Version:Content-Type:Content-Transfer-Encoding";
    let signed = Signing::by(domain(&citizen(1)))
        .over(open)
        .sign(&post.key, &bytes);
    assert_eq!(line(&post.explains(&signed), "dkim"), "aligned");
    let header = format!("In-Reply-To: <{id}>\r\n");
    let threaded = [header.as_bytes(), &signed[..]].concat();
    let told = post.explains(&threaded);
    assert!(line(&told, "tokens").starts_with("booking"), "{told}");
    assert_eq!(line(&told, "dkim"), "no_pass");
    assert!(
        line(&told, "signature").starts_with("headers_not_covered"),
        "{told}"
    );
}

/// The mailbox of a whole house, say: whoever writes from it is not told apart.
#[test]
fn an_address_that_six_persons_share_proves_nothing_and_import_says_so() {
    let post = Post::open(Database::Sqlite);
    let house = &post.house;
    let shared = citizen(7).email;
    let sharing = |n: usize| {
        let mut appointment = Appointment::new(&format!("60000{n}"), &citizen(n));
        appointment.more_emails.push(shared.clone());
        appointment
    };
    let first: Vec<Appointment> = (1..6).map(sharing).collect();
    house.imports(&first.iter().collect::<Vec<_>>());
    let file = house.path("bookings.csv");
    let text = std::fs::read_to_string(&file).unwrap();
    let header = text.lines().next().unwrap();
    std::fs::write(&file, format!("{header}\n{}\n", sharing(6).csv())).unwrap();
    let imported = house.answers_with(&["bookings", "import", file.to_str().unwrap()]);
    assert_eq!(imported.code, 1, "{}", imported.out);
    assert!(
        imported.out.contains("more than five persons"),
        "{}",
        imported.out
    );

    post.publishes(&citizen(7));
    let signed = post.signed(
        &citizen(7),
        &letter_from(&citizen(7)).asks_briefly("600001"),
    );
    let told = post.explains(&signed);
    assert_eq!(line(&told, "aligned"), "yes");
    assert!(line(&told, "on file").contains("shared"), "{told}");
    assert_eq!(line(&told, "trust"), "staff");
    house.arrives(&signed);
    house.runs_once();
    assert_eq!(house.booking_state("600001"), "scheduled");
    assert_eq!(house.answer_kinds(), ["received"]);
}
