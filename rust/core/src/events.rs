//! Events of a path, payment by payment: the reasons for which cash moves, and what happens without.
//!
//! Claims that share the cash of a month are in [`crate::model::claims`], their ranks in [`crate::workings`].

macro_rules! whys {
    ($($name:ident $word:literal $meaning:literal;)*) => {
        /// The subject of an event; the number is its code in results.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Why { $(#[doc = $meaning] $name,)* }

        impl Why {
            /// Names and meanings by code.
            pub const ALL: &'static [(&'static str, &'static str)] = &[$(($word, $meaning),)*];
        }
    };
}

whys! {
    Sale "segment sale" "Households buy of a company's segments.";
    Bill "contract bill" "A customer pays for a contract: its supplier, or whoever takes the place of a dead one.";
    Equipment "equipment" "An owner pays for what its fleets buy.";
    Cost "cost" "Staff, power and other cost; the other way round where a month's cost is negative.";
    Tax "tax" "Tax on the profit of the month before.";
    Interest "interest" "Interest on a loan.";
    Principal "principal" "Principal of a loan: scheduled, matured or called.";
    Discretionary "discretionary" "Training, research and other spending that can be cut.";
    Payout "payout" "A share of what was earned goes to shareholders.";
    Group "group" "An owner covers a shortfall of its subsidiary, or takes what this does not need.";
    Draw "draw" "A lender pays out a loan.";
    Round "round" "Investors put money into a round.";
    Issue "share issue" "A public company sells new shares.";
    Pledge "pledge" "An investor pays a tranche of a pledge.";
    Deal "deal" "A buyer pays the price of a company, its holders get it, or a listing raises money.";
    Backstop "backstop" "The public pays what a company is short of.";
    Workout "workout cost" "What a workout costs the borrower.";
    AssetSale "asset sale" "Fleets and collateral of a failed company are sold.";
    DefaultCost "default cost" "Cash lost by a default.";
    Recovery "estate recovery" "A creditor is paid out of the estate of a failed company.";
    Residual "estate residual" "What creditors leave of an estate goes to the holders.";
    Guarantee "guarantee" "A guarantor pays a lender a share of its loss.";
    Set "set" "A rule or a host sets the cash of a company, or takes what it then owes.";
    Payment "payment" "A rule makes one pay another.";
    Conversion "conversion" "A loan becomes shares of the borrower: its balance, and the value of all older shares at which it does; no cash moves.";
    Transfer "transfer" "A fleet, or a part of it, passes to another owner: cost of what passes in use, and the part; no cash moves.";
    Rounding "rounding" "What rounding leaves of a settlement.";
    CovenantCash "covenant: cash" "Cash is below the least that a loan asks for; no cash moves.";
    CovenantValue "covenant: loan to value" "A balance is above the share of its collateral that a loan allows; no cash moves.";
    CovenantCover "covenant: cover" "Cash flow covers less of debt service than a loan asks for; no cash moves.";
    Call "call" "A breach lasted, and the balance is called: months of the breach, and months to cure it; no cash moves.";
    CrossDefault "cross default" "A called loan of the borrower calls another; no cash moves.";
    Failure "failure" "A company fails, with its debt; the payee is the company behind it, if any; no cash moves.";
    WriteOff "write-off" "A creditor or holder writes off a loss on a failed company, with what was owed; no cash moves.";
    RefusedRound "refused: round" "A company needs a round and gets none: its runway, and the one below which it asks; no cash moves.";
    RefusedIssue "refused: share issue" "A public company finds no buyers of new shares: its runway, and the one below which it asks; no cash moves.";
    Matured "matured" "A balance falls due at maturity and is not refinanced, beyond the instalment of the month; no cash moves.";
    UnpaidCost "unpaid: cost" "Part of cost and tax that a company leaves unpaid, of what was due; no cash moves.";
    UnpaidService "unpaid: debt service" "Part of interest and principal of a loan that a company leaves unpaid, of what was due; no cash moves.";
    UnpaidBill "unpaid: contract bill" "Part of a bill that a company leaves unpaid, of what was due; no cash moves.";
    UnpaidEquipment "unpaid: equipment" "Part of committed capex that a company leaves unpaid, of what was due; no cash moves.";
    UnpaidOther "unpaid: other" "Part of what an owner owes its subsidiary, or of what a rule or a host takes or makes it pay, that is left unpaid, of what was due; no cash moves.";
}

/// A payment, or what moved no cash but set something off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// Lane of its path.
    pub lane: usize,
    /// Month.
    pub month: u32,
    /// The payer, as in [`crate::books::Party::code`].
    pub payer: i32,
    /// The payee.
    pub payee: i32,
    /// Cash that moved, USD.
    pub amount: f64,
    /// The purpose.
    pub why: Why,
    /// The value that set it off, not a number where nothing did.
    pub value: f64,
    /// The threshold that it is held against.
    pub threshold: f64,
}

/// Nothing set it off.
pub const NONE: [f64; 2] = [f64::NAN; 2];
