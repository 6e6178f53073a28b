//! What an account of AWS is, as far as packets meet it, in plain structs.
//!
//! Knows no record of a log; `export` prints it.

/// Where a rule lets in from, or out to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Source {
    V4(String),
    V6(String),
    List(String),
    Group(String),
}

/// A rule of a group.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) egress: bool,
    pub(super) protocol: &'static str,
    pub(super) ends: Option<(i64, i64)>,
    pub(super) source: Source,
    /// Whether its id is told by an event or by the export of before.
    pub(super) is_told: bool,
}

impl Rule {
    /// Whether two rules say the same: EC2 keeps one of each.
    pub(super) fn says(&self, other: &Self) -> bool {
        (self.egress, self.protocol, self.ends, &self.source)
            == (other.egress, other.protocol, other.ends, &other.source)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
pub(super) struct List {
    pub(super) id: String,
    pub(super) is_v6: bool,
    pub(super) version: usize,
    /// The entries of each version that an event or the export of before tells.
    pub(super) versions: Vec<(usize, Vec<String>)>,
    pub(super) entries: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) number: usize,
    pub(super) egress: bool,
    pub(super) allows: bool,
    pub(super) protocol: &'static str,
    pub(super) cidr: String,
    pub(super) ports: Option<(u16, u16)>,
}

#[derive(Clone, Debug)]
pub(super) struct Acl {
    pub(super) id: String,
    pub(super) is_default: bool,
    pub(super) entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
pub(super) struct Route {
    /// A CIDR of either family, or the id of a prefix list.
    pub(super) to: String,
    /// The id of what it leads to.
    pub(super) by: String,
}

#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) id: String,
    /// The association by which it is the main one.
    pub(super) main: Option<String>,
    pub(super) routes: Vec<Route>,
}

#[derive(Clone, Debug)]
pub(super) struct Subnet {
    pub(super) id: String,
    pub(super) number: usize,
    pub(super) maps: bool,
    /// The list that stands there, and the association.
    pub(super) acl: (String, String),
    /// The table that stands there, and the association.
    pub(super) table: Option<(String, String)>,
}

#[derive(Clone, Debug)]
pub(super) struct Gateway {
    pub(super) id: String,
    pub(super) is_attached: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Attachment {
    pub(super) id: String,
    pub(super) instance: String,
    pub(super) device: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Interface {
    pub(super) id: String,
    pub(super) subnet: String,
    pub(super) groups: Vec<String>,
    pub(super) private: String,
    pub(super) v6: Vec<String>,
    pub(super) attachment: Option<Attachment>,
    /// The public address that AWS gave by itself.
    pub(super) automatic: Option<String>,
    /// Whether it gets one whenever it can.
    pub(super) wants: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Instance {
    pub(super) id: String,
    pub(super) runs: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Address {
    pub(super) id: String,
    pub(super) public: String,
    /// The association and the interface.
    pub(super) leads: Option<(String, String)>,
}

/// A load balancer of packets, whose targets are instances.
#[derive(Clone, Debug)]
pub(super) struct Balancer {
    pub(super) groups: Vec<String>,
    pub(super) subnet: String,
    /// The id and the port of each listener.
    pub(super) listeners: Vec<(String, u16)>,
    pub(super) targets: Vec<(String, u16)>,
}

#[derive(Clone, Debug)]
pub(super) struct Database {
    pub(super) name: String,
    pub(super) is_public: bool,
    pub(super) groups: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Cluster {
    pub(super) name: String,
    pub(super) is_public: bool,
    pub(super) cidrs: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Exclusion {
    pub(super) id: String,
    /// `vpc/vpc-1` or `subnet/…`.
    pub(super) place: String,
    pub(super) mode: &'static str,
}

#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) lists_rules: bool,
    pub(super) groups: Vec<Group>,
    pub(super) lists: Vec<List>,
    pub(super) acls: Vec<Acl>,
    pub(super) tables: Vec<Table>,
    pub(super) gateways: Vec<Gateway>,
    pub(super) subnets: Vec<Subnet>,
    pub(super) interfaces: Vec<Interface>,
    pub(super) instances: Vec<Instance>,
    pub(super) addresses: Vec<Address>,
    pub(super) balancer: Option<Balancer>,
    pub(super) databases: Vec<Database>,
    pub(super) clusters: Vec<Cluster>,
    pub(super) mode: &'static str,
    pub(super) exclusions: Vec<Exclusion>,
    pub(super) made: usize,
}

impl World {
    /// An id that nothing has had.
    pub(super) fn id(&mut self, stem: &str) -> String {
        self.made += 1;
        format!("{stem}-{:04x}", self.made)
    }

    /// An address that nothing has had; whose, no test asks.
    pub(super) fn public(&mut self) -> String {
        self.made += 1;
        format!("3.{}.{}.{}", self.made / 65_536, self.made / 256 % 256, self.made % 256)
    }

    pub(super) fn private(&mut self, subnet: &str) -> String {
        self.made += 1;
        let number = self.subnets.iter().find(|one| one.id == subnet).map_or(0, |one| one.number);
        format!("10.0.{}.{}", number * 16 + self.made / 200 % 16, 10 + self.made % 200)
    }

    pub(super) fn interface(&mut self, id: &str) -> Option<&mut Interface> {
        self.interfaces.iter_mut().find(|one| one.id == id)
    }

    /// The ids of the interfaces of an instance, the first one first.
    pub(super) fn interfaces_of(&self, instance: &str) -> Vec<String> {
        let own = |one: &&Interface| one.attachment.as_ref().is_some_and(|own| own.instance == instance);
        let mut all: Vec<&Interface> = self.interfaces.iter().filter(own).collect();
        all.sort_by_key(|one| one.attachment.as_ref().map(|own| own.device));
        all.into_iter().map(|one| one.id.clone()).collect()
    }

    pub(super) fn has_elastic(&self, interface: &str) -> bool {
        self.addresses.iter().any(|one| one.leads.as_ref().is_some_and(|(_, to)| to == interface))
    }

    /// Gives an interface the address that AWS owes it: its instance runs, has no other interface, and it has no address.
    pub(super) fn settle(&mut self, interface: &str) {
        let Some(own) = self.interfaces.iter().find(|one| one.id == interface) else { return };
        let Some(attachment) = &own.attachment else { return };
        let runs = self.instances.iter().any(|one| one.id == attachment.instance && one.runs);
        let is_alone = self.interfaces_of(&attachment.instance).len() == 1;
        let is_due = own.wants && own.automatic.is_none() && runs && is_alone && !self.has_elastic(interface);
        if is_due {
            let public = self.public();
            if let Some(own) = self.interface(interface) {
                own.automatic = Some(public);
            }
        }
    }
}
