//! Whole accounts of AWS as `aws … describe-*` prints them.
//!
//! Small and adversarial: networks with and without a gateway, lists whose numbers stand in no order, narrow routes,
//! families that differ, and now and then a piece that is missing, so that the answer has bounds.

mod access;
mod fields;
mod groups;
mod interfaces;
mod lists;
mod odd;
mod prefix_lists;
mod routes;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::random::Random;

pub(crate) use groups::as_rules;

/// What an account is built around. Complete: a run prints a line for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AwsElement {
    /// W1, W3, W7, W22: groups, several on an interface.
    Groups,
    /// W9, W10, W12, W13: network ACLs both ways.
    Lists,
    /// W14, W15, W16: route tables and gateways.
    Routes,
    /// W17: Block Public Access.
    Access,
    /// W6: managed prefix lists, in groups and in routes.
    PrefixLists,
    /// W8: types and codes.
    Icmp,
    /// All of these at once.
    Mixed,
    /// The same with pieces missing and words that nobody knows.
    Odd,
}

impl AwsElement {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Groups,
        Self::Lists,
        Self::Routes,
        Self::Access,
        Self::PrefixLists,
        Self::Icmp,
        Self::Mixed,
        Self::Odd,
    ];

    /// What it is called in the printed counts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Groups => "aws-groups",
            Self::Lists => "aws-lists",
            Self::Routes => "aws-routes",
            Self::Access => "aws-access",
            Self::PrefixLists => "aws-prefix-lists",
            Self::Icmp => "aws-icmp",
            Self::Mixed => "aws-mixed",
            Self::Odd => "aws-odd",
        }
    }

    /// One of its accounts.
    #[must_use]
    pub fn account(self, random: &mut Random) -> Account {
        let mut account = Account::bare();
        let networks = random.between(1, 2);
        for network in 0..networks {
            interfaces::network(&mut account, network, self, random);
        }
        prefix_lists::add(&mut account, self, random);
        groups::add(&mut account, self, random);
        for network in 0..networks {
            lists::add(&mut account, network, self, random);
            routes::add(&mut account, network, self, random);
        }
        interfaces::add(&mut account, networks, self, random);
        access::add(&mut account, self, random);
        if self == Self::Odd {
            odd::add(&mut account, random);
        }
        account
    }

    /// Whether accounts of the element vary what `part` is about.
    fn varies(self, part: Self) -> bool {
        self == part || matches!(self, Self::Mixed | Self::Odd)
    }
}

/// The documents of an account, by the key that each command prints.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// Lists of resources, and the one object that is none.
    pub kinds: BTreeMap<&'static str, Value>,
    /// `get-managed-prefix-list-entries`, each with the id of its list beside it.
    pub entries: Vec<Value>,
}

impl Account {
    fn bare() -> Self {
        let kinds = LISTS.into_iter().map(|kind| (kind, json!([])));
        Self { kinds: kinds.collect(), entries: Vec::new() }
    }

    /// The resources of a kind.
    ///
    /// # Panics
    /// When it is not one that is printed as a list.
    pub fn all(&mut self, kind: &str) -> &mut Vec<Value> {
        let known =
            LISTS.into_iter().find(|known| *known == kind).unwrap_or("VpcBlockPublicAccessExclusions");
        let resources = self.kinds.entry(known).or_insert_with(|| json!([]));
        resources.as_array_mut().expect("a kind of which there is a list")
    }

    /// The same, to look at.
    pub fn each(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.kinds.get(kind).and_then(Value::as_array).into_iter().flatten()
    }

    /// The same as texts.
    #[must_use]
    pub fn texts(&self) -> Vec<(String, String)> {
        self.documents().into_iter().map(|(name, document)| (name, document.to_string())).collect()
    }

    /// A file for each command.
    #[must_use]
    pub fn documents(&self) -> Vec<(String, Value)> {
        let kinds = self.kinds.iter().map(|(kind, resources)| {
            let document: Map<String, Value> =
                [((*kind).to_owned(), resources.clone())].into_iter().collect();
            (format!("{}.json", kind.to_lowercase()), Value::Object(document))
        });
        let entries = self.entries.iter().enumerate();
        let entries = entries.map(|(number, entries)| (format!("entries-{number}.json"), entries.clone()));
        kinds.chain(entries).collect()
    }
}

pub(crate) const OWNER: &str = "111122223333";
pub(crate) const REGION: &str = "eu-west-1";

/// Everything that is exported, be it empty.
const LISTS: [&str; 13] = [
    "SecurityGroups",
    "SecurityGroupRules",
    "NetworkAcls",
    "NetworkInterfaces",
    "Reservations",
    "Subnets",
    "Vpcs",
    "RouteTables",
    "InternetGateways",
    "EgressOnlyInternetGateways",
    "Addresses",
    "PrefixLists",
    "SecurityGroupVpcAssociations",
];
