//! The file of `policy.file`: read and checked, every fault with its line.

use crate::domain::Policy;
use crate::failure::Failure;
use std::path::Path;
use toml::de::{DeTable, DeValue};

/// Where the rules are explained.
const REMEDY: &str = "Mend this line; docs/policy.md names the rules";

/// The rules of the office: those of the file, or the built-in ones.
pub(super) fn load(file: Option<&Path>) -> Result<Policy, Failure> {
    let Some(path) = file else {
        return Ok(Policy::default());
    };
    let text = std::fs::read_to_string(path).map_err(|cause| {
        Failure::stop_because(
            format!(
                "the file of `policy.file` cannot be read ({})",
                path.display()
            ),
            "Write the rules of the office there, or take the setting out for the built-in ones",
            cause,
        )
    })?;
    read(&text).map_err(|(line, fault)| {
        let what = format!("`policy.file`: {}, line {line}: {fault}", path.display());
        Failure::stop(what, REMEDY)
    })
}

/// The rules in a text, or the line of the first fault and what is wrong there.
fn read(text: &str) -> Result<Policy, (usize, String)> {
    let policy: Policy = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        (line_at(text, at), error.message().to_owned())
    })?;
    policy.check().map_err(|error| {
        let at = place_of(text, &error.path).unwrap_or(0);
        (line_at(text, at), error.to_string())
    })?;
    Ok(policy)
}

/// The line, from 1, that holds the octet `at`.
fn line_at(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    before
        .iter()
        .filter(|octet| **octet == b'\n')
        .count()
        .saturating_add(1)
}

/// The octet at which the value of `path` begins, `reasons`, `2`, `code`; where the value is not written
/// there, that of what surrounds it.
fn place_of(text: &str, path: &[String]) -> Option<usize> {
    let table = DeTable::parse(text).ok()?;
    let mut steps = path.iter().map(String::as_str);
    let mut value = table.get_ref().get(steps.next()?)?;
    for step in steps {
        let inner = match value.get_ref() {
            DeValue::Table(table) => table.get(step),
            DeValue::Array(list) => step.parse().ok().and_then(|at: usize| list.get(at)),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => None,
        };
        let Some(inner) = inner else {
            break;
        };
        value = inner;
    }
    Some(value.span().start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Category, DocumentWay, LateWay, Notice, ReleaseSlot, Service};

    fn service(code: &str, category: Category) -> Service {
        Service {
            code: code.to_owned(),
            name: "Приём".to_owned(),
            category,
        }
    }

    #[test]
    fn a_policy_changes_what_it_names_and_leaves_the_rest() {
        let text = "version = \"v2\"\n[general]\nnotice_hours = 12\n[prepared]\nlate = \"consent\"\n\
                    [special]\nnotice = \"5 days\"\n[service.\"B01.047\"]\nnotice = \"2 days\"\n\
                    documents = \"ignore\"\nrelease_slot = \"on_request\"\n\
                    [sanctions]\nenabled = true\nfine_most = 700\n";
        let policy = read(text).unwrap();
        let notice = |code, category| policy.rule_for(&service(code, category)).notice;
        assert_eq!(notice("x", Category::General), Notice::Hours(12));
        assert_eq!(notice("x", Category::Prepared), Notice::Hours(48));
        assert_eq!(notice("x", Category::Special), Notice::Days(5));
        assert_eq!(notice("B01.047", Category::Special), Notice::Days(2));
        let prepared = policy.rule_for(&service("B01.047", Category::Prepared));
        assert_eq!(prepared.late, LateWay::Consent);
        assert_eq!(prepared.documents, DocumentWay::Ignore);
        assert_eq!(prepared.release_slot, ReleaseSlot::OnRequest);
        assert_eq!(
            (policy.sanctions.fine_most, policy.sanctions.fine_first),
            (700, 500)
        );
        assert_eq!(policy.reasons, Policy::default().reasons);
        assert_eq!(read("").unwrap(), Policy::default());
    }

    #[test]
    fn each_number_can_be_changed_for_a_category_and_for_a_service() {
        let text = "[late]\nconsent_hours = 20\ndocuments_days = 10\n\
                    [restoration]\ndays = 20\n\
                    [special]\nconsent_hours = 12\n[special.restoration]\ndays = 7\n\
                    [special.waiting_list]\nhold_minutes = 60\n[special.help]\nanswer_hours = 48\n\
                    [special.sanctions]\nenabled = true\nfine_first = 1000\n\
                    [service.\"B01.047\"]\ndocuments_days = 3\n\
                    [service.\"B01.047\".sanctions]\nfine_first = 1500\nfine_most = 3000\n";
        let policy = read(text).unwrap();
        let special = service("x", Category::Special);
        let own = service("B01.047", Category::Special);
        let other = service("B01.047", Category::General);
        let late = |one| {
            let late = policy.late_rules(one);
            (late.consent_hours, late.documents_days)
        };
        assert_eq!(
            [late(&special), late(&own), late(&other)],
            [(12, 10), (12, 3), (20, 3)]
        );
        let fine = |one| {
            let rules = policy.sanction_rules(one);
            (rules.enabled, rules.fine_first, rules.fine_most)
        };
        assert_eq!(fine(&special), (true, 1_000, 2_000));
        assert_eq!(fine(&own), (true, 1_500, 3_000));
        assert_eq!(fine(&other), (false, 1_500, 3_000));
        let days = |one| policy.restoration_rule(one).days;
        assert_eq!([days(&special), days(&own), days(&other)], [7, 7, 20]);
        let hold = |one| policy.waiting_list_rule(one).hold_minutes;
        assert_eq!([hold(&own), hold(&other)], [60, 120]);
        let hours = |one| policy.help_rule(one).answer_hours;
        assert_eq!(
            [hours(Some(&own)), hours(Some(&other)), hours(None)],
            [48, 24, 24]
        );
        let told = policy.conditions(&own);
        assert_eq!((told.documents_days, told.sanctions), (3, true));
    }

    /// A text, the line of its fault, and words of the message.
    const FAULTS: &[(&str, usize, &str)] = &[
        ("version = \"v\"\n[generals]\n", 2, "unknown field"),
        ("version = \"v\"\nversion = \"w\"\n", 2, "duplicate key"),
        ("\n\nversion = \"\"\n", 3, "version must be"),
        (
            "version = \"v\"\n[challenge]\n\nvalid_hours = 0\n",
            4,
            "challenge.valid_hours must",
        ),
        ("[general]\nnotice_hours = \"12\"\n", 2, "24h"),
        ("[general]\nnotice = \"0 days\"\n", 2, "3 days"),
        (
            "[general]\nlate = \"refuse\"\nnotice = -1\n",
            3,
            "number of hours",
        ),
        (
            "[general]\nnotice = \"24h\"\nnotice_hours = 24\n",
            1,
            "duplicate field",
        ),
        ("[prepared]\n\nlate = \"maybe\"\n", 3, "unknown variant"),
        (
            "[service.B01]\nnotice = \"24h\"\nlates = 1\n",
            3,
            "unknown field",
        ),
        (
            "[sanctions]\nenabled = true\nfine_first = 9000\n",
            3,
            "fine_first must not",
        ),
        (
            "[sanctions]\nwindow_days = 0\n",
            2,
            "window_days must be from 1",
        ),
        (
            "[late]\n# a day\nconsent_hours = 0\n",
            3,
            "consent_hours must",
        ),
        ("[late]\ndocuments_days = 999\n", 2, "documents_days must"),
        (
            "[[reasons]]\ncode = \"a\"\nname = \"а\"\nwords = [\"а\"]\n\n[[reasons]]\n\
                 code = \"a\"\nname = \"б\"\nwords = []\n",
            7,
            "is that of another reason",
        ),
        (
            "[[reasons]]\ncode = \"Б\"\nname = \"а\"\nwords = []\n",
            2,
            "lower-case",
        ),
        (
            "[[reasons]]\ncode = \"a\"\nname = \"а\"\nwords = []\nneeds_document = true\n",
            5,
            "not valid",
        ),
        (
            "[[reasons]]\ncode = \"a\"\nname = \"а\"\nwords = [\" \"]\n",
            4,
            "blank",
        ),
        ("[[reasons]]\ncode = \"a\"\n", 1, "missing field"),
        (
            "[special]\nnotice = \"72h\"\nconsent_hours = 0\n",
            3,
            "special.consent_hours must be from 1",
        ),
        (
            "[service.\"B01.047\".sanctions]\nfine_most = 700\nfine_first = 800\n",
            3,
            "service.B01.047.sanctions.fine_first must not",
        ),
        (
            "[general.waiting_list]\nhold_minutes = 10\n",
            2,
            "general.waiting_list.hold_minutes must not be less",
        ),
        ("[prepared.sanctions]\nfines = 1\n", 2, "unknown field"),
    ];

    /// The page of the rules names every key with its built-in value.
    #[test]
    fn the_page_of_rules_names_every_key() {
        let page = include_str!("../../docs/policy.md");
        let rules = serde_json::to_value(Policy::default()).unwrap();
        let tables = [
            "general",
            "late",
            "challenge",
            "sanctions",
            "help",
            "waiting_list",
            "restoration",
        ];
        for table in tables {
            for (key, value) in rules.get(table).and_then(|one| one.as_object()).unwrap() {
                let row = format!("| `{key}` | `{value}`");
                assert!(page.contains(&row), "docs/policy.md lacks {row}");
            }
        }
        for reason in Policy::default().reasons {
            let documents = match reason.documents.join(", ") {
                none if none.is_empty() => "–".to_owned(),
                some => some,
            };
            let excused = match (reason.valid, reason.needs_document) {
                (true, true) => "by a document",
                (true, false) => "by the citizen's word",
                (false, _) => "no",
            };
            let row = format!(
                "| `{}` | {} | {excused} | {documents} |",
                reason.code, reason.name
            );
            assert!(page.contains(&row), "docs/policy.md lacks {row}");
        }
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        for (text, line, fault) in FAULTS {
            let (found, told) = read(text).unwrap_err();
            assert_eq!(found, *line, "{text}\n{told}");
            assert!(told.contains(fault), "{text}\n{told}");
        }
    }
}
