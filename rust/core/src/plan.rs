//! The network of a world, laid out once for all blocks: who belongs to whom, and what can be skipped.

use crate::inputs::Inputs;

/// Lists of entities by owner: compressed rows.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    start: Vec<u32>,
    member: Vec<u32>,
}

impl Groups {
    /// Groups `0 .. owner.len()` by owner, those without one left out.
    #[must_use]
    pub fn new(owners: usize, owner: &[i32], keep: impl Fn(usize) -> bool) -> Self {
        let mut start = vec![0_u32; owners + 1];
        let kept = |entity: &usize| owner[*entity] >= 0 && keep(*entity);
        for entity in (0..owner.len()).filter(kept) {
            start[owner[entity] as usize + 1] += 1;
        }
        for place in 0..owners {
            start[place + 1] += start[place];
        }
        let mut next = start.clone();
        let mut member = vec![0; start[owners] as usize];
        for entity in (0..owner.len()).filter(kept) {
            let place = &mut next[owner[entity] as usize];
            member[*place as usize] = entity as u32;
            *place += 1;
        }
        Self { start, member }
    }

    /// The members of an owner, in the order of the table.
    #[inline(always)]
    #[must_use]
    pub fn of(&self, owner: usize) -> &[u32] {
        &self.member[self.start[owner] as usize..self.start[owner + 1] as usize]
    }

    /// Whether nobody owns anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.member.is_empty()
    }
}

/// Numbers of entities.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    /// Companies.
    pub companies: usize,
    /// Segments.
    pub segments: usize,
    /// Contracts.
    pub contracts: usize,
    /// Loans.
    pub loans: usize,
    /// Fleets.
    pub fleets: usize,
}

/// The network, and which features the world uses.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many of each.
    pub counts: Counts,
    /// Segments by seller.
    pub segments: Groups,
    /// All contracts by customer.
    pub purchases: Groups,
    /// All contracts by supplier.
    pub sales: Groups,
    /// Contracts by customer whose bill is price times use and nothing else.
    pub plain_purchases: Groups,
    /// The same by supplier.
    pub plain_sales: Groups,
    /// The other contracts by customer.
    pub special_purchases: Groups,
    /// Whether the bill of the contract is price times use and nothing else.
    pub plain: Vec<bool>,
    /// Commitments by contract.
    pub commitments: Groups,
    /// Loans by borrower.
    pub loans: Groups,
    /// Repayments by loan.
    pub repayments: Groups,
    /// Stakes by issuer.
    pub stakes: Groups,
    /// Fleets by owner.
    pub fleets: Groups,
    /// Orders by fleet.
    pub orders: Groups,
    /// Whether demand of the segment is random.
    pub noisy_segment: Vec<bool>,
    /// Whether cost of the company is random.
    pub noisy_cost: Vec<bool>,
    /// Whether the loan has a covenant to test.
    pub covenant: Vec<bool>,
    /// Whether any loan has one.
    pub covenants: bool,
    /// Loans with a loan-to-value covenant and no time to cure it.
    pub instant_calls: Vec<usize>,
    /// Whether any loan may be called by the breach of another.
    pub cross_defaults: bool,
    /// Whether any company's list price moves.
    pub list_prices: bool,
    /// Whether any fixed cost or discretionary plan moves.
    pub cost_trends: bool,
    /// Whether any company may raise a round.
    pub rounds: bool,
    /// Whether any lender or holder can fail by its losses.
    pub loss_limits: bool,
    /// Lag, economic life and book life of each fleet in whole months, where they are the same in every draw.
    pub lives: Vec<Option<[usize; 3]>>,
    /// Whether the GPU index moves.
    pub gpu_moves: bool,
    /// Whether the GPU index may jump, or fear may shut funding.
    pub jumps: bool,
    /// Whether any loan may be drawn.
    pub draws: bool,
    /// Loans by lender.
    pub lent: Groups,
    /// Months that the ring of vintages must remember.
    pub ring: usize,
}

/// Largest level of a trend, price or response relative to the start: keeps runaway worlds finite.
pub const MOST: f64 = 1e9;

/// Whole months: the nearest, half up.
#[inline(always)]
#[must_use]
pub fn whole(months: f64) -> f64 {
    // Truncation is floor here, months not being negative; `floor` would be a call on the least common machines.
    f64::from((months + 0.5) as i32)
}

impl Plan {
    /// Lays out the network.
    #[must_use]
    pub fn new(inputs: &Inputs<'_>) -> Self {
        let (p, k) = (&inputs.parameters, &inputs.links);
        let counts = Counts {
            companies: p.company.cash.len(),
            segments: k.segment.seller.len(),
            contracts: k.contract.customer.len(),
            loans: k.loan.borrower.len(),
            fleets: k.fleet.owner.len(),
        };
        let n = counts.companies;
        let commitments = Groups::new(counts.contracts, k.commitment.contract, |_| true);
        let zero = |value: f64| value == 0.0;
        let plain = |e: usize| {
            p.contract.price_linked.all(e, |v| v == 1.0)
                && p.contract.revenue_share.all(e, zero)
                && p.contract.routing.all(e, zero)
                && p.contract.intensity_trend.all(e, zero)
                && p.contract.follows.all(e, zero)
                && commitments.of(e).is_empty()
        };
        let plain: Vec<bool> = (0..counts.contracts).map(plain).collect();
        let covenant: Vec<bool> = (0..counts.loans)
            .map(|l| !(p.loan.min_cash.all(l, zero) && p.loan.max_ltv.all(l, zero) && p.loan.min_dscr.all(l, zero)))
            .collect();
        Self {
            counts,
            segments: Groups::new(n, k.segment.seller, |_| true),
            purchases: Groups::new(n, k.contract.customer, |_| true),
            sales: Groups::new(n, k.contract.supplier, |_| true),
            plain_purchases: Groups::new(n, k.contract.customer, |e| plain[e]),
            plain_sales: Groups::new(n, k.contract.supplier, |e| plain[e]),
            special_purchases: Groups::new(n, k.contract.customer, |e| !plain[e]),
            loans: Groups::new(n, k.loan.borrower, |_| true),
            repayments: Groups::new(counts.loans, k.repayment.loan, |_| true),
            stakes: Groups::new(n, k.stake.issuer, |_| true),
            fleets: Groups::new(n, k.fleet.owner, |_| true),
            orders: Groups::new(counts.fleets, k.order.fleet, |_| true),
            noisy_segment: (0..counts.segments).map(|s| !p.segment.volatility.all(s, zero)).collect(),
            noisy_cost: (0..n).map(|i| !p.company.cost_volatility.all(i, zero)).collect(),
            covenants: covenant.contains(&true),
            instant_calls: (0..counts.loans)
                .filter(|&l| !p.loan.cure_months.all(l, |v| whole(v) > 0.0) && !p.loan.max_ltv.all(l, zero))
                .collect(),
            covenant,
            cross_defaults: !p.loan.cross_default.all_of(zero),
            list_prices: !(p.company.price_trend.all_of(zero) && p.company.price_step.all_of(zero)),
            cost_trends: !(p.company.fixed_cost_growth.all_of(zero) && p.company.discretionary_growth.all_of(zero)),
            rounds: !p.company.round_runway.all_of(zero),
            loss_limits: !p.company.loss_capacity.all_of(|v| v >= crate::variables::UNLIMITED),
            lives: (0..counts.fleets).map(|f| lives(inputs, f)).collect(),
            gpu_moves: !(p.market.gpu_drift.all_of(zero)
                && p.market.gpu_volatility.all_of(zero)
                && p.market.gpu_jump_chance.all_of(zero)),
            jumps: !(p.market.gpu_jump_chance.all_of(zero) && p.market.sentiment.all_of(zero)),
            draws: !p.loan.undrawn.all_of(zero),
            lent: Groups::new(n, k.loan.lender, |_| true),
            ring: ring(inputs),
            commitments,
            plain,
        }
    }
}

/// Lag, economic life and book life of a fleet, if no draw changes them.
fn lives(inputs: &Inputs<'_>, f: usize) -> Option<[usize; 3]> {
    let p = &inputs.parameters.fleet;
    let mut months = [0; 3];
    for (place, column) in [&p.lag, &p.economic_life, &p.book_life].into_iter().enumerate() {
        let first = column.at(f, 0);
        if !matches!(column, crate::column::Column::Same(_)) {
            return None;
        }
        months[place] = whole(first) as usize;
    }
    Some(months)
}

/// Longest memory of any fleet: construction and the longer of its lives.
fn ring(inputs: &Inputs<'_>) -> usize {
    let fleet = &inputs.parameters.fleet;
    let mut longest = 1.0_f64;
    for f in 0..inputs.links.fleet.owner.len() {
        let longest_of = |column: &crate::column::Column<'_>| {
            let mut most = 0.0_f64;
            column.all(f, |value| {
                most_of(&mut most, value);
                true
            });
            whole(most)
        };
        let life = longest_of(&fleet.economic_life).max(longest_of(&fleet.book_life)).max(longest_of(&fleet.age_span));
        longest = longest.max(life + longest_of(&fleet.lag));
    }
    longest as usize + 2
}

fn most_of(most: &mut f64, value: f64) {
    *most = most.max(value);
}
