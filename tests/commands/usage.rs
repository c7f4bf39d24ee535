//! Wrong use ends with 2; help and version with 0.

use super::office::Office;

#[test]
fn wrong_use_ends_with_2() {
    let office = Office::new();
    for arguments in [
        &["nonsense"][..],
        &[],
        &["bookings"],
        &["bookings", "show"],
        &["bookings", "show", "слово"],
        &["bookings", "list", "--state", "lost"],
        &["bookings", "changes", "--after", "x"],
        &["letters", "list", "--state", "lost"],
        &["letters", "list", "--reason", "lost"],
        &["letters", "show", "x"],
        &["outbox", "retry"],
        &["outbox", "retry", "--all", "1"],
        &["journal", "show"],
        &["journal", "show", "17", "--letter", "1"],
        &["parse"],
        &["explain", "x.eml", "--received-at", "yesterday"],
        &["run", "--twice"],
    ] {
        let told = office.otmena(arguments);
        assert_eq!(told.code, 2, "{arguments:?}\n{}", told.err);
        assert!(!told.err.is_empty(), "{arguments:?}");
    }
}

#[test]
fn settings_must_be_named_by_option_or_variable() {
    let told = Office::new().otmena_with(&["run"], &[]);
    told.refuses(2, &["--config"]);
}

#[test]
fn help_and_version_end_with_0() {
    let office = Office::new();
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["bookings", "import", "--help"],
    ] {
        let told = office.otmena_with(arguments, &[]);
        assert_eq!(told.code, 0, "{arguments:?}\n{}", told.err);
        assert!(!told.out.is_empty(), "{arguments:?}");
    }
    assert!(
        office
            .otmena_with(&["--help"], &[])
            .out
            .contains("75  something is left")
    );
}

#[test]
fn a_file_that_cannot_be_opened_ends_with_2() {
    let office = Office::new();
    office
        .otmena(&["bookings", "import", "none.csv"])
        .refuses(2, &["none.csv"]);
    office
        .otmena(&["explain", "none.eml"])
        .refuses(2, &["none.eml"]);
}

#[test]
fn an_unreadable_log_level_is_told() {
    let office = Office::new();
    let config = office.path("otmena.toml");
    let config = config.to_string_lossy();
    let variables = [("OTMENA_CONFIG", &*config), ("RUST_LOG", "otmena=loud")];
    office
        .otmena_with(&["bookings", "list"], &variables)
        .refuses(78, &["RUST_LOG"]);
}
