//! Selectors of style sheets: which elements a rule is for, by name, class, id and attributes, and by the elements
//! around them.

use cssparser::{ParseError, Parser, Token};

/// Classes of one element that are looked at.
const CLASSES: usize = 20;
/// Elements around another that are looked at.
const AROUND: usize = 30;
/// Parts of a selector; nobody writes more.
const PARTS: usize = 20;

/// Attributes that are looked at besides the class and the id.
const ATTRIBUTES: [&str; 8] = [
    "title",
    "lang",
    "dir",
    "role",
    "align",
    "aria-hidden",
    "width",
    "height",
];

/// What a selector can ask of an element.
#[derive(Debug, Clone, Default)]
pub struct Element {
    name: String,
    id: String,
    classes: Vec<String>,
    /// The class as it is written, and the other attributes with a value.
    attributes: Vec<(&'static str, String)>,
}

impl Element {
    /// An element of this name; `attribute` gives a value in small letters.
    pub fn of(name: &[u8], attribute: &dyn Fn(&str) -> Option<String>) -> Self {
        let class = attribute("class");
        let classes = class.iter().flat_map(|class| class.split_whitespace());
        let named = |key: &'static str| Some((key, attribute(key)?));
        Self {
            name: String::from_utf8_lossy(name).into_owned(),
            id: attribute("id").unwrap_or_default(),
            classes: classes.take(CLASSES).map(str::to_owned).collect(),
            attributes: ATTRIBUTES
                .into_iter()
                .chain(["class", "id"])
                .filter_map(named)
                .collect(),
        }
    }

    /// The keys of the selectors that may fit it, see [`Selector::key`].
    pub fn keys(&self) -> Vec<String> {
        let classes = self.classes.iter().map(|class| format!(".{class}"));
        let id = (!self.id.is_empty()).then(|| format!("#{}", self.id));
        let mut keys: Vec<String> = [String::new(), self.name.clone()]
            .into_iter()
            .chain(classes)
            .chain(id)
            .collect();
        keys.sort();
        keys.dedup();
        keys
    }
}

/// One condition on an element, in small letters. A name is weaker than a class, a class weaker than an id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Condition {
    Any,
    Name(String),
    Attribute(String, Option<(char, String)>),
    Class(String),
    Id(String),
}

impl Condition {
    fn holds(&self, element: &Element) -> bool {
        match self {
            Self::Any => true,
            Self::Name(name) => element.name == *name,
            Self::Class(class) => element.classes.contains(class),
            Self::Id(id) => element.id == *id,
            Self::Attribute(name, asked) => {
                let known = element.attributes.iter().find(|(key, _)| key == name);
                known.is_some_and(|(_, value)| {
                    asked.as_ref().is_none_or(|(how, asked)| {
                        !asked.is_empty()
                            && match how {
                                '^' => value.starts_with(asked.as_str()),
                                '$' => value.ends_with(asked.as_str()),
                                '*' => value.contains(asked.as_str()),
                                '~' => value.split_whitespace().any(|word| word == asked),
                                _ => value == asked,
                            }
                    })
                })
            }
        }
    }
}

/// A selector, its own conditions and those on the elements around it.
#[derive(Debug)]
pub struct Selector {
    own: Vec<Condition>,
    /// The nearest first; `true`: directly around the one before.
    around: Vec<(bool, Vec<Condition>)>,
}

impl Selector {
    /// The strongest of its conditions that an element can be looked up by; empty, if none can.
    pub fn key(&self) -> String {
        let keyed = self.own.iter().rev().find_map(|condition| match condition {
            Condition::Name(name) => Some(name.clone()),
            Condition::Class(class) => Some(format!(".{class}")),
            Condition::Id(id) => Some(format!("#{id}")),
            Condition::Any | Condition::Attribute(..) => None,
        });
        keyed.unwrap_or_default()
    }

    /// How many elements around another it may look at.
    pub fn steps(&self) -> usize {
        self.around.len() * AROUND
    }

    /// How it is weighed against others: by ids, by classes and attributes, by names.
    pub fn strength(&self) -> (usize, usize, usize) {
        let conditions = || {
            self.own
                .iter()
                .chain(self.around.iter().flat_map(|(_, all)| all))
        };
        let count = |is: fn(&Condition) -> bool| conditions().filter(|one| is(one)).count();
        (
            count(|one| matches!(one, Condition::Id(_))),
            count(|one| matches!(one, Condition::Class(_) | Condition::Attribute(..))),
            count(|one| matches!(one, Condition::Name(_))),
        )
    }

    /// Whether it is for this element within those `around` it, the outermost first.
    pub fn fits<'e>(
        &self,
        element: &Element,
        around: impl DoubleEndedIterator<Item = &'e Element>,
    ) -> bool {
        let hold = |all: &[Condition], element: &Element| all.iter().all(|one| one.holds(element));
        if !hold(&self.own, element) {
            return false;
        }
        let mut outer = around.rev().take(AROUND);
        // What is directly around is not tried again further out: letters nest few elements of one kind.
        self.around.iter().all(|(directly, conditions)| {
            if *directly {
                outer.next().is_some_and(|other| hold(conditions, other))
            } else {
                outer.any(|other| hold(conditions, other))
            }
        })
    }
}

/// Reads a selector such as `table.list > td[title]`. What asks for the elements beside it or for a state of the
/// page is none.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else a selector holds makes it depend on other things"
)]
pub fn selector(input: &mut Parser<'_>) -> Result<Selector, ParseError<()>> {
    // The outermost first; whether the next is directly within.
    let mut parts: Vec<(bool, Vec<Condition>)> = vec![(false, Vec::new())];
    input.skip_whitespace();
    let mut class = false;
    while let Ok(token) = input.next_including_whitespace().cloned() {
        let condition = match token {
            Token::Ident(name) if class => Condition::Class(name.to_ascii_lowercase()),
            Token::Ident(name) => Condition::Name(name.to_ascii_lowercase()),
            Token::IDHash(id) | Token::Hash(id) => Condition::Id(id.to_ascii_lowercase()),
            Token::Delim('*') => Condition::Any,
            Token::SquareBracketBlock => input.parse_nested_block(attribute)?,
            Token::Delim('.') => {
                class = true;
                continue;
            }
            Token::Delim('>') => {
                if parts.last().is_some_and(|(_, own)| own.is_empty()) {
                    parts.pop();
                }
                let outer = parts.last_mut().ok_or_else(ParseError::unexpected_token)?;
                outer.0 = true;
                parts.push((false, Vec::new()));
                continue;
            }
            Token::WhiteSpace(_) => {
                if parts.last().is_some_and(|(_, own)| !own.is_empty()) {
                    parts.push((false, Vec::new()));
                }
                continue;
            }
            _ => return Err(ParseError::unexpected_token()),
        };
        class = false;
        if let Some((_, own)) = parts.last_mut() {
            own.push(condition);
        }
    }
    built(parts)
}

/// The selector of its parts, the last of which may be empty. Within the page stands everything, be its element
/// written or not.
fn built(parts: Vec<(bool, Vec<Condition>)>) -> Result<Selector, ParseError<()>> {
    if parts.len() > PARTS {
        return Err(ParseError::unexpected_token());
    }
    let mut around: Vec<(bool, Vec<Condition>)> = Vec::new();
    let mut directly = false;
    for (next, mut own) in parts {
        if !own.is_empty() && (next || !is_page(&own)) {
            own.sort();
            around.push((directly, own));
            directly = false;
        }
        directly |= next;
    }
    let (mut within, own) = around.pop().ok_or_else(ParseError::unexpected_token)?;
    around.reverse();
    let around = around
        .into_iter()
        .map(|(next, conditions)| (std::mem::replace(&mut within, next), conditions))
        .collect();
    Ok(Selector { own, around })
}

fn is_page(conditions: &[Condition]) -> bool {
    matches!(conditions, [Condition::Name(name)] if name == "body" || name == "html")
}

/// `title`, `class~="note"`
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is no comparison of an attribute is none"
)]
fn attribute(input: &mut Parser<'_>) -> Result<Condition, ParseError<()>> {
    let name = input.expect_ident()?.to_ascii_lowercase();
    if input.is_exhausted() {
        return Ok(Condition::Attribute(name, None));
    }
    let how = match input.next()? {
        Token::Delim('=') => '=',
        Token::PrefixMatch => '^',
        Token::SuffixMatch => '$',
        Token::SubstringMatch => '*',
        Token::IncludeMatch => '~',
        _ => return Err(ParseError::unexpected_token()),
    };
    let value = input.expect_ident_or_string()?.to_ascii_lowercase();
    Ok(Condition::Attribute(name, Some((how, value))))
}
