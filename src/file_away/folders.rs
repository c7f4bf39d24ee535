//! The names of the folders on the server: from the settings, the server's prefix and its
//! delimiter. Pure.

use crate::domain::Folder;
use crate::failure::Failure;

/// Folders below «Обработано» and «Разбор»; staff read these names.
const AUTOMATIC: &str = "Автоматические";
const RETRY: &str = "Повторить";
const CANCEL_BOOKING: &str = "Отменить запись";
const REFUSE: &str = "Отказать";

/// What the settings say about folders, and where the server keeps personal folders.
#[derive(Debug, Clone, Copy)]
pub struct Naming<'a> {
    /// `mailbox.inbox`.
    pub inbox: &'a str,
    /// `mailbox.processed`.
    pub processed: &'a str,
    /// `mailbox.dead_letter`.
    pub dead_letter: &'a str,
    /// Prefix of the personal namespace, `INBOX.` on some servers (RFC 2342).
    pub prefix: &'a str,
    /// Hierarchy delimiter; `None` where folders cannot lie in folders.
    pub delimiter: Option<char>,
}

/// The name of each folder, as people read it and as it goes over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderNames(Vec<(Folder, String)>);

impl FolderNames {
    /// Builds the names. `/` in a setting always parts levels, whatever the server's delimiter.
    ///
    /// # Errors
    /// [`Failure::Stop`] naming the setting that is no name, or when two folders are the same.
    pub fn new(naming: Naming<'_>) -> Result<Self, Failure> {
        for (setting, name) in [
            ("mailbox.inbox", naming.inbox),
            ("mailbox.processed", naming.processed),
            ("mailbox.dead_letter", naming.dead_letter),
        ] {
            if !is_name(name) {
                return Err(Failure::stop(
                    format!("{setting} is no folder name"),
                    "Give a name without *, %, line breaks and empty levels",
                ));
            }
        }
        let processed = naming.rooted(naming.processed);
        let dead_letter = naming.rooted(naming.dead_letter);
        let names = vec![
            (Folder::Inbox, naming.rooted(naming.inbox)),
            (Folder::Automatic, naming.below(&processed, AUTOMATIC)),
            (Folder::Retry, naming.below(&dead_letter, RETRY)),
            (
                Folder::CancelBooking,
                naming.below(&dead_letter, CANCEL_BOOKING),
            ),
            (Folder::Refuse, naming.below(&dead_letter, REFUSE)),
            (Folder::Processed, processed),
            (Folder::DeadLetter, dead_letter),
        ];
        let all_differ = names
            .iter()
            .enumerate()
            .all(|(at, (_, name))| !names.iter().take(at).any(|(_, other)| other == name));
        if all_differ {
            Ok(Self(names))
        } else {
            Err(Failure::stop(
                "mailbox.inbox, mailbox.processed and mailbox.dead_letter name one folder twice",
                "Give three different folders",
            ))
        }
    }

    /// The name that people read.
    pub fn of(&self, folder: Folder) -> &str {
        self.0
            .iter()
            .find(|(known, _)| *known == folder)
            .map_or("", |(_, name)| name)
    }

    /// The name in modified UTF-7 (RFC 3501 section 5.1.3).
    pub fn encoded(&self, folder: Folder) -> String {
        encode(self.of(folder))
    }

    /// The setting that a folder's name comes from.
    pub const fn setting(folder: Folder) -> &'static str {
        match folder {
            Folder::Inbox => "mailbox.inbox",
            Folder::Processed | Folder::Automatic => "mailbox.processed",
            Folder::DeadLetter | Folder::Retry | Folder::CancelBooking | Folder::Refuse => {
                "mailbox.dead_letter"
            }
        }
    }
}

impl Naming<'_> {
    /// The name with the server's delimiter and prefix.
    fn rooted(&self, name: &str) -> String {
        if name.eq_ignore_ascii_case("INBOX") {
            return "INBOX".to_owned();
        }
        let name = self.delimiter.map_or_else(
            || name.to_owned(),
            |delimiter| name.replace('/', &delimiter.to_string()),
        );
        if name.starts_with(self.prefix) {
            name
        } else {
            format!("{}{name}", self.prefix)
        }
    }

    fn below(&self, parent: &str, name: &str) -> String {
        format!("{parent}{}{name}", self.delimiter.unwrap_or('-'))
    }
}

/// Modified UTF-7. Only this direction is needed: names are compared in their encoded form.
pub fn encode(name: &str) -> String {
    utf7_imap::encode_utf7_imap(name.to_owned())
}

fn is_name(name: &str) -> bool {
    let clean = |c: char| !c.is_control() && !matches!(c, '*' | '%');
    name.len() <= 200
        && name.trim() == name
        && name.chars().all(clean)
        && name.split('/').all(|level| !level.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(prefix: &str, delimiter: Option<char>) -> FolderNames {
        FolderNames::new(Naming {
            inbox: "inbox",
            processed: "Обработано",
            dead_letter: "Разбор",
            prefix,
            delimiter,
        })
        .unwrap()
    }

    #[test]
    fn folder_names_follow_prefix_and_delimiter() {
        let plain = names("", Some('/'));
        assert_eq!(plain.of(Folder::Inbox), "INBOX");
        assert_eq!(plain.of(Folder::CancelBooking), "Разбор/Отменить запись");
        let prefixed = names("INBOX.", Some('.'));
        assert_eq!(prefixed.of(Folder::Inbox), "INBOX");
        assert_eq!(
            prefixed.of(Folder::Automatic),
            "INBOX.Обработано.Автоматические"
        );
        assert_eq!(names("", None).of(Folder::Retry), "Разбор-Повторить");
    }

    #[test]
    fn a_slash_in_a_setting_parts_levels_and_a_given_prefix_is_not_doubled() {
        let names = FolderNames::new(Naming {
            inbox: "INBOX",
            processed: "INBOX.Почта/Готово",
            dead_letter: "Разбор",
            prefix: "INBOX.",
            delimiter: Some('.'),
        })
        .unwrap();
        assert_eq!(names.of(Folder::Processed), "INBOX.Почта.Готово");
    }

    #[test]
    fn encoded_is_modified_utf7() {
        assert_eq!(
            names("", Some('/')).encoded(Folder::Processed),
            "&BB4EMQRABDAEMQQ+BEIEMAQ9BD4-"
        );
        assert_eq!(
            encode("Ответы & жалобы"),
            "&BB4EQgQyBDUEQgRL- &- &BDYEMAQ7BD4EMQRL-"
        );
        assert_eq!(encode("А&Б"), "&BBA-&-&BBE-");
        assert_eq!(encode("😀/ok"), "&2D3eAA-/ok");
    }

    #[test]
    fn what_is_no_name_stops_and_names_the_setting() {
        for bad in ["", "a*", "a\r\nb", "a//b", " a"] {
            let failure = FolderNames::new(Naming {
                inbox: "INBOX",
                processed: bad,
                dead_letter: "Разбор",
                prefix: "",
                delimiter: Some('/'),
            })
            .unwrap_err();
            assert!(failure.to_string().contains("mailbox.processed"), "{bad}");
            assert!(!failure.is_passing());
        }
    }

    #[test]
    fn one_folder_for_two_duties_stops() {
        let twice = FolderNames::new(Naming {
            inbox: "INBOX",
            processed: "Разбор",
            dead_letter: "Разбор",
            prefix: "",
            delimiter: Some('/'),
        });
        assert!(twice.is_err());
    }
}
