//! From targets to exposures: sweeps are shared between targets, families put together, witnesses decided again.
//!
//! Knows no severity; says what is reached, not whether it matters.

use core::fmt;
use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Internet, Path, Reach, RuleList, Snapshot, Target};
use packet::{AddressSet, Family, Packet, ProtocolSet};
use rustc_hash::FxHashMap;

use crate::blocks::{Block, blocks};
use crate::carried::{Carried, Scope};
use crate::exposure::{Certainty, Exposure};
use crate::faces::Reading;
use crate::measure::Measurer;
use crate::protocols::{Protocols, alike, told_apart};
use crate::rank::RankSpace;
use crate::shapes::{FilterKey, Shapes};
use crate::sweep::{CELLS_MAX, Question, Sweep};

mod bundles;
mod rulings;
mod telling;

use bundles::{Bundle, Twins, bundles};
use rulings::Rulings;
use telling::{Part, Shown, Telling, View, find_callers};

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
    every_protocol: ProtocolSet,
    /// Those of the target at hand.
    protocols: Arc<Protocols>,
    /// By the sets that tell them apart.
    known_protocols: FxHashMap<Vec<ProtocolSet>, Arc<Protocols>>,
    ranks: [RankSpace; 2],
    measurer: Measurer,
    sweep: Sweep,
    shapes: Shapes,
    shown: FxHashMap<(FilterKey, Family, Option<Carried>, ProtocolSet), Arc<Shown>>,
    // By the addresses of what each family is shown, which `shown` keeps alive: both are forgotten together.
    blocks: FxHashMap<[usize; 2], Arc<Vec<Block>>>,
    // Of these blocks, and forgotten with them.
    rulings: Rulings,
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
            every_protocol: protocols,
            protocols: Arc::new(Protocols::of(protocols, ProtocolSet::EMPTY)),
            known_protocols: FxHashMap::default(),
            ranks: Family::BOTH.map(|family| RankSpace::new(internet.addresses(), family)),
            measurer: Measurer::new(Arc::clone(internet), rentable),
            sweep: Sweep::new(cells_max),
            shapes: Shapes::default(),
            shown: FxHashMap::default(),
            blocks: FxHashMap::default(),
            rulings: Rulings::default(),
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
        self.choose_protocols(target);
        let mut by_reach: BTreeMap<Reach, [Vec<View<'_>>; 2]> = BTreeMap::new();
        for (way, path) in target.paths.iter().enumerate() {
            for (family, views) in Family::BOTH.into_iter().zip(by_reach.entry(path.reach).or_default()) {
                if !destinations(path).is_empty_in(family) {
                    let view = self.view(way, path, family);
                    self.are_bounds |= view.shown.are_bounds;
                    views.push(view);
                }
            }
        }
        for (reach, [v4, v6]) in by_reach {
            self.tell(target, reach, &bundles(v4, v6), sink)?;
        }
        Ok(())
    }

    /// How much memory is held, roughly.
    fn bytes(&self) -> usize {
        self.shown.len() * SHOWN_BYTES + self.shapes.bytes() + self.measurer.bytes() + self.rulings.bytes()
    }

    /// Nearly always the same for all targets.
    fn choose_protocols(&mut self, target: &Target) {
        let every = self.every_protocol;
        let sets = told_apart(every, target, &mut self.shapes);
        self.protocols = match self.known_protocols.get(&sets) {
            Some(known) => Arc::clone(known),
            None => {
                let made = Arc::new(Protocols::of(every, alike(every, &sets)));
                self.known_protocols.insert(sets, Arc::clone(&made));
                made
            }
        };
    }

    fn forget(&mut self) {
        self.shapes = Shapes::default();
        self.shown = FxHashMap::default();
        self.blocks = FxHashMap::default();
        self.rulings = Rulings::default();
        self.known_protocols = FxHashMap::default();
        self.measurer.forget();
    }

    fn view<'a>(&mut self, way: usize, path: &'a Path, family: Family) -> View<'a> {
        let lists = path.filter.lists();
        let destinations = destinations(path).only(family);
        let protocols = Arc::clone(&self.protocols);
        let carried = Carried::by(&path.carries, protocols.asked);
        let filter = self.shapes.key(&path.filter, &lists, &destinations, family);
        let tells_destinations = filter.tells_destinations();
        let key = (filter, family, carried.clone(), protocols.asked);
        if let Some(known) = self.shown.get(&key) {
            return View { path, way, carried, lists, tells_destinations, shown: Arc::clone(known) };
        }
        let scope = scope(&protocols, carried.as_ref(), family);
        let question = asked(&self.ranks, &scope, path, &lists, &destinations, family);
        let answer = self.sweep.run(&question, &mut self.measurer);
        let Question { filter, family, ranks, .. } = question;
        let faces = Reading { filter, family, ranks, answer: &answer }.faces();
        let (is_kept, are_bounds) = (answer.is_kept, answer.classes.are_bounds);
        let tells_callers = answer.classes.source_ports.len() > 1;
        let shown = Arc::new(Shown { faces, is_kept, are_bounds, tells_callers });
        self.shown.insert(key, Arc::clone(&shown));
        View { path, way, carried, lists, tells_destinations, shown }
    }

    /// Tells the exposures of all ways of one reach.
    fn tell(
        &mut self,
        target: &Arc<Target>,
        reach: Reach,
        bundles: &[Bundle<'_>],
        sink: &mut dyn FnMut(Exposure, &AddressSet),
    ) -> Result<(), Contradiction> {
        let found: Vec<Arc<Vec<Block>>> = bundles.iter().map(|views| self.blocks(views)).collect();
        let rulings = core::mem::take(&mut self.rulings);
        let told = Telling::new(target, reach, Arc::clone(&self.protocols), &rulings);
        let twins = Twins::of(bundles, &found);
        for (views, blocks) in bundles.iter().zip(&found) {
            let exposures = blocks.iter().filter_map(|block| {
                let others = twins.others(block)?;
                let exposure = told.exposure(Part { views, block }, others, twins.are_proved(block));
                Some(exposure.map(|exposure| (block, exposure)))
            });
            if views.iter().flatten().all(|view| view.shown.is_kept) {
                for found in exposures {
                    let (block, exposure) = found?;
                    if let Some(addresses) = &block.addresses {
                        sink(exposure, addresses);
                    }
                }
            } else {
                self.tell_again(views, exposures, sink)?;
            }
        }
        self.rulings = rulings;
        Ok(())
    }

    fn blocks(&mut self, views: &[Vec<View<'_>>; 2]) -> Arc<Vec<Block>> {
        let [v4, v6] = views.each_ref().map(|views| views.first().map(|view| &view.shown));
        let key = [v4, v6].map(|shown| shown.map_or(0, |shown| Arc::as_ptr(shown).addr()));
        if let Some(known) = self.blocks.get(&key) {
            return Arc::clone(known);
        }
        let [v4, v6] = [v4, v6].map(|shown| shown.map_or(&[][..], |shown| shown.faces.as_slice()));
        let mut found = blocks(v4, v6, self.protocols.asked, &mut self.measurer);
        found.iter_mut().for_each(|block| find_callers(block, views));
        let found = Arc::new(found);
        self.blocks.insert(key, Arc::clone(&found));
        found
    }

    /// Tells blocks whose sources were not kept: each set is made again, told and dropped.
    fn tell_again<'b>(
        &mut self,
        [v4, v6]: &Bundle<'_>,
        exposures: impl Iterator<Item = Result<(&'b Block, Exposure), Contradiction>>,
        sink: &mut dyn FnMut(Exposure, &AddressSet),
    ) -> Result<(), Contradiction> {
        let (view, family) = match (v4.first(), v6.first()) {
            (Some(view), _) => (view, Family::V4),
            (None, Some(view)) => (view, Family::V6),
            (None, None) => return Ok(()),
        };
        let destinations = destinations(view.path).only(family);
        let protocols = Arc::clone(&self.protocols);
        let scope = scope(&protocols, view.carried.as_ref(), family);
        let question = asked(&self.ranks, &scope, view.path, &view.lists, &destinations, family);
        let again = self.sweep.prepare(&question);
        for found in exposures {
            let (block, exposure) = found?;
            let certain = block.certainty == Certainty::Proved;
            let addresses = self.sweep.addresses(&question, &again, block.column, certain);
            sink(exposure, &addresses);
        }
        self.sweep.release();
        Ok(())
    }
}

fn destinations(path: &Path) -> &Arc<AddressSet> {
    path.destinations.addresses()
}

fn scope<'a>(protocols: &'a Protocols, carried: Option<&'a Carried>, family: Family) -> Scope<'a> {
    let [v4, v6] = &protocols.each;
    let each_protocol = match family {
        Family::V4 => v4,
        Family::V6 => v6,
    };
    Scope::of(carried, protocols.asked, each_protocol)
}

fn asked<'a>(
    [v4, v6]: &'a [RankSpace; 2],
    scope: &'a Scope<'a>,
    path: &'a Path,
    lists: &'a [&'a Arc<RuleList>],
    destinations: &'a AddressSet,
    family: Family,
) -> Question<'a> {
    let ranks = match family {
        Family::V4 => v4,
        Family::V6 => v6,
    };
    let Scope { protocols, each_protocol, ports } = scope;
    let (protocols, ports) = (*protocols, *ports);
    Question { filter: &path.filter, lists, family, destinations, protocols, each_protocol, ports, ranks }
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

#[cfg(test)]
mod tests;
