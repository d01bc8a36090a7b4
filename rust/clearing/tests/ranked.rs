//! Laws of the ranked clearing vector, on random small networks, against plain iteration.
#![allow(clippy::unwrap_used)] // a test that panics is a test that fails

use cashcade_clearing::batch::{Cleared, Extreme, Nodes, Rows, clear_batch};
use cashcade_clearing::{ClaimSource, OUTSIDE, RankedClaims, Ranks, System, Totals, Workspace, clear_ranked};
use proptest::prelude::*;

/// A network as a list of claims `(debtor, creditor, rank from 1, amount)`.
#[derive(Debug, Clone)]
struct Network {
    nodes: usize,
    claims: Vec<(usize, u32, u8, f64)>,
    outside: Vec<f64>,
    alpha: Vec<f64>,
    beta: Vec<f64>,
    hard_ranks: u8,
    ranks: u8,
}

struct Table {
    start: Vec<u32>,
    creditor: Vec<u32>,
    rank: Vec<u8>,
    amount: Vec<f64>,
}

impl Network {
    fn rows(&self) -> Table {
        let mut claims = self.claims.clone();
        claims.sort_by_key(|c| c.0);
        let before = |i: usize| claims.iter().filter(|c| c.0 < i).count() as u32;
        Table {
            start: (0..=self.nodes).map(before).collect(),
            creditor: claims.iter().map(|c| c.1).collect(),
            rank: claims.iter().map(|c| c.2).collect(),
            amount: claims.iter().map(|c| c.3).collect(),
        }
    }

    fn clear(&self, extreme: Extreme) -> Cleared {
        let rows = self.rows();
        let claims = RankedClaims::new(&rows.start, &rows.creditor, &rows.rank, &rows.amount, self.ranks).unwrap();
        let nodes = Nodes {
            outside: Rows::new(&self.outside, self.nodes),
            alpha: Rows::new(&self.alpha, self.nodes),
            beta: Rows::new(&self.beta, self.nodes),
            hard_ranks: self.hard_ranks,
        };
        clear_batch(1, |_| Ok(claims), &nodes, extreme).unwrap()
    }

    fn due(&self, node: usize, rank: u8) -> f64 {
        let owed = |c: &&(usize, u32, u8, f64)| c.0 == node && c.2 == rank;
        self.claims.iter().filter(owed).map(|c| c.3).sum()
    }

    fn hard_due(&self, node: usize) -> f64 {
        (1..=self.hard_ranks).map(|r| self.due(node, r)).sum()
    }

    fn received(&self, share: &[f64]) -> Vec<f64> {
        let mut received = vec![0.0; self.nodes];
        for &(debtor, creditor, rank, amount) in &self.claims {
            if creditor != OUTSIDE {
                let cell = debtor * usize::from(self.ranks) + usize::from(rank) - 1;
                received[creditor as usize] += amount * share[cell];
            }
        }
        received
    }

    /// Shares paid, given shares received and who is in default.
    fn respond(&self, share: &[f64], fallen: &[bool]) -> Vec<f64> {
        let received = self.received(share);
        let mut next = Vec::new();
        for i in 0..self.nodes {
            let gross = self.outside[i] + received[i];
            let net = self.alpha[i] * self.outside[i] + self.beta[i] * received[i];
            let mut left = if fallen[i] { net } else { gross.max(self.hard_due(i)) };
            for rank in 1..=self.ranks {
                let due = self.due(i, rank);
                let paid = left.min(due);
                next.push(if due > 0.0 { paid / due } else { 1.0 });
                left -= paid;
            }
        }
        next
    }

    /// The greatest clearing vector by plain iteration inside plain rounds.
    fn oracle(&self) -> (Vec<f64>, Vec<u32>) {
        let mut share = vec![1.0; self.nodes * usize::from(self.ranks)];
        let mut round = vec![0; self.nodes];
        for k in 1.. {
            let received = self.received(&share);
            let short = |i: usize| self.outside[i] + received[i] < self.hard_due(i) * (1.0 - 1e-11);
            let new: Vec<usize> = (0..self.nodes).filter(|&i| round[i] == 0 && short(i)).collect();
            for &i in &new {
                round[i] = k;
            }
            if new.is_empty() && k > 1 {
                break;
            }
            let fallen: Vec<bool> = round.iter().map(|&r| r > 0).collect();
            loop {
                let next = self.respond(&share, &fallen);
                let change = next.iter().zip(&share).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
                share = next;
                if change < 1e-14 {
                    break;
                }
            }
        }
        (share, round)
    }
}

fn amounts(len: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(prop_oneof![Just(0.0), 0.0..10.0_f64], len)
}

fn shares(len: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(prop_oneof![Just(1.0), 0.0..1.0_f64], len)
}

prop_compose! {
    fn networks(most: usize)(nodes in 1..=most, ranks in 1..4_u8)(
        claims in prop::collection::vec(
            (0..nodes, 0..=nodes, 1..=ranks, prop_oneof![Just(0.0), 0.0..10.0_f64]), 0..4 * nodes),
        outside in amounts(nodes),
        alpha in shares(nodes),
        beta in shares(nodes),
        hard_ranks in 0..=ranks,
        nodes in Just(nodes),
        ranks in Just(ranks),
    ) -> Network {
        let claims = claims
            .into_iter()
            .filter(|c| c.0 != c.1)
            .map(|(i, j, r, a)| (i, if j == nodes { OUTSIDE } else { j as u32 }, r, a))
            .collect();
        Network { nodes, claims, outside, alpha, beta, hard_ranks, ranks }
    }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-8
}

fn check_against_plain_iteration(network: &Network) -> Result<(), TestCaseError> {
    let (share, round) = network.oracle();
    let ws = network.clear(Extreme::Greatest);
    prop_assert!(ws.residual[0] <= 1e-10, "residual {}", ws.residual[0]);
    prop_assert_eq!(&ws.fell_in_round, &round);
    for (a, b) in ws.paid_share.iter().zip(&share) {
        prop_assert!(close(*a, *b), "{:?} against {:?}", ws.paid_share, share);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn larger_networks_equal_plain_iteration(network in networks(400)) {
        check_against_plain_iteration(&network)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn equals_plain_iteration(network in networks(6)) {
        check_against_plain_iteration(&network)?;
    }

    #[test]
    fn the_ledger_of_every_node_balances(network in networks(6)) {
        for extreme in [Extreme::Greatest, Extreme::Least] {
            let ws = network.clear(extreme);
            let received = network.received(&ws.paid_share);
            for i in 0..network.nodes {
                let paid: f64 = (1..=network.ranks)
                    .map(|r| network.due(i, r) * ws.paid_share[i * usize::from(network.ranks) + usize::from(r) - 1])
                    .sum();
                prop_assert!(close(received[i], ws.received[i]));
                prop_assert!(close(network.outside[i] + received[i], paid + ws.left[i] + ws.lost[i]));
                let total: f64 = (1..=network.ranks).map(|r| network.due(i, r)).sum();
                prop_assert!(ws.left[i] == 0.0 || close(paid, total));
            }
        }
    }

    #[test]
    fn the_least_is_a_fixed_point_below_the_greatest(network in networks(6)) {
        let greatest = network.clear(Extreme::Greatest);
        let least = network.clear(Extreme::Least);
        prop_assert!(least.residual[0] <= 1e-11);
        let fallen: Vec<bool> = (0..network.nodes).map(|i| least.fell_in_round[i] > 0).collect();
        let again = network.respond(&least.paid_share, &fallen);
        for ((l, g), a) in least.paid_share.iter().zip(&greatest.paid_share).zip(&again) {
            prop_assert!(*l <= g + 1e-9, "{:?} above {:?}", least.paid_share, greatest.paid_share);
            prop_assert!(close(*l, *a));
        }
    }

    #[test]
    fn seniors_are_paid_before_juniors(network in networks(6)) {
        let ws = network.clear(Extreme::Greatest);
        for row in ws.paid_share.chunks(usize::from(network.ranks)) {
            for pair in row.windows(2) {
                prop_assert!(pair[0] >= 1.0 - 1e-12 || pair[1] == 0.0 || pair[1] == 1.0);
            }
        }
    }
}

fn one_rank(owed: &[&[f64]], outside: &[f64], alpha: f64, beta: f64) -> Network {
    let nodes = owed.len();
    let claim = |i: usize, j: usize| (i, j as u32, 1, owed[i][j]);
    let claims = (0..nodes).flat_map(|i| (0..nodes).map(move |j| (i, j)));
    Network {
        nodes,
        claims: claims.filter(|(i, j)| i != j).map(|(i, j)| claim(i, j)).collect(),
        outside: outside.to_vec(),
        alpha: vec![alpha; nodes],
        beta: vec![beta; nodes],
        hard_ranks: 1,
        ranks: 1,
    }
}

#[test]
fn a_cycle_without_cash_pays_all_at_most_and_nothing_at_least() {
    let network = one_rank(&[&[0.0, 1.0], &[1.0, 0.0]], &[0.0, 0.0], 1.0, 1.0);
    assert_eq!(network.clear(Extreme::Greatest).paid_share, [1.0, 1.0]);
    assert_eq!(network.clear(Extreme::Least).paid_share, [0.0, 0.0]);
}

#[test]
fn the_least_vector_of_rogers_and_veraart_example_3_3_is_the_greatest() {
    let network = one_rank(&[&[0.0, 2.0], &[2.2, 0.0]], &[1.0, 1.0], 0.5, 0.5);
    assert_eq!(network.clear(Extreme::Greatest).paid_share, [1.0, 1.0]);
    assert_eq!(network.clear(Extreme::Least).paid_share, [1.0, 1.0]);
}

#[test]
fn a_ring_in_which_money_hardly_leaks_is_exact() {
    let nodes = 200;
    let mut claims: Vec<(usize, u32, u8, f64)> = (0..nodes).map(|i| (i, ((i + 1) % nodes) as u32, 1, 1.0)).collect();
    claims.extend((0..nodes).map(|i| (i, OUTSIDE, 1, 1e-7)));
    let network = Network {
        nodes,
        claims,
        outside: vec![5e-8; nodes],
        alpha: vec![1.0; nodes],
        beta: vec![1.0; nodes],
        hard_ranks: 1,
        ranks: 1,
    };
    let ws = network.clear(Extreme::Greatest);
    assert!(ws.fell_in_round.iter().all(|&round| round > 0));
    // Each pays what leaks: share * 1e-7 = 5e-8.
    assert!(ws.paid_share.iter().all(|s| (s - 0.5).abs() < 1e-7), "{:?}", &ws.paid_share[..3]);
}

#[test]
fn a_long_chain_falls_one_link_a_round() {
    let nodes = 100_000;
    let claims = (0..nodes).map(|i| {
        let creditor = if i + 1 < nodes { i as u32 + 1 } else { OUTSIDE };
        (i, creditor, 1, 1.0)
    });
    let mut outside = vec![0.0; nodes];
    outside[0] = 0.25;
    let rows = Table {
        start: (0..=nodes as u32).collect(),
        creditor: claims.clone().map(|c| c.1).collect(),
        rank: vec![1; nodes],
        amount: claims.map(|c| c.3).collect(),
    };
    let full = vec![1.0; nodes];
    let claims = RankedClaims::new(&rows.start, &rows.creditor, &rows.rank, &rows.amount, 1).unwrap();
    let totals = Totals::of(&claims);
    let system = System::new(&claims, &totals, &outside, &full, &full).unwrap();
    let mut ws = Workspace::default();
    let outcome = clear_ranked(&system, &system.short(), system.ranks(1), &mut ws);
    assert_eq!(outcome.rounds as usize, nodes);
    assert!(ws.settled().all(|s| s.paid == [0.25]));
}

/// A long ring of solvent nodes around two that fall short; counts how often claims are read.
struct Counting {
    nodes: usize,
    read: std::cell::RefCell<Vec<usize>>,
}

impl ClaimSource for Counting {
    fn nodes(&self) -> usize {
        self.nodes
    }
    fn outside(&self, node: usize) -> f64 {
        if node == 7 { 0.0 } else { 0.5 }
    }
    fn slack(&self, node: usize) -> f64 {
        if node == 7 { -1.0 } else { self.outside(node) }
    }
    fn alpha(&self, _: usize) -> f64 {
        1.0
    }
    fn beta(&self, _: usize) -> f64 {
        1.0
    }
    fn visit(&self, debtor: usize, visitor: &mut impl FnMut(u32, u8, f64)) {
        self.read.borrow_mut().push(debtor);
        visitor(((debtor + 1) % self.nodes) as u32, 1, 1.0);
        if debtor == 7 {
            visitor(OUTSIDE, 1, 1.0);
        }
    }
}

#[test]
fn only_nodes_that_fall_short_are_read_and_only_once() {
    let source = Counting { nodes: 1_000_000, read: std::cell::RefCell::default() };
    let mut ws = Workspace::default();
    for _ in 0..3 {
        clear_ranked(&source, &[7], Ranks { hard: 1, all: 1 }, &mut ws);
    }
    // Node 7 has 1 for dues of 2: node 8 misses half of its receipt and has half to spare.
    assert_eq!(*source.read.borrow(), [7, 7, 7]);
    let reached: Vec<(usize, f64, f64)> = ws.settled().map(|s| (s.node, s.paid[0], s.left)).collect();
    assert_eq!(reached, [(7, 0.5, 0.0), (8, 1.0, 0.0)]);
}
