//! Formats, recognised by content: never by a file's name, never by a flag.

use crate::wire::Wrapper;

/// `az … list` and `az … show`: flattened.
pub(crate) const CLI: &str = "azure/cli";
/// The REST interface, or `az rest`: nested under `properties`.
pub(crate) const REST: &str = "azure/rest";
/// Rows of Azure Resource Graph, by REST, `az graph query` or `Search-AzGraph`.
pub(crate) const RESOURCE_GRAPH: &str = "azure/resource-graph";
/// `Get-Az… | ConvertTo-Json`.
pub(crate) const POWERSHELL: &str = "azure/powershell";
/// `az network nic list-effective-nsg`.
pub(crate) const EFFECTIVE: &str = "azure/effective-nsg";
/// Recorded requests and answers of the REST interface.
pub(crate) const RECORDED: &str = "azure/recorded";
/// An example of the specification of the REST interface.
pub(crate) const EXAMPLE: &str = "azure/rest-example";
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
    /// Rows: `data`.
    pub(crate) rows: bool,
    /// What only Resource Graph says beside rows.
    pub(crate) query: bool,
    /// What only PowerShell writes.
    pub(crate) powershell: bool,
    /// An entry of a list that is no resource of Azure.
    pub(crate) foreign: bool,
    /// Effective rules.
    pub(crate) effective: bool,
    /// An entry of a catalogue of service tags.
    pub(crate) tag: bool,
    /// An error of Azure.
    pub(crate) refusal: bool,
    /// Something of Azure that is no input.
    pub(crate) sign: bool,
    /// What the documents stand in.
    pub(crate) wrapper: Option<Wrapper>,
}

impl Traits {
    /// The format, if it is one of Azure. A list with nothing in it is one: it is what `az` prints when there is
    /// nothing. Rows alone are not: others have `data` too.
    pub(crate) const fn format(self) -> Option<&'static str> {
        let empty_list = (self.list || (self.rows && self.query)) && !self.foreign;
        if self.effective {
            return Some(EFFECTIVE);
        } else if self.tag {
            return Some(SERVICE_TAGS);
        } else if !self.resource && !empty_list && !self.refusal && !self.sign {
            return None;
        }
        match self.wrapper {
            Some(Wrapper::Recorded) => Some(RECORDED),
            Some(Wrapper::Example) => Some(EXAMPLE),
            Some(Wrapper::Batch) => Some(REST),
            None if self.rows => Some(RESOURCE_GRAPH),
            None if self.powershell => Some(POWERSHELL),
            None if self.nested || self.page || self.refusal => Some(REST),
            None => Some(CLI),
        }
    }
}
