//! exp, ln, and sine and cosine of an angle given by 32 bits: branch-free polynomials that the compiler vectorises.
//!
//! One arithmetic for all machines: only IEEE additions, multiplications, divisions and bit operations, never fused, so the
//! same input gives the same bits with any instruction set.

use crate::pack::{Bits, Operand, Pack};
use pulp::{Scalar, Simd};

/// Adding it to a number below 2^51 in size leaves the nearest whole number in the low bits.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// ln 2 with its last 21 bits zero, and the rest.
const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// 2^52: its low bits count ones.
const TWO52: f64 = 4_503_599_627_370_496.0;
const TWO52_BITS: u64 = 0x4330_0000_0000_0000;
/// Bits of sqrt(1/2), which the mantissa is measured from, and of one.
const SQRT_HALF_BITS: u64 = 0x3fe6_a09e_0000_0000;
const ONE_BITS: u64 = 0x3ff0_0000_0000_0000;
const MANTISSA: u64 = 0x000f_ffff_ffff_ffff;
/// 2 pi / 2^32.
const TURN: f64 = core::f64::consts::TAU / 4_294_967_296.0;

/// Taylor coefficients, in powers of the square of the argument.
const EXP_EVEN: [f64; 6] = [1.0 / 2.0, 1.0 / 24.0, 1.0 / 720.0, 1.0 / 40_320.0, 1.0 / 3_628_800.0, 1.0 / 479_001_600.0];
const EXP_ODD: [f64; 6] =
    [1.0 / 6.0, 1.0 / 120.0, 1.0 / 5_040.0, 1.0 / 362_880.0, 1.0 / 39_916_800.0, 1.0 / 6_227_020_800.0];
const SINE: [f64; 7] = [
    -1.0 / 6.0,
    1.0 / 120.0,
    -1.0 / 5_040.0,
    1.0 / 362_880.0,
    -1.0 / 39_916_800.0,
    1.0 / 6_227_020_800.0,
    -1.0 / 1_307_674_368_000.0,
];
const COSINE: [f64; 8] = [
    -1.0 / 2.0,
    1.0 / 24.0,
    -1.0 / 720.0,
    1.0 / 40_320.0,
    -1.0 / 3_628_800.0,
    1.0 / 479_001_600.0,
    -1.0 / 87_178_291_200.0,
    1.0 / 20_922_789_888_000.0,
];

/// Horner's rule.
#[inline(always)]
fn series<S: Simd, const N: usize>(x: Pack<S>, coefficients: &[f64; N]) -> Pack<S> {
    let mut sum = x.like(coefficients[N - 1]);
    for k in (0..N - 1).rev() {
        sum = sum * x + coefficients[k];
    }
    sum
}

impl<S: Simd> Pack<S> {
    /// e to the power of each lane, limited to +-700; relative error below 3e-16.
    #[inline(always)]
    #[must_use]
    pub fn exp(self) -> Self {
        // What cannot be compared stays.
        let x = self.like(700.0).at_most(self.like(-700.0).at_least(self));
        let shifted = x * core::f64::consts::LOG2_E + ROUND;
        let n = shifted - ROUND;
        let r = (x - n * LN2_HIGH) - n * LN2_LOW;
        let s = r * r;
        // The series split in even and odd powers: two short chains instead of one long one.
        let (even, odd) = (1.0 + s * series(s, &EXP_EVEN), 1.0 + s * series(s, &EXP_ODD));
        (even + r * odd).bits().plus(shifted.bits().up(52)).numbers()
    }

    /// Natural logarithm of positive normal numbers; absolute error below 3e-16 near one, relative elsewhere.
    #[inline(always)]
    #[must_use]
    pub fn ln(self) -> Self {
        let bits = self.bits();
        let bits = bits.plus(bits.like(ONE_BITS - SQRT_HALF_BITS));
        let k = bits.down(52).or(bits.like(TWO52_BITS)).numbers() - (TWO52 + 1023.0);
        let f = bits.and(bits.like(MANTISSA)).plus(bits.like(SQRT_HALF_BITS)).numbers() - 1.0;
        // ln(1 + f) = 2 artanh(s), s = f / (2 + f); coefficients of the minimax series of fdlibm's logarithm.
        let s = f / (2.0 + f);
        let z = s * s;
        let w = z * z;
        let even = w * (0.399_999_999_994_094_2 + w * (0.222_221_984_321_497_84 + w * 0.153_138_376_992_093_73));
        let odd = z
            * (0.666_666_666_666_673_5
                + w * (0.285_714_287_436_623_9 + w * (0.181_835_721_616_180_5 + w * 0.147_981_986_051_165_86)));
        let half = 0.5 * f * f;
        k * LN2_HIGH - ((half - (s * (half + even + odd) + k * LN2_LOW)) - f)
    }
}

/// e to the power `x`, as [`Pack::exp`].
#[inline(always)]
#[must_use]
pub fn exp(x: f64) -> f64 {
    x.packed(Scalar::new()).exp().first()
}

/// Natural logarithm, as [`Pack::ln`].
#[inline(always)]
#[must_use]
pub fn ln(x: f64) -> f64 {
    x.packed(Scalar::new()).ln().first()
}

impl<S: Simd> Bits<S> {
    /// A 32-bit word in each lane as a uniform number strictly between 0 and 1.
    #[inline(always)]
    #[must_use]
    pub fn uniform(self) -> Pack<S> {
        (self.or(self.like(TWO52_BITS)).numbers() - TWO52 + 0.5) * (1.0 / 4_294_967_296.0)
    }

    /// Cosine and sine of `2 pi (word + 0.5) / 2^32` of the 32-bit word in each lane; absolute error below 2e-16.
    #[inline(always)]
    #[must_use]
    pub fn cos_sin(self) -> [Pack<S>; 2] {
        let turned = self.plus(self.like(1 << 29));
        let within = turned.and(self.like(0x3fff_ffff)).or(self.like(TWO52_BITS)).numbers() - (TWO52 + 536_870_912.0);
        let r = (within + 0.5) * TURN;
        let z = r * r;
        let sine = (r + r * z * series(z, &SINE)).bits();
        let cosine = (1.0 + z * series(z, &COSINE)).bits();
        // Quadrant: odd ones swap sine and cosine; signs follow bits 31 of the turned word.
        let even = turned.down(30).and(self.like(1)).plus(self.like(u64::MAX));
        let differing = sine.differing(cosine).and(even);
        let sign = |word: Self| word.and(self.like(1 << 31)).up(32);
        let c = sine.differing(differing).differing(sign(turned.plus(self.like(1 << 30))));
        let s = cosine.differing(differing).differing(sign(turned));
        [c.numbers(), s.numbers()]
    }
}

/// A 32-bit word as a uniform number, as [`Bits::uniform`].
#[inline(always)]
#[must_use]
pub fn uniform(word: u64) -> f64 {
    ((f64::from_bits(word | TWO52_BITS) - TWO52) + 0.5) * (1.0 / 4_294_967_296.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::LANES;
    use proptest::prelude::*;

    fn close(ours: f64, theirs: f64, tolerance: f64) {
        assert!((ours - theirs).abs() <= tolerance * theirs.abs().max(1e-300), "{ours} instead of {theirs}");
    }

    #[test]
    fn exact_where_they_must_be() {
        close(exp(0.0), 1.0, 0.0);
        close(ln(1.0), 0.0, 0.0);
        assert!(exp(-1e9) > 0.0 && exp(1e9).is_finite());
    }

    proptest! {
        #[test]
        fn exp_is_exp(x in -650.0_f64..650.0) { close(exp(x), x.exp(), 4e-16); }

        #[test]
        fn ln_is_ln(x in -600.0_f64..600.0) {
            let y = x.exp();
            prop_assert!((ln(y) - y.ln()).abs() <= 4e-16 * y.ln().abs().max(1.0));
        }

        #[test]
        fn the_circle_is_the_circle(word in 0_u64..1 << 32) {
            let [c, s] = Bits::of(Scalar::new(), &[word; LANES], 0).cos_sin().map(Pack::first);
            let angle = (word as f64 + 0.5) * TURN;
            // The angle itself is rounded, by up to 9e-16 near a full turn; ours is reduced exactly.
            prop_assert!((c - angle.cos()).abs() < 2e-15 && (s - angle.sin()).abs() < 2e-15);
        }

        #[test]
        fn uniforms_stay_inside(word in 0_u64..1 << 32) {
            prop_assert!(uniform(word) > 0.0 && uniform(word) < 1.0);
        }
    }
}
