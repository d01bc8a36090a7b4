//! Phase 9: who goes through a door. Hazards of the doors compete; sales need a buyer who is able and willing.

use crate::block::Block;
use crate::column::{LANES, ONES, Row, ZERO, zeros};
use crate::draw::{Stream, uniforms};
use crate::exits::Effect;
use crate::math::exp;
use crate::model::apart::apart;
use crate::model::buyers::{self, Deal, count, value};
use crate::model::claims::lives;
use crate::model::deals;
use crate::needed::Needed;
use crate::pack::{Operand, Packs, packs};
use crate::plan::Plan;
use crate::scratch::Keep;
use pulp::Simd;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* exits {
            parameters {
                market {
                    shell_closing: Fraction, 0.0, 1.0, Some(0.035), false, "Monthly chance that the shell left by a licence deal closes.";
                }
            }
            variables {
                company {
                    exit: Code, None, "Way out taken: 0 none, 1 bought, 2 licensed, 3 listed, 4 self-sustaining, 5 wound down.", |plan, _| !plan.doors.is_empty();
                    buyers: Ratio, None, "Buyers able and willing to pay the price asked.", |plan, _| !plan.doors.is_empty();
                    deal_flow: UsdPerMonth, None, "Cash received less cash paid in exits.", |plan, _| !plan.doors.is_empty();
                    positive_months: Months, None, "Months in a row with positive cash flow without new money.", |plan, _| !plan.doors.is_empty();
                }
            }
        } }
    };
}
pub(crate) use rows;

pub use crate::model::Always as Uses;

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Proceeds of the month's exits to `capital`.
    pub proceeds: Row,
    /// One where a company lives and nobody owns it, as a buyer must, at the beginning of the phase.
    pub free: Vec<Row>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let companies = if plan.doors.is_empty() { 0 } else { plan.counts.companies };
        Self { proceeds: ZERO, free: zeros(ZERO, companies) }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.proceeds = ZERO;
    }
}

/// Values of the doors of a company this month.
struct Offer {
    door: usize,
    chance: Row,
    price: Row,
    share: Row,
}

/// Opens doors, on every path.
#[inline(always)]
pub fn advance<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    if let Some(memory) = &mut block.rules {
        memory.leave(s, &block.state, &block.draws, month);
    }
    block.state.company.deal_flow.fill(ZERO);
    block.scratch.exits.proceeds = ZERO;
    hollow(block, month);
    buyers::look(block);
    let mut deals: [Vec<Deal>; LANES] = std::array::from_fn(|_| Vec::new());
    for k in 0..block.plan.doors.companies.len() {
        let i = block.plan.doors.companies[k];
        let offers = offers(s, block, i);
        choose(s, block, i, month, &offers, &mut deals);
    }
    for (l, deals) in deals.iter_mut().enumerate() {
        // The dearest first, whatever the order of the companies.
        let address = &block.addresses.company;
        deals.sort_by(|a, b| b.price.total_cmp(&a.price).then(address[a.company].cmp(&address[b.company])));
        for deal in deals.iter() {
            deals::close(block, l, month, deal);
        }
    }
}

/// Values of the doors of a company, and how many buyers are left at its price.
#[inline(always)]
fn offers<S: Simd>(s: S, block: &mut Block<'_>, i: usize) -> Vec<Offer> {
    let (mut offers, mut left, stays) = (Vec::new(), ZERO, stays(block, i));
    let window = block.state.market.listing[0];
    for &d in block.plan.doors.by_company.of(i) {
        let d = d as usize;
        let door = block.plan.doors.doors[d];
        let (opens, hazard) = (value(block, door.opens), value(block, door.hazard));
        let mut price = door.price.map_or(block.state.company.valuation[i], |program| value(block, program));
        let mut share = door.share.map_or(Row::of(0.2), |program| value(block, program));
        for k in packs::<S>() {
            price.put(k, price.pack(s, k).at_least(0.0));
            share.put(k, share.pack(s, k).within([0.0, 1.0]));
        }
        let buyers = if door.effect.is_sale() { count(s, block, i, d, &price) } else { ONES };
        let mut chance = ZERO;
        for k in packs::<S>() {
            let buyers = buyers.pack(s, k);
            let mut open = opens.pack(s, k).above(0.0) & buyers.above(0.0) & stays.pack(s, k).above(0.0);
            if door.effect == Effect::List {
                open = open & window.pack(s, k).above(0.0);
            }
            chance.put(k, open.choose(hazard.pack(s, k).within([0.0, 1.0]), 0.0));
            if door.effect.is_sale() {
                left.put(k, buyers.at_least(left.pack(s, k)));
            }
        }
        offers.push(Offer { door: d, chance, price, share });
    }
    if let Some(row) = block.state.company.buyers.get_mut(i) {
        *row = left;
    }
    offers
}

/// One where a company lives and has not left, else 0.
fn stays(block: &Block<'_>, i: usize) -> Row {
    let left = &block.exits.month[i];
    Row::from_fn(|l| f64::from(u8::from(lives(block, i, l) && left[l] == 0)))
}

/// Draws which door, if any, the company takes on each path.
#[inline(always)]
fn choose<S: Simd>(s: S, block: &Block<'_>, i: usize, month: u32, offers: &[Offer], deals: &mut [Vec<Deal>; LANES]) {
    if offers.iter().all(|offer| offer.chance == ZERO) {
        return;
    }
    let words = block.draws.words(Stream::Exit, block.addresses.company[i], month);
    let (whether, which, mut leaves) = (uniforms(&words[0]), uniforms(&words[1]), ZERO);
    for k in packs::<S>() {
        let mut stays = 1.0.packed(s);
        for offer in offers {
            stays *= 1.0 - offer.chance.pack(s, k);
        }
        leaves.put(k, whether.pack(s, k).below(1.0 - stays).choose(1.0, 0.0));
    }
    for l in (0..LANES).filter(|&l| leaves[l] > 0.0) {
        let sum: f64 = offers.iter().map(|offer| offer.chance[l]).sum();
        let mut mark = which[l] * sum;
        let open = || offers.iter().filter(|offer| offer.chance[l] > 0.0);
        let taken = open().find(|offer| {
            mark -= offer.chance[l];
            mark < 0.0
        });
        if let Some(offer) = taken.or_else(|| open().next_back()) {
            let (price, share) = (offer.price[l], offer.share[l]);
            deals[l].push(Deal { company: i, door: offer.door, price, share });
        }
    }
}

/// A licensed shell stands still: no growth, no research, and a chance to close.
fn hollow(block: &mut Block<'_>, month: u32) {
    for k in 0..block.plan.doors.companies.len() {
        let i = block.plan.doors.companies[k];
        let licensed = Effect::Licence.mark();
        let shell = |block: &Block<'_>, l: usize| block.state.company.exit[i][l] == licensed && lives(block, i, l);
        if !(0..LANES).any(|l| shell(block, l)) {
            continue;
        }
        let luck = uniforms(&block.draws.words(Stream::Exit, block.addresses.company[i], month)[2]);
        let closing = block.parameters.market.shell_closing.row(0);
        for l in 0..LANES {
            if shell(block, l) {
                stand_still(block, i, l);
                if luck[l] < closing[l] {
                    block.exits.closing.push((l, i));
                }
            }
        }
    }
}

/// Undoes the month's own growth of a shell's demand, from next month on, and its research.
fn stand_still(block: &mut Block<'_>, i: usize, l: usize) {
    for k in 0..block.plan.segments.of(i).len() {
        let s = block.plan.segments.of(i)[k] as usize;
        let steady = block.plan.on.demand.steady_segment[s];
        let growth = if steady { block.parameters.segment.growth.at(s, l) } else { block.state.segment.growth[s][l] };
        block.state.segment.trend[s][l] *= exp(-growth / 12.0);
    }
    block.state.company.research[i][l] = 0.0;
    block.scratch.company.discretionary_wanted[i][l] = 0.0;
}

apart! {
    advance_apart(s, block, month: u32) -> () { advance(s, block, month) }
}
