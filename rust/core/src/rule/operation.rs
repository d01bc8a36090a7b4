//! Operations of nodes, and how many nodes each takes.

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
    /// The value of a node some months ago.
    Lag,
    /// 1 with the chance that a node gives, else 0.
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
    /// A variable of each member of a group.
    Variables,
    /// A parameter of each member of a group, as the world gives it.
    Parameters,
    /// Chance of each member of a group.
    Chances,
    /// Sum of all members, from the first to the last.
    Total,
    /// The least of all members.
    Least,
    /// The greatest of all members.
    Greatest,
    /// Any member.
    Any,
    /// All members.
    All,
    /// The remainder of a division; of the sign of the divisor, 0 where that is 0.
    Mod,
    /// Sum of the values of a node in all months so far.
    Summed,
    /// The least of them.
    Lowest,
    /// The greatest of them.
    Highest,
    /// Luck of a month between 0 and 1.
    Uniform,
    /// Luck of a month with the standard normal distribution.
    Normal,
    /// The first of these for each member of a group.
    Uniforms,
    /// The second of these for each member of a group.
    Normals,
}

impl Operation {
    /// All operations, by code.
    pub const ALL: [Self; 43] = [
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
        Self::Variables,
        Self::Parameters,
        Self::Chances,
        Self::Total,
        Self::Least,
        Self::Greatest,
        Self::Any,
        Self::All,
        Self::Mod,
        Self::Summed,
        Self::Lowest,
        Self::Highest,
        Self::Uniform,
        Self::Normal,
        Self::Uniforms,
        Self::Normals,
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
            Self::Variables => "variables",
            Self::Parameters => "parameters",
            Self::Chances => "chances",
            Self::Total => "total",
            Self::Least => "least",
            Self::Greatest => "greatest",
            Self::Any => "any",
            Self::All => "all",
            Self::Mod => "mod",
            Self::Summed => "summed",
            Self::Lowest => "lowest",
            Self::Highest => "highest",
            Self::Uniform => "uniform",
            Self::Normal => "normal",
            Self::Uniforms => "uniforms",
            Self::Normals => "normals",
        }
    }

    /// Nodes that it takes.
    #[must_use]
    pub const fn takes(self) -> usize {
        match self {
            Self::Constant
            | Self::Variable
            | Self::Variables
            | Self::Parameter
            | Self::Parameters
            | Self::Month
            | Self::Uniform
            | Self::Normal
            | Self::Uniforms
            | Self::Normals => 0,
            Self::Lag
            | Self::Chance
            | Self::Chances
            | Self::Neg
            | Self::Abs
            | Self::Exp
            | Self::Log
            | Self::Not
            | Self::Total
            | Self::Least
            | Self::Greatest
            | Self::Any
            | Self::All
            | Self::Summed
            | Self::Lowest
            | Self::Highest => 1,
            Self::Choose => 3,
            _ => 2,
        }
    }

    /// The operation on two that makes a group one, or months; any other is its own.
    #[must_use]
    pub const fn pair(self) -> Self {
        match self {
            Self::Total | Self::Summed => Self::Add,
            Self::Least | Self::Lowest => Self::Min,
            Self::Greatest | Self::Highest => Self::Max,
            Self::Any => Self::Or,
            Self::All => Self::And,
            other => other,
        }
    }
}
