//! Memory of rules from month to month: when each was active, and where levers were.

use super::machine::Machine;
use super::rules::{Action, Hold, Lever, Rules, Target};
use crate::books::Party;
use crate::column::{LANES, ONES, Row, ZERO, count_ahead, zeros};
use crate::draw::Draws;
use crate::pack::{Operand, Pack, Packs, packs};
use crate::variables::{LARGEST, Parameters, State};
use pulp::Simd;
use std::sync::Arc;

/// Two actions that set one lever to different values on one path in one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The month.
    pub month: u16,
    /// The two, by place in the arrays.
    pub actions: [u32; 2],
}

impl Conflict {
    /// As numbers, the month first.
    fn numbers(self) -> [f64; 3] {
        [f64::from(self.month), f64::from(self.actions[0]), f64::from(self.actions[1])]
    }

    /// Back from numbers; month 0 is none.
    fn of([month, one, other]: [f64; 3]) -> Option<Self> {
        (month > 0.0).then_some(Self { month: month as u16, actions: [one as u32, other as u32] })
    }
}

/// The past of one rule on each path, from which its condition makes whether it is active.
#[derive(Clone, Debug)]
struct Activity {
    /// Months that its hold still lasts.
    left: Row,
    /// 1 where it may begin.
    ready: Row,
    /// Months to come, where it is delayed.
    coming: Vec<Row>,
    /// First month in which it was active, 0 if none.
    first: Row,
}

/// A block's memory of rules.
#[derive(Debug)]
pub struct Memory {
    /// The rules.
    pub rules: Arc<Rules>,
    /// Rows of all expressions.
    pub machine: Machine,
    activities: Vec<Activity>,
    /// 1 where each rule is active now.
    now: Vec<Row>,
    /// Months in which each was.
    months: Vec<Row>,
    /// Whether each rule is active on any path.
    active: Vec<bool>,
    /// Whether that has changed on any path since the month before.
    changed: Vec<bool>,
    /// Values of parameters that are levers, as the world has them or a host.
    base: Vec<Row>,
    /// Whether a parameter may be elsewhere.
    away: Vec<bool>,
    /// Whether it stands where its rules moved it in the month before.
    stands: Vec<bool>,
    /// Amounts of each action when its rule was first active.
    amounts: Vec<Row>,
    /// Values to be kept then.
    watched: Vec<Row>,
    /// Amount of each payment this month.
    payments: Vec<Row>,
    /// First conflict on each path.
    conflicts: [Option<Conflict>; LANES],
    /// Amounts that meet on one lever.
    meeting: Vec<Row>,
    /// Rows of gauges, at the end of a month: they have a past of their own.
    meter: Option<Machine>,
    /// Values of gauges.
    measured: Vec<Row>,
}

impl Activity {
    fn new(delay: usize) -> Self {
        Self { left: ZERO, ready: ONES, coming: zeros(ZERO, delay), first: ZERO }
    }

    /// Forgets a block of paths.
    fn clear(&mut self) {
        (self.left, self.ready, self.first) = (ZERO, ONES, ZERO);
        self.coming.fill(ZERO);
    }

    /// Shows what later months depend on.
    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        let Self { left, ready, coming, first } = self;
        for row in [left, ready, first].into_iter().chain(coming) {
            visit(&mut row.0);
        }
    }

    /// Lanes on which it would hold this month if it came without delay.
    #[inline(always)]
    fn hold<S: Simd>(&mut self, s: S, hold: Hold, condition: &Row) -> Row {
        let mut holds = ZERO;
        match hold {
            Hold::While => {
                for k in packs::<S>() {
                    holds.put(k, condition.pack(s, k).equals(0.0).choose(0.0, 1.0));
                }
            }
            Hold::For { months, again } => {
                let (rest, again) = (f64::from(months) - 1.0, f64::from(u8::from(again)));
                for k in packs::<S>() {
                    let (left, ready) = (self.left.pack(s, k), self.ready.pack(s, k));
                    let holding = left.above(0.0);
                    let wanted = condition.pack(s, k).equals(0.0).choose(0.0, ready);
                    let begins = holding.choose(0.0, wanted);
                    let begun = begins.above(0.0);
                    holds.put(k, holding.choose(1.0, begins));
                    self.left.put(k, begun.choose(rest, (left - 1.0).at_least(0.0)));
                    self.ready.put(k, begun.choose(again, ready));
                }
            }
        }
        holds
    }

    /// Keeps what holds until it is due; gives what is due now.
    #[inline(always)]
    fn delay(&mut self, mut holds: Row, month: u32) -> Row {
        let slot = month as usize % self.coming.len();
        std::mem::swap(&mut self.coming[slot], &mut holds);
        holds
    }
}

impl Memory {
    /// Memory for the rules of a run.
    #[must_use]
    pub fn new(rules: Arc<Rules>) -> Self {
        count_ahead::<Activity>(rules.rules.len());
        let most = |lever: &Lever| lever.scales.len().max(lever.adds.len());
        Self {
            machine: Machine::new(&rules.graph, rules.constants.clone()),
            activities: rules.rules.iter().map(|rule| Activity::new(rule.delay)).collect(),
            now: zeros(ZERO, rules.rules.len()),
            months: zeros(ZERO, rules.rules.len()),
            active: vec![false; rules.rules.len()],
            changed: vec![false; rules.rules.len()],
            base: zeros(ZERO, rules.levers.len()),
            away: vec![false; rules.levers.len()],
            stands: vec![false; rules.levers.len()],
            amounts: zeros(ZERO, rules.actions.len()),
            watched: zeros(ZERO, rules.watches.len()),
            payments: zeros(ZERO, rules.payments.len()),
            conflicts: [None; LANES],
            meter: (!rules.gauges.is_empty()).then(|| Machine::new(&rules.graph, rules.constants.clone())),
            measured: zeros(ZERO, rules.gauges.len()),
            meeting: vec![ZERO; rules.levers.iter().map(most).max().unwrap_or(0)],
            rules,
        }
    }

    /// Makes ready for a block of paths whose lanes have these draws; `parameters` are as the world gives them.
    pub fn start(&mut self, parameters: &Parameters, draws: &Draws, of: &[usize; LANES]) {
        for machine in [Some(&mut self.machine), self.meter.as_mut()].into_iter().flatten() {
            machine.start(parameters, draws, of);
        }
        self.activities.iter_mut().for_each(Activity::clear);
        self.months.fill(ZERO);
        self.active.fill(false);
        for (base, lever) in self.base.iter_mut().zip(&self.rules.levers) {
            if let Target::Parameter(place, entity) = lever.target {
                *base = parameters.column(place).row(entity);
            }
        }
        self.away.fill(false);
        self.stands.fill(false);
        self.amounts.fill(ZERO);
        self.watched.fill(ZERO);
        self.conflicts = [None; LANES];
    }

    /// Shows what later months depend on, to read or to write, always in the same order.
    pub fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        let Self {
            rules: _,
            machine,
            activities,
            now: _,
            months,
            active: _,
            changed: _,
            base,
            away,
            stands,
            amounts,
            watched,
            payments: _,
            conflicts,
            meeting: _,
            meter,
            measured: _,
        } = self;
        stands.fill(false);
        machine.carried(visit);
        if let Some(meter) = meter {
            meter.carried(visit);
        }
        for activity in activities {
            activity.carried(visit);
        }
        for row in months.iter_mut().chain(base).chain(amounts).chain(watched) {
            visit(&mut row.0);
        }
        for away in away {
            let mut flag = [f64::from(u8::from(*away))];
            visit(&mut flag);
            *away = flag[0] > 0.0;
        }
        for conflict in conflicts {
            let mut numbers = conflict.map_or([0.0; 3], Conflict::numbers);
            visit(&mut numbers);
            *conflict = Conflict::of(numbers);
        }
    }

    /// Works out gauges.
    #[inline(always)]
    pub fn measure<S: Simd>(&mut self, s: S, state: &State, draws: &Draws, month: u32) {
        if let Some(meter) = &mut self.meter {
            meter.run(s, &self.rules.gauges_pass, state, draws, month);
            for (measured, gauge) in self.measured.iter_mut().zip(&self.rules.gauges) {
                *measured = *meter.value(gauge.node);
            }
        }
    }

    /// Values of gauges at the end of the last month.
    #[must_use]
    pub fn measured(&self) -> &[Row] {
        &self.measured
    }

    /// Works out what phase 9 needs.
    #[inline(always)]
    pub fn leave<S: Simd>(&mut self, s: S, state: &State, draws: &Draws, month: u32) {
        self.machine.run(s, &self.rules.doors_pass, state, draws, month);
    }

    /// Works out all expressions, and which rules are active.
    #[inline(always)]
    pub fn judge<S: Simd>(&mut self, s: S, state: &State, draws: &Draws, month: u32) {
        self.machine.run(s, &self.rules.pass, state, draws, month);
        let rows = self.now.iter_mut().zip(&mut self.months).zip(self.active.iter_mut().zip(&mut self.changed));
        for (((now, months), (active, changed)), (rule, activity)) in
            rows.zip(self.rules.rules.iter().zip(&mut self.activities))
        {
            let holds = activity.hold(s, rule.hold, self.machine.value(rule.condition));
            let holds = if rule.delay == 0 { holds } else { activity.delay(holds, month) };
            let new;
            [*active, *changed, new] = count(s, &holds, now, months);
            if new {
                for (l, first) in activity.first.iter_mut().enumerate() {
                    if now[l] == 0.0 || *first > 0.0 {
                        continue;
                    }
                    *first = f64::from(month);
                    for &action in &rule.actions {
                        let amount = self.rules.actions[action].amount;
                        self.amounts[action][l] = self.machine.value(amount)[l];
                    }
                    for &watch in &rule.watches {
                        self.watched[watch][l] = self.machine.value(self.rules.watches[watch])[l];
                    }
                }
            }
        }
    }

    /// Works out what rules make parties pay this month: nothing of a company that has failed.
    #[inline(always)]
    pub fn bill<S: Simd>(&mut self, s: S, alive: &[Row]) {
        for (due, payment) in self.payments.iter_mut().zip(&self.rules.payments) {
            let action = self.rules.actions[payment.action];
            let (now, amount) = (&self.now[action.rule], self.machine.value(action.amount));
            for k in packs::<S>() {
                let amount = amount.pack(s, k).at_least(0.0).at_most(LARGEST);
                due.put(k, now.pack(s, k).above(0.0).choose(amount, 0.0));
            }
            if let Party::Company(i) = payment.payer {
                for k in packs::<S>() {
                    due.put(k, due.pack(s, k) * alive[i].pack(s, k));
                }
            }
        }
    }

    /// Lanes on which the rule of an action is active this month, and its amount; nothing if it is nowhere.
    #[must_use]
    pub fn acting(&self, action: usize) -> Option<(&Row, &Row)> {
        let action = &self.rules.actions[action];
        self.active[action.rule].then(|| (&self.now[action.rule], self.machine.value(action.amount)))
    }

    /// The memory of rules, if they make anybody pay.
    #[inline(always)]
    #[must_use]
    pub fn paying(rules: Option<&Self>) -> Option<&Self> {
        rules.filter(|memory| !memory.payments.is_empty())
    }

    /// Amount of each payment this month.
    #[must_use]
    pub fn due(&self) -> &[Row] {
        &self.payments
    }

    /// Whether an action moves its lever on any path.
    #[inline(always)]
    fn acts(&self, action: usize) -> bool {
        self.active[self.rules.actions[action].rule]
    }

    /// Whether a lever is to be written: it is moved, or must go back.
    #[inline(always)]
    #[must_use]
    pub fn touches(&mut self, number: usize, lever: &Lever) -> bool {
        let moved = lever.rules.iter().any(|&rule| self.active[rule]);
        let back = std::mem::replace(&mut self.away[number], moved);
        let stood = std::mem::replace(&mut self.stands[number], lever.is_steady);
        let same = stood && !lever.rules.iter().any(|&rule| self.changed[rule]);
        !same && (moved || back && matches!(lever.target, Target::Parameter(..)))
    }

    /// The value of a lever that is a parameter before rules move it: that of the world, or of a host.
    #[must_use]
    pub fn base(&self, number: usize) -> Row {
        self.base[number]
    }

    /// Puts it elsewhere, from the next time that levers are moved.
    pub fn put(&mut self, number: usize, value: Row) {
        self.base[number] = value;
        (self.away[number], self.stands[number]) = (true, false);
    }

    /// The value to which a lever is moved from `standing`, or from its base: scales multiply, then additions add, then a
    /// set holds.
    #[inline(always)]
    pub fn moved<S: Simd>(&mut self, s: S, number: usize, lever: &Lever, standing: Option<&Row>, month: u32) -> Row {
        let product = self.meet(s, &lever.scales, |one, other| one * other, 1.0);
        let sum = self.meet(s, &lever.adds, |one, other| one + other, -0.0);
        let (value, mut moved) = (standing.unwrap_or(&self.base[number]), ZERO);
        for k in packs::<S>() {
            let value = value.pack(s, k) * product.pack(s, k) + sum.pack(s, k);
            moved.put(k, value.within([lever.floor, lever.limits[1]]));
        }
        if !lever.sets.is_empty() {
            self.set(lever, &mut moved, month);
        }
        if lever.is_whole {
            moved = moved.map(crate::plan::to_whole_months);
        }
        moved
    }

    /// The amounts that meet on a lever, joined where their rules are active: a product or a sum, of which `neutral` changes
    /// no bit.
    ///
    /// Three or more are sorted on each path, so that what they give does not depend on the order of the rules.
    #[inline(always)]
    fn meet<S: Simd>(
        &mut self,
        s: S,
        actions: &[Action],
        join: impl Fn(Pack<S>, Pack<S>) -> Pack<S>,
        neutral: f64,
    ) -> Row {
        let mut met = Row::of(neutral);
        for (place, action) in actions.iter().enumerate() {
            let (now, amount) = (&self.now[action.rule], self.machine.value(action.amount));
            for k in packs::<S>() {
                let amount = now.pack(s, k).above(0.0).choose(amount.pack(s, k), neutral);
                if actions.len() > 2 {
                    self.meeting[place].put(k, amount);
                } else {
                    met.put(k, join(met.pack(s, k), amount));
                }
            }
        }
        if actions.len() > 2 {
            sort(s, &mut self.meeting[..actions.len()]);
            for row in &self.meeting[..actions.len()] {
                for k in packs::<S>() {
                    met.put(k, join(met.pack(s, k), row.pack(s, k)));
                }
            }
        }
        met
    }

    /// Sets a lever where an action does, within its limits, and notes where two do differently.
    #[inline(always)]
    fn set(&mut self, lever: &Lever, moved: &mut Row, month: u32) {
        let [low, high] = lever.limits;
        let (mut by, mut given) = ([None; LANES], ZERO);
        for &action in &lever.sets {
            if !self.acts(action) {
                continue;
            }
            let now = &self.now[self.rules.actions[action].rule];
            let amount = self.machine.value(self.rules.actions[action].amount);
            for l in (0..LANES).filter(|&l| now[l] > 0.0) {
                match by[l] {
                    None => (by[l], given[l], moved[l]) = (Some(action), amount[l], amount[l].clamp(low, high)),
                    Some(other) if given[l] != amount[l] && self.conflicts[l].is_none() => {
                        let actions = [other as u32, action as u32];
                        self.conflicts[l] = Some(Conflict { month: month as u16, actions });
                    }
                    Some(_) => {}
                }
            }
        }
    }

    /// First month in which a rule was active on a path, 0 if none, and the number of such months.
    #[must_use]
    pub fn active(&self, rule: usize, lane: usize) -> [u16; 2] {
        [self.activities[rule].first[lane] as u16, self.months[rule][lane] as u16]
    }

    /// Amount of an action when its rule was first active on a path, 0 if it never was.
    #[must_use]
    pub fn amount(&self, action: usize, lane: usize) -> f64 {
        self.amounts[action][lane]
    }

    /// The value kept when its rule was first active on a path, 0 if it never was.
    #[must_use]
    pub fn watched(&self, watch: usize, lane: usize) -> f64 {
        self.watched[watch][lane]
    }

    /// The first conflict on a path.
    #[must_use]
    pub fn conflict(&self, lane: usize) -> Option<Conflict> {
        self.conflicts[lane]
    }
}

/// Counts a month of a rule where it holds; says whether it does on any path, whether that has changed on any, and whether it
/// is new on any.
#[inline(always)]
fn count<S: Simd>(s: S, holds: &Row, now: &mut Row, months: &mut Row) -> [bool; 3] {
    let [mut any, mut changed, mut new] = [0.0.packed(s); 3];
    for k in packs::<S>() {
        let (holds, before, counted) = (holds.pack(s, k), now.pack(s, k), months.pack(s, k));
        now.put(k, holds);
        months.put(k, counted + holds);
        any += holds;
        changed += (holds - before).abs();
        new += counted.equals(0.0).choose(holds, 0.0);
    }
    [any, changed, new].map(|lanes| lanes.above(0.0).any())
}

/// Sorts rows on each path.
#[inline(always)]
fn sort<S: Simd>(s: S, rows: &mut [Row]) {
    for last in (1..rows.len()).rev() {
        for at in 0..last {
            for k in packs::<S>() {
                let (one, other) = (rows[at].pack(s, k), rows[at + 1].pack(s, k));
                let rises = one.below(other);
                rows[at].put(k, rises.choose(one, other));
                rows[at + 1].put(k, rises.choose(other, one));
            }
        }
    }
}
