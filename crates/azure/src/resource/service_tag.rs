//! Service tags: the names Microsoft gives to sets of its own addresses.
//!
//! Knows names and who can rent an address behind them; the addresses come from a catalogue.

use std::sync::Arc;

use model::{Name, Tag};

/// A service tag whose addresses only a catalogue has.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NamedTag {
    /// What it is compared by.
    pub(crate) key: Name,
    /// Its name, as documented where it is.
    pub(crate) name: Name,
    /// Whether the name, or the name before its region, is a documented one.
    pub(crate) known: bool,
    /// The tag as a pool an attacker can rent an address of (semantics A20, I11).
    pub(crate) rentable: Option<Arc<Tag>>,
}

impl NamedTag {
    /// The tag a text names; `key` is the text in lower case.
    pub(crate) fn new(key: &Name, text: &str) -> Self {
        // A dot is not always before a region: `AzureFrontDoor.Backend` is a tag of its own.
        let entry = known(key).map(|entry| (entry, None));
        let entry = entry.or_else(|| {
            let (base, region) = key.rsplit_once('.')?;
            Some((known(base)?, Some(region.to_owned())))
        });
        let Some(((base, rent), region)) = entry else {
            return Self { key: Arc::clone(key), name: text.trim().into(), known: false, rentable: None };
        };
        // A19: a region's tag is a part of the tag of all regions. One spelling, so that equal tags are equal.
        let name: Name =
            region.as_ref().map_or_else(|| base.into(), |region| format!("{base}.{region}").into());
        let within = region.iter().map(|_| base.into()).collect();
        let rentable = match rent {
            Rent::AnyCustomer | Rent::ThroughService => {
                Some(Arc::new(Tag { name: Arc::clone(&name), within }))
            }
            Rent::Nobody => None,
        };
        Self { key: Arc::clone(key), name, known: true, rentable }
    }
}

fn known(key: &str) -> Option<(&'static str, Rent)> {
    KNOWN_TAGS.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).copied()
}

/// Who else can send from an address of a tag. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rent {
    /// Every customer has addresses in it.
    AnyCustomer,
    /// Every customer can make the service send (A20: "reachable through a shared service").
    ThroughService,
    /// Only Microsoft, as far as documented.
    Nobody,
}

/// Documented tags, and those in the published catalogue of 2025-10-28. `ApiManagement` and the other tags of
/// management planes are no pools: their traffic is not driven by other customers.
pub(crate) const KNOWN_TAGS: [(&str, Rent); 108] = [
    ("ActionGroup", Rent::ThroughService),
    ("ApiManagement", Rent::Nobody),
    ("AppConfiguration", Rent::Nobody),
    ("ApplicationInsightsAvailability", Rent::ThroughService),
    ("AppService", Rent::ThroughService),
    ("AppServiceManagement", Rent::Nobody),
    ("AutonomousDevelopmentPlatform", Rent::Nobody),
    ("AzureActiveDirectory", Rent::Nobody),
    ("AzureActiveDirectory.ServiceEndpoint", Rent::Nobody),
    ("AzureActiveDirectoryDomainServices", Rent::Nobody),
    ("AzureAdvancedThreatProtection", Rent::Nobody),
    ("AzureArcInfrastructure", Rent::Nobody),
    ("AzureAttestation", Rent::Nobody),
    ("AzureBackup", Rent::Nobody),
    ("AzureBotService", Rent::ThroughService),
    ("AzureCloud", Rent::AnyCustomer),
    ("AzureCognitiveSearch", Rent::ThroughService),
    ("AzureConnectors", Rent::ThroughService),
    ("AzureContainerAppsService", Rent::ThroughService),
    ("AzureContainerRegistry", Rent::Nobody),
    ("AzureCosmosDB", Rent::Nobody),
    ("AzureDatabricks", Rent::ThroughService),
    ("AzureDataExplorerManagement", Rent::Nobody),
    ("AzureDataLake", Rent::Nobody),
    ("AzureDeviceUpdate", Rent::Nobody),
    ("AzureDevOps", Rent::ThroughService),
    ("AzureDevSpaces", Rent::Nobody),
    ("AzureDigitalTwins", Rent::ThroughService),
    ("AzureEventGrid", Rent::ThroughService),
    ("AzureFrontDoor.Backend", Rent::ThroughService),
    ("AzureFrontDoor.FirstParty", Rent::Nobody),
    ("AzureFrontDoor.Frontend", Rent::Nobody),
    ("AzureFrontDoor.MicrosoftSecurity", Rent::Nobody),
    ("AzureHealthcareAPIs", Rent::Nobody),
    ("AzureInformationProtection", Rent::Nobody),
    ("AzureIoTHub", Rent::Nobody),
    ("AzureKeyVault", Rent::Nobody),
    ("AzureLoadBalancer", Rent::Nobody),
    ("AzureLoadTestingInstanceManagement", Rent::ThroughService),
    ("AzureMachineLearning", Rent::ThroughService),
    ("AzureMachineLearningInference", Rent::Nobody),
    ("AzureManagedGrafana", Rent::ThroughService),
    ("AzureMonitor", Rent::Nobody),
    ("AzureMonitor.Core", Rent::Nobody),
    ("AzureMonitorForSAP", Rent::Nobody),
    ("AzureOpenDatasets", Rent::Nobody),
    ("AzurePlatformDNS", Rent::Nobody),
    ("AzurePlatformIMDS", Rent::Nobody),
    ("AzurePlatformLKM", Rent::Nobody),
    ("AzurePortal", Rent::Nobody),
    ("AzureResourceManager", Rent::Nobody),
    ("AzureSecurityCenter", Rent::Nobody),
    ("AzureSentinel", Rent::Nobody),
    ("AzureSignalR", Rent::ThroughService),
    ("AzureSiteRecovery", Rent::Nobody),
    ("AzureSphere", Rent::Nobody),
    ("AzureSpringCloud", Rent::ThroughService),
    ("AzureStack", Rent::Nobody),
    ("AzureTrafficManager", Rent::Nobody),
    ("AzureUpdateDelivery", Rent::Nobody),
    ("AzureWebPubSub", Rent::ThroughService),
    ("BatchNodeManagement", Rent::Nobody),
    ("ChaosStudio", Rent::ThroughService),
    ("CognitiveServicesFrontend", Rent::Nobody),
    ("CognitiveServicesManagement", Rent::Nobody),
    ("DataFactory", Rent::ThroughService),
    ("DataFactoryManagement", Rent::Nobody),
    ("Dynamics365BusinessCentral", Rent::Nobody),
    ("Dynamics365ForMarketingEmail", Rent::Nobody),
    ("EOPExternalPublishedIPs", Rent::Nobody),
    ("EventHub", Rent::Nobody),
    ("GatewayManager", Rent::Nobody),
    ("Grafana", Rent::ThroughService),
    ("GuestAndHybridManagement", Rent::ThroughService),
    ("HDInsight", Rent::ThroughService),
    ("Internet", Rent::Nobody),
    ("KustoAnalytics", Rent::Nobody),
    ("LogicApps", Rent::ThroughService),
    ("LogicAppsManagement", Rent::Nobody),
    ("M365ManagementActivityApi", Rent::Nobody),
    ("M365ManagementActivityApiWebhook", Rent::ThroughService),
    ("Marketplace", Rent::Nobody),
    ("MicrosoftAzureFluidRelay", Rent::Nobody),
    ("MicrosoftCloudAppSecurity", Rent::Nobody),
    ("MicrosoftContainerRegistry", Rent::Nobody),
    ("MicrosoftDefenderForEndpoint", Rent::Nobody),
    ("MicrosoftPurviewPolicyDistribution", Rent::Nobody),
    ("OneDsCollector", Rent::Nobody),
    ("PowerBI", Rent::ThroughService),
    ("PowerPlatformInfra", Rent::ThroughService),
    ("PowerPlatformPlex", Rent::ThroughService),
    ("PowerQueryOnline", Rent::ThroughService),
    ("SCCservice", Rent::Nobody),
    ("Scuba", Rent::Nobody),
    ("SecurityCopilot", Rent::Nobody),
    ("SerialConsole", Rent::Nobody),
    ("ServiceBus", Rent::Nobody),
    ("ServiceFabric", Rent::Nobody),
    ("Sql", Rent::ThroughService),
    ("SqlManagement", Rent::Nobody),
    ("Storage", Rent::Nobody),
    ("StorageMover", Rent::Nobody),
    ("StorageSyncService", Rent::Nobody),
    ("SystemServiceAzureSpringAppsResourceProvider", Rent::Nobody),
    ("VideoIndexer", Rent::ThroughService),
    ("VirtualNetwork", Rent::Nobody),
    ("WindowsAdminCenter", Rent::Nobody),
    ("WindowsVirtualDesktop", Rent::ThroughService),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> NamedTag {
        NamedTag::new(&text.to_ascii_lowercase().into(), text)
    }

    #[test]
    fn regions_are_parts_of_the_whole() {
        let regional = tag("AZURECLOUD.WestEurope");
        assert_eq!(&*regional.name, "AzureCloud.westeurope");
        let pool = regional.rentable.unwrap();
        assert_eq!(pool.within, [Name::from("AzureCloud")]);
        assert_eq!(tag("azurecloud").rentable.unwrap().within, []);
    }

    #[test]
    fn a_dot_is_not_always_before_a_region() {
        assert_eq!(tag("azurefrontdoor.backend").rentable.unwrap().within, []);
        assert_eq!(&*tag("azuremonitor.core").name, "AzureMonitor.Core");
    }

    #[test]
    fn management_planes_and_unheard_of_names_are_no_pools() {
        assert_eq!(tag("ApiManagement").rentable, None);
        assert_eq!(tag("Storage.WestUS").rentable, None);
        let unheard = tag("Azurecloudd");
        assert_eq!((unheard.known, unheard.rentable), (false, None));
    }

    #[test]
    fn the_table_has_every_name_once() {
        let mut names: Vec<String> = KNOWN_TAGS.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), KNOWN_TAGS.len());
    }
}
