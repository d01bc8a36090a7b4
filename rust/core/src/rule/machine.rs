//! The rows of a block, and the steps over them: nothing is allocated in a month.

use super::graph::{Graph, Pass, Step};
use super::operation::Operation;
use crate::column::{Column, LANES, Row, ZERO, zeros};
use crate::draw::{Draws, Stream, normals, uniforms};
use crate::pack::{Bits, Mask, Pack, Packs, packs};
use crate::variables::{Parameters, State};
use pulp::{Scalar, Simd};

/// Largest size of a result.
const LARGEST: f64 = 1e300;

/// Least number that a logarithm is taken of.
const LEAST: f64 = 1e-300;

/// Values of past months of one node: a ring.
#[derive(Clone, Debug)]
struct Ring {
    rows: Vec<Row>,
}

/// The rows of all nodes of a block.
#[derive(Clone, Debug)]
pub struct Machine {
    rows: Vec<Row>,
    /// The first row of each node.
    first: Vec<u32>,
    constants: Column,
    rings: Vec<Ring>,
    fixed: Pass,
}

/// The part of a month that steps read.
#[derive(Clone, Copy, Debug)]
struct Now<'n> {
    month: u32,
    draws: &'n Draws,
}

impl Machine {
    /// Memory for expressions with these constants.
    #[must_use]
    pub fn new(graph: &Graph, constants: Column) -> Self {
        Self {
            rows: zeros(ZERO, graph.height()),
            first: (0..graph.len()).map(|node| graph.row(node) as u32).collect(),
            constants,
            rings: graph.rings().iter().map(|&rows| Ring { rows: zeros(ZERO, rows) }).collect(),
            fixed: graph.fixed(),
        }
    }

    /// Makes ready for a block of paths whose lanes have these draws; parameters are those of the world.
    pub fn start(&mut self, parameters: &Parameters, draws: &Draws, of: &[usize; LANES]) {
        self.constants.select(of);
        let fixed = std::mem::take(&mut self.fixed);
        for &[row, place] in &fixed.constants {
            self.rows[row as usize] = self.constants.row(place as usize);
        }
        for &[row, place, entity] in &fixed.stated {
            self.rows[row as usize] = parameters.column(place as usize).row(entity as usize);
        }
        for &step in &fixed.steps {
            self.take(Scalar::new(), step, Now { month: 0, draws });
        }
        self.fixed = fixed;
    }

    /// Works out what a phase of the month needs.
    #[inline(always)]
    pub fn run<S: Simd>(&mut self, s: S, pass: &Pass, state: &State, draws: &Draws, month: u32) {
        for group in pass.fetched.chunk_by(|[_, one, _], [_, other, _]| one == other) {
            let of = state.rows(group[0][1] as usize);
            for &[row, _, entity] in group {
                self.rows[row as usize] = of[entity as usize];
            }
        }
        for &step in &pass.steps {
            self.take(s, step, Now { month, draws });
        }
    }

    /// Shows what past months left, to read or to write, always in the same order.
    pub fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        for row in self.rings.iter_mut().flat_map(|ring| &mut ring.rows) {
            visit(&mut row.0);
        }
    }

    /// The value of a node that has one, after the last run that needed it.
    #[inline(always)]
    #[must_use]
    pub fn value(&self, node: usize) -> &Row {
        &self.rows[self.first[node] as usize]
    }

    /// Takes one step, from rows to rows behind them.
    #[inline(always)]
    fn take<S: Simd>(&mut self, s: S, step: Step, now: Now<'_>) {
        match step {
            Step::Month(into) => self.rows[into.at(0)] = Row::of(f64::from(now.month)),
            Step::Past(ring, [of, into]) => {
                let (before, rest) = self.rows.split_at_mut(into.at(0));
                self.rings[ring].turn(now.month, &before[of.all()], &mut rest[..into.len()]);
            }
            Step::Keep(operation, ring, [of, into]) => {
                let kept = &mut self.rings[ring].rows;
                for (member, kept) in kept.iter_mut().enumerate() {
                    let (of, into) = (of.at(member), into.at(member));
                    if now.month == 1 {
                        self.rows[into] = self.rows[of];
                    } else {
                        self.rows[into] = *kept;
                        apply(s, operation, &mut self.rows, [into, of, of], into);
                    }
                    *kept = self.rows[into];
                }
            }
            Step::Luck(normal, address, into) => {
                let words = now.draws.words(Stream::Rule, address, now.month);
                self.rows[into as usize] =
                    if normal { normals(s, &words[0], &words[1])[0] } else { uniforms(&words[0]) };
            }
            Step::Chance(address, [of, into]) => {
                let words = now.draws.words(Stream::Rule, address, now.month);
                for k in packs::<S>() {
                    let luck = Bits::of(s, &words[0], k).uniform();
                    let happens = luck.below(self.rows[of as usize].pack(s, k));
                    self.rows[into as usize].put(k, flag(happens));
                }
            }
            Step::One(operation, of, into) => {
                apply(s, operation, &mut self.rows, of.map(|of| of as usize), into as usize);
            }
            Step::Apply(operation, of, into) => {
                for member in 0..into.len() {
                    apply(s, operation, &mut self.rows, of.map(|of| of.at(member)), into.at(member));
                }
            }
            Step::Fold(operation, of, into) => {
                let into = into.at(0);
                self.rows[into] = self.rows[of.at(0)];
                for of in of.all().skip(1) {
                    apply(s, operation, &mut self.rows, [into, of, of], into);
                }
            }
        }
    }
}

impl Ring {
    /// Takes the values of the month, and gives those of as many months ago as it holds, or those of month 1.
    #[inline(always)]
    fn turn(&mut self, month: u32, now: &[Row], into: &mut [Row]) {
        let (width, months) = (now.len(), self.rows.len() / now.len());
        let slot = (month as usize - 1) % months;
        let past = if month as usize > months { slot } else { 0 };
        if month == 1 {
            self.rows[..width].copy_from_slice(now);
        }
        into.copy_from_slice(&self.rows[past * width..][..width]);
        self.rows[slot * width..][..width].copy_from_slice(now);
    }
}

/// Keeps a result within its limits.
#[inline(always)]
fn limit<S: Simd>(value: Pack<S>) -> Pack<S> {
    value.at_most(LARGEST).at_least(-LARGEST)
}

/// Lanes on which a flag holds.
#[inline(always)]
fn holds<S: Simd>(flag: Pack<S>) -> Mask<S> {
    let size = flag.abs();
    size.above(0.0)
}

/// 1 where it holds, else 0.
#[inline(always)]
fn flag<S: Simd>(mask: Mask<S>) -> Pack<S> {
    mask.choose(1.0, 0.0)
}

/// 0 where it holds, else 1.
#[inline(always)]
fn unless<S: Simd>(mask: Mask<S>) -> Pack<S> {
    mask.choose(0.0, 1.0)
}

/// Applies an operation to three rows, pack by pack, and writes a fourth, which may be one of them.
#[inline(always)]
fn apply<S: Simd>(s: S, operation: Operation, rows: &mut [Row], of: [usize; 3], into: usize) {
    macro_rules! by {
        (|$a:ident| $value:expr) => {
            for k in packs::<S>() {
                let $a = rows[of[0]].pack(s, k);
                rows[into].put(k, $value);
            }
        };
        (|$a:ident, $b:ident| $value:expr) => {
            for k in packs::<S>() {
                let ($a, $b) = (rows[of[0]].pack(s, k), rows[of[1]].pack(s, k));
                rows[into].put(k, $value);
            }
        };
    }
    match operation {
        Operation::Add => by!(|a, b| limit(a + b)),
        Operation::Sub => by!(|a, b| limit(a - b)),
        Operation::Mul => by!(|a, b| limit(a * b)),
        Operation::Div => by!(|a, b| b.equals(0.0).choose(0.0, limit(a / b))),
        Operation::Mod => {
            rows[into] = Row::from_fn(|l| remainder(rows[of[0]][l], rows[of[1]][l]));
        }
        Operation::Neg => by!(|a| -a),
        Operation::Abs => by!(|a| a.abs()),
        Operation::Min => by!(|a, b| a.at_most(b)),
        Operation::Max => by!(|a, b| a.at_least(b)),
        Operation::Exp => by!(|a| limit(a.exp())),
        Operation::Log => by!(|a| a.at_least(LEAST).ln()),
        Operation::Pow => by!(|a, b| power(a, b)),
        Operation::Lt => by!(|a, b| flag(a.below(b))),
        Operation::Le => by!(|a, b| unless(a.above(b))),
        Operation::Gt => by!(|a, b| flag(a.above(b))),
        Operation::Ge => by!(|a, b| unless(a.below(b))),
        Operation::Eq => by!(|a, b| flag(a.equals(b))),
        Operation::Ne => by!(|a, b| unless(a.equals(b))),
        Operation::And => by!(|a, b| flag(holds(a) & holds(b))),
        Operation::Or => by!(|a, b| flag(holds(a) | holds(b))),
        Operation::Not => by!(|a| unless(holds(a))),
        Operation::Choose => {
            for k in packs::<S>() {
                let [chosen, one, other] = of.map(|of| rows[of].pack(s, k));
                rows[into].put(k, holds(chosen).choose(one, other));
            }
        }
        // Leaves are not applied, and folds are by the operation on two.
        Operation::Constant
        | Operation::Variable
        | Operation::Variables
        | Operation::Parameter
        | Operation::Parameters
        | Operation::Month
        | Operation::Lag
        | Operation::Chance
        | Operation::Chances
        | Operation::Total
        | Operation::Least
        | Operation::Greatest
        | Operation::Any
        | Operation::All
        | Operation::Summed
        | Operation::Lowest
        | Operation::Highest
        | Operation::Uniform
        | Operation::Normal
        | Operation::Uniforms
        | Operation::Normals => {}
    }
}

/// The remainder of a division, of the sign of the divisor; nothing where that is 0.
fn remainder(value: f64, divisor: f64) -> f64 {
    if divisor == 0.0 {
        return 0.0;
    }
    let rest = value % divisor;
    if rest != 0.0 && (rest < 0.0) != (divisor < 0.0) { rest + divisor } else { rest }
}

/// `base` to the power `exponent`: of a base that is not above 0, 1 if the exponent is 0, else 0.
#[inline(always)]
fn power<S: Simd>(base: Pack<S>, exponent: Pack<S>) -> Pack<S> {
    let raised = limit((exponent * base.at_least(LEAST).ln()).exp());
    let nothing = exponent.equals(0.0).choose(1.0, 0.0);
    base.above(0.0).choose(raised, nothing)
}
