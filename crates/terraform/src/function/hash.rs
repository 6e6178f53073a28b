//! Digests of texts: what keys and names of resources are made of.

use std::sync::LazyLock;

use super::{encode, text, uncounted};
use crate::expression::Budget;
use crate::value::{Value, Wanted};

type Made<'a> = Wanted<'a, Value<'a>>;

fn digested<'a>(
    values: &[Value<'a>],
    budget: &mut Budget,
    with: fn(&[u8]) -> Vec<u8>,
    write: fn(&[u8]) -> String,
) -> Made<'a> {
    let [text] = values else { return uncounted() };
    let digest = with(text.to_text()?.as_bytes());
    text::made(write(&digest), budget)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn md5<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    digested(values, budget, md5_of, hex)
}

pub(super) fn sha1<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    digested(values, budget, sha1_of, hex)
}

pub(super) fn sha256<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    digested(values, budget, sha256_of, hex)
}

pub(super) fn base64_sha256<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    digested(values, budget, sha256_of, encode::base64)
}

/// The text in blocks of 64 bytes: a bit behind it, zeros, and how many bits it has.
fn padded(bytes: &[u8], length: impl FnOnce(u64) -> [u8; 8]) -> Vec<u8> {
    let mut blocks = bytes.to_vec();
    blocks.push(0x80);
    while blocks.len() % 64 != 56 {
        blocks.push(0);
    }
    blocks.extend(length((bytes.len() as u64).wrapping_mul(8)));
    blocks
}

fn words(block: &[u8], read: fn([u8; 4]) -> u32) -> Vec<u32> {
    let (words, _) = block.as_chunks::<4>();
    words.iter().map(|word| read(*word)).collect()
}

fn word(words: &[u32], position: usize) -> u32 {
    words.get(position).copied().unwrap_or_default()
}

/// RFC 1321.
fn md5_of(bytes: &[u8]) -> Vec<u8> {
    const TURNS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let sine = |step: usize| ((step as f64 + 1.0).sin().abs() * 4_294_967_296.0) as u32;
    let turn =
        |step: usize| TURNS.get(step / 16).and_then(|row| row.get(step % 4)).copied().unwrap_or_default();
    let mut state = [0x6745_2301_u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    for block in padded(bytes, u64::to_le_bytes).chunks(64) {
        let block = words(block, u32::from_le_bytes);
        let [mut a, mut b, mut c, mut d] = state;
        for step in 0..64 {
            let (mixed, position) = match step / 16 {
                0 => ((b & c) | (!b & d), step),
                1 => ((d & b) | (!d & c), 5 * step + 1),
                2 => (b ^ c ^ d, 3 * step + 5),
                _ => (c ^ (b | !d), 7 * step),
            };
            let sum =
                mixed.wrapping_add(a).wrapping_add(sine(step)).wrapping_add(word(&block, position % 16));
            (a, d, c) = (d, c, b);
            b = b.wrapping_add(sum.rotate_left(turn(step)));
        }
        let [one, two, three, four] = state;
        state = [one.wrapping_add(a), two.wrapping_add(b), three.wrapping_add(c), four.wrapping_add(d)];
    }
    state.into_iter().flat_map(u32::to_le_bytes).collect()
}

/// RFC 3174.
fn sha1_of(bytes: &[u8]) -> Vec<u8> {
    let mut state = [0x6745_2301_u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in padded(bytes, u64::to_be_bytes).chunks(64) {
        let mut block = words(block, u32::from_be_bytes);
        for step in 16..80 {
            let mixed = [3, 8, 14, 16].iter().fold(0, |mixed, back| mixed ^ word(&block, step - back));
            block.push(mixed.rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (step, word) in block.iter().enumerate() {
            let (mixed, constant) = match step / 20 {
                0 => ((b & c) | (!b & d), 0x5a82_7999),
                1 => (b ^ c ^ d, 0x6ed9_eba1),
                2 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6_u32),
            };
            let sum = a
                .rotate_left(5)
                .wrapping_add(mixed)
                .wrapping_add(e)
                .wrapping_add(constant)
                .wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, sum);
        }
        for (own, more) in state.iter_mut().zip([a, b, c, d, e]) {
            *own = own.wrapping_add(more);
        }
    }
    state.into_iter().flat_map(u32::to_be_bytes).collect()
}

/// FIPS 180-4.
fn sha256_of(bytes: &[u8]) -> Vec<u8> {
    let (start, constants) = &*ROOTS;
    let mut state = *start;
    for block in padded(bytes, u64::to_be_bytes).chunks(64) {
        let mut block = words(block, u32::from_be_bytes);
        for step in 16..64 {
            let (near, far) = (word(&block, step - 2), word(&block, step - 15));
            let far = far.rotate_right(7) ^ far.rotate_right(18) ^ (far >> 3);
            let near = near.rotate_right(17) ^ near.rotate_right(19) ^ (near >> 10);
            let sum = far.wrapping_add(near).wrapping_add(word(&block, step - 16));
            block.push(sum.wrapping_add(word(&block, step - 7)));
        }
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
        for (word, constant) in block.iter().zip(constants) {
            let choice = (e & f) ^ (!e & g);
            let turned = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let one = [turned, choice, *constant, *word].into_iter().fold(h, u32::wrapping_add);
            let majority = (a & b) ^ (a & c) ^ (b & c);
            let two = (a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22)).wrapping_add(majority);
            (h, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(one), c, b, a, one.wrapping_add(two));
        }
        for (own, more) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *own = own.wrapping_add(more);
        }
    }
    state.into_iter().flat_map(u32::to_be_bytes).collect()
}

/// What the standard begins with: the fractions of the square roots of the first eight primes, and of the cube roots of the
/// first sixty-four.
static ROOTS: LazyLock<([u32; 8], Vec<u32>)> = LazyLock::new(|| {
    let primes = (2_u128..).filter(|number| (2..*number).all(|divisor| number % divisor != 0));
    let primes: Vec<u128> = primes.take(64).collect();
    let root = |number: u128, power: u32| {
        let bits = (0..40).rev().fold(0_u128, |root, bit| {
            let more = root | 1 << bit;
            if more.pow(power) <= number { more } else { root }
        });
        (bits & u128::from(u32::MAX)) as u32
    };
    let mut squares = [0; 8];
    for (square, prime) in squares.iter_mut().zip(&primes) {
        *square = root(prime << 64, 2);
    }
    (squares, primes.iter().map(|prime| root(prime << 96, 3)).collect())
});
