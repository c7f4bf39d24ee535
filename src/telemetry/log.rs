//! The log: ids and codes on standard error, as JSON or for people.

use crate::config::LogFormat;
use crate::failure::Failure;
use crate::privacy;
use std::io::{self, IsTerminal, Write};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

/// Our own crate: only its level can be raised.
const OWN: &str = "otmena";

/// Starts the log. `level` holds unless RUST_LOG says otherwise.
///
/// # Errors
/// [`Failure::Stop`] when RUST_LOG cannot be read, or when a log was started before.
pub fn start(format: LogFormat, level: LevelFilter) -> Result<(), Failure> {
    let targets = targets(std::env::var("RUST_LOG").ok().as_deref(), level)?;
    let colour = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let lines = fmt::layer().with_writer(MaskedStderr).with_ansi(colour);
    let layer = match format {
        LogFormat::Json => lines.json().flatten_event(true).with_ansi(false).boxed(),
        LogFormat::Text => lines.boxed(),
    };
    tracing_subscriber::registry()
        .with(layer.with_filter(targets))
        .try_init()
        .map_err(|cause| Failure::stop_because("the log was started twice", "Report this", cause))
}

/// What is let through: our own crate at `level` or as RUST_LOG says, everything else at `warn`
/// and never above, whatever RUST_LOG says: some libraries write passwords and letters at `trace`.
///
/// # Errors
/// [`Failure::Stop`] when RUST_LOG is no list of directives.
pub fn targets(rust_log: Option<&str>, level: LevelFilter) -> Result<Targets, Failure> {
    let asked: Targets = match rust_log {
        None | Some("") => Targets::new(),
        Some(text) => text.parse().map_err(|cause| {
            Failure::stop_because(
                "the environment variable RUST_LOG cannot be read",
                "Write a level such as debug, or otmena::intake=debug; or unset it",
                Box::new(cause) as crate::failure::Cause,
            )
        })?,
    };
    let own_level = asked.default_level().unwrap_or(level);
    let mut targets = Targets::new()
        .with_default(LevelFilter::WARN.min(own_level))
        .with_target(OWN, own_level);
    for (target, level) in asked.iter() {
        let own = target == OWN
            || target
                .strip_prefix(OWN)
                .is_some_and(|rest| rest.starts_with("::"));
        let level = if own {
            level
        } else {
            level.min(LevelFilter::WARN)
        };
        targets = targets.with_target(target.to_owned(), level);
    }
    Ok(targets)
}

/// Standard error behind the net of [`privacy::masked`].
#[derive(Debug, Clone, Copy)]
struct MaskedStderr;

impl<'a> MakeWriter<'a> for MaskedStderr {
    type Writer = Masked<io::Stderr>;

    fn make_writer(&'a self) -> Self::Writer {
        Masked(io::stderr())
    }
}

/// Masks what is written; each event arrives in one piece.
#[derive(Debug)]
pub struct Masked<W>(pub W);

impl<W: Write> Write for Masked<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(octets);
        self.0.write_all(privacy::masked(&text).as_bytes())?;
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn foreign_crates_stay_at_warn_whatever_is_asked() {
        for asked in [
            "trace",
            "async_imap=trace",
            "async_imap::imap_stream=trace,lettre=debug,sqlx=info",
        ] {
            let targets = targets(Some(asked), LevelFilter::INFO).unwrap();
            for foreign in [
                "async_imap",
                "async_imap::imap_stream",
                "imap_proto",
                "lettre::transport",
                "sqlx::query",
            ] {
                assert!(
                    !targets.would_enable(foreign, &Level::INFO),
                    "{asked} {foreign}"
                );
                assert!(
                    targets.would_enable(foreign, &Level::ERROR),
                    "{asked} {foreign}"
                );
            }
        }
    }

    #[test]
    fn our_own_level_follows_the_variable() {
        let plain = targets(None, LevelFilter::INFO).unwrap();
        assert!(plain.would_enable("otmena::intake", &Level::INFO));
        assert!(!plain.would_enable("otmena::intake", &Level::DEBUG));
        let all = targets(Some("debug"), LevelFilter::INFO).unwrap();
        assert!(all.would_enable("otmena::intake", &Level::DEBUG));
        let one = targets(Some("otmena::intake=trace"), LevelFilter::INFO).unwrap();
        assert!(one.would_enable("otmena::intake", &Level::TRACE));
        assert!(!one.would_enable("otmena::reply", &Level::DEBUG));
        assert!(targets(Some("otmena=loud"), LevelFilter::INFO).is_err());
    }

    #[test]
    fn what_is_written_is_masked() {
        let mut lines = Masked(Vec::new());
        lines.write_all(b"550 a@b.example\n").unwrap();
        assert_eq!(lines.0, "550 …\n".as_bytes());
    }
}
