//! Folders on the server: where they lie (NAMESPACE, RFC 2342), which exist, creating them.

use super::session::{Session, quote};
use super::wire::{COMMAND_LIMIT, Verdict};
use crate::config::ImapSettings;
use crate::domain::Folder;
use crate::failure::Failure;
use crate::file_away::folders::{FolderNames, Naming};
use async_imap::imap_proto::{MailboxDatum, NameAttribute, Response};

/// The settings' part of the names.
pub(super) fn naming<'a>(
    settings: &'a ImapSettings,
    prefix: &'a str,
    delimiter: Option<char>,
) -> Naming<'a> {
    Naming {
        inbox: &settings.inbox,
        processed: &settings.processed,
        dead_letter: &settings.dead_letter,
        prefix,
        delimiter,
    }
}

/// Learns prefix and delimiter, and names the folders by them.
pub(super) async fn learn(session: &mut Session, settings: &ImapSettings) -> Result<(), Failure> {
    let mut delimiter = None;
    session
        .run("LIST \"\" \"\"", COMMAND_LIMIT, |response| {
            if let Response::MailboxData(MailboxDatum::List(list)) = response {
                delimiter = list
                    .delimiter
                    .as_deref()
                    .and_then(|text| text.chars().next());
            }
        })
        .await?
        .expect_ok("LIST")?;
    let mut prefix = String::new();
    if session.offers("NAMESPACE") {
        session
            .run("NAMESPACE", COMMAND_LIMIT, |_| {})
            .await?
            .expect_ok("NAMESPACE")?;
        let personal = session.wire.take_namespace();
        if let Some((found, theirs)) = personal.as_deref().and_then(personal_namespace) {
            prefix = found;
            delimiter = theirs.or(delimiter);
        }
    }
    session.delimiter = delimiter;
    session.names = FolderNames::new(naming(settings, &prefix, delimiter))?;
    Ok(())
}

/// Prefix and delimiter of the first personal namespace in `* NAMESPACE (("INBOX." ".")) …`.
fn personal_namespace(line: &[u8]) -> Option<(String, Option<char>)> {
    let text = std::str::from_utf8(line).ok()?;
    let (_, rest) = text.split_once("NAMESPACE ")?;
    let mut rest = rest.strip_prefix("((")?;
    let prefix = quoted_string(&mut rest)?;
    rest = rest.strip_prefix(' ')?;
    let delimiter = quoted_string(&mut rest).and_then(|text| text.chars().next());
    Some((prefix, delimiter))
}

/// Takes a quoted string from the head of `rest`.
fn quoted_string(rest: &mut &str) -> Option<String> {
    let inside = rest.strip_prefix('"')?;
    let mut out = String::new();
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => {
                *rest = inside.get(at + 1..)?;
                return Some(out);
            }
            _ => {
                out.push(c);
                escaped = false;
            }
        }
    }
    None
}

/// Whether a folder exists and can be selected.
pub(super) async fn exists(session: &mut Session, folder: Folder) -> Result<bool, Failure> {
    let name = session.names.encoded(folder);
    let mut found = false;
    let command = format!("LIST \"\" {}", quote(&name));
    session
        .run(&command, COMMAND_LIMIT, |response| {
            if let Response::MailboxData(MailboxDatum::List(list)) = response {
                let same = list.name.as_ref() == name
                    || (folder == Folder::Inbox && list.name.eq_ignore_ascii_case(&name));
                let usable = !list.name_attributes.iter().any(|attribute| {
                    matches!(attribute, NameAttribute::NoSelect)
                        || matches!(attribute, NameAttribute::Extension(word)
                            if word.eq_ignore_ascii_case("\\NonExistent"))
                });
                found |= same && usable;
            }
        })
        .await?
        .expect_ok("LIST")?;
    Ok(found)
}

/// Creates and subscribes what is missing. The inbox itself is never created: a misspelt name
/// would give an empty folder where no letter ever arrives.
pub(super) async fn prepare(session: &mut Session) -> Result<(), Failure> {
    for folder in Folder::ALL {
        if exists(session, folder).await? {
            continue;
        }
        if folder == Folder::Inbox {
            return Err(Failure::stop(
                "the folder of mailbox.inbox does not exist",
                "Give the folder where letters arrive, usually INBOX",
            ));
        }
        create(session, folder).await?;
    }
    Ok(())
}

/// Creates and subscribes one folder.
pub(crate) async fn create(session: &mut Session, folder: Folder) -> Result<(), Failure> {
    let name = session.quoted(folder);
    let made = session
        .run(&format!("CREATE {name}"), COMMAND_LIMIT, |_| {})
        .await?;
    if made.verdict != Verdict::Ok && made.word != "ALREADYEXISTS" {
        // Servers without RFC 5530 codes say NO when it exists.
        if !exists(session, folder).await? {
            return Err(not_created(folder, &made.word, &made.describe()));
        }
    }
    let subscribed = session
        .run(&format!("SUBSCRIBE {name}"), COMMAND_LIMIT, |_| {})
        .await?;
    if subscribed.verdict != Verdict::Ok {
        tracing::warn!(
            folder = folder.code(),
            code = subscribed.describe(),
            "folder could not be subscribed; mail programs may hide it"
        );
    }
    tracing::info!(folder = folder.code(), "folder created");
    Ok(())
}

fn not_created(folder: Folder, word: &str, described: &str) -> Failure {
    let setting = FolderNames::setting(folder);
    match word {
        "OVERQUOTA" | "SERVERBUG" | "UNAVAILABLE" | "INUSE" | "LIMIT" => Failure::try_again(
            format!("CREATE of {} was answered {described}", folder.code()),
        ),
        _ => Failure::stop(
            format!(
                "the folder {} of {setting} cannot be created ({described})",
                folder.code()
            ),
            "Create it by hand, or give a name that the server accepts",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::personal_namespace;

    #[test]
    fn personal_namespace_reads_prefix_and_delimiter() {
        let line = b"* NAMESPACE ((\"INBOX.\" \".\")) ((\"user.\" \".\")) NIL\r\n";
        assert_eq!(personal_namespace(line), Some(("INBOX.".into(), Some('.'))));
        let line = b"* NAMESPACE ((\"\" \"\\\\\")) NIL NIL\r\n";
        assert_eq!(personal_namespace(line), Some((String::new(), Some('\\'))));
        let flat = b"* NAMESPACE ((\"\" NIL)) NIL NIL\r\n";
        assert_eq!(personal_namespace(flat), Some((String::new(), None)));
        for none in [
            &b"* NAMESPACE NIL NIL NIL\r\n"[..],
            b"",
            b"* NAMESPACE ((\"abc",
        ] {
            assert_eq!(personal_namespace(none), None);
        }
    }
}
