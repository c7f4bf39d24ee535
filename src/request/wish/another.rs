//! Whether the number stands beside another booking than the one that is to be cancelled: that of another
//! doctor, that of a relative, or another one of the writer's.

use crate::read::grammar as patterns;
use crate::request::speech::{Sentence, grammar};
use std::sync::LazyLock;

/// Words of a sentence that only tells the number: «Номер записи 5», «моя запись 5».
const WORDS_OF_A_NUMBER: usize = 4;

/// Letters by which a doctor or a service is known again: «окулиста», «к окулисту».
const STEM: usize = 5;

/// Words for any appointment.
const ANY: [&str; 5] = ["прием", "сеанс", "осмот", "проце", "врач"];

/// Whether the sentences, all of one letter, name two bookings, one with a number and one to be cancelled.
pub fn names_another(texts: &[String]) -> bool {
    let read: Vec<Sentence> = texts.iter().map(|text| Sentence::read(text)).collect();
    of_another_doctor(&read)
        || is_own_beside_a_relatives(texts, &read)
        || is_another_one(texts)
        || is_told_apart(texts)
        || is_a_relatives(texts)
}

fn has_figure(sentence: &Sentence) -> bool {
    grammar()
        .class("число")
        .is_some_and(|class| sentence.has(class))
}

/// «Запись к хирургу №5. Запись к терапевту отмените»: the number stands beside another booking
/// than the wish.
fn of_another_doctor(read: &[Sentence]) -> bool {
    let g = grammar();
    let wishes = || {
        read.iter()
            .filter(|said| !has_figure(said) && (g.cancel.is_in(said) || g.absent.is_in(said)))
    };
    // «Приём у кардиолога отмените. Номер записи 5» is one.
    let bare = |said: &Sentence| said.words().len() <= WORDS_OF_A_NUMBER || g.cancel.is_in(said);
    let another = |said: &Sentence| {
        let booking = g.class("запись").is_some_and(|class| said.has(class));
        has_figure(said) && booking && (g.named_booking.is_in(said) || !bare(said))
    };
    let named = wishes().any(|said| g.named_booking.is_in(said)) && read.iter().any(another);
    let asked: Vec<String> = wishes().flat_map(services).collect();
    let differs = |said: &Sentence| {
        let numbered = services(said);
        has_figure(said) && !numbered.is_empty() && numbered.iter().all(|one| !asked.contains(one))
    };
    named || !asked.is_empty() && read.iter().any(differs)
}

/// The doctors and services of a sentence, by their first letters.
fn services(sentence: &Sentence) -> Vec<String> {
    let Some(service) = grammar().class("услуга") else {
        return Vec::new();
    };
    // «Отменить визит: врач не советует рентген»: what tells why names no booking.
    let words = sentence.words_before(':').iter().enumerate();
    words
        .filter(|(_, word)| word.classes.has(service))
        .filter_map(|(at, _)| sentence.text_of(at))
        .map(|word| word.chars().take(STEM).collect::<String>())
        .filter(|stem| !ANY.iter().any(|any| stem.starts_with(any)))
        .collect()
}

/// «Запись 48213 моя. Отмените запись сына»
fn is_own_beside_a_relatives(texts: &[String], read: &[Sentence]) -> bool {
    static OWN: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)\b(?:(?:моя|мой)[ ](?:запись|талон|номер[ ](?:записи|талона))|у[ ]меня|я[ ](?:сам[аи]?[ ])?(?:записан\p{L}*|по[ ]записи))\b[^.!?\d]{0,30}\d{3,8}\b|\bзапись[ ]\d{3,8}[ ](?:моя|у[ ]меня)\b",
        )
    });
    static RELATIVE: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)\b(?:муж|жен[аеуы]|сын|доч|мам|пап[аеуы]|отц|матер|брат|сестр|внук|внуч|бабуш|дедуш|свекр|т[её]щ|сосед)\p{L}*",
        )
    });
    let g = grammar();
    let relative = |text: &String| RELATIVE.is_match(text.as_str());
    let own = |text: &String| OWN.is_match(text.as_str()) && !relative(text);
    let wished = |(text, said): (&String, &Sentence)| {
        g.cancel.is_in(said) && !has_figure(said) && relative(text)
    };
    texts.iter().zip(read).any(wished) && texts.iter().any(own)
}

/// «Записалась повторно, номер 48213. Прежнюю отмените», «Отмените вторую, первая 48213»
fn is_another_one(texts: &[String]) -> bool {
    const ANOTHER: &str = r"\b(?:втор(?:ую|ой)|трет(?:ью|ий)[ ](?:запись|при[её]м|талон|визит)|прежн(?:юю|ий)|прошл(?:ую|ый)|предыдущ(?:ую|ий)|лишн(?:юю|ий)|стар(?:ую|ый)|перв(?:ую|ый))\b";
    static ASKED: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        const VERB: &str =
            r"\b(?:отмен(?:ите|ить|яю)|сним(?:ите|аю)|снять|убер(?:ите|у)|убрать|удалите)\b";
        patterns::regex(&format!(
            r"(?i)(?:{VERB}[^.!?,\d]{{0,30}}{ANOTHER}[^.!?,\d]{{0,25}}(?:[.,!?]|$)|{ANOTHER}[^.!?\d]{{0,40}}{VERB}[^.!?,\d]{{0,20}}(?:[.,!?]|$))"
        ))
    });
    static NUMBERED: LazyLock<patterns::Pattern> =
        LazyLock::new(|| patterns::regex(r"(?:^|[ №(])\d{3,8}(?:[ .,!?)]|$)"));
    static BESIDE: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)(?:следом[ ]за|следующ\p{L}+[ ](?:после|за))[ ]№?[ ]?\d|\b(?:друг(?:ой|ая)|следующ(?:ий|ая))[ ](?:мо[йя][ ])?(?:при[её]м|визит|запись|талон)\b[^.!?\d]{0,15}\d{3,8}|\bв[ ]прошлый[ ]раз[^.!?\d]{0,20}\d{3,8}",
        )
    });
    let is =
        |pattern: &'static patterns::Pattern| texts.iter().any(|t| pattern.is_match(t.as_str()));
    is(&ASKED) && is(&NUMBERED) || is(&BESIDE)
}

/// «Моя запись 5. Мамину отмените»
fn is_a_relatives(texts: &[String]) -> bool {
    const VERB: &str =
        r"(?:отмен(?:ите|ить|яю|яйте)|сним(?:ите|аю)|снять|уберите|удалите|вычеркните)\b";
    const ITS: &str = r"(?:(?:мам|пап|сестр|бабушк|дедушк|дочк|дочер|мужн|жен|тёт|тет|тёщ|тещ|свекров|внучк|соседк)ин?(?:у|ую|ый|ин)|сынов(?:ью|ую)|брат(?:ову|нину|ний)|отцов(?:ский|скую))";
    static ASKED: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(&format!(
            r"(?i)(?:\b{ITS}[ ,](?:[ ]?пожалуйста,?[ ]|тоже[ ]|прошу[ ]|надо[ ]|нужно[ ])?{VERB}|\b{VERB}[ ,](?:[ ]?пожалуйста,?[ ])?{ITS}(?:[ ]*[.,!?]|$))"
        ))
    });
    texts.iter().any(|text| ASKED.is_match(text.as_str()))
}

/// «Запись №5 на сына. На дочь отмените», «Новая запись №5, понедельник отмените»: what is to be cancelled
/// is told by what the numbered booking is not.
fn is_told_apart(texts: &[String]) -> bool {
    const VERB: &str = r"(?:отмен(?:ите|яю|яйте|ить)|сним(?:ите|аю)|уберите|удалите)\b";
    const DAY: &str = r"(?:понедельник|вторник|среду|четверг|пятницу|субботу|\p{L}+(?:ое|ье)|прежнее[ ]время|стар(?:ый|ую|ое)|прежн(?:ий|юю|ее)|мужа|жену|маму|папу|сына|дочь|брата|сестру|снилс)";
    static NUMBERED: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)(?:запись|номер|талон)[ ]*(?:№[ ]?)?\d{3,8}[ ](?:на|к|в|у|мо[йя]|мне|для)\b",
        )
    });
    static ELLIPTIC: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(&format!(
            r"(?i)^(?:а[ ])?(?:(?:на|к|в|у)[ ](?:\d{{1,2}}|\p{{L}}+)(?:[ ]\p{{L}}+)?|{DAY})[ ](?:тоже[ ]|пожалуйста,?[ ])?{VERB}"
        ))
    });
    static NEW: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)\bнов(?:ая|ый)(?:[ ](?:запись|талон|номер))?[ ,:—–-]{1,3}(?:№[ ]?)?\d{3,8}\b|\b(?:перезаписал|переписал|пересел)\p{L}*[^.!?]{0,40}№?[ ]?\d{3,8}\b",
        )
    });
    static OLD: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(&format!(
            r"(?i)\b{DAY}[ ](?:\p{{L}}+[ ])?{VERB}|\b{VERB}[ ](?:пожалуйста,?[ ])?{DAY}"
        ))
    });
    let any =
        |pattern: &'static patterns::Pattern| texts.iter().any(|t| pattern.is_match(t.as_str()));
    any(&NUMBERED) && any(&ELLIPTIC) || any(&NEW) && any(&OLD)
}

#[cfg(test)]
mod tests {
    use super::names_another;
    use crate::request::sentences;

    fn judged(text: &str) -> bool {
        names_another(&sentences::split(text))
    }

    #[test]
    fn the_number_of_another_booking_is_seen() {
        for text in [
            "Запись к хирургу №5. Запись к терапевту отмените",
            "Отмените приём окулиста. Мой талон к хирургу 48213.",
            "Я по записи 48213 к терапевту. Отмените мне окулиста.",
            "Запись 48213 моя. Отмените запись сына.",
            "Прошу отменить запись отца. Я сама записана под номером 48213.",
            "Записалась повторно, номер 48213. Прежнюю отмените.",
            "Отмените мой прошлый визит, новый 48213",
            "Отмените запись, следом за 48213",
            "Прошу отменить приём. Другой мой приём: 48213.",
            "Запись №48213 на сына. На дочь отмените.",
            "Запись №48213 к глазному. К лору отмените.",
            "Запись №48213 на 10 февраля. Двенадцатое отмените.",
            "У меня запись №48213 на четверг. Среду отмените, пожалуйста.",
            "Номер 48213 мой. Мужа отмените.",
            "Переписалась на вторник, новая запись №48213, понедельник отмените.",
            "Новый номер 48213. Старый отменяйте.",
            "Меня зовут Мария, моя запись 48213. Мамину отмените, пожалуйста.",
            "Запись 48213 моя. Дочкину снимите, у неё ветрянка.",
            "Мужнину отмените, пожалуйста, он на вахте.",
        ] {
            assert!(judged(text), "{text}");
        }
        for text in [
            "Отмените приём окулиста. Номер записи к окулисту 48213.",
            "Отмените запись мамы. Номер 48213. У меня телефон 8 916 000-11-22",
            "Отмените вторую запись №48213",
            "Запись 48213 лишняя, удалите её",
            "Запись №48213. На завтра отмените.",
            "Мамину запись отмените, пожалуйста, номер 48213",
            "Запись №48213 на среду отмените",
            "Отмените запись. Номер 48213.",
            "№ 48213, хирург. Справку получили у другого врача, поэтому приём не нужен.",
            "Записана на 3 марта к хирургу. Вынуждена отменить визит: врач не советует рентген.",
        ] {
            assert!(!judged(text), "{text}");
        }
    }
}
