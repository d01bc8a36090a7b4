//! Numbers that one month leaves to the next: shown one after the other, to read or to write, always in the same order.

use crate::column::{LANES, Row};

/// Shows rows.
pub fn rows(rows: &mut [Row], visit: &mut impl FnMut(&mut [f64])) {
    for row in rows {
        visit(&mut row.0);
    }
}

/// Shows flags as 0 and 1.
pub fn flags(flags: &mut [bool], visit: &mut impl FnMut(&mut [f64])) {
    for flag in flags {
        numbers(std::slice::from_mut(flag), visit, |x| f64::from(u8::from(x)), |x| x > 0.0);
    }
}

/// Shows whole numbers as numbers.
pub fn numbers<T: Copy>(
    row: &mut [T],
    visit: &mut impl FnMut(&mut [f64]),
    give: impl Fn(T) -> f64,
    take: impl Fn(f64) -> T,
) {
    let mut numbers = [0.0; LANES];
    let numbers = &mut numbers[..row.len()];
    for (number, &value) in numbers.iter_mut().zip(row.iter()) {
        *number = give(value);
    }
    visit(numbers);
    for (value, &number) in row.iter_mut().zip(numbers.iter()) {
        *value = take(number);
    }
}
