//! Invented bookings, and the replies with which they are cancelled.

use data_encoding::BASE64;
use std::fmt::Write;

/// Our mail server's name in Authentication-Results.
pub const OUR_SERVER: &str = "mx.example.com";
/// The address that letters are written to.
pub const OUR_ADDRESS: &str = "cancel@example.com";

const SURNAMES: [&str; 10] = [
    "Смирнов",
    "Орлов",
    "Белов",
    "Кузнецов",
    "Волков",
    "Зайцев",
    "Павлов",
    "Голубев",
    "Фёдоров",
    "Щукин",
];
const NAMES: [&str; 8] = [
    "Алексей",
    "Борис",
    "Виктор",
    "Григорий",
    "Дмитрий",
    "Евгений",
    "Юрий",
    "Эдуард",
];
const PATRONYMICS: [&str; 7] = [
    "Андреевич",
    "Борисович",
    "Ильич",
    "Петрович",
    "Сергеевич",
    "Фомич",
    "Юрьевич",
];
const SERVICES: [&str; 4] = [
    "Приём врача-терапевта",
    "Приём врача-офтальмолога",
    "УЗИ щитовидной железы",
    "Консультация врача-эндокринолога",
];
const ORGANISATION: &str = "Поликлиника № 3";
const ADDRESS: &str = "г. Москва, ул. Садовая, д. 5";

/// A booking that nobody made.
struct Booking {
    number: usize,
    full_name: String,
    email: String,
    phone: String,
    service: &'static str,
    date: String,
    iso_date: String,
    time: String,
}

impl Booking {
    fn new(index: usize) -> Self {
        let pick = |list: &[&'static str], by: usize| *list.get(by % list.len()).unwrap();
        let day = 1 + index % 28;
        let month = 1 + index / 28 % 12;
        let minute = index * 5 % 60;
        let hour = 8 + index / 12 % 10;
        let surname = pick(&SURNAMES, index);
        let name = pick(&NAMES, index / 10);
        let patronymic = pick(&PATRONYMICS, index / 80);
        Self {
            number: 100_001 + index,
            full_name: format!("{surname} {name} {patronymic}"),
            email: recipient(index),
            phone: format!("+7900{:07}", 1_000_000 + index),
            service: pick(&SERVICES, index),
            date: format!("{day:02}.{month:02}.2040"),
            iso_date: format!("2040-{month:02}-{day:02}"),
            time: format!("{hour:02}:{minute:02}"),
        }
    }
}

/// The citizen's address of the booking with this index.
pub fn recipient(index: usize) -> String {
    format!("citizen{index}@example.org")
}

/// The file for `otmena bookings import`.
pub fn bookings_file(count: usize) -> String {
    let mut file = String::from(
        "number,full_name,email,phone,service_code,service,category,organisation,address,\
         starts_at,timezone,resource\n",
    );
    for index in 0..count {
        let Booking {
            number,
            full_name,
            email,
            phone,
            service,
            iso_date,
            time,
            ..
        } = Booking::new(index);
        writeln!(
            file,
            "{number},{full_name},{email},{phone},B01.047,{service},general,{ORGANISATION},\
             \"{ADDRESS}\",{iso_date}T{time}:00+03:00,Europe/Moscow,каб. {}",
            100 + index % 60
        )
        .unwrap();
    }
    file
}

/// A reply to the booking letter with this index, as mail programs write it: the filled-in template
/// above the quoted letter. `run` makes letters of several runs differ.
pub fn reply(index: usize, run: &str) -> Vec<u8> {
    let booking = Booking::new(index);
    let Booking {
        number,
        full_name,
        email,
        ..
    } = &booking;
    let signature = BASE64.encode(format!("{run} {index} {}", "подпись ".repeat(14)).as_bytes());
    let body = folded(
        &BASE64.encode(words(&booking).replace('\n', "\r\n").as_bytes()),
        76,
    );
    format!(
        "Received: from out.example.org (out.example.org [192.0.2.25])\r\n \
         by {OUR_SERVER} with ESMTPS id {run}{index:06};\r\n Sat, 21 Nov 2026 10:22:07 +0300\r\n\
         Authentication-Results: {OUR_SERVER};\r\n dkim=pass header.d=example.org header.s=mail;\r\n \
         spf=pass smtp.mailfrom={email};\r\n dmarc=pass header.from=example.org\r\n\
         DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=mail;\r\n \
         h=From:To:Subject:Date:Message-ID:In-Reply-To:References:MIME-Version:Content-Type;\r\n \
         b={}\r\n\
         From: {} <{email}>\r\nTo: {} <{OUR_ADDRESS}>\r\nSubject: {}\r\n\
         In-Reply-To: <booking.{number}@example.com>\r\nReferences: <booking.{number}@example.com>\r\n\
         Date: Sat, 21 Nov 2026 10:22:04 +0300\r\nMessage-ID: <{run}.{index}@example.org>\r\n\
         X-Mailer: Letters [ version 5.0 ]\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}",
        folded(&signature, 68).replace("\r\n", "\r\n ").trim_end(),
        encoded_word(full_name),
        encoded_word(ORGANISATION),
        encoded_word(&format!("Отмена записи №{number}")),
    )
    .into_bytes()
}

/// What the citizen writes, and the booking letter that the mail program quotes below.
fn words(booking: &Booking) -> String {
    let Booking {
        number,
        full_name,
        phone,
        service,
        date,
        time,
        ..
    } = booking;
    let form = format!("Номер записи: {number}\nФИО: {full_name}\nДата: {date}\nВремя: {time}\n");
    let mut words = format!(
        "{form}Телефон (по желанию): {phone}\nПричина (по желанию): болезнь\n\n\
         -- \n{full_name}\n\n15.11.2026, 09:12, «{ORGANISATION}» <{OUR_ADDRESS}>:\n"
    );
    let letter = format!(
        "Здравствуйте!\n\nВы записаны. Ждём вас {date} в {time} (по московскому времени).\n\n\
         Номер записи: {number}\nУслуга: {service}\nОрганизация: {ORGANISATION}\nАдрес: {ADDRESS}\n\n\
         УСЛОВИЯ ОТМЕНЫ\n\nЕсли планы изменятся, предупредите нас не позднее чем за 24 часа.\n\n\
         КАК ОТМЕНИТЬ\n\nОтветьте на это письмо. В теме укажите: «Отмена записи №{number}».\n\
         В тексте должны быть эти строки, для вас они уже заполнены:\n\n{form}"
    );
    for line in letter.lines() {
        writeln!(words, "> {line}").unwrap();
    }
    words
}

fn encoded_word(text: &str) -> String {
    // RFC 2047: at most 75 characters to a word, so the text is cut.
    let letters: Vec<char> = text.chars().collect();
    let words: Vec<String> = letters
        .chunks(20)
        .map(|part| part.iter().collect::<String>())
        .map(|part| format!("=?utf-8?B?{}?=", BASE64.encode(part.as_bytes())))
        .collect();
    words.join("\r\n ")
}

fn folded(text: &str, width: usize) -> String {
    let mut out = String::new();
    for line in text.as_bytes().chunks(width) {
        out.push_str(std::str::from_utf8(line).unwrap());
        out.push_str("\r\n");
    }
    out
}
