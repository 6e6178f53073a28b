//! Who a resource is, and whose.
//!
//! Ids such as `sg-…` name one resource of one account; what has an ARN names account and region with it.

use cloud::{ReadAt, Stated};
use model::Name;

use crate::intake::Intake;

/// Whose a resource is by what stands around it: the account and region of a configuration item, the owner of a
/// reservation.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Origin {
    pub(crate) account: Option<Name>,
    pub(crate) region: Option<Name>,
    /// The ARN that a configuration item gives.
    pub(crate) arn: Option<Name>,
}

/// Who a resource is and where it was read.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    /// What it is compared by: its account, where that is known, and its id.
    pub(crate) key: Name,
    /// Its id, or its ARN where it has no other.
    pub(crate) id: Name,
    /// What people call it.
    pub(crate) name: Name,
    pub(crate) account: Option<Name>,
    pub(crate) region: Option<Name>,
    pub(crate) read_at: ReadAt,
}

/// How much a document tells of whose a resource is depends on its form, and says nothing else of the resource: a
/// register knows whose it is by the key.
impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.name == other.name
    }
}

impl Identity {
    /// The identity of a resource with this id. Its account is what it says of itself (`OwnerId`), else that of its
    /// ARN, else that of its origin; its region likewise. Its name is its tag `Name`, else `name`, else its id.
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        id: &str,
        name: Option<&str>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Self {
        let own_arn = ARN_KEYS.iter().find_map(|key| match stated.value(key) {
            Some(cloud::json::Tree::Text(arn)) if arn.starts_with("arn:") => Some(&**arn),
            Some(_) | None => None,
        });
        let arn =
            own_arn.or_else(|| id.starts_with("arn:").then_some(id)).or(origin.arn.as_deref()).map(Arn::of);
        let owner = OWNER_KEYS.iter().find_map(|key| match stated.value(key) {
            Some(cloud::json::Tree::Text(owner)) if is_account(owner.trim()) => Some(owner.trim()),
            Some(_) | None => None,
        });
        let account = owner.or(arn.as_ref().and_then(|arn| arn.account)).map(|account| intake.name(account));
        let region = arn.as_ref().and_then(|arn| arn.region).map(|region| intake.name(region));
        let account = account.or_else(|| origin.account.clone());
        let tagged = super::tag::name_tag(stated);
        Self {
            key: key_of(account.as_deref(), id, intake),
            id: intake.name(id),
            name: intake.name(tagged.or(name).unwrap_or(id)),
            account,
            region: region.or_else(|| origin.region.clone()),
            read_at: stated.read_at,
        }
    }
}

/// What a resource is compared by.
pub(crate) fn key_of(account: Option<&str>, id: &str, intake: &mut Intake<'_, '_>) -> Name {
    match account {
        // Nothing else of a document says it, so there is nothing to share it with.
        Some(account) => [account, id].join("/").into(),
        None => intake.name(id),
    }
}

/// Keys under which resources give their own ARN.
const ARN_KEYS: [&str; 3] = ["SecurityGroupArn", "SubnetArn", "Arn"];
/// Keys under which resources give the account they are in.
const OWNER_KEYS: [&str; 2] = ["OwnerId", "AwsAccountId"];

/// The parts of an ARN that say whose it is; `None` where they are empty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Arn<'a> {
    pub(crate) service: &'a str,
    pub(crate) region: Option<&'a str>,
    pub(crate) account: Option<&'a str>,
    pub(crate) resource: &'a str,
}

impl<'a> Arn<'a> {
    /// The parts of an ARN; those that are not there are empty.
    pub(crate) fn of(text: &'a str) -> Self {
        let mut parts = text.splitn(6, ':').skip(2);
        let mut part = || parts.next().unwrap_or_default();
        let (service, region, account, resource) = (part(), part(), part(), part());
        let stated = |text: &'a str| (!text.is_empty()).then_some(text);
        Self {
            service,
            region: stated(region),
            account: stated(account).filter(|text| is_account(text)),
            resource,
        }
    }
}

fn is_account(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_says_whose_it_is() {
        let arn = Arn::of("arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1");
        assert_eq!((arn.service, arn.region, arn.account), ("ec2", Some("eu-west-1"), Some("111122223333")));
        assert_eq!(arn.resource, "security-group/sg-1");
        assert_eq!(Arn::of("arn:aws:s3:::bucket").account, None);
        assert_eq!(Arn::of("nonsense").resource, "");
    }
}
