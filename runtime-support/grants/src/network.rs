//! Addresses and origins.

use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error as _};

/// `host:port`: an IP address or a name, and a port or `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// An address of IPv4 or IPv6, or a name in lower case.
    pub host: Host,
    /// None: any port.
    pub port: Option<u16>,
}

/// Where an address leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// This very address.
    Ip(IpAddr),
    /// The addresses that a component got when it looked this name up.
    Name(String),
}

/// `scheme://host[:port]`, what HTTP calls an origin (RFC 6454).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// With `https`, else `http`.
    pub secure: bool,
    /// A name in lower case, or an IP address; those of IPv6 in brackets.
    pub host: String,
    /// The port, that of the scheme where none is given.
    pub port: u16,
}

impl Address {
    /// Whether `address` is what this one names; `names` are those that led the component to its IP address.
    pub fn covers(&self, address: SocketAddr, names: &[String]) -> bool {
        let right_host = match &self.host {
            Host::Ip(ip) => ip.to_canonical() == address.ip().to_canonical(),
            Host::Name(name) => names.contains(name),
        };
        right_host && self.port.is_none_or(|port| port == address.port())
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is no address: write `host:port`, such as `127.0.0.1:6379`, `[::1]:80` or `db:*`"
            )
        };
        let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
        let port = match port {
            "*" => None,
            number => Some(number.parse().map_err(|_| wrong())?),
        };
        let host = if let Some(inner) = host.strip_prefix('[') {
            let inner = inner.strip_suffix(']').ok_or_else(wrong)?;
            Host::Ip(IpAddr::V6(inner.parse().map_err(|_| wrong())?))
        } else if let Ok(ip) = host.parse::<std::net::Ipv4Addr>() {
            Host::Ip(IpAddr::V4(ip))
        } else {
            Host::Name(host_name(host).ok_or_else(wrong)?)
        };
        Ok(Self { host, port })
    }
}

/// The name in lower case, without the dot of the root; none when it is no name.
pub(crate) fn host_name(text: &str) -> Option<String> {
    let name = text.strip_suffix('.').unwrap_or(text);
    let label = |part: &str| {
        !part.is_empty()
            && part.len() <= 63
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    // A name that ends in a number is an IPv4 address in disguise (RFC 3986, 3.2.2; WHATWG URL).
    let numeric = name.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
    (name.len() <= 253 && name.split('.').all(label) && !numeric).then(|| name.to_ascii_lowercase())
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| format!("`{text}` is no origin such as `https://api.example.org`: {why}");
        let (scheme, rest) = text.split_once("://").ok_or_else(|| wrong("it has no scheme"))?;
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(wrong("the scheme is `http` or `https`")),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '?', '#']) {
            return Err(wrong("an origin has no path"));
        }
        if rest.contains('@') {
            return Err(wrong("an origin has no user"));
        }
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                (host, port.parse().map_err(|_| wrong("the port is no number"))?)
            }
            _ => (rest, if secure { 443 } else { 80 }),
        };
        let host = match host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
            Some(inner) => {
                let ip: std::net::Ipv6Addr =
                    inner.parse().map_err(|_| wrong("the host is no IPv6 address"))?;
                format!("[{ip}]")
            }
            None => match host.parse::<std::net::Ipv4Addr>() {
                Ok(ip) => ip.to_string(),
                Err(_) => host_name(host).ok_or_else(|| wrong("the host is no name"))?,
            },
        };
        Ok(Self { secure, host, port })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Host::Ip(IpAddr::V6(ip)) => write!(formatter, "[{ip}]:")?,
            Host::Ip(ip) => write!(formatter, "{ip}:")?,
            Host::Name(name) => write!(formatter, "{name}:")?,
        }
        match self.port {
            Some(port) => write!(formatter, "{port}"),
            None => formatter.write_str("*"),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, usual) = if self.secure { ("https", 443) } else { ("http", 80) };
        write!(formatter, "{scheme}://{}", self.host)?;
        if self.port == usual { Ok(()) } else { write!(formatter, ":{}", self.port) }
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for Address {
    fn schema_name() -> Cow<'static, str> {
        "Address".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "host:port; the host is an IP address or a name, the port a number or *.",
            "type": "string",
            "pattern": "^(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9._-]+):([0-9]{1,5}|\\*)$",
        })
    }
}

impl JsonSchema for Origin {
    fn schema_name() -> Cow<'static, str> {
        "Origin".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "scheme://host, or scheme://host:port.",
            "type": "string",
            "pattern": "^https?://[^/?#@]+/?$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        text.parse().unwrap()
    }

    #[test]
    fn addresses_are_read() {
        for text in ["127.0.0.1:6379", "[::1]:80", "db.internal:*", "localhost:0"] {
            assert_eq!(address(text).to_string(), text);
        }
        for wrong in
            ["", "db", "db:", ":80", "db:65536", "::1:80", "[1.2.3.4]:80", "a b:80", "1.2.3:80", "0x7f.1:80"]
        {
            assert!(wrong.parse::<Address>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_address_covers_itself_alone() {
        let local = address("127.0.0.1:80");
        assert!(local.covers("127.0.0.1:80".parse().unwrap(), &[]));
        assert!(local.covers("[::ffff:127.0.0.1]:80".parse().unwrap(), &[]));
        assert!(!local.covers("127.0.0.1:81".parse().unwrap(), &[]));
        assert!(!local.covers("127.0.0.2:80".parse().unwrap(), &["127.0.0.1".to_owned()]));
        assert!(!local.covers("[::1]:80".parse().unwrap(), &[]));
    }

    #[test]
    fn a_name_covers_what_it_led_to() {
        let named = address("DB.internal.:*");
        let found = "10.0.0.7:5432".parse().unwrap();
        assert!(named.covers(found, &["db.internal".to_owned()]));
        assert!(!named.covers(found, &["other.internal".to_owned()]));
        assert!(!named.covers(found, &[]));
    }

    #[test]
    fn origins_are_read() {
        let shown = |text: &str| text.parse::<Origin>().map(|origin| origin.to_string());
        assert_eq!(shown("https://API.example.org/"), Ok("https://api.example.org".to_owned()));
        assert_eq!(shown("http://[::1]:8080"), Ok("http://[::1]:8080".to_owned()));
        assert_eq!(shown("https://a:443"), Ok("https://a".to_owned()));
        for wrong in
            ["a.org", "ftp://a", "https://", "https://a/b", "https://u@a", "https://a:x", "https://a?b"]
        {
            assert!(shown(wrong).is_err(), "{wrong}");
        }
    }
}
