//! What holds for every letter, not only for those that somebody thought of.

use super::{letters, reading};
use otmena::read;
use otmena::request;
use proptest::prelude::*;

const FIELDS: &str = "From: a@example.ru\r\nTo: b@example.ru\r\nSubject: Запись\r\n";

fn letter(charset: &str, encoding: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "{FIELDS}Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

fn utf8(text: &str) -> Vec<u8> {
    letter("utf-8", "8bit", text.as_bytes())
}

/// Sentences that people write, some of them against each other.
fn words() -> impl Strategy<Value = String> {
    let sentence = prop_oneof![
        Just("Здравствуйте!"),
        Just("Прошу отменить запись №12345."),
        Just("Не отменяйте запись №12345."),
        Just("Восстановите, пожалуйста, запись А-17."),
        Just("ФИО: Иванова Мария Петровна"),
        Just("Дата: 12.03.2027"),
        Just("Время: 14:30"),
        Just("Телефон: +7 916 123-45-67"),
        Just("Причина: болезнь"),
        Just("Если можно, отмените."),
        Just("Номер записи: 777"),
        Just("Спасибо!"),
        Just("Не смогу прийти, заболел ребёнок."),
        Just("Отменять ничего не нужно, приду."),
        Just("Если не отвечу, отмените запись №12345."),
        Just("Врач просил отменить запись №12345."),
        Just("Перенесите, пожалуйста, на другой день."),
        Just("Снимите меня с записи №12345, уезжаю в командировку."),
        Just("Да, подтверждаю."),
        Just("С уважением, Иванова Мария"),
        Just(""),
    ];
    prop::collection::vec(sentence, 1..6).prop_map(|lines| lines.join("\r\n"))
}

/// One octet changed, cut out, doubled, or everything behind it torn off.
fn mutated(mut bytes: Vec<u8>, at: usize, how: u8, with: u8) -> Vec<u8> {
    if bytes.is_empty() {
        return bytes;
    }
    let at = at % bytes.len();
    match how % 5 {
        0 => bytes.splice(at..=at, [with]).for_each(drop),
        1 => drop(bytes.remove(at)),
        2 => bytes.insert(at, with),
        3 => bytes.truncate(at),
        _ => bytes.extend_from_within(at..),
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        request::understand(&read::read(&bytes));
    }

    #[test]
    fn a_mutated_letter_of_the_corpus_is_read_without_panic(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<usize>(), any::<u8>(), any::<u8>()), 1..8),
    ) {
        let all = letters();
        let mut bytes = std::fs::read(which.get(&all)).unwrap();
        for (at, how, with) in changes {
            bytes = mutated(bytes, at, how, with);
        }
        request::understand(&read::read(&bytes));
    }

    #[test]
    fn a_quoted_letter_below_never_changes_the_reading(own in words(), old in words()) {
        let alone = reading(&utf8(&own));
        let quoted: Vec<String> = old.lines().map(|line| format!("> {line}")).collect();
        let quoted = quoted.join("\r\n");
        for attribution in [
            "05.02.2027 10:22, Клиника пишет:",
            "пт, 5 февр. 2027 г. в 10:22, Клиника <c@example.ru>:",
            "05.02.2027, 10:22, Клиника <c@example.ru> писал(а):",
            "On Fri, 5 Feb 2027 at 10:22, Klinika <c@example.ru> wrote:",
            "пятница, 5 февраля 2027 г., 10:22 +03:00 от Клиника c@example.ru:",
            "5 февраля 2027 г., в 10:22, Клиника <c@example.ru> написал(а):",
            "Вы писали 5 февраля 2027 г., 10:22:",
        ] {
            let below = utf8(&format!("{own}\r\n\r\n{attribution}\r\n{quoted}\r\n"));
            prop_assert_eq!(&reading(&below), &alone);
        }
        let outlook = utf8(&format!(
            "{own}\r\n\r\n-----Исходное сообщение-----\r\nFrom: Klinika <c@example.ru>\r\nSent: Friday, February 5, 2027 10:22 AM\r\nTo: a\r\nSubject: x\r\n\r\n{old}"
        ));
        prop_assert_eq!(&reading(&outlook), &alone);
        let forwarded = utf8(&format!(
            "{own}\r\n\r\n-------- Пересылаемое сообщение --------\r\n05.02.2027, 10:22, \"Клиника\" <c@example.ru>:\r\n\r\n{old}"
        ));
        prop_assert_eq!(&reading(&forwarded), &alone);
        let naked = utf8(&format!(
            "{own}\r\n\r\nОт: Клиника <c@example.ru>\r\nОтправлено: 5 февраля 2027 г. 10:22\r\nКому: a\r\nТема: x\r\n\r\n{old}"
        ));
        prop_assert_eq!(&reading(&naked), &alone);
    }

    #[test]
    fn another_charset_or_transfer_encoding_never_changes_the_reading(own in words()) {
        let plain = reading(&utf8(&own));
        let (windows, _, lost) = encoding_rs::WINDOWS_1251.encode(&own);
        prop_assert!(!lost);
        prop_assert_eq!(&reading(&letter("windows-1251", "8bit", &windows)), &plain);
        let others = [
            ("koi8-r", encoding_rs::KOI8_R),
            ("iso-8859-5", encoding_rs::ISO_8859_5),
            ("cp866", encoding_rs::IBM866),
        ];
        for (name, charset) in others {
            // KOI8-R has no «№»: people write «N» there.
            let spelt = if name == "koi8-r" { own.replace('№', "N ") } else { own.clone() };
            let (octets, _, lost) = charset.encode(&spelt);
            prop_assert!(!lost);
            prop_assert_eq!(&reading(&letter(name, "8bit", &octets)), &plain, "{}", name);
        }
        let base64 = data_encoding::BASE64.encode(own.as_bytes()) + "\r\n";
        prop_assert_eq!(&reading(&letter("utf-8", "base64", base64.as_bytes())), &plain);
        let quoted: String = own.bytes().map(|b| match b {
            b'\r' | b'\n' => char::from(b).to_string(),
            other => format!("={other:02X}"),
        }).collect();
        prop_assert_eq!(&reading(&letter("utf-8", "quoted-printable", quoted.as_bytes())), &plain);
        let wide: Vec<u8> = own.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let wide = data_encoding::BASE64.encode(&wide) + "\r\n";
        prop_assert_eq!(&reading(&letter("utf-16be", "base64", wide.as_bytes())), &plain);
    }

    #[test]
    fn case_and_sign_never_change_the_number(
        digits in "[1-9][0-9]{3,8}",
        prefix in prop_oneof![Just(""), Just("А-"), Just("МФЦ-")],
        sign in prop_oneof![Just("№"), Just("№ "), Just("N "), Just("No. "), Just("# "), Just("номер "), Just("№\u{A0}")],
        upper in any::<bool>(),
    ) {
        let text = format!("Прошу отменить запись {sign}{prefix}{digits}.");
        let text = if upper { text.to_uppercase() } else { text.to_lowercase() };
        let expected = format!("{prefix}{digits}");
        let read = reading(&utf8(&text));
        prop_assert_eq!(read["number"].as_str(), Some(expected.as_str()));
        prop_assert_eq!(read["intent"].as_str(), Some("cancel"));
    }
}
