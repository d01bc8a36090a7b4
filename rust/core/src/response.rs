//! How what companies pay answers to what they earn, and the spectral radius of that.

use crate::column::{Row, ZERO, counted, zeros};
use crate::math::{exp, ln};
use crate::world::World;

/// Squarings of a response at most: what is left of its start is then its 2^48th root.
const SQUARINGS: usize = 48;

/// Two squares of a normalised response that differ no more are the same.
const SAME: f64 = 1e-15;

/// The order of what follows what.
#[derive(Clone, Copy, Debug)]
pub enum Link {
    /// The supplier of what its customer wants.
    Contract(usize),
    /// A vendor of a fleet.
    Order(usize),
}

/// How what companies pay answers to what they earn.
#[derive(Debug, Default)]
pub struct Response {
    /// The meaning of each row of the response.
    pub links: Vec<Link>,
    /// The payer and the payee.
    pub ends: Vec<[usize; 2]>,
    /// Dollars less paid under each link next month for a dollar less earned by who pays.
    pub weights: Vec<Row>,
    /// Companies on rings, by place.
    members: Vec<usize>,
    /// Place of each company.
    place: Vec<usize>,
    matrix: Vec<f64>,
    square: Vec<f64>,
}

/// Stands for no place.
const NOWHERE: usize = usize::MAX;

impl Response {
    /// Memory for a world, if anybody wants to know.
    pub(crate) fn new(world: &World, wanted: bool) -> Self {
        if !wanted {
            return Self::default();
        }
        let (k, companies) = (&world.links, world.parameters.company.cash.len());
        let contracts =
            k.contract.customer.iter().zip(k.contract.supplier.iter()).map(|(&i, &j)| [i as usize, j as usize]);
        let owner = |fleet: i32| k.fleet.owner[fleet as usize] as usize;
        let orders = k.order.fleet.iter().zip(k.order.vendor.iter()).map(|(&f, &j)| [owner(f), j as usize]);
        let ends: Vec<_> = contracts.chain(orders).collect();
        let links = (0..k.contract.customer.len()).map(Link::Contract);
        count_matrices(&ends, companies);
        Self {
            links: links.chain((0..k.order.vendor.len()).map(Link::Order)).collect(),
            weights: zeros(ZERO, ends.len()),
            place: vec![NOWHERE; companies],
            ends,
            ..Self::default()
        }
    }

    /// The spectral radius on one path; none once `go` says no.
    pub fn radius(&mut self, l: usize, go: &mut dyn FnMut() -> bool) -> Option<f64> {
        self.find_rings(l, go)?;
        let n = self.members.len();
        self.matrix.clear();
        self.matrix.resize(n * n, 0.0);
        for (&[from, to], weight) in self.ends.iter().zip(&self.weights) {
            let (row, column) = (self.place[to], self.place[from]);
            if row != NOWHERE && column != NOWHERE {
                self.matrix[row * n + column] += weight[l];
            }
        }
        radius(&mut self.matrix, &mut self.square, n, go)
    }

    /// Keeps companies that answer to others and are answered to, again and again: without rings nobody.
    fn find_rings(&mut self, l: usize, go: &mut dyn FnMut() -> bool) -> Option<()> {
        self.place.fill(0);
        let mut left = NOWHERE;
        while go() {
            let companies = self.place.len();
            let (mut pays, mut earns) = (vec![false; companies], vec![false; companies]);
            for (&[from, to], weight) in self.ends.iter().zip(&self.weights) {
                if weight[l] > 0.0 && self.place[from] != NOWHERE && self.place[to] != NOWHERE {
                    (pays[from], earns[to]) = (true, true);
                }
            }
            self.members.clear();
            for i in 0..companies {
                let stays = pays[i] && earns[i];
                self.place[i] = if stays { self.members.len() } else { NOWHERE };
                self.members.extend(stays.then_some(i));
            }
            if self.members.len() == left {
                return Some(());
            }
            left = self.members.len();
        }
        None
    }
}

/// Counts the matrices that are made once rings are found: at most those of all who pay and are paid.
fn count_matrices(ends: &[[usize; 2]], companies: usize) {
    let (mut pays, mut earns) = (vec![false; companies], vec![false; companies]);
    for &[from, to] in ends {
        (pays[from], earns[to]) = (true, true);
    }
    let most = pays.iter().zip(&earns).filter(|&(pays, earns)| *pays && *earns).count();
    counted::<f64>(2 * most * most);
}

/// Spectral radius of a matrix of `n` rows without negative entries, which is used up: what the norms of its powers
/// 1, 2, 4, 8 ... come to (Gelfand's formula), until the powers keep their shape. None once `go` says no.
fn radius(matrix: &mut Vec<f64>, square: &mut Vec<f64>, n: usize, go: &mut dyn FnMut() -> bool) -> Option<f64> {
    let (mut log, mut part) = (0.0, 1.0);
    for _ in 0..SQUARINGS {
        let size = norm(matrix, n);
        if size == 0.0 {
            return Some(0.0);
        }
        log += part * ln(size);
        for x in matrix.iter_mut() {
            *x /= size;
        }
        multiply(matrix, square, n, go)?;
        let next = norm(square, n);
        if next > 0.0 && matrix.iter().zip(&*square).all(|(x, y)| (x - y / next).abs() <= SAME) {
            return Some(exp(log + part * ln(next)));
        }
        std::mem::swap(matrix, square);
        part *= 0.5;
    }
    Some(exp(log))
}

/// Largest sum of a row.
fn norm(matrix: &[f64], n: usize) -> f64 {
    matrix.chunks(n.max(1)).map(|row| row.iter().sum::<f64>()).fold(0.0, f64::max)
}

/// Writes the square of a matrix, as long as `go` says so.
fn multiply(matrix: &[f64], square: &mut Vec<f64>, n: usize, go: &mut dyn FnMut() -> bool) -> Option<()> {
    square.clear();
    square.resize(n * n, 0.0);
    for i in 0..n {
        if !go() {
            return None;
        }
        for k in 0..n {
            let factor = matrix[i * n + k];
            if factor != 0.0 {
                for j in 0..n {
                    square[i * n + j] += factor * matrix[k * n + j];
                }
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[&[f64]]) -> f64 {
        radius(&mut rows.concat(), &mut Vec::new(), rows.len(), &mut || true).expect("nobody stops it")
    }

    #[test]
    fn who_is_stopped_gives_nothing() {
        assert_eq!(radius(&mut vec![0.0, 0.3, 0.7, 0.0], &mut Vec::new(), 2, &mut || false), None);
    }

    #[test]
    fn of_a_ring_it_is_the_mean_of_its_links() {
        assert!((of(&[&[0.0, 0.3], &[0.7, 0.0]]) - 0.21_f64.sqrt()).abs() < 1e-14);
        let three = of(&[&[0.0, 0.0, 0.5], &[2.0, 0.0, 0.0], &[0.0, 0.008, 0.0]]);
        assert!((three - 0.2).abs() < 1e-12, "{three}");
    }

    #[test]
    fn without_rings_it_is_nothing_and_alone_it_is_itself() {
        assert!(of(&[&[0.0, 5.0], &[0.0, 0.0]]) == 0.0);
        assert!(of(&[]) == 0.0);
        assert!((of(&[&[0.4]]) - 0.4).abs() < 1e-15);
    }

    #[test]
    fn it_is_that_of_the_largest_part() {
        // Two rings, one after the other: 0.5, and 0.5 again behind it.
        let rows: [&[f64]; 4] =
            [&[0.0, 0.5, 0.0, 0.0], &[0.5, 0.0, 0.0, 0.0], &[3.0, 0.0, 0.0, 0.5], &[0.0, 0.0, 0.5, 0.0]];
        let found = of(&rows);
        assert!((found - 0.5).abs() < 1e-11, "{found}");
    }
}
