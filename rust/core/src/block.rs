//! A block of paths at work: its memory.

use crate::books::Books;
use crate::column::{LANES, Row, ZERO, zeros};
use crate::derived::Derived;
use crate::draw::Draws;
use crate::exits::Exits;
use crate::inputs::{Addresses, Inputs};
use crate::plan::Plan;
use crate::rule::Memory;
use crate::scratch::Scratch;
use crate::variables::{Entity, Links, Parameters, State, VARIABLES};
use crate::wants::Wants;
use std::sync::Arc;

/// Why a company failed; the number is its code in results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Cause {
    /// It has not.
    None = 0,
    /// It ran out of cash by itself.
    Cash = 1,
    /// Its debtors did not pay.
    Contagion = 2,
    /// A covenant broke and the balance was called.
    Covenant = 3,
    /// A balance matured and could not be refinanced.
    Maturity = 4,
    /// Take-or-pay above its use.
    Commitment = 5,
    /// Losses on claims and holdings.
    Losses = 6,
    /// Closed in order, but creditors lost.
    WindDown = 7,
}

impl Cause {
    /// Names by code.
    pub const NAMES: [&'static str; 8] =
        ["none", "cash", "contagion", "covenant", "maturity", "commitment", "losses", "wind_down"];
}

/// What is written down when a company fails, one entry for each company and lane.
#[derive(Clone, Debug)]
pub struct Failures {
    /// Month of failure, 0 if none.
    pub month: Vec<[u16; LANES]>,
    /// Cause by code.
    pub cause: Vec<[u8; LANES]>,
    /// The company behind it, -1 if none.
    pub trigger: Vec<[i32; LANES]>,
    /// Debt when it failed.
    pub debt: Vec<Row>,
}

/// A block of paths.
#[derive(Debug)]
pub struct Block<'a> {
    /// The network.
    pub plan: &'a Plan,
    /// Parameters of the lanes.
    pub parameters: Parameters<'a>,
    /// Who belongs to whom.
    pub links: Links<'a>,
    /// Where random numbers are found.
    pub addresses: Addresses<'a>,
    /// Random numbers of the lanes.
    pub draws: Draws,
    /// Variables.
    pub state: State,
    /// Rows of the month.
    pub scratch: Scratch,
    /// What the ledger remembers of the month.
    pub books: Books,
    /// What is worked out.
    pub wants: Wants,
    /// Place of the month in the ring of vintages.
    pub slot: usize,
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
    pub settlement: crate::month::clearing::Settlement,
    /// Harm done on the path that is being settled.
    pub harm: crate::month::cascade::Harm,
    /// Debts of the company that is being wound up.
    pub debts: Vec<crate::month::estate::Debt>,
    /// How what companies pay answers to what they earn.
    pub response: crate::month::multiplier::Response,
    /// Guarantees called in a round of failures.
    pub calls: Vec<crate::month::guarantee::Call>,
    /// What is remembered of rules, if there are any.
    pub rules: Option<Box<Memory<'a>>>,
}

impl<'a> Block<'a> {
    /// Memory for blocks of a world of which the variables at `shown` are recorded; [`Block::start`] makes it ready.
    #[must_use]
    pub fn new(inputs: &Inputs<'a>, plan: &'a Plan, shown: &[usize]) -> Self {
        let c = plan.counts;
        let shows = |entity: Entity, name: &str| {
            shown.iter().any(|&place| VARIABLES[place].entity == entity && VARIABLES[place].name == name)
        };
        let wants = Wants::new(plan, &shows);
        let count = |entity, name: &str| match entity {
            _ if !shows(entity, name) && !wants.reads(plan, entity, name) => 0,
            Entity::Company => c.companies,
            Entity::Segment => c.segments,
            Entity::Loan => c.loans,
            Entity::Fleet => c.fleets,
            _ => 1,
        };
        Self {
            plan,
            parameters: inputs.parameters.clone(),
            links: inputs.links,
            addresses: inputs.addresses,
            draws: Draws::new(0, [0; LANES]),
            state: State::zeros(count),
            scratch: Scratch::new(plan, wants),
            books: Books::new(c.companies),
            wants,
            slot: 0,
            used: false,
            derived: Derived::new(plan, inputs),
            vintages: zeros(ZERO, plan.ring * c.fleets),
            exits: Exits::new(&plan.doors, c.companies),
            failures: Failures {
                month: zeros([0; LANES], c.companies),
                cause: zeros([0; LANES], c.companies),
                trigger: zeros([-1; LANES], c.companies),
                debt: zeros(ZERO, c.companies),
            },
            live: LANES,
            settlement: crate::month::clearing::Settlement::new(plan),
            harm: crate::month::cascade::Harm::new(c.companies),
            debts: Vec::new(),
            response: crate::month::multiplier::Response::new(inputs, wants.multiplier),
            calls: Vec::new(),
            rules: inputs.rules.as_ref().map(|rules| Box::new(Memory::new(Arc::clone(rules)))),
        }
    }

    /// Capex of a fleet that cannot be cut, on one path, as long as nothing has been settled.
    #[must_use]
    pub fn firm_capex(&self, f: usize, l: usize) -> f64 {
        self.scratch.committed.get(f).map_or(self.state.fleet.capex[f][l], |row| row[l])
    }

    /// Where the capex of a fleet `back` months ago is found.
    #[inline(always)]
    #[must_use]
    pub fn vintage(&self, f: usize, back: usize) -> usize {
        let place = if self.slot < back { self.slot + self.plan.ring - back } else { self.slot - back };
        place * self.plan.counts.fleets + f
    }
}
