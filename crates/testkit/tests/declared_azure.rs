//! The same estate of Azure, exported, and declared in templates and in Terraform, written in many ways.

use std::collections::BTreeMap;

use serde_json::Value;
use testkit::configuration::{
    Configuration, Rewrite, TemplateRewrite, azapi, azurerm, plan, rest_resources, template, write,
};
use testkit::estates::{Declared, declared};
use testkit::generate::Element;
use testkit::random::{Random, mix};
use testkit::spelling::Spelling;

/// Elements of which everything can be declared: what a network manager has committed is no resource, and a set of
/// addresses that a service tells is none either.
const ELEMENTS: [Element; 22] = [
    Element::Groups,
    Element::LoadBalancerRule,
    Element::NatRule,
    Element::NatPool,
    Element::HaPorts,
    Element::FloatingIp,
    Element::ScaleSet,
    Element::ApplicationGateway,
    Element::FirewallDnat,
    Element::BastionAndVpn,
    Element::ReplyRoutes,
    Element::SqlServer,
    Element::ManagedInstance,
    Element::PostgresAndMysql,
    Element::Synapse,
    Element::Redis,
    Element::Storage,
    Element::KeyVaultAndOthers,
    Element::EventHubsAndServiceBus,
    Element::CosmosDb,
    Element::Kubernetes,
    Element::AppService,
];
/// Elements in which rules or pools ask for the address of a front, which nobody knows before it is given: the export
/// is compared without them.
const ASKS_FRONTS: [Element; 3] = [Element::FloatingIp, Element::ApplicationGateway, Element::FirewallDnat];
/// Estates of each element.
const OF_EACH: u64 = 3;
/// Files by their names.
type Files = Vec<(String, String)>;

#[test]
fn what_is_declared_is_reached_as_what_is_exported() {
    let (mut estates, mut open, mut written) = (0, 0, 0);
    let mut differing = BTreeMap::<(&str, String), Vec<String>>::new();
    for element in ELEMENTS {
        for seed in 0..OF_EACH {
            let mut random = Random::new(mix(seed));
            let estate = element.estate(&mut random);
            let documents = estate.documents();
            let mut resources = rest_resources(&Spelling::RestResource.write(&documents, &mut random));
            if ASKS_FRONTS.contains(&element) {
                resources.iter_mut().for_each(forget_address);
            }
            let texts: Vec<String> = resources.iter().map(ToString::to_string).collect();
            let exported: Declared = declared(texts.iter().map(|text| ("resource.json", text.as_str())));
            let expected = exported.clone().known_in(&exported);
            estates += 1;
            open += usize::from(!expected.exposures.is_empty());
            let mut ways = vec![("plain".to_owned(), template(&resources, &[], &mut random))];
            for rewrite in TemplateRewrite::ALL {
                ways.push((format!("{rewrite:?}"), template(&resources, &[rewrite], &mut random)));
            }
            ways.push(("all".to_owned(), template(&resources, &TemplateRewrite::ALL, &mut random)));
            ways.extend(in_terraform("azapi", &azapi(&resources, &mut random), &mut random));
            if element == Element::Groups {
                ways.extend(in_terraform("azurerm", &azurerm(&estate, &mut random), &mut random));
            }
            for (way, files) in ways {
                written += 1;
                let found = declared(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
                let found = found.known_in(&exported);
                if found.exposures != expected.exposures {
                    let place = (element.word(), way);
                    differing.entry(place).or_default().push(format!("{seed}: {}", expected.unlike(&found)));
                }
            }
        }
    }
    println!("{open} of {estates} estates are open, written in {written} ways");
    assert!(differing.is_empty(), "{differing:#?}");
    assert!(open * 5 > estates * 4, "too few estates are open to mean anything");
}

/// A configuration, planned, and written in every way.
fn in_terraform(word: &str, configuration: &Configuration, random: &mut Random) -> Vec<(String, Files)> {
    let planned = vec![("plan.json".to_owned(), plan(configuration).to_string())];
    let mut ways = vec![
        (format!("{word} plan"), planned),
        (format!("{word} plain"), write(configuration, &[], random)),
        (format!("{word} all"), write(configuration, &Rewrite::ALL, random)),
    ];
    ways.extend(
        Rewrite::ALL
            .into_iter()
            .map(|rewrite| (format!("{word} {rewrite:?}"), write(configuration, &[rewrite], random))),
    );
    ways
}

fn forget_address(resource: &mut Value) {
    if let Some(properties) = resource["properties"].as_object_mut() {
        properties.remove("ipAddress");
    }
}
