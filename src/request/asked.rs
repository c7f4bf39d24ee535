//! What a letter asks for: by its words, by its subject, and by what its sentences are heard to say.

use super::fields::{self, Field, Kind};
use super::noted::Noted;
use super::wish::{self, Objection, Wish};
use super::{Intent, answered_form, plain, questions, slots};
use crate::domain::Reason;
use crate::read::{Letter, grammar};
use std::sync::LazyLock;

/// The wish of a letter: of its subject, its own words with figures, and as they were `written`. The
/// `fields` are those of the body.
pub fn of_letter(letter: &Letter, [subject, body, written]: [&str; 3], fields: &[Field]) -> Wish {
    let form = wish::asks_afresh(subject) && fields::names_the_booking(fields);
    let cancels = wish::asks_to_cancel(body) && !wish::asks_back(body);
    let beside = |text: &str| {
        let text = wish::without_confirmation_asked_for(text, form);
        wish::without_circumstances(&text, cancels)
    };
    let (body, written) = (&beside(body), &beside(written));
    let ruled = chosen(letter, subject, body, fields);
    let otherwise = |wish| slots::wish(subject, body, questions::unless_asked(wish, subject, body));
    if letter.automatic.is_some() {
        return otherwise(ruled);
    }
    let ruled = wish::beyond_doubt(ruled, subject, body, fields);
    let hearing = wish::hear(written, &Noted::of(written).fields);
    // «Нет, спасибо», «Статус записи №5»: another request, and none to cancel beside it.
    if !hearing.asks && ruled.intent == Intent::None {
        let other = otherwise(ruled);
        if other.intent != Intent::None {
            return other;
        }
    }
    // «Не получается», and below it «кнопка не нажимается»: that asks for something else.
    let titled = wish::asks_afresh(subject) && !questions::calls_for_help(body);
    let heard = match wish::reconsidered(ruled, &hearing, titled) {
        // Only the story around a plain command sounds strange.
        heard
            if (ruled.intent == Intent::Cancel || titled && is_open(ruled))
                && heard.objection < Objection::Final
                && wish::plain_command::stands_in(body, titled) =>
        {
            Wish::clear(Intent::Cancel)
        }
        heard => heard,
    };
    let undone = match wish::undoing(heard, &hearing, titled) {
        // Found by the rules or heard: a person decides some of it.
        undone if undone.intent == Intent::Restore && wish::keeps_from_restoring(body) => {
            Wish::unclear_by(Objection::Final)
        }
        undone => undone,
    };
    if undone.intent == Intent::Cancel && outdates_a_request(letter, body) {
        return Wish::unclear_by(Objection::Final);
    }
    otherwise(unless_titled_otherwise(undone, subject))
}

/// «Уже неактуально» below a quoted «Прошу отменить запись», or below «Вам ещё нужна отмена?»: what is outdated is
/// the cancelling.
fn outdates_a_request(letter: &Letter, body: &str) -> bool {
    static OUTDATED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)^\W*(?:(?:спасибо|здравствуйте|добрый[ ]день|уже|это|все|пока|теперь|нам|мне)\W+){0,4}не[ ]?(?:актуальн\p{L}+|надо|нужн[оа]|требуется|понадобится)(?:\W+(?:больше|уже|спасибо|извините|выздоров\p{L}+|поправил\p{L}+)){0,4}\W*$",
        )
    });
    static ASKED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)(?:^|[.!?\n])[^.!?\n«]{0,30}\b(?:прошу|просим|просьба|отмените|нужна[ ](?:ли[ ])?отмена|актуальна[ ](?:ли[ ])?отмена)\b[^.!?\n]{0,60}(?:отмен|запис)",
        )
    });
    const TOLD: [&str; 4] = ["чтобы", "Чтобы", "ответьте", "если"];
    let asked = |found: grammar::Match<'_>| !TOLD.iter().any(|word| found.as_str().contains(word));
    let for_now = || body.to_lowercase().contains("пока не");
    OUTDATED.is_match(body) && (for_now() || ASKED.find_iter(letter.quoted.as_str()).any(asked))
}

/// Whether the rules neither found a wish nor hold a grave objection.
fn is_open(wish: Wish) -> bool {
    wish.doubt == Some(Reason::WishUnclear) && wish.objection <= Objection::Strong
}

/// «Не приду» below «Восстановление записи №5» contradicts the subject.
fn unless_titled_otherwise(heard: Wish, subject: &str) -> Wish {
    let restores =
        || !wish::is_inherited(subject) && wish::of_subject(subject).intent == Intent::Restore;
    if heard.intent == Intent::Cancel && restores() {
        Wish::unclear_by(Objection::Final)
    } else {
        heard
    }
}

/// The body outweighs the subject; a subject counts as the writer's wish only if it was typed
/// afresh, or if the body is our template filled in.
fn chosen(letter: &Letter, subject: &str, body: &str, fields: &[Field]) -> Wish {
    let own = of_own_words(subject, body, fields);
    // «Почему: переехал» asks nothing.
    let labels: Vec<_> = fields
        .iter()
        .map(|field| field.label..field.value.start)
        .collect();
    let spoken = &plain::masked(&wish::without_reasons(body, fields), &labels);
    let filled_in = || answered_form::is_filled_in_without_labels(letter, subject, body);
    let open = own.objection < Objection::Final && letter.automatic.is_none();
    // «Передумал» in an answered form says why.
    if own.intent == Intent::None && own.doubt.is_some() && open && filled_in() {
        return Wish::clear(Intent::Cancel);
    }
    if own.intent != Intent::None || own.doubt.is_some() {
        return own;
    }
    let form = fields::is_form_of_cancelling(body, fields)
        || filled_in()
        || fields::is_filled_in(body, fields)
            && is_of_cancelling_or_inherited(subject)
            && (answers_about_cancelling(letter, subject)
                || tells_how_to_cancel(letter, body) && wish::gives_harmless_reasons(body, fields));
    if letter.automatic.is_none() && form {
        return Wish::clear(Intent::Cancel);
    }
    // «?» below «Отмена записи №5» asks what to do, «После 18:00» for another hour.
    if !body.contains(char::is_alphanumeric) && body.contains('?') || names_only_an_hour(body) {
        return Wish::unclear_by(Objection::Final);
    }
    let mut titled = wish::of_subject(subject);
    if titled.doubt.is_some() {
        titled.objection = Objection::Final;
    }
    // «Ознакомлен, благодарю» below «Отмена записи №5», «Сколько это стоит?» below «Восстановление …»
    let asks = titled.intent == Intent::Restore && body.contains('?');
    if titled.intent != Intent::None && (asks || wish::only_acknowledges(spoken)) {
        titled = Wish::unclear_by(Objection::Final);
    }
    if titled.intent == Intent::Restore && !wish::leaves_restoring(spoken, fields) {
        titled = Wish::unclear_by(Objection::Weak);
    }
    let cancels = !matches!(titled.intent, Intent::None | Intent::Restore);
    if cancels && wish::speaks_against(spoken) {
        titled = Wish::unclear_by(Objection::Weak);
    }
    let unasked = letter.automatic.is_none() && !wish::keeping::leaves_standing(spoken, fields);
    if titled.intent == Intent::Cancel && unasked {
        titled = Wish::unclear_by(Objection::None);
    }
    if wish::is_inherited(subject) {
        let filled_in = fields.iter().any(|f| f.kind == Kind::Number)
            && fields.iter().any(|f| f.kind == Kind::Name)
            && !letter.own_words.is_empty();
        return if filled_in { titled } else { own };
    }
    titled
}

/// What the body asks for by itself; below a subject that tells of it, for a cancelled booking too.
fn of_own_words(subject: &str, body: &str, fields: &[Field]) -> Wish {
    match wish::of_words(body, fields) {
        // «Да, отмените мою запись» below a subject of one's own answers nothing of ours.
        consent
            if consent.intent == Intent::Consent
                && wish::asks_afresh(subject)
                && wish::asks_to_cancel(body) =>
        {
            Wish::clear(Intent::Cancel)
        }
        own if own.intent != Intent::Restore
            && wish::is_asked_back_below(subject, body, fields) =>
        {
            Wish::clear(Intent::Restore)
        }
        own => own,
    }
}

/// «До 12:00», «можно после 18»: nothing else is said.
fn names_only_an_hour(body: &str) -> bool {
    static HOUR: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)^\W*(?:(?:можно|лучше|только|давайте|удобно)[ ])?(?:до|к|ко|после|с|от)[ ]\d{1,2}(?:[:.-]\d{2})?(?:[ ](?:до|по)[ ]\d{1,2}(?:[:.-]\d{2})?)?(?:[ ]час\p{L}*)?\W*$",
        )
    });
    HOUR.is_match(body)
}

/// Not «Подтверждение записи» or «Оставьте запись №5», typed afresh.
fn is_of_cancelling_or_inherited(subject: &str) -> bool {
    wish::is_inherited(subject)
        || subject.trim().is_empty()
        || subject.to_lowercase().contains("отмен")
}

/// Whether the quoted letter tells how to cancel, or holds the form for it and `body` asks nothing.
fn tells_how_to_cancel(letter: &Letter, body: &str) -> bool {
    let holds_the_form = || answered_form::quotes_the_empty_form(letter);
    answers_an_invitation(letter) || !body.contains('?') && holds_the_form()
}

/// An answer to a letter of a booking that tells how to cancel it, and asks for nothing else in a form; an old
/// «Прошу отменить запись» tells nobody how.
fn answers_an_invitation(letter: &Letter) -> bool {
    static INVITES: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)\b(?:ответьте|ответить|чтобы|для|теме[ ]укажите|не[ ]сможете|не[ ]прид[её]те|образц\p{L}+|форм\p{L}{1,2})\b[^.!?]{0,120}\bотмен\p{L}+[ ](?:вашей[ ])?запис",
        )
    });
    static OTHERWISE: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)\bпричина[ ](?:обращ|визит|при[её]м|посещ)|\bанкет"));
    INVITES.is_match(letter.quoted.as_str()) && !OTHERWISE.is_match(letter.quoted.as_str())
}

/// An answer, whose subject names the form of cancelling: «Re: Форма отмены записи», «Бланк отмены».
fn answers_about_cancelling(letter: &Letter, subject: &str) -> bool {
    static NAMED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)\b(?:форм|бланк|анкет|шаблон)\p{L}*[ ](?:для[ ]|на[ ])?отмен(?:ы|у)\b|\bотмен\p{L}+.*\b(?:заполнит|форм|бланк|анкет)",
        )
    });
    !letter.quoted.is_empty() && NAMED.is_match(subject)
}
