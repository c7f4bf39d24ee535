//! Holds what was written against the list of settings: unknown keys, wrong types, what is missing.

use super::schema::{Kind, Need, SETTINGS, Setting, sections};
use super::values;
use crate::failure::Failure;
use std::net::SocketAddr;
use toml::{Table, Value};

/// Checks the shape of all settings.
///
/// # Errors
/// [`Failure::Stop`] names the first setting that is unknown, wrong or missing, and what to write.
pub fn check(settings: &Table) -> Result<(), Failure> {
    for (section, content) in settings {
        if !sections().contains(&section.as_str()) {
            return Err(unknown(&format!("[{section}]"), section, &sections()));
        }
        let Value::Table(content) = content else {
            return Err(Failure::stop(
                format!("`{section}` is no section"),
                format!("Write a line [{section}] and its settings below it"),
            ));
        };
        check_section(section, content)?;
    }
    for section in sections() {
        let empty = Table::new();
        let content = settings.get(section).and_then(Value::as_table);
        check_presence(section, content.unwrap_or(&empty))?;
    }
    Ok(())
}

/// The setting `section.key`, whatever its variant.
pub fn find(section: &str, key: &str) -> Option<&'static Setting> {
    SETTINGS
        .iter()
        .find(|s| s.section == section && s.key == key)
}

/// An unknown name, with the nearest known one.
pub fn unknown(shown: &str, name: &str, known: &[&str]) -> Failure {
    let remedy = match super::nearest::nearest(name, known) {
        Some(near) => format!("Did you mean `{near}`? Otherwise take it out"),
        None => format!("Take it out; known here are: {}", known.join(", ")),
    };
    Failure::stop(format!("unknown setting {shown}"), remedy)
}

fn check_section(section: &str, content: &Table) -> Result<(), Failure> {
    if let (Some(setting), Some(kind)) = (find(section, "kind"), content.get("kind")) {
        check_value(setting, kind)?;
    }
    let variant = content.get("kind").and_then(Value::as_str);
    for (key, value) in content {
        let all = || {
            SETTINGS
                .iter()
                .filter(|s| s.section == section && s.key == key)
        };
        let fits =
            |s: &&Setting| s.only_for.is_none() || variant.is_none() || s.only_for == variant;
        let Some(setting) = all().find(fits) else {
            return Err(match (all().next().and_then(|s| s.only_for), variant) {
                (Some(only), Some(variant)) => Failure::stop(
                    format!(
                        "`{section}.{key}` belongs to kind = \"{only}\", and this is kind = \"{variant}\""
                    ),
                    "Take it out, or change the kind",
                ),
                _ => unknown(&format!("`{section}.{key}`"), key, &keys(section, variant)),
            });
        };
        check_value(setting, value)?;
    }
    Ok(())
}

fn keys(section: &str, variant: Option<&str>) -> Vec<&'static str> {
    SETTINGS
        .iter()
        .filter(|s| s.section == section)
        .filter(|s| s.only_for.is_none() || variant.is_none() || s.only_for == variant)
        .map(|s| s.key)
        .collect()
}

fn check_presence(section: &str, content: &Table) -> Result<(), Failure> {
    let variant = content.get("kind").and_then(Value::as_str);
    let missing = SETTINGS.iter().find(|s| {
        s.section == section
            && s.need == Need::Required
            && (s.only_for.is_none() || s.only_for == variant)
            && !content.contains_key(s.key)
    });
    match missing {
        None => Ok(()),
        Some(setting) => Err(Failure::stop(
            format!("`{}` is missing", setting.name()),
            format!(
                "Write it into [{section}] (or set {}); expected is {}",
                setting.variable(),
                setting.kind.expected()
            ),
        )),
    }
}

fn check_value(setting: &Setting, value: &Value) -> Result<(), Failure> {
    let fits = match (setting.kind, value) {
        (Kind::Number(from, to), Value::Integer(number)) => (from..=to).contains(number),
        (Kind::Flag, Value::Boolean(_)) => true,
        (Kind::Size, Value::Integer(octets)) => values::size(&octets.to_string()).is_some(),
        (Kind::List, Value::Array(items)) => items.iter().all(Value::is_str),
        (kind, Value::String(text)) => text_fits(kind, text),
        _ => false,
    };
    if fits {
        return Ok(());
    }
    let written = match value {
        Value::String(_) => "this text",
        Value::Integer(_) => "this number",
        Value::Float(_) => "a number with a fraction",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a time without quotes",
        Value::Array(_) => "a list",
        Value::Table(_) => "a section",
    };
    Err(Failure::stop(
        format!("`{}` cannot be {written}", setting.name()),
        format!("Expected is {}", setting.kind.expected()),
    ))
}

fn text_fits(kind: Kind, text: &str) -> bool {
    let plain = !text.trim().is_empty() && !text.chars().any(char::is_control);
    match kind {
        Kind::Text | Kind::Path => plain,
        Kind::Secret => !text.is_empty(),
        Kind::Choice(words) => words.contains(&text),
        Kind::Size => values::size(text).is_some(),
        Kind::Time => crate::domain::Moment::parse_rfc3339(text).is_some(),
        Kind::Mailbox => super::MailboxName::try_from(text.to_owned()).is_ok(),
        Kind::Socket => text.parse::<SocketAddr>().is_ok(),
        Kind::Resolver => text == "system" || text.parse::<SocketAddr>().is_ok(),
        Kind::DatabaseUrl => values::is_database_url(text),
        Kind::Number(..) | Kind::Flag | Kind::List => false,
    }
}
