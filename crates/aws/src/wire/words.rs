//! The keys that make up documents of AWS, whatever they are documents of.

use cloud::json::{Node, Tree};

use crate::resource::{KINDS, Kind};

use super::elsewhere::{self, Elsewhere};

/// What stands under a key of an answer. Complete.
#[derive(Clone, Copy)]
pub(super) enum Word {
    /// Things, each for itself.
    List(List),
    /// An answer inside a recording, a notification or an event: an object, or its text.
    Inside(Inside),
    /// Something small that the whole answer is about.
    Small,
    /// Nothing that is known here.
    Other,
}

/// What a list is of. Complete.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// Resources, or things that are not assessed, by the key.
    Resources,
    /// Objects with a list of resources under this key, and their owner.
    Holders(&'static str),
    /// Configuration items.
    Items,
    /// Rows of an advanced query.
    Rows,
    /// Entries of ip-ranges.json.
    Ranges,
    /// Resources that were asked for and not found.
    Unprocessed,
}

/// Who holds an answer. Complete.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    /// A recording.
    Recording,
    /// A notification or an event.
    Notice,
    /// A configuration item.
    Item,
    /// The summary of a configuration item that was too large to send.
    Summary,
}

/// What stands under a key.
pub(super) fn word_of(key: &str) -> Word {
    if let Some((_, word)) = WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)) {
        return *word;
    }
    let is_list = kinds_of(key).next().is_some() || lists_elsewhere(key).next().is_some();
    if is_list { Word::List(List::Resources) } else { Word::Other }
}

const WORDS: [(&str, Word); 28] = [
    ("Reservations", Word::List(List::Holders("Instances"))),
    ("LoadBalancerListeners", Word::List(List::Holders("Listeners"))),
    ("configurationItems", Word::List(List::Items)),
    ("baseConfigurationItems", Word::List(List::Items)),
    ("Results", Word::List(List::Rows)),
    ("prefixes", Word::List(List::Ranges)),
    ("ipv6_prefixes", Word::List(List::Ranges)),
    ("unprocessedResourceKeys", Word::List(List::Unprocessed)),
    ("unprocessedResourceIdentifiers", Word::List(List::Unprocessed)),
    ("data", Word::Inside(Inside::Recording)),
    ("configurationItem", Word::Inside(Inside::Item)),
    ("configurationItemSummary", Word::Inside(Inside::Summary)),
    ("invokingEvent", Word::Inside(Inside::Notice)),
    ("Message", Word::Inside(Inside::Notice)),
    ("detail", Word::Inside(Inside::Notice)),
    ("Error", Word::Small),
    ("__type", Word::Small),
    ("status_code", Word::Small),
    ("syncToken", Word::Small),
    ("createDate", Word::Small),
    ("QueryInfo", Word::Small),
    ("ResourceType", Word::Small),
    ("ResponseMetadata", Word::Small),
    ("NextToken", Word::Small),
    ("NextMarker", Word::Small),
    ("Marker", Word::Small),
    ("PaginationToken", Word::Small),
    ("NextPageToken", Word::Small),
];

/// Keys under which a page names the one that follows.
pub(super) const TOKENS: [&str; 5] =
    ["NextToken", "NextMarker", "Marker", "PaginationToken", "NextPageToken"];

/// The kinds that a key lists.
pub(super) fn kinds_of(key: &str) -> impl Iterator<Item = &'static Kind> + use<'_> {
    KINDS.iter().filter(move |kind| kind.lists.iter().any(|list| list.eq_ignore_ascii_case(key)))
}

/// The kinds of which an empty list under this key says that there are none: `Clusters` of Redshift is not `clusters`
/// of ECS.
pub(super) fn kinds_listed(key: &str) -> impl Iterator<Item = &'static str> + use<'_> {
    let exact = KINDS.iter().any(|kind| kind.lists.contains(&key));
    let shared = lists_elsewhere(key).next().is_some();
    kinds_of(key).filter(move |kind| !shared && (!exact || kind.lists.contains(&key))).map(|kind| kind.name)
}

/// What else a key lists, in the letters of the API: `loadBalancers` of Lightsail are no `LoadBalancers`.
pub(super) fn lists_elsewhere(key: &str) -> impl Iterator<Item = &'static Elsewhere> + use<'_> {
    elsewhere::LISTS.iter().filter(move |other| other.list == key)
}

/// Lists of answers that resources have in them too, and a key that only an answer gives their entries: an instance names
/// its groups and does not say what they let in.
const OF_RESOURCES: [(&str, &str); 4] = [
    ("SecurityGroups", "IpPermissions"),
    ("NetworkInterfaces", "InterfaceType"),
    ("Subnets", "CidrBlock"),
    ("Instances", "ImageId"),
];

/// Whether a list may be a resource's own.
pub(super) fn may_be_of_resource(key: &str) -> bool {
    OF_RESOURCES.iter().any(|(list, _)| list.eq_ignore_ascii_case(key))
}

/// Whether a list of resources under this key is never a resource's own.
pub(super) fn is_only_of_answers(key: &str) -> bool {
    kinds_of(key).next().is_some() && !may_be_of_resource(key)
}

/// Whether an object has a list that is an answer's, whatever else it says: `{"VpcId": …, "SecurityGroups": […]}`.
pub(super) fn is_answer(node: &Node<'_>) -> bool {
    node.entries().iter().any(|(key, value)| {
        match (OF_RESOURCES.iter().find(|(list, _)| list.eq_ignore_ascii_case(key)), value) {
            (Some((_, sign)), Tree::List(entries)) => {
                let has_sign =
                    |entry: &Tree<'_>| matches!(entry, Tree::Object(entry) if entry.own(sign).is_some());
                // Interfaces of an instance are told as those of an answer are.
                entries.first().is_some_and(has_sign) && node.own("InstanceId").is_none()
            }
            (None, Tree::List(_)) => is_only_of_answers(key),
            _ => false,
        }
    })
}

/// A list about one subject, and the key that has to stand beside it for it to be told.
pub(super) struct About {
    pub(super) list: &'static str,
    pub(super) subjects: &'static [&'static str],
    /// A key that its first entry has, where the name of the list alone says little.
    pub(super) sign: Option<&'static str>,
}

/// The answers that do not say what they are about.
pub(super) const ABOUT: [About; 4] = [
    About { list: "TargetHealthDescriptions", subjects: &["TargetGroupArn"], sign: None },
    About {
        list: "Attributes",
        subjects: &["TargetGroupArn", "LoadBalancerArn", "ListenerArn"],
        sign: Some("Key"),
    },
    About { list: "Entries", subjects: &["PrefixListId"], sign: Some("Cidr") },
    About { list: "portStates", subjects: &["instanceName"], sign: None },
];
