//! Filters of content before application gateways: whether they hold back what they find.
//!
//! Nothing is decided on them: what is in a request is no matter of addresses and ports.

use cloud::Stated;
use cloud::json::Node;
use model::Name;

use crate::intake::Intake;
use crate::resource::identity::Identity;
use crate::resource::stated::OfAzure as _;

use super::Device;

/// A policy of a web application firewall.
#[derive(Clone, Debug, PartialEq)]
pub struct WafPolicy {
    pub(crate) identity: Identity,
    pub(crate) waf: Waf,
}

/// Who filters the content of requests. Complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Waf {
    /// Nobody.
    Off,
    /// Somebody who tells of an attack and lets it through.
    Detection,
    /// Somebody who holds attacks back.
    Prevention,
    /// The policy of this key.
    Policy(Name),
    /// The document does not say.
    Unknown,
}

impl Waf {
    /// From the words of settings.
    pub(crate) fn of(is_enabled: Option<bool>, mode: Option<&str>) -> Self {
        let is = |word: &str| mode.is_some_and(|mode| mode.eq_ignore_ascii_case(word));
        match is_enabled {
            Some(false) => Self::Off,
            Some(true) if is("prevention") => Self::Prevention,
            Some(true) if is("detection") => Self::Detection,
            Some(true) | None => Self::Unknown,
        }
    }
}

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed web application firewall policy", intake);
    let waf = stated.object("policySettings", intake).this().map_or(Waf::Unknown, |settings| {
        let state = settings.text("state", intake).this();
        let is_enabled = state.and_then(|state| match state.to_ascii_lowercase().as_str() {
            "enabled" => Some(true),
            "disabled" => Some(false),
            _ => None,
        });
        Waf::of(is_enabled, settings.text("mode", intake).this())
    });
    WafPolicy { identity, waf }.into()
}
