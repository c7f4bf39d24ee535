//! Asking for keys: answers are remembered, silence costs a bounded time, and trouble is no answer.

use super::bench::{Bench, KEY_NAME, letter};
use crate::support::dkim::{Key, Signing};
use otmena::decide::DkimVerdict;
use otmena::verify::SignatureVerdict;

async fn verdicts(bench: &Bench, bytes: &[u8]) -> Vec<SignatureVerdict> {
    let evidence = bench.evidence(bytes).await;
    evidence.dkim.signatures.iter().map(|s| s.verdict).collect()
}

#[tokio::test]
async fn a_key_and_its_absence_are_remembered() {
    let key = Key::ed25519();
    let bench = Bench::new();
    bench.dns.serves(KEY_NAME, &[&key.record()]);
    let signed = Signing::by("example.org").sign(&key, &letter());
    for _ in 0..3 {
        assert_eq!(verdicts(&bench, &signed).await, [SignatureVerdict::Pass]);
    }
    assert_eq!(bench.dns.asked(), [KEY_NAME]);
}

#[tokio::test]
async fn a_key_longer_than_a_datagram_is_fetched() {
    let key = Key::rsa();
    let bench = Bench::new();
    let padding = format!("n={}", "x".repeat(1_500));
    let record = key.record().replace("k=rsa", &format!("k=rsa; {padding}"));
    bench.dns.serves(KEY_NAME, &[&record]);
    let signed = Signing::by("example.org").sign(&key, &letter());
    assert_eq!(verdicts(&bench, &signed).await, [SignatureVerdict::Pass]);
}

#[tokio::test]
async fn trouble_is_neither_passed_nor_failed() {
    let key = Key::ed25519();
    let signed = Signing::by("example.org").sign(&key, &letter());
    let failing = Bench::new();
    failing.dns.fails(KEY_NAME);
    let silent = Bench::new();
    silent.dns.is_silent_about(KEY_NAME);
    for bench in [failing, silent] {
        let evidence = bench.evidence(&signed).await;
        assert_eq!(evidence.dkim_verdict(), DkimVerdict::DnsTrouble);
        assert!(evidence.hangs_on_dns() && !evidence.aligned());
        // An organisation in trouble is not asked for each of its letters.
        let before = bench.dns.asked().len();
        assert!(bench.evidence(&signed).await.hangs_on_dns());
        assert_eq!(bench.dns.asked().len(), before);
    }
}

#[tokio::test]
async fn trouble_with_one_signature_does_not_spoil_another() {
    let key = Key::ed25519();
    let bench = Bench::new();
    bench.dns.serves(KEY_NAME, &[&key.record()]);
    bench.dns.fails("second._domainkey.example.org");
    let mut second = Signing::by("example.org");
    second.selector = "second".to_owned();
    let signed = Signing::by("example.org").sign(&key, &letter());
    let signed = second.sign(&Key::ed25519(), &signed);
    let evidence = bench.evidence(&signed).await;
    assert_eq!(
        evidence.dkim.signatures[0].verdict,
        SignatureVerdict::DnsTrouble
    );
    assert_eq!(evidence.dkim_verdict(), DkimVerdict::Aligned);
}
