//! A month of a block of paths: read this first.
//!
//! Phases see only what earlier phases of the month and the month before wrote. Their numbers, in the first lines of the files, are those of
//! `spec/month.py`. In `spec/` each has a file of the same name with its formulas, but for `claims` (in `clearing`), `finance` (in
//! `vendor_finance`), `push` (in `rules`) and `statement` (which only writes events).

mod apart;
pub mod backlog;
pub mod bills;
pub mod buyers;
pub mod capacity;
pub mod cascade;
pub mod claims;
pub mod clearing;
pub mod company;
pub mod compute;
pub mod confidence;
pub mod construction;
pub mod conversions;
pub mod covenants;
pub mod credit;
pub mod credit_lines;
pub mod deals;
pub mod debt;
pub mod demand;
pub mod estate;
pub mod exits;
pub mod finance;
pub mod fleet;
pub mod funding;
pub mod groups;
pub mod growth;
pub mod guarantee;
pub mod investment;
pub mod issues;
pub mod liquidity;
pub mod listed;
pub mod macroeconomy;
pub mod marks;
pub mod multiplier;
pub mod payables;
pub mod payments;
pub mod plans;
pub mod prices;
pub mod project_loans;
pub mod prorata;
pub mod push;
pub mod regimes;
pub mod rescue;
pub mod retrenchment;
pub mod rounds;
pub mod rules;
pub mod saturation;
pub mod spending;
pub mod statement;
pub mod sudden;
pub mod transfers;
pub mod value;
pub mod vendor_finance;
pub mod windows;

use crate::block::Block;
use crate::column::ZERO;
use crate::ledger;
use crate::model::apart::apart;
use crate::needed::Needed;
use crate::plan::{Plan, Stage, Step, Whole};
use crate::record::Record;
use crate::scratch::{Keep, TILE};
use crate::world::World;
use pulp::Simd;
use std::ops::Range;

/// Hands the list of files that have rows in the table to a macro: the one list of what the model is made of.
macro_rules! files {
    ($then:ident $($argument:ident)*) => {
        $then! { { $($argument)* [
            company demand growth saturation plans prices bills payables capacity compute backlog construction retrenchment fleet investment confidence debt covenants project_loans credit_lines credit guarantee rescue funding rounds
            issues deals conversions exits clearing estate cascade sudden regimes windows listed macroeconomy marks liquidity value vendor_finance multiplier
        ] } }
    };
}
pub(crate) use files;

/// Makes one record of what the files of the model say of themselves.
macro_rules! uses {
    ({ [ $($file:ident)* ] }) => {
        /// Parts of the model that a world uses, by file.
        #[derive(Clone, Debug)]
        pub struct Uses {
            $(#[doc = concat!("Of `", stringify!($file), ".rs`.")] pub $file: $file::Uses,)*
        }

        impl Uses {
            pub(crate) fn new(world: &World) -> Self {
                Self { $($file: $file::Uses::new(world),)* }
            }
        }
    };
}
files! { uses }

/// Nothing to choose: the file has no feature that a world could go without.
#[derive(Clone, Copy, Debug)]
pub struct Always;

impl Always {
    pub(crate) fn new(_: &World) -> Self {
        Self
    }
}

/// No rows of its own.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

impl Nothing {
    pub(crate) fn new(_: &Plan, _: Needed) -> Self {
        Self
    }
}

impl Keep for Nothing {}

/// Moves a block of paths by one month, with the instructions `s`, and adds what is recorded to its sums.
///
/// Says whether it got to the end, which it may not if `go` says no: then [`multiplier::measure`] is still to do, and what is not of companies is not added.
#[inline(always)]
pub fn advance<S: Simd>(
    s: S,
    block: &mut Block<'_>,
    month: u32,
    sums: &mut Record<'_>,
    go: &mut dyn FnMut() -> bool,
) -> bool {
    block.books.month = month;
    regimes::advance(s, block, month);
    if block.plan.on.listed.moves {
        listed::advance(s, block, month);
    }
    if block.plan.on.growth.commons {
        growth::draw(s, block, month);
    }
    rules::advance(s, block, month);
    open_books(s, block, month);
    if !block.plan.on.confidence.impatient.is_empty() {
        confidence::strike_apart(s, block, month);
    }
    if !block.plan.on.investment.confident.is_empty() {
        investment::judge_apart(s, block);
    }
    if block.plan.on.investment.shocks {
        investment::draw(s, block, month);
    }
    if block.plan.on.saturation.any {
        saturation::measure_apart(s, block);
    }
    prices::post(s, block, month);
    spending::price_assets(s, block);
    funding::draw(s, block, month);
    let plan = block.plan;
    for stage in &plan.stages {
        match stage {
            Stage::Whole(step) => whole(s, block, *step, month),
            Stage::Tiled(steps) => tiles(s, block, steps, month, sums),
        }
    }
    if block.plan.on.funding.limits_rounds {
        funding::await_exits(block);
    }
    marks::close(s, block, month);
    let whole = !block.needed.multiplier || multiplier::measure(block, month, go);
    if whole {
        rules::measure(s, block, month);
        sums.add_others(s, block, month);
    }
    whole
}

/// Bills of contracts that say more than price times use, as far as suppliers can serve it.
#[inline(always)]
fn special<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    bills::want(s, block, month);
    capacity::ration_use(s, block, month);
    bills::special(s, block, month);
}

apart! {
    special_apart(s, block, month: u32) -> () { special(s, block, month) }
}

/// Takes a step for all companies at once.
#[inline(always)]
fn whole<S: Simd>(s: S, block: &mut Block<'_>, step: Whole, month: u32) {
    match step {
        Whole::Recapture => demand::recapture_apart(s, block, month),
        Whole::Special => {
            special_apart(s, block, month);
            if block.plan.on.payables.any {
                payables::fall_due(block, month);
            }
        }
        Whole::Lend => {
            if block.plan.on.covenants.any {
                covenants::judge(block, month);
            }
            if block.plan.on.project_loans.any {
                project_loans::measure(block, month);
            }
            if block.plan.on.credit_lines.any {
                credit_lines::lend(block, month);
            }
        }
        Whole::Pledge => funding::pledges(block, month),
        Whole::Share => funding::share(block),
        Whole::Leave => exits::advance_apart(s, block, month),
        Whole::Group => groups::settle(block),
        Whole::Equip => clearing::equip(block),
        Whole::Fail => {
            ledger::close(s, block);
            if block.plan.on.sudden.any {
                sudden::strike_apart(s, block, month);
            }
            cascade::advance(block, month);
            if block.plan.on.payables.any {
                payables::mark(block);
            }
        }
    }
}

/// Takes steps tile by tile.
#[inline(always)]
fn tiles<S: Simd>(s: S, block: &mut Block<'_>, steps: &[Step], month: u32, sums: &mut Record<'_>) {
    let companies = block.plan.counts.companies;
    for first in (0..companies).step_by(TILE) {
        let tile = first..companies.min(first + TILE);
        for step in steps {
            take(s, block, *step, tile.clone(), month);
        }
        if steps.last() == Some(&Step::Mark) {
            sums.add_companies(s, block, month, tile);
        }
    }
}

/// Takes a step for some companies.
#[inline(always)]
fn take<S: Simd>(s: S, block: &mut Block<'_>, step: Step, companies: Range<usize>, month: u32) {
    // A loop for each step: a step chosen anew for every company would cost some of them as much as its formulas.
    macro_rules! each {
        ($step:path $(, $more:expr)*) => {
            for i in companies {
                $step(s, block, i $(, $more)*);
            }
        };
    }
    match step {
        Step::Buy => each!(prices::gather),
        Step::Price => each!(prices::price),
        Step::Grow => each!(demand::grow, month),
        Step::Sell => each!(demand::sell, month),
        Step::Charge => each!(bills::charge),
        Step::Supply => each!(bills::supply),
        Step::Plan => each!(spending::plan, month),
        Step::Owe => each!(debt::owe, month),
        Step::Receive => each!(debt::receive),
        Step::Raise => each!(funding::attempt, month),
        Step::Order => each!(clearing::order),
        Step::Pay => each!(clearing::pay),
        Step::Earn => each!(marks::earn),
        Step::Commission => each!(cascade::commission),
        Step::Mark => each!(marks::mark, month),
    }
}

/// Notes what there was before anything is paid.
#[inline(always)]
fn open_books<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    ledger::open(s, block);
    if block.needed.funding {
        block.state.market.vendor_money[0] = ZERO;
    }
    if block.plan.on.rescue.backstops {
        block.state.company.rescued.fill(ZERO);
    }
    block.turn(month);
}
