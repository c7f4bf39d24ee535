//! An address as mail servers without SMTPUTF8 (RFC 6531) understand it. Pure.

use crate::domain::EmailAddress;

/// The address with its domain as A-labels (RFC 5890). `None` where the local part is not ASCII,
/// for which there is no such form, or where the domain is no domain.
pub fn wire_address(address: &EmailAddress) -> Option<lettre::Address> {
    let domain = if address.domain().is_ascii() {
        address.domain().to_owned()
    } else {
        idna::domain_to_ascii(address.domain()).ok()?
    };
    if !address.local().is_ascii() {
        return None;
    }
    lettre::Address::new(address.local(), domain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_the_wire(address: &str) -> Option<String> {
        wire_address(&EmailAddress::parse(address).unwrap()).map(|address| address.to_string())
    }

    #[test]
    fn a_domain_becomes_a_labels_and_a_local_part_has_no_such_form() {
        assert_eq!(
            on_the_wire("Anna@Example.ru").as_deref(),
            Some("anna@example.ru")
        );
        assert_eq!(
            on_the_wire("anna@почта.рф").as_deref(),
            Some("anna@xn--80a1acny.xn--p1ai")
        );
        assert_eq!(on_the_wire("анна@почта.рф"), None);
        assert_eq!(on_the_wire("анна@example.ru"), None);
    }
}
