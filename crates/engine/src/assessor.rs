//! From targets to exposures: sweeps are shared between targets, families put together, witnesses decided again.
//!
//! Knows no severity; says what is reached, not whether it matters.

use core::fmt;
use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Internet, Path, Reach, RuleList, Snapshot, Target};
use packet::{AddressSet, Family, Packet, Protocol, ProtocolSet};
use rustc_hash::FxHashMap;

use crate::blocks::{Block, blocks};
use crate::exposure::{Certainty, Exposure};
use crate::faces::Reading;
use crate::measure::Measurer;
use crate::rank::RankSpace;
use crate::shapes::{FilterKey, Shapes};
use crate::sweep::{CELLS_MAX, Question, Sweep};

mod telling;

use telling::{Shown, Telling, View};

/// The engine contradicts itself: a witness it found is not let in by the plain first-match loop. A fault of ours,
/// never of the input.
#[derive(Clone, Debug)]
pub struct Contradiction {
    /// The packet.
    pub packet: Packet,
    /// The id of the target.
    pub target: model::Name,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Packet { protocol, source, source_port, destination, destination_port } = self.packet;
        write!(
            f,
            "`{}`: the sweep lets in {protocol} {source}:{source_port} -> {destination}:{destination_port}, reading the rules one by one does not",
            self.target
        )
    }
}

impl core::error::Error for Contradiction {}

/// Decides targets one by one, sharing work between those with equal lists and destinations.
pub struct Assessor {
    protocols: ProtocolSet,
    /// Those of each family, one by one.
    each_protocol: [Vec<Protocol>; 2],
    ranks: [RankSpace; 2],
    measurer: Measurer,
    sweep: Sweep,
    shapes: Shapes,
    shown: FxHashMap<(FilterKey, Family), Arc<Shown>>,
    // By the addresses of what each family is shown, which `shown` keeps alive: both are forgotten together.
    blocks: FxHashMap<[usize; 2], Arc<Vec<Block>>>,
    remembered_bytes_max: usize,
    are_bounds: bool,
}

/// Past this many bytes, by a rough count, what is remembered is forgotten before the next target: a timeline of
/// changes shows a new list with every change, for ever.
const REMEMBERED_BYTES_MAX: usize = 32 << 20;

/// What one filter in front of one set of destinations takes to be found again.
const SHOWN_BYTES: usize = 1024;

impl Assessor {
    /// An assessor for targets of a snapshot, or of later ones with the same Internet.
    #[must_use]
    pub fn new(snapshot: &Snapshot) -> Self {
        Self::of(&snapshot.internet, &snapshot.rentable, snapshot.protocols)
    }

    /// An assessor for an Internet, pools to rent from, and a universe of protocols.
    #[must_use]
    pub fn of(internet: &Arc<Internet>, rentable: &[Arc<AddressSet>], protocols: ProtocolSet) -> Self {
        Self::within(CELLS_MAX, internet, rentable, protocols)
    }

    /// As [`Assessor::of`], where the sources of filters with more than so many cells are not kept.
    fn within(
        cells_max: usize,
        internet: &Arc<Internet>,
        rentable: &[Arc<AddressSet>],
        protocols: ProtocolSet,
    ) -> Self {
        Self {
            protocols,
            each_protocol: Family::BOTH
                .map(|family| protocols.iter().filter(|protocol| protocol.is_of(family)).collect()),
            ranks: Family::BOTH.map(|family| RankSpace::new(internet.addresses(), family)),
            measurer: Measurer::new(Arc::clone(internet), rentable),
            sweep: Sweep::new(cells_max),
            shapes: Shapes::default(),
            shown: FxHashMap::default(),
            blocks: FxHashMap::default(),
            remembered_bytes_max: REMEMBERED_BYTES_MAX,
            are_bounds: false,
        }
    }

    /// Whether the target that was assessed last has bounds for an answer, because its rules tell too many
    /// destinations apart: the caller says so.
    #[must_use]
    pub const fn took_bounds(&self) -> bool {
        self.are_bounds
    }

    /// Streams what the Internet reaches at one target, with the exact set of sources of each exposure.
    ///
    /// Of a filter with too many cells to keep, each set of sources is made when it is told, and the families are
    /// told apart.
    ///
    /// # Errors
    /// A [`Contradiction`] when a witness does not hold.
    pub fn assess(
        &mut self,
        target: &Arc<Target>,
        sink: &mut dyn FnMut(Exposure, &AddressSet),
    ) -> Result<(), Contradiction> {
        if self.bytes() > self.remembered_bytes_max {
            self.forget();
        }
        self.are_bounds = false;
        let mut by_reach: BTreeMap<Reach, [Vec<View<'_>>; 2]> = BTreeMap::new();
        for path in &target.paths {
            for (family, views) in Family::BOTH.into_iter().zip(by_reach.entry(path.reach).or_default()) {
                if !destinations(path).is_empty_in(family) {
                    let view = self.view(path, family);
                    self.are_bounds |= view.shown.are_bounds;
                    views.push(view);
                }
            }
        }
        for (reach, [v4, v6]) in by_reach {
            for views in bundles(v4, v6) {
                self.tell(target, reach, &views, sink)?;
            }
        }
        Ok(())
    }

    /// How much memory is held, roughly.
    fn bytes(&self) -> usize {
        self.shown.len() * SHOWN_BYTES + self.shapes.bytes() + self.measurer.bytes()
    }

    fn forget(&mut self) {
        self.shapes = Shapes::default();
        self.shown = FxHashMap::default();
        self.blocks = FxHashMap::default();
        self.measurer.forget();
    }

    fn view<'a>(&mut self, path: &'a Path, family: Family) -> View<'a> {
        let lists = path.filter.lists();
        let destinations = destinations(path).only(family);
        let key = (self.shapes.key(&path.filter, &lists, &destinations), family);
        if let Some(known) = self.shown.get(&key) {
            return View { path, lists, shown: Arc::clone(known) };
        }
        let question =
            asked(&self.ranks, (self.protocols, &self.each_protocol), path, &lists, &destinations, family);
        let answer = self.sweep.run(&question, &mut self.measurer);
        let Question { filter, family, ranks, .. } = question;
        let faces = Reading { filter, family, ranks, answer: &answer }.faces();
        let (is_kept, are_bounds) = (answer.is_kept, answer.classes.are_bounds);
        let shown = Arc::new(Shown { faces, is_kept, are_bounds });
        self.shown.insert(key, Arc::clone(&shown));
        View { path, lists, shown }
    }

    /// Tells the exposures of ways that show the same.
    fn tell(
        &mut self,
        target: &Arc<Target>,
        reach: Reach,
        views: &[Vec<View<'_>>; 2],
        sink: &mut dyn FnMut(Exposure, &AddressSet),
    ) -> Result<(), Contradiction> {
        let found = self.blocks(views);
        let told = Telling::new(target, reach, views);
        for block in found.iter() {
            match &block.addresses {
                Some(addresses) => sink(told.exposure(block)?, addresses),
                None => return self.tell_again(&told, &found, sink),
            }
        }
        Ok(())
    }

    fn blocks(&mut self, views: &[Vec<View<'_>>; 2]) -> Arc<Vec<Block>> {
        let [v4, v6] = views.each_ref().map(|views| views.first().map(|view| &view.shown));
        let key = [v4, v6].map(|shown| shown.map_or(0, |shown| Arc::as_ptr(shown).addr()));
        if let Some(known) = self.blocks.get(&key) {
            return Arc::clone(known);
        }
        let [v4, v6] = [v4, v6].map(|shown| shown.map_or(&[][..], |shown| shown.faces.as_slice()));
        let found = Arc::new(blocks(v4, v6, self.protocols, &mut self.measurer));
        self.blocks.insert(key, Arc::clone(&found));
        found
    }

    /// Tells blocks whose sources were not kept: each set is made again, told and dropped.
    fn tell_again(
        &mut self,
        told: &Telling<'_>,
        found: &[Block],
        sink: &mut dyn FnMut(Exposure, &AddressSet),
    ) -> Result<(), Contradiction> {
        let [v4, v6] = told.views;
        let (view, family) = match (v4.first(), v6.first()) {
            (Some(view), _) => (view, Family::V4),
            (None, Some(view)) => (view, Family::V6),
            (None, None) => return Ok(()),
        };
        let destinations = destinations(view.path).only(family);
        let protocols = (self.protocols, &self.each_protocol);
        let question = asked(&self.ranks, protocols, view.path, &view.lists, &destinations, family);
        let again = self.sweep.prepare(&question);
        for block in found {
            let certain = block.certainty == Certainty::Proved;
            let addresses = self.sweep.addresses(&question, &again, block.column, certain);
            sink(told.exposure(block)?, &addresses);
        }
        self.sweep.release();
        Ok(())
    }
}

fn destinations(path: &Path) -> &Arc<AddressSet> {
    path.destinations.addresses()
}

fn asked<'a>(
    ranks: &'a [RankSpace; 2],
    (protocols, [protocols_v4, protocols_v6]): (ProtocolSet, &'a [Vec<Protocol>; 2]),
    path: &'a Path,
    lists: &'a [&'a Arc<RuleList>],
    destinations: &'a AddressSet,
    family: Family,
) -> Question<'a> {
    let [v4, v6] = ranks;
    let (ranks, each_protocol) = match family {
        Family::V4 => (v4, protocols_v4),
        Family::V6 => (v6, protocols_v6),
    };
    Question { filter: &path.filter, lists, family, destinations, protocols, each_protocol, ranks }
}

/// Streams what the Internet reaches at every target of a snapshot, in the order of its targets.
///
/// # Errors
/// A [`Contradiction`] when a witness does not hold; nothing of that target has been told then.
pub fn exposures(
    snapshot: &Snapshot,
    sink: &mut dyn FnMut(Exposure, &AddressSet),
) -> Result<(), Contradiction> {
    let mut assessor = Assessor::new(snapshot);
    snapshot.targets.iter().try_for_each(|target| assessor.assess(target, sink))
}

/// Ways that show the same are one bundle; one way of each family that stands alone goes together.
fn bundles<'a>(v4: Vec<View<'a>>, v6: Vec<View<'a>>) -> Vec<[Vec<View<'a>>; 2]> {
    let (mut v4, mut v6) = (alike(v4), alike(v6));
    let is_kept = v4.iter().chain(&v6).flatten().all(|view| view.shown.is_kept);
    if (v4.len() <= 1 && v6.len() <= 1 && is_kept) || v4.is_empty() && v6.len() <= 1 {
        return vec![[v4.pop().unwrap_or_default(), v6.pop().unwrap_or_default()]];
    }
    let v4 = v4.into_iter().map(|views| [views, Vec::new()]);
    v4.chain(v6.into_iter().map(|views| [Vec::new(), views])).collect()
}

fn alike(views: Vec<View<'_>>) -> Vec<Vec<View<'_>>> {
    let mut groups: Vec<Vec<View<'_>>> = Vec::new();
    for view in views {
        let same = |group: &&mut Vec<View<'_>>| {
            group.first().is_some_and(|known| Arc::ptr_eq(&known.shown, &view.shown))
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(view),
            None => groups.push(vec![view]),
        }
    }
    groups
}

#[cfg(test)]
mod tests;
