//! By the mark of a folder the desk sees whether something changed there.

use super::*;

const WATCHED: [Folder; 3] = [Folder::Inbox, Folder::DeadLetter, Folder::Retry];

#[tokio::test]
async fn the_mark_of_a_folder_changes_with_what_lies_in_it() {
    let dovecot = shared();
    let user = "standing";
    let mut mailbox = mailbox(&dovecot, user).await;
    let empty = mailbox.standing(&WATCHED).await.unwrap();
    assert!(empty.iter().all(|mark| !mark.is_empty()), "{empty:?}");
    assert_eq!(mailbox.standing(&WATCHED).await.unwrap(), empty);
    dovecot.append(user, "Разбор", &letter("came"), None);
    let came = mailbox.standing(&WATCHED).await.unwrap();
    assert_eq!((&came[0], &came[2]), (&empty[0], &empty[2]));
    assert_ne!(came[1], empty[1]);
    // One that goes and one that comes: the number is the same, and yet another letter lies there.
    dovecot.doveadm(&[
        "move",
        "-u",
        user,
        "Разбор/Повторить",
        "mailbox",
        "Разбор",
        "all",
    ]);
    dovecot.append(user, "Разбор", &letter("next"), None);
    let dragged = mailbox.standing(&WATCHED).await.unwrap();
    assert_ne!(dragged[1], came[1]);
    assert_ne!(dragged[2], came[2]);
    mailbox.close().await;
}
