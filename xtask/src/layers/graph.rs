//! Files and the arrows between them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

/// Which file refers to which.
pub(super) struct Graph<'a>(BTreeMap<&'a Path, BTreeSet<&'a Path>>);

/// A shortest cycle of a group of files that all depend on each other.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cycle<'a> {
    /// Each file refers to the next, and the last to the first.
    pub(super) files: Vec<&'a Path>,
    /// The group's other files.
    pub(super) others: Vec<&'a Path>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(arrows: impl Iterator<Item = (&'a Path, &'a Path)>) -> Self {
        let mut graph: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for (from, to) in arrows {
            graph.entry(from).or_default().insert(to);
        }
        Self(graph)
    }

    pub(super) fn has(&self, from: &Path, to: &Path) -> bool {
        self.0.get(from).is_some_and(|to_all| to_all.contains(to))
    }

    /// Returns a shortest cycle of each group of files that depend on each other, leaving out cycles of two files whose
    /// arrows are allowed.
    pub(super) fn cycles(&self, is_allowed: impl Fn(&Path, &Path) -> bool) -> Vec<Cycle<'a>> {
        let mut cycles = Vec::new();
        for group in self.groups() {
            // Every other cycle has an arrow that is not allowed, and is found from there.
            let arrows = group.iter().flat_map(|&from| self.below(from).map(move |to| (from, to)));
            let arrows = arrows.filter(|(from, to)| group.contains(to) && !is_allowed(from, to));
            let found = arrows.filter_map(|(from, to)| self.path(to, from));
            if let Some(mut files) = found.min_by_key(Vec::len) {
                let first = files.iter().enumerate().min_by_key(|(_, file)| **file).map_or(0, |(index, _)| index);
                files.rotate_left(first);
                let others = group.iter().copied().filter(|file| !files.contains(file)).collect();
                cycles.push(Cycle { files, others });
            }
        }
        cycles
    }

    /// The groups of at least two files in which each depends on all others.
    fn groups(&self) -> Vec<BTreeSet<&'a Path>> {
        let reached: BTreeMap<_, _> = self.0.keys().map(|&file| (file, self.reached(file))).collect();
        let mut groups: Vec<BTreeSet<&Path>> = Vec::new();
        for (&file, below) in &reached {
            if groups.iter().any(|group| group.contains(file)) {
                continue;
            }
            let depends_on_file = |other: &&&Path| reached.get(**other).is_some_and(|below| below.contains(file));
            let group: BTreeSet<_> = below.iter().filter(depends_on_file).copied().collect();
            if group.len() > 1 {
                groups.push(group);
            }
        }
        groups
    }

    fn below(&self, file: &Path) -> impl Iterator<Item = &'a Path> + use<'_, 'a> {
        self.0.get(file).into_iter().flatten().copied()
    }

    /// Every file that `file` depends on; itself, if it is in a cycle.
    fn reached(&self, file: &Path) -> BTreeSet<&'a Path> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<_> = self.below(file).collect();
        while let Some(file) = open.pop() {
            if reached.insert(file) {
                open.extend(self.below(file));
            }
        }
        reached
    }

    /// A shortest path, with both ends.
    fn path(&self, from: &'a Path, to: &Path) -> Option<Vec<&'a Path>> {
        let mut before: BTreeMap<&Path, &Path> = BTreeMap::new();
        let mut open = VecDeque::from([from]);
        while let Some(file) = open.pop_front() {
            if file == to {
                let mut path = vec![file];
                let mut file = file;
                while let Some(&previous) = before.get(file).filter(|_| file != from) {
                    path.push(previous);
                    file = previous;
                }
                path.reverse();
                return Some(path);
            }
            for next in self.below(file) {
                if next != from && !before.contains_key(next) {
                    before.insert(next, file);
                    open.push_back(next);
                }
            }
        }
        None
    }
}
