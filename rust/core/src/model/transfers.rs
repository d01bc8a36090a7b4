//! Phase 2: fleets, or parts of them, that rules hand from one owner to another.

use crate::block::Block;
use crate::books::Party;
use crate::column::{LANES, ONES, Row, ZERO};
use crate::events::Why;
use crate::ledger;
use crate::model::claims::lives;
use crate::model::prorata;
use crate::rule::{Memory, Passage};

/// What passes in a month.
struct Passing<'a> {
    /// From where to where.
    passages: &'a [Passage],
    /// Part of its fleet that each takes along.
    parts: Vec<Row>,
    /// Part that stays, of each fleet.
    stays: Vec<Row>,
}

/// Hands over what active rules say.
pub fn advance(block: &mut Block<'_>, memory: &Memory) {
    let passages = &memory.rules.passages;
    if !passages.iter().any(|each| memory.acting(each.action).is_some()) {
        return;
    }
    let asked: Vec<Row> = passages.iter().map(|each| asked(block, memory, each)).collect();
    let sum = |f: usize, l: usize| {
        passages.iter().zip(&asked).filter(|(each, _)| each.from == f).map(|(_, part)| part[l]).sum::<f64>()
    };
    let parts: Vec<Row> = (passages.iter().zip(&asked))
        .map(|(each, part)| Row::from_fn(|l| part[l] * prorata::part(1.0, sum(each.from, l))))
        .collect();
    let mut stays = vec![ONES; block.plan.counts.fleets];
    for (each, part) in passages.iter().zip(&parts) {
        let stays = &mut stays[each.from];
        *stays = Row::from_fn(|l| (stays[l] - part[l]).max(0.0));
    }
    let passing = Passing { passages, parts, stays };
    note(block, &passing);
    let fleets = block.plan.counts.fleets;
    for slot in block.vintages.chunks_exact_mut(fleets) {
        pass(slot, &passing);
    }
    let fleet = &mut block.state.fleet;
    let worth = &mut block.scratch.fleet.vintage_value;
    for rows in [&mut fleet.capacity[..], &mut fleet.depreciation[..], &mut worth[..]] {
        pass(rows, &passing);
    }
    if !fleet.book_value.is_empty() {
        pass(&mut fleet.book_value, &passing);
    }
}

/// Part of a fleet that a rule hands over, while both owners live.
fn asked(block: &Block<'_>, memory: &Memory, each: &Passage) -> Row {
    let Some((now, share)) = memory.acting(each.action) else { return ZERO };
    let owner = &block.links.fleet.owner;
    let both = |l| lives(block, owner[each.from] as usize, l) && lives(block, owner[each.to] as usize, l);
    Row::from_fn(|l| if now[l] > 0.0 && both(l) { share[l].clamp(0.0, 1.0) } else { 0.0 })
}

/// Writes down what changes hands.
fn note(block: &mut Block<'_>, passing: &Passing<'_>) {
    for (each, part) in passing.passages.iter().zip(&passing.parts) {
        let owner = &block.links.fleet.owner;
        let [seller, buyer] = [each.from, each.to].map(|f| Party::Company(owner[f] as usize));
        for l in (0..LANES).filter(|&l| part[l] > 0.0) {
            let cost = part[l] * block.state.fleet.capacity[each.from][l];
            ledger::note(block, l, seller, buyer, Why::Transfer, [cost, part[l]]);
        }
    }
}

/// Moves parts of what each fleet has, all of what was there before.
fn pass(rows: &mut [Row], passing: &Passing<'_>) {
    let moved: Vec<Row> = (passing.passages.iter().zip(&passing.parts))
        .map(|(each, part)| Row::from_fn(|l| part[l] * rows[each.from][l]))
        .collect();
    for (row, stays) in rows.iter_mut().zip(&passing.stays) {
        *row = Row::from_fn(|l| row[l] * stays[l]);
    }
    for (each, moved) in passing.passages.iter().zip(&moved) {
        let row = &mut rows[each.to];
        *row = Row::from_fn(|l| row[l] + moved[l]);
    }
}
