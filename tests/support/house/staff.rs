//! Staff at their mail program: they drag letters from folder to folder.

use super::House;
use crate::support::dovecot::quoted;
use crate::support::imap_client::ImapClient;

/// How a mail program carries out a drag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// MOVE.
    Move,
    /// COPY, then `\Deleted` and EXPUNGE.
    CopyAndExpunge,
    /// The letter is read and put there anew by APPEND; then `\Deleted` and EXPUNGE.
    Append,
    /// COPY alone: the letter stays where it was, too.
    Copy,
}

impl House {
    /// Staff drag the letters with these Message-IDs.
    pub fn staff_drags(&self, message_ids: &[&str], from: &str, to: &str, how: How) {
        let mut program = self.dovecot().client(self.office());
        for id in message_ids {
            drag(&mut program, id, from, to, how);
        }
    }

    /// Staff give the letter a flag, or take it.
    pub fn staff_flags(&self, message_id: &str, folder: &str, change: &str) {
        let mut program = self.dovecot().client(self.office());
        let uid = uid_of(&mut program, message_id, folder);
        ok(&mut program, &format!("UID STORE {uid} {change}"));
    }

    /// Staff delete the letter for good.
    pub fn staff_deletes(&self, message_id: &str, folder: &str) {
        let mut program = self.dovecot().client(self.office());
        let uid = uid_of(&mut program, message_id, folder);
        expunge(&mut program, uid);
    }

    /// The Message-IDs of the letters in a folder, in their order.
    pub fn ids_in(&self, folder: &str) -> Vec<String> {
        let letters = self.folder(folder).into_iter();
        letters.map(|letter| letter.message_id).collect()
    }
}

fn drag(program: &mut ImapClient, id: &str, from: &str, to: &str, how: How) {
    let uid = uid_of(program, id, from);
    let target = quoted(to);
    match how {
        How::Move => ok(program, &format!("UID MOVE {uid} {target}")),
        How::Copy => ok(program, &format!("UID COPY {uid} {target}")),
        How::CopyAndExpunge => {
            ok(program, &format!("UID COPY {uid} {target}"));
            expunge(program, uid);
        }
        How::Append => {
            let answer = program.command(&format!("UID FETCH {uid} BODY.PEEK[]"));
            program.append(&target, "", answer.literals.first().unwrap());
            expunge(program, uid);
        }
    }
}

fn expunge(program: &mut ImapClient, uid: u32) {
    ok(program, &format!("UID STORE {uid} +FLAGS (\\Deleted)"));
    ok(program, &format!("UID EXPUNGE {uid}"));
}

fn ok(program: &mut ImapClient, command: &str) {
    let answer = program.command(command);
    assert!(answer.ok, "{command}: {:?}", answer.lines);
}

fn uid_of(program: &mut ImapClient, message_id: &str, folder: &str) -> u32 {
    ok(program, &format!("SELECT {}", quoted(folder)));
    let answer = program.command(&format!("UID SEARCH HEADER Message-ID \"{message_id}\""));
    let found = answer
        .lines
        .iter()
        .find_map(|line| line.strip_prefix("* SEARCH "))
        .and_then(|uids| uids.split_whitespace().last()?.parse().ok());
    found.unwrap_or_else(|| panic!("{message_id} is not in {folder}"))
}
