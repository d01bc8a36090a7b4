//! Doors out of the network of companies, and what is written down of those who took one.

use crate::column::{LANES, Row, ZERO, zeros};
use crate::plan::Groups;
use crate::rule::{Graph, RuleError};

/// Stands for nobody.
pub const NOBODY: i32 = -1;
/// Stands for a buyer outside the network: `capital`.
pub const CAPITAL: i32 = -2;

/// The effect of a door; the number is its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Effect {
    /// A buyer takes the company over, debts and shortfalls included.
    Acquire = 0,
    /// A buyer pays for a licence and the founders; the shell stays behind.
    Licence = 1,
    /// The company sells shares in the public market.
    List = 2,
    /// The company lives on its own cash flow.
    SelfSustain = 3,
    /// The company closes in order.
    WindDown = 4,
}

impl Effect {
    /// Names by code.
    pub const NAMES: [&'static str; 5] = ["acquire", "licence", "list", "self_sustain", "wind_down"];
    const ALL: [Self; 5] = [Self::Acquire, Self::Licence, Self::List, Self::SelfSustain, Self::WindDown];

    /// The value of the variable `exit` of a company afterwards.
    #[must_use]
    pub fn mark(self) -> f64 {
        f64::from(self as u8) + 1.0
    }

    /// Whether somebody must buy.
    #[must_use]
    pub fn is_sale(self) -> bool {
        matches!(self, Self::Acquire | Self::Licence)
    }
}

/// A door of one company; numbers are nodes of rules.
#[derive(Clone, Copy, Debug)]
pub struct Door {
    /// The owner.
    pub company: usize,
    /// The effect.
    pub effect: Effect,
    /// Whether it is open.
    pub opens: usize,
    /// Chance that the company goes through it in a month, where it is open.
    pub hazard: usize,
    /// Price of the company, USD; none: its fair value.
    pub price: Option<usize>,
    /// Share of the company that is sold by a listing; none: a fifth.
    pub share: Option<usize>,
}

/// Somebody who may buy.
#[derive(Clone, Copy, Debug)]
pub struct Buyer {
    /// A company, or [`CAPITAL`].
    pub who: i32,
    /// Program of the highest price the buyer is willing to pay, USD.
    pub most: usize,
}

/// A checked place in a list.
fn place(
    array: &'static str,
    row: usize,
    what: &'static str,
    value: i32,
    low: i32,
    count: usize,
) -> Result<usize, RuleError> {
    let high = i32::try_from(count).unwrap_or(i32::MAX) - 1;
    if value < low || value > high {
        return Err(RuleError::Range { array, row, what, value, low, high });
    }
    Ok(usize::try_from(value).unwrap_or_default())
}

/// All doors of a run.
#[derive(Clone, Debug, Default)]
pub struct Doors {
    /// The doors.
    pub doors: Vec<Door>,
    /// Doors by company.
    pub by_company: Groups,
    /// Companies that have one, in order.
    pub companies: Vec<usize>,
    /// Buyers at each door.
    pub buyers: Vec<Vec<Buyer>>,
}

impl Doors {
    /// Lays out doors and `buyers`, each with the number of its door.
    #[must_use]
    pub fn new(companies: usize, doors: Vec<Door>, buyers: &[(usize, Buyer)]) -> Self {
        let owner: Vec<i32> = doors.iter().map(|door| door.company as i32).collect();
        let by_company = Groups::new(companies, &owner, |_| true);
        let with = (0..companies).filter(|&i| !by_company.of(i).is_empty()).collect();
        let mut at: Vec<Vec<Buyer>> = vec![Vec::new(); doors.len()];
        for &(door, buyer) in buyers {
            at[door].push(buyer);
        }
        Self { doors, by_company, companies: with, buyers: at }
    }

    /// Reads doors (company, effect, nodes of opens, hazard, price, share; -1: none) and buyers (door, company or -1 for
    /// outside, program of the highest price).
    ///
    /// # Errors
    /// The first number that points nowhere.
    pub fn read(doors: &[[i32; 6]], buyers: &[[i32; 3]], companies: usize, graph: &Graph) -> Result<Self, RuleError> {
        let mut all = Vec::new();
        for (row, &[company, effect, opens, hazard, price, share]) in doors.iter().enumerate() {
            let node = |what, value| graph.single("door", row, what, value);
            let maybe = |what, value| if value == -1 { Ok(None) } else { node(what, value).map(Some) };
            all.push(Door {
                company: place("door", row, "company", company, 0, companies)?,
                effect: Effect::ALL[place("door", row, "effect", effect, 0, Effect::ALL.len())?],
                opens: node("node of opens", opens)?,
                hazard: node("node of hazard", hazard)?,
                price: maybe("node of price", price)?,
                share: maybe("node of share", share)?,
            });
        }
        let mut who = Vec::new();
        for (row, &[door, company, most]) in buyers.iter().enumerate() {
            let at = place("buyer", row, "door", door, 0, all.len())?;
            let found = place("buyer", row, "company", company, -1, companies)?;
            let most = graph.single("buyer", row, "node of the highest price", most)?;
            let buyer = if company < 0 { CAPITAL } else { i32::try_from(found).unwrap_or(CAPITAL) };
            who.push((at, Buyer { who: buyer, most }));
        }
        Ok(Self::new(companies, all, &who))
    }

    /// Nodes that phase 9 needs.
    #[must_use]
    pub fn nodes(&self) -> Vec<usize> {
        let of_doors = self
            .doors
            .iter()
            .flat_map(|door| [Some(door.opens), Some(door.hazard), door.price, door.share].into_iter().flatten());
        of_doors.chain(self.buyers.iter().flatten().map(|buyer| buyer.most)).collect()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.doors.is_empty()
    }
}

/// Exit records: who went out of which door, who owns whom, and what groups move among themselves; nothing if there are no doors.
#[derive(Clone, Debug)]
pub struct Exits {
    /// Month of the first exit, 0 if none.
    pub month: Vec<[u16; LANES]>,
    /// Door of the first exit, -1 if none.
    pub door: Vec<[i16; LANES]>,
    /// The buyer, [`NOBODY`] if there was no sale.
    pub buyer: Vec<[i32; LANES]>,
    /// Price paid, or money raised by a listing.
    pub price: Vec<Row>,
    /// The present owner of the company.
    pub owner: Vec<[i32; LANES]>,
    /// The payment of its owner to the company this month.
    pub support: Vec<Row>,
    /// The payment of the company to its owner this month.
    pub dividend: Vec<Row>,
    /// Companies that close this month, by path.
    pub closing: Vec<(usize, usize)>,
    /// Subsidiaries on any path.
    pub owned: Vec<usize>,
}

impl Exits {
    /// Memory for `companies`, or none if there are no doors.
    #[must_use]
    pub fn new(doors: &Doors, companies: usize) -> Self {
        let n = if doors.is_empty() { 0 } else { companies };
        Self {
            month: zeros([0; LANES], n),
            door: zeros([-1; LANES], n),
            buyer: zeros([NOBODY; LANES], n),
            price: zeros(ZERO, n),
            owner: zeros([NOBODY; LANES], n),
            support: zeros(ZERO, n),
            dividend: zeros(ZERO, n),
            closing: Vec::new(),
            owned: Vec::new(),
        }
    }

    /// Back to month 0.
    pub fn clear(&mut self) {
        self.month.fill([0; LANES]);
        self.door.fill([-1; LANES]);
        self.buyer.fill([NOBODY; LANES]);
        self.owner.fill([NOBODY; LANES]);
        for rows in [&mut self.price, &mut self.support, &mut self.dividend] {
            rows.fill(ZERO);
        }
        self.closing.clear();
        self.owned.clear();
    }

    /// Finds out anew who is owned on any path.
    pub fn find_owned(&mut self) {
        let owner = &self.owner;
        self.owned = (0..owner.len()).filter(|&i| owner[i].iter().any(|&of| of != NOBODY)).collect();
    }

    /// Subsidiaries of a company on a path.
    pub fn subsidiaries(&self, owner: usize, l: usize) -> impl Iterator<Item = usize> {
        self.owned.iter().copied().filter(move |&i| self.owner[i][l] == owner as i32)
    }

    /// A company that has failed owns nobody and belongs to nobody.
    pub fn release(&mut self, company: usize, l: usize) {
        self.owner[company][l] = NOBODY;
        for &i in &self.owned {
            if self.owner[i][l] == company as i32 {
                self.owner[i][l] = NOBODY;
            }
        }
    }

    /// How many owners stand above a company on a path.
    #[must_use]
    pub fn depth(&self, company: usize, l: usize) -> usize {
        let (mut above, mut now) = (0, self.owner[company][l]);
        while now >= 0 && above < self.owned.len() {
            above += 1;
            now = self.owner[now as usize][l];
        }
        above
    }
}
