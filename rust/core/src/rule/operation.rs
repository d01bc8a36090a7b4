//! Operations of a program, and how many rows each takes off the stack.

/// One operation; its place in [`Operation::ALL`] is its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// A number.
    Constant,
    /// A variable of an entity.
    Variable,
    /// A parameter of an entity, as the world gives it.
    Parameter,
    /// The month.
    Month,
    /// A program's value some months ago.
    Lag,
    /// 1 with the chance that is popped, else 0.
    Chance,
    /// Sum.
    Add,
    /// Difference.
    Sub,
    /// Product.
    Mul,
    /// Quotient, 0 where the divisor is 0.
    Div,
    /// The negative.
    Neg,
    /// Without sign.
    Abs,
    /// The lesser.
    Min,
    /// The greater.
    Max,
    /// e to the power.
    Exp,
    /// Natural logarithm, of at least 1e-300.
    Log,
    /// Power of a base not below 0; below it, as of 0.
    Pow,
    /// Below.
    Lt,
    /// Not above.
    Le,
    /// Above.
    Gt,
    /// Not below.
    Ge,
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Both.
    And,
    /// Either.
    Or,
    /// Neither.
    Not,
    /// The second where the first holds, else the third.
    Choose,
    /// The value of an earlier program.
    Program,
}

impl Operation {
    /// All operations, by code.
    pub const ALL: [Self; 28] = [
        Self::Constant,
        Self::Variable,
        Self::Parameter,
        Self::Month,
        Self::Lag,
        Self::Chance,
        Self::Add,
        Self::Sub,
        Self::Mul,
        Self::Div,
        Self::Neg,
        Self::Abs,
        Self::Min,
        Self::Max,
        Self::Exp,
        Self::Log,
        Self::Pow,
        Self::Lt,
        Self::Le,
        Self::Gt,
        Self::Ge,
        Self::Eq,
        Self::Ne,
        Self::And,
        Self::Or,
        Self::Not,
        Self::Choose,
        Self::Program,
    ];

    /// The lower-case word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Variable => "variable",
            Self::Parameter => "parameter",
            Self::Month => "month",
            Self::Lag => "lag",
            Self::Chance => "chance",
            Self::Add => "add",
            Self::Sub => "sub",
            Self::Mul => "mul",
            Self::Div => "div",
            Self::Neg => "neg",
            Self::Abs => "abs",
            Self::Min => "min",
            Self::Max => "max",
            Self::Exp => "exp",
            Self::Log => "log",
            Self::Pow => "pow",
            Self::Lt => "lt",
            Self::Le => "le",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::And => "and",
            Self::Or => "or",
            Self::Not => "not",
            Self::Choose => "choose",
            Self::Program => "program",
        }
    }

    /// Rows taken off the stack.
    #[must_use]
    pub const fn pops(self) -> usize {
        match self {
            Self::Constant | Self::Variable | Self::Parameter | Self::Month | Self::Lag | Self::Program => 0,
            Self::Chance | Self::Neg | Self::Abs | Self::Exp | Self::Log | Self::Not => 1,
            Self::Choose => 3,
            _ => 2,
        }
    }
}
