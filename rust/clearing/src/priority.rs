//! Absolute priority in an estate with collateral.

/// What there is to share out. All amounts in one currency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estate {
    /// Proceeds of the collateral, for the secured creditors first.
    pub collateral: f64,
    /// Everything else.
    pub other_assets: f64,
    /// Claims secured by the collateral.
    pub secured: f64,
    /// Claims without security.
    pub unsecured: f64,
    /// Costs of the proceedings, paid before the unsecured claims.
    pub cost: f64,
}

/// Who gets what of an estate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recovery {
    /// Paid to the secured creditors, from the collateral and on their deficiency.
    pub secured: f64,
    /// Paid to the unsecured creditors.
    pub unsecured: f64,
    /// Costs paid.
    pub cost: f64,
    /// Left to the owners.
    pub equity: f64,
    /// Part of the secured claims that the collateral does not cover; it ranks with the unsecured claims.
    pub deficiency: f64,
    /// Share paid of the unsecured claims and of the deficiency; 1 when there are none.
    pub unsecured_rate: f64,
}

impl Estate {
    /// Collateral to the secured; costs, then the unsecured and the deficiency pro rata; the rest to the owners.
    #[must_use]
    pub fn share_out(&self) -> Recovery {
        let from_collateral = self.collateral.min(self.secured);
        let deficiency = self.secured - from_collateral;
        let free = self.other_assets + self.collateral - from_collateral;
        let cost = self.cost.min(free);
        let claims = self.unsecured + deficiency;
        let paid = (free - cost).min(claims);
        let rate = if claims > 0.0 { paid / claims } else { 1.0 };
        Recovery {
            secured: from_collateral + rate * deficiency,
            unsecured: rate * self.unsecured,
            cost,
            equity: free - cost - paid,
            deficiency,
            unsecured_rate: rate,
        }
    }
}
