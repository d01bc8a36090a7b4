//! Proceeds of an exit by class of shares: 1x non-participating preferred, all ranking alike.
//!
//! The ranks in which a company pays what it owes are in [`crate::workings`].

/// A class of shares: its part of the company, and what it may take instead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Class {
    /// Share of the company.
    pub fraction: f64,
    /// Liquidation preference, USD.
    pub preference: f64,
}

/// Proceeds that go to each class; what they leave belongs to the common shares.
///
/// Each class takes the larger of its preference and its share as converted; who converts first is who gives up least
/// per share. Preferences that exceed the proceeds are paid pro rata.
pub fn distribute(proceeds: f64, classes: &[Class], paid: &mut Vec<f64>) {
    paid.clear();
    let preferences: f64 = classes.iter().map(|class| class.preference).sum();
    if preferences > 0.0 && proceeds <= preferences {
        paid.extend(classes.iter().map(|class| proceeds * (class.preference / preferences)));
        return;
    }
    let mut order: Vec<usize> = (0..classes.len()).filter(|&k| classes[k].fraction > 0.0).collect();
    let hurdle = |k: usize| classes[k].preference / classes[k].fraction;
    order.sort_by(|&a, &b| hurdle(a).total_cmp(&hurdle(b)).then(a.cmp(&b)));
    let held: f64 = classes.iter().map(|class| class.fraction).sum();
    let (mut left, mut shares) = (proceeds - preferences, (1.0 - held).max(0.0));
    let mut converted = vec![false; classes.len()];
    for &k in &order {
        let (with, among) = (left + classes[k].preference, shares + classes[k].fraction);
        if with < hurdle(k) * among {
            break;
        }
        (left, shares, converted[k]) = (with, among, true);
    }
    let each = |(class, converted): (&Class, bool)| {
        if converted { class.fraction / shares * left } else { class.preference }
    };
    paid.extend(classes.iter().zip(converted).map(each));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paid(proceeds: f64, classes: &[(f64, f64)]) -> Vec<f64> {
        let classes: Vec<_> = classes.iter().map(|&(fraction, preference)| Class { fraction, preference }).collect();
        let mut paid = Vec::new();
        distribute(proceeds, &classes, &mut paid);
        paid
    }

    fn close(found: &[f64], wanted: &[f64]) {
        assert_eq!(found.len(), wanted.len());
        for (a, b) in found.iter().zip(wanted) {
            assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0), "{found:?} is not {wanted:?}");
        }
    }

    #[test]
    fn preferred_converts_once_its_share_is_worth_more() {
        for (exit, preferred) in [(5e6, 5e6), (20e6, 10e6), (50e6, 10e6), (60e6, 12e6)] {
            close(&paid(exit, &[(0.2, 10e6)]), &[preferred]);
        }
    }

    #[test]
    fn preferences_beyond_the_proceeds_are_paid_pro_rata() {
        close(&paid(6e6, &[(0.2, 10e6), (0.1, 5e6)]), &[4e6, 2e6]);
    }

    #[test]
    fn the_cheaper_class_converts_first() {
        // At 40 m: B keeps its 20 m, A converts and takes 2/8 of the other 20 m.
        close(&paid(40e6, &[(0.2, 2e6), (0.2, 20e6)]), &[5e6, 20e6]);
        // At 200 m both convert.
        close(&paid(200e6, &[(0.2, 2e6), (0.2, 20e6)]), &[40e6, 40e6]);
    }

    #[test]
    fn without_preference_everybody_has_his_share() {
        close(&paid(10.0, &[(0.5, 0.0), (0.25, 0.0)]), &[5.0, 2.5]);
        close(&paid(10.0, &[(0.0, 0.0)]), &[0.0]);
        close(&paid(0.0, &[(0.5, 1.0)]), &[0.0]);
    }

    #[test]
    fn where_classes_hold_all_they_share_all() {
        close(&paid(100.0, &[(0.6, 10.0), (0.4, 10.0)]), &[60.0, 40.0]);
        close(&paid(15.0, &[(0.6, 10.0), (0.4, 10.0)]), &[7.5, 7.5]);
    }
}
