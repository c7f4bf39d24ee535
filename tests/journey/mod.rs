//! The way of a letter from end to end: the real program, a real Dovecot, smtp-sink, and both
//! databases. A file for each theme.

mod cancelling;
mod late;
mod holding;
mod desk;
mod setting_aside;
mod conversation;
mod asking_back;
mod offers;
mod restoring;
mod organisation;
mod self_test;
mod strangers;
mod floods;
mod loops;
mod bounces;
mod breaker;
mod hostile;
mod connections;
mod daemon;
mod obstacles;
mod identity;
mod first_start;
mod bad_letters;
mod crash;
mod letters_of_times;
mod own_letters;
mod privacy;
mod papers;
