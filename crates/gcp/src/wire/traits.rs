//! What a document was seen to be, and what it is called by that.

/// What a document was seen to be.
#[derive(Debug, Default)]
pub(super) struct Traits {
    pub(super) recorded: bool,
    pub(super) fed: bool,
    pub(super) assets: bool,
    pub(super) aggregated: bool,
    pub(super) listed: bool,
    pub(super) effective: bool,
    pub(super) ranges: bool,
}

impl Traits {
    /// The name of the format; `None` where nothing of Google Cloud was seen.
    pub(super) const fn format(&self) -> Option<&'static str> {
        let is_read = self.fed || self.assets || self.aggregated || self.listed || self.effective;
        // A recording of anything is a recording.
        if self.recorded && is_read {
            Some("gcp/recorded")
        } else if self.fed {
            Some("gcp/asset-feed")
        } else if self.assets {
            Some("gcp/asset-inventory")
        } else if self.aggregated {
            Some("gcp/aggregated")
        } else if self.listed {
            Some("gcp/list")
        } else if self.effective {
            Some("gcp/effective-firewalls")
        } else if self.ranges {
            Some("gcp/cloud-ranges")
        } else {
            None
        }
    }
}
