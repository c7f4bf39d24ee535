//! The document «Подтверждение отмены записи», read by the programs that citizens use.

use super::samples::{at, by_staff, data, key};
use otmena::failure::Failure;
use otmena::reply::pdf::Renderer;
use otmena::reply::templates::Templates;
use otmena::reply::{LetterData, LetterKind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

fn renderer() -> Renderer {
    Renderer::new(Arc::new(Templates::load().unwrap())).unwrap()
}

fn confirmation(data: &LetterData) -> Result<Vec<u8>, Failure> {
    renderer().confirmation(data, &key(), false)
}

/// A document in a file of its own, gone when the test ends.
struct Paper {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl Paper {
    fn of(data: &LetterData) -> Self {
        Self::holding(&confirmation(data).unwrap())
    }

    fn refusal_of(data: &LetterData) -> Self {
        Self::holding(&renderer().refusal(data).unwrap())
    }

    fn holding(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("document.pdf");
        std::fs::write(&path, bytes).unwrap();
        Self {
            _folder: folder,
            path,
        }
    }

    fn run(&self, program: &str, before: &[&str], after: &[&str]) -> String {
        let output = Command::new(program)
            .args(before)
            .arg(&self.path)
            .args(after)
            .output()
            .unwrap_or_else(|error| panic!("{program}: {error}"));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{program}: {text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        text
    }

    /// The text as a person copies it, line breaks as blanks.
    fn text(&self) -> String {
        let raw = self.run("pdftotext", &[], &["-"]);
        raw.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn pages(&self) -> u32 {
        let info = self.run("pdfinfo", &[], &[]);
        let line = info.lines().find(|l| l.starts_with("Pages:")).unwrap();
        line.split_whitespace().last().unwrap().parse().unwrap()
    }
}

#[test]
fn the_document_reads_as_it_should() {
    let paper = Paper::of(&data(LetterKind::Cancelled));
    insta::assert_snapshot!(
        "document.txt",
        paper.run("pdftotext", &["-layout"], &["-"]).trim_end()
    );
    assert_eq!(paper.pages(), 1);
}

#[test]
fn the_document_of_a_cancellation_by_staff_claims_no_letter() {
    let paper = Paper::of(&by_staff(LetterKind::Cancelled));
    let text = paper.text();
    assert!(text.contains("Запись № 12345 отменена. "), "{text}");
    assert!(text.contains("Запись отменена 10 марта 2027 г."), "{text}");
    for false_claim in ["росьб", "гражданин", "получен"] {
        assert!(!text.contains(false_claim), "{text}");
    }
}

#[test]
fn the_document_never_holds_the_reason_nor_an_address() {
    let mut data = data(LetterKind::Cancelled);
    data.masked_sender = Some("m…@….ru".to_owned());
    let text = Paper::of(&data).text();
    assert!(!text.contains("ребёнок"), "{text}");
    assert!(!text.contains('@'), "{text}");
}

#[test]
fn the_document_is_a_sound_tagged_pdf_in_russian() {
    let paper = Paper::of(&data(LetterKind::Cancelled));
    let report = paper.run("qpdf", &["--check"], &[]);
    assert!(
        report.contains("No syntax or stream encoding errors found"),
        "{report}"
    );
    let info = paper.run("pdfinfo", &["-meta"], &[]);
    for mark in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "<rdf:li>ru</rdf:li>",
        "Подтверждение отмены записи № 12345",
        "2027-03-10T04:15:31",
    ] {
        assert!(info.contains(mark), "{mark}\n{info}");
    }
    let fonts = paper.run("pdffonts", &[], &[]);
    assert_eq!(fonts.matches("OtmenaText").count(), 2, "{fonts}");
    let tags = paper.run("pdfinfo", &["-struct-text"], &[]);
    for tag in ["H1", "Table", "TH", "TD", "Figure"] {
        assert!(tags.contains(tag), "{tag}\n{tags}");
    }
}

/// Asks an independent validator; its rules that fail are printed, one a line.
const VALIDATE: &str = "
import sys, page
profile = getattr(page.ValidationProfile, sys.argv[2])
report = page.validate_pdf(sys.argv[1], profile=profile)
for failure in report.failures:
    print(failure.rule_id, failure.message)
sys.exit(0 if report.is_compliant and report.rules.passed > 50 else 1)
";

#[test]
fn an_independent_validator_finds_pdf_a_and_pdf_ua_kept() {
    let python = concat!(env!("CARGO_MANIFEST_DIR"), "/target/python/bin/python");
    assert!(
        Path::new(python).exists(),
        "run ./test once: it installs what tests/python-packages.txt lists"
    );
    let mut long = data(LetterKind::Cancelled);
    let booking = long.booking.as_mut().unwrap();
    booking.address = "Набережная Первого Всероссийского Съезда, ".repeat(90);
    for data in [
        data(LetterKind::Cancelled),
        by_staff(LetterKind::Cancelled),
        long,
    ] {
        let paper = Paper::of(&data);
        for profile in ["PDF_A_3A", "PDF_UA_1"] {
            paper.run(python, &["-c", VALIDATE], &[profile]);
        }
    }
}

#[test]
fn the_same_cancellation_gives_the_same_document_for_ever() {
    let cancelled = data(LetterKind::Cancelled);
    let first = confirmation(&cancelled).unwrap();
    assert_eq!(first, confirmation(&cancelled).unwrap());
    let again = confirmation(&data(LetterKind::AlreadyCancelled)).unwrap();
    assert_eq!(first, again);
    let mut later = cancelled;
    later.cancelled_at = Some(at("2027-03-10T09:15:32+05:00"));
    assert_ne!(first, confirmation(&later).unwrap());
}

#[test]
fn long_names_and_addresses_take_more_lines_and_more_pages() {
    let mut long = data(LetterKind::Cancelled);
    let booking = long.booking.as_mut().unwrap();
    booking.full_name = "Константинопольская-Преображенская ".repeat(4);
    booking.address = "Набережная Первого Всероссийского Съезда, ".repeat(5);
    booking.resource = "Щ".repeat(90);
    let paper = Paper::of(&long);
    assert_eq!(paper.pages(), 1);
    assert_eq!(paper.text().matches("Преображенская").count(), 4);
    let booking = long.booking.as_mut().unwrap();
    booking.address = "Набережная Первого Всероссийского Съезда, ".repeat(90);
    let paper = Paper::of(&long);
    assert_eq!(paper.pages(), 3);
    let text = paper.text();
    assert_eq!(text.matches("Набережная").count(), 90);
    assert!(text.contains("страница 3 из 3"), "{text}");
    paper.run("qpdf", &["--check"], &[]);
}

#[test]
fn characters_that_the_font_lacks_stop_no_document() {
    let mut odd = data(LetterKind::Cancelled);
    let booking = odd.booking.as_mut().unwrap();
    booking.full_name = "Мария 🌸 გიორგი 王 Nguyễn\u{0}\u{FEFF}\u{E000} Ғайсә".to_owned();
    booking.service = "🌸".to_owned();
    booking.organisation = "\u{200B}".to_owned();
    booking.number = "А-17/2027".to_owned();
    let text = Paper::of(&odd).text();
    assert!(text.contains("Мария ? ? ? Nguyen ? Ғайсә"), "{text}");
    assert!(text.contains("А-17/2027"), "{text}");
}

#[test]
fn a_document_without_its_facts_is_refused_not_forged() {
    let whole = data(LetterKind::Cancelled);
    let lacking: [fn(&mut LetterData); 3] = [
        |d| d.booking = None,
        |d| d.document = None,
        |d| d.cancelled_at = None,
    ];
    for take in lacking {
        let mut data = whole.clone();
        take(&mut data);
        assert!(confirmation(&data).is_err());
    }
}

#[test]
fn the_refusal_reads_as_it_should_and_names_the_rule_and_no_reason() {
    let mut refused = data(LetterKind::RefusedTooLate);
    refused.reason = Some("заболел ребёнок".to_owned());
    let paper = Paper::refusal_of(&refused);
    let text = paper.run("pdftotext", &["-layout"], &["-"]);
    insta::assert_snapshot!("refusal.txt", text.trim_end());
    assert!(!text.contains("ребёнок") && !text.contains('@'), "{text}");
    assert_eq!(paper.pages(), 1);
    let report = paper.run("qpdf", &["--check"], &[]);
    assert!(report.contains("No syntax or stream encoding errors found"));
    let info = paper.run("pdfinfo", &["-meta"], &[]);
    assert!(info.contains("Отказ в отмене записи № 12345"), "{info}");
    let python = concat!(env!("CARGO_MANIFEST_DIR"), "/target/python/bin/python");
    for profile in ["PDF_A_3A", "PDF_UA_1"] {
        paper.run(python, &["-c", VALIDATE], &[profile]);
    }
}

#[test]
fn a_refusal_without_its_facts_is_refused_not_forged() {
    let whole = data(LetterKind::RefusedTooLate);
    let first = renderer().refusal(&whole).unwrap();
    assert_eq!(first, renderer().refusal(&whole).unwrap());
    let lacking: [fn(&mut LetterData); 3] = [
        |d| d.booking = None,
        |d| d.document = None,
        |d| d.late = None,
    ];
    for take in lacking {
        let mut data = whole.clone();
        take(&mut data);
        assert!(renderer().refusal(&data).is_err());
    }
}

/// A refusal that was decided before refusals had numbers is sent as it was then.
#[test]
fn a_refusal_of_an_earlier_version_has_no_document() {
    let mut old = data(LetterKind::RefusedTooLate);
    (old.document, old.late) = (None, None);
    let mut row = super::samples::row(LetterKind::RefusedTooLate);
    row.letter.data = old;
    let letter = super::samples::press().render(&row).unwrap();
    assert_eq!(letter.document_hash, None);
}

#[test]
fn one_renderer_serves_many_threads() {
    let renderer = renderer();
    let draw = || {
        let cancelled = data(LetterKind::Cancelled);
        renderer.confirmation(&cancelled, &key(), false).unwrap()
    };
    let expected = draw();
    std::thread::scope(|scope| {
        let drawn: Vec<_> = (0..4).map(|_| scope.spawn(draw)).collect();
        for thread in drawn {
            assert_eq!(thread.join().unwrap(), expected);
        }
    });
}
