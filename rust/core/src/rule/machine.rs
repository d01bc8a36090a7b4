//! The registers of a block, and the instructions over them: nothing is allocated in a month.

use super::operation::Operation;
use super::programs::{Node, Pass, Programs, Register};
use crate::column::{Column, LANES, Row, ZERO, zeros};
use crate::draw::{Draws, Stream, uniforms};
use crate::pack::{Mask, Pack, Packs, packs};
use crate::variables::{Parameters, State};
use pulp::{Scalar, Simd};

/// Largest size of a result.
const LARGEST: f64 = 1e300;

/// Least number that a logarithm is taken of.
const LEAST: f64 = 1e-300;

/// Values of past months of one register: a ring.
#[derive(Clone, Debug)]
struct Ring {
    rows: Vec<Row>,
}

/// The registers of a block.
#[derive(Clone, Debug)]
pub struct Machine {
    registers: Vec<Row>,
    constants: Column,
    rings: Vec<Ring>,
    roots: Vec<Register>,
    fixed: Pass,
}

/// Numbers of the month that instructions read.
#[derive(Clone, Copy, Debug)]
struct Now<'n> {
    month: u32,
    draws: &'n Draws,
}

impl Machine {
    /// Memory for programs with these constants, which remember as many months as each of `history` says.
    #[must_use]
    pub fn new(programs: &Programs, constants: Column, history: &[[i32; 2]]) -> Self {
        Self {
            registers: zeros(ZERO, programs.nodes().len()),
            constants,
            rings: history.iter().map(|row| Ring { rows: zeros(ZERO, row[1] as usize) }).collect(),
            roots: (0..programs.len()).map(|program| programs.root(program)).collect(),
            fixed: programs.fixed(),
        }
    }

    /// Makes ready for a block of paths whose lanes have these draws; parameters are those of the world.
    pub fn start(&mut self, parameters: &Parameters, draws: &Draws, of: &[usize; LANES]) {
        self.constants.select(of);
        let fixed = std::mem::take(&mut self.fixed);
        for &(register, node) in &fixed.computed {
            match node {
                Node::Constant(place) => self.registers[register as usize] = self.constants.row(place as usize),
                Node::Parameter(place, entity) => {
                    self.registers[register as usize] = parameters.column(place as usize).row(entity as usize);
                }
                node => self.compute(Scalar::new(), register, node, Now { month: 0, draws }),
            }
        }
        self.fixed = fixed;
    }

    /// Works out what a phase of the month needs.
    #[inline(always)]
    pub fn run<S: Simd>(&mut self, s: S, pass: &Pass, state: &State, draws: &Draws, month: u32) {
        for &[register, place, entity] in &pass.fetched {
            self.registers[register as usize] = state.rows(place as usize)[entity as usize];
        }
        for &(register, node) in &pass.computed {
            self.compute(s, register, node, Now { month, draws });
        }
    }

    /// Shows what past months left, to read or to write, always in the same order.
    pub fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        for row in self.rings.iter_mut().flat_map(|ring| &mut ring.rows) {
            visit(&mut row.0);
        }
    }

    /// The value of a program after the last run that needed it.
    #[inline(always)]
    #[must_use]
    pub fn value(&self, program: usize) -> &Row {
        &self.registers[self.roots[program] as usize]
    }

    /// Computes one register of those before it.
    #[inline(always)]
    fn compute<S: Simd>(&mut self, s: S, register: Register, node: Node, now: Now<'_>) {
        let (before, rest) = self.registers.split_at_mut(register as usize);
        let into = &mut rest[0];
        match node {
            Node::Apply(operation, [a, b, c]) => {
                apply(s, operation, [&before[a as usize], &before[b as usize], &before[c as usize]], into);
            }
            Node::Month => *into = Row::of(f64::from(now.month)),
            Node::Past(history, of) => {
                self.rings[history as usize].turn(now.month, &before[of as usize], into);
            }
            Node::Chance(address, of) => {
                let luck = uniforms(&now.draws.words(Stream::Rule, address, now.month)[0]);
                for k in packs::<S>() {
                    into.put(k, luck.pack(s, k).below(before[of as usize].pack(s, k)).choose(1.0, 0.0));
                }
            }
            // Filled before.
            Node::Constant(_) | Node::Parameter(..) | Node::Variable(..) => {}
        }
    }
}

impl Ring {
    /// Takes the value of the month, and gives that of as many months ago as there are rows, or that of month 1.
    #[inline(always)]
    fn turn(&mut self, month: u32, now: &Row, into: &mut Row) {
        let slot = (month as usize - 1) % self.rows.len();
        let past = if month as usize > self.rows.len() { slot } else { 0 };
        if month == 1 {
            self.rows[0] = *now;
        }
        *into = self.rows[past];
        self.rows[slot] = *now;
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

/// Applies an operation, pack by pack.
#[inline(always)]
fn apply<S: Simd>(s: S, operation: Operation, of: [&Row; 3], into: &mut Row) {
    macro_rules! by {
        (|$a:ident, $b:ident| $value:expr) => {
            for k in packs::<S>() {
                let ($a, $b) = (of[0].pack(s, k), of[1].pack(s, k));
                let _ = $b;
                into.put(k, $value);
            }
        };
    }
    match operation {
        Operation::Add => by!(|a, b| limit(a + b)),
        Operation::Sub => by!(|a, b| limit(a - b)),
        Operation::Mul => by!(|a, b| limit(a * b)),
        Operation::Div => by!(|a, b| b.equals(0.0).choose(0.0, limit(a / b))),
        Operation::Neg => by!(|a, b| -a),
        Operation::Abs => by!(|a, b| a.abs()),
        Operation::Min => by!(|a, b| a.at_most(b)),
        Operation::Max => by!(|a, b| a.at_least(b)),
        Operation::Exp => by!(|a, b| limit(a.exp())),
        Operation::Log => by!(|a, b| a.at_least(LEAST).ln()),
        Operation::Pow => by!(|a, b| power(a, b)),
        Operation::Lt => by!(|a, b| flag(a.below(b))),
        Operation::Le => by!(|a, b| unless(a.above(b))),
        Operation::Gt => by!(|a, b| flag(a.above(b))),
        Operation::Ge => by!(|a, b| unless(a.below(b))),
        Operation::Eq => by!(|a, b| flag(a.equals(b))),
        Operation::Ne => by!(|a, b| unless(a.equals(b))),
        Operation::And => by!(|a, b| flag(holds(a) & holds(b))),
        Operation::Or => by!(|a, b| flag(holds(a) | holds(b))),
        Operation::Not => by!(|a, b| unless(holds(a))),
        Operation::Choose => {
            for k in packs::<S>() {
                into.put(k, holds(of[0].pack(s, k)).choose(of[1].pack(s, k), of[2].pack(s, k)));
            }
        }
        // Leaves are not applied.
        Operation::Constant
        | Operation::Variable
        | Operation::Parameter
        | Operation::Month
        | Operation::Lag
        | Operation::Chance
        | Operation::Program => {}
    }
}

/// `base` to the power `exponent`: of a base that is not above 0, 1 if the exponent is 0, else 0.
#[inline(always)]
fn power<S: Simd>(base: Pack<S>, exponent: Pack<S>) -> Pack<S> {
    let raised = limit((exponent * base.at_least(LEAST).ln()).exp());
    let nothing = exponent.equals(0.0).choose(1.0, 0.0);
    base.above(0.0).choose(raised, nothing)
}
