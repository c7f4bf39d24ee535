//! Sizes in settings, `25MB`. Pure.

/// Reads a size: a number of bytes, or one followed by `KB`, `MB` or `GB` (1024 each).
pub fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = text.strip_prefix(digits)?.trim().to_ascii_uppercase();
    let factor: u64 = match unit.as_str() {
        "" | "B" => 1,
        "K" | "KB" => 1 << 10,
        "M" | "MB" => 1 << 20,
        "G" | "GB" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::parse_size;

    #[test]
    fn parse_size_reads_units_and_refuses_the_rest() {
        assert_eq!(parse_size("25MB"), Some(26_214_400));
        assert_eq!(parse_size(" 300 kb "), Some(307_200));
        assert_eq!(parse_size("17"), Some(17));
        for bad in ["", "MB", "1.5MB", "-1", "10 apples", "99999999999999GB"] {
            assert_eq!(parse_size(bad), None, "{bad}");
        }
    }
}
