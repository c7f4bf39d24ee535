//! UTF-7 (RFC 2152): some old gateways still send it.

/// Decodes UTF-7; a torn shift sequence ends in U+FFFD.
pub fn decode(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len());
    let mut rest = octets;
    while let Some(at) = memchr::memchr(b'+', rest) {
        let (plain, shifted) = rest.split_at(at);
        text.push_str(&String::from_utf8_lossy(plain));
        let shifted = shifted.get(1..).unwrap_or_default();
        let length = shifted
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
            .count();
        let (run, after) = shifted.split_at(length);
        if run.is_empty() {
            text.push('+');
        } else {
            text.push_str(&utf16(run));
        }
        rest = after.strip_prefix(b"-").unwrap_or(after);
    }
    text.push_str(&String::from_utf8_lossy(rest));
    text
}

fn utf16(run: &[u8]) -> String {
    let octets = super::transfer::base64(run).octets;
    let units = octets.chunks_exact(2).filter_map(|pair| match pair {
        [high, low] => Some(u16::from_be_bytes([*high, *low])),
        _ => None,
    });
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn utf7_is_decoded() {
        assert_eq!(super::decode(b"+BCIENQRBBEI- +- 1"), "Тест + 1");
    }
}
