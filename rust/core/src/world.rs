//! A world as arrays: copied once, checked once, then shared by all who run it.

use crate::column::Column;
use crate::rule::{RuleArrays, RuleError, Rules, Target};
use crate::variables::{Entity, LINKS, Links, PARAMETERS, Parameters, Unit, VARIABLES};
use std::sync::Arc;
use thiserror::Error;

/// The source of input arrays.
pub trait Source {
    /// The float array of that name, `[draws, entities]` flattened, and its number of draws.
    fn floats(&self, name: &str) -> Option<(usize, &[f64])>;
    /// The link array of that name.
    fn indices(&self, name: &str) -> Option<&[i32]>;
    /// The array of addresses of that name.
    fn addresses(&self, name: &str) -> Option<&[u32]>;
}

/// Errors of an input array.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum InputError {
    /// Not there, or of another type.
    #[error("array \"{name}\" is missing or not a C-contiguous {kind} array; build inputs with cashcade.compile")]
    Missing {
        /// Name of the array.
        name: String,
        /// Wanted type.
        kind: &'static str,
    },
    /// Wrong number of entries.
    #[error("array \"{name}\" has {given} entries for {wanted}")]
    Length {
        /// Name of the array.
        name: String,
        /// Entries given.
        given: usize,
        /// The value wanted.
        wanted: String,
    },
    /// A value outside its range.
    #[error("\"{name}\"[{draw}, {index}] is {value}; it must be from {low} to {high}")]
    Range {
        /// Name of the array.
        name: String,
        /// Index of the draw.
        draw: usize,
        /// Index of the entity.
        index: usize,
        /// Value given.
        value: f64,
        /// Least value allowed.
        low: f64,
        /// Greatest value allowed.
        high: f64,
    },
    /// A code or flag that differs between draws.
    #[error("\"{name}\" is a code or a flag: it must be the same in all draws")]
    Drawn {
        /// Name of the array.
        name: String,
    },
    /// A link to nothing.
    #[error("\"{name}\"[{index}] points to {target} number {value}, but there are {count}")]
    Link {
        /// Name of the array.
        name: String,
        /// Index of the entity.
        index: usize,
        /// The place it points to.
        value: i32,
        /// Kind of the target.
        target: &'static str,
        /// How many there are.
        count: usize,
    },
}

/// Name of an array: entity and field.
fn key(entity: Entity, name: &str) -> String {
    format!("{}.{name}", entity.name())
}

/// The number of entities: read off the first parameter or link of the kind.
fn count(source: &dyn Source, entity: Entity) -> Result<usize, InputError> {
    if let Some(link) = LINKS.iter().find(|link| link.entity == entity) {
        let name = key(entity, link.name);
        return source.indices(&name).map(<[i32]>::len).ok_or(InputError::Missing { name, kind: "int32" });
    }
    let first = PARAMETERS.iter().find(|row| row.entity == entity).map_or("", |row| row.name);
    let name = key(entity, first);
    let (draws, values) =
        source.floats(&name).ok_or_else(|| InputError::Missing { name: name.clone(), kind: "float64" })?;
    Ok(values.len() / draws.max(1))
}

/// Reads a parameter and checks its shape and range.
fn column(source: &dyn Source, entity: Entity, field: &str) -> Result<Column, InputError> {
    let name = key(entity, field);
    let entities = count(source, entity)?;
    let (draws, values) =
        source.floats(&name).ok_or_else(|| InputError::Missing { name: name.clone(), kind: "float64" })?;
    let row = PARAMETERS.iter().find(|row| row.entity == entity && row.name == field);
    if row.is_some_and(|row| matches!(row.unit, Unit::Code | Unit::Flag)) && draws > 1 {
        return Err(InputError::Drawn { name });
    }
    if draws == 0 || values.len() != draws * entities {
        return Err(InputError::Length { name, given: values.len(), wanted: format!("{draws} draws of {entities}") });
    }
    let Some(row) = row else {
        return Err(InputError::Missing { name, kind: "known" });
    };
    match values.iter().position(|value| !(*value >= row.low && *value <= row.high)) {
        Some(place) => Err(InputError::Range {
            name,
            draw: place / entities,
            index: place % entities,
            value: values[place],
            low: row.low,
            high: row.high,
        }),
        None => Ok(Column::new(values, entities, draws)),
    }
}

/// Reads a link and checks its targets.
fn link(source: &dyn Source, entity: Entity, field: &str) -> Result<Arc<[i32]>, InputError> {
    let name = key(entity, field);
    let values = source.indices(&name).ok_or_else(|| InputError::Missing { name: name.clone(), kind: "int32" })?;
    let Some(row) = LINKS.iter().find(|row| row.entity == entity && row.name == field) else {
        return Err(InputError::Missing { name, kind: "known" });
    };
    let entities = count(source, entity)?;
    if values.len() != entities {
        return Err(InputError::Length {
            name,
            given: values.len(),
            wanted: format!("{entities} of {}", entity.name()),
        });
    }
    let targets = count(source, row.target)?;
    let least = if row.outside { -1 } else { 0 };
    match values.iter().position(|&value| value < least || value >= targets as i32) {
        Some(index) => {
            Err(InputError::Link { name, index, value: values[index], target: row.target.name(), count: targets })
        }
        None => Ok(values.into()),
    }
}

/// Addresses of the entities that draw random numbers.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// Of companies.
    pub company: Arc<[u32]>,
    /// Of segments.
    pub segment: Arc<[u32]>,
    /// Of loans.
    pub loan: Arc<[u32]>,
    /// Of pledges.
    pub pledge: Arc<[u32]>,
}

impl Addresses {
    fn read(source: &dyn Source) -> Result<Self, InputError> {
        let read = |entity: Entity| {
            let name = key(entity, "address");
            let values = source.addresses(&name).ok_or(InputError::Missing { name: name.clone(), kind: "uint32" })?;
            let wanted = count(source, entity)?;
            if values.len() == wanted {
                Ok(values.into())
            } else {
                Err(InputError::Length { name, given: values.len(), wanted: format!("{wanted} of {}", entity.name()) })
            }
        };
        Ok(Self {
            company: read(Entity::Company)?,
            segment: read(Entity::Segment)?,
            loan: read(Entity::Loan)?,
            pledge: read(Entity::Pledge)?,
        })
    }
}

/// Everything a run needs of a world.
#[derive(Clone, Debug)]
pub struct World {
    /// Numbers.
    pub parameters: Parameters,
    /// Members of each group.
    pub links: Links,
    /// Addresses of random numbers.
    pub addresses: Addresses,
    /// Draws of the ranges; 1 if nothing is drawn.
    pub draws: usize,
    /// Rules, which move levers on the way.
    pub rules: Option<Arc<Rules>>,
}

impl World {
    /// Reads and checks all arrays.
    ///
    /// # Errors
    /// The first array that is missing, misshapen, out of range or points nowhere.
    pub fn read(source: &dyn Source) -> Result<Self, InputError> {
        let parameters = Parameters::read(|entity, name| column(source, entity, name))?;
        let links = Links::read(|entity, name| link(source, entity, name))?;
        let addresses = Addresses::read(source)?;
        let mut draws = 1;
        for row in PARAMETERS {
            let name = key(row.entity, row.name);
            if let Some((given, _)) = source.floats(&name) {
                if given != 1 && draws != 1 && given != draws {
                    return Err(InputError::Length { name, given, wanted: format!("1 or {draws} draws") });
                }
                draws = draws.max(given);
            }
        }
        Ok(Self { parameters, links, addresses, draws, rules: None })
    }

    /// Adds rules, which may move parameters and variables on the way.
    ///
    /// # Errors
    /// The first number of the arrays that points nowhere or is out of range.
    pub fn add_rules(&mut self, arrays: &RuleArrays<'_>) -> Result<(), RuleError> {
        let rules = Rules::new(arrays, &self.parameters, self.draws, &|entity| self.entities(entity))?;
        self.draws = self.draws.max(arrays.draws);
        for lever in &rules.levers {
            if let Target::Parameter(place, entity) = lever.target {
                self.parameters.column_mut(place).free(entity);
            }
        }
        self.rules = Some(Arc::new(rules));
        Ok(())
    }

    /// Number of entities of a kind that has variables.
    #[must_use]
    pub fn entities(&self, entity: Entity) -> usize {
        match entity {
            Entity::Company => self.parameters.company.cash.len(),
            Entity::Segment => self.links.segment.seller.len(),
            Entity::Loan => self.links.loan.borrower.len(),
            Entity::Fleet => self.links.fleet.owner.len(),
            Entity::Contract => self.links.contract.customer.len(),
            _ => 1,
        }
    }

    /// Number of what can be recorded: variables, and what is only measured.
    #[must_use]
    pub fn recordable(&self) -> usize {
        VARIABLES.len() + self.rules.as_ref().map_or(0, |rules| rules.gauges.len())
    }

    /// Unit of what can be recorded.
    #[must_use]
    pub fn unit(&self, place: usize) -> Unit {
        let gauges = self.rules.as_ref().map_or(&[][..], |rules| &rules.gauges);
        VARIABLES.get(place).map_or_else(|| gauges[place - VARIABLES.len()].unit, |variable| variable.unit)
    }

    /// Whether rules may move a variable of an entity.
    #[must_use]
    pub fn is_pushed(&self, entity: Entity, name: &str, of: usize) -> bool {
        let hit = |target| match target {
            Target::Variable(place, at) => {
                let row = &VARIABLES[place];
                at == of && row.entity == entity && row.name == name
            }
            Target::Parameter(..) => false,
        };
        self.rules.as_ref().is_some_and(|rules| rules.levers.iter().any(|lever| hit(lever.target)))
    }
}
