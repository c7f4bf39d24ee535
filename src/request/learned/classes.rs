//! The classes of sentences, and what a sentence is by its likeness to each.

/// Classes of example sentences, a file each, and whether a person asks before anybody cancels.
pub const CLASSES: [(&str, bool); 16] = [
    ("wish", false),
    ("away", false),
    ("reason", false),
    ("polite", false),
    ("data", false),
    ("confirm", false),
    ("aside", false),
    ("keep", true),
    ("maybe", true),
    ("question", true),
    ("move", true),
    ("told", true),
    ("other", true),
    ("unsure", true),
    ("restore", true),
    ("resend", true),
];

/// Columns of the table: one for each class, and one for whatever asks for cancelling or says that
/// nobody comes.
pub const COLUMNS: usize = CLASSES.len() + 1;

/// How much a sentence is like each class; the last: how surely it says a wish.
pub type Likeness = [f32; COLUMNS];

/// Whether a sentence is more like one of the doubtful classes or one of the others, and by how much.
pub fn doubt(likeness: &Likeness) -> f32 {
    let likest = |doubtful: bool| {
        let classes = likeness.iter().zip(CLASSES);
        classes
            .filter(|(_, (_, doubt))| *doubt == doubtful)
            .fold(f32::NEG_INFINITY, |most, (like, _)| most.max(*like))
    };
    likest(true) - likest(false)
}

/// The class that a sentence is most like.
pub fn likest(likeness: &Likeness) -> Option<Class> {
    let classes = likeness.iter().take(CLASSES.len()).enumerate();
    let likest = classes.max_by(|(_, one), (_, other)| one.total_cmp(other));
    likest.map(|(at, _)| Class(at))
}

/// Whether the class that a sentence is most like goes with no wish to cancel.
pub fn strays(likeness: &Likeness) -> bool {
    let doubtful = |class: Class| CLASSES.get(class.0).is_some_and(|(_, doubt)| *doubt);
    likest(likeness).is_some_and(|class| doubtful(class) || class == Class::ASIDE)
}

/// How surely it says a wish.
pub const fn wish(likeness: &Likeness) -> f32 {
    let [.., wish] = *likeness;
    wish
}

/// One of [`CLASSES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Class(usize);

impl Class {
    pub const WISH: Self = Self::named("wish");
    pub const AWAY: Self = Self::named("away");
    pub const REASON: Self = Self::named("reason");
    pub const POLITE: Self = Self::named("polite");
    pub const DATA: Self = Self::named("data");
    pub const CONFIRM: Self = Self::named("confirm");
    pub const KEEP: Self = Self::named("keep");
    pub const MAYBE: Self = Self::named("maybe");
    pub const QUESTION: Self = Self::named("question");
    pub const MOVE: Self = Self::named("move");
    pub const ASIDE: Self = Self::named("aside");
    pub const TOLD: Self = Self::named("told");
    pub const OTHER: Self = Self::named("other");
    pub const UNSURE: Self = Self::named("unsure");
    pub const RESTORE: Self = Self::named("restore");
    pub const RESEND: Self = Self::named("resend");

    #[expect(
        clippy::indexing_slicing,
        clippy::panic,
        reason = "the compiler judges it"
    )]
    const fn named(name: &str) -> Self {
        let mut at = 0;
        while at < CLASSES.len() {
            if same(CLASSES[at].0.as_bytes(), name.as_bytes()) {
                return Self(at);
            }
            at += 1;
        }
        panic!("no class has this name")
    }

    /// How much a sentence is like those of the class.
    pub fn of(self, likeness: &Likeness) -> f32 {
        likeness.get(self.0).copied().unwrap_or(f32::NEG_INFINITY)
    }

    /// As [`Self::of`], less what it is like the other class that it is most like.
    pub fn rather(self, likeness: &Likeness) -> f32 {
        let others = likeness.iter().take(CLASSES.len()).enumerate();
        let likest = others
            .filter(|(at, _)| *at != self.0)
            .fold(f32::NEG_INFINITY, |most, (_, like)| most.max(*like));
        self.of(likeness) - likest
    }
}

#[expect(clippy::indexing_slicing, reason = "the compiler judges it")]
const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}
