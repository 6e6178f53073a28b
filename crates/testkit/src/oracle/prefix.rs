//! Prefixes as bits, and which addresses are the Internet.

use core::net::IpAddr;

/// A prefix as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::oracle) struct Prefix {
    pub(in crate::oracle) v6: bool,
    bits: u128,
    pub(in crate::oracle) length: u32,
}

impl Prefix {
    /// W12: host bits are cut off when it is asked.
    pub(in crate::oracle) fn parse(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/')?;
        let (v6, bits) = bits(address.parse().ok()?);
        let width = if v6 { 128 } else { 32 };
        let digits = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
        let length: u32 = length.parse().ok().filter(|_| digits)?;
        (length <= width).then_some(Self { v6, bits, length })
    }

    pub(in crate::oracle) const fn whole(v6: bool) -> Self {
        Self { v6, bits: 0, length: 0 }
    }

    /// Its first and last address, and those beside them.
    pub(in crate::oracle) fn ends(&self) -> [IpAddr; 4] {
        let width = if self.v6 { 128 } else { 32 };
        let free = width - self.length;
        let most = if self.v6 { u128::MAX } else { u128::from(u32::MAX) };
        let hosts = if free == 128 { u128::MAX } else { (1 << free) - 1 };
        let (first, last) = (self.bits & !hosts, self.bits | hosts);
        [first.saturating_sub(1), first, last, last.saturating_add(1).min(most)]
            .map(|bits| if self.v6 { IpAddr::V6(bits.into()) } else { IpAddr::V4((bits as u32).into()) })
    }

    pub(in crate::oracle) fn holds(&self, address: IpAddr) -> bool {
        let (v6, bits) = bits(address);
        let shift = if self.v6 { 128 - self.length } else { 32 - self.length };
        v6 == self.v6 && (shift == 128 || bits >> shift == self.bits >> shift)
    }
}

fn bits(address: IpAddr) -> (bool, u128) {
    match address {
        IpAddr::V4(address) => (false, u128::from(u32::from(address))),
        IpAddr::V6(address) => (true, u128::from(address)),
    }
}

/// Section 5: I1, I2. Nothing of the provider's own is taken out.
pub(in crate::oracle) fn is_internet(address: IpAddr) -> bool {
    let (v6, bits) = bits(address);
    thread_local! {
        static SPECIAL: [Vec<Prefix>; 2] = [&NOT_INTERNET_4[..], &NOT_INTERNET_6[..]]
            .map(|texts| texts.iter().filter_map(|text| Prefix::parse(text)).collect());
    }
    let global = !v6 || bits >> 125 == 1;
    global && !SPECIAL.with(|special| special[usize::from(v6)].iter().any(|prefix| prefix.holds(address)))
}

/// Addresses at the edges of what is the Internet.
pub(in crate::oracle) fn edges() -> impl Iterator<Item = IpAddr> {
    let texts = NOT_INTERNET_4.iter().chain(&NOT_INTERNET_6).chain(&["0.0.0.0/0", "2000::/3"]);
    texts.filter_map(|text| Prefix::parse(text)).flat_map(|prefix| prefix.ends())
}

const NOT_INTERNET_4: [&str; 15] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
];

const NOT_INTERNET_6: [&str; 4] = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];
