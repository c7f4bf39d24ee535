//! The classes of sentences, and what a sentence is by its likeness to each.

/// Classes of example sentences, a file each, and whether a person asks before anybody cancels.
pub const CLASSES: [(&str, bool); 15] = [
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

/// How surely it says a wish.
pub const fn wish(likeness: &Likeness) -> f32 {
    let [.., wish] = *likeness;
    wish
}
