//! Every property of a signature on its own: what makes it count, and what makes it worthless.

use super::bench::{Bench, KEY_NAME, letter, letter_dated, now, replaced};
use crate::support::dkim::{
    Key, Signing, USUAL, rsa_pem, rsa_record, sign_by_dkimpy, sign_by_mail_auth,
};
use otmena::decide::DkimVerdict;
use otmena::verify::SignatureVerdict;

#[tokio::test]
async fn three_signers_and_two_algorithms_pass() {
    let rsa = Key::rsa();
    let bench = Bench::publishing(&rsa);
    let Key::Rsa(_, pem) = &rsa else {
        unreachable!()
    };
    let passed = SignatureVerdict::Pass;
    let by_hand = Signing::by("example.org").sign(&rsa, &letter());
    assert_eq!(bench.verdict(&by_hand).await, passed);
    let by_dkimpy = sign_by_dkimpy(pem, "example.org", &letter());
    assert_eq!(bench.verdict(&by_dkimpy).await, passed);
    let by_mail_auth = sign_by_mail_auth(Key::rsa(), "example.org", &letter());
    assert_eq!(bench.verdict(&by_mail_auth).await, passed);

    let ed25519 = Key::ed25519();
    let bench = Bench::publishing(&ed25519);
    let by_hand = Signing::by("example.org").sign(&ed25519, &letter());
    assert_eq!(bench.verdict(&by_hand).await, passed);
    let by_mail_auth = sign_by_mail_auth(ed25519, "example.org", &letter());
    assert_eq!(bench.verdict(&by_mail_auth).await, passed);
}

#[tokio::test]
async fn whatever_a_forwarder_leaves_alone_still_passes() {
    let key = Key::ed25519();
    let bench = Bench::publishing(&key);
    let signed = Signing::by("example.org").sign(&key, &letter());
    let traced = [
        b"Received: from a by b; now\r\nDelivered-To: x@y.example\r\n",
        &signed[..],
    ]
    .concat();
    assert_eq!(bench.verdict(&traced).await, SignatureVerdict::Pass);
    let refolded = replaced(&signed, "Subject: 104512", "Subject:\r\n  104512 ");
    assert_eq!(bench.verdict(&refolded).await, SignatureVerdict::Pass);
    let bare_lines = String::from_utf8(signed).unwrap().replace("\r\n", "\n");
    assert_eq!(
        bench.verdict(bare_lines.as_bytes()).await,
        SignatureVerdict::Pass
    );
}

#[tokio::test]
async fn a_changed_letter_fails() {
    use SignatureVerdict::{
        BodyChanged, FromUnclear, HeadersChanged, HeadersNotCovered, OtherDomain,
    };
    let key = Key::ed25519();
    let bench = Bench::publishing(&key);
    let signed = Signing::by("example.org").sign(&key, &letter());
    let added = |header: &str| [header.as_bytes(), b"\r\n", &signed[..]].concat();
    for (changed, expected) in [
        (replaced(&signed, "№104512", "№104513"), BodyChanged),
        ([&signed[..], b"more\r\n"].concat(), BodyChanged),
        (
            replaced(&signed, "Subject: 104512", "Subject: 104513"),
            HeadersChanged,
        ),
        (replaced(&signed, "<anna@", "<vera@"), HeadersChanged),
        (
            replaced(&signed, "To: cancel", "To: Cancel"),
            HeadersChanged,
        ),
        (replaced(&signed, "text/plain", "text/html"), HeadersChanged),
        (
            replaced(&signed, "Message-ID: <1", "Message-ID: <2"),
            HeadersChanged,
        ),
        (replaced(&signed, "; b=", "; b=AAAA"), HeadersChanged),
        (
            replaced(&signed, "anna@example.org", "anna@other.example"),
            OtherDomain,
        ),
        (added("From: <vera@example.org>"), FromUnclear),
        (added("From : <vera@example.org>"), FromUnclear),
        (
            replaced(
                &signed,
                "<anna@example.org>",
                "<anna@example.org>, vera@example.org",
            ),
            FromUnclear,
        ),
        (added("Subject: 104513"), HeadersNotCovered),
        (added("Content-Type: text/html"), HeadersNotCovered),
        (added("Cc: vera@example.org"), HeadersNotCovered),
    ] {
        let found = bench.verdict(&changed).await;
        assert_eq!(found, expected, "{}", String::from_utf8_lossy(&changed));
    }
}

#[tokio::test]
async fn oversigned_headers_refuse_every_addition() {
    let key = Key::ed25519();
    let bench = Bench::publishing(&key);
    let twice = "From:From:To:To:Subject:Subject:Date:Date:MIME-Version:MIME-Version:\
                 Content-Type:Content-Type:Cc:Reply-To";
    let signed = Signing::by("example.org").over(twice).sign(&key, &letter());
    assert_eq!(bench.verdict(&signed).await, SignatureVerdict::Pass);
    for header in [
        "Subject: 104513",
        "Cc: vera@example.org",
        "Reply-To: vera@example.org",
    ] {
        let changed = [header.as_bytes(), b"\r\n", &signed[..]].concat();
        let found = bench.verdict(&changed).await;
        assert_eq!(found, SignatureVerdict::HeadersChanged, "{header}");
    }
}

#[tokio::test]
async fn every_header_that_matters_must_be_signed() {
    let key = Key::ed25519();
    let bench = Bench::publishing(&key);
    for left_out in [
        "From",
        "To",
        "Subject",
        "Date",
        "MIME-Version",
        "Content-Type",
    ] {
        let names: Vec<&str> = USUAL.into_iter().filter(|name| *name != left_out).collect();
        let signing = Signing::by("example.org").over(&names.join(":"));
        let signed = signing.sign(&key, &letter());
        let found = bench.verdict(&signed).await;
        assert_eq!(found, SignatureVerdict::HeadersNotCovered, "{left_out}");
    }
}

#[tokio::test]
async fn a_length_counts_only_when_it_covers_the_whole_body() {
    let key = Key::ed25519();
    let bench = Bench::publishing(&key);
    let mut canonical = Vec::new();
    let body = &letter()[letter().windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4..];
    let relaxed = mail_auth::dkim::Canonicalization::Relaxed.canonical_body(body, u64::MAX);
    mail_auth::common::headers::Writable::write(relaxed, &mut canonical);
    let with = |octets: usize| {
        let mut signing = Signing::by("example.org");
        signing.length = Some(octets);
        signing.sign(&key, &letter())
    };
    let whole = with(canonical.len());
    assert_eq!(bench.verdict(&whole).await, SignatureVerdict::Pass);
    let more = [&whole[..], b"Please cancel No 104513\r\n"].concat();
    assert_eq!(bench.verdict(&more).await, SignatureVerdict::BodyNotCovered);
    for octets in [0, 10, canonical.len() - 1] {
        let found = bench.verdict(&with(octets)).await;
        assert_eq!(found, SignatureVerdict::BodyNotCovered, "{octets}");
    }
}

#[tokio::test]
async fn it_expires_by_the_receipt_and_not_by_the_wall_clock() {
    let key = Key::ed25519();
    let bench = Bench::publishing(&key);
    // The daemon was down for two days; the signature held for one.
    let sent = now().plus_hours(-48);
    let tag = format!("x={}", sent.plus_hours(24).seconds());
    let signed = Signing::by("example.org")
        .with(&tag)
        .sign(&key, &letter_dated(sent));
    let in_time = bench.evidence_at(&signed, sent.plus_hours(1)).await;
    assert_eq!(in_time.dkim_verdict(), DkimVerdict::Aligned);
    let late = bench.evidence_at(&signed, sent.plus_hours(25)).await;
    assert_eq!(late.dkim.signatures[0].verdict, SignatureVerdict::Expired);
    assert!(!late.aligned());
}

#[tokio::test]
async fn a_key_that_is_gone_weak_or_of_another_kind_is_none() {
    use SignatureVerdict::{HeadersChanged, KeyMissing, KeyRevoked, KeyTesting, KeyUnfit, KeyWeak};
    let key = Key::ed25519();
    let signed = Signing::by("example.org").sign(&key, &letter());
    let other = Key::ed25519().record();
    let bench = Bench::new();
    assert_eq!(bench.verdict(&signed).await, KeyMissing);
    for (record, expected) in [
        ("v=DKIM1; k=ed25519; p=".to_owned(), KeyRevoked),
        (key.record().replace("k=ed", "t=y; k=ed"), KeyTesting),
        (key.record().replace("k=ed", "s=other; k=ed"), KeyUnfit),
        (key.record().replace("ed25519", "rsa"), KeyUnfit),
        ("v=spf1 -all".to_owned(), KeyUnfit),
        (other, HeadersChanged),
    ] {
        let bench = Bench::new();
        bench.dns.serves(KEY_NAME, &[&record]);
        assert_eq!(bench.verdict(&signed).await, expected, "{record}");
    }
    let weak = rsa_pem(768);
    let bench = Bench::new();
    bench.dns.serves(KEY_NAME, &[&rsa_record(&weak)]);
    let signed = sign_by_dkimpy(&weak, "example.org", &letter());
    assert_eq!(bench.verdict(&signed).await, KeyWeak);
}

#[tokio::test]
async fn sha1_and_a_foreign_identity_are_refused() {
    let key = Key::ed25519();
    let bench = Bench::publishing(&key);
    let signed = Signing::by("example.org").sign(&key, &letter());
    let sha1 = replaced(&signed, "a=ed25519-sha256", "a=rsa-sha1");
    assert_eq!(bench.verdict(&sha1).await, SignatureVerdict::AlgorithmWeak);
    let foreign = Signing::by("example.org")
        .with("i=@other.example")
        .sign(&key, &letter());
    assert_eq!(
        bench.verdict(&foreign).await,
        SignatureVerdict::IdentityForeign
    );
    let below = Signing::by("example.org")
        .with("i=anna@mail.example.org")
        .sign(&key, &letter());
    assert_eq!(bench.verdict(&below).await, SignatureVerdict::Pass);
    let strict = Bench::new();
    strict
        .dns
        .serves(KEY_NAME, &[&key.record().replace("k=ed", "t=s; k=ed")]);
    assert_eq!(
        strict.verdict(&below).await,
        SignatureVerdict::IdentityForeign
    );
}

#[tokio::test]
async fn one_sound_signature_among_others_is_enough() {
    let (key, broken) = (Key::ed25519(), Key::ed25519());
    let bench = Bench::publishing(&key);
    let list = Key::ed25519();
    let signed = Signing::by("example.org").sign(&key, &letter());
    let mut spoilt = Signing::by("example.org");
    spoilt.selector = "old".to_owned();
    let signed = spoilt.sign(&broken, &signed);
    let signed = Signing::by("list.example").sign(&list, &signed);
    let evidence = bench.evidence(&signed).await;
    let verdicts: Vec<_> = evidence.dkim.signatures.iter().map(|s| s.verdict).collect();
    let expected = [
        SignatureVerdict::OtherDomain,
        SignatureVerdict::KeyMissing,
        SignatureVerdict::Pass,
    ];
    assert_eq!(verdicts, expected);
    assert!(evidence.aligned());
    assert!(
        !bench
            .dns
            .asked()
            .iter()
            .any(|name| name.contains("list.example"))
    );
}

#[tokio::test]
async fn a_heap_of_signatures_costs_few_questions() {
    let key = Key::ed25519();
    let bench = Bench::publishing(&key);
    let mut signed = letter();
    for n in 0..60 {
        let mut signing = Signing::by("example.org");
        signing.selector = format!("s{n}");
        signed = signing.sign(&key, &signed);
    }
    let evidence = bench.evidence(&signed).await;
    assert!(!evidence.aligned());
    assert!(evidence.dkim.signatures.len() <= 40);
    assert_eq!(bench.dns.asked().len(), 4, "{:?}", bench.dns.asked());
}

#[tokio::test]
async fn a_letter_to_somebody_else_or_of_another_week_is_not_aligned() {
    let key = Key::ed25519();
    let bench = Bench::publishing(&key);
    let sign = |letter: &[u8]| Signing::by("example.org").sign(&key, letter);
    let elsewhere = sign(&replaced(
        &letter(),
        "cancel@clinic.example",
        "sales@shop.example",
    ));
    let evidence = bench.evidence(&elsewhere).await;
    assert_eq!(evidence.dkim_verdict(), DkimVerdict::NotToUs);
    let plus = sign(&replaced(&letter(), "cancel@", "cancel+anything@"));
    assert_eq!(
        bench.evidence(&plus).await.dkim_verdict(),
        DkimVerdict::Aligned
    );
    let hours = |hours: i64| sign(&letter_dated(now().plus_hours(hours)));
    for (sent, expected) in [
        (hours(-6 * 24), DkimVerdict::Aligned),
        (hours(-7 * 24 - 1), DkimVerdict::OldDate),
        (hours(7 * 24 + 1), DkimVerdict::OldDate),
    ] {
        assert_eq!(bench.evidence(&sent).await.dkim_verdict(), expected);
    }
    let undated = replaced(&letter(), "Date:", "X-Date:");
    let evidence = bench.evidence(&sign(&undated)).await;
    assert_eq!(evidence.dkim_verdict(), DkimVerdict::OldDate);
}

/// A letter whose headers two readers cut differently could be signed in one reading and say
/// something else in the other.
#[tokio::test]
async fn where_the_headers_end_must_be_beyond_doubt() {
    let key = Key::ed25519();
    let bench = Bench::publishing(&key);
    let signed = Signing::by("example.org").sign(&key, &letter());
    for spoilt in [
        [b"From somebody Mon Jan  1 00:00:00 2027\n", &signed[..]].concat(),
        [b"\xEF\xBB\xBF", &signed[..]].concat(),
        replaced(&signed, "Subject:", "stray line\r\nSubject:"),
        [b"X-Many: 1\r\n".repeat(1_100), signed.clone()].concat(),
    ] {
        assert!(!bench.evidence(&spoilt).await.aligned());
    }
}
