//! Organisational domains by the public suffix list (RFC 7489 section 3.2), and whether two
//! domains belong to the same organisation. Pure.

/// The organisational domain of `domain` in lower-case A-labels: `example.ru` for
/// `mail.example.ru`; `None` for a public suffix, for what is no domain, and for an address
/// literal.
pub fn of(domain: &str) -> Option<String> {
    let ascii = idna::domain_to_ascii(domain.trim_end_matches('.')).ok()?;
    let labels_sound = ascii.split('.').all(|label| {
        let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        (1..=63).contains(&label.len()) && label.chars().all(sound)
    });
    let is_number = |label: &str| label.chars().all(|c| c.is_ascii_digit());
    if !labels_sound || ascii.len() > 253 || ascii.rsplit('.').next().is_none_or(is_number) {
        return None;
    }
    psl::domain_str(&ascii).map(str::to_owned)
}

/// Relaxed alignment (RFC 7489 section 3.1): both have an organisational domain, and it is the
/// same.
pub fn is_same(one: &str, other: &str) -> bool {
    match (of(one), of(other)) {
        (Some(one), Some(other)) => one == other,
        (None, _) | (_, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_and_its_subdomains_are_one_organisation() {
        for (one, other) in [
            ("example.ru", "mail.example.ru"),
            ("Example.RU.", "a.b.example.ru"),
            ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
            ("почта.пример.рф", "пример.рф"),
            ("a.example.spb.ru", "example.spb.ru"),
        ] {
            assert!(is_same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn neighbours_under_a_public_suffix_are_strangers() {
        for (one, other) in [
            ("example.ru", "example.com"),
            ("example.ru", "notexample.ru"),
            ("one.spb.ru", "two.spb.ru"),
            ("one.github.io", "two.github.io"),
            ("one.公司.cn", "two.公司.cn"),
            ("one.xn--55qx5d.cn", "two.xn--55qx5d.cn"),
            ("ru", "example.ru"),
            ("ru", "ru"),
            ("github.io", "github.io"),
            ("192.0.2.1", "192.0.2.1"),
            ("", ""),
            ("example..ru", "example..ru"),
            ("exa mple.ru", "exa mple.ru"),
        ] {
            assert!(!is_same(one, other), "{one} {other}");
        }
    }
}
