//! The slice of a document that `keep.yaml` selects: the listed operations, and the components that they refer to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Map, Value, json};
use xtask_outline::{Outline, Source};

use super::json::entries;
use super::keep::Keep;
use super::normalize::{Normalizer, identity};
use super::pointer::below;
use super::reference::{self, composition, references};
use super::schema_keys::Keys;

/// The methods that a path can have operations for.
pub(crate) const METHODS: [&str; 8] = ["delete", "get", "head", "options", "patch", "post", "put", "trace"];

/// The maximum length of a chain of components that are composed of one another. Microsoft's document needs two.
const MAX_DEPTH: usize = 100;

/// The kept part of a document.
pub(crate) struct Slice {
    pub(crate) document: Value,
    pub(crate) rules: Normalizer,
    /// The differences between `keep.yaml` and the document.
    pub(crate) mismatches: Vec<Mismatch>,
}

/// An entry of `keep.yaml` that does not exist in the document, or an operation of the document without an entry.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mismatch {
    /// A kept operation is not in the document.
    MissingOperation(String),
    /// An operation on one of the listed paths is neither kept nor dropped.
    UnlistedOperation(String),
    /// A dropped operation is not in the document.
    UnusedDrop(String),
    /// A dropped property is not in the document.
    UnusedPropertyDrop(String),
}

impl fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (pointer, problem) = match self {
            Self::MissingOperation(operation) => {
                (pointer_of(operation), "operation not found: remove it from keep in keep.yaml")
            }
            Self::UnlistedOperation(operation) => {
                (pointer_of(operation), "operation not listed: add it to keep.yaml, under keep or drop")
            }
            Self::UnusedDrop(operation) => {
                (pointer_of(operation), "operation not found: remove it from drop in keep.yaml")
            }
            Self::UnusedPropertyDrop(property) => {
                let problem = "not found: remove it from properties in keep.yaml";
                return write!(formatter, "#/components/schemas: {property:?} {problem}");
            }
        };
        write!(formatter, "{pointer}: {problem}")
    }
}

/// Returns the pointer to an operation that is given as method and path.
fn pointer_of(operation: &str) -> String {
    let (method, path) = operation.split_once(' ').unwrap_or_default();
    below(&below("#/paths", path), method)
}

impl Slice {
    /// Extracts the operations that `keep` lists from `source`.
    pub(crate) fn cut(source: &Source, keep: &Keep) -> Result<Self> {
        let outline = Outline::of(source)?;
        let mut extractor = Extractor {
            source,
            keep,
            document: Map::new(),
            pending: Vec::new(),
            rules: Normalizer::default(),
            mismatches: BTreeSet::new(),
            outline,
        };
        extractor.header()?;
        extractor.operations()?;
        extractor.components()?;
        Ok(Self {
            document: Value::Object(extractor.document),
            rules: extractor.rules,
            mismatches: extractor.mismatches.into_iter().collect(),
        })
    }
}

struct Extractor<'t> {
    source: &'t Source,
    keep: &'t Keep,
    outline: Outline<'t>,
    document: Map<String, Value>,
    /// References that are not resolved yet: the location and the target of each.
    pending: Vec<(String, String)>,
    rules: Normalizer,
    mismatches: BTreeSet<Mismatch>,
}

impl Extractor<'_> {
    fn header(&mut self) -> Result<()> {
        if self.outline.top("swagger")?.is_some() {
            bail!("{}: unsupported version OpenAPI 2.0 (Swagger): expected 3.0", self.outline.location("swagger"));
        }
        let version = self.outline.top("openapi")?;
        match version.as_ref().and_then(Value::as_str) {
            Some(version) if version.starts_with("3.0.") => {}
            Some(version) => {
                bail!("{}: unsupported version OpenAPI {version}: expected 3.0", self.outline.location("openapi"))
            }
            None => bail!(
                "{}: not an OpenAPI document: expected the field `openapi: 3.0.x`",
                self.outline.location("openapi")
            ),
        }
        let info = self.outline.top("info")?.unwrap_or_default();
        let info = json!({"title": info.get("title"), "version": info.get("version")});
        self.document.insert("openapi".to_owned(), version.unwrap_or_default());
        self.document.insert("info".to_owned(), info);
        if let Some(servers) = self.outline.top("servers")? {
            let servers = self.rules.apply(servers, Keys::Keywords);
            self.document.insert("servers".to_owned(), servers);
        }
        Ok(())
    }

    fn operations(&mut self) -> Result<()> {
        let mut missing: BTreeSet<&String> = self.keep.keep.iter().collect();
        let mut unused: BTreeSet<&String> = self.keep.dropped().collect();
        let mut paths = Map::new();
        let mut ids = BTreeMap::new();
        let covered: Vec<String> =
            self.outline.paths().filter(|path| self.keep.covers(path)).map(str::to_owned).collect();
        for path in covered {
            let at = below("#/paths", &path);
            let item = self.outline.path(&path)?.unwrap_or_default();
            let Value::Object(mut item) = item else {
                bail!("{}: {at}: invalid path item: expected an object", self.source.name);
            };
            if item.contains_key("$ref") {
                bail!(
                    "{}: {at}: `$ref` in a path item is not supported: replace it with the path item",
                    self.source.name
                );
            }
            let shared = match item.remove("parameters") {
                Some(Value::Array(shared)) => shared,
                _ => Vec::new(),
            };
            let mut kept = Map::new();
            for method in METHODS {
                let Some(operation) = item.remove(method) else { continue };
                let name = format!("{method} {path}");
                if missing.remove(&name) {
                    let at = below(&at, method);
                    let operation = self.operation(operation, &shared, &at)?;
                    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
                    ids.entry(id).or_insert(at);
                    kept.insert(method.to_owned(), operation);
                } else if !unused.remove(&name) {
                    self.mismatches.insert(Mismatch::UnlistedOperation(name));
                }
            }
            if !kept.is_empty() {
                paths.insert(path, Value::Object(kept));
            }
        }
        self.check_unique_ids(&ids)?;
        self.mismatches.extend(missing.into_iter().cloned().map(Mismatch::MissingOperation));
        self.mismatches.extend(unused.into_iter().cloned().map(Mismatch::UnusedDrop));
        self.document.insert("paths".to_owned(), Value::Object(paths));
        Ok(())
    }

    /// Checks that the id of each kept operation is unique among all operations, whether kept or not. `ids` maps the
    /// ids of the kept operations to their pointers.
    fn check_unique_ids(&self, ids: &BTreeMap<String, String>) -> Result<()> {
        for path in self.outline.paths_with("operationId", |id| ids.contains_key(id)) {
            let item = self.outline.path(path)?.unwrap_or_default();
            for method in METHODS {
                let Some(id) = item.get(method).and_then(|it| it.get("operationId")).and_then(Value::as_str) else {
                    continue;
                };
                let at = below(&below("#/paths", path), method);
                if let Some(other) = ids.get(id).filter(|other| **other != at) {
                    bail!("{}: {at}: duplicate operation id {id:?}: {other} has the same id", self.source.name);
                }
            }
        }
        Ok(())
    }

    fn operation(&mut self, operation: Value, shared: &[Value], at: &str) -> Result<Value> {
        let locations = locations(&operation, at);
        let Value::Object(mut operation) = operation else {
            bail!("{}: {at}: invalid operation: expected an object", self.source.name);
        };
        if !operation.get("operationId").is_some_and(Value::is_string) {
            bail!("{}: {at}: operationId missing: add one", self.source.name);
        }
        // The generated code does not handle authorization.
        operation.remove("security");
        let shared = self.inherited(&operation, shared)?;
        self.rules.push_down(&mut operation, shared);
        let operation = self.rules.apply(Value::Object(operation), Keys::Keywords);
        self.queue_references(&operation, at, &locations);
        Ok(operation)
    }

    /// Returns the parameters of a path that an operation does not declare itself, inline or as a reference.
    fn inherited(&self, operation: &Map<String, Value>, shared: &[Value]) -> Result<Vec<Value>> {
        let identify = |parameter: &Value| -> Result<(String, String)> {
            let target = reference::target(parameter).and_then(|target| reference::component(target).ok());
            let component = target.map(|(kind, name)| self.outline.component(kind, &name)).transpose()?.flatten();
            Ok(identity(component.as_ref().unwrap_or(parameter)))
        };
        let declared = entries(operation.get("parameters"));
        let declared: BTreeSet<(String, String)> = declared.map(identify).collect::<Result<_>>()?;
        let mut inherited = Vec::new();
        for parameter in shared {
            if !declared.contains(&identify(parameter)?) {
                inherited.push(parameter.clone());
            }
        }
        Ok(inherited)
    }

    /// Queues the references in `value`. `locations` are the pointers of the references in the source, before the rules
    /// were applied.
    fn queue_references(&mut self, value: &Value, at: &str, locations: &BTreeMap<String, String>) {
        self.pending.extend(references(value, at, Keys::Keywords).into_iter().map(|found| {
            let target = found.target.into_owned();
            (locations.get(&target).cloned().unwrap_or(found.at), target)
        }));
    }

    fn components(&mut self) -> Result<()> {
        let mut found: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
        while let Some((at, target)) = self.pending.pop() {
            let (kind, name) =
                reference::component(&target).with_context(|| format!("{}: {at}: {target:?}", self.source.name))?;
            if found.get(kind).is_some_and(|named| named.contains_key(&name)) {
                continue;
            }
            let component = self.outline.component(kind, &name)?.ok_or_else(|| {
                let hint = if self.outline.has_components() {
                    ""
                } else {
                    ": the document has no components, it may be truncated"
                };
                anyhow!("{}: {at}: reference {target:?} not found{hint}", self.source.name)
            })?;
            let locations = locations(&component, &target);
            let component = self.component(component, kind, &name);
            self.queue_references(&component, &target, &locations);
            found.entry(kind.to_owned()).or_default().insert(name, component);
        }
        let schemas = found.get("schemas");
        for dropped in &self.keep.properties {
            if !schemas.is_some_and(|schemas| schemas.contains_key(&dropped.schema)) {
                self.mismatches.insert(Mismatch::UnusedPropertyDrop(dropped.schema.clone()));
            }
        }
        check_cycles(&found).with_context(|| self.source.name.clone())?;
        let components = found.into_iter().map(|(kind, named)| (kind, Value::Object(named))).collect();
        self.document.insert("components".to_owned(), Value::Object(components));
        Ok(())
    }

    fn component(&mut self, mut component: Value, kind: &str, name: &str) -> Value {
        if kind == "schemas" {
            for dropped in self.keep.properties.iter().filter(|dropped| dropped.schema == name) {
                for property in &dropped.drop {
                    if !remove_property(&mut component, property) {
                        self.mismatches.insert(Mismatch::UnusedPropertyDrop(format!("{name}.{property}")));
                    }
                }
            }
        }
        let keys = if kind == "responses" { Keys::Response } else { Keys::Keywords };
        self.rules.apply(component, keys)
    }
}

/// Returns the pointer of the first reference to each target in `value`.
fn locations(value: &Value, at: &str) -> BTreeMap<String, String> {
    let mut locations = BTreeMap::new();
    for found in references(value, at, Keys::Keywords) {
        locations.entry(found.target.into_owned()).or_insert(found.at);
    }
    locations
}

/// Returns an error if a component is composed of itself. A cycle through properties is valid.
fn check_cycles(components: &BTreeMap<String, Map<String, Value>>) -> Result<()> {
    let mut done = BTreeSet::new();
    for (kind, named) in components {
        for name in named.keys() {
            let mut chain = vec![below(&format!("#/components/{kind}"), name)];
            check_component_cycle(components, &mut chain, &mut done)?;
        }
    }
    Ok(())
}

/// Checks the last component of `chain`. `done` contains the components without cycles, so that each is visited only
/// once.
fn check_component_cycle(
    components: &BTreeMap<String, Map<String, Value>>,
    chain: &mut Vec<String>,
    done: &mut BTreeSet<String>,
) -> Result<()> {
    let component = chain.last().and_then(|target| reference::component(target).ok());
    let component = component.and_then(|(kind, name)| components.get(kind)?.get(&name));
    for target in component.map(composition).unwrap_or_default() {
        if done.contains(target) {
            continue;
        }
        let is_cycle = chain.iter().any(|visited| visited == target);
        chain.push(target.to_owned());
        if chain.len() > MAX_DEPTH {
            let first = chain.first().map_or("", String::as_str);
            bail!("{first}: composition of schemas is nested too deeply (maximum: {MAX_DEPTH} levels)");
        }
        if is_cycle {
            bail!("{}: cyclic references: replace one of them with a definition", chain.join(" -> "));
        }
        check_component_cycle(components, chain, done)?;
        done.extend(chain.pop());
    }
    Ok(())
}

/// Removes a property from a schema and the parts that it is composed of. Returns `true` if the property existed.
fn remove_property(schema: &mut Value, property: &str) -> bool {
    let mut removed = false;
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        removed |= properties.remove(property).is_some();
    }
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| name != property);
    }
    for part in schema.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
        removed |= remove_property(part, property);
    }
    removed
}
