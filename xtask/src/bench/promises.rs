//! `promises.yaml`: the limits of measurements, and the measurements from which the limits were derived.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use anyhow::{Result, bail, ensure};
use clap::ValueEnum;
use serde::Deserialize;

use crate::spec::yaml;

/// The margin between a measurement and its promise: at least 5 %, and at most 6 %, so that it can be rounded.
const MARGIN: [f64; 2] = [0.05, 0.06];

/// The benchmarks with promises: the first part of a measurement's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Benchmark {
    Calls,
    Many,
    Memory,
    Emulator,
    Build,
    Spec,
    Recorder,
}

pub(crate) struct Promises(BTreeMap<String, Promise>);

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    measured: f64,
    date: String,
    at_most: Option<f64>,
    at_least: Option<f64>,
}

#[derive(Clone, Debug)]
pub(crate) struct Promise {
    bound: Bound,
    measured: f64,
    date: String,
}

#[derive(Clone, Copy, Debug)]
enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Benchmark {
    /// Returns the benchmark of a measurement.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let (benchmark, _) = name.split_once('/')?;
        Self::from_str(benchmark, false).ok()
    }
}

impl Promises {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let entries: BTreeMap<String, Entry> = yaml::read(path)?;
        let file = path.file_name().unwrap_or_default().display();
        let mut promises = BTreeMap::new();
        let mut errors = Vec::new();
        for (name, entry) in entries {
            if Benchmark::of(&name).is_none() {
                errors.push(format!("{file}: {name}: unknown benchmark"));
            }
            match entry.promise() {
                Ok(promise) => {
                    promises.insert(name, promise);
                }
                Err(error) => errors.push(format!("{file}: {name}: {error}")),
            }
        }
        ensure!(errors.is_empty(), "{}", errors.join("\n"));
        Ok(Self(promises))
    }

    pub(crate) fn of(&self, name: &str) -> Option<&Promise> {
        self.0.get(name)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl Entry {
    fn promise(self) -> Result<Promise> {
        let Self { measured, date, at_most, at_least } = self;
        let [least, most] = MARGIN;
        let (bound, name, promised, range) = match (at_most, at_least) {
            (Some(value), None) => {
                (Bound::AtMost(value), "at_most", value, [measured * (1.0 + least), measured * (1.0 + most)])
            }
            (None, Some(value)) => {
                (Bound::AtLeast(value), "at_least", value, [measured * (1.0 - most), measured * (1.0 - least)])
            }
            _ => bail!("expected either at_most or at_least"),
        };
        // The tolerance for rounding errors allows the bounds themselves.
        let rounding = measured * 1e-9;
        let [low, high] = range;
        ensure!(
            (low - rounding..=high + rounding).contains(&promised),
            "{name} is {promised}, but must be 5 % to 6 % looser than the measured {measured}: {low:.4} to {high:.4}"
        );
        ensure!(!date.trim().is_empty(), "the date of the measurement is empty");
        Ok(Promise { bound, measured, date })
    }
}

impl Promise {
    pub(crate) fn is_kept(&self, value: f64) -> bool {
        match self.bound {
            Bound::AtMost(most) => value <= most,
            Bound::AtLeast(least) => value >= least,
        }
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bound, measured, date } = self;
        match bound {
            Bound::AtMost(value) => write!(formatter, "at most {value} ({measured} on {date})"),
            Bound::AtLeast(value) => write!(formatter, "at least {value} ({measured} on {date})"),
        }
    }
}
