//! Formats, recognised by content: never by a file's name, never by a flag.

/// `az … list` and `az … show`: flattened.
pub(crate) const CLI: &str = "azure/cli";
/// The REST interface, or `az rest`: nested under `properties`.
pub(crate) const REST: &str = "azure/rest";
/// `az network nic list-effective-nsg`.
pub(crate) const EFFECTIVE: &str = "azure/effective-nsg";
/// `ServiceTags_*.json`, `az network list-service-tags`.
pub(crate) const SERVICE_TAGS: &str = "azure/service-tags";

/// What was seen of a document so far that says which format it is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Traits {
    /// A resource of Azure.
    pub(crate) resource: bool,
    /// A resource with a `properties` level.
    pub(crate) nested: bool,
    /// A page: `value`.
    pub(crate) page: bool,
    /// A list, whatever is in it.
    pub(crate) list: bool,
    /// An entry of a list that is no resource of Azure.
    pub(crate) foreign: bool,
    /// Effective rules.
    pub(crate) effective: bool,
    /// An entry of a catalogue of service tags.
    pub(crate) tag: bool,
}

impl Traits {
    /// The format, if it is one of Azure. A list with nothing in it is one: it is what `az` prints when there is
    /// nothing.
    pub(crate) const fn format(self) -> Option<&'static str> {
        let empty_list = self.list && !self.foreign;
        if self.effective {
            Some(EFFECTIVE)
        } else if self.tag {
            Some(SERVICE_TAGS)
        } else if !self.resource && !empty_list {
            None
        } else if self.nested || self.page {
            Some(REST)
        } else {
            Some(CLI)
        }
    }
}
