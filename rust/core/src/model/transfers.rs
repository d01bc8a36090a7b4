//! Phase 2: fleets, or parts of them, that rules hand from one owner to another.

use crate::block::Block;
use crate::books::Party;
use crate::column::{LANES, Row, ZERO};
use crate::events::Why;
use crate::ledger;
use crate::model::claims::lives;
use crate::model::prorata;
use crate::rule::{Memory, Passage};

/// Lag and lives of a fleet on one path, in months.
#[derive(Clone, Copy)]
struct Terms {
    lag: f64,
    life: f64,
    book: f64,
}

/// Machines of one age on their way to another fleet.
struct Moving {
    /// The fleet that takes them.
    to: usize,
    /// Months since they arrived, below 0 while they are built.
    age: f64,
    /// Cost.
    cost: f64,
}

/// Hands over what active rules say.
pub fn advance(block: &mut Block<'_>, memory: &Memory) {
    let passages = &memory.rules.passages;
    if !passages.iter().any(|each| memory.acting(each.action).is_some()) {
        return;
    }
    let asked: Vec<Row> = passages.iter().map(|each| asked(block, memory, each)).collect();
    let mut moving = Vec::new();
    for l in 0..LANES {
        let parts = parts(passages, &asked, l);
        for (each, &part) in passages.iter().zip(&parts).filter(|&(_, &part)| part > 0.0) {
            note(block, l, each, part);
            collect(block, l, each, part, &mut moving);
        }
        for (k, each) in passages.iter().enumerate() {
            let from_here = |&(other, _): &(&Passage, &f64)| other.from == each.from;
            let is_first = passages[..k].iter().all(|other| other.from != each.from);
            let gone: f64 = passages.iter().zip(&parts).filter(from_here).map(|(_, part)| part).sum();
            if is_first && gone > 0.0 {
                keep(block, l, each.from, (1.0 - gone).max(0.0));
            }
        }
        for machines in moving.drain(..) {
            arrive(block, l, &machines);
        }
    }
}

/// Share of a fleet that a rule asks for, while both owners live.
fn asked(block: &Block<'_>, memory: &Memory, each: &Passage) -> Row {
    let Some((now, share)) = memory.acting(each.action) else { return ZERO };
    let owner = &block.links.fleet.owner;
    let both = |l| lives(block, owner[each.from] as usize, l) && lives(block, owner[each.to] as usize, l);
    Row::from_fn(|l| if now[l] > 0.0 && both(l) { share[l].clamp(0.0, 1.0) } else { 0.0 })
}

/// Parts that pass: where more is asked of a fleet than there is, all is cut alike.
fn parts(passages: &[Passage], asked: &[Row], l: usize) -> Vec<f64> {
    let of = |f: usize| passages.iter().zip(asked).filter(move |(each, _)| each.from == f);
    let sum = |f: usize| of(f).map(|(_, share)| share[l]).sum::<f64>();
    passages.iter().zip(asked).map(|(each, share)| share[l] * prorata::part(1.0, sum(each.from))).collect()
}

/// Writes down what changes hands.
fn note(block: &mut Block<'_>, l: usize, each: &Passage, part: f64) {
    let owner = &block.links.fleet.owner;
    let [seller, buyer] = [each.from, each.to].map(|f| Party::Company(owner[f] as usize));
    let cost = part * block.state.fleet.capacity[each.from][l];
    ledger::note(block, l, seller, buyer, Why::Transfer, [cost, part]);
}

fn terms(block: &Block<'_>, l: usize, f: usize) -> Terms {
    let d = &block.derived;
    Terms { lag: d.lag.at(f, l), life: d.life.at(f, l), book: d.book_life.at(f, l) }
}

/// Gathers the machines that pass; what would be scrapped at its age by the fleet that takes, is.
fn collect(block: &Block<'_>, l: usize, each: &Passage, part: f64, moving: &mut Vec<Moving>) {
    let (old, new) = (terms(block, l, each.from), terms(block, l, each.to));
    for back in 0..(old.lag + old.life) as usize {
        let cost = part * block.vintages[block.vintage(each.from, back)][l];
        let age = (back as f64 - old.lag).max(-new.lag);
        if cost > 0.0 && age < new.life {
            moving.push(Moving { to: each.to, age, cost });
        }
    }
}

/// Leaves a fleet with a part of what it has.
fn keep(block: &mut Block<'_>, l: usize, f: usize, part: f64) {
    let fleet = &mut block.state.fleet;
    for rows in [&mut fleet.capacity, &mut fleet.depreciation, &mut fleet.book_value] {
        rows.get_mut(f).into_iter().for_each(|row| row[l] *= part);
    }
    block.scratch.fleet.vintage_value[f][l] *= part;
    for vintages in block.vintages.chunks_exact_mut(block.plan.counts.fleets) {
        vintages[f][l] *= part;
    }
}

/// Adds machines to a fleet, which uses and charges them by its own lives.
fn arrive(block: &mut Block<'_>, l: usize, machines: &Moving) {
    let &Moving { to, age, cost } = machines;
    let Terms { lag, life, book } = terms(block, l, to);
    let place = block.vintage(to, (age + lag) as usize);
    block.vintages[place][l] += cost;
    if age < 0.0 {
        return;
    }
    let fleet = &mut block.state.fleet;
    fleet.capacity[to][l] += cost;
    if age < book {
        fleet.depreciation[to][l] += cost / book;
    }
    if let Some(row) = fleet.book_value.get_mut(to) {
        row[l] += cost * (1.0 - (age + 1.0) / book).max(0.0);
    }
    block.scratch.fleet.vintage_value[to][l] += cost * (1.0 - age / life);
}
