//! Panics are told by their place in the code alone: their texts may quote a letter.

/// Replaces the text that Rust prints for a panic by a line of the log with file and line.
pub fn tell_places_only() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(|at| format!("{}:{}", at.file(), at.line()));
        tracing::error!(place, "a step panicked; its letter is set aside");
    }));
}
