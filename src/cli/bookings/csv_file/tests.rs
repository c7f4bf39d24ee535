//! Which files are taken and what is said about the others.

use super::*;

const HEADER: &str = "number,full_name,email,phone,service_code,service,category,organisation,address,starts_at,timezone";
const GOOD: &str = "А-17,Иванова Анна,anna@example.ru;A2@example.ru,8 (916) 123-45-67,T1,\"Терапевт, приём\",general,Поликлиника № 3,\"ул. Лесная, 5\",2027-02-05T10:22:00+03:00,Europe/Moscow";

fn faults(lines: &[&str]) -> Vec<(u64, Option<&'static str>, String)> {
    let text = lines.join("\n");
    let faults = parse(text.as_bytes()).unwrap_err();
    faults
        .into_iter()
        .map(|f| (f.line, f.column, f.problem))
        .collect()
}

#[test]
fn a_good_line_becomes_a_booking() {
    let text = format!("\u{FEFF}{HEADER},resource,citizen_id\r\n{GOOD},каб. 5,\r\n");
    let bookings = parse(text.as_bytes()).unwrap();
    assert_eq!(bookings.len(), 1);
    let booking = &bookings[0];
    assert_eq!(booking.number.as_str(), "А-17");
    assert_eq!(booking.citizen.phone.as_deref(), Some("+79161234567"));
    assert_eq!(booking.citizen.emails.len(), 2);
    assert_eq!(booking.citizen.citizen_id, None);
    assert_eq!(booking.service.name, "Терапевт, приём");
    assert_eq!(booking.resource, "каб. 5");
    assert_eq!(
        booking.starts_at,
        Moment::parse_rfc3339("2027-02-05T07:22:00Z").unwrap()
    );
}

#[test]
fn columns_may_stand_in_any_order_and_a_file_may_hold_no_line() {
    let header: Vec<&str> = HEADER.rsplit(',').collect();
    assert_eq!(parse(header.join(",").as_bytes()), Ok(vec![]));
}

#[test]
fn every_fault_of_every_line_is_told_with_line_and_column() {
    let bad = "слово,,anna,12,,,urgent,,,завтра,Москва";
    let found = faults(&[HEADER, GOOD, bad, "1,2,3", &GOOD.replace("А-17", "A-17")]);
    let places: Vec<(u64, Option<&str>)> = found
        .iter()
        .map(|(line, column, _)| (*line, *column))
        .collect();
    let expected: Vec<(u64, Option<&str>)> =
        COLUMNS.required.iter().map(|c| (3, Some(*c))).collect();
    assert_eq!(places[..11], expected[..]);
    assert_eq!(places[11..], [(4, None), (5, Some("number"))]);
    assert!(
        found[11].2.contains("3 fields; expected are 11"),
        "{}",
        found[11].2
    );
    assert!(found[12].2.contains("line 2"), "{}", found[12].2);
}

#[test]
fn faults_never_repeat_what_stands_in_the_file() {
    let bad = "Сидоров,Сидоров,sidorov,Сидоров,s,s,Сидоров,o,a,Сидоров,Сидоров";
    for (_, _, problem) in faults(&[HEADER, bad])
        .into_iter()
        .chain(faults(&[bad, bad]))
    {
        assert!(
            !problem.contains("идоров") && !problem.contains("sidorov,"),
            "{problem}"
        );
    }
}

#[test]
fn a_wrong_header_is_told_by_column() {
    let found = faults(&[&HEADER
        .replace("phone", "phon")
        .replace("timezone", "colour")]);
    let problems: Vec<&str> = found.iter().map(|f| f.2.as_str()).collect();
    assert_eq!(
        problems,
        [
            "column 4 is unknown; did you mean phone?",
            "column 11 (colour) is unknown",
            "the column is missing in the header line",
            "the column is missing in the header line",
        ]
    );
    assert_eq!((found[2].1, found[3].1), (Some("phone"), Some("timezone")));
    assert!(
        faults(&[&format!("{HEADER},number")])[0]
            .2
            .contains("twice")
    );
    assert!(faults(&[""])[0].2.contains("empty"));
}

#[test]
fn bytes_that_are_no_utf_8_and_control_characters_are_told_by_line() {
    let mut bytes = format!("{HEADER}\n{GOOD}\n").into_bytes();
    bytes.extend(b"\xC8\xE2\xE0\xED\xEE\xE2,1\n");
    assert_eq!(parse(&bytes).unwrap_err()[0].line, 3);
    let found = faults(&[HEADER, &GOOD.replace("Терапевт, приём", "Тера\nпевт")]);
    assert_eq!((found[0].0, found[0].1), (2, Some("service")));
}

#[test]
fn phones_become_international() {
    for (text, expected) in [
        ("", Some(None)),
        ("+7 916 123-45-67", Some(Some("+79161234567"))),
        ("89161234567", Some(Some("+79161234567"))),
        ("8 800 555-35-35", Some(Some("+78005553535"))),
        ("9161234567", Some(Some("+79161234567"))),
        ("+992 37 221 0000", Some(Some("+992372210000"))),
        ("123", None),
        ("+0123456789", None),
        ("8916123456x", None),
    ] {
        assert_eq!(
            phone(text),
            expected.map(|p| p.map(str::to_owned)),
            "{text}"
        );
    }
}

#[test]
fn an_address_that_no_letter_can_be_sent_to_is_a_fault_and_a_domain_in_cyrillic_is_none() {
    let domain = GOOD.replace("anna@example.ru", "anna@почта.рф");
    assert!(parse(format!("{HEADER}\n{domain}").as_bytes()).is_ok());
    let local = GOOD.replace("anna@example.ru", "анна@example.ru");
    let found = faults(&[HEADER, &local]);
    assert_eq!((found.len(), found[0].1), (1, Some("email")));
}
