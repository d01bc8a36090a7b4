//! Bounds that keep runaway worlds finite.

/// Largest level of a trend, price or response relative to the start.
pub const MOST: f64 = 1e9;

/// Largest size of the log of the GPU index.
pub const GPU_LIMIT: f64 = 20.0;

/// Log of what moves the prices of all shares together stays within these bounds.
pub const INDEX_LIMIT: f64 = 20.0;

/// Ranks 1 to 5 are owed; 6 to 8 give way without default.
pub const HARD_RANKS: u8 = 5;
