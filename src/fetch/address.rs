//! Which addresses are public, and looking names up so that the address checked is the one connected to.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A host inside a network that is not public.
#[derive(Debug, thiserror::Error)]
#[error("does not lie in the public internet; name its host in fetch.trusted_hosts if it is your own server")]
pub struct Inside;

/// Looks names up and passes only public addresses on. The connection is made to what it answers, so a name that
/// changes its address between a check and the call gains nothing.
#[derive(Debug)]
pub struct Guard;

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let public: Vec<SocketAddr> = found.into_iter().filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(Inside.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether an address belongs to the public internet. What nobody has been given is taken for not public.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, d] = ip.octets();
    !matches!(
        (a, b, c, d),
        (0 | 10 | 127, ..)
            // Carriers' own networks, where some clouds keep what machines know of themselves.
            | (100, 64..=127, ..)
            | (169, 254, ..)
            | (172, 16..=31, ..)
            | (192, 0, 0 | 2, _)
            // Relays of 6to4.
            | (192, 88, 99, _)
            | (192, 168, ..)
            | (198, 18..=19, ..)
            | (198, 51, 100, _)
            | (203, 0, 113, _)
            // A cloud's own address for its machines, although it looks public.
            | (168, 63, 129, 16)
            | (224..=255, ..)
    )
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let inner = || {
        let [g1, g2] = g.to_be_bytes();
        let [h1, h2] = h.to_be_bytes();
        Ipv4Addr::new(g1, g2, h1, h2)
    };
    match (a, b, c, d, e, f) {
        // An IPv4 address in another dress is judged as what it is: mapped, or translated (NAT64).
        (0, 0, 0, 0, 0, 0xffff) | (0x64, 0xff9b, 0, 0, 0, 0) => is_public_v4(inner()),
        // Teredo and other protocols' own ranges, documentation, 6to4.
        (0x2001, 0..=0x1ff, ..) | (0x2001, 0xdb8, ..) | (0x2002, ..) | (0x3fff, 0..=0xfff, ..) => false,
        _ => a & 0xe000 == 0x2000,
    }
}
