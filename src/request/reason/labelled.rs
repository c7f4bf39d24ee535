//! The reason behind its label: «Причина: …».

use super::shortened;
use crate::read::grammar as patterns;
use crate::request::fields::{Field, Kind};
use crate::request::phrases::{fields as words, words as wishes};
use crate::request::signature;
use std::sync::LazyLock;

/// What stands behind the label of a reason.
#[derive(Debug, PartialEq, Eq)]
pub enum Labelled {
    /// The reason.
    Told(String),
    /// «Не указываю»: nobody is to seek one elsewhere.
    Withheld,
}

/// A sentence behind a labelled reason that asks.
static REQUEST: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)[.;!][ ]+(?:прошу|просим|просьба|отмените|снимите|спасибо|заранее|с уважением|дата|при[её]м|запись|номер|№|тел|фио|время|записан)",
    )
});

/// «Причина: см. ниже»
static ELSEWHERE: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(r"(?i)^(?:см\p{L}*\.?[ ])?(?:ниже|выше|в[ ]письме|письмо)[.! ]*$")
});

/// «Причина: не указываю»
static WITHHELD: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)^(?:не[ ](?:указ|скаж|обязан|хочу[ ](?:указ|говор|пис)|буду[ ](?:указ|говор|пис))\p{L}*|без[ ](?:причин\p{L}*|объяснени\p{L}*)|нет)[.! ]*$",
    )
});

/// The first label of a reason with the lines that go on; `None` where there is none, or where it points to
/// the letter.
pub fn read(text: &str, fields: &[Field]) -> Option<Labelled> {
    let (index, field) = fields
        .iter()
        .enumerate()
        .find(|(_, field)| field.kind == Kind::Reason)?;
    let told = labelled(text, field, fields.get(index + 1))?;
    if ELSEWHERE.is_match(told.as_str()) {
        None
    } else if WITHHELD.is_match(told.as_str()) {
        Some(Labelled::Withheld)
    } else {
        Some(Labelled::Told(told))
    }
}

fn labelled(text: &str, field: &Field, next: Option<&Field>) -> Option<String> {
    let end = next.map_or(text.len(), |f| f.label);
    let whole = text.get(field.value.start..end.max(field.value.end))?;
    let mut kept: Vec<&str> = Vec::new();
    for line in whole.lines() {
        let line = line.trim();
        let over = line.is_empty() || words().sign_off.is_in(line) || wishes().courtesy.is_in(line);
        if over && !kept.is_empty() {
            break;
        }
        if !over {
            kept.push(line);
        }
        // A short first line is the whole reason; only lines broken by a program go on.
        if line.chars().count() < 58 {
            break;
        }
    }
    let reason = kept.join(" ");
    // «Причина: боюсь. Чумакова Таисия Ефимовна»
    let named = reason
        .rsplit_once(". ")
        .filter(|(_, last)| signature::is_name(last));
    let reason = named.map_or(reason.as_str(), |(reason, _)| reason);
    let end = REQUEST
        .find(reason)
        .map_or(reason.len(), |found| found.start());
    shortened(reason.get(..end).unwrap_or_default())
}
