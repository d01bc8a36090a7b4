//! Phase 8: pledges fall in, and companies short of runway try to raise a round.

use crate::block::Block;
use crate::books::Party;
use crate::carry;
use crate::column::zeros;
use crate::column::{LANES, Row, Value, ZERO};
use crate::draw::{Stream, uniforms};
use crate::events::Why;
use crate::exits::Effect;
use crate::ledger;
use crate::model::liquidity::burn;
use crate::model::regimes::ByRegime;
use crate::model::{credit, issues, liquidity, prorata, rounds, windows};
use crate::needed::Needed;
use crate::pack::{Mask, Pack, Packs, packs};
use crate::plan::Plan;
use crate::plan::to_whole_months;
use crate::rounding::beyond;
use crate::scratch::{Keep, living};
use crate::variables::UNLIMITED;
use crate::world::World;
use pulp::Simd;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* funding {
            parameters {
                company {
                    round_runway: Months, 0.0, 120.0, Some(0.0), true, "Runway below which the company tries to raise a round; 0: never.";
                    round_months: Months, 0.0, 120.0, Some(18.0), true, "Months of burn that a round brings.";
                    round_share: Fraction, 0.0, 1.0, Some(0.25), true, "Largest round as a share of the fair value.";
                    last_valuation: Usd, 0.0, LARGEST, Some(0.0), false, "Post-money value of the last round; 0: the fair value.";
                }
                pledge {
                    amount: Usd, 0.0, LARGEST, None, true, "Cash promised in all.";
                    first_month: Month, 1.0, 1200.0, Some(1.0), false, "Month of the first tranche.";
                    months: Months, 1.0, 1200.0, Some(1.0), false, "Number of equal monthly tranches.";
                    unless_shut: Flag, 0.0, 1.0, Some(0.0), false, "Whether tranches are withheld while funding is shut.";
                    chance: Fraction, 0.0, 1.0, Some(1.0), false, "Chance that the condition of the pledge is ever met.";
                }
                market {
                    odds_open: Ratio, -20.0, 20.0, Some(1.5), true, "Log odds that a round succeeds when funding is open.";
                    odds_normal: Ratio, -20.0, 20.0, Some(0.5), true, "Log odds that a round succeeds when funding is normal.";
                    odds_shut: Ratio, -20.0, 20.0, Some(-1.5), true, "Log odds that a round succeeds when funding is shut.";
                    odds_growth: Ratio, 0.0, 20.0, Some(0.8), true, "Gain in log odds per unit of yearly growth.", off 0.0;
                    odds_burn: Ratio, 0.0, 20.0, Some(0.2), true, "Loss in log odds per unit of burn multiple.", off 0.0;
                    odds_price: Ratio, 0.0, 20.0, Some(1.0), true, "Loss in log odds per unit of log of last over fair value.", off 0.0;
                    luck_open: Fraction, 0.0, 1.0, Some(0.3), true, "Share of rounds that hang on the common luck when funding is open.";
                    luck_normal: Fraction, 0.0, 1.0, Some(0.4), true, "Share of rounds that hang on the common luck when funding is normal.";
                    luck_shut: Fraction, 0.0, 1.0, Some(0.6), true, "Share of rounds that hang on the common luck when funding is shut.";
                    dry_powder: Usd, 0.0, LARGEST, Some(UNLIMITED), false, "What investors can still put into rounds at the start; 1e17: without limit.", off UNLIMITED;
                    dry_powder_inflow: UsdPerYear, 0.0, LARGEST, Some(0.0), true, "What savers bring to investors.";
                    dry_powder_refill: Fraction, 0.0, 1.0, Some(0.0), true, "Share of what exits return to capital that goes to investors again.";
                    dry_powder_lag: Months, 1.0, 1200.0, Some(36.0), true, "Mean months until it does.";
                }
            }
            variables {
                company {
                    raised: UsdPerMonth, None, "Rounds, and new public shares sold.";
                    pledged: UsdPerMonth, None, "Pledges received less pledges paid.";
                    last_valuation: Usd, None, "Post-money value of the last round.";
                    down_rounds: Ratio, None, "Down-rounds so far.";
                }
                market {
                    raised: UsdPerMonth, None, "Rounds and new public shares of all companies.";
                    dry_powder: Usd, None, "What investors can still put into rounds.";
                    exit_proceeds: Usd, None, "What exits returned that has not come back to investors yet.";
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether anybody pledges cash.
    pub pledges: bool,
    /// Whether the condition of the pledge may never be met.
    pub uncertain: Vec<bool>,
    /// Whether what investors can put into rounds is limited.
    pub limits_rounds: bool,
    /// Whether any company may raise a round.
    pub rounds: bool,
    /// Whether burn or the last price count for the chance of a round.
    pub odds_of_burn: bool,
    /// See `odds_of_burn`.
    pub odds_of_price: bool,
    /// Whether growth counts for the chance of a round.
    pub odds_of_growth: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let (p, k) = (&world.parameters, &world.links);
        let zero = |value: f64| value == 0.0;
        Self {
            pledges: !k.pledge.company.is_empty(),
            uncertain: (0..k.pledge.company.len()).map(|g| !p.pledge.chance.all(g, |v| v == 1.0)).collect(),
            limits_rounds: !p.market.dry_powder.all_of(|v| v >= crate::variables::UNLIMITED),
            rounds: !p.company.round_runway.all_of(zero),
            odds_of_burn: !p.market.odds_burn.all_of(zero),
            odds_of_price: !p.market.odds_price.all_of(zero),
            odds_of_growth: !p.market.odds_growth.all_of(zero),
        }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Rounds asked of investors whose means are limited, by company.
    pub asked: Vec<Row>,
    /// Common luck of rounds this month.
    pub round_luck: Row,
    /// Whether `raised` of the company is not zero.
    pub has_raised: Vec<bool>,
    /// Tranche of each pledge.
    pub tranche: Vec<Row>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let c = plan.counts;
        let companies = || zeros(ZERO, c.companies);
        Self {
            asked: if plan.on.funding.limits_rounds { companies() } else { Vec::new() },
            round_luck: ZERO,
            has_raised: zeros(false, c.companies),
            tranche: if plan.on.funding.pledges { zeros(ZERO, plan.on.funding.uncertain.len()) } else { Vec::new() },
        }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.asked.fill(ZERO);
        self.has_raised.fill(false);
        self.round_luck = ZERO;
    }

    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        carry::flags(&mut self.has_raised, visit);
    }
}

/// Pledges fall in: all ask, then every investor shares what it has.
#[inline(always)]
pub fn pledges(block: &mut Block<'_>, month: u32) {
    block.state.company.pledged.fill(ZERO);
    let pledges = 0..block.links.pledge.company.len();
    prorata::open(block);
    for k in pledges.clone() {
        ask(block, k, month);
    }
    prorata::share_out(block);
    for k in pledges {
        honour(block, k);
    }
}

/// Draws the common luck of the month's rounds.
#[inline(always)]
pub fn draw<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    if block.needed.rounds {
        rounds::advance_apart(s, block, month);
    }
    if block.plan.on.funding.rounds || block.plan.on.rounds.offers {
        block.scratch.funding.round_luck = uniforms(&block.draws.words(Stream::Jump, 0, month)[3]);
    }
}

/// The part of a pledge that falls due this month.
#[inline(never)]
fn ask(block: &mut Block<'_>, k: usize, month: u32) {
    let luck = block.plan.on.funding.uncertain[k]
        .then(|| uniforms(&block.draws.words(Stream::Pledge, block.addresses.pledge[k], 0)[0]));
    let (p, company) = (&block.parameters.pledge, block.links.pledge.company[k] as usize);
    let tranche = Row::from_fn(|l| {
        let (first, months) = (to_whole_months(p.first_month.at(k, l)), to_whole_months(p.months.at(k, l)).max(1.0));
        let within = f64::from(month) >= first && f64::from(month) < first + months;
        let withheld = p.unless_shut.at(k, l) > 0.0 && block.state.market.regime[0][l] == 2.0;
        let unmet = luck.is_some_and(|luck| luck[l] >= p.chance.at(k, l));
        if !within || withheld || unmet || block.state.company.alive[company][l] == 0.0 {
            return 0.0;
        }
        let of_purchases =
            block.scratch.vendor_finance.paid_investor.get(k).map_or(0.0, |paid| p.of_purchases.at(k, l) * paid[l]);
        p.amount.at(k, l) / months + of_purchases
    });
    block.scratch.funding.tranche[k] = tranche;
    prorata::ask(block, block.links.pledge.investor[k], &tranche);
}

/// Pays a tranche of a pledge.
fn honour(block: &mut Block<'_>, k: usize) {
    let asked = block.scratch.funding.tranche[k];
    if asked == ZERO {
        return;
    }
    let (investor, company) = (block.links.pledge.investor[k], block.links.pledge.company[k] as usize);
    let part = prorata::share(block, investor);
    for l in 0..LANES {
        let (tranche, c) = (part[l] * asked[l], &mut block.state.company);
        if investor >= 0 {
            let from = investor as usize;
            c.pledged[from][l] -= tranche;
        }
        c.pledged[company][l] += tranche;
        ledger::pay(block, l, Party::company_or_capital(investor), Party::Company(company), tranche, Why::Pledge);
        if block.needed.funding && block.plan.on.vendor_finance.financing.pledges[k] {
            block.state.market.vendor_money[0][l] += tranche;
        }
    }
}

/// A company short of runway tries to raise a round.
#[inline(always)]
pub fn attempt<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    if std::mem::take(&mut block.scratch.funding.has_raised[i]) {
        block.state.company.raised[i] = ZERO;
    }
    if block.plan.on.rounds.any {
        let wanted = rounds::wanted_apart(s, block, i);
        if wanted != ZERO {
            let seen = score(s, block, i);
            let comes = rounds::attempt_apart(s, block, i, month, wanted, seen);
            if comes != ZERO {
                let asked = rounds::sizes_apart(s, block, i, month);
                (0..LANES).filter(|&l| comes[l] > 0.0).for_each(|l| settle(block, i, l, asked[l]));
            }
        }
    } else if any_tries(s, block, i) {
        raise(s, block, i, month);
    }
    if block.plan.on.issues.issues {
        issues::issue_apart(s, block, i, month);
    }
}

/// Whether a company lives and is short of runway on any path.
#[inline(always)]
fn any_tries<S: Simd>(s: S, block: &Block<'_>, i: usize) -> bool {
    let (tries, mut any) = (Tries::new(s, block, i), false);
    for k in packs::<S>() {
        any |= tries.pack(s, k).any();
    }
    any
}

/// Paths on which a company lives and is short of runway, to be taken pack by pack.
struct Tries<'b> {
    alive: &'b Row,
    runway: &'b Row,
    below: Value<'b>,
    private: Option<Row>,
    exit: Option<&'b Row>,
}

impl<'b> Tries<'b> {
    #[inline(always)]
    fn new<S: Simd>(s: S, block: &'b Block<'_>, i: usize) -> Self {
        let c = &block.state.company;
        Self {
            alive: living(&c.alive, &block.scratch.cascade.has_died, i),
            runway: &c.runway[i],
            below: block.parameters.company.round_runway.of(i),
            private: if block.plan.on.issues.issues { Some(private(s, block, i)) } else { None },
            exit: c.exit.get(i),
        }
    }

    /// Pack `k`.
    #[inline(always)]
    fn pack<S: Simd>(&self, s: S, k: usize) -> Mask<S> {
        let short = self.runway.pack(s, k).below(self.below.pack(s, k));
        let mut tries = short & self.alive.pack(s, k).above(0.0);
        if let Some(private) = &self.private {
            tries = tries & private.pack(s, k).above(0.0);
        }
        // Who was bought or licensed raises no more.
        if let Some(exit) = self.exit {
            let exit = exit.pack(s, k);
            tries = tries & (exit.equals(0.0) | exit.above(Effect::Licence.mark()));
        }
        tries
    }
}

/// One where a company is not public, else 0.
#[inline(always)]
fn private<S: Simd>(s: S, block: &Block<'_>, i: usize) -> Row {
    let mut private = ZERO;
    for k in packs::<S>() {
        private.put(k, issues::is_public(s, block, i, k).choose(0.0, 1.0));
    }
    private
}

/// Rounds on the paths where the company tries.
#[inline(always)]
fn raise<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    let words = block.draws.words(Stream::Round, block.addresses.company[i], month);
    let raised = successes(s, block, i, [&uniforms(&words[0]), &uniforms(&words[1])]);
    if block.needed.tries || block.books.events.is_some() {
        note(s, block, i, &raised);
    }
    if raised != ZERO {
        close(block, i, &raised);
    }
}

/// Paths on which a round succeeds: 1, else 0.
#[inline(always)]
fn successes<S: Simd>(s: S, block: &Block<'_>, i: usize, [own, which]: [&Row; 2]) -> Row {
    let (p, m) = (&block.parameters.market, &block.state.market);
    let shared = ByRegime::new(&m.regime[0], &p.luck_open, &p.luck_normal, &p.luck_shut);
    let odds = ByRegime::new(&m.regime[0], &p.odds_open, &p.odds_normal, &p.odds_shut);
    let (tries, valuation) = (Tries::new(s, block, i), &block.state.company.valuation[i]);
    let mut raised = ZERO;
    for k in packs::<S>() {
        let common = which.pack(s, k).below(shared.pack(s, k));
        let luck = common.choose(block.scratch.funding.round_luck.pack(s, k), own.pack(s, k));
        let worth = valuation.pack(s, k).above(0.0);
        let successful = tries.pack(s, k) & worth & luck.below(chance(s, block, i, k, odds.pack(s, k)));
        raised.put(k, successful.choose(1.0, 0.0));
    }
    raised
}

/// Counts what was tried, and what was refused.
#[inline(never)]
fn note<S: Simd>(s: S, block: &mut Block<'_>, i: usize, raised: &Row) {
    let (tries, mut tried) = (Tries::new(s, block, i), ZERO);
    for k in packs::<S>() {
        tried.put(k, tries.pack(s, k).choose(1.0, 0.0));
    }
    for l in (0..LANES).filter(|&l| tried[l] > 0.0) {
        windows::note(block, l, raised[l] == 0.0);
        if raised[l] == 0.0 {
            rounds::note_refusal(block, i, l);
        }
    }
}

/// Chance that a round succeeds, with the log odds that the regime gives.
#[inline(always)]
fn chance<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize, odds: Pack<S>) -> Pack<S> {
    let score = judge(s, block, i, k, odds);
    1.0 / (1.0 + (-score).exp())
}

/// Score of a company with investors, from its growth, burn and last price.
#[inline(always)]
fn score<S: Simd>(s: S, block: &Block<'_>, i: usize) -> Row {
    let mut score = ZERO;
    for k in packs::<S>() {
        score.put(k, judge(s, block, i, k, ZERO.pack(s, k)));
    }
    score
}

/// Log odds of a round, from those of the regime.
#[inline(always)]
fn judge<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize, mut score: Pack<S>) -> Pack<S> {
    let (p, c) = (&block.parameters.market, &block.state.company);
    if block.plan.on.funding.odds_of_growth {
        score += p.odds_growth.of(0).pack(s, k) * c.growth[i].pack(s, k);
    }
    if block.plan.on.funding.odds_of_burn {
        let burn = burn(c.smooth_flow[i].pack(s, k), block.derived.least_burn.of(i).pack(s, k));
        let added = c.revenue[i].pack(s, k) * c.growth[i].pack(s, k);
        let multiple = added.above(0.0).choose((burn / added).at_most(10.0), 10.0);
        score -= p.odds_burn.of(0).pack(s, k) * burn.above(0.0).choose(multiple, 0.0);
    }
    if block.plan.on.funding.odds_of_price {
        let (fair, last) = (c.valuation[i].pack(s, k), c.last_valuation[i].pack(s, k));
        let hurdle = fair.above(0.0).choose((last / fair).at_most(1e6), 1e6).at_least(1.0);
        score -= p.odds_price.of(0).pack(s, k) * hurdle.ln();
    }
    score
}

/// Takes the money of successful rounds.
#[inline(never)]
fn close(block: &mut Block<'_>, i: usize, successful: &Row) {
    block.scratch.funding.has_raised[i] = true;
    for l in (0..LANES).filter(|&l| successful[l] > 0.0) {
        let (p, fair) = (&block.parameters.company, block.state.company.valuation[i][l]);
        let need = liquidity::needs_at(block, i, l, p.round_months.at(i, l));
        let asked = need.min(p.round_share.at(i, l) * fair);
        settle(block, i, l, asked);
    }
}

/// Takes the money of a round, or asks for it where investors have only so much.
fn settle(block: &mut Block<'_>, i: usize, l: usize, asked: f64) {
    block.scratch.funding.has_raised[i] = true;
    if is_limited(block, l) {
        block.scratch.funding.asked[i][l] = asked;
    } else {
        take(block, i, l, asked);
    }
}

/// Whether what investors can put into rounds is limited.
fn is_limited(block: &Block<'_>, l: usize) -> bool {
    block.plan.on.funding.limits_rounds && block.parameters.market.dry_powder.at(0, l) < UNLIMITED
}

/// A round brings cash.
fn take(block: &mut Block<'_>, i: usize, l: usize, raised: f64) {
    let kept = 1.0 - rounds::discount(block, i, l);
    let c = &mut block.state.company;
    let price = kept * c.valuation[i][l];
    let last = c.last_valuation[i][l];
    c.down_rounds[i][l] += if beyond(last - price, last) > 0.0 { 1.0 } else { 0.0 };
    c.last_valuation[i][l] = price + raised;
    if let Some(age) = c.round_age.get_mut(i) {
        age[l] = 0.0;
    }
    block.state.company.raised[i][l] = raised;
    ledger::pay(block, l, Party::Capital, Party::Company(i), raised, Why::Round);
    if block.plan.on.credit.converts && raised > 0.0 {
        credit::convert(block, i, l);
    }
}

/// Rounds share what investors have left, pro rata.
pub fn share(block: &mut Block<'_>) {
    let p = &block.parameters.market;
    let (inflow, lag) = (p.dry_powder_inflow.row(0), p.dry_powder_lag.row(0));
    let limited: [bool; LANES] = std::array::from_fn(|l| is_limited(block, l));
    for l in (0..LANES).filter(|&l| limited[l]) {
        let m = &mut block.state.market;
        let back = m.exit_proceeds[0][l] / lag[l];
        m.exit_proceeds[0][l] -= back;
        let powder = m.dry_powder[0][l] + inflow[l] / 12.0 + back;
        let asked: f64 = block.scratch.funding.asked.iter().map(|row| row[l]).sum();
        let part = prorata::part(powder, asked);
        m.dry_powder[0][l] = if asked > powder { 0.0 } else { powder - asked };
        for i in 0..block.plan.counts.companies {
            let raised = part * std::mem::take(&mut block.scratch.funding.asked[i][l]);
            if raised > 0.0 {
                take(block, i, l, raised);
            }
        }
    }
}

/// Money that exits of the month returned is on its way back to investors.
pub fn await_exits(block: &mut Block<'_>) {
    let refill = block.parameters.market.dry_powder_refill.row(0);
    let limited: [bool; LANES] = std::array::from_fn(|l| is_limited(block, l));
    for l in (0..LANES).filter(|&l| limited[l]) {
        block.state.market.exit_proceeds[0][l] += refill[l] * block.scratch.exits.proceeds[l];
    }
}
