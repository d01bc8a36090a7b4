//! A block of paths at work: its memory.

use crate::books::Books;
use crate::column::{LANES, Row, ZERO, zeros};
use crate::derived::Derived;
use crate::draw::Draws;
use crate::exits::Exits;
pub use crate::failures::{Cause, Failures};
use crate::needed::Needed;
use crate::plan::Plan;
use crate::response::Response;
use crate::rule::Memory;
use crate::scratch::Scratch;
use crate::variables::{Entity, Links, Parameters, State, VARIABLES};
use crate::workings::{Call, Debt, Harm, Settlement};
use crate::world::{Addresses, World};
use std::sync::Arc;

/// A block of paths.
#[derive(Debug)]
pub struct Block<'a> {
    /// The network.
    pub plan: &'a Plan,
    /// Parameters of the lanes.
    pub parameters: Parameters,
    /// Members of each group.
    pub links: Links,
    /// Addresses of random numbers.
    pub addresses: Addresses,
    /// Random numbers of the lanes.
    pub draws: Draws,
    /// Variables.
    pub state: State,
    /// Rows of the month.
    pub scratch: Scratch,
    /// The ledger's memory of the month.
    pub books: Books,
    /// Quantities that are worked out.
    pub needed: Needed,
    /// Place of the month in the ring of vintages.
    slot: usize,
    /// Whether a block of paths has been here before.
    pub(crate) used: bool,
    /// Numbers that follow from the parameters.
    pub derived: Derived,
    /// Capex paid, by month modulo the ring and by fleet.
    pub vintages: Vec<Row>,
    /// Failures so far.
    pub failures: Failures,
    /// Exits so far, and who owns whom.
    pub exits: Exits,
    /// Lanes that hold a path.
    pub live: usize,
    /// Memory of the settlement of a path.
    pub settlement: Settlement,
    /// Harm done on the path that is being settled.
    pub harm: Harm,
    /// Debts of the company that is being wound up.
    pub debts: Vec<Debt>,
    /// How what companies pay answers to what they earn.
    pub response: Response,
    /// Guarantees called in a round of failures.
    pub calls: Vec<Call>,
    /// Memory of rules, if there are any.
    pub rules: Option<Box<Memory>>,
}

impl<'a> Block<'a> {
    /// Memory for blocks of a world of which the variables at `shown` are recorded; [`Block::start`] makes it ready.
    #[must_use]
    pub fn new(world: &World, plan: &'a Plan, shown: &[usize]) -> Self {
        let c = plan.counts;
        let shows = |entity: Entity, name: &str| {
            shown.iter().any(|&place| VARIABLES[place].entity == entity && VARIABLES[place].name == name)
        };
        let needed = Needed::new(plan, &shows);
        let count = |entity, name: &str| match entity {
            _ if !shows(entity, name) && !needed.reads(plan, entity, name) => 0,
            Entity::Company => c.companies,
            Entity::Segment => c.segments,
            Entity::Loan => c.loans,
            Entity::Fleet => c.fleets,
            Entity::Contract => c.contracts,
            _ => 1,
        };
        Self {
            plan,
            parameters: world.parameters.clone(),
            links: world.links.clone(),
            addresses: world.addresses.clone(),
            draws: Draws::new(0, [0; LANES]),
            state: State::zeros(count),
            scratch: Scratch::new(plan, needed),
            books: Books::new(c.companies),
            needed,
            slot: 0,
            used: false,
            derived: Derived::new(plan, world),
            vintages: zeros(ZERO, plan.on.fleet.ring * c.fleets),
            exits: Exits::new(&plan.doors, c.companies),
            failures: Failures {
                month: zeros([0; LANES], c.companies),
                cause: zeros([0; LANES], c.companies),
                trigger: zeros([-1; LANES], c.companies),
                debt: zeros(ZERO, c.companies),
            },
            live: LANES,
            settlement: Settlement::new(plan),
            harm: Harm::new(c.companies),
            debts: Vec::new(),
            response: Response::new(world, needed.multiplier),
            calls: Vec::new(),
            rules: world.rules.as_ref().map(|rules| Box::new(Memory::new(Arc::clone(rules)))),
        }
    }

    /// The rows of a variable, or after those of the table of what is only measured.
    #[must_use]
    pub fn rows(&self, place: usize) -> &[Row] {
        match (place.checked_sub(VARIABLES.len()), &self.rules) {
            (Some(gauge), Some(memory)) => &memory.measured()[gauge..=gauge],
            _ => self.state.rows(place),
        }
    }

    /// Capex of a fleet that cannot be cut, as long as nothing has been settled.
    #[inline(always)]
    #[must_use]
    pub fn firm_capex(&self, f: usize) -> &Row {
        self.scratch.fleet.committed.get(f).unwrap_or(&self.state.fleet.capex[f])
    }

    /// Turns the ring of vintages to a month: capex of that month is there, or will be.
    #[inline(always)]
    pub fn turn(&mut self, month: u32) {
        self.slot = month as usize % self.plan.on.fleet.ring;
    }

    /// The row of the capex of a fleet `back` months ago.
    #[inline(always)]
    #[must_use]
    pub fn vintage(&self, f: usize, back: usize) -> usize {
        let place = if self.slot < back { self.slot + self.plan.on.fleet.ring - back } else { self.slot - back };
        place * self.plan.counts.fleets + f
    }
}
