//! A name that is told in parts: surname, name and patronymic, each behind its own word.

use super::labelled_name;
use crate::read::grammar;
use crate::request::fields::{Field, Kind};
use std::sync::LazyLock;

/// «Фамилия Ильин имя Пётр отчество Олегович», as people dictate it, in either order.
static TOLD_IN_PARTS: LazyLock<[grammar::Pattern; 2]> = LazyLock::new(|| {
    [
        grammar::regex(
            r"(?i)\bфамилия[ ]([\p{L}-]{2,40})[ ,.]{1,2}(?:а[ ])?(?:имя|зовут)[ ]([\p{L}-]{2,40})(?:[ ,.]{1,2}отчество[ ]([\p{L}-]{2,40}))?",
        ),
        grammar::regex(
            r"(?i)\bимя[ ]([\p{L}-]{2,40})[ ,.]{1,2}(?:отчество[ ]([\p{L}-]{2,40})[ ,.]{1,2})?фамилия[ ]([\p{L}-]{2,40})",
        ),
    ]
});

/// The name out of «Фамилия: … / Имя: … / Отчество: …», or of the same without colons.
pub fn read(text: &str, fields: &[Field]) -> Option<String> {
    if let Some(told) = TOLD_IN_PARTS.iter().find_map(|parts| parts.captures(text)) {
        let part = |at: usize| Some(told.get(at)?.as_str());
        let parts: Vec<&str> = [part(1), part(2), part(3)].into_iter().flatten().collect();
        return Some(parts.join(" "));
    }
    let part = |kind: Kind| {
        let field = fields.iter().find(|f| f.kind == kind)?;
        labelled_name(text.get(field.value.clone())?)
    };
    let surname = part(Kind::Surname)?;
    let parts: Vec<String> = [Some(surname), part(Kind::GivenName), part(Kind::Patronymic)]
        .into_iter()
        .flatten()
        .collect();
    Some(parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn parts_need_no_colons() {
        for (text, name) in [
            ("отменить запись фамилия зорин имя глеб", Some("зорин глеб")),
            ("Фамилия Ильин, имя Пётр. Отменяю", Some("Ильин Пётр")),
            ("имя пётр фамилия ильин отменить", Some("пётр ильин")),
            ("фамилия у нас теперь другая", None),
        ] {
            assert_eq!(read(text, &[]).as_deref(), name, "{text}");
        }
    }
}
