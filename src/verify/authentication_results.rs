//! The grammar of Authentication-Results (RFC 8601 section 2.2). Pure.

/// Longest header value that is read.
const MAX_OCTETS: usize = 8_192;

/// Deepest nesting of comments.
const MAX_DEPTH: u32 = 20;

/// A parsed header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Results {
    /// Who wrote it.
    pub authserv_id: String,
    /// What was found; empty for `none`.
    pub methods: Vec<MethodResult>,
}

/// One `method=result` with its properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodResult {
    /// Method in lower case; its version only where it is another than 1.
    pub method: String,
    /// Result in lower case.
    pub result: String,
    /// `ptype.property` in lower case, and its value.
    pub properties: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Lexeme {
    Word(String),
    Quoted(String),
    Equals,
    Semicolon,
}

/// Reads an unfolded header value; `None` for anything that is not of the grammar.
pub fn parse(value: &str) -> Option<Results> {
    let strange = |c: char| c.is_control() && !matches!(c, '\t' | '\r' | '\n');
    if value.len() > MAX_OCTETS || value.contains(strange) {
        return None;
    }
    let lexemes = lexemes(value)?;
    let mut groups = lexemes.split(|lexeme| *lexeme == Lexeme::Semicolon);
    let authserv_id = match groups.next()? {
        [Lexeme::Word(id) | Lexeme::Quoted(id)] => id.clone(),
        [Lexeme::Word(id) | Lexeme::Quoted(id), Lexeme::Word(version)] if version == "1" => {
            id.clone()
        }
        _ => return None,
    };
    let methods = groups
        .filter(|group| !group.is_empty())
        .filter(|group| !matches!(group, [Lexeme::Word(none)] if none.eq_ignore_ascii_case("none")))
        .map(method_result)
        .collect::<Option<Vec<_>>>()?;
    Some(Results {
        authserv_id,
        methods,
    })
}

/// `method [/version] = result *( name = value )`; a property that stands there twice could mean
/// either of its values.
fn method_result(group: &[Lexeme]) -> Option<MethodResult> {
    let mut pairs = group.chunks(3).map(|pair| match pair {
        [
            Lexeme::Word(name),
            Lexeme::Equals,
            Lexeme::Word(value) | Lexeme::Quoted(value),
        ] => Some((name.to_ascii_lowercase(), value.clone())),
        _ => None,
    });
    let (method, result) = pairs.next()??;
    let properties = pairs.collect::<Option<Vec<_>>>()?;
    let mut names: Vec<&str> = properties.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    if names
        .windows(2)
        .any(|pair| matches!(pair, [one, other] if one == other))
    {
        return None;
    }
    let method = method.strip_suffix("/1").unwrap_or(&method);
    if method.is_empty() {
        return None;
    }
    Some(MethodResult {
        method: method.to_owned(),
        result: result.to_ascii_lowercase(),
        properties,
    })
}

/// Words, quoted strings and separators; comments and white space fall away.
fn lexemes(value: &str) -> Option<Vec<Lexeme>> {
    let mut found = Vec::new();
    let mut chars = value.chars().peekable();
    while let Some(&next) = chars.peek() {
        match next {
            ';' | '=' => {
                found.push(if next == ';' {
                    Lexeme::Semicolon
                } else {
                    Lexeme::Equals
                });
                chars.next();
            }
            '(' => skip_comment(&mut chars)?,
            '"' => found.push(Lexeme::Quoted(quoted(&mut chars)?)),
            ')' => return None,
            c if c.is_ascii_whitespace() => {
                chars.next();
            }
            _ => found.push(Lexeme::Word(word(&mut chars))),
        }
    }
    Some(found)
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn word(chars: &mut Chars<'_>) -> String {
    let mut text = String::new();
    while let Some(c) =
        chars.next_if(|c| !c.is_ascii_whitespace() && !matches!(c, ';' | '=' | '(' | ')' | '"'))
    {
        text.push(c);
    }
    text
}

fn quoted(chars: &mut Chars<'_>) -> Option<String> {
    chars.next();
    let mut text = String::new();
    loop {
        match chars.next()? {
            '"' => return Some(text),
            '\\' => text.push(chars.next()?),
            c => text.push(c),
        }
    }
}

fn skip_comment(chars: &mut Chars<'_>) -> Option<()> {
    let mut depth = 0_u32;
    loop {
        match chars.next()? {
            '(' => depth = depth.checked_add(1).filter(|depth| *depth <= MAX_DEPTH)?,
            ')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(());
                }
            }
            '\\' => drop(chars.next()?),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_is_read_with_comments_quotes_and_versions() {
        let results = parse(
            "example.com 1; (c (nested \\) c)) dkim/1=pass (good) header.d=\"a;b\"; spf=none;",
        )
        .unwrap();
        assert_eq!(results.authserv_id, "example.com");
        let methods: Vec<_> = results
            .methods
            .iter()
            .map(|m| (m.method.as_str(), m.result.as_str()))
            .collect();
        assert_eq!(methods, [("dkim", "pass"), ("spf", "none")]);
        assert_eq!(
            results.methods[0].properties,
            [("header.d".to_owned(), "a;b".to_owned())]
        );
    }

    #[test]
    fn torn_headers_are_not_believed() {
        for value in [
            "",
            "a b c; dkim=pass",
            "a; dkim",
            "a; dkim=pass header.d",
            "a; (",
            "a; \"x",
            "a) ; x=y",
            "a 2; dkim=pass",
            "a 1 1; dkim=pass",
            "a; dkim=pass header.d=x header.d=y",
            "a; spf=pass smtp.mailfrom=\"x\"@b",
            "a; dkim=pass\0header.d=x",
            "a; dkim=pass = header.d=x",
            "a; =pass",
            "a; /1=pass",
            "a; ((((((((((((((((((((((c)))))))))))))))))))))) dkim=pass",
            "a; dkim=pass (c\\",
        ] {
            assert!(parse(value).is_none(), "{value:?}");
        }
    }

    #[test]
    fn look_alikes_of_a_method_are_not_it() {
        for value in [
            "a; dkim/2=pass",
            "a; dkim/1/1=pass",
            "a; d\u{212A}im=pass",
            "a; dkim\u{A0}=pass",
            "a; x-dkim=pass",
            "a; \"dkim\"=pass",
        ] {
            let methods = parse(value)
                .map(|results| results.methods)
                .unwrap_or_default();
            assert!(
                methods.iter().all(|found| found.method != "dkim"),
                "{value:?}"
            );
        }
    }
}
