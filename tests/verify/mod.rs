//! Who wrote: DKIM with real signatures and a real DNS server, and all that follows for citizens
//! and for those who pretend to be one.

mod bench;
mod post;

mod signatures;
mod resolving;
mod impostors;
mod waiting;
mod replay;
mod strangers;
