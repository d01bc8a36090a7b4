//! Groups: compressed lists of who belongs to whom.

use crate::column::{Column, LANES, Row, ZERO};
use crate::pack::{Operand, Packs, packs};
use pulp::Simd;

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

    /// A row by owner that is zero for those without members: theirs need not be fetched.
    #[inline(always)]
    #[must_use]
    pub fn rows<'r>(&self, rows: &'r [Row], owner: usize) -> &'r Row {
        if self.of(owner).is_empty() { &ZERO } else { &rows[owner] }
    }

    /// Places of the members of an owner in the list of all.
    #[inline(always)]
    fn span(&self, owner: usize) -> std::ops::Range<usize> {
        self.start[owner] as usize..self.start[owner + 1] as usize
    }

    /// Whether nobody owns anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.member.is_empty()
    }
}

/// Contracts of each company with others.
#[derive(Clone, Debug)]
pub struct Edges {
    contracts: Groups,
    /// The other side of each contract, in the order of the groups.
    partner: Vec<u32>,
    /// Use in the first draw, in the same order.
    usage: Vec<f64>,
}

impl Edges {
    /// Contracts by `owner` with `partner`.
    pub(super) fn new(
        owners: usize,
        owner: &[i32],
        partner: &[i32],
        usage: &Column,
        keep: impl Fn(usize) -> bool,
    ) -> Self {
        let contracts = Groups::new(owners, owner, keep);
        let partner = contracts.member.iter().map(|&e| partner[e as usize] as u32).collect();
        let usage = contracts.member.iter().map(|&e| usage.at(e as usize, 0)).collect();
        Self { contracts, partner, usage }
    }

    /// Writes the sum, over the contracts of company `i`, of use times the row of the other side.
    #[inline(always)]
    pub fn sum<S: Simd>(&self, s: S, i: usize, usage: &Column, rows: &[Row], into: &mut Row) {
        let span = self.contracts.span(i);
        let partners = &self.partner[span.clone()];
        let mut sums = [0.0.packed(s); LANES];
        if let Column::Same(_) = usage {
            for (&partner, &usage) in partners.iter().zip(&self.usage[span]) {
                let row = &rows[partner as usize];
                for k in packs::<S>() {
                    sums[k] += usage * row.pack(s, k);
                }
            }
        } else {
            for (&partner, &e) in partners.iter().zip(self.contracts.of(i)) {
                let (row, usage) = (&rows[partner as usize], usage.of(e as usize));
                for k in packs::<S>() {
                    sums[k] += usage.pack(s, k) * row.pack(s, k);
                }
            }
        }
        for k in packs::<S>() {
            into.put(k, sums[k]);
        }
    }
}
