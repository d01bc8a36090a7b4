//! A thread that owns the inputs of a stepper and works through what it is asked.
//!
//! A block borrows the network and the parameters; a host keeps a simulation as long as it likes. A thread of its own
//! holds both on its stack, and nothing needs to outlive anything.

use super::Stepper;
use crate::inputs::{Inputs, Source};
use crate::plan::Plan;
use crate::rule::RuleArrays;
use crate::run::Settings;
use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};

/// Input arrays by name, owned.
#[derive(Clone, Debug, Default)]
pub struct Owned {
    /// Number of draws and `[draws, entities]`.
    pub floats: HashMap<String, (usize, Vec<f64>)>,
    /// Links.
    pub indices: HashMap<String, Vec<i32>>,
    /// Addresses of random numbers.
    pub addresses: HashMap<String, Vec<u32>>,
    /// Rules, if there are any.
    pub rules: Option<OwnedRules>,
}

/// [`RuleArrays`], owned.
#[derive(Clone, Debug, Default)]
pub struct OwnedRules {
    code: Vec<[i32; 3]>,
    constants: Vec<f64>,
    draws: usize,
    program: Vec<i32>,
    history: Vec<[i32; 2]>,
    address: Vec<u32>,
    rule: Vec<[i32; 5]>,
    action: Vec<[i32; 6]>,
    door: Vec<[i32; 6]>,
    buyer: Vec<[i32; 3]>,
    lever: Vec<[i32; 2]>,
    watch: Vec<[i32; 2]>,
}

impl From<&RuleArrays<'_>> for OwnedRules {
    fn from(a: &RuleArrays<'_>) -> Self {
        Self {
            code: a.code.to_vec(),
            constants: a.constants.to_vec(),
            draws: a.draws,
            program: a.program.to_vec(),
            history: a.history.to_vec(),
            address: a.address.to_vec(),
            rule: a.rule.to_vec(),
            action: a.action.to_vec(),
            door: a.door.to_vec(),
            buyer: a.buyer.to_vec(),
            lever: a.lever.to_vec(),
            watch: a.watch.to_vec(),
        }
    }
}

impl OwnedRules {
    /// The arrays as the core reads them.
    fn arrays(&self) -> RuleArrays<'_> {
        RuleArrays {
            code: &self.code,
            constants: &self.constants,
            draws: self.draws,
            program: &self.program,
            history: &self.history,
            address: &self.address,
            rule: &self.rule,
            action: &self.action,
            door: &self.door,
            buyer: &self.buyer,
            lever: &self.lever,
            watch: &self.watch,
        }
    }
}

impl<'a> Source<'a> for &'a Owned {
    fn floats(&self, name: &str) -> Option<(usize, &'a [f64])> {
        self.floats.get(name).map(|(draws, values)| (*draws, values.as_slice()))
    }
    fn indices(&self, name: &str) -> Option<&'a [i32]> {
        self.indices.get(name).map(Vec::as_slice)
    }
    fn addresses(&self, name: &str) -> Option<&'a [u32]> {
        self.addresses.get(name).map(Vec::as_slice)
    }
}

/// Something to do with the stepper.
type Job = Box<dyn FnOnce(&mut Stepper<'_>) + Send>;

/// The handle of a stepper on its own thread; the thread ends when the handle is dropped.
#[derive(Debug)]
pub struct Actor {
    jobs: Sender<Job>,
}

impl Actor {
    /// Starts a stepper.
    ///
    /// # Errors
    /// What is wrong with the inputs or the settings, in words.
    pub fn start(inputs: Owned, settings: Settings) -> Result<Self, String> {
        let ((jobs, work), (told, tell)) = (channel::<Job>(), channel());
        std::thread::Builder::new()
            .name("cashcade-stepper".to_owned())
            .spawn(move || serve(&inputs, settings, &told, &work))
            .map_err(|error| error.to_string())?;
        let begun = tell.recv().map_err(|error| error.to_string())?;
        begun.map(|()| Self { jobs })
    }

    /// Asks for something; the answer arrives on the receiver, or never if the thread has ended.
    pub fn ask<T: Send + 'static>(&self, job: impl FnOnce(&mut Stepper<'_>) -> T + Send + 'static) -> Receiver<T> {
        let (told, tell) = channel();
        // Where nobody listens any more, the answer or the job is of no use, and dropping it tells the other side.
        drop(self.jobs.send(Box::new(move |stepper| drop(told.send(job(stepper))))));
        tell
    }
}

/// Does what it is asked until nobody can ask any more.
fn serve(owned: &Owned, settings: Settings, told: &Sender<Result<(), String>>, work: &Receiver<Job>) {
    let inputs = match read(owned) {
        Ok(inputs) => inputs,
        Err(error) => return drop(told.send(Err(error))),
    };
    let plan = Plan::new(&inputs).open();
    match Stepper::new(&inputs, &plan, settings) {
        Ok(mut stepper) => {
            drop(told.send(Ok(())));
            for job in work {
                job(&mut stepper);
            }
        }
        Err(error) => drop(told.send(Err(error.to_string()))),
    }
}

/// Reads a world and its rules.
fn read(owned: &Owned) -> Result<Inputs<'_>, String> {
    let mut inputs = Inputs::read(&owned).map_err(|error| error.to_string())?;
    if let Some(rules) = &owned.rules {
        inputs.add_rules(&rules.arrays()).map_err(|error| error.to_string())?;
    }
    Ok(inputs)
}
