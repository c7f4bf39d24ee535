//! Mailboxes: real Dovecot, Maildir, and a scripted server for faults.
