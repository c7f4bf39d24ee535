//! The log holds ids and codes: after journeys of every kind no name, address, subject, telephone or
//! word of a letter stands in it.

use crate::support::house::{Appointment, Database, House, citizen, letter_from};

on_both!(no_log_line_holds_a_persons_data);

fn no_log_line_holds_a_persons_data(database: Database) {
    for format in ["json", "text"] {
        for level in ["", "debug", "trace"] {
            let log = eventful_day(database, format, level);
            let lower = log.to_lowercase();
            for word in words_of_persons() {
                assert!(
                    !lower.contains(&word.to_lowercase()),
                    "{format} {level}: {word}\n{log}"
                );
            }
            assert!(!lower.contains("panicked"), "{log}");
            assert!(log.contains("decided"), "there is a log: {log}");
            if format == "json" {
                let lines = log.lines().filter(|line| !line.trim().is_empty());
                for line in lines {
                    let parsed = serde_json::from_str::<serde_json::Value>(line);
                    assert!(parsed.is_ok(), "{line}");
                }
            }
        }
    }
}

/// Letters of many kinds, answers that are refused by a server that repeats the address, a mail
/// server that is gone.
fn eventful_day(database: Database, format: &str, level: &str) -> String {
    let mut house = House::open(database);
    house.set("log", "format", format);
    let own = Appointment::new("104512", &citizen(1));
    let late = Appointment::new("104513", &citizen(2)).in_hours(5);
    let asked = Appointment::new("104514", &citizen(3));
    house.imports(&[&own, &late, &asked]);
    house.citizen_writes(&letter_from(&citizen(1)).cancels(&own));
    house.citizen_writes(&letter_from(&citizen(2)).cancels(&late));
    house.citizen_writes(&letter_from(&citizen(3)).unsigned().cancels(&asked));
    house.citizen_writes(&letter_from(&citizen(4)).says(
        "Жалоба на регистратуру",
        "Меня зовут Ксенофонт, и мне нагрубили. Позвоните: +7 900 555-44-33\n",
    ));
    let refusal = format!("550 5.1.1 <{}>: user Смирнова unknown", citizen(1).email);
    house.sink().start_again(&["-f", "rcpt", "-B", &refusal]);
    run(&house, level);
    house.citizen_writes(&letter_from(&citizen(1)).asks_briefly("104512"));
    house.sink().stop();
    run(&house, level);
    house.log()
}

fn run(house: &House, level: &str) {
    let variables = [("RUST_LOG", level)];
    let variables = if level.is_empty() {
        &[][..]
    } else {
        &variables
    };
    house.note(house.start(&["run", "--once"], variables).wait());
}

fn words_of_persons() -> Vec<String> {
    let mut words: Vec<String> = [
        "Жалоба",
        "регистратуру",
        "Ксенофонт",
        "нагрубили",
        "командировку",
    ]
    .into_iter()
    .map(str::to_owned)
    .collect();
    words.push("Отмена записи".to_owned());
    words.push("кавычкой".to_owned());
    words.push("a secret for tests".to_owned());
    for n in 1..=4 {
        let person = citizen(n);
        words.extend(person.name.split(' ').map(str::to_owned));
        let (local, domain) = person.email.split_once('@').unwrap();
        words.extend([local.to_owned(), domain.to_owned(), person.phone.clone()]);
        words.push(person.phone.chars().filter(char::is_ascii_digit).collect());
        words.push(person.phone.split_once(' ').unwrap().1.to_owned());
    }
    words.extend(["555-44-33".to_owned(), "5554433".to_owned()]);
    words
}
