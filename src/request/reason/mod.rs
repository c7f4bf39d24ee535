//! Why the writer cancels, as written.

mod around;
pub mod bare;
mod faint;
mod glued;
mod heard;
mod labelled;
mod names;
mod restored;

use super::Intent;
use super::fields::{self, Field, Kind};
use super::phrases::fields as words;
use super::plain;
use super::sentences;
use super::speech::told::{self, Told};
use crate::read::grammar as patterns;
use heard::{behind_absence, heard, is_courtesy, is_empty, telling};
use labelled::Labelled;
pub use names::without_details;
use std::sync::LazyLock;

/// Where the reason ends and the request begins again.
static WISH: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i),?[ ](?:прошу|просим|просьба|отмен(?:ите|и|ить|яю|яем|яйте)\b|сним(?:ите|и|аю)\b|снять[ ]|аннул|не[ ](?:смогу|сможем|приду|прид[её]м|приеду|приедем|получ|могу|можем)\b|(?:при[её]м|визит)[ ](?:больше|уже|мне|не)\b|(?:мою[ ])?запись[ ]?(?:№|n|номер)|номер[ ]записи|№)",
    )
});

/// «Техосмотр не прошёл, потому что.»
static JOINT: LazyLock<patterns::Pattern> =
    LazyLock::new(|| patterns::regex(r"(?i),?[ ]+(?:потому,?[ ]что|так[ ]как|поскольку)[ .!]*$"));

static THIS: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)^(?:в[ ]связи[ ]с|ввиду|из-за|вследствие|по[ ]причине|в[ ]силу)[ ](?:этим|этого|чем|чего|вышеизложенн|изложенн|вышесказанн|вышеуказанн|сказанн)",
    )
});

/// The closing words on a line of their own.
static CLOSING: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)^(?:с[ ].{0,20}уважением|с[ ]ув\.|всего[ ](?:доброго|хорошего)|до[ ]свидания|с[ ]наилучшими)",
    )
});

/// «Причина болезнь», «P.S. Причина банальная: …»: the label where nobody set a colon.
static LABEL: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)^(?:p\.?[ ]?s\.?[ ]+)?(?:по[ ]причине:|причина(?:[ ](?:отмены|простая|банальная|одна|такая|проста|личная))?(?:[ ]~+)?[ ]?[:—–-]?)[ ]+",
    )
});

/// «Причину указывать не обязан»: who refuses to tell why gives none.
static UNTOLD: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)\bпричин[уы]?[^,.!?]{0,30}[ ](?:не[ ](?:обязан|указыва|сообща|пиш|назыв|назову|объясн|укажу)|(?:указывать|называть|объяснять|писать|сообщать)[ ]не)|\bпричин[уы]?[ ](?:указывать|называть|объяснять|писать|сообщать)\b[^,.!?]{0,20}[ ]?не[ ]|\bне[ ](?:обязан|хоч|хот|буд|считаю|стан|жела)[^,.!?]{0,20}[ ](?:указыва|называ|объясня|писать|сообща)[^,.!?]{0,20}(?:причин|почему)|без[ ](?:указания|объяснения|объяснений)[ ]причин",
    )
});

/// Sentences in which a reason is sought by its likeness to the examples.
const MOST_SENTENCES: usize = 100;

/// What the words of a reason count beside how much its sentence tells one.
const BY_ITS_WORDS: f32 = 0.15;

/// Words that are a reason more surely than this count no more.
const SURE_WORDS: f32 = 6.0;

/// A sentence tells a reason much more than the clause that «потому что» begins in another.
const MUCH: f32 = 0.5;

/// Characters of a reason that are kept.
const MOST: usize = 500;

/// The labelled reason with the lines that go on, else the clause of a sentence that gives one.
/// Only who cancels or asks back gives a reason for it outside a label.
pub fn read(text: &str, fields: &[Field], intent: Intent, name: Option<&str>) -> Option<String> {
    match labelled::read(text, fields) {
        Some(Labelled::Told(told)) => return Some(told),
        Some(Labelled::Withheld) => return None,
        None => {}
    }
    let asks_back = intent == Intent::Restore;
    if !asks_back && intent != Intent::Cancel {
        return None;
    }
    let own = own_sentences(text, fields);
    let own = told_sentences(&names::without_names(&own, name));
    let told = match asks_back {
        true => restored(&own),
        false => cancelled(&own),
    }?;
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    if squeezed(text).contains(&squeezed(&told)) {
        return Some(told);
    }
    names::with_its_name(&told, text).or_else(|| names::up_to_the_name(&told, text))
}

/// Why a booking is asked back.
fn restored(all: &[Told]) -> Option<String> {
    let mistaken = restored::mistaken(all).and_then(|told| shortened(&told));
    let changed = || given(all).and_then(|told| shortened(restored::alone(&told)?));
    let also = || restored::also(all).and_then(|told| shortened(&told));
    mistaken
        .or_else(changed)
        .or_else(|| given(&restored::without_requests(all)))
        .or_else(also)
}

/// Why a booking is cancelled: in speech without stops, without what is glued to it.
fn cancelled(all: &[Told]) -> Option<String> {
    let parted = || glued::parted(all);
    match given(all) {
        Some(told) if glued::holds_more(&told) => {
            let alone = given(&parted()).filter(|alone| told.contains(alone.as_str()));
            alone.or(Some(told))
        }
        None => given(&glued::unstopped(all))
            .or_else(|| bare::told(&parted()))
            .or_else(|| outdated(all))
            .or_else(|| shortened(&faint::told(&parted())?)),
        told => told,
    }
}

/// The reason that is told in one of the sentences: as the examples tell it, else as the rules do.
fn given(all: &[Told]) -> Option<String> {
    let all: Vec<Told> = all
        .iter()
        .filter(|sentence| !UNTOLD.is_match(&sentence.text))
        .cloned()
        .collect();
    let first = || all.iter().take(MOST_SENTENCES);
    let clause = first()
        .filter_map(|sentence| Some((telling(&sentence.text), clause(&sentence.text)?)))
        .rev()
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    let heard = first()
        .filter_map(|sentence| {
            let (weight, told) = heard(&sentence.text)?;
            Some((
                telling(&sentence.text) + BY_ITS_WORDS * weight.min(SURE_WORDS),
                told,
            ))
        })
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    // «Пишу крупно, потому что мелких не вижу. Доехать не на чем»
    let clause = clause.filter(|(telling, _)| {
        let heard = heard
            .as_ref()
            .map_or(f32::NEG_INFINITY, |(heard, _)| *heard);
        heard < telling + BY_ITS_WORDS * SURE_WORDS + MUCH
    });
    let (clause, heard) = (clause.map(|(_, told)| told), heard.map(|(_, told)| told));
    let story = || told::reason(all.iter());
    let given = match (clause, heard) {
        // Both tell the same, one of them more of it.
        (Some(clause), Some(heard)) if heard.starts_with(&clause) => Some(heard),
        (Some(clause), _) => Some(clause),
        (None, Some(heard)) => {
            let wider = story().filter(|story| story.contains(&heard));
            Some(wider.unwrap_or(heard))
        }
        (None, None) => story(),
    };
    let given = given?;
    let told = behind_absence(&given)
        .filter(|told| heard::heard(told).is_some())
        .unwrap_or(&given);
    let courtesy = is_courtesy(all.iter().map(|sentence| sentence.text.as_str()), told);
    let label = LABEL.find(told).map_or(0, |label| label.end());
    let told = around::without_what_stands_around(told.get(label..)?);
    shortened(told).filter(|told| !courtesy && !is_empty(told))
}

/// «Уже неактуально», where nothing else tells why.
fn outdated(all: &[Told]) -> Option<String> {
    static OUTDATED: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)\b(?:больше[ ]|уже[ ])?не[ ]?актуальн(?:о|а|ы|ая|ый)\b|\b(?:\p{L}+[ ]){0,3}(?:больше|уже)[ ]не[ ](?:нуж(?:ен|на|но|ны)|надо|требуется|понадобится)\b|\bнадобность[ ]отпала\b|\bв[ ]\p{L}+[ ](?:больше[ ])?нет[ ]необходимости\b|\bнеобходимост\p{L}[ ]в[ ]\p{L}+[ ](?:больше[ ])?нет\b",
        )
    });
    let found = |sentence: &Told| {
        let told = OUTDATED.find(&sentence.text)?;
        Some(told.as_str().to_owned())
    };
    all.iter().find_map(found)
}

/// The reason that a subject gives behind its request: «Отмена записи №5, болею».
pub fn in_subject(subject: &str) -> Option<String> {
    // «Болею» tells why, «поверка» what for.
    if subject.split_whitespace().count() < 2 {
        return heard(subject).and_then(|(_, told)| shortened(&told));
    }
    cancelled(&told_sentences(subject))
}

/// The sentences with what is known of their neighbours.
fn told_sentences(text: &str) -> Vec<Told> {
    let figures = |line: &str| {
        let letters = line.chars().filter(|c| c.is_alphabetic()).count();
        line.contains(|c: char| c.is_numeric() || c == plain::MASK) && letters <= 12
    };
    let mut all = Vec::new();
    let mut below_figures = false;
    for line in sentences::joined(text) {
        if line.trim().is_empty() {
            continue;
        }
        let sentences = sentences::split(&line);
        let first = all.is_empty();
        let several = sentences.len() > 1;
        for (at, text) in sentences.into_iter().enumerate() {
            let among = several && at > 0 || below_figures || first && !several;
            all.push(Told { text, among });
        }
        below_figures = figures(&line);
    }
    all
}

/// The text without its labelled details and what stands below the closing words.
fn own_sentences(text: &str, fields: &[Field]) -> String {
    let mut details: Vec<_> = fields
        .iter()
        .filter(|field| field.kind != Kind::Reason || is_left_empty(text, field))
        .filter(|field| {
            let label = text.get(field.label..field.value.start).unwrap_or_default();
            field.kind != Kind::Other || words().other.is_in(label)
        })
        .map(|field| {
            // «Телефон: 5. Техосмотр не прошёл»: a detail ends with its sentence.
            let value = text.get(field.value.clone()).unwrap_or_default();
            let end = value.find(". ").unwrap_or(value.len());
            field.label..field.value.start + end
        })
        .collect();
    details.extend(words().as_you_like.all(text));
    details.sort_unstable_by_key(|range| range.start);
    let masked = plain::masked(text, &details);
    // «С уважением, Зоя. Отмените запись, …»: closing words that nothing stands above close nothing.
    let mut opened = false;
    let own = masked.lines().take_while(|line| {
        let closes = opened && CLOSING.is_match(line.trim());
        opened |= line.contains(char::is_alphabetic);
        !closes
    });
    own.collect::<Vec<_>>().join("\n")
}

/// «Причина (по желанию): -»
fn is_left_empty(text: &str, field: &Field) -> bool {
    let value = text.get(field.value.clone());
    field.kind == Kind::Reason && !value.is_some_and(|value| value.contains(char::is_alphanumeric))
}

fn clause(sentence: &str) -> Option<String> {
    let mut found = words().reason_clause.find(sentence)?;
    // «В связи с этим» points to what was said before.
    if THIS.is_match(sentence.get(found.start..)?) {
        return None;
    }
    // «Меня вызывают в школу из-за дочки», «Техосмотр не прошёл потому что»: the reason has begun.
    let joint = found.start;
    found.start = told::begun(sentence, joint).unwrap_or(joint);
    // «Завтра не приду, потому что …»: a wish stands before it, no reason.
    let before = sentence.get(found.start..joint)?;
    if WISH.is_match(before) {
        found.start = joint;
    }
    let clause = sentence.get(found)?;
    let clause = JOINT.find(clause).map_or(clause, |joint| {
        clause.get(..joint.start()).unwrap_or_default()
    });
    let end = WISH
        .find(clause)
        .map_or(clause.len(), |found| found.start());
    clause.get(..end).map(str::to_owned)
}

fn shortened(text: &str) -> Option<String> {
    let text = fields::trimmed(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut text: String = words.join(" ").chars().take(MOST - 1).collect();
    // «… (инвентаризация склада)» keeps its bracket, «:(» has none.
    let opened = text.rfind('(').and_then(|at| text.get(at + 1..));
    let within = opened.is_some_and(|t| t.starts_with(char::is_alphanumeric) && !t.contains(')'));
    if within {
        text.push(')');
    }
    text.chars().any(char::is_alphabetic).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labelled_reasons_and_reasons_in_sentences_are_read() {
        for (text, expected) in [
            ("Причина: болезнь", Some("болезнь")),
            (
                "Причина отмены: уезжаю в командировку.\nТелефон: 5",
                Some("уезжаю в командировку"),
            ),
            (
                "Прошу отменить запись в связи с болезнью.",
                Some("в связи с болезнью"),
            ),
            (
                "В связи с отъездом, прошу отменить запись",
                Some("В связи с отъездом"),
            ),
            (
                "Отмените запись, ребёнок заболел ветрянкой",
                Some("ребёнок заболел ветрянкой"),
            ),
            (
                "Не приеду, машина сломалась. Прошу отменить.",
                Some("машина сломалась"),
            ),
            (
                "Отмените.\nЗаболела, температура",
                Some("Заболела, температура"),
            ),
            ("По болезни не смогу прийти.", Some("По болезни")),
            ("Прошу отменить запись", None),
            ("Причина:\n\nТелефон: 5", None),
            ("Причина: боюсь. Чумакова Таисия Ефимовна.", Some("боюсь")),
            ("Отмените запись. Причину указывать не обязан.", None),
            (
                "Отмените запись. Начальник не отпускает с работы",
                Some("Начальник не отпускает с работы"),
            ),
            (
                "Я завтра не приду потому что хозяин не смог отпроситься",
                Some("потому что хозяин не смог отпроситься"),
            ),
            (
                "В связи с проверкой (склад) прошу отменить запись",
                Some("В связи с проверкой (склад)"),
            ),
            ("Причина отмены нет фото", Some("нет фото")),
            (
                "Прошу отменить, так как командировка отменена",
                Some("так как командировка отменена"),
            ),
        ] {
            let fields = fields::all(&patterns::Text::of(text));
            let told = read(text, &fields, Intent::Cancel, None);
            assert_eq!(told.as_deref(), expected, "{text}");
        }
    }
}
