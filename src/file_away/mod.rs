//! Step 8, file away: after the commit, the letter goes into its folder. I/O.

pub mod folders;
pub(crate) mod imap_move;
pub mod note;
