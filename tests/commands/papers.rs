//! Documents, the journal and privacy as an operator, or an office that is shown a paper, types it.

use super::bookings::BOOKINGS;
use super::office::{Office, Told};
use sqlx::Connection;

fn office() -> Office {
    let office = Office::new();
    office.write("bookings.csv", BOOKINGS);
    assert_eq!(office.otmena(&["migrate"]).code, 0);
    assert_eq!(
        office.otmena(&["bookings", "import", "bookings.csv"]).code,
        0
    );
    assert_eq!(office.otmena(&["bookings", "cancel", "104512"]).code, 0);
    office
}

fn document(office: &Office) -> String {
    let file = office.path("paper.pdf").display().to_string();
    let told = office.otmena(&["bookings", "document", "104512", "-o", &file]);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    file
}

/// What somebody does who has neither settings nor database.
fn outside(office: &Office, arguments: &[&str]) -> Told {
    office.otmena_with(arguments, &[])
}

#[test]
fn whoever_has_the_public_key_can_tell_whether_a_paper_is_ours() {
    let office = office();
    let paper = document(&office);
    let key = office.otmena(&["document", "key"]);
    assert!(
        key.out.starts_with("-----BEGIN PUBLIC KEY-----\n"),
        "{}",
        key.out
    );
    assert_eq!(
        office.otmena(&["document", "key"]).out,
        key.out,
        "made once"
    );
    let pem = office.write("public.pem", &key.out).display().to_string();
    let sound = outside(
        &office,
        &["document", "verify", &paper, "--public-key", &pem, "--json"],
    );
    assert_eq!(sound.code, 0, "{}\n{}", sound.out, sound.err);
    assert_eq!(sound.json()["verdict"], "genuine");
    assert_eq!(sound.json()["says"]["number"], "104512");

    let mut altered = std::fs::read(&paper).unwrap();
    altered.extend(b"\n%");
    let altered_paper = office.path("altered.pdf");
    std::fs::write(&altered_paper, altered).unwrap();
    let altered_paper = altered_paper.display().to_string();
    let other = outside(
        &office,
        &["document", "verify", &altered_paper, "--public-key", &pem],
    );
    assert_eq!(other.code, 1, "{}", other.out);
    assert!(
        other.out.contains("was altered or saved anew"),
        "{}",
        other.out
    );

    let foreign = Office::new();
    assert_eq!(foreign.otmena(&["migrate"]).code, 0);
    let key = foreign.otmena(&["document", "key"]).out;
    let pem = foreign.write("public.pem", &key).display().to_string();
    let told = outside(
        &office,
        &["document", "verify", &paper, "--public-key", &pem, "--json"],
    );
    assert_eq!(
        (told.code, &told.json()["verdict"]),
        (1, &"not_ours".into()),
        "{}",
        told.out
    );
    outside(&office, &["document", "verify", &paper]).refuses(2, &["--public-key"]);
}

#[test]
fn the_token_of_the_square_code_is_read_as_scanned_and_as_typed() {
    let office = office();
    let paper = document(&office);
    let text = std::process::Command::new("pdftotext")
        .args([&paper, "-"])
        .output()
        .unwrap();
    let squeezed: String = String::from_utf8(text.stdout)
        .unwrap()
        .split_whitespace()
        .collect();
    let (_, token) = squeezed.split_once("OTMENA:").expect("it is printed");
    let token: String = token
        .chars()
        .take_while(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        .collect();
    let typed = token.to_lowercase();
    for token in [format!("OTMENA:{token}"), typed] {
        let told = office.otmena(&["document", "verify", "--token", &token, "--json"]);
        assert_eq!(told.code, 0, "{token}\n{}\n{}", told.out, told.err);
        assert_eq!(told.json()["says"]["document"], "104512/1");
        assert!(
            told.json()["says"]["full_name"].is_null(),
            "no person in it"
        );
    }
    let wrong = format!("{}A", token.get(1..).unwrap());
    let told = office.otmena(&["document", "verify", "--token", &wrong]);
    assert_eq!(told.code, 1, "{}", told.out);
}

#[test]
fn there_is_no_document_of_what_was_not_cancelled() {
    let office = office();
    let file = office.path("none.pdf");
    let name = file.display().to_string();
    for number in ["30881", "999"] {
        let told = office.otmena(&["bookings", "document", number, "-o", &name]);
        assert_eq!(told.code, 1, "{}", told.out);
    }
    assert!(!file.exists());
}

#[test]
fn the_journal_is_exported_and_a_noted_seal_shows_what_was_cut_off() {
    let office = office();
    let whole = office.otmena(&["journal", "export"]);
    let lines: Vec<serde_json::Value> = whole
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(lines.len() > 10, "{}", whole.out);
    assert!(
        lines
            .iter()
            .all(|line| line["data"]["channel"] == "command" || line["kind"] == "slot_freed")
    );
    let third = lines[2]["id"].to_string();
    let rest = office.otmena(&["journal", "export", "--after", &third]);
    assert_eq!(rest.out.lines().count(), lines.len() - 3);

    assert_eq!(office.otmena(&["run", "--once"]).code, 0);
    let verified = office.otmena(&["journal", "verify", "--json"]).json();
    let seal = &verified["last_seal"];
    let noted = format!("{}:{}", seal["position"], seal["hash"].as_str().unwrap());
    let told = office.otmena(&["journal", "verify", "--seal", &noted]);
    assert_eq!(told.code, 0, "{}", told.out);
    assert!(told.out.contains(&noted), "{}", told.out);
    let other = noted.replace(['a', 'b'], "c");
    let told = office.otmena(&["journal", "verify", "--seal", &other]);
    assert_eq!(told.code, 1, "{}", told.out);
    assert!(
        told.out.contains("seals is broken at entry 1"),
        "{}",
        told.out
    );
}

/// An old letter that no rule fits, in a Maildir: it lies with staff, and its note beside it.
#[tokio::test]
async fn retention_empties_a_maildir_of_what_the_database_has_emptied() {
    let office = office();
    let day = 86_400_i64;
    let now = crate::support::house::now().as_second();
    let old = now - 200 * day;
    let letter =
        "From: a@example.net\r\nTo: cancel@example.org\r\nSubject: x\r\n\r\nZhelayu schastya\r\n";
    office.write(&format!("mail/new/{old}.1.host"), letter);
    office.writes_settings("[desk]\ndigest_at = \"off\"\n");
    let settings = std::fs::read_to_string(office.path("otmena.toml")).unwrap();
    let since = settings.replace(
        "path = \"mail\"",
        "path = \"mail\"\nsince = \"1990-01-01T00:00:00Z\"",
    );
    office.write("otmena.toml", &since);
    assert_eq!(office.otmena(&["run", "--once"]).code, 0);
    assert_eq!(held(&office), 2, "the letter and its note");
    let url = format!("sqlite:{}", office.path("otmena.db").display());
    let mut database = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let sql = "UPDATE letters SET decided_at = decided_at - 200 * 86400000000";
    sqlx::query(sql).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    let told = office.otmena(&["privacy", "purge", "--json"]);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    assert_eq!(told.json()["letters"], 1, "{}", told.out);
    assert_eq!(told.json()["removed_from_mailbox"], 1, "{}", told.out);
    assert_eq!(held(&office), 1, "the note is of today");
    let again = office.otmena(&["privacy", "purge", "--json"]).json();
    assert_eq!(
        (&again["letters"], &again["removed_from_mailbox"]),
        (&0.into(), &0.into())
    );
    assert_eq!(office.otmena(&["journal", "verify"]).code, 0);
}

/// How many messages lie in the folder for staff.
fn held(office: &Office) -> usize {
    let folders = std::fs::read_dir(office.path("mail")).unwrap();
    let name = utf7_imap::encode_utf7_imap("Разбор".to_owned());
    folders
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_str() == Some(&format!(".{name}")))
        .flat_map(|path| ["new", "cur"].map(|part| path.join(part)))
        .map(|path| std::fs::read_dir(path).map_or(0, Iterator::count))
        .sum()
}
