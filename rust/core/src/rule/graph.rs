//! Expressions as one graph of nodes, checked once and turned into steps over rows.
//!
//! A node has one row of lanes, or a row for each member of a group: what is asked of all companies is one node. Nodes
//! take nodes that come before them, so what rules share stands once and is worked out once.

use super::error::RuleError;
use super::operation::Operation;
use crate::variables::{PARAMETERS, VARIABLES};
use std::collections::BTreeMap;
use std::ops::Range;

/// Most months of a look back, a hold or a delay.
pub const MONTHS: i32 = 1200;

/// The arrays of a graph; docs/binding.md says what each is.
#[derive(Clone, Copy, Debug)]
pub struct GraphArrays<'a> {
    /// Operation and three operands.
    pub node: &'a [[i32; 4]],
    /// The begin of each group in `member`, and the end.
    pub group: &'a [i32],
    /// Members of groups.
    pub member: &'a [i32],
    /// Addresses of luck.
    pub address: &'a [u32],
}

/// Numbers of what a node may point to.
pub struct Scope<'s> {
    /// Numbers.
    pub constants: usize,
    /// Companies.
    pub companies: &'s dyn Fn() -> usize,
    /// Entities of each variable.
    pub variables: &'s dyn Fn(usize) -> usize,
    /// Entities of each parameter.
    pub parameters: &'s dyn Fn(usize) -> usize,
}

/// Rows of a node among all rows: one, or one for each member of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rows {
    first: u32,
    count: u32,
}

impl Rows {
    /// The row of a member; the only one where there is one.
    #[inline(always)]
    #[must_use]
    pub fn at(self, member: usize) -> usize {
        self.first as usize + member.min(self.count as usize - 1)
    }

    /// Their number.
    #[inline(always)]
    #[must_use]
    pub fn len(self) -> usize {
        self.count as usize
    }

    /// All of them.
    #[inline(always)]
    #[must_use]
    pub fn all(self) -> Range<usize> {
        self.first as usize..(self.first + self.count) as usize
    }
}

/// The content of a node; those it takes are numbers of nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    /// A number, by its place.
    Constant(u32),
    /// A parameter of an entity as the world gives it.
    Parameter(u32, u32),
    /// A parameter of each member of a group.
    Parameters(u32, usize),
    /// A variable of an entity.
    Variable(u32, u32),
    /// A variable of each member of a group.
    Variables(u32, usize),
    /// The month.
    Month,
    /// A node some months ago, by number of the ring.
    Past(usize, usize),
    /// All months of a node so far made one, by number of the ring.
    Kept(Operation, usize, usize),
    /// Luck, with its address; whether it is normal.
    Luck(bool, u32),
    /// Luck of each member of a group, whose members are places of addresses.
    Lucks(bool, usize),
    /// Chance, with the address of its luck.
    Chance(u32, usize),
    /// Chance of each member of a group, whose members are places of addresses.
    Chances(usize, usize),
    /// An operation on one to three nodes, member by member; those not used repeat the first.
    Apply(Operation, [usize; 3]),
    /// The members of a group made one, from the first to the last.
    Fold(Operation, usize),
}

impl Node {
    /// Whether it takes what was in months before.
    fn has_past(self) -> bool {
        matches!(self, Self::Past(..) | Self::Kept(..))
    }
}

/// One step of a pass.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// Writes the month.
    Month(Rows),
    /// Turns a ring: what is now, and where what was goes.
    Past(usize, [Rows; 2]),
    /// Adds what is now to what a ring keeps: what is now, and where what it then keeps goes.
    Keep(Operation, usize, [Rows; 2]),
    /// Draws luck by its address, normal or not, into a row.
    Luck(bool, u32, u32),
    /// Draws luck by its address: rows of the chance and of the outcome.
    Chance(u32, [u32; 2]),
    /// Applies an operation to three rows.
    One(Operation, [u32; 3], u32),
    /// Applies an operation to the rows of three nodes, member by member.
    Apply(Operation, [Rows; 3], Rows),
    /// Applies an operation to all members, one after the other.
    Fold(Operation, Rows, Rows),
}

/// The part of a pass in remembering what nodes look back at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Past {
    /// Remembers all of it, for other passes too.
    All,
    /// Remembers what it needs itself.
    Own,
    /// Leaves it to another pass.
    Other,
}

/// Steps to carry out, in order.
#[derive(Clone, Debug, Default)]
pub struct Pass {
    /// Rows to fill with numbers: row, place.
    pub constants: Vec<[u32; 2]>,
    /// Rows to fill with parameters: row, place, entity.
    pub stated: Vec<[u32; 3]>,
    /// Rows to fill with variables: row, place, entity; by place.
    pub fetched: Vec<[u32; 3]>,
    /// Steps from these to all else.
    pub steps: Vec<Step>,
}

/// All expressions of a run.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    rows: Vec<Rows>,
    /// Number of rows of all nodes.
    height: u32,
    /// The row of a variable of an entity: that of the group in which it stands, if one came before.
    fetched: BTreeMap<(u32, u32), u32>,
    /// Whether a node is the same in all months.
    fixed: Vec<bool>,
    groups: Vec<Vec<u32>>,
    addresses: Vec<u32>,
    /// Rows of each ring: months times rows of the node.
    rings: Vec<usize>,
}

impl Graph {
    /// Checks the arrays.
    ///
    /// # Errors
    /// The first number that cannot be.
    pub fn new(arrays: &GraphArrays<'_>, scope: &Scope<'_>) -> Result<Self, RuleError> {
        let mut graph = Self { groups: groups(arrays)?, addresses: arrays.address.to_vec(), ..Self::default() };
        for row in arrays.node {
            graph.add(row, scope)?;
        }
        Ok(graph)
    }

    /// Reads one node.
    fn add(&mut self, row: &[i32; 4], scope: &Scope<'_>) -> Result<(), RuleError> {
        let number = self.nodes.len();
        let code = place("node", number, "operation", row[0], Operation::ALL.len())?;
        let operation = Operation::ALL[code];
        let mut of = [0; 3];
        for k in 0..operation.takes() {
            of[k] = self.before(row[k + 1], number, operation)?;
        }
        for k in operation.takes().max(1)..3 {
            of[k] = of[0];
        }
        let node = self.node(operation, row, of, scope)?;
        let count = self.width(&node).ok_or(RuleError::Widths { row: number, name: operation.name() })?;
        let rows = self.room(node, count as u32);
        self.rows.push(rows);
        self.fixed.push(match node {
            Node::Constant(_) | Node::Parameter(..) | Node::Parameters(..) => true,
            Node::Apply(_, of) => of.iter().all(|&of| self.fixed[of]),
            Node::Fold(_, of) => self.fixed[of],
            _ => false,
        });
        self.nodes.push(node);
        Ok(())
    }

    /// Rows for a node: its own, but for a variable of one entity that stands somewhere.
    fn room(&mut self, node: Node, count: u32) -> Rows {
        let first = self.height;
        match node {
            Node::Variable(place, entity) => {
                let first = *self.fetched.entry((place, entity)).or_insert(first);
                self.height = self.height.max(first + 1);
                return Rows { first, count };
            }
            Node::Variables(place, group) => {
                let members = self.groups[group].iter().zip(first..);
                self.fetched.extend(members.map(|(&entity, row)| ((place, entity), row)));
            }
            _ => {}
        }
        self.height += count;
        Rows { first, count }
    }

    /// A node that an operation takes.
    fn before(&self, value: i32, row: usize, operation: Operation) -> Result<usize, RuleError> {
        match usize::try_from(value) {
            Ok(of) if of < self.nodes.len() => Ok(of),
            _ => Err(RuleError::Order { row, name: operation.name(), of: value }),
        }
    }

    /// The node of a row of the array.
    fn node(
        &mut self,
        operation: Operation,
        row: &[i32; 4],
        of: [usize; 3],
        scope: &Scope<'_>,
    ) -> Result<Node, RuleError> {
        let number = self.nodes.len();
        let find = |what, value, count| place("node", number, what, value, count);
        Ok(match operation {
            Operation::Constant => Node::Constant(find("constant", row[1], scope.constants)? as u32),
            Operation::Variable | Operation::Variables => {
                let variable = find("variable", row[1], VARIABLES.len())?;
                let entities = (scope.variables)(variable);
                if operation == Operation::Variable {
                    Node::Variable(variable as u32, find("entity", row[2], entities)? as u32)
                } else {
                    Node::Variables(variable as u32, self.group(row[2], entities)?)
                }
            }
            Operation::Parameter | Operation::Parameters => {
                let parameter = find("parameter", row[1], PARAMETERS.len())?;
                let entities = (scope.parameters)(parameter);
                if operation == Operation::Parameter {
                    Node::Parameter(parameter as u32, find("entity", row[2], entities)? as u32)
                } else {
                    Node::Parameters(parameter as u32, self.group(row[2], entities)?)
                }
            }
            Operation::Month => Node::Month,
            Operation::Lag => {
                let months = range("node", number, "months", row[2], [1, MONTHS])? as usize;
                self.rings.push(months * self.rows[of[0]].len());
                Node::Past(self.rings.len() - 1, of[0])
            }
            Operation::Summed | Operation::Lowest | Operation::Highest => {
                self.rings.push(self.rows[of[0]].len());
                Node::Kept(operation.pair(), self.rings.len() - 1, of[0])
            }
            Operation::Uniform | Operation::Normal => {
                let at = find("address", row[1], self.addresses.len())?;
                Node::Luck(operation == Operation::Normal, self.addresses[at])
            }
            Operation::Uniforms | Operation::Normals => {
                Node::Lucks(operation == Operation::Normals, self.group(row[1], self.addresses.len())?)
            }
            Operation::Chance => Node::Chance(self.addresses[find("address", row[2], self.addresses.len())?], of[0]),
            Operation::Chances => Node::Chances(self.group(row[2], self.addresses.len())?, of[0]),
            Operation::Total | Operation::Least | Operation::Greatest | Operation::Any | Operation::All => {
                Node::Fold(operation.pair(), of[0])
            }
            _ => Node::Apply(operation, of),
        })
    }

    /// A group by its number, whose members must be places among `count`.
    fn group(&self, value: i32, count: usize) -> Result<usize, RuleError> {
        let number = self.nodes.len();
        let group = place("node", number, "group", value, self.groups.len())?;
        match self.groups[group].iter().find(|&&member| member as usize >= count) {
            Some(&member) => Err(RuleError::Member { row: number, group, member, count }),
            None => Ok(group),
        }
    }

    /// Number of its rows, if those it takes have as many or one.
    fn width(&self, node: &Node) -> Option<usize> {
        match *node {
            Node::Parameters(_, group) | Node::Variables(_, group) | Node::Lucks(_, group) => {
                Some(self.groups[group].len())
            }
            Node::Past(_, of) | Node::Kept(_, _, of) | Node::Chance(_, of) => Some(self.rows[of].len()),
            Node::Chances(group, of) => {
                let count = self.groups[group].len();
                [1, count].contains(&self.rows[of].len()).then_some(count)
            }
            Node::Apply(_, of) => {
                let count = of.map(|of| self.rows[of].len()).into_iter().max()?;
                of.iter().all(|&of| [1, count].contains(&self.rows[of].len())).then_some(count)
            }
            _ => Some(1),
        }
    }

    /// Number of nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Number of rows of all nodes.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height as usize
    }

    /// Rows that each ring remembers.
    #[must_use]
    pub fn rings(&self) -> &[usize] {
        &self.rings
    }

    /// The first row of a node.
    #[must_use]
    pub fn row(&self, node: usize) -> usize {
        self.rows[node].at(0)
    }

    /// A number of an array that must be a node of one row.
    ///
    /// # Errors
    /// There is no such node, or it has a row for each member of a group.
    pub fn single(&self, array: &'static str, row: usize, what: &'static str, value: i32) -> Result<usize, RuleError> {
        let node = place(array, row, what, value, self.len())?;
        match self.rows[node].len() {
            1 => Ok(node),
            rows => Err(RuleError::Wide { array, row, what, node, rows }),
        }
    }

    /// The number that a node is in all months and draws, by place, if it is nothing but one.
    #[must_use]
    pub fn constant(&self, node: usize) -> Option<u32> {
        match self.nodes[node] {
            Node::Constant(place) => Some(place),
            _ => None,
        }
    }

    /// Whether a node is the same in all months.
    #[must_use]
    pub fn is_fixed(&self, node: usize) -> bool {
        self.fixed[node]
    }

    /// The pass of all that does not change from month to month.
    #[must_use]
    pub fn fixed(&self) -> Pass {
        self.pass(|node| self.fixed[node])
    }

    /// The pass that the values of some nodes need in a month. Of the phases that share a machine, one must remember the past of all.
    #[must_use]
    pub fn needed(&self, nodes: impl Iterator<Item = usize>, past: Past) -> Pass {
        let all = past == Past::All;
        let mut wanted: Vec<bool> = self.nodes.iter().map(|node| all && node.has_past()).collect();
        for node in nodes {
            wanted[node] = true;
        }
        for number in (0..self.nodes.len()).rev() {
            if !wanted[number] {
                continue;
            }
            match self.nodes[number] {
                node if past == Past::Other && node.has_past() => wanted[number] = false,
                Node::Past(_, of)
                | Node::Kept(_, _, of)
                | Node::Chance(_, of)
                | Node::Chances(_, of)
                | Node::Fold(_, of) => wanted[of] = true,
                Node::Apply(_, of) => of.iter().for_each(|&of| wanted[of] = true),
                _ => {}
            }
        }
        self.pass(|node| wanted[node] && !self.fixed[node])
    }

    fn pass(&self, keep: impl Fn(usize) -> bool) -> Pass {
        let mut pass = Pass::default();
        for node in (0..self.nodes.len()).filter(|&node| keep(node)) {
            self.steps(node, &mut pass);
        }
        pass.fetched.sort_unstable_by_key(|&[row, place, _]| [place, row]);
        pass.fetched.dedup();
        pass
    }

    /// Adds what one node takes to a pass.
    fn steps(&self, node: usize, pass: &mut Pass) {
        let into = self.rows[node];
        let row = |member: usize| into.at(member) as u32;
        match self.nodes[node] {
            Node::Constant(place) => pass.constants.push([row(0), place]),
            Node::Parameter(place, entity) => pass.stated.push([row(0), place, entity]),
            Node::Variable(place, entity) => pass.fetched.push([row(0), place, entity]),
            Node::Parameters(place, group) => {
                pass.stated.extend(self.groups[group].iter().enumerate().map(|(k, &entity)| [row(k), place, entity]));
            }
            Node::Variables(place, group) => {
                pass.fetched.extend(self.groups[group].iter().enumerate().map(|(k, &entity)| [row(k), place, entity]));
            }
            Node::Month => pass.steps.push(Step::Month(into)),
            Node::Kept(operation, ring, of) => pass.steps.push(Step::Keep(operation, ring, [self.rows[of], into])),
            Node::Luck(normal, address) => pass.steps.push(Step::Luck(normal, address, row(0))),
            Node::Lucks(normal, group) => {
                let places = self.groups[group].iter().enumerate();
                pass.steps.extend(places.map(|(k, &at)| Step::Luck(normal, self.addresses[at as usize], row(k))));
            }
            Node::Past(ring, of) => pass.steps.push(Step::Past(ring, [self.rows[of], into])),
            Node::Chance(address, of) => {
                let of = self.rows[of];
                pass.steps.extend((0..into.len()).map(|k| Step::Chance(address, [of.at(k) as u32, row(k)])));
            }
            Node::Chances(group, of) => {
                let (of, places) = (self.rows[of], self.groups[group].iter().enumerate());
                pass.steps.extend(
                    places.map(|(k, &at)| Step::Chance(self.addresses[at as usize], [of.at(k) as u32, row(k)])),
                );
            }
            Node::Apply(operation, of) if into.len() == 1 => {
                pass.steps.push(Step::One(operation, of.map(|of| self.rows[of].first), into.first));
            }
            Node::Apply(operation, of) => {
                pass.steps.push(Step::Apply(operation, of.map(|of| self.rows[of]), into));
            }
            Node::Fold(operation, of) => pass.steps.push(Step::Fold(operation, self.rows[of], into)),
        }
    }

    /// Variables that are read, by place in the table.
    pub fn variables(&self) -> impl Iterator<Item = usize> {
        self.nodes.iter().filter_map(|node| match *node {
            Node::Variable(place, _) | Node::Variables(place, _) => Some(place as usize),
            _ => None,
        })
    }
}

/// Members of each group; none is empty.
fn groups(arrays: &GraphArrays<'_>) -> Result<Vec<Vec<u32>>, RuleError> {
    let (offsets, members) = (arrays.group, arrays.member);
    let rises = offsets.windows(2).all(|pair| pair[0] < pair[1]);
    if !rises || offsets.first() != Some(&0) || offsets.last().copied() != i32::try_from(members.len()).ok() {
        return Err(RuleError::Groups { members: members.len() });
    }
    for (row, &member) in members.iter().enumerate() {
        range("member", row, "number", member, [0, i32::MAX])?;
    }
    let group =
        |pair: &[i32]| members[pair[0] as usize..pair[1] as usize].iter().map(|&member| member as u32).collect();
    Ok(offsets.windows(2).map(group).collect())
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

/// A number that must be within limits.
pub fn range(
    array: &'static str,
    row: usize,
    what: &'static str,
    value: i32,
    [low, high]: [i32; 2],
) -> Result<i32, RuleError> {
    if (low..=high).contains(&value) { Ok(value) } else { Err(RuleError::Range { array, row, what, value, low, high }) }
}
