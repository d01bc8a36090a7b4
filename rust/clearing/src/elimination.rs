//! Small dense linear systems `(I - W) x = b` with nonnegative `W` whose columns sum to at most 1.
//!
//! Elimination without pivoting is stable here, since the columns are diagonally dominant.

use super::claims::refill;

/// Smallest pivot: a closed loop of money without any leak moves as far as there is room.
const SMALLEST_PIVOT: f64 = 1e-13;

/// A square matrix, row by row, later its factors.
#[derive(Debug, Clone, Default)]
pub(super) struct Elimination {
    n: usize,
    rows: Vec<f64>,
}

impl Elimination {
    /// Start from the unit matrix of `n` rows.
    pub fn begin(&mut self, n: usize) {
        self.n = n;
        refill(&mut self.rows, n * n, 0.0);
        for k in 0..n {
            self.rows[k * n + k] = 1.0;
        }
    }

    /// Subtract `weight` from the entry in `row` and `column`.
    pub fn subtract(&mut self, row: usize, column: usize, weight: f64) {
        self.rows[row * self.n + column] -= weight;
    }

    /// Replace the matrix by its factors.
    pub fn factor(&mut self) {
        let n = self.n;
        for p in 0..n {
            let (head, below) = self.rows.split_at_mut((p + 1) * n);
            let pivot_row = &mut head[p * n + p..];
            pivot_row[0] = pivot_row[0].max(SMALLEST_PIVOT);
            for row in below.chunks_exact_mut(n) {
                if row[p] != 0.0 {
                    row[p] /= pivot_row[0];
                    let factor = row[p];
                    row[p + 1..].iter_mut().zip(&pivot_row[1..]).for_each(|(a, b)| *a -= factor * b);
                }
            }
        }
    }

    /// Replace `b` by the solution, after [`Self::factor`].
    pub fn solve(&self, b: &mut [f64]) {
        let n = self.n;
        for p in 1..n {
            b[p] -= inner(&self.rows[p * n..p * n + p], &b[..p]);
        }
        for p in (0..n).rev() {
            let known = inner(&self.rows[p * n + p + 1..(p + 1) * n], &b[p + 1..]);
            b[p] = (b[p] - known) / self.rows[p * n + p];
        }
    }
}

fn inner(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}
