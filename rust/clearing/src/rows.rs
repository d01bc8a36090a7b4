//! Loops over whole rows of a full matrix, with the instructions of the machine.

use pulp::Simd;

use cashcade_lanes::pack::{Operand, Packs};

/// Numbers taken at a time whatever the machine has, so that sums come out the same.
pub(super) const LANES: usize = 8;

/// Rows taken together, so that what they are added to is read and written once for all.
pub(super) const TOGETHER: usize = 4;

/// Add to `sums` each of the `rows` times its factor.
#[inline(always)]
pub(super) fn add_multiples<S: Simd>(s: S, sums: &mut [f64], factors: [f64; TOGETHER], rows: [&[f64]; TOGETHER]) {
    let (chunks, rest) = sums.as_chunks_mut::<LANES>();
    let [a, b, c, d] = rows.map(|row| row.as_chunks::<LANES>().0);
    let [in_a, in_b, in_c, in_d] = factors.map(|factor| factor.packed(s));
    for ((((sums, a), b), c), d) in chunks.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        for k in 0..LANES / S::F64_LANES {
            let [a, b, c, d] = [a, b, c, d].map(|row| row.pack(s, k));
            sums.put(k, sums.pack(s, k) + in_a * a + in_b * b + in_c * c + in_d * d);
        }
    }
    for (factor, row) in factors.into_iter().zip(rows) {
        add_to_rest(rest, factor, row);
    }
}

/// Add to `sums` the `row` times `factor`.
#[inline(always)]
pub(super) fn add_multiple<S: Simd>(s: S, sums: &mut [f64], factor: f64, row: &[f64]) {
    let (chunks, rest) = sums.as_chunks_mut::<LANES>();
    let in_all = factor.packed(s);
    for (sums, row) in chunks.iter_mut().zip(row.as_chunks::<LANES>().0) {
        for k in 0..LANES / S::F64_LANES {
            sums.put(k, sums.pack(s, k) + in_all * row.pack(s, k));
        }
    }
    add_to_rest(rest, factor, row);
}

/// The same for what is left of a row beyond whole lanes.
#[inline(always)]
fn add_to_rest(rest: &mut [f64], factor: f64, row: &[f64]) {
    for (sum, amount) in rest.iter_mut().zip(row.as_chunks::<LANES>().1) {
        *sum += factor * amount;
    }
}
