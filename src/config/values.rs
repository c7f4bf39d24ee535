//! Reads single values: sizes, hosts, database addresses.

use std::net::IpAddr;
use std::path::Path;

/// Smallest size cap that makes sense: less would cut ordinary letters.
const SMALLEST: u64 = 64 * 1024;
/// Largest size cap: a letter is held in memory.
const LARGEST: u64 = 1024 * 1024 * 1024;

/// Reads `25MB`, `512KB`, `1GB` (powers of 1024) or a number of octets, from 64 KB to 1 GB.
pub fn size(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_uppercase();
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let unit = text.strip_prefix(&digits)?.trim();
    let factor = match unit {
        "" | "B" => 1,
        "K" | "KB" | "KIB" => 1024,
        "M" | "MB" | "MIB" => 1024 * 1024,
        "G" | "GB" | "GIB" => LARGEST,
        _ => return None,
    };
    let octets = digits.parse::<u64>().ok()?.checked_mul(factor)?;
    (SMALLEST..=LARGEST).contains(&octets).then_some(octets)
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
    fn sizes_are_read_in_powers_of_1024() {
        assert_eq!(size("25MB"), Some(26_214_400));
        assert_eq!(size(" 512 kb "), Some(524_288));
        assert_eq!(size("1GB"), Some(LARGEST));
        assert_eq!(size("65536"), Some(65_536));
    }

    #[test]
    fn a_size_that_makes_no_sense_is_refused() {
        for text in [
            "",
            "MB",
            "25 apples",
            "-1",
            "1KB",
            "2GB",
            "99999999999999999999GB",
            "2.5MB",
        ] {
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
