//! No letter that we send reads as a request: neither itself nor an empty reply that quotes it, as
//! three programs quote.

use super::letters_of_times;
use crate::support::house::{
    Answer, Appointment, CitizenLetter, Database, House, How, citizen, letter_from,
};
use otmena::reply::LetterKind;
use serde_json::Value;
use std::collections::BTreeSet;

/// One letter of each kind, as it left the program.
fn one_of_each_kind(house: &House) -> Vec<Answer> {
    let own = Appointment::new("104512", &citizen(1));
    let late = Appointment::new("104513", &citizen(2)).in_hours(5);
    let asked = Appointment::new("104514", &citizen(3));
    let mistaken = Appointment::new("104515", &citizen(4));
    let only = Appointment::new("104516", &citizen(5));
    let first = Appointment::new("104517", &citizen(6));
    let second = Appointment::new("104518", &citizen(6)).in_hours(100);
    house.imports(&[&own, &late, &asked, &mistaken, &only, &first, &second]);
    house.tells(&["bookings", "letter", "104512"]);
    house.runs_once();
    house.citizen_writes(&letter_from(&citizen(1)).cancels(&own));
    house.citizen_writes(&letter_from(&citizen(2)).cancels(&late));
    house.citizen_writes(&letter_from(&citizen(3)).unsigned().cancels(&asked));
    house.citizen_writes(&letter_from(&citizen(3)).asks_briefly("104599"));
    house.citizen_writes(&letter_from(&citizen(9)).asks_briefly("104599"));
    let other_day = "Прошу отменить запись №104515.\nФИО: Петрова Инна Олеговна\n";
    house.citizen_writes(&letter_from(&citizen(4)).says("Отмена записи №104515", other_day));
    for n in [5, 6] {
        let unnumbered =
            letter_from(&citizen(n)).says("Отмена записи", "Прошу отменить мою запись.\n");
        house.citizen_writes(&unnumbered);
    }
    house.runs_once();
    house.citizen_writes(&letter_from(&citizen(1)).asks_briefly("104512"));
    let odd = letter_from(&citizen(4)).asks_briefly("104598");
    house.citizen_writes(&odd);
    house.runs_once();
    house.staff_drags(&[odd.message_id()], "Разбор", "Разбор/Отказать", How::Move);
    house.runs_once();
    late_letters(house);
    let status = letter_from(&citizen(4)).says("Статус записи №104515", "Здравствуйте!\n");
    house.citizen_writes(&status);
    let again = "Пришлите, пожалуйста, подтверждение отмены записи №104512 ещё раз.\n";
    house.citizen_writes(&letter_from(&citizen(1)).says("Подтверждение отмены №104512", again));
    let help = "Кнопка в письме не нажимается. Позовите, пожалуйста, оператора.\n";
    house.citizen_writes(&letter_from(&citizen(5)).says("Вопрос", help));
    house.runs_once();
    let mut letters = house.answers();
    letters.extend(letters_of_times::each_kind());
    let kinds: BTreeSet<&str> = letters.iter().map(Answer::kind).collect();
    let all: BTreeSet<&str> = LetterKind::ALL.iter().map(|kind| kind.code()).collect();
    assert_eq!(kinds, all, "one letter of each kind");
    letters
}

/// The letters about late cancellations.
fn late_letters(house: &House) {
    let visit = |number, person: usize| {
        let visit = Appointment::new(number, &citizen(person)).in_hours(6);
        visit.in_category("prepared").of_citizen("P-1")
    };
    let agreed = visit("104521", 11);
    let excused = visit("104522", 12);
    let in_vain = visit("104523", 13);
    house.imports(&[&agreed, &excused, &in_vain]);
    let paper = |letter: CitizenLetter| letter.with_file("s.pdf", "application/pdf", b"%PDF-1.4");
    house.citizen_writes(&letter_from(&citizen(11)).cancels(&agreed));
    let papers = [
        paper(letter_from(&citizen(12)).cancels(&excused)),
        paper(letter_from(&citizen(13)).cancels(&in_vain)),
    ];
    for letter in &papers {
        house.citizen_writes(letter);
    }
    house.runs_once();
    let [approved, rejected] = papers.each_ref().map(CitizenLetter::message_id);
    house.staff_drags(&[approved], "Разбор", "Разбор/Отменить запись", How::Move);
    house.staff_drags(&[rejected], "Разбор", "Разбор/Отказать", How::Move);
    let answers = house.answers();
    let asked = answers.iter().find(|one| one.kind() == "late_consent");
    let yes = letter_from(&citizen(11)).in_reply_to(&asked.unwrap().message_id);
    house.citizen_writes(&yes.says("Re: согласие", "ДА\n"));
    house.runs_once();
    let answers = house.answers();
    let mut confirmations = answers.iter().filter(|one| one.kind() == "cancelled");
    let confirmed = confirmations.next_back().unwrap();
    let follows = letter_from(&citizen(11)).in_reply_to(&confirmed.message_id);
    house.citizen_writes(&paper(follows.says("Re: справка", "Вот справка.\n")));
    house.tells(&["sanctions", "impose", "1", "2"]);
    let wish = letter_from(&citizen(11)).says("Повторная запись №104521", "Когда можно.\n");
    house.citizen_writes(&wish);
    house.runs_once();
    house.tells(&["sanctions", "lift", "1"]);
    house.runs_once();
}

fn marked(letter: &Answer) -> (String, Option<String>) {
    let quoted: String = letter
        .text
        .lines()
        .map(|line| format!("> {line}\n"))
        .collect();
    (
        format!("\n\n01.02.2027 10:15, Поликлиника № 3 пишет:\n{quoted}"),
        None,
    )
}

fn outlook_block(letter: &Answer, office: &str) -> (String, Option<String>) {
    let text = format!(
        "\n\nОт: Поликлиника № 3 <{office}>\nОтправлено: 1 февраля 2027 г. 10:15\n\
         Кому: {}\nТема: {}\n\n{}",
        letter.recipient, letter.subject, letter.text
    );
    (text, None)
}

fn gmail_html(letter: &Answer, office: &str) -> (String, Option<String>) {
    let head = format!("пн, 1 февр. 2027 г. в 10:15, Поликлиника № 3 &lt;{office}&gt;:");
    let quoted: String = letter
        .text
        .lines()
        .map(|line| format!("> {line}\n"))
        .collect();
    let text = format!("\n\nпн, 1 февр. 2027 г. в 10:15, Поликлиника № 3 <{office}>:\n\n{quoted}");
    let html = format!(
        "<div dir=\"ltr\"><br></div><br><div class=\"gmail_quote\"><div dir=\"ltr\" \
         class=\"gmail_attr\">{head}<br></div><blockquote class=\"gmail_quote\" \
         style=\"margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204)\">{}\
         </blockquote></div>",
        letter.html
    );
    (text, Some(html))
}

/// An empty reply with everything quoted.
fn reply(letter: &Answer, office: &str, quoted: (String, Option<String>)) -> Vec<u8> {
    let (text, html) = quoted;
    let reply = letter_from(&citizen(1))
        .in_reply_to(&letter.message_id)
        .says(&format!("Re: {}", letter.subject), &text);
    match html {
        Some(html) => reply.with_html(&html).bytes(office),
        None => reply.bytes(office),
    }
}

#[test]
fn an_empty_reply_to_any_of_our_letters_asks_for_nothing() {
    let mut house = House::open(Database::Sqlite);
    house.has_policy(
        "[prepared]\nlate = \"consent\"\n[sanctions]\nenabled = true\nfine_from = 1\n\
         same_service_from = 1\n",
    );
    let office = house.office().to_owned();
    let mut files = Vec::new();
    let mut write = |name: String, bytes: &[u8]| {
        let path = house.path(&name);
        std::fs::write(&path, bytes).unwrap();
        files.push(path.to_str().unwrap().to_owned());
    };
    for (n, letter) in one_of_each_kind(&house).iter().enumerate() {
        let kind = letter.kind();
        write(format!("{n}-{kind}-itself.eml"), &letter.bytes);
        let replies = [
            ("marked", marked(letter)),
            ("outlook", outlook_block(letter, &office)),
            ("gmail", gmail_html(letter, &office)),
        ];
        for (style, quoted) in replies {
            let bytes = reply(letter, &office, quoted);
            write(format!("{n}-{kind}-{style}.eml"), &bytes);
        }
    }
    let arguments: Vec<&str> = std::iter::once("parse")
        .chain(files.iter().map(String::as_str))
        .collect();
    let out = house.tells(&arguments);
    let readings: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(readings.len(), files.len());
    let wishes: Vec<&Value> = readings
        .iter()
        .filter(|reading| reading["intent"] != "none")
        .collect();
    assert!(wishes.is_empty(), "{wishes:#?}");
    // The same test would see a wish: the form of the booking letter, sent back filled in, is one.
    let filled = house.path("filled.eml");
    let form = letter_from(&citizen(1)).cancels(&Appointment::new("104512", &citizen(1)));
    std::fs::write(&filled, form.bytes(&office)).unwrap();
    let out = house.tells(&["parse", filled.to_str().unwrap()]);
    assert!(out.contains("\"intent\":\"cancel\""), "{out}");
}

/// The ready reply behind the button of the booking letter is a request that is understood.
#[test]
fn the_ready_reply_of_the_booking_letter_cancels() {
    let house = House::open(Database::Sqlite);
    let own = Appointment::new("104512", &citizen(1));
    house.imports(&[&own]);
    house.tells(&["bookings", "letter", "104512"]);
    house.runs_once();
    let letter = house.only_answer();
    let (_, link) = letter
        .html
        .split_once("href=\"mailto:")
        .expect("a ready reply");
    let link = link.split_once('"').unwrap().0.replace("&amp;", "&");
    let (address, fields) = link.split_once('?').unwrap();
    let field = |name: &str| -> String {
        let found = fields
            .split('&')
            .find_map(|field| field.strip_prefix(&format!("{name}=")));
        percent_decoded(found.unwrap())
    };
    let ready = letter_from(&citizen(1)).says(&field("subject"), &field("body"));
    house.citizen_writes_to(&percent_decoded(address), &ready);
    house.runs_once();
    assert_eq!(
        house.booking_state("104512"),
        "cancelled",
        "{:?}",
        house.letters()
    );
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            let digits = std::str::from_utf8(&digits).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// A note beside a dead letter reads as no request either, even when it is dragged to the inbox.
#[test]
fn a_note_for_staff_is_filed_as_our_own() {
    let house = House::open(Database::Sqlite);
    house.imports(&[&Appointment::new("104512", &citizen(1))]);
    let letter = letter_from(&citizen(9)).unsigned().asks_briefly("104512");
    house.citizen_writes(&letter);
    house.runs_once();
    let note = house.note_beside(letter.message_id());
    house.arrives(&note.bytes);
    house.runs_once();
    assert_eq!(house.last_decision().0, "own_letter");
    assert!(house.answers().is_empty());
}
