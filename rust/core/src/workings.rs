//! Workings of the settlement of a path: claims, who pays what of them, who fails and whom that harms. The phases that
//! do the work are in [`crate::model`]; `spec/clearing.py` has the table of the ranks.

use crate::books::Party;
use crate::column::zeros;
use crate::events::Why;
use crate::failures::Cause;
use crate::plan::Plan;
use cashcade_clearing::Workspace;

pub use crate::limits::HARD_RANKS;

/// All ranks.
pub const RANKS: u8 = 8;
/// Rank of contracts and committed capex.
pub const TRADE: u8 = 3;
/// Rank of what an owner owes its subsidiaries: with unsecured debt.
pub const SUPPORT: u8 = 4;
/// Rank of what a rule or a host takes beyond the cash there is: with unsecured debt.
pub const LEVY: u8 = 4;
/// Rank of discretionary spending.
pub const DISCRETIONARY: u8 = 6;
/// Rank of capex that can wait.
pub const CAPEX: u8 = 7;
/// Rank of payouts.
pub const PAYOUT: u8 = 8;

/// The payee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payee {
    /// A living company.
    Company(usize),
    /// Staff, power, builders, tax, and whoever replaces a dead supplier.
    Suppliers,
    /// Funds, bond buyers, the public market.
    Capital,
    /// Whoever buys of segments; also the public.
    Households,
}

impl From<Payee> for Party {
    fn from(payee: Payee) -> Self {
        match payee {
            Payee::Company(i) => Self::Company(i),
            Payee::Suppliers => Self::Suppliers,
            Payee::Capital => Self::Capital,
            Payee::Households => Self::Households,
        }
    }
}

/// The purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Staff, suppliers and tax.
    Costs,
    /// Interest and principal of a loan.
    Loan(usize),
    /// A contract.
    Contract(usize),
    /// Equipment of a fleet.
    Capex(usize),
    /// Research and the like.
    Discretionary,
    /// Shareholders.
    Payout,
    /// A subsidiary, or the owner of one.
    Group,
    /// The amount that a rule or a host takes.
    Levy,
    /// The amount that a rule makes it pay another.
    Payment,
}

/// One claim on a company.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// Rank, from 1.
    pub rank: u8,
    /// The payee.
    pub payee: Payee,
    /// The purpose.
    pub purpose: Purpose,
    /// How much.
    pub amount: f64,
}

impl Claim {
    /// The subject of the event where it is not paid in full; none where it gives way without default.
    #[must_use]
    pub fn unpaid(&self) -> Option<Why> {
        match self.purpose {
            _ if self.rank > HARD_RANKS => None,
            Purpose::Costs => Some(Why::UnpaidCost),
            Purpose::Loan(_) => Some(Why::UnpaidService),
            Purpose::Contract(_) => Some(Why::UnpaidBill),
            Purpose::Capex(_) => Some(Why::UnpaidEquipment),
            Purpose::Group | Purpose::Levy | Purpose::Payment => Some(Why::UnpaidOther),
            Purpose::Discretionary | Purpose::Payout => None,
        }
    }
}

/// Not reached by the settlement.
pub const NOWHERE: u32 = u32::MAX;

/// The settlement of the companies that a shortfall reached on one path; memory is kept from one path to the next.
#[derive(Clone, Debug, Default)]
pub struct Settlement {
    /// Companies reached, in order.
    pub members: Vec<u32>,
    /// Place of each company among them.
    pub place: Vec<u32>,
    /// The cash left to each if all paid in full.
    pub slack: Vec<f64>,
    /// The cash left to each.
    pub left: Vec<f64>,
    /// Payments and receipts due of each, and its cash.
    pub gross: Vec<f64>,
    /// Whether each is in default.
    pub in_default: Vec<bool>,
    pub(crate) paid: Vec<f64>,
    pub(crate) claims: Vec<Claim>,
    pub(crate) start: Vec<u32>,
    pub(crate) short: Vec<u32>,
    pub(crate) workspace: Workspace,
}

impl Settlement {
    /// Memory for a world.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        Self { place: zeros(NOWHERE, plan.counts.companies), ..Self::default() }
    }

    /// Claims on a member that does not pay everything, none on others.
    #[must_use]
    pub fn claims_on(&self, place: usize) -> &[Claim] {
        &self.claims[self.start[place] as usize..self.start[place + 1] as usize]
    }

    /// Share paid of a claim of that rank on a member.
    #[must_use]
    pub fn paid(&self, place: usize, rank: u8) -> f64 {
        self.paid[place * usize::from(RANKS) + usize::from(rank) - 1]
    }

    /// Forgets the members, for the next path.
    pub fn dissolve(&mut self) {
        for &i in &self.members {
            self.place[i as usize] = NOWHERE;
        }
        self.members.clear();
        for values in [&mut self.slack, &mut self.left, &mut self.gross, &mut self.paid] {
            values.clear();
        }
        self.in_default.clear();
        self.claims.clear();
        self.start.clear();
    }
}

/// A company that fails, why, and through whom.
#[derive(Clone, Copy, Debug)]
pub struct Failure {
    /// The company.
    pub company: usize,
    /// Why.
    pub cause: Cause,
    /// Through whom, -1 if by itself.
    pub trigger: i32,
}

/// Largest single loss of each company on a path this month, and by whom (the lowest index among equals).
#[derive(Clone, Debug, Default)]
pub struct Harm {
    amount: Vec<f64>,
    by: Vec<i32>,
    /// Companies harmed.
    pub touched: Vec<usize>,
}

impl Harm {
    /// Memory for `companies`.
    #[must_use]
    pub fn new(companies: usize) -> Self {
        Self { amount: zeros(0.0, companies), by: zeros(-1, companies), touched: Vec::new() }
    }

    /// Notes that `by` cost `company` this much.
    pub fn note(&mut self, company: usize, by: usize, amount: f64) {
        if self.amount[company] == 0.0 {
            self.touched.push(company);
        }
        let by = by as i32;
        if amount > self.amount[company] || amount == self.amount[company] && by < self.by[company] {
            self.amount[company] = amount;
            self.by[company] = by;
        }
    }

    /// The company that harmed it most, -1 if nobody did.
    #[must_use]
    pub fn worst(&self, company: usize) -> i32 {
        self.by[company]
    }

    /// Forgets it.
    pub fn clear(&mut self) {
        for &i in &self.touched {
            self.amount[i] = 0.0;
            self.by[i] = -1;
        }
        self.touched.clear();
    }
}

/// A debt of a failed company.
#[derive(Clone, Copy, Debug)]
pub struct Debt {
    /// The creditor.
    pub payee: Payee,
    /// The purpose.
    pub purpose: Purpose,
    /// Whether it comes after the others.
    pub subordinated: bool,
    /// How much.
    pub owed: f64,
    /// The part recovered.
    pub recovered: f64,
}

/// A guarantee that is called.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The loan.
    pub loan: usize,
    /// The payee.
    pub payee: Payee,
    /// The company that failed.
    pub failed: usize,
    /// How much is asked.
    pub amount: f64,
}
