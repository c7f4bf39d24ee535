//! Dates and times in their Russian forms.

use super::*;
use crate::request::fields;

fn when(text: &str) -> (Option<String>, Option<String>) {
    let when = read(text, &fields::all(text));
    (when.date, when.time)
}

#[test]
fn russian_dates_and_times_are_read_day_first() {
    for text in [
        "Дата: 12.03.2027\nВремя: 14:30",
        "Дата и время: 12.03.2027 14:30",
        "запись на 12 марта 2027 г. в 14:30",
        "запись на 12 марта 2027 года на 14 часов 30 минут",
        "записан на 12.03.27 в 14.30",
        "приём 12/03/2027, 14:30",
        "на пятницу, 12-го марта 2027, к 14:30",
        "Дата: 2027-03-12, время: 14:30:00",
        "Время: 14-30, дата: 12.03.2027",
        "на 12.03.2027 на 14ч30м",
        "Дата и время приёма: 12.03.2027 14:30",
        "12.03.2027, 14-30. Не приду",
        "Иванов Иван Иванович, 01.02.1960 г.р. Прием 12 марта 2027 года в 14 часов 30 минут.",
        "Дата рождения: 01.02.1980\nДата: 12.03.2027\nВремя: 14:30",
        "Дата: 12.03.2027\nВремя: 14:30-15:00\nПаспорт выдан 05.06.2010",
    ] {
        assert_eq!(
            when(text),
            (Some("2027-03-12".to_owned()), Some("14:30".to_owned())),
            "{text}"
        );
    }
}

#[test]
fn other_dates_are_not_the_appointment() {
    for text in [
        "Дата рождения: 01.02.1980",
        "01.02.1980 г.р.",
        "запись на 12 марта",
        "Желаемая дата отмены: 10.03.2027",
        "уезжаю с 10.03.2027 по 20.03.2027",
        "исх. № 5 от 10.03.2027",
        "на 31.02.2027",
        "10.03.2027",
    ] {
        assert_eq!(when(text).0, None, "{text}");
    }
}

#[test]
fn two_dates_of_the_same_weight_are_ambiguous() {
    let text = "запись на 12.03.2027 или на 13.03.2027";
    assert_eq!(read(text, &[]).ambiguous, Some(Reason::DateAmbiguous));
}
