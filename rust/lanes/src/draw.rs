//! Random numbers addressed by (seed, path, month, stream, entity): Philox4x32-10 (Salmon et al. 2011).
//!
//! A number depends on its address only, so any subset of paths in any order on any number of threads gives the same bits.

use crate::math;
use crate::pack::{Bits, Packs, packs};
use crate::row::{LANES, Row, ZERO};
use pulp::Simd;

/// Four 32-bit words for each lane, held in 64 bits.
pub type Words = [[u64; LANES]; 4];

const MULTIPLIERS: [u64; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u64; 2] = [0x9E37_79B9, 0xBB67_AE85];
const LOW: u64 = 0xFFFF_FFFF;
/// Rounds of Philox.
pub const ROUNDS: usize = 10;

/// The keys of the rounds.
#[must_use]
pub fn schedule(key: [u64; 2]) -> [[u64; 2]; ROUNDS] {
    std::array::from_fn(|round| std::array::from_fn(|word| (key[word] + WEYL[word] * round as u64) & LOW))
}

/// The four words of one counter under the keys of the rounds.
#[inline(always)]
#[must_use]
pub fn philox(mut counter: [u64; 4], keys: &[[u64; 2]; ROUNDS]) -> [u64; 4] {
    // High halves are left as they come, and cut off where they would count.
    for key in keys {
        let first = MULTIPLIERS[0] * (counter[0] & LOW);
        let second = MULTIPLIERS[1] * (counter[2] & LOW);
        counter = [(second >> 32) ^ counter[1] ^ key[0], second, (first >> 32) ^ counter[3] ^ key[1], first];
    }
    counter.map(|word| word & LOW)
}

/// The random numbers of a block of paths.
#[derive(Clone, Copy, Debug)]
pub struct Draws {
    keys: [[u64; 2]; ROUNDS],
    paths: [u64; LANES],
}

impl Draws {
    /// For these paths under this seed.
    #[must_use]
    pub fn new(seed: u64, paths: [u64; LANES]) -> Self {
        Self { keys: schedule([seed & LOW, seed >> 32]), paths }
    }

    /// The four words at (`stream`, `entity`, `block`) in every lane.
    #[inline(always)]
    #[must_use]
    pub fn words(&self, stream: impl Into<u32>, entity: u32, block: u32) -> Words {
        let place = (u64::from(stream.into()) << 16) | u64::from(block);
        let mut words = [[0; LANES]; 4];
        for l in 0..LANES {
            let path = self.paths[l];
            let [a, b, c, d] = philox([u64::from(entity), place, path & LOW, path >> 32], &self.keys);
            words[0][l] = a;
            words[1][l] = b;
            words[2][l] = c;
            words[3][l] = d;
        }
        words
    }

    /// One of the four words in one lane, as a uniform.
    #[must_use]
    pub fn uniform(&self, stream: impl Into<u32>, entity: u32, block: u32, word: usize, lane: usize) -> f64 {
        let place = (u64::from(stream.into()) << 16) | u64::from(block);
        let path = self.paths[lane];
        math::uniform(philox([u64::from(entity), place, path & LOW, path >> 32], &self.keys)[word])
    }
}

/// Uniforms of one word.
#[inline(always)]
#[must_use]
pub fn uniforms(words: &[u64; LANES]) -> Row {
    let mut row = ZERO;
    for l in 0..LANES {
        row[l] = math::uniform(words[l]);
    }
    row
}

/// Two independent standard normals from two words (Box and Muller 1958).
#[inline(always)]
#[must_use]
pub fn normals<S: Simd>(s: S, radius: &[u64; LANES], angle: &[u64; LANES]) -> [Row; 2] {
    let mut rows = [ZERO; 2];
    for k in packs::<S>() {
        let r = (-2.0 * Bits::of(s, radius, k).uniform().ln()).sqrt();
        let [cosine, sine] = Bits::of(s, angle, k).cos_sin();
        rows[0].put(k, r * cosine);
        rows[1].put(k, r * sine);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use pulp::Scalar;

    /// Known answers published with Random123 (philox4x32-10).
    #[test]
    fn philox_gives_the_published_vectors() {
        assert_eq!(philox([0; 4], &schedule([0; 2])), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox([LOW; 4], &schedule([LOW; 2])), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        assert_eq!(
            philox([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], &schedule([0xa409_3822, 0x299f_31d0])),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn lanes_are_paths() {
        let paths = std::array::from_fn(|l| 1_000_000_007 * l as u64);
        let words = Draws::new(0x0123_4567_89ab_cdef, paths).words(3_u32, 77, 3);
        for l in 0..LANES {
            let path = paths[l];
            let alone = philox([77, (3 << 16) | 3, path & LOW, path >> 32], &schedule([0x89ab_cdef, 0x0123_4567]));
            assert_eq!([words[0][l], words[1][l], words[2][l], words[3][l]], alone);
        }
    }

    #[test]
    fn normals_have_the_moments_of_normals() {
        let (mut mean, mut square, mut n) = (0.0, 0.0, 0.0);
        for entity in 0..2_000 {
            let w = Draws::new(7, std::array::from_fn(|l| l as u64)).words(4_u32, entity, 0);
            for row in normals(Scalar::new(), &w[0], &w[1]).iter().chain(&normals(Scalar::new(), &w[2], &w[3])) {
                for x in row.iter() {
                    mean += x;
                    square += x * x;
                    n += 1.0;
                }
            }
        }
        let error = (1.0_f64 / n).sqrt();
        assert!((mean / n).abs() < 5.0 * error, "mean {}", mean / n);
        assert!((square / n - 1.0).abs() < 5.0 * error * 2.0_f64.sqrt(), "variance {}", square / n);
    }
}
