//! A limit on failed attempts per network, whatever accounts they are made on: against one password
//! tried on many accounts, which no counter of a single account sees.
//!
//! A network is what one subscriber commonly holds: /24 of IPv4, /64 of IPv6. Only that much of an
//! address is kept. A municipality may share one /24 among its schools, so the limit leaves room
//! for the first morning of a school year.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Seconds that an attempt counts for.
pub const WINDOW_SECONDS: i64 = 15 * 60;
/// Failed attempts in that time after which a network has to wait.
pub const LIMIT: i64 = 300;

/// The network that an attempt comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network(String);

impl Network {
    /// The network of an address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => format!("{}/24", Ipv4Addr::from_bits(address.to_bits() & !0xff)),
            IpAddr::V6(address) => format!("{}/64", Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        })
    }

    /// As written in the log of attempts.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_subscriber_are_one_network() {
        let table = [
            ("192.0.2.1", "192.0.2.0/24"),
            ("192.0.2.255", "192.0.2.0/24"),
            ("192.0.3.1", "192.0.3.0/24"),
            ("::ffff:192.0.2.7", "192.0.2.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
            ("::1", "::/64"),
        ];
        for (address, expected) in table {
            assert_eq!(Network::of(address.parse().expect("an address")).as_str(), expected, "{address}");
        }
    }
}
