//! Phase 12: who gets new money, and what of their sales vendors pay for themselves; formulas in `spec/vendor_finance.py`.

use crate::block::Block;
use crate::column::{LANES, ZERO};
use crate::limits::MOST;

/// Profit that counts, as a share of what is earned and spent: more than rounding.
const LEAST_PROFIT: f64 = 1e-9;

/// Whether a company earns a profit, by more than rounding.
fn earns(block: &Block<'_>, i: usize, l: usize) -> bool {
    let c = &block.state.company;
    let sales = c.segment_revenue[i][l] + c.trade_revenue[i][l] + c.equipment_revenue[i][l].abs();
    let spent = c.costs[i][l].abs() + c.bills[i][l] + c.depreciation[i][l] + c.interest[i][l];
    c.profit[i][l] > LEAST_PROFIT * (sales + spent)
}

/// Gauges of new money.
#[inline(never)]
pub fn judge(block: &mut Block<'_>) {
    let (mut money, mut sound, mut revenue) = (ZERO, ZERO, ZERO);
    for i in 0..block.plan.counts.companies {
        let c = &block.state.company;
        for l in 0..LANES {
            let borrowed = c.borrowed.get(i).map_or(0.0, |row| row[l]);
            let got = c.raised[i][l] + c.pledged[i][l].max(0.0) + c.drawn[i][l] + borrowed;
            let got = if got > block.derived.least_burn.at(i, l) { got } else { 0.0 };
            money[l] += got;
            sound[l] += if earns(block, i, l) { got } else { 0.0 };
        }
    }
    for &v in &block.plan.on.vendor_finance.financing.vendors {
        let c = &block.state.company;
        for l in 0..LANES {
            revenue[l] += c.trade_revenue[v][l] + c.equipment_revenue[v][l];
        }
    }
    let m = &mut block.state.market;
    for l in 0..LANES {
        m.funding_quality[0][l] = if money[l] > 0.0 { sound[l] / money[l] } else { 0.0 };
        let share = m.vendor_money[0][l] / revenue[l];
        m.vendor_financed[0][l] = if revenue[l] > 0.0 { share.min(MOST) } else { 0.0 };
    }
    (m.new_money[0], m.vendor_revenue[0]) = (money, revenue);
}
