//! Settings that are wrong end the program with 78, name the setting and say what to write.

use super::office::{Office, SECRET};

#[test]
fn an_unknown_setting_is_named_with_the_nearest_known_one() {
    let office = Office::new();
    office.writes_settings("[budget]\nverified_per_adress_and_day = 3\n");
    let told = office.otmena(&["bookings", "list"]);
    told.refuses(
        78,
        &[
            "`budget.verified_per_adress_and_day`",
            "`verified_per_address_and_day`",
            "remedy:",
        ],
    );
}

#[test]
fn a_wrong_type_is_named_with_what_is_expected() {
    let office = Office::new();
    office.writes_settings("[http]\nlisten = 9184\n");
    office
        .otmena(&["run"])
        .refuses(78, &["`http.listen`", "127.0.0.1:9184"]);
    office.writes_settings("");
    let config = office.path("otmena.toml");
    let config = config.to_string_lossy();
    let variables = [
        ("OTMENA_CONFIG", &*config),
        ("OTMENA_SENDER__DKIM", "perhaps"),
    ];
    office
        .otmena_with(&["run"], &variables)
        .refuses(78, &["OTMENA_SENDER__DKIM", "true or false"]);
}

#[test]
fn a_missing_settings_file_is_named_with_the_way_to_write_one() {
    let office = Office::new();
    let told = office.otmena_with(&["run", "--config", "nowhere.toml"], &[]);
    told.refuses(78, &["nowhere.toml", "otmena sample-config"]);
}

#[test]
fn an_open_line_to_another_host_is_refused() {
    let office = Office::new();
    let text = format!(
        "[mailbox]\nkind = \"imap\"\nhost = \"imap.example.org\"\nsecurity = \"none\"\n\
         username = \"u\"\npassword = \"hush-hush\"\n[smtp]\nkind = \"folder\"\npath = \"letters\"\n\
         from = \"a@example.org\"\n[sender]\ntoken_secret = \"{SECRET}\"\n"
    );
    office.write("otmena.toml", &text);
    let told = office.otmena(&["run"]);
    told.refuses(78, &["`mailbox.security`", "\"tls\" or \"starttls\""]);
    assert!(
        !told.err.contains("hush-hush") && !told.err.contains(SECRET),
        "{}",
        told.err
    );
}

#[test]
fn a_short_token_secret_is_refused() {
    let office = Office::new();
    office.write("token-secret", "tooshort\n");
    let told = office.otmena(&["run"]);
    told.refuses(
        78,
        &[
            "`sender.token_secret` has 8 octets",
            "at least 32",
            "openssl rand -hex 32",
        ],
    );
    assert!(!told.err.contains("tooshort"), "{}", told.err);
}

#[test]
fn a_password_and_its_file_contradict_each_other() {
    let office = Office::new();
    office.write("password", "hush-hush\n");
    let text = format!(
        "[mailbox]\nkind = \"imap\"\nhost = \"localhost\"\nusername = \"u\"\n\
         password = \"hush-hush\"\npassword_file = \"password\"\n[smtp]\nkind = \"folder\"\n\
         path = \"letters\"\nfrom = \"a@example.org\"\n[sender]\ntoken_secret = \"{SECRET}\"\n"
    );
    office.write("otmena.toml", &text);
    let told = office.otmena(&["check", "--json"]);
    assert_eq!(told.code, 78, "{}", told.err);
    assert!(
        told.out
            .contains("both `mailbox.password` and `mailbox.password_file`"),
        "{}",
        told.out
    );
    assert!(!told.out.contains("hush-hush"), "{}", told.out);
}

#[test]
fn what_sample_config_prints_is_taken_once_the_secrets_are_there() {
    let office = Office::new();
    let sample = office.otmena_with(&["sample-config"], &[]);
    assert_eq!(sample.code, 0, "{}", sample.err);
    office.write("otmena.toml", &sample.out);
    office.otmena(&["check"]);
    let told = office.otmena(&["bookings", "list"]);
    told.refuses(78, &["`mailbox.password_file` cannot be read"]);
    office.write("mailbox-password", "x\n");
    office.write("smtp-password", "x\n");
    let told = office.otmena(&["check", "--json"]);
    let findings = told.json();
    assert_eq!(findings[0]["check"], "settings", "{}", told.out);
    assert_eq!(findings[0]["outcome"], "ok", "{}", told.out);
}

#[test]
fn a_setting_that_cannot_be_loaded_is_a_failed_check() {
    let office = Office::new();
    office.writes_settings("[nonsense]\n");
    let told = office.otmena(&["check", "--json"]);
    assert_eq!(told.code, 78, "{}", told.err);
    let findings = told.json();
    assert_eq!(findings[0]["outcome"], "fail", "{}", told.out);
    assert!(
        findings[0]["text"].as_str().unwrap().contains("[nonsense]"),
        "{}",
        told.out
    );
    assert!(
        !findings[0]["remedy"].as_str().unwrap().is_empty(),
        "{}",
        told.out
    );
}
