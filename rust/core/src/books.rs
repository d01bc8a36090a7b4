//! Books: parties, gross flows, sums of lanes, and events where somebody asks for them, within a month.

use crate::column::{Row, ZERO, zeros};
use crate::events::{Event, Why};
use crate::pack::{Pack, Packs, packs};
use pulp::Simd;

/// A party: a payer or payee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// A company: its cash.
    Company(usize),
    /// Money that passes through the hands of a company without being its cash: its estate, or the price that its holders get.
    Through(usize),
    /// Whoever buys of segments; also the public.
    Households,
    /// Staff, power, builders, tax, and whoever replaces a dead supplier.
    Suppliers,
    /// Funds, bond buyers, the public market.
    Capital,
    /// Nobody: of events that move no cash.
    Nobody,
}

impl Party {
    /// A company by its index, or `capital` where that is negative.
    #[inline(always)]
    #[must_use]
    pub fn company_or_capital(index: i32) -> Self {
        usize::try_from(index).map_or(Self::Capital, Self::Company)
    }

    /// As in events: the index of a company, -1 nobody, -2 capital, -3 suppliers, -4 households.
    #[must_use]
    pub fn code(self) -> i32 {
        match self {
            Self::Company(i) | Self::Through(i) => i as i32,
            Self::Nobody => -1,
            Self::Capital => -2,
            Self::Suppliers => -3,
            Self::Households => -4,
        }
    }
}

/// Which cash a payment moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Till {
    /// That of the month before: between months.
    #[default]
    Shut,
    /// That before the clearing; what moves is noted, so that cash before the month is known.
    Open,
    /// That after the clearing as if everybody could pay, before it takes the place of the other.
    Counting,
    /// That after the clearing.
    Counted,
}

/// Sums over companies of what flows to and from the sectors in the phases that work on all lanes at once.
#[derive(Clone, Copy, Debug)]
pub struct Sums {
    pub(crate) households: Row,
    pub(crate) suppliers: Row,
    pub(crate) capital: Row,
    pub(crate) flow: Row,
}

impl Sums {
    /// Nothing yet.
    pub const NONE: Self = Self { households: ZERO, suppliers: ZERO, capital: ZERO, flow: ZERO };

    /// Adds what suppliers get of bills of companies that the network does not get.
    #[inline(always)]
    pub fn pay_suppliers<S: Simd>(&mut self, k: usize, amount: Pack<S>) {
        self.suppliers.gain(k, amount);
    }

    /// Adds what `capital` gets of debt service that the network does not get.
    #[inline(always)]
    pub fn pay_capital<S: Simd>(&mut self, k: usize, amount: Pack<S>) {
        self.capital.gain(k, amount);
    }
}

/// The ledger's memory within a month.
#[derive(Clone, Debug)]
pub struct Books {
    /// Which cash payments move.
    pub till: Till,
    /// The month.
    pub month: u32,
    /// Cash that came before the clearing.
    pub moved: Moved,
    /// Flows of the lanes to and from the sectors.
    pub sums: Sums,
    /// Gross flows.
    pub flow: Row,
    /// Balances of the sectors before the month.
    pub sectors_before: Row,
    /// Balances of companies and sectors before the month, without sign.
    pub balances: Row,
    /// Change of cash of all companies.
    pub change: Row,
    /// Largest imbalance so far, relative to the flow.
    pub imbalance: f64,
    /// Events of the paths, if anybody asks for them.
    pub events: Option<Vec<Event>>,
}

impl Books {
    /// Memory for `companies`.
    pub(crate) fn new(companies: usize) -> Self {
        Self {
            till: Till::Shut,
            month: 0,
            moved: Moved { rows: zeros(ZERO, companies), any: zeros(false, companies) },
            sums: Sums::NONE,
            flow: ZERO,
            sectors_before: ZERO,
            balances: ZERO,
            change: ZERO,
            imbalance: 0.0,
            events: None,
        }
    }

    /// Back to month 0; events stay.
    pub(crate) fn clear(&mut self) {
        self.moved.clear();
        (self.till, self.month, self.imbalance) = (Till::Shut, 0, 0.0);
        (self.sums, self.flow, self.change) = (Sums::NONE, ZERO, ZERO);
    }

    /// Writes an event of a lane down, if anybody asks for events.
    #[inline]
    pub fn record(&mut self, l: usize, from: Party, to: Party, amount: f64, why: Why, [value, threshold]: [f64; 2]) {
        if let Some(events) = &mut self.events {
            let [payer, payee] = [from.code(), to.code()];
            events.push(Event { lane: l, month: self.month, payer, payee, amount, why, value, threshold });
        }
    }
}

/// Cash that came to companies in the month before the clearing: rounds, pledges and draws.
#[derive(Clone, Debug)]
pub struct Moved {
    rows: Vec<Row>,
    any: Vec<bool>,
}

impl Moved {
    /// Notes what came on one path.
    #[inline(always)]
    pub fn note(&mut self, company: usize, lane: usize, amount: f64) {
        self.rows[company][lane] += amount;
        self.any[company] = true;
    }

    /// Takes it back from cash before the clearing, which leaves cash before the month, and forgets it.
    #[inline(always)]
    pub fn take_back<S: Simd>(&mut self, s: S, company: usize, cash: &mut Row) {
        if std::mem::take(&mut self.any[company]) {
            let row = &mut self.rows[company];
            for k in packs::<S>() {
                cash.put(k, cash.pack(s, k) - row.pack(s, k));
            }
            *row = ZERO;
        }
    }

    fn clear(&mut self) {
        self.rows.fill(ZERO);
        self.any.fill(false);
    }
}
