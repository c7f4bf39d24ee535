//! Whether a document is ours: its signed data, its token, and every way in which it may be altered.

use super::samples::{by_staff, data, key};
use otmena::domain::{DocumentKey, DocumentToken};
use otmena::reply::pdf::{DATA_FILE, Renderer, Verdict};
use otmena::reply::templates::Templates;
use otmena::reply::{LetterData, LetterKind};
use std::process::Command;
use std::sync::Arc;

fn renderer() -> Renderer {
    Renderer::new(Arc::new(Templates::load().unwrap())).unwrap()
}

fn document(data: &LetterData) -> Vec<u8> {
    renderer().confirmation(data, &key(), false).unwrap()
}

fn verdict(pdf: &[u8]) -> Verdict {
    renderer().check(pdf, key().public()).unwrap()
}

/// The attached file, taken out by a program that is not ours.
fn attached(pdf: &[u8]) -> serde_json::Value {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("document.pdf");
    std::fs::write(&path, pdf).unwrap();
    let output = Command::new("pdfdetach")
        .args(["-saveall", "-o"])
        .arg(folder.path())
        .arg(&path)
        .output()
        .expect("poppler-utils must be installed");
    assert!(output.status.success());
    let bytes = std::fs::read(folder.path().join(DATA_FILE)).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[test]
fn the_attached_data_say_what_the_pages_say_and_nothing_else() {
    let file = attached(&document(&data(LetterKind::Cancelled)));
    let signed: serde_json::Value = serde_json::from_str(file["signed"].as_str().unwrap()).unwrap();
    let facts = &signed["facts"];
    assert_eq!(facts["document"], "12345/1");
    assert_eq!(facts["full_name"], "Соколова Мария Андреевна");
    assert_eq!(facts["zone"], "Asia/Yekaterinburg");
    let text = file.to_string();
    assert!(!text.contains("ребёнок") && !text.contains('@'), "{text}");
    let token = DocumentToken::verify(file["token"].as_str().unwrap(), key().public()).unwrap();
    assert_eq!(
        (token.document.as_str(), token.booking.as_str()),
        ("12345/1", "12345")
    );
}

/// As an office that has only the public key and openssl would do it.
#[test]
fn the_signature_is_verified_by_another_program() {
    let file = attached(&document(&data(LetterKind::Cancelled)));
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let signed = file["signed"].as_str().unwrap();
    let message = put(
        "message",
        format!("otmena document data\0{signed}").as_bytes(),
    );
    let signature = file["signature"].as_str().unwrap();
    let signature = data_encoding::BASE64.decode(signature.as_bytes()).unwrap();
    let signature = put("signature", &signature);
    let public = put("public.pem", key().public().to_pem().as_bytes());
    let output = Command::new("openssl")
        .args(["pkeyutl", "-verify", "-rawin", "-pubin", "-inkey"])
        .arg(public)
        .arg("-sigfile")
        .arg(signature)
        .arg("-in")
        .arg(message)
        .output()
        .expect("openssl must be installed");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && told.contains("Success"),
        "{told}"
    );
}

#[test]
fn an_unaltered_document_is_genuine_and_says_what_it_says() {
    for data in [data(LetterKind::Cancelled), by_staff(LetterKind::Cancelled)] {
        let Verdict::Genuine(facts) = verdict(&document(&data)) else {
            panic!("not genuine");
        };
        assert_eq!(facts.number, "12345");
        assert_eq!(facts.received_at, data.received_at);
    }
    let duplicate = renderer()
        .confirmation(&data(LetterKind::Cancelled), &key(), true)
        .unwrap();
    assert!(matches!(verdict(&duplicate), Verdict::Genuine(facts) if facts.duplicate));
}

#[test]
fn any_changed_octet_is_seen() {
    let whole = document(&data(LetterKind::Cancelled));
    for part in 0..40 {
        let mut altered = whole.clone();
        let at = whole.len() * part / 40;
        altered[at] ^= 1;
        assert!(
            !matches!(verdict(&altered), Verdict::Genuine(_)),
            "octet {at}"
        );
    }
    let mut longer = whole.clone();
    longer.extend(b"\n% nothing that shows");
    assert!(matches!(
        verdict(&longer),
        Verdict::OtherBytes {
            same_words: true,
            ..
        }
    ));
    assert_eq!(verdict(b"%PDF-1.7 nothing"), Verdict::NotOurs);
    assert_eq!(verdict(b""), Verdict::NotOurs);
}

/// The pages of one document around the data of another.
#[test]
fn a_page_that_says_something_else_than_its_data_is_seen() {
    let mut other = data(LetterKind::Cancelled);
    other.booking.as_mut().unwrap().full_name = "Соколова Дарья Андреевна".to_owned();
    let (own, forged) = (document(&data(LetterKind::Cancelled)), document(&other));
    let (own_name, forged_name) = ("Мария", "Дарья");
    let text = |bytes: &[u8]| bytes.windows(10).position(|w| w == own_name.as_bytes());
    let at = text(&own).expect("the data stand in the file as they are");
    let mut altered = own.clone();
    altered[at..at + 10].copy_from_slice(forged_name.as_bytes());
    assert_eq!(verdict(&altered), Verdict::NotOurs, "the signature breaks");
    assert!(matches!(verdict(&forged), Verdict::Genuine(_)));
}

#[test]
fn a_document_of_another_key_is_not_ours() {
    let other = DocumentKey::from_seed(&[8; 32]).unwrap();
    let foreign = renderer()
        .confirmation(&data(LetterKind::Cancelled), &other, false)
        .unwrap();
    assert_eq!(verdict(&foreign), Verdict::NotOurs);
}
