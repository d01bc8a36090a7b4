//! Rules and what they move, checked once.

use super::error::RuleError;
use super::graph::{Graph, GraphArrays, MONTHS, Pass, Past, Scope, place, range};
use crate::books::Party;
use crate::column::Column;
use crate::exits::Doors;
use crate::limits::HARD_RANKS;
use crate::variables::{Entity, PARAMETERS, Parameters, Unit, VARIABLES};
use std::collections::BTreeMap;

/// The arrays of rules; docs/binding.md says what each is.
#[derive(Clone, Copy, Debug)]
pub struct RuleArrays<'a> {
    /// Expressions.
    pub graph: GraphArrays<'a>,
    /// Numbers, `[draws, numbers]`.
    pub constants: &'a [f64],
    /// Draws of the numbers.
    pub draws: usize,
    /// Condition, hold, months, delay, again.
    pub rule: &'a [[i32; 5]],
    /// Rule, how, kind of target, its place, its entity, amount; of a payment rank, payer and payee in their places.
    pub action: &'a [[i32; 6]],
    /// Company, effect, and nodes of a door.
    pub door: &'a [[i32; 6]],
    /// Door, company and node of a buyer.
    pub buyer: &'a [[i32; 3]],
    /// Parameter and entity of what a host moves between months.
    pub lever: &'a [[i32; 2]],
    /// Rule, and node whose value is kept when the rule is first active.
    pub watch: &'a [[i32; 2]],
    /// Node and kind of a gauge.
    pub gauge: &'a [[i32; 2]],
}

/// A number that is measured at the end of each month and moves nothing.
#[derive(Clone, Copy, Debug)]
pub struct Gauge {
    /// Its node.
    pub node: usize,
    /// Unit, which decides how exactly its sums are kept: dollars, a flag, or any other number.
    pub unit: Unit,
}

/// How long a rule holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// While its condition does.
    While,
    /// For months from the first in which its condition does; anew after that, or not.
    For {
        /// How many.
        months: u32,
        /// Whether it may begin anew.
        again: bool,
    },
}

/// When a rule is active.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Node of its condition.
    pub condition: usize,
    /// How long it holds.
    pub hold: Hold,
    /// Months by which all this comes later.
    pub delay: usize,
    /// Its actions.
    pub actions: Vec<usize>,
    /// Values kept when it is first active, by place in [`Rules::watches`].
    pub watches: Vec<usize>,
}

/// In place of how a lever is moved: one party pays another.
const PAY: i32 = 3;
/// A loan becomes shares of its borrower.
const CONVERT: i32 = 4;
/// A fleet, or a part of it, passes to another owner.
const PASS: i32 = 5;

/// How an action moves its lever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Multiplies it.
    Scale,
    /// Adds to it.
    Add,
    /// Sets it.
    Set,
}

/// The action of a rule while it is active.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    /// The owner.
    pub rule: usize,
    /// Node of the amount.
    pub amount: usize,
}

/// The target of a lever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A parameter of an entity, by place in [`PARAMETERS`]: back at the world's value each month.
    Parameter(usize, usize),
    /// A variable of an entity, by place in [`VARIABLES`]: stays where it is moved.
    Variable(usize, usize),
}

impl Target {
    /// The owner, and the name.
    #[must_use]
    pub fn name(self) -> (Entity, &'static str) {
        match self {
            Self::Parameter(place, _) => (PARAMETERS[place].entity, PARAMETERS[place].name),
            Self::Variable(place, _) => (VARIABLES[place].entity, VARIABLES[place].name),
        }
    }

    /// Least and greatest value, if it may be moved.
    #[must_use]
    pub fn limits(self) -> Option<[f64; 2]> {
        match self {
            Self::Parameter(place, _) => {
                let row = &PARAMETERS[place];
                row.lever.then_some([row.low, row.high])
            }
            Self::Variable(place, _) => VARIABLES[place].writable,
        }
    }

    /// The floor of products and sums: the least value, but for cash, of which more may be taken than there is.
    #[must_use]
    pub fn floor(self, [low, high]: [f64; 2]) -> f64 {
        if matches!(self, Self::Variable(..)) && self.name() == (Entity::Company, "cash") { -high } else { low }
    }

    /// Whether it is one of a few numbered states.
    #[must_use]
    pub fn is_whole(self) -> bool {
        let unit = match self {
            Self::Parameter(place, _) => PARAMETERS[place].unit,
            Self::Variable(place, _) => VARIABLES[place].unit,
        };
        matches!(unit, Unit::Code | Unit::Flag)
    }
}

/// A payment that a rule demands of one party to another.
#[derive(Clone, Copy, Debug)]
pub struct Payment {
    /// Its action.
    pub action: usize,
    /// The payer.
    pub payer: Party,
    /// The payee.
    pub payee: Party,
    /// Rank among the claims on the payer.
    pub rank: u8,
}

/// A loan that a rule turns into shares of the borrower.
#[derive(Clone, Copy, Debug)]
pub struct Conversion {
    /// Its action; the amount is the value of all older shares at which it converts.
    pub action: usize,
    /// The loan.
    pub loan: usize,
}

/// A fleet that a rule hands over; the amount is the part that passes.
#[derive(Clone, Copy, Debug)]
pub struct Passage {
    /// Its action.
    pub action: usize,
    /// Fleet from which machines go.
    pub from: usize,
    /// Fleet to which they go.
    pub to: usize,
}

/// A lever and the actions on it.
#[derive(Clone, Debug)]
pub struct Lever {
    /// The target.
    pub target: Target,
    /// Least and greatest value.
    pub limits: [f64; 2],
    /// Whether it is one of a few numbered states.
    pub is_whole: bool,
    /// Whether other numbers are derived from it.
    pub derived: bool,
    /// Whether the credit spread follows from it.
    pub charged: bool,
    /// Whether all posted prices follow from it.
    pub posted: bool,
    /// Floor of products and sums.
    pub floor: f64,
    /// Rules whose actions are on it.
    pub rules: Vec<usize>,
    /// Whether it is a parameter that is elsewhere only when other rules are active: amounts are the same in all months.
    pub is_steady: bool,
    /// Actions that multiply.
    pub scales: Vec<Action>,
    /// Actions that add.
    pub adds: Vec<Action>,
    /// Actions that set, by place.
    pub sets: Vec<usize>,
}

/// All rules of a run.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Expressions.
    pub graph: Graph,
    /// Numbers of the expressions.
    pub constants: Column,
    /// When each is active.
    pub rules: Vec<Rule>,
    /// Their actions.
    pub actions: Vec<Action>,
    /// Their levers.
    pub levers: Vec<Lever>,
    /// Payments, in the order of their actions.
    pub payments: Vec<Payment>,
    /// Payments by company that pays, and by company that is paid; of nobody without any.
    pub paid_by: Vec<Vec<u32>>,
    /// See `paid_by`.
    pub paid_to: Vec<Vec<u32>>,
    /// Loans that become shares.
    pub conversions: Vec<Conversion>,
    /// Fleets that change hands.
    pub passages: Vec<Passage>,
    /// Nodes whose values are kept.
    pub watches: Vec<usize>,
    /// The pass of phase 2 of a month.
    pub pass: Pass,
    /// Ways out.
    pub doors: Doors,
    /// The pass of phase 9 of a month.
    pub doors_pass: Pass,
    /// Gauges.
    pub gauges: Vec<Gauge>,
    /// The pass of the end of a month.
    pub gauges_pass: Pass,
}

impl Rules {
    /// Reads and checks the arrays against a world: its parameters, its draws and how many entities it has of each kind.
    ///
    /// # Errors
    /// The first number that points nowhere or is out of range.
    pub fn new(
        arrays: &RuleArrays<'_>,
        world: &Parameters,
        draws: usize,
        entities: &dyn Fn(Entity) -> usize,
    ) -> Result<Self, RuleError> {
        let constants = constants(arrays, draws)?;
        let variables = |place: usize| entities(VARIABLES[place].entity);
        let parameters = |place: usize| world.column(place).len();
        let companies = || entities(Entity::Company);
        let scope =
            Scope { constants: constants.len(), companies: &companies, variables: &variables, parameters: &parameters };
        let graph = Graph::new(&arrays.graph, &scope)?;
        let mut rules = Self {
            rules: rules(arrays, &graph)?,
            actions: Vec::new(),
            levers: Vec::new(),
            payments: Vec::new(),
            paid_by: Vec::new(),
            paid_to: Vec::new(),
            conversions: Vec::new(),
            passages: Vec::new(),
            watches: Vec::new(),
            pass: Pass::default(),
            doors: Doors::read(arrays.door, arrays.buyer, entities(Entity::Company), &graph)?,
            doors_pass: Pass::default(),
            gauges: gauges(arrays, &graph)?,
            gauges_pass: Pass::default(),
            graph,
            constants,
        };
        rules.levers(arrays, &scope, world)?;
        rules.watch(arrays)?;
        let conditions = rules.rules.iter().map(|rule| rule.condition);
        let amounts = rules.actions.iter().map(|action| action.amount);
        let watches = rules.watches.iter().copied();
        rules.pass = rules.graph.needed(conditions.chain(amounts).chain(watches), Past::All);
        rules.doors_pass = rules.graph.needed(rules.doors.nodes().into_iter(), Past::Other);
        rules.gauges_pass = rules.graph.needed(rules.gauges.iter().map(|gauge| gauge.node), Past::Own);
        Ok(rules)
    }

    /// Reads actions, and gathers them by lever.
    fn levers(&mut self, arrays: &RuleArrays<'_>, scope: &Scope<'_>, world: &Parameters) -> Result<(), RuleError> {
        let mut levers = BTreeMap::new();
        for (number, row) in arrays.action.iter().enumerate() {
            let [rule, how, kind, place_of, entity, amount] = *row;
            let find = |what, value, count| place("action", number, what, value, count);
            let rule = find("rule", rule, self.rules.len())?;
            let how = range("action", number, "how", how, [0, PASS])?;
            let amount = self.graph.single("action", number, "node", amount)?;
            if how >= PAY {
                match how {
                    PAY => self.payments.push(payment(number, row, (scope.companies)())?),
                    CONVERT => {
                        let loan = find("loan", place_of, world.loan.collateral.len())?;
                        self.conversions.push(Conversion { action: number, loan });
                    }
                    _ => self.passages.push(passage(number, row, world)?),
                }
                self.rules[rule].actions.push(number);
                self.actions.push(Action { rule, amount });
                continue;
            }
            let how = [How::Scale, How::Add, How::Set][how as usize];
            let target = if range("action", number, "kind", kind, [0, 1])? == 0 {
                let place = find("parameter", place_of, PARAMETERS.len())?;
                Target::Parameter(place, find("entity", entity, (scope.parameters)(place))?)
            } else {
                let place = find("variable", place_of, VARIABLES.len())?;
                Target::Variable(place, find("entity", entity, (scope.variables)(place))?)
            };
            let lever = lever(target, "action", number)?;
            let action = Action { rule, amount };
            self.rules[rule].actions.push(number);
            self.actions.push(action);
            if !self.is_neutral(how, amount) {
                let lever: &mut Lever = levers.entry(target).or_insert(lever);
                lever.rules.push(rule);
                lever.is_steady &= self.graph.is_fixed(amount);
                match how {
                    How::Scale => lever.scales.push(action),
                    How::Add => lever.adds.push(action),
                    How::Set => lever.sets.push(number),
                }
            }
        }
        for (row, &[place_of, entity]) in arrays.lever.iter().enumerate() {
            let parameter = place("lever", row, "parameter", place_of, PARAMETERS.len())?;
            let entity = place("lever", row, "entity", entity, (scope.parameters)(parameter))?;
            let target = Target::Parameter(parameter, entity);
            levers.entry(target).or_insert(lever(target, "lever", row)?);
        }
        self.levers = levers.into_values().collect();
        let companies = (scope.companies)();
        if !self.payments.is_empty() {
            (self.paid_by, self.paid_to) = (vec![Vec::new(); companies], vec![Vec::new(); companies]);
        }
        for (p, payment) in self.payments.iter().enumerate() {
            for (end, lists) in [(payment.payer, &mut self.paid_by), (payment.payee, &mut self.paid_to)] {
                if let Party::Company(i) = end {
                    lists[i].push(p as u32);
                }
            }
        }
        Ok(())
    }

    /// Reads what is kept.
    fn watch(&mut self, arrays: &RuleArrays<'_>) -> Result<(), RuleError> {
        for (number, &[rule, node]) in arrays.watch.iter().enumerate() {
            let rule = place("watch", number, "rule", rule, self.rules.len())?;
            self.watches.push(self.graph.single("watch", number, "node", node)?);
            self.rules[rule].watches.push(number);
        }
        Ok(())
    }

    /// Number of rules, of actions and of what is kept.
    #[must_use]
    pub fn counts(&self) -> [usize; 3] {
        [self.rules.len(), self.actions.len(), self.watches.len()]
    }

    /// The number of a lever, if rules or a host may move it.
    #[must_use]
    pub fn lever(&self, target: Target) -> Option<usize> {
        self.levers.binary_search_by_key(&target, |lever| lever.target).ok()
    }

    /// Whether an action can never move anything.
    fn is_neutral(&self, how: How, amount: usize) -> bool {
        let neutral = match how {
            How::Scale => 1.0,
            How::Add => 0.0,
            How::Set => return false,
        };
        self.graph.constant(amount).is_some_and(|place| self.constants.all(place as usize, |value| value == neutral))
    }
}

/// The lever of a target: its place and limits.
fn lever(target: Target, array: &'static str, row: usize) -> Result<Lever, RuleError> {
    let (entity, name) = target.name();
    let limits = target.limits().ok_or(RuleError::NoLever { array, row, entity: entity.name(), name })?;
    let is_whole = target.is_whole();
    let derived = matches!(target, Target::Parameter(place, _) if PARAMETERS[place].is_derived_from());
    let charged = entity == Entity::Market && name.starts_with("spread_");
    let posted = (entity, name) == (Entity::Market, "substitution_premium");
    Ok(Lever {
        target,
        limits,
        is_whole,
        derived,
        charged,
        posted,
        scales: Vec::new(),
        adds: Vec::new(),
        sets: Vec::new(),
        floor: target.floor(limits),
        rules: Vec::new(),
        is_steady: matches!(target, Target::Parameter(..)),
    })
}

/// A payment of one party to another.
fn payment(row: usize, &[_, _, rank, payer, payee, _]: &[i32; 6], companies: usize) -> Result<Payment, RuleError> {
    let (payer, payee) = (party(row, "payer", payer, companies)?, party(row, "payee", payee, companies)?);
    if payer == payee {
        return Err(RuleError::OneParty { row });
    }
    let rank = range("action", row, "rank", rank, [2, i32::from(HARD_RANKS)])? as u8;
    Ok(Payment { action: row, payer, payee, rank })
}

/// A passage from one fleet to another of the same class.
fn passage(row: usize, &[_, _, _, from, to, _]: &[i32; 6], world: &Parameters) -> Result<Passage, RuleError> {
    let class = &world.fleet.class;
    let find = |fleet| place("action", row, "fleet", fleet, class.len());
    let (from, to) = (find(from)?, find(to)?);
    if from == to || class.at(from, 0) != class.at(to, 0) {
        return Err(RuleError::Passage { row, from, to });
    }
    Ok(Passage { action: row, from, to })
}

/// A company by its index, or a sector by its code in events.
fn party(row: usize, what: &'static str, code: i32, companies: usize) -> Result<Party, RuleError> {
    let sectors = [Party::Capital, Party::Suppliers, Party::Households];
    match sectors.into_iter().find(|sector| sector.code() == code) {
        Some(sector) => Ok(sector),
        None => Ok(Party::Company(place("action", row, what, code, companies)?)),
    }
}

fn constants(arrays: &RuleArrays<'_>, draws: usize) -> Result<Column, RuleError> {
    let given = arrays.draws;
    if given == 0 || given != 1 && draws != 1 && given != draws {
        return Err(RuleError::Draws { given, wanted: draws });
    }
    match arrays.constants.iter().position(|value| !value.is_finite()) {
        Some(row) => Err(RuleError::Number { row, value: arrays.constants[row] }),
        None => Ok(Column::new(arrays.constants, arrays.constants.len() / given, given)),
    }
}

fn gauges(arrays: &RuleArrays<'_>, graph: &Graph) -> Result<Vec<Gauge>, RuleError> {
    let gauge = |(row, &[node, kind]): (usize, &[i32; 2])| {
        let unit = [Unit::Usd, Unit::Flag, Unit::Ratio][range("gauge", row, "kind", kind, [0, 2])? as usize];
        Ok(Gauge { node: graph.single("gauge", row, "node", node)?, unit })
    };
    arrays.gauge.iter().enumerate().map(gauge).collect()
}

fn rules(arrays: &RuleArrays<'_>, graph: &Graph) -> Result<Vec<Rule>, RuleError> {
    let mut rules = Vec::new();
    for (row, &[condition, hold, months, delay, again]) in arrays.rule.iter().enumerate() {
        let within = |what, value, limits| range("rule", row, what, value, limits);
        let months = within("months", months, [1, MONTHS])? as u32;
        let again = within("again", again, [0, 1])? == 1;
        let hold = if within("hold", hold, [0, 1])? == 0 { Hold::While } else { Hold::For { months, again } };
        rules.push(Rule {
            condition: graph.single("rule", row, "node", condition)?,
            hold,
            delay: within("delay", delay, [0, MONTHS])? as usize,
            actions: Vec::new(),
            watches: Vec::new(),
        });
    }
    Ok(rules)
}
