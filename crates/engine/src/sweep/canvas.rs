//! Evaluates one column: what its lines let in, for every combination of classes.
//!
//! A column costs its words of ordinals plus the strokes of its lines. Destinations and source ports that rules tell
//! apart are classes: a column is painted once for each combination, and a source counts as let in when any of them
//! lets it in, because the caller chooses.
//!
//! Knows no port and no address.
#![expect(clippy::indexing_slicing, reason = "words and lines are numbered by `Lines` and bounded by it")]

use core::ops::Range;

use model::Filter;
use packet::{AddressSet, PortSet};

use super::columns::Key;
use super::lines::{self, Lines};
use super::paint::Paint;
use super::{Classes, Seed};
use crate::bits::Bits;
use crate::classes::Class;
use crate::outcome::evaluate_planes;

/// The working memory of a column, and what was found.
#[derive(Default)]
pub(super) struct Canvas {
    paint: Paint,
    // Ordinals that get in, and those that only possibly do; words of concrete ordinals, then of pools.
    must: Vec<u64>,
    may: Vec<u64>,
    // The same of one combination of classes, in the window at hand.
    allowed: Vec<u64>,
    possible: Vec<u64>,
    // Pools that a rule of the combination lets in by name. A pool that only `*` lets in is not worth telling.
    named: Vec<u64>,
    // Lines that name a pool in any combination.
    naming: Bits,
}

/// Who is to be named for what a column lets in, and which destinations are reached.
pub(super) struct Credit {
    /// Lines that decide something that gets in.
    pub(super) admitting: Bits,
    /// Lines that name a pool.
    pub(super) naming: Bits,
    /// Classes of destinations reached for certain.
    pub(super) must_reached: Bits,
    /// Classes of destinations reached possibly.
    pub(super) may_reached: Bits,
}

/// What a column is evaluated on.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) lines: &'a Lines,
    pub(super) filter: &'a Filter,
    pub(super) classes: &'a Classes,
}

/// One combination of classes in one window of words.
#[derive(Clone)]
struct Place {
    destination: usize,
    source_port: usize,
    window: Range<usize>,
}

/// Words painted at a time. What painting needs of these is 80 KiB and stays near the core: 4,000 prefixes in each
/// of 1,000 rules are 125,000 words, and every line comes back to all of them.
const WINDOW_WORDS: usize = 2048;

impl Canvas {
    /// Evaluates a column: every combination of classes, united.
    pub(super) fn column(&mut self, scene: Scene<'_>, key: &Key) -> Credit {
        let (lines, classes) = (scene.lines, scene.classes);
        let words = lines.words();
        reset(&mut self.must, words);
        reset(&mut self.may, words);
        self.naming = Bits::new(lines.lines.len());
        let mut credit = Credit {
            admitting: Bits::new(lines.lines.len()),
            naming: Bits::default(),
            must_reached: Bits::new(classes.destinations.len()),
            may_reached: Bits::new(classes.destinations.len()),
        };
        self.each_place(scene, key, 0..words, |canvas, place| {
            canvas.unite(place, &mut credit);
            false
        });
        credit.naming = core::mem::take(&mut self.naming);
        // What certainly gets in is not told twice.
        self.may.iter_mut().zip(&self.must).for_each(|(may, must)| *may &= !must);
        lines.name_no_pool_of_everybody(&mut self.must);
        lines.name_no_pool_of_everybody(&mut self.may);
        credit
    }

    /// What was found: the ordinals of one certainty.
    pub(super) fn side(&self, certain: bool) -> &[u64] {
        if certain { &self.must } else { &self.may }
    }

    /// The first ranks of one certainty of the column that was evaluated last, and the classes that find them.
    pub(super) fn seed(&mut self, scene: Scene<'_>, key: &Key, certain: bool) -> Option<Seed> {
        let lines = scene.lines;
        let side = self.side(certain);
        let word = side[..lines.concrete_words()].iter().position(|word| *word != 0)?;
        let bit = side[word].trailing_zeros() as usize;
        let (mut destination, mut source_port) = (0, 0);
        if !scene.classes.are_one {
            self.each_place(scene, key, word..word + 1, |canvas, place| {
                let found = if certain { &canvas.allowed } else { &canvas.possible };
                (destination, source_port) = (place.destination, place.source_port);
                found[0] >> bit & 1 == 1
            });
        }
        let first = word * 64 + bit;
        let ranks = (lines.cuts.rank(first), lines.cuts.rank(next_change(lines, key, first)));
        Some(Seed { ranks, destination, source_port })
    }

    /// Paints every combination of classes that the column has, window by window, until the call has enough.
    fn each_place(
        &mut self,
        scene: Scene<'_>,
        key: &Key,
        words: Range<usize>,
        mut call: impl FnMut(&mut Self, Place) -> bool,
    ) {
        let Classes { destinations, source_ports, are_one, are_bounds: _ } = scene.classes;
        let source_ports = if key.portless { source_ports.get(..1).unwrap_or(&[]) } else { source_ports };
        for (destination, destinations) in destinations.iter().enumerate() {
            for (source_port, source_ports) in source_ports.iter().enumerate() {
                let active = active(key, *are_one, destinations, source_ports);
                self.note_pools(scene.lines, &active);
                for start in words.clone().step_by(WINDOW_WORDS) {
                    let window = start..(start + WINDOW_WORDS).min(words.end);
                    self.window(scene, &active, window.clone());
                    if call(self, Place { destination, source_port, window }) {
                        return;
                    }
                }
            }
        }
    }

    /// Finds what gets in with the lines that are active, in a window of words.
    fn window(&mut self, scene: Scene<'_>, active: &Key, window: Range<usize>) {
        let lines = scene.lines;
        let concrete = lines.concrete_words();
        self.paint.paint(lines, active, window.clone());
        self.allowed.clear();
        self.possible.clear();
        for (at, word) in window.enumerate() {
            let found = evaluate_planes(scene.filter, &mut self.paint.leaves(at));
            let (told, maybe) = match word.checked_sub(concrete) {
                None => (lines.valid(word), found.maybe_allowed()),
                Some(pools) => (self.named[pools], found.maybe_allowed() | found.pool),
            };
            let allowed = found.allowed() & told;
            self.allowed.push(allowed);
            self.possible.push(maybe & told & !allowed);
        }
    }

    fn note_pools(&mut self, lines: &Lines, active: &Key) {
        let concrete = lines.concrete_words();
        reset(&mut self.named, lines.words() - concrete);
        if lines.tags.is_empty() {
            return;
        }
        for number in active.may.iter().filter(|number| lines.lines[*number].names_pool) {
            self.naming.insert(number);
            for stroke in lines.named(&lines.lines[number]) {
                stroke.words().for_each(|word| self.named[word - concrete] |= stroke.mask);
            }
        }
    }

    /// Adds what a combination of classes lets in to the column.
    fn unite(&mut self, place: Place, credit: &mut Credit) {
        let (mut certainly, mut possibly) = (0, 0);
        let column = self.must[place.window.clone()].iter_mut().zip(&mut self.may[place.window]);
        for ((must, may), (allowed, possible)) in column.zip(self.allowed.iter().zip(&self.possible)) {
            *must |= allowed;
            *may |= possible;
            certainly |= allowed;
            possibly |= possible;
        }
        if certainly != 0 {
            credit.must_reached.insert(place.destination);
        }
        if possibly != 0 {
            credit.may_reached.insert(place.destination);
        }
        for win in self.paint.wins() {
            if self.allowed[win.word as usize] & win.bits != 0 {
                credit.admitting.insert(win.line as usize);
            }
        }
    }
}

/// The lines of a column that match a combination of classes.
pub(super) fn active(
    key: &Key,
    are_one: bool,
    destinations: &Class<AddressSet>,
    source_ports: &Class<PortSet>,
) -> Key {
    let mut active = key.clone();
    if !are_one {
        active.may.keep(&destinations.may);
        active.must.keep(&destinations.must);
        if !key.portless {
            active.may.keep(&source_ports.may);
            active.must.keep(&source_ports.must);
        }
    }
    active
}

/// The first ordinal after `at` where a line of the column starts or ends.
fn next_change(lines: &Lines, key: &Key, at: usize) -> usize {
    let column = key.may.iter().map(|line| &lines.lines[line]);
    let rows = column.flat_map(|line| [lines.must(line)[0], lines.extra(line)[0]]);
    let next = rows.filter_map(|row| lines::next_change(row, at)).min();
    next.map_or(lines.intervals(), |next| next.min(lines.intervals()))
}

fn reset(words: &mut Vec<u64>, count: usize) {
    words.clear();
    words.resize(count, 0);
}
