//! The addresses of AWS at one date: `ip-ranges.json`, by service and region.
//!
//! Knows who can rent an address of a service, and which managed prefix list stands for which service. Knows no rule.

use std::collections::BTreeMap;
use std::sync::Arc;

use packet::{AddressSet, Family, Prefix};

/// The addresses of AWS.
#[derive(Clone, Debug, Default)]
pub(crate) struct Catalogue {
    /// When it was made, as it says.
    pub(crate) created: String,
    // By service and region, in their own letters.
    ranges: BTreeMap<(String, String), Vec<Prefix>>,
    // Services and regions of entries that cannot be read; `None`: not known which.
    spoiled: Vec<(Option<String>, Option<String>)>,
}

impl Catalogue {
    /// Takes in one prefix.
    pub(crate) fn add(&mut self, service: &str, region: &str, prefix: Prefix) {
        self.ranges.entry((service.to_owned(), region.to_owned())).or_default().push(prefix);
    }

    /// An entry cannot be read: what it would add to is not known.
    pub(crate) fn spoil(&mut self, service: Option<&str>, region: Option<&str>) {
        self.spoiled.push((service.map(str::to_owned), region.map(str::to_owned)));
    }

    /// The addresses that a managed list of AWS stands for, by its name (W6): `com.amazonaws.eu-west-1.s3`. Lists of
    /// IPv6 have `.ipv6.` before the service. `None` where the catalogue does not say.
    pub(crate) fn of_managed_list(&self, name: &str) -> Option<Arc<AddressSet>> {
        let rest = strip_prefix_ignore_case(name, "com.amazonaws.")?;
        let (region, service) = rest.split_once('.')?;
        let (family, service) = match strip_prefix_ignore_case(service, "ipv6.") {
            Some(service) => (Family::V6, service),
            None => (Family::V4, service),
        };
        let (_, published, everywhere) =
            MANAGED.iter().find(|(list, ..)| list.eq_ignore_ascii_case(service))?;
        // China is a cloud of its own, under the same names.
        let is_china = |region: &str| region.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("cn-"));
        let is_there = |of: &str| match everywhere {
            true => is_china(of) == is_china(region),
            false => of.eq_ignore_ascii_case(region),
        };
        let is_meant = |(own, of): &(String, String)| own == published && is_there(of);
        let is_spoiled = self.spoiled.iter().any(|(own, of)| {
            own.as_ref().is_none_or(|own| own == published) && of.as_ref().is_none_or(|of| is_there(of))
        });
        if is_spoiled {
            return None;
        }
        let prefixes = self.ranges.iter().filter(|(key, _)| is_meant(key)).flat_map(|(_, prefixes)| prefixes);
        let addresses = prefixes.copied().collect::<AddressSet>().only(family);
        // Nothing published is not the same as nobody.
        (!addresses.is_empty()).then(|| Arc::new(addresses))
    }

    /// The addresses that customers rent: those of EC2 (I7), one set for each region, and those from which CloudFront asks
    /// for any customer (W6).
    pub(crate) fn rentable(&self) -> Vec<Arc<AddressSet>> {
        let of_ec2 = self.ranges.iter().filter(|((service, _), _)| service == "EC2");
        let of_ec2 = of_ec2.map(|(_, prefixes)| Arc::new(prefixes.iter().copied().collect()));
        of_ec2.chain(FRONTED.iter().filter_map(|list| self.of_managed_list(list))).collect()
    }
}

fn strip_prefix_ignore_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// Lists of addresses behind which any customer of AWS stands.
const FRONTED: [&str; 2] =
    ["com.amazonaws.global.cloudfront.origin-facing", "com.amazonaws.global.ipv6.cloudfront.origin-facing"];

/// The last words of the names of managed lists, the services whose addresses they are, and whether they are those of
/// every region.
const MANAGED: [(&str, &str, bool); 5] = [
    ("cloudfront.origin-facing", "CLOUDFRONT_ORIGIN_FACING", true),
    ("ec2-instance-connect", "EC2_INSTANCE_CONNECT", false),
    ("route53-healthchecks", "ROUTE53_HEALTHCHECKS", true),
    ("s3", "S3", false),
    ("dynamodb", "DYNAMODB", false),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue() -> Catalogue {
        let mut catalogue = Catalogue::default();
        for (service, region, prefix) in [
            ("AMAZON", "eu-west-1", "3.4.0.0/16"),
            ("EC2", "eu-west-1", "3.4.0.0/17"),
            ("EC2", "us-east-1", "8.8.0.0/16"),
            ("EC2", "us-east-1", "2600:1f00::/24"),
            ("S3", "eu-west-1", "3.5.0.0/24"),
            ("S3", "us-east-1", "3.6.0.0/24"),
            ("CLOUDFRONT_ORIGIN_FACING", "GLOBAL", "13.0.0.0/16"),
            ("EC2_INSTANCE_CONNECT", "eu-west-1", "18.0.0.0/29"),
            ("EC2_INSTANCE_CONNECT", "eu-west-1", "2a05:d018::/64"),
        ] {
            catalogue.add(service, region, prefix.parse().unwrap());
        }
        catalogue
    }

    #[test]
    fn managed_lists_are_those_of_a_service_and_a_region() {
        let told = |name: &str| {
            catalogue().of_managed_list(name).map(|set| {
                let set = &*set;
                (set.count(Family::V4).to_string(), set.count(Family::V6).to_string())
            })
        };
        let four = |count: u32| Some((count.to_string(), "0".to_owned()));
        assert_eq!(told("com.amazonaws.eu-west-1.s3"), four(256));
        assert_eq!(told("com.amazonaws.global.cloudfront.origin-facing"), four(65_536));
        assert_eq!(told("com.amazonaws.eu-west-1.ec2-instance-connect"), four(8));
        assert_eq!(
            told("com.amazonaws.eu-west-1.ipv6.ec2-instance-connect"),
            Some(("0".to_owned(), "18446744073709551616".to_owned()))
        );
        for name in
            ["com.amazonaws.eu-west-2.s3", "com.amazonaws.eu-west-1.vpc-lattice", "s3", "com.amazonaws.", "é"]
        {
            assert_eq!(told(name), None, "{name}");
        }
    }

    #[test]
    fn a_list_with_an_entry_that_cannot_be_read_is_not_known() {
        let lists =
            ["com.amazonaws.eu-west-1.s3", "com.amazonaws.us-east-1.s3", "com.amazonaws.eu-west-1.dynamodb"];
        let known = |catalogue: &Catalogue| lists.map(|list| catalogue.of_managed_list(list).is_some());
        let mut one = catalogue();
        one.spoil(Some("S3"), Some("eu-west-1"));
        assert_eq!(known(&one), [false, true, false]);
        one.spoil(None, None);
        assert_eq!(known(&one), [false, false, false]);
    }

    #[test]
    fn regions_of_ec2_are_pools_and_what_cloudfront_asks_from_is_one() {
        let sets = catalogue().rentable();
        let counts: Vec<String> = sets.iter().map(|set| set.count(Family::V4).to_string()).collect();
        assert_eq!(counts, ["32768", "65536", "65536"]);
    }
}
