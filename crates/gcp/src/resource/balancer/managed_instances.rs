//! The instances of a managed instance group. The answer of the API does not name the group: it stands beside it.

use cloud::Stated;

use crate::intake::Intake;

use super::super::{Identity, Link, Origin};
use super::members::{instances, subject};

/// The instances of a managed instance group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ManagedInstances {
    /// Its key is the path of what manages the group with [`ManagedInstances::SUFFIX`].
    pub(crate) identity: Identity,
    /// `None`: they could not be read, which has been told.
    pub(crate) instances: Option<Vec<Link>>,
}

impl ManagedInstances {
    /// What stands behind the path of what manages a group in the key of its instances.
    pub(crate) const SUFFIX: &'static str = "listManagedInstances";

    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let add = "add its path under `instanceGroupManager` beside the answer of `gcloud compute instance-groups managed \
                   list-instances`";
        let words = ("instanceGroupManager", "instanceGroupManagers", Self::SUFFIX);
        let identity = subject(stated, words, add, origin, intake)?;
        Some(Self { identity, instances: instances(stated, "managedInstances", intake) })
    }
}
