//! Lanes in the registers of the machine.
//!
//! A row is a few packs, each as many lanes as one register holds. A formula is written once for `S`, the instructions of
//! the machine, and runs over the packs of a row: `for k in packs::<S>()`. Only IEEE operations, never fused, so that every
//! machine gives the same bits.

use crate::row::{LANES, Row};
use pulp::Simd;
use pulp::bytemuck::cast_slice_mut;
use std::ops::{Add, AddAssign, BitAnd, BitOr, Div, DivAssign, Mul, MulAssign, Neg, Range, Sub, SubAssign};

/// Lanes of one register.
#[derive(Clone, Copy, Debug)]
pub struct Pack<S: Simd> {
    simd: S,
    lanes: S::f64s,
}

/// A choice in each lane.
#[derive(Clone, Copy, Debug)]
pub struct Mask<S: Simd> {
    simd: S,
    lanes: S::m64s,
}

/// The bits of the lanes of one register.
#[derive(Clone, Copy, Debug)]
pub struct Bits<S: Simd> {
    simd: S,
    lanes: S::u64s,
}

/// The packs of a row.
#[inline(always)]
#[must_use]
pub fn packs<S: Simd>() -> Range<usize> {
    0..LANES / S::F64_LANES
}

/// A number, or one number in each lane.
pub trait Operand<S: Simd> {
    /// As a pack.
    fn packed(self, simd: S) -> Pack<S>;
}

impl<S: Simd> Operand<S> for f64 {
    #[inline(always)]
    fn packed(self, simd: S) -> Pack<S> {
        Pack { simd, lanes: simd.splat_f64s(self) }
    }
}

impl<S: Simd> Operand<S> for Pack<S> {
    #[inline(always)]
    fn packed(self, _: S) -> Self {
        self
    }
}

/// Numbers seen as packs.
pub trait Packs {
    /// Pack `k`.
    fn pack<S: Simd>(&self, simd: S, k: usize) -> Pack<S>;
    /// Writes pack `k`.
    fn put<S: Simd>(&mut self, k: usize, pack: Pack<S>);

    /// Adds to pack `k`.
    #[inline(always)]
    fn gain<S: Simd>(&mut self, k: usize, pack: Pack<S>) {
        let sum = self.pack(pack.simd, k) + pack;
        self.put(k, sum);
    }

    /// Writes pack `k` where a mask holds.
    #[inline(always)]
    fn put_where<S: Simd>(&mut self, k: usize, mask: Mask<S>, pack: Pack<S>) {
        let before = self.pack(pack.simd, k);
        self.put(k, mask.choose(pack, before));
    }
}

impl<const N: usize> Packs for [f64; N] {
    #[inline(always)]
    fn pack<S: Simd>(&self, simd: S, k: usize) -> Pack<S> {
        Pack { simd, lanes: S::as_simd_f64s(self).0[k] }
    }

    #[inline(always)]
    fn put<S: Simd>(&mut self, k: usize, pack: Pack<S>) {
        S::as_mut_simd_f64s(self).0[k] = pack.lanes;
    }
}

impl Packs for Row {
    #[inline(always)]
    fn pack<S: Simd>(&self, simd: S, k: usize) -> Pack<S> {
        self.0.pack(simd, k)
    }

    #[inline(always)]
    fn put<S: Simd>(&mut self, k: usize, pack: Pack<S>) {
        self.0.put(k, pack);
    }
}

/// A pack of a row that is not always there, or a number in its place.
#[inline(always)]
#[must_use]
pub fn pack_or<S: Simd>(simd: S, row: Option<&Row>, k: usize, number: f64) -> Pack<S> {
    match row {
        Some(row) => row.pack(simd, k),
        None => number.packed(simd),
    }
}

/// Writes a pack of a variable that is only kept where it is shown: without a row, nothing happens.
#[inline(always)]
pub fn show<S: Simd>(row: &mut Option<&mut Row>, k: usize, pack: Pack<S>) {
    if let Some(row) = row {
        row.put(k, pack);
    }
}

/// Whether the machine compares and chooses in one instruction: the packed ones of x86 give the second operand where numbers are equal
/// or cannot be compared, which others do not.
#[inline(always)]
fn one_instruction<S: Simd>() -> bool {
    cfg!(target_arch = "x86_64") && S::F64_LANES > 1
}

impl<S: Simd> Pack<S> {
    /// Whether each lane is below that of `other`.
    #[inline(always)]
    #[must_use]
    pub fn below(self, other: impl Operand<S>) -> Mask<S> {
        let other = other.packed(self.simd);
        Mask { simd: self.simd, lanes: self.simd.less_than_f64s(self.lanes, other.lanes) }
    }

    /// Whether each lane is above that of `other`.
    #[inline(always)]
    #[must_use]
    pub fn above(self, other: impl Operand<S>) -> Mask<S> {
        other.packed(self.simd).below(self)
    }

    /// Whether each lane equals that of `other`.
    #[inline(always)]
    #[must_use]
    pub fn equals(self, other: impl Operand<S>) -> Mask<S> {
        let other = other.packed(self.simd);
        Mask { simd: self.simd, lanes: self.simd.equal_f64s(self.lanes, other.lanes) }
    }

    /// The lesser; `most` where they cannot be compared.
    #[inline(always)]
    #[must_use]
    pub fn at_most(self, most: impl Operand<S>) -> Self {
        let most = most.packed(self.simd);
        if one_instruction::<S>() {
            return Self { simd: self.simd, lanes: self.simd.min_f64s(self.lanes, most.lanes) };
        }
        self.below(most).choose(self, most)
    }

    /// The greater; `least` where they cannot be compared.
    #[inline(always)]
    #[must_use]
    pub fn at_least(self, least: impl Operand<S>) -> Self {
        let least = least.packed(self.simd);
        if one_instruction::<S>() {
            return Self { simd: self.simd, lanes: self.simd.max_f64s(self.lanes, least.lanes) };
        }
        self.above(least).choose(self, least)
    }

    /// The nearest within bounds; the least where they cannot be compared.
    #[inline(always)]
    #[must_use]
    pub fn within(self, [least, most]: [f64; 2]) -> Self {
        self.at_least(least).at_most(most)
    }

    /// Without sign.
    #[inline(always)]
    #[must_use]
    pub fn abs(self) -> Self {
        Self { simd: self.simd, lanes: self.simd.abs_f64s(self.lanes) }
    }

    /// Square root.
    #[inline(always)]
    #[must_use]
    pub fn sqrt(self) -> Self {
        Self { simd: self.simd, lanes: self.simd.sqrt_f64s(self.lanes) }
    }

    /// Sum of the lanes, in no particular order: for sums that are exact.
    #[inline(always)]
    #[must_use]
    pub fn total(self) -> f64 {
        self.simd.reduce_sum_f64s(self.lanes)
    }

    /// The number in every lane of a pack like this one.
    #[inline(always)]
    #[must_use]
    pub fn like(self, value: f64) -> Self {
        value.packed(self.simd)
    }

    /// The bits.
    #[inline(always)]
    #[must_use]
    pub fn bits(self) -> Bits<S> {
        Bits { simd: self.simd, lanes: self.simd.transmute_u64s_f64s(self.lanes) }
    }

    /// The first lane.
    #[inline(always)]
    #[must_use]
    pub fn first(self) -> f64 {
        pulp::bytemuck::cast_slice(std::slice::from_ref(&self.lanes))[0]
    }
}

impl<S: Simd> Mask<S> {
    /// `yes` where the mask holds, else `no`.
    #[inline(always)]
    #[must_use]
    pub fn choose(self, yes: impl Operand<S>, no: impl Operand<S>) -> Pack<S> {
        let (yes, no) = (yes.packed(self.simd), no.packed(self.simd));
        Pack { simd: self.simd, lanes: self.simd.select_f64s(self.lanes, yes.lanes, no.lanes) }
    }

    /// Whether it holds in any lane.
    #[inline(always)]
    #[must_use]
    pub fn any(self) -> bool {
        self.simd.first_true_m64s(self.lanes) < S::F64_LANES
    }
}

impl<S: Simd> BitAnd for Mask<S> {
    type Output = Self;

    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        Self { simd: self.simd, lanes: self.simd.and_m64s(self.lanes, other.lanes) }
    }
}

impl<S: Simd> BitOr for Mask<S> {
    type Output = Self;

    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        Self { simd: self.simd, lanes: self.simd.or_m64s(self.lanes, other.lanes) }
    }
}

impl<S: Simd> Bits<S> {
    /// Bits of a row of words.
    #[inline(always)]
    #[must_use]
    pub fn of(simd: S, words: &[u64; LANES], k: usize) -> Self {
        Self { simd, lanes: S::as_simd_u64s(words).0[k] }
    }

    /// As numbers.
    #[inline(always)]
    #[must_use]
    pub fn numbers(self) -> Pack<S> {
        Pack { simd: self.simd, lanes: self.simd.transmute_f64s_u64s(self.lanes) }
    }

    /// The sum as whole numbers.
    #[inline(always)]
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { simd: self.simd, lanes: self.simd.add_u64s(self.lanes, other.lanes) }
    }

    /// The same whole number in every lane.
    #[inline(always)]
    #[must_use]
    pub fn like(self, value: u64) -> Self {
        Self { simd: self.simd, lanes: self.simd.splat_u64s(value) }
    }

    /// Bits that both have.
    #[inline(always)]
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { simd: self.simd, lanes: self.simd.and_u64s(self.lanes, other.lanes) }
    }

    /// Bits that either has.
    #[inline(always)]
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { simd: self.simd, lanes: self.simd.or_u64s(self.lanes, other.lanes) }
    }

    /// Bits that only one has.
    #[inline(always)]
    #[must_use]
    pub fn differing(self, other: Self) -> Self {
        Self { simd: self.simd, lanes: self.simd.xor_u64s(self.lanes, other.lanes) }
    }

    /// Whether each lane is below that of `other`, as whole numbers.
    #[inline(always)]
    #[must_use]
    pub fn below(self, other: Self) -> Mask<S> {
        Mask { simd: self.simd, lanes: self.simd.less_than_u64s(self.lanes, other.lanes) }
    }

    /// Whether the highest bit is set in any lane.
    #[inline(always)]
    #[must_use]
    pub fn highest(self) -> bool {
        pulp::bytemuck::cast_slice::<_, u64>(std::slice::from_ref(&self.lanes)).iter().any(|word| word >> 63 == 1)
    }

    /// Shifted towards the high bits.
    #[inline(always)]
    #[must_use]
    pub fn up(mut self, by: u32) -> Self {
        for word in cast_slice_mut::<_, u64>(std::slice::from_mut(&mut self.lanes)) {
            *word <<= by;
        }
        self
    }

    /// Shifted towards the low bits.
    #[inline(always)]
    #[must_use]
    pub fn down(mut self, by: u32) -> Self {
        for word in cast_slice_mut::<_, u64>(std::slice::from_mut(&mut self.lanes)) {
            *word >>= by;
        }
        self
    }
}

macro_rules! operator {
    ($operator:ident $method:ident $of:ident, $assign:ident $assigned:ident) => {
        impl<S: Simd, T: Operand<S>> $operator<T> for Pack<S> {
            type Output = Self;

            #[inline(always)]
            fn $method(self, other: T) -> Self {
                let other = other.packed(self.simd);
                Self { simd: self.simd, lanes: self.simd.$of(self.lanes, other.lanes) }
            }
        }

        impl<S: Simd> $operator<Pack<S>> for f64 {
            type Output = Pack<S>;

            #[inline(always)]
            fn $method(self, other: Pack<S>) -> Pack<S> {
                self.packed(other.simd).$method(other)
            }
        }

        impl<S: Simd, T: Operand<S>> $assign<T> for Pack<S> {
            #[inline(always)]
            fn $assigned(&mut self, other: T) {
                *self = self.$method(other);
            }
        }
    };
}

operator!(Add add add_f64s, AddAssign add_assign);
operator!(Sub sub sub_f64s, SubAssign sub_assign);
operator!(Mul mul mul_f64s, MulAssign mul_assign);
operator!(Div div div_f64s, DivAssign div_assign);

impl<S: Simd> Neg for Pack<S> {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self { simd: self.simd, lanes: self.simd.neg_f64s(self.lanes) }
    }
}
