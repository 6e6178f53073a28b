//! Resources of which an estate has few: what leads to interfaces, what stands before groups, what has a firewall of
//! its own. One file for each; all are read whole.
//!
//! Adding one: its file, a line in `devices!`, a line in [`DEVICE_KINDS`].

mod public_prefix;

use std::collections::BTreeMap;
use std::sync::Arc;

use model::Name;

use crate::estate::{Arrival, put};
use crate::intake::Intake;
use crate::wire::Node;

use super::identity::Identity;

pub use public_prefix::PublicPrefix;

macro_rules! devices {
    ($($(#[$doc:meta])* $device:ident on $shelf:ident as $name:literal),* $(,)?) => {
        /// A resource that is read whole.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Device { $($(#[$doc])* $device(Box<$device>)),* }

        impl Device {
            pub(crate) fn identity(&self) -> &Identity {
                match self { $(Self::$device(device) => &device.identity),* }
            }
        }

        $(impl From<$device> for Device {
            fn from(device: $device) -> Self {
                Self::$device(Box::new(device))
            }
        })*

        /// The devices of the input, by key.
        #[derive(Debug, Default)]
        pub(crate) struct Devices { $(pub(crate) $shelf: BTreeMap<Name, $device>),* }

        impl Devices {
            /// Takes one in. The later of two statements counts.
            pub(crate) fn put(&mut self, device: Device) -> Arrival {
                match device {
                    $(Device::$device(device) => {
                        put(&mut self.$shelf, &Arc::clone(&device.identity.key), *device)
                    }),*
                }
            }

            pub(crate) fn remove(&mut self, key: &str) {
                $(self.$shelf.remove(key);)*
            }

            pub(crate) fn is_empty(&self) -> bool {
                true $(&& self.$shelf.is_empty())*
            }

            /// How many of each kind there are, by its name in results.
            pub(crate) fn counts(&self) -> Vec<(&'static str, usize)> {
                vec![$(($name, self.$shelf.len())),*]
            }
        }
    };
}

devices! {
    /// A prefix of public addresses.
    PublicPrefix on public_prefixes as "public-ip-prefix",
}

/// Reads a device; `position` is that of its type in [`DEVICE_KINDS`].
pub(crate) fn read_device<'a>(
    position: usize,
    node: &Node<'a>,
    intake: &mut Intake<'_, 'a>,
) -> Option<Device> {
    DEVICE_KINDS.get(position).map(|(_, read)| read(node, intake))
}

/// How a device is read from its document.
pub(crate) type ReadDevice = for<'n, 'a> fn(&'n Node<'a>, &mut Intake<'_, 'a>) -> Device;

/// The types of devices, in lower case, sorted, and how they are read.
pub(crate) const DEVICE_KINDS: &[(&str, ReadDevice)] =
    &[("microsoft.network/publicipprefixes", public_prefix::read)];
