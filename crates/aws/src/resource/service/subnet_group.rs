//! Groups of subnets in which databases may be placed: those of RDS and of Redshift, listed apart from the databases.

use cloud::Stated;
use model::Name;

use crate::intake::Intake;
use crate::resource::{Identity, Origin};

use super::database::{self, Site};

/// A group of subnets of RDS.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RdsSubnetGroup {
    pub(crate) identity: Identity,
    pub(crate) vpc: Option<Name>,
    /// `None`: not known which.
    pub(crate) subnets: Option<Vec<Site>>,
}

/// A group of subnets of Redshift.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RedshiftSubnetGroup {
    pub(crate) identity: Identity,
    pub(crate) vpc: Option<Name>,
    /// `None`: not known which.
    pub(crate) subnets: Option<Vec<Site>>,
}

impl RdsSubnetGroup {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let name = stated.text("DBSubnetGroupName", intake).this()?;
        let arn = stated.text("DBSubnetGroupArn", intake).this();
        let identity = Identity::read(stated, arn.unwrap_or(name), Some(name), origin, intake);
        let (vpc, subnets) = database::subnet_group(stated, intake);
        Some(Self { identity, vpc, subnets })
    }
}

impl RedshiftSubnetGroup {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let name = stated.text("ClusterSubnetGroupName", intake).this()?;
        let identity = Identity::read(stated, name, None, origin, intake);
        let (vpc, subnets) = database::subnet_group(stated, intake);
        Some(Self { identity, vpc, subnets })
    }
}
