//! Many random paths at once: a row holds one number for each of [`row::LANES`] paths, and a formula runs over the rows
//! with the widest instructions of the machine, to the same bits on every machine.
//!
//! - [`row`]: a number for each lane
//! - [`column`]: parameters that are the same for all lanes or one per lane
//! - [`pack`]: the lanes of one register, and arithmetic on them
//! - [`math`]: exp, ln, sine and cosine, the same bits everywhere
//! - [`draw`]: random numbers by address, so that a path does not depend on which others are run
//! - [`rounding`]: what rounding leaves of nothing decides nothing
//!
//! Nothing here knows what is modelled.
//!
//! ```
//! use cashcade_lanes::row::{LANES, Row};
//! use cashcade_lanes::draw::{Draws, normals};
//!
//! let draws = Draws::new(7, std::array::from_fn(|lane| lane as u64));
//! let words = draws.words(3_u32, 0, 1); // stream 3, entity 0, block 1
//! let [first, second] = normals(pulp::Scalar::new(), &words[0], &words[1]);
//! let sums = Row::from_fn(|lane| first[lane] + second[lane]);
//! assert_eq!(sums.len(), LANES);
//! ```

pub mod column;
pub mod draw;
pub mod math;
pub mod pack;
pub mod rounding;
pub mod row;
