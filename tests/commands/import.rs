//! Files of bookings with faults: each is told with its line, and nothing is imported.

use super::office::Office;

const HEADER: &str = "number,full_name,email,phone,service_code,service,category,organisation,address,starts_at,timezone\n";

fn line(number: &str, email: &str, starts_at: &str) -> String {
    format!(
        "{number},Тестова Анна,{email},,T1,Терапевт,general,Поликлиника,Лесная 5,{starts_at},Europe/Moscow\n"
    )
}

#[test]
fn each_bad_line_is_told_with_its_number_and_column_and_the_exit_code_is_1() {
    let office = Office::new();
    let good = line("1", "a@example.ru", "2027-02-05T10:22:00+03:00");
    let text = [
        HEADER,
        &good,
        &line("2", "nobody", "2027-02-05T10:22:00+03:00"),
        &line("3", "a@example.ru", "5 февраля"),
        "4,only,four,fields\n",
        &good,
    ]
    .concat();
    office.write("bookings.csv", &text);
    let told = office.otmena(&["bookings", "import", "bookings.csv"]);
    assert_eq!(told.code, 1, "{}\n{}", told.out, told.err);
    for (number, column) in [
        ("3", "email"),
        ("4", "starts_at"),
        ("5", "-"),
        ("6", "number"),
    ] {
        let found = told.out.lines().any(|shown| {
            let mut words = shown.split_whitespace();
            words.next() == Some(number) && words.next() == Some(column)
        });
        assert!(found, "line {number}, {column} is not in:\n{}", told.out);
    }
    assert!(
        told.out.contains("4 faults; nothing was imported."),
        "{}",
        told.out
    );
    for personal in ["Тестова", "nobody", "февраля"] {
        assert!(!told.out.contains(personal), "{}", told.out);
    }
}

#[test]
fn the_faults_as_json_are_one_document() {
    let office = Office::new();
    office.write(
        "bookings.csv",
        &[
            HEADER,
            &line("x", "a@example.ru", "2027-02-05T10:22:00+03:00"),
        ]
        .concat(),
    );
    let told = office.otmena(&["bookings", "import", "bookings.csv", "--json"]);
    assert_eq!(told.code, 1, "{}", told.err);
    let document = told.json();
    assert_eq!(document["imported"], false, "{}", told.out);
    assert_eq!(document["faults"][0]["line"], 2, "{}", told.out);
    assert_eq!(document["faults"][0]["column"], "number", "{}", told.out);
}
