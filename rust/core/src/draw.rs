//! Streams: the uses of random numbers of the model; how they are found is [`cashcade_lanes::draw`].

pub use cashcade_lanes::draw::{Draws, Words, normals, uniforms};

/// The use of a random number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Stream {
    /// Ranges of parameters; the path is the index of the draw.
    Parameter = 0,
    /// Regime, listing window, common demand, GPU index.
    Market = 1,
    /// Jumps of the GPU index, sentiment, common luck.
    Jump = 2,
    /// Demand of a segment.
    Demand = 3,
    /// Unforeseen cost of a company.
    Cost = 4,
    /// Luck of a round.
    Round = 5,
    /// Luck of a refinancing.
    Refinance = 6,
    /// Doors out, and the end of shells.
    Exit = 8,
    /// Random triggers of rules.
    Rule = 7,
    /// Luck of a company's plans with its investors.
    Patience = 9,
    /// Whether the condition of a pledge is ever met.
    Pledge = 10,
    /// Whether lenders agree to a workout, and the public steps in.
    Rescue = 11,
    /// Prices of all shares, and the common part of shocks to growth.
    Index = 12,
    /// Prices of the shares of a company of their own.
    Value = 13,
    /// Growth of demand of a segment, and its breaks.
    Growth = 14,
    /// Luck of the four windows for money.
    Window = 15,
    /// Appetite for a company, and rounds that it is offered.
    Offer = 16,
    /// Shocks that all capex plans have in common.
    CapexCommon = 19,
    /// Shocks of a company's own capex plans.
    Capex = 20,
    /// Sudden failure of a company.
    Sudden = 23,
}

impl From<Stream> for u32 {
    #[inline(always)]
    fn from(stream: Stream) -> Self {
        stream as Self
    }
}
