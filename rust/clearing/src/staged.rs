//! A fire sale told round by round: what is offered in one round is sold in the next.
//!
//! The simultaneous model of Farmer, Kleinnijenhuis, Nahai-Williamson and Wetzer (2020) with the rules of Cont and
//! Schaanning (2017): holders below a buffer pay down debt with cash and offer bonds, those below a minimum fail and
//! are liquidated.

use super::firesale::Impact;

/// Holders and the rules they follow. All amounts in one currency.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Price of each market after the shock, before any sale.
    pub price: &'a [f64],
    /// Impact per share of all units that is sold, by market.
    pub rate: &'a [f64],
    /// Equity over assets below which a holder fails.
    pub minimum: f64,
    /// Equity over assets below which a holder deleverages.
    pub buffer: f64,
    /// Equity over assets that it then wants.
    pub target: f64,
}

/// What a holder has at the start.
#[derive(Debug, Clone, PartialEq)]
pub struct Holder {
    /// Cash.
    pub cash: f64,
    /// Assets that are neither cash nor bonds.
    pub other_assets: f64,
    /// Debt that can be paid down.
    pub loan: f64,
    /// Debt that cannot.
    pub other_debt: f64,
    /// Units of each bond.
    pub units: Vec<f64>,
}

/// The course of the sale.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Course {
    /// Price after each round, rows by round.
    pub price: Vec<f64>,
    /// Share of all units sold up to each round, all markets together.
    pub sold_share: Vec<f64>,
    /// Round in which each holder failed, 0 for those that stand.
    pub failed_in_round: Vec<u32>,
}

struct Desk {
    holder: Holder,
    offered: Vec<f64>,
}

impl Desk {
    fn value(&self, price: &[f64]) -> f64 {
        self.holder.units.iter().zip(price).map(|(units, price)| units * price).sum()
    }

    /// Hand over what is offered, at the price the market makes.
    fn deliver(&mut self, price: &[f64]) {
        for ((units, offered), price) in self.holder.units.iter_mut().zip(&mut self.offered).zip(price) {
            *units -= *offered;
            self.holder.cash += *offered * price;
            *offered = 0.0;
        }
    }

    /// Offer `share` of all bonds.
    fn offer(&mut self, share: f64) {
        self.offered.iter_mut().zip(&self.holder.units).for_each(|(offered, units)| *offered = share * units);
    }

    /// Look at the balance sheet and act; true when the holder fails.
    fn react(&mut self, price: &[f64], rules: &Rules<'_>) -> bool {
        let value = self.value(price);
        let assets = self.holder.cash + self.holder.other_assets + value;
        let equity = assets - self.holder.loan - self.holder.other_debt;
        if equity < rules.minimum * assets {
            self.offer(1.0);
            return true;
        }
        if equity < rules.buffer * assets {
            self.deleverage(assets - equity / rules.target, value);
        }
        false
    }

    fn deleverage(&mut self, need: f64, value: f64) {
        let paid = need.min(self.holder.cash).min(self.holder.loan).max(0.0);
        self.holder.cash -= paid;
        self.holder.loan -= paid;
        let missing = need - paid - self.holder.cash;
        if missing > 0.0 && value > 0.0 {
            self.offer((missing / value).min(1.0));
        }
    }
}

/// Run `rounds` rounds with exponential impact; sellers get the average of the price before and after.
#[must_use]
pub fn run(holders: Vec<Holder>, rules: &Rules<'_>, rounds: u32) -> Course {
    let offered = vec![0.0; rules.price.len()];
    let mut desks: Vec<Desk> = holders.into_iter().map(|holder| Desk { holder, offered: offered.clone() }).collect();
    let all: Vec<f64> = (0..rules.price.len()).map(|m| desks.iter().map(|d| d.holder.units[m]).sum()).collect();
    let mut course = Course { failed_in_round: vec![0; desks.len()], ..Course::default() };
    let (mut price, mut sold) = (rules.price.to_vec(), 0.0);
    for round in 1..=rounds {
        sold += trade(&mut desks, &mut price, &all, rules);
        for (desk, failed) in desks.iter_mut().zip(&mut course.failed_in_round) {
            if *failed == 0 && desk.react(&price, rules) {
                *failed = round;
            }
        }
        course.price.extend_from_slice(&price);
        course.sold_share.push(sold / all.iter().sum::<f64>());
    }
    course
}

/// Sell what is offered; units sold.
fn trade(desks: &mut [Desk], price: &mut [f64], all: &[f64], rules: &Rules<'_>) -> f64 {
    let mut sold = 0.0;
    let mut paid = price.to_vec();
    for market in 0..price.len() {
        let offered: f64 = desks.iter().map(|desk| desk.offered[market]).sum();
        if offered > 0.0 {
            let discount = Impact::Exponential.discount(rules.rate[market], offered / all[market]);
            price[market] *= 1.0 - discount;
        }
        paid[market] = f64::midpoint(paid[market], price[market]);
        sold += offered;
    }
    for desk in desks {
        desk.deliver(&paid);
    }
    sold
}
