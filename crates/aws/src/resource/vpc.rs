//! VPCs: their address blocks, which every route table of theirs leads to by itself (W16).
//!
//! Knows no route and no subnet.

use std::sync::Arc;

use cloud::{Quoted, Said, Stated, grammar};
use model::Effect;
use packet::{AddressSet, Family, Prefix};

use crate::intake::Intake;

use super::{Identity, Origin};

/// A VPC.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Vpc {
    pub(crate) identity: Identity,
    /// Its blocks of both families, public numbers included. Empty where the document leaves them out.
    pub(crate) blocks: Vec<Prefix>,
    /// Whether these are all.
    pub(crate) known: KnownBlocks,
    /// The blocks of IPv6 that the Internet has no route to, whatever their number (`Ipv6AddressAttribute` private).
    pub(crate) private_v6: Arc<AddressSet>,
}

impl Vpc {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("VpcId", intake).this()?;
        let identity = Identity::read(stated, id, None, origin, intake);
        let (blocks, known) = blocks(stated, ("CidrBlockAssociationSet", "CidrBlockState"), intake);
        Some(Self { identity, blocks, known, private_v6: private_blocks(stated, intake) })
    }
}

/// The blocks of a VPC or a subnet: `CidrBlock`, its further ones of IPv4, those of IPv6; and whether all that it says
/// could be read. One that is told at creation is not told as missing.
pub(super) fn blocks<'a>(
    stated: &Stated<'_, 'a>,
    further: (&str, &str),
    intake: &mut Intake<'_, 'a>,
) -> (Vec<Prefix>, KnownBlocks) {
    let mut own = Blocks { known: Vec::new(), are_all: KnownBlocks { v4: true, v6: true } };
    own.add(stated, "CidrBlock", intake);
    let v6 = (V6_LIST, V6_STATE);
    for ((list, state), key) in [(further, "CidrBlock"), (v6, "Ipv6CidrBlock")] {
        let said = stated.objects(list, intake);
        if matches!(said, Said::Unreadable) {
            own.lose(key);
        }
        for association in stated.or_narrowed(list, said, intake) {
            if !is_gone(&association, state, intake) {
                own.add(&association, key, intake);
            }
        }
    }
    own.known.sort_unstable();
    own.known.dedup();
    (own.known, own.are_all)
}

/// Whether all blocks of a family are known that a document tells of: those given at creation are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KnownBlocks {
    v4: bool,
    v6: bool,
}

impl KnownBlocks {
    pub(crate) const fn has_all(self, family: Family) -> bool {
        match family {
            Family::V4 => self.v4,
            Family::V6 => self.v6,
        }
    }
}

struct Blocks {
    known: Vec<Prefix>,
    are_all: KnownBlocks,
}

impl Blocks {
    fn add<'a>(&mut self, stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) {
        if stated.is_computed(key) {
            self.lose(key);
            return;
        }
        match block(stated, key, intake) {
            Some(prefix) => self.known.push(prefix),
            None if stated.value(key).is_none() || stated.is_null(key) => {}
            None => self.lose(key),
        }
    }

    /// Of the family of a key not all are known.
    fn lose(&mut self, key: &str) {
        match key {
            "Ipv6CidrBlock" => self.are_all.v6 = false,
            _ => self.are_all.v4 = false,
        }
    }
}

fn private_blocks<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Arc<AddressSet> {
    let associations = match stated.objects(V6_LIST, intake) {
        Said::This(associations) => associations,
        Said::Nothing | Said::Unreadable => Vec::new(),
    };
    let mut private = Vec::new();
    for association in associations {
        let attribute = association.text("Ipv6AddressAttribute", intake).this();
        if attribute.is_some_and(|word| word.eq_ignore_ascii_case("private"))
            && !association.is_computed("Ipv6CidrBlock")
        {
            private.extend(block(&association, "Ipv6CidrBlock", intake));
        }
    }
    let private: AddressSet = private.into_iter().collect();
    intake.pool.set(private)
}

/// A prefix; one that cannot be read has been told.
pub(super) fn block<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Option<Prefix> {
    let text = stated.text(key, intake).this()?;
    let read = grammar::prefix(text).ok();
    if read.is_none() {
        let sentence = format!("`{key}` is {}, expected a prefix like `10.0.0.0/24`", Quoted(text));
        stated.tell("unreadable-prefix", Effect::Undecided, &sentence, intake);
    }
    read
}

/// Whether an association says that it no longer is, or never came about.
fn is_gone<'a>(association: &Stated<'_, 'a>, state: &str, intake: &mut Intake<'_, 'a>) -> bool {
    let Said::This(state) = association.object(state, intake) else { return false };
    let word = state.text("State", intake).this();
    word.is_some_and(|word| GONE.iter().any(|gone| word.eq_ignore_ascii_case(gone)))
}

const V6_LIST: &str = "Ipv6CidrBlockAssociationSet";
const V6_STATE: &str = "Ipv6CidrBlockState";
/// The states in which an association holds nothing.
pub(super) const GONE: [&str; 3] = ["disassociated", "failed", "failing"];
