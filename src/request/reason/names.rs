//! Names, posts and firms beside a reason, and within it.

use super::{WISH, shortened};
use crate::read::grammar as patterns;
use crate::request::fields;
use crate::request::phone::Phone;
use crate::request::phrases::fields as words;
use std::sync::LazyLock;

/// Characters of a name within a reason.
const LONGEST_NAME: usize = 60;

/// What somebody is, behind the name in a signature.
const POSTS: &str = r"(?:(?:главный|главная|ведущий|ведущая|старший|старшая|генеральный|исполнительный)[ ])?(?:начальник|нач\.|директор|юрист|бухгалтер|секретарь|инженер|менеджер|специалист|экономист|механик|диспетчер|председатель|руководитель|воспитатель|заведующ\p{L}+|помощник|помощница|мастер|прораб|адвокат|зам\.|заместитель|офис-менеджер|делопроизводитель|представитель)\b";

/// A piece of a sentence that tells what somebody is.
static POST: LazyLock<patterns::Pattern> =
    LazyLock::new(|| patterns::regex(&format!(r"(?i)^{POSTS}[^,.!?]{{0,60}}$")));

/// The same directly behind a name in whose place two commas stand.
static POST_BEHIND: LazyLock<patterns::Pattern> =
    LazyLock::new(|| patterns::regex(&format!(r"(?i),,[, \n]{{0,3}}{POSTS}[^,.!?\n]{{0,60}}")));

/// Whether it is what somebody is, «начальник участка».
pub fn is_post(told: &str) -> bool {
    POST.is_match(told)
}

/// «У , насморк» with the name that stands within it: «У Каримова Амира насморк».
pub fn with_its_name(told: &str, text: &str) -> Option<String> {
    let (mut words, mut last) = (told.split_whitespace(), told.split_whitespace());
    let (first, last) = (words.next()?, last.next_back()?);
    let begins = |at: &usize| {
        !text
            .get(..*at)
            .is_some_and(|t| t.ends_with(char::is_alphanumeric))
    };
    let places = || text.match_indices(first).map(|(at, _)| at).filter(begins);
    let second = words.next()?;
    let goes_on = |at: &usize| {
        let behind = text.get(at + first.len()..).unwrap_or_default();
        behind.trim_start().starts_with(second)
    };
    let start = places().find(goes_on).or_else(|| places().last())?;
    let rest = text.get(start..)?;
    let from = first.len();
    let whole = rest.get(..rest.get(from..)?.find(last)? + from + last.len())?;
    let near = whole.chars().count() <= told.chars().count() + LONGEST_NAME;
    near.then(|| shortened(whole)).flatten()
}

/// The words of the reason that stand together in `text`.
pub fn up_to_the_name(told: &str, text: &str) -> Option<String> {
    let text: String = text.split_whitespace().collect();
    let (mut squeezed, mut end) = (String::new(), 0);
    for word in told.split_whitespace() {
        squeezed.push_str(word);
        if !text.contains(&squeezed) {
            break;
        }
        end = told.get(end..)?.find(word)? + end + word.len();
    }
    shortened(told.get(..end)?)
}

/// A name is no reason, be it of the writer or a firm: a comma stands in the place of a firm, two in
/// that of the writer, so that the post behind it is known.
pub fn without_names(text: &str, name: Option<&str>) -> String {
    static FIRM: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"\b(?:ООО|ОАО|АО|ПАО|ЗАО|ИП|КФХ|МУП|ГУП|ФГУП|СНТ|МБОУ|МБДОУ|МАОУ|ГБУЗ|ГБОУ|НИИ)[ ][«\x22][^»\x22\n]{1,60}[»\x22]",
        )
    });
    let text = match name.filter(|name| name.contains(' ')) {
        Some(name) => text.replace(name, ",,"),
        None => text.to_owned(),
    };
    with_commas(&with_commas(&text, &FIRM), &POST_BEHIND)
}

/// The text with a comma in place of what the pattern finds.
fn with_commas(text: &str, pattern: &patterns::Pattern) -> String {
    let (mut kept, mut from) = (String::new(), 0);
    for found in pattern.find_iter(text) {
        kept.push_str(text.get(from..found.start()).unwrap_or_default());
        kept.push(',');
        from = found.end();
    }
    kept + text.get(from..).unwrap_or_default()
}

/// The reason up to the writer's name or telephone, where nobody set a mark before them; `None` if
/// it only introduces the name, «Меня зовут …».
pub fn without_details(
    reason: &str,
    name: Option<&str>,
    phones: &[Phone],
    text: &str,
) -> Option<String> {
    let written = phones
        .iter()
        .filter_map(|phone| text.get(phone.range.clone()));
    let end = name
        .into_iter()
        .chain(written)
        .filter_map(|detail| Some((reason.find(detail)?, detail)))
        .filter(|(at, detail)| *at > 0 && !goes_on(reason.get(at + detail.len()..)))
        .map(|(at, _)| at)
        .min()
        .unwrap_or(reason.len());
    let cut = fields::trimmed(reason.get(..end).unwrap_or_default());
    let kept = if cut.is_empty() { reason } else { cut };
    let introduces = end < reason.len() && words().name_opening.is_in(&format!("{cut} "));
    (!introduces).then(|| kept.to_owned())
}

/// «Сотрудница (Щукина О. Н.) уволилась»: behind the detail the reason is told on.
fn goes_on(behind: Option<&str>) -> bool {
    const WORDS: usize = 2;
    let behind = behind.unwrap_or_default();
    let worded = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() > 2;
    behind.split_whitespace().filter(worded).take(WORDS).count() == WORDS && !WISH.is_match(behind)
}
