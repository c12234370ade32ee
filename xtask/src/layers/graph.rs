//! The graph of files, with an edge from each file to those that it refers to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

/// The edges by file.
pub(super) struct Graph<'a>(BTreeMap<&'a Path, BTreeSet<&'a Path>>);

/// A shortest cycle in a strongly connected component of the graph.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cycle<'a> {
    /// Each file refers to the next, and the last to the first.
    pub(super) files: Vec<&'a Path>,
    /// The other files of the component.
    pub(super) others: Vec<&'a Path>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(edges: impl Iterator<Item = (&'a Path, &'a Path)>) -> Self {
        let mut graph: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for (from, to) in edges {
            graph.entry(from).or_default().insert(to);
        }
        Self(graph)
    }

    pub(super) fn has_edge(&self, from: &Path, to: &Path) -> bool {
        self.0.get(from).is_some_and(|to_all| to_all.contains(to))
    }

    /// Returns a shortest cycle of each strongly connected component, except for cycles of two files that are allowed.
    pub(super) fn cycles(&self, is_allowed: impl Fn(&Path, &Path) -> bool) -> Vec<Cycle<'a>> {
        let mut cycles = Vec::new();
        for component in self.components() {
            // Every cycle that is not an allowed pair has an edge that is not allowed.
            let edges = component.iter().flat_map(|&from| self.successors(from).map(move |to| (from, to)));
            let edges = edges.filter(|(from, to)| component.contains(to) && !is_allowed(from, to));
            let found = edges.filter_map(|(from, to)| self.path(to, from));
            if let Some(mut files) = found.min_by_key(Vec::len) {
                let first = files.iter().enumerate().min_by_key(|(_, file)| **file).map_or(0, |(index, _)| index);
                files.rotate_left(first);
                let others = component.iter().copied().filter(|file| !files.contains(file)).collect();
                cycles.push(Cycle { files, others });
            }
        }
        cycles
    }

    /// Returns the strongly connected components of at least two files.
    fn components(&self) -> Vec<BTreeSet<&'a Path>> {
        let reachable: BTreeMap<_, _> = self.0.keys().map(|&file| (file, self.reachable(file))).collect();
        let mut components: Vec<BTreeSet<&Path>> = Vec::new();
        for (&file, dependencies) in &reachable {
            if components.iter().any(|component| component.contains(file)) {
                continue;
            }
            let depends_on_file =
                |other: &&&Path| reachable.get(**other).is_some_and(|dependencies| dependencies.contains(file));
            let component: BTreeSet<_> = dependencies.iter().filter(depends_on_file).copied().collect();
            if component.len() > 1 {
                components.push(component);
            }
        }
        components
    }

    /// Returns the files that `file` refers to.
    fn successors(&self, file: &Path) -> impl Iterator<Item = &'a Path> + use<'_, 'a> {
        self.0.get(file).into_iter().flatten().copied()
    }

    /// Returns every file that `file` depends on, including itself if it is in a cycle.
    fn reachable(&self, file: &Path) -> BTreeSet<&'a Path> {
        let mut reached = BTreeSet::new();
        let mut pending: Vec<_> = self.successors(file).collect();
        while let Some(file) = pending.pop() {
            if reached.insert(file) {
                pending.extend(self.successors(file));
            }
        }
        reached
    }

    /// Returns a shortest path, including both ends.
    fn path(&self, from: &'a Path, to: &Path) -> Option<Vec<&'a Path>> {
        let mut predecessors: BTreeMap<&Path, &Path> = BTreeMap::new();
        let mut pending = VecDeque::from([from]);
        while let Some(file) = pending.pop_front() {
            if file == to {
                let mut path = vec![file];
                let mut file = file;
                while let Some(&previous) = predecessors.get(file).filter(|_| file != from) {
                    path.push(previous);
                    file = previous;
                }
                path.reverse();
                return Some(path);
            }
            for next in self.successors(file) {
                if next != from && !predecessors.contains_key(next) {
                    predecessors.insert(next, file);
                    pending.push_back(next);
                }
            }
        }
        None
    }
}
