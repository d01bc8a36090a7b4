//! Rows: one number for each path of a block.

use std::cell::Cell;
use std::ops::{Deref, DerefMut};

/// Paths of a block: the innermost dimension, so that one instruction serves several paths.
pub const LANES: usize = 16;

/// One number for each path of a block; it begins where a cache line does.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Row(pub [f64; LANES]);

/// The row of zeros.
pub const ZERO: Row = Row::of(0.0);

/// The row of ones.
pub const ONES: Row = Row::of(1.0);

impl Row {
    /// The same number in every lane.
    #[inline(always)]
    #[must_use]
    pub const fn of(value: f64) -> Self {
        Self([value; LANES])
    }

    /// A number for each lane.
    #[inline(always)]
    #[must_use]
    pub fn from_fn(lane: impl FnMut(usize) -> f64) -> Self {
        Self(std::array::from_fn(lane))
    }

    /// Each lane changed in the same way.
    #[inline(always)]
    #[must_use]
    pub fn map(self, change: impl FnMut(f64) -> f64) -> Self {
        Self(self.0.map(change))
    }
}

impl PartialEq for Row {
    /// Whether the numbers of all lanes are equal; all are compared, which is faster than to stop at the first that differ.
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).fold(0, |differ, (one, other)| differ | u8::from(one != other)) == 0
    }
}

impl Deref for Row {
    type Target = [f64; LANES];

    #[inline(always)]
    fn deref(&self) -> &[f64; LANES] {
        &self.0
    }
}

impl DerefMut for Row {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [f64; LANES] {
        &mut self.0
    }
}

/// As many zeros, written one by one.
///
/// Memory that comes as zeros from the system is often read before it is written; each page then faults twice, and the
/// second time interrupts all other threads.
#[must_use]
pub fn zeros<T: Copy>(zero: T, count: usize) -> Vec<T> {
    if counted::<T>(count) {
        return Vec::new();
    }
    std::hint::black_box(std::iter::repeat_n(std::hint::black_box(zero), count)).collect()
}

/// As many copies of a value; zeros as the system gives them, for memory that many threads fill.
#[must_use]
pub fn filled<T: Clone>(value: T, count: usize) -> Vec<T> {
    if counted::<T>(count) { Vec::new() } else { vec![value; count] }
}

/// Room for as many values, which nobody has written yet: it is taken page by page, as it is filled.
#[must_use]
pub fn room<T>(count: usize) -> Vec<T> {
    if counted::<T>(count) { Vec::new() } else { Vec::with_capacity(count) }
}

thread_local! {
    /// Bytes counted in place of being allocated, where somebody wants to know.
    static COUNTED: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Counts memory that is taken later than [`zeros`], [`filled`] and [`room`], if it is only to be counted.
pub fn count_ahead<T>(count: usize) {
    let _ = counted::<T>(count);
}

/// Counts memory that [`zeros`], [`filled`] and [`room`] are asked for, if it is only to be counted; says whether it is.
fn counted<T>(count: usize) -> bool {
    COUNTED.with(|counted| {
        let bytes = counted.get().map(|bytes| bytes.saturating_add(count.saturating_mul(size_of::<T>())));
        counted.set(bytes);
        bytes.is_some()
    })
}

/// The bytes that `build` would take from [`zeros`], [`filled`] and [`room`], which give it nothing.
pub fn bytes_of<T>(build: impl FnOnce() -> T) -> usize {
    /// Ends the count however `build` ends.
    struct End;
    impl Drop for End {
        fn drop(&mut self) {
            COUNTED.with(|counted| counted.set(None));
        }
    }
    let _end = End;
    COUNTED.with(|counted| counted.set(Some(0)));
    drop(build());
    COUNTED.with(|counted| counted.get().unwrap_or_default())
}
