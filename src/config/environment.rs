//! Settings from the environment, `OTMENA_SECTION__KEY`, laid over those of the file.

use super::schema::{Kind, SETTINGS};
use super::shape;
use crate::failure::Failure;
use toml::{Table, Value};

/// Lays the variables over `settings`. Other variables than `OTMENA_…__…` are not looked at.
///
/// # Errors
/// [`Failure::Stop`] for a variable that names no setting, or whose value cannot be read as one.
/// Values are never repeated in the text: they may be secrets.
pub fn overlay(
    settings: &mut Table,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<(), Failure> {
    for (variable, text) in variables {
        let Some((section, key)) = variable
            .strip_prefix("OTMENA_")
            .and_then(|rest| rest.split_once("__"))
        else {
            continue;
        };
        let (section, key) = (section.to_lowercase(), key.to_lowercase());
        let Some(setting) = shape::find(&section, &key) else {
            let known: Vec<String> = SETTINGS
                .iter()
                .map(super::schema::Setting::variable)
                .collect();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            return Err(match super::nearest::nearest(&variable, &known) {
                Some(near) => Failure::stop(
                    format!("the environment variable {variable} names no setting"),
                    format!("Did you mean {near}? Otherwise unset it"),
                ),
                None => Failure::stop(
                    format!("the environment variable {variable} names no setting"),
                    "Unset it",
                ),
            });
        };
        let value = read(setting.kind, &text).ok_or_else(|| {
            Failure::stop(
                format!("the environment variable {variable} cannot be read"),
                format!("Expected is {}", setting.kind.expected()),
            )
        })?;
        let content = settings
            .entry(section)
            .or_insert_with(|| Value::Table(Table::new()));
        if let Value::Table(content) = content {
            content.insert(key, value);
        }
    }
    Ok(())
}

/// A variable is text; the setting's kind says what it becomes, so that a password of digits stays
/// a text and a port becomes a number.
fn read(kind: Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Number(..) => text.trim().parse().ok().map(Value::Integer),
        Kind::Flag => text.trim().parse().ok().map(Value::Boolean),
        Kind::List => {
            let items: Vec<String> = serde_json::from_str(text).ok()?;
            Some(Value::Array(items.into_iter().map(Value::String).collect()))
        }
        Kind::Text
        | Kind::Secret
        | Kind::Path
        | Kind::Choice(_)
        | Kind::Size
        | Kind::Time
        | Kind::Mailbox
        | Kind::Socket
        | Kind::Resolver
        | Kind::DatabaseUrl => Some(Value::String(text.to_owned())),
    }
}
