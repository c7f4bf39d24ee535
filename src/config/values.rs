//! Reads single values: sizes, hosts, database addresses.

use crate::intake::OVER_CAP_BYTES;
use crate::intake::size::parse_size;
use std::net::IpAddr;
use std::path::Path;

/// Largest size cap: a letter is held in memory.
const LARGEST: u64 = 100 * 1024 * 1024;

/// Reads a size cap, `25MB` or a number of octets: from 256 KB, of which every letter is read, to
/// 100 MB.
pub fn size(text: &str) -> Option<u64> {
    parse_size(text).filter(|octets| (OVER_CAP_BYTES..=LARGEST).contains(octets))
}

/// Whether `host` is this very machine: `localhost` or a loopback address.
pub fn is_loopback(host: &str) -> bool {
    let host = host.trim();
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Whether this names a database that we know.
pub fn is_database_url(url: &str) -> bool {
    let has_more = |prefix: &str| {
        url.strip_prefix(prefix)
            .is_some_and(|rest| !rest.trim().is_empty())
    };
    has_more("sqlite:") || has_more("postgres://") || has_more("postgresql://")
}

/// A `sqlite:` address whose relative file begins at `folder`; others as they are.
pub fn database_url_from(folder: &Path, url: &str) -> String {
    let Some(rest) = url.strip_prefix("sqlite:") else {
        return url.to_owned();
    };
    let file = rest.strip_prefix("//").unwrap_or(rest);
    if file.starts_with([':', '/', '?']) || folder.as_os_str().is_empty() {
        return url.to_owned();
    }
    // The database layer decodes per cent signs and cuts at a question mark.
    let folder = folder
        .to_string_lossy()
        .replace('%', "%25")
        .replace('?', "%3F");
    format!("sqlite:{}/{file}", folder.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_cap_lies_between_256_kb_and_100_mb() {
        assert_eq!(size("25MB"), Some(26_214_400));
        assert_eq!(size("256KB"), Some(262_144));
        assert_eq!(size("104857600"), Some(LARGEST));
        for text in ["", "25 apples", "255KB", "101MB", "0"] {
            assert_eq!(size(text), None, "{text:?}");
        }
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for host in ["localhost", "127.0.0.1", "127.9.9.9", "::1"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "imap.example.org",
            "10.0.0.1",
            "0.0.0.0",
            "localhost.example.org",
            "127.0.0.1.example.org",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn a_relative_database_file_lies_beside_the_settings() {
        let folder = Path::new("/etc/otmena 5%");
        assert_eq!(
            database_url_from(folder, "sqlite:a.db"),
            "sqlite:/etc/otmena 5%25/a.db"
        );
        for url in ["sqlite:/var/a.db", "sqlite::memory:", "postgres://u@h/d"] {
            assert_eq!(database_url_from(folder, url), url);
        }
        assert_eq!(
            database_url_from(Path::new(""), "sqlite:a.db"),
            "sqlite:a.db"
        );
    }
}
