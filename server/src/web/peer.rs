//! Whose address a request comes from: the peer's, or what a trusted proxy in front says.

use http::HeaderMap;
use std::net::IpAddr;

/// Proxies append the address they were called from.
const FORWARDED: &str = "x-forwarded-for";

/// The address of the client.
///
/// `X-Forwarded-For` is read from its end, as far as trusted proxies wrote it: the first address
/// that is not one of theirs is the client's. What stands before it anybody could have written.
pub(super) fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.contains(&address.to_canonical());
    let mut client = peer.to_canonical();
    let written: Vec<&str> = headers
        .get_all(FORWARDED)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for hop in written.iter().rev() {
        if !is_trusted(&client) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(address) => client = address.to_canonical(),
            Err(_) => break,
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn from(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED, HeaderValue::from_str(value).unwrap());
        }
        let trusted: Vec<IpAddr> = trusted.iter().map(|address| address.parse().unwrap()).collect();
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let table: [(&str, &[&str], &[&str], &str); 8] = [
            ("192.0.2.1", &[], &[], "192.0.2.1"),
            ("192.0.2.1", &["198.51.100.7"], &[], "192.0.2.1"),
            ("10.0.0.1", &["198.51.100.7"], &["10.0.0.1"], "198.51.100.7"),
            ("::ffff:10.0.0.1", &["198.51.100.7"], &["10.0.0.1"], "198.51.100.7"),
            ("10.0.0.1", &["203.0.113.9, 198.51.100.7"], &["10.0.0.1"], "198.51.100.7"),
            ("10.0.0.1", &["203.0.113.9", "198.51.100.7, 10.0.0.2"], &["10.0.0.1", "10.0.0.2"], "198.51.100.7"),
            ("10.0.0.1", &["203.0.113.9, nonsense"], &["10.0.0.1"], "10.0.0.1"),
            ("10.0.0.1", &["10.0.0.2"], &["10.0.0.1", "10.0.0.2"], "10.0.0.2"),
        ];
        for (peer, forwarded, trusted, expected) in table {
            assert_eq!(from(peer, forwarded, trusted), expected, "{peer} {forwarded:?}");
        }
    }
}
