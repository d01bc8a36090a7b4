//! Clearing where many fall: one rank of hard claims and no holdings, in sweeps over whole rows.
//!
//! Everybody who can pays in full, so the unknowns are the shares that defaulters leave unpaid, and for a given set
//! of them these solve a linear system (see [`super::sweep`]). Verdicts are followed for a part of the nodes, chosen
//! by a guess of how much is missing; in the end all are looked at, with receipts added up again. What nodes miss
//! only grows from round to round: whoever stands then stood in every round. If the guess was too narrow the rounds
//! run again with a wider part. What does not suit ([`Bulk::clear`] says so) is left to [`super::ranked`].

use pulp::Simd;

use super::claims::{Claims, refill};
use super::debtor::Debtor;
use super::dense::total;
use super::source::ClaimSource;
use super::source::TIE;
use super::state::SETTLED;
use super::sweep::Sweeps;
use super::system::{Keeps, System};

/// Rounds after which one node at a time must be falling, which is better done lazily.
const MOST_ROUNDS: u32 = 64;

/// Times that the part of the nodes that is followed may be widened.
const MOST_GUESSES: usize = 3;

/// Up to this size everybody is followed.
const FOLLOW_ALL: usize = 32;

/// Steps toward the average share that is unpaid.
const GUESS_STEPS: usize = 4;

/// What a look at all nodes found.
enum Verdict {
    Sound,
    TooNarrow,
    Unsuited,
}

/// A clearing of this kind, in memory that is kept from one to the next.
#[derive(Debug, Clone, Default)]
pub(super) struct Bulk {
    sweeps: Sweeps,
    slack: Vec<f64>,
    /// Amount that each node can miss before it falls.
    headroom: Vec<f64>,
    /// Nodes in default, with the share that each leaves unpaid.
    fallen: Vec<(u32, f64)>,
    /// What each node misses against full payment by everybody.
    pub missing: Vec<f64>,
    /// Share that each node leaves unpaid.
    pub unpaid: Vec<f64>,
    /// Round in which each node fell, 0 for those that stand.
    pub round: Vec<u32>,
    /// Largest gap between what a node pays and what its assets oblige it to pay, in currency.
    pub residual: f64,
}

/// A clearing with the instructions of this machine.
struct Clear<'b, 's, C> {
    bulk: &'b mut Bulk,
    system: &'b System<'s, C>,
}

impl<C: Claims> pulp::WithSimd for Clear<'_, '_, C> {
    type Output = bool;

    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) -> bool {
        self.bulk.clear_here(s, self.system)
    }
}

impl Bulk {
    /// Find the greatest clearing vector; false if this is not the way to do it.
    pub fn clear<C: Claims>(&mut self, system: &System<'_, C>) -> bool {
        pulp::Arch::new().dispatch(Clear { bulk: self, system })
    }

    #[inline(always)]
    fn clear_here<S: Simd, C: Claims>(&mut self, s: S, system: &System<'_, C>) -> bool {
        let short = self.measure(system);
        self.follow(system, short);
        for _ in 0..MOST_GUESSES {
            if !self.run(s, system) {
                return false;
            }
            self.add_up(s, system);
            match self.judge(system) {
                Verdict::Sound => return true,
                Verdict::TooNarrow => self.widen(system),
                Verdict::Unsuited => return false,
            }
        }
        false
    }

    /// What each node can miss; the number of nodes that fall short by themselves.
    #[inline(always)]
    fn measure<C: Claims>(&mut self, system: &System<'_, C>) -> usize {
        let (due, receivable) = (&system.totals().due, &system.totals().receivable);
        let nodes = || due.iter().zip(receivable).zip(system.all_outside());
        self.slack.clear();
        self.slack.extend(nodes().map(|((due, receivable), outside)| outside + receivable - due));
        let tie = |due: f64, all: f64| TIE * due + SETTLED * all;
        let headroom = |(((due, receivable), outside), slack): (((&f64, &f64), &f64), &f64)| {
            slack + tie(*due, due + receivable + outside)
        };
        self.headroom.clear();
        self.headroom.extend(nodes().zip(&self.slack).map(headroom));
        self.slack.iter().filter(|&&slack| slack < 0.0).count()
    }

    /// Follow those who would fall if everybody missed a little more than the average share of receipts.
    #[inline(always)]
    fn follow<C: Claims>(&mut self, system: &System<'_, C>, short: usize) {
        let nodes = system.nodes() as u32;
        self.sweeps.columns.clear();
        if !system.claims().is_full() || system.nodes() <= FOLLOW_ALL {
            self.sweeps.columns.extend(0..nodes);
            return;
        }
        // A sum over as many debtors strays that far from its mean.
        let most = self.guess(system) * (1.0 + 4.0 / (short as f64).sqrt());
        let receivable = &system.totals().receivable;
        // Those who fall by themselves come first: what is owed to them is done with first.
        let falls_alone = |node: usize| self.headroom[node] < 0.0;
        let may_fall = |node: usize| self.slack[node] < most * receivable[node];
        self.sweeps.columns.extend((0..nodes).filter(|&node| falls_alone(node as usize)));
        let others = (0..nodes).filter(|&node| !falls_alone(node as usize) && may_fall(node as usize));
        self.sweeps.columns.extend(others);
    }

    /// Share of all dues that is unpaid if everybody receives the same share of what is due to it.
    #[inline(always)]
    fn guess<C: Claims>(&mut self, system: &System<'_, C>) -> f64 {
        let (due, receivable) = (&system.totals().due, &system.totals().receivable);
        let all = total(due);
        let mut share = 0.0;
        for _ in 0..GUESS_STEPS {
            let nodes = due.iter().zip(receivable).zip(self.slack.iter().zip(system.keeps()));
            let missing = |((due, receivable), (slack, keeps)): ((&f64, &f64), (&f64, Keeps))| {
                let less = share * receivable;
                if *slack < less { due - keeps.of(receivable - less) } else { 0.0 }
            };
            self.missing.clear();
            self.missing.extend(nodes.map(missing));
            share = f64::min(total(&self.missing) / all, 1.0);
        }
        share
    }

    /// Follow, too, all who would fall if twice as much were missing.
    #[inline(always)]
    fn widen<C: Claims>(&mut self, system: &System<'_, C>) {
        let mut followed = vec![false; system.nodes()];
        self.sweeps.columns.iter().for_each(|&node| followed[node as usize] = true);
        let falls = |&node: &u32| {
            let node = node as usize;
            followed[node] || self.headroom[node] < 2.0 * self.missing[node]
        };
        let columns: Vec<u32> = (0..system.nodes() as u32).filter(falls).collect();
        self.sweeps.columns = columns;
    }

    /// Rounds of fictitious default among those who are followed; false if there are too many or they do not settle.
    #[inline(always)]
    fn run<S: Simd, C: Claims>(&mut self, s: S, system: &System<'_, C>) -> bool {
        self.sweeps.begin(&self.headroom, &system.totals().receivable, system.claims().is_full());
        refill(&mut self.round, system.nodes(), 0);
        let mut round = 0;
        while round < MOST_ROUNDS {
            if self.fall(system, round + 1) {
                round += 1;
                if !self.sweeps.settle(s, system.claims(), true) {
                    return false;
                }
            } else if self.sweeps.is_settled() {
                return true;
            } else if !self.sweeps.settle(s, system.claims(), false) {
                return false;
            }
        }
        false
    }

    /// Put into default whoever misses more than it can; false when nobody new does.
    #[inline(always)]
    fn fall<C: Claims>(&mut self, system: &System<'_, C>, round: u32) -> bool {
        let before = self.sweeps.debtors.len();
        for place in 0..self.sweeps.columns.len() {
            if self.sweeps.less[place] > self.sweeps.headroom[place] {
                let node = self.sweeps.columns[place] as usize;
                self.round[node] = round;
                self.sweeps.open(system.claims(), Debtor::new(place, node, system));
            }
        }
        self.sweeps.debtors.len() > before
    }

    /// Add up what everybody misses from the shares unpaid alone.
    #[inline(always)]
    fn add_up<S: Simd, C: Claims>(&mut self, s: S, system: &System<'_, C>) {
        let nodes = system.nodes();
        refill(&mut self.missing, nodes, 0.0);
        refill(&mut self.unpaid, nodes, 0.0);
        self.fallen.clear();
        for debtor in &self.sweeps.debtors {
            let node = self.sweeps.columns[debtor.place as usize];
            self.fallen.push((node, debtor.unpaid.clamp(0.0, 1.0)));
        }
        self.fallen.iter().for_each(|&(node, unpaid)| self.unpaid[node as usize] = unpaid);
        system.claims().miss(s, &self.fallen, &mut self.missing);
    }

    /// Look at all nodes: payments must fit receipts, and exactly those in default must fall short.
    #[inline(always)]
    fn judge<C: Claims>(&mut self, system: &System<'_, C>) -> Verdict {
        let (due, receivable) = (&system.totals().due, &system.totals().receivable);
        self.residual = 0.0;
        let mut is_narrow = false;
        for node in 0..system.nodes() {
            let missing = self.missing[node];
            if self.round[node] == 0 {
                is_narrow |= missing > self.headroom[node] + SETTLED * receivable[node];
                continue;
            }
            let received = (receivable[node] - missing).max(0.0);
            let paid = due[node] * (1.0 - self.unpaid[node]);
            let gap = (paid - system.recovered(node, received).min(due[node])).abs();
            let scale = SETTLED * (due[node] + receivable[node]);
            if gap > scale || missing < self.headroom[node] - scale {
                return Verdict::Unsuited;
            }
            self.residual = self.residual.max(gap);
        }
        if is_narrow { Verdict::TooNarrow } else { Verdict::Sound }
    }
}
