//! Programs in reverse Polish notation, checked once and turned into instructions over registers.
//!
//! Each distinct expression has one register, whichever programs it stands in, so that what rules share is worked out once.

use super::error::RuleError;
use super::operation::Operation;
use crate::variables::{PARAMETERS, VARIABLES};
use std::collections::HashMap;

/// Rows that a stack may hold.
const DEEPEST: usize = 64;

/// Place of a row among the registers.
pub type Register = u32;

/// The content of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// A number, by its place.
    Constant(u32),
    /// A parameter of an entity as the world gives it.
    Parameter(u32, u32),
    /// A variable of an entity.
    Variable(u32, u32),
    /// The month.
    Month,
    /// The value of a register some months ago, by number of the history.
    Past(u32, Register),
    /// Chance, with the address of its luck.
    Chance(u32, Register),
    /// An operation on one to three registers; those not used repeat the first.
    Apply(Operation, [Register; 3]),
}

/// How many there are of what a program may point to.
pub struct Scope<'s> {
    /// Numbers.
    pub constants: usize,
    /// Program and months back of each history.
    pub history: &'s [[i32; 2]],
    /// Addresses of luck.
    pub addresses: &'s [u32],
    /// Entities of each variable.
    pub variables: &'s dyn Fn(usize) -> usize,
    /// Entities of each parameter.
    pub parameters: &'s dyn Fn(usize) -> usize,
}

/// All programs, as expressions that share what they can.
#[derive(Clone, Debug, Default)]
pub struct Programs {
    nodes: Vec<Node>,
    known: HashMap<Node, Register>,
    roots: Vec<Register>,
    /// Whether a register is the same in all months.
    fixed: Vec<bool>,
}

/// Instructions to carry out, in order.
#[derive(Clone, Debug, Default)]
pub struct Pass {
    /// Registers to fill with variables: register, place, entity.
    pub fetched: Vec<[u32; 3]>,
    /// Registers to compute.
    pub computed: Vec<(Register, Node)>,
}

impl Programs {
    /// Checks programs that `offsets` cut out of `code`.
    ///
    /// # Errors
    /// The first operation that cannot be.
    pub fn new(code: &[[i32; 3]], offsets: &[i32], scope: &Scope<'_>) -> Result<Self, RuleError> {
        let wrong = RuleError::Offsets { operations: code.len() };
        let rises = offsets.windows(2).all(|pair| pair[0] <= pair[1]);
        if !rises || offsets.first() != Some(&0) || offsets.last().copied() != i32::try_from(code.len()).ok() {
            return Err(wrong);
        }
        let mut programs = Self::default();
        for (number, pair) in offsets.windows(2).enumerate() {
            let root = programs.parse(&code[pair[0] as usize..pair[1] as usize], pair[0] as usize, number, scope)?;
            programs.roots.push(root);
        }
        Ok(programs)
    }

    /// Reads one program; gives the register of its value.
    fn parse(
        &mut self,
        code: &[[i32; 3]],
        first: usize,
        number: usize,
        scope: &Scope<'_>,
    ) -> Result<Register, RuleError> {
        let mut stack: Vec<Register> = Vec::new();
        let mut last = "end";
        for (at, row) in code.iter().enumerate() {
            let operation = place("code", first + at, "operation", row[0], Operation::ALL.len())?;
            let operation = Operation::ALL[operation];
            last = operation.name();
            let wrong = |problem| Err(RuleError::Stack { program: number, at, name: operation.name(), problem });
            let Some(left) = stack.len().checked_sub(operation.pops()) else {
                return wrong("too few rows on the stack");
            };
            if left >= DEEPEST {
                return wrong("more than 64 rows on the stack");
            }
            let register = if operation == Operation::Program {
                self.roots[place("code", first + at, "program", row[1], self.roots.len())?]
            } else {
                let node = self.node(operation, row, first + at, number, &stack[left..], scope)?;
                self.register(node)
            };
            stack.truncate(left);
            stack.push(register);
        }
        match stack[..] {
            [root] => Ok(root),
            _ => Err(RuleError::Stack {
                program: number,
                at: code.len(),
                name: last,
                problem: "a program must leave one row",
            }),
        }
    }

    /// One operation on the registers it pops.
    fn node(
        &self,
        operation: Operation,
        row: &[i32; 3],
        at: usize,
        number: usize,
        popped: &[Register],
        scope: &Scope<'_>,
    ) -> Result<Node, RuleError> {
        let find = |what, value, count| place("code", at, what, value, count).map(|place| place as u32);
        let of_entity = |what, rows, entities: &dyn Fn(usize) -> usize| {
            let place = find(what, row[1], rows)?;
            Ok::<_, RuleError>((place, find("entity", row[2], entities(place as usize))?))
        };
        Ok(match operation {
            Operation::Constant => Node::Constant(find("constant", row[1], scope.constants)?),
            Operation::Variable => {
                let (place, entity) = of_entity("variable", VARIABLES.len(), scope.variables)?;
                Node::Variable(place, entity)
            }
            Operation::Parameter => {
                let (place, entity) = of_entity("parameter", PARAMETERS.len(), scope.parameters)?;
                Node::Parameter(place, entity)
            }
            Operation::Month => Node::Month,
            Operation::Lag => {
                let history = find("history", row[1], scope.history.len())?;
                let of = scope.history[history as usize][0] as usize;
                let root = *self.roots.get(of).ok_or(RuleError::History { program: number, of })?;
                Node::Past(history, root)
            }
            Operation::Chance => {
                let address = find("address", row[1], scope.addresses.len())?;
                Node::Chance(scope.addresses[address as usize], popped[0])
            }
            _ => Node::Apply(operation, std::array::from_fn(|k| *popped.get(k).unwrap_or(&popped[0]))),
        })
    }

    /// The register of an expression, a new one if it is new.
    fn register(&mut self, node: Node) -> Register {
        if let Some(&known) = self.known.get(&node) {
            return known;
        }
        let register = self.nodes.len() as u32;
        self.fixed.push(match node {
            Node::Constant(_) | Node::Parameter(..) => true,
            Node::Variable(..) | Node::Month | Node::Past(..) | Node::Chance(..) => false,
            Node::Apply(_, of) => of.iter().all(|&register| self.fixed[register as usize]),
        });
        self.nodes.push(node);
        self.known.insert(node, register);
        register
    }

    /// Number of programs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.roots.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.roots.is_empty()
    }

    /// The register of a program's value.
    #[must_use]
    pub fn root(&self, program: usize) -> Register {
        self.roots[program]
    }

    /// The content of each register.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The number that a program is in all months and draws, by place, if it is nothing but one.
    #[must_use]
    pub fn constant(&self, program: usize) -> Option<u32> {
        match self.nodes[self.roots[program] as usize] {
            Node::Constant(place) => Some(place),
            _ => None,
        }
    }

    /// Instructions whose value does not change from month to month.
    #[must_use]
    pub fn fixed(&self) -> Pass {
        self.pass((0..self.nodes.len() as u32).filter(|&r| self.fixed[r as usize]), |_| true)
    }

    /// The instructions that the values of some programs need in a month.
    ///
    /// One phase of the month must `remember` what the others look back at.
    #[must_use]
    pub fn needed(&self, programs: impl Iterator<Item = usize>, remember: bool) -> Pass {
        let mut wanted: Vec<bool> = self.nodes.iter().map(|node| remember && matches!(node, Node::Past(..))).collect();
        for program in programs {
            wanted[self.roots[program] as usize] = true;
        }
        for register in (0..self.nodes.len()).rev() {
            if !wanted[register] {
                continue;
            }
            match self.nodes[register] {
                Node::Past(_, of) if remember => wanted[of as usize] = true,
                Node::Past(..) => wanted[register] = false,
                Node::Chance(_, of) => wanted[of as usize] = true,
                Node::Apply(_, of) => of.iter().for_each(|&of| wanted[of as usize] = true),
                Node::Constant(_) | Node::Parameter(..) | Node::Variable(..) | Node::Month => {}
            }
        }
        self.pass(0..self.nodes.len() as u32, |r| wanted[r as usize] && !self.fixed[r as usize])
    }

    fn pass(&self, registers: impl Iterator<Item = Register>, keep: impl Fn(Register) -> bool) -> Pass {
        let mut pass = Pass::default();
        for register in registers.filter(|&register| keep(register)) {
            match self.nodes[register as usize] {
                Node::Variable(place, entity) => pass.fetched.push([register, place, entity]),
                node => pass.computed.push((register, node)),
            }
        }
        pass
    }

    /// Variables that programs read, by place in the table.
    pub fn variables(&self) -> impl Iterator<Item = usize> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Variable(place, _) => Some(*place as usize),
            _ => None,
        })
    }
}

/// A number that must be a place among `count`.
pub fn place(
    array: &'static str,
    row: usize,
    what: &'static str,
    value: i32,
    count: usize,
) -> Result<usize, RuleError> {
    match usize::try_from(value) {
        Ok(place) if place < count => Ok(place),
        _ => Err(RuleError::Place { array, row, what, value, count }),
    }
}
