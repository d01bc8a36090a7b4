//! Large nonsymmetric linear systems given as a product: stabilised bi-conjugate gradients.
//!
//! The method of van der Vorst (1992). It needs two products an iteration and seven vectors.

use super::claims::refill;

/// Iterations after which the best found so far has to do.
const ITERATIONS: usize = 500;

/// The residual falls to this share of the right-hand side.
const REDUCTION: f64 = 1e-15;

/// The vectors of the method, kept from one system to the next.
#[derive(Debug, Clone, Default)]
pub(super) struct Krylov {
    residual: Vec<f64>,
    shadow: Vec<f64>,
    direction: Vec<f64>,
    product: Vec<f64>,
    half: Vec<f64>,
    image: Vec<f64>,
}

impl Krylov {
    /// Replace `b` by an approximate solution `x` of `times(x) = b`.
    pub fn solve(&mut self, b: &mut [f64], times: impl Fn(&[f64], &mut [f64])) {
        self.begin(b);
        let target = REDUCTION * REDUCTION * dot(b, b);
        b.fill(0.0);
        let mut rho = dot(&self.residual, &self.shadow);
        for _ in 0..ITERATIONS {
            if dot(&self.residual, &self.residual) <= target {
                return;
            }
            let Some((alpha, omega)) = self.step(b, rho, &times) else {
                return;
            };
            let next = dot(&self.residual, &self.shadow);
            self.turn(next / rho * (alpha / omega), omega);
            rho = next;
        }
    }

    fn begin(&mut self, b: &[f64]) {
        for copy in [&mut self.residual, &mut self.shadow, &mut self.direction] {
            copy.clear();
            copy.extend_from_slice(b);
        }
        for blank in [&mut self.product, &mut self.half, &mut self.image] {
            refill(blank, b.len(), 0.0);
        }
    }

    /// One step along the direction and one along the residual; their lengths, or none on breakdown.
    fn step(&mut self, x: &mut [f64], rho: f64, times: &impl Fn(&[f64], &mut [f64])) -> Option<(f64, f64)> {
        times(&self.direction, &mut self.product);
        let alpha = usable(rho / dot(&self.shadow, &self.product))?;
        axpy(x, alpha, &self.direction);
        self.half.copy_from_slice(&self.residual);
        axpy(&mut self.half, -alpha, &self.product);
        times(&self.half, &mut self.image);
        let omega = usable(dot(&self.image, &self.half) / dot(&self.image, &self.image))?;
        axpy(x, omega, &self.half);
        self.residual.copy_from_slice(&self.half);
        axpy(&mut self.residual, -omega, &self.image);
        Some((alpha, omega))
    }

    fn turn(&mut self, beta: f64, omega: f64) {
        for k in 0..self.direction.len() {
            let kept = self.direction[k] - omega * self.product[k];
            self.direction[k] = self.residual[k] + beta * kept;
        }
    }
}

fn usable(length: f64) -> Option<f64> {
    (length.is_finite() && length != 0.0).then_some(length)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn axpy(y: &mut [f64], a: f64, x: &[f64]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y += a * x);
}
