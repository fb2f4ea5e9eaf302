//! Ranges of addresses.

use core::fmt;
use core::net::IpAddr;
use core::str::FromStr;

use crate::parse_error::ParseError;

/// A range of addresses, such as `10.0.0.0/8` or `fd00::/8` (CIDR, [RFC 4632 §3.1], [RFC 4291 §2.3]).
///
/// The bits behind the prefix are zero, and the length is written out, for one address too: `10.1.2.3/32`. A range of one family never
/// contains an address of the other; an IPv4 address that is mapped into IPv6 is that IPv4 address.
///
/// ```
/// use instance_identity::IpRange;
///
/// let range: IpRange = "10.0.0.0/8".parse().unwrap();
/// assert!(range.contains([10, 255, 255, 255].into()) && !range.contains([11, 0, 0, 0].into()));
/// assert!("10.0.0.1/8".parse::<IpRange>().is_err());
/// ```
///
/// [RFC 4632 §3.1]: https://www.rfc-editor.org/rfc/rfc4632#section-3.1
/// [RFC 4291 §2.3]: https://www.rfc-editor.org/rfc/rfc4291#section-2.3
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IpRange {
    network: IpAddr,
    prefix: u32,
}

impl IpRange {
    /// Is the address one of them?
    pub fn contains(&self, address: IpAddr) -> bool {
        let (network, address) = (Bits::of(self.network), Bits::of(address.to_canonical()));
        network.width == address.width && network.without_host(self.prefix) == address.without_host(self.prefix)
    }
}

/// An address as a number.
struct Bits {
    number: u128,
    width: u32,
}

impl Bits {
    fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self { number: address.to_bits().into(), width: 32 },
            IpAddr::V6(address) => Self { number: address.to_bits(), width: 128 },
        }
    }

    /// The bits of the prefix alone, moved to the end.
    fn without_host(&self, prefix: u32) -> u128 {
        // All 128 bits are moved out where the prefix is empty.
        self.number.checked_shr(self.width.saturating_sub(prefix)).unwrap_or(0)
    }

    fn has_host(&self, prefix: u32) -> bool {
        self.number.trailing_zeros() < self.width.saturating_sub(prefix) && self.number != 0
    }
}

impl FromStr for IpRange {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let expected = ParseError::expected("a range such as 10.0.0.0/8 or fd00::/8, with no bits behind the prefix");
        let (network, prefix) = text.split_once('/').ok_or(expected)?;
        let network: IpAddr = network.parse().map_err(|_| expected)?;
        let is_number =
            (1..=3).contains(&prefix.len()) && prefix.bytes().all(|c| c.is_ascii_digit()) && (prefix == "0" || !prefix.starts_with('0'));
        let prefix = prefix.parse().ok().filter(|_| is_number).ok_or(expected)?;
        let bits = Bits::of(network);
        if prefix > bits.width || bits.has_host(prefix) {
            return Err(expected);
        }
        if network != network.to_canonical() {
            // It would contain nothing.
            return Err(ParseError::expected("the IPv4 range itself, not mapped into IPv6"));
        }
        Ok(Self { network, prefix })
    }
}

impl fmt::Display for IpRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.network, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_contains_its_first_and_last_address_and_neither_neighbour() {
        for (range, before, first, last, after) in [
            ("10.0.0.0/8", "9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"),
            ("172.16.0.0/12", "172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"),
            ("10.1.2.3/32", "10.1.2.2", "10.1.2.3", "10.1.2.3", "10.1.2.4"),
            ("128.0.0.0/1", "127.255.255.255", "128.0.0.0", "255.255.255.255", "::"),
            ("0.0.0.0/0", "::", "0.0.0.0", "255.255.255.255", "::1"),
            ("::/0", "0.0.0.0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "255.255.255.255"),
            ("fd00::/8", "fcff:ffff::ffff", "fd00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe00::"),
            ("2001:db8::/127", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::", "2001:db8::1", "2001:db8::2"),
            ("::1/128", "::", "::1", "::1", "::2"),
        ] {
            let parsed: IpRange = range.parse().unwrap();
            assert_eq!(parsed.to_string(), range);
            let contains = |address: &str| parsed.contains(address.parse().unwrap());
            assert_eq!([before, first, last, after].map(contains), [false, true, true, false], "{range}");
        }
    }

    #[test]
    fn an_address_that_is_mapped_into_ipv6_is_the_ipv4_address() {
        let contains = |range: &str, address: &str| range.parse::<IpRange>().unwrap().contains(address.parse().unwrap());
        assert!(contains("10.0.0.0/8", "::ffff:10.1.2.3"));
        assert!(!contains("::/0", "::ffff:10.1.2.3"));
    }

    #[test]
    fn what_is_not_exactly_a_range_is_none() {
        for text in [
            "",
            "/",
            "/8",
            "10.0.0.0",
            "10.0.0.0/",
            "10.0.0.0/33",
            "10.0.0.0/08",
            "10.0.0.0/+8",
            "10.0.0.0/-8",
            "10.0.0.0/ 8",
            "10.0.0.0/8 ",
            "10.0.0.0/8/8",
            "10.0.0/8",
            "010.0.0.0/8",
            "10.0.0.1/8",
            "10.0.0.1/31",
            "0.0.0.1/0",
            "128.0.0.0/0",
            "fd00::1/8",
            "::/129",
            "fd00::%1/8",
            "10.0.0.0/255.0.0.0",
            "10.0.0.0/4294967304",
        ] {
            let expected = ParseError::expected("a range such as 10.0.0.0/8 or fd00::/8, with no bits behind the prefix");
            assert_eq!(text.parse::<IpRange>(), Err(expected), "{text:?}");
        }
        let mapped = ParseError::expected("the IPv4 range itself, not mapped into IPv6");
        assert_eq!("::ffff:10.0.0.0/104".parse::<IpRange>(), Err(mapped));
    }
}
