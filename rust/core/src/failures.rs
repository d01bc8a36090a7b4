//! Why and when companies failed.

use crate::column::{LANES, Row};

/// Why a company failed; the number is its code in results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Cause {
    /// It has not.
    None = 0,
    /// It ran out of cash by itself.
    Cash = 1,
    /// Its debtors did not pay.
    Contagion = 2,
    /// A covenant broke and the balance was called.
    Covenant = 3,
    /// A balance matured and could not be refinanced.
    Maturity = 4,
    /// Take-or-pay above its use.
    Commitment = 5,
    /// Losses on claims and holdings.
    Losses = 6,
    /// Closed in order, but creditors lost.
    WindDown = 7,
    /// Fraud, delay or a lost customer, by the luck of the month.
    Sudden = 8,
    /// Wound up by order of the world, a rule or a host.
    WoundUp = 9,
}

impl Cause {
    /// Names by code.
    pub const NAMES: [&'static str; 10] = [
        "none",
        "cash",
        "contagion",
        "covenant",
        "maturity",
        "commitment",
        "losses",
        "wind_down",
        "sudden",
        "wound_up",
    ];
}

/// Failure records, one entry for each company and lane.
#[derive(Clone, Debug)]
pub struct Failures {
    /// Month of failure, 0 if none.
    pub month: Vec<[u16; LANES]>,
    /// Cause by code.
    pub cause: Vec<[u8; LANES]>,
    /// The company behind it, -1 if none.
    pub trigger: Vec<[i32; LANES]>,
    /// Debt when it failed.
    pub debt: Vec<Row>,
}
