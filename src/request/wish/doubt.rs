//! The gate behind a wish that was found: whatever in the letter speaks for another reading makes
//! it unclear. A false alarm costs an answer; a wrong cancellation costs the appointment.

use super::{Objection, keeping, undone};
use crate::read::grammar as patterns;
use crate::request::phrases::fields;
use crate::request::sentences;
use crate::request::speech::{Rule, Sentence, grammar};
use std::sync::LazyLock;

/// What the sentences, all of one letter, hold against a wish to cancel.
pub fn about_cancelling(texts: &[String]) -> Objection {
    let read: Vec<Sentence> = texts.iter().map(|text| Sentence::read(text)).collect();
    let marked = |text: &String| {
        MARKS.is_match(text.as_str())
            || DISREGARDED.is_match(text.as_str())
            || OF_CANCELLING.is_match(text.as_str())
    };
    let broken = || texts.iter().any(marked);
    if takes_back(&read)
        || is_announced(texts, &read)
        || one_of_several_stays_away(&read)
        || broken()
    {
        return Objection::Final;
    }
    let asked = Asked::in_any(&read);
    let each = texts.iter().zip(&read);
    let most = each.map(|(text, sentence)| of_sentence(text, sentence, asked));
    let contradiction = if contradicts(&read) {
        Objection::Grave
    } else {
        Objection::None
    };
    most.fold(contradiction, Objection::max)
}

/// How plainly the letter asks, all its sentences taken together.
#[derive(Clone, Copy)]
struct Asked {
    plainly: bool,
    /// «Отмените» begins a sentence.
    by_command: bool,
    /// «Не приду» is told.
    absent: bool,
}

impl Asked {
    fn in_any(read: &[Sentence]) -> Self {
        let g = grammar();
        let begins = |sentence: &Sentence| {
            g.class("отмените").is_some_and(|class| {
                sentence
                    .words()
                    .first()
                    .is_some_and(|w| w.classes.has(class))
            })
        };
        Self {
            plainly: read.iter().any(asks_to_cancel),
            by_command: read.iter().any(begins),
            absent: read.iter().any(tells_absence),
        }
    }
}

/// «Отмените запись», not «отказываюсь платить».
fn asks_to_cancel(sentence: &Sentence) -> bool {
    let g = grammar();
    g.cancel.is_in(&sentence.without(&g.refuses_another_thing))
}

/// «Не приду», not «ответ уже не нужен».
fn tells_absence(sentence: &Sentence) -> bool {
    let g = grammar();
    g.absent.is_in(&sentence.without(&g.spares_another_thing))
}

/// What one sentence holds against the wish.
fn of_sentence(text: &str, sentence: &Sentence, asked: Asked) -> Objection {
    let g = grammar();
    let hardly_ever_harmless: [&Rule; 3] = [&g.about_the_request, &g.unwished, &g.seeks_advice];
    let nearly_always: [&Rule; 5] = [
        &g.form_or_draft,
        &g.supposes,
        &g.moves_too,
        &g.unsure_number,
        &g.irony,
    ];
    let as_often_harmless: [&Rule; 7] = [
        &g.comes_after_all,
        &g.reported_too,
        &g.taken_back,
        &g.conditional_without_if,
        &g.protests,
        &g.two_bookings,
        &g.narrates,
    ];
    // «Хотела через сайт, но кнопка не работает. Отмените вы»: the command counts.
    let past = asked.plainly && !g.cancel.is_in(&sentence.without(&g.past_wish));
    let past = g.past_wish.is_in(sentence) && !(asked.by_command && past);
    let unsubscribes = !asked.plainly && !asked.absent && g.unsubscribes.is_in(sentence);
    // «Перезванивать не нужно. Отмените.»
    let spares_calls = asked.plainly && CALLS.is_match(text);
    if !spares_calls && is_about_another_thing(sentence, asked)
        || g.not_meant.is_in(sentence)
        || g.another_record.is_in(sentence)
        || g.office_speaks.is_in(sentence)
        || g.disregarded.is_in(sentence)
        || unsubscribes
    {
        return Objection::Final;
    }
    if past || hardly_ever_harmless.iter().any(|rule| rule.is_in(sentence)) {
        return Objection::Grave;
    }
    if nearly_always.iter().any(|rule| rule.is_in(sentence)) {
        return Objection::Strong;
    }
    // «Так как перезаписалась»: a reason that says so is none.
    let reasoned = fields().reason_clause.is_in(text);
    let weak = as_often_harmless
        .iter()
        .filter(|rule| !(reasoned && std::ptr::eq(**rule, &raw const g.narrates)))
        .any(|rule| rule.is_in(sentence));
    if weak || !asked.plainly && g.comes_differently.is_in(sentence) {
        return Objection::Weak;
    }
    Objection::None
}

/// «Звонить не надо»
static CALLS: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)\b(?:не[ ](?:надо|нужно)[ ](?:мне[ ])?(?:пере)?зв(?:онить|анивать)|(?:пере)?зв(?:онить|анивать)[ ](?:мне[ ])?не[ ](?:надо|нужно))\b",
    )
});

/// «Отмените заказ», «парковка не нужна», «удалите зуб»: no booking is meant.
fn is_about_another_thing(sentence: &Sentence, asked: Asked) -> bool {
    let g = grammar();
    let names = |list: &str| g.class(list).is_some_and(|class| sentence.has(class));
    let booking = names("запись");
    let orders = g.orders_elsewhere.is_in(sentence) && !booking;
    let asks_for_it = g.cancel.is_in(sentence) && (booking || names("услуга"));
    let spares = g.spares_another_thing.is_in(sentence)
        && !g.cancel_noun.is_in(sentence)
        && !tells_absence(sentence);
    let refuses = !asked.plainly
        && (g.refuses_another_thing.is_in(sentence) || g.absent_from_another.is_in(sentence));
    orders || refuses || spares && !asked.by_command && !asks_for_it
}

/// A request below a line of signs, or behind a bar: a letter that was copied in.
pub fn is_copied(body: &str) -> bool {
    static PARTING: LazyLock<patterns::Pattern> =
        LazyLock::new(|| patterns::regex(r"(?im)^[ ]*(?:[=_*#~+-]{5,}[ ]*$|\|[^|\n]*$)"));
    let g = grammar();
    let Some((above, below)) = PARTING
        .find(body)
        .and_then(|line| body.split_at_checked(line.start()))
    else {
        return false;
    };
    // «Добрый день», and a line: nothing that the writer says himself stands above it.
    let greets = !above.trim().is_empty()
        && sentences::split(above)
            .iter()
            .all(|text| keeping::says_nothing(text));
    let asks = |text: &String| {
        let said = Sentence::read(text);
        g.cancel.is_in(&said) || g.cancel_noun.is_in(&said)
    };
    !greets && sentences::split(below).iter().any(asks)
}

/// «Новая дата: …», «Причина: перенос»: the form asks for another day.
pub fn names_a_new_day(body: &str) -> bool {
    static NEW: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?im)^[ ]*(?:нов(?:ая|ое|ый)|другая|другое|удобн(?:ая|ое|ый)|желаем(?:ая|ое|ый))[ ](?:дата|время|день)(?:[ ](?:при[её]ма|визита|записи))?[ ]*:|^[ ]*причина[^:\n]{0,20}:[ ]*перенос(?:[ ]*[.!]?[ ]*$|[ ](?:записи|при[её]ма|визита|даты|времени|на)\b)|перенести[ ]на[ ]*:",
        )
    });
    NEW.is_match(body)
}

/// «Жалобы: …», «Причина обращения: …»: the form asks for a visit.
pub fn describes_a_visit(body: &str) -> bool {
    static LABEL: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?im)^[ ]*(?:(?:причина|цель)[ ](?:обращения|визита|при[её]ма|посещения)|жалобы|симптомы|пожелания)[ ]*[:—–-]",
        )
    });
    LABEL.is_match(body)
}

/// What the sentences hold against a wish to restore.
pub fn about_restoring(texts: &[String]) -> Objection {
    let g = grammar();
    let never: [&Rule; 3] = [&g.not_meant, &g.another_record, &g.minds_other_business];
    let rules: [&Rule; 5] = [
        &g.office_speaks,
        &g.conditional_without_if,
        &g.seeks_advice,
        &g.form_or_draft,
        &g.unsure_number,
    ];
    let doubtful = texts.iter().any(|text| {
        let sentence = Sentence::read(text);
        rules.iter().any(|rule| rule.is_in(&sentence))
            || MARKS.is_match(text.as_str())
            || undone::refuses(text)
            || undone::names_another_thing(text)
    });
    let another = texts.iter().any(|text| {
        let sentence = Sentence::read(text);
        never.iter().any(|rule| rule.is_in(&sentence))
    });
    match (another, doubtful) {
        (true, _) => Objection::Final,
        (false, true) => Objection::Strong,
        (false, false) => Objection::None,
    }
}

/// «Прошу „отменить запись“ считать недействительным»: the request itself is taken back.
static DISREGARDED: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(r"(?i)\bотменить[ ][^.,;:]{1,40}[ ]считать[ ](?:недействит|ошибоч|не)")
});

/// «Отмените мой отказ»: what is cancelled is the cancelling.
static OF_CANCELLING: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)\b(?:отмен(?:ите|ить|яю)|аннулир(?:уйте|овать|ую))[ ](?:пожалуйста,?[ ])?(?:мо[йюеё]\p{L}?|сво[йюеё]\p{L}?|наш\p{L}?|вчерашн\p{L}+)[ ](?:отказ|отмен|письм|просьб|сообщени)",
    )
});

/// Boxes of a form, a «не» that a line or an exclamation mark parted from its verb, spaced letters.
static MARKS: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)\[[ xхv]?\]|(?:^|[ ,])не[ !.…:,-]*$|(?:^|[ ])не[ ]?[,!.…]|(?:^|[ ])(?:\p{L}[ ]){3,}\p{L}(?:[ .!?]|$)",
    )
});

/// «Хочу отменить, но жена говорит идти», and «Но …» as a sentence behind the request.
fn contradicts(read: &[Sentence]) -> bool {
    let g = grammar();
    let mut asked = false;
    for sentence in read {
        let bare = sentence.without(&g.harmless_contrast);
        let harmless = g
            .harmless_contrast
            .find(sentence)
            .is_some_and(|r| r.start == 0);
        let opening = sentence
            .text_of(0)
            .filter(|_| !harmless)
            .unwrap_or_default();
        let turns = matches!(
            opening.as_str(),
            "но" | "однако" | "хотя" | "или" | "впрочем" | "зато"
        );
        let asks = g.cancel.is_in(sentence) || g.absent.is_in(sentence);
        if asked && turns && !asks || g.contrast.is_in(&bare) {
            return true;
        }
        asked |= asks || g.cancel_noun.is_in(sentence);
    }
    false
}

/// «Нет.» or «Шутка.» as a sentence behind the request.
fn takes_back(read: &[Sentence]) -> bool {
    let g = grammar();
    let said = |sentence: &Sentence| {
        let first = sentence.text_of(0).unwrap_or_default();
        // «Не шутка.»
        let denied = sentence.words().first().is_some_and(|word| word.denied);
        match sentence.words().len() {
            1 => !denied && matches!(first.as_str(), "нет" | "шутка" | "шучу"),
            2 | 3 => !denied && first == "шутка",
            _ => false,
        }
    };
    let asked = read.iter().position(|sentence| g.cancel.is_in(sentence));
    asked.is_some_and(|asked| read.iter().skip(asked).any(said))
}

/// «P.S. Всё уладилось», «UPD: в силе»: what stands below a request undoes it.
pub fn settles_below(body: &str) -> bool {
    static POSTSCRIPT: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?im)(?:^|[.!?,;])[ *(]*(?:(?:p[ .]{0,2}){1,3}s\b|(?:п\.[ ]?){1,3}с\.|пс\b|з\.?[ ]?ы\b|постскриптум|(?P<upd>upd|update|апд|апдейт)\b|(?:обновлен\p{L}{1,2}|позже|позднее|дополне\p{L}+|поправка|ред\.|правка)[ ]*:)[ .:—–)-]*",
        )
    });
    // Below a request, what is needed no more is the cancelling.
    static NO_MORE: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)^(?:(?:вс[её]|нет|ой),?[ ])?уже[ ]не[ ](?:надо|нужно)[ ]*(?:[,.!)]|$)",
        )
    });
    let g = grammar();
    let Some((mark, updated)) = POSTSCRIPT.captures(body).and_then(|found| {
        let updated = found.name("upd").is_some();
        Some((found.get(0)?, updated))
    }) else {
        return is_called_off(body);
    };
    let below = body.get(mark.end()..).unwrap_or_default();
    is_called_off(body)
        || sentences::split(below).iter().any(|text| {
            let said = Sentence::read(text);
            let unsettled = said.without(&g.settled_below);
            let asks = !g.negated.is_in(&said)
                && (g.cancel.is_in(&unsettled) || g.absent.is_in(&unsettled));
            let now = said.without(&g.comes_later).without(&g.stays_away);
            // An update that does not ask for it tells that something else holds now.
            let otherwise = updated
                && !text.contains(|c: char| c.is_ascii_digit())
                && !keeping::says_nothing(text)
                && !fields().reason_clause.is_in(text.as_str());
            !asks && (otherwise || g.settled_below.is_in(&now)) || NO_MORE.is_match(text.as_str())
        })
}

/// «Отбой!», «Стоп.» as a sentence of its own, behind the request.
fn is_called_off(body: &str) -> bool {
    const CALLED_OFF: [&str; 6] = [
        "отбой",
        "стоп",
        "стойте",
        "погодите",
        "подождите",
        "отставить",
    ];
    let g = grammar();
    let texts = sentences::split(body);
    let asks = |text: &String| g.cancel.is_in(&Sentence::read(text));
    let bare = |text: &String| {
        text.trim_matches(|c: char| !c.is_alphabetic())
            .to_lowercase()
    };
    let asked = texts.iter().position(asks);
    asked.is_some_and(|asked| {
        texts
            .iter()
            .skip(asked + 1)
            .any(|text| CALLED_OFF.contains(&bare(text).as_str()))
    })
}

/// «Мы записаны вдвоём. Подруга не сможет»: the other one comes.
fn one_of_several_stays_away(read: &[Sentence]) -> bool {
    let g = grammar();
    let several = read.iter().any(|sentence| g.several_people.is_in(sentence));
    several && !read.iter().any(asks_to_cancel)
}

/// «Мне написали:» — and on the next line the words of somebody else.
fn is_announced(texts: &[String], read: &[Sentence]) -> bool {
    static TELLS: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)\b(?:пиш|писа|напис|присл|пришл|прише|получ|отправ|следующ|смс|sms|сообщен|письм|сказа|говор|ниже|текст|цитат|так|правильн|образец|пример|надо|нужно|читаю)[^.!?]{0,60}:\s*$|\b(?:(?:что|как)[ ](?:\p{L}+[ ]){0,2}(?:писать|написать|пишется|отвечать|ответить|говорить|сказать)|образец|пример|текст|правильн\p{L}+)\b[^.!?]{0,40}[?]\s*$",
        )
    });
    let g = grammar();
    texts
        .windows(2)
        .zip(read.iter().skip(1))
        .any(|(pair, said)| {
            let tells = pair
                .first()
                .is_some_and(|text| TELLS.is_match(text.as_str()));
            tells && (g.cancel.is_in(said) || g.cancel_noun.is_in(said))
        })
}
