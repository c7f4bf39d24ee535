//! What a Dovecot of the tests is told: its certificate and its configuration.

use super::dovecot::{Certificate, DovecotOptions, PASSWORD};
use std::fmt::Write as _;
use std::path::Path;

/// Writes `ca.pem`, `cert.pem` and `key.pem`.
pub fn write_certificate(home: &Path, kind: Certificate) {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::new(Vec::<String>::new()).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    std::fs::write(home.join("ca.pem"), ca.self_signed(&ca_key).unwrap().pem()).unwrap();
    let names = match kind {
        Certificate::Good | Certificate::Expired => vec!["localhost".into(), "127.0.0.1".into()],
        Certificate::OtherName => vec!["other.example.org".to_owned()],
    };
    let mut server = CertificateParams::new(names).unwrap();
    if kind == Certificate::Expired {
        server.not_before = date_time_ymd(2019, 1, 1);
        server.not_after = date_time_ymd(2020, 1, 1);
    }
    let key = KeyPair::generate().unwrap();
    let issuer = Issuer::new(ca, ca_key);
    let certificate = server.signed_by(&key, &issuer).unwrap();
    std::fs::write(home.join("cert.pem"), certificate.pem()).unwrap();
    std::fs::write(home.join("key.pem"), key.serialize_pem()).unwrap();
}

/// What Dovecot 2.3 offers after the login.
const CAPABILITIES: &str = "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY \
    THREAD=REFERENCES THREAD=REFS THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE UNSELECT \
    CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES \
    WITHIN CONTEXT=SEARCH LIST-STATUS BINARY MOVE SNIPPET=FUZZY PREVIEW=FUZZY SAVEDATE LITERAL+ \
    NOTIFY SPECIAL-USE QUOTA";

/// The text of `dovecot.conf`; the ports are those of IMAP, IMAPS and LMTP.
pub fn configuration(home: &Path, ports: [u16; 3], options: &DovecotOptions) -> String {
    let home = home.display();
    let [imap, imaps, lmtp] = ports;
    let (prefix, separator) = options.namespace;
    let mut text = format!(
        "base_dir = {home}/run\nstate_dir = {home}/run\nlog_path = {home}/log\n\
         protocols = imap lmtp\nlisten = 127.0.0.1\ndisable_plaintext_auth = no\nssl = yes\n\
         ssl_cert = <{home}/cert.pem\nssl_key = <{home}/key.pem\n\
         first_valid_uid = 1\nmail_max_userip_connections = 0\ndefault_vsz_limit = 1G\n\
         default_client_limit = 2000\nmail_location = {}\nauth_mechanisms = plain login\n\
         passdb {{\n  driver = static\n  args = password={PASSWORD}\n}}\n\
         userdb {{\n  driver = static\n  args = uid=mail gid=mail home={home}/mail/%u \
         allow_all_users=yes\n}}\n\
         namespace inbox {{\n  inbox = yes\n  prefix = {prefix}\n  separator = {separator}\n}}\n\
         service imap-login {{\n  inet_listener imap {{\n    port = {imap}\n  }}\n  \
         inet_listener imaps {{\n    port = {imaps}\n    ssl = yes\n  }}\n}}\n\
         service lmtp {{\n  inet_listener lmtp {{\n    address = 127.0.0.1\n    port = {lmtp}\n  \
         }}\n}}\n",
        options.mail_location
    );
    if !options.without.is_empty() {
        let kept: Vec<&str> = CAPABILITIES
            .split_whitespace()
            .filter(|name| !options.without.contains(name))
            .collect();
        writeln!(text, "imap_capability = {}", kept.join(" ")).unwrap();
    }
    if options.quota.is_some() || options.archive_quota.is_some() {
        text.push_str("mail_plugins = quota\nplugin {\n  quota_vsizes = yes\n");
        if let Some(bytes) = options.quota {
            writeln!(text, "  quota = count:User\n  quota_rule = *:bytes={bytes}").unwrap();
        }
        if let Some(bytes) = options.archive_quota {
            let name = if options.quota.is_some() {
                "quota2"
            } else {
                "quota"
            };
            writeln!(text, "  {name} = count:Archive:ns=Archive/").unwrap();
            writeln!(text, "  {name}_rule = *:bytes={bytes}").unwrap();
        }
        text.push_str("}\n");
    }
    if options.archive_quota.is_some() {
        write!(
            text,
            "namespace archive {{\n  prefix = Archive/\n  separator = {separator}\n  \
             location = maildir:~/Archive\n}}\n"
        )
        .unwrap();
    }
    text.push_str(&options.extra);
    text
}
